package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// TrendPeriod is the months of a trend that ends with the period's: as many as asked for, but none before the first
// that the ledger knows. What comes before it is the month a year before the last one that is over, if the ledger goes so
// far back: last year's growth is measured from there.
func TrendPeriod(ctx context.Context, db *sql.DB, last Period, months int, asOf time.Time) (Period, error) {
	p := Period{From: last.From.AddDate(0, 1-months, 0), To: last.To}
	first, err := firstMonth(ctx, db)
	if err != nil {
		return p, err
	}
	if p.From.Before(first) && !last.From.Before(first) {
		p.From = first
	}
	p.PriorFrom, p.PriorTo = p.From, p.From
	over := last.From
	for over.AddDate(0, 1, 0).After(asOf) {
		over = over.AddDate(0, -1, 0)
	}
	if year := over.AddDate(-1, 0, 0); year.Before(p.From) && !year.Before(first) {
		p.PriorFrom, p.PriorTo = year, year.AddDate(0, 1, 0)
	}
	return p, nil
}

// firstMonth is the first of which the ledger knows anything, charges, usage or requests.
func firstMonth(ctx context.Context, db *sql.DB) (time.Time, error) {
	var first sql.NullTime
	err := db.QueryRowContext(ctx, `SELECT date_trunc('month', least((SELECT min(ChargePeriodStart) FROM charge_facts),
		(SELECT min(ChargePeriodStart) FROM usage_facts), (SELECT min(ChargePeriodStart) FROM request_facts)))::TIMESTAMP`).Scan(&first)
	switch {
	case err != nil:
		return time.Time{}, err
	case !first.Valid:
		return time.Time{}, ErrEmpty
	}
	return first.Time.UTC(), nil
}

// A trend is months side by side.
type trend struct {
	Request
	where  string
	months []time.Time                   // that are shown
	last   int                           // the last of them that is over and has money, or -1
	first  time.Time                     // of the ledger
	year   time.Time                     // the month before those shown that is known too; zero where there is none
	totals map[time.Time]decimal.Decimal // of the shown, and of the one a year before
	empty  map[time.Time]bool            // months without any money
	lacks  map[time.Time]bool            // months without some of their bills, or all
}

// Trend answers what was spent on what month by month, and where that leads. The request's period is a TrendPeriod. The
// rules must be prepared. Each month adds up to what Spend says of it, or it is an error.
func Trend(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	where, err := condition(r.Where)
	if err != nil {
		return t, &RequestError{err}
	}
	if err := checkTrend(r.By); err != nil {
		return t, &RequestError{err}
	}
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return t, err
	}
	tr := trend{Request: r, where: where, last: -1, totals: map[time.Time]decimal.Decimal{}, empty: map[time.Time]bool{}, lacks: map[time.Time]bool{}}
	if err := tr.begin(ctx, db); err != nil {
		return t, err
	}
	if t, err = tr.rows(ctx, db); err != nil {
		return t, err
	}
	lacking, err := tr.missing(ctx, db)
	if err != nil {
		return t, err
	}
	covered, err := tr.tie(ctx, db, &t)
	if err != nil {
		return t, err
	}
	if t.Notes, err = tr.notes(ctx, db, lacking, len(t.Rows) == 0); err != nil {
		return t, err
	}
	estimated, err := tr.estimated(ctx, db)
	if err != nil {
		return t, err
	}
	if len(estimated) > 0 {
		t.Title += ", in part estimated"
	}
	p, err := tr.project()
	if err != nil {
		return t, err
	}
	t.Notes = slices.Concat(t.Notes, estimated, p.notes)
	t.Facts = slices.Concat(facts(tr.Request, covered), tr.facts(), p.facts())
	t.Details = []table.Table{p.table(tr.Currency)}
	return t, nil
}

