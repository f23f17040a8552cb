package workbook

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the expected files anew")

// written is the bytes of a workbook, and the workbook read back.
func written(t *testing.T, write func(io.Writer) error) ([]byte, *excelize.File) {
	t.Helper()
	var b bytes.Buffer
	check(t, write(&b))
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	check(t, err)
	t.Cleanup(func() { check(t, f.Close()) })
	return b.Bytes(), f
}

// What a workbook says: every cell with its formula, number and format, tables, panes, conditions, charts.
func TestMeaning(t *testing.T) {
	for _, tc := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"month", month().Write},
		{"split", func(w io.Writer) error { return monthOf(8).write(w, 43) }},
		{"format", func(w io.Writer) error { return Write(w, table.Options{}, spend(), trend(), spend()) }},
		{"nothing", func(w io.Writer) error { return Write(w, table.Options{}) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, f := written(t, tc.write)
			got := meaning(t, b, f)
			golden := filepath.Join("testdata", tc.name+".txt")
			if *update {
				check(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			check(t, err)
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got; -update accepts)\n%s", diff)
			}
		})
	}
}

func meaning(t *testing.T, b []byte, f *excelize.File) string {
	t.Helper()
	var out strings.Builder
	p, err := f.GetDocProps()
	check(t, err)
	fmt.Fprintf(&out, "title %q, created %s, modified %s, by %s, %q\n", p.Title, p.Created, p.Modified, p.Creator, p.Description)
	for _, n := range f.GetDefinedName() {
		fmt.Fprintf(&out, "name %s: %s\n", n.Name, n.RefersTo)
	}
	for _, sheet := range f.GetSheetList() {
		fmt.Fprintf(&out, "\n== %s\n", sheet)
		sheetMeaning(t, &out, f, sheet)
	}
	for _, part := range parts(t, b) {
		if strings.HasPrefix(part.Name, "xl/charts/chart") {
			fmt.Fprintf(&out, "\n%s\n", part.Name)
			for _, m := range regexp.MustCompile(`<(?:c:)?f>([^<]*)</|<(c:)?(lineChart|barChart)>`).FindAllStringSubmatch(content(t, part), -1) {
				fmt.Fprintf(&out, "%s%s\n", m[1], m[3])
			}
		}
	}
	return out.String()
}

func sheetMeaning(t *testing.T, out *strings.Builder, f *excelize.File, sheet string) {
	t.Helper()
	panes, err := f.GetPanes(sheet)
	check(t, err)
	fmt.Fprintf(out, "frozen above %s; ", panes.TopLeftCell)
	layout, err := f.GetPageLayout(sheet)
	check(t, err)
	footer, err := f.GetHeaderFooter(sheet)
	check(t, err)
	fmt.Fprintf(out, "%s, paper %d, %d wide, %q\n", *layout.Orientation, *layout.Size, *layout.FitToWidth, footer.OddFooter)
	tables, err := f.GetTables(sheet)
	check(t, err)
	for _, table := range tables {
		fmt.Fprintf(out, "table %s %s %s\n", table.Name, table.Range, table.StyleName)
	}
	formats, err := f.GetConditionalFormats(sheet)
	check(t, err)
	var conditions []string
	for cells, options := range formats {
		for _, o := range options {
			conditions = append(conditions, fmt.Sprintf("condition %s %s\n", cells, o.Criteria))
		}
	}
	slices.Sort(conditions)
	out.WriteString(strings.Join(conditions, ""))
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	check(t, err)
	for i, row := range rows {
		for j := range row {
			if text := cellMeaning(t, f, sheet, cellName(j+1, i+1)); text != "" {
				fmt.Fprintf(out, "%-4s %s\n", cellName(j+1, i+1), text)
			}
		}
	}
}

// cellMeaning is "SUM(B2:B9)" -> 12.5 [format].
func cellMeaning(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	value, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	check(t, err)
	formula, err := f.GetCellFormula(sheet, cell)
	check(t, err)
	kind, err := f.GetCellType(sheet, cell)
	check(t, err)
	if kind == excelize.CellTypeInlineString {
		value = fmt.Sprintf("%q", value)
	}
	if formula != "" {
		value = "=" + formula + " -> " + value
	}
	id, err := f.GetCellStyle(sheet, cell)
	check(t, err)
	style, err := f.GetStyle(id)
	check(t, err)
	if value != "" && style.CustomNumFmt != nil {
		value += "  [" + *style.CustomNumFmt + "]"
	}
	return value
}

func parts(t *testing.T, b []byte) []*zip.File {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	check(t, err)
	return r.File
}

