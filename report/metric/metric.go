// Package metric says what a unit of an outcome costs: the dollars of some use
// cases in a month, divided by what they brought about.
//
// Install makes the relation unit_costs, a row a metric and month; unit_costs.sql
// says how. A value is unknown where anything that it needs is: a day that nobody
// counted, a day without a bill, a count of nothing. The note of the row says what.
//
// An outcome is counted by the day, the ISO week or the month, or event by event.
// A row speaks for its period; a row of one day in a series at a steady gap (every
// Monday) speaks until the next one. A weekday on which a series hardly ever has a
// row is a day off, and not missed. Events speak for all days from the first to the
// last of their export. What is said twice and alike counts once; what is said twice
// and not alike is an error, and what may be the same twice (events and their sums,
// rows with and without a use case) makes the value unknown.
package metric

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
	"go.yaml.in/yaml/v3"
)

// A Set is what the configuration says about metrics.
type Set struct {
	Outcomes   []Outcome
	Metrics    []Metric
	UseCases   []allocate.UseCase
	Categories []string // those of the configuration's own sources, beside the usual ones
}

// An Outcome is something that can be counted.
type Outcome struct {
	ID    string         `yaml:"id"`
	Unit  string         `yaml:"unit"`
	Names allocate.List  `yaml:"names"` // other names under which exports know it, such as "AI Active Users"
	Place allocate.Place `yaml:"-"`
}

// A Metric divides the dollars of use cases by an outcome.
type Metric struct {
	ID         string         `yaml:"id"`
	UseCases   Selection      `yaml:"use_cases"`
	Categories allocate.List  `yaml:"categories"` // none: every category
	Outcome    string         `yaml:"outcome"`
	Window     string         `yaml:"window"`   // sum (the default), mean, last or max
	Baseline   allocate.Date  `yaml:"baseline"` // a month
	Place      allocate.Place `yaml:"-"`
}

// A Selection is some use cases: those of a list, those with some attributes, or all the money there is.
// Attributes are ANDed, the values of one ORed; a value may be a glob.
type Selection struct {
	All        bool          `yaml:"-"`
	ID         allocate.List `yaml:"id"`
	Kind       allocate.List `yaml:"kind"`
	Reliance   allocate.List `yaml:"reliance"`
	Team       allocate.List `yaml:"team"`
	Product    allocate.List `yaml:"product"`
	CostCenter allocate.List `yaml:"cost_center"`
}

// UnmarshalYAML reads `all`, a list of ids, or a group of attributes.
func (s *Selection) UnmarshalYAML(n *yaml.Node) error {
	type plain Selection
	switch {
	case n.Kind == yaml.MappingNode:
		return n.Decode((*plain)(s))
	case n.Kind == yaml.ScalarNode && n.Value == "all":
		s.All = true
		return nil
	}
	return s.ID.UnmarshalYAML(n)
}

// UnmarshalYAML notes the line, for errors.
func (o *Outcome) UnmarshalYAML(n *yaml.Node) error {
	type plain Outcome
	o.Place.Line = n.Line
	return n.Decode((*plain)(o))
}

// UnmarshalYAML notes the line, for errors.
func (m *Metric) UnmarshalYAML(n *yaml.Node) error {
	type plain Metric
	m.Place.Line = n.Line
	return n.Decode((*plain)(m))
}

// At notes in which file the metrics stand, for errors.
func (s Set) At(file string) {
	for i := range s.Outcomes {
		s.Outcomes[i].Place.File = file
	}
	for i := range s.Metrics {
		s.Metrics[i].Place.File = file
	}
}

// An Error says what is wrong with a metric or an outcome, and where it stands.
type Error struct {
	Place  allocate.Place
	Metric string
	Msg    string
}

func (e *Error) Error() string {
	text := e.Msg
	if e.Metric != "" {
		text = fmt.Sprintf("metric %s: %s", e.Metric, text)
	}
	if e.Place == (allocate.Place{}) {
		return text
	}
	return fmt.Sprintf("%s: %s", e.Place, text)
}

// selected is the use cases of a metric, in the order of the configuration.
func (s Set) selected(m Metric) []string {
	var ids []string
	for _, u := range s.UseCases {
		if m.UseCases.takes(u) && !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func (s Selection) takes(u allocate.UseCase) bool {
	if s.All {
		return true
	}
	any := false
	for _, f := range s.fields() {
		any = any || len(f.values) > 0
		if len(f.values) > 0 && !slices.ContainsFunc(f.values, func(v string) bool { return matches(v, f.of(u)) }) {
			return false
		}
	}
	return any
}

// A field is an attribute of use cases, and the values that are asked for.
type field struct {
	name   string
	values allocate.List
	of     func(allocate.UseCase) string
}

func (s Selection) fields() []field {
	return []field{
		{"id", s.ID, func(u allocate.UseCase) string { return u.ID }},
		{"kind", s.Kind, func(u allocate.UseCase) string { return u.Kind }},
		{"reliance", s.Reliance, func(u allocate.UseCase) string { return u.Reliance }},
		{"team", s.Team, func(u allocate.UseCase) string { return u.Team }},
		{"product", s.Product, func(u allocate.UseCase) string { return u.Product }},
		{"cost_center", s.CostCenter, func(u allocate.UseCase) string { return u.CostCenter }},
	}
}

// matches says whether a word or glob takes a value; nothing takes what is not there.
func matches(pattern, value string) bool {
	if value == "" || !isGlob(pattern) {
		return value != "" && pattern == value
	}
	re := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("(?s)^" + re + "$").MatchString(value)
}

func isGlob(s string) bool { return strings.ContainsAny(s, "*?") }

// outcome is the declared outcome that a name means, by its id or by another name, whatever their case.
func (s Set) outcome(name string) (Outcome, bool) {
	for _, o := range s.Outcomes {
		if strings.EqualFold(o.ID, name) || slices.ContainsFunc(o.Names, func(n string) bool { return strings.EqualFold(n, name) }) {
			return o, true
		}
	}
	return Outcome{ID: name}, false
}
