package ingest_test

import (
	"context"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
)

// A misspelt entry of ai_spend leaves out what it was to keep, or keeps a whole cloud: the receipt and the findings say so.
func TestFindings(t *testing.T) {
	type said struct {
		Taking, Idle []int
		Other        int // currencies of what is booked and not known as AI
		Findings     []string
	}
	entry := func(provider, field, value string) ingest.Keep {
		return ingest.Keep{"provider": {provider}, field: {value}}
	}
	const invoice = `the invoice of azur for 2026-10: no bill of that provider is in the ledger; did you mean "azure"?`
	for _, test := range []struct {
		name string
		keep []ingest.Keep
		want said
	}{
		{"as it should be", []ingest.Keep{entry("aws", "category", "ai"), entry("azu*", "service", "Virtual Machines")}, said{Taking: []int{1, 2}, Findings: []string{invoice}}},
		{"a provider misspelt", []ingest.Keep{entry("asw", "category", "ai"), entry("aws", "service", "Amazon S3")},
			said{Taking: []int{2}, Other: 1, Findings: []string{`ai_spend: entry 1: no bill of provider "asw" is in the ledger; did you mean "aws"?`, invoice}}},
		{"a provider by another name", []ingest.Keep{entry("gcp", "category", "ai")},
			said{Other: 1, Findings: []string{`ai_spend: entry 1: no bill of provider "gcp" is in the ledger; there are bills of aws, azure`, invoice}}},
		{"a category that nothing has", []ingest.Keep{entry("aws", "category", "genai"), entry("*", "service", "Virtual Machines")}, said{Taking: []int{2}, Idle: []int{1}, Findings: []string{invoice}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := openLedger(t)
			r := offer(t, "bill.csv", cloudBill, 0)
			r.Inputs = append(r.Inputs, offer(t, "invoices.csv", "provider,month,total\nazur,2026-10,80\nanthropic,2026-10,5\n", 0).Inputs...)
			r.Keep = test.keep
			receipts, err := ingest.Run(context.Background(), l, r)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := ingest.Findings(context.Background(), l.DB, test.keep)
			if err != nil {
				t.Fatal(err)
			}
			got := said{receipts[0].Taking, receipts[0].Idle, len(receipts[0].OtherDollars), findings}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Where a file takes the place of a day of what another source has of its month, the receipt says what of that month stays.
func TestBeside(t *testing.T) {
	l := openLedger(t)
	seats := offer(t, "seats.csv", "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,username,organization,repository,workflow_path,cost_center_name\n"+
		"2026-10-01,copilot,copilot_for_business,1,user-months,19,19,0,19,,acme,,,\n2026-10-02,copilot,copilot_for_business,1,user-months,19,19,0,19,,acme,,,\n"+
		"2026-11-02,copilot,copilot_for_business,1,user-months,19,19,0,19,,acme,,,\n", 0)
	month := offer(t, "month.json", `{"usageItems": [{"date": "2026-10-01T00:00:00Z", "product": "copilot", "sku": "Copilot Business", "quantity": 2, "unitType": "user-months",
		"pricePerUnit": 19.0, "grossAmount": 38, "discountAmount": 0, "netAmount": 38, "organizationName": "acme", "repositoryName": ""}]}`, 1)
	month.Replace = true
	for _, r := range []ingest.Request{seats, month} {
		receipts, err := ingest.Run(context.Background(), l, r)
		if err != nil {
			t.Fatal(err)
		}
		if last := receipts[0]; last.File == "month.json" {
			if len(last.Beside) != 1 || last.Beside[0].Rows != 1 || last.Beside[0].Dollars[0].Value.String() != "19" {
				t.Errorf("beside it stays %v", last.Beside)
			}
		}
	}
}

// A file that was booked before says so when the configuration would have it read otherwise by now, until it is read again.
func TestChangedReading(t *testing.T) {
	l := openLedger(t)
	r := offer(t, "bill.csv", cloudBill, 0)
	for i, step := range []struct {
		keep    []ingest.Keep
		again   bool
		status  ingest.Status
		changed bool
	}{
		{nil, false, ingest.Booked, false},
		{nil, false, ingest.Unchanged, false},
		{[]ingest.Keep{{"provider": {"aws"}, "category": {"ai"}}}, false, ingest.Unchanged, true},
		{[]ingest.Keep{{"provider": {"aws"}, "category": {"ai"}}}, true, ingest.Booked, false},
		{[]ingest.Keep{{"provider": {"aws"}, "category": {"ai"}}}, false, ingest.Unchanged, false},
		{nil, false, ingest.Unchanged, true},
	} {
		r.Keep, r.Again = step.keep, step.again
		receipts, err := ingest.Run(context.Background(), l, r)
		if err != nil {
			t.Fatal(err)
		}
		if got := receipts[0]; got.Status != step.status || got.Changed != step.changed {
			t.Errorf("step %d: %s, changed: %t", i, got.Status, got.Changed)
		}
	}
}