func content(t *testing.T, part *zip.File) string {
	t.Helper()
	r, err := part.Open()
	check(t, err)
	b, err := io.ReadAll(r)
	check(t, err)
	check(t, r.Close())
	return string(b)
}

func TestSameBytes(t *testing.T) {
	first, _ := written(t, month().Write)
	for range 20 { // the order of maps changes soon
		if again, _ := written(t, month().Write); !bytes.Equal(first, again) {
			t.Fatal("the same figures, and other bytes")
		}
	}
	other := month()
	other.Version = "1.2.4"
	if again, _ := written(t, other.Write); bytes.Equal(first, again) {
		t.Error("another version, and the same bytes")
	}
}

// The stored number beside every formula is a number: a text would count as 0 in a sum over it. And no spreadsheet may take the
// application for Excel, whose numbers it would believe.
func TestStoredNumbers(t *testing.T) {
	b, _ := written(t, month().Write)
	formulas := 0
	for _, part := range parts(t, b) {
		text := content(t, part)
		switch {
		case strings.HasPrefix(part.Name, "xl/worksheets/sheet"):
			for _, c := range regexp.MustCompile(`<c [^>]*>(<f>.*?)</c>`).FindAllString(text, -1) {
				formulas++
				if strings.Contains(c, ` t="`) || !strings.Contains(c, "<v>") {
					t.Errorf("%s: %s", part.Name, c)
				}
			}
		case part.Name == "docProps/app.xml" && strings.Contains(text, "Microsoft"):
			t.Error("written by Excel?", text)
		}
	}
	if formulas < 80 {
		t.Errorf("%d formulas", formulas)
	}
}

func TestTextIsNoFormula(t *testing.T) {
	texts := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")", "_x0041_", "a\x00b\x1b[31m", "naïve & <b>", strings.Repeat("é", 40000), "plain"}
	want := []string{"=1+1", "+1", "-1", "@SUM(A1)", " =1", " =1", "=HYPERLINK(\"http://x\")", "_x0041_", "ab[31m", "naïve & <b>", strings.Repeat("é", 32766) + "…", "plain"}
	tab := table.Table{Report: "texts", Title: "=1+1", Notes: []string{"=2+2"}, Columns: []table.Column{{Name: "text", Heading: "=3"}}}
	for _, s := range texts {
		tab.Rows = append(tab.Rows, []any{s})
	}
	_, f := written(t, func(w io.Writer) error { return Write(w, table.Options{}, tab) })
	rows, err := f.GetRows("Texts", excelize.Options{RawCellValue: true})
	check(t, err)
	for i := range rows {
		for j := range rows[i] {
			if formula, _ := f.GetCellFormula("Texts", cellName(j+1, i+1)); formula != "" {
				t.Errorf("%s is a formula: %s", cellName(j+1, i+1), formula)
			}
		}
	}
	for i, s := range want {
		cell := cellName(1, 4+i)
		if got, _ := f.GetCellValue("Texts", cell, excelize.Options{RawCellValue: true}); got != s {
			t.Errorf("%q became %.60q", texts[i], got)
		}
		id, err := f.GetCellStyle("Texts", cell)
		check(t, err)
		style, err := f.GetStyle(id)
		check(t, err)
		if format := style.NumFmt == 49 || style.CustomNumFmt != nil && *style.CustomNumFmt == "@"; format != (table.Defuse(texts[i]) != texts[i]) {
			t.Errorf("%q: format text: %t", texts[i], format)
		}
	}
}

func TestNames(t *testing.T) {
	n := newNames()
	for _, tc := range []struct{ name, sheet, table string }{
		{"Use cases", "Use cases", "Use_cases"},
		{"use CASES", "use CASES 2", "use_CASES_2"},
		{"'a:b\\c/d?e*f[g]'", "a-b-c-d-e-f-g-", "_a_b_c_d_e_f_g__"},
		{"", "_", "table_"},
		{"History", "History_", "History"},
		{"A1", "A1", "table_A1"},
		{"r1c1", "r1c1", "table_r1c1"},
		{"2026", "2026", "table_2026"},
		{"a name that is longer than a tab can be", "a name that is longer than a ta", "a_name_that_is_longer_than_a_tab_can_be"},
		{"a name that is longer than a tab can be", "a name that is longer than a 2", "a_name_that_is_longer_than_a_tab_can_be_2"},
	} {
		if got := n.sheet(tc.name); got != tc.sheet {
			t.Errorf("sheet %q: %q, not %q", tc.name, got, tc.sheet)
		}
		if got := n.table(tc.name); got != tc.table {
			t.Errorf("table %q: %q, not %q", tc.name, got, tc.table)
		}
	}
}
