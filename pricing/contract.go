package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A term is what a contract says of one model and class for a time: a price of one token, or a factor of list.
type term struct {
	contract Contract
	provider string // the ledger's
	model    string
	class    string
	span     span
}

// price is the price of one token; nil where the contract gives a factor.
func (t term) price() any {
	if p, ok := t.contract.Price[t.class]; ok {
		return p.DivRound(million(), 15)
	}
	return nil
}

// factor is what remains of list; nil where the contract gives a price.
func (t term) factor() any {
	if len(t.contract.Price) > 0 {
		return nil
	}
	return decimal.New(1, 0).Sub(t.contract.Discount.Decimal)
}

// termsOf says which contract holds for a model, class by class: at each time the one of the narrowest scope.
func (t Terms) termsOf(provider string, m Match, classes []string) ([]term, error) {
	var all []term
	for _, class := range classes {
		var fit []Contract
		for _, c := range t.Contracts {
			if m.file.listed(c.Provider) && c.covers(m, class) {
				fit = append(fit, c)
			}
		}
		// The narrowest first; those of equal scope must not meet.
		slices.SortStableFunc(fit, func(a, b Contract) int { return slices.Compare(b.scope(m, class), a.scope(m, class)) })
		var taken []span
		for i, c := range fit {
			for _, other := range fit[i+1:] {
				if _, meet := c.span().and(other.span()); meet && slices.Equal(c.scope(m, class), other.scope(m, class)) {
					return nil, &TermError{Place: other.Place, Term: "contract " + other.ID, Msg: fmt.Sprintf(
						"is no narrower than contract %s at %s, and both hold for %s of %s at the same time", c.ID, c.Place, class, m.Key())}
				}
			}
			rest := []span{c.span()}
			for _, s := range taken {
				rest = cut(rest, s)
			}
			for _, s := range rest {
				all = append(all, term{c, provider, m.Key(), class, s})
			}
			taken = append(taken, c.span())
		}
	}
	slices.SortStableFunc(all, func(a, b term) int {
		return cmp.Or(strings.Compare(a.class, b.class), a.span.from.Compare(b.span.from))
	})
	return all, nil
}

// covers says whether the contract speaks of a class of a model.
func (c Contract) covers(m Match, class string) bool {
	if _, priced := c.Price[class]; len(c.Price) > 0 && !priced {
		return false
	}
	if len(c.Classes) > 0 && !slices.Contains(c.Classes, class) {
		return false
	}
	return len(c.Models) == 0 || c.literals(m) >= 0
}

// scope is how narrow a contract is for a model and class: an exact name, then the longest glob, then named classes.
func (c Contract) scope(m Match, class string) []int {
	classes := 0
	if _, priced := c.Price[class]; priced || slices.Contains(c.Classes, class) {
		classes = 1
	}
	return []int{c.literals(m), classes}
}

// exact is longer than any glob.
const exact = 1 << 20

// literals is the characters of the longest glob that takes the model, or -1.
func (c Contract) literals(m Match) int {
	longest := -1
	for _, g := range c.Models {
		if !m.isNamed(g) {
			continue
		}
		n := exact
		if isGlob(g) {
			n = len(strings.NewReplacer("*", "", "?", "").Replace(g))
		}
		longest = max(longest, n)
	}
	return longest
}

// isNamed says whether a glob of the configuration takes the model, by its id or another of its names. What is no glob may be
// any name that Match finds.
func (m Match) isNamed(glob string) bool {
	if globMatches(glob, m.Model) || globMatches(glob, m.Key()) || slices.ContainsFunc(m.model.Names, func(n string) bool { return globMatches(glob, n) }) {
		return true
	}
	named, ok := m.file.named(glob)
	return ok && named.model == m.model && (named.Region == "" || named.Region == m.Region)
}

// never is a time that no rate reaches, for tables that have no open end.
func never() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }
