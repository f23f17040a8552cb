package table_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// spend is a report with one of everything: an unknown, a refund, names that are
// long, wide or missing, a column for -o wide, and figures that round apart.
func spend() table.Table {
	return table.Table{
		Report: "spend",
		Title:  "Spend by use case, 2026-10",
		Facts: []table.Fact{
			{Name: "month", Value: "2026-10"},
			{Name: "dimensions", Value: []string{"use-case", "team"}},
			{Name: "coverage_percent", Value: 94.05},
		},
		Columns: []table.Column{
			{Name: "use_case"},
			{Name: "team"},
			{Name: "billed_cost", Heading: "Billed", Kind: table.Money},
			{Name: "change", Kind: table.Money},
			{Name: "change_percent", Kind: table.Percent},
			{Name: "requests", Kind: table.Count, Wide: true},
		},
		Rows: [][]any{
			{"doc-search", "search", money("12345.675"), money("2345.675"), 23.45, int64(1234567)},
			{"客户支持 🚀 support answers", "platform engineering", money("8000.004"), nil, nil, nil},
			{"credits", "finance", money("-250"), money("-0.004"), -0.04, int64(0)},
			{"(unattributed)", "(none)", money("904.325"), money("-95.7"), -9.57, nil},
		},
		Totals: []any{nil, nil, money("21000.004"), money("2249.971"), 12.0, nil},
		Notes:  []string{"modal has no billing rows for 2026-10: its 12.50 are priced usage (estimated)"},
	}
}

func ExampleFormats() {
	t := table.Table{
		Report: "reliance",
		Title:  "Spend by reliance, 2026-10",
		Columns: []table.Column{
			{Name: "reliance"},
			{Name: "billed_cost", Heading: "Billed", Kind: table.Money},
			{Name: "share_percent", Kind: table.Percent},
		},
		Rows: [][]any{
			{"load-bearing", money("1100.25"), 88.02},
			{"waste", money("149.75"), 11.98},
			{"unclassified", nil, nil},
		},
		Totals: []any{nil, money("1250"), 100.0},
		Notes:  []string{"1 use case waits for prices"},
	}
	for _, format := range []string{"table", "md", "csv"} {
		if err := table.Formats()[format](os.Stdout, table.Options{Width: 80}, t); err != nil {
			panic(err)
		}
	}
	// Output:
	// Spend by reliance, 2026-10
	//
	// Reliance        Billed  Share %
	// ───────────────────────────────
	// load-bearing  1,100.25    88.0%
	// waste           149.75    12.0%
	// unclassified       n/a      n/a
	// ───────────────────────────────
	// Total         1,250.00   100.0%
	//
	// note: 1 use case waits for prices
	// ### Spend by reliance, 2026-10
	//
	// | Reliance | Billed | Share % |
	// | --- | ---: | ---: |
	// | load-bearing | 1,100.25 | 88.0% |
	// | waste | 149.75 | 12.0% |
	// | unclassified | n/a | n/a |
	// | **Total** | **1,250.00** | **100.0%** |
	//
	// - 1 use case waits for prices
	// reliance,billed_cost,share_percent
	// load-bearing,1100.25,88.0
	// waste,149.75,12.0
	// unclassified,,
}

