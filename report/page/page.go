// Package page is the html format: one file that opens anywhere, from a mail or a disk, and asks no server for anything.
//
// [Write] is a [table.Writer]: a section for each table. A [Page] is a month on one page: key figures, then sections. Both
// draw what has a drawing with Chart.js, which is inlined with its licence where there is something to draw.
//
//   - The figures are in tables, and the charts repeat them: without JavaScript, as in the preview of a mail, only the
//     charts are missing, and nothing is folded.
//   - Figures are those of the other formats for people: cents, grouped thousands, n/a for what is unknown.
//   - A policy in the page lets only this package's own style and scripts run, known by their checksums, and no request
//     out. What comes from data is text, wherever it stands.
//   - Colours are custom properties in page.css, for light and dark; the script reads them there. A colour never says
//     anything that a word beside it does not.
//   - The same tables give the same bytes.
package page

import (
	"bytes"
	_ "embed" // the parts of a page
	"fmt"
	"html/template"
	"io"

	"github.com/aifinops/aifinops/report/table"
)

//go:embed page.html
var markup string

// A Page is a month on one page.
type Page struct {
	Title    string      // "AI spend, October 2026"
	Lead     string      // one line below it
	Figures  table.Table // one row, a card for each column; the growth of one, and what it has grown from, stand on its card
	Sections []Section
	Footer   string // who made it, from what, as of when
}

// Section is a part of a page below a heading.
type Section struct {
	ID    string      // where a link leads to; empty: that of the report
	Title string      // empty: that of the table
	Lead  string      // one line below it
	Table table.Table // with its drawing, and its details below it
	Open  bool        // the table is shown whole, with its notes; otherwise what is long, and the table of a drawing, is one click away. Details always are
}

// Write is the format html.
func Write(w io.Writer, o table.Options, tables ...table.Table) error {
	if len(tables) == 1 {
		return writeOne(w, o, tables[0])
	}
	p := Page{Title: "AI spend"}
	for _, t := range tables {
		p.Sections = append(p.Sections, Section{Table: t})
	}
	return p.write(w, o, true)
}

// writeOne has the title of the table as that of the page.
func writeOne(w io.Writer, o table.Options, t table.Table) error {
	if err := t.Check(); err != nil {
		return err
	}
	p := Page{Title: titled(t)}
	details := t.Details
	t.Details = nil
	for _, t := range append([]table.Table{t}, details...) {
		p.Sections = append(p.Sections, Section{Table: t})
	}
	return p.write(w, o, true)
}

// Write writes the page, with numbers as a country writes them. Nothing is written when a table is malformed.
func (p Page) Write(w io.Writer, l table.Locale) error {
	return p.write(w, table.Options{Locale: l}, false)
}

// write folds what is long unless the page is to be whole.
func (p Page) write(w io.Writer, o table.Options, whole bool) error {
	d, err := newDocument(p, o, whole)
	if err != nil {
		return err
	}
	t, err := template.New("page").Parse(markup)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, d); err != nil {
		return fmt.Errorf("page %s: %w", p.Title, err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// titled is what a table is called.
func titled(t table.Table) string {
	if t.Title != "" {
		return t.Title
	}
	return table.Column{Name: t.Report}.Label()
}
