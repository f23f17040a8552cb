package pricing

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// A revision is a new dated rate for a model: what a catalogue changes, and all else as it was.
type revision struct {
	*group
	rate rate
}

// revise makes the rate that holds the changes that passed. Where the form of the book cannot say them, they are guarded after all.
// A name whose price the book had from a model that moves gets a rate in any case, or it would move with it.
func (g *group) revise(changes []Change, moved bool) (revision, bool) {
	taken := map[Key]Quote{}
	var classes []string
	for _, ch := range changes {
		if ch.Verdict != VerdictNew && ch.Verdict != VerdictChanged {
			continue
		}
		taken[ch.Key] = Quote{ch.New.Decimal, ch.Per}
		if !slices.Contains(classes, ch.Key.Class) {
			classes = append(classes, ch.Key.Class)
		}
	}
	if len(taken) == 0 && !moved {
		return revision{}, false
	}
	for i := range changes {
		if moved && changes[i].Verdict == VerdictSame {
			changes[i].Why = "stays so under its own name; " + g.model.ID + " changes"
		}
	}
	r, err := g.rateWith(taken)
	if err != nil {
		for i, ch := range changes {
			if ch.Verdict == VerdictNew || ch.Verdict == VerdictChanged {
				changes[i].Verdict, changes[i].Why = VerdictGuarded, strings.TrimPrefix(ch.Why+"; ", "; ")+guardForm+": "+err.Error()
			}
		}
		return revision{}, false
	}
	if old, holds := g.current(); holds {
		r.Note = strings.TrimPrefix(strings.Join(classes, ", ")+"; all else as in "+old.Source.String(), "; ")
	}
	return revision{g, r}, true
}

// follow is the prices that change though the catalogue does not say them: of tiers that the book has as a multiple of the
// standard price.
func (r revision) follow(like Change) (all []Change) {
	old, holds := r.current()
	if !holds {
		return nil
	}
	before, said := old.keys(r.factor()), r.merged().Prices
	after := r.rate.keys(decimal.New(1, 0))
	for _, key := range inOrder(after) {
		was, had := before[key]
		if _, ok := said[key]; ok || !had || was.equal(after[key]) {
			continue
		}
		ch := like
		ch.Key, ch.Per, ch.Verdict, ch.Why = key, was.Per, VerdictChanged, "follows the standard price, by the book's factor"
		ch.Now, ch.New = decimal.NewNullDecimal(was.Amount), decimal.NewNullDecimal(after[key].per(was.Per))
		all = append(all, ch)
	}
	return all
}
