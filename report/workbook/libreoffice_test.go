package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// always has LibreOffice compute every formula of a workbook anew when it opens one; by itself it believes some of the numbers.
const always = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// Every number that is stored beside a formula is what LibreOffice makes of it; and a number that is not is found.
func TestLibreOffice(t *testing.T) {
	dir := t.TempDir()
	books := []struct {
		name  string
		write func(io.Writer) error
		least int // formulas
		off   string
	}{
		{"month", month().Write, 80, ""},
		{"split", func(w io.Writer) error { return monthOf(8).write(w, 43) }, 80, ""},
		{"arithmetic", func(w io.Writer) error { return Write(w, table.Options{}, arithmetic()) }, 30, ""},
		{"keys", func(w io.Writer) error { return keyed(keys...).write(w, 60) }, 30, ""},
		{"alike", keyed(alike...).Write, 20, ""},
		{"moved", moved, 80, "Summary!B3: 0 is stored, and SUMPRODUCT(ABS(E30:F31)) is 20"},
		{"wrong", wrong, 2, "Sheet1!A2: 3 is stored, and 1+1 is 2"},
	}
	var files []string
	for _, b := range books {
		f, err := os.Create(filepath.Join(dir, b.name+".xlsx"))
		check(t, err)
		check(t, b.write(f))
		check(t, f.Close())
		files = append(files, f.Name())
	}
	again := Recomputed(t, files...)
	for i, b := range books {
		t.Run(b.name, func(t *testing.T) {
			formulas, off := Compared(t, files[i], again[i])
			if formulas < b.least {
				t.Errorf("%d formulas", formulas)
			}
			if off != b.off {
				t.Errorf("got %q, want %q", off, b.off)
			}
			if b.name == "moved" {
				if tie := tieOut(t, again[i], "Use cases"); tie != 20 {
					t.Errorf("the sheet ties to %v", tie)
				}
			}
		})
	}
}

