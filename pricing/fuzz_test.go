package pricing_test

import (
	"testing"

	"github.com/aifinops/aifinops/pricing"
)

// FuzzOverlay holds any file of a user's to an error or a book that can be asked, never a panic.
func FuzzOverlay(f *testing.F) {
	for _, text := range []string{
		"schema: 1\nprovider: p\n",
		"schema: 1\nprovider: p\nmodels: [{id: m, names: [n], snapshots: true, pattern: 'm-\\d+', rates: [{price: {input: 1}, long: {over: 5, price: {input: 2}}, tiers: {batch: {times: 0.5, without: [input]}}}]}]",
		"schema: 1\nprovider: p\nnames: [p]\nprefixes: ['x/', '']\nsuffixes: ['$']\nscopes: [{prefix: y/, scope: eu}]\nsame: {input: output}\nregion: [{when: [eu], times: 1.1, models: ['*']}]\nmodels: [{id: m, prefixed: true}]",
		"schema: 1\nprovider: p\nmodels: [{id: m, rates: [{from: 2026-01-01T16:00:00Z, clock: [{days: sat-sun, from: '00:00', to: '24:00', price: {input: 1}}], units: {search: {per: 1000, price: 2}}}]}]",
		"schema: 1\nprovider: p\nfees: [{unit: u, per: 3, price: 1}]\ntiers: {fast: [quick]}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := &pricing.Book{}
		if err := b.Overlay("p.yaml", []byte(text)); err != nil {
			return
		}
		if err := b.Overlay("again.yaml", []byte(text)); err != nil {
			t.Logf("not a second time: %v", err)
		}
		b.Lint(b.AsOf())
		for _, name := range []string{"m", "n", "x/m", "y/m-1", "m-2026-01-02", "ft:m:a", "$"} {
			for _, m := range b.Find("", name) {
				m.Rates(b.AsOf())
			}
			b.Match("p", name)
			b.Nearest("p", name)
		}
	})
}
