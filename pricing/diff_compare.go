package pricing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A judge holds one group of offers against the book.
type judge struct {
	*group
	Comparison
	offer  Offer         // what the group says together
	now    map[Key]Quote // what the book says then
	rate   rate          // the row of that; where there is none, the nearest one
	holds  bool          // whether there is
	source source        // of what the book says
	cut    string        // why the catalogue may not be whole
}

// compare is a verdict on each price of the group.
func (g *group) compare(c Comparison, cut string) []Change {
	j := judge{group: g, Comparison: c, cut: cut, now: map[Key]Quote{}}
	j.offer = g.merged()
	j.rate, j.holds = g.current()
	j.source = j.rate.Source
	if j.holds {
		j.now = j.rate.keys(g.factor())
	}
	var all []Change
	for _, key := range inOrder(j.offer.Prices) {
		all = append(all, j.change(key, j.offer.Prices[key]))
	}
	for i, o := range g.offers {
		for _, key := range inOrder(o.Prices) {
			if first := j.offer.Prices[key]; i > 0 && !o.Prices[key].equal(first) {
				ch := j.change(key, o.Prices[key])
				ch.Name, ch.Verdict, ch.Why = o.Name, VerdictGuarded, fmt.Sprintf("conflict: %s in the same catalogue says %s", g.offers[0].Name, first.per(ch.Per))
				all = append(all, ch)
			}
		}
	}
	if c.Whole {
		all = append(all, j.lost()...)
	}
	return append(all, j.others()...)
}

// lost is the prices that the book has and offers that are whole do not.
func (j judge) lost() (all []Change) {
	for _, key := range inOrder(j.now) {
		if _, said := j.offer.Prices[key]; said {
			continue
		}
		base := key
		base.Long = false
		if p, ok := j.offer.Prices[base]; ok && key.Long && j.offer.Over == 0 { // long prompts cost what others do
			ch := j.change(key, p)
			ch.Over, ch.Inclusive = j.rate.Long.Over, j.rate.Long.Inclusive
			all = append(all, ch)
			continue
		}
		ch := j.blank()
		ch.Key, ch.Per, ch.Now = key, j.now[key].Per, decimal.NewNullDecimal(j.now[key].Amount)
		ch.Verdict, ch.Why = VerdictChanged, "it has no price there"
		if key.Long && j.rate.Long != nil {
			ch.Over, ch.Inclusive = j.rate.Long.Over, j.rate.Long.Inclusive
		}
		all = append(all, ch)
	}
	return all
}

// merged is the first offer, with what only the later ones say.
func (g *group) merged() Offer {
	all := g.offers[0]
	all.Prices = maps.Clone(all.Prices)
	for _, o := range g.offers[1:] {
		for key, p := range o.Prices {
			if _, said := all.Prices[key]; !said && (!key.Long || o.Over == all.Over) {
				all.Prices[key] = p
			}
		}
	}
	return all
}

// current is the book's rate of the model when the offers begin; where there is none, the last one before or the first one.
func (g *group) current() (r rate, holds bool) {
	if g.model == nil {
		return rate{}, false
	}
	for i, other := range g.model.Rates { // in the order of time
		if i == 0 || !other.From.After(g.from) {
			r = other
		}
	}
	return r, len(g.model.Rates) > 0 && (span{r.From.Time, r.To.Time}).holds(g.from)
}

// factor is what a region multiplies the prices of the model with.
func (g *group) factor() decimal.Decimal {
	if g.scope == "" {
		return decimal.New(1, 0)
	}
	return g.file.uplift(g.model.ID, g.scope)
}

// blank is a change of which the price is still to be said.
func (j judge) blank() Change {
	return Change{Provider: j.file.Provider, Model: j.id, Name: j.offers[0].Name, Over: j.offer.Over, Inclusive: j.offer.Inclusive, From: j.from,
		Confidence: j.source.Confidence, Source: j.source.String()}
}

// change is the verdict on one price.
func (j judge) change(key Key, price Quote) Change {
	ch := j.blank()
	now, known := j.priceNow(key)
	ch.Key, ch.Per = key, price.Per
	if known {
		ch.Per, ch.Now = now.Per, decimal.NewNullDecimal(now.Amount)
	}
	ch.New = decimal.NewNullDecimal(price.per(ch.Per))
	switch {
	case known && now.equal(price):
		ch.Verdict = VerdictSame
		return ch
	case known:
		ch.Verdict = VerdictChanged
	default:
		ch.Verdict = VerdictNew
	}
	var why []string
	for _, g := range guards() {
		reason := g.stops(j, key, price)
		switch {
		case reason == "" || slices.Contains(j.Ignore, g.name):
		case slices.Contains(j.Allow, g.name):
			why = append(why, "allowed: "+g.name)
		default:
			ch.Verdict = VerdictGuarded
			why = append(why, g.name+": "+reason)
		}
	}
	ch.Why = strings.Join(why, "; ")
	return ch
}

