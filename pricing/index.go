package pricing

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
)

// An index is the names of one file, made once.
type index struct {
	ids, names map[string]*model
	patterns   []pattern
	prefixes   []prefix
	suffix     *regexp.Regexp
}

// A pattern stands for the names that it matches whole.
type pattern struct {
	model    *model
	literals int
	expr     *regexp.Regexp
}

type prefix struct {
	expr  *regexp.Regexp
	scope string
}

func newIndex(f *file) (*index, error) {
	x := &index{ids: map[string]*model{}, names: map[string]*model{}}
	for _, m := range f.Models {
		x.ids[strings.ToLower(m.ID)] = m
	}
	for _, m := range f.Models {
		for _, name := range m.Names {
			name = normal(name)
			if other, taken := x.names[name]; taken && other != m {
				return nil, fmt.Errorf("model %s: the name %s is %s's too", m.ID, name, other.ID)
			}
			if other, taken := x.ids[name]; taken && other != m {
				return nil, fmt.Errorf("model %s: the name %s is another model's id", m.ID, name)
			}
			x.names[name] = m
		}
		if m.Pattern != "" {
			expr, err := regexp.Compile(`(?i)^(?:` + m.Pattern + `)$`)
			if err != nil {
				return nil, fmt.Errorf("model %s: pattern: %w", m.ID, err)
			}
			tree, err := syntax.Parse(m.Pattern, syntax.Perl)
			if err != nil {
				return nil, fmt.Errorf("model %s: pattern: %w", m.ID, err)
			}
			x.patterns = append(x.patterns, pattern{m, literals(tree), expr})
		}
	}
	slices.SortStableFunc(x.patterns, func(a, b pattern) int { return b.literals - a.literals })
	for _, s := range f.Scopes {
		if err := x.addPrefix(s.Prefix, s.Scope); err != nil {
			return nil, err
		}
	}
	for _, p := range f.Prefixes {
		if err := x.addPrefix(p, ""); err != nil {
			return nil, err
		}
	}
	if len(f.Suffixes) > 0 {
		var err error
		if x.suffix, err = regexp.Compile(`(?i)(?:` + strings.Join(f.Suffixes, "|") + `)$`); err != nil {
			return nil, fmt.Errorf("suffixes: %w", err)
		}
	}
	return x, nil
}

func (x *index) addPrefix(expr, scope string) error {
	compiled, err := regexp.Compile(`(?i)^(?:` + expr + `)`)
	if err != nil {
		return fmt.Errorf("prefix %s: %w", expr, err)
	}
	x.prefixes = append(x.prefixes, prefix{compiled, scope})
	return nil
}

// literals is how many characters a name must have as the pattern writes them: the more, the narrower it is.
func literals(e *syntax.Regexp) (n int) {
	switch e.Op {
	case syntax.OpLiteral:
		return len(e.Rune)
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		for _, sub := range e.Sub {
			n += literals(sub)
		}
	case syntax.OpRepeat:
		return e.Min * literals(e.Sub[0])
	case syntax.OpAlternate:
		n = literals(e.Sub[0])
		for _, sub := range e.Sub[1:] {
			n = min(n, literals(sub))
		}
	}
	return n
}

// A bareName is a name without what a platform puts around it.
type bareName struct {
	name, scope string
	prefix      bool
}

// bare is a name without what a platform puts around it, in every way that takes something off.
func (x *index) bare(name string) []bareName {
	var all []bareName
	add := func(n bareName) {
		if x.suffix != nil {
			if at := x.suffix.FindStringIndex(n.name); at != nil {
				all = append(all, bareName{n.name[:at[0]], n.scope, n.prefix})
			}
		}
		if n.prefix {
			all = append(all, n)
		}
	}
	add(bareName{name: name})
	for _, p := range x.prefixes {
		if at := p.expr.FindStringIndex(name); at != nil && at[1] > 0 {
			add(bareName{name[at[1]:], p.scope, true})
		}
	}
	return all
}

// snapshot finds a model whose id has a date behind it, where the model says that its snapshots cost the same.
func (x *index) snapshot(name string) *model {
	at := snapshotDate.FindStringSubmatchIndex(name)
	if at == nil {
		return nil
	}
	if _, err := time.Parse("20060102", strings.ReplaceAll(name[at[0]+1:], "-", "")); err != nil {
		return nil
	}
	if m := x.ids[name[:at[0]]]; m != nil && m.Snapshots {
		return m
	}
	return nil
}

var snapshotDate = regexp.MustCompile(`(-\d{4}-\d{2}-\d{2}|-\d{8}|@\d{8})$`)

func (x *index) pattern(name string) *model {
	for _, p := range x.patterns {
		if p.expr.MatchString(name) {
			return p.model
		}
	}
	return nil
}

// fineTune finds the base of ft:base:organization:name:id. A tuned model has a price of its own, not the base's.
func (x *index) fineTune(name string) *model {
	parts := strings.SplitN(name, ":", 3)
	if len(parts) < 3 || parts[0] != "ft" {
		return nil
	}
	tuned := parts[0] + ":" + parts[1]
	if m := x.ids[tuned]; m != nil {
		return m
	}
	return x.names[tuned]
}
