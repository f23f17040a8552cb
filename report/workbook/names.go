package workbook

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/aifinops/aifinops/report/table"
	"github.com/xuri/excelize/v2"
)

// names are those that are taken, of sheets and of tables. Spreadsheets do not tell upper case from lower.
type names struct{ sheets, tables map[string]bool }

func newNames() names { return names{map[string]bool{}, map[string]bool{}} }

// sheet is a name that a tab can have: 31 characters, some of them forbidden.
func (n names) sheet(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '-'
		}
		return r
	}, text(name))
	name = strings.Trim(name, "' ")
	if name == "" || strings.EqualFold(name, "History") { // which Excel keeps for itself
		name += "_"
	}
	return unique(n.sheets, name, " ", excelize.MaxSheetNameLength)
}

// reference is what a spreadsheet takes for a cell, or for a row or column.
var reference = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|[rc]|r[0-9]*c[0-9]*)$`)

// table is a name that formulas can use.
func (n names) table(id string) string {
	id = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return '_'
		}
		return r
	}, id)
	if id == "" || unicode.IsDigit(rune(id[0])) || reference.MatchString(id) {
		id = "table_" + id
	}
	return unique(n.tables, id, "_", 200)
}

// headings are what stands above the columns: in a table of a spreadsheet no two may be the same.
func headings(t table.Table) []string {
	taken := map[string]bool{}
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = unique(taken, text(c.Label()), " ", 255)
	}
	return heads
}

// unique shortens a name and numbers it until it is not taken.
func unique(taken map[string]bool, name, separator string, most int) string {
	found := shorten(name, most)
	for i := 2; taken[strings.ToLower(found)]; i++ {
		number := separator + strconv.Itoa(i)
		found = shorten(name, most-len(number)) + number
	}
	taken[strings.ToLower(found)] = true
	return found
}

// shorten cuts a text to so many characters, as a spreadsheet counts them.
func shorten(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most {
			return strings.TrimRight(s[:i], " '")
		}
	}
	return s
}

// text is one line of it that a cell can hold. What cannot be seen, moves the cursor or turns the line around is dropped.
func text(s string) string {
	s = table.Readable(table.Text, strings.ToValidUTF8(s, "�"), table.Locale{})
	if cut := shorten(s, excelize.TotalCellChars); cut != s {
		return shorten(s, excelize.TotalCellChars-1) + "…"
	}
	return s
}

// Cells, as formulas name them.

func cellName(column, row int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return name + strconv.Itoa(row)
}

// fixed is a cell that stays the same wherever the formula is copied to.
func fixed(column, row int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return "$" + name + "$" + strconv.Itoa(row)
}

func span(column, first, last int) string {
	return cellName(column, first) + ":" + cellName(column, last)
}

// fixedColumn is a cell that keeps its column.
func fixedColumn(column, row int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return "$" + name + strconv.Itoa(row)
}

func fixedSpan(column, first, last int) string {
	return fixed(column, first) + ":" + fixed(column, last)
}

// on is a cell of another sheet.
func on(tab, cell string) string { return "'" + strings.ReplaceAll(tab, "'", "''") + "'!" + cell }
