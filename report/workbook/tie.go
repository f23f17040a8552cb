package workbook

import (
	"fmt"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

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
		{Name: "total", Kind: table.Money}, {Name: "ledger", Kind: table.Money}, {Name: "difference", Kind: table.Money}, {Name: "rows_off", Kind: table.Money, Blank: true}}}
	var formulas [][]string
	for _, sheet := range s.wb.Sheets {
		if sheet.Tie == nil {
			continue
		}
		row, formula, err := s.check(sheet, sheets[sheet.Name], s.page.next+2+len(t.Rows)) // below the title and the heading
		if err != nil {
			return err
		}
		t.Rows, formulas = append(t.Rows, row), append(formulas, formula)
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
	s.page.tie = &tie{"SUMPRODUCT(ABS(" + cellName(5, k.first) + ":" + cellName(6, k.last) + "))", "all differences below, added up"}
	for _, p := range s.book.pages[1:] {
		if p.tie == nil {
			p.tie = &tie{on(s.page.tab, fixed(2, tieRow)), "of all sheets together, as on " + s.page.tab}
		}
	}
	return nil
}

// check measures a sheet: its row among the checks, and the formulas of that row's cells.
func (s *summary) check(sheet Sheet, p *page, here int) (row []any, formulas []string, err error) {
	total, amount, err := p.tied(sheet)
	if err != nil {
		return nil, nil, err
	}
	ledger, want := s.measure(*sheet.Tie)
	if !amount.Equal(want) {
		return nil, nil, &UntiedError{Sheet: sheet.Name, Column: sheet.Tie.Column, Got: amount, Want: want, Of: "the ledger's"}
	}
	head := sheet.Tie.Column
	if j := column(sheet.Table, head); j >= 0 {
		head = headings(sheet.Table)[j]
	}
	p.tie = p.measured(head, total, ledger)
	row = []any{p.tab, head, amount, want, decimal.Zero, nil}
	formulas = []string{"", "", cross(p, total), ledger, "ROUND(" + cellName(3, here) + "-" + cellName(4, here) + ",2)", ""}
	if off := p.blocks[0].off(); off != "" {
		row[5], formulas[5] = decimal.Zero, on(p.tab, off)
	}
	return row, formulas, nil
}

// measured is how a page ties: by its total and, if its rows are checked, by each of them, without signs so that neither makes up for the other.
func (p *page) measured(head, total, ledger string) *tie {
	t := &tie{"ROUND(" + total + "-" + ledger + ",2)", "the total of " + head + " less what the ledger's own charges add up to"}
	if off := p.blocks[0].off(); off != "" {
		t = &tie{"ABS(" + t.formula + ")+" + off, t.note + ", and what its rows are off"}
	}
	return t
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
