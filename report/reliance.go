package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
)

// Reliance answers how much of the spend somebody would miss, what gates may do to it, and which use cases nobody has
// classified. The rules must be prepared. The rows add up to what the providers billed in the period, or it is an error.
func Reliance(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	if err := r.Period.soFar(ctx, db, r.AsOf); err != nil {
		return table.Table{}, err
	}
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return table.Table{}, err
	}
	t, err := listing(ctx, db, "reliance", "{unattributed}", quote(Unattributed))
	if err != nil {
		return t, err
	}
	t.Title += fmt.Sprintf(", %s (%s)", r.Period, r.Currency)
	for _, row := range t.Rows {
		ratios(&t, row)
	}
	estimated := !amount(&t, t.Totals, "estimated_cost").IsZero()
	for i, c := range t.Columns {
		t.Columns[i].Blank = c.Name == "use_cases" // what has no use case has no number of them
		t.Columns[i].Wide = c.Name == "estimated_cost" && !estimated
	}
	if estimated {
		t.Title += ", in part estimated"
	}
	covered, err := tie(ctx, db, &t, "true")
	if err != nil {
		return t, err
	}
	t.Facts = facts(r, covered)
	if t.Notes, err = notes(ctx, db, r); err != nil {
		return t, err
	}
	useCases, err := listing(ctx, db, "reliance-use-cases")
	if err != nil {
		return t, err
	}
	useCases.Report = "use_cases"
	if note := unclassified(&useCases); note != "" {
		t.Notes = append([]string{note}, t.Notes...)
	}
	t.Details = []table.Table{useCases}
	if amount(&t, t.Totals, "billed_cost").IsZero() {
		unseen, err := unseenCalls(ctx, db, &table.Table{}, "true")
		t.Notes = append(t.Notes, unseen...)
		return t, err
	}
	return t, nil
}

// unclassified names the use cases without a reliance, the largest first, and what to write.
func unclassified(useCases *table.Table) string {
	var names []string
	for _, row := range useCases.Rows {
		if slices.Contains(row[:1], any("unclassified")) {
			names = append(names, fmt.Sprintf("%s (%s)", row[1], amount(useCases, row, "billed_cost").StringFixed(2)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "unclassified: " + strings.Join(names, ", ") + "; beside its id under use_cases add `reliance: load-bearing`, `reliance: convenience` or `reliance: waste`"
}
