package workbook

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

// What does not tie is not written, not even in part.
func TestRefuse(t *testing.T) {
	broken := errors.New("the database is gone")
	use := func(b *Workbook, n int) *Sheet { return &b.Sheets[n] }
	for _, tc := range []struct {
		name   string
		change func(*Workbook)
		want   string
		untied bool
	}{
		{"ledger", func(b *Workbook) { b.Ledger.Billed = b.Ledger.Billed.Add(dollars("0.000000000001")) },
			"sheet Use cases: billed_cost is 23318.327345678901, and the ledger's 23318.327345678902", true},
		{"billed alone", func(b *Workbook) { use(b, 0).Tie = &Tie{Column: "billed_cost"} },
			"sheet Use cases: billed_cost is 23318.327345678901, and the ledger's 23218.327345678901", true},
		{"rows do not add up", func(b *Workbook) { use(b, 0).Table.Rows = use(b, 0).Table.Rows[1:] },
			"sheet Use cases: the rows of billed_cost do not add up to its total", false},
		{"empty sheet", func(b *Workbook) { use(b, 4).Tie = &Tie{Column: "billed_cost"} },
			"sheet Reliance: billed_cost is 0, and the ledger's 23218.327345678901", true},
		{"summary", func(b *Workbook) { b.Summary.Rows[0][1] = dollars("1") },
			"summary: prior_cost: sheet Use cases: prior_cost is 18926.29, and the summary's 1", true},
		{"summary's total", func(b *Workbook) { b.From["prior_cost"] = Cell{Sheet: "Use cases", Column: "change"} },
			"summary: prior_cost: sheet Use cases: change is 4392.037345678901, and the summary's 18926.29", true},
		{"no such sheet", func(b *Workbook) { b.From["prior_cost"] = Cell{Sheet: "Use", Column: "change"} }, "summary: prior_cost: there is no sheet Use", false},
		{"no such total", func(b *Workbook) { b.From["prior_cost"] = Cell{Sheet: "Gates", Column: "gate"} }, "summary: prior_cost: sheet Gates has no total of gate", false},
		{"summary's row", func(b *Workbook) { b.Summary.Rows[0][6] = dollars("2059.36") },
			"summary: unattributed: sheet Use cases: billed_cost is 2059.35, and the summary's 2059.36", true},
		{"summary's percentage", func(b *Workbook) { b.Summary.Rows[0][8] = 29.75 },
			"summary: search_percent: sheet Use cases: share_percent is 29.751758103543837255096479791856, and the summary's 29.75", true},
		{"no such figure", func(b *Workbook) { b.Summary.Rows[0][12] = 1.0 }, "summary: new_percent: sheet Use cases has no figure in lead-scoring of change_percent", false},
		{"no such column in a row", func(b *Workbook) {
			b.From["unattributed"] = Cell{Sheet: "Use cases", Row: "(unattributed)", Column: "cost"}
		},
			"summary: unattributed: sheet Use cases has no figure in (unattributed) of cost", false},
		{"rows checked, total not", func(b *Workbook) { use(b, 0).Tie = nil }, "sheet Use cases: its rows are checked, but no total", false},
		{"no such column", func(b *Workbook) { b.From["prior"] = Cell{Sheet: "Gates", Column: "gate"} }, "summary: there is no column prior", false},
		{"no such tie", func(b *Workbook) { use(b, 3).Tie = &Tie{Column: "cost"} }, "sheet Gates: there is no column cost", false},
		{"no row", func(b *Workbook) { use(b, 5).Rows.Rows = failing(use(b, 5).Rows.Rows, 17, nil) },
			"sheet Allocation detail: row 18 of the stream: table allocation: row 1: 0 cells for 5 columns", false},
		{"fewer rows", func(b *Workbook) { use(b, 5).Rows.Count++ }, "sheet Allocation detail: there are fewer rows than were announced", false},
		{"more rows", func(b *Workbook) { use(b, 5).Rows.Count-- }, "sheet Allocation detail: there are more than the 26 rows that were announced", false},
		{"streamed total is another", func(b *Workbook) { use(b, 5).Table.Totals = []any{nil, nil, nil, nil, int64(1)} }, "sheet Allocation detail: requests is 27, and its total 1", true},
		{"a row of another", func(b *Workbook) {
			rows := use(b, 5).Rows.Rows
			use(b, 5).Rows.Rows = func(yield func([]any, error) bool) {
				for row, err := range rows {
					if row[0] == "(unattributed)" {
						row[0] = "doc-search"
					}
					if !yield(row, err) {
						return
					}
				}
			}
		}, "sheet Use cases: billed_cost of doc-search is 6937.612345678901, and the rows of Allocation detail make 8996.962345678901", true},
		{"rows fail", func(b *Workbook) { use(b, 5).Rows.Rows = failing(use(b, 5).Rows.Rows, 20, broken) }, "sheet Allocation detail: the database is gone", false},
		{"rows of another kind", func(b *Workbook) { use(b, 5).Table.Columns[1].Kind = table.Money }, "sheet Allocation detail: row 1 of the stream: table allocation: row 1: column provider: string is no money", false},
		{"circle", func(b *Workbook) {
			c := use(b, 0).Table.Columns
			c[1].Of = []table.Derivation{{Op: table.Sum, Of: []string{"change", "prior_cost"}}}
		}, "table spend: columns that derive from themselves", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := month()
			tc.change(&b)
			var out bytes.Buffer
			err := b.Write(&out)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
			if untied := new(UntiedError); errors.As(err, &untied) != tc.untied {
				t.Errorf("untied: %t", !tc.untied)
			}
			if out.Len() > 0 {
				t.Errorf("%d bytes are written", out.Len())
			}
		})
	}
}

