package cmd

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

const gateWorldConfig = `sources: [{path: bill.csv, provider: acme, columns: {date: day, project: use_case, cost: cost}}]
use_cases:
  - {id: f1, kind: feature}
  - {id: f2, kind: feature}
  - {id: p1, kind: pilot}
  - {id: p2, kind: pilot, reliance: load-bearing}
  - {id: p3, kind: pilot}
rules: [{id: all, match: {project: "?*"}, use_case: "{project}"}]
outcomes: [{id: tickets}]
metrics: [{id: per-ticket, use_cases: [p3], outcome: tickets}]
budgets:
  2026-12: {f1: 3000, p2: "1000.01", total: 4000}
  2027-01: {f1: "3000.01", p1: 0, total: "6000.01"}
`

// gateBills draws bills from November to February, whose months come to what a gate has as its limit, or to a little more or less than it or
// than twice the month before. Half a cent is where a month is rounded. Now and then nothing at all was billed in a month.
func gateBills(t *rapid.T) string {
	rows := []string{"day,use_case,cost"}
	before := map[string]decimal.Decimal{}
	for m := range 4 {
		if m > 0 && rapid.IntRange(0, 5).Draw(t, "silent") == 0 {
			continue
		}
		for _, use := range []string{"f1", "f2", "p1", "p2", "p3", ""} {
			twice := before[use].Add(before[use])
			near := rapid.SampledFrom([]decimal.Decimal{decimal.Zero, decimal.New(1000, 0), decimal.New(1500, 0), decimal.New(3000, 0), twice, twice}).Draw(t, "near")
			sum := near.Add(decimal.New(rapid.SampledFrom([]int64{-1000, -5, 0, 0, 0, 4, 5, 10, 1000}).Draw(t, "off"), -3))
			before[use] = sum
			first := decimal.New(rapid.Int64Range(-9_999, 999_999).Draw(t, "first"), -3)
			for _, cost := range []decimal.Decimal{first, sum.Sub(first)} {
				day := time.Date(2026, time.Month(11+m), rapid.IntRange(1, 28).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
				rows = append(rows, fmt.Sprintf("%s,%s,%s", day.Format(time.DateOnly), use, cost))
			}
		}
	}
	return strings.Join(rows, "\n") + "\n"
}

// monthlySums is what each use case was billed in each month (2026-11 f1), by month that has a bill, and all together (2026-11 total), in cents.
func monthlySums(t *rapid.T, bills string) map[string]decimal.Decimal {
	records, err := csv.NewReader(strings.NewReader(bills)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]decimal.Decimal{}
	for _, r := range records[1:] {
		for _, of := range []string{r[1], "total"} {
			key := r[0][:7] + " " + of
			sums[key] = sums[key].Add(decimal.RequireFromString(r[2]))
		}
	}
	for key, sum := range sums {
		sums[key] = sum.Round(2)
	}
	return sums
}

// expectedVerdicts is the policy in plain words, over sums of months: what the gates of features, of pilots and of budgets must say.
func expectedVerdicts(sums map[string]decimal.Decimal) map[string]string {
	want := map[string]string{}
	say := func(month, gate, subject string, met bool, verdict string) {
		if !met {
			verdict = "pass"
		}
		want[month+" "+gate+" "+subject] = verdict
	}
	budgets := map[string]string{"2026-12 f1": "3000", "2026-12 p2": "1000.01", "2026-12 total": "4000", "2027-01 f1": "3000.01", "2027-01 p1": "0", "2027-01 total": "6000.01"}
	last := slices.Max(slices.Collect(maps.Keys(sums)))[:7]
	for day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC); day.Format("2006-01") <= last; day = day.AddDate(0, 1, 0) {
		month, prior := day.Format("2006-01"), day.AddDate(0, -1, 0).Format("2006-01")
		if _, ok := sums[month+" total"]; !ok {
			for _, gate := range []string{"feature-growth every use-case", "pilot-without-metric every use-case", "budget every use-case", "budget-total total"} {
				want[month+" "+gate] = "cannot-judge"
			}
			continue
		}
		_, known := sums[prior+" total"]
		for _, use := range []string{"f1", "f2"} {
			spend, before := sums[month+" "+use], sums[prior+" "+use]
			large := spend.GreaterThan(decimal.New(3000, 0))
			if large && !known {
				want[month+" feature-growth "+use] = "cannot-judge"
				continue
			}
			say(month, "feature-growth", use, large && spend.GreaterThan(before.Add(before)), "rejustify")
		}
		for use, verdict := range map[string]string{"p1": "pause", "p2": "rejustify", "p3": "pass"} {
			say(month, "pilot-without-metric", use, sums[month+" "+use].GreaterThan(decimal.New(1000, 0)), verdict)
		}
		for key, budget := range budgets {
			gate, verdict := "budget", "rejustify"
			of, use, _ := strings.Cut(key, " ")
			if use == "total" {
				gate, verdict = "budget-total", "approval"
			}
			if of == month {
				say(month, gate, use, sums[key].GreaterThan(decimal.RequireFromString(budget)), verdict)
			}
		}
	}
	return want
}

// What the program says of bills at random is what a few lines of Go say of the same file.
func TestVerdictsAreThoseOfThePolicy(t *testing.T) {
	few(t, 2, func(t *rapid.T) {
		bills := gateBills(t)
		dir, done := world{files: map[string]string{"aifinops.yaml": gateWorldConfig, "bill.csv": bills}}.settle(t)
		defer done()
		take(t, dir, "l.duckdb", "bill.csv")
		text := ask(t, dir, "l.duckdb", "query", "--as-of", "2027-03-15", "-o", "csv",
			"SELECT month, gate, subject, verdict FROM gates WHERE gate IN ('feature-growth', 'pilot-without-metric', 'budget', 'budget-total')")
		records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := expectedVerdicts(monthlySums(t, bills))
		for _, r := range records[1:] {
			key := strings.Join(r[:3], " ")
			if r[3] != want[key] {
				t.Fatalf("%s: %q, not %q\n%s", key, r[3], want[key], bills)
			}
			delete(want, key)
		}
		for key, verdict := range want {
			t.Fatalf("%s: nothing, not %s\n%s", key, verdict, bills)
		}
	})
}
