package workbook

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// keys are cost centres that are a spreadsheet's numbers, dates and truths, or nearly each other.
var keys = []string{"0815", "815", "815.0", "8.15e2", "TRUE", "true", "1-2", "01-02", "(5)", "-5", "CC-410", "cc-41?", ">5", "<>", "", "(none)",
	"straße", "strasse", "k", "\u212a", "C1", "C1\u200b", "caf\u00e9", "cafe\u0301"}

// alike are cost centres that look the same in their cells, and some between them that do not.
var alike = []string{"C1", "C1\u202e", "c1", "CC 1", "CC\u00a01", "other", strings.Repeat("x", 40000) + "1", strings.Repeat("x", 40000) + "2", "(special)", "(special)", "C1 "}

// Rows that look the same have no formula and are no reason to refuse; the others have theirs.
func TestAlike(t *testing.T) {
	_, f := written(t, keyed(alike...).Write)
	var got []string
	for i := range alike {
		again, off := cellName(3, 6+i), cellName(4, 6+i)
		formula, err := f.GetCellFormula("Budget", again)
		check(t, err)
		value, err := f.GetCellValue("Budget", again, excelize.Options{RawCellValue: true})
		check(t, err)
		difference, err := f.GetCellValue("Budget", off)
		check(t, err)
		formula, _, _ = strings.Cut(formula, "(")
		got = append(got, strings.TrimSpace(formula+" "+value+", "+difference))
	}
	want := []string{"n/a, n/a", "n/a, n/a", "SUMPRODUCT 0.000001, EUR 0.00", "n/a, n/a", "n/a, n/a", "SUMIFS 0.001, EUR 0.00", "n/a, n/a", "n/a, n/a", "n/a, n/a", "n/a, n/a", "SUMIFS 100, EUR 0.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for cell, want := range map[string]string{"C17": "", "D17": "ROUND(2*SUMIF(D6:D16,\">0\")-SUM(D6:D16),2)"} {
		if formula, err := f.GetCellFormula("Budget", cell); err != nil || formula != want {
			t.Errorf("%s: got %s, want %s: %v", cell, formula, want, err)
		}
	}
	note, err := f.GetCellValue("Budget", "A20")
	check(t, err)
	if !strings.HasPrefix(note, "Lines whose names look the same") {
		t.Errorf("the note is %q", note)
	}
}

// Rows that look the same are checked all the same, each by its own key, and those of one key together.
func TestAlikeUntied(t *testing.T) {
	for _, tc := range []struct {
		name     string
		from, to int // of the sheet's rows: 0.01 moves
		want     string
	}{
		{"one for the other", 0, 1, "sheet Budget: billed_cost of C1 is -0.00999999, and the rows of Detail make 0.00000001"},
		{"of a key that is there twice", 8, 5, "sheet Budget: billed_cost of other is 0.011, and the rows of Detail make 0.001"},
		{"within that key", 8, 9, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := keyed(alike...)
			rows := slices.Clone(b.Sheets[0].Table.Rows)
			for i, sign := range map[int]int64{tc.from: -1, tc.to: 1} {
				rows[i] = []any{rows[i][0], rows[i][1].(decimal.Decimal).Add(decimal.New(sign, -2))}
			}
			b.Sheets[0].Table.Rows = rows
			var out bytes.Buffer
			err := b.Write(&out)
			if tc.want == "" {
				check(t, err)
				return
			}
			if untied := new(UntiedError); !errors.As(err, &untied) || err.Error() != tc.want || out.Len() > 0 {
				t.Errorf("got  %v, %d bytes\nwant %s", err, out.Len(), tc.want)
			}
		})
	}
}

// Keys are text.
func TestKeysOfAnotherKind(t *testing.T) {
	b := keyed("a")
	b.Sheets[0].Check.Key = "billed_cost"
	if err := b.Write(io.Discard); err == nil || err.Error() != "sheet Budget: billed_cost is no text to check rows by" {
		t.Error(err)
	}
}
