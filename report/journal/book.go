package journal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
)

// book makes the entries of a month of its bills, which must add up to what the ledger says was charged. The notes are of invoices that ask for
// another amount.
func book(month report.Period, bills []bill, charged decimal.Decimal, o Options) (entries []Entry, notes []string, err error) {
	exact := make([]decimal.Decimal, len(bills))
	for i, b := range bills {
		exact[i] = b.total()
	}
	if sum := decimal.Sum(decimal.Zero, exact...); !sum.Equal(charged) {
		return nil, nil, fmt.Errorf("%w: its lines are %s, and the charges %s", report.ErrUntied, sum, charged)
	}
	booked := decimal.Zero
	for i, cents := range deal(charged.Round(2), exact) {
		e := entry(month, bills[i], cents, o)
		notes = append(notes, bills[i].settle(&e, month, o.Currency)...)
		if len(e.Lines) == 0 {
			continue
		}
		entries, booked = append(entries, e), booked.Add(sum(e.Lines))
		if balance := sum(e.postings()); !balance.IsZero() {
			return nil, nil, fmt.Errorf("%w: the entry of %s is out of balance by %s", report.ErrUntied, e.Provider, balance)
		}
	}
	if !booked.Equal(charged.Round(2)) {
		return nil, nil, fmt.Errorf("%w: its entries are %s, and the charges %s", report.ErrUntied, booked, charged.Round(2))
	}
	return entries, notes, nil
}

// entry books a bill as so many cents.
func entry(month report.Period, b bill, cents decimal.Decimal, o Options) Entry {
	e := Entry{
		Date: month.To.AddDate(0, 0, -1), Reference: "AI-" + strings.ReplaceAll(month.String(), " ", "-") + "-" + name(b.provider), Provider: b.provider,
		Note: "AI spend of " + month.String(), Remarks: b.remarks(o.Currency),
	}
	exact := make([]decimal.Decimal, len(b.parts))
	for i, p := range b.parts {
		exact[i] = p.amount
	}
	for i, amount := range deal(cents, exact) {
		if !amount.IsZero() {
			l := o.Accounts.line(b.provider, b.parts[i])
			l.Amount = amount
			e.Lines = append(e.Lines, l)
		}
	}
	e.Payable = Line{Account: o.Accounts.payable(b.provider), Amount: cents.Neg()}
	return e
}

// sum is what the lines add up to.
func sum(lines []Line) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range lines {
		sum = sum.Add(l.Amount)
	}
	return sum
}

// deal rounds amounts to cents so that they add up to a total, which must be less than a cent from their sum: all are rounded down, and the cents
// that are left go to the largest remainders, of equal ones to the first.
func deal(total decimal.Decimal, exact []decimal.Decimal) []decimal.Decimal {
	cent := decimal.New(1, -2)
	dealt := make([]decimal.Decimal, len(exact))
	order := make([]int, len(exact))
	for i, amount := range exact {
		dealt[i], order[i] = amount.RoundFloor(2), i
	}
	slices.SortStableFunc(order, func(i, j int) int { return exact[j].Sub(dealt[j]).Cmp(exact[i].Sub(dealt[i])) })
	left := total.Sub(decimal.Sum(decimal.Zero, dealt...))
	for _, i := range order {
		if !left.IsPositive() {
			break
		}
		dealt[i], left = dealt[i].Add(cent), left.Sub(cent)
	}
	return dealt
}
