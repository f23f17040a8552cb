package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
)

const cloudBill = `BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingPeriodEnd,ProviderName,ServiceName,ServiceCategory,SubAccountId,BillingAccountId,Tags
10.25,10.25,USD,Usage,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWS,Amazon Bedrock,AI and Machine Learning,111,org,
20,20,USD,Usage,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWS,Amazon S3,Storage,111,org,"{""Team"":""ML-search""}"
40,40,USD,Usage,2026-10-02T00:00:00Z,2026-10-03T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWS,Amazon S3,Storage,222,org,
-5,-5,USD,Credit,2026-10-02T00:00:00Z,2026-10-03T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWS,Amazon S3,Storage,222,org,
80,80,USD,Usage,2026-10-02T00:00:00Z,2026-10-03T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Microsoft,Virtual Machines,Compute,sub,mca,
`

// offer is a request to book one file under a name.
func offer(t *testing.T, name, text string, hour int) ingest.Request {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ingest.Request{Sources: embedded(t), Inputs: []ingest.Input{{Name: name, File: path, Modified: time.Date(2026, 11, 1, hour, 0, 0, 0, time.UTC)}}}
}

// Of a bill for more than AI the entries say what is booked. The rest is counted, once, whatever is booked again, and what nobody names stays.
func TestAISpend(t *testing.T) {
	const sums = `SELECT (SELECT string_agg(ServiceName || ' ' || BilledCost::DOUBLE, ', ' ORDER BY BilledCost) FROM charges) AS booked,
		(SELECT sum(BilledCost)::DOUBLE || ' of ' || sum(charges) FROM left_out) AS left_out`
	aws := func(fields ...string) ingest.Keep {
		k := ingest.Keep{"provider": {"aws"}}
		for i := 0; i < len(fields); i += 2 {
			k[fields[i]] = ingest.Choices{fields[i+1]}
		}
		return k
	}
	for _, test := range []struct {
		name string
		keep []ingest.Keep
		want string
		left int64
	}{
		{"nothing is said", nil, "Amazon S3 -5.0, Amazon Bedrock 10.25, Amazon S3 20.0, Amazon S3 40.0, Virtual Machines 80.0", 0},
		{"what is AI", []ingest.Keep{aws("category", "ai")}, "Amazon Bedrock 10.25, Virtual Machines 80.0               55.0 of 3", 3},
		{"a tag", []ingest.Keep{aws("tag.team", "ml-*")}, "Amazon S3 20.0, Virtual Machines 80.0                     45.25 of 3", 3},
		{"either of two", []ingest.Keep{aws("category", "ai"), aws("project", "222", "charge_category", "usage")}, "Amazon Bedrock 10.25, Amazon S3 40.0, Virtual Machines 80.0  15.0 of 2", 2},
		{"all providers", []ingest.Keep{{"service": {"amazon s3"}, "project": {"111"}}}, "Amazon S3 20.0  125.25 of 4", 4},
		{"none of it", []ingest.Keep{{"provider": {"*"}, "service": {"nothing"}}}, "145.25 of 5", 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := openLedger(t)
			r := offer(t, "bill.csv", cloudBill, 0)
			r.Keep = test.keep
			for range 2 {
				receipts, err := ingest.Run(context.Background(), l, r)
				if err != nil {
					t.Fatal(err)
				}
				if got := receipts[0]; got.LeftOut != test.left || got.Booked+got.Ignored != 5 {
					t.Errorf("%d left out, %d booked and %d ignored of 5", got.LeftOut, got.Booked, got.Ignored)
				}
				_, got, _ := strings.Cut(dump(t, l.DB, sums), "\n")
				if diff := cmp.Diff(strings.Fields(test.want), strings.Fields(got)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				r.Again = true
			}
		})
	}
}

// A newer bill's word on what is left out takes the place of the older's.
func TestAISpendOfANewerBill(t *testing.T) {
	l := openLedger(t)
	keep := []ingest.Keep{{"provider": {"aws"}, "category": {"ai"}}}
	for hour, text := range []string{cloudBill, strings.Replace(cloudBill, "\n40,40,", "\n41,41,", 1)} {
		r := offer(t, "bill.csv", text, hour)
		r.Keep = keep
		if _, err := ingest.Run(context.Background(), l, r); err != nil {
			t.Fatal(err)
		}
	}
	if got := dump(t, l.DB, "SELECT count(*) AS rows, sum(BilledCost)::DOUBLE AS cost FROM left_out"); !strings.Contains(got, "56.0") {
		t.Error(got)
	}
}

func TestKeepCheck(t *testing.T) {
	for want, k := range map[string]ingest.Keep{
		`no field "servce"; the fields are account, category, charge_category, description, model, project, provider, region, resource, service, sku, tag.NAME`: {"servce": {"x"}},
		"service has an empty value, which nothing matches":                                 {"service": {""}},
		"an entry that names nothing would keep everything; leave ai_spend out for that":    {},
		"service: /a.*/ is a regular expression; here a text or a glob such as ml-* stands": {"service": {"/a.*/"}},
	} {
		if err := k.Check(); err == nil || err.Error() != want {
			t.Errorf("%v: %v", k, err)
		}
	}
}

