package pricing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// smallBook is a book of which a test can know every price.
const smallBook = `
schema: 1
provider: acme
as_of: 2026-09-01
names: [acme, acme_ai]
prefixes: ['acme/']
scopes: [{prefix: 'acme/eu/', scope: eu}]
tiers: {standard: ["", standard], batch: [batch], fast: [fast]}
same: {input_image: input}
region: [{when: [eu], times: "1.10", models: ["*"]}]
fees: [{unit: web_search, per: 1000, price: "10", source: {text: page, read: 2026-09-01, confidence: high}}]
models:
  - id: one
    names: [one-latest]
    snapshots: true
    rates:
      - {from: 2026-01-01, to: 2026-05-01, price: {input: "2", output: "8"}, source: {text: old page, read: 2026-02-01, confidence: high}}
      - {from: 2026-05-01, price: {input: "1", cache_read: "0.1", cache_write_5m: "1.25", cache_write_1h: "2", output: "4"}, tiers: {batch: {times: "0.5"}}, source: {text: page, read: 2026-09-01, confidence: high}}
  - id: two
    rates:
      - from: 2026-01-01
        to: 2027-01-01
        price: {input: "1", output: "4"}
        long: {over: 1000, price: {input: "2", output: "6"}}
        tiers: {fast: {times: "2", long: false}, batch: {times: "0.5"}}
        source: {text: blog, read: 2026-09-01, confidence: medium}
      - {from: 2027-01-01, price: {input: "3", output: "9"}, source: {text: blog, read: 2026-09-01, confidence: medium}}
  - id: three
    rates:
      - {price: {input: "1"}, clock: [{days: mon-fri, from: "01:00", to: "04:00", price: {input: "2"}}], source: {text: blog, read: 2026-09-01, confidence: low}}
`

func smallBookOf(t *testing.T) *pricing.Book {
	t.Helper()
	b := &pricing.Book{}
	if err := b.Overlay("book", []byte(smallBook)); err != nil {
		t.Fatal(err)
	}
	return b
}

