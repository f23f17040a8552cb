package ingest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
)

// A sample is an authentic export, and what was found in it without this program.
type sample struct {
	file    string
	source  string // empty: it must be refused
	records string // all = booked + ignored + rejected; of a refused file a part of the reason
	figures string // money, or input / cache read / cache write 5m / 1h / output tokens, requests, quantity
}

func samples() []sample {
	const (
		costs    = "providers/openai/dashboard_cost_csv/"
		api      = "providers/openai/api_json/"
		spec     = "providers/openai/api_spec_examples/openapi_spec_example_"
		usage    = "providers/openai/dashboard_usage_csv/"
		admin    = "providers/anthropic/admin_api_json/"
		console  = "providers/anthropic/console_cost_csv/claude_api_cost_"
		tokens   = "providers/anthropic/console_tokens_csv/claude_api_tokens_"
		litellm  = "gateways/litellm/"
		focus    = "cloud-gpu/focus/"
		examples = "cloud-gpu/focus/spec-examples/"
	)
	return []sample{
		{costs + "cost_2024-12-01_2024-12-31.csv", "openai-costs-csv", "37 = 11 + 26 + 0", "3.905815 USD"},
		{costs + "cost_2025-02-01_2025-03-03.csv", "openai-costs-csv", "109 = 100 + 9 + 0", "720.0729826 USD"},
		{costs + "cost_2025-03-04_2025-04-03.csv", "openai-costs-csv", "75 = 63 + 12 + 0", "15.51987455 USD"},
		{costs + "cost_2025-03-24_2025-04-23.csv", "openai-costs-csv", "30 = 8 + 22 + 0", "0.504868 USD"},
		{costs + "cost_2025-10-05_2025-10-12_pasted_as_tsv.tsv", "openai-costs-csv", "8 = 6 + 2 + 0", "2.98595375 USD"},
		// A row of that test has 16 fields where the header has 17: $0.50 of which the project is unsure.
		{costs + "cost_2026-09-25_2026-09-29_17_columns_from_test.csv", "openai-costs-csv", "3 = 1 + 1 + 1", "0.00383598 USD"},
		{api + "organization_costs_mixed_number_and_string_amounts_from_test.json", "openai-costs", "3 = 3 + 0 + 0", "18.75 USD"},
		{spec + "costs.json", "openai-costs", "1 = 1 + 0 + 0", "0.06 USD"},

		{api + "organization_usage_completions_by_model_from_test.json", "openai-usage", "3 = 3 + 0 + 0", "1250 / 250 / 0 / 0 / 800, 12, 0"},
		{spec + "usage_completions.json", "openai-usage", "1 = 1 + 0 + 0", "500 / 400 / 100 / 0 / 500, 5, 0"},
		{spec + "usage_audio_speeches.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 1, 45"},
		{spec + "usage_audio_transcriptions.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 1, 20"},
		{spec + "usage_code_interpreter_sessions.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 0, 1"},
		{spec + "usage_embeddings.json", "openai-usage", "1 = 1 + 0 + 0", "16 / 0 / 0 / 0 / 0, 2, 0"},
		{spec + "usage_file_search_calls.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 0, 2"},
		{spec + "usage_images.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 2, 2"},
		{spec + "usage_moderations.json", "openai-usage", "1 = 1 + 0 + 0", "16 / 0 / 0 / 0 / 0, 2, 0"},
		{spec + "usage_vector_stores.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 0, 1024"},
		{spec + "usage_web_search_calls.json", "openai-usage", "1 = 1 + 0 + 0", "0 / 0 / 0 / 0 / 0, 2, 2"},
		{usage + "completions_usage_2025-10-05_2025-10-11_pasted_as_tsv.tsv", "openai-usage-csv", "7 = 6 + 1 + 0", "325759 / 13952 / 0 / 0 / 549459, 53, 0"},
		{usage + "completions_usage_2025-01-01_empty_export.csv", "(empty)", "0 = 0 + 0 + 0", ""},
		{"providers/openai/dashboard_activity_csv/activity-2025-04-23-2025-04-24.csv", "openai-activity-csv", "4 = 4 + 0 + 0", "11015 / 0 / 0 / 0 / 1393, 111, 8828295"},

		{admin + "admin_cost_report_doc_example.json", "anthropic-costs", "1 = 1 + 0 + 0", "1.2378912 USD"},
		{admin + "cost_report_multi_day_from_test.json", "anthropic-costs", "3 = 3 + 0 + 0", "198.45 USD"},
		{console + "2024_03.csv", "anthropic-costs-csv", "48 = 48 + 0 + 0", "86.39 USD"},
		{console + "2024_07.csv", "anthropic-costs-csv", "0 = 0 + 0 + 0", ""},
		{console + "2024_08.csv", "anthropic-costs-csv", "10 = 10 + 0 + 0", "1.12 USD"},
		{console + "2024_09.csv", "anthropic-costs-csv", "40 = 40 + 0 + 0", "0.92 USD"},
		{console + "2024_10.csv", "anthropic-costs-csv", "12 = 12 + 0 + 0", "13.92 USD"},
		{console + "2024_11.csv", "anthropic-costs-csv", "5 = 5 + 0 + 0", "0.13 USD"},
		{console + "2024_12.csv", "anthropic-costs-csv", "4 = 4 + 0 + 0", "11.94 USD"},
		{console + "2026_03_12_columns_from_test.csv", "anthropic-costs-csv", "3 = 3 + 0 + 0", "4 USD"},
		{console + "2026_08_14_columns_discounted_synthetic_fixture.csv", "anthropic-costs-csv", "4 = 4 + 0 + 0", "0.47 USD"},
		{console + "2026_08_14_columns_trimmed_from_test.csv", "anthropic-costs-csv", "7 = 7 + 0 + 0", "2.95 USD"},
		{admin + "admin_usage_report_messages_doc_example.json", "anthropic-usage", "1 = 1 + 0 + 0", "1500 / 200 / 500 / 1000 / 500, 0, 10"},
		{admin + "usage_report_messages_multi_day_from_test.json", "anthropic-usage", "3 = 3 + 0 + 0", "1800 / 500 / 500 / 1000 / 650, 0, 0"},
		{tokens + "2025_06_old_11_columns.csv", "anthropic-usage-csv", "1 = 1 + 0 + 0", "8 / 0 / 0 / 0 / 1, 0, 0"},
		{tokens + "2026_03_31.csv", "anthropic-usage-csv", "2 = 2 + 0 + 0", "1631112 / 0 / 0 / 0 / 372374, 0, 0"},
		{tokens + "2026_03_no_cache_columns_from_test.csv", "anthropic-usage-csv", "1 = 1 + 0 + 0", "154214 / 0 / 0 / 0 / 2640, 0, 0"},
		{tokens + "daily_from_tests_2026.csv", "anthropic-usage-csv", "6 = 6 + 0 + 0", "397180 / 61624 / 77593 / 0 / 34612, 0, 17"},

		{litellm + "spend_logs_api_rows.reconstructed.json", "litellm-spend-logs", "5 = 5 + 0 + 0", "608 / 10000 / 0 / 0 / 300, 5, 0.00630016"},
		{litellm + "spend_logs_payload.json", "litellm-spend-logs", "1 = 1 + 0 + 0", "10 / 0 / 0 / 0 / 20, 1, 0.000225"},

		{focus + "focus-1.0-sample-1000.csv", "focus", "1000 = 1000 + 0 + 0", "20.52022672899 USD"},
		{focus + "focus-1.2-aifinops-export.reconstructed.csv", "focus", "6 = 6 + 0 + 0", "63.55 USD"},
		{examples + "draft_cached_tokens_via_csp_marketplace.csv", "focus", "2 = 2 + 0 + 0", "47.5 USD"},
		{examples + "draft_drawdown_via_prepayment_ai_model_api.csv", "focus", "3 = 3 + 0 + 0", "500000 USD"},
		{examples + "draft_per_token_ai_model_api.csv", "focus", "2 = 2 + 0 + 0", "94.5 USD"},
		{examples + "virtual_currency_pricing_model_a1.csv", "focus", "1 = 1 + 0 + 0", "200000 USD"},
		{examples + "virtual_currency_pricing_model_a2.csv", "focus", "3 = 3 + 0 + 0", "0 USD"},
		{examples + "virtual_currency_pricing_model_b1.csv", "focus", "1 = 1 + 0 + 0", "100000 USD"},
		{examples + "virtual_currency_pricing_model_b2.csv", "focus", "3 = 3 + 0 + 0", "0 USD"},
		{examples + "virtual_currency_pricing_model_b3.csv", "focus", "3 = 3 + 0 + 0", "0 USD"},
		{examples + "virtual_currency_pricing_model_c.csv", "focus", "2 = 2 + 0 + 0", "53000 USD"},

		{"providers/openrouter/openrouter_activity_daily_slug_from_test.csv", "openrouter-activity-daily", "2 = 2 + 0 + 0", "935.94 USD"},
		{"providers/openrouter/openrouter_activity_generations_header_only.csv", "openrouter-activity", "0 = 0 + 0 + 0", ""},
		{"providers/openrouter/openrouter_activity_generations_reconstructed.csv", "openrouter-activity", "1 = 1 + 0 + 0", "0.0123 USD"},
		{"providers/openrouter/openrouter_api_v1_activity_doc_example.json", "openrouter-activity-api", "1 = 1 + 0 + 0", "0.015 USD"},
		{"providers/deepseek/cost-2026-5_legacy_utc_date_from_doc.csv", "deepseek-costs", "1 = 1 + 0 + 0", "7.58 CNY"},
		{"providers/deepseek/cost-2026-7_bom_crlf_compact_date_from_test.csv", "deepseek-costs", "1 = 1 + 0 + 0", "1.2345 USD"},
		{"providers/deepseek/cost-2026-8_start_time_iso_from_test.csv", "deepseek-costs", "1 = 1 + 0 + 0", "0.032532 CNY"},
		{"providers/deepseek/amount-2026-5_legacy_utc_date_reconstructed.csv", "deepseek-usage", "4 = 4 + 0 + 0", "4628712 / 102093056 / 0 / 0 / 456669, 735, 0"},
		{"providers/deepseek/amount-2026-6_legacy_utc_date.csv", "deepseek-usage", "8 = 8 + 0 + 0", "43213 / 61056 / 0 / 0 / 26649, 59, 0"},
		{"providers/deepseek/amount-2026-7_bom_crlf_compact_date_from_test.csv", "deepseek-usage", "4 = 4 + 0 + 0", "500 / 1000 / 0 / 0 / 200, 3, 0"},
		{"providers/deepseek/amount-2026-8_start_time_iso_from_test.csv", "deepseek-usage", "3 = 3 + 0 + 0", "7064 / 0 / 0 / 0 / 1890, 2, 0"},
		{"providers/mistral/billing_v2_usage_2025-11_from_test.json", "mistral-usage", "1 = 1 + 0 + 0", "0.02536281 EUR"},
		{"providers/groq/platform_v1_organization_activity_from_test.json", "groq-activity", "3 = 3 + 0 + 0", "0.035 USD"},
		{"providers/xai/billing_teams_usage_from_test.json", "xai-usage", "6 = 3 + 3 + 0", "1.75973725 USD"},
		{"providers/fireworks/billing_metrics_2025_11_columns_doc_example.csv", "fireworks-usage", "1 = 1 + 0 + 0", "803 / 0 / 0 / 0 / 109, 0, 0"},
		{"providers/fireworks/billing_metrics_2026_13_columns_doc_example.csv", "fireworks-usage", "1 = 1 + 0 + 0", "603 / 200 / 0 / 0 / 109, 0, 0"},
		{"providers/chatgpt-enterprise/credit_usage_report_sample.csv", "chatgpt-enterprise-credits", "6 = 6 + 0 + 0", "0 / 0 / 0 / 0 / 0, 0, 10559.88"},
		{admin + "admin_usage_report_claude_code_doc_example.json", "claude-code-analytics", "2 = 2 + 0 + 0", "68330 / 12210 / 3230 / 0 / 18130, 0, 2.28"},
		{admin + "claude_code_analytics_guide_doc_example.json", "claude-code-analytics", "1 = 1 + 0 + 0", "100000 / 10000 / 5000 / 0 / 35000, 0, 1.41"},
		{admin + "enterprise_analytics_cost_report_doc_example.json", "", `"amount" is not money`, ""},
		{admin + "enterprise_analytics_user_cost_report_doc_example.json", "", "grouped by rbac_group_id", ""},
		{"providers/anthropic/enterprise_spend_report_csv/spend-report-2026-03-26-to-2026-06-24_from_test.csv", "", "is no month", ""},
		{"providers/anthropic/enterprise_spend_report_csv/spend-report_17_columns_from_test.csv", "", "has none", ""},
		{litellm + "usage_export_daily.reconstructed.csv", "litellm-usage-csv", "2 = 2 + 0 + 0", "1024 / 0 / 0 / 0 / 30, 6, 1273.0002"},
		{litellm + "usage_export_daily_with_models.reconstructed.csv", "litellm-usage-csv", "4 = 4 + 0 + 0", "0 / 0 / 0 / 0 / 0, 5, 1273"},
		{litellm + "usage_export_daily_with_models.buggy_v1.83.reconstructed.csv", "", "versions up to 1.83 repeat the whole day", ""},
		{litellm + "standard_logging_payload.json", "litellm-standard-logging", "1 = 1 + 0 + 0", "10 / 0 / 0 / 0 / 20, 1, 0.000225"},
		{litellm + "focus_export.reconstructed.csv", "litellm-focus", "3 = 3 + 0 + 0", "0 / 0 / 0 / 0 / 0, 0, 12.345903"},
		{litellm + "daily_activity_team.excerpt.json", "litellm-daily-activity", "1 = 1 + 0 + 0", "1008 / 6 / 0 / 0 / 10, 5, 1273"},
		{"providers/deepseek/platform_usage_cost_from_test.json", "", "data holds no allocations", ""},
		{"providers/deepseek/platform_usage_amount_from_test.json", "", "data holds no allocations", ""},
	}
}

