package table

import (
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
	"github.com/shopspring/decimal"
)

// writeTerminal draws tables for a person. Of lipgloss it uses the styles alone:
// asking the terminal for its background can block for seconds, and whether
// colour is wanted has been decided before.
func writeTerminal(w io.Writer, o Options, tables ...Table) error {
	var page strings.Builder
	for i, t := range tables {
		if err := t.Check(); err != nil {
			return err
		}
		if i > 0 {
			page.WriteByte('\n')
		}
		if err := t.draw(&page, o); err != nil {
			return err
		}
		for _, d := range t.Details {
			page.WriteByte('\n')
			if err := d.draw(&page, o); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

func (t Table) draw(page *strings.Builder, o Options) error {
	ink := newPalette(o.Color)
	if t.Title != "" {
		writeLines(page, ink.strong, wrap(clean(t.Title), o.Width))
		page.WriteByte('\n')
	}
	t = t.Shown(o.Wide)
	if t.Empty() {
		writeLines(page, lipgloss.Style{}, wrap(nothing, o.Width))
	} else {
		g := newGrid(t, ink, o.Locale)
		if widths, ok := g.fit(o.Width); !ok {
			g.drawRecords(page, o.Width)
		} else if err := g.drawTable(page, widths); err != nil {
			return err
		}
	}
	for i, note := range t.Remarks() {
		if i == 0 && !strings.HasSuffix(page.String(), "\n\n") {
			page.WriteByte('\n')
		}
		writeLines(page, ink.quiet, wrapNote(clean(note), o.Width))
	}
	return nil
}

// palette is every style there is, in the 16 colours that follow the theme of the
// terminal. The zero palette writes no escape code.
type palette struct {
	strong, quiet     lipgloss.Style // titles and totals; rules and notes
	missing, up, down lipgloss.Style // spend without an owner; spend that grew, that fell
}

func newPalette(color bool) palette {
	if !color {
		return palette{}
	}
	return palette{
		strong:  lipgloss.NewStyle().Bold(true),
		quiet:   lipgloss.NewStyle().Faint(true),
		missing: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
		up:      lipgloss.NewStyle().Foreground(lipgloss.Red),
		down:    lipgloss.NewStyle().Foreground(lipgloss.Green),
	}
}

// change is the style of a cell that says how spend moved, judged as it is printed.
func (p palette) change(k Kind, cell any) lipgloss.Style {
	sign := 0
	switch v := cell.(type) {
	case decimal.Decimal:
		if k == Money {
			v = v.Round(2)
		}
		sign = v.Sign()
	case float64:
		if text, ok := percentage(v); ok {
			sign = decimal.RequireFromString(text).Sign()
		}
	}
	switch {
	case sign > 0:
		return p.up
	case sign < 0:
		return p.down
	}
	return lipgloss.Style{}
}

// cell is finished text and its style.
type cell struct {
	text  string
	style lipgloss.Style
}

func (c cell) String() string {
	if c.text == "" {
		return ""
	}
	return c.style.Render(c.text)
}

// grid is a table as text.
type grid struct {
	columns []Column
	heads   []string
	rows    [][]cell
	totals  []cell // nil if there are none
	ink     palette
	locale  Locale
}

func newGrid(t Table, ink palette, l Locale) grid {
	g := grid{columns: t.Columns, ink: ink, locale: l}
	for _, c := range t.Columns {
		g.heads = append(g.heads, clean(c.Label()))
	}
	for _, row := range t.Rows {
		base := lipgloss.Style{}
		if slices.Contains(row, any("(unattributed)")) || slices.Contains(row, any("(none)")) {
			base = ink.missing
		}
		g.rows = append(g.rows, g.cells(row, base))
	}
	if t.Totals == nil {
		return g
	}
	g.totals = g.cells(t.Totals, ink.strong)
	for i, value := range t.Totals {
		if value == nil {
			g.totals[i].text = "" // it means nothing, which is not the same as unknown
		}
	}
	if i := t.TotalLabel(); i >= 0 {
		g.totals[i].text = "Total"
	}
	return g
}

func (g grid) cells(values []any, base lipgloss.Style) []cell {
	cells := make([]cell, len(values))
	for i, c := range g.columns {
		cells[i] = cell{Readable(c.Kind, values[i], g.locale), base}
		if c.Blank && values[i] == nil {
			cells[i].text = ""
		}
		if c.Name == "change" || c.Name == "change_percent" {
			cells[i].style = g.ink.change(c.Kind, values[i]).Inherit(base)
		}
	}
	return cells
}

// TotalLabel is where the totals row says what it is: the first column of text,
// else (a report by day) the first without a total. It is -1 if the report has put
// words of its own there, or if every column has a total.
func (t Table) TotalLabel() int {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Kind == Text })
	switch {
	case i < 0:
		return slices.Index(t.Totals, nil)
	case t.Totals[i] != nil:
		return -1
	}
	return i
}

// drawTable draws a grid that fits the widths.
func (g grid) drawTable(page *strings.Builder, widths []int) error {
	table := tablewriter.NewTable(page,
		tablewriter.WithRenderer(&renderer{columns: g.columns, widths: widths, rule: g.ink.quiet}),
		// Cells arrive finished: left to itself tablewriter would set the headings in
		// capitals, and trim the empty lines that make short headings stand on the rule.
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
	)
	table.Header(g.headings(widths))
	for _, row := range g.rows {
		if err := table.Append(g.line(row, widths)); err != nil {
			return err
		}
	}
	if g.totals != nil {
		table.Footer(g.line(g.totals, widths))
	}
	return table.Render()
}

// headings are wrapped to the widths and stand on the rule.
func (g grid) headings(widths []int) []string {
	wrapped := make([][]string, len(g.heads))
	tallest := 0
	for i, head := range g.heads {
		wrapped[i] = wrap(head, widths[i])
		tallest = max(tallest, len(wrapped[i]))
	}
	headings := make([]string, len(g.heads))
	for i, lines := range wrapped {
		headings[i] = strings.Repeat("\n", tallest-len(lines)) + strings.Join(lines, "\n")
	}
	return headings
}

func (g grid) line(cells []cell, widths []int) []string {
	line := make([]string, len(cells))
	for i, c := range cells {
		if g.columns[i].Kind == Text {
			c.text = cut(c.text, widths[i])
		}
		line[i] = c.String()
	}
	return line
}

// drawRecords writes a block of lines a row, for a terminal too narrow for a table.
func (g grid) drawRecords(page *strings.Builder, width int) {
	rows := g.rows
	if g.totals != nil {
		rows = append(slices.Clone(rows), g.totals)
	}
	for i, row := range rows {
		for j, c := range row {
			if c.text == "" && i == len(g.rows) {
				continue // a total that means nothing
			}
			g.drawField(page, g.heads[j], c, g.columns[j].Kind, width)
		}
		page.WriteByte('\n')
	}
}

// drawField writes a heading and its cell on one line, or else below each other.
func (g grid) drawField(page *strings.Builder, head string, c cell, k Kind, width int) {
	if ansi.StringWidth(head+": "+c.text) <= width {
		page.WriteString(strings.TrimRight(head+": "+c.String(), " ") + "\n")
		return
	}
	writeLines(page, lipgloss.Style{}, wrap(head+":", width))
	lines := []string{c.text}
	if k == Text {
		lines = wrap(c.text, width)
	}
	writeLines(page, c.style, lines)
}
