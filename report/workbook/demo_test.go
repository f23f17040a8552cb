package workbook_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/cmd"
	"github.com/aifinops/aifinops/report/workbook"
	"github.com/xuri/excelize/v2"
)

// The workbook of the demo: its sheets, a tie-out that reads 0.00 on each, and not one formula that LibreOffice makes another number of.
func TestDemo(t *testing.T) {
	if os.Getenv("AIFINOPS_LONG") != "1" {
		t.Skip("takes half a minute: AIFINOPS_LONG=1 runs it")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "october.xlsx")
	for _, args := range [][]string{{"demo", dir}, {"--config", filepath.Join(dir, "aifinops.yaml"), "--as-of", "2026-11-15", "export", file}} {
		var talk bytes.Buffer
		if code := cmd.Main(args, strings.NewReader(""), io.Discard, &talk); code != 0 {
			t.Fatalf("%v ends with %d\n%s", args, code, &talk)
		}
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := []string{"Summary", "Budget line", "Use cases", "Models", "Unit metrics", "Gates", "Decisions", "Reconciliation", "Coverage", "Trend", "Reliance", "Allocation detail", "Provenance", "Definitions"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %v", got)
	}
	for _, sheet := range want {
		label, err := f.GetCellValue(sheet, "A3")
		if err != nil {
			t.Fatal(err)
		}
		tie, err := f.GetCellValue(sheet, "B3", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		formula, err := f.GetCellFormula(sheet, "B3")
		if err != nil {
			t.Fatal(err)
		}
		if label != "Tie-out" || tie != "0" || formula == "" {
			t.Errorf("%s: %q is %q by %q", sheet, label, tie, formula)
		}
	}
	again := workbook.Recomputed(t, file)
	formulas, off := workbook.Compared(t, file, again[0])
	if off != "" || formulas < 300 {
		t.Errorf("%d formulas; %s", formulas, off)
	}
}
