package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/page"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// small is a table with one of everything that a page shows in its own way.
func small() table.Table {
	return table.Table{
		Report: "gates", Title: "Gates, 2026-10",
		Columns: []table.Column{
			{Name: "verdict", Tones: map[string]table.Tone{"pass": table.Good, "pause": table.Bad, "open": table.Caution, "cannot-judge": table.Unjudged}},
			{Name: "subject"},
			{Name: "value", Kind: table.Money},
			{Name: "limit", Kind: table.Mixed, Blank: true},
			{Name: "decision", Blank: true},
			{Name: "requests", Kind: table.Count, Wide: true},
			{Name: "trend", Kind: table.Chart},
		},
		Rows: [][]any{
			{"pass", "doc-search", money("12345.675"), table.Figure{Kind: table.Money, Value: money("12000")}, nil, int64(1234567), "▁█"},
			{"open: pause", "<b>lead</b>", nil, nil, "by \"cfo\"", nil, ""},
			{"cannot-judge", "replicate", money("-7.35"), table.Figure{Kind: table.Percent, Value: 1.0}, nil, int64(0), ""},
			{"new", "voice-agent", money("0"), nil, nil, nil, ""},
		},
		Totals: []any{nil, nil, money("12338.325"), nil, nil, nil, nil},
		Notes:  []string{"2 more pass"},
	}
}

