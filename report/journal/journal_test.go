package journal_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/journal"
	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
)

// october has a bill with parts of cents, one in part in euros, one that is a credit, one below a cent, an estimate, and francs without a rate.
const october = `
2026-10-01 openai doc-search   CC-410 search   request billed 100.333333333333
2026-10-02 openai doc-search   CC-410 search   key     scaled 0.333333333333
2026-10-31 openai cs-deflect   CC-420 support  key     billed 50.004
2026-10-31 openai voice        -      -        split   billed 0.002
2026-10-31 openai -            -      -        none    billed 12.3456
2026-10-31 openai doc-search   CC-410 search   key     billed -5.50
2026-10-05 modal  model-evals  CC-440 ml       key     billed 20.50 EUR
2026-10-05 modal  model-evals  CC-440 ml       key     billed 4.50
2026-10-09 aws    cs-deflect   CC-420 support  split   billed -30
2026-10-09 tiny   cs-deflect   CC-420 support  split   billed 0.003
2026-10-09 gemini cs-deflect   CC-420 support  key     estimated 7.777
2026-10-09 other  -            -      -        none    billed 99 CHF
2026-09-30 openai doc-search   CC-410 search   request billed 1000
2026-11-01 openai doc-search   CC-410 search   request billed 1000
`

func same(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func hledger(t *testing.T, j journal.Journal) string {
	t.Helper()
	var b strings.Builder
	if err := j.Hledger(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func csv(t *testing.T, j journal.Journal, l table.Locale) string {
	t.Helper()
	var b strings.Builder
	if err := j.CSV(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// By hand: the month is 152.521266666666 exactly, which is 152.52. Rounded down, openai has 157.51, modal 25.00, aws -30.00 and tiny 0.00: one cent
// is left, and openai's remainder of 0.83 is larger than tiny's of 0.30. Of openai's 157.52 its lines have 95.16, 50.00, 0.00 and 12.34: of the two
// cents left one goes to doc-search for 0.67, the other to what has no use case for 0.56.
func TestHledger(t *testing.T) {
	same(t, hledger(t, made(t, october, "2026-10-01", "2026-11-01", journal.Accounts{
		Expense: "expenses:ai:{cost_center}", CostCenters: map[string]string{"CC-420": "4200", "CC-440": "assets:research"},
	})), `; AI spend of 2026-10, 152.52 USD in 3 entries
; CHF 99.00 of other (1 charges) wait for an exchange rate and are not booked; add exchange_rates.CHF
; gemini: no bill; 7.78 is estimated and not booked
decimal-mark .

2026-10-31 (AI-2026-10-aws) aws | AI spend of 2026-10
    expenses:ai:4200         -30.00 USD  ; cost_center:4200, use_case:cs-deflect, team:support
    liabilities:payable:aws   30.00 USD

2026-10-31 (AI-2026-10-modal) modal | AI spend of 2026-10
    ; known by key 100.0%, of what was charged
    ; 20.50 USD of it was billed in EUR
    assets:research             25.00 USD  ; cost_center:CC-440, use_case:model-evals, team:ml
    liabilities:payable:modal  -25.00 USD

2026-10-31 (AI-2026-10-openai) openai | AI spend of 2026-10
    ; known by request 61.5%, key 30.9%, split 0.0%; no use case 7.6%, of what was charged
    expenses:ai:CC-410            95.17 USD  ; cost_center:CC-410, use_case:doc-search, team:search
    expenses:ai:4200              50.00 USD  ; cost_center:4200, use_case:cs-deflect, team:support
    expenses:ai:unattributed      12.35 USD
    liabilities:payable:openai  -157.52 USD
`)
}

func TestCSV(t *testing.T) {
	j := made(t, strings.ReplaceAll(october, "CC-410", "=410"), "2026-10-01", "2026-11-01", journal.Accounts{})
	same(t, csv(t, j, table.Locale{}), `date,document,line,account,cost_center,use_case,team,provider,description,debit,credit,currency
2026-10-31,AI-2026-10-aws,1,expenses:ai,CC-420,cs-deflect,support,aws,AI spend of 2026-10,,30.00,USD
2026-10-31,AI-2026-10-aws,2,liabilities:payable:aws,,,,aws,AI spend of 2026-10,30.00,,USD
2026-10-31,AI-2026-10-modal,1,expenses:ai,CC-440,model-evals,ml,modal,AI spend of 2026-10,25.00,,USD
2026-10-31,AI-2026-10-modal,2,liabilities:payable:modal,,,,modal,AI spend of 2026-10,,25.00,USD
2026-10-31,AI-2026-10-openai,1,expenses:ai,'=410,doc-search,search,openai,AI spend of 2026-10,95.17,,USD
2026-10-31,AI-2026-10-openai,2,expenses:ai,CC-420,cs-deflect,support,openai,AI spend of 2026-10,50.00,,USD
2026-10-31,AI-2026-10-openai,3,expenses:ai:unattributed,,,,openai,AI spend of 2026-10,12.35,,USD
2026-10-31,AI-2026-10-openai,4,liabilities:payable:openai,,,,openai,AI spend of 2026-10,,157.52,USD
`)
	german := csv(t, j, table.Locale{Decimal: ",", Group: "."})
	if line := "2026-10-31;AI-2026-10-openai;4;liabilities:payable:openai;;;;openai;AI spend of 2026-10;;157,52;USD\n"; !strings.HasSuffix(german, line) {
		t.Errorf("no %s in\n%s", line, german)
	}
}

// TestMonths: each month is rounded and booked by itself, a piece of one under a name of its own.
func TestMonths(t *testing.T) {
	j := made(t, `
2026-08-30 openai a CC x key billed 100
2026-09-30 openai a CC x key billed 10.004
2026-10-01 openai a CC x key billed 10.004
2026-10-15 openai a CC x key billed 0.0005
2026-10-16 openai a CC x key billed 100
`, "2026-08-31", "2026-10-16", journal.Accounts{})
	same(t, hledger(t, j), `; AI spend of 2026-08-31 to 2026-10-15, 20.00 USD in 2 entries
; the months are rounded one by one: together they are 20.00, and the period is 20.01
decimal-mark .

2026-09-30 (AI-2026-09-openai) openai | AI spend of 2026-09
    ; known by key 100.0%, of what was charged
    expenses:ai                  10.00 USD  ; cost_center:CC, use_case:a, team:x
    liabilities:payable:openai  -10.00 USD

2026-10-15 (AI-2026-10-01-to-2026-10-15-openai) openai | AI spend of 2026-10-01 to 2026-10-15
    ; known by key 100.0%, of what was charged
    expenses:ai                  10.00 USD  ; cost_center:CC, use_case:a, team:x
    liabilities:payable:openai  -10.00 USD
`)
}

// TestCancels: a credit that makes up for the charges leaves nothing payable.
func TestCancels(t *testing.T) {
	j := made(t, "2026-10-01 openai a CC x key billed 10\n2026-10-01 openai b CC x key billed -10\n", "2026-10-01", "2026-11-01", journal.Accounts{})
	same(t, hledger(t, j), `; AI spend of 2026-10, 0.00 USD in 1 entries
decimal-mark .

2026-10-31 (AI-2026-10-openai) openai | AI spend of 2026-10
    ; known by key 100.0%, of what was charged
    expenses:ai   10.00 USD  ; cost_center:CC, use_case:a, team:x
    expenses:ai  -10.00 USD  ; cost_center:CC, use_case:b, team:x
`)
}

func TestNothing(t *testing.T) {
	j := made(t, "2026-10-01 openai a CC x key billed 0.004", "2026-10-01", "2026-11-01", journal.Accounts{})
	same(t, hledger(t, j), "; AI spend of 2026-10, 0.00 USD in 0 entries\n; no bill of 2026-10 has a cent\ndecimal-mark .\n")
	same(t, csv(t, j, table.Locale{}), "date,document,line,account,cost_center,use_case,team,provider,description,debit,credit,currency\n")
}

// TestUntied: the slices are not what was charged.
func TestUntied(t *testing.T) {
	for _, change := range []string{
		"UPDATE charge_facts SET BilledCost = BilledCost + 0.000000000001 WHERE ChargePeriodStart = '2026-10-09' AND BilledCost < 0",
		"DELETE FROM all_charges WHERE x_UseCase = 'voice'",
	} {
		db := open(t, october)
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		_, err := journal.Make(context.Background(), db, journal.Options{From: day(t, "2026-10-01"), To: day(t, "2026-11-01"), Currency: "USD"})
		if !errors.Is(err, report.ErrUntied) || !strings.HasPrefix(err.Error(), "journal of 2026-10: ") {
			t.Errorf("%s: error %v", change, err)
		}
	}
}
