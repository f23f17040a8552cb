package workbook

import (
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// nothing stands where there are no rows.
const nothing = "nothing to show"

// drawer writes one page. The first error stays.
type drawer struct {
	*book
	page    *page
	to      *excelize.StreamWriter
	widths  []float64       // of the columns, as far as they are not the default
	heights map[int]float64 // of the rows, as far as they are not the default
	last    int             // the last row that is written
	err     error
}

// begin does what must be done before the first row is written. Seen is rows that the page's table does not have.
func (b *book) begin(p *page, seen [][]any) (*drawer, error) {
	d := &drawer{book: b, page: p, widths: p.measure(seen), heights: map[int]float64{}}
	color, yes, no := accent, true, false
	props := &excelize.SheetPropsOptions{FitToPage: &yes}
	if p == b.pages[0] && len(b.pages) > 1 {
		props.TabColorRGB = &color
	}
	if err := b.file.SetSheetProps(p.tab, props); err != nil {
		return nil, err
	}
	if err := b.file.SetSheetView(p.tab, 0, &excelize.ViewOptions{ShowGridLines: &no}); err != nil {
		return nil, err
	}
	to, err := b.file.NewStreamWriter(p.tab)
	if err != nil {
		return nil, err
	}
	d.to = to
	for j, width := range d.widths {
		if err := to.SetColWidth(j+1, j+1, width); err != nil {
			return nil, err
		}
	}
	if len(p.blocks) == 0 || !p.blocks[0].body() {
		return d, nil
	}
	head := p.blocks[0].head
	return d, to.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: cellName(1, head+1), ActivePane: "bottomLeft"})
}

// draw writes a page whose rows are known.
func (b *book) draw(p *page) error {
	d, err := b.begin(p, nil)
	if err != nil {
		return err
	}
	d.top()
	for _, k := range p.blocks {
		if k.title > 0 {
			d.set(k.title, []any{d.say(section, k.table.Title)}, excelize.RowOpts{Height: 20})
		}
		if !k.body() {
			d.set(k.head, []any{d.say(about, nothing)})
		} else {
			d.heading(k)
			for i := range k.table.Rows {
				d.set(k.row(i), d.row(k, i), d.height(k, i))
			}
			d.totals(k)
		}
		for i, text := range k.table.Remarks() {
			d.paragraph(k.notes+i, note, text)
		}
		d.room(k)
	}
	return d.end()
}

// top writes what stands above the first table.
func (d *drawer) top() {
	d.set(titleRow, []any{d.say(title, d.page.title)}, excelize.RowOpts{Height: 26})
	if d.page.about != "" {
		d.paragraph(aboutRow, about, d.page.about)
	}
	if t := d.page.tie; t != nil {
		d.set(tieRow, []any{d.say(caption, "Tie-out"), excelize.Cell{Formula: t.formula, Value: 0.0, StyleID: d.styles.id(look{role: proof, format: "0.00", right: true})}, excelize.Cell{Value: t.note, StyleID: d.styles.id(look{role: about, indent: true})}})
	}
}

// heading writes the line above a table.
func (d *drawer) heading(k *block) {
	cells, deepest := make([]any, len(k.table.Columns)), 1
	for j, head := range headings(k.table) {
		cells[j] = excelize.Cell{Value: head, StyleID: d.styles.id(look{role: heading, right: rightly(k.table.Columns[j]), indent: j > 0, wrap: true})}
		deepest = max(deepest, deep(head, d.width(j)-filterButton))
	}
	d.set(k.head, cells, excelize.RowOpts{Height: float64(deepest)*lineHeight + 5})
}

// totals writes the line of them, if there is one.
func (d *drawer) totals(k *block) {
	if k.total == 0 {
		return
	}
	cells := d.row(k, len(k.table.Rows))
	if j := k.table.TotalLabel(); j >= 0 {
		cells[j] = d.say(total, "Total")
	}
	d.set(k.total, cells)
}

// rightly is whether a column is set flush right.
func rightly(c table.Column) bool { return c.Kind.Numeric() || c.Kind == table.Mixed }