// months is a table of use cases by months, with its drawing.
func months(uses, over int) table.Table {
	t := table.Table{Report: "trend", Title: "Trend by use-case (USD)", Columns: []table.Column{{Name: "use_case"}},
		Drawing: &table.Drawing{Title: "Spend by use case", Kind: table.Stacked}}
	names := strings.Fields("doc-search cs-deflect code-review meeting-notes search-index (unattributed) sales-email model-evals lead-scoring voice-agent")
	totals := make([]decimal.Decimal, over)
	for m := range over {
		t.Columns = append(t.Columns, table.Column{Name: fmt.Sprintf("2026-%02d", m+5), Kind: table.Money})
		t.Drawing.Points = append(t.Drawing.Points, t.Columns[m+1].Name)
	}
	for u := range uses {
		name := fmt.Sprintf("use-case-%d", u+1)
		if u < len(names) {
			name = names[u]
		}
		row := []any{name}
		for m := range over {
			cost := decimal.NewFromInt(int64(6000-500*(u%11)) * int64(60+8*m)).Shift(-2).Add(decimal.New(int64(u*7+m), -3))
			totals[m] = totals[m].Add(cost)
			row = append(row, cost)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Totals = []any{nil}
	for _, total := range totals {
		t.Totals = append(t.Totals, total)
	}
	return t
}

// metrics is unit costs, each on an axis of its own.
func metrics() table.Table {
	t := months(0, 6)
	t.Report, t.Title, t.Totals = "outcomes", "Cost per outcome", nil
	t.Drawing = &table.Drawing{Title: "Cost per outcome", Kind: table.Lines, Apart: true, Points: t.Drawing.Points}
	for i := range t.Columns[1:] {
		t.Columns[i+1].Kind = table.Unit
	}
	row := func(name string, values ...string) {
		cells := []any{name}
		for _, v := range values {
			if v == "" {
				cells = append(cells, nil)
				continue
			}
			cells = append(cells, money(v))
		}
		t.Rows = append(t.Rows, cells)
	}
	row("cost-per-ticket-deflected", "0.5312", "0.5104", "0.4911", "0.4702", "0.4571", "0.4237")
	row("cost-per-active-user", "", "4.41", "4.02", "3.80", "3.67", "3.38")
	row("cost-per-generated-pr", "4.90", "4.71", "4.66", "4.51", "4.45", "4.31")
	return t
}

// coverage is percentages by month: what is reached, and the target.
func coverage() table.Table {
	t := months(0, 6)
	t.Report, t.Title, t.Totals = "coverage", "Coverage", nil
	t.Drawing.Title, t.Drawing.Kind = "Coverage against its target", table.Lines
	for i := range t.Columns[1:] {
		t.Columns[i+1].Kind = table.Percent
	}
	t.Rows = [][]any{{"coverage", 95.6, 95.0, 94.5, 93.9, 93.3, 93.1}, {"target", 90.0, 90.0, 90.0, 90.0, 90.0, 90.0}}
	return t
}

// tiers is one bar.
func tiers() table.Table {
	return table.Table{
		Report: "tiers", Title: "How spend was attributed, 2026-10",
		Columns: []table.Column{{Name: "tier"}, {Name: "billed_cost", Kind: table.Money}, {Name: "share_percent", Kind: table.Percent}},
		Rows:    [][]any{{"request", money("4812.12"), 16.05}, {"key", money("17726.66"), 59.12}, {"split", money("5384.21"), 17.96}, {"none", money("2059.35"), 6.87}},
		Totals:  []any{nil, money("29982.34"), 100.0},
		Drawing: &table.Drawing{Title: "Billed dollars by tier", Kind: table.Stacked, Points: []string{"billed_cost"}},
	}
}

// figures is the key figures of a month.
func figures() table.Table {
	return table.Table{
		Report: "figures",
		Facts:  []table.Fact{{Name: "currency", Value: "USD"}},
		Columns: []table.Column{
			{Name: "spend", Kind: table.Money},
			{Name: "prior", Kind: table.Money},
			{Name: "change", Kind: table.Money, Of: []table.Derivation{{Op: table.Difference, Of: []string{"spend", "prior"}}}},
			{Name: "growth", Heading: "on September", Kind: table.Percent, Of: []table.Derivation{{Op: table.Growth, Of: []string{"spend", "prior"}}}},
			{Name: "coverage_percent", Heading: "Coverage", Kind: table.Percent},
			{Name: "per_ticket", Heading: "A ticket deflected", Kind: table.Unit},
			{Name: "prior_per_ticket", Kind: table.Unit, Wide: true},
			{Name: "cheaper", Heading: "on September", Kind: table.Percent, Of: []table.Derivation{{Op: table.Growth, Of: []string{"per_ticket", "prior_per_ticket"}}}},
			{Name: "gates", Heading: "Gates", Tones: map[string]table.Tone{"pause": table.Bad}},
			{Name: "forecast", Kind: table.Money},
			{Name: "budget", Kind: table.Money},
			{Name: "budget_left", Kind: table.Money, Of: []table.Derivation{{Op: table.Difference, Of: []string{"budget", "spend"}}}},
			{Name: "estimated", Kind: table.Money, Blank: true},
		},
		Rows: [][]any{{money("29982.35"), money("26045.06"), money("3937.29"), 15.117224, 93.1, money("0.4237"), money("0.4571"), -7.306935, "pause: 1, cannot-judge: 3, warn: 1", nil, money("31000"), money("1017.65"), nil}},
	}
}

// month is a page with one of everything.
func month() page.Page {
	gates := small()
	gates.Details = []table.Table{tiers()}
	spend := months(14, 6)
	spend.Notes = []string{"calls find their bills by the prices of 2026-11-15", "a second note", "a third note"}
	return page.Page{
		Title: "AI spend, October 2026", Lead: "29,982.35 USD, 15.1% more than in September. Three gates want a decision.",
		Figures: figures(),
		Sections: []page.Section{
			{ID: "spend", Title: "Spend by use case", Table: spend},
			{ID: "unit", Title: "What an outcome costs", Lead: "Each on its own scale, from zero.", Table: metrics()},
			{ID: "coverage", Title: "Coverage", Table: coverage(), Open: true},
			{ID: "gates", Title: "Gates", Table: gates},
			{ID: "decisions", Title: "Decisions", Table: table.Table{Report: "decisions"}},
		},
		Footer: "aifinops 1.0, from 41 files, as of 2026-11-15.",
	}
}

func written(t *testing.T, p page.Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.Write(&b, table.Locale{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
