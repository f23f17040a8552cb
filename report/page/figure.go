package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// most is how many series can be told apart: the colours that page.css has.
const most = 12

// A figure is a drawing as the template takes it.
type figure struct {
	Title   string
	Repeats bool   // the title is the heading again
	Table   string // the id of the table that says the same
	Class   string // of what page.css gives a height of its own
	Panels  []panel
	Legend  []series // of several series on one panel
	Note    string   // what is not drawn
}

// A panel is one chart.
type panel struct {
	Name, Last string // of a series that is drawn apart
	Says       string // the chart in words
	Chart      chart
}

// A chart is what page.js draws.
type chart struct {
	Kind    string   `json:"kind"` // columns, bar (one, lying) or lines
	Percent bool     `json:"percent"`
	Decimal string   `json:"decimal"` // the mark before the decimals
	Points  []string `json:"points"`
	Series  []series `json:"series"`
	Totals  []string `json:"totals,omitempty"`
}

type series struct {
	Name   string   `json:"name"`
	Color  string   `json:"color"`  // the custom property of page.css
	Values []any    `json:"values"` // json.Number, exact to the last digit, or nil
	Texts  []string `json:"texts"`  // the values as the table has them
}

// figure is the drawing of a table, or nil where nothing can be drawn.
func (s *setter) figure(t table.Table) *figure {
	if t.Drawing == nil || len(t.Drawing.Points) == 0 {
		return nil
	}
	d := s.newDrawing(t)
	all, note := d.series()
	if len(all) == 0 {
		return nil
	}
	f := &figure{Title: s.text(t.Drawing.Title), Class: d.kind, Note: note}
	if t.Drawing.Apart {
		f.Class = "apart"
		for _, one := range all {
			one.Color = "s1"
			f.Panels = append(f.Panels, panel{Name: one.Name, Last: last(one), Says: d.says(one.Name, one), Chart: d.chart(one)})
		}
		return f
	}
	c := d.chart(all...)
	c.Totals = d.totals()
	f.Panels = []panel{{Says: d.says(f.Title, all...), Chart: c}}
	if len(all) > 1 {
		f.Legend = all
	}
	return f
}

// A drawing is what is needed to read the series off a table.
type drawing struct {
	*setter
	table  table.Table
	points []int // columns
	labels []string
	kind   string
}

func (s *setter) newDrawing(t table.Table) drawing {
	d := drawing{setter: s, table: t, kind: "columns"}
	for _, name := range t.Drawing.Points {
		i := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })
		d.points = append(d.points, i)
		d.labels = append(d.labels, s.text(t.Columns[i].Label()))
	}
	switch {
	case t.Drawing.Kind == table.Lines:
		d.kind = "lines"
	case len(d.points) == 1 && !t.Drawing.Apart:
		d.kind = "bar"
	}
	return d
}

// series is the rows that have a number. The last colour is for all that follow: a stack stays whole, and lines are left out.
func (d drawing) series() (all []series, note string) {
	var rows [][]any
	for _, row := range d.table.Rows {
		if slices.ContainsFunc(d.points, func(i int) bool { return d.number(row, i) != nil }) {
			rows = append(rows, row)
		}
	}
	rest := len(rows) - most
	if rest > 0 && d.table.Drawing.Kind == table.Stacked && !d.table.Drawing.Apart {
		rest++
		rows = append(slices.Clone(rows[:most-1]), d.sum(fmt.Sprintf("%d others", rest), rows[most-1:]))
		note = fmt.Sprintf("The last %d rows of the table are drawn as one.", rest)
	} else if rest > 0 {
		rows = rows[:most]
		note = fmt.Sprintf("The last %d rows of the table are not drawn.", rest)
	}
	for n, row := range rows {
		one := series{Name: table.Readable(d.table.Columns[0].Kind, row[0], d.Locale), Color: d.color(n, row[0])}
		for _, i := range d.points {
			one.Values = append(one.Values, d.number(row, i))
			one.Texts = append(one.Texts, table.Readable(d.table.Columns[i].Kind, row[i], d.Locale))
		}
		all = append(all, one)
	}
	return all, note
}

// color is that of the verdict where the series are verdicts, and the next one otherwise.
func (d drawing) color(n int, name any) string {
	if d.table.Columns[0].Tones == nil {
		return fmt.Sprintf("s%d", n+1)
	}
	if tone := toneClass(d.table.Columns[0].Tone(name)); tone != "" {
		return tone
	}
	return "neutral"
}

// number is a cell for the axis: it goes there as digits, never as a float.
func (d drawing) number(row []any, i int) any {
	if text, ok := table.Exact(d.table.Columns[i].Kind, row[i]); ok {
		return json.Number(text)
	}
	return nil
}

// sum is a row of the points of several.
func (d drawing) sum(name string, rows [][]any) []any {
	sum := make([]any, len(d.table.Columns))
	sum[0] = name
	for _, i := range d.points {
		var total decimal.Decimal
		for _, row := range rows {
			if n, ok := d.number(row, i).(json.Number); ok {
				total = total.Add(decimal.RequireFromString(n.String()))
			}
		}
		switch d.table.Columns[i].Kind {
		case table.Count:
			sum[i] = total.IntPart()
		case table.Percent:
			sum[i] = total.InexactFloat64()
		default:
			sum[i] = total
		}
	}
	return sum
}

// totals is what the table says that a stack adds up to; nil where it does not say that of every one.
func (d drawing) totals() []string {
	if d.table.Totals == nil || d.kind == "lines" {
		return nil
	}
	var totals []string
	for _, i := range d.points {
		if d.table.Totals[i] == nil {
			return nil
		}
		totals = append(totals, table.Readable(d.table.Columns[i].Kind, d.table.Totals[i], d.Locale))
	}
	return totals
}

func (d drawing) chart(all ...series) chart {
	c := chart{Kind: d.kind, Percent: true, Decimal: ".", Points: d.labels, Series: all}
	if d.Locale.Decimal != "" {
		c.Decimal = d.Locale.Decimal
	}
	for _, i := range d.points {
		c.Percent = c.Percent && d.table.Columns[i].Kind == table.Percent
	}
	return c
}

// says is the chart for who cannot see it: where each series begins and ends. The table has what lies between.
func (d drawing) says(title string, all ...series) string {
	ends := len(d.labels) - 1
	var parts []string
	for _, one := range all {
		part := one.Texts[0]
		if ends > 0 {
			part = fmt.Sprintf("%s in %s, %s in %s", one.Texts[0], d.labels[0], one.Texts[ends], d.labels[ends])
		}
		if len(all) > 1 || one.Name != title {
			part = one.Name + " " + part
		}
		parts = append(parts, part)
	}
	return title + ": " + strings.Join(parts, "; ")
}

// last is the last value of a series that is known.
func last(one series) string {
	for i := len(one.Values) - 1; i >= 0; i-- {
		if one.Values[i] != nil {
			return one.Texts[i]
		}
	}
	return ""
}