// A file whose records do not add up to its own total is refused, before and after anything else is said of it.
func TestOwnTotal(t *testing.T) {
	own, err := ingest.ParseSource("own", `/*
title: a bill with a total
role: billing
format: [csv]
total: sum(cost) FILTER (WHERE day IS NULL)
columns:
  day: day Day
  cost: money Cost (*)
optional:
  symbol: text above:Currency | in:Cost (*)
  labels: tags label/*
ignore: day IS NULL
*/
SELECT record, day AS ChargePeriodStart, cost AS BilledCost, as_currency(symbol) AS BillingCurrency, 'acme' AS ProviderName, labels AS Tags, file_name() AS SkuId FROM raw`)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"it ties", "Currency,GBP\nDay,Cost (€),label/team,label/Env\n2026-10-01,1.50,ml,\n2026-10-02,2.50,,prod\n,4.00,,\n", "1.500000000000 GBP bill.csv {env=, team=ml}"},
		{"half a cent", "Day,Cost (€)\n2026-10-01,1.504\n,1.50\n", "1.504000000000 EUR bill.csv ·"},
		{"a line is missing", "Day,Cost (€)\n2026-10-01,1.50\n,4.00\n", "bill.csv: its own total is 4, and its records add up to 1.5; nothing is booked\nhint: download it again; if it was edited, mend it"},
		{"no total", "Day,Cost (€)\n2026-10-01,1.50\n", "1.500000000000 EUR bill.csv ·"},
		{"a reject explains it", "Day,Cost (€)\n2026-10-01,1.50\n2026-10-01,free\n,4.00\n", "1.500000000000 EUR bill.csv ·"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := openLedger(t)
			r := offer(t, "bill.csv", test.text, 0)
			r.Sources = append(r.Sources, own)
			if _, err := ingest.Run(context.Background(), l, r); err != nil {
				if err.Error() != test.want {
					t.Error(err)
				}
				return
			}
			var got string
			if err := l.DB.QueryRow("SELECT concat_ws(' ', BilledCost, BillingCurrency, SkuId, coalesce(Tags::VARCHAR, '·')) FROM charges ORDER BY x_Record").Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != strings.Replace(test.want, "{env=, team=ml}", "{team=ml}", 1) {
				t.Error(got)
			}
		})
	}
}

// A file that does not say whose bill it is gets its provider from the configuration, and one that does keeps its own.
func TestMappingOfASource(t *testing.T) {
	all := embedded(t)
	s, err := ingest.Mapping{Path: "inbox/*.csv", Source: "focus", Provider: "Acme Cloud", Account: "main"}.NewSource("USD", all)
	if err != nil {
		t.Fatal(err)
	}
	l := openLedger(t)
	r := offer(t, "bill.csv", strings.ReplaceAll(cloudBill, ",AWS,", ",,"), 0)
	r.Inputs[0].Name, r.Sources = "inbox/bill.csv", append(all, s)
	if _, err := ingest.Run(context.Background(), l, r); err != nil {
		t.Fatal(err)
	}
	want := "ProviderName  x_Source          BillingAccountId  rows\nacme cloud    Acme Cloud-focus  org               4\nazure         Acme Cloud-focus  mca               1\n"
	if diff := cmp.Diff(want, dump(t, l.DB, "SELECT ProviderName, x_Source, BillingAccountId, count(*) AS rows FROM charges GROUP BY ALL ORDER BY 1")); diff != "" {
		t.Error(diff)
	}
	for want, m := range map[string]ingest.Mapping{
		"no source \"focs\"; `aifinops sources` lists them":                                                                     {Path: "a", Source: "focs", Provider: "x"},
		"source focus: name the provider whose bills these files are":                                                           {Path: "a", Source: "focus"},
		"source focus has its own columns; beside it stand name, path, provider, account, service, category and currency alone": {Path: "a", Source: "focus", Provider: "x", Decimal: ","},
		"a source needs a path": {Source: "focus", Provider: "x"},
		`columns: "Betrag (€)" is in EUR, and would be booked as USD; add currency: EUR`: {Path: "a", Provider: "x", Columns: map[string]string{"date": "Tag", "cost": "Betrag (€)"}},
	} {
		if _, err := m.NewSource("USD", all); err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	}
}

// The calls of a gateway, and its sums of the same days: each call would claim its dollars twice.
func TestCallsAndTheirSums(t *testing.T) {
	l := openLedger(t)
	const calls = "request_id,startTime,spend,model,prompt_tokens,completion_tokens,total_tokens\nr-1,2026-10-05 08:00:00,0.001,gpt-4o,10,5,15\n"
	if _, err := ingest.Run(context.Background(), l, offer(t, "logs.csv", calls, 0)); err != nil {
		t.Fatal(err)
	}
	sums := ingest.Mapping{Path: "*.csv", Name: "sums", Role: ingest.Requests, Provider: "openai", Service: "LiteLLM", Columns: map[string]string{"date": "day", "model": "model", "requests": "n", "input_tokens": "tokens"}}
	s, err := sums.NewSource("USD", nil)
	if err != nil {
		t.Fatal(err)
	}
	r := offer(t, "sums.csv", "day,model,n,tokens\n2026-10-05,gpt-4o,1,10\n", 1)
	r.Sources = []ingest.Source{s}
	if _, err = ingest.Run(context.Background(), l, r); !errors.Is(err, ingest.ErrSameDollars) || !strings.Contains(err.Error(), "logs.csv holds calls of LiteLLM from 2026-10-05 on") {
		t.Error(err)
	}
	r.Inputs[0].Modified = r.Inputs[0].Modified.AddDate(0, 0, 1)
	r.Replace = true
	if _, err = ingest.Run(context.Background(), l, r); err != nil {
		t.Error(err)
	}
	if got := dump(t, l.DB, "SELECT count(*) AS n FROM requests WHERE x_Source = 'litellm-spend-logs'"); !strings.Contains(got, "0") {
		t.Error(got)
	}
}