// offer is NAME CLASS[/TIER][>OVER][@HOURS]=PRICE ...
func offer(t *testing.T, text string) pricing.Offer {
	t.Helper()
	words := strings.Fields(text)
	o := pricing.Offer{Provider: "acme_ai", Name: words[0], Prices: map[pricing.Key]pricing.Quote{}, Factors: map[string]decimal.Decimal{}}
	for _, w := range words[1:] {
		name, price, _ := strings.Cut(w, "=")
		switch name {
		case "from":
			o.From = date(t, price)
			continue
		case "unknown":
			o.Fields = append(o.Fields, pricing.Field{Name: price, Value: "9", Why: "nothing here knows this field", Stops: "unknown-field"})
			continue
		}
		key := pricing.Key{Tier: "standard"}
		name, key.Hours, _ = strings.Cut(name, "@")
		key.Hours = strings.ReplaceAll(key.Hours, "_", " ")
		name, over, isLong := strings.Cut(name, ">")
		if isLong {
			key.Long = true
			if _, err := fmt.Sscan(over, &o.Over); err != nil {
				t.Fatal(err)
			}
		}
		if class, tier, ok := strings.Cut(name, "/"); ok {
			name, key.Tier = class, tier
		}
		key.Class = name
		q := pricing.PerMillion(decimal.RequireFromString(price))
		if name == "web_search" {
			q.Per = decimal.New(1000, 0)
		}
		o.Prices[key] = q
	}
	return o
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDiff: the verdict on each price, and what would be written.
func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		offers, read, allow string
		want                string
		writes              []string // of the document, in this order; none: nothing is written
	}{
		"the same": {offers: "one input=1 output=4 input/batch=0.5 web_search=10 input_image=1", want: `
one input same
one input_image same
one output same
one web_search same
one input/batch same`},
		"dearer, and what the catalogue does not say stays": {offers: "one input=1.5", want: `
one input 1 to 1.5 changed`, writes: []string{`- id: "one"`, "from: 2026-11-22", `price: {input: "1.5", cache_read: "0.1", cache_write_5m: "1.25", cache_write_1h: "2", output: "4"}`, `"batch": {times: "0.5"}`, "input; all else as in page"}},
		"but what it says of a tier stays said": {offers: "one input=1.5 input/batch=0.5", want: `
one input 1 to 1.5 changed
one input/batch same`, writes: []string{`"batch": {times: "0.5", price: {input: "0.5"}}`}},
		"a tier changes": {offers: "one input/batch=0.6 output/batch=2.4", want: `
one input/batch 0.5 to 0.6 changed
one output/batch 2 to 2.4 changed`, writes: []string{`"batch": {times: "0.6", price: {cache_read: "0.05", cache_write_5m: "0.625", cache_write_1h: "1"}}`}},
		"a new tier": {offers: "one input/fast=2 output/fast=8", want: `
one input/fast to 2 new
one output/fast to 8 new`, writes: []string{`"fast": {times: "2", without: [cache_read, cache_write_1h, cache_write_5m]}`}},
		"until the next price that the book knows": {offers: "two input=1.2", want: `
two input 1 to 1.2 changed`, writes: []string{"from: 2026-11-22", "to: 2027-01-01", `long: {over: 1000, price: {input: "2", output: "6"}}`}},
		"long prompts": {offers: "two input>1000=2.5", want: `
two input> 2 to 2.5 changed`, writes: []string{`long: {over: 1000, price: {input: "2.5", output: "6"}}`}},
		"long prompts of a model that had none": {offers: "one input=1 input>500=1.5 cache_write_5m>500=1.25", want: `
one input same
one input> 1 to 1.5 changed
one cache_write_5m> same`, writes: []string{`long: {over: 500, price: {input: "1.5", cache_read: "0.1", cache_write_5m: "1.25"`}},
		"another limit": {offers: "two input>2000=2.5", want: `
two input> 2 to 2.5 guarded form: prompts are long above 2000 here and above 1000 in the book, which has one such limit a model`},
		"a long price without another": {offers: "four output=1 input>2000=2.5", want: `
four input> to 2.5 guarded form: it has a price for long prompts only
four output to 1 new`, writes: []string{`price: {output: "1"}`}},
		"a tier that no factor says": {offers: "two input/batch>1000=1.5", want: `
two input/batch> 1 to 1.5 guarded form: batch input for long prompts is no fixed multiple of the standard price`},
		"hours": {offers: "three input=1 input@mon-fri_01:00-04:00=2.5", want: `
three input same
three input@mon-fri 01:00-04:00 2 to 2.5 changed`, writes: []string{`price: {input: "1"}`, `- {days: mon-fri, from: "01:00", to: "04:00", price: {input: "2.5"}}`}},
		"hours that the catalogue does not know": {offers: "three input=1.2", want: `
three input 1 to 1.2 guarded form: the book has other prices by the hour, of which the catalogue says nothing`},
		"a new model": {offers: "acme/four@x input=1 output=2 web_search=5", want: `
four-x input to 1 new
four-x output to 2 new
four-x web_search to 5 new`, writes: []string{`- id: "four-x"`, `names: ["four@x"]`, `price: {input: "1", output: "2"}`, `units: {web_search: {per: 1000, price: "5"}}`}},
		"older than ours, which is high": {offers: "one input=1.5 output_audio=3", read: "2026-08-31", want: `
one input 1 to 1.5 guarded older: ours was read on 2026-09-01, and the catalogue is of 2026-08-31
one output_audio to 3 guarded older: ours was read on 2026-09-01, and the catalogue is of 2026-08-31`},
		"undated is older": {offers: "one input=1.5", read: "-", want: `
one input 1 to 1.5 guarded older: ours was read on 2026-09-01, and the catalogue does not say when it was made`},
		"allowed": {offers: "one input=1.5", read: "-", allow: "older", want: `
one input 1 to 1.5 changed allowed: older`, writes: []string{`price: {input: "1.5"`}},
		"ours is no better": {offers: "two input=1.2", read: "2026-08-31", want: `
two input 1 to 1.2 changed`, writes: []string{`price: {input: "1.2"`}},
		"what it was before": {offers: "one input=2", read: "2026-08-31", want: `
one input 1 to 2 guarded older: it was so until 2026-05-01, and the catalogue is of 2026-08-31`},
		"announced": {offers: "two input=1.2 from=2026-11-21", want: `
two input 1 to 1.2 guarded announced: to hold from 2026-11-21, and the catalogue is of 2026-11-20`},
		"announced and undated": {offers: "two input=1.2 from=2026-03-01", read: "-", want: `
two input 1 to 1.2 guarded announced: to hold from 2026-03-01, and the catalogue does not say when it was made`},
		"announced and allowed": {offers: "two input=1.2 from=2026-12-01", allow: "announced", want: `
two input 1 to 1.2 changed allowed: announced`, writes: []string{"from: 2026-12-01", "to: 2027-01-01", "status: scheduled"}},
		"a jump up, just not, and down": {offers: "one input=3.01\ntwo input=3 output=1.33", want: `
one input 1 to 3.01 guarded jump: more than 3 times
two input 1 to 3 guarded swapped: input 3 is more than output 1.33
two output 4 to 1.33 guarded jump: more than 3 times; swapped: input 3 is more than output 1.33`},
		"three times": {offers: "one input=3 output=12", want: `
one input 1 to 3 changed
one output 4 to 12 changed`, writes: []string{`output: "12"`}},
		"free": {offers: "one input=0", want: `
one input 1 to 0 guarded zero: catalogues write 0 for free and for not known; cache: cache_read 0.1 is more than input 0`},
		"free, allowed": {offers: "one input=0", allow: "zero", want: `
one input 1 to 0 guarded allowed: zero; cache: cache_read 0.1 is more than input 0`},
		"caches": {offers: "one cache_read=0.2 cache_write_1h=1.2\nfour input=1 cache_read=2", want: `
four input to 1 guarded cache: cache_read 2 is more than input 1
four cache_read to 2 guarded cache: cache_read 2 is more than input 1
one cache_read 0.1 to 0.2 changed
one cache_write_1h 2 to 1.2 guarded cache: cache_write_5m 1.25 is more than cache_write_1h 1.2`, writes: []string{`cache_read: "0.2"`}},
		"a field that nothing knows": {offers: "one input=1.5 output=4 unknown=surge_cost", want: `
one input 1 to 1.5 guarded unknown-field: surge_cost
one output same
one surge_cost/ unknown field 9: nothing here knows this field`},
		"and is let pass": {offers: "one input=1.5 unknown=surge_cost", allow: "unknown-field", want: `
one input 1 to 1.5 changed allowed: unknown-field
one surge_cost/ unknown field 9: nothing here knows this field`, writes: []string{`price: {input: "1.5"`}},
		"a region whose price is no factor of the model's": {offers: "one input=1\nacme/eu/one input=1.2", want: `
acme/eu/one input 1.1 to 1.2 changed
one input same`, writes: []string{`- id: "acme/eu/one"`, `price: {input: "1.2", cache_read: "0.11"`}},
		"a region whose model moves": {offers: "one input=1.5\nacme/eu/one input=1.1", want: `
acme/eu/one input same stays so under its own name; one changes
one input 1 to 1.5 changed`, writes: []string{`- id: "acme/eu/one"`, `price: {input: "1.1"`, `- id: "one"`}},
		"a snapshot that costs something else": {offers: "one-20260101 input=1.2\none input=1", want: `
one input same
one-20260101 input 1 to 1.2 changed`, writes: []string{`- id: "one-20260101"`, `price: {input: "1.2", cache_read: "0.1"`}},
		"a name that the book gives the model": {offers: "one-latest input=1.2\none input=1", want: `
one input same
one input 1 to 1.2 guarded conflict: one in the same catalogue says 1`},
	} {
		t.Run(name, func(t *testing.T) {
			comparison := pricing.Comparison{From: date(t, "2026-11-22"), Read: date(t, "2026-11-20"), Ignore: []string{"vanished"}}
			switch c.read {
			case "-":
				comparison.Read = time.Time{}
			case "":
			default:
				comparison.Read = date(t, c.read)
			}
			if c.allow != "" {
				comparison.Allow = []string{c.allow}
			}
			var offers []pricing.Offer
			for _, line := range strings.Split(c.offers, "\n") {
				offers = append(offers, offer(t, line))
			}
			b := smallBookOf(t)
			d := b.Diff(offers, comparison)
			check(t, "the verdicts", changesText(d), strings.TrimSpace(c.want))
			text := d.YAML(pricing.Origin{Text: "cat", Read: date(t, "2026-11-22")})
			rest := text
			for _, want := range c.writes {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is not next in\n%s", want, text)
				}
				rest = after
			}
			if (text == "") != (len(c.writes) == 0) {
				t.Errorf("writes\n%s", text)
			}
			if text == "" {
				return
			}
			if err := b.Overlay("prices.yaml", []byte(text)); err != nil {
				t.Fatal(err)
			}
			if again := b.Diff(offers, comparison); again.Taken() > 0 {
				t.Errorf("a second import takes\n%s", changesText(again))
			}
		})
	}
}

