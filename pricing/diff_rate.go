package pricing

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// rateWith is the book's rate of that time with other prices in it.
func (g *group) rateWith(taken map[Key]Quote) (rate, error) {
	old, holds := g.current()
	var before map[Key]Quote
	r := rate{}
	if holds {
		before = old.keys(g.factor())
		r = old.scaled(g.factor())
	} else if g.model != nil {
		r.Gap = "the catalogue has a price again, the book had none"
	}
	r.From.Time, r.To.Time = g.from, g.until()
	r.Status, r.Note, r.overlay, r.Source = "", "", "", source{}
	if err := r.set(taken, g.offers[0], holds); err != nil {
		return r, err
	}
	wanted := r.keys(decimal.New(1, 0)) // tiers follow the standard prices by the book's factors, where the catalogue does not say their own
	for key, p := range taken {
		wanted[key] = p
	}
	for key := range g.merged().Prices {
		_, comes := taken[key]
		if was, ok := before[key]; ok && key.Tier != standard && !comes {
			wanted[key] = was
		}
	}
	if err := r.setTiers(wanted); err != nil {
		return r, err
	}
	return r, r.proves(wanted, before)
}

// until is when the next rate begins that the book has already: that stays.
func (g *group) until() (to time.Time) {
	if g.model == nil || g.own {
		return to
	}
	for _, r := range g.model.Rates {
		if r.From.After(g.from) && (to.IsZero() || r.From.Before(to)) {
			to = r.From.Time
		}
	}
	return to
}

// scaled is a copy of the rate with its prices times a factor.
func (r rate) scaled(factor decimal.Decimal) rate {
	times := func(prices map[string]Decimal) map[string]Decimal {
		all := map[string]Decimal{}
		for class, p := range prices {
			all[class] = Decimal{p.Mul(factor)}
		}
		return all
	}
	r.Price = times(r.Price)
	if r.Long != nil {
		r.Long = &long{r.Long.Over, r.Long.Inclusive, times(r.Long.Price)}
	}
	r.Tiers = maps.Clone(r.Tiers)
	for name, t := range r.Tiers {
		t.Price = times(t.Price)
		r.Tiers[name] = t
	}
	r.Clock = slices.Clone(r.Clock)
	for i := range r.Clock {
		r.Clock[i].Price = times(r.Clock[i].Price)
	}
	units := map[string]unit{}
	for name, u := range r.Units {
		units[name] = unit{u.Per, Decimal{u.Price.Mul(factor)}}
	}
	r.Units = units
	return r
}

// set writes the standard prices.
func (r *rate) set(taken map[Key]Quote, o Offer, holds bool) error {
	if r.Price == nil {
		r.Price = map[string]Decimal{}
	}
	if r.Units == nil {
		r.Units = map[string]unit{}
	}
	if r.Long == nil && slices.ContainsFunc(slices.Collect(maps.Keys(taken)), func(k Key) bool { return k.Long && k.Tier == standard }) {
		r.Long = &long{Over: o.Over, Inclusive: o.Inclusive, Price: map[string]Decimal{}}
		if holds { // until now long prompts cost what others do
			maps.Copy(r.Long.Price, r.Price)
		}
	}
	for _, key := range inOrder(taken) {
		p := taken[key]
		amount := Decimal{p.Amount}
		switch {
		case key.Tier != standard:
		case key.Hours != "":
			if err := r.setClock(key, amount); err != nil {
				return err
			}
		case !p.Per.Equal(million()) || slices.Contains(unitClasses(), key.Class):
			r.Units[key.Class] = unit{Decimal{p.Per}, amount}
		case key.Long:
			r.Long.Price[key.Class] = amount
		default:
			r.Price[key.Class] = amount
		}
	}
	return nil
}

// unitClasses is the classes that are no tokens.
func unitClasses() []string { return []string{"web_search", "file_search", "search", "seconds"} }

