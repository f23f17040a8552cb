package workbook

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

func dollars(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func growth(now, before decimal.Decimal) any {
	if before.IsZero() {
		return nil
	}
	f, _ := now.Sub(before).Shift(2).DivRound(before, 6).Float64()
	return f
}

var useCases = []struct{ name, now, before string }{
	{"doc-search", "6937.612345678901", "6686.83"}, {"cs-deflect", "5908.57", "5745.98"}, {"code-review", "3808.64", "3236.13"},
	{"meeting-notes", "3450.62", "1499.34"}, {"(unattributed)", "2059.35", "1736.01"}, {"lead-scoring", "1189.91", "0"}, {"=credits", "-50.125", "12"},
	{"Doc-Search", "10.50", "9"}, {"doc*", "3.25", "1"}, // which SUMIFS would take for others
}

// spend is a report with one of everything that follows from something.
func spend() table.Table {
	t := table.Table{
		Report: "spend", Title: "Spend by use case, 2026-10 (USD)", Facts: []table.Fact{{Name: "currency", Value: "USD"}},
		Columns: []table.Column{{Name: "use_case"}, {Name: "billed_cost", Kind: table.Money}, {Name: "prior_cost", Kind: table.Money},
			{Name: "change", Kind: table.Money, Of: []table.Derivation{{Op: table.Difference, Of: []string{"billed_cost", "prior_cost"}}}},
			{Name: "change_percent", Kind: table.Percent, Of: []table.Derivation{{Op: table.Growth, Of: []string{"billed_cost", "prior_cost"}}}},
			{Name: "share_percent", Kind: table.Percent, Of: []table.Derivation{{Op: table.Share, Of: []string{"billed_cost"}}}}},
		Notes:   []string{"hosted_vllm: no bill, and no price for rerank-internal-v0: 11,842,305 tokens or units are in no figure (aifinops prices missing)"},
		Drawing: &table.Drawing{Title: "Spend by use case", Kind: table.Stacked, Points: []string{"billed_cost"}},
	}
	var now, before decimal.Decimal
	for _, u := range useCases {
		now, before = now.Add(dollars(u.now)), before.Add(dollars(u.before))
	}
	for _, u := range useCases {
		n, b := dollars(u.now), dollars(u.before)
		share, _ := n.Shift(2).DivRound(now, 6).Float64()
		t.Rows = append(t.Rows, []any{u.name, n, b, n.Sub(b), growth(n, b), share})
	}
	t.Totals = []any{nil, now, before, now.Sub(before), growth(now, before), 100.0}
	return t
}

func trend() table.Table {
	t := table.Table{Report: "trend", Title: "Trend by use case, 2026-05 to 2026-10 (USD)", Columns: []table.Column{{Name: "use_case"}},
		Drawing: &table.Drawing{Title: "Spend by use case and month", Kind: table.Stacked}}
	months := []string{"2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"}
	var sum []any
	for _, m := range months {
		t.Columns = append(t.Columns, table.Column{Name: m, Kind: table.Money})
		t.Drawing.Points = append(t.Drawing.Points, m)
		sum = append(sum, decimal.Zero)
	}
	t.Columns = append(t.Columns, table.Column{Name: "trend", Kind: table.Chart}, table.Column{Name: "billed_cost", Kind: table.Money, Of: []table.Derivation{{Op: table.Sum, Of: months}}})
	sum = append(sum, nil, decimal.Zero)
	for i, u := range useCases {
		row, all := []any{u.name}, decimal.Zero
		for m := range months {
			if i == 5 && m < 2 {
				row = append(row, nil)
				continue
			}
			n := dollars(u.now).Mul(decimal.New(int64(60+8*m), -2))
			row, all = append(row, n), all.Add(n)
			sum[m] = sum[m].(decimal.Decimal).Add(n)
		}
		t.Rows = append(t.Rows, append(row, "▂▃▅", all))
		sum[7] = sum[7].(decimal.Decimal).Add(all)
	}
	t.Totals = append([]any{nil}, sum...)
	projection := table.Table{Report: "projection", Title: "Projection of the total (USD)", Columns: []table.Column{{Name: "case"}, {Name: "2026-11", Kind: table.Money}, {Name: "2026-12", Kind: table.Money}, {Name: "2027-01", Kind: table.Money}},
		Rows:    [][]any{{"low", dollars("30249.47"), dollars("32623.89"), dollars("34978.95")}, {"projected", dollars("31642.08"), dollars("34177.69"), dollars("36713.31")}},
		Drawing: &table.Drawing{Title: "Projection", Kind: table.Lines, Points: []string{"2026-11", "2026-12", "2027-01"}}}
	t.Details = []table.Table{projection}
	return t
}

func outcomes() table.Table {
	q := []table.Derivation{{Op: table.Quotient, Of: []string{"numerator", "denominator"}}}
	return table.Table{Report: "unit-costs", Title: "Cost per outcome, 2026-10 (USD)",
		Columns: []table.Column{{Name: "metric"}, {Name: "value", Kind: table.Unit, Of: q}, {Name: "prior_value", Kind: table.Unit}, {Name: "numerator", Kind: table.Money}, {Name: "denominator", Kind: table.Number}, {Name: "unit"},
			{Name: "complete", Kind: table.Flag}, {Name: "since", Kind: table.Day}, {Name: "read_at", Kind: table.Instant}, {Name: "requests", Kind: table.Count, Blank: true}},
		Rows: [][]any{
			{"cost-per-ticket-deflected", dollars("0.423674888857"), dollars("0.4571"), dollars("5908.57"), dollars("13946"), "ticket", true, day(1), day(2).Add(90 * time.Minute), int64(1234567)},
			{"cost-per-active-user", dollars("3.383122936881"), dollars("3.67"), dollars("13528.46"), dollars("3998.8102931"), "user", true, day(1), nil, nil},
			{"cost-per-generated-pr", nil, nil, nil, nil, "pull request", false, nil, nil, int64(3)}},
		Drawing: &table.Drawing{Title: "Cost per outcome", Kind: table.Lines, Points: []string{"prior_value", "value"}, Apart: true}}
}

func day(n int) time.Time { return time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC) }