func checkTrend(by []string) error {
	if len(by) != 1 {
		return fmt.Errorf("--by %q; a trend is by one dimension", strings.Join(by, ","))
	}
	if by[0] == "month" || by[0] == "day" {
		return fmt.Errorf("--by %s; the months of a trend are its columns", by[0])
	}
	if _, err := expression(by[0]); err != nil {
		return fmt.Errorf("--by: %w", err)
	}
	return nil
}

// begin finds the months, from the first of the period that has any money on; one in between that has none lacks all.
func (tr *trend) begin(ctx context.Context, db *sql.DB) error {
	t, err := read(ctx, db, "SELECT DISTINCT date_trunc('month', ChargePeriodStart)::DATE FROM costs WHERE in_period(ChargePeriodStart) ORDER BY 1")
	if err != nil {
		return err
	}
	known := map[time.Time]bool{}
	for _, row := range t.Rows {
		known[month(row[0])] = true
	}
	if len(t.Rows) > 0 {
		tr.Period.From = month(t.Rows[0][0])
	}
	if tr.Period.PriorFrom.Before(tr.Period.PriorTo) {
		tr.year = tr.Period.PriorFrom
	}
	if tr.first, err = firstMonth(ctx, db); err != nil {
		return err
	}
	for m := tr.Period.From; m.Before(tr.Period.To); m = m.AddDate(0, 1, 0) {
		if known[m] && tr.over(m) {
			tr.last = len(tr.months)
		}
		tr.months = append(tr.months, m)
		tr.empty[m], tr.lacks[m] = !known[m], !known[m]
	}
	return nil
}

// month is the first of a month as the driver gives it.
func month(cell any) time.Time {
	t, _ := cell.(time.Time)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// over says whether a month was over on the day of the report.
func (tr *trend) over(m time.Time) bool { return !m.AddDate(0, 1, 0).After(tr.AsOf) }

// rows is a row for each value of the dimension, and a column for each month.
func (tr *trend) rows(ctx context.Context, db *sql.DB) (table.Table, error) {
	head, query, err := load("trend")
	if err != nil {
		return table.Table{}, err
	}
	by, err := expression(tr.By[0])
	if err != nil {
		return table.Table{}, err
	}
	long, err := read(ctx, db, strings.NewReplacer("{by}", by, "{where}", tr.where).Replace(query))
	if err != nil {
		return table.Table{}, err
	}
	t := table.Table{Report: "trend", Title: fmt.Sprintf("%s by %s, %s (%s)", head.Title, tr.By[0], tr.Period, tr.Currency)}
	t.Columns = tr.columns()
	if len(tr.months) > 0 {
		t.Drawing = &table.Drawing{Title: "Spend by " + strings.ReplaceAll(tr.By[0], "-", " "), Kind: table.Stacked, Points: tr.names()}
	}
	n := len(tr.months)
	for _, cells := range long.Rows { // by name, then by month
		m, billed := month(cells[1]), cells[2].(decimal.Decimal)
		tr.totals[m] = tr.totals[m].Add(billed)
		at := slices.IndexFunc(tr.months, m.Equal)
		if at < 0 {
			continue // it is only what last year's growth begins with
		}
		if len(t.Rows) == 0 || t.Rows[len(t.Rows)-1][0] != cells[0] {
			row := make([]any, n+4)
			for i := range n {
				row[1+i] = decimal.Zero
			}
			row[0], row[n+2] = cells[0], decimal.Zero
			t.Rows = append(t.Rows, row)
		}
		row := t.Rows[len(t.Rows)-1]
		row[1+at], row[n+2] = billed, row[n+2].(decimal.Decimal).Add(billed)
	}
	tr.order(&t)
	return t, nil
}

// order drops rows without money, sorts the others by the last month that is over, keeps the top, and draws them.
func (tr *trend) order(t *table.Table) {
	n := len(tr.months)
	moneyless := func(row []any) bool {
		return !slices.ContainsFunc(row[1:1+n], func(c any) bool { return !c.(decimal.Decimal).IsZero() })
	}
	t.Rows = slices.DeleteFunc(t.Rows, moneyless)
	by := tr.last + 1
	if tr.last < 0 {
		by = n // none is over: the one that runs
	}
	slices.SortStableFunc(t.Rows, func(a, b []any) int { return b[by].(decimal.Decimal).Cmp(a[by].(decimal.Decimal)) })
	sum := []string{"billed_cost"}
	for _, c := range t.Columns[1 : 1+n] {
		sum = append(sum, c.Name)
	}
	total(t, sum)
	top(t, tr.Top, 1, sum)
	for _, row := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Totals) {
		row[n+1] = chart(row[1 : 1+n])
		row[n+3] = nil
		if tr.last > 0 {
			now, before := row[by].(decimal.Decimal), row[by-1].(decimal.Decimal)
			row[n+3] = percent(now.Sub(before), before)
		}
	}
}

