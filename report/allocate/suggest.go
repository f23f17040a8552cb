package allocate

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// A Suggestion is money without a use case, and what to write into the configuration for it.
type Suggestion struct {
	Field   string // what tells the money apart best: key, project, resource, ...
	Value   string
	Dollars decimal.Decimal
	Charges int64
	Section string // rules or use_cases
	Before  string // the rule before which a rule must stand; empty: below all others, in the order of InOrder
	YAML    string // an item of the section
}

// Suggest lists of the gaps those that the configuration can close, the largest first: each takes its own money and no
// other. Pasted together they give every dollar to a use case, but for splits with nothing to split by.
func (p Policy) Suggest(ctx context.Context, db *sql.DB, condition string) ([]Suggestion, error) {
	gaps, err := p.Gaps(ctx, db, condition, func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	ids := map[string]int{}
	for _, r := range p.Rules {
		ids[r.ID]++
	}
	var all []Suggestion
	at := map[string]int{} // where the suggestion of a rule stands: gaps of several kinds may ask for the same one
	for _, g := range gaps {
		s := Suggestion{Field: g.Field, Value: g.Value, Dollars: g.Dollars, Charges: g.Charges, Section: "rules", Before: g.rule.ID}
		switch {
		case g.Kind == "no-use-case":
			s.Section, s.Before = "use_cases", ""
			s.YAML = fmt.Sprintf("{id: %s}", yamlText(s.Value))
		case g.match == "":
			continue
		}
		asked := s.Before + " " + s.Field + " " + s.Value + " " + g.match
		if i, ok := at[asked]; ok {
			all[i].Dollars, all[i].Charges = all[i].Dollars.Add(s.Dollars), all[i].Charges+s.Charges
			continue
		}
		if s.YAML == "" {
			s.YAML = fmt.Sprintf("{id: %s, %s, use_case: CHOOSE-ONE}", free(ids, slug(s.Field+"-"+s.Value)), g.match)
		}
		at[asked] = len(all)
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return b.Dollars.Abs().Cmp(a.Dollars.Abs()) })
	return all, nil
}

// InOrder sorts rules for pasting: what is known by its key comes before all of its project, and so on.
func InOrder(suggestions []Suggestion) []Suggestion {
	order := []string{"key", "project", "resource", "model", "description", "provider"}
	sorted := slices.Clone(suggestions)
	slices.SortStableFunc(sorted, func(a, b Suggestion) int { return slices.Index(order, a.Field) - slices.Index(order, b.Field) })
	return sorted
}

// free makes an id that no other rule has: names may differ in what an id cannot hold.
func free(ids map[string]int, id string) string {
	candidate := id
	for n := 2; ids[candidate] > 0; n++ {
		candidate = fmt.Sprintf("%s-%d", id, n)
	}
	ids[candidate]++
	return candidate
}

// literal keeps a value from being read as a glob or a regex.
func literal(v string) string {
	switch {
	case isGlob(v):
		return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(v)
	case isRegex(v):
		return "[/]" + v[1:]
	}
	return v
}

// yamlText quotes a value as YAML where it must be.
func yamlText(v string) string {
	for _, r := range v {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("_-./0123456789", r) {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
		}
	}
	if v == "" || strings.EqualFold(v, "null") || strings.Trim(v, "0123456789.-") == "" {
		return `"` + v + `"`
	}
	return v
}

// slug makes an id of a value.
func slug(v string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(v) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func sortedFields(match map[string]List) []string { return slices.Sorted(maps.Keys(match)) }
