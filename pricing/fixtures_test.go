package pricing_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// A fixture is the usage block of one recorded call, and what another catalogue says that it cost.
type fixture struct {
	Provider, Model string
	Usage           map[string]int64    `json:"genai_prices_usage"`
	Input           decimal.Decimal     `json:"input_price"`
	Output          decimal.Decimal     `json:"output_price"`
	Total           decimal.NullDecimal `json:"total_price"`
}

func (f fixture) price() decimal.Decimal {
	if f.Total.Valid {
		return f.Total.Decimal
	}
	return f.Input.Add(f.Output)
}

// classes makes the usage disjoint: there, a class contains its parts.
func (f fixture) classes() map[string]int64 {
	u := f.Usage
	written := max(u["cache_write_tokens"], u["cache_write_5m_tokens"]+u["cache_write_1h_tokens"])
	c := map[string]int64{
		"input_audio":      u["input_audio_tokens"],
		"input_image":      u["input_image_tokens"] - u["cache_image_read_tokens"],
		"cache_read":       u["cache_read_tokens"] - u["cache_image_read_tokens"],
		"cache_read_image": u["cache_image_read_tokens"],
		"cache_write_5m":   written - u["cache_write_1h_tokens"],
		"cache_write_1h":   u["cache_write_1h_tokens"],
		"output":           u["output_tokens"] - u["output_image_tokens"],
		"output_image":     u["output_image_tokens"],
		"web_search":       u["web_searches"],
	}
	c["input"] = u["input_tokens"] - c["input_audio"] - c["input_image"] - c["cache_read"] - c["cache_read_image"] - written
	return c
}

// disagreements is the models of which the book says another price than the fixtures do, with the number of calls and why.
func disagreements() map[string]string {
	return map[string]string{
		"anthropic/claude-sonnet-4-5-20250929":   "2 calls: the catalogue still has the long band that ended on 2026-04-30; and they are several calls in one, each below it",
		"google/gemini-2.0-flash":                "5 calls: shut down on 2026-06-01; the book has no price after that",
		"mistral/mistral-large-latest":           "1 calls: it read from a cache, and the book knows no price of that",
		"openai/gpt-4o-audio-preview-2024-12-17": "2 calls: the catalogue prices audio as text, 16 times too low",
		"openai/gpt-5.6-sol":                     "8 calls: 4/20 since this very day, in the catalogue 5/30",
	}
}

// unknownModels is the models that the book does not have, with the number of calls.
func unknownModels() map[string]int {
	return map[string]int{"google/gemini-2.0-flash-exp": 2, "mistral/mistral-small-latest": 2, "openai/gpt-oss-120b": 3}
}

// TestFixtures prices recorded calls as of the day of their catalogue, and names every difference.
func TestFixtures(t *testing.T) {
	root := cmp.Or(os.Getenv("AIFINOPS_SAMPLES"), filepath.Join("..", "..", "shared", "samples"))
	text, err := os.ReadFile(filepath.Join(root, "pricing", "genai-prices", "usage-fixtures-trimmed.json"))
	if err != nil {
		t.Skipf("no recorded calls to price: %v; name their folder in AIFINOPS_SAMPLES", err)
	}
	var all []fixture
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Provider+" "+f.Model)
	}
	db := install(t, pricing.Terms{}, names...)
	differ, unknown, same := map[string]int{}, map[string]int{}, 0
	for _, f := range all {
		got, known := priceOf(t, db, f)
		switch {
		case !known:
			unknown[f.Provider+"/"+f.Model]++
		case got != f.price().String():
			t.Logf("%s %v: %s, there %s", f.Model, f.Usage, got, f.price())
			differ[f.Provider+"/"+f.Model]++
		default:
			same++
		}
	}
	if same == 0 {
		t.Error("no call costs the same")
	}
	if !maps.Equal(unknown, unknownModels()) {
		t.Errorf("the book lacks %v, not %v", unknown, unknownModels())
	}
	reasons := disagreements()
	for model, n := range differ {
		if !strings.HasPrefix(reasons[model], fmt.Sprintf("%d calls: ", n)) {
			t.Errorf("%d calls of %s cost something else; known is %q", n, model, reasons[model])
		}
	}
	for model := range reasons {
		if differ[model] == 0 {
			t.Errorf("%s costs the same; known is %q", model, reasons[model])
		}
	}
}

// priceOf is the price of a call at list, standard tier; missing classes are named in it.
func priceOf(t *testing.T, db *sql.DB, f fixture) (price string, known bool) {
	t.Helper()
	var values []string
	for class, quantity := range f.classes() {
		if quantity != 0 {
			values = append(values, fmt.Sprintf("('%s', %d)", class, quantity))
		}
	}
	if query(t, db, `SELECT 1 FROM model_names WHERE ProviderName = ? AND x_Model = ?`, f.Provider, f.Model) == "" {
		return "", false
	}
	if values == nil {
		return "0", true
	}
	return query(t, db, `
		SELECT CASE WHEN count(price) < count(*) THEN 'no price of ' || string_agg(class, ', ') FILTER (price IS NULL)
			ELSE rtrim(rtrim(sum(price * quantity)::DECIMAL(38,12)::VARCHAR, '0'), '.') END
		FROM (VALUES `+strings.Join(values, ", ")+`) u(class, quantity)
		LEFT JOIN (FROM model_names JOIN prices USING (x_BookModel)
			WHERE ProviderName = ? AND x_Model = ? AND x_ServiceTier = 'standard' AND long = coalesce(? > long_over, false)
				AND rate_from <= TIMESTAMP '2026-08-21' AND rate_to > TIMESTAMP '2026-08-21') p ON p.x_TokenClass = u.class`,
		f.Provider, f.Model, f.Usage["input_tokens"]), true
}