// priceNow is what the book asks for the same thing.
func (j judge) priceNow(key Key) (Quote, bool) {
	if p, ok := j.now[key]; ok || !j.holds {
		return p, ok
	}
	if key.Long && j.rate.Long == nil { // long prompts cost what others do
		key.Long = false
		if p, ok := j.now[key]; ok {
			return p, ok
		}
	}
	if key.Hours != "" {
		key.Hours = ""
		return j.priceNow(key)
	}
	if as := j.file.Same[key.Class]; as != "" {
		key.Class = as
		p, ok := j.now[key]
		return p, ok
	}
	for _, e := range j.file.Fees {
		if e.Unit == key.Class && (span{e.From.Time, e.To.Time}).holds(j.from) {
			return Quote{e.Price.Decimal, e.Per.Decimal}, true
		}
	}
	return Quote{}, false
}

// others is what the group says beside prices: factors of regions, and fields that are not understood.
func (j judge) others() (all []Change) {
	for _, where := range slices.Sorted(maps.Keys(j.offer.Factors)) {
		ch := j.blank()
		ch.Key, ch.Per = Key{Class: "region " + where, Tier: "all"}, decimal.New(1, 0)
		ch.New = decimal.NewNullDecimal(j.offer.Factors[where])
		ch.Verdict, ch.Why = VerdictGuarded, "form: the factor of a region has no date in the book, so it would change the past; write it under region: yourself"
		if j.model != nil {
			ch.Now = decimal.NewNullDecimal(j.file.uplift(j.model.ID, where))
			if ch.Now.Decimal.Equal(ch.New.Decimal) {
				ch.Verdict, ch.Why = VerdictSame, ""
			}
		}
		all = append(all, ch)
	}
	for _, o := range j.offers {
		for _, f := range o.Fields {
			ch := j.blank()
			ch.Name, ch.Key, ch.Verdict, ch.Why = o.Name, Key{Class: f.Name}, VerdictUnknown, strings.TrimPrefix(f.Value+": "+f.Why, ": ")
			all = append(all, ch)
		}
	}
	return all
}

// per is the amount for another number of tokens or units.
func (p Quote) per(n decimal.Decimal) decimal.Decimal {
	if p.Per.Equal(n) {
		return p.Amount
	}
	return p.Amount.Mul(n).DivRound(p.Per, 12)
}

// keys is every price of the rate's own, times a factor.
func (r rate) keys(factor decimal.Decimal) map[Key]Quote {
	all := map[Key]Quote{}
	put := func(key Key, prices map[string]decimal.Decimal) {
		for class, p := range prices {
			key.Class = class
			all[key] = PerMillion(p.Mul(factor))
		}
	}
	put(Key{Tier: standard}, plain(r.Price))
	if r.Long != nil {
		put(Key{Tier: standard, Long: true}, plain(r.Long.Price))
	}
	for name, t := range r.Tiers {
		put(Key{Tier: name}, t.prices(r.Price, false))
		if r.Long != nil && (t.Long == nil || *t.Long) {
			put(Key{Tier: name, Long: true}, t.prices(r.Long.Price, true))
		}
	}
	for _, c := range r.Clock {
		put(Key{Tier: standard, Hours: c.label()}, plain(c.Price))
	}
	for name, u := range r.Units {
		all[Key{Tier: standard, Class: name}] = Quote{u.Price.Mul(factor), u.Per.Decimal}
	}
	return all
}

// label is the hours of a clock, as a Key has them.
func (c clock) label() string { return strings.TrimSpace(c.Days + " " + c.From + "-" + c.To) }

// inOrder is in the order in which people read prices.
func inOrder(prices map[Key]Quote) []Key {
	order := classes()
	rank := func(k Key) int {
		if i := slices.Index(order, k.Class); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Keys(prices), func(x, y Key) int {
		first := func(k Key) int {
			if k.Tier == standard {
				return 0
			}
			return 1
		}
		return cmp.Or(first(x)-first(y), cmp.Compare(x.Tier, y.Tier), cmp.Compare(x.Hours, y.Hours), rank(x)-rank(y), cmp.Compare(x.Class, y.Class), boolInt(x.Long)-boolInt(y.Long))
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
