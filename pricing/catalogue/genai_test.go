package catalogue_test

import (
	"testing"
	"time"

	"github.com/aifinops/aifinops/pricing/catalogue"
)

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// TestGenaiPrices: each way in which genai-prices says a price.
func TestGenaiPrices(t *testing.T) {
	for name, c := range map[string]struct{ prices, want string }{
		"classes": {
			`{"input_mtok": 0.1, "cache_read_mtok": 0.01, "cache_write_mtok": 0.125, "cache_write_1h_mtok": 0.2, "output_mtok": 5, "input_audio_mtok": 3, "cache_audio_read_mtok": 0.3, "cache_image_read_mtok": 2, "output_image_mtok": 30}`,
			"p m: cache_read 0.01, cache_read_audio 0.3, cache_read_image 2, cache_write_1h 0.2, cache_write_5m 0.125, input 0.1, input_audio 3, output 5, output_image 30"},
		"units": {
			`{"web_searches_kcount": 10, "rerank_searches_kcount": 2, "storage_searches_kcount": 2.5, "input_audio_hours": 0.36}`,
			"p m: file_search 2.5 per 1000, search 2 per 1000, seconds 0.36 per 3600, web_search 10 per 1000"},
		"what a float made of a price": {
			`{"input_mtok": 0.18000000000000002, "cache_write_mtok": 0.08333333333333334, "web_searches_kcount": 1}`,
			"p m: cache_write_5m 0.0833333333333, input 0.18, web_search 1 per 1000"},
		"tiers by length": {
			`{"input_mtok": {"base": 1.25, "tiers": [{"start": 200000, "price": 2.5}]}, "output_mtok": {"base": 10, "tiers": [{"start": 200000, "price": 15}]}, "web_searches_kcount": 35}`,
			"p m: input 1.25, input > 200000 2.5, output 10, output > 200000 15, web_search 35 per 1000"},
		"two of them": {
			`{"input_mtok": {"base": 1, "tiers": [{"start": 1000, "price": 2}, {"start": 2000, "price": 3}]}, "web_searches_kcount": 1}`,
			`p m: web_search 1 per 1000; input_mtok={"base": 1, "tiers": [{"start": 1000, "p... [form]`},
		"two limits": {
			`{"input_mtok": {"base": 1, "tiers": [{"start": 1000, "price": 2}]}, "output_mtok": {"base": 1, "tiers": [{"start": 2000, "price": 2}]}, "web_searches_kcount": 1}`,
			`p m: input 1, input > 1000 2, web_search 1 per 1000; output_mtok={"base": 1, "tiers": [{"start": 2000, "p... [form]`},
		"days": {
			`[{"prices": {"input_mtok": 10, "web_searches_kcount": 1}}, {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2}}]`,
			"..2025-06-10 p m: input 10, web_search 1 per 1000\n2025-06-10.. p m: input 2"},
		"hours": {
			`[{"prices": {"input_mtok": 1, "web_searches_kcount": 1}}, {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}, "prices": {"input_mtok": 2}}]`,
			"p m: input 01:00-04:00 2, input 1, web_search 1 per 1000"},
		"hours past midnight": {
			`[{"prices": {"input_mtok": 1, "web_searches_kcount": 1}}, {"constraint": {"start_time": "22:00:00Z", "end_time": "02:00:00Z"}, "prices": {"input_mtok": 2}}]`,
			"p m: input 00:00-02:00 2, input 1, input 22:00-24:00 2, web_search 1 per 1000"},
		"half hours": {
			`[{"prices": {"input_mtok": 1, "web_searches_kcount": 1}}, {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 2}}]`,
			"p m: input 1, web_search 1 per 1000; constraint=00:30:00Z to 16:30:00Z [form]"},
		"what the book does not have": {
			`{"input_mtok": 1, "output_reasoning_mtok": 3, "output_mtok": 2, "input_video_mtok": 4, "requests_kcount": 5, "output_ultra_mtok": 9}`,
			"p m: input 1, output 2; input_video_mtok=4 []; requests_kcount=5 []; output_ultra_mtok=9 [unknown-field]; output_reasoning_mtok=3 [unknown-field]"},
		"text is what there is without it": {
			`{"input_mtok": 1, "input_text_mtok": 1, "output_text_mtok": 3}`,
			"p m: input 1, output 3"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := catalogue.Parse("c.json", []byte(`[{"id": "p", "name": "P", "models": [{"id": "m", "match": {"equals": "m"}, "prices": `+c.prices+`}]}]`), "genai-prices")
			if err != nil {
				t.Fatal(err)
			}
			if got := offersText(got.Offers); got != c.want {
				t.Errorf("gives\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}
