package workbook

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// checked is a column of another sheet that the streamed rows must add up to.
type checked struct {
	page        *page
	block       *block
	key, column int // of the streamed table
	sums        map[string]decimal.Decimal
}

// checks has the checked sheets compute their columns anew from the streamed rows.
func (b *book) checks(wb Workbook) error {
	for _, p := range b.pages {
		for _, k := range p.blocks {
			if k.check == nil || p.stream != nil {
				continue
			}
			if b.stream == nil {
				return fmt.Errorf("sheet %s: there are no streamed rows to check it by", p.tab)
			}
			if err := b.checkBy(b.stream, p, k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *book) checkBy(s, p *page, k *block) error {
	t := s.blocks[0].table
	c := &checked{page: p, block: k, key: column(t, k.check.Key), column: column(t, k.check.Column), sums: map[string]decimal.Decimal{}}
	if c.key < 0 || c.column < 0 {
		return fmt.Errorf("sheet %s: %s has no columns %s and %s", p.tab, s.tab, k.check.Key, k.check.Column)
	}
	own := column(k.table, k.check.Key)
	folded := map[string]int{}
	for _, row := range k.table.Rows {
		key := label(k.table.Columns[own], row[own])
		c.sums[key] = decimal.Zero
		folded[strings.ToLower(key)]++
	}
	s.tally.checks = append(s.tally.checks, c)
	amount, again := column(k.table, k.check.Column), len(k.table.Columns)-2
	k.formula = func(i, j int) string {
		if i == len(k.table.Rows) && j == again+1 { // what is too much in one row must not make up for another
			return "ROUND(SUMPRODUCT(ABS(" + span(j+1, k.first, k.last) + ")),2)"
		}
		if i >= len(k.table.Rows) || k.table.Rows[i][amount] == nil {
			return ""
		}
		row := k.row(i)
		switch j {
		case again:
			key := label(k.table.Columns[own], k.table.Rows[i][own])
			return s.lookUp(c, fixedColumn(own+1, row), b.limit, folded[strings.ToLower(key)] > 1 || !plain(key))
		case again + 1:
			return "ROUND(" + cellName(amount+1, row) + "-" + cellName(again+1, row) + ",2)"
		}
		return ""
	}
	return nil
}

// plain is a key that SUMIFS takes as it is. It reads * and ? as more than characters, what looks like a number, a date or TRUE as one, so
// that 0815 is 815, and nothing that is longer than 255 characters.
func plain(key string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(key, "("))
	return unicode.IsLetter(first) && !strings.EqualFold(key, "true") && !strings.EqualFold(key, "false") && !strings.ContainsAny(key, "*?~") && len(key) < 255
}

// lookUp sums the rows of one key over all parts. Where SUMIFS would take others too, upper case for lower for one, keys are compared
// one by one.
func (p *page) lookUp(c *checked, key string, limit int, exactly bool) string {
	var sums []string
	for _, part := range p.parts {
		first := part.blocks[0].first
		keys, amounts := on(part.tab, fixedSpan(c.key+1, first, limit)), on(part.tab, fixedSpan(c.column+1, first, limit))
		if exactly {
			sums = append(sums, "SUMPRODUCT(--EXACT("+keys+","+key+"),"+amounts+")")
		} else {
			sums = append(sums, "SUMIFS("+amounts+","+keys+",\"=\"&"+key+")")
		}
	}
	return strings.Join(sums, "+")
}

// label is a key as its cell shows it.
func label(c table.Column, cell any) string {
	switch v := cell.(type) {
	case string:
		return text(v)
	case nil:
		if c.Blank {
			return ""
		}
	}
	return table.Readable(c.Kind, cell, table.Locale{})
}

// extend adds what the streamed rows say of a column, and how far that is off.
func (k *block) extend() {
	t := &k.table
	j := column(*t, k.check.Column)
	t.Columns = append(slices.Clone(t.Columns), table.Column{Name: "recomputed from rows", Heading: "Recomputed", Kind: table.Money, Blank: true},
		table.Column{Name: "recomputed off", Heading: "Off", Kind: table.Money, Blank: true}) // blank: text is no number to ABS
	twice := func(cells []any) []any {
		if cells[j] == nil {
			return append(slices.Clone(cells), nil, nil)
		}
		return append(slices.Clone(cells), cells[j], decimal.Zero)
	}
	rows := make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = twice(row)
	}
	t.Rows = rows
	if t.Totals != nil {
		t.Totals = twice(t.Totals)
	}
	t.Notes = append(slices.Clone(t.Notes), "Recomputed is what the slices of the line add up to, on the sheet that has them all; Off is how far "+t.Columns[j].Label()+" is from that, in the totals without signs")
}

// off is the cell of what all rows are off; empty: they are not checked.
func (k *block) off() string {
	if k.check == nil || k.total == 0 {
		return ""
	}
	return fixed(len(k.table.Columns), k.total)
}

// recomputed holds the totals and the checked columns against what has been streamed.
func (b *book) recomputed() error {
	if b.stream == nil {
		return nil
	}
	t := b.stream.blocks[0].table
	for j, total := range t.Totals {
		if got, want := b.stream.tally.sums[j], numeric(total); want.Valid && !got.Equal(want.Decimal) {
			return &UntiedError{Sheet: b.stream.tab, Column: t.Columns[j].Name, Got: got, Want: want.Decimal, Of: "its total"}
		}
	}
	for _, c := range b.stream.tally.checks {
		t := c.block.table
		key, amount := column(t, c.block.check.Key), column(t, c.block.check.Column)
		for i, row := range t.Rows {
			if row[amount] == nil {
				continue
			}
			name := label(t.Columns[key], row[key])
			if got, want := c.block.worth.cells[i][amount].Decimal, c.sums[name]; !got.Equal(want) {
				return &UntiedError{Sheet: c.page.tab, Column: fmt.Sprintf("%s of %s", t.Columns[amount].Name, name), Got: got, Want: want, Of: "the rows of " + b.stream.tab + " make"}
			}
		}
	}
	return nil
}
