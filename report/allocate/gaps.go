package allocate

import (
	"context"
	"database/sql"
	_ "embed" // the query of gaps
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed gaps.sql
var gapsSQL string

// A Gap is money that is not known well enough, and what would close it. Its kinds, of which the first three are
// money that no rule takes:
//
//	no-rule      by a name that no rule knows
//	bypass       usage that no gateway saw: of a key that no rule knows, or of one that several use cases share
//	untagged     requests that say nothing of their use case
//	no-usage     a bill of calls on days without a usage export of the provider
//	unexplained  a bill of calls that the usage of its days does not reach
//	no-use-case  a rule names what is no use case
//	no-target    a rule takes its target from a field or tag that the money lacks
//	no-weights   a split with nothing to split by
//	follows      tax, credits and fees that follow money without a use case
type Gap struct {
	Kind        string
	Tier        string // none, or where a rule took what several use cases share, key or request
	Provider    string
	Field       string // what tells the money apart best: key, project, resource, ...
	Value       string
	Dollars     decimal.Decimal
	Charges     int64
	First, Last time.Time // days
	Name        string    // the money as people know it
	Cause       string
	ClosedBy    string // a rule, a file or a change of the callers

	rule   Rule   // that took the money, if one did
	match  string // of a rule that would take it: YAML, or empty
	label  string // Value as people know it
	shared string // the use cases that share it, where it has one already
	given  string // and the one that has it
	seen   bool   // requests are its evidence
	inside string // the project of a key
}

// Gaps lists the money that the condition over costs names and that is not known well enough: first what has no use
// case, then what has one by a name that several share, the largest first. The first add up to all that has none. export
// says how to get the usage of a provider, or nothing.
func (p Policy) Gaps(ctx context.Context, db *sql.DB, condition string, export func(provider string) string) ([]Gap, error) {
	tagging := []string{"-1"}
	for i, r := range p.Rules {
		if r.tags() != nil {
			tagging = append(tagging, fmt.Sprint(i+1))
		}
	}
	query := strings.NewReplacer("{condition}", condition, "{tagging}", "a.rule IN ("+strings.Join(tagging, ", ")+")").Replace(gapsSQL)
	if err := run(ctx, db, []step{{"gaps", query}}); err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT kind, tier, coalesce(provider, ''), coalesce(rule, 0), field, coalesce(value, ''), coalesce(use_case, ''), coalesce(use_cases, ''), coalesce(label, ''),
		coalesce(project, ''), requested, dollars::VARCHAR, charges, first, last
		FROM gaps ORDER BY tier <> 'none', abs(dollars) DESC, provider, field, value, kind, rule, use_case`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Gap
	for rows.Next() {
		var g Gap
		var dollars string
		var rule int
		if err := rows.Scan(&g.Kind, &g.Tier, &g.Provider, &rule, &g.Field, &g.Value, &g.given, &g.shared, &g.label, &g.inside, &g.seen, &dollars, &g.Charges, &g.First, &g.Last); err != nil {
			return nil, err
		}
		if g.Dollars, err = decimal.NewFromString(dollars); err != nil {
			return nil, err
		}
		if rule > 0 {
			g.rule = p.Rules[rule-1]
		}
		g.match = g.matching()
		g.Name, g.Cause, g.ClosedBy = g.name(), g.cause(), g.closedBy(p, export)
		all = append(all, g)
	}
	return all, rows.Err()
}

// matching is the match of a rule for the gap, as YAML, where a rule can close it.
func (g Gap) matching() string {
	if g.Tier != "none" || slices.Contains([]string{"follows", "no-weights", "no-use-case"}, g.Kind) {
		return ""
	}
	var parts []string
	if g.Provider != "" {
		parts = append(parts, "provider: "+yamlText(g.Provider))
	}
	if g.Field != "provider" {
		parts = append(parts, g.Field+": "+yamlText(literal(g.Value)))
	}
	if g.Kind == "no-target" {
		return g.rule.lacking(g, parts)
	}
	if parts == nil {
		return `when: "ProviderName IS NULL"`
	}
	return "match: {" + strings.Join(parts, ", ") + "}"
}

// lacking is the rule's own conditions, for one name, and for what has no target by it: nothing else that the rule or
// a later one takes.
func (r Rule) lacking(g Gap, parts []string) string {
	for _, field := range sortedFields(r.Match) {
		if field == g.Field || field == "provider" && g.Provider != "" {
			continue
		}
		var values []string
		for _, v := range r.Match[field] {
			values = append(values, yamlText(v))
		}
		parts = append(parts, yamlText(field)+": ["+strings.Join(values, ", ")+"]")
	}
	var missing []string
	for _, part := range templatePart.FindAllStringSubmatch(r.UseCase, -1) {
		columns, _ := columnsOf(part[1])
		missing = append(missing, columns[0]+" IS NULL")
	}
	when := strings.Join(missing, " OR ")
	if r.When != "" {
		when = "(" + r.When + ") AND (" + when + ")"
	}
	text := "match: {" + strings.Join(parts, ", ") + "}, when: " + yamlText(when)
	if !r.From.IsZero() {
		text += ", from: " + r.From.Format(time.DateOnly)
	}
	if !r.To.IsZero() {
		text += ", to: " + r.To.Format(time.DateOnly)
	}
	return text
}

// name is the money as people know it.
func (g Gap) name() string {
	label := g.label
	if label == "" {
		label = g.Value
	}
	provider := g.Provider
	if provider == "" {
		provider = "(no provider)"
	}
	switch {
	case g.Field == "use_case", g.Field == "month":
		return "rule " + g.rule.ID
	case g.Field == "provider":
		return provider
	case g.Field == "key" && g.seen:
		return provider + " gateway key " + label
	case g.inside != "":
		return fmt.Sprintf("%s %s %s (project %s)", provider, g.Field, label, g.inside)
	case g.Field == "charge_category":
		return provider + " " + strings.ToLower(label)
	}
	return provider + " " + g.Field + " " + label
}

// cause says why the money is not known.
func (g Gap) cause() string {
	switch g.Kind {
	case "bypass":
		if g.given != "" {
			return fmt.Sprintf("past the gateway, where %s share it; rule %s gives all to %s", g.shared, g.rule.ID, g.given)
		}
		return "no rule takes it, and no gateway saw its calls"
	case "untagged":
		if g.given != "" {
			return fmt.Sprintf("requests without a tag, where %s share it; rule %s gives them to %s", g.shared, g.rule.ID, g.given)
		}
		return "no rule takes its requests"
	case "no-usage":
		return "no rule takes it, and no usage export says whose calls it is" + g.days()
	case "unexplained":
		return "no rule takes it, and the usage of these days does not reach it" + g.days()
	case "no-use-case":
		return fmt.Sprintf("names %s, which is no use case", g.Value)
	case "no-target":
		return fmt.Sprintf("rule %s takes it, and it lacks what %s asks for", g.rule.ID, g.rule.UseCase)
	case "no-weights":
		return fmt.Sprintf("has nothing to split by in %s", g.Value)
	case "follows":
		return "follows the provider's other dollars, which have no use case"
	}
	return "no rule takes it"
}

func (g Gap) days() string {
	first, last := g.First.Format(time.DateOnly), g.Last.Format(time.DateOnly)
	if first == last {
		return ", " + first
	}
	return ", " + first + " to " + last
}

// closedBy says what to do about it.
func (g Gap) closedBy(p Policy, export func(string) string) string {
	rule := "a rule with " + g.match
	tag := p.tag()
	switch g.Kind {
	case "bypass", "untagged":
		switch {
		case g.given != "" && g.Kind == "bypass":
			return fmt.Sprintf("sending it through the gateway with %s, or a key for each use case", tag)
		case g.given != "":
			return tag + " on each request"
		case g.Kind == "bypass":
			return rule + "; if several use cases share it, the gateway and " + tag
		}
		return tag + " on its requests, or " + rule
	case "no-usage":
		if get := export(g.Provider); get != "" {
			return fmt.Sprintf("its usage export (aifinops sources %s), or %s", get, rule)
		}
		return "requests of your gateway (aifinops sources litellm-spend-logs), or " + rule
	case "unexplained":
		return rule + "; aifinops report reconcile says what its usage lacks"
	case "no-use-case":
		return fmt.Sprintf("use_cases: {id: %s}, or the right name where it comes from", yamlText(g.Value))
	case "no-target":
		if g.seen && g.rule.tags() != nil {
			return tag + " on its requests, or before rule " + g.rule.ID + " " + rule
		}
		return "before rule " + g.rule.ID + " " + rule
	case "no-weights":
		return g.rule.Split.weights(g.Value)
	case "follows":
		return "closing the other gaps of " + g.Provider
	}
	return rule
}

// weights says what a split lacks in a month.
func (s Split) weights(month string) string {
	among := strings.Join(s.among(), ", ")
	if s.By == "outcome" {
		return fmt.Sprintf("values of the outcome %s in %s for %s (aifinops sources outcomes), or a split by even or fixed", s.Driver, month, among)
	}
	return fmt.Sprintf("rules that give dollars of %s to %s, or a split by even or fixed", month, among)
}

var tagInSQL = regexp.MustCompile(`(?i)\bTags\['([^']+)'\]`)

// tags is the tags that a rule looks at.
func (r Rule) tags() []string {
	var names []string
	for _, m := range tagInSQL.FindAllStringSubmatch(r.predicate()+targetExpression(r.UseCase), -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// tag is what a caller would have to say for the rules to know its use case.
func (p Policy) tag() string {
	for _, r := range p.Rules {
		if names := r.tags(); names != nil && isTemplate(r.UseCase) {
			return "the tag " + names[0]
		}
	}
	return "a tag use_case (and a rule with tag.use_case)"
}
