package pricing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A LintError says what cannot be right, or is only doubtful, in a row of the book.
type LintError struct {
	Where   string // openai/gpt-5.5, from 2026-04-23
	Msg     string
	Warning bool // doubtful: prices are used
}

func (e *LintError) Error() string { return e.Where + ": " + e.Msg }

// Lint says what cannot be right in the book, as of a day: names that two models have, times without a price, prices that no
// provider asks, facts without a source.
func (b *Book) Lint(today time.Time) []error {
	l := &linter{today: today}
	for _, f := range b.files {
		l.file(f)
		for _, m := range f.Models {
			l.names(f, m)
			l.rates(f, m)
		}
	}
	l.shared(b)
	return l.errs
}

type linter struct {
	today time.Time
	errs  []error
}

func (l *linter) bad(where, format string, args ...any) {
	l.errs = append(l.errs, &LintError{Where: where, Msg: fmt.Sprintf(format, args...)})
}

func (l *linter) file(f *file) {
	if len(f.Names) == 0 {
		l.bad(f.Provider, "lists no names of the provider, so nothing in a ledger is it")
	}
	if f.AsOf.IsZero() {
		l.bad(f.Provider, "has no as_of")
	}
	for _, class := range slices.Sorted(maps.Keys(f.Same)) {
		if !slices.Contains(classes(), class) || !slices.Contains(classes(), f.Same[class]) {
			l.bad(f.Provider, "same: %s or %s is no token class", class, f.Same[class])
		}
	}
	for _, r := range f.Region {
		for _, g := range r.Models {
			if !slices.ContainsFunc(f.Models, func(m *model) bool { return globMatches(g, m.ID) }) {
				l.bad(f.Provider, "region %s: no model is %s", strings.Join(r.When, ", "), g)
			}
		}
	}
	for _, e := range f.Fees {
		l.source(f.Provider+", fee "+e.Unit, e.Source, f)
	}
}

// examples is names that must mean the model and no other: its id, its names, snapshots.
func (m *model) examples() []string {
	all := []string{normal(m.ID)}
	for _, n := range m.Names {
		all = append(all, normal(n))
	}
	if m.Snapshots {
		all = append(all, normal(m.ID)+"-2026-01-02", normal(m.ID)+"-20260102", normal(m.ID)+"@20260102")
	}
	return all
}

// users says whether every price of the model is from a file of the user's.
func (m *model) users() bool {
	return len(m.Rates) > 0 && !slices.ContainsFunc(m.Rates, func(r rate) bool { return r.overlay == "" })
}

// names finds other models that one of the model's names means too, and patterns of which neither comes first.
func (l *linter) names(f *file, m *model) {
	where := f.Provider + "/" + m.ID
	told := map[*model]bool{m: true} // one example of each other model is enough
	for _, name := range m.examples() {
		var fits []pattern
		for _, p := range f.index.patterns {
			if p.expr.MatchString(name) {
				fits = append(fits, p)
			}
		}
		for i, p := range fits {
			exception := m.users() && !p.model.users() // an exact name of the user's may be one to a rule of the book
			if !told[p.model] && !exception {
				told[p.model] = true
				l.bad(where, "the pattern of %s takes its name %s", p.model.ID, name)
			}
			if i > 0 && p.literals == fits[i-1].literals {
				l.bad(where, "the patterns of %s and %s both take %s, and neither is narrower", fits[i-1].model.ID, p.model.ID, name)
			}
		}
		if got, ok := f.named(name); !ok || got.model != m {
			l.bad(where, "its own name %s means %q", name, got.Model)
		}
	}
}

