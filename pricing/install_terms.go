package pricing

import (
	"cmp"
	"slices"
)

// itself is the provider as a model without a name, whose prices are its fees.
func (f *file) itself() Match {
	m := &model{}
	for _, e := range f.Fees {
		m.Rates = append(m.Rates, rate{From: e.From, To: e.To, Units: map[string]unit{e.Unit: {e.Per, e.Price}}, Source: e.Source})
	}
	return Match{Provider: f.Provider, By: "provider", file: f, model: m}
}

// addTerms writes the contracts, model by model and class by class.
func (in *installation) addTerms() error {
	seen := map[name]bool{}
	for _, f := range append(slices.Clone(in.found), in.fees...) {
		key := name{f.provider, f.match.Key()}
		if seen[key] {
			continue
		}
		seen[key] = true
		all, err := in.terms.termsOf(f.provider, f.match, f.match.classes())
		if err != nil {
			return err
		}
		for _, t := range all {
			in.add("terms", t.contract.label(), t.provider, t.model, t.class, t.span.from, until(t.span.to), t.price(), t.factor())
		}
	}
	return nil
}

// classes is every class that has a price at some time.
func (m Match) classes() []string {
	var all []string
	for _, r := range m.rows() {
		if !slices.Contains(all, r.Class) {
			all = append(all, r.Class)
		}
	}
	slices.Sort(all)
	return all
}

// label is how a report names a contract.
func (c Contract) label() string { return cmp.Or(c.ID, c.Place.String()) }

// addZeroRated writes what costs nothing, with the ledger's own spellings.
func (in *installation) addZeroRated() {
	for _, z := range in.terms.ZeroRated {
		for _, n := range in.spelled(z.Provider, z.Model, in.means) {
			in.add("zero_rated", nullable(n.provider), nullable(n.model), nullable(z.Project), nullable(z.Key), z.From.Time, until(z.To.Time), z.Reason)
		}
	}
	for _, c := range in.terms.Commitments {
		for _, d := range c.Deployments {
			for _, n := range in.spelled(c.Provider, d, in.written) {
				in.add("zero_rated", nullable(n.provider), nullable(n.model), nil, nil, c.From.Time, until(c.To.Time), "provisioned capacity "+c.ID)
			}
		}
	}
}

// spelled is the ledger's names for a provider and a model of the configuration; an empty one is any.
func (in *installation) spelled(provider, model string, fits func(name, string) bool) []name {
	if provider == "" && model == "" {
		return []name{{}}
	}
	var names []name
	for _, n := range in.met {
		if provider != "" && !in.same(provider, n.provider) || model != "" && !fits(n, model) {
			continue
		}
		if provider == "" {
			n.provider = ""
		}
		if model == "" {
			n.model = ""
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// same says whether two names are one provider's: equal, or in one file of the book.
func (in *installation) same(a, b string) bool {
	return normal(a) == normal(b) || slices.ContainsFunc(in.book.files, func(f *file) bool { return f.listed(a) && f.listed(b) })
}

// written says whether a name of the ledger is one of the configuration, as it stands or behind a platform's prefix.
func (in *installation) written(n name, wanted string) bool {
	if n.model == "" {
		return false
	}
	if globMatches(wanted, n.model) {
		return true
	}
	return slices.ContainsFunc(in.book.providers(n.provider), func(f *file) bool {
		return slices.ContainsFunc(f.index.bare(normal(n.model)), func(b bareName) bool { return globMatches(wanted, b.name) })
	})
}

// means says whether a name of the ledger is written so, or is of the book's model that is.
func (in *installation) means(n name, wanted string) bool {
	return in.written(n, wanted) || slices.ContainsFunc(in.found, func(f found) bool { return f.name == n && f.match.isNamed(wanted) })
}

// providers is the provider names of the ledger.
func (in *installation) providers() (names []string) {
	for _, n := range in.met {
		if !slices.Contains(names, n.provider) {
			names = append(names, n.provider)
		}
	}
	return names
}

// ledgerName is what the ledger calls a provider of the configuration: one name, for a sum must not count it twice.
func (in *installation) ledgerName(provider string) string {
	for _, n := range in.providers() {
		if normal(n) == normal(provider) {
			return n
		}
	}
	for _, n := range in.providers() {
		if in.same(provider, n) {
			return n
		}
	}
	for _, f := range in.book.providers(provider) {
		return f.Names[0]
	}
	return normal(provider)
}

func (in *installation) addCommitments() {
	for _, c := range in.terms.Commitments {
		in.add("commitments", c.ID, in.ledgerName(c.Provider), c.From.Time, until(c.To.Time), c.Units.Mul(c.USDPerUnitHour.Decimal))
	}
}

// addCredits writes each credit for the models met, or for all of its provider.
func (in *installation) addCredits() {
	for _, c := range in.terms.Credits {
		if len(c.Models) == 0 {
			in.add("credits", c.ID, in.ledgerName(c.Provider), nil, c.From.Time, until(c.To.Time), c.Share.Decimal)
			continue
		}
		seen := map[name]bool{}
		for _, f := range in.found {
			key := name{f.provider, f.match.Key()}
			if seen[key] || !in.same(c.Provider, f.provider) || !slices.ContainsFunc(c.Models, f.match.isNamed) {
				continue
			}
			seen[key] = true
			in.add("credits", c.ID, f.provider, key.model, c.From.Time, until(c.To.Time), c.Share.Decimal)
		}
	}
}