// What rounds to nothing is shown without a sign.
func TestShownAmounts(t *testing.T) {
	tab := table.Table{Report: "amounts", Columns: []table.Column{{Name: "amount", Kind: table.Money}, {Name: "each", Kind: table.Unit}, {Name: "percent", Kind: table.Percent}}, Facts: []table.Fact{{Name: "currency", Value: "USD"}}}
	for _, s := range []string{"1234.5", "0.0009", "0", "-0.0009", "-0.0049", "-0.005", "-1234.5"} {
		tab.Rows = append(tab.Rows, []any{dollars(s), dollars(s), 10 * dollars(s).InexactFloat64()})
	}
	file := filepath.Join(t.TempDir(), "amounts.xlsx")
	f, err := os.Create(file)
	check(t, err)
	check(t, Write(f, table.Options{}, tab))
	check(t, f.Close())
	b, err := os.ReadFile(strings.TrimSuffix(converted(t, "html", file)[0], "xlsx") + "html")
	check(t, err)
	var got []string
	for _, cell := range regexp.MustCompile(`(?s)<td[^>]*sdval.*?</td>`).FindAllString(string(b), -1) {
		got = append(got, strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(cell, "")))
	}
	want := []string{"USD 1,234.50", "USD 1,234.50", "12345.0%", "USD 0.00", "USD 0.0009", "0.0%", "USD 0.00", "USD 0.00", "0.0%", "USD 0.00", "-USD 0.0009", "0.0%",
		"USD 0.00", "-USD 0.0049", "0.0%", "-USD 0.01", "-USD 0.005", "-0.1%", "-USD 1,234.50", "-USD 1,234.50", "-12345.0%"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Recomputed is workbooks after LibreOffice has computed every formula anew. Without LibreOffice the test is skipped.
func Recomputed(t *testing.T, files ...string) (again []string) {
	t.Helper()
	return converted(t, "xlsx:Calc MS Excel 2007 XML", files...)
}

// converted is workbooks as LibreOffice writes them in a format; the name of the file says xlsx all the same.
func converted(t *testing.T, format string, files ...string) (again []string) {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: nobody computes the formulas anew")
	}
	dir := t.TempDir()
	profile := filepath.Join(dir, "profile")
	check(t, os.MkdirAll(filepath.Join(profile, "user"), 0o755))
	check(t, os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(always), 0o644))
	args := []string{"-env:UserInstallation=file://" + profile, "--headless", "--convert-to", format, "--outdir", dir}
	if out, err := exec.CommandContext(t.Context(), soffice, append(args, files...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, f := range files {
		again = append(again, filepath.Join(dir, filepath.Base(f)))
	}
	return again
}

// Compared is the first formula whose number is another after LibreOffice had it.
func Compared(t *testing.T, before, after string) (formulas int, off string) {
	t.Helper()
	stored, err := excelize.OpenFile(before)
	check(t, err)
	computed, err := excelize.OpenFile(after)
	check(t, err)
	for _, sheet := range stored.GetSheetList() {
		rows, err := stored.GetRows(sheet)
		check(t, err)
		for i := range rows {
			for j := range rows[i] {
				cell := cellName(j+1, i+1)
				formula, err := stored.GetCellFormula(sheet, cell)
				check(t, err)
				if formula == "" {
					continue
				}
				formulas++
				was, is := float(t, stored, sheet, cell), float(t, computed, sheet, cell)
				if off == "" && !(math.Abs(was-is) <= 1e-9*max(1, math.Abs(was))) {
					off = fmt.Sprintf("%s!%s: %v is stored, and %s is %v", sheet, cell, was, formula, is)
				}
			}
		}
	}
	check(t, stored.Close())
	check(t, computed.Close())
	return formulas, off
}

// tieOut is what a sheet's tie-out reads.
func tieOut(t *testing.T, file, sheet string) float64 {
	t.Helper()
	f, err := excelize.OpenFile(file)
	check(t, err)
	defer f.Close()
	return float(t, f, sheet, "B3")
}

// float is not a number where the cell is none, such as an error.
func float(t *testing.T, f *excelize.File, sheet, cell string) float64 {
	t.Helper()
	text, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	check(t, err)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// moved is a workbook in which somebody has moved 10 from one row to another: the total stays.
func moved(w io.Writer) error {
	var b bytes.Buffer
	if err := month().Write(&b); err != nil {
		return err
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		return err
	}
	for cell, amount := range map[string]float64{"B7": 5908.57 + 10, "B8": 3808.64 - 10} {
		if err := f.SetCellValue("Use cases", cell, amount); err != nil {
			return err
		}
	}
	return errors.Join(f.Write(w), f.Close())
}

// keyed is a workbook by cost centre: each costs ten times the one before.
func keyed(names ...string) Workbook {
	t := table.Table{Report: "budget", Columns: []table.Column{{Name: "cost_center"}, {Name: "billed_cost", Kind: table.Money}}}
	all := decimal.Zero
	for i, name := range names {
		amount := decimal.New(1, int32(i-8))
		t.Rows = append(t.Rows, []any{name, amount})
		all = all.Add(amount)
	}
	rows := slices.Clone(t.Rows)
	t.Totals = []any{nil, all}
	tie := &Tie{Column: "billed_cost"}
	return Workbook{Title: "Keys", Currency: "EUR", Ledger: Ledger{Billed: all},
		Summary: table.Table{Report: "summary", Columns: []table.Column{{Name: "billed_cost", Kind: table.Money}}, Rows: [][]any{{all}}},
		Sheets: []Sheet{{Name: "Budget", Table: t, Tie: tie, Check: &Check{Key: "cost_center", Column: "billed_cost"}},
			{Name: "Detail", Table: table.Table{Report: "detail", Columns: t.Columns}, Tie: tie, Rows: &Stream{Count: int64(len(rows)), Rows: func(yield func([]any, error) bool) {
				for _, row := range rows {
					if !yield(row, nil) {
						return
					}
				}
			}}}}}
}

// wrong is a workbook that claims that 1 and 1 are 3.
func wrong(w io.Writer) error {
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for row, claim := range []float64{2, 3} {
		if err := s.SetRow(cellName(1, row+1), []any{excelize.Cell{Formula: "1+1", Value: claim}}); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// arithmetic is every derivation of every kind of column, percentages among others too.
func arithmetic() table.Table {
	t := table.Table{Report: "arithmetic", Title: "Arithmetic", Columns: []table.Column{{Name: "case"}, {Name: "a", Kind: table.Money}, {Name: "b", Kind: table.Number}, {Name: "p", Kind: table.Percent}, {Name: "q", Kind: table.Percent}}}
	of := map[string][]string{"money": {"a", "b"}, "percent": {"p", "q"}, "both": {"p", "b"}, "money and percent": {"a", "q"}}
	ops := []table.Op{table.Sum, table.Difference, table.Quotient, table.PercentOf, table.Growth, table.Share}
	for _, name := range []string{"money", "percent", "both", "money and percent"} {
		for _, kind := range []table.Kind{table.Number, table.Percent} {
			for _, op := range ops {
				if op == table.Share && name != "money" {
					continue // a total of percentages is none
				}
				operands := of[name]
				if op == table.Share {
					operands = operands[:1]
				}
				t.Columns = append(t.Columns, table.Column{Name: fmt.Sprintf("%s %s %d", name, kind, op), Kind: kind, Of: []table.Derivation{{Op: op, Of: operands}}})
			}
		}
	}
	row := func(name, a, b string, p, q float64) []any {
		cells := []any{name, dollars(a), dollars(b), p, q}
		for _, c := range t.Columns[5:] {
			d := c.Of[0]
			x, y := numeric(cells[column(t, d.Of[0])]).Decimal, dollars("16.5") // the total of a
			if d.Op != table.Share {
				y = numeric(cells[column(t, d.Of[1])]).Decimal
			}
			n := d.Op.Compute(x, y)
			if c.Kind == table.Percent {
				cells = append(cells, n.InexactFloat64())
			} else {
				cells = append(cells, n)
			}
		}
		return cells
	}
	t.Rows = [][]any{row("one", "12.25", "3", 40.5, 8), row("two", "4.25", "7.125", -12.5, 33.25)}
	t.Totals = make([]any, len(t.Columns))
	t.Totals[1], t.Totals[2] = dollars("16.5"), dollars("10.125")
	return t
}
