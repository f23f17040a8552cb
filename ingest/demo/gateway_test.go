package demo

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// A logged is a row of the gateway's log as a reader of the format sees it.
type logged struct {
	RequestID  string          `json:"request_id"`
	APIKey     string          `json:"api_key"`
	Spend      decimal.Decimal `json:"spend"`
	Total      int64           `json:"total_tokens"`
	Prompt     int64           `json:"prompt_tokens"`
	Completion int64           `json:"completion_tokens"`
	StartTime  string          `json:"startTime"`
	Model      string          `json:"model"`
	Provider   string          `json:"custom_llm_provider"`
	CacheHit   string          `json:"cache_hit"`
	Status     string          `json:"status"`
	Tags       []string        `json:"request_tags"`
	Messages   json.RawMessage `json:"messages"`
	Response   json.RawMessage `json:"response"`
	Metadata   struct {
		Alias string      `json:"user_api_key_alias"`
		Usage *spendUsage `json:"usage_object"`
	} `json:"metadata"`
}

func spendLogRows(t *testing.T, dir string, m month) []logged {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "inbox/litellm/spend-logs-"+m.String()+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []logged
	for lines := json.NewDecoder(unzipped); ; {
		var row logged
		if err := lines.Decode(&row); errors.Is(err, io.EOF) {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// A counted is what a provider key used of a model on a day.
type counted struct {
	Input, CacheRead, CacheWrite, Output int64
	Cost                                 string
}

// gatewayIsPartOfUsage checks that what the log has of a key and a model is
// exactly what the provider metered of them: the keys behind the gateway are
// used by nobody else.
func gatewayIsPartOfUsage(t *testing.T, dir string) {
	upstream := map[string]string{}
	for _, s := range streams() {
		if s.via.alias != "" {
			upstream[s.via.alias] = s.key
		}
	}
	metered := meteredBy(t, dir, upstream)
	got := map[string]counted{}
	seen := map[string]bool{}
	kinds := map[string]int{}
	for m := first; m <= last; m++ {
		rows := spendLogRows(t, dir, m)
		t.Logf("%s: %d rows", m, len(rows))
		if m == oct && (len(rows) < 20000 || len(rows) > 35000) {
			t.Errorf("October has %d rows, want 20 to 35 thousand", len(rows))
		}
		for _, r := range rows {
			if seen[r.RequestID] {
				kinds["repeated "+r.StartTime[:10]]++
				continue
			}
			seen[r.RequestID] = true
			checkRow(t, r, m)
			if kind := kindOf(r); kind != "" {
				kinds[kind]++
				continue
			}
			key := r.StartTime[:10] + " " + upstream[r.Metadata.Alias] + " " + r.Model
			got[key] = got[key].plus(t, r)
		}
	}
	if diff := cmp.Diff(metered, got); diff != "" {
		t.Errorf("usage of the keys behind the gateway (-metered +logged):\n%.3000s", diff)
	}
	t.Logf("%v", kinds)
	if kinds["repeated 2026-10-14"] != 100 || kinds["failed"] == 0 || kinds["cache hit"] == 0 || kinds["unpriced"] == 0 || len(kinds) != 4 {
		t.Errorf("rows that cost nothing: %v", kinds)
	}
}

// kindOf names the rows that no provider was asked or paid for.
func kindOf(r logged) string {
	switch {
	case r.Status == "failure":
		return "failed"
	case r.CacheHit == "True":
		return "cache hit"
	case r.Provider == "hosted_vllm":
		return "unpriced"
	}
	return ""
}

func checkRow(t *testing.T, r logged, m month) {
	t.Helper()
	switch {
	case string(r.Messages) != "{}" || string(r.Response) != "{}":
		t.Errorf("%s: has messages or a response", r.RequestID)
	case len(r.APIKey) != 64 || r.APIKey != virtualKeyHash(r.Metadata.Alias):
		t.Errorf("%s: api_key %q", r.RequestID, r.APIKey)
	case r.StartTime[:7] != m.String():
		t.Errorf("%s: of %s is in the log of %s", r.RequestID, r.StartTime, m)
	case r.Total != r.Prompt+r.Completion:
		t.Errorf("%s: %d tokens are not %d and %d", r.RequestID, r.Total, r.Prompt, r.Completion)
	case (kindOf(r) != "") != r.Spend.IsZero():
		t.Errorf("%s: spend %s of a call that is %q", r.RequestID, r.Spend, kindOf(r))
	case r.Prompt > 200000:
		// Long prompts have another price or, in Anthropic's exports, another context_window.
		t.Errorf("%s: prompt of %d tokens", r.RequestID, r.Prompt)
	}
}

func (c counted) plus(t *testing.T, r logged) counted {
	t.Helper()
	if r.Metadata.Usage == nil {
		t.Fatalf("%s: no usage_object", r.RequestID)
	}
	details := r.Metadata.Usage.PromptDetails
	c.Input += r.Prompt - details.Cached - details.CacheCreation
	c.CacheRead += details.Cached
	c.CacheWrite += details.CacheCreation
	c.Output += r.Completion
	if c.Cost == "" {
		c.Cost = "0"
	}
	c.Cost = money(t, c.Cost).Add(r.Spend).String()
	return c
}

// meteredBy is what the usage exports say of the keys behind the gateway, by
// the names of models that the gateway uses.
func meteredBy(t *testing.T, dir string, upstream map[string]string) map[string]counted {
	t.Helper()
	behind := map[string]bool{}
	for _, key := range upstream {
		behind[key] = true
	}
	names := map[string]string{}
	for _, p := range listPrices() {
		names[openAIName(p.model)], names[anthropicName(p.model)] = p.model, p.model
	}
	all := map[string]counted{}
	for _, u := range usages(t, dir) {
		if !behind[u.key] || u.tokens == 0 {
			continue
		}
		name := u.day + " " + u.key + " " + names[u.model]
		c := all[name]
		switch u.class {
		case "input", "uncached_input_tokens":
			c.Input += u.tokens
		case "cached input", "cache_read_input_tokens":
			c.CacheRead += u.tokens
		case "output", "output_tokens":
			c.Output += u.tokens
		default:
			c.CacheWrite += u.tokens
		}
		if c.Cost == "" {
			c.Cost = "0"
		}
		c.Cost = money(t, c.Cost).Add(decimal.New(u.tokens, -6).Mul(price(t, u))).String()
		all[name] = c
	}
	return all
}