// columns is the dimension, the months, their drawing, their sum, and how the last moved.
func (tr *trend) columns() []table.Column {
	columns := []table.Column{{Name: columnName(tr.By[0])}}
	for _, m := range tr.months {
		c := table.Column{Name: m.Format("2006-01"), Kind: table.Money}
		if !tr.over(m) {
			c.Heading = c.Name + " to date"
		}
		columns = append(columns, c)
	}
	names, change := tr.names(), table.Column{Name: "change_percent", Kind: table.Percent}
	if tr.last > 0 {
		change.Of = []table.Derivation{{Op: table.Growth, Of: []string{names[tr.last], names[tr.last-1]}}}
	}
	sum := table.Column{Name: "billed_cost", Kind: table.Money, Of: []table.Derivation{{Op: table.Sum, Of: names}}}
	return append(columns, table.Column{Name: "trend", Kind: table.Chart}, sum, change)
}

// names is those of the columns that are months.
func (tr *trend) names() []string {
	var names []string
	for _, m := range tr.months {
		names = append(names, m.Format("2006-01"))
	}
	return names
}

// chart draws money in eighths of the largest. What is below zero is as low as can be, and what is no money is blank.
func chart(cells []any) string {
	const bars = "▁▂▃▄▅▆▇█"
	most := decimal.Zero
	for _, c := range cells {
		most = decimal.Max(most, c.(decimal.Decimal))
	}
	var b strings.Builder
	for _, c := range cells {
		switch money := c.(decimal.Decimal); {
		case money.IsZero():
			b.WriteRune(' ')
		case money.IsNegative():
			b.WriteRune([]rune(bars)[0])
		default:
			eighths := money.Mul(decimal.NewFromInt(8)).DivRound(most, 6).Ceil().IntPart()
			b.WriteRune([]rune(bars)[max(eighths, 1)-1])
		}
	}
	return b.String()
}

// facts names the columns that are months, and the first that is not over.
func (tr *trend) facts() []table.Fact {
	var toDate any
	for _, m := range tr.months {
		if toDate == nil && !tr.over(m) {
			toDate = m.Format("2006-01")
		}
	}
	return []table.Fact{{Name: "months", Value: tr.names()}, {Name: "month_to_date", Value: toDate}}
}

// tie holds each month against the ledger, as Spend does, and says which share of all of them has a use case. The
// period is from there on what is shown.
func (tr *trend) tie(ctx context.Context, db *sql.DB, t *table.Table) (any, error) {
	for i, m := range tr.months {
		if err := setPeriod(ctx, db, Month(m)); err != nil {
			return nil, err
		}
		one := table.Table{Columns: []table.Column{{Name: "billed_cost", Kind: table.Money}}, Totals: []any{t.Totals[1+i]}}
		if _, err := tie(ctx, db, &one, tr.where); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Format("2006-01"), err)
		}
	}
	tr.Period.PriorFrom, tr.Period.PriorTo = tr.Period.From, tr.Period.From
	if err := setPeriod(ctx, db, tr.Period); err != nil {
		return nil, err
	}
	return tie(ctx, db, t, tr.where)
}
