package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// CoverageTarget is the part of the billed money that should have a use case.
func CoverageTarget() decimal.Decimal { return decimal.New(90, -2) }

// Coverage answers how the billed money is known to be of its use case, and what the largest gaps are. r.By is empty,
// provider or use-case; r.Top is the number of gaps. The policy is the one that has judged; export is how to get the
// usage of a provider, or nothing.
func Coverage(ctx context.Context, db *sql.DB, r Request, p allocate.Policy, export func(provider string) string) (table.Table, error) {
	if err := r.Period.soFar(ctx, db, r.AsOf); err != nil {
		return table.Table{}, err
	}
	t, err := coverageRows(ctx, db, r)
	if err != nil {
		return t, err
	}
	now, err := charges(ctx, db, "in_period")
	if err != nil {
		return t, err
	}
	before, err := charges(ctx, db, "in_prior")
	if err != nil {
		return t, err
	}
	covered, err := tie(ctx, db, &t, "x_Basis <> 'estimated'")
	if err != nil {
		return t, err
	}
	for i, c := range t.Columns {
		if of, ok := map[string]charged{"share_percent": now, "prior_share_percent": before}[c.Name]; ok {
			t.Totals[i] = percent(of.all, of.all)
		}
	}
	t.Report, t.Title = "coverage", coverageTitle(r, now, before)
	if t.Notes, err = notes(ctx, db, r, "no bill", "no price", "scaled", "targets", "splits"); err != nil {
		return t, err
	}
	unbilled, err := unbilledNotes(ctx, db)
	if err != nil {
		return t, err
	}
	short := now.shortfall()
	if short.IsPositive() {
		target := CoverageTarget().Shift(2)
		t.Notes = append([]string{fmt.Sprintf("%.1f%% of the billed money has a use case; for the target of %s%% another %s must be known", covered, target, short.StringFixed(2))}, t.Notes...)
	}
	if off := now.all.Sub(amount(&t, t.Totals, "billed_cost")); off.IsPositive() {
		t.Notes = append(t.Notes, fmt.Sprintf("credits and corrections of %s are in the dollars, and in no percentage: those are of what was charged", off.StringFixed(2)))
	}
	t.Notes = append(t.Notes, unbilled...)
	if covered == nil && amount(&t, t.Totals, "billed_cost").IsZero() {
		months, err := unseenCalls(ctx, db, &table.Table{}, "true")
		if err != nil {
			return t, err
		}
		t.Notes = append(append(t.Notes, "nothing was billed in this period"), months...)
	}
	t.Facts = coverageFacts(r, covered, before.percent(), short)
	gaps, err := p.Gaps(ctx, db, r.Period.Condition("a.ChargePeriodStart")+" AND a.x_Basis <> 'estimated'", export)
	if err != nil {
		return t, err
	}
	t.Details = []table.Table{gapTable(gaps, r.Top, &t, now.all)}
	return t, nil
}

func coverageTitle(r Request, now, before charged) string {
	title := "Coverage"
	if known := now.percent(); known != nil {
		title += fmt.Sprintf(" %.1f%% for a target of %s%%", known, CoverageTarget().Shift(2))
	}
	if known := before.percent(); known != nil {
		title += fmt.Sprintf(", %.1f%% before", known)
	}
	if len(r.By) > 0 {
		title += ", by " + r.By[0]
	}
	return fmt.Sprintf("%s, %s (%s)", title, r.Period, r.Currency)
}

// coverageRows is each tier, of the whole or of each provider or use case.
func coverageRows(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return t, err
	}
	head, query, err := load("coverage")
	if err != nil {
		return t, err
	}
	by, names, possible := "", "", "true"
	switch {
	case len(r.By) == 0:
	case len(r.By) > 1, !slices.Contains([]string{"provider", "use-case"}, r.By[0]):
		return t, &RequestError{fmt.Errorf("--by %s; coverage is by provider or by use-case", strings.Join(r.By, ","))}
	default:
		e, err := expression(r.By[0])
		if err != nil {
			return t, err
		}
		names = ident(columnName(r.By[0])) + ", "
		by = e + " AS " + names
		if r.By[0] == "use-case" { // money with a use case is known somehow, and other money is not
			possible = "(tier = 'none') = (use_case = " + quote(Unattributed) + ")"
		}
	}
	query = strings.NewReplacer("{by}", by, "{names}", names, "{possible}", possible).Replace(query)
	if t, err = read(ctx, db, query); err != nil {
		return t, err
	}
	for i, c := range t.Columns {
		t.Columns[i].Wide = slices.Contains(head.Wide, c.Name)
	}
	total(&t, head.Sum)
	return t, nil
}

