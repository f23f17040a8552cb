package pricing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Origin is where the prices of a diff are from, as the rows that take them over say it.
type Origin struct {
	Text  string    // the catalogue, the file, its sum
	Read  time.Time // when it was read
	Title string    // a comment above what is written
}

// YAML is what came through as documents to append to a file of the user's: one a provider, each a dated overlay of what is
// before it. Empty: there is nothing.
func (d Diff) YAML(o Origin) string {
	var b strings.Builder
	for _, g := range d.providers() {
		f := g[0].file
		fmt.Fprintf(&b, "---\n# %s\nschema: 1\nprovider: %s\nas_of: %s\n", strings.Join(strings.Fields(o.Title), " "), scalar(f.Provider), day(o.Read))
		if tiers := missingTiers(f, g); len(tiers) > 0 {
			b.WriteString("tiers:\n")
			for _, t := range tiers {
				fmt.Fprintf(&b, "  %s: [%s]\n", scalar(t), scalar(t))
			}
		}
		b.WriteString("models:\n")
		for i, r := range g {
			if i == 0 || g[i-1].id != r.id {
				r.writeModel(&b)
			}
			if r.rate.From.After(o.Read) {
				r.rate.Status = "scheduled"
			}
			r.rate.Source = source{Text: o.Text, Read: Instant{o.Read}, Confidence: "medium"}
			r.rate.write(&b)
		}
	}
	return b.String()
}

// providers is the revisions of each provider, those of a model one after the other.
func (d Diff) providers() (all [][]revision) {
	revised := slices.Clone(d.revised)
	slices.SortStableFunc(revised, func(x, y revision) int {
		if c := strings.Compare(x.file.Provider, y.file.Provider); c != 0 {
			return c
		}
		if c := strings.Compare(x.id, y.id); c != 0 {
			return c
		}
		return x.rate.From.Compare(y.rate.From.Time)
	})
	for i, r := range revised {
		if i+1 < len(revised) && revised[i+1].file == r.file && revised[i+1].id == r.id {
			r.rate.To = revised[i+1].rate.From // the catalogue's next one holds from then
		}
		if i == 0 || revised[i-1].file != r.file {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], r)
	}
	return all
}

// missingTiers is the tiers that the provider's file does not list.
func missingTiers(f *file, revised []revision) (names []string) {
	for _, r := range revised {
		for name := range r.rate.Tiers {
			if _, ok := f.Tiers[name]; !ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (r revision) writeModel(b *strings.Builder) {
	fmt.Fprintf(b, "  - id: %s\n", scalar(r.id))
	if r.name != "" {
		fmt.Fprintf(b, "    names: [%s]\n", scalar(r.name))
	}
	if r.model == nil && slices.ContainsFunc(r.file.Models, func(m *model) bool { return m.Prefixed }) {
		b.WriteString("    prefixed: true\n")
	}
	b.WriteString("    rates:\n")
}

func (r rate) write(b *strings.Builder) {
	fmt.Fprintf(b, "      - from: %s\n", instantText(r.From))
	line := func(format string, args ...any) { fmt.Fprintf(b, "        "+format+"\n", args...) }
	if !r.To.IsZero() {
		line("to: %s", instantText(r.To))
	}
	if r.Status != "" {
		line("status: %s", r.Status)
	}
	if len(r.Price) > 0 {
		line("price: %s", priceText(r.Price))
	}
	if r.Long != nil {
		inclusive := ""
		if r.Long.Inclusive {
			inclusive = "inclusive: true, "
		}
		line("long: {over: %d, %sprice: %s}", r.Long.Over, inclusive, priceText(r.Long.Price))
	}
	if len(r.Tiers) > 0 {
		line("tiers:")
		for _, name := range slices.Sorted(maps.Keys(r.Tiers)) {
			line("  %s: {%s}", scalar(name), r.Tiers[name].text())
		}
	}
	if len(r.Clock) > 0 {
		line("clock:")
	}
	for _, c := range r.Clock {
		days := ""
		if c.Days != "" {
			days = "days: " + c.Days + ", "
		}
		line("  - {%sfrom: %s, to: %s, price: %s}", days, scalar(c.From), scalar(c.To), priceText(c.Price))
	}
	if len(r.Units) > 0 {
		line("units: {%s}", strings.Join(list(r.Units, func(u unit) string {
			return fmt.Sprintf("{per: %s, price: %s}", u.Per, scalar(u.Price.String()))
		}), ", "))
	}
	line("source: {text: %s, read: %s, confidence: %s}", scalar(r.Source.Text), instantText(r.Source.Read), r.Source.Confidence)
	if r.Gap != "" {
		line("gap: %s", scalar(r.Gap))
	}
	if r.Note != "" {
		line("note: %s", scalar(r.Note))
	}
}

func (t tier) text() string {
	var parts []string
	if t.Times.IsPositive() {
		parts = append(parts, "times: "+scalar(t.Times.String()))
	}
	if len(t.Price) > 0 {
		parts = append(parts, "price: "+priceText(t.Price))
	}
	if len(t.Without) > 0 {
		parts = append(parts, "without: ["+strings.Join(t.Without, ", ")+"]")
	}
	if t.Long != nil {
		parts = append(parts, fmt.Sprintf("long: %t", *t.Long))
	}
	return strings.Join(parts, ", ")
}

func priceText(prices map[string]Decimal) string {
	return "{" + strings.Join(list(prices, func(d Decimal) string { return scalar(d.String()) }), ", ") + "}"
}

// list is the entries of a map by class, in the book's order.
func list[T any](entries map[string]T, text func(T) string) (all []string) {
	order := classes()
	names := slices.SortedFunc(maps.Keys(entries), func(x, y string) int { return slices.Index(order, x) - slices.Index(order, y) })
	for _, name := range names {
		all = append(all, name+": "+text(entries[name]))
	}
	return all
}

// scalar is text that YAML reads back as it is, whatever is in it: JSON is YAML.
func scalar(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always can be
	return strings.TrimSpace(b.String())
}

func instantText(i Instant) string {
	if i.Equal(i.Truncate(24 * time.Hour)) {
		return day(i.Time)
	}
	return i.Format(time.RFC3339)
}
