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
	sums        map[exactKey]decimal.Decimal
}

// exactKey is a key before it is cleaned and cut for its cell: what shows alike may be several.
type exactKey struct {
	name  string
	known bool
}

func keyOf(cell any) exactKey {
	name, known := cell.(string)
	return exactKey{name, known}
}

// checks has the checked sheets compute their columns anew from the streamed rows.
func (b *book) checks() error {
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
	c := &checked{page: p, block: k, key: column(t, k.check.Key), column: column(t, k.check.Column), sums: map[exactKey]decimal.Decimal{}}
	if c.key < 0 || c.column < 0 {
		return fmt.Errorf("sheet %s: %s has no columns %s and %s", p.tab, s.tab, k.check.Key, k.check.Column)
	}
	own := column(k.table, k.check.Key)
	if t.Columns[c.key].Kind != table.Text || k.table.Columns[own].Kind != table.Text {
		return fmt.Errorf("sheet %s: %s is no text to check rows by", p.tab, k.check.Key)
	}
	folded := map[string]int{}
	for _, row := range k.table.Rows {
		c.sums[keyOf(row[own])] = decimal.Zero
		folded[strings.ToLower(label(k.table.Columns[own], row[own]))]++
	}
	s.tally.checks = append(s.tally.checks, c)
	amount, again := column(k.table, k.check.Column), len(k.table.Columns)-2
	k.formula = func(i, j int) string {
		if i == len(k.table.Rows) && j == again+1 {
			return unsigned(span(j+1, k.first, k.last))
		}
		if i >= len(k.table.Rows) || k.table.Rows[i][again] == nil {
			return ""
		}
		row := k.row(i)
		switch j {
		case again:
			key := label(k.table.Columns[own], k.table.Rows[i][own])
			return s.lookUp(c, fixedColumn(own+1, row), folded[strings.ToLower(key)] > 1 || !plain(key))
		case again + 1:
			return "ROUND(" + cellName(amount+1, row) + "-" + cellName(again+1, row) + ",2)"
		}
		return ""
	}
	return nil
}

// unsigned adds cells up without their signs, so that what is too much in one row does not make up for another. It skips n/a, which is no
// number to ABS; an error in a cell stays one, by SUM.
func unsigned(cells string) string {
	return "ROUND(2*SUMIF(" + cells + ",\">0\")-SUM(" + cells + "),2)"
}

// plain is a key that SUMIFS takes as it is. It reads * and ? as more than characters, what looks like a number, a date or TRUE as one, so
// that 0815 is 815, and nothing that is longer than 255 characters.
func plain(key string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(key, "("))
	return unicode.IsLetter(first) && !strings.EqualFold(key, "true") && !strings.EqualFold(key, "false") && !strings.ContainsAny(key, "*?~") && len(key) < 255
}

// lookUp sums the rows of one key over all parts. Where SUMIFS would take others too, upper case for lower for one, keys are compared
// one by one.
func (p *page) lookUp(c *checked, key string, exactly bool) string {
	var sums []string
	for _, part := range p.parts {
		first, last := part.blocks[0].first, part.blocks[0].reach()
		keys, amounts := on(part.tab, fixedSpan(c.key+1, first, last)), on(part.tab, fixedSpan(c.column+1, first, last))
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

// alike is the rows whose key shows as another's: no formula tells them apart.
func (k *block) alike() map[int]bool {
	own := column(k.table, k.check.Key)
	first, rows := map[string]int{}, map[int]bool{}
	for i, row := range k.table.Rows {
		key := label(k.table.Columns[own], row[own])
		if j, ok := first[key]; ok {
			rows[i], rows[j] = true, true
		} else {
			first[key] = i
		}
	}
	return rows
}

// extend adds what the streamed rows say of a column, and how far that is off. Where no formula can say it, it is not known.
func (k *block) extend() {
	t := &k.table
	j := column(*t, k.check.Column)
	t.Columns = append(slices.Clone(t.Columns), table.Column{Name: "recomputed from rows", Heading: "Recomputed", Kind: table.Money}, table.Column{Name: "recomputed off", Heading: "Off", Kind: table.Money})
	t.Notes = append(slices.Clone(t.Notes), "Recomputed is what the slices of the line add up to, on the sheet that has them all; Off is how far "+t.Columns[j].Label()+" is from that, in the totals without signs")
	with := func(cells []any, again, off any) []any {
		if cells[j] == nil {
			again, off = nil, nil
		}
		return append(slices.Clone(cells), again, off)
	}
	alike, rows := k.alike(), make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		if alike[i] {
			rows[i] = with(row, nil, nil)
		} else {
			rows[i] = with(row, row[j], decimal.Zero)
		}
	}
	t.Rows = rows
	if t.Totals == nil {
		return
	}
	if len(alike) == 0 {
		t.Totals = with(t.Totals, t.Totals[j], decimal.Zero)
		return
	}
	t.Totals = with(t.Totals, nil, decimal.Zero)
	t.Notes = append(t.Notes, "Lines whose names look the same are recomputed before the workbook is written, and not in it: they read n/a")
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
		if err := c.hold(b.stream.tab); err != nil {
			return err
		}
	}
	return nil
}

// hold finds a row that is not what the streamed rows make. Rows of one key are held against them together.
func (c *checked) hold(tab string) error {
	t := c.block.table
	key, amount := column(t, c.block.check.Key), column(t, c.block.check.Column)
	said := map[exactKey]decimal.Decimal{}
	for i, row := range t.Rows {
		if row[amount] != nil {
			said[keyOf(row[key])] = said[keyOf(row[key])].Add(c.block.worth.cells[i][amount].Decimal)
		}
	}
	for _, row := range t.Rows {
		if got, ok := said[keyOf(row[key])]; ok && !got.Equal(c.sums[keyOf(row[key])]) {
			name := shorten(label(t.Columns[key], row[key]), 100)
			return &UntiedError{Sheet: c.page.tab, Column: fmt.Sprintf("%s of %s", t.Columns[amount].Name, name), Got: got, Want: c.sums[keyOf(row[key])], Of: "the rows of " + tab + " make"}
		}
	}
	return nil
}
