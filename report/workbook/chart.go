package workbook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/xuri/excelize/v2"
)

const (
	chartRows  = 15 // of the standard height
	barRows    = 10
	chartWidth = 860 // pixels, at most
	apartGap   = 20
	mostSeries = 12
	rowPixels  = 18 // as excelize counts them when it looks for the row where a chart ends
)

// spot is where a chart stands.
type spot struct {
	row, rows int
	right     bool // beside another
}

// drawings is the rows of each chart of a block: one chart of all that have figures, or one of each.
func (k *block) drawings() [][]int {
	series := k.series()
	series = series[:min(len(series), mostSeries)]
	if len(series) == 0 {
		return nil
	}
	if !k.table.Drawing.Apart {
		return [][]int{series}
	}
	var each [][]int
	for _, i := range series {
		each = append(each, []int{i})
	}
	return each
}

// series is the rows that have anything to draw.
func (k *block) series() []int {
	if k.table.Drawing == nil {
		return nil
	}
	var rows []int
	for i, row := range k.table.Rows {
		if slices.ContainsFunc(k.table.Drawing.Points, func(name string) bool { return numeric(row[column(k.table, name)]).Valid }) {
			rows = append(rows, i)
		}
	}
	return rows
}

// drawn is whether a column is in a chart.
func (k *block) drawn(j int) bool {
	return k.table.Drawing != nil && slices.Contains(k.table.Drawing.Points, k.table.Columns[j].Name)
}

// chart draws a block's charts at their places.
func (d *drawer) chart(k *block) {
	for n, rows := range k.drawings() {
		if d.err != nil {
			return
		}
		at := k.charts[n]
		columns, _ := d.line()
		width, left := min(chartWidth, d.pixels(columns)), 0
		if k.table.Drawing.Apart {
			width = (width - apartGap) / 2
		}
		column := 1
		if at.right {
			column, left = d.at(width + apartGap)
		}
		c := d.plot(k, rows)
		c.Dimension = excelize.ChartDimension{Width: uint(width), Height: uint(at.rows-1) * rowPixels}
		c.Format.OffsetX, c.Format.OffsetY = left, 4
		d.err = d.file.AddChart(d.page.tab, cellName(column, at.row), c)
	}
}

// plot is a chart of some rows. It refers to the cells, so that it shows what they say.
func (d *drawer) plot(k *block, rows []int) *excelize.Chart {
	drawing := k.table.Drawing
	title := drawing.Title
	if drawing.Apart {
		name, _ := k.table.Rows[rows[0]][0].(string)
		title += ": " + name
	} else if all := len(k.series()); all > len(rows) {
		title += fmt.Sprintf(", the first %d of %d", len(rows), all)
	}
	zero, gap, all := 0.0, uint(60), 100
	c := &excelize.Chart{
		Type: kindOf(drawing), GapWidth: &gap, Overlap: &all, ShowBlanksAs: "gap",
		Title:  excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: text(title), Font: &excelize.Font{Bold: true, Size: 12, Color: accent}}}},
		Legend: excelize.ChartLegend{Position: "bottom", Font: &excelize.Font{Color: "404040", Size: 9}},
		Format: excelize.GraphicOptions{AltText: text(title)},
		XAxis:  excelize.ChartAxis{Font: excelize.Font{Color: "404040", Size: 9}},
		YAxis:  excelize.ChartAxis{Font: excelize.Font{Color: "404040", Size: 9}, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: k.axis()}},
	}
	if !k.negative(rows) {
		c.YAxis.Minimum = &zero
	}
	if len(rows) == 1 && drawing.Apart {
		c.Legend.Position = "none"
	}
	for n, i := range rows {
		fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{palette(n)}}
		s := excelize.ChartSeries{Name: on(d.page.tab, fixed(1, k.row(i))), Categories: d.cells(k, k.head), Values: d.cells(k, k.row(i)), Fill: fill}
		if drawing.Kind == table.Lines {
			s.Line = excelize.LineOptions{Width: 2.25, Fill: fill}
			s.Marker = excelize.ChartMarker{Symbol: "circle", Size: 5, Fill: fill, Border: excelize.LineOptions{Fill: fill}}
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func kindOf(d *table.Drawing) excelize.ChartType {
	switch {
	case d.Kind == table.Lines:
		return excelize.Line
	case len(d.Points) == 1:
		return excelize.BarStacked
	}
	return excelize.ColStacked
}

// cells is the drawn columns of a row: one range where they stand side by side.
func (d *drawer) cells(k *block, row int) string {
	var columns []int
	for _, name := range k.table.Drawing.Points {
		columns = append(columns, column(k.table, name)+1)
	}
	first, last := columns[0], columns[len(columns)-1]
	side := slices.IsSorted(columns) && last-first == len(columns)-1
	if side {
		return on(d.page.tab, fixed(first, row)+":"+fixed(last, row))
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = on(d.page.tab, fixed(c, row))
	}
	return "(" + strings.Join(cells, ",") + ")"
}

// axis is the format of its numbers: without the currency, which the title of the sheet says.
func (k *block) axis() string {
	switch k.table.Columns[column(k.table, k.table.Drawing.Points[0])].Kind {
	case table.Percent:
		return "0%"
	case table.Unit, table.Number:
		return "#,##0.00##"
	}
	return "#,##0"
}

// negative is whether an axis that begins at 0 would hide something.
func (k *block) negative(rows []int) bool {
	return slices.ContainsFunc(rows, func(i int) bool {
		return slices.ContainsFunc(k.table.Drawing.Points, func(name string) bool { return k.worth.cells[i][column(k.table, name)].Decimal.IsNegative() })
	})
}

// palette is the colour of the n-th series: neighbours differ in lightness too, for those who do not see the colours.
func palette(n int) string {
	colors := [mostSeries]string{"1F3864", "5B9BD5", "2A9D8F", "F0B84A", "E76F51", "7B5EA7", "A9C7E8", "8AB17D", "B5651D", "C9B6E4", "7F7F7F", "BFBFBF"}
	return colors[n%mostSeries]
}

// pixels is how wide some columns are.
func (d *drawer) pixels(columns int) int {
	wide := 0
	for j := range columns {
		wide += pixels(d.width(j))
	}
	return wide
}

// at is the column where so many pixels end, and how many of them are in it.
func (d *drawer) at(left int) (column, rest int) {
	for column = 1; left >= pixels(d.width(column-1)); column++ {
		left -= pixels(d.width(column - 1))
	}
	return column, left
}

// pixels is a width as the screen has it.
func pixels(width float64) int { return int(width*7) + 5 }
