package workbook

import (
	"bytes"
	"errors"
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
		{"summary's total", func(b *Workbook) { b.From["prior_cost"] = Cell{"Use cases", "change"} },
			"summary: prior_cost: sheet Use cases: change is 4392.037345678901, and the summary's 18926.29", true},
		{"no such sheet", func(b *Workbook) { b.From["prior_cost"] = Cell{"Use", "change"} }, "summary: prior_cost: there is no sheet Use", false},
		{"no such total", func(b *Workbook) { b.From["prior_cost"] = Cell{"Gates", "gate"} }, "summary: prior_cost: sheet Gates has no total of gate", false},
		{"no such column", func(b *Workbook) { b.From["prior"] = Cell{"Gates", "gate"} }, "summary: there is no column prior", false},
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
