package workbook

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/aifinops/aifinops/report/table"
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
		{"split", func(w io.Writer) error { return monthOf(8).write(w, 42) }, 80, ""},
		{"arithmetic", func(w io.Writer) error { return Write(w, table.Options{}, arithmetic()) }, 30, ""},
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
		})
	}
}

// Recomputed is workbooks after LibreOffice has computed every formula anew. Without LibreOffice the test is skipped.
func Recomputed(t *testing.T, files ...string) (again []string) {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: nobody computes the formulas anew")
	}
	dir := t.TempDir()
	profile := filepath.Join(dir, "profile")
	check(t, os.MkdirAll(filepath.Join(profile, "user"), 0o755))
	check(t, os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(always), 0o644))
	args := []string{"-env:UserInstallation=file://" + profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", dir}
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
			n := derive(d.Op, []decimal.Decimal{x, y})
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
