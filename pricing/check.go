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

// A TermError says what is wrong with a contract or another term, and where it stands.
type TermError struct {
	Place Place
	Term  string // contract openai-2026
	Msg   string
}

func (e *TermError) Error() string { return fmt.Sprintf("%s: %s: %s", e.Place, e.Term, e.Msg) }

// Check says everything that is wrong with the terms as they are written. What needs the book is Install's.
func (t Terms) Check() error {
	var errs []error
	report := func(place Place, what, id string) func(string, ...any) {
		return func(format string, args ...any) {
			errs = append(errs, &TermError{place, strings.TrimSpace(what + " " + id), fmt.Sprintf(format, args...)})
		}
	}
	ids := map[string]Place{}
	once := func(id string, place Place, bad func(string, ...any)) {
		if before, twice := ids[id]; twice && id != "" {
			bad("the id stands twice, first at %s", before)
		}
		ids[id] = place
	}
	for i, c := range t.Contracts {
		bad := report(c.Place, "contract", c.ID)
		once(c.ID, c.Place, bad)
		c.check(bad)
		for _, earlier := range t.Contracts[:i] {
			if c.repeats(earlier) {
				bad("has the scope of the one at %s and overlaps it in time: which of them holds?", earlier.Place)
			}
		}
	}
	for _, c := range t.Commitments {
		bad := report(c.Place, "commitment", c.ID)
		once(c.ID, c.Place, bad)
		c.check(bad)
	}
	for _, c := range t.Credits {
		bad := report(c.Place, "credit", c.ID)
		once(c.ID, c.Place, bad)
		c.check(bad)
	}
	for _, z := range t.ZeroRated {
		z.check(report(z.Place, "zero_rated", ""))
	}
	for i, d := range t.Deployments {
		bad := report(d.Place, "deployment", d.Name)
		d.check(bad)
		for _, earlier := range t.Deployments[:i] {
			if normal(d.Provider) == normal(earlier.Provider) && normal(d.Name) == normal(earlier.Name) {
				bad("stands twice, first at %s", earlier.Place)
			}
		}
	}
	return errors.Join(errs...)
}

func checkSpan(s span, bad func(string, ...any)) {
	if !s.from.IsZero() && !s.to.IsZero() && !s.from.Before(s.to) {
		bad("from %s is not before to %s", Instant{s.from}, Instant{s.to})
	}
}

func (c Contract) check(bad func(string, ...any)) {
	if c.Provider == "" {
		bad("names no provider")
	}
	checkSpan(c.span(), bad)
	for _, at := range []Instant{c.From, c.To} {
		if !at.Equal(at.Truncate(24 * time.Hour)) {
			bad("%s is not midnight in UTC: a contract holds for whole days, such as %s", at, at.Format(time.DateOnly))
		}
	}
	switch {
	case len(c.Price) > 0 && !c.Discount.IsZero():
		bad("gives a discount and a price; it is one of them")
	case len(c.Price) == 0 && c.Discount.IsZero():
		bad("needs a discount or a price")
	case c.Discount.IsNegative() || c.Discount.GreaterThan(decimal.New(1, 0)):
		bad("discount %s%% is not between 0%% and 100%%", c.Discount.Shift(2))
	}
	for _, class := range slices.Sorted(maps.Keys(c.Price)) {
		if len(c.Classes) > 0 && !slices.Contains(c.Classes, class) {
			bad("price: %s is not one of its classes", class)
		}
	}
	for _, class := range c.Classes {
		if !slices.Contains(classes(), class) {
			bad("no token class %q%s", class, hint(class, classes()))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(c.Price)) {
		if !slices.Contains(classes(), class) {
			bad("price: no token class %q%s", class, hint(class, classes()))
		}
		if c.Price[class].IsNegative() {
			bad("price: %s %s is negative", class, c.Price[class])
		}
	}
}

// repeats says whether two contracts speak of the same models and classes at the same time.
func (c Contract) repeats(o Contract) bool {
	if _, meet := c.span().and(o.span()); !meet || normal(c.Provider) != normal(o.Provider) {
		return false
	}
	return sameSet(c.Models, o.Models) && overlap(c.named(), o.named())
}

// named is the classes that a contract names; none: it speaks of all.
func (c Contract) named() []string {
	if len(c.Price) > 0 && len(c.Classes) == 0 {
		return slices.Sorted(maps.Keys(c.Price))
	}
	return c.Classes
}

// overlap says whether two lists of classes, both of all or both named, share one.
func overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return slices.ContainsFunc(a, func(class string) bool { return slices.Contains(b, class) })
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

func (c Commitment) check(bad func(string, ...any)) {
	if c.ID == "" {
		bad("needs an id")
	}
	if c.Provider == "" {
		bad("names no provider")
	}
	checkSpan(c.span(), bad)
	if !c.Units.IsPositive() {
		bad("units %s is not more than zero", c.Units)
	}
	if !c.USDPerUnitHour.IsPositive() {
		bad("usd_per_unit_hour %s is not more than zero", c.USDPerUnitHour)
	}
}

func (c Credit) check(bad func(string, ...any)) {
	if c.ID == "" {
		bad("needs an id")
	}
	if c.Provider == "" {
		bad("names no provider")
	}
	checkSpan(c.span(), bad)
	if !c.Share.IsPositive() || c.Share.GreaterThan(decimal.New(1, 0)) {
		bad("share %s%% is not between 0%% and 100%%", c.Share.Shift(2))
	}
}

func (z ZeroRated) check(bad func(string, ...any)) {
	if z.Provider == "" && z.Project == "" && z.Model == "" && z.Key == "" {
		bad("names neither provider, project, model nor key: all usage would be free")
	}
	if z.Reason == "" {
		bad("needs a reason: usage that costs nothing is a fact about an account")
	}
	if isGlob(z.Project) || isGlob(z.Key) {
		bad("project %q and key %q are compared whole; only model may be a glob", z.Project, z.Key)
	}
	checkSpan(z.span(), bad)
}

func (d Deployment) check(bad func(string, ...any)) {
	if d.Provider == "" || d.Name == "" || d.Model == "" {
		bad("needs a provider, a name and a model")
	}
}

// classes is the token classes of the ledger, and the units that the book prices.
func classes() []string {
	return []string{"input", "input_audio", "input_image", "cache_read", "cache_read_audio", "cache_read_image", "cache_write_5m", "cache_write_1h",
		"output", "output_audio", "output_image", "web_search", "file_search", "search", "seconds"}
}
