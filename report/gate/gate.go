// Package gate judges a month: it holds the facts of each use case, provider,
// model, key, team, metric and of the total against the conditions of gates, and
// against what people have decided about them.
//
// A condition is one SQL predicate over the facts of its subject; facts.sql says
// what each means. Facts of money are in whole cents, as reports show them:
// 3,000.00 is not over 3,000. What is not known is not a pass: where a fact may be
// another than the ledger says (days without a bill, usage without a price, an
// invoice that differs), the condition is tried over all that it may be, and if
// the answer is not always the same, the verdict is that nobody can judge.
//
// A decision in the register, valid on the day of the run, covers a gate and its
// subject: the gate says so and passes.
package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/metric"
	"go.yaml.in/yaml/v3"
)

// What a gate may say, from good to bad.
const (
	Pass        = "pass"
	Warn        = "warn"
	Rejustify   = "rejustify"    // its owner has to say again why it is worth its money
	Approval    = "approval"     // the role that owns the gate has to agree
	CannotJudge = "cannot-judge" // something that the gate needs is missing
	Pause       = "pause"        // spend should stop, or a pause was not honoured
)

// Verdicts is what a gate may say, from good to bad.
func Verdicts() []string {
	return []string{Pass, Warn, Rejustify, Approval, CannotJudge, Pause}
}

// total is the subject of gates on the total, and what they are for.
const total = "total"

// A Gate is a condition, and what follows where it is met.
type Gate struct {
	ID        string                   `yaml:"id"`
	For       string                   `yaml:"for"`       // use-case, metric, provider, model, key, team or total
	Where     map[string]allocate.List `yaml:"where"`     // which subjects: facts that are text, with values or globs
	When      string                   `yaml:"when"`      // an SQL predicate over the facts
	Months    int                      `yaml:"months"`    // how many complete months in a row; default: 1
	Decision  string                   `yaml:"decision"`  // a verdict
	Unless    map[string]allocate.List `yaml:"unless"`    // subjects of which `otherwise` is the verdict
	Otherwise string                   `yaml:"otherwise"` // a verdict
	Owner     string                   `yaml:"owner"`     // the role that decides; default: finance
	Off       bool                     `yaml:"off"`
	Place     allocate.Place           `yaml:"-"`
}

// Defaults is the gates of the policy, which a configuration may change by their id or switch off.
func Defaults() []Gate {
	pilots := map[string]allocate.List{"kind": {"pilot"}}
	features := map[string]allocate.List{"kind": {"feature"}}
	bearing := map[string]allocate.List{"reliance": {"load-bearing"}}
	return []Gate{
		{ID: "feature-growth", For: "use-case", Where: features, When: "spend > 3000 AND spend > 2 * prior", Decision: Rejustify},
		{ID: "pilot-without-metric", For: "use-case", Where: pilots, When: "spend > 1000 AND NOT has_metric", Decision: Pause, Unless: bearing, Otherwise: Rejustify},
		{ID: "total-growth", For: total, When: "growth > 0.20", Months: 2, Decision: Approval},
		{ID: "attribution", For: total, When: "coverage < 0.90", Decision: Warn},
		{ID: "books-tie", For: "provider", When: "abs(variance) > 0.01 OR unpriced > 0 OR missing_days > 0", Decision: CannotJudge},
		{ID: "unit-cost-drift", For: "metric", When: "drift > 0.25", Decision: Warn},
		{ID: "budget", For: "use-case", When: "spend > budget", Decision: Rejustify},
		{ID: "budget-total", For: total, When: "spend > budget", Decision: Approval},
		{ID: "new-model", For: "model", When: "NOT approved", Decision: Approval},
	}
}

// UnmarshalYAML notes the line; what an entry with a default's id leaves out stays as it is.
func (g *Gate) UnmarshalYAML(n *yaml.Node) error {
	type plain Gate
	var named struct {
		ID string `yaml:"id"`
	}
	if err := n.Decode(&named); err != nil {
		return err
	}
	for _, d := range Defaults() {
		if d.ID == named.ID {
			*g = d
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 { // what stands here takes the place of the default's, and adds nothing to it
		switch n.Content[i].Value {
		case "where":
			g.Where = nil
		case "unless":
			g.Unless = nil
		}
	}
	otherwise := g.Otherwise
	g.Place.Line = n.Line
	if err := n.Decode((*plain)(g)); err != nil {
		return err
	}
	if len(g.Unless) == 0 && g.Otherwise == otherwise {
		g.Otherwise = ""
	}
	return nil
}

// A Policy is what the configuration says about gates.
type Policy struct {
	Gates    []Gate // the configuration's own
	Roles    Roles
	Budgets  Budgets
	Approved allocate.List // globs over models
	Metrics  metric.Set
	UseCases []allocate.UseCase
}

// An Error says what is wrong in the configuration or in the register, and where it stands.
type Error struct {
	Place allocate.Place
	What  string // such as "gate feature-growth"
	Msg   string
}

func (e *Error) Error() string {
	if e.Place == (allocate.Place{}) {
		return e.What + ": " + e.Msg
	}
	return fmt.Sprintf("%s: %s: %s", e.Place, e.What, e.Msg)
}

// All is the gates in force: the defaults as they are or as they were changed, and the configuration's own.
func (p Policy) All() []Gate {
	gates := Defaults()
	for _, g := range p.Gates {
		if i := slices.IndexFunc(gates, func(d Gate) bool { return d.ID == g.ID }); i >= 0 {
			gates[i] = g
		} else {
			gates = append(gates, g)
		}
	}
	for i := range gates {
		gates[i].Months = max(1, gates[i].Months)
		if gates[i].Owner == "" {
			gates[i].Owner = "finance"
		}
	}
	return gates
}

// on is the gates that judge.
func (p Policy) on() []Gate {
	return slices.DeleteFunc(p.All(), func(g Gate) bool { return g.Off })
}

// Gate is the gate of an id, or an error that says which there are.
func (p Policy) Gate(id string) (Gate, error) {
	var ids []string
	for _, g := range p.All() {
		if g.ID == id {
			return g, nil
		}
		ids = append(ids, g.ID)
	}
	return Gate{}, fmt.Errorf("no gate %q%s; the gates are %s", id, allocate.Nearest(id, ids), strings.Join(ids, ", "))
}

// Known is the names that decisions may use.
type Known struct {
	Gates    map[string]string   // id: what it is for
	Subjects map[string][]string // what it is for: names; of those that are not here nobody can know
}

// Known is the names of this policy.
func (p Policy) Known() Known {
	k := Known{Gates: map[string]string{}, Subjects: map[string][]string{"use-case": {}, "metric": {}, "team": {}, total: {total}}}
	for _, g := range p.All() {
		k.Gates[g.ID] = g.For
	}
	for _, u := range p.UseCases {
		k.Subjects["use-case"] = append(k.Subjects["use-case"], u.ID)
		if u.Team != "" && !slices.Contains(k.Subjects["team"], u.Team) {
			k.Subjects["team"] = append(k.Subjects["team"], u.Team)
		}
	}
	for _, m := range p.Metrics.Metrics {
		k.Subjects["metric"] = append(k.Subjects["metric"], m.ID)
	}
	return k
}

// From is the first month that gates look at to judge one: months in a row are complete ones.
func (p Policy) From(judged, asOf time.Time) time.Time {
	first := month(judged)
	for _, g := range p.on() {
		if start, _ := g.span(Judgement{Month: month(judged), ToDate: month(judged).AddDate(0, 1, 0).After(asOf)}); start.Before(first) {
			first = start
		}
	}
	return first
}

// month is the first day of a month, in UTC.
func month(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
