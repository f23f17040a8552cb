package cmd

import (
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/shopspring/decimal"
)

// TestAttribution runs the scenarios of testdata/attribution against the program as its users run it. Each computes in its
// comment, by hand, what every use case must get; nothing writes those figures (-update does not), for they are the proof.
func TestAttribution(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "../testdata/attribution",
		RequireUniqueNames: true,
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"costs": wantCosts},
		Setup: func(e *testscript.Env) error {
			beside(e)
			e.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}

// costColumns is what the header of a table of figures may name.
func costColumns() map[string]string {
	return map[string]string{
		"use_case": "x_UseCase",
		"tier":     "x_Tier",
		"basis":    "x_Basis",
		"rule":     "x_Rule",
		"provider": "ProviderName",
		"project":  "SubAccountId",
		"day":      "strftime(ChargePeriodStart, '%Y-%m-%d')",
		"class":    "x_TokenClass",
		"charge":   "ChargeCategory",
		"line":     "replace(ChargeDescription, ' ', '_')",
		"billed":   "sum(BilledCost)::VARCHAR",
	}
}

// unbalanced counts the charges whose slices do not add up to them, to the last digit: there must be none, whatever the scenario.
const unbalanced = `(SELECT count(*) FROM (SELECT x_File, x_Record, sum(BilledCost) AS billed FROM costs WHERE x_File IS NOT NULL GROUP BY ALL) c
	FULL JOIN (SELECT x_File, x_Record, sum(cost) AS billed FROM bill_lines GROUP BY ALL) b USING (x_File, x_Record)
	WHERE c.billed IS DISTINCT FROM b.billed)`

// costs WANT [flags...] holds October's costs against a table of figures: each is exact, or after a ~ rounded to the decimals that it has; - is
// no value. The first line names the columns, and they are all that tells the rows apart.
func wantCosts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: costs WANT [flags...]")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	names := strings.Fields(lines[0])
	want := map[string]string{}
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) != len(names) {
			ts.Fatalf("%s: %d fields, not %d: %s", args[0], len(f), len(names), line)
		}
		key := strings.Join(f[:len(f)-1], " ")
		if _, ok := want[key]; ok {
			ts.Fatalf("%s: %s stands twice", args[0], key)
		}
		want[key] = f[len(f)-1]
	}
	got := readCosts(ts, names, args[1:])
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		cost, ok := got[key]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Sprintf("%s: nothing, not %s", key, want[key]))
		case !isFigure(ts, cost, want[key]):
			wrong = append(wrong, fmt.Sprintf("%s: %s, not %s", key, cost, want[key]))
		}
		delete(got, key)
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		wrong = append(wrong, fmt.Sprintf("%s: %s, which nobody expects", key, got[key]))
	}
	if len(wrong) > 0 {
		ts.Fatalf("%s:\n%s", args[0], strings.Join(wrong, "\n"))
	}
}

// readCosts asks the program for October's costs by some columns, the last of which is the money.
func readCosts(ts *testscript.TestScript, names, flags []string) map[string]decimal.Decimal {
	var columns []string
	for i, name := range names {
		column, ok := costColumns()[name]
		if !ok || (name == "billed") != (i == len(names)-1) {
			ts.Fatalf("column %q; the columns are %s, and billed is the last", name, slices.Sorted(maps.Keys(costColumns())))
		}
		columns = append(columns, fmt.Sprintf("coalesce(%s, '-') AS c%d", column, i))
	}
	query := fmt.Sprintf("SELECT %s, %s AS unbalanced FROM costs WHERE ChargePeriodStart >= '2026-10-01' AND ChargePeriodStart < '2026-11-01' GROUP BY ALL ORDER BY ALL",
		strings.Join(columns, ", "), unbalanced)
	ts.Check(ts.Exec("aifinops", append(flags, "query", query, "-o", "csv")...))
	records, err := csv.NewReader(strings.NewReader(ts.ReadFile("stdout"))).ReadAll()
	ts.Check(err)
	if len(records) == 0 {
		ts.Check(errors.New("the query printed nothing"))
	}
	got := map[string]decimal.Decimal{}
	for _, r := range records[1:] {
		for i := range r {
			r[i] = strings.TrimPrefix(r[i], "'") // a spreadsheet would take -1 for a formula
		}
		if last := r[len(r)-1]; last != "0" {
			ts.Fatalf("the slices of %s charges do not add up to them", last)
		}
		cost, err := decimal.NewFromString(r[len(r)-2])
		ts.Check(err)
		got[strings.Join(r[:len(r)-2], " ")] = cost
	}
	return got
}

// isFigure says whether a cost is the figure that was expected.
func isFigure(ts *testscript.TestScript, cost decimal.Decimal, figure string) bool {
	text, rounded := strings.CutPrefix(figure, "~")
	want, err := decimal.NewFromString(text)
	ts.Check(err)
	if rounded {
		cost = cost.Round(-want.Exponent())
	}
	return cost.Equal(want)
}
