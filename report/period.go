package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// A Period is a span of whole days, UTC, and the one before it of the same length.
type Period struct {
	From, To           time.Time // To is exclusive
	PriorFrom, PriorTo time.Time
}

// Month is the period of one calendar month.
func Month(t time.Time) Period {
	from := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return Period{From: from, To: from.AddDate(0, 1, 0), PriorFrom: from.AddDate(0, -1, 0), PriorTo: from}
}

// ParsePeriod reads --month, or --from and --to; the last day or month named is in it.
// Without any it is the last month in the ledger that is over on the day asOf.
func ParsePeriod(ctx context.Context, db *sql.DB, month, from, to string, asOf time.Time) (Period, error) {
	switch {
	case month != "" && (from != "" || to != ""):
		return Period{}, fmt.Errorf("--month %s and --from/--to do not go together", month)
	case month != "":
		t, err := time.Parse("2006-01", month)
		if err != nil {
			return Period{}, fmt.Errorf("--month %q is not a month like 2026-10", month)
		}
		return Month(t), nil
	case from != "" || to != "":
		return parseRange(from, to, asOf)
	}
	return lastMonth(ctx, db, asOf)
}

func parseRange(from, to string, asOf time.Time) (Period, error) {
	if from == "" {
		return Period{}, fmt.Errorf("--to %s needs a --from", to)
	}
	start, _, err := parseDay("--from", from)
	if err != nil {
		return Period{}, err
	}
	end := asOf.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	if to != "" {
		if _, end, err = parseDay("--to", to); err != nil {
			return Period{}, err
		}
	}
	switch {
	case !start.Before(end) && to == "":
		return Period{}, fmt.Errorf("--from %s is after today, %s", from, asOf.UTC().Format(time.DateOnly))
	case !start.Before(end):
		return Period{}, fmt.Errorf("--from %s is not before --to %s", from, to)
	}
	p := Period{From: start, To: end, PriorTo: start}
	if start.Day() == 1 && end.Day() == 1 {
		months := 12*(end.Year()-start.Year()) + int(end.Month()) - int(start.Month())
		p.PriorFrom = start.AddDate(0, -months, 0)
	} else {
		p.PriorFrom = start.Add(-end.Sub(start))
	}
	return p, nil
}

// parseDay reads a day or a month, and says where it begins and ends.
func parseDay(flag, text string) (start, end time.Time, err error) {
	if t, err := time.Parse("2006-01", text); err == nil {
		return t, t.AddDate(0, 1, 0), nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, t, fmt.Errorf("%s %q is neither a day like 2026-10-01 nor a month like 2026-10", flag, text)
	}
	return t, t.AddDate(0, 0, 1), nil
}

// lastMonth is the last month with charges (else usage, else requests) that is over;
// where none is over, the one that runs.
func lastMonth(ctx context.Context, db *sql.DB, asOf time.Time) (Period, error) {
	for _, facts := range []string{"charge_facts", "usage_facts", "request_facts"} {
		var last sql.NullTime
		err := db.QueryRowContext(ctx, `
			WITH months AS (SELECT DISTINCT date_trunc('month', ChargePeriodStart)::TIMESTAMP AS month FROM `+facts+`)
			SELECT max_by(month, (month + INTERVAL 1 MONTH <= ?::TIMESTAMP, month)) FROM months`, asOf.UTC()).Scan(&last)
		if err != nil || last.Valid {
			return Month(last.Time), err
		}
	}
	return Period{}, ErrEmpty
}

// Span is the months that the ledger has charges or estimates of, end exclusive; of an empty one there are none. The rules must be prepared.
func Span(ctx context.Context, db *sql.DB) (first, end time.Time, err error) {
	var from, to sql.NullTime
	err = db.QueryRowContext(ctx, "SELECT date_trunc('month', min(ChargePeriodStart))::TIMESTAMP, (date_trunc('month', max(ChargePeriodStart)) + INTERVAL 1 MONTH)::TIMESTAMP FROM costs").Scan(&from, &to)
	return from.Time, to.Time, err
}

