package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Books makes the relations that say how far the figures of each month can be relied on, for what is judged by them:
//
//	missing_bills(provider, month, day)   the days without a bill of a provider that has been billed lately
//	books(month, provider, invoice, billing, variance, unpriced, missing_days, status, waits)
//
// books is what Reconcile says of every month that the request's period touches: variance is the part of the bill by which the
// invoice differs from it, and missing_days the days without bill or without the evidence that other days have, and waits counts what has no exchange rate. The rules must be prepared.
func Books(ctx context.Context, db *sql.DB, r Request) error {
	t, err := Reconcile(ctx, db, Request{Period: r.Period, AsOf: r.AsOf, Currency: r.Currency, PricesAsOf: r.PricesAsOf, Tolerance: r.Tolerance})
	if err != nil {
		return err
	}
	var rows []string
	for _, row := range t.Rows {
		s := side{&t, row}
		amount := func(name string) string {
			if d, ok := s.money(name); ok {
				return d.String()
			}
			return "NULL"
		}
		rows = append(rows, fmt.Sprintf("(TIMESTAMP '%s-01', %s, %s, %s, %d, %s)", s.text("month"), quote(s.text("provider")), amount("invoice"), amount("billing"), s.count("unpriced"), quote(s.text("status"))))
	}
	rows = append(rows, "(NULL, NULL, NULL, NULL, NULL, NULL)")
	_, err = db.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE books AS
		WITH reconciled(month, provider, invoice, billing, unpriced, status) AS (VALUES `+strings.Join(rows, ", ")+`),
		lacking AS (
			SELECT provider, month, day FROM missing_bills
			UNION
			FROM reconcile_lost l WHERE month + INTERVAL 1 MONTH <= TIMESTAMP `+today(r)+` -- in a month that runs the last days come later
				AND NOT EXISTS (FROM reconcile_unbilled u WHERE u.provider = l.provider AND u.day = l.day)
		),
		days AS (SELECT provider, month, count(*) AS missing_days FROM lacking GROUP BY ALL),
		waiting_books AS (SELECT provider, month, count(*) AS waits FROM reconcile_waiting GROUP BY ALL)
		SELECT month::TIMESTAMP AS month, provider::VARCHAR AS provider, invoice::DECIMAL(38,12) AS invoice, billing::DECIMAL(38,12) AS billing,
			-- In whole cents, so that 1% is 1% and no rounding of a division.
			CASE WHEN waits > 0 THEN NULL
				WHEN round(coalesce(billing, 0)::DECIMAL(38,12), 2) = 0 AND round(invoice::DECIMAL(38,12), 2) <> 0 THEN 'infinity'::DOUBLE
				ELSE ((round(invoice::DECIMAL(38,12), 2) - round(billing::DECIMAL(38,12), 2)) * 100)::DOUBLE / nullif((round(billing::DECIMAL(38,12), 2) * 100)::DOUBLE, 0) END AS variance,
			coalesce(unpriced, 0)::BIGINT AS unpriced, coalesce(missing_days, 0)::BIGINT AS missing_days, status, waits
		FROM reconciled FULL JOIN days USING (provider, month) LEFT JOIN waiting_books USING (provider, month)
		WHERE provider IS NOT NULL`)
	return err
}

// findMissingBills makes missing_bills of the period that is set, and unbilled_days, which has beside them the days of a running month whose bill
// is still to come. What reports, gates and unit costs say of missing bills is all from there, and what they say of invoices from net_invoices.
func findMissingBills(ctx context.Context, db *sql.DB, r Request) error {
	return execute(ctx, db, r, "net-invoices", "missing-bills")
}

// NetInvoices makes the relations that say what the invoices of each month ask for what is booked of it:
//
//	net_invoices(provider, month, first, last, invoice)   without what is left out, and what is of other months
//	invoice_left_out(provider, month, cost)               what of an invoice the configuration leaves out as no AI
//	invoice_moved(provider, month, arrived, departed)     what of an invoice is of other months, and what of the month is on others' invoices
//
// All in the currency of the reports; what waits for an exchange rate is NULL. The rules must be prepared.
func NetInvoices(ctx context.Context, db *sql.DB) error {
	return execute(ctx, db, Request{}, "net-invoices")
}

// execute runs queries that make relations.
func execute(ctx context.Context, db *sql.DB, r Request, names ...string) error {
	for _, name := range names {
		_, query, err := load(name)
		if err == nil {
			_, err = db.ExecContext(ctx, strings.ReplaceAll(query, "{today}", today(r)))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// missingBillNotes says of which providers the period lacks bills, and of how many of its days that are over: those of the days for which
// the SQL of unsaid, over unbilled_days p, is true.
func missingBillNotes(ctx context.Context, db *sql.DB, r Request, unsaid string) ([]string, error) {
	where, err := providers(r.Where)
	if err != nil { // a filter of another kind than by provider: all may be behind it
		where = "true"
	}
	_, query, err := load("missing-bill-notes")
	if err != nil {
		return nil, err
	}
	t, err := read(ctx, db, strings.NewReplacer("{today}", today(r), "{where}", "("+where+") AND "+unsaid).Replace(query))
	var all []string
	for _, row := range t.Rows {
		all = append(all, fmt.Sprint(row[0]))
	}
	return all, err
}
