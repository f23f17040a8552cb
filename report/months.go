package report

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

// OutcomeMonths is what a unit of each metric's outcome cost in each month of the request's period, which is a TrendPeriod. A month of which
// it is not known is unknown. The unit costs of all of them must be there.
func OutcomeMonths(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	long, err := monthly(ctx, db, r, "unit-cost-months")
	if err != nil {
		return long, err
	}
	t := table.Table{Report: "unit_cost_months", Title: long.Title, Columns: []table.Column{{Name: "metric"}}}
	var months []time.Time
	for _, row := range long.Rows {
		if m := month(row[1]); !slices.ContainsFunc(months, m.Equal) {
			months = append(months, m)
		}
	}
	slices.SortFunc(months, time.Time.Compare)
	for _, m := range months {
		t.Columns = append(t.Columns, table.Column{Name: m.Format("2006-01"), Kind: table.Unit})
	}
	t.Drawing = drawing(t, table.Drawing{Title: long.Title, Kind: table.Lines, Apart: true})
	for _, row := range long.Rows { // by metric
		if len(t.Rows) == 0 || t.Rows[len(t.Rows)-1][0] != row[0] {
			t.Rows = append(t.Rows, make([]any, len(t.Columns)))
			t.Rows[len(t.Rows)-1][0] = row[0]
		}
		t.Rows[len(t.Rows)-1][1+slices.IndexFunc(months, month(row[1]).Equal)] = row[2]
	}
	return t, nil
}

// CoverageMonths is the part of what was charged that has a use case, in each month of the request's period, against the target; and the same
// as it is drawn.
func CoverageMonths(ctx context.Context, db *sql.DB, r Request) (t, drawn table.Table, err error) {
	if t, err = monthly(ctx, db, r, "coverage-months"); err != nil {
		return t, drawn, err
	}
	target := CoverageTarget().Shift(2).InexactFloat64()
	drawn = table.Table{Report: "coverage_lines", Title: "Coverage against its target", Columns: []table.Column{{Name: "share"}}, Rows: [][]any{{"coverage"}, {"target"}}}
	for _, row := range t.Rows {
		covered := percent(amount(&t, row, "attributed"), amount(&t, row, "charged"))
		row[column(&t, "coverage_percent")], row[column(&t, "target_percent")] = covered, target
		name := row[0].(string)
		drawn.Columns = append(drawn.Columns, table.Column{Name: name, Kind: table.Percent})
		drawn.Rows[0], drawn.Rows[1] = append(drawn.Rows[0], covered), append(drawn.Rows[1], target)
	}
	drawn.Drawing = drawing(drawn, table.Drawing{Title: drawn.Title, Kind: table.Lines})
	return t, drawn, nil
}

// drawing draws all columns but the first; nil where there are none.
func drawing(t table.Table, d table.Drawing) *table.Drawing {
	for _, c := range t.Columns[1:] {
		d.Points = append(d.Points, c.Name)
	}
	if d.Points == nil {
		return nil
	}
	return &d
}

// monthly reads a query about the months of a period.
func monthly(ctx context.Context, db *sql.DB, r Request, name string) (table.Table, error) {
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return table.Table{}, err
	}
	t, err := listing(ctx, db, name)
	t.Report = columnName(t.Report)
	return t, err
}
