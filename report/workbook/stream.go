package workbook

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// sample is how many streamed rows are looked at before columns are given their widths.
const sample = 500

// tally adds up what is streamed, to be held against what the other sheets said of it before.
type tally struct {
	rows   int64
	sums   []decimal.Decimal
	checks []*checked
}

// layStream places rows that nobody has seen: on as many sheets as their number needs, with the totals above them.
func (b *book) layStream(p *page, s Sheet, l Ledger) error {
	t := s.Table.Undrawn()
	if len(t.Columns) != len(s.Table.Columns) || len(t.Details) > 0 || t.Drawing != nil {
		return fmt.Errorf("sheet %s: what is streamed has no charts and no details", s.Name)
	}
	head := p.next + 1
	room := int64(b.limit - head)
	if room < 1 {
		return fmt.Errorf("sheet %s: no room for rows", s.Name)
	}
	t.Totals = slices.Clone(t.Totals)
	if s.Tie != nil {
		if t.Totals == nil {
			t.Totals = make([]any, len(t.Columns))
		}
		if j := column(t, s.Tie.Column); t.Totals[j] == nil {
			t.Totals[j] = l.Billed
			if s.Tie.Estimated {
				t.Totals[j] = l.Billed.Add(l.Estimated)
			}
		}
	}
	p.stream, p.tally = s.Rows, &tally{sums: make([]decimal.Decimal, len(t.Columns))}
	p.about = strings.Join(append([]string{p.about}, t.Notes...), "\n")
	b.stream = p
	parts := max(1, int((s.Rows.Count+room-1)/room))
	for n := range parts {
		part := p
		if n > 0 {
			part = b.add(s.Name, s.Table.Title, fmt.Sprintf("Rows %d and following; the totals of all rows are on %s.", int64(n)*room+1, p.tab), p.currency)
			part.stream, part.part = s.Rows, n
		}
		part.blocks = []*block{b.streamed(t, p.currency, head, min(s.Rows.Count-int64(n)*room, room))}
		p.parts = append(p.parts, part)
	}
	if parts > 1 {
		p.about = fmt.Sprintf("%s\nA sheet has room for %d of the %d rows: the rest is on %s.", p.about, room, s.Rows.Count, p.others())
	}
	first := p.blocks[0]
	if t.Totals != nil {
		first.total = head - 1
	}
	first.formula = func(i, j int) string {
		if i < len(t.Rows) || !first.worth.cells[0][j].Valid {
			return ""
		}
		return "SUM(" + p.all(j) + ")"
	}
	return nil
}

// streamed is the block of a part.
func (b *book) streamed(t table.Table, currency string, head int, rows int64) *block {
	k := &block{table: t, currency: currency, head: head, first: head + 1, last: head + int(rows), worth: grid{t, [][]number{make([]number, len(t.Columns))}}}
	for j := range t.Totals {
		k.worth.cells[0][j] = numeric(t.Totals[j])
	}
	if rows > 0 {
		k.name = b.names.table(t.Report)
	}
	return k
}

// reach is the last row for formulas. Beyond it they would look at a million empty ones, each time; without rows it is the first.
func (k *block) reach() int { return max(k.first, k.last) }

// others is the sheets after the first, for a sentence.
func (p *page) others() string {
	var tabs []string
	for _, part := range p.parts[1:] {
		tabs = append(tabs, part.tab)
	}
	return strings.Join(tabs, ", ")
}

// all is a column of all parts, as the sheet itself names it.
func (p *page) all(j int) string {
	var ranges []string
	for _, part := range p.parts {
		r := span(j+1, part.blocks[0].first, part.blocks[0].reach())
		if part != p {
			r = on(part.tab, r)
		}
		ranges = append(ranges, r)
	}
	return strings.Join(ranges, ",")
}

// add counts a row.
func (t *tally) add(s table.Table, row []any) {
	t.rows++
	for j := range s.Totals {
		if s.Totals[j] != nil {
			t.sums[j] = t.sums[j].Add(numeric(row[j]).Decimal)
		}
	}
	for _, c := range t.checks {
		key := keyOf(row[c.key])
		if sum, ok := c.sums[key]; ok {
			c.sums[key] = sum.Add(numeric(row[c.column]).Decimal)
		}
	}
}

// drawStream draws all parts in one pass over the rows.
func (b *book) drawStream(p *page) error {
	next, stop := iter.Pull2(p.stream.Rows)
	defer stop()
	read := p.reader(next)
	for _, part := range p.parts {
		if err := b.drawPart(part, read); err != nil {
			return err
		}
	}
	if _, err, more := next(); err != nil {
		return err
	} else if more {
		return fmt.Errorf("there are more than the %d rows that were announced", p.stream.Count)
	}
	return nil
}

var errFew = errors.New("there are fewer rows than were announced")

// reader gives the next row, and counts it.
func (p *page) reader(next func() ([]any, error, bool)) func() ([]any, error) {
	t := p.blocks[0].table
	return func() ([]any, error) {
		row, err, ok := next()
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, errFew
		}
		if len(row) != len(t.Columns) || p.tally.rows < sample { // the rows of a query are all alike
			one := table.Table{Report: t.Report, Columns: t.Columns, Rows: [][]any{row}}
			if err := one.Check(); err != nil {
				return nil, fmt.Errorf("row %d of the stream: %w", p.tally.rows+1, err)
			}
		}
		p.tally.add(t, row)
		return row, nil
	}
}

// drawPart draws one sheet of streamed rows.
func (b *book) drawPart(part *page, read func() ([]any, error)) error {
	k := part.blocks[0]
	count := k.last - k.head
	seen := make([][]any, 0, min(sample, count))
	for range min(sample, count) {
		row, err := read()
		if err != nil {
			return err
		}
		seen = append(seen, slices.Clone(row)) // the source may use it again
	}
	d, err := b.begin(part, seen)
	if err != nil {
		return err
	}
	d.top()
	d.totals(k)
	d.heading(k)
	if count == 0 {
		d.set(k.first, []any{d.say(about, nothing)})
	}
	for i := range count {
		row := []any(nil)
		if i < len(seen) {
			row = seen[i]
		} else if row, err = read(); err != nil {
			return err
		}
		d.set(k.first+i, d.streamed(k, row))
		if d.err != nil {
			return d.err
		}
	}
	return d.end()
}
