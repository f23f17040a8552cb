// Package workbook is the format xlsx: what finance opens. It knows tables and no report.
//
// [Write] makes a sheet of each table. A [Workbook] is more: a summary whose figures are formulas into the other sheets, a cell on
// every sheet that says whether it adds up to the ledger, charts, and one sheet of any number of rows. It is not written at all when
// a sheet does not add up.
//
// How a workbook comes about:
//
//   - plan.go, summary.go and stream.go lay out the pages: every table becomes a block with a place, so that formulas can name cells of
//     sheets that are not written yet.
//   - tie.go and check.go measure them: totals by the ledger, rows by the streamed ones.
//   - formula.go says how a cell follows from others, as a formula and as a number: both from one place, so that the number that
//     is stored beside a formula is what the formula gives. Numbers are decimals until they are cells, which are floating point in
//     every spreadsheet.
//   - draw.go writes a page. Everything goes through excelize's StreamWriter, which alone stores a number beside a formula; what it
//     asks for is an order: properties of the sheet, columns and panes, rows, then the rest. After Flush nothing arrives.
//   - pack.go makes the file: the same parts in the same order, so that the same figures are the same bytes.
package workbook

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// A Workbook is what finance opens.
type Workbook struct {
	Title    string          // of the document, and the first line of the summary
	Created  time.Time       // of the document: never the clock, so that the same figures are the same bytes
	Version  string          // of the tool, for the footer
	Currency string          // its ISO code stands in every amount
	Ledger   Ledger          // what every tie-out is measured by
	Summary  table.Table     // one row: the key figures, shown as a list; notes and details below
	From     map[string]Cell // of a column of the summary: the cell that it is taken from
	Sheets   []Sheet
}

// Ledger is what the ledger's own charges add up to, read without evidence, rules or splits.
type Ledger struct {
	Billed    decimal.Decimal
	Estimated decimal.Decimal // evidence without a bill
}

// Cell is a figure of a table of a sheet. A figure whose table or row is not there this month stays the summary's own.
type Cell struct {
	Sheet  string // its Name
	Table  string // the Report of a detail; empty: the main table
	Row    string // what its first column of text says; empty: the totals
	Column string
}

// A Sheet is a table, its details below it and its charts.
type Sheet struct {
	Name  string // of the tab
	About string // what the reader finds here, a sentence or two
	Table table.Table
	Tie   *Tie    // nil: the sheet shows the tie-out of all sheets together
	Check *Check  // nil: none
	Rows  *Stream // nil: the rows are the table's
}

// Tie is the total that must be the ledger's.
type Tie struct {
	Column    string
	Estimated bool // of what is billed and what is estimated, instead of what is billed alone
}

// Check computes a column anew, row by row, from the sheet with the streamed rows: the sum of its column of the same name where Key is
// the same. It is shown beside the table, whose Tie counts what its rows are off; a workbook that fails it is not written. Rows whose keys
// are the same, or look the same in their cells, are checked and show n/a: no formula could tell them apart.
type Check struct {
	Key    string // a column of text, here and there
	Column string // a column of money, here and there
}

// Stream is rows that are too many to hold. Their totals, if any, are the table's and stand above them; derivations are not looked at.
type Stream struct {
	Count int64 // how many there are
	Rows  iter.Seq2[[]any, error]
}

// UntiedError is a figure that is not what it must be.
type UntiedError struct {
	Sheet, Column string
	Got, Want     decimal.Decimal
	Of            string // what Want is
}

func (e *UntiedError) Error() string {
	return fmt.Sprintf("sheet %s: %s is %s, and %s %s", e.Sheet, e.Column, e.Got, e.Of, e.Want)
}

// Write is the format xlsx (a table.Writer): a sheet for each table, its details below it.
func Write(w io.Writer, _ table.Options, tables ...table.Table) error {
	b := newBook(excelize.TotalRows)
	for _, t := range tables {
		t = drawable(t)
		if err := t.Check(); err != nil {
			return err
		}
		if b.title == "" {
			b.title = t.Title
		}
		name := strings.NewReplacer("-", " ", "_", " ").Replace(t.Report)
		p := b.add(strings.ToUpper(name[:min(1, len(name))])+name[min(1, len(name)):], t.Title, "", t.Currency())
		if err := b.lay(p, t, nil); err != nil {
			return err
		}
	}
	if len(tables) == 0 {
		b.add("Empty", nothing, "", "")
	}
	return b.write(w)
}

// Write refuses what does not tie, with an UntiedError. What is read of the streamed rows is read before the first byte is written.
func (wb Workbook) Write(w io.Writer) error { return wb.write(w, excelize.TotalRows) }

// write splits the streamed rows where a sheet has no more than limit rows.
func (wb Workbook) write(w io.Writer, limit int) error {
	b := newBook(limit)
	b.title, b.created, b.version = wb.Title, wb.Created, wb.Version
	if err := b.plan(wb); err != nil {
		return err
	}
	return b.write(w)
}

// write draws all pages, and only then writes.
func (b *book) write(w io.Writer) (err error) {
	b.file = excelize.NewFile()
	b.styles = styles{file: b.file, known: map[look]int{}, tones: map[table.Tone]int{}}
	defer func() {
		if closed := b.file.Close(); err == nil {
			err = closed
		}
	}()
	if err := b.describe(); err != nil {
		return err
	}
	for i, p := range b.pages {
		if err := b.name(i, p); err != nil {
			return err
		}
	}
	for _, p := range b.pages {
		if p.part > 0 {
			continue // drawn with the first part
		}
		draw := b.draw
		if p.stream != nil {
			draw = b.drawStream
		}
		if err := draw(p); err != nil {
			return fmt.Errorf("sheet %s: %w", p.tab, err)
		}
	}
	if err := b.recomputed(); err != nil {
		return err
	}
	return pack(b.file, w)
}

// describe sets the properties of the document. The application stays what excelize says: LibreOffice believes the numbers of some.
func (b *book) describe() error {
	p := excelize.DocProperties{Title: text(b.title), Creator: "aifinops", LastModifiedBy: "aifinops"}
	if b.version != "" {
		p.Description = text("written by aifinops " + b.version)
	}
	if !b.created.IsZero() {
		p.Created = b.created.UTC().Format(time.RFC3339)
		p.Modified = p.Created
	}
	return b.file.SetDocProps(&p)
}

// name makes the sheet of a page. The file begins with one.
func (b *book) name(i int, p *page) error {
	if i == 0 {
		return b.file.SetSheetName("Sheet1", p.tab)
	}
	_, err := b.file.NewSheet(p.tab)
	return err
}
