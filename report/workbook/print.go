package workbook

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// pageRows is about how many fit on a page: a table that is longer has its heading on every page.
const pageRows = 38

// The paper without its margins, in points.
const (
	pageWidth  = 771.0
	pageHeight = 502.0
)

// print sets up the paper: A4, landscape, as wide as a page if that can be read, as long as it takes.
func (d *drawer) print() {
	size, orientation, long := 9, "landscape", 0
	wide := d.pages()
	if d.squeezed() {
		long = 1
	}
	side, top, bottom, footer := 0.5, 0.6, 0.7, 0.3
	for _, f := range []func() error{
		func() error {
			return d.file.SetPageLayout(d.page.tab, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &long})
		},
		func() error {
			return d.file.SetPageMargins(d.page.tab, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Footer: &footer})
		},
		func() error {
			return d.file.SetHeaderFooter(d.page.tab, &excelize.HeaderFooterOptions{OddFooter: d.footer()})
		},
		d.breaks,
		d.repeat,
		d.area,
	} {
		if d.err == nil {
			d.err = f()
		}
	}
}

// footer is the workbook, the sheet, and where one is in it.
func (d *drawer) footer() string {
	about := d.title
	if d.version != "" {
		about += " · aifinops " + d.version
	}
	return "&L&8" + strings.ReplaceAll(shorten(text(about), 150), "&", "&&") + "&C&8&A&R&8Page &P of &N"
}

// repeat prints the heading on every page of a long table, and the first column on every page of a wide one.
func (d *drawer) repeat() error {
	k := d.page.blocks
	var titles []string
	if d.pages() > 1 && !slices.ContainsFunc(k, func(k *block) bool { return len(k.charts) > 0 }) { // it would take a slice of a chart along
		titles = append(titles, on(d.page.tab, "$A:$A"))
	}
	if len(k) > 0 && k[0].body() && k[0].last >= pageRows {
		titles = append(titles, on(d.page.tab, fmt.Sprintf("$%d:$%d", k[0].head, k[0].head)))
	}
	if len(titles) == 0 {
		return nil
	}
	return d.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: d.page.tab, RefersTo: strings.Join(titles, ",")})
}

// area is all that is written, charts too.
func (d *drawer) area() error {
	columns, last := d.columns(), d.last
	for _, k := range d.page.blocks {
		for _, at := range k.charts {
			last = max(last, at.row+at.rows-1)
		}
	}
	return d.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: d.page.tab, RefersTo: on(d.page.tab, fixed(1, 1)+":"+fixed(columns, last))})
}

// breaks begins a new page before what would be cut in two: a chart, or a table below another that fits on a page.
func (d *drawer) breaks() error {
	if d.squeezed() {
		return nil
	}
	page, from := d.pageTall(), 1
	for n, k := range d.page.blocks {
		for _, piece := range d.pieces(n, k, page) {
			used, needed := math.Mod(d.tall(from, piece.row), page), d.tall(piece.row, piece.row+piece.rows)
			if used+needed <= page || needed > page || used == 0 {
				continue
			}
			if err := d.to.InsertPageBreak(cellName(1, piece.row)); err != nil {
				return err
			}
			from = piece.row
		}
	}
	return nil
}

// pageTall is what goes on a page, in points of the sheet.
func (d *drawer) pageTall() float64 {
	return pageHeight * max(1, d.points()/(pageWidth*float64(d.pages())))
}

// squeezed is a summary that is a little longer than a page, and can be read on one.
func (d *drawer) squeezed() bool {
	const most = 1.6
	return d.page == d.book.pages[0] && len(d.book.pages) > 1 && d.pages() == 1 && d.tall(1, d.last+1) <= most*d.pageTall()
}

// pieces is what of a block is kept whole: a table with its first chart if a page holds both, and the other charts.
func (d *drawer) pieces(n int, k *block, page float64) []spot {
	if n == 0 || k.title == 0 {
		return k.charts
	}
	whole, charts := spot{row: k.title, rows: k.end() - k.title + 1}, k.charts
	if len(charts) > 0 {
		if both := charts[0].row + charts[0].rows - k.title; d.tall(k.title, k.title+both) <= page {
			whole.rows, charts = both, charts[1:]
		}
	}
	return append([]spot{whole}, charts...)
}

// columns is how many are printed.
func (d *drawer) columns() int {
	line, _ := d.line()
	return max(line, len(d.widths))
}

// points is how wide all of them are.
func (d *drawer) points() float64 { return float64(d.pixels(d.columns())) * 0.75 }

// pages is on how many pages beside each other a sheet can be read.
func (d *drawer) pages() int {
	const least = 0.55 // of the size on the screen
	return int(math.Ceil(d.points() * least / pageWidth))
}

// tall is the height of the rows from one to before another.
func (d *drawer) tall(from, to int) float64 {
	sum := 0.0
	for row := from; row < to; row++ {
		if h := d.heights[row]; h > 0 {
			sum += h
		} else {
			sum += defaultHeight
		}
	}
	return sum
}

// end is the last row of a block before its charts.
func (k *block) end() int {
	if k.notes > 0 {
		return k.notes + len(k.table.Remarks()) - 1
	}
	return max(k.head, k.last, k.total)
}
