package parquet_test

import (
	"bytes"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/parquet"
	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// spend has a column of each kind, with values at their limits.
func spend() table.Table {
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 10, 31, 1, 30, 0, 123456789, zone)
	return table.Table{
		Report: "spend",
		Title:  "What it's for, 2026-10",
		Facts: []table.Fact{
			{Name: "month", Value: "2026-10"}, {Name: "currency", Value: "USD"}, {Name: "dimensions", Value: []string{"use-case", "team"}},
			{Name: "coverage_percent", Value: 94.05}, {Name: "charges", Value: int64(12)}, {Name: "complete", Value: true},
			{Name: "short", Value: money("3.5")}, {Name: "unknown", Value: nil},
		},
		Columns: []table.Column{
			{Name: "use_case"}, {Name: "billed_cost", Kind: table.Money}, {Name: "requests", Kind: table.Count, Wide: true},
			{Name: "share_percent", Kind: table.Percent}, {Name: "day", Kind: table.Day}, {Name: "at", Kind: table.Instant},
			{Name: "known", Kind: table.Flag}, {Name: "quantity", Kind: table.Number}, {Name: "per_ticket", Kind: table.Unit},
			{Name: "trend", Kind: table.Chart},
		},
		Rows: [][]any{
			{"doc-search", money("12345.678900000001"), int64(math.MaxInt64), 16.349, at, at, true, money("1e3"), money("0.000000000000000125"), "▁▂"},
			{"=SUM('x')\n客户\xff", money("-99999999999999999999999999.999999999999"), int64(-1), math.NaN(), nil, nil, false, money("0"), money("-1.5"), "▂▁"},
			{nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
		},
		Totals:  []any{nil, money("1"), nil, nil, nil, nil, nil, nil, nil, nil},
		Notes:   []string{"modal's bill is missing", "second"},
		Details: []table.Table{{Report: "gaps", Columns: []table.Column{{Name: "x"}}}},
	}
}

// read writes a table, and reads the file as DuckDB does: each column with its type, and each row as text.
func read(t *testing.T, tab table.Table) (columns, rows []string, file string) {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, table.Options{}, tab); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range query(t, "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(?))", file) {
		columns = append(columns, strings.Join(c, " "))
	}
	for _, r := range query(t, "SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", file) {
		rows = append(rows, strings.Join(r, "|"))
	}
	return columns, rows, file
}

