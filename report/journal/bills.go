package journal

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
)

// A bill is what a provider billed in a month, exactly.
type bill struct {
	provider   string
	parts      []part
	tiers      []share         // how the use cases of what was charged are known, as report coverage has it: credits apart
	currencies []foreign       // what of it was billed in other currencies than the journal's
	invoices   []invoice       // of the provider and month. They are evidence: what is booked is the bill
	leftOut    decimal.Decimal // what of them is left out as no AI
	moved      decimal.Decimal // what of them is for other months, less what is on others' invoices
}

// A part of a bill is a use case's. One without a name is what has none.
type part struct {
	tax                       bool // it has an account of its own, and nobody's name
	useCase, costCenter, team string
	amount                    decimal.Decimal
}

// A share of a bill, and whose it is.
type share struct {
	of     string
	amount decimal.Decimal
}

// A foreign part of a bill is one in another currency than the journal's.
type foreign struct {
	currency         string
	amount, original decimal.Decimal // in the journal's currency, and on the bill
}

// total is the bill.
func (b bill) total() decimal.Decimal {
	sum := decimal.Zero
	for _, p := range b.parts {
		sum = sum.Add(p.amount)
	}
	return sum
}

// read is the bills of a month, by the names of the providers; their parts are in the order in which finance reads them: by cost centre, then
// what has none, and last tax, where that is asked for apart. A provider that has only invoices has a bill without parts.
func read(ctx context.Context, db *sql.DB, month report.Period, o Options) ([]bill, error) {
	var bills []bill
	err := each(ctx, db, `FROM (
			SELECT coalesce(ProviderName, '(none)') AS provider, ?::BOOLEAN AND ChargeCategory IS NOT DISTINCT FROM 'Tax' AS tax,
				CASE WHEN tax OR x_UseCase IS NULL THEN '' ELSE x_UseCase END AS use_case,
				CASE WHEN tax OR x_CostCenter IS NULL THEN '' ELSE x_CostCenter END AS cost_center,
				CASE WHEN tax OR x_Team IS NULL THEN '' ELSE x_Team END AS team, sum(BilledCost)::VARCHAR
			FROM costs WHERE x_Basis <> 'estimated' AND `+month.Condition("ChargePeriodStart")+` GROUP BY ALL
		) ORDER BY provider, tax, use_case = '', cost_center = '', cost_center, use_case, team`, func(rows *sql.Rows) error {
		var provider string
		var p part
		err := rows.Scan(&provider, &p.tax, &p.useCase, &p.costCenter, &p.team, &p.amount)
		if len(bills) == 0 || bills[len(bills)-1].provider != provider {
			bills = append(bills, bill{provider: provider})
		}
		last := &bills[len(bills)-1]
		last.parts = append(last.parts, p)
		return err
	}, o.Accounts.Tax != "")
	if err != nil {
		return nil, err
	}
	for i := range bills {
		b := &bills[i]
		if b.tiers, err = tiers(ctx, db, month, b.provider); err != nil {
			return nil, err
		}
		if b.currencies, err = currencies(ctx, db, month, b.provider, o.Currency); err != nil {
			return nil, err
		}
	}
	return invoiced(ctx, db, month, bills)
}

// tiers is how the use cases of what was charged are known.
func tiers(ctx context.Context, db *sql.DB, month report.Period, provider string) (all []share, err error) {
	err = each(ctx, db, "SELECT x_Tier, sum(BilledCost)::VARCHAR FROM costs WHERE x_Basis <> 'estimated' AND BilledCost > 0 AND "+month.Condition("ChargePeriodStart")+
		" AND coalesce(ProviderName, '(none)') = ? GROUP BY ALL ORDER BY ALL", func(rows *sql.Rows) error {
		var s share
		err := rows.Scan(&s.of, &s.amount)
		all = append(all, s)
		return err
	}, provider)
	return all, err
}

// currencies is what of a bill is in others than the journal's. It is read of the charges: what is on the bill is not known of their slices.
func currencies(ctx context.Context, db *sql.DB, month report.Period, provider, but string) (all []foreign, err error) {
	err = each(ctx, db, `SELECT d.BillingCurrency, sum((BilledCost * rate)::DECIMAL(38,12))::VARCHAR, sum(BilledCost)::VARCHAR
		FROM charge_facts c JOIN dimensions d USING (x_Dimension)
		JOIN rates ON rates.currency = d.BillingCurrency AND c.ChargePeriodStart >= rate_from AND c.ChargePeriodStart < rate_to
		WHERE `+month.Condition("c.ChargePeriodStart")+` AND coalesce(d.ProviderName, '(none)') = ? AND d.BillingCurrency <> ? GROUP BY ALL ORDER BY ALL`, func(rows *sql.Rows) error {
		var f foreign
		err := rows.Scan(&f.currency, &f.amount, &f.original)
		all = append(all, f)
		return err
	}, provider, but)
	return all, err
}

// notes says what was spent in the period and is not booked.
func notes(ctx context.Context, db *sql.DB, p report.Period) ([]string, error) {
	var notes []string
	add := func(rows *sql.Rows) error {
		var note string
		err := rows.Scan(&note)
		notes = append(notes, note)
		return err
	}
	err := each(ctx, db, `SELECT format('{} {} of {} ({} charges) wait for an exchange rate and are not booked; add exchange_rates.{}',
			BillingCurrency, sum(BilledCost)::DECIMAL(38,2)::VARCHAR, string_agg(DISTINCT ProviderName, ', ' ORDER BY ProviderName), count(*), BillingCurrency)
		FROM waiting WHERE `+p.Condition("ChargePeriodStart")+` GROUP BY BillingCurrency ORDER BY BillingCurrency`, add)
	if err != nil {
		return nil, err
	}
	err = each(ctx, db, `SELECT format('{}: no bill; {} is estimated and not booked', ProviderName, CASE WHEN sum(BilledCost) < 0.005 THEN 'less than a cent' ELSE sum(BilledCost)::DECIMAL(38,2)::VARCHAR END)
		FROM costs WHERE x_Basis = 'estimated' AND `+p.Condition("ChargePeriodStart")+` GROUP BY ProviderName HAVING sum(BilledCost) > 0 ORDER BY ProviderName`, add)
	return notes, err
}

// each gives the rows of a query to a function.
func each(ctx context.Context, db *sql.DB, query string, row func(*sql.Rows) error, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// remarks says how far it is known whose the bill is, and what of it was converted.
func (b bill) remarks(currency string) []string {
	charged := decimal.Zero
	percent := func(part decimal.Decimal) string { return part.Shift(2).DivRound(charged, 18).StringFixed(1) + "%" }
	of := map[string]decimal.Decimal{}
	for _, t := range b.tiers {
		charged, of[t.of] = charged.Add(t.amount), t.amount
	}
	var known, remarks []string
	for _, tier := range []string{"request", "key", "split"} {
		if amount, ok := of[tier]; ok {
			known = append(known, tier+" "+percent(amount))
		}
	}
	if len(known) > 0 {
		remarks = append(remarks, "known by "+strings.Join(known, ", "))
	}
	if amount, ok := of["none"]; ok {
		remarks = append(remarks, "no use case "+percent(amount))
	}
	if len(remarks) > 0 {
		remarks = []string{strings.Join(remarks, "; ") + ", of what was charged"}
	}
	for _, c := range b.currencies {
		remarks = append(remarks, fmt.Sprintf("%s %s of it is %s %s on the bill", c.amount.StringFixed(2), currency, c.original.StringFixed(2), c.currency))
	}
	return remarks
}
