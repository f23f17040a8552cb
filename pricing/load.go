package pricing

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed book/*.yaml
var embedded embed.FS

// maxOverlay bounds a file of the user's: one that is larger is no price list.
const maxOverlay = 8 << 20

// Load reads the book in the binary.
func Load() (*Book, error) {
	entries, err := embedded.ReadDir("book")
	if err != nil {
		return nil, err
	}
	b := &Book{}
	for _, e := range entries {
		text, err := embedded.ReadFile("book/" + e.Name())
		if err != nil {
			return nil, err
		}
		files, err := parse(e.Name(), text)
		if err != nil {
			return nil, err
		}
		b.files = append(b.files, files...)
	}
	return b, nil
}

// Overlay puts a file of the user's before the book, row by row: where it has a rate the book's does not hold, elsewhere it
// does. A model or provider that the book lacks is added. The file may hold several documents, as an import appends them:
// each is before those above it.
func (b *Book) Overlay(name string, text []byte) error {
	if len(text) > maxOverlay {
		return fmt.Errorf("%s: is larger than %d MB; is it a price list?", name, maxOverlay>>20)
	}
	files, err := parse(name, text)
	if err != nil {
		return err
	}
	for _, over := range files {
		if err := b.overlay(name, over); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) overlay(name string, over *file) error {
	for _, m := range over.Models {
		for i := range m.Rates {
			m.Rates[i].overlay = name
		}
	}
	i := slices.IndexFunc(b.files, func(f *file) bool { return f.Provider == over.Provider })
	if listed := b.providers(over.Provider); i < 0 && len(listed) == 1 {
		i = slices.Index(b.files, listed[0]) // azure is azure-openai's
	}
	if i < 0 {
		if len(over.Names) == 0 {
			over.Names = []string{over.Provider}
		}
		b.files = append(b.files, over)
		slices.SortFunc(b.files, func(x, y *file) int { return cmp.Compare(x.Provider, y.Provider) })
		return nil
	}
	merged, err := b.files[i].with(over)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.files[i] = merged
	return nil
}

// parse reads one file of the book strictly: mostly it is one document.
func parse(name string, text []byte) (files []*file, err error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	for {
		f := &file{}
		if err := d.Decode(f); errors.Is(err, io.EOF) && files != nil {
			return files, nil
		} else if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: is empty", name)
		} else if err != nil {
			return nil, yamlError(name, err)
		}
		f.Provider = strings.ToLower(f.Provider)
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if f.index, err = newIndex(f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, f)
	}
}

// check says what makes a file unusable; what is only unlikely is Lint's.
func (f *file) check() error {
	switch {
	case f.Schema != 1:
		return fmt.Errorf("schema %d; this program reads schema 1", f.Schema)
	case f.Provider == "":
		return errors.New("names no provider")
	case f.Currency != "" && f.Currency != "USD":
		return fmt.Errorf("currency %s: prices are in USD", f.Currency)
	}
	seen := map[string]bool{}
	for _, m := range f.Models {
		id := strings.ToLower(m.ID)
		if m.ID == "" || strings.Contains(m.ID, "@") {
			return fmt.Errorf("model %q: an id is a name without @", m.ID)
		}
		if seen[id] {
			return fmt.Errorf("model %s stands twice", m.ID)
		}
		seen[id] = true
		if err := m.check(); err != nil {
			return fmt.Errorf("model %s: %w", m.ID, err)
		}
	}
	if _, err := f.spellings(); err != nil {
		return err
	}
	for i, e := range f.Fees {
		for _, o := range f.Fees[:i] {
			if _, meet := (span{e.From.Time, e.To.Time}).and(span{o.From.Time, o.To.Time}); meet && o.Unit == e.Unit {
				return fmt.Errorf("fee %s stands twice for the same time", e.Unit)
			}
		}
		if e.Unit == "" || !e.Per.IsPositive() || e.Price.IsNegative() {
			return fmt.Errorf("fee %q: needs a unit, per and a price", e.Unit)
		}
	}
	for _, r := range f.Region {
		if !r.Times.IsPositive() {
			return fmt.Errorf("region %s: times %s is not more than zero", strings.Join(r.When, ", "), r.Times)
		}
	}
	return nil
}

func (m *model) check() error {
	// What was announced and then withdrawn is in the file for people, who read of it elsewhere: it never held.
	m.Rates = slices.DeleteFunc(m.Rates, func(r rate) bool { return r.Status == "withdrawn" })
	slices.SortStableFunc(m.Rates, func(x, y rate) int { return x.From.Compare(y.From.Time) })
	for i, r := range m.Rates {
		if err := r.check(); err != nil {
			return fmt.Errorf("rate from %s: %w", r.From, err)
		}
		if i > 0 && (m.Rates[i-1].To.IsZero() || r.From.Before(m.Rates[i-1].To.Time)) {
			return fmt.Errorf("the rate from %s begins before the one before it ends", r.From)
		}
	}
	return m.checkLong()
}

func (r rate) check() error {
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To.Time) {
		return fmt.Errorf("is not before its to %s", r.To)
	}
	if r.Long != nil && r.Long.Over <= 0 {
		return fmt.Errorf("long over %d tokens", r.Long.Over)
	}
	for name, u := range r.Units {
		if !u.Per.IsPositive() {
			return fmt.Errorf("unit %s: per %s", name, u.Per)
		}
	}
	for _, c := range r.Clock {
		if _, err := c.hours(); err != nil {
			return err
		}
	}
	all := []map[string]Decimal{r.Price}
	for _, c := range r.Clock {
		all = append(all, c.Price)
	}
	if r.Long != nil {
		all = append(all, r.Long.Price)
	}
	for _, t := range r.Tiers {
		all = append(all, t.Price, map[string]Decimal{"times": t.Times})
	}
	for _, prices := range all {
		for _, class := range slices.Sorted(maps.Keys(prices)) {
			if class != "times" && !slices.Contains(classes(), class) { // a typo would leave the class unpriced, and nobody would know why
				return fmt.Errorf("no token class %q%s", class, hint(class, classes()))
			}
			if prices[class].IsNegative() {
				return fmt.Errorf("%s: %s is negative", class, prices[class])
			}
		}
	}
	return nil
}

// with is the file with another before it.
func (f *file) with(over *file) (*file, error) {
	merged := *f
	if over.AsOf.After(f.AsOf.Time) {
		merged.AsOf = over.AsOf
	}
	merged.Names = union(f.Names, over.Names)
	merged.Prefixes = union(f.Prefixes, over.Prefixes)
	merged.Suffixes = union(f.Suffixes, over.Suffixes)
	merged.Scopes = append(slices.Clone(over.Scopes), f.Scopes...)
	merged.Region = append(slices.Clone(over.Region), f.Region...)
	merged.Same = map[string]string{}
	maps.Copy(merged.Same, f.Same)
	maps.Copy(merged.Same, over.Same)
	merged.Fees = mergeFees(over.Fees, f.Fees)
	var err error
	if merged.Tiers, err = f.mergeTiers(over); err != nil {
		return nil, err
	}
	merged.Models = slices.Clone(f.Models)
	for _, m := range over.Models {
		i := slices.IndexFunc(f.Models, func(o *model) bool { return strings.EqualFold(o.ID, m.ID) })
		if i < 0 {
			merged.Models = append(merged.Models, m)
		} else {
			merged.Models[i] = f.Models[i].with(m)
		}
	}
	if err := merged.check(); err != nil {
		return nil, err
	}
	merged.index, err = newIndex(&merged)
	return &merged, err
}

func (m *model) with(over *model) *model {
	merged := *m
	merged.Names = union(m.Names, over.Names)
	merged.Snapshots = m.Snapshots || over.Snapshots
	merged.Pattern = cmp.Or(over.Pattern, m.Pattern)
	merged.Rates = slices.Clone(over.Rates)
	for _, r := range m.Rates {
		rest := []span{{r.From.Time, r.To.Time}}
		for _, o := range over.Rates {
			rest = cut(rest, span{o.From.Time, o.To.Time})
		}
		for _, s := range rest {
			r.From.Time, r.To.Time = s.from, s.to
			merged.Rates = append(merged.Rates, r)
		}
	}
	slices.SortFunc(merged.Rates, func(x, y rate) int { return x.From.Compare(y.From.Time) })
	return &merged
}

func mergeFees(over, fees []fee) []fee {
	merged := slices.Clone(over)
	for _, e := range fees {
		rest := []span{{e.From.Time, e.To.Time}}
		for _, o := range over {
			if o.Unit == e.Unit {
				rest = cut(rest, span{o.From.Time, o.To.Time})
			}
		}
		for _, s := range rest {
			e.From.Time, e.To.Time = s.from, s.to
			merged = append(merged, e)
		}
	}
	return merged
}

// cut takes a time out of each of several.
func cut(spans []span, o span) (rest []span) {
	for _, s := range spans {
		rest = append(rest, s.without(o)...)
	}
	return rest
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
