package pricing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/pricing"
)

// TestOverlay: a file of the user's holds where it has a rate, the book's elsewhere.
func TestOverlay(t *testing.T) {
	b := load(t)
	err := b.Overlay("prices.yaml", []byte(`
schema: 1
provider: openai
as_of: 2026-11-20
models:
  - id: gpt-5.5
    names: [acme-default]
    rates:
      - {from: 2026-06-01, to: 2026-07-01, price: {input: "4"}, source: {text: quote, read: 2026-05-20, confidence: high}}
  - id: acme-model
    rates:
      - {price: {input: "9"}, source: {text: quote, read: 2026-05-20, confidence: high}}
`))
	if err != nil {
		t.Fatal(err)
	}
	// azure is azure-openai's name, and a provider that the book lacks is added.
	for _, text := range []string{
		"schema: 1\nprovider: azure\nmodels: [{id: gpt-4.1-nano, rates: [{price: {input: \"0.1\"}}]}]",
		"schema: 1\nprovider: fireworks\nmodels: [{id: glm-5, rates: [{price: {input: \"1\"}}]}]",
	} {
		if err := b.Overlay("more.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.AsOf().Format(time.DateOnly); got != "2026-11-20" {
		t.Errorf("as of %s", got)
	}
	db := openLedger(t, "openai gpt-5.5", "openai acme-default", "openai acme-model", "azure azure/gpt-4.1-nano", "fireworks glm-5")
	if err := pricing.Install(context.Background(), db, b, pricing.Terms{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, class, at, want string }{
		{"openai gpt-5.5", "input", "2026-05-31 23:59:59", "5"},
		{"openai gpt-5.5", "input", "2026-06-01 00:00:00", "4"},
		{"openai gpt-5.5", "output", "2026-06-01 00:00:00", ""}, // rows are replaced whole
		{"openai gpt-5.5", "input", "2026-07-01 00:00:00", "5"},
		{"openai acme-default", "input", "2026-06-15 00:00:00", "4"},
		{"openai acme-model", "input", "2020-01-01 00:00:00", "9"},
		{"azure azure/gpt-4.1-nano", "input", "2026-06-15 00:00:00", "0.1"},
		{"fireworks glm-5", "input", "2026-06-15 00:00:00", "1"},
	} {
		if got := priceAt(t, db, c.name, "standard", c.class, c.at, false); got != c.want {
			t.Errorf("%s %s at %s costs %q, not %q", c.name, c.class, c.at, got, c.want)
		}
	}
	check(t, "where it is from", query(t, db, `SELECT DISTINCT x_PriceSource FROM prices WHERE rate_from = TIMESTAMP '2026-06-01'`), "prices.yaml: quote")
	if fresh, ok := load(t).Match("openai", "acme-default"); ok {
		t.Errorf("an overlay of one book is in another: %s", fresh.Key())
	}
}

// TestOverlayErrors holds each mistake in a file of the user's to its message.
func TestOverlayErrors(t *testing.T) {
	const head = "schema: 1\nprovider: openai\n"
	for _, c := range []struct{ text, want string }{
		{"", "p.yaml: is empty"},
		{"schema: 2\nprovider: x", "p.yaml: schema 2; this program reads schema 1"},
		{"schema: 1", "p.yaml: names no provider"},
		{head + "currency: EUR", "p.yaml: currency EUR: prices are in USD"},
		{head + "model: []", "p.yaml:3: unknown key \"model\"; did you mean \"models\"?"},
		{head + "models: {id: a}", "p.yaml:3: stands where something else belongs"},
		{head + "models: [", "p.yaml:3: did not find expected node content"},
		{head + "models: [{id: a, rates: [{prices: {input: 1}}]}]", "p.yaml:3: unknown key \"prices\"; did you mean \"price\"?"},
		{head + "models: [{id: a, rates: [{price: {input: one}}]}]", `p.yaml:3: "one" is not a number`},
		{head + "models: [{id: a, rates: [{price: {input: -1}}]}]", "p.yaml: model a: rate from the beginning: input: -1 is negative"},
		{head + "models: [{id: a, rates: [{price: {input: 1, outptu: 2}}]}]", `p.yaml: model a: rate from the beginning: no token class "outptu"; did you mean "output"?`},
		{head + "models: [{id: a, rates: [{from: soon}]}]", `p.yaml:3: "soon" is neither a date like 2026-10-01 nor a time like 2026-10-01T16:00:00Z`},
		{head + "models: [{id: a, rates: [{from: 2026-02-01, to: 2026-01-01}]}]", "p.yaml: model a: rate from 2026-02-01: is not before its to 2026-01-01"},
		{head + "models: [{id: a, rates: [{price: {input: 1}}, {from: 2026-01-01, price: {input: 2}}]}]", "p.yaml: model a: the rate from 2026-01-01 begins before the one before it ends"},
		{head + "models: [{id: a, rates: [{clock: [{from: \"16:30\", to: \"24:00\"}]}]}]", `p.yaml: model a: rate from the beginning: clock: "16:30" is not a full hour like 01:00`},
		{head + "models: [{id: a, rates: [{clock: [{days: fri-mon, from: \"16:00\", to: \"24:00\"}]}]}]", `p.yaml: model a: rate from the beginning: clock: days "fri-mon" is not like mon-fri`},
		{head + "models: [{id: a, rates: [{clock: [{from: \"22:00\", to: \"02:00\"}]}]}]", "p.yaml: model a: rate from the beginning: clock: 22:00 is not before 02:00; hours past midnight are an entry of their own"},
		{head + "models: [{id: a}, {id: A}]", "p.yaml: model A stands twice"},
		{head + "models: [{id: a@b}]", `p.yaml: model "a@b": an id is a name without @`},
		{head + "models: [{id: a, pattern: \"(\"}]", "p.yaml: model a: pattern: error parsing regexp: missing closing ): `(?i)^(?:()$`"},
		{head + "models: [{id: a, names: [gpt-5.5]}]", "p.yaml: model a: the name gpt-5.5 is another model's id"},
		{head + "models: [{id: a, names: [gpt-5.6]}]", "p.yaml: model a: the name gpt-5.6 is gpt-5.6-sol's too"},
		{head + "region: [{when: [eu], times: 0}]", "p.yaml: region eu: times 0 is not more than zero"},
		{head + "fees: [{unit: web_search, price: 1}]", `p.yaml: fee "web_search": needs a unit, per and a price`},
		{head + "---\nschema: 1", "p.yaml: names no provider"},
		{head + "tiers: {turbo: [fast], quick: [Fast]}", `p.yaml: tier "fast" means both quick and turbo`},
		// A limit of long prompts holds at all times, in one file and over the book's (above 272,000).
		{head + "models: [{id: a, rates: [{to: 2026-10-01, price: {input: 1}, long: {over: 200000, price: {input: 2}}}, {from: 2026-10-01, price: {input: 1}, long: {over: 100000, price: {input: 5}}}]}]",
			"p.yaml: model a: long over 200000 in the rate from the beginning, long over 100000 in the rate from 2026-10-01: a model has one such limit at all times"},
		{head + "models: [{id: gpt-5.5, rates: [{from: 2026-10-01, price: {input: 1}, long: {over: 272000, inclusive: true, price: {input: 2}}}]}]",
			"p.yaml: model gpt-5.5: long over 272000 in the rate from 2026-04-23, long over 272000 inclusive in the rate from 2026-10-01: a model has one such limit at all times"},
	} {
		err := load(t).Overlay("p.yaml", []byte(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\ngives %v\nnot   %s", strings.TrimPrefix(c.text, head), err, c.want)
		}
	}
}

// TestOverlayTiers: the user's spelling of a tier replaces the book's, and two files of one provider must spell alike.
func TestOverlayTiers(t *testing.T) {
	spelled := func(b *pricing.Book, name string) (string, error) {
		db := openLedger(t, name)
		if err := pricing.Install(context.Background(), db, b, pricing.Terms{}); err != nil {
			return "", err
		}
		return query(t, db, `SELECT raw, x_ServiceTier FROM service_tiers WHERE raw IN ('fast', 'priority') ORDER BY ALL`), nil
	}
	for _, c := range []struct{ name, tiers, want string }{
		{"openai gpt-5.5", "{turbo: [fast]}", "fast turbo\npriority priority"},
		{"openai gpt-5.5", "{fast: []}", "fast fast\npriority priority"}, // a tier's own name
		{"openai gpt-5.5", "{turbo: [priority]}", "fast priority\npriority turbo"},
		{"google gemini-2.5-pro", "{turbo: [priority]}", `prices: tier "priority" of google means priority in google-vertex and turbo in google: spell it the same in both`},
		{"google gemini-2.5-pro", "{turbo: [fast]}", "fast turbo\npriority priority"},
	} {
		b := load(t)
		provider, _, _ := strings.Cut(c.name, " ")
		if err := b.Overlay("p.yaml", []byte("schema: 1\nprovider: "+provider+"\ntiers: "+c.tiers)); err != nil {
			t.Errorf("%s: %v", c.tiers, err)
			continue
		}
		got, err := spelled(b, c.name)
		if err != nil {
			got = err.Error()
			if lint := errors.Join(b.Lint(day(2026, 11, 22))...); lint == nil || !strings.Contains(lint.Error(), strings.TrimPrefix(got, "prices: ")) {
				t.Errorf("%s over %s: lint says %v", c.tiers, provider, lint)
			}
		}
		if got != c.want {
			t.Errorf("%s over %s gives %s\nnot %s", c.tiers, provider, got, c.want)
		}
	}
}

// TestOverlayRegion: of two factors for one place the user's holds, once.
func TestOverlayRegion(t *testing.T) {
	b := load(t)
	if err := b.Overlay("p.yaml", []byte("schema: 1\nprovider: openai\nregion: [{when: [data_residency], times: \"1.5\", models: [\"gpt-5.5*\"]}]")); err != nil {
		t.Fatal(err)
	}
	db := openLedger(t, "openai gpt-5.5", "openai gpt-5.4")
	if err := pricing.Install(context.Background(), db, b, pricing.Terms{}); err != nil {
		t.Fatal(err)
	}
	check(t, "uplifts", query(t, db, `SELECT x_BookModel, RegionId, factor FROM uplifts ORDER BY ALL`), `
openai/gpt-5.4 data_residency 1.100000
openai/gpt-5.5 data_residency 1.500000`)
}
