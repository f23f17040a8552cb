package page

import (
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
)

// A grid is a table as the template takes it.
type grid struct {
	ID, Caption string
	Repeats     bool   // the caption is the heading again, for those who cannot see that
	Fold        string // what opens the table, where it is folded
	FoldNotes   string // what opens the notes, where they are
	Heads       []head
	Rows        [][]cell
	Totals      []cell
	Notes       []string
	Nothing     string // said instead, where there is no row
}

type head struct{ Text, Class string }

type cell struct {
	Text, Class string
	Badge, Tone string // a verdict before the text, and how good it is
	Names       bool   // it says what its row is
}

// shown is the columns that a page shows: what the terminal does, and what is drawn, but no drawings made of letters.
func (s *setter) shown(t table.Table) table.Table {
	if t.Drawing != nil {
		t.Columns = slices.Clone(t.Columns)
		for i, c := range t.Columns {
			t.Columns[i].Wide = c.Wide && !slices.Contains(t.Drawing.Points, c.Name)
		}
	}
	return t.Shown(s.Wide).Undrawn()
}

func (s *setter) grid(t table.Table) grid {
	var g grid
	for _, note := range t.Remarks() {
		g.Notes = append(g.Notes, s.text(note))
	}
	if t.Empty() {
		g.Nothing = nothing
		return g
	}
	// A row is named by its first text that judges nothing.
	name := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Kind == table.Text && c.Tones == nil })
	for _, c := range t.Columns {
		g.Heads = append(g.Heads, s.head(c))
	}
	for _, row := range t.Rows {
		g.Rows = append(g.Rows, s.cells(t, row, name))
	}
	if t.Totals == nil {
		return g
	}
	label := t.TotalLabel()
	g.Totals = s.cells(t, t.Totals, label)
	for i, value := range t.Totals {
		if i == label {
			g.Totals[i].Text, g.Totals[i].Class = "Total", class(t.Columns[i])
		} else if value == nil { // a total there means nothing
			g.Totals[i].Text, g.Totals[i].Class = "", ""
		}
	}
	return g
}

func (s *setter) head(c table.Column) head {
	text := s.text(c.Label())
	return head{text, whole(text, class(c))}
}

// whole marks a single word that is not too long: 2026-10 and CC-410 would break at their hyphens.
func whole(text, class string) string {
	if text == "" || strings.Contains(text, " ") || len(text) > 24 {
		return class
	}
	return strings.TrimSpace(class + " word")
}

func (s *setter) cells(t table.Table, row []any, name int) []cell {
	cells := make([]cell, len(row))
	for i, c := range t.Columns {
		cells[i] = s.cell(c, row[i])
		cells[i].Names = i == name
	}
	return cells
}

// cell is grey where the value is not known, and marks a verdict.
func (s *setter) cell(c table.Column, value any) cell {
	out := cell{Text: table.Readable(c.Kind, value, s.Locale), Class: class(c)}
	if c.Kind == table.Text {
		out.Class = whole(out.Text, out.Class)
	}
	if _, known := table.Exact(c.Kind, value); !known {
		out.Class = strings.TrimSpace(out.Class + " unknown")
		if c.Blank && value == nil {
			out.Text = ""
		}
	} else if tone := toneClass(c.Tone(value)); tone != "" {
		word, rest, more := strings.Cut(out.Text, ":")
		if out.Badge, out.Tone, out.Text = word, tone, ""; more {
			out.Text = ":" + rest
		}
	}
	return out
}

// class is what page.css calls the cells of a column.
func class(c table.Column) string {
	switch {
	case c.Kind.Numeric(), c.Kind == table.Mixed:
		return "number"
	case c.Kind == table.Text:
		return "text"
	}
	return ""
}

// toneClass is what page.css calls a tone; empty for words that are neither good nor bad.
func toneClass(t table.Tone) string {
	switch t {
	case table.Good:
		return "good"
	case table.Caution:
		return "caution"
	case table.Bad:
		return "bad"
	case table.Unjudged:
		return "unjudged"
	}
	return ""
}
