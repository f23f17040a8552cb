package cmd

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/attribute"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/metric"
	"github.com/shopspring/decimal"
)

// policy is what the configuration says about who pays.
func (c config) policy() allocate.Policy {
	return allocate.Policy{Currency: c.Currency, UseCases: c.UseCases, Rules: c.Rules, Rates: c.ExchangeRates}
}

// tolerance is how far evidence may be from its bill and still be taken to be it.
func (c config) tolerance() decimal.Decimal {
	if c.Tolerance == nil {
		return attribute.Tolerance()
	}
	return c.Tolerance.Decimal
}

// terms is what the configuration says beside the list prices.
func (c config) terms() pricing.Terms {
	return pricing.Terms{Contracts: c.Contracts, Commitments: c.Commitments, Credits: c.Credits, ZeroRated: c.ZeroRated, Deployments: c.Deployments}
}

// metrics is what the configuration says about the cost of outcomes.
func (c config) metrics() metric.Set {
	set := metric.Set{Outcomes: c.Outcomes, Metrics: c.Metrics, UseCases: c.UseCases}
	for _, m := range c.Sources {
		set.Categories = append(set.Categories, m.Category)
	}
	return set
}

// gates is what the configuration says about gates.
func (c config) gates() gate.Policy {
	return gate.Policy{Gates: c.Gates, Roles: c.Roles, Budgets: c.Budgets, Approved: c.ApprovedModels, Metrics: c.metrics(), UseCases: c.UseCases}
}

// register is what has been decided about them. What has expired may name what the configuration has no more.
func (c config) register(asOf time.Time) (gate.Register, error) {
	r, err := gate.ReadRegister(c.path(c.Decisions))
	if err != nil {
		return nil, err
	}
	return r, r.Check(c.gates().Known(), asOf)
}

// book is the price book, with the user's files before it.
func (c config) book() (*pricing.Book, error) {
	b, err := pricing.Load()
	if err != nil {
		return nil, err
	}
	for _, name := range c.Prices {
		text, err := os.ReadFile(c.path(name))
		if err == nil {
			err = b.Overlay(c.name(c.path(name)), text)
		}
		if err != nil {
			return nil, usage(fmt.Errorf("prices: %w", err))
		}
	}
	return b, c.terms().CheckBook(b)
}

// book reads the configuration and the price book with the user's files before it, without a ledger.
func (g *globalOptions) book() (config, *pricing.Book, error) {
	c, err := g.load()
	if err != nil {
		return c, nil, err
	}
	b, err := c.book()
	return c, b, err
}

// sources is every source: the program's own, those in sources/ beside the
// configuration, and those that it maps.
func (c config) sources() ([]ingest.Source, error) {
	all, err := ingest.Sources()
	if err != nil {
		return nil, err
	}
	own, err := ingest.SourcesIn(os.DirFS(c.folder), "sources/*.sql")
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	for i, m := range c.Sources {
		s, err := m.NewSource(c.Currency, all)
		if err != nil {
			return nil, fmt.Errorf("sources: entry %d (%s): %w", i+1, m.Path, err)
		}
		own = append(own, s)
	}
	for _, s := range own {
		if slices.ContainsFunc(all, func(o ingest.Source) bool { return o.Name == s.Name }) {
			return nil, fmt.Errorf("sources: two are called %s; give one a `name`", s.Name)
		}
		all = append(all, s)
	}
	return all, nil
}

// mergeValues takes what is no list from an included file. Two files that give it would leave to their order which of them counts.
func (c *config) mergeValues(file string, part config) error {
	for _, v := range []struct {
		name  string
		given bool
		take  func()
	}{
		{"currency", part.Currency != "", func() { c.Currency = part.Currency }},
		{"database", part.Database != "", func() { c.Database = part.Database }},
		{"users", part.Users != "", func() { c.Users = part.Users }},
		{"memory", part.Memory != "", func() { c.Memory = part.Memory }},
		{"decisions", part.Decisions != "", func() { c.Decisions = part.Decisions }},
		{"tolerance", part.Tolerance != nil, func() { c.Tolerance = part.Tolerance }},
		{"inbox", part.Inbox != nil, func() { c.Inbox = part.Inbox }},
		{"journal", !reflect.ValueOf(part.Journal).IsZero(), func() { c.Journal = part.Journal }},
	} {
		if !v.given {
			continue
		}
		if other, twice := c.given[v.name]; twice {
			return fmt.Errorf("%s: %s is given in two files, the other is %s", file, v.name, other)
		}
		if c.given == nil {
			c.given = map[string]string{}
		}
		c.given[v.name] = file
		v.take()
	}
	return nil
}

// costCenters is those of the use cases.
func (c config) costCenters() []string {
	var all []string
	for _, u := range c.UseCases {
		all = append(all, u.CostCenter)
	}
	return all
}
