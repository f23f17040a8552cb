package report

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/aifinops/aifinops/report/table"
)

// DetailDimensions is what the detail keeps apart, beside the day: analysis must, too.
func DetailDimensions() []string {
	return []string{"provider", "service", "category", "charge-category", "model", "project", "key", "use-case", "team", "product", "cost-center", "kind", "reliance", "rule", "tier", "basis"}
}

// A Detail is every slice of a period, too many rows to hold.
type Detail struct {
	Table table.Table // without rows
	Count int64
	Rows  iter.Seq2[[]any, error]
}

// Detailed answers with the slices themselves, one row for those that differ in nothing shown. The rules must be prepared.
func Detailed(ctx context.Context, db *sql.DB, r Request) (Detail, error) {
	var d Detail
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return d, err
	}
	head, query, err := load("detail")
	if err != nil {
		return d, err
	}
	if _, err := db.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE detail AS "+strings.ReplaceAll(query, "{unattributed}", quote(Unattributed))); err != nil {
		return d, err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM detail").Scan(&d.Count); err != nil {
		return d, err
	}
	if d.Table, err = read(ctx, db, "FROM detail LIMIT 0"); err != nil {
		return d, err
	}
	sum, err := read(ctx, db, "SELECT coalesce(sum(billed_cost), 0)::DECIMAL(38,12) AS billed_cost FROM detail")
	if err != nil {
		return d, err
	}
	if _, err := tie(ctx, db, &table.Table{Columns: sum.Columns, Totals: sum.Rows[0]}, "true"); err != nil {
		return d, err
	}
	d.Table.Report, d.Table.Title = "allocation", fmt.Sprintf("%s, %s (%s)", head.Title, r.Period, r.Currency)
	d.Table.Facts = []table.Fact{{Name: "currency", Value: r.Currency}}
	d.Table.Totals = make([]any, len(d.Table.Columns))
	d.Table.Totals[column(&d.Table, "billed_cost")] = sum.Rows[0][0]
	var columns []table.Column
	d.Rows = stream(ctx, db, &columns, "FROM detail")
	return d, nil
}
