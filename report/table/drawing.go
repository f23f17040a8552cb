package table

import (
	"errors"
	"fmt"
)

// A Drawing is how a table can be drawn: each row is a series named by its first cell, and some columns are its points. It says
// nothing that the cells do not: formats that cannot draw leave it out.
type Drawing struct {
	Title  string
	Kind   DrawingKind
	Points []string // names of columns, in their order
	Apart  bool     // the series have units of their own: they never share an axis
}

// DrawingKind is what the series are drawn as.
type DrawingKind int

// The kinds of drawing.
const (
	Stacked DrawingKind = iota // bars, a part of each for a series
	Lines
)

func (t Table) checkDrawing() error {
	if t.Drawing == nil {
		return nil
	}
	if len(t.Drawing.Points) == 0 || len(t.Columns) == 0 || t.Columns[0].Kind != Text {
		return errors.New("drawing: needs points, and a first column of names")
	}
	for _, name := range t.Drawing.Points {
		if i := t.column(name); i < 0 || !t.Columns[i].Kind.Numeric() {
			return fmt.Errorf("drawing: %s is no column of numbers", name)
		}
	}
	return nil
}