// shared finds names that two files of one provider's name have in the same way, at different prices.
func (l *linter) shared(b *Book) {
	for i, f := range b.files {
		for _, o := range b.files[i+1:] {
			if !slices.ContainsFunc(f.Names, o.listed) {
				continue
			}
			if _, err := spellings(f.Names[slices.IndexFunc(f.Names, o.listed)], []*file{f, o}); err != nil {
				l.bad(f.Provider, "%s", err)
			}
			seen := map[string]bool{}
			for _, m := range append(slices.Clone(f.Models), o.Models...) {
				for _, name := range m.examples() {
					if seen[name] {
						continue
					}
					seen[name] = true
					x, inF := f.unprefixed(name)
					y, inO := o.unprefixed(name)
					if inF && inO && isExact(x.By) == isExact(y.By) && !samePrices(x, y) {
						l.bad(x.Key(), "%s means %s too, at other prices", name, y.Key())
					}
				}
			}
		}
	}
}

// unprefixed finds a name as Match does before it takes anything off.
func (f *file) unprefixed(name string) (Match, bool) {
	for _, s := range steps() {
		if m, ok := f.find(s, name); ok {
			return m, !m.model.Prefixed
		}
	}
	return Match{}, false
}

func isExact(by string) bool { return by == "id" || by == "name" }

func samePrices(x, y Match) bool {
	a, b := x.rows(), y.rows()
	return len(a) == len(b) && !slices.ContainsFunc(a, func(r Row) bool {
		return !slices.ContainsFunc(b, func(o Row) bool {
			return r.Tier == o.Tier && r.Class == o.Class && r.Long == o.Long && r.From.Equal(o.From) && r.To.Equal(o.To) && r.Days == o.Days && r.Hours == o.Hours && r.each().Equal(o.each())
		})
	})
}

// rates looks at each rate of a model, and at the times between them.
func (l *linter) rates(f *file, m *model) {
	if len(m.Rates) == 0 {
		l.bad(f.Provider+"/"+m.ID, "has no rate")
	}
	for i, r := range m.Rates {
		where := f.Provider + "/" + m.ID
		if !r.From.IsZero() {
			where += ", from " + r.From.String()
		}
		if i > 0 {
			if before := m.Rates[i-1].To; !before.Equal(r.From.Time) && r.Gap == "" {
				l.bad(where, "the rate before ends at %s: write the one between, or a gap that says why there is none", before)
			}
		}
		l.source(where, r.Source, f)
		l.status(where, r)
		l.words(where, r, f)
		l.prices(where, r)
	}
}

func (l *linter) source(where string, s source, f *file) {
	if s.String() == "" || s.Read.IsZero() {
		l.bad(where, "has no source with a read date")
	}
	if !slices.Contains([]string{"high", "medium", "low"}, s.Confidence) {
		l.bad(where, "confidence %q is not high, medium or low", s.Confidence)
	}
	if s.Read.After(f.AsOf.Time) {
		l.bad(where, "was read on %s, after the file's as_of %s", s.Read, f.AsOf)
	}
}

func (l *linter) status(where string, r rate) {
	switch r.Status {
	case "", "list", "promotional":
		if !r.Source.Read.IsZero() && r.From.After(r.Source.Read.AddDate(0, 0, 1)) {
			l.bad(where, "was read on %s, before it began: its status is scheduled", r.Source.Read)
		}
	case "scheduled":
		if !r.From.After(l.today) && r.Source.Read.Before(r.From.Time) {
			l.errs = append(l.errs, &LintError{where, fmt.Sprintf("this price was announced (read on %s), not confirmed", r.Source.Read), true})
		}
	default:
		l.bad(where, "status %q is not list, promotional, scheduled or withdrawn", r.Status)
	}
}

// words finds tiers that nothing knows, and rates of nothing.
func (l *linter) words(where string, r rate, f *file) {
	for _, name := range slices.Sorted(maps.Keys(r.Tiers)) {
		if _, ok := f.Tiers[name]; !ok {
			l.bad(where, "no tier %q of %s", name, f.Provider)
		}
	}
	if len(r.Price) == 0 && len(r.Units) == 0 {
		l.bad(where, "has no price")
	}
}
