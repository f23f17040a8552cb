package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode"

	"github.com/aifinops/aifinops/report/table"
)

// What is longer is folded.
const (
	longTable = 12 // rows
	longNotes = 3
)

// nothing is said where there is no row.
const nothing = "nothing to show"

// A document is a page as the template takes it.
type document struct {
	Title, Lead, Footer    string
	Policy                 string
	Style, Library, Script template.HTML
	Cards                  []card
	Sections               []block
}

// A block is a table below a heading, with what belongs to it.
type block struct {
	ID, Title, Lead string // no title: that of the page is its heading
	Figure          *figure
	Grid            grid
	Details         []block
}

// A setter knows what all parts of a page have in common.
type setter struct {
	table.Options
	whole bool            // nothing is folded
	taken map[string]bool // ids
	drawn bool            // whether there is any drawing
}

func newDocument(p Page, o table.Options, whole bool) (document, error) {
	s := &setter{Options: o, whole: whole, taken: map[string]bool{"main": true, "title": true}}
	d := document{Title: s.text(p.Title), Lead: s.text(p.Lead), Footer: s.text(p.Footer)}
	var err error
	if d.Cards, err = s.cards(p.Figures); err != nil {
		return d, err
	}
	for _, section := range p.Sections {
		if err := section.Table.Check(); err != nil {
			return d, err
		}
		d.Sections = append(d.Sections, s.section(section, d.Title))
	}
	d.secure(s.drawn)
	return d, nil
}

// section has no heading of its own where it would be that of the page.
func (s *setter) section(section Section, page string) block {
	b := block{ID: s.id(section.ID, section.Table.Report, section.Title), Title: s.text(section.Title), Lead: s.text(section.Lead)}
	if b.Title == "" {
		b.Title = s.text(titled(section.Table))
	}
	s.fill(&b, section.Table, section.Open || s.whole)
	for _, t := range section.Table.Details {
		detail := block{ID: s.id(b.ID + "-" + t.Report), Title: s.text(titled(t))}
		s.fill(&detail, t, s.whole)
		b.Details = append(b.Details, detail)
	}
	if b.Title == page {
		b.Title = ""
	}
	return b
}

// fill sets the table and its drawing, which is enough to see unless the table is open.
func (s *setter) fill(b *block, t table.Table, open bool) {
	shown := s.shown(t)
	b.Grid = s.grid(shown)
	b.Grid.Caption = s.text(titled(t))
	b.Grid.Repeats = b.Grid.Caption == b.Title
	b.Grid.ID = s.id(b.ID + "-table")
	if b.Figure = s.figure(t); b.Figure != nil {
		b.Figure.Table, b.Figure.Repeats = b.Grid.ID, b.Figure.Title == b.Title
		s.drawn = true
	}
	if open {
		return
	}
	if len(shown.Rows) > longTable || b.Figure != nil {
		b.Grid.Fold = counted(len(shown.Rows), "row")
	}
	if n := len(b.Grid.Notes); n > longNotes {
		b.Grid.FoldNotes = counted(n, "note")
	}
}

func counted(n int, noun string) string {
	if n == 1 {
		return "The " + noun
	}
	return fmt.Sprintf("The %d %ss", n, noun)
}

// text is data as a person may see it.
func (s *setter) text(t string) string { return table.Readable(table.Text, t, s.Locale) }

// id is the first of the names that says anything, as an id that nothing else on the page has.
func (s *setter) id(names ...string) string {
	id := "section"
	for _, name := range names {
		if name = slug(name); name != "" {
			id = name
			break
		}
	}
	free := id
	for n := 2; s.taken[free]; n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	s.taken[free] = true
	return free
}

// slug is the letters and digits of a name, with hyphens between.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}