// A month without anything is a workbook too, and a drawing of nothing is none.
func TestNothing(t *testing.T) {
	s := spend()
	s.Drawing.Points = nil
	empty := func() table.Table {
		e := spend()
		e.Rows, e.Totals, e.Columns = nil, nil, e.Columns[:1]
		e.Details = []table.Table{{Report: "more", Drawing: &table.Drawing{Points: []string{"gone"}}}}
		return e
	}
	rows, _ := detail(1)
	stream := &Stream{Rows: func(func([]any, error) bool) {}}
	b := Workbook{
		Title: "Nothing", Currency: "USD",
		Summary: table.Table{Report: "summary", Columns: []table.Column{{Name: "billed_cost", Kind: table.Money}, {Name: "unknown", Kind: table.Money}}, Rows: [][]any{{dollars("0"), nil}}},
		From:    map[string]Cell{"billed_cost": {Sheet: "Use cases", Column: "billed_cost"}, "unknown": {Sheet: "Use cases", Row: "a", Column: "billed_cost"}},
		Sheets: []Sheet{
			{Name: "Use cases", Table: empty(), Tie: &Tie{Column: "billed_cost"}, Check: &Check{Key: "use_case", Column: "billed_cost"}},
			{Name: "Undrawn", Table: s},
			{Name: "Detail", Table: rows, Rows: stream, Tie: &Tie{Column: "billed_cost"}},
		},
	}
	_, f := written(t, b.Write)
	for cell, want := range map[string]string{"A5": nothing, "B3": "0.00"} {
		if got, err := f.GetCellValue("Use cases", cell); err != nil || got != want {
			t.Errorf("%s is %q, not %q: %v", cell, got, want, err)
		}
	}
	if got, err := f.GetCellFormula("Detail", "D5"); err != nil || got != "SUM(D7:D7)" {
		t.Errorf("without rows the total is %s: %v", got, err)
	}
	written(t, func(w io.Writer) error { return Write(w, table.Options{}, s, empty()) })
	if b.Sheets[1].Table.Drawing == nil {
		t.Error("the caller's table has lost its drawing")
	}
	b.Ledger.Billed = dollars("0.01")
	if err := b.Write(io.Discard); err == nil || err.Error() != "sheet Use cases: billed_cost is 0, and the ledger's 0.01" {
		t.Error(err)
	}
}

// SUMIFS is asked for nothing that it would take for something else.
func TestPlain(t *testing.T) {
	for key, want := range map[string]bool{"doc-search": true, "CC-410": true, "(none)": true, "Ökologie": true, "truest": true,
		"": false, "0815": false, "815": false, "1-2": false, "(5)": false, "-5": false, "=a": false, "<a": false, "True": false, "FALSE": false, "a*": false, "a?": false, "a~": false, strings.Repeat("a", 255): false} {
		if plain(key) != want {
			t.Errorf("%q is plain: %t", key, !want)
		}
	}
}
