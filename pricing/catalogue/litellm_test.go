package catalogue_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/pricing/catalogue"
)

// TestLiteLLM: each way in which litellm says a price.
func TestLiteLLM(t *testing.T) {
	for name, c := range map[string]struct{ entry, want string }{
		"the text of a float is exact": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1.5e-07, "output_cost_per_token": 0.0000006}`,
			"openai gpt-z: input 0.15, output 0.6"},
		"what a float made of a price is mended": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 3.0000000000000004e-07, "output_cost_per_token": 1.5000020000000002e-05}`,
			"openai gpt-z: input 0.3, output 15.00002"},
		"suffixes are tiers": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "input_cost_per_token_priority": 2e-6, "cache_read_input_token_cost_flex": 5e-8, "output_cost_per_token_batches": 3e-6}`,
			"openai gpt-z: cache_read flex 0.05, input 1, input priority 2, output batch 3"},
		"and bands": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "input_cost_per_token_above_272k_tokens": 2e-6, "input_cost_per_token_above_272k_tokens_priority": 4e-6}`,
			"openai gpt-z: input 1, input > 272000 2, input priority > 272000 4"},
		"an hour is how long a cache lives": {
			`"claude-z": {"litellm_provider": "anthropic", "cache_creation_input_token_cost": 2.5e-6, "cache_creation_input_token_cost_above_1hr": 4e-6, "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 8e-6}`,
			"anthropic claude-z: cache_write_1h 4, cache_write_1h > 200000 8, cache_write_5m 2.5"},
		"two limits are one too many": {
			`"z": {"litellm_provider": "gemini", "input_cost_per_token_above_128k_tokens": 1e-6, "input_cost_per_token_above_256k_tokens": 2e-6}`,
			"gemini z: input > 256000 2; above=2 limits [form]"},
		"a list of two bands": {
			`"z": {"litellm_provider": "openai", "tiered_pricing": [{"range": [0, 256000.0], "input_cost_per_token": 1e-6}, {"range": [256000.0, 1000000.0], "input_cost_per_token": 3e-6}]}`,
			"openai z: input 1, input > 256000 3"},
		"a list of three": {
			`"z": {"litellm_provider": "openai", "tiered_pricing": [{"range": [0, 1], "input_cost_per_token": 1e-6}, {"range": [1, 2], "input_cost_per_token": 3e-6}, {"range": [2, 3], "input_cost_per_token": 4e-6}]}`,
			`openai z: ; tiered_pricing=[{"range": [0, 1], "input_cost_per_token... [form]`},
		"multipliers": {
			`"claude-z": {"litellm_provider": "anthropic", "input_cost_per_token": 5e-6, "output_cost_per_token": 2.5e-5, "provider_specific_entry": {"us": 1.1, "fast": 6.0, "moon": 9, "schema": "v2"}}`,
			"anthropic claude-z: input 5, input fast 30, output 25, output fast 150; provider_specific_entry: moon=9 [unknown-field]; region us 1.1"},
		"the regions of OpenAI": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "regional_processing_uplift_multiplier_eu": 1.1, "regional_processing_uplift_multiplier_us": 1.1}`,
			"openai gpt-z: input 1; region data_residency 1.1"},
		"regions that differ": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "regional_processing_uplift_multiplier_eu": 1.1, "regional_processing_uplift_multiplier_us": 1.2}`,
			"openai gpt-z: input 1; regional_processing_uplift_multiplier=1.1, 1.2 []; region data_residency 1.1"},
		"a kind of model without output": {
			`"e": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 2e-8, "output_cost_per_token": 0.0}`,
			"openai e: input 0.02"},
		"elsewhere 0 is a price to be asked about": {
			`"d": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 2e-8, "cache_creation_input_token_cost": 0}`,
			"deepseek d: cache_write_5m 0, input 0.02"},
		"units": {
			`"r": {"litellm_provider": "cohere", "mode": "rerank", "input_cost_per_query": 0.002, "input_cost_per_token": 0.0},
			 "w": {"litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0002833333333333333, "output_cost_per_second": 0.0},
			 "s": {"litellm_provider": "gemini", "search_context_cost_per_query": {"search_context_size_low": 0.035, "search_context_size_high": 0.035}}`,
			"cohere r: search 2 per 1000\nopenai w: seconds 0.017 per 60\ngemini s: web_search 35 per 1000"},
		"units that the book does not have": {
			`"i": {"litellm_provider": "openai", "input_cost_per_image": 0.01, "output_cost_per_pixel": 0.0, "input_cost_per_video_per_second_above_8s_interval": 0.1, "input_cost_per_token": 1e-6}`,
			"openai i: input 1; input_cost_per_image=0.01 []; input_cost_per_video_per_second_above_8s_interval=0.1 []"},
		"searches that cost more the more comes back": {
			`"s": {"litellm_provider": "openai", "search_context_cost_per_query": {"search_context_size_low": 0.025, "search_context_size_high": 0.05}}`,
			`openai s: ; search_context_cost_per_query={"search_context_size_low": 0.025, "sear... []`},
		"money that nothing knows": {
			`"gpt-z": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "input_cost_per_token_ultrafast": 9e-6, "seat_price": {"a": 1}, "surge_multiplier": true, "rpm": 3}`,
			`openai gpt-z: input 1; input_cost_per_token_ultrafast=9e-6 [unknown-field]; seat_price={"a": 1} [unknown-field]; surge_multiplier=true [unknown-field]`},
		"the same said twice": {
			`"d": {"litellm_provider": "deepseek", "cache_read_input_token_cost": 2.8e-8, "input_cost_per_token_cache_hit": 2.8e-8, "output_cost_per_token": 1e-6, "output_cost_per_reasoning_token": 1e-6}`,
			"deepseek d: cache_read 0.028, output 1"},
		"and said differently": {
			`"d": {"litellm_provider": "deepseek", "output_cost_per_token": 1e-6, "output_cost_per_reasoning_token": 3e-6}`,
			"deepseek d: output 1; output_cost_per_reasoning_token=3 [unknown-field]"},
		"the description of an entry is none": {
			`"sample_spec": {"litellm_provider": "one of https://docs", "input_cost_per_token": 0.0}, "a": {"litellm_provider": "openai", "input_cost_per_token": 1e-6}, "b": {"litellm_provider": "openai", "max_tokens": "many"}`,
			"openai a: input 1"},
		"Vertex AI has many names": {
			`"gemini-z": {"litellm_provider": "vertex_ai-language-models", "input_cost_per_token": 1e-6}, "vertex_ai/claude-z@20260101": {"litellm_provider": "vertex_ai-anthropic_models", "input_cost_per_token": 2e-6}`,
			"vertex_ai vertex_ai/gemini-z: input 1\nvertex_ai vertex_ai/claude-z@20260101: input 2"},
		"no provider": {
			`"x": {"litellm_provider": "openai", "input_cost_per_token": null}, "z": {"input_cost_per_token": 1e-6, "mode": null}`,
			"(none) z: input 1"},
	} {
		t.Run(name, func(t *testing.T) {
			c2, err := catalogue.Parse("c.json", []byte("{"+c.entry+"}"), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := offersText(c2.Offers); got != c.want {
				t.Errorf("gives\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}

// offersText is offers for a test to read: a line each.
func offersText(offers []pricing.Offer) string {
	var lines []string
	for _, o := range offers {
		line := fmt.Sprintf("%s %s: %s", o.Provider, o.Name, pricesText(o))
		for _, f := range o.Fields {
			line += fmt.Sprintf("; %s=%s [%s]", f.Name, f.Value, f.Stops)
		}
		for region, times := range o.Factors {
			line += fmt.Sprintf("; region %s %s", region, times)
		}
		if !o.From.IsZero() || !o.To.IsZero() {
			line = fmt.Sprintf("%s..%s %s", day(o.From), day(o.To), line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func pricesText(o pricing.Offer) string {
	var all []string
	for key, p := range o.Prices {
		text := key.Class
		if key.Tier != "standard" {
			text += " " + key.Tier
		}
		if key.Long {
			text += fmt.Sprint(" > ", o.Over)
		}
		if key.Hours != "" {
			text += " " + key.Hours
		}
		text += " " + p.Amount.String()
		if p.Per.String() != "1000000" {
			text += " per " + p.Per.String()
		}
		all = append(all, text)
	}
	slices.SortFunc(all, cmp.Compare[string])
	return strings.Join(all, ", ")
}
