package pricing

import (
	"slices"
	"strings"
)

// A Match is the row of the book that a name means.
type Match struct {
	Provider string // the file of the book, such as openai
	Model    string // the id in it
	By       string // deployment, id, name, snapshot or pattern; after a prefix "prefix, id"; "fine-tune" of a base
	Region   string // the scope that the name or the deployment says, such as data-zone

	file  *file
	model *model
}

// Key is how the tables name the model: openai/gpt-5.5, with a scope azure-openai/gpt-4o@data-zone. A provider is openai.
func (m Match) Key() string {
	switch {
	case m.Model == "":
		return m.Provider
	case m.Region == "":
		return m.Provider + "/" + m.Model
	}
	return m.Provider + "/" + m.Model + "@" + m.Region
}

func normal(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Match finds the model that a provider's name means. The provider is the ledger's, in any of the spellings that the book
// lists. It never guesses: a name that is only like a known one is not found.
func (b *Book) Match(provider, name string) (Match, bool) {
	return b.match(nil, provider, name)
}

// Find is the models of a name at every provider of the book, or at the one named, for people to compare. The provider as the
// book calls it may stand before the name: google-vertex/gemini-2.5-pro.
func (b *Book) Find(provider, name string) []Match {
	var all []Match
	for _, f := range b.files {
		if provider != "" && !f.listed(provider) {
			continue
		}
		wanted := normal(name)
		m, ok := f.named(wanted)
		if bare, cut := strings.CutPrefix(wanted, f.Provider+"/"); !ok && cut {
			m, ok = f.named(bare)
		}
		if ok {
			all = append(all, m)
		}
	}
	return all
}

// match is Match, where the deployments that the configuration names come first.
func (b *Book) match(deployments []Deployment, provider, name string) (Match, bool) {
	files, name := b.providers(provider), normal(name)
	if name == "" {
		return Match{}, false
	}
	for _, f := range files {
		if m, ok := f.deployed(deployments, name); ok {
			return m, true
		}
	}
	for _, step := range steps() {
		for _, f := range files {
			if m, ok := f.find(step, name); ok && !m.model.Prefixed {
				return m, true
			}
		}
	}
	for _, f := range files {
		if m, ok := f.stripped(name); ok {
			return m, true
		}
	}
	return Match{}, false
}

// providers is the files that list a provider's name.
func (b *Book) providers(name string) []*file {
	var files []*file
	for _, f := range b.files {
		if f.listed(name) {
			files = append(files, f)
		}
	}
	return files
}

func (f *file) listed(provider string) bool {
	provider = normal(provider)
	return provider == f.Provider || slices.ContainsFunc(f.Names, func(n string) bool { return normal(n) == provider })
}

// A step is one way to find a model by its name.
type step struct {
	by   string
	find func(x *index, name string) *model
}

// steps is the ways in their order: an exact name says more than a rule.
func steps() []step {
	return []step{
		{"id", func(x *index, name string) *model { return x.ids[name] }},
		{"name", func(x *index, name string) *model { return x.names[name] }},
		{"snapshot", (*index).snapshot},
		{"pattern", (*index).pattern},
		{"fine-tune", (*index).fineTune},
	}
}

func (f *file) find(s step, name string) (Match, bool) {
	m := s.find(f.index, name)
	if m == nil {
		return Match{}, false
	}
	return Match{Provider: f.Provider, Model: m.ID, By: s.by, file: f, model: m}, true
}

// stripped finds a name without the prefix or suffix of a platform.
func (f *file) stripped(name string) (Match, bool) {
	for _, bare := range f.index.bare(name) {
		for _, s := range steps() {
			if m, ok := f.find(s, bare.name); ok && (bare.prefix || !m.model.Prefixed) {
				m.By, m.Region = "prefix, "+m.By, bare.scope
				if !bare.prefix {
					m.By = "suffix, " + s.by
				}
				return m, true
			}
		}
	}
	return Match{}, false
}

// deployed finds what the configuration says a deployment runs.
func (f *file) deployed(deployments []Deployment, name string) (Match, bool) {
	for _, d := range deployments {
		if !f.listed(d.Provider) || normal(d.Name) != name && !slices.ContainsFunc(f.index.bare(name), func(b bareName) bool { return b.name == normal(d.Name) }) {
			continue
		}
		if m, ok := f.named(d.Model); ok {
			m.By = "deployment"
			if scope := normal(d.Scope); scope != "global" {
				m.Region = scope
			}
			return m, true
		}
	}
	return Match{}, false
}

// named finds a model as a person writes it in the configuration.
func (f *file) named(name string) (Match, bool) {
	for _, s := range steps() {
		if m, ok := f.find(s, normal(name)); ok {
			return m, true
		}
	}
	return f.stripped(normal(name))
}
