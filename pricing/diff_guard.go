package pricing

import (
	"fmt"
)

// A guard stops a price that looks wrong until somebody lets it pass by the guard's name.
type guard struct {
	name  string
	stops func(j judge, key Key, price Quote) string // why; empty: it does not
}

// Guards is the names of the guards.
func Guards() []string {
	var names []string
	for _, g := range guards() {
		if g.name != guardForm {
			names = append(names, g.name)
		}
	}
	return names
}

// Of the guards, these two a Field may name. What the form of the book cannot say nobody can let pass.
const (
	guardUnknown = "unknown-field"
	guardForm    = "form"
)

func guards() []guard {
	return []guard{
		{guardUnknown, judge.unknownField},
		{"vanished", func(j judge, _ Key, _ Quote) string { return j.cut }},
		{"announced", judge.announced},
		{"older", judge.older},
		{"zero", func(_ judge, _ Key, p Quote) string {
			if !p.Amount.IsZero() {
				return ""
			}
			return "catalogues write 0 for free and for not known"
		}},
		{"jump", judge.jump},
		{"swapped", judge.swapped},
		{"cache", judge.cache},
		{guardForm, judge.form},
	}
}

// unknownField stops every price of a model beside which stands money that nobody here understands: to drop a part of a price is
// to ask too little.
func (j judge) unknownField(Key, Quote) string {
	for _, o := range j.offers {
		for _, f := range o.Fields {
			if f.Stops == guardUnknown {
				return f.Name
			}
		}
	}
	return ""
}

// announced stops a price that was to hold later than the catalogue was made: such prices were cancelled before they held.
func (j judge) announced(Key, Quote) string {
	switch {
	case j.offer.From.IsZero(), !j.Read.IsZero() && !j.offer.From.After(j.Read):
		return ""
	case j.Read.IsZero():
		return "to hold from " + day(j.offer.From) + ", and the catalogue does not say when it was made"
	}
	return "to hold from " + day(j.offer.From) + ", and the catalogue is of " + day(j.Read)
}

// older stops what contradicts a price of ours that was read at the provider's after the catalogue was made: no public catalogue
// is right everywhere, and a cut or a correction since then is no news to it. One that does not say how old it is counts as
// older. So does, beside a price of ours of any confidence, what the book knows as the price before it.
func (j judge) older(key Key, price Quote) string {
	if j.model == nil || !j.Read.IsZero() && !j.Read.Before(j.source.Read.Time) {
		return ""
	}
	made := "does not say when it was made"
	if !j.Read.IsZero() {
		made = "is of " + day(j.Read)
	}
	for _, r := range j.model.Rates {
		if was, ok := r.keys(j.factor())[key]; ok && was.equal(price) && !r.To.IsZero() && !r.To.After(j.from) {
			return fmt.Sprintf("it was so until %s, and the catalogue %s", r.To, made)
		}
	}
	if j.source.Confidence != "high" {
		return ""
	}
	return fmt.Sprintf("ours was read on %s, and the catalogue %s", j.source.Read, made)
}

// jump stops more than three times as much, or less than a third.
func (j judge) jump(key Key, price Quote) string {
	now, known := j.priceNow(key)
	if !known || now.Amount.IsZero() || price.Amount.IsZero() {
		return ""
	}
	if now.times(3).less(price) || price.times(3).less(now) {
		return "more than 3 times"
	}
	return ""
}

// swapped stops input and output where input costs more, unless it does so in the book.
func (j judge) swapped(key Key, _ Quote) string {
	if key.Class != "input" && key.Class != "output" {
		return ""
	}
	in, out := key, key
	in.Class, out.Class = "input", "output"
	input, ok := j.offer.Prices[in]
	output, ok2 := j.offer.Prices[out]
	if !ok || !ok2 || output.Amount.IsZero() || !output.less(input) {
		return ""
	}
	nowIn, ok := j.priceNow(in)
	nowOut, ok2 := j.priceNow(out)
	if ok && ok2 && nowOut.less(nowIn) {
		return ""
	}
	return fmt.Sprintf("input %s is more than output %s", input.Amount, output.per(input.Per))
}

// cache stops caches that cost more than what they save.
func (j judge) cache(key Key, _ Quote) string {
	for _, pair := range orders() {
		small, large := key, key
		small.Class, large.Class = pair[0], pair[1]
		if key.Class != pair[0] && key.Class != pair[1] || pair == [2]string{"cache_read", "cache_write_5m"} {
			continue
		}
		x, ok := j.priceThen(small)
		y, ok2 := j.priceThen(large)
		if ok && ok2 && y.less(x) {
			return fmt.Sprintf("%s %s is more than %s %s", pair[0], x.per(million()), pair[1], y.per(million()))
		}
	}
	return ""
}

// priceThen is what the catalogue asks, and where it says nothing, what the book does.
func (j judge) priceThen(key Key) (Quote, bool) {
	if p, ok := j.offer.Prices[key]; ok {
		return p, true
	}
	return j.priceNow(key)
}

// form stops what the book has no place for.
func (j judge) form(key Key, _ Quote) string {
	for _, o := range j.offers {
		for _, f := range o.Fields {
			if f.Stops == guardForm {
				return f.Name + ": " + f.Why
			}
		}
	}
	base := key
	base.Long = false
	if _, ok := j.priceThen(base); key.Long && !ok {
		return "it has a price for long prompts only"
	}
	if j.model == nil {
		return ""
	}
	if over, _ := (Match{file: j.file, model: j.model}).LongOver(); key.Long && over != 0 && j.offer.Over != 0 && over != j.offer.Over {
		return fmt.Sprintf("prompts are long above %d here and above %d in the book, which has one such limit a model", j.offer.Over, over)
	}
	if len(j.rate.Clock) > 0 && j.holds && key.Class != "web_search" && !j.clocked() {
		return "the book has other prices by the hour, of which the catalogue says nothing"
	}
	return ""
}

// clocked says whether the catalogue knows the same hours as the book.
func (j judge) clocked() bool {
	for _, c := range j.rate.Clock {
		found := false
		for key := range j.offer.Prices {
			found = found || key.Hours == c.label()
		}
		if !found {
			return false
		}
	}
	return true
}
