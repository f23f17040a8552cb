package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

// A caveat is a question whose answers, one text a row, belong below a report.
type caveat struct{ about, query string }

// caveats is what a reader of spend must know: what is in no figure, what is
// incomplete, what the rules could not decide.
func caveats() []caveat {
	return []caveat{
		{"currency", `SELECT format('{} {} of {} ({} charges) wait for an exchange rate and are in no figure; add exchange_rates.{}',
				BillingCurrency, sum(BilledCost)::DECIMAL(38,2)::VARCHAR, string_agg(DISTINCT ProviderName, ', ' ORDER BY ProviderName), count(*), BillingCurrency)
			FROM waiting WHERE in_both(ChargePeriodStart) GROUP BY BillingCurrency ORDER BY BillingCurrency`},
		{"no bill", `WITH money AS (
				SELECT ProviderName, sum(BilledCost) AS cost FROM costs WHERE in_period(ChargePeriodStart) AND x_Basis = 'estimated' GROUP BY ProviderName
			), evidence AS (
				SELECT g.ProviderName, bool_or(p.role = 'usage') AS metered, sum(ContractedCost) AS contracted, sum(ListCost) AS list, sum(x_HighContractedCost) AS high
				FROM priced p JOIN groups g USING (x_Group) WHERE in_period(slot_start) GROUP BY g.ProviderName
			)
			SELECT format('{}: no bill in this period; {} is estimated from {} at {} prices{}', ProviderName, CASE WHEN cost < 0.005 THEN 'less than a cent' ELSE cost::DECIMAL(38,2)::VARCHAR END,
				CASE WHEN metered THEN 'its usage' ELSE 'requests' END, CASE WHEN contracted < list THEN 'contract' ELSE 'list' END,
				CASE WHEN high > contracted THEN '; a lower bound, for what single calls cost cannot be told from sums' ELSE '' END)
			FROM money JOIN evidence USING (ProviderName) ORDER BY ProviderName`},
		{"prior", `SELECT format('{} of the period before is estimated: {} sent no bill for it', sum(BilledCost)::DECIMAL(38,2)::VARCHAR, string_agg(DISTINCT ProviderName, ', ' ORDER BY ProviderName))
			FROM costs WHERE in_prior(ChargePeriodStart) AND x_Basis = 'estimated' HAVING sum(BilledCost) >= 0.005`},
		{"no match", `SELECT format('{}: {} of {} agree with no bill (day, project, key, model, token class), and say nothing about whose dollars it has', ProviderName,
				sum(amount)::DECIMAL(38,2)::VARCHAR, string_agg(DISTINCT role || ' for ' || coalesce(model, '(no model)'), ', ' ORDER BY role || ' for ' || coalesce(model, '(no model)')))
			FROM claims c ANTI JOIN reached r USING (claimant)
			WHERE in_period(slot_start) AND ` + billedProvider + `
			GROUP BY ProviderName HAVING sum(amount) >= 0.005 ORDER BY ProviderName`},
		{"scaled", `SELECT format('{} of the total is evidence that was scaled to its bill (--by basis; aifinops report reconcile)', sum(BilledCost)::DECIMAL(38,2)::VARCHAR)
			FROM costs WHERE in_period(ChargePeriodStart) AND x_Basis = 'scaled' HAVING sum(BilledCost) >= 0.005`},
		{"no price", `SELECT format('{}: no bill, and no price for {}: {:,} tokens or units are in no figure (aifinops prices missing)',
				coalesce(ProviderName, '(no provider)'), string_agg(DISTINCT coalesce(x_Model, '(no model)'), ', ' ORDER BY coalesce(x_Model, '(no model)')), sum(quantity)::BIGINT)
			FROM unpriced WHERE in_period(slot_start) AND NOT ` + billedProvider + `
			GROUP BY ProviderName ORDER BY ProviderName`},
		{"no claim", `SELECT format('{}: {:,} tokens or units of {} have no price: they claim nothing of the bill (aifinops prices missing)',
				coalesce(ProviderName, '(no provider)'), sum(counted)::BIGINT, string_agg(DISTINCT coalesce(x_Model, '(no model)'), ', ' ORDER BY coalesce(x_Model, '(no model)')))
			FROM (SELECT c.ProviderName, g.x_Model, c.counted FROM counted c JOIN groups g USING (x_Group) WHERE c.x_PriceStatus = 'unpriced' AND c.counted > 0 AND in_period(c.slot_start))
			WHERE ` + billedProvider + `
			GROUP BY ProviderName ORDER BY ProviderName`},
		{"over-claims", `SELECT format('{}: requests and usage claim {} where {} was billed; their parts were scaled down to the bill (aifinops report reconcile)',
				ProviderName, sum(claimed)::DECIMAL(38,2)::VARCHAR, sum(cost)::DECIMAL(38,2)::VARCHAR)
			FROM claimed_bills WHERE overclaimed AND in_period(coalesce(day, month)) GROUP BY ProviderName HAVING sum(claimed - cost) >= 0.01 * sum(cost) ORDER BY ProviderName`},
		{"dollars", `SELECT 'no exchange rate for USD, in which the price book is: usage and requests claim nothing' WHERE EXISTS (FROM priced p ANTI JOIN rates r ON r.currency = 'USD' AND p.slot_start >= r.rate_from AND p.slot_start < r.rate_to WHERE in_period(p.slot_start))`},
		{"targets", `SELECT format('rule {} names {}, which is no use case: {} stay unattributed', x_Rule, string_agg(DISTINCT x_Target, ', ' ORDER BY x_Target), sum(BilledCost)::DECIMAL(38,2)::VARCHAR)
			FROM costs WHERE in_period(ChargePeriodStart) AND x_UseCase IS NULL AND x_Target IS NOT NULL GROUP BY x_Rule ORDER BY x_Rule`},
		{"splits", `SELECT format('rule {} has nothing to split by in {}: {} stay unattributed', x_Rule, strftime(ChargePeriodStart, '%Y-%m'), sum(BilledCost)::DECIMAL(38,2)::VARCHAR)
			FROM costs JOIN rules ON rules.rule_id = costs.x_Rule
			WHERE in_period(ChargePeriodStart) AND x_UseCase IS NULL AND split_by IS NOT NULL GROUP BY x_Rule, strftime(ChargePeriodStart, '%Y-%m') ORDER BY 1`},
		{"rejects", `SELECT format('{:,} records of {} were rejected and are in no figure: aifinops query "FROM rejects"', count(*), string_agg(DISTINCT rejects.path, ', ' ORDER BY rejects.path))
			FROM rejects JOIN files USING (x_File) WHERE role IN ('billing', 'usage', 'requests') AND (in_period(period_start) OR in_period(period_end) OR period_start IS NULL)
			HAVING count(*) > 0`},
	}
}