func (r *rate) setClock(key Key, amount Decimal) error {
	i := slices.IndexFunc(r.Clock, func(c clock) bool { return c.label() == key.Hours })
	if i < 0 {
		days, hours, isDays := strings.Cut(key.Hours, " ")
		if !isDays {
			days, hours = "", key.Hours
		}
		from, to, _ := strings.Cut(hours, "-")
		c := clock{Days: days, From: from, To: to, Price: map[string]Decimal{}}
		if _, err := c.hours(); err != nil {
			return err
		}
		i = len(r.Clock)
		r.Clock = append(r.Clock, c)
	}
	r.Clock[i].Price[key.Class] = amount
	return nil
}

// setTiers writes the tiers whose prices are not what is wanted.
func (r *rate) setTiers(wanted map[Key]Quote) error {
	has := r.keys(decimal.New(1, 0))
	wrong := map[string]bool{}
	for key, p := range wanted {
		if have, ok := has[key]; key.Tier != standard && (!ok || !have.equal(p)) {
			wrong[key.Tier] = true
		}
	}
	for name := range wrong {
		t, err := r.tier(name, wanted)
		if err != nil {
			return err
		}
		if r.Tiers == nil {
			r.Tiers = map[string]tier{}
		}
		r.Tiers[name] = t
	}
	return nil
}

// tier is a service tier with the prices wanted: one factor where they have one, absolute prices elsewhere.
func (r *rate) tier(name string, wanted map[Key]Quote) (tier, error) {
	t := tier{Price: map[string]Decimal{}}
	anyLong := false
	for class, base := range r.Price {
		p, ok := wanted[Key{Tier: name, Class: class}]
		if !ok || base.IsZero() {
			continue
		}
		if f := p.Amount.DivRound(base.Decimal, 6); f.Mul(base.Decimal).Equal(p.Amount) && (t.Times.IsZero() || class == "input") {
			t.Times = Decimal{f}
		}
	}
	var longPrices map[string]Decimal
	if r.Long != nil {
		longPrices = r.Long.Price
	}
	for key, p := range wanted {
		if key.Tier != name {
			continue
		}
		if key.Long {
			anyLong = true
			if want := longPrices[key.Class].Mul(t.Times.Decimal); !want.Equal(p.Amount) {
				return t, fmt.Errorf("%s %s for long prompts is no fixed multiple of the standard price", name, key.Class)
			}
		} else if base, ok := r.Price[key.Class]; !ok || !base.Mul(t.Times.Decimal).Equal(p.Amount) {
			t.Price[key.Class] = Decimal{p.Amount}
		}
	}
	for _, class := range slices.Sorted(maps.Keys(r.Price)) {
		if _, ok := wanted[Key{Tier: name, Class: class}]; !ok && t.Times.IsPositive() {
			t.Without = append(t.Without, class)
		}
	}
	if r.Long != nil && !anyLong {
		no := false
		t.Long = &no
	}
	return t, nil
}

// proves reads the rate back: it asks what is wanted, and nothing that had a price has lost it.
func (r *rate) proves(wanted, before map[Key]Quote) error {
	if err := r.check(); err != nil {
		return err
	}
	if len(r.Price)+len(r.Units) == 0 {
		return errors.New("no price of the standard tier came through")
	}
	has := r.keys(decimal.New(1, 0))
	var errs []error
	for _, key := range inOrder(wanted) {
		if p, ok := has[key]; !ok || !p.equal(wanted[key]) {
			errs = append(errs, fmt.Errorf("%s %s cannot be said beside the other prices", key.Tier, key.Class))
		}
	}
	for _, key := range inOrder(before) {
		if _, ok := has[key]; !ok {
			errs = append(errs, fmt.Errorf("%s %s would lose its price", key.Tier, key.Class))
		}
	}
	if len(errs) > 1 {
		errs = errs[:1]
	}
	return errors.Join(errs...)
}