// query is the rows of an answer; NULL is ∅.
func query(t *testing.T, query string, args ...any) [][]string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		cells, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, c := range cells {
			if row[i] = c.String; !c.Valid {
				row[i] = "∅"
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	columns, rows, file := read(t, spend())
	same(t, columns, []string{
		"use_case VARCHAR", "billed_cost DECIMAL(38,12)", "requests BIGINT", "share_percent DOUBLE", "day DATE", "at TIMESTAMP",
		"known BOOLEAN", "quantity DECIMAL(38,12)", "per_ticket DECIMAL(38,18)",
	})
	same(t, rows, []string{
		"doc-search|12345.678900000001|9223372036854775807|16.349|2026-10-31|2026-10-30 23:30:00.123456|true|1000.000000000000|0.000000000000000125",
		"=SUM('x')\n客户\ufffd|-99999999999999999999999999.999999999999|-1|∅|∅|∅|false|0.000000000000|-1.500000000000000000",
		"∅|∅|∅|∅|∅|∅|∅|∅|∅",
	})
	var facts []string
	for _, pair := range query(t, "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", file) {
		facts = append(facts, pair[0]+"="+pair[1])
	}
	same(t, facts, []string{
		"report=spend", "title=What it's for, 2026-10", "month=2026-10", "currency=USD", "dimensions=use-case,team", "coverage_percent=94.1",
		"charges=12", "complete=true", "short=3.50", "notes=modal's bill is missing\nsecond",
	})
}

// TestScale: decimals give way to a whole part that needs the room, and come back where a value has more of them.
func TestScale(t *testing.T) {
	for _, test := range []struct {
		values []string
		want   string
	}{
		{nil, "DECIMAL(38,12)"},
		{[]string{"0"}, "DECIMAL(38,12)"},
		{[]string{"1.50000000000000000000"}, "DECIMAL(38,12)"},
		{[]string{"0.0000000000001"}, "DECIMAL(38,13)"},
		{[]string{strings.Repeat("9", 27)}, "DECIMAL(38,11)"},
		{[]string{"-" + strings.Repeat("9", 38)}, "DECIMAL(38,0)"},
		{[]string{"0." + strings.Repeat("9", 38)}, "DECIMAL(38,38)"},
		{[]string{"-1.5", strings.Repeat("9", 37) + ".1"}, "DECIMAL(38,1)"},
	} {
		tab := table.Table{Report: "query", Columns: []table.Column{{Name: "x", Kind: table.Number}}}
		var want []string
		for _, v := range test.values {
			tab.Rows = append(tab.Rows, []any{money(v)})
			want = append(want, money(v).String())
		}
		columns, rows, _ := read(t, tab)
		same(t, columns, []string{"x " + test.want})
		for i, r := range rows {
			rows[i] = money(r).String()
		}
		same(t, rows, want)
	}
}

func TestEmpty(t *testing.T) {
	tab := spend()
	tab.Rows = nil
	columns, rows, _ := read(t, tab)
	if len(columns) != 9 || len(rows) != 0 {
		t.Errorf("columns %q, rows %q", columns, rows)
	}
}

// TestBareTable has nothing to say of itself.
func TestBareTable(t *testing.T) {
	if columns, _, _ := read(t, table.Table{Columns: []table.Column{{Name: "x"}}}); len(columns) != 1 {
		t.Errorf("columns %q", columns)
	}
}

func TestOddNames(t *testing.T) {
	names := []string{`a "b"`, "SELECT", "x'; DROP TABLE answer; --", "客户", "tag.use-case", "a\nb", " ", "schema.table"}
	tab := table.Table{Report: "it's \"odd\"", Facts: []table.Fact{{Name: "a 'b' \"c\"", Value: "{x}"}}, Rows: [][]any{nil}}
	for i, name := range names {
		tab.Columns = append(tab.Columns, table.Column{Name: name})
		tab.Rows[0] = append(tab.Rows[0], fmt.Sprint(i))
	}
	columns, rows, _ := read(t, tab)
	for i, name := range names {
		if columns[i] != name+" VARCHAR" {
			t.Errorf("column %q is written as %q", name, columns[i])
		}
	}
	same(t, rows, []string{"0|1|2|3|4|5|6|7"})
}

func TestRefusals(t *testing.T) {
	number := func(values ...string) table.Table {
		tab := table.Table{Report: "query", Columns: []table.Column{{Name: "x", Kind: table.Number}}}
		for _, v := range values {
			tab.Rows = append(tab.Rows, []any{money(v)})
		}
		return tab
	}
	for name, test := range map[string]struct {
		tables []table.Table
		want   string
	}{
		"none":       {nil, "a parquet file holds one table, and here are 0; export them one by one"},
		"two":        {[]table.Table{spend(), spend()}, "a parquet file holds one table, and here are 2; export them one by one"},
		"malformed":  {[]table.Table{{Report: "spend", Columns: []table.Column{{Name: "a"}}, Rows: [][]any{{1}}}}, "table spend: row 1: column a: int is no text"},
		"no columns": {[]table.Table{{Report: "spend"}}, "table spend has no columns: parquet cannot hold it"},
		"charts":     {[]table.Table{{Report: "spend", Columns: []table.Column{{Name: "a", Kind: table.Chart}}}}, "table spend has no columns: parquet cannot hold it"},
		"case":       {[]table.Table{{Report: "query", Columns: []table.Column{{Name: "Cost"}, {Name: "cost"}}}}, `table query: columns "Cost" and "cost" are one in parquet; name one of them otherwise`},
		"digits": {[]table.Table{number("0.00000000000000000001", "1234567890123456789", "1")},
			"table query: column x: 1234567890123456789 and the values beside it need 39 digits, and parquet has 38"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := parquet.Write(&b, table.Options{}, test.tables...); err == nil || err.Error() != test.want || b.Len() > 0 {
				t.Errorf("%d bytes, error %v, want %s", b.Len(), err, test.want)
			}
		})
	}
}

// full is a disk that is.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk is full") }

func TestWriterFails(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	if err := parquet.Write(full{}, table.Options{}, spend()); err == nil || err.Error() != "disk is full" {
		t.Errorf("error %v", err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}

// TestSameBytes: more rows than a row group has, which DuckDB writes in parallel.
func TestSameBytes(t *testing.T) {
	tab := spend()
	for i := range 150_000 {
		row := append([]any{}, tab.Rows[0]...)
		row[0], row[2] = fmt.Sprintf("use-case-%d", i%977), int64(i)
		tab.Rows = append(tab.Rows, row)
	}
	var first, second bytes.Buffer
	if err := errors.Join(parquet.Write(&first, table.Options{}, tab), parquet.Write(&second, table.Options{Locale: table.Locale{Decimal: ","}}, tab)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same table gave other bytes")
	}
}

// TestKeepsEveryDigit: whatever the amounts are, they come back as they were.
func TestKeepsEveryDigit(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value
	all := checks.String()
	t.Cleanup(func() { _ = checks.Set(all) })
	if err := checks.Set("20"); err != nil { // each opens two databases
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		tab := table.Table{Report: "query", Rows: make([][]any, rapid.IntRange(1, 4).Draw(r, "rows"))}
		want := make([][]string, len(tab.Rows))
		for i := range rapid.IntRange(1, 8).Draw(r, "columns") {
			tab.Columns = append(tab.Columns, table.Column{Name: fmt.Sprintf("x%d", i), Kind: table.Money})
			for j := range tab.Rows {
				d := decimal.New(rapid.Int64().Draw(r, "units"), rapid.Int32Range(-18, 0).Draw(r, "exponent"))
				tab.Rows[j] = append(tab.Rows[j], d)
				want[j] = append(want[j], d.String())
			}
		}
		_, rows, _ := read(t, tab)
		got := make([][]string, len(rows))
		for j, row := range rows {
			for cell := range strings.SplitSeq(row, "|") {
				got[j] = append(got[j], money(cell).String())
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatal(diff)
		}
	})
}