// TestSamples reads authentic exports, which are not in the repository, from the
// folder AIFINOPS_SAMPLES. Every file of the vendors below is either known to
// samples, with its figures, or no source reads it: then it is listed.
func TestSamples(t *testing.T) {
	root := os.Getenv("AIFINOPS_SAMPLES")
	if root == "" {
		t.Skip("no authentic exports to read: name their folder in AIFINOPS_SAMPLES")
	}
	var files []string
	for _, vendor := range []string{"providers/openai", "providers/anthropic", "providers/openrouter", "providers/deepseek", "providers/mistral", "providers/groq", "providers/xai",
		"providers/fireworks", "providers/chatgpt-enterprise", "gateways/litellm", "cloud-gpu/focus"} {
		inputs, err := ingest.Find([]string{filepath.Join(root, vendor)})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range inputs {
			name, err := filepath.Rel(root, in.File)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, filepath.ToSlash(name))
		}
	}
	known := samples()
	for _, s := range known {
		if !slices.Contains(files, s.file) {
			t.Errorf("%s is not in %s", s.file, root)
		}
	}
	sources := embedded(t)
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(known, func(s sample) bool { return s.file == file })
			if i < 0 {
				checkUnread(t, root, file, sources)
				return
			}
			checkSample(t, root, known[i], sources)
		})
	}
}

