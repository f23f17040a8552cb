package journal

import (
	"io"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// Table is the journal as lines of debit and credit: both positive, and never both in one line.
func (j Journal) Table() table.Table {
	t := table.Table{
		Report: "journal", Title: "Journal, " + j.Period.String() + " (" + j.Currency + ")",
		Facts: []table.Fact{
			{Name: "from", Value: j.Period.From.Format("2006-01-02")},
			{Name: "to", Value: j.Period.To.AddDate(0, 0, -1).Format("2006-01-02")},
			{Name: "currency", Value: j.Currency},
		},
		Columns: []table.Column{
			{Name: "date", Kind: table.Day}, {Name: "document"}, {Name: "invoice", Blank: true}, {Name: "line", Kind: table.Count}, {Name: "account"}, {Name: "cost_center", Blank: true},
			{Name: "use_case", Blank: true}, {Name: "team", Blank: true}, {Name: "provider"}, {Name: "description"},
			{Name: "debit", Kind: table.Money, Blank: true}, {Name: "credit", Kind: table.Money, Blank: true}, {Name: "currency"},
		},
		Notes: j.Notes,
	}
	debits, credits := decimal.Zero, decimal.Zero
	for _, e := range j.Entries {
		for i, l := range e.postings() {
			var debit, credit any
			if l.Amount.IsNegative() {
				credit, credits = l.Amount.Neg(), credits.Sub(l.Amount)
			} else {
				debit, debits = l.Amount, debits.Add(l.Amount)
			}
			t.Rows = append(t.Rows, []any{
				e.Date, e.Reference, known(strings.Join(e.Invoices, ", ")), int64(i + 1), l.Account, known(l.CostCenter), known(l.UseCase), known(l.Team), e.Provider, e.Note, debit, credit, j.Currency,
			})
		}
	}
	t.Totals = make([]any, len(t.Columns))
	t.Totals[10], t.Totals[11] = debits, credits
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
