package pricing

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A Key says which price of a model one is.
type Key struct {
	Tier  string
	Class string // a token class, or a unit such as web_search
	Long  bool   // of calls with a long prompt
	Hours string // "mon-fri 01:00-04:00" (UTC), or empty: all others
}

// A Quote is a price for so many tokens or units.
type Quote struct{ Amount, Per decimal.Decimal }

// PerMillion is a price of tokens.
func PerMillion(amount decimal.Decimal) Quote { return Quote{amount, million()} }

// equal compares without division, which would round: two prices that differ by one digit are not the same.
func (p Quote) equal(o Quote) bool { return p.Amount.Mul(o.Per).Equal(o.Amount.Mul(p.Per)) }

func (p Quote) less(o Quote) bool { return p.Amount.Mul(o.Per).LessThan(o.Amount.Mul(p.Per)) }

func (p Quote) times(n int64) Quote { return Quote{p.Amount.Mul(decimal.NewFromInt(n)), p.Per} }

// An Offer is what a catalogue says that a model costs from one time to another.
type Offer struct {
	Provider  string // as the ledger or the book calls it
	Name      string // of the model, as the catalogue spells it
	From, To  time.Time
	Over      int64 // tokens of a prompt above which it is long; 0: the catalogue knows no such limit
	Inclusive bool
	Prices    map[Key]Quote
	Factors   map[string]decimal.Decimal // by region
	Fields    []Field                    // that carry money and are none of these
}

// A Field is something in a catalogue that carries money and cannot come into the book.
type Field struct {
	Name, Value, Why string
	Stops            string // the guard that shall stop the model's prices for it; empty: they are right without it
}

// A Comparison is how offers are held against the book.
type Comparison struct {
	From      time.Time // the instant from which they hold, where they do not say a later one
	Read      time.Time // when the catalogue was read; zero: not known
	Allow     []string  // guards that let pass what they would stop
	Ignore    []string  // guards that say nothing
	Whole     bool      // the offers are all that there is of a model: what they do not say has no price
	Providers []string  // only these; empty: all
	Models    []string  // globs: only these
}

// The verdicts on a price.
const (
	VerdictNew     = "new"
	VerdictChanged = "changed"
	VerdictSame    = "same"
	VerdictGuarded = "guarded"
	VerdictUnknown = "unknown field"
	VerdictNoModel = "no such model"
)

// A Change is a price of a catalogue beside the book's.
type Change struct {
	Provider, Model string // of the book
	Name            string // as the catalogue spells it
	Key             Key
	Over            int64
	Inclusive       bool
	From            time.Time
	Now, New        decimal.NullDecimal // for Per tokens or units
	Per             decimal.Decimal
	Verdict, Why    string
	Confidence      string // of the price now, and where it was read
	Source          string
}

// A Diff is what would change if the book took over what a catalogue says.
type Diff struct {
	Changes []Change
	Foreign map[string]int // providers that the book does not have, with the number of their models
	Matched int            // models of the catalogue that were looked at

	revised []revision
}

// Taken is how many prices would come in.
func (d Diff) Taken() int {
	return d.Count(VerdictNew) + d.Count(VerdictChanged)
}

// Count is how many prices got a verdict.
func (d Diff) Count(verdict string) (n int) {
	for _, c := range d.Changes {
		if c.Verdict == verdict {
			n++
		}
	}
	return n
}

// Diff holds a catalogue against the book.
func (b *Book) Diff(offers []Offer, c Comparison) Diff {
	d := Diff{Foreign: map[string]int{}}
	groups, foreign := b.group(offers, c.From)
	maps.Copy(d.Foreign, foreign)
	vanished := b.vanished(groups)
	met := map[string]bool{}
	for _, g := range groups {
		if g.model != nil {
			met[g.file.Provider+"/"+strings.ToLower(g.model.ID)] = true
		}
		if !c.wants(g) {
			continue
		}
		d.Matched++
		changes := g.compare(c, vanished[g.file])
		moved := g.own && slices.ContainsFunc(d.revised, func(r revision) bool { return !r.own && r.model == g.model && !r.rate.From.After(g.from) })
		if !c.Whole { // such offers are rows already
			if r, ok := g.revise(changes, moved); ok {
				d.revised = append(d.revised, r)
				changes = append(changes, r.follow(changes[0])...)
			}
		}
		d.Changes = append(d.Changes, changes...)
	}
	for _, f := range b.files {
		for _, m := range f.Models {
			listed := slices.ContainsFunc(groups, func(g *group) bool { return g.file == f })
			if len(m.Rates) == 0 {
				continue
			}
			if g := (&group{file: f, id: m.ID, model: m}); listed && !met[f.Provider+"/"+strings.ToLower(m.ID)] && c.wants(g) {
				d.Changes = append(d.Changes, Change{Provider: f.Provider, Model: m.ID, From: c.From, Verdict: VerdictNoModel, Why: "only there: it stays as it is"})
			}
		}
	}
	slices.SortStableFunc(d.Changes, func(x, y Change) int {
		return cmp.Or(cmp.Compare(x.Provider, y.Provider), cmp.Compare(x.Model, y.Model), x.From.Compare(y.From))
	})
	return d
}

// Offers is every rate of the book as the offer of a catalogue: what a file of the user's says, where the book is only that.
func (b *Book) Offers() (all []Offer) {
	for _, f := range b.files {
		for _, m := range f.Models {
			for _, r := range m.Rates {
				o := Offer{Provider: f.Provider, Name: m.ID, From: r.From.Time, To: r.To.Time, Prices: r.keys(decimal.New(1, 0))}
				if r.Long != nil {
					o.Over, o.Inclusive = r.Long.Over, r.Long.Inclusive
				}
				all = append(all, o)
			}
		}
	}
	return all
}

// Names is the book without its prices: what models are called.
func (b *Book) Names() (*Book, error) {
	names := &Book{}
	for _, f := range b.files {
		bare := *f
		bare.AsOf, bare.Fees, bare.Models = Instant{}, nil, nil
		for _, m := range f.Models {
			m := *m
			m.Rates = nil
			bare.Models = append(bare.Models, &m)
		}
		var err error
		if bare.index, err = newIndex(&bare); err != nil {
			return nil, err
		}
		names.files = append(names.files, &bare)
	}
	return names, nil
}

// Take puts offers before the book as they are, unguarded, from a time on.
func (b *Book) Take(name string, offers []Offer, from time.Time) error {
	d := b.Diff(offers, Comparison{From: from, Ignore: Guards()})
	if text := d.YAML(Origin{Text: name, Read: from, Title: name}); text != "" {
		return b.Overlay(name, []byte(text))
	}
	return nil
}

// wants says whether the models of a group were asked for.
func (c Comparison) wants(g *group) bool {
	if len(c.Providers) > 0 && !slices.ContainsFunc(c.Providers, g.file.listed) {
		return false
	}
	return len(c.Models) == 0 || matchesAny(c.Models, g.id) || slices.ContainsFunc(g.offers, func(o Offer) bool { return matchesAny(c.Models, o.Name) })
}
