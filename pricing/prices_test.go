package pricing_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/pricing"
)

// priceAt is the price of a million tokens or of a thousand units, as SQL finds it.
func priceAt(t *testing.T, db *sql.DB, name, tier, class, at string, long bool) string {
	t.Helper()
	provider, model, _ := strings.Cut(name, " ")
	per := 1_000_000
	if class == "web_search" || class == "search" || class == "seconds" {
		per = 1000
	}
	return query(t, db, `SELECT rtrim(rtrim((price * ?)::DECIMAL(24,9)::VARCHAR, '0'), '.') FROM model_names JOIN prices USING (x_BookModel)
		WHERE ProviderName = ? AND x_Model = ? AND x_ServiceTier = ? AND x_TokenClass = ? AND long = ?
			AND TIMESTAMP '`+at+`' >= rate_from AND TIMESTAMP '`+at+`' < rate_to
			AND isodow(TIMESTAMP '`+at+`') BETWEEN dow_from AND dow_to AND hour(TIMESTAMP '`+at+`') >= hour_from AND hour(TIMESTAMP '`+at+`') < hour_to`,
		per, provider, model, tier, class, long)
}

// TestPrices holds the book to dated facts, each of which some catalogue has wrong.
func TestPrices(t *testing.T) {
	facts := []struct {
		name, tier, class, at string
		long                  bool
		want                  string // empty: there is no price
	}{
		// The cache read of Sonnet 5.5 halved on 2026-10-07, that of the Fables is not a tenth of input.
		{"anthropic claude-sonnet-5-5", "standard", "cache_read", "2026-10-06 23:59:59", false, "0.2"},
		{"anthropic claude-sonnet-5-5", "standard", "cache_read", "2026-10-07 00:00:00", false, "0.1"},
		{"anthropic claude-sonnet-5-5", "batch", "cache_read", "2026-10-07 00:00:00", false, "0.05"},
		{"anthropic claude-sonnet-5-5", "standard", "input", "2026-09-27 23:59:59", false, ""},
		{"anthropic claude-fable-5-1", "standard", "cache_read", "2026-10-01 00:00:00", false, "0.25"},
		// The rise of Sonnet 5 to 3/15 on 2026-09-01 was cancelled.
		{"anthropic claude-sonnet-5", "standard", "input", "2026-09-02 00:00:00", false, "2"},
		// DeepSeek changed at 16:00 UTC, then at 04:00, with peak hours since the first; on weekdays since the second.
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-08-16 15:59:59", false, "0.14"},
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-08-16 16:00:00", false, "0.22"},
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-08-23 01:00:00", false, "0.44"}, // a Sunday
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-08-23 03:59:59", false, "0.44"},
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-08-23 04:00:00", false, "0.22"},
		{"deepseek deepseek-v4-flash", "standard", "output", "2026-08-23 06:00:00", false, "1.32"},
		{"deepseek deepseek-v4-flash", "standard", "output", "2026-08-23 10:00:00", false, "0.66"},
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-09-10 03:59:59", false, "0.44"},
		{"deepseek deepseek-v4-flash", "standard", "input", "2026-09-10 04:00:00", false, "0.15"},
		{"deepseek deepseek-flash", "standard", "cache_read", "2026-09-11 07:30:00", false, "0.006"}, // a Friday
		{"deepseek deepseek-flash", "standard", "cache_read", "2026-09-12 07:30:00", false, "0.003"}, // a Saturday
		{"deepseek deepseek-v4-pro", "standard", "cache_read", "2026-08-16 15:59:59", false, "0.003625"},
		{"deepseek deepseek-v4-pro", "standard", "output", "2026-11-20 09:59:59", false, "3.96"},
		{"deepseek deepseek-v4-pro", "standard", "output", "2026-11-22 09:59:59", false, "1.98"},
		{"deepseek deepseek-reasoner", "standard", "input", "2025-09-10 00:00:00", false, ""},
		// o3 was cut by 80%; its cache read was 2.50 before, not 0.50.
		{"openai o3", "standard", "input", "2025-06-09 23:59:59", false, "10"},
		{"openai o3", "standard", "cache_read", "2025-06-09 23:59:59", false, "2.5"},
		{"openai o3", "standard", "input", "2025-06-10 00:00:00", false, "2"},
		{"openai o3", "priority", "input", "2025-06-10 00:00:00", false, "3.5"},
		// Long prompts: Sonnet 4.5 until the end of April 2026, Opus 4.6 until March; the 4.5 row has both bands for good.
		{"anthropic claude-sonnet-4-5", "standard", "input", "2026-04-30 23:59:59", true, "6"},
		{"anthropic claude-sonnet-4-5", "standard", "output", "2026-04-30 23:59:59", true, "22.5"},
		{"anthropic claude-sonnet-4-5", "batch", "input", "2026-04-30 23:59:59", true, "3"},
		{"anthropic claude-sonnet-4-5", "standard", "input", "2026-05-01 00:00:00", true, "3"},
		{"anthropic claude-opus-4-6", "standard", "cache_write_1h", "2026-03-12 23:59:59", true, "20"},
		{"anthropic claude-opus-4-6", "standard", "cache_write_1h", "2026-03-13 00:00:00", true, "10"},
		{"anthropic claude-haiku-5-5", "standard", "input", "2026-11-01 00:00:00", true, "0.5"},
		{"openai gpt-5.5", "standard", "cache_read", "2026-11-01 00:00:00", true, "1"},
		{"openai gpt-5.5", "flex", "output", "2026-11-01 00:00:00", true, "22.5"},
		{"openai gpt-5.5", "priority", "input", "2026-11-01 00:00:00", false, "12.5"},
		{"openai gpt-5.5", "priority", "input", "2026-11-01 00:00:00", true, ""},
		{"openai gpt-4o", "standard", "input", "2026-11-01 00:00:00", true, ""},
		// Cuts of the 5.6 family; OpenAI's cache writes.
		{"openai gpt-5.6-luna", "standard", "input", "2026-07-29 23:59:59", false, "1"},
		{"openai gpt-5.6-luna", "standard", "input", "2026-07-30 00:00:00", false, "0.2"},
		{"openai gpt-5.6-sol", "standard", "cache_write_5m", "2026-08-20 23:59:59", false, "6.25"},
		{"openai gpt-5.6-sol", "standard", "output", "2026-08-21 00:00:00", false, "20"},
		{"openai gpt-5.5", "standard", "cache_write_5m", "2026-11-01 00:00:00", false, ""},
		// Tiers are numbers, not ratios: no batch discount, no cached price in batch, rounded prices.
		{"openai gpt-3.5-turbo-1106", "batch", "input", "2026-01-01 00:00:00", false, "1"},
		{"openai gpt-4.1", "batch", "input", "2026-01-01 00:00:00", false, "1"},
		{"openai gpt-4.1", "batch", "cache_read", "2026-01-01 00:00:00", false, ""},
		{"openai gpt-4o-mini", "priority", "input", "2026-01-01 00:00:00", false, "0.25"},
		{"openai gpt-5.4", "batch", "cache_read", "2026-06-01 00:00:00", false, "0.125"}, // the page rounds to 0.13
		{"openai o4-mini", "flex", "cache_read", "2026-06-01 00:00:00", false, "0.1375"},
		{"openai ft:gpt-4o-2024-08-06:acme::1", "batch", "input", "2026-06-01 00:00:00", false, "2.225"},
		{"google gemini-3.5-flash-lite", "batch", "cache_read", "2026-09-01 00:00:00", false, "0.02"},
		{"google gemini-3.5-flash-lite", "flex", "cache_read", "2026-09-01 00:00:00", false, "0.02"},
		{"google gemini-3.5-flash-lite", "priority", "cache_read", "2026-09-01 00:00:00", false, "0.05"},
		{"anthropic claude-opus-5-5", "fast", "output", "2026-10-01 00:00:00", false, "40"},
		{"anthropic claude-opus-5-5", "priority", "output", "2026-10-01 00:00:00", false, ""},
		{"google gemini-3.8-flash", "standard", "input", "2026-12-31 23:59:59", false, "0.75"},
		{"google gemini-3.8-flash", "standard", "input", "2027-01-01 00:00:00", false, "1.5"},
		// Modalities, units, embeddings.
		{"openai gpt-realtime-2", "standard", "input_audio", "2026-10-01 00:00:00", false, "32"},
		{"openai gpt-realtime-2", "standard", "cache_read_image", "2026-10-01 00:00:00", false, "0.5"},
		{"openai gpt-image-2", "standard", "output", "2026-10-01 00:00:00", false, ""},
		{"openai gpt-image-2", "standard", "output_image", "2026-10-01 00:00:00", false, "30"},
		{"openai whisper-1", "standard", "seconds", "2026-10-01 00:00:00", false, "0.1"},
		{"openai whisper-1", "standard", "input", "2026-10-01 00:00:00", false, ""},
		{"openai text-embedding-3-small", "standard", "output", "2026-10-01 00:00:00", false, ""},
		{"openai gpt-4o-search-preview", "standard", "web_search", "2026-10-01 00:00:00", false, "25"},
		{"cohere rerank-v3.5", "standard", "search", "2026-10-01 00:00:00", false, "2"},
		{"openai ", "standard", "web_search", "2026-10-01 00:00:00", false, "10"},
		// Places: a tenth more on Bedrock unless global, and in Azure's data zones.
		{"aws us.anthropic.claude-opus-5", "standard", "input", "2026-10-01 00:00:00", false, "5.5"},
		{"aws global.anthropic.claude-opus-5", "standard", "input", "2026-10-01 00:00:00", false, "5"},
		{"aws anthropic.claude-3-7-sonnet-20250219-v1:0", "standard", "input", "2026-10-01 00:00:00", false, "3"},
		{"azure azure/eu/gpt-4o", "standard", "input", "2026-10-01 00:00:00", false, "2.75"},
		{"azure azure/gpt-4o", "standard", "input", "2026-10-01 00:00:00", false, "2.5"},
	}
	var names []string
	for _, f := range facts {
		names = append(names, f.name)
	}
	db := install(t, pricing.Terms{}, names...)
	for _, f := range facts {
		if got := priceAt(t, db, f.name, f.tier, f.class, f.at, f.long); got != f.want {
			t.Errorf("%s %s %s at %s (long: %t) costs %q, not %q", f.name, f.tier, f.class, f.at, f.long, got, f.want)
		}
	}
}
