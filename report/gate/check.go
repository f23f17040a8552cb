package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
)

// Check says everything that is wrong with the gates and budgets as they are written. What conditions say is checked by CheckConditions.
func (p Policy) Check() error {
	var errs []error
	seen := map[string]allocate.Place{}
	for _, g := range p.Gates {
		bad := func(format string, args ...any) {
			errs = append(errs, &Error{g.Place, "gate " + g.ID, fmt.Sprintf(format, args...)})
		}
		if g.ID == "" {
			errs = append(errs, &Error{g.Place, "gates", "a gate needs an id"})
			continue
		}
		if before, ok := seen[g.ID]; ok {
			bad("stands twice, first at %s", before)
		}
		seen[g.ID] = g.Place
		p.check(g, bad)
	}
	for _, role := range slices.Sorted(maps.Keys(p.Roles)) {
		for _, member := range p.Roles[role] {
			if !strings.Contains(member, "@") && member != "*" {
				errs = append(errs, &Error{What: "roles: " + role, Msg: fmt.Sprintf("%q is no e-mail address, nor a glob like *@finance.example.com", member)})
			}
		}
	}
	return errors.Join(append(errs, p.checkBudgets()...)...)
}

func (p Policy) check(g Gate, bad func(string, ...any)) {
	kinds := slices.Sorted(maps.Keys(textFacts()))
	if g.For == "" {
		var defaults []string
		for _, d := range Defaults() {
			defaults = append(defaults, d.ID)
		}
		bad("is none of the defaults%s; a gate of your own needs a for, when and decision (for: %s)", allocate.Nearest(g.ID, defaults), strings.Join(kinds, ", "))
		return
	}
	if textFacts()[g.For] == nil {
		bad("for %q%s; a gate is for %s", g.For, allocate.Nearest(g.For, kinds), strings.Join(kinds, ", "))
		return
	}
	if strings.TrimSpace(g.When) == "" {
		bad("needs a when: a condition over the facts of a %s (aifinops gate facts %[1]s)", g.For)
	}
	if g.Months < 0 || g.Months > 24 {
		bad("months %d; it is between 1 and 24", g.Months)
	}
	word := func(key, verdict string) {
		if !slices.Contains(Verdicts()[1:], verdict) {
			bad("%s %q%s; it is one of %s", key, verdict, allocate.Nearest(verdict, Verdicts()[1:]), strings.Join(Verdicts()[1:], ", "))
		}
	}
	word("decision", g.Decision)
	if len(g.Unless) > 0 || g.Otherwise != "" {
		if len(g.Unless) == 0 {
			bad("otherwise %q needs an unless", g.Otherwise)
		}
		word("otherwise", g.Otherwise)
	}
	p.checkWhere(g, "where", g.Where, bad)
	p.checkWhere(g, "unless", g.Unless, bad)
	if len(p.Roles) > 0 && g.Owner != "" && p.Roles[g.Owner] == nil {
		bad("owner %q is no role%s; the roles are %s", g.Owner, allocate.Nearest(g.Owner, slices.Sorted(maps.Keys(p.Roles))), strings.Join(slices.Sorted(maps.Keys(p.Roles)), ", "))
	}
}

// checkWhere holds names against those that the configuration has: a gate on what does not exist would pass for ever.
func (p Policy) checkWhere(g Gate, key string, where map[string]allocate.List, bad func(string, ...any)) {
	for _, fact := range slices.Sorted(maps.Keys(where)) {
		if !slices.Contains(textFacts()[g.For], fact) {
			bad("%s: no fact %q%s; subjects are told apart by %s", key, fact, allocate.Nearest(fact, textFacts()[g.For]), strings.Join(textFacts()[g.For], ", "))
			continue
		}
		if len(where[fact]) == 0 {
			bad("%s: %s lists no value", key, fact)
		}
		known := p.values(g.For, fact)
		for _, v := range where[fact] {
			if known != nil && !strings.ContainsAny(v, "*?[") && !slices.Contains(known, v) {
				bad("%s: no %s %q%s", key, strings.ReplaceAll(fact, "_", " "), v, allocate.Nearest(v, known))
			}
		}
	}
}

// values is what a fact can be by the configuration, or nil where only the ledger knows.
func (p Policy) values(of, fact string) []string {
	known := []string{}
	switch {
	case fact == "kind":
		return []string{"feature", "pilot", "internal"}
	case fact == "reliance":
		return []string{"load-bearing", "convenience", "waste"}
	case of == "use-case" && fact != "subject":
		for _, u := range p.UseCases {
			known = append(known, map[string]string{"use_case": u.ID, "team": u.Team, "product": u.Product, "cost_center": u.CostCenter, "owner": u.Owner}[fact])
		}
		return known
	case fact == "use_case" || of == "team" || of == "metric" && fact == "metric":
		return p.Known().Subjects[strings.ReplaceAll(fact, "_", "-")]
	case fact == "outcome":
		for _, m := range p.Metrics.Metrics {
			known = append(known, m.Outcome)
		}
		return known
	}
	return nil
}

// CheckConditions has the database read every condition: an unknown fact, a comparison of text with a number, or
// anything that is no predicate is an error. The relations of Install must be there.
func (p Policy) CheckConditions(ctx context.Context, db *sql.DB) error {
	_, err := p.conditions(ctx, db)
	return err
}

// conditions is those of the gates that judge, by their ids, or all that is wrong with them.
func (p Policy) conditions(ctx context.Context, db *sql.DB) (map[string]condition, error) {
	read := map[string]condition{}
	var errs []error
	for _, g := range p.on() {
		c, err := g.condition(ctx, db)
		if err != nil {
			errs = append(errs, &Error{g.Place, "gate " + g.ID, "when: " + err.Error()})
		}
		read[g.ID] = c
	}
	return read, errors.Join(errs...)
}
