package cmd

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/shopspring/decimal"
)

// TestGate runs the scenarios of testdata/gate against the program as its users run it: months that meet a threshold exactly, and by a cent
// more. What each gate must say is written there by hand; -update does not write it.
func TestGate(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "../testdata/gate",
		RequireUniqueNames: true,
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"verdicts": wantVerdicts, "exits": exits},
		Setup: func(e *testscript.Env) error {
			beside(e)
			e.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}

// verdicts CODE WANT command... holds what a command prints as CSV, such as `gate`, against a table: all rows of the gates that the table
// names, in any order. Its first line names columns. A number is equal to what it is worth, - is an empty cell, _ a blank.
func wantVerdicts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: verdicts CODE WANT command...")
	}
	var want [][]string
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		want = append(want, strings.Fields(line))
		if len(want[len(want)-1]) != len(want[0]) {
			ts.Fatalf("%s: %d fields, not %d: %s", args[1], len(want[len(want)-1]), len(want[0]), line)
		}
	}
	names := want[0]
	gate := slices.Index(names, "gate")
	if gate < 0 {
		ts.Fatalf("%s has no column gate", args[1])
	}
	exits(ts, false, append(append([]string{args[0], "aifinops"}, args[2:]...), "-o", "csv"))
	records, err := csv.NewReader(strings.NewReader(ts.ReadFile("stdout"))).ReadAll()
	ts.Check(err)
	var wrong []string
	for _, r := range records[1:] {
		got := make([]string, len(names))
		for i, name := range names {
			column := slices.Index(records[0], name)
			if column < 0 {
				ts.Fatalf("%s: no column %q; there are %s", args[1], name, strings.Join(records[0], ", "))
			}
			got[i] = cell(r[column])
		}
		if !slices.ContainsFunc(want[1:], func(w []string) bool { return w[gate] == got[gate] }) {
			continue
		}
		if i := slices.IndexFunc(want, func(w []string) bool { return slices.EqualFunc(w, got, sameCell) }); i > 0 {
			want = slices.Delete(want, i, i+1)
		} else {
			wrong = append(wrong, "got    "+strings.Join(got, " "))
		}
	}
	for _, w := range want[1:] {
		wrong = append(wrong, "wanted "+strings.Join(w, " "))
	}
	if len(wrong) > 0 {
		ts.Fatalf("%s: %s\n%s", args[1], strings.Join(names, " "), strings.Join(wrong, "\n"))
	}
}

// cell writes a value as a table of verdicts does.
func cell(value string) string {
	if value == "" {
		return "-"
	}
	return strings.ReplaceAll(strings.TrimPrefix(value, "'"), " ", "_") // a spreadsheet would take -1 for a formula
}

func sameCell(want, got string) bool {
	x, err := decimal.NewFromString(want)
	y, err2 := decimal.NewFromString(got)
	return want == got || err == nil && err2 == nil && x.Equal(y)
}
