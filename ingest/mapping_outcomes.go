package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Choices are globs of which a text must match one; in YAML one text or a list.
type Choices []string

// UnmarshalYAML reads one text or a list of them.
func (c *Choices) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*c = Choices{n.Value}
		return nil
	}
	return n.Decode((*[]string)(c))
}

// isSeries says whether the file is a chart's numbers: a row a date, or a row a series.
func (m Mapping) isSeries() bool { return strings.EqualFold(m.Format, "series") }

// isForOutcomes says whether it has a key that goes with role outcomes alone.
func (m Mapping) isForOutcomes() bool {
	return m.Outcome != "" || m.UseCase != "" || m.Count != nil || m.isSeries()
}

// checkOutcomes says which key of outcomes is missing, contradicts another, or stands with another role.
func (m Mapping) checkOutcomes() error {
	if m.Role != Outcomes {
		if m.isForOutcomes() {
			return fmt.Errorf("outcome, use_case, count and format: series are for role outcomes")
		}
		return nil
	}
	for _, two := range []struct {
		a, b string
		both bool
	}{
		{"outcome", "columns: name", m.Outcome != "" && m.Columns["name"] != "" && !m.isSeries()},
		{"use_case", "columns: use_case", m.UseCase != "" && m.Columns["use_case"] != ""},
		{"count", "columns: value", m.Count != nil && m.Columns["value"] != ""},
		{"count", "format: series", m.Count != nil && m.isSeries()},
		{"count", "columns: end, week or month", m.Count != nil && (m.Columns["end"] != "" || m.Columns["week"] != "" || m.Columns["month"] != "")},
		{"key", "role outcomes, whose files replace each other by outcome and use case", m.Key != nil},
	} {
		if two.both {
			return fmt.Errorf("%s does not go with %s", two.a, two.b)
		}
	}
	if m.isSeries() {
		return m.checkSeries()
	}
	if m.Count == nil && m.Columns["value"] == "" {
		return fmt.Errorf("columns: role outcomes needs value, or `count` for rows that are events")
	}
	for _, header := range slices.Sorted(maps.Keys(m.Count)) {
		if len(m.Count[header]) == 0 {
			return fmt.Errorf("count: %s: no values", header)
		}
	}
	return nil
}

// addOutcomes gives the source what is of outcomes alone.
func (m Mapping) addOutcomes(s *Source) {
	if m.isSeries() {
		s.Series, s.comma = m.series(), m.Decimal == ","
		if m.DateFormat != "" {
			s.heading = m.formatted("trim(heading)")
		}
	}
	if m.Columns["id"] != "" {
		s.ID = []string{"id"}
	}
	for _, header := range slices.Sorted(maps.Keys(m.Count)) {
		s.Columns = append(s.Columns, Column{Name: "count " + header, Type: "text", From: []string{header}, Required: true})
	}
	if m.Count != nil { // an open ticket has no day on which it was solved
		when := "date"
		if m.Columns["start"] != "" {
			when = "start"
		}
		undated := ident(when) + " IS NULL"
		if m.Ignore != "" {
			undated += " OR (" + m.Ignore + ")"
		}
		s.Ignore = undated
	}
}

// counted is the value of a row that is an event: 1 where it counts. Where it does not it is 0, and says that
// its day was seen: a day of tickets none of which was deflected is a day with 0, not a day that is missing.
func (m Mapping) counted() string {
	conditions := []string{"true"}
	for _, header := range slices.Sorted(maps.Keys(m.Count)) {
		var globs []string
		for _, glob := range m.Count[header] {
			globs = append(globs, quote(strings.ToLower(glob)))
		}
		conditions = append(conditions, fmt.Sprintf("is_one_of(%s, [%s])", ident("count "+header), strings.Join(globs, ", ")))
	}
	return "CASE WHEN " + strings.Join(conditions, " AND ") + " THEN 1 ELSE 0 END"
}