func changesText(d pricing.Diff) string {
	var lines []string
	for _, c := range d.Changes {
		if c.Verdict == pricing.VerdictNoModel || strings.HasPrefix(c.Why, "follows") { // TestDiffFollows has those
			continue
		}
		line := c.Model + " " + c.Key.Class
		if c.Key.Tier != "standard" {
			line += "/" + c.Key.Tier
		}
		if c.Key.Long {
			line += ">"
		}
		if c.Key.Hours != "" {
			line += "@" + c.Key.Hours
		}
		if c.Now.Valid && c.Verdict != pricing.VerdictSame {
			line += " " + c.Now.Decimal.String()
		}
		if c.New.Valid && c.Verdict != pricing.VerdictSame {
			line += " to " + c.New.Decimal.String()
		}
		lines = append(lines, strings.TrimSpace(line+" "+c.Verdict+" "+c.Why))
	}
	return strings.Join(lines, "\n")
}

// TestDiffFollows: where the book has a tier as a multiple, it moves with the standard price, and that is shown.
func TestDiffFollows(t *testing.T) {
	comparison := pricing.Comparison{From: date(t, "2026-11-22"), Read: date(t, "2026-11-20"), Ignore: []string{"vanished"}}
	var got []string
	for _, c := range smallBookOf(t).Diff([]pricing.Offer{offer(t, "two input=1.5 input/fast=2")}, comparison).Changes {
		if c.Verdict != pricing.VerdictNoModel {
			got = append(got, fmt.Sprintf("%s %s %s to %s %s %s", c.Key.Tier, c.Key.Class, c.Now.Decimal, c.New.Decimal, c.Verdict, c.Why))
		}
	}
	check(t, "fast stays as the catalogue says, batch follows", strings.Join(got, "\n"), "standard input 1 to 1.5 changed \nfast input 2 to 2 same \nbatch input 0.5 to 0.75 changed follows the standard price, by the book's factor")
}

