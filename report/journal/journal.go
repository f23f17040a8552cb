// Package journal writes what was billed as the entries that finance books: in hledger syntax, and as debit and credit lines for an ERP.
//
// An entry is the bill of one provider for one month: its use cases are debited, what is payable to the provider is credited. A credit of the
// provider is the other way round.
//
// A ledger has amounts to the twelfth decimal, and a journal has cents. The month is rounded first, as every report shows it; its cents are then
// dealt to the providers, and each provider's to its lines, by the largest remainder. So an entry balances, the entries of a month add up to its
// total, and every provider and line is less than a cent from its exact amount: where that is whole cents, it is equal. Equal remainders are
// served in the order of the names. Each month is dealt by itself, so that it is booked the same whether alone or as part of a year. Lines without
// a cent are left out.
//
// Only what was billed is booked. Estimates, and bills that wait for an exchange rate, are in [Journal.Notes].
//
// What is payable is the bill, as the provider's exports have it, and not its invoice, which may have tax or fees that no export has. Each entry
// names the invoices of its provider and month and says what they ask for; one that is a cent or more from what is booked is in the notes, too.
package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
)

// Options says what to book, and how.
type Options struct {
	From, To time.Time // whole days; To is exclusive
	Currency string    // of the ledger's reports
	Accounts Accounts
}

// A Journal is the entries of a period, by month and provider.
type Journal struct {
	Period   report.Period
	Currency string
	Entries  []Entry
	Notes    []string // what was spent and is not booked, and which invoices are not what is booked
}

// An Entry is one bill. Its lines and what is payable add up to zero.
type Entry struct {
	Date      time.Time // the last day of the month, or of the period where that ends before
	Reference string    // AI-2026-10-openai
	Provider  string
	Note      string   // "AI spend of 2026-10"
	Invoices  []string // the numbers of the provider's invoices of the month
	Remarks   []string // what the invoices ask for, how far the use cases are known, and what was converted
	Lines     []Line   // of expenses, by cost centre and use case; and of tax, where it has an account
	Payable   Line     // what the provider is owed; zero where its credits make up for its charges
}

// A Line debits an account, or credits it where the amount is negative.
type Line struct {
	Account    string
	CostCenter string // as finance calls it; empty: there is none, as for Team and UseCase
	UseCase    string
	Team       string
	Amount     decimal.Decimal // in whole cents
}

// Debited is what is booked against the expense accounts: the bills less their credits.
func (j Journal) Debited() decimal.Decimal {
	all := decimal.Zero
	for _, e := range j.Entries {
		all = all.Add(sum(e.Lines))
	}
	return all
}

// postings is the lines that a ledger takes.
func (e Entry) postings() []Line {
	if e.Payable.Amount.IsZero() {
		return e.Lines
	}
	return append(e.Lines[:len(e.Lines):len(e.Lines)], e.Payable)
}

// Make reads what the journal books. The rules must be prepared. It is an error where the lines do not add up to the ledger's own charges.
func Make(ctx context.Context, db *sql.DB, o Options) (Journal, error) {
	j := Journal{Period: report.Period{From: o.From, To: o.To}, Currency: o.Currency}
	if err := o.Accounts.Check(); err != nil {
		return j, err
	}
	booked, invoices := decimal.Zero, []string(nil)
	for _, month := range months(j.Period) {
		bills, err := read(ctx, db, month, o)
		if err != nil {
			return j, fmt.Errorf("journal of %s: %w", month, err)
		}
		ledger, err := report.LedgerOf(ctx, db, month)
		if err != nil {
			return j, fmt.Errorf("journal of %s: %w", month, err)
		}
		entries, differ, err := book(month, bills, ledger.Billed, o)
		if err != nil {
			return j, fmt.Errorf("journal of %s: %w", month, err)
		}
		j.Entries, invoices, booked = append(j.Entries, entries...), append(invoices, differ...), booked.Add(ledger.Billed)
	}
	notes, err := notes(ctx, db, j.Period)
	if err != nil {
		return j, err
	}
	notes = append(notes, invoices...)
	if rest := booked.Round(2).Sub(j.Debited()); !rest.IsZero() {
		notes = append(notes, fmt.Sprintf("the months are rounded one by one: together they are %s, and the period is %s", j.Debited().StringFixed(2), booked.StringFixed(2)))
	}
	if len(j.Entries) == 0 {
		notes = append(notes, fmt.Sprintf("no bill of %s has a cent", j.Period))
	}
	j.Notes = notes
	return j, nil
}

// months is the period in pieces, none of which is in two calendar months.
func months(p report.Period) []report.Period {
	var all []report.Period
	for from := p.From; from.Before(p.To); {
		to := time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if p.To.Before(to) {
			to = p.To
		}
		all = append(all, report.Period{From: from, To: to})
		from = to
	}
	return all
}
