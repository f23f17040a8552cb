package table_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

func TestJSON(t *testing.T) {
	tab := spend()
	tab.Rows = tab.Rows[:2]
	same(t, write(t, "json", table.Options{Width: 20, Color: true}, tab), `{
  "report": "spend",
  "month": "2026-10",
  "dimensions": [
    "use-case",
    "team"
  ],
  "coverage_percent": 94.1,
  "rows": [
    {
      "use_case": "doc-search",
      "team": "search",
      "billed_cost": "12345.675",
      "change": "2345.675",
      "change_percent": 23.5,
      "requests": 1234567
    },
    {
      "use_case": "客户支持 🚀 support answers",
      "team": "platform engineering",
      "billed_cost": "8000.004",
      "change": null,
      "change_percent": null,
      "requests": null
    }
  ],
  "totals": {
    "billed_cost": "21000.004",
    "change": "2249.971",
    "change_percent": 12.0
  },
  "notes": [
    "modal has no billing rows for 2026-10: its 12.50 are priced usage (estimated)"
  ]
}
`)
}

func TestJSONOfNothing(t *testing.T) {
	tab := table.Table{Report: "gates", Facts: []table.Fact{
		{Name: "exit_code", Value: int64(4)},
		{Name: "limit", Value: money("31000")},
		{Name: "closed", Value: false},
		{Name: "invoice", Value: nil},
		{Name: "growth_percent", Value: math.NaN()},
		{Name: "subjects", Value: []string(nil)},
	}}
	same(t, write(t, "json", table.Options{}, tab), `{
  "report": "gates",
  "exit_code": 4,
  "limit": "31000.00",
  "closed": false,
  "invoice": null,
  "growth_percent": null,
  "subjects": [],
  "rows": [],
  "notes": []
}
`)
	if got := write(t, "json", table.Options{}); got != "[]\n" {
		t.Errorf("no table is %q, want an empty array", got)
	}
}

// Details are members of the object, beside its rows.
func TestJSONOfDetails(t *testing.T) {
	tab := table.Table{Report: "coverage", Facts: []table.Fact{{Name: "gaps", Value: nil}}, Details: []table.Table{
		{Report: "gaps", Columns: []table.Column{{Name: "gap"}}, Rows: [][]any{{"a"}, {"b"}}}}}
	if err := table.Formats()["json"](&strings.Builder{}, table.Options{}, tab); err == nil {
		t.Error("a detail took the name of a fact")
	}
	tab.Facts = nil
	same(t, write(t, "json", table.Options{}, tab), `{
  "report": "coverage",
  "rows": [],
  "gaps": [
    {
      "gap": "a"
    },
    {
      "gap": "b"
    }
  ],
  "notes": []
}
`)
}

func TestJSONOfSeveralTables(t *testing.T) {
	var reports []struct{ Report string }
	text := write(t, "json", table.Options{}, spend(), table.Table{Report: "gates"})
	if err := json.Unmarshal([]byte(text), &reports); err != nil {
		t.Fatal(err)
	}
	if len(reports) != 2 || reports[0].Report != "spend" || reports[1].Report != "gates" {
		t.Errorf("tables are %v, want spend and gates", reports)
	}
}

// TestJSONKeepsText: nothing is escaped for the web, and what is written reads back.
func TestJSONKeepsText(t *testing.T) {
	tab := table.Table{
		Report:  "spend",
		Columns: []table.Column{{Name: "tag.<a>"}},
		Rows:    [][]any{{"<b> & \"c\"\\ \x1b[31m\n=1+1"}},
	}
	same(t, write(t, "json", table.Options{}, tab), `{
  "report": "spend",
  "rows": [
    {
      "tag.<a>": "<b> & \"c\"\\ \u001b[31m\n=1+1"
    }
  ],
  "notes": []
}
`)
}
