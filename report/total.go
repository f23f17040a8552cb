package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// total adds up the columns whose sum means something.
func total(t *table.Table, sum []string) {
	t.Totals = make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if slices.Contains(sum, c.Name) {
			t.Totals[i] = add(t.Rows, i, c.Kind)
		}
	}
	ratios(t, t.Totals)
}

// without takes back totals that would mean nothing.
func without(t *table.Table, columns ...string) {
	for i, c := range t.Columns {
		if slices.Contains(columns, c.Name) {
			t.Totals[i] = nil
		}
	}
}

// ratios fills the percentages of a row from its sums.
func ratios(t *table.Table, row []any) {
	billed, prior := amount(t, row, "billed_cost"), amount(t, row, "prior_cost")
	all := amount(t, t.Totals, "billed_cost")
	for i, c := range t.Columns {
		switch c.Name {
		case "change_percent":
			row[i] = percent(billed.Sub(prior), prior)
		case "share_percent":
			row[i] = percent(billed, all)
		}
	}
}

// percent is part of whole in percent, unknown where there is no whole.
func percent(part, whole decimal.Decimal) any {
	if whole.IsZero() {
		return nil
	}
	return part.Mul(decimal.NewFromInt(100)).DivRound(whole, 6).InexactFloat64()
}

// amount is the money in a row's column.
func amount(t *table.Table, row []any, column string) decimal.Decimal {
	i := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == column })
	if i < 0 {
		return decimal.Zero
	}
	d, _ := row[i].(decimal.Decimal)
	return d
}

// add sums a column exactly; a column of unknowns has an unknown sum.
func add(rows [][]any, column int, k table.Kind) any {
	money, count, known := decimal.Zero, int64(0), k == table.Money
	for _, row := range rows {
		switch v := row[column].(type) {
		case decimal.Decimal:
			money = money.Add(v)
		case int64:
			count, known = count+v, true
		}
	}
	switch {
	case !known:
		return nil
	case k == table.Money:
		return money
	}
	return count
}

// top keeps the first rows and adds the rest up in one, so that the total stays. Money without
// a use case is never hidden in it: it keeps a row of its own.
func top(t *table.Table, n, dims int, sum []string) {
	if n <= 0 || len(t.Rows) <= n {
		return
	}
	var others, unattributed [][]any
	for _, row := range t.Rows[n:] {
		if slices.Contains(row[:dims], any(Unattributed)) {
			unattributed = append(unattributed, row)
		} else {
			others = append(others, row)
		}
	}
	t.Rows = t.Rows[:n:n]
	for _, group := range []struct {
		label string
		rows  [][]any
	}{{fmt.Sprintf("(other: %d)", len(others)), others}, {Unattributed, unattributed}} {
		if len(group.rows) > 0 {
			t.Rows = append(t.Rows, together(t, group.label, group.rows, dims, sum))
		}
	}
}

// together is several rows as one.
func together(t *table.Table, label string, rows [][]any, dims int, sum []string) []any {
	if len(rows) == 1 && label == Unattributed {
		return rows[0]
	}
	one := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if slices.Contains(sum, c.Name) {
			one[i] = add(rows, i, c.Kind)
		}
	}
	for i := range dims {
		one[i] = ""
	}
	one[max(0, slices.Index(rows[0][:dims], any(label)))] = label
	ratios(t, one)
	return one
}

// A Ledger is what the charges of a period add up to in the reporting currency, read without evidence, rules or splits, and what evidence
// without a bill is estimated to cost.
type Ledger struct{ Billed, Estimated decimal.Decimal }

// Total is both together: what Spend shows.
func (l Ledger) Total() decimal.Decimal { return l.Billed.Add(l.Estimated) }

// LedgerOf reads the ledger of a period. It is an error where the slices of its charges add up to anything else. The rules must be prepared.
func LedgerOf(ctx context.Context, db *sql.DB, p Period) (Ledger, error) {
	if err := setPeriod(ctx, db, p); err != nil {
		return Ledger{}, err
	}
	return ledger(ctx, db)
}

// ledger is that of the period that is set.
func ledger(ctx context.Context, db *sql.DB) (Ledger, error) {
	var billed, estimated, facts, claimed decimal.Decimal
	err := db.QueryRowContext(ctx, `SELECT
		coalesce(sum(BilledCost) FILTER (WHERE x_Basis <> 'estimated'), 0)::VARCHAR,
		coalesce(sum(BilledCost) FILTER (WHERE x_Basis = 'estimated'), 0)::VARCHAR,
		(SELECT coalesce(sum(CASE WHEN rate = 1 THEN BilledCost ELSE (BilledCost * rate)::DECIMAL(38,12) END), 0) FROM charge_facts c
			JOIN dimensions d USING (x_Dimension)
			JOIN rates ON rates.currency = d.BillingCurrency AND c.ChargePeriodStart >= rate_from AND c.ChargePeriodStart < rate_to
			WHERE in_period(ChargePeriodStart))::VARCHAR,
		(SELECT coalesce(sum(cost), 0) FROM slices WHERE x_Basis = 'estimated' AND in_period(ChargePeriodStart))::VARCHAR
		FROM costs WHERE in_period(ChargePeriodStart)`).
		Scan(&billed, &estimated, &facts, &claimed)
	if err == nil && (!billed.Equal(facts) || !estimated.Equal(claimed)) {
		err = fmt.Errorf("%w: slices %s billed, %s estimated; charges %s; evidence %s", ErrUntied, billed, estimated, facts, claimed)
	}
	return Ledger{facts, claimed}, err
}

// tie holds the report's total against the ledger's own, and says which share of the charges has a use case: nil where nothing was charged.
func tie(ctx context.Context, db *sql.DB, t *table.Table, where string) (any, error) {
	if _, err := ledger(ctx, db); err != nil {
		return nil, err
	}
	var filtered decimal.Decimal
	if err := db.QueryRowContext(ctx, `SELECT coalesce(sum(BilledCost), 0)::VARCHAR FROM costs WHERE in_period(ChargePeriodStart) AND `+where).Scan(&filtered); err != nil {
		return nil, err
	}
	if shown := amount(t, t.Totals, "billed_cost"); !shown.Equal(filtered) {
		return nil, fmt.Errorf("%w: rows %s; slices %s", ErrUntied, shown, filtered)
	}
	now, err := charges(ctx, db, "in_period")
	return now.percent(), err
}

// facts is what JSON says beside the rows.
func facts(r Request, covered any) []table.Fact {
	var month any
	if r.Period.isMonth() {
		month = r.Period.String()
	}
	return []table.Fact{
		{Name: "month", Value: month},
		{Name: "from", Value: r.Period.From.Format("2006-01-02")},
		{Name: "to", Value: r.Period.To.AddDate(0, 0, -1).Format("2006-01-02")},
		{Name: "currency", Value: r.Currency},
		{Name: "dimensions", Value: r.By},
		{Name: "coverage_percent", Value: covered},
		{Name: "prices_as_of", Value: r.PricesAsOf.Format(time.DateOnly)},
	}
}
