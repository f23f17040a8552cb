// Package allocate says who pays: it compiles the rules of the configuration
// to SQL and judges every distinct combination of dimensions by them, once.
//
// A rule is a match (fields ANDed, values ORed; globs, /regex/), or where that
// is not enough a `when` with an SQL predicate; the first that fits takes the
// slice and names the use case that pays, or the split between several. Nothing
// is written into the facts: change a rule, ask again.
//
// Prepare makes the relations that reports read, all temporary: costs (slices
// of charges with their use case), activity (calls and tokens with theirs),
// use_cases, and waiting (charges in a currency without a rate).
package allocate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// A Policy is what the configuration says about who pays, and in which currency.
type Policy struct {
	Currency string
	UseCases []UseCase
	Rules    []Rule
	Rates    map[string][]Rate // by the foreign currency
}

// A UseCase is what money is spent on, and who answers for it.
type UseCase struct {
	ID         string         `yaml:"id"`
	Kind       string         `yaml:"kind"`     // feature, pilot or internal
	Reliance   string         `yaml:"reliance"` // load-bearing, convenience or waste; empty: unclassified
	Team       string         `yaml:"team"`
	Product    string         `yaml:"product"`
	CostCenter string         `yaml:"cost_center"`
	Owner      string         `yaml:"owner"`
	AIAct      map[string]any `yaml:"ai_act"`
	Place      Place          `yaml:"-"`
}

// A Rule sends what it matches to a use case, or splits it.
type Rule struct {
	ID      string          `yaml:"id"`
	Match   map[string]List `yaml:"match"`
	When    string          `yaml:"when"`
	UseCase string          `yaml:"use_case"` // an id, or a template such as {tag.use_case}
	Split   *Split          `yaml:"split"`
	From    Date            `yaml:"from"`
	To      Date            `yaml:"to"` // exclusive
	Place   Place           `yaml:"-"`
}

// A Split divides a slice between use cases: evenly, by fixed shares, in
// proportion to their other dollars of the month, or to the month's outcomes.
type Split struct {
	By     string             `yaml:"by"`
	Driver string             `yaml:"driver"` // of outcome: the outcome's name
	Among  []string           `yaml:"among"`
	Shares map[string]Decimal `yaml:"shares"` // of fixed: in any unit, they are divided by their sum
}

// Decimal is an exact number that YAML may write with or without quotes.
type Decimal struct{ decimal.Decimal }

// UnmarshalYAML reads the text of the number, so that no digit is lost in a float.
func (d *Decimal) UnmarshalYAML(n *yaml.Node) (err error) {
	if d.Decimal, err = decimal.NewFromString(strings.TrimSuffix(n.Value, "%")); err != nil {
		return fmt.Errorf("line %d: %q is not a number", n.Line, n.Value)
	}
	return nil
}

// A List is one value or several.
type List []string

// UnmarshalYAML takes a scalar for a list of one.
func (l *List) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = List{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// Date is a day in UTC; zero means open.
type Date struct{ time.Time }

// UnmarshalYAML reads 2026-10-01 or 2026-10.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, n.Value); err == nil {
			d.Time = t
			return nil
		}
	}
	return fmt.Errorf("line %d: %q is not a date like 2026-10-01", n.Line, n.Value)
}

// UnmarshalYAML notes the line, for errors.
func (r *Rule) UnmarshalYAML(n *yaml.Node) error {
	type plain Rule
	r.Place.Line = n.Line
	return n.Decode((*plain)(r))
}

// UnmarshalYAML notes the line, for errors.
func (u *UseCase) UnmarshalYAML(n *yaml.Node) error {
	type plain UseCase
	u.Place.Line = n.Line
	return n.Decode((*plain)(u))
}

// among is the use cases of a split, in their order.
func (s Split) among() []string {
	if s.By != "fixed" {
		return s.Among
	}
	var ids []string
	for id := range s.Shares {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// A Place is where in the configuration something stands.
type Place struct {
	File string
	Line int
}

func (p Place) String() string {
	if p.File == "" {
		return fmt.Sprintf("line %d", p.Line)
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// A RuleError says what is wrong with a rule or a use case, and where it stands.
type RuleError struct {
	Place Place
	Rule  string
	Msg   string
}

func (e *RuleError) Error() string {
	if e.Rule == "" {
		return fmt.Sprintf("%s: %s", e.Place, e.Msg)
	}
	return fmt.Sprintf("%s: rule %s: %s", e.Place, e.Rule, e.Msg)
}
