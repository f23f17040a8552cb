package demo

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func invoicesTie(t *testing.T, dir string) {
	billed := sums(charges(t, dir), func(c charge) string { return c.provider + " " + c.month })
	got := map[string]string{}
	rows := readCSV(t, filepath.Join(dir, "inbox/invoices.csv"))
	for _, row := range rows {
		key := row["provider"] + " " + row["month"]
		if difference := money(t, row["total"]).Sub(billed[key].Round(2)); !difference.IsZero() {
			got[key] = difference.String()
		}
	}
	if len(rows) != 6*months || len(billed) != len(rows) {
		t.Errorf("%d invoices of %d bills, want 36", len(rows), len(billed))
	}
	if diff := cmp.Diff(map[string]string{"replicate 2026-10": "7.35"}, got); diff != "" {
		t.Errorf("invoices that do not tie (-want +got):\n%s", diff)
	}
}

func growthIsAsPlanned(t *testing.T, dir string) {
	all := charges(t, dir)
	total := sums(all, func(c charge) string { return c.month })
	for _, provider := range sortedKeys(sums(all, func(c charge) string { return c.provider })) {
		t.Logf("%-10s %v", provider, byMonth(sums(all, func(c charge) string {
			if c.provider != provider {
				return ""
			}
			return c.month
		})))
	}
	t.Logf("%-10s %v", "total", byMonth(total))
	between(t, "October", total["2026-10"], "28000", "32000")
	// x1.118 a month is x1.746 in five.
	between(t, "growth in five months", total["2026-10"].DivRound(total["2026-05"], 4), "1.70", "1.80")
	for m := first + 1; m <= last; m++ {
		between(t, "growth to "+m.String(), total[m.String()].DivRound(total[(m-1).String()], 4), "1.05", "1.19")
	}

	facts := truth()
	use := func(m month, useCase string) decimal.Decimal {
		sum := decimal.Zero
		for _, f := range facts[m] {
			if f.useCase == useCase {
				sum = sum.Add(f.rate.total(f.tokens)).Add(searchCost(f))
			}
		}
		return sum
	}
	between(t, "share of unknown key and project", use(oct, "").DivRound(total["2026-10"], 4), "0.06", "0.08")
	between(t, "lead-scoring", use(oct, "lead-scoring"), "1001", "1300")
	between(t, "voice-agent", use(oct, "voice-agent"), "1", "650")
	between(t, "meeting-notes", use(oct, "meeting-notes"), "3001", "3500")
	between(t, "growth of meeting-notes", use(oct, "meeting-notes").DivRound(use(sep, "meeting-notes"), 4), "2.2", "2.4")
}

func byMonth(totals map[string]decimal.Decimal) []string {
	var row []string
	for _, month := range sortedKeys(totals) {
		row = append(row, totals[month].StringFixed(2))
	}
	return row
}

func between(t *testing.T, what string, got decimal.Decimal, low, high string) {
	t.Helper()
	t.Logf("%s: %s", what, got)
	if got.LessThan(money(t, low)) || got.GreaterThan(money(t, high)) {
		t.Errorf("%s is %s, want %s to %s", what, got, low, high)
	}
}

// A usage is a priced class of tokens in a usage export.
type usage struct {
	provider, day, project, key, model, tier, class string
	tokens                                          int64
}

// usages reads the usage exports into disjoint classes.
func usages(t *testing.T, dir string) []usage {
	t.Helper()
	var all []usage
	for m := first; m <= last; m++ {
		for _, kind := range []string{"completions", "embeddings"} {
			all = append(all, openAIUsages(t, filepath.Join(dir, "inbox/openai/usage-"+kind+"-"+m.String()+".json"))...)
		}
		all = append(all, anthropicUsages(t, filepath.Join(dir, "inbox/anthropic/usage-messages-"+m.String()+".json"))...)
	}
	return all
}

func openAIUsages(t *testing.T, path string) []usage {
	t.Helper()
	var page openAIPage[openAICompletion]
	readJSON(t, path, &page)
	var all []usage
	for _, bucket := range page.Data {
		day := time.Unix(bucket.StartTime, 0).UTC().Format(time.DateOnly)
		for _, r := range bucket.Results {
			if strings.Contains(path, "completions") && r.Input != r.InputCached+r.InputCacheWrite+r.InputUncached {
				t.Errorf("%s: %s: classes of input do not add up: %+v", path, day, r)
			}
			row := usage{"openai", day, r.ProjectID, r.APIKeyID, r.Model, "", "input", r.Input - r.InputCached}
			all = append(all, row)
			row.class, row.tokens = "cached input", r.InputCached
			all = append(all, row)
			row.class, row.tokens = "output", r.Output
			all = append(all, row)
		}
	}
	return all
}

