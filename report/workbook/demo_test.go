package workbook_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aifinops/aifinops/report/workbook"
	"github.com/xuri/excelize/v2"
)

// The workbook of the demo: its sheets, a tie-out that reads 0.00 on each, and not one formula that LibreOffice makes another number of.
func TestDemo(t *testing.T) {
	demo := os.Getenv("AIFINOPS_DEMO")
	if demo == "" {
		t.Skip("AIFINOPS_DEMO does not name the folder in which `aifinops demo DIR` has made the company")
	}
	file := filepath.Join(demo, "ai-spend-2026-10.xlsx")
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
	definitions, err := f.GetRows("Definitions")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range definitions[5:] { // below the heading
		if len(row) < 3 || row[2] == "" {
			t.Errorf("Definitions, row %d: nobody has said what %q is: report/definitions.yaml", i+6, row)
		}
	}
	again := workbook.Recomputed(t, file)
	formulas, off := workbook.Compared(t, file, again[0])
	if off != "" || formulas < 300 {
		t.Errorf("%d formulas; %s", formulas, off)
	}
}
