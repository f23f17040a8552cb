package demo

import (
	"cmp"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// An openAIPage is one response of the organization endpoints, a bucket a day.
type openAIPage[R any] struct {
	Object   string            `json:"object"`
	Data     []openAIBucket[R] `json:"data"`
	HasMore  bool              `json:"has_more"`
	NextPage *string           `json:"next_page"`
}

type openAIBucket[R any] struct {
	Object    string `json:"object"`
	StartTime int64  `json:"start_time"`
	EndTime   int64  `json:"end_time"`
	Results   []R    `json:"results"`
}

// openAIResults makes the page of a month out of what it says of a day.
func openAIResults[R any](m month, facts []fact, results func([]fact) []R) openAIPage[R] {
	page := openAIPage[R]{Object: "page"}
	for _, day := range m.days() {
		page.Data = append(page.Data, openAIBucket[R]{
			Object:    "bucket",
			StartTime: day.Unix(),
			EndTime:   day.AddDate(0, 0, 1).Unix(),
			Results:   results(on(day, facts)),
		})
	}
	return page
}

type openAICost struct {
	Object       string       `json:"object"`
	Amount       openAIAmount `json:"amount"`
	LineItem     string       `json:"line_item"`
	ProjectID    string       `json:"project_id"`
	APIKeyID     *string      `json:"api_key_id"`
	Quantity     int64        `json:"quantity"`
	QuantityUnit string       `json:"quantity_unit"`
}

type openAIAmount struct {
	Value    string `json:"value"` // documented as a number, sent as a string
	Currency string `json:"currency"`
}

// openAI writes the costs and the usage of a month.
func (a *archive) openAI(all []fact, m month) {
	facts := slices.DeleteFunc(slices.Clone(all), func(f fact) bool { return f.provider != "openai" })
	for _, f := range facts {
		a.bill("openai", m, f.rate.total(f.tokens))
	}
	costs, saved := "inbox/openai/costs-"+m.String(), m.downloaded()
	if m == sep {
		// Untidy: OpenAI metered a part of the last week of September late.
		// The export of 2 October misses it, the one of 9 October has it, and
		// the invoice agrees with the second.
		a.json(costs+".json", saved, openAIResults(m, unmetered(facts), openAICosts))
		costs, saved = costs+"-corrected", saved.AddDate(0, 0, 7)
	}
	a.json(costs+".json", saved, openAIResults(m, facts, openAICosts))
	a.json("inbox/openai/usage-completions-"+m.String()+".json", m.downloaded(), openAIResults(m, facts, completions))
	a.json("inbox/openai/usage-embeddings-"+m.String()+".json", m.downloaded(), openAIResults(m, facts, embeddings))
}

// unmetered takes away what one project's last days lacked at first.
func unmetered(facts []fact) []fact {
	facts = slices.Clone(facts)
	for i, f := range facts {
		if f.project != "proj_docs_search" || f.day.Day() < 24 {
			continue
		}
		for c := range f.tokens {
			facts[i].tokens[c] = f.tokens[c] * 7 / 10
		}
	}
	return facts
}

// openAIName is the dated snapshot that exports name where callers say gpt-5.5.
func openAIName(model string) string {
	switch model {
	case "gpt-5.5":
		return "gpt-5.5-2026-04-23"
	case "gpt-5.4":
		return "gpt-5.4-2026-03-05"
	case "gpt-5.4-mini", "gpt-5.4-nano":
		return model + "-2026-03-17"
	case "gpt-5.2":
		return "gpt-5.2-2025-12-11"
	}
	return model
}

func openAIClass(c class) string {
	switch c {
	case cacheRead:
		return "cached input"
	case output:
		return "output"
	}
	return "input"
}

// openAICosts groups a day by project_id and line_item.
func openAICosts(facts []fact) []openAICost {
	type group struct{ project, lineItem string }
	type charge struct {
		amount   decimal.Decimal
		quantity int64
	}
	charges := map[group]charge{}
	for _, f := range facts {
		for c := range classes {
			if f.tokens[c] == 0 {
				continue
			}
			g := group{f.project, openAIName(f.model) + ", " + openAIClass(c)}
			charges[g] = charge{charges[g].amount.Add(f.rate.cost(c, f.tokens[c])), charges[g].quantity + f.tokens[c]}
		}
	}
	groups := slices.SortedFunc(maps.Keys(charges), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.project, b.project), cmp.Compare(a.lineItem, b.lineItem))
	})
	results := []openAICost{}
	for _, g := range groups {
		results = append(results, openAICost{
			Object:       "organization.costs.result",
			Amount:       openAIAmount{charges[g].amount.String(), "usd"},
			LineItem:     g.lineItem,
			ProjectID:    g.project,
			Quantity:     charges[g].quantity,
			QuantityUnit: "tokens",
		})
	}
	return results
}