func anthropicUsages(t *testing.T, path string) []usage {
	t.Helper()
	var page anthropicPage[anthropicUsage]
	readJSON(t, path, &page)
	var all []usage
	for _, bucket := range page.Data {
		for _, r := range bucket.Results {
			for class, tokens := range map[string]int64{
				"uncached_input_tokens": r.UncachedInput, "cache_read_input_tokens": r.CacheReadInput, "output_tokens": r.Output,
				"cache_creation.ephemeral_5m_input_tokens": r.CacheCreation.FiveMinutes,
				"cache_creation.ephemeral_1h_input_tokens": r.CacheCreation.OneHour,
				"web_search": r.ServerToolUse.WebSearchRequests,
			} {
				all = append(all, usage{"anthropic", bucket.StartingAt.Format(time.DateOnly), r.WorkspaceID, r.APIKeyID, r.Model, r.ServiceTier, class, tokens})
			}
		}
	}
	return all
}

// price looks up what a million tokens cost in the table of list prices, by
// the names of the exports; the lookup that makes the files is not used.
func price(t *testing.T, u usage) decimal.Decimal {
	t.Helper()
	column := map[string]class{
		"input": uncached, "uncached_input_tokens": uncached, "cached input": cacheRead, "cache_read_input_tokens": cacheRead,
		"cache_creation.ephemeral_5m_input_tokens": cacheWrite5m, "cache_creation.ephemeral_1h_input_tokens": cacheWrite1h,
		"output": output, "output_tokens": output,
	}
	text := ""
	for _, p := range listPrices() {
		if p.from <= u.day && (u.model == openAIName(p.model) || u.model == anthropicName(p.model)) {
			text = p.price[column[u.class]]
		}
	}
	if text == "" {
		t.Fatalf("no list price for %+v", u)
	}
	p := money(t, text)
	if u.tier == "batch" {
		p = p.Mul(money(t, "0.5"))
	}
	return p
}

func usageTimesPrice(t *testing.T, dir string) {
	want := map[string]string{}
	for key, sum := range sums(charges(t, dir), func(c charge) string {
		if c.provider != "openai" && c.provider != "anthropic" {
			return ""
		}
		return strings.Join([]string{c.provider, c.day, c.project, c.item}, "|")
	}) {
		want[key] = sum.String()
	}
	totals := map[string]decimal.Decimal{}
	for _, u := range usages(t, dir) {
		if u.tokens == 0 {
			continue
		}
		item := u.model + ", " + u.class
		if u.provider == "anthropic" {
			item = strings.Join([]string{"tokens", u.model, u.tier, u.class}, " ")
		}
		cost := decimal.New(u.tokens, -2) // a web search costs a cent
		if u.class == "web_search" {
			item = "web_search   "
		} else {
			cost = decimal.New(u.tokens, -6).Mul(price(t, u))
		}
		key := strings.Join([]string{u.provider, u.day, u.project, item}, "|")
		totals[key] = totals[key].Add(cost)
	}
	got := map[string]string{}
	for key, sum := range totals {
		got[key] = sum.String()
	}
	if len(want) < 5000 {
		t.Errorf("only %d charges", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usage at list price is not the cost (-cost +priced usage):\n%.3000s", diff)
	}
}

func septemberIsCorrected(t *testing.T, dir string) {
	changed := map[string]decimal.Decimal{}
	days := map[string]bool{}
	add := func(all []charge, sign int64) {
		for _, c := range all {
			key := strings.Join([]string{c.day, c.project, c.item}, "|")
			changed[key] = changed[key].Add(c.amount.Mul(decimal.NewFromInt(sign)))
		}
	}
	add(openAICharges(t, dir, "costs-2026-09-corrected"), 1)
	add(openAICharges(t, dir, "costs-2026-09"), -1)
	total := decimal.Zero
	for key, difference := range changed {
		if difference.IsZero() {
			continue
		}
		if !strings.Contains(key, "proj_docs_search") {
			t.Errorf("%s differs by %s", key, difference)
		}
		days[key[:10]] = true
		total = total.Add(difference)
	}
	between(t, "correction", total, "200", "500")
	if diff := cmp.Diff([]string{"2026-09-24", "2026-09-25", "2026-09-26", "2026-09-27", "2026-09-28", "2026-09-29", "2026-09-30"}, sortedKeys(days)); diff != "" {
		t.Errorf("days that differ (-want +got):\n%s", diff)
	}
}

func taxAndCredits(t *testing.T, dir string) {
	got := map[string]int{}
	for _, c := range charges(t, dir) {
		switch {
		case c.provider == "aws" && c.item != "Usage":
			got["aws "+c.item]++
		case c.amount.IsNegative():
			got[c.provider+" "+c.month+" "+c.amount.String()]++
		}
	}
	want := map[string]int{"aws Tax": 6, "aws Credit": 1, "replicate 2026-07 -38.5": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines that are no usage (-want +got):\n%s", diff)
	}
}
