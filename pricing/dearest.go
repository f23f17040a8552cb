package pricing

import "github.com/shopspring/decimal"

// Dearest is the highest price that the book has had for one token or unit of each class, in USD: a bound for what evidence
// without a price can have cost.
func (b *Book) Dearest() map[string]decimal.Decimal {
	highest := map[string]decimal.Decimal{}
	keep := func(class string, price decimal.Decimal) {
		if price.GreaterThan(highest[class]) {
			highest[class] = price
		}
	}
	perMillion := func(prices map[string]Decimal, times decimal.Decimal) {
		for class, price := range prices {
			keep(class, price.Mul(times).Shift(-6))
		}
	}
	one := decimal.NewFromInt(1)
	for _, f := range b.files {
		for _, m := range f.Models {
			for _, r := range m.Rates {
				perMillion(r.Price, one)
				if r.Long != nil {
					perMillion(r.Long.Price, one)
				}
				for _, t := range r.Tiers {
					perMillion(t.Price, one)
					perMillion(r.Price, t.Times.Decimal)
				}
				for unit, u := range r.Units {
					if u.Per.IsPositive() {
						keep(unit, u.Price.Div(u.Per.Decimal))
					}
				}
			}
		}
	}
	return highest
}
