package pricing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// prices holds the prices of a rate against each other.
func (l *linter) prices(where string, r rate) {
	at := map[string]decimal.Decimal{}
	key := func(tier, class string, isLong bool) string { return fmt.Sprint(tier, " ", class, " ", isLong) }
	for _, b := range r.bands() {
		for _, isLong := range []bool{false, true} {
			if isLong && r.Long == nil {
				continue
			}
			for _, row := range b.rows(r, nil, Row{}, isLong) {
				at[key(row.Tier, row.Class, isLong)] = row.Price
			}
			for _, tier := range append([]string{standard}, slices.Sorted(maps.Keys(r.Tiers))...) {
				for _, pair := range orders() {
					small, ok := at[key(tier, pair[0], isLong)]
					large, ok2 := at[key(tier, pair[1], isLong)]
					if ok && ok2 && small.GreaterThan(large) {
						l.bad(where, "%s: %s %s is more than %s %s", tier, pair[0], small, pair[1], large)
					}
				}
			}
			l.tiers(where, r, func(tier, class string) (decimal.Decimal, bool) {
				p, ok := at[key(tier, class, isLong)]
				return p, ok
			})
		}
		l.long(where, r, func(class string, isLong bool) (decimal.Decimal, bool) {
			p, ok := at[key(standard, class, isLong)]
			return p, ok
		})
	}
}

// orders is pairs of classes of which the first is never dearer.
func orders() [][2]string {
	return [][2]string{{"cache_read", "input"}, {"cache_read_audio", "input_audio"}, {"cache_read_image", "input_image"}, {"cache_write_5m", "cache_write_1h"}, {"cache_read", "cache_write_5m"}}
}

func (l *linter) tiers(where string, r rate, at func(tier, class string) (decimal.Decimal, bool)) {
	for _, tier := range slices.Sorted(maps.Keys(r.Tiers)) {
		for _, class := range classes() {
			p, ok := at(tier, class)
			base, ok2 := at(standard, class)
			if !ok || !ok2 {
				continue
			}
			cheap := tier == "batch" || tier == "flex"
			dear := tier == "priority" || tier == "fast"
			if cheap && p.GreaterThan(base) || dear && p.LessThan(base) || p.GreaterThan(base.Mul(decimal.New(10, 0))) {
				l.bad(where, "%s %s is %s, standard %s", tier, class, p, base)
			}
		}
	}
}

// long looks for a long band that is cheaper, or more than five times dearer.
func (l *linter) long(where string, r rate, at func(class string, isLong bool) (decimal.Decimal, bool)) {
	if r.Long == nil {
		return
	}
	for _, class := range slices.Sorted(maps.Keys(r.Long.Price)) {
		p, _ := at(class, true)
		base, ok := at(class, false)
		if !ok || p.LessThan(base) || p.GreaterThan(base.Mul(decimal.New(5, 0))) {
			l.bad(where, "long %s is %s, else %s", class, p, cmp.Or(base.String(), "nothing"))
		}
	}
}
