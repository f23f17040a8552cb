package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

const (
	horizon = 12 // months that a projection is about
	fewest  = 3  // months that a line needs: through two there is always one, and nothing is known of its error
)

// A projection is where the total of a trend leads.
type projection struct {
	title  string
	rows   [][]any
	sums   [3]any // of what is projected: the twelve months together, and the range of that
	growth any    // percent a month
	notes  []string
}

// points is the months that a line goes through: those that are over and lack nothing, from the first with any money on,
// and not more than a year of them, for what was before says less of what comes.
func (tr *trend) points() []time.Time {
	var points []time.Time
	for _, m := range tr.months {
		if tr.over(m) && !tr.lacks[m] && (len(points) > 0 || !tr.totals[m].IsZero()) {
			points = append(points, m)
		}
	}
	return points[max(0, len(points)-12):]
}

// project draws the line on for the twelve months after the last that is whole.
func (tr *trend) project() (projection, error) {
	p := projection{title: "Projection of the total"}
	points := tr.points()
	if len(points) < fewest {
		p.notes = []string{fmt.Sprintf("no projection: it takes %d whole months with money, and the months shown have %d", fewest, len(points))}
		return p, nil
	}
	last := points[len(points)-1]
	p.title += fmt.Sprintf(", %s to %s", last.AddDate(0, 1, 0).Format("2006-01"), last.AddDate(0, horizon, 0).Format("2006-01"))
	var xs, ys, ahead []decimal.Decimal
	for _, m := range points {
		xs, ys = append(xs, after(points[0], m)), append(ys, tr.totals[m])
	}
	l := fit(xs, ys)
	held, note, err := tr.hold(points)
	if err != nil {
		return p, err
	}
	for i := 1; i <= horizon; i++ {
		m := last.AddDate(0, i, 0)
		x := after(points[0], m)
		margin, err := l.margin(x)
		if err != nil {
			return p, err
		}
		y := l.at(x)
		ahead = append(ahead, x)
		p.rows = append(p.rows, []any{m.Format("2006-01"), cents(y), cents(y.Sub(margin)), cents(y.Add(margin)), held.at(i)})
	}
	p.growth = held.monthly
	if err := p.together(l, ahead); err != nil {
		return p, err
	}
	p.notes = append([]string{lineNote(l, points), note}, p.notes...)
	if len(tr.Where) > 0 {
		p.notes = append(p.notes, "the projection is of "+strings.Join(tr.Where, ", ")+" alone")
	}
	return p, nil
}

// after is how many months one is after another.
func after(first, m time.Time) decimal.Decimal {
	return decimal.NewFromInt(int64(monthsBetween(first, m)))
}

func monthsBetween(first, m time.Time) int {
	return 12*(m.Year()-first.Year()) + int(m.Month()) - int(first.Month())
}

// cents is projected money, which has no further digits, and is not below zero.
func cents(d decimal.Decimal) decimal.Decimal { return decimal.Max(d, decimal.Zero).Round(2) }

func lineNote(l line, points []time.Time) string {
	way := "rises"
	if l.slope.IsNegative() {
		way = "falls"
	}
	return fmt.Sprintf("projected: the least-squares line through %s to %s (%d months), which %s by %s a month; with a probability of 80%% a month is between low and high, if months go on as they did",
		points[0].Format("2006-01"), points[len(points)-1].Format("2006-01"), len(points), way, l.slope.Abs().StringFixed(2))
}

// together is the twelve months as one, whose range is not the sum of theirs.
func (p *projection) together(l line, ahead []decimal.Decimal) error {
	margin, err := l.margin(ahead...)
	if err != nil {
		return err
	}
	var sum, line decimal.Decimal
	for i, x := range ahead {
		line, sum = line.Add(l.at(x)), sum.Add(p.rows[i][1].(decimal.Decimal))
	}
	low, high := cents(line.Sub(margin)), cents(line.Add(margin))
	p.sums = [3]any{sum, low, high}
	p.notes = append(p.notes, fmt.Sprintf("the twelve months together are with that probability between %s and %s: not all months err alike", low.StringFixed(2), high.StringFixed(2)))
	return nil
}

// A growth is that of so many months together.
type growth struct {
	base    decimal.Decimal // the month that it goes on from
	powers  []decimal.Decimal
	monthly any // percent; nil where nothing is known
}

// at is the money of a month so many months on.
func (g growth) at(months int) any {
	if g.monthly == nil {
		return nil
	}
	return g.base.Mul(g.powers[months]).Round(2)
}

// hold is the growth of last year, or where that is not known of the points, going on; and a word on which it is.
func (tr *trend) hold(points []time.Time) (growth, string, error) {
	last := points[len(points)-1]
	from, why := last.AddDate(-1, 0, 0), ""
	if known := tr.totals[from]; tr.lacks[from] || !known.IsPositive() {
		from, why = points[0], tr.noYear(from)
	}
	g := growth{base: tr.totals[last]}
	if !g.base.IsPositive() || !tr.totals[from].IsPositive() {
		return g, fmt.Sprintf("growth_held: not known, for %s and %s are not both above zero", from.Format("2006-01"), last.Format("2006-01")), nil
	}
	ratio := g.base.DivRound(tr.totals[from], statistics)
	n := after(from, last)
	for i := range horizon + 1 {
		power, err := ratio.PowWithPrecision(decimal.NewFromInt(int64(i)).DivRound(n, statistics), statistics)
		if err != nil {
			return g, "", err
		}
		g.powers = append(g.powers, power)
	}
	percent := g.powers[1].Sub(decimal.NewFromInt(1)).Shift(2)
	g.monthly = percent.InexactFloat64()
	return g, fmt.Sprintf("growth_held: %s goes on growing by %s%% a month, as from %s to %s%s", last.Format("2006-01"), percent.StringFixed(1), from.Format("2006-01"), last.Format("2006-01"), why), nil
}

// noYear says why growth does not begin a year before.
func (tr *trend) noYear(from time.Time) string {
	name := from.Format("2006-01")
	switch {
	case from.Before(tr.first):
		return " (a year is not in the ledger)"
	case tr.lacks[from]:
		return " (" + name + " lacks bills)"
	case from.Before(tr.months[0]) && !from.Equal(tr.year):
		return " (" + name + " is not among the months; --months has more)"
	}
	return " (nothing was billed in " + name + ")"
}

func (p projection) facts() []table.Fact {
	return []table.Fact{
		{Name: "projected_cost", Value: p.sums[0]},
		{Name: "projected_low", Value: p.sums[1]},
		{Name: "projected_high", Value: p.sums[2]},
		{Name: "monthly_growth_percent", Value: p.growth},
	}
}

func (p projection) table(currency string) table.Table {
	t := table.Table{Report: "projection", Title: fmt.Sprintf("%s (%s)", p.title, currency), Rows: p.rows, Columns: []table.Column{{Name: "month"}}}
	for _, name := range []string{"projected", "low", "high", "growth_held"} {
		t.Columns = append(t.Columns, table.Column{Name: name, Kind: table.Money})
	}
	if len(t.Rows) > 0 {
		total(&t, []string{"projected", "growth_held"})
		t.Totals[2], t.Totals[3] = p.sums[1], p.sums[2] // of the sum, which is not the sum of theirs
	}
	if p.growth == nil && t.Totals != nil {
		without(&t, "growth_held")
	}
	return t
}
