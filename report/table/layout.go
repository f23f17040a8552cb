package table

import (
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/olekukonko/ll"
	"github.com/olekukonko/tablewriter/tw"
)

const (
	gap       = 2 // blanks between columns
	textFloor = 8 // a column of text never shrinks below this
)

// fit finds a width for every column so that a line takes at most limit columns of
// the terminal (0: any number). What costs least to read gives way first: headings
// wrap, then text is cut, the widest column first. It is not ok if numbers would
// have to be cut.
func (g grid) fit(limit int) (widths []int, ok bool) {
	widths = make([]int, len(g.columns))
	data := make([]int, len(g.columns)) // the widest cell
	for j, head := range g.heads {
		for _, row := range g.rows {
			data[j] = max(data[j], ansi.StringWidth(row[j].text))
		}
		if g.totals != nil {
			data[j] = max(data[j], ansi.StringWidth(g.totals[j].text))
		}
		widths[j] = max(data[j], ansi.StringWidth(head))
	}
	if limit <= 0 {
		return widths, true
	}
	for lineWidth(widths) > limit {
		if j := g.wrappable(widths, data); j >= 0 {
			widths[j] = max(data[j], widest(wrap(g.heads[j], widths[j]-1)))
		} else if j := g.shrinkable(widths); j >= 0 {
			widths[j]--
		} else {
			return nil, false
		}
	}
	return widths, true
}

// wrappable is the column that loses most by wrapping its heading between words
// once more, or -1.
func (g grid) wrappable(widths, data []int) int {
	best, most := -1, 0
	for j, head := range g.heads {
		least := max(data[j], widest(strings.Fields(head)))
		if widths[j]-least > most {
			best, most = j, widths[j]-least
		}
	}
	return best
}

// shrinkable is the widest column of text above the floor, or -1.
func (g grid) shrinkable(widths []int) int {
	best := -1
	for j, c := range g.columns {
		if c.Kind == Text && widths[j] > textFloor && (best < 0 || widths[j] > widths[best]) {
			best = j
		}
	}
	return best
}

func lineWidth(widths []int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

func widest(lines []string) int {
	w := 0
	for _, line := range lines {
		w = max(w, ansi.StringWidth(line))
	}
	return w
}

// wrap breaks text between words, and inside a word only where one is wider than a
// line (0: any width). It does not break at hyphens: they may be minus signs.
func wrap(text string, width int) []string {
	if width <= 0 || ansi.StringWidth(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && ansi.StringWidth(line+" "+word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; ansi.StringWidth(line) > width; {
			first := start(line, width)
			lines = append(lines, first)
			line = line[len(first):]
		}
	}
	return append(lines, line)
}

// cut shortens text to a width, and shows that it did.
func cut(text string, width int) string {
	const dots = "…"
	if ansi.StringWidth(text) <= width {
		return text
	}
	return start(text, width-ansi.StringWidth(dots)) + dots
}

// start is as much of text as fits in width, but one character at least. It goes by
// what is seen as a character, which can be several runes; the Truncate and Hardwrap
// of ansi split a letter from the marks that follow it and so miss the width.
func start(text string, width int) string {
	end, used := 0, 0
	for end < len(text) {
		character, w := ansi.FirstGraphemeCluster(text[end:], ansi.GraphemeWidth)
		if used += w; used > width && end > 0 {
			break
		}
		end += len(character)
	}
	return text[:end]
}

// wrapNote sets a note with its later lines below its first word, where there is
// room for that.
func wrapNote(note string, width int) []string {
	const label = "note: "
	if width > 0 && width < 4*len(label) {
		return wrap(label+note, width)
	}
	lines := wrap(note, max(0, width-len(label)))
	for i := range lines {
		if i == 0 {
			lines[i] = label + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", len(label)) + lines[i]
		}
	}
	return lines
}

func writeLines(page *strings.Builder, style lipgloss.Style, lines []string) {
	for _, line := range lines {
		page.WriteString(cell{line, style}.String() + "\n")
	}
}

// renderer sets the lines that tablewriter lays out: no borders, light rules,
// columns of the given widths. tablewriter's own renderers measure rune by rune and
// by the locale, so that an emoji of several runes shifts the rest of its line and
// in a Japanese locale a table outgrows the terminal.
type renderer struct {
	columns []Column
	widths  []int
	rule    lipgloss.Style
	out     io.Writer
}

// Start is called with where to write, before anything else.
func (r *renderer) Start(w io.Writer) error {
	r.out = w
	return nil
}

// Header sets one line of headings.
func (r *renderer) Header(lines [][]string, _ tw.Formatting) { r.set(lines[0]) }

// Row sets one line of a row.
func (r *renderer) Row(line []string, _ tw.Formatting) { r.set(line) }

// Footer sets one line of totals.
func (r *renderer) Footer(lines [][]string, _ tw.Formatting) { r.set(lines[0]) }

// Line draws a rule.
func (r *renderer) Line(tw.Formatting) {
	const dash = "─" // two columns wide where RUNEWIDTH_EASTASIAN is set
	r.write(cell{strings.Repeat(dash, lineWidth(r.widths)/ansi.StringWidth(dash)), r.rule}.String())
}

// Config asks for a rule below the headings and one above the totals.
func (r *renderer) Config() tw.Rendition {
	return tw.Rendition{Settings: tw.Settings{Lines: tw.Lines{ShowHeaderLine: tw.On, ShowFooterLine: tw.On}}}
}

// Close has nothing to release.
func (r *renderer) Close() error { return nil }

// Logger is not wanted.
func (r *renderer) Logger(*ll.Logger) {}

func (r *renderer) set(cells []string) {
	var line strings.Builder
	for j, text := range cells {
		pad := strings.Repeat(" ", max(0, r.widths[j]-ansi.StringWidth(text)))
		if j > 0 {
			line.WriteString(strings.Repeat(" ", gap))
		}
		if r.columns[j].Kind.Numeric() {
			line.WriteString(pad + text)
		} else {
			line.WriteString(text + pad)
		}
	}
	r.write(strings.TrimRight(line.String(), " "))
}

// write cannot fail: a page is a strings.Builder.
func (r *renderer) write(line string) { _, _ = io.WriteString(r.out, line+"\n") }
