package workbook

import (
	"fmt"
	"slices"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/xuri/excelize/v2"
)

// The rows that every sheet of a workbook begins with.
const (
	titleRow = 1
	aboutRow = 2
	tieRow   = 3
)

// book is a workbook in the making.
type book struct {
	title, version string
	created        time.Time
	limit          int // rows of a sheet
	names          names
	pages          []*page
	stream         *page // the first of the streamed ones, or nil
	file           *excelize.File
	styles         styles
}

func newBook(limit int) *book { return &book{limit: limit, names: newNames()} }

// page is a sheet in the making.
type page struct {
	tab, title, about string
	currency          string
	tie               *tie
	blocks            []*block
	next              int // the first row that is free

	stream *Stream
	part   int     // of the streamed rows: 0 is the first
	parts  []*page // of the first: all of them
	tally  *tally
}

// tie is the cell that reads 0.00.
type tie struct {
	formula string
	note    string
}

// block is a table in its place. Rows and columns count from 1 as in a spreadsheet.
type block struct {
	table  table.Table
	name   string // as a table of the spreadsheet; empty: it is none
	worth  grid
	title  int // row; 0: that of the sheet
	head   int
	first  int // row of the body
	last   int // row of the body
	total  int // row; 0: none
	notes  int // the first row of them
	charts []spot

	currency string
	column   func(i, j int) table.Column // of cells that are not of their column's kind; nil: all are
	formula  func(i, j int) string       // of cells that follow from other sheets; nil or empty: none does
	check    *Check
}

// add begins a page.
func (b *book) add(name, title, about, currency string) *page {
	p := &page{tab: b.names.sheet(name), title: title, about: about, currency: currency, next: tieRow}
	b.pages = append(b.pages, p)
	return p
}

// plan gives everything a place: the summary first, since the others refer to it.
func (b *book) plan(wb Workbook) error {
	s := newSummary(b, wb)
	sheets := map[string]*page{}
	for _, sheet := range wb.Sheets {
		sheet.Table = drawable(sheet.Table)
		if err := sheet.check(); err != nil {
			return err
		}
		p := b.add(sheet.Name, sheet.Table.Title, sheet.About, wb.Currency)
		p.next = tieRow + 2
		if sheets[sheet.Name] != nil {
			return fmt.Errorf("sheet %s: there are two of that name", sheet.Name)
		}
		sheets[sheet.Name] = p
		if sheet.Rows == nil {
			if sheet.bare() {
				sheet.Check = nil
			}
			if err := b.lay(p, sheet.Table, sheet.Check); err != nil {
				return err
			}
			continue
		}
		if b.stream != nil {
			return fmt.Errorf("sheet %s: %s is streamed already", sheet.Name, b.stream.tab)
		}
		if err := b.layStream(p, sheet, wb.Ledger); err != nil {
			return err
		}
	}
	if err := b.checks(); err != nil {
		return err
	}
	return s.lay(sheets)
}

// check finds the mistakes of who filled the sheet.
func (s Sheet) check() error {
	if err := s.Table.Check(); err != nil {
		return fmt.Errorf("sheet %s: %w", s.Name, err)
	}
	if s.Rows != nil && len(s.Table.Rows) > 0 {
		return fmt.Errorf("sheet %s: its rows are streamed, but its table has %d too", s.Name, len(s.Table.Rows))
	}
	if s.Check != nil && s.Tie == nil {
		return fmt.Errorf("sheet %s: its rows are checked, but no total", s.Name)
	}
	if s.bare() {
		return nil // without rows, not even the columns need be there
	}
	var needed []string
	if s.Tie != nil {
		needed = append(needed, s.Tie.Column)
	}
	if s.Check != nil {
		needed = append(needed, s.Check.Key, s.Check.Column)
	}
	for _, name := range needed {
		if column(s.Table, name) < 0 {
			return fmt.Errorf("sheet %s: there is no column %s", s.Name, name)
		}
	}
	return nil
}

// bare is a sheet with nothing to show: it ties if the ledger's figure is 0.
func (s Sheet) bare() bool { return s.Rows == nil && s.Table.Empty() }

// drawable is a table without drawings of nothing, its details too.
func drawable(t table.Table) table.Table {
	if t.Drawing != nil && (len(t.Drawing.Points) == 0 || t.Empty()) {
		t.Drawing = nil
	}
	t.Details = slices.Clone(t.Details)
	for i, d := range t.Details {
		t.Details[i] = drawable(d)
	}
	return t
}

// lay places a table and its details on a page, each with its charts.
func (b *book) lay(p *page, t table.Table, check *Check) error {
	if err := b.place(p, &block{table: t.Undrawn(), check: check}); err != nil {
		return err
	}
	return b.layDetails(p, t)
}

func (b *book) layDetails(p *page, t table.Table) error {
	for _, d := range t.Details {
		p.next++
		if err := b.place(p, &block{table: d.Undrawn(), title: p.next - 1}); err != nil {
			return err
		}
		if err := b.layDetails(p, d); err != nil {
			return err
		}
	}
	return nil
}

// place gives a block its rows, from the next free one of the page: heading, body, totals, notes, charts.
func (b *book) place(p *page, k *block) error {
	if k.check != nil {
		k.extend()
	}
	var err error
	if k.worth, err = weigh(k.table); err != nil {
		return fmt.Errorf("table %s: %w", k.table.Report, err)
	}
	k.currency = p.currency
	k.head = p.next
	k.first, k.last = k.head+1, k.head+len(k.table.Rows)
	end := k.last
	if k.table.Empty() {
		end = k.head
	} else {
		k.name = b.names.table(k.table.Report)
		if k.table.Totals != nil {
			end++
			k.total = end
		}
	}
	if end > b.limit {
		return fmt.Errorf("table %s: %d rows; a sheet has %d", k.table.Report, end, b.limit)
	}
	k.close(p, end)
	p.blocks = append(p.blocks, k)
	return nil
}

// close places what stands below the last row of a table.
func (k *block) close(p *page, end int) {
	p.next = end + 2
	if notes := k.table.Remarks(); len(notes) > 0 {
		k.notes = p.next
		p.next += len(notes) + 1
	}
	for n := range k.drawings() {
		s := spot{row: p.next, rows: chartRows}
		if k.table.Drawing.Apart { // two side by side
			if n%2 == 1 {
				s = spot{row: k.charts[n-1].row, rows: chartRows, right: true}
			}
		} else if len(k.table.Drawing.Points) == 1 {
			s.rows = barRows
		}
		k.charts = append(k.charts, s)
		p.next = s.row + s.rows + 1
	}
}

// body is whether there is one.
func (k *block) body() bool { return !k.table.Empty() || k.last > k.head }

// of is the column of a cell, which says what it is.
func (k *block) of(i, j int) table.Column {
	if k.column != nil {
		return k.column(i, j)
	}
	return k.table.Columns[j]
}

// row is where the i-th row stands; the one after the last is the totals.
func (k *block) row(i int) int {
	if i == len(k.table.Rows) {
		return k.total
	}
	return k.first + i
}

// column is where a column stands, or -1.
func column(t table.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })
}
