package demo

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// An anthropicPage is one response of the Admin API, a bucket a day.
type anthropicPage[R any] struct {
	Data     []anthropicBucket[R] `json:"data"`
	HasMore  bool                 `json:"has_more"`
	NextPage *string              `json:"next_page"`
}

type anthropicBucket[R any] struct {
	StartingAt time.Time `json:"starting_at"`
	EndingAt   time.Time `json:"ending_at"`
	Results    []R       `json:"results"`
}

func anthropicResults[R any](m month, facts []fact, results func([]fact) []R) anthropicPage[R] {
	var page anthropicPage[R]
	for _, day := range m.days() {
		page.Data = append(page.Data, anthropicBucket[R]{day, day.AddDate(0, 0, 1), results(on(day, facts))})
	}
	return page
}

// An anthropicCost is a row of cost_report, grouped by workspace_id and
// description; what a description does not name is null.
type anthropicCost struct {
	Amount        string  `json:"amount"` // cents
	ContextWindow *string `json:"context_window"`
	CostType      string  `json:"cost_type"`
	Currency      string  `json:"currency"`
	Description   string  `json:"description"`
	InferenceGeo  *string `json:"inference_geo"`
	Model         *string `json:"model"`
	ServiceTier   *string `json:"service_tier"`
	TokenType     *string `json:"token_type"`
	WorkspaceID   string  `json:"workspace_id"`
}

// An anthropicUsage is a row of usage_report/messages, grouped by api_key_id,
// context_window, model, service_tier and workspace_id. Its classes of tokens
// are disjoint.
type anthropicUsage struct {
	AccountID        *string             `json:"account_id"`
	APIKeyID         string              `json:"api_key_id"`
	CacheCreation    anthropicCacheWrite `json:"cache_creation"`
	CacheReadInput   int64               `json:"cache_read_input_tokens"`
	ContextWindow    string              `json:"context_window"`
	InferenceGeo     *string             `json:"inference_geo"`
	Model            string              `json:"model"`
	Output           int64               `json:"output_tokens"`
	ServerToolUse    anthropicTools      `json:"server_tool_use"`
	ServiceAccountID *string             `json:"service_account_id"`
	ServiceTier      string              `json:"service_tier"`
	UncachedInput    int64               `json:"uncached_input_tokens"`
	WorkspaceID      string              `json:"workspace_id"`
}

type anthropicCacheWrite struct {
	OneHour     int64 `json:"ephemeral_1h_input_tokens"`
	FiveMinutes int64 `json:"ephemeral_5m_input_tokens"`
}

type anthropicTools struct {
	WebSearchRequests int64 `json:"web_search_requests"`
}

// anthropic writes the cost report and the usage report of a month.
func (a *archive) anthropic(all []fact, m month) {
	facts := slices.DeleteFunc(slices.Clone(all), func(f fact) bool { return f.provider != "anthropic" })
	for _, f := range facts {
		a.bill("anthropic", m, f.rate.total(f.tokens))
		a.bill("anthropic", m, searchCost(f))
	}
	a.json("inbox/anthropic/cost-report-"+m.String()+".json", m.downloaded(), anthropicResults(m, facts, anthropicCosts))
	a.json("inbox/anthropic/usage-messages-"+m.String()+".json", m.downloaded(), anthropicResults(m, facts, messages))
}

func searchCost(f fact) decimal.Decimal { return webSearch().Mul(decimal.NewFromInt(f.searches)) }

// anthropicName is what exports call a model.
func anthropicName(model string) string {
	if model == "claude-haiku-4-5" {
		return "claude-haiku-4-5-20251001"
	}
	return model
}

// anthropicTitle is what people call it: claude-opus-4-8 is Claude Opus 4.8.
func anthropicTitle(model string) string {
	words := strings.SplitN(model, "-", 3) // claude, family, version
	family := strings.ToUpper(words[1][:1]) + words[1][1:]
	return "Claude " + family + " " + strings.ReplaceAll(words[2], "-", ".")
}

func anthropicClass(c class) (tokenType, title string) {
	switch c {
	case cacheRead:
		return "cache_read_input_tokens", "Input Tokens, Cache Read"
	case cacheWrite5m:
		return "cache_creation.ephemeral_5m_input_tokens", "Input Tokens, Cache Write (5m)"
	case cacheWrite1h:
		return "cache_creation.ephemeral_1h_input_tokens", "Input Tokens, Cache Write (1h)"
	case output:
		return "output_tokens", "Output Tokens"
	}
	return "uncached_input_tokens", "Input Tokens"
}

func (s stream) serviceTier() string {
	if s.batch {
		return "batch"
	}
	return "standard"
}

func anthropicCosts(facts []fact) []anthropicCost {
	type group struct{ workspace, description string }
	var (
		rows    = map[group]anthropicCost{}
		dollars = map[group]decimal.Decimal{}
	)
	for _, f := range facts {
		for c := range classes {
			if f.tokens[c] > 0 {
				row := tokenCost(f, c)
				g := group{row.WorkspaceID, row.Description}
				rows[g], dollars[g] = row, dollars[g].Add(f.rate.cost(c, f.tokens[c]))
			}
		}
		if f.searches > 0 {
			g := group{f.project, "Web Search Usage"}
			rows[g] = anthropicCost{CostType: "web_search", Currency: "USD", Description: g.description, WorkspaceID: f.project}
			dollars[g] = dollars[g].Add(searchCost(f))
		}
	}
	results := []anthropicCost{}
	for _, g := range slices.SortedFunc(maps.Keys(rows), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.workspace, b.workspace), cmp.Compare(a.description, b.description))
	}) {
		row := rows[g]
		row.Amount = dollars[g].Shift(2).String()
		results = append(results, row)
	}
	return results
}

// tokenCost is a row of the cost report but for its amount.
func tokenCost(f fact, c class) anthropicCost {
	tokenType, title := anthropicClass(c)
	description := anthropicTitle(f.model) + " Usage - " + title
	if f.batch {
		description += ", Batch"
	}
	return anthropicCost{
		ContextWindow: new("0-200k"),
		CostType:      "tokens",
		Currency:      "USD",
		Description:   description,
		InferenceGeo:  new("global"),
		Model:         new(anthropicName(f.model)),
		ServiceTier:   new(f.serviceTier()),
		TokenType:     &tokenType,
		WorkspaceID:   f.project,
	}
}

func messages(facts []fact) []anthropicUsage {
	results := []anthropicUsage{}
	for _, f := range facts {
		results = append(results, anthropicUsage{
			APIKeyID:       f.key,
			CacheCreation:  anthropicCacheWrite{f.tokens[cacheWrite1h], f.tokens[cacheWrite5m]},
			CacheReadInput: f.tokens[cacheRead],
			ContextWindow:  "0-200k",
			Model:          anthropicName(f.model),
			Output:         f.tokens[output],
			ServerToolUse:  anthropicTools{f.searches},
			ServiceTier:    f.serviceTier(),
			UncachedInput:  f.tokens[uncached],
			WorkspaceID:    f.project,
		})
	}
	return results
}
