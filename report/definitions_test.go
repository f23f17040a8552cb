package report

import (
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

// Whatever is computed in a workbook is defined in it, too.
func TestDerivationsAreDefined(t *testing.T) {
	g, err := Definitions()
	if err != nil {
		t.Fatal(err)
	}
	defined := func(name string) bool {
		for key := range g {
			if key == name || strings.HasSuffix(key, "."+name) {
				return true
			}
		}
		return false
	}
	for name, all := range derivations() {
		for _, d := range all {
			for _, of := range append([]string{name}, d.Of...) {
				if !defined(of) {
					t.Errorf("%s: no definition of %s", name, of)
				}
			}
		}
	}
}

// A column that means the same on two sheets is one row; one that means something else there is two.
func TestGlossaryTable(t *testing.T) {
	of := func(report string, columns ...string) table.Table {
		one := table.Table{Report: report}
		for _, name := range columns {
			one.Columns = append(one.Columns, table.Column{Name: name})
		}
		return one
	}
	g := Glossary{"cost": "What was paid.", "trend.cost": "All months.", "team": "Who."}
	got := g.Table([]Named{{"Use cases", of("spend", "cost", "team")}, {"Budget", of("budget", "cost")}, {"Trend", of("trend", "2026-10", "cost")}})
	want := [][]any{{"Cost", "Use cases, Budget", "What was paid."}, {"Cost", "Trend", "All months."}, {"Team", "Use cases", "Who."}}
	if len(got.Rows) != len(want) {
		t.Fatalf("rows %v", got.Rows)
	}
	for i, row := range want {
		for j := range row {
			if got.Rows[i][j] != row[j] {
				t.Errorf("row %d: %v, not %v", i, got.Rows[i], row)
			}
		}
	}
}

// What is explained twice is explained once; what somebody asked in SQL is not explained.
func TestExplain(t *testing.T) {
	spend := table.Table{Report: "spend", Columns: []table.Column{{Name: "billed_cost", Kind: table.Money}, {Name: "prior_cost", Kind: table.Money}, {Name: "change", Kind: table.Money}, {Name: "status"}}}
	Explain(&spend)
	Explain(&spend)
	if n := len(spend.Columns[2].Of); n != 1 {
		t.Errorf("%d derivations of change", n)
	}
	if spend.Columns[3].Tones == nil {
		t.Error("a status has no tones")
	}
	query := table.Table{Report: "query", Columns: []table.Column{{Name: "status"}}}
	Explain(&query)
	if query.Columns[0].Tones != nil {
		t.Error("somebody's own column has tones")
	}
}
