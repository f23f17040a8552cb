package catalogue_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/pricing/catalogue"
)

// TestRefused: what is no catalogue is refused, with its place and why.
func TestRefused(t *testing.T) {
	litellm := func(fields string) string {
		return "{\n  \"a\": {\"litellm_provider\": \"openai\"},\n  \"gpt-z\": {\n    \"litellm_provider\": \"openai\",\n    " + fields + "\n  }\n}"
	}
	genai := func(prices string) string {
		return "[{\"id\": \"p\", \"models\": [\n{\"id\": \"m\", \"prices\": " + prices + "}]}]"
	}
	for _, c := range []struct{ text, format, want string }{
		{"", "", "c.json: is empty"},
		{"  \n", "", "c.json: is empty"},
		{"model,price\n", "", "c.json: " + catalogue.ErrUnknown.Error()},
		{"{}", "", "c.json: " + catalogue.ErrUnknown.Error()},
		{"[]", "", "c.json: " + catalogue.ErrUnknown.Error()},
		{`{"a": 1}`, "", "c.json: " + catalogue.ErrUnknown.Error()},
		{"[1]", "", "c.json:1: " + catalogue.ErrUnknown.Error()},
		{"\n[{\"id\": \"gpt-z\", \"litellm_provider\": \"openai\"}]", "", "c.json:2: " + catalogue.ErrUnknown.Error()},
		{`{"units": {}, "providers": []}`, "", "c.json: is a catalogue of genai-prices in a version after 2, which this program does not read"},
		{litellm(`"mode": "chat"`), "genai-prices", "c.json: is a catalogue of litellm, not of genai-prices"},
		{`{"sample_spec": {"litellm_provider": "x"}}`, "", "c.json: lists no model"},
		{"{\n\"a\": {\"litellm_provider\": \"openai\"},\n\"b\": {\"litellm", "", "c.json:3: ends in the middle; was it cut off?"},
		{litellm(`"x": 1,}`), "", "c.json:5: is not JSON: invalid character '}' looking for beginning of object key string"},
		{litellm(`"input_cost_per_token": "free"`), "", `c.json:5: input_cost_per_token: "free" is not a price, of the model gpt-z`},
		{litellm(`"input_cost_per_token": -1e-6`), "", "c.json:5: input_cost_per_token: -1e-6 is negative, of the model gpt-z"},
		{litellm(`"input_cost_per_token": 1e999`), "", "c.json:5: input_cost_per_token: 1e999 is not a price, of the model gpt-z"},
		{litellm(`"input_cost_per_token": 1e-999999999`), "", "c.json:5: input_cost_per_token: 1e-999999999 is not a price, of the model gpt-z"},
		{litellm(`"input_cost_per_token": ` + strings.Repeat("9", 5000)), "", "c.json:5: input_cost_per_token: " + strings.Repeat("9", 40) + "... is not a price, of the model gpt-z"},
		{litellm(`"input_cost_per_token": NaN`), "", "c.json:5: is not JSON: invalid character 'N' looking for beginning of value"},
		{litellm(`"mode": 3`), "", "c.json:5: mode: 3 is no text, of the model gpt-z"},
		{litellm(`"provider_specific_entry": [1]`), "", "c.json:5: [1] stands where an object belongs, of the model gpt-z"},
		{litellm(`"tiered_pricing": {}`), "", "c.json:5: {} stands where a list belongs, of the model gpt-z"},
		{"{\"a\": {\"litellm_provider\": \"openai\"},\n\"a\": {}}", "", `c.json:2: "a" stands twice`},
		{"{\"a\\u001b[31m\": {\"litellm_provider\": \"openai\"}}", "", `c.json:1: "a\x1b[31m" is no name`},
		{"{\"a\": {\"litellm_provider\": \"openai\"}} more", "", "c.json:1: something follows the end"},
		{strings.Repeat("[", 20_000), "", "c.json:1: is not JSON: invalid character '[' exceeded max depth"},
		{strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000), "", "c.json:1: " + catalogue.ErrUnknown.Error()},
		{`{"a": ` + strings.Repeat(`{"a":`, 20_000), "", "c.json:1: is not JSON: invalid character '{' exceeded max depth"},
		{"[" + strings.Repeat("1,", 50_001) + "1]", "", "c.json:1: has more than 50000 entries; is it a price catalogue?"},
		{strings.Repeat(" ", 64<<20+1), "", "c.json: is larger than 64 MB; is it a price catalogue?"},
		{genai(`{"input_mtok": 1, "requests_kcount": 1}`), "", "c.json: is version 1 of genai-prices, which is frozen since 2026-07-27 and has a rise of claude-sonnet-5 on 2026-09-01 that was cancelled; take version 2 (prices/new_data/v2/data.json)"},
		{genai(`{"input_mtok": "1"}`), "", `c.json:2: input_mtok: "1" is not a price, of the model m`},
		{genai(`{"input_mtok": {"tiers": []}}`), "", "c.json:2: input_mtok: has no base, of the model m"},
		{genai(`{"input_mtok": {"base": 1, "tiers": [{"start": 0, "price": 2}]}}`), "", "c.json:2: a tier is {start, price}, of the model m"},
		{genai(`{"input_mtok": {"base": 1, "peak": 2}}`), "", "c.json:2: input_mtok: peak is neither base nor tiers, of the model m"},
		{genai(`[{"prices": {"input_mtok": 1}}, {"constraint": {"start_date": "soon"}, "prices": {}}]`), "", `c.json:2: start_date "soon" is not a date like 2026-10-06, of the model m`},
		{genai(`[{"prices": {"input_mtok": 1}}, {"constraint": {"weekday": "mon"}, "prices": {}}]`), "", "c.json:2: constraint: only start_date, or start_time and end_time, are known, of the model m"},
		{genai(`[{"constraint": {"start_date": "2026-01-01"}, "prices": {}}]`), "", "c.json:2: prices: the first has no constraint, and each has prices, of the model m"},
		{genai(`7`), "", "c.json:2: 7 stands where an object belongs, of the model m"},
		{"[{\"id\": \"p\", \"models\": [{}]}]", "", "c.json:1: a model of p without id or prices"},
	} {
		_, err := catalogue.Parse("c.json", []byte(c.text), c.format)
		if err == nil || err.Error() != c.want {
			t.Errorf("%.80s\ngives %v\nnot   %s", c.text, err, c.want)
		}
	}
}