func gates() table.Table {
	return table.Table{Report: "gates", Title: "Gates, 2026-10", Columns: []table.Column{
		{Name: "verdict", Tones: map[string]table.Tone{"pass": table.Good, "warn": table.Caution, "pause": table.Bad, "cannot-judge": table.Unjudged}},
		{Name: "gate"}, {Name: "subject"}, {Name: "reason", Blank: true}, {Name: "value", Kind: table.Mixed}},
		Rows: [][]any{{"pause", "pilot-without-metric", "lead-scoring", "spend > 1000 (1,189.91 against 1,000.00), NOT has_metric; next: aifinops pause pilot-without-metric lead-scoring --by EMAIL --reason TEXT", table.Figure{Kind: table.Money, Value: dollars("1189.91")}},
			{"cannot-judge: no price", "books-tie", "hosted_vllm", nil, table.Figure{Kind: table.Percent, Value: 1.5}}, {"warn", "unattributed-dollars", "total", "unattributed > 2000", nil}, {"pass", "budget", "meeting-notes", nil, table.Figure{Kind: table.Text, Value: "none"}}}}
}

// detail is a table of rows to be streamed, and n rows for each use case.
func detail(n int) (table.Table, *Stream) {
	t := table.Table{Report: "allocation", Title: "Allocation detail, 2026-10", Columns: []table.Column{{Name: "use_case"}, {Name: "provider"}, {Name: "day", Kind: table.Day}, {Name: "billed_cost", Kind: table.Money}, {Name: "requests", Kind: table.Count, Blank: true}}}
	return t, &Stream{Count: int64(n * len(useCases)), Rows: func(yield func([]any, error) bool) {
		for _, u := range useCases {
			rest := dollars(u.now)
			part := rest.DivRound(decimal.NewFromInt(int64(n)), 12)
			for i := range n {
				amount := part
				if i == n-1 {
					amount = rest
				}
				rest = rest.Sub(amount)
				if !yield([]any{u.name, fmt.Sprintf("provider %d", i%3), day(1 + i%31), amount, int64(i)}, nil) {
					return
				}
			}
		}
	}}
}

