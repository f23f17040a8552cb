package table

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writeCSV writes every column under its machine name, without totals, notes and
// details, which a reader would take for rows. Several tables are parted by an empty line.
func writeCSV(w io.Writer, o Options, tables ...Table) error {
	var out strings.Builder
	for i, t := range tables {
		if err := t.Check(); err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte('\n')
		}
		records := csv.NewWriter(&out)
		records.Comma = o.Locale.delimiter()
		if err := records.WriteAll(t.records(o.Locale)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// records is the heading and the rows, as fields.
func (t Table) records(l Locale) [][]string {
	t = t.Undrawn()
	heading := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heading[i] = c.Name
	}
	records := [][]string{heading}
	for _, row := range t.Rows {
		record := make([]string, len(row))
		for i, cell := range row {
			record[i], _ = Exact(t.Columns[i].Kind, cell)
			kind := t.Columns[i].Kind
			if f, ok := cell.(Figure); ok {
				kind = f.Kind
			}
			switch {
			case kind == Text:
				record[i] = Defuse(record[i])
			case kind.Numeric():
				record[i] = l.marked(record[i])
			}
		}
		records = append(records, record)
	}
	return records
}

// Defuse puts an apostrophe before text that a spreadsheet would run as a formula.
// Names of projects and tags come from outside, and so could =HYPERLINK(...).
// Numbers never pass here: -12.50 stays a number.
func Defuse(s string) string {
	if s == "" {
		return s
	}
	shown := strings.TrimLeftFunc(s, func(r rune) bool {
		// Cf is what cannot be seen: byte order mark, zero width space, bidi marks.
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	first, _ := utf8.DecodeRuneInString(shown)
	if strings.ContainsRune("\t\r\n", rune(s[0])) || strings.ContainsRune("=+-@|%＝＋－＠｜％", first) {
		return "'" + s
	}
	return s
}