func book(t testing.TB) *pricing.Book {
	t.Helper()
	b, err := pricing.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSamples imports the real catalogues into an empty file of the user's: that is sound, and a second import adds nothing.
func TestSamples(t *testing.T) {
	root := filepath.Join(cmp.Or(os.Getenv("AIFINOPS_SAMPLES"), filepath.Join("..", "..", "..", "shared", "samples")), "pricing")
	for file, want := range map[string]struct {
		read           string
		models, offers int
	}{
		"litellm/model_prices_and_context_window.2026-08-01.json": {"2026-08-01", 2985, 2877},
		"genai-prices/data.v2.json":                               {"2026-08-21", 1466, 1479},
	} {
		c, err := catalogue.Open(filepath.Join(root, file), "")
		if err != nil {
			t.Skipf("no catalogue to import: %v; name its folder in AIFINOPS_SAMPLES", err)
		}
		if c.Models != want.models || len(c.Offers) != want.offers {
			t.Errorf("%s: %d models, %d offers", file, c.Models, len(c.Offers))
		}
		now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		comparison := pricing.Comparison{From: now}
		if comparison.Read, err = time.Parse(time.DateOnly, want.read); err != nil {
			t.Fatal(err)
		}
		b := book(t)
		d := b.Diff(c.Offers, comparison)
		knownErrors(t, c.Format, d)
		text := d.YAML(pricing.Origin{Text: "a catalogue", Read: now})
		if noise := regexp.MustCompile(`"\d*\.\d{14,}"|\d(0{6,}|9{6,})\d`).FindAllString(text, 3); noise != nil {
			t.Errorf("%s: floats have left their marks: %q", file, noise)
		}
		if err := b.Overlay("prices.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
		for _, err := range b.Lint(now) {
			t.Errorf("%s: %v", file, err)
		}
		taken, second := d.Taken(), b.Diff(c.Offers, comparison)
		if taken < 500 || second.Taken() != 0 {
			t.Errorf("%s: %d prices came in, then %d", file, taken, second.Taken())
		}
	}
}

// knownErrors finds what the catalogues are known to have wrong: it must not come in.
func knownErrors(t *testing.T, format string, d pricing.Diff) {
	t.Helper()
	for _, wrong := range map[string][]string{
		catalogue.LiteLLM: {
			"openai/gpt-5.5-pro cache_read standard false", // there is no such price
			"openai/gpt-5.4-pro cache_read standard true",
			"openai/gpt-5.5 input priority false", // 12.50, not 10
			"anthropic/claude-3-haiku cache_write_1h standard false",
			"anthropic/claude-3-opus cache_write_1h standard false",
			"anthropic/claude-sonnet-4 input standard true", // the band ended on 2026-04-30
		},
		catalogue.GenaiPrices: {
			"anthropic/claude-sonnet-5 input standard false",                     // a rise that was cancelled
			"aws-bedrock/global.anthropic.claude-sonnet-5 output standard false", // the same at a reseller
			"anthropic/claude-sonnet-4-5 output standard true",                   // the band ended here too
			"deepseek/deepseek-chat input standard false",                        // of February 2025
			"openai/gpt-5.6-sol input standard false",                            // cut on the day of the catalogue
		},
	}[format] {
		met := false
		for _, c := range d.Changes {
			if fmt.Sprintf("%s/%s %s %s %t", c.Provider, c.Model, c.Key.Class, c.Key.Tier, c.Key.Long) != wrong {
				continue
			}
			met = true
			if c.Verdict != pricing.VerdictGuarded {
				t.Errorf("%s: %s is %s", format, wrong, c.Verdict)
			}
		}
		if !met {
			t.Logf("%s: %s is not in the book or the catalogue any more", format, wrong)
		}
	}
}

// FuzzParse holds the reader of catalogues to three promises: no text makes it panic, what is refused names the file, and what is
// taken can be read back.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"gpt-5.5": {"litellm_provider": "openai", "input_cost_per_token": 6e-06, "input_cost_per_token_above_272k_tokens_flex": 1e-6, "seat_price": 1}}`))
	f.Add([]byte(`{"azure/eu/x@20260101": {"litellm_provider": "azure", "input_cost_per_token": 1e-06, "provider_specific_entry": {"fast": 2}, "tiered_pricing": [{"range": [0, 9]}]}}`))
	f.Add([]byte(`[{"id": "openai", "models": [{"id": "o3", "prices": [{"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 9, "price": 2}]}, "web_searches_kcount": 1}}, {"constraint": {"start_date": "2026-09-01"}, "prices": {"output_mtok": 3}}]}]}]`))
	f.Add([]byte(`[{"id": "deepseek", "models": [{"id": "deepseek-v4-pro", "prices": [{"prices": {"input_mtok": 1, "web_searches_kcount": 1}}, {"constraint": {"start_time": "22:00:00Z", "end_time": "02:00:00Z"}, "prices": {"input_mtok": 2}}]}]}]`))
	b := book(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := catalogue.Parse("c.json", text, "")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "c.json:") {
				t.Errorf("%q does not name the file", err)
			}
			return
		}
		d := b.Diff(c.Offers, pricing.Comparison{From: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Ignore: pricing.Guards()})
		if out := d.YAML(pricing.Origin{Text: "x", Read: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}); out != "" {
			if err := book(t).Overlay("out.yaml", []byte(out)); err != nil {
				t.Errorf("%v, of\n%s", err, out)
			}
		}
	})
}
