package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
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
		{"usage only", `SELECT format('{}: usage only, not priced yet: {}{:,} input and {:,} output tokens without a bill in this period',
				coalesce(ProviderName, '(no provider)'), coalesce(format('{:,} calls, ', sum(x_Requests)::BIGINT), ''), sum(x_InputTokens)::BIGINT, sum(x_OutputTokens)::BIGINT)
			FROM activity WHERE in_period(ChargePeriodStart)
				AND coalesce(ProviderName, '') NOT IN (SELECT DISTINCT ProviderName FROM charge_facts JOIN dimensions USING (x_Dimension) WHERE in_period(ChargePeriodStart))
			GROUP BY ProviderName ORDER BY ProviderName`},
		{"billed days", `WITH days AS (
				SELECT ProviderName, max(c.period_end) AS billed_to, min(c.period_start) AS billed_from
				FROM file_coverage c JOIN files USING (x_File) WHERE role = 'billing' AND in_both(c.period_start) OR role = 'billing' AND in_period(c.period_end - INTERVAL 1 DAY)
				GROUP BY ProviderName)
			SELECT format('{}: billed up to {} only; the rest of the period is missing or not over', ProviderName, (billed_to - INTERVAL 1 DAY)::DATE)
			FROM days WHERE in_period(billed_to) AND billed_to > billed_from ORDER BY ProviderName`},
		{"targets", `SELECT format('rule {} names {}, which is no use case: {} stay unattributed', x_Rule, string_agg(DISTINCT x_Target, ', ' ORDER BY x_Target), sum(BilledCost)::DECIMAL(38,2)::VARCHAR)
			FROM costs WHERE in_period(ChargePeriodStart) AND x_UseCase IS NULL AND x_Target IS NOT NULL GROUP BY x_Rule ORDER BY x_Rule`},
		{"splits", `SELECT format('rule {} has nothing to split by in {}: {} stay unattributed', x_Rule, strftime(ChargePeriodStart, '%Y-%m'), sum(BilledCost)::DECIMAL(38,2)::VARCHAR)
			FROM costs JOIN rules ON rules.rule_id = costs.x_Rule
			WHERE in_period(ChargePeriodStart) AND x_UseCase IS NULL AND split_by IS NOT NULL GROUP BY x_Rule, strftime(ChargePeriodStart, '%Y-%m') ORDER BY 1`},
		{"rejects", `SELECT format('{:,} records of {} were rejected and are in no figure: aifinops query "FROM rejects"', count(*), string_agg(DISTINCT rejects.path, ', ' ORDER BY rejects.path))
			FROM rejects JOIN files USING (x_File) WHERE role = 'billing' AND (in_period(period_start) OR in_period(period_end) OR period_start IS NULL)
			HAVING count(*) > 0`},
	}
}

// notes collects the answers to the caveats, and what the request itself leaves out.
func notes(ctx context.Context, db *sql.DB, r Request) ([]string, error) {
	all := []string{}
	if len(r.Where) > 0 {
		all = append(all, "only "+strings.Join(r.Where, ", ")+"; the total is not the whole bill")
	}
	if r.Period.To.After(r.AsOf) {
		all = append(all, fmt.Sprintf("the period is not over on %s: month to date%s", r.AsOf.Format("2006-01-02"), sameDays(r.Period)))
	}
	for _, c := range caveats() {
		t, err := read(ctx, db, c.query)
		if err != nil {
			return nil, fmt.Errorf("note on %s: %w", c.about, err)
		}
		for _, row := range t.Rows {
			all = append(all, fmt.Sprint(row[0]))
		}
	}
	return all, nil
}

// sameDays says with what a month to date is compared.
func sameDays(p Period) string {
	if p.PriorTo.Equal(p.From) {
		return ""
	}
	return fmt.Sprintf(", against %s to %s", p.PriorFrom.Format("2006-01-02"), p.PriorTo.AddDate(0, 0, -1).Format("2006-01-02"))
}
