package workbook

import (
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// The colours: one accent, and greys.
const (
	accent = "1F3864"
	quiet  = "6B6B6B"
	rule   = "D9D9D9"
	shade  = "F2F2F2"
)

// role is what a cell is for.
type role int

const (
	body role = iota
	total
	heading
	title
	section // the title of a table below another
	about
	caption // before a figure
	proof   // that the sheet ties
	note
)

// look is how a cell looks: all that its style depends on.
type look struct {
	role    role
	format  string // of the number; empty: general
	right   bool
	indent  bool // of text beside figures
	wrap    bool
	unknown bool
}

// styles are those that the file has, each once. They are made in the order in which they are met: the same for the same figures.
type styles struct {
	file  *excelize.File
	known map[look]int
	tones map[table.Tone]int
	err   error
}

// id is the number of a style.
func (s *styles) id(l look) int {
	if id, ok := s.known[l]; ok {
		return id
	}
	id, err := s.file.NewStyle(l.style())
	if err != nil && s.err == nil {
		s.err = err
	}
	s.known[l] = id
	return id
}

func (l look) style() *excelize.Style {
	font := excelize.Font{Size: 10, Color: "262626", Family: "Calibri"}
	s := &excelize.Style{Font: &font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: l.wrap}}
	switch {
	case l.right:
		s.Alignment.Horizontal = "right"
	case l.indent:
		s.Alignment.Horizontal, s.Alignment.Indent = "left", 1
	default:
		s.Alignment.Horizontal = "left"
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	l.role.dress(s)
	if l.unknown {
		font.Color = "808080"
	}
	return s
}

// dress adds what the role asks for.
func (r role) dress(s *excelize.Style) {
	font := s.Font
	line := func(side, color string, style int) {
		s.Border = append(s.Border, excelize.Border{Type: side, Color: color, Style: style})
	}
	fill := func(color string) { s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}} }
	const thin, medium = 1, 2
	switch r {
	case body:
		line("bottom", rule, thin)
	case total:
		font.Bold = true
		fill(shade)
		line("top", accent, medium)
		line("bottom", accent, thin)
	case heading:
		font.Bold, font.Color = true, "FFFFFF"
		fill(accent)
		s.Alignment.Vertical = "center"
	case title:
		font.Bold, font.Size, font.Color = true, 16, accent
		s.Alignment.Vertical = "center"
	case section:
		font.Bold, font.Size, font.Color = true, 12, accent
		s.Alignment.Vertical = "center"
	case about:
		font.Color = quiet
	case caption:
		font.Bold, font.Color = true, quiet
	case proof:
		font.Bold = true
		line("top", rule, thin)
		line("bottom", rule, thin)
		line("left", rule, thin)
		line("right", rule, thin)
	case note:
		font.Italic, font.Size, font.Color = true, 9, quiet
	}
}

// tone is the style that a condition adds to a cell.
func (s *styles) tone(t table.Tone) (int, error) {
	if id, ok := s.tones[t]; ok {
		return id, nil
	}
	colors := map[table.Tone][2]string{
		table.Good:     {"E2EFDA", "375623"},
		table.Caution:  {"FFF2CC", "7F6000"},
		table.Bad:      {"F8CBAD", "9C0006"},
		table.Unjudged: {"E4DFEC", "5F497A"},
	}[t]
	id, err := s.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: colors[1], Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colors[0]}}})
	if err == nil {
		s.tones[t] = id
	}
	return id, err
}

// money is the format of amounts. The code of the currency is in each, so that an amount that is copied elsewhere keeps it.
func money(currency, digits string) string {
	if currency = strings.ToUpper(currency); len(currency) == 3 && strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		digits = "[$" + currency + "] " + digits
	}
	_, decimals, _ := strings.Cut(digits, ".")
	return signed(digits, "[Red]", len(decimals))
}

// signed is a format in which what rounds to 0 at so many decimals has no sign and no colour: that is the third section. Excel and
// LibreOffice agree on what a section does to signs only if the first has its condition too.
func signed(digits, color string, decimals int) string {
	return "[>=0]" + digits + ";" + color + "[<=-" + decimal.New(5, -int32(decimals)-1).String() + "]-" + digits + ";" + digits
}

// digits is the format that shows a number as every format for people does.
func digits(kind table.Kind, n decimal.Decimal) string {
	const most = 15 // digits are all that a cell has
	_, decimals, _ := strings.Cut(table.Readable(kind, n, table.Locale{}), ".")
	if decimals == "" {
		return "#,##0"
	}
	return "#,##0." + strings.Repeat("0", min(len(decimals), most))
}

// cell is a value of a table as a cell, and its look.
func (s *styles) cell(c table.Column, value any, l look, currency string) excelize.Cell {
	if f, ok := value.(table.Figure); ok { // a number of its own kind
		c.Kind, value = f.Kind, f.Value
		l.right = true
	}
	l.right = l.right || rightly(c)
	var v any
	switch value := value.(type) {
	case nil:
		return s.unknown(c, l)
	case string:
		if v = text(value); table.Defuse(value) != value {
			l.format = "@" // text, also after somebody has edited it
		}
	case decimal.Decimal:
		v = stored(c.Kind, value)
		switch c.Kind {
		case table.Number:
			l.format = digits(c.Kind, value)
		case table.Unit:
			l.format = money(currency, digits(c.Kind, value))
		default:
			l.format = money(currency, "#,##0.00")
		}
	case int64:
		v, l.format = value, "#,##0"
	case float64:
		n := numeric(value)
		if !n.Valid {
			return s.unknown(c, l)
		}
		v, l.format = stored(table.Percent, n.Decimal), signed("0.0%", "", 3) // of a fraction
	case bool:
		v = table.Readable(c.Kind, value, table.Locale{})
	case time.Time:
		v, l.format = value.UTC(), `yyyy\-mm\-dd hh:mm`
		if c.Kind == table.Day {
			v, l.format = time.Date(value.Year(), value.Month(), value.Day(), 0, 0, 0, 0, time.UTC), `yyyy\-mm\-dd`
		}
	}
	return excelize.Cell{Value: v, StyleID: s.id(l)}
}

// unknown is never 0, and never blank where a figure belongs.
func (s *styles) unknown(c table.Column, l look) excelize.Cell {
	if c.Blank || l.role == total {
		return excelize.Cell{StyleID: s.id(l)}
	}
	l.unknown = true
	return excelize.Cell{Value: table.Readable(c.Kind, nil, table.Locale{}), StyleID: s.id(l)}
}
