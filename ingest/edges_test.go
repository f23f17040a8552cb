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
	"github.com/rogpeppe/go-internal/txtar"
)

// book books files that were written one after the other, each an hour newer than the one before.
func book(t *testing.T, l *ingest.Ledger, files ...string) []ingest.Receipt {
	t.Helper()
	r := ingest.Request{Sources: embedded(t)}
	for i, text := range files {
		path := filepath.Join(t.TempDir(), "export")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		r.Inputs = append(r.Inputs, ingest.Input{Name: path, File: path, Modified: time.Date(2026, 11, 1, i, 0, 0, 0, time.UTC)})
	}
	receipts, err := ingest.Run(context.Background(), l, r)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

// An export of a month has a row a day, one of a day a row an hour: of the day that both hold, only the newer counts.
func TestHoursTakeThePlaceOfTheirDay(t *testing.T) {
	const header = "usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_output_tokens\n"
	const month = header + "2026-10-30,claude-opus-5,docs,1000,10\n2026-10-31,claude-opus-5,docs,2000,20\n"
	const day = header + "2026-10-31 02:00,claude-opus-5,docs,1500,15\n2026-10-31 07:00,claude-opus-5,docs,700,7\n"
	const sum = "SELECT sum(x_InputTokens) AS input, sum(x_OutputTokens) AS output, count(*) AS rows FROM usage"
	for _, test := range []struct{ name, first, second, want string }{
		{"day after month", month, day, "input  output  rows\n3200   32      3\n"},
		{"month after day", day, month, "input  output  rows\n3000   30      2\n"},
	} {
		l := openLedger(t)
		book(t, l, test.first, test.second)
		if got := dump(t, l.DB, sum); got != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.name, got, test.want)
		}
		l = openLedger(t)
		book(t, l, test.second) // an hour older than what comes now
		if _, err := l.DB.Exec("UPDATE files SET modified_at = modified_at + INTERVAL 1 DAY"); err != nil {
			t.Fatal(err)
		}
		book(t, l, test.first)
		if got := dump(t, l.DB, sum); got != test.want {
			t.Errorf("%s, ingested the other way round: got\n%swant\n%s", test.name, got, test.want)
		}
	}
}

// A correction stands in the billing period in which it was made: a newer export of October takes the place of the
// October export, with its correction of September, and not of September's own.
func TestCorrectionsStayInTheirBillingPeriod(t *testing.T) {
	const header = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargeClass,ProviderName,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd\n"
	const september = header + "100,100,USD,Usage,,AWS,1,2026-09-01,2026-09-30,2026-10-01\n"
	const october = header + "10,10,USD,Usage,,AWS,1,2026-10-01,2026-10-01,2026-10-02\n-1,-1,USD,Usage,Correction,AWS,1,2026-10-01,2026-09-30,2026-10-01\n"
	l := openLedger(t)
	book(t, l, september, october, strings.Replace(october, "-1,-1", "-3,-3", 1))
	got := dump(t, l.DB, "SELECT BillingPeriodStart, sum(BilledCost) AS billed, count(*) AS rows FROM charges GROUP BY 1 ORDER BY 1")
	want := "BillingPeriodStart   billed            rows\n2026-09-01 00:00:00  100.000000000000  1\n2026-10-01 00:00:00  7.000000000000    2\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// What a FOCUS export and a provider's own say of one day are the same dollars, whatever columns either replaces by.
func TestFocusAndTheProviderAreTheSameDollars(t *testing.T) {
	const focus = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ProviderName,BillingPeriodStart,ChargePeriodStart\n1,1,USD,Usage,Anthropic,2026-10-01,2026-10-05\n"
	const console = "usage_date_utc,model,usage_type,token_type,cost_usd\n2026-10-05,Claude Opus 5,message,output,1.00\n"
	for _, files := range [][]string{{focus, console}, {console, focus}} {
		l := openLedger(t)
		book(t, l, files[0])
		path := filepath.Join(t.TempDir(), "second.csv")
		if err := os.WriteFile(path, []byte(files[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ingest.Run(context.Background(), l, ingest.Request{Inputs: []ingest.Input{{Name: path, File: path}}, Sources: embedded(t)})
		if !errors.Is(err, ingest.ErrSameDollars) {
			t.Errorf("after %.20s… the error is %v", files[0], err)
		}
	}
}

// A line that is of no encoding is a reject, and does not shift the numbers of the lines after it.
func TestTornLine(t *testing.T) {
	const call = `{"request_id": "ID", "startTime": "2026-10-01 09:00:00", "spend": 1, "model": "gpt-5.4", "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}` + "\n"
	l := openLedger(t)
	r := book(t, l, strings.Replace(call, "ID", "1", 1)+strings.Replace(call, "ID", "\x81", 1)+strings.Replace(call, "ID", "3", 1))[0]
	if r.Records != 3 || r.Booked != 2 || r.Rejected != 1 || !strings.HasPrefix(r.FirstReject, "record 2: ") {
		t.Errorf("%d records, %d booked, %d rejected, the first %q", r.Records, r.Booked, r.Rejected, r.FirstReject)
	}
	if got, want := dump(t, l.DB, "SELECT x_Record FROM requests ORDER BY ALL"), "x_Record\n1\n3\n"; got != want {
		t.Errorf("the records are\n%swant\n%s", got, want)
	}
}

// The account that the user names goes to every row that has none, whatever the source.
func TestAccount(t *testing.T) {
	sources, l := embedded(t), openLedger(t)
	for _, s := range sources {
		if s.Role == ingest.Outcomes || !strings.Contains(s.SQL, "BillingAccountId") && s.Name != "openai-costs" { // where the SQL says nothing of it, one is as good as all
			continue
		}
		archive, err := txtar.ParseFile(filepath.Join(fixtures, s.Name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), archive.Files[0].Name)
		if err := os.WriteFile(path, archive.Files[0].Data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err = ingest.Run(context.Background(), l, ingest.Request{Inputs: []ingest.Input{{Name: path, File: path}}, Sources: sources, Account: "second"})
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if got := dump(t, l.DB, "SELECT record FROM ("+view(s.Role)+") WHERE BillingAccountId IS NULL"); got != "" {
			t.Errorf("%s: rows without an account:\n%s", s.Name, got)
		}
		empty(t, l)
	}
}
