package report

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// What reconcile says of a comparison, from good to bad.
//
//	tied              to the cent, in every part (day, model, class) that is compared: parts that cancel do not tie
//	within tolerance  all parts together, whatever their sign, within the tolerance (2%) of the bill or what the rounding of the export's
//	                  amounts explains, or a bill within the range at which sums of calls can be priced; an invoice within 1% of its bill,
//	                  the limit of the gate that books tie: it is the sum of the bill's lines, and has neither range nor rounding
//	open              more than that, or days without a bill in a month that is over
//	cannot judge      there is nothing to compare with, a part of it waits for an exchange rate or has no price, or in a running month for
//	                  the bill of days that are over
//
// Two comparisons are made: invoice against bill (all of it), and what the bill has for tokens against usage at contract price (with what
// the terms declare: credits, commitments). A gateway need not see all traffic: requests are compared where there is no usage, and below
// the bill they prove nothing. Requests that claim more than the bill are open. A provider's status is the worse of what could be judged.
const (
	tied        = "tied"
	within      = "within tolerance"
	open        = "open"
	cannotJudge = "cannot judge"
)

// worse orders what could be judged.
func worse(a, b string) string {
	order := []string{"", tied, within, open}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// invoiceTolerance is how far an invoice may be from its bill, as a part of it, before the books are open.
func invoiceTolerance() decimal.Decimal { return decimal.New(1, -2) }

// cent is how far apart two amounts may be that tie: each may have been rounded for a reader.
func cent() decimal.Decimal { return decimal.New(1, -2) }

// verdict judges a difference from a whole, of which it may be a part. slack is what rounding may explain, ranged the part of the
// difference that lies within a range of prices, apart the sum of the cells that do not tie, whatever their sign.
func verdict(difference, whole, part, slack, ranged, apart decimal.Decimal) string {
	switch {
	case difference.Abs().LessThanOrEqual(cent()) && apart.IsZero():
		return tied
	case decimal.Max(difference.Sub(ranged).Abs(), apart).LessThanOrEqual(decimal.Max(slack, whole.Abs().Mul(part))):
		return within
	}
	return open
}

// Reconcile sets invoice, bill, priced usage, priced requests and ledger side by side, by provider and month; narrowed down `by` class or
// day the parts of the bill and their evidence. The rules must be prepared.
func Reconcile(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	where, err := providers(r.Where)
	if err != nil {
		return t, &RequestError{err}
	}
	parts := map[string]string{"class": "coalesce(class, '(none)')", "day": "coalesce(strftime(day, '%Y-%m-%d'), '(whole month)')"}
	by := strings.Join(r.By, ",")
	if _, ok := parts[by]; !ok && by != "" {
		return t, &RequestError{fmt.Errorf("--by %q; reconcile is narrowed down by class or by day", by)}
	}
	if err := prepare(ctx, db, r); err != nil {
		return t, err
	}
	name := "reconcile"
	if by != "" {
		name = "reconcile-by"
	}
	head, query, err := load(name)
	if err != nil {
		return t, err
	}
	sides, err := read(ctx, db, strings.NewReplacer("{where}", where, "{today}", today(r), "{part}", parts[by], "{name}", ident(by)).Replace(query))
	if err != nil {
		return t, err
	}
	if by == "" {
		t, err = wholes(ctx, db, &sides)
	} else {
		t = narrowed(&sides, by)
	}
	if err != nil {
		return t, err
	}
	t.Report, t.Title = "reconcile", fmt.Sprintf("%s%s, %s (%s)", head.Title, prefixed(" by ", by), r.Period, r.Currency)
	for i, c := range t.Columns {
		t.Columns[i].Wide = c.Wide || c.Name == "month" && r.Period.isMonth()
	}
	sums(&t, head.Sum)
	t.Facts = append(facts(r, nil)[:4], table.Fact{Name: "tolerance_percent", Value: r.Tolerance.Shift(2).InexactFloat64()},
		table.Fact{Name: "prices_as_of", Value: r.PricesAsOf.Format(time.DateOnly)}, table.Fact{Name: "status", Value: overall(&t)})
	t.Notes, err = reconcileNotes(ctx, db, r)
	return t, err
}

// prepare makes the relations in which bill and evidence stand side by side.
func prepare(ctx context.Context, db *sql.DB, r Request) error {
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return err
	}
	return execute(ctx, db, r, "net-invoices", "missing-bills", "reconcile-cells", "reconcile-claims")
}

// today is the day on which the question is asked, in SQL.
func today(r Request) string { return quote(r.AsOf.UTC().Format(time.DateOnly)) }

// sums is the totals, where there is anything to add up: no invoice at all is no invoice of 0.00.
func sums(t *table.Table, columns []string) {
	total(t, columns)
	for i := range t.Columns {
		if !slices.ContainsFunc(t.Rows, func(row []any) bool { return row[i] != nil }) {
			t.Totals[i] = nil
		}
	}
}

