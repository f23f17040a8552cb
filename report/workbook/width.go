package workbook

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/xuri/excelize/v2"
)

// Widths, in digits of the standard font.
const (
	defaultWidth = 9.14
	narrowest    = 10
	widestText   = 50  // text that is longer is wrapped
	widestWord   = 70  // words are not broken, such as a hash
	widestFigure = 36  // the same, of a figure of the summary that is text
	lineOfText   = 105 // a note goes so far, whatever stands above it
	filterButton = 3   // stands in the heading
)

// Heights, in points.
const (
	defaultHeight = 15.0
	lineHeight    = 13.5
)

// measure is how wide each column must be so that nothing is cut. Seen is rows beside those of the tables.
func (p *page) measure(seen [][]any) []float64 {
	var widths []float64
	at := func(j int, width float64) {
		for len(widths) <= j {
			widths = append(widths, narrowest)
		}
		widths[j] = max(widths[j], width)
	}
	if p.tie != nil {
		at(0, narrowest)
		at(1, narrowest)
	}
	for _, k := range p.blocks {
		if !k.body() {
			continue
		}
		for j, head := range headings(k.table) {
			at(j, headWidth(head))
		}
		rows := slices.Concat(k.table.Rows, seen)
		for i, row := range rows {
			for j, value := range row {
				c := k.table.Columns[j]
				if len(seen) == 0 {
					c = k.of(i, j)
				}
				at(j, k.textWidth(shown(c, value, k.currency))+3)
			}
		}
		for j, value := range k.table.Totals {
			if value != nil { // bold is wider
				at(j, float64(ansi.StringWidth(shown(k.table.Columns[j], value, k.currency)))*1.1+2)
			}
		}
	}
	return widths
}

// headWidth is enough for the words of a heading in two lines.
func headWidth(head string) float64 {
	width := (ansi.StringWidth(head) + 1) / 2
	for _, word := range strings.Fields(head) {
		width = max(width, ansi.StringWidth(word))
	}
	return float64(min(width, widestText))*1.1 + filterButton + 2
}

// width is that of a column that may be beyond the tables.
func (d *drawer) width(j int) float64 {
	if j < len(d.widths) {
		return d.widths[j]
	}
	return defaultWidth
}

// line is how many columns a paragraph takes, and how wide they are together.
func (d *drawer) line() (columns int, width float64) {
	for width < lineOfText {
		width += d.width(columns)
		columns++
	}
	return columns, width
}

// widest is how wide the text of a block can be.
func (k *block) widest() int {
	if k.column != nil {
		return widestFigure
	}
	return widestText
}

// textWidth is the room that a text needs in a column.
func (k *block) textWidth(s string) float64 {
	width := ansi.StringWidth(s)
	if width <= k.widest() {
		return float64(width)
	}
	word := 0
	for _, w := range strings.Fields(s) {
		word = max(word, ansi.StringWidth(w))
	}
	return float64(max(k.widest(), min(word, widestWord)))
}

// long is text that is wrapped.
func (k *block) long(value any) bool {
	s, _ := value.(string)
	return ansi.StringWidth(s) > k.widest()
}

// deep is how many lines a text takes in a column.
func deep(s string, width float64) int {
	return strings.Count(ansi.Wrap(s, max(1, int(width*1.05)), ""), "\n") + 1
}

// tall is the height of so many lines.
func tall(lines int) float64 {
	return min(float64(lines)*lineHeight+2, excelize.MaxRowHeight)
}

// height is that of a row with wrapped text. Excel finds it by itself, LibreOffice does not.
func (d *drawer) height(k *block, i int) excelize.RowOpts {
	lines := 1
	for j, value := range k.worth.row(i) {
		if s, ok := value.(string); ok && k.long(value) {
			lines = max(lines, deep(text(s), d.width(j)-2))
		}
	}
	if lines == 1 {
		return excelize.RowOpts{}
	}
	return excelize.RowOpts{Height: tall(lines)}
}