func failing(rows iter.Seq2[[]any, error], after int, err error) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		n := 0
		for row, e := range rows {
			if n++; n > after {
				yield(nil, err)
				return
			}
			if !yield(row, e) {
				return
			}
		}
	}
}

// month is a workbook with one of everything.
func month() Workbook { return monthOf(3) }

// monthOf has so many streamed rows for each use case.
func monthOf(n int) Workbook {
	s := spend()
	all, _ := s.Totals[1].(decimal.Decimal)
	rows, stream := detail(n)
	reliance := table.Table{Report: "reliance", Title: "Spend by reliance", Columns: []table.Column{{Name: "reliance"}, {Name: "billed_cost", Kind: table.Money}}}
	return Workbook{
		Title: "AI spend, October 2026", Created: time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC), Version: "1.2.3", Currency: "USD", Ledger: Ledger{Billed: all.Sub(dollars("100")), Estimated: dollars("100")},
		Summary: table.Table{Report: "summary", Title: "What was spent, on what, and whether the figures hold; every figure is a formula into the other sheets",
			Columns: []table.Column{{Name: "billed_cost", Heading: "Spend", Kind: table.Money}, {Name: "prior_cost", Heading: "The month before", Kind: table.Money},
				{Name: "growth_percent", Heading: "Growth", Kind: table.Percent, Of: []table.Derivation{{Op: table.Growth, Of: []string{"billed_cost", "prior_cost"}}}},
				{Name: "gates", Heading: "Gates that fired", Kind: table.Count}, {Name: "verdict", Heading: "The worst verdict"}, {Name: "unknown", Kind: table.Unit},
				{Name: "unattributed", Kind: table.Money}, {Name: "next_month", Kind: table.Money}, {Name: "search_percent", Heading: "Search, % of all", Kind: table.Percent},
				{Name: "search_less_growth", Kind: table.Percent, Of: []table.Derivation{{Op: table.Difference, Of: []string{"search_percent", "growth_percent"}}}},
				{Name: "retired", Kind: table.Money}, {Name: "no_forecast", Kind: table.Money}, {Name: "new_percent", Kind: table.Percent}},
			Rows: [][]any{{all, s.Totals[2], s.Totals[4], int64(2), "pause", nil, dollars("2059.35"), dollars("31642.08"), s.Rows[0][5],
				s.Rows[0][5].(float64) - s.Totals[4].(float64), dollars("1.5"), dollars("7"), nil}},
			Notes: []string{"2026-10 is complete"}},
		From: map[string]Cell{"billed_cost": {Sheet: "Use cases", Column: "billed_cost"}, "prior_cost": {Sheet: "Use cases", Column: "prior_cost"},
			"unattributed": {Sheet: "Use cases", Row: "(unattributed)", Column: "billed_cost"}, "next_month": {Sheet: "Trend", Table: "projection", Row: "projected", Column: "2026-11"},
			"search_percent": {Sheet: "Use cases", Row: "doc-search", Column: "share_percent"}, "new_percent": {Sheet: "Use cases", Row: "lead-scoring", Column: "change_percent"},
			"retired": {Sheet: "Use cases", Row: "retired", Column: "billed_cost"}, "no_forecast": {Sheet: "Trend", Table: "forecast", Row: "low", Column: "2026-11"}},
		Sheets: []Sheet{
			{Name: "Use cases", About: "What each use case cost, against the month before.", Table: s, Tie: &Tie{Column: "billed_cost", Estimated: true}, Check: &Check{Key: "use_case", Column: "billed_cost"}},
			{Name: "Trend", About: "Months side by side.", Table: trend()},
			{Name: "Unit metrics", About: "What one outcome cost.", Table: outcomes()},
			{Name: "Gates", About: "What the policies say of the month.", Table: gates()},
			{Name: "Reliance", About: "Nothing yet.", Table: reliance},
			{Name: "Allocation detail", About: "A row for each slice: the source of every other sheet.", Table: rows, Rows: stream, Tie: &Tie{Column: "billed_cost", Estimated: true}},
		},
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