// row is the cells of one.
func (d *drawer) row(k *block, i int) []any {
	values := k.worth.row(i)
	cells := make([]any, len(values))
	for j, value := range values {
		c, l := k.of(i, j), look{indent: j > 0, right: j > 0 && k.column != nil}
		if i == len(k.table.Rows) {
			l.role = total
		}
		l.wrap = l.role == body && k.long(value)
		if value == nil && k.drawn(j) {
			c.Blank = true // a chart takes text for 0
		}
		cell := d.styles.cell(c, value, l, k.currency)
		if f := k.follows(i, j); f != "" && k.worth.cells[i][j].Valid {
			cell.Formula, cell.Value = f, stored(c.Kind, k.worth.cells[i][j].Decimal)
		}
		cells[j] = cell
	}
	return cells
}

// room keeps the height of the rows that charts cover: LibreOffice takes less for empty ones.
func (d *drawer) room(k *block) {
	for _, at := range k.charts {
		for row := at.row; row < at.row+at.rows && !at.right; row++ {
			d.set(row, nil, excelize.RowOpts{Height: defaultHeight})
		}
	}
}

// follows is the formula of a cell, or nothing.
func (k *block) follows(i, j int) string {
	if k.formula != nil {
		if f := k.formula(i, j); f != "" {
			return f
		}
	}
	if k.column != nil {
		return ""
	}
	if k.worth.summed(i, j) {
		return "SUM(" + span(j+1, k.first, k.last) + ")"
	}
	return k.worth.formula(i, j, func(r, c int) string {
		if r == len(k.table.Rows) {
			return fixed(c+1, k.total)
		}
		return cellName(c+1, k.row(r))
	})
}

// streamed is the cells of a row that came by.
func (d *drawer) streamed(k *block, row []any) []any {
	cells := make([]any, len(row))
	for j, value := range row {
		cells[j] = d.styles.cell(k.table.Columns[j], value, look{indent: j > 0}, k.currency)
	}
	return cells
}

// say is text in a role.
func (d *drawer) say(r role, s string) excelize.Cell {
	return excelize.Cell{Value: text(s), StyleID: d.styles.id(look{role: r})}
}

// paragraph writes text across the page and gives it the height that it needs: merged cells find none by themselves.
func (d *drawer) paragraph(row int, r role, s string) {
	columns, width := d.line()
	var lines []string
	for _, line := range strings.Split(s, "\n") {
		if line = text(line); line != "" {
			lines = append(lines, line)
		}
	}
	s = strings.Join(lines, "\n")
	height := 0
	for _, line := range lines {
		height += deep(line, width)
	}
	cell := excelize.Cell{Value: s, StyleID: d.styles.id(look{role: r, wrap: true})}
	d.set(row, []any{cell}, excelize.RowOpts{Height: tall(height)})
	if d.err == nil && columns > 1 {
		d.err = d.to.MergeCell(cellName(1, row), cellName(columns, row))
	}
}

func (d *drawer) set(row int, cells []any, opts ...excelize.RowOpts) {
	if d.err == nil {
		d.err = d.to.SetRow(cellName(1, row), cells, opts...)
		d.last = row
		for _, o := range opts {
			d.heights[row] = o.Height
		}
	}
}

// end does what must be done after the last row, and closes the page: what comes later is lost.
func (d *drawer) end() error {
	for _, k := range d.page.blocks {
		d.name(k)
		d.tones(k)
		d.chart(k)
	}
	d.tieTones()
	d.print()
	if d.err == nil {
		d.err = d.styles.err
	}
	if d.err == nil {
		d.err = d.to.Flush()
	}
	return d.err
}

// name makes a block a table of the spreadsheet, which has a name, filters and bands. The StreamWriter knows one table a sheet; excelize
// itself knows more, but reads their headings from cells that the StreamWriter has not shown it. Those set here are for its eyes only.
func (d *drawer) name(k *block) {
	if k.name == "" || d.err != nil {
		return
	}
	for j, head := range headings(k.table) {
		if d.err = d.file.SetCellStr(d.page.tab, cellName(j+1, k.head), head); d.err != nil {
			return
		}
	}
	stripes := true
	d.err = d.file.AddTable(d.page.tab, &excelize.Table{Name: k.name, Range: cellName(1, k.head) + ":" + cellName(len(k.table.Columns), k.last), StyleName: "TableStyleLight1", ShowRowStripes: &stripes})
}

// shown is a value as its cell shows it, to measure it.
func shown(c table.Column, value any, currency string) string {
	if f, ok := value.(table.Figure); ok {
		c.Kind, value = f.Kind, f.Value
	}
	s := table.Readable(c.Kind, value, table.Locale{})
	if _, ok := value.(decimal.Decimal); ok && c.Kind != table.Number && currency != "" {
		s = currency + " " + s
	}
	return s
}