// charged is what was charged, and of that the known part, which has a use case. Credits and corrections are in neither: money that comes off what nobody knows
// would make what is known a larger part of the bill, and even more than all of it.
type charged struct{ known, all decimal.Decimal }

// charges is that of the period or of the one before.
func charges(ctx context.Context, db *sql.DB, period string) (charged, error) {
	var known, all string
	err := db.QueryRowContext(ctx, `SELECT coalesce(sum(BilledCost) FILTER (WHERE x_UseCase IS NOT NULL), 0)::VARCHAR, coalesce(sum(BilledCost), 0)::VARCHAR
		FROM costs WHERE BilledCost > 0 AND x_Basis <> 'estimated' AND `+period+`(ChargePeriodStart)`).Scan(&known, &all)
	if err != nil {
		return charged{}, err
	}
	return charged{decimal.RequireFromString(known), decimal.RequireFromString(all)}, nil
}

// percent is the known part, in 0..100; unknown where nothing was charged.
func (c charged) percent() any { return percent(c.known, c.all) }

// shortfall is what must still be known to reach the target, in whole cents, or nothing.
func (c charged) shortfall() decimal.Decimal {
	return decimal.Max(c.all.Mul(CoverageTarget()).Sub(c.known), decimal.Zero).RoundCeil(2)
}

func coverageFacts(r Request, covered, before any, short decimal.Decimal) []table.Fact {
	with := r
	with.By = append(slices.Clone(r.By), "tier")
	return append(facts(with, covered),
		table.Fact{Name: "prior_coverage_percent", Value: before},
		table.Fact{Name: "target_percent", Value: CoverageTarget().Shift(2).InexactFloat64()},
		table.Fact{Name: "short_of_target", Value: short})
}

// unbilledNotes says what the report leaves out: money that no bill confirms.
func unbilledNotes(ctx context.Context, db *sql.DB) ([]string, error) {
	t, err := read(ctx, db, `SELECT format('{}: no bill in this period; {} that is estimated is in no figure here', coalesce(ProviderName, '(no provider)'),
			CASE WHEN sum(BilledCost) < 0.005 THEN 'less than a cent' ELSE sum(BilledCost)::DECIMAL(38,2)::VARCHAR END)
		FROM costs WHERE x_Basis = 'estimated' AND in_period(ChargePeriodStart) GROUP BY ProviderName ORDER BY ProviderName`)
	var all []string
	for _, row := range t.Rows {
		all = append(all, fmt.Sprint(row[0]))
	}
	return all, err
}

// gapTable is the largest gaps; what it leaves out becomes a note of the whole.
func gapTable(gaps []allocate.Gap, n int, whole *table.Table, all decimal.Decimal) table.Table {
	t := table.Table{Report: "gaps", Title: "The largest gaps, and what closes each", Columns: []table.Column{
		{Name: "billed_cost", Kind: table.Money}, {Name: "share_percent", Kind: table.Percent}, {Name: "tier"}, {Name: "gap"}, {Name: "cause"}, {Name: "closed_by", Wide: true},
		{Name: "kind", Wide: true}, {Name: "provider", Wide: true}, {Name: "field", Wide: true}, {Name: "value", Wide: true},
		{Name: "charges", Kind: table.Count, Wide: true}, {Name: "from", Kind: table.Day, Wide: true}, {Name: "to", Kind: table.Day, Wide: true}}}
	left, rest := 0, decimal.Zero
	for i, g := range gaps {
		if n > 0 && i >= n {
			left, rest = left+1, rest.Add(g.Dollars)
			continue
		}
		var provider any // a rule may have taken the money of several
		if g.Provider != "" {
			provider = g.Provider
		}
		t.Rows = append(t.Rows, []any{g.Dollars, percent(g.Dollars, all), g.Tier, g.Name, g.Cause, g.ClosedBy, g.Kind, provider, g.Field, g.Value, g.Charges, g.First, g.Last})
		t.Notes = append(t.Notes, g.Name+": "+g.ClosedBy) // it is too long for a cell
	}
	if left > 0 {
		whole.Notes = append(whole.Notes, fmt.Sprintf("gaps that are not shown: %d, of %s together (--top 0 shows all)", left, rest.StringFixed(2)))
	}
	return t
}