// TestDiffVanished: a catalogue that lacks most of a provider's models may have been cut.
func TestDiffVanished(t *testing.T) {
	b := smallBookOf(t)
	comparison := pricing.Comparison{From: date(t, "2026-11-22"), Read: date(t, "2026-11-20")}
	d := b.Diff([]pricing.Offer{offer(t, "one input=1.5"), offer(t, "two input=1")}, comparison)
	check(t, "two of three", changesText(d), "one input 1 to 1.5 guarded vanished: the catalogue has 2 models of acme, the book 3: is it whole?\ntwo input same")
	if n := d.Count(pricing.VerdictNoModel); n != 1 {
		t.Errorf("%d models are gone", n)
	}
	d = b.Diff([]pricing.Offer{offer(t, "one input=1.5"), offer(t, "two input=1"), offer(t, "four input=1")}, comparison)
	check(t, "three", changesText(d), "four input to 1 new\none input 1 to 1.5 changed\ntwo input same")
}

// TestDiffChosen: only what was asked for, and what of a catalogue is of nobody in the book.
func TestDiffChosen(t *testing.T) {
	offers := []pricing.Offer{offer(t, "one input=1.5"), offer(t, "two input=1.5"), offer(t, "two-large input=1.5")}
	for i := range 2 {
		o := offer(t, fmt.Sprint("x", i, " input=1"))
		o.Provider = "other"
		offers = append(offers, o)
	}
	c := pricing.Comparison{From: date(t, "2026-11-22"), Read: date(t, "2026-11-20"), Models: []string{"TWO*"}, Providers: []string{"acme"}}
	d := smallBookOf(t).Diff(offers, c)
	check(t, "two", changesText(d), "two input 1 to 1.5 changed\ntwo-large input to 1.5 new")
	if d.Foreign["other"] != 2 || d.Matched != 2 {
		t.Errorf("%v are left out, %d are not", d.Foreign, d.Matched)
	}
	c.Providers = []string{"nobody"}
	if d := smallBookOf(t).Diff(offers, c); d.Matched != 0 {
		t.Errorf("nobody has %d models", d.Matched)
	}
	if !slices.Contains(pricing.Guards(), "older") || slices.Contains(pricing.Guards(), "form") {
		t.Errorf("the guards are %v", pricing.Guards())
	}
}
