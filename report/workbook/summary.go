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
	list   *block
	ledger *block
}

func newSummary(b *book, wb Workbook) *summary {
	s := &summary{book: b, wb: wb, page: b.add("Summary", wb.Title, wb.Summary.Title, wb.Currency)}
	s.page.next = tieRow + 2
	return s
}

// lay places what the summary has, now that it is known where its figures stand.
func (s *summary) lay(sheets map[string]*page) error {
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
	if err := s.wb.Summary.Check(); err != nil {
		return err
	}
	if len(t.Rows) != 1 {
		return fmt.Errorf("summary: %d rows instead of one", len(t.Rows))
	}
	from, err := s.figures(t, sheets)
	if err != nil {
		return err
	}
	list := table.Table{Report: t.Report, Columns: []table.Column{{Name: "figure"}, {Name: "value", Kind: table.Money}}, Notes: t.Remarks()}
	for j, c := range t.Columns {
		list.Rows = append(list.Rows, []any{c.Label(), t.Rows[0][j]})
	}
	k := &block{table: list}
	s.list = k
	if err := s.book.place(s.page, k); err != nil {
		return err
	}
	inRow, err := weigh(t)
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	for j := range t.Columns {
		k.worth.cells[j][1] = inRow.cells[0][j]
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
		if from[i] != "" {
			return from[i]
		}
		return inRow.formula(0, i, func(_, i int) string { return fixed(2, k.row(i)) })
	}
	return nil
}

// figures is the formulas of the key figures that are taken from other sheets; the others have none.
func (s *summary) figures(t table.Table, sheets map[string]*page) ([]string, error) {
	formulas := make([]string, len(t.Columns))
	for _, name := range slices.Sorted(maps.Keys(s.wb.From)) {
		j := column(t, name)
		if j < 0 {
			return nil, fmt.Errorf("summary: there is no column %s", name)
		}
		var err error
		if formulas[j], err = figure(sheets, s.wb.From[name], t.Rows[0][j]); err != nil {
			return nil, fmt.Errorf("summary: %s: %w", name, err)
		}
	}
	return formulas, nil
}

// figure is the cell of a total, which must be what the summary says.
func figure(sheets map[string]*page, from Cell, want any) (string, error) {
	p := sheets[from.Sheet]
	if p == nil {
		return "", fmt.Errorf("there is no sheet %s", from.Sheet)
	}
	ref, got := p.sum(from.Column)
	if ref == "" {
		return "", fmt.Errorf("sheet %s has no total of %s", from.Sheet, from.Column)
	}
	n := numeric(want)
	near := got.Sub(n.Decimal).Abs()
	if _, percent := want.(float64); !n.Valid || percent && near.GreaterThan(decimal.New(1, -5)) || !percent && !near.IsZero() {
		return "", &UntiedError{Sheet: from.Sheet, Column: from.Column, Got: got, Want: n.Decimal, Of: "the summary's"}
	}
	return on(p.tab, ref), nil
}

// sum is the total of a column of the page's main table, and its cell; empty: there is none.
func (p *page) sum(name string) (ref string, value decimal.Decimal) {
	k := p.blocks[0]
	j := column(k.table, name)
	if j < 0 || k.total == 0 {
		return "", value
	}
	n := k.worth.cells[len(k.table.Rows)][j]
	if !n.Valid {
		return "", value
	}
	return fixed(j+1, k.total), n.Decimal
}

// layLedger places what all is measured by.
func (s *summary) layLedger() error {
	l := s.wb.Ledger
	s.page.next++
	s.ledger = &block{title: s.page.next - 1, table: table.Table{Report: "ledger", Title: "What the ledger's own charges add up to",
		Columns: []table.Column{{Name: "basis"}, {Name: "amount", Kind: table.Money}},
		Rows:    [][]any{{"billed", l.Billed}, {"estimated: evidence without a bill", l.Estimated}},
		Totals:  []any{nil, l.Billed.Add(l.Estimated)}}}
	return s.book.place(s.page, s.ledger)
}

// measure is the ledger's amount for a tie, and its cell.
func (s *summary) measure(t Tie) (ref string, amount decimal.Decimal) {
	l := s.wb.Ledger
	if t.Estimated {
		return on(s.page.tab, fixed(2, s.ledger.total)), l.Billed.Add(l.Estimated)
	}
	return on(s.page.tab, fixed(2, s.ledger.first)), l.Billed
}

// layChecks measures every sheet that ties, and tells the others where to look.
func (s *summary) layChecks(sheets map[string]*page) error {
	t := table.Table{Report: "checks", Title: "Checks: every total, measured by the ledger", Columns: []table.Column{{Name: "sheet"}, {Name: "column"},
		{Name: "total", Kind: table.Money}, {Name: "ledger", Kind: table.Money}, {Name: "difference", Kind: table.Money}}}
	var formulas [][]string
	for _, sheet := range s.wb.Sheets {
		if sheet.Tie == nil {
			continue
		}
		p := sheets[sheet.Name]
		total, amount, err := p.tied(sheet)
		if err != nil {
			return err
		}
		ledger, want := s.measure(*sheet.Tie)
		if !amount.Equal(want) {
			return &UntiedError{Sheet: sheet.Name, Column: sheet.Tie.Column, Got: amount, Want: want, Of: "the ledger's"}
		}
		head := headings(sheet.Table)[column(sheet.Table, sheet.Tie.Column)]
		p.tie = &tie{"ROUND(" + total + "-" + ledger + ",2)", "the total of " + head + " less what the ledger's own charges add up to"}
		t.Rows = append(t.Rows, []any{p.tab, head, amount, want, decimal.Zero})
		here := s.page.next + 1 + len(t.Rows) // below the title and the heading
		formulas = append(formulas, []string{"", "", cross(p, total), ledger, "ROUND(" + cellName(3, here) + "-" + cellName(4, here) + ",2)"})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	s.page.next++
	k := &block{title: s.page.next - 1, table: t}
	k.formula = func(i, j int) string {
		if i < len(formulas) {
			return formulas[i][j]
		}
		return ""
	}
	if err := s.book.place(s.page, k); err != nil {
		return err
	}
	s.page.tie = &tie{"SUMPRODUCT(ABS(" + span(5, k.first, k.last) + "))", "all differences below together: every sheet adds up to the ledger"}
	for _, p := range s.book.pages[1:] {
		if p.tie == nil {
			p.tie = &tie{on(s.page.tab, fixed(2, tieRow)), "of all sheets together, as on " + s.page.tab}
		}
	}
	return nil
}

// cross is a cell of the page as other sheets name it.
func cross(p *page, cell string) string {
	if cell == "0" {
		return cell
	}
	return on(p.tab, cell)
}

// tied is the total of the sheet's tie and its cell. A total that its rows do not add up to ties nothing.
func (p *page) tied(s Sheet) (ref string, amount decimal.Decimal, err error) {
	if !p.blocks[0].body() && p.blocks[0].total == 0 {
		return "0", amount, nil
	}
	ref, amount = p.sum(s.Tie.Column)
	k := p.blocks[0]
	if ref == "" || p.stream == nil && !k.worth.summed(len(k.table.Rows), column(k.table, s.Tie.Column)) {
		return "", amount, fmt.Errorf("sheet %s: the rows of %s do not add up to its total", s.Name, s.Tie.Column)
	}
	return ref, amount, nil
}
