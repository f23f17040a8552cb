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
	tiers      []share // how the use cases of what was charged are known, as report coverage has it: credits apart
	currencies []share // what of it was billed in other currencies than the journal's, at their rates
}

// A part of a bill is a use case's. One without a name is what has none.
type part struct {
	useCase, costCenter, team string
	amount                    decimal.Decimal
}

// A share of a bill, and whose it is.
type share struct {
	of     string
	amount decimal.Decimal
}

// total is the bill.
func (b bill) total() decimal.Decimal {
	sum := decimal.Zero
	for _, p := range b.parts {
		sum = sum.Add(p.amount)
	}
	return sum
}

// read is the bills of a month, by the names of the providers; their parts are in the order in which finance reads them: by cost centre, and last
// what has none.
func read(ctx context.Context, db *sql.DB, month report.Period) ([]bill, error) {
	var bills []bill
	err := each(ctx, db, `FROM (
			SELECT coalesce(ProviderName, '(none)') AS provider, coalesce(x_UseCase, '') AS use_case, coalesce(x_CostCenter, '') AS cost_center,
				coalesce(x_Team, '') AS team, sum(BilledCost)::VARCHAR
			FROM costs WHERE x_Basis <> 'estimated' AND `+month.Condition("ChargePeriodStart")+` GROUP BY ALL
		) ORDER BY provider, use_case = '', cost_center = '', cost_center, use_case, team`, func(rows *sql.Rows) error {
		var provider string
		var p part
		err := rows.Scan(&provider, &p.useCase, &p.costCenter, &p.team, &p.amount)
		if len(bills) == 0 || bills[len(bills)-1].provider != provider {
			bills = append(bills, bill{provider: provider})
		}
		last := &bills[len(bills)-1]
		last.parts = append(last.parts, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range bills {
		b := &bills[i]
		if b.tiers, err = shares(ctx, db, month, b.provider, "x_Tier", "BilledCost > 0"); err != nil {
			return nil, err
		}
		if b.currencies, err = shares(ctx, db, month, b.provider, "x_BilledCurrency", "x_BilledCurrency <> BillingCurrency"); err != nil {
			return nil, err
		}
	}
	return bills, nil
}

// shares is what some of a bill is by a column.
func shares(ctx context.Context, db *sql.DB, month report.Period, provider, column, where string) (all []share, err error) {
	err = each(ctx, db, "SELECT "+column+", sum(BilledCost)::VARCHAR FROM costs WHERE x_Basis <> 'estimated' AND "+month.Condition("ChargePeriodStart")+
		" AND coalesce(ProviderName, '(none)') = ? AND "+where+" GROUP BY ALL ORDER BY ALL", func(rows *sql.Rows) error {
		var s share
		err := rows.Scan(&s.of, &s.amount)
		all = append(all, s)
		return err
	}, provider)
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
		remarks = append(remarks, fmt.Sprintf("%s %s of it was billed in %s", c.amount.StringFixed(2), currency, c.of))
	}
	return remarks
}