// write is a table in a format, or a failed test.
func write(t *testing.T, format string, o table.Options, tables ...table.Table) string {
	t.Helper()
	var b strings.Builder
	if err := table.Formats()[format](&b, o, tables...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMalformedTable(t *testing.T) {
	columns := []table.Column{{Name: "team"}, {Name: "billed_cost", Kind: table.Money}}
	for name, test := range map[string]struct {
		table table.Table
		want  string
	}{
		"cells missing": {
			table.Table{Columns: columns, Rows: [][]any{{"a", nil}, {"b"}}},
			"table spend: row 2: 1 cells for 2 columns",
		},
		"money as a float": {
			table.Table{Columns: columns, Rows: [][]any{{"a", 1.5}}},
			"table spend: row 1: column billed_cost: float64 is no money",
		},
		"totals": {
			table.Table{Columns: columns, Totals: []any{7, nil}},
			"table spend: totals: column team: int is no text",
		},
		"column twice": {
			table.Table{Columns: []table.Column{{Name: "team"}, {Name: "team"}}},
			`table spend: column name "team" is empty or taken`,
		},
		"fact like a member": {
			table.Table{Facts: []table.Fact{{Name: "rows", Value: "x"}}},
			`table spend: fact name "rows" is empty or taken`,
		},
		"fact of another type": {
			table.Table{Facts: []table.Fact{{Name: "exit_code", Value: 3}}},
			"table spend: fact exit_code: int is no fact",
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.table.Report = "spend"
			for _, format := range slices.Sorted(maps.Keys(table.Formats())) {
				var b strings.Builder
				err := table.Formats()[format](&b, table.Options{}, spend(), test.table)
				if err == nil || err.Error() != test.want {
					t.Errorf("%s: error %v, want %s", format, err, test.want)
				}
				if b.Len() > 0 {
					t.Errorf("%s: wrote %q before the error", format, b.String())
				}
			}
		})
	}
}

// TestEveryKind reads one cell of each kind in each format.
func TestEveryKind(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 10, 31, 1, 30, 0, 5e8, zone)
	for _, test := range []struct {
		kind           table.Kind
		cell           any
		table, csv, js string
	}{
		{table.Text, "a", "a", "a", `"a"`},
		{table.Text, nil, "n/a", `""`, "null"},
		{table.Money, money("40.82"), "40.82", "40.82", `"40.82"`},
		{table.Money, money("100"), "100.00", "100.00", `"100.00"`},
		{table.Money, money("1e3"), "1,000.00", "1000.00", `"1000.00"`},
		{table.Money, money("0.000225000"), "0.00", "0.000225", `"0.000225"`},
		{table.Money, money("0.5"), "0.50", "0.50", `"0.50"`},
		{table.Money, money("-0.005"), "-0.01", "-0.005", `"-0.005"`},
		{table.Money, money("-0.004"), "0.00", "-0.004", `"-0.004"`},
		{table.Money, money("2.675"), "2.68", "2.675", `"2.675"`},
		{table.Money, money("-999999.995"), "-1,000,000.00", "-999999.995", `"-999999.995"`},
		{table.Money, money("-123456"), "-123,456.00", "-123456.00", `"-123456.00"`},
		{table.Money, money("12345678901234567890.123456789012"), "12,345,678,901,234,567,890.12",
			"12345678901234567890.123456789012", `"12345678901234567890.123456789012"`},
		{table.Unit, money("1234.565"), "1,234.57", "1234.565", `"1234.565"`},
		{table.Unit, money("1"), "1.00", "1.00", `"1.00"`},
		{table.Unit, money("-1.005"), "-1.01", "-1.005", `"-1.005"`},
		{table.Unit, money("0.42371"), "0.4237", "0.42371", `"0.42371"`},
		{table.Unit, money("-0.42375"), "-0.4238", "-0.42375", `"-0.42375"`},
		{table.Unit, money("0.0423"), "0.0423", "0.0423", `"0.0423"`},
		{table.Unit, money("0.00001234567"), "0.00001235", "0.00001234567", `"0.00001234567"`},
		{table.Unit, money("0.5000"), "0.50", "0.50", `"0.50"`},
		{table.Unit, money("0.99999"), "1.00", "0.99999", `"0.99999"`},
		{table.Unit, money("0"), "0.00", "0.00", `"0.00"`},
		{table.Unit, nil, "n/a", `""`, "null"},
		{table.Count, int64(1234567), "1,234,567", "1234567", "1234567"},
		{table.Count, int64(-999), "-999", "-999", "-999"},
		{table.Percent, 16.35, "16.4%", "16.4", "16.4"},
		{table.Percent, -0.04, "0.0%", "0.0", "0.0"},
		{table.Percent, 12345.0, "12,345.0%", "12345.0", "12345.0"},
		{table.Day, at, "2026-10-31", "2026-10-31", `"2026-10-31"`},
		{table.Instant, at, "2026-10-30T23:30:00Z", "2026-10-30T23:30:00.5Z", `"2026-10-30T23:30:00.5Z"`},
		{table.Flag, true, "yes", "true", "true"},
		{table.Flag, false, "no", "false", "false"},
	} {
		tab := table.Table{
			Columns: []table.Column{{Name: "a"}, {Name: "b", Kind: test.kind}},
			Rows:    [][]any{{"x", test.cell}},
		}
		lines := strings.Split(write(t, "table", table.Options{}, tab), "\n")
		if got := strings.Fields(lines[2])[1]; got != test.table {
			t.Errorf("table: %v is %s, want %s", test.cell, got, test.table)
		}
		want := "a,b\nx," + strings.Trim(test.csv, `"`) + "\n"
		if got := write(t, "csv", table.Options{}, tab); got != want {
			t.Errorf("csv: %v is %q, want %q", test.cell, got, want)
		}
		if got := write(t, "json", table.Options{}, tab); !strings.Contains(got, `"b": `+test.js+"\n") {
			t.Errorf("json: %v is not %s in %s", test.cell, test.js, got)
		}
	}
}

// TestChart: people see it whole and as it stands; machines have the figures that it draws.
func TestChart(t *testing.T) {
	tab := table.Table{
		Report:  "trend",
		Columns: []table.Column{{Name: "use_case"}, {Name: "trend", Kind: table.Chart}, {Name: "cost", Kind: table.Money}},
		Rows:    [][]any{{"support-answers-of-a-long-name", "  ▁▂▃▅▇█ ▁▂▃", money("1")}},
		Totals:  []any{nil, "▁▁▁▁▁▁▁▁▁▁▁█", money("1")},
	}
	same(t, write(t, "table", table.Options{Width: 31}, tab), `Use case     Trend         Cost
───────────────────────────────
support-an…    ▁▂▃▅▇█ ▁▂▃  1.00
───────────────────────────────
Total        ▁▁▁▁▁▁▁▁▁▁▁█  1.00
`)
	same(t, write(t, "md", table.Options{}, tab), `| Use case | Trend | Cost |
| --- | --- | ---: |
| support-answers-of-a-long-name | &nbsp;&nbsp;▁▂▃▅▇█&nbsp;▁▂▃ | 1.00 |
| **Total** | **▁▁▁▁▁▁▁▁▁▁▁█** | **1.00** |
`)
	same(t, write(t, "csv", table.Options{}, tab), "use_case,cost\nsupport-answers-of-a-long-name,1.00\n")
	for _, format := range []string{"json", "csv"} {
		if out := write(t, format, table.Options{}, tab, table.Table{Report: "all", Details: []table.Table{tab}}); strings.Contains(out, "▁") {
			t.Errorf("%s has a chart:\n%s", format, out)
		}
	}
}
