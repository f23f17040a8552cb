package pricing

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// Decimal is an exact number that YAML may write with or without quotes.
type Decimal struct{ decimal.Decimal }

// UnmarshalYAML reads the text of the number, so that no digit is lost in a float.
func (d *Decimal) UnmarshalYAML(n *yaml.Node) (err error) {
	if d.Decimal, err = decimal.NewFromString(n.Value); err != nil || n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %q is not a number", n.Line, n.Value)
	}
	return nil
}

// Share is a part of a whole, written 12% or 0.12.
type Share struct{ decimal.Decimal }

// UnmarshalYAML reads 12% as 0.12.
func (s *Share) UnmarshalYAML(n *yaml.Node) error {
	text, percent := strings.CutSuffix(strings.TrimSpace(n.Value), "%")
	d, err := decimal.NewFromString(strings.TrimSpace(text))
	if err != nil || n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %q is not a share like 12%%", n.Line, n.Value)
	}
	if percent {
		d = d.Shift(-2)
	}
	s.Decimal = d
	return nil
}

// Instant is a moment in UTC; zero means open.
type Instant struct{ time.Time }

// UnmarshalYAML reads 2026-10-01, 2026-10 or 2026-10-01T16:00:00Z.
func (i *Instant) UnmarshalYAML(n *yaml.Node) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, n.Value); err == nil {
			i.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("line %d: %q is neither a date like 2026-10-01 nor a time like 2026-10-01T16:00:00Z", n.Line, n.Value)
}

func (i Instant) String() string {
	switch {
	case i.IsZero():
		return "the beginning"
	case i.Equal(i.Truncate(24 * time.Hour)):
		return i.Format(time.DateOnly)
	}
	return i.Format(time.RFC3339)
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

// A span is a time from one instant to another, that one excluded; zero means open.
type span struct{ from, to time.Time }

func (s span) holds(t time.Time) bool {
	return !t.Before(s.from) && (s.to.IsZero() || t.Before(s.to))
}

// and is the time in both; ok says whether there is any.
func (s span) and(o span) (both span, ok bool) {
	both = s
	if o.from.After(both.from) {
		both.from = o.from
	}
	if both.to.IsZero() || !o.to.IsZero() && o.to.Before(both.to) {
		both.to = o.to
	}
	return both, both.to.IsZero() || both.from.Before(both.to)
}

// without is what remains of a time when another is taken out of it.
func (s span) without(o span) []span {
	if _, ok := s.and(o); !ok {
		return []span{s}
	}
	var rest []span
	if s.from.Before(o.from) {
		rest = append(rest, span{s.from, o.from})
	}
	if !o.to.IsZero() && (s.to.IsZero() || o.to.Before(s.to)) {
		rest = append(rest, span{o.to, s.to})
	}
	return rest
}
