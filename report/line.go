package report

import "github.com/shopspring/decimal"

// statistics is the decimal places of what is computed on the way to cents.
const statistics = 18

// studentT is the 90% quantile of Student's t for 1, 2, ... degrees of freedom: between it and its negative lie 80%.
func studentT(freedom int) decimal.Decimal {
	quantiles := []string{"3.0777", "1.8856", "1.6377", "1.5332", "1.4759", "1.4398", "1.4149", "1.3968", "1.3830", "1.3722"}
	return decimal.RequireFromString(quantiles[freedom-1])
}

// A line is the least-squares line through points, and how far they are from it.
type line struct {
	n                decimal.Decimal
	slope, intercept decimal.Decimal
	mean, spread     decimal.Decimal // of x: the mean, and the sum of the squares of the differences from it
	variance         decimal.Decimal // of y around the line
	quantile         decimal.Decimal
}

// fit needs three points at least, and not more than studentT knows; x must differ.
func fit(xs, ys []decimal.Decimal) line {
	n := decimal.NewFromInt(int64(len(xs)))
	var x, y, xx, xy decimal.Decimal
	for i := range xs {
		x, y = x.Add(xs[i]), y.Add(ys[i])
		xx, xy = xx.Add(xs[i].Mul(xs[i])), xy.Add(xs[i].Mul(ys[i]))
	}
	l := line{n: n, quantile: studentT(len(xs) - 2)}
	whole := n.Mul(xx).Sub(x.Mul(x)) // n times the spread, exactly
	l.slope = n.Mul(xy).Sub(x.Mul(y)).DivRound(whole, statistics)
	l.intercept = y.Sub(l.slope.Mul(x)).DivRound(n, statistics)
	l.mean, l.spread = x.DivRound(n, statistics), whole.DivRound(n, statistics)
	for i := range xs {
		off := ys[i].Sub(l.at(xs[i]))
		l.variance = l.variance.Add(off.Mul(off))
	}
	l.variance = l.variance.DivRound(n.Sub(decimal.NewFromInt(2)), statistics)
	return l
}

func (l line) at(x decimal.Decimal) decimal.Decimal { return l.intercept.Add(l.slope.Mul(x)) }

// margin is how far the sum of y at some x may be from that of the line, to either side, in 80% of the cases: each y errs
// by itself, and the line errs in all of them alike.
func (l line) margin(xs ...decimal.Decimal) (decimal.Decimal, error) {
	m := decimal.NewFromInt(int64(len(xs)))
	var apart decimal.Decimal
	for _, x := range xs {
		apart = apart.Add(x.Sub(l.mean))
	}
	factor := m.Add(m.Mul(m).DivRound(l.n, statistics)).Add(apart.Mul(apart).DivRound(l.spread, statistics))
	root, err := l.variance.Mul(factor).SqrtRound(statistics)
	return l.quantile.Mul(root), err
}