func ingestSample(t *testing.T, root, file string, sources []ingest.Source) (*ingest.Ledger, []ingest.Receipt, error) {
	t.Helper()
	l := openLedger(t)
	receipts, err := ingest.Run(context.Background(), l, ingest.Request{
		Inputs: []ingest.Input{{Name: file, File: filepath.Join(root, file)}}, Sources: sources})
	return l, receipts, err
}

// checkUnread holds a file without figures to being read by no source, and lists it.
func checkUnread(t *testing.T, root, file string, sources []ingest.Source) {
	_, receipts, err := ingestSample(t, root, file, sources)
	var unknown *ingest.UnknownError
	switch {
	case errors.As(err, &unknown):
		t.Logf("no source reads %s; the nearest is %s", file, cmp.Or(unknown.Nearest, "none"))
	case err != nil:
		t.Errorf("%s is refused, and samples does not know why: %v", file, err)
	default:
		t.Errorf("%s is read as %s, and samples does not know its figures", file, receipts[0].Source)
	}
}

func checkSample(t *testing.T, root string, want sample, sources []ingest.Source) {
	l, receipts, err := ingestSample(t, root, want.file, sources)
	if want.source == "" {
		if err == nil || !strings.Contains(err.Error(), want.records) {
			t.Errorf("the error is %v, not one with %q", err, want.records)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	r := receipts[0]
	got := sample{want.file, r.Source, fmt.Sprintf("%d = %d + %d + %d", r.Records, r.Booked, r.Ignored, r.Rejected), figures(t, l, r)}
	if r.Source == "" && r.Status == ingest.Empty {
		got.source = "(empty)"
	}
	if got != want {
		t.Errorf("got  %q\nwant %q\nfirst reject: %s", got, want, r.FirstReject)
	}
}

// figures is what a sample's figures are held against.
func figures(t *testing.T, l *ingest.Ledger, r ingest.Receipt) string {
	t.Helper()
	if r.Role == ingest.Billing {
		var all []string
		for _, d := range r.Dollars {
			all = append(all, d.Value.String()+" "+d.Currency)
		}
		return strings.Join(all, ", ")
	}
	relation := map[ingest.Role]string{ingest.Usage: "usage", ingest.Requests: "requests"}[r.Role]
	if relation == "" {
		return ""
	}
	quantity := map[ingest.Role]string{ingest.Usage: "ConsumedQuantity", ingest.Requests: "x_ReportedCost"}[r.Role]
	sum := func(columns ...string) string {
		return "coalesce(sum(coalesce(" + strings.Join(columns, ", 0) + coalesce(") + ", 0)), 0)"
	}
	var got string
	err := l.DB.QueryRow("SELECT concat(" + strings.Join([]string{
		sum("x_InputTokens", "x_InputAudioTokens", "x_InputImageTokens"), "' / '",
		sum("x_CacheReadTokens", "x_CacheReadAudioTokens", "x_CacheReadImageTokens"), "' / '",
		sum("x_CacheWrite5mTokens"), "' / '", sum("x_CacheWrite1hTokens"), "' / '",
		sum("x_OutputTokens", "x_OutputAudioTokens", "x_OutputImageTokens"), "', '",
		sum("x_Requests"), "', '", "rtrim(rtrim(" + sum(quantity) + "::VARCHAR, '0'), '.')",
	}, ", ") + ") FROM " + relation).Scan(&got)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
