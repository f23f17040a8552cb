package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
)

// What lies where another file lay is another file, but for one that the configuration, or a sheet that is kept by hand, had under a mistaken name.
func TestSamePlace(t *testing.T) {
	const sheet, longer = "Day,Cost\n2026-10-01,2.00\n2026-10-02,3.00\n", "Day,Cost\n2026-10-01,2.00\n2026-10-02,3.00\n2026-10-03,4.00\n"
	const openai = "start_time,end_time,amount_value,amount_currency,line_item,project_id,organization_id\n1790812800,1790899200,10,usd,gpt-5.4,proj_a,org-1\n"
	const anthropic = "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed\n" +
		"2026-10-01,claude-x,w,k,message,≤200k,input_no_cache,7.00,7.00,token,global,\n"
	maps := func(names ...string) []ingest.Mapping {
		all := make([]ingest.Mapping, len(names))
		for i, name := range names {
			provider, account, _ := strings.Cut(name, "/")
			all[i] = ingest.Mapping{Name: map[bool]string{true: "gpu"}[account != ""], Path: "a.csv", Provider: provider, Account: account, Columns: map[string]string{"date": "Day", "cost": "Cost"}}
		}
		return all
	}
	type file struct {
		text, source string
		maps         []ingest.Mapping
		replace      bool
		err          error
	}
	for _, test := range []struct {
		name  string
		files []file
		want  string
	}{
		{"a provider mended", []file{{text: sheet, maps: maps("runpd")}, {text: sheet, maps: maps("runpod")}}, "runpod 5.00"},
		{"and more days", []file{{text: sheet, maps: maps("runpd")}, {text: longer, maps: maps("runpod"), err: ingest.ErrSameDollars}, {text: longer, maps: maps("runpod"), replace: true}}, "runpod 9.00"},
		{"an account mended, and more days", []file{{text: sheet, maps: maps("runpod/tem")}, {text: longer, maps: maps("runpod/team"), err: ingest.ErrSameDollars},
			{text: longer, maps: maps("runpod/team"), replace: true}}, "runpod 9.00"},
		{"two maps of one file", []file{{text: sheet, maps: maps("runpod", "modal"), source: "runpod"}, {text: sheet, maps: maps("runpod", "modal"), source: "modal"}}, "modal 5.00, runpod 5.00"},
		{"two vendors under one name", []file{{text: openai}, {text: anthropic}}, "anthropic 7.00, openai 10.00"},
		{"an invoice of a misspelt provider", []file{{text: "provider,month,total\nopnai,2026-10,5\n"}, {text: "provider,month,total\nopenai,2026-10,5\n", err: ingest.ErrSameDollars},
			{text: "provider,month,total\nopenai,2026-10,5\n", replace: true}}, "openai 5.00"},
		{"an invoice without its account", []file{{text: "provider,month,total,account\nopenai,2026-10,5,\n"}, {text: "provider,month,total,account\nopenai,2026-10,5,org\n", err: ingest.ErrSameDollars}}, "openai 5.00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := openLedger(t)
			for hour, f := range test.files {
				r := offer(t, "a.csv", f.text, hour)
				r.Source, r.Replace = f.source, f.replace
				for _, m := range f.maps {
					s, err := m.NewSource("USD", r.Sources)
					if err != nil {
						t.Fatal(err)
					}
					r.Sources = append(r.Sources, s)
				}
				if _, err := ingest.Run(context.Background(), l, r); !errors.Is(err, f.err) {
					t.Fatalf("file %d: %v", hour, err)
				}
			}
			_, got, _ := strings.Cut(dump(t, l.DB, `SELECT string_agg(ProviderName || ' ' || amount, ', ' ORDER BY ProviderName) AS booked FROM (
				SELECT ProviderName, sum(BilledCost)::DECIMAL(18,2) AS amount FROM charges GROUP BY ALL
				UNION ALL SELECT ProviderName, sum(x_InvoiceTotal)::DECIMAL(18,2) FROM invoices GROUP BY ALL)`), "\n")
			if strings.TrimSpace(got) != test.want {
				t.Errorf("the ledger holds %s, not %s", got, test.want)
			}
		})
	}
}
