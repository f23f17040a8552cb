package pricing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckBook says what the terms name that the book does not have: it would go without effect, and nobody would know.
func (t Terms) CheckBook(b *Book) error {
	var errs []error
	report := func(place Place, what, id string) func(string, ...any) {
		return func(format string, args ...any) {
			errs = append(errs, &TermError{place, strings.TrimSpace(what + " " + id), fmt.Sprintf(format, args...)})
		}
	}
	for _, d := range t.Deployments {
		d.checkBook(b, report(d.Place, "deployment", d.Name))
	}
	for _, c := range t.Contracts {
		b.checkModels(c.Provider, c.Models, report(c.Place, "contract", c.ID))
	}
	for _, c := range t.Credits {
		if len(c.Models) > 0 {
			b.checkModels(c.Provider, c.Models, report(c.Place, "credit", c.ID))
		}
	}
	return errors.Join(errs...)
}

func (d Deployment) checkBook(b *Book, bad func(string, ...any)) {
	files := b.providers(d.Provider)
	if len(files) == 0 {
		bad("no provider %q in the book%s", d.Provider, hint(d.Provider, b.providerNames()))
		return
	}
	i := slices.IndexFunc(files, func(f *file) bool { _, ok := f.named(d.Model); return ok })
	if i < 0 {
		bad("no model %q of %s in the book%s", d.Model, d.Provider, orHint(b.Nearest(d.Provider, d.Model)))
		return
	}
	if scopes := files[i].scopeNames(); d.Scope != "" && !slices.Contains(scopes, normal(d.Scope)) {
		bad("scope %q is not one of %s", d.Scope, strings.Join(scopes, ", "))
	}
}

// checkModels looks for each name in the book, and for a model that one of the globs takes. A glob for models to come is sound
// beside one that takes some.
func (b *Book) checkModels(provider string, globs []string, bad func(string, ...any)) {
	files := b.providers(provider)
	if len(files) == 0 {
		bad("no provider %q in the book%s", provider, hint(provider, b.providerNames()))
		return
	}
	taken := len(globs) == 0
	for _, g := range globs {
		takes := slices.ContainsFunc(files, func(f *file) bool {
			return slices.ContainsFunc(f.Models, func(m *model) bool { return (Match{Provider: f.Provider, Model: m.ID, file: f, model: m}).isNamed(g) })
		})
		if !takes && !isGlob(g) {
			bad("no model %q of %s in the book%s", g, provider, orHint(b.Nearest(provider, g)))
			return
		}
		taken = taken || takes
	}
	if !taken {
		bad("takes no model of %s in the book: %s", provider, strings.Join(globs, ", "))
	}
}

// scopeNames is what a deployment may say of where it runs.
func (f *file) scopeNames() []string {
	names := []string{"global"}
	for _, r := range f.Region {
		names = append(names, r.When...)
	}
	return names
}

func (b *Book) providerNames() (names []string) {
	for _, f := range b.files {
		names = append(names, f.Provider)
		names = append(names, f.Names...)
	}
	return names
}
