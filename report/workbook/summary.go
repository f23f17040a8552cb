package workbook

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// summary is the first sheet: the key figures as a list, what the ledger says, and whether every sheet says the same.
type summary struct {
	book   *book
	wb     Workbook
	page   *page
	ledger *block
}

func newSummary(b *book, wb Workbook) *summary {
	wb.Summary = drawable(wb.Summary)
	s := &summary{book: b, wb: wb, page: b.add("Summary", wb.Title, wb.Summary.Title, wb.Currency)}
	s.page.next = tieRow + 2
	return s
}

// lay places what the summary has, now that it is known where its figures stand.
func (s *summary) lay(sheets map[string]*page) error {
	if err := s.wb.Summary.Check(); err != nil {
		return err
	}
	if err := s.layList(sheets); err != nil {
		return err
	}
	if err := s.layLedger(); err != nil {
		return err
	}
	if err := s.layChecks(sheets); err != nil {
		return err
	}
	return s.book.layDetails(s.page, s.wb.Summary)
}

// layList turns the one row of the summary into lines.
func (s *summary) layList(sheets map[string]*page) error {
	t := s.wb.Summary.Undrawn()
	if len(t.Rows) != 1 {
		return fmt.Errorf("summary: %d rows instead of one", len(t.Rows))
	}
	from, err := s.figures(t, sheets)
	if err != nil {
		return err
	}
	t.Rows = [][]any{exact(t.Rows[0], from)}
	list := table.Table{Report: t.Report, Columns: []table.Column{{Name: "figure"}, {Name: "value", Kind: table.Money}}, Notes: t.Remarks()}
	for j, c := range t.Columns {
		list.Rows = append(list.Rows, []any{c.Label(), t.Rows[0][j]})
	}
	k := &block{table: list}
	if err := s.book.place(s.page, k); err != nil {
		return err
	}
	inRow, err := weigh(t)
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	for j, f := range from {
		if k.worth.cells[j][1] = inRow.cells[0][j]; f.ref != "" {
			k.worth.cells[j][1] = f.worth
		}
	}
	k.column = func(i, j int) table.Column {
		if j == 0 || i >= len(t.Columns) {
			return list.Columns[0]
		}
		return t.Columns[i]
	}
	k.formula = func(i, j int) string {
		if j == 0 || i >= len(from) {
			return ""
		}
		if from[i].ref != "" {
			return from[i].ref
		}
		return inRow.formula(0, i, func(_, i int) string { return fixed(2, k.row(i)) })
	}
	return nil
}

// figure is a cell and what it is worth. Without a name it is none.
type figure struct {
	ref   string
	worth number
}

// figures is where the key figures are taken from; those that are the summary's own are from nowhere.
func (s *summary) figures(t table.Table, sheets map[string]*page) ([]figure, error) {
	figures := make([]figure, len(t.Columns))
	for _, name := range slices.Sorted(maps.Keys(s.wb.From)) {
		j := column(t, name)
		if j < 0 {
			return nil, fmt.Errorf("summary: there is no column %s", name)
		}
		var err error
		if figures[j], err = find(sheets, s.wb.From[name], t.Rows[0][j]); err != nil {
			return nil, fmt.Errorf("summary: %s: %w", name, err)
		}
	}
	return figures, nil
}

// exact is the summary's row with the digits that percentages have where they are taken from: what follows from them must too.
func exact(row []any, from []figure) []any {
	row = slices.Clone(row)
	for j, f := range from {
		if _, percent := row[j].(float64); percent && f.ref != "" {
			row[j] = f.worth.Decimal.InexactFloat64()
		}
	}
	return row
}

// find is the figure of a cell, which must be what the summary says.
func find(sheets map[string]*page, from Cell, want any) (none figure, err error) {
	p := sheets[from.Sheet]
	if p == nil {
		return none, fmt.Errorf("there is no sheet %s", from.Sheet)
	}
	k, n := p.table(from.Table), numeric(want)
	if k == nil || !k.body() && n.Decimal.IsZero() {
		return none, nil
	}
	j := column(k.table, from.Column)
	i := k.find(from.Row)
	if j >= 0 && i < 0 && from.Row != "" {
		return none, nil
	}
	got := k.worthOf(i, j)
	if !got.Valid {
		if j >= 0 && !n.Valid {
			return none, nil // neither knows
		}
		what := "total"
		if from.Row != "" {
			what = "figure in " + from.Row
		}
		return none, fmt.Errorf("sheet %s has no %s of %s", from.Sheet, what, from.Column)
	}
	near := got.Decimal.Sub(n.Decimal).Abs()
	if _, percent := want.(float64); !n.Valid || percent && near.GreaterThan(decimal.New(1, -5)) || !percent && !near.IsZero() {
		return none, &UntiedError{Sheet: from.Sheet, Column: from.Column, Got: got.Decimal, Want: n.Decimal, Of: "the summary's"}
	}
	return figure{on(p.tab, fixed(j+1, k.row(i))), got}, nil
}

// table is the block of the page's main table, or of a detail; nil: there is none.
func (p *page) table(detail string) *block {
	if detail == "" {
		return p.blocks[0]
	}
	if i := slices.IndexFunc(p.blocks[1:], func(k *block) bool { return k.table.Report == detail }); i >= 0 {
		return p.blocks[1+i]
	}
	return nil
}

// find is the row of a name, or the totals for none; -1: there is none.
func (k *block) find(name string) int {
	if name == "" {
		if k.total == 0 {
			return -1
		}
		return len(k.table.Rows)
	}
	j := slices.IndexFunc(k.table.Columns, func(c table.Column) bool { return c.Kind == table.Text })
	if j < 0 {
		return -1
	}
	return slices.IndexFunc(k.table.Rows, func(row []any) bool { return row[j] == name })
}

// worthOf is what a cell is worth, if there is one and it is known.
func (k *block) worthOf(i, j int) number {
	if i < 0 || j < 0 {
		return number{}
	}
	return k.worth.cells[i][j]
}

// sum is the total of a column of the page's main table, and its cell; empty: there is none.
func (p *page) sum(name string) (ref string, value decimal.Decimal) {
	k := p.blocks[0]
	i, j := k.find(""), column(k.table, name)
	n := k.worthOf(i, j)
	if !n.Valid {
		return "", value
	}
	return fixed(j+1, k.row(i)), n.Decimal
}
