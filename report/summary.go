package report

import (
	"fmt"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// Summary is a month in one row: its key figures, as the tables that have them say. The texts are what the gates say, and the state of the books.
// A ledger that begins with the month knows of none before: begins says so, and what was before is unknown.
func Summary(r Request, begins bool, spend, budget, coverage, reconcile table.Table, gates string) table.Table {
	t := table.Table{Report: "summary", Title: fmt.Sprintf("AI spend, %s (%s)", r.Period, r.Currency), Facts: spend.Facts}
	row := []any{}
	add := func(name string, kind table.Kind, value any) {
		t.Columns, row = append(t.Columns, table.Column{Name: name, Kind: kind, Blank: true}), append(row, value)
	}
	total := func(from table.Table, name string) any { return from.Totals[column(&from, name)] }
	whole, limited := fact(budget, "total_budget").(decimal.Decimal)
	var limit, left, used any
	if billed := amount(&spend, spend.Totals, "billed_cost"); limited {
		limit, left, used = whole, whole.Sub(billed), percent(billed, whole)
	}
	var unattributed any = decimal.Zero
	for _, row := range spend.Rows {
		if row[0] == Unattributed {
			unattributed = row[column(&spend, "billed_cost")]
		}
	}
	add("billed_cost", table.Money, total(spend, "billed_cost"))
	prior, change := total(spend, "prior_cost"), total(spend, "change")
	if begins {
		prior, change = nil, nil
	}
	add("prior_cost", table.Money, prior)
	add("change", table.Money, change)
	add("change_percent", table.Percent, total(spend, "change_percent"))
	add("year_to_date", table.Money, total(budget, "year_to_date"))
	add("budget", table.Money, limit)
	add("budget_left", table.Money, left)
	add("used_percent", table.Percent, used)
	add("coverage_percent", table.Percent, fact(coverage, "coverage_percent"))
	add("target_percent", table.Percent, fact(coverage, "target_percent"))
	add("unattributed_cost", table.Money, unattributed)
	add("estimated_cost", table.Money, total(spend, "estimated_cost"))
	add("books", table.Text, fact(reconcile, "status"))
	add("gates", table.Text, gates)
	t.Rows = [][]any{row}
	return t
}

// fact is one of a table's, nil where it has none of the name.
func fact(t table.Table, name string) any {
	for _, f := range t.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}
