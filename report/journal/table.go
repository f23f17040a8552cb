package journal

import (
	"io"
	"strings"

	"github.com/aifinops/aifinops/report/table"
)

// Table is the journal as lines of debit and credit: both positive, and never both in one line.
func (j Journal) Table() table.Table {
	t := table.Table{Report: "journal", Columns: []table.Column{
		{Name: "date", Kind: table.Day}, {Name: "document"}, {Name: "invoice"}, {Name: "line", Kind: table.Count}, {Name: "account"}, {Name: "cost_center"},
		{Name: "use_case"}, {Name: "team"}, {Name: "provider"}, {Name: "description"},
		{Name: "debit", Kind: table.Money}, {Name: "credit", Kind: table.Money}, {Name: "currency"},
	}}
	for _, e := range j.Entries {
		for i, l := range e.postings() {
			var debit, credit any
			if l.Amount.IsNegative() {
				credit = l.Amount.Neg()
			} else {
				debit = l.Amount
			}
			t.Rows = append(t.Rows, []any{
				e.Date, e.Reference, known(strings.Join(e.Invoices, ", ")), int64(i + 1), l.Account, known(l.CostCenter), known(l.UseCase), known(l.Team), e.Provider, e.Note, debit, credit, j.Currency,
			})
		}
	}
	return t
}

// known is a name, or nil.
func known(name string) any {
	if name == "" {
		return nil
	}
	return name
}

// CSV writes the lines for an ERP, with the marks of a locale.
func (j Journal) CSV(w io.Writer, l table.Locale) error {
	return table.Formats()["csv"](w, table.Options{Locale: l}, j.Table())
}
