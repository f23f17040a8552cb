package report

import (
	"context"
	"testing"
	"time"
)

// What a period is compared with: the one before it of the same length, by months where it is made of months.
func TestPeriod(t *testing.T) {
	asOf := time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct{ month, from, to, name, prior string }{
		{month: "2026-10", name: "2026-10", prior: "2026-09-01 to 2026-10-01"},
		{month: "2026-01", name: "2026-01", prior: "2025-12-01 to 2026-01-01"},
		{from: "2026-08", to: "2026-10", name: "2026-08 to 2026-10", prior: "2026-05-01 to 2026-08-01"},
		{from: "2026-10-01", to: "2026-10-31", name: "2026-10", prior: "2026-09-01 to 2026-10-01"},
		{from: "2026-10-05", to: "2026-10-11", name: "2026-10-05 to 2026-10-11", prior: "2026-09-28 to 2026-10-05"},
		{from: "2026-11-10", name: "2026-11-10 to 2026-11-15", prior: "2026-11-04 to 2026-11-10"},
		{from: "2024-02", to: "2024-02-29", name: "2024-02", prior: "2024-01-01 to 2024-02-01"},
	} {
		p, err := ParsePeriod(context.Background(), nil, test.month, test.from, test.to, asOf)
		if err != nil {
			t.Errorf("%v: %v", test, err)
			continue
		}
		if p.String() != test.name || days(p.PriorFrom, p.PriorTo) != test.prior {
			t.Errorf("%v is %s, against %s", test, p, days(p.PriorFrom, p.PriorTo))
		}
	}
}

// By month or day each row is compared with the month or day before it: moved onto the rows of the period, what comes
// before never makes a row beyond them.
func TestPeriodBefore(t *testing.T) {
	for _, test := range []struct{ from, to, by, prior string }{
		{"2026-10", "2026-10", "month", "2026-09-01 to 2026-10-01"},
		{"2026-08", "2026-10", "month", "2026-07-01 to 2026-10-01"},
		{"2026-03-01", "2026-03-30", "month", "2026-02-01 to 2026-03-01"}, // there is no February 31st
		{"2026-03-30", "2026-04-10", "month", "2026-03-01 to 2026-03-11"},
		{"2026-10", "2026-10", "day", "2026-09-30 to 2026-10-31"},
	} {
		p, err := ParsePeriod(context.Background(), nil, "", test.from, test.to, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		p.before([]string{"provider", test.by})
		if got := days(p.PriorFrom, p.PriorTo); got != test.prior {
			t.Errorf("by %s, before %s comes %s, not %s", test.by, p, got, test.prior)
		}
	}
}

func days(from, to time.Time) string {
	return from.Format(time.DateOnly) + " to " + to.Format(time.DateOnly)
}
