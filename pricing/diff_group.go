package pricing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A group is what a catalogue says about one model of the book from one time on: under its own name, and under others.
type group struct {
	file   *file
	id     string
	name   string // where an id may not be written so
	scope  string // that the name says: its prices are the model's times a factor
	own    bool   // the name stands for a model of its own, which the book prices as another
	model  *model // nil: the book does not have it
	from   time.Time
	offers []Offer // the first is the one to believe
	ranks  []int
}

// group puts the offers that hold from some time on to the models that they mean.
func (b *Book) group(offers []Offer, from time.Time) (all []*group, foreign map[string]int) {
	foreign = map[string]int{}
	known := map[string]*group{}
	for _, o := range offers {
		if !o.To.IsZero() && !o.To.After(from) {
			continue
		}
		g, rank, ok := b.place(o)
		if !ok {
			foreign[o.Provider]++
			continue
		}
		g.from = from
		if o.From.After(from) {
			g.from = o.From
		}
		key := fmt.Sprint(g.file.Provider, "/", strings.ToLower(g.id), " ", g.from.Unix())
		if known[key] == nil {
			known[key] = g
			all = append(all, g)
		}
		known[key].add(o, rank)
	}
	for _, g := range all {
		g.lead()
		all = append(all, g.split()...)
	}
	return all, foreign
}

// add keeps the offers in the order of their ranks.
func (g *group) add(o Offer, rank int) {
	n, _ := slices.BinarySearch(g.ranks, rank+1) // behind those of its own rank
	g.ranks = slices.Insert(g.ranks, n, rank)
	g.offers = slices.Insert(g.offers, n, o)
}

// lead puts an offer first that says what the book does, where none has the model's own name: on Bedrock, the name without a
// region may cost less than those with one, which the book has as one model.
func (g *group) lead() {
	if g.model == nil || g.ranks[0] <= 1 {
		return
	}
	r, holds := g.current()
	if !holds {
		return
	}
	now := group{offers: []Offer{{Prices: r.keys(decimal.New(1, 0))}}}
	if i := slices.IndexFunc(g.offers, now.agrees); i > 0 {
		confirms := g.offers[i]
		g.offers = slices.Insert(slices.Delete(g.offers, i, i+1), 0, confirms)
	}
}

// split takes out the names that only a rule of the book leads to the model, and that cost something else: regions, mostly.
// Under an exact name of their own they can have their own price.
func (g *group) split() (own []*group) {
	var kept []Offer
	for i, o := range g.offers {
		name := normal(o.Name)
		if i == 0 || g.agrees(o) || g.file.index.ids[name] != nil || g.file.index.names[name] != nil || name == g.id {
			kept = append(kept, o)
			continue
		}
		id, spelled := cleanID(name)
		own = append(own, &group{file: g.file, id: id, name: spelled, own: true, model: g.model, from: g.from, offers: []Offer{o}})
	}
	g.offers = kept
	return own
}

// agrees says whether an offer asks nothing else than the first.
func (g *group) agrees(o Offer) bool {
	for key, p := range o.Prices {
		if first, ok := g.offers[0].Prices[key]; ok && !first.equal(p) {
			return false
		}
	}
	return true
}

// place finds the model that an offer means; the lower the rank, the more exactly its name says so.
func (b *Book) place(o Offer) (g *group, rank int, ok bool) {
	files := b.providers(o.Provider)
	if len(files) == 0 {
		return nil, 0, false
	}
	for _, f := range files {
		if m := f.index.ids[normal(o.Name)]; m != nil && f.Provider == normal(o.Provider) {
			return &group{file: f, id: m.ID, model: m}, 0, true
		}
	}
	if m, found := b.Match(o.Provider, o.Name); found && m.Region == "" {
		rank := 3
		switch bare := m.file.bareID(o.Name); {
		case normal(o.Name) == normal(m.Model):
			rank = 0
		case bare == normal(m.Model):
			rank = 1
		case isExact(m.By):
			rank = 2
		}
		return &group{file: m.file, id: m.Model, model: m.model}, rank, true
	} else if found {
		id, name := cleanID(normal(o.Name))
		return &group{file: m.file, id: id, name: name, scope: m.Region, own: true, model: m.model}, 0, true
	}
	f := files[0]
	if i := slices.IndexFunc(files, func(f *file) bool { return f.Provider == normal(o.Provider) }); i >= 0 {
		f = files[i]
	}
	id, name := cleanID(f.bareID(o.Name))
	if id != normal(o.Name) {
		rank = 1
	}
	return &group{file: f, id: id, name: name}, rank, true
}

// bareID is a name as the book would write it: without the prefix of a platform, unless that says where a call ran.
func (f *file) bareID(name string) string {
	name = normal(name)
	for _, p := range f.index.prefixes {
		at := p.expr.FindStringIndex(name)
		if at == nil || at[1] == 0 || at[1] == len(name) {
			continue
		}
		if p.scope != "" { // scopes come first
			break
		}
		return name[at[1]:]
	}
	return name
}

// cleanID makes an id of a name; where it may not be one as it is, the name has to stand beside it.
func cleanID(text string) (id, name string) {
	id = strings.ReplaceAll(text, "@", "-")
	if id != text {
		name = text
	}
	return id, name
}

// vanished is the providers of which the catalogue has far fewer models than the book: it may have been cut.
func (b *Book) vanished(groups []*group) map[*file]string {
	count := map[*file]map[string]bool{}
	for _, g := range groups {
		if count[g.file] == nil {
			count[g.file] = map[string]bool{}
		}
		count[g.file][g.id] = true
	}
	gone := map[*file]string{}
	for f, ids := range count {
		if 10*len(ids) < 7*len(f.Models) {
			gone[f] = fmt.Sprintf("the catalogue has %d models of %s, the book %d: is it whole?", len(ids), f.Provider, len(f.Models))
		}
	}
	return gone
}
