package cmd

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each month of a trend is what the report says of it, to the last digit, under a filter too.
func TestTrendIsTheReport(t *testing.T) {
	company := os.Getenv("AIFINOPS_DEMO")
	if company == "" {
		t.Skip("AIFINOPS_DEMO does not name the folder in which `aifinops demo DIR` has made the company")
	}
	t.Setenv(threads, "1")
	base := []string{"--config", filepath.Join(company, "aifinops.yaml"), "--db", filepath.Join(company, "aifinops.duckdb"), "--as-of", "2026-11-15", "report"}
	for _, question := range [][]string{
		{"--by", "use-case"},
		{"--by", "tier", "--where", "provider=openai", "--where", "kind=feature"},
	} {
		long := records(t, append(append(base[:len(base):len(base)], question...), "-o", "csv", "--from", "2026-05", "--to", "2026-10", "--by", question[1]+",month"))
		wide := records(t, append(append(base[:len(base):len(base)], "trend", "-o", "csv"), question...))
		want := map[string]string{}
		for _, row := range long[1:] {
			want[row[0]+" "+row[1]] = row[2]
		}
		for _, row := range wide[1:] {
			for i, month := range wide[0][1:7] {
				cost, ok := want[row[0]+" "+month]
				if !ok {
					cost = "0.00" // the report has no row for nothing
				}
				if row[1+i] != cost {
					t.Errorf("%v: %s of %s is %s, not %s", question, month, row[0], row[1+i], cost)
				}
				delete(want, row[0]+" "+month)
			}
		}
		for cell, cost := range want {
			if cost != "0.00" {
				t.Errorf("%v: the %s of %s are in no cell", question, cost, cell)
			}
		}
	}
}

// output is what the program prints.
func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, talk bytes.Buffer
	if code := Main(args, strings.NewReader(""), &out, &talk); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, talk.String())
	}
	return out.String()
}

func records(t *testing.T, args []string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(output(t, args...))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%v: %d rows, %v", args, len(rows), err)
	}
	return rows
}