// HasFacts is an error where the ledger has no charges of the period, no usage and no requests.
func (p Period) HasFacts(ctx context.Context, db *sql.DB) error {
	var found bool
	var first, last sql.NullString
	err := db.QueryRowContext(ctx, "WITH known AS (SELECT ChargePeriodStart AS t FROM charge_facts UNION ALL SELECT ChargePeriodStart FROM usage_facts UNION ALL SELECT ChargePeriodStart FROM request_facts) "+
		"SELECT coalesce(bool_or("+p.Condition("t")+"), false), strftime(min(t), '%Y-%m'), strftime(max(t), '%Y-%m') FROM known").Scan(&found, &first, &last)
	if err != nil || found {
		return err
	}
	return &RequestError{fmt.Errorf("the ledger has nothing of %s; it goes from %s to %s", p, first.String, last.String)}
}

// WholeMonth is an error for all but one calendar month: budgets and invoices are of one, and so is what an outcome costs.
func (p Period) WholeMonth() error {
	if p.isMonth() {
		return nil
	}
	return &RequestError{fmt.Errorf("%s is not one month: budgets, invoices and unit costs are of a whole month; use --month, such as --month %s", p, p.To.AddDate(0, 0, -1).Format("2006-01"))}
}

// isMonth says whether the period is one calendar month.
func (p Period) isMonth() bool { return p.From.Day() == 1 && p.To.Equal(p.From.AddDate(0, 1, 0)) }

// String is 2026-10, 2026-08 to 2026-10, or 2026-10-01 to 2026-10-15.
func (p Period) String() string {
	switch {
	case p.isMonth():
		return p.From.Format("2006-01")
	case p.From.Day() == 1 && p.To.Day() == 1:
		return p.From.Format("2006-01") + " to " + p.To.AddDate(0, 0, -1).Format("2006-01")
	}
	return p.From.Format(time.DateOnly) + " to " + p.To.AddDate(0, 0, -1).Format(time.DateOnly)
}

// Months is the whole months that the period and the one before it touch: bills of a month follow its other bills, and are split by them.
func (p Period) Months() (from, to time.Time) {
	from, to = p.From, p.To
	if !p.PriorFrom.IsZero() && p.PriorFrom.Before(from) {
		from = p.PriorFrom
	}
	from = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	if last := time.Date(to.Year(), to.Month(), 1, 0, 0, 0, 0, time.UTC); !last.Equal(to) {
		to = last.AddDate(0, 1, 0)
	}
	return from, to
}

// soFar has a month that is not over compared with the same days of the month before: those up to the last for which anybody
// has billed by the day, else up to asOf.
func (p *Period) soFar(ctx context.Context, db *sql.DB, asOf time.Time) error {
	day := asOf.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	if !p.isMonth() || !day.After(p.From) || !day.Before(p.To) {
		return nil
	}
	var billed sql.NullTime
	err := db.QueryRowContext(ctx, "SELECT max(date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY)::TIMESTAMP FROM charge_facts WHERE ChargePeriodEnd - ChargePeriodStart <= INTERVAL 1 DAY AND "+
		p.Condition("ChargePeriodStart")).Scan(&billed)
	if err != nil {
		return err
	}
	if billed.Valid && billed.Time.Before(day) {
		day = billed.Time
	}
	if to := p.PriorFrom.Add(day.Sub(p.From)); to.Before(p.PriorTo) {
		p.PriorTo = to
	}
	return nil
}

// before sets what the period is compared with when rows are months or days: each with the one before it.
// The interval moves the earlier onto the later.
func (p *Period) before(by []string) (shift string) {
	switch {
	case slices.Contains(by, "day"):
		p.PriorFrom, p.PriorTo = p.From.AddDate(0, 0, -1), p.To.AddDate(0, 0, -1)
		return "INTERVAL 1 DAY"
	case slices.Contains(by, "month"):
		p.PriorFrom, p.PriorTo = monthBefore(p.From), monthBefore(p.To)
		return "INTERVAL 1 MONTH"
	}
	return "INTERVAL 0 DAY"
}

// monthBefore is the same day of the month before, or where that has none the end of it:
// what comes before March 31st is all of February.
func monthBefore(t time.Time) time.Time {
	before := t.AddDate(0, -1, 0)
	if before.Month() == t.Month() {
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return before
}

// Condition is the period as an SQL predicate over a column of times.
func (p Period) Condition(column string) string {
	return fmt.Sprintf("%s >= TIMESTAMP %s AND %[1]s < TIMESTAMP %[3]s", column, quote(p.From.Format(time.DateTime)), quote(p.To.Format(time.DateTime)))
}
