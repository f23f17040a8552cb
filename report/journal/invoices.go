package journal

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
)

// An invoice is what a provider asks to be paid for a month, as it was ingested. Nothing is booked of it.
type invoice struct {
	id, currency string
	total        decimal.Decimal
}

// invoiced gives the bills of a month their invoices. As in report reconcile, an invoice is of a whole month: a piece of one has none.
func invoiced(ctx context.Context, db *sql.DB, month report.Period, bills []bill) ([]bill, error) {
	err := each(ctx, db, `SELECT coalesce(ProviderName, '(none)') AS provider, coalesce(InvoiceId, '') AS id, coalesce(BillingCurrency, '') AS currency, sum(x_InvoiceTotal)::VARCHAR
		FROM invoices WHERE `+month.Condition("ChargePeriodStart")+" AND "+month.Condition("ChargePeriodEnd - INTERVAL 1 MICROSECOND")+`
		GROUP BY ALL ORDER BY provider, id, currency`, func(rows *sql.Rows) error {
		var provider string
		var in invoice
		err := rows.Scan(&provider, &in.id, &in.currency, &in.total)
		i := slices.IndexFunc(bills, func(b bill) bool { return b.provider == provider })
		if i < 0 {
			i, bills = len(bills), append(bills, bill{provider: provider})
		}
		bills[i].invoices = append(bills[i].invoices, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := report.NetInvoices(ctx, db); err != nil {
		return nil, err
	}
	return bills, each(ctx, db, `SELECT provider, coalesce(l.cost, 0)::DECIMAL(38,12)::VARCHAR, coalesce(m.arrived - m.departed, 0)::DECIMAL(38,12)::VARCHAR
		FROM net_invoices LEFT JOIN invoice_left_out l USING (provider, month) LEFT JOIN invoice_moved m USING (provider, month) WHERE `+month.Condition("month"), func(rows *sql.Rows) error {
		var provider string
		var leftOut, moved decimal.Decimal
		err := rows.Scan(&provider, &leftOut, &moved)
		if i := slices.IndexFunc(bills, func(b bill) bool { return b.provider == provider }); i >= 0 {
			bills[i].leftOut, bills[i].moved = leftOut, moved
		}
		return err
	})
}

// ids is the numbers of the invoices.
func (b bill) ids() (ids []string) {
	for _, in := range b.invoices {
		if in.id != "" && !slices.Contains(ids, in.id) {
			ids = append(ids, in.id)
		}
	}
	return ids
}

// asked is what the invoices come to, in whole cents; unknown where they are not all in the journal's currency.
func (b bill) asked(currency string) (total decimal.Decimal, known bool) {
	for _, in := range b.invoices {
		if in.currency != currency {
			return total, false
		}
		total = total.Add(in.total)
	}
	return total.Round(2), len(b.invoices) > 0
}

// compared says how much more or less the invoices ask for than is booked. The cent that the bill has or lacks because the month is rounded as
// a whole is said to be that.
func (b bill) compared(booked, asked decimal.Decimal) string {
	more := asked.Sub(booked)
	if more.IsZero() {
		return "as booked"
	}
	text := more.Abs().StringFixed(2) + " more than is booked"
	if more.IsNegative() {
		text = more.Abs().StringFixed(2) + " less than is booked"
	}
	if b.total().Round(2).Equal(asked) {
		text += ", by rounding"
	}
	if !b.leftOut.IsZero() {
		text += fmt.Sprintf("; of the invoice %s is left out as no AI (ai_spend)", b.leftOut.StringFixed(2))
	}
	switch {
	case b.moved.IsPositive():
		text += fmt.Sprintf("; of the invoice %s is for other months, by the billing periods of the bill", b.moved.StringFixed(2))
	case b.moved.IsNegative():
		text += fmt.Sprintf("; of this month %s is on other invoices, by the billing periods of the bill", b.moved.Neg().StringFixed(2))
	}
	return text
}

// named is the invoices and what they ask for, a text a currency.
func (b bill) named() (texts []string) {
	names, totals := map[string][]string{}, map[string]decimal.Decimal{}
	for _, in := range b.invoices {
		id := in.id
		if id == "" {
			id = "(no number)"
		}
		names[in.currency], totals[in.currency] = append(names[in.currency], id), totals[in.currency].Add(in.total)
	}
	for _, currency := range slices.Sorted(maps.Keys(names)) {
		what, is := "invoice ", "is"
		if len(names[currency]) > 1 {
			what, is = "invoices ", "are"
		}
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s%s %s %s %s", what, strings.Join(names[currency], ", "), is, totals[currency].StringFixed(2), currency)))
	}
	return texts
}

// settle tells an entry of its invoices, and says what finance must know of them: that they ask for another amount than is booked, or that nothing is.
func (b bill) settle(e *Entry, month report.Period, currency string) (notes []string) {
	texts, booked := b.named(), sum(e.Lines)
	asked, known := b.asked(currency)
	if len(e.Lines) == 0 {
		for _, text := range texts {
			if !known || !asked.IsZero() {
				notes = append(notes, fmt.Sprintf("%s, %s: %s, and nothing is booked", b.provider, month, text))
			}
		}
		return notes
	}
	if known {
		texts[0] += ", " + b.compared(booked, asked)
		if !asked.Equal(booked) {
			notes = []string{e.Reference + ": " + texts[0]}
		}
	}
	e.Invoices, e.Remarks = b.ids(), append(texts, e.Remarks...)
	return notes
}