// providers is the condition of --where provider=glob, all that reconcile can be filtered by: an invoice has no models.
func providers(where []string) (string, error) {
	for _, w := range where {
		if dim, _, _ := strings.Cut(w, "="); strings.TrimSpace(dim) != "provider" {
			return "", fmt.Errorf("--where %s: an invoice is of a provider; reconcile takes provider=GLOB alone", w)
		}
	}
	c, err := condition(where)
	return strings.ReplaceAll(c, "ProviderName", "p.provider"), err
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// overall is the worst of the rows: what is open comes before what cannot be judged.
func overall(t *table.Table) any {
	worst, blind := "", false
	i := column(t, "status")
	for _, row := range t.Rows {
		status, _ := row[i].(string)
		worst = worse(worst, status)
		blind = blind || status == cannotJudge
	}
	switch {
	case worst == open || !blind && worst != "":
		return worst
	case blind:
		return cannotJudge
	}
	return nil
}

// A side is one row of what was read, by name.
type side struct {
	t   *table.Table
	row []any
}

// money is a column's amount, and whether there is one.
func (s side) money(name string) (decimal.Decimal, bool) {
	d, ok := s.row[column(s.t, name)].(decimal.Decimal)
	return d, ok
}

// sum is a column's amount, nothing where there is none.
func (s side) sum(name string) decimal.Decimal { d, _ := s.money(name); return d }

func (s side) count(name string) int64 {
	n, _ := s.row[column(s.t, name)].(int64)
	return n
}

func (s side) text(name string) string { return fmt.Sprint(s.row[column(s.t, name)]) }

func column(t *table.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })
}

// evidence compares what the bill has for tokens with usage, else requests. unexplained leaves out what the terms declare. The status is
// empty where nothing can be said. Evidence of which a part has no price proves no tie.
func (s side) evidence(billed, metering bool) (difference, unexplained decimal.Decimal, status string, ok bool) {
	charges := s.sum("usage_charges")
	usage, metered := s.money("usage_priced")
	requests, seen := s.money("requests_priced")
	switch {
	case billed && (metered || metering && !charges.IsZero()):
		difference = charges.Sub(usage)
		unexplained = difference.Sub(s.sum("declared"))
		status, ok = s.ofUsage(unexplained, s.sum("above").Add(s.sum("below"))), true
	case billed && seen:
		difference, ok = charges.Sub(requests), true
		unexplained = difference
		if status = verdict(difference, charges, s.sum("tolerance"), decimal.Zero, decimal.Zero, decimal.Zero); status == open && difference.IsPositive() {
			status = ""
		}
	}
	if s.count("no_rate") > 0 || s.count("unpriced") > 0 && (status == tied || status == within) {
		status = cannotJudge
	}
	return difference, unexplained, status, ok
}

// ofUsage is the verdict on what the bill has and usage does not explain.
func (s side) ofUsage(unexplained, apart decimal.Decimal) string {
	return verdict(unexplained, s.sum("usage_charges"), s.sum("tolerance"), s.sum("usage_rounding"), s.sum("ranged"), apart)
}

// narrowed is the table by class or day.
func narrowed(sides *table.Table, by string) table.Table {
	t := table.Table{Columns: []table.Column{{Name: "provider"}, {Name: "month"}, {Name: by}, {Name: "billing", Kind: table.Money},
		{Name: "usage_priced", Kind: table.Money}, {Name: "requests_priced", Kind: table.Money}, {Name: "difference", Kind: table.Money},
		{Name: "difference_percent", Kind: table.Percent}, {Name: "status"}, {Name: "usage_high", Kind: table.Money, Wide: true}, {Name: "declared", Kind: table.Money, Wide: true}}}
	for _, row := range sides.Rows {
		s := side{sides, row}
		billing, billed := s.money("billing")
		_, metered := s.money("usage_priced")
		metering, _ := row[column(sides, "metering")].(bool)
		difference, _, status, ok := s.evidence(billed || metered, metering)
		out := []any{s.text("provider"), s.text("month"), s.text(by), row[3], row[4], row[5], nil, nil, cmp.Or(status, cannotJudge), row[column(sides, "usage_high")], row[column(sides, "declared")]}
		if ok {
			out[6], out[7] = difference, percent(difference, billing)
		}
		t.Rows = append(t.Rows, out)
	}
	return t
}

// reconcileNotes is what stands below the table.
func reconcileNotes(ctx context.Context, db *sql.DB, r Request) ([]string, error) {
	all := []string{}
	if r.Period.To.After(r.AsOf) {
		all = append(all, fmt.Sprintf("the period is not over on %s", r.AsOf.Format(time.DateOnly)))
	}
	if r.Period.From.Day() != 1 || r.Period.To.Day() != 1 {
		all = append(all, "an invoice is of a whole month: of a part of one there is none to compare with")
	}
	if age := r.AsOf.Sub(r.PricesAsOf); !r.PricesAsOf.IsZero() && age > maxPriceAge {
		all = append(all, fmt.Sprintf("prices are of %s, %d days old", r.PricesAsOf.Format(time.DateOnly), int(age.Hours()/24)))
	}
	bills, err := missingBillNotes(ctx, db, r, "NOT EXISTS (FROM reconcile_lines l WHERE l.provider = p.provider AND l.month = p.month) AND NOT EXISTS (FROM reconcile_invoices i WHERE i.provider = p.provider AND i.month = p.month)")
	return append(all, bills...), err
}
