package pricing_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/pricing"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// TestLint holds the book in the binary to its own rules.
func TestLint(t *testing.T) {
	for _, err := range load(t).Lint(day(2026, 11, 22)) {
		t.Error(err)
	}
}

// TestLintScheduled: what was announced and has begun since is doubtful until somebody reads it again.
func TestLintScheduled(t *testing.T) {
	var got []string
	for _, err := range load(t).Lint(day(2027, 1, 1)) {
		var l *pricing.LintError
		if !errors.As(err, &l) || !l.Warning {
			t.Errorf("not a warning: %v", err)
		}
		got = append(got, err.Error())
	}
	check(t, "warnings", strings.Join(got, "\n"), `
google/gemini-3.8-flash, from 2027-01-01: this price was announced (read on 2026-08-22), not confirmed
google/gemini-3.7-flash, from 2027-01-01: this price was announced (read on 2026-08-22), not confirmed
google/gemini-3.6-flash, from 2027-01-01: this price was announced (read on 2026-08-22), not confirmed`)
}

// TestLintFindings holds each mistake in an otherwise sound file to what Lint says of it.
func TestLintFindings(t *testing.T) {
	const src = `, source: {text: page, read: 2026-06-01, confidence: high}}`
	for _, c := range []struct{ models, want string }{
		{`{id: m, rates: [{price: {input: 1, cache_read: 2}` + src + `]}`, "p/m: standard: cache_read 2 is more than input 1"},
		{`{id: m, rates: [{price: {cache_write_5m: 2, cache_write_1h: 1}` + src + `]}`, "p/m: standard: cache_write_5m 2 is more than cache_write_1h 1"},
		{`{id: m, rates: [{price: {input: 1}, tiers: {batch: {times: 2}}` + src + `]}`, "p/m: batch input is 2, standard 1"},
		{`{id: m, rates: [{price: {input: 1}, tiers: {priority: {price: {input: "0.5"}}}` + src + `]}`, "p/m: priority input is 0.5, standard 1"},
		{`{id: m, rates: [{price: {input: 1}, tiers: {turbo: {times: 2}}` + src + `]}`, `p/m: no tier "turbo" of p`},
		{`{id: m, rates: [{price: {input: 2}, long: {over: 9, price: {input: 1}}` + src + `]}`, "p/m: long input is 1, else 2"},
		{`{id: m, rates: [{price: {input: 1}, long: {over: 9, price: {input: 6}}` + src + `]}`, "p/m: long input is 6, else 1"},
		{`{id: m, rates: [{to: 2026-01-01, price: {input: 1}` + src + `, {from: 2026-02-01, price: {input: 1}` + src + `]}`,
			"p/m, from 2026-02-01: the rate before ends at 2026-01-01: write the one between, or a gap that says why there is none"},
		{`{id: m, rates: [{price: {input: 1}}]}`, "p/m: has no source with a read date\np/m: confidence \"\" is not high, medium or low"},
		{`{id: m, rates: [{price: {input: 1}, source: {text: page, read: 2026-08-01, confidence: sure}}]}`, "p/m: confidence \"sure\" is not high, medium or low\np/m: was read on 2026-08-01, after the file's as_of 2026-07-01"},
		{`{id: m, rates: [{from: 2026-06-20, price: {input: 1}` + src + `]}`, "p/m, from 2026-06-20: was read on 2026-06-01, before it began: its status is scheduled"},
		{`{id: m, rates: [{price: {input: 1}, status: maybe` + src + `]}`, `p/m: status "maybe" is not list, promotional, scheduled or withdrawn`},
		{`{id: m}`, "p/m: has no rate"},
		{`{id: m, rates: [{note: none` + src + `]}`, "p/m: has no price"},
		// Names that two models have.
		{`{id: m-1, rates: [{price: {input: 1}` + src + `]}, {id: m, pattern: 'm-\d', rates: [{price: {input: 1}` + src + `]}`, "p/m-1: the pattern of m takes its name m-1"},
		{`{id: m, snapshots: true, rates: [{price: {input: 1}` + src + `]}, {id: n, pattern: 'm-\d{8}', rates: [{price: {input: 1}` + src + `]}`, "p/m: the pattern of n takes its name m-20260102"},
		{`{id: a, pattern: 'x|[ab]', rates: [{price: {input: 1}` + src + `]}, {id: b, pattern: 'y|[ab]', rates: [{price: {input: 1}` + src + `]}`,
			"p/a: the pattern of b takes its name a\np/a: the patterns of a and b both take a, and neither is narrower\np/b: the pattern of a takes its name b\np/b: the patterns of a and b both take b, and neither is narrower"},
	} {
		b := &pricing.Book{}
		text := "schema: 1\nprovider: p\nas_of: 2026-07-01\nnames: [p]\ntiers: {batch: [batch], priority: [fast]}\nmodels: [" + c.models + "]\n"
		if err := b.Overlay("p.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %v", c.models, err)
			continue
		}
		if got := errors.Join(b.Lint(day(2026, 11, 22))...); got == nil || got.Error() != c.want {
			t.Errorf("%s\ngives %v\nnot   %s", c.models, got, c.want)
		}
	}
}

// TestLintShared: two files of one provider's name must not have one name at two prices.
func TestLintShared(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{`{id: m, rates: [RATE1]}`, `{id: m, rates: [RATE2]}`, "p/m: m means q/m too, at other prices"},
		{`{id: m, rates: [RATE1]}`, `{id: m, rates: [RATE1]}`, ""},
		{`{id: m, rates: [RATE1]}`, `{id: m, prefixed: true, rates: [RATE2]}`, ""},
		{`{id: m, rates: [RATE1]}`, `{id: n, pattern: "[m]", rates: [RATE2]}`, ""}, // the exact name wins
	} {
		b := &pricing.Book{}
		for i, models := range []string{c.first, c.second} {
			source := `source: {text: page, read: 2026-06-01, confidence: high}}`
			models = strings.NewReplacer("RATE1", `{price: {input: 1}, `+source, "RATE2", `{price: {input: 2}, `+source).Replace(models)
			text := "schema: 1\nprovider: " + []string{"p", "q"}[i] + "\nas_of: 2026-07-01\nnames: [cloud, other]\nprefixes: [\"x/\"]\nmodels: [" + models + "]\n"
			if err := b.Overlay("p.yaml", []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		var got string
		if err := errors.Join(b.Lint(day(2026, 11, 22))...); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s and %s give %q, not %q", c.first, c.second, got, c.want)
		}
	}
}