// billedProvider is whether a row's provider has a bill in the period.
const billedProvider = `coalesce(ProviderName, '') IN (SELECT ProviderName FROM charge_facts JOIN dimensions USING (x_Dimension) WHERE in_period(ChargePeriodStart))`

// maxPriceAge is how old the price book may be without a word about it.
const maxPriceAge = 45 * 24 * time.Hour

// notes collects the answers to the caveats, but for those that the report itself is about, and what the request leaves out.
func notes(ctx context.Context, db *sql.DB, r Request, without ...string) ([]string, error) {
	all := []string{}
	if len(r.Where) > 0 {
		all = append(all, "only "+strings.Join(r.Where, ", ")+"; the total is not the whole bill")
	}
	if r.Period.To.After(r.AsOf) {
		all = append(all, fmt.Sprintf("the period is not over on %s: month to date%s", r.AsOf.Format("2006-01-02"), sameDays(r.Period)))
	}
	var priced bool
	if err := db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM slices WHERE x_Evidence IS NOT NULL AND in_period(ChargePeriodStart)").Scan(&priced); err != nil {
		return nil, err
	}
	if priced {
		all = append(all, bookNote(r))
	}
	for _, c := range caveats() {
		if slices.Contains(without, c.about) {
			continue
		}
		t, err := read(ctx, db, c.query)
		if err != nil {
			return nil, fmt.Errorf("note on %s: %w", c.about, err)
		}
		for _, row := range t.Rows {
			all = append(all, fmt.Sprint(row[0]))
		}
	}
	if slices.Contains(without, "missing bills") {
		return all, nil
	}
	if err := findMissingBills(ctx, db, r); err != nil {
		return nil, err
	}
	bills, err := missingBillNotes(ctx, db, r, "true")
	return append(all, bills...), err
}

// bookNote says of when the prices are, by which calls found their bills.
func bookNote(r Request) string {
	note := "calls find their bills by the prices of " + r.PricesAsOf.Format(time.DateOnly)
	if age := r.AsOf.Sub(r.PricesAsOf); age > maxPriceAge {
		note += fmt.Sprintf(", which are %d days old; a newer aifinops or `aifinops prices import` brings newer ones", int(age.Hours()/24))
	}
	return note
}

// sameDays says with what a month to date is compared.
func sameDays(p Period) string {
	if p.PriorTo.Equal(p.From) {
		return ""
	}
	return fmt.Sprintf(", against %s to %s", p.PriorFrom.Format("2006-01-02"), p.PriorTo.AddDate(0, 0, -1).Format("2006-01-02"))
}

// unseenCalls says how many calls stand in no row, and which months the ledger has where no row stands at all.
// A row is what was billed; a call may be for a key or a use case that no bill names.
func unseenCalls(ctx context.Context, db *sql.DB, t *table.Table, where string) ([]string, error) {
	if len(t.Rows) == 0 {
		var months sql.NullString
		err := db.QueryRowContext(ctx, "SELECT strftime(min(ChargePeriodStart), '%Y-%m') || ' to ' || strftime(max(ChargePeriodStart), '%Y-%m') FROM charge_facts").Scan(&months)
		if err != nil || !months.Valid {
			return nil, err
		}
		return []string{"the ledger has bills from " + months.String}, nil
	}
	var all sql.NullInt64
	if slices.ContainsFunc(t.Columns, func(c table.Column) bool { return c.Name == "basis" }) {
		return nil, nil // of a call nobody knows whether its bill was scaled
	}
	err := db.QueryRowContext(ctx, "SELECT sum(x_Requests)::BIGINT FROM activity WHERE in_period(ChargePeriodStart) AND "+billedProvider+" AND "+where).Scan(&all)
	if err != nil {
		return nil, err
	}
	shown := int64(0)
	if i := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == "requests" }); i >= 0 {
		shown, _ = t.Totals[i].(int64)
	}
	if all.Int64 <= shown {
		return nil, nil
	}
	return []string{fmt.Sprintf("%d of %d calls stand in no row (see -o wide): no bill names what they were for", all.Int64-shown, all.Int64)}, nil
}
