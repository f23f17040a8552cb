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

// october has a bill with parts of cents, one in part in euros, one that is a credit, one below a cent, an estimate, and francs without a rate; of
// the invoices one is the bill, one is not, two are in two currencies, and three are of what is not booked.
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
invoice 2026-09 openai INV-9   1000   USD
invoice 2026-10 openai INV-10a 100.00 USD
invoice 2026-10 openai INV-10b 57.52  USD
invoice 2026-10 modal  M-1     4.50   USD
invoice 2026-10 modal  M-2     16.40  EUR
invoice 2026-10 aws    -       -25.25 USD
invoice 2026-10 tiny   T-1     0.004  USD
invoice 2026-10 gemini G-1     7.80   USD
invoice 2026-10 other  O-1     99     CHF
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
; Whole cents: each line is within a cent of the report, so a sum of lines may be cents off; the month is equal.
; CHF 99.00 of other (1 charges) wait for an exchange rate and are not booked; add exchange_rates.CHF
; gemini: no bill; 7.78 is estimated and not booked
; AI-2026-10-aws: invoice (no number) is -25.25 USD, 4.75 more than is booked
; gemini, 2026-10: invoice G-1 is 7.80 USD, and nothing is booked
; other, 2026-10: invoice O-1 is 99.00 CHF, and nothing is booked
decimal-mark .
commodity USD
account assets:research
account expenses:ai:4200
account expenses:ai:CC-410
account expenses:ai:unattributed
account liabilities:payable:aws
account liabilities:payable:modal
account liabilities:payable:openai

2026-10-31 (AI-2026-10-aws) aws | AI spend of 2026-10
    ; invoice (no number) is -25.25 USD, 4.75 more than is booked
    expenses:ai:4200         -30.00 USD  ; cost_center:4200, use_case:cs-deflect, team:support
    liabilities:payable:aws   30.00 USD

2026-10-31 (AI-2026-10-modal) modal | AI spend of 2026-10
    ; invoice:M-1, invoice:M-2
    ; invoice M-2 is 16.40 EUR
    ; invoice M-1 is 4.50 USD
    ; known by key 100.0%, of what was charged
    ; 20.50 USD of it is 16.40 EUR on the bill
    assets:research             25.00 USD  ; cost_center:CC-440, use_case:model-evals, team:ml
    liabilities:payable:modal  -25.00 USD

2026-10-31 (AI-2026-10-openai) openai | AI spend of 2026-10
    ; invoice:INV-10a, invoice:INV-10b
    ; invoices INV-10a, INV-10b are 157.52 USD, as booked
    ; known by request 61.5%, key 30.9%, split 0.0%; no use case 7.6%, of what was charged
    expenses:ai:CC-410            95.17 USD  ; cost_center:CC-410, use_case:doc-search, team:search
    expenses:ai:4200              50.00 USD  ; cost_center:4200, use_case:cs-deflect, team:support
    expenses:ai:unattributed      12.35 USD
    liabilities:payable:openai  -157.52 USD
`)
}

func TestCSV(t *testing.T) {
	j := made(t, strings.ReplaceAll(october, "CC-410", "=410"), "2026-10-01", "2026-11-01", journal.Accounts{})
	same(t, csv(t, j, table.Locale{}), `date,document,invoice,line,account,cost_center,use_case,team,provider,description,debit,credit,currency
2026-10-31,AI-2026-10-aws,,1,expenses:ai,CC-420,cs-deflect,support,aws,AI spend of 2026-10,,30.00,USD
2026-10-31,AI-2026-10-aws,,2,liabilities:payable:aws,,,,aws,AI spend of 2026-10,30.00,,USD
2026-10-31,AI-2026-10-modal,"M-1, M-2",1,expenses:ai,CC-440,model-evals,ml,modal,AI spend of 2026-10,25.00,,USD
2026-10-31,AI-2026-10-modal,"M-1, M-2",2,liabilities:payable:modal,,,,modal,AI spend of 2026-10,,25.00,USD
2026-10-31,AI-2026-10-openai,"INV-10a, INV-10b",1,expenses:ai,'=410,doc-search,search,openai,AI spend of 2026-10,95.17,,USD
2026-10-31,AI-2026-10-openai,"INV-10a, INV-10b",2,expenses:ai,CC-420,cs-deflect,support,openai,AI spend of 2026-10,50.00,,USD
2026-10-31,AI-2026-10-openai,"INV-10a, INV-10b",3,expenses:ai:unattributed,,,,openai,AI spend of 2026-10,12.35,,USD
2026-10-31,AI-2026-10-openai,"INV-10a, INV-10b",4,liabilities:payable:openai,,,,openai,AI spend of 2026-10,,157.52,USD
`)
	german := csv(t, j, table.Locale{Decimal: ",", Group: "."})
	if line := "2026-10-31;AI-2026-10-openai;INV-10a, INV-10b;4;liabilities:payable:openai;;;;openai;AI spend of 2026-10;;157,52;USD\n"; !strings.HasSuffix(german, line) {
		t.Errorf("no %s in\n%s", line, german)
	}
}

// TestMonths: each month is rounded and booked by itself, a piece of one under a name of its own, and without the invoice of the whole.
func TestMonths(t *testing.T) {
	j := made(t, `
2026-08-30 openai a CC x key billed 100
2026-09-30 openai a CC x key billed 10.004
2026-10-01 openai a CC x key billed 10.004
2026-10-15 openai a CC x key billed 0.0005
2026-10-16 openai a CC x key billed 100
invoice 2026-09 openai INV-9  10.01 USD
invoice 2026-10 openai INV-10 10    USD
`, "2026-08-31", "2026-10-16", journal.Accounts{})
	same(t, hledger(t, j), `; AI spend of 2026-08-31 to 2026-10-15, 20.00 USD in 2 entries
; Whole cents: each line is within a cent of the report, so a sum of lines may be cents off; the month is equal.
; AI-2026-09-openai: invoice INV-9 is 10.01 USD, 0.01 more than is booked
; the months are rounded one by one: together they are 20.00, and the period is 20.01
decimal-mark .
commodity USD
account expenses:ai
account liabilities:payable:openai

2026-09-30 (AI-2026-09-openai) openai | AI spend of 2026-09
    ; invoice:INV-9
    ; invoice INV-9 is 10.01 USD, 0.01 more than is booked
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
	same(t, hledger(t, j), `; AI spend of 2026-10, 0.00 USD in 1 entry
; Whole cents: each line is within a cent of the report, so a sum of lines may be cents off; the month is equal.
decimal-mark .
commodity USD
account expenses:ai

2026-10-31 (AI-2026-10-openai) openai | AI spend of 2026-10
    ; known by key 100.0%, of what was charged
    expenses:ai   10.00 USD  ; cost_center:CC, use_case:a, team:x
    expenses:ai  -10.00 USD  ; cost_center:CC, use_case:b, team:x
`)
}

func TestNothing(t *testing.T) {
	j := made(t, "2026-10-01 openai a CC x key billed 0.004", "2026-10-01", "2026-11-01", journal.Accounts{})
	same(t, hledger(t, j), "; AI spend of 2026-10, 0.00 USD in 0 entries\n; Whole cents: each line is within a cent of the report, so a sum of lines may be cents off; the month is equal.\n; no bill of 2026-10 has a cent\ndecimal-mark .\ncommodity USD\n")
	same(t, csv(t, j, table.Locale{}), "date,document,invoice,line,account,cost_center,use_case,team,provider,description,debit,credit,currency\n")
}

// TestRounding: by hand, the month is 3.008, which is 3.01: a and b are 1.00 rounded down, and of two equal remainders the first has the cent. Its
// bill is 1.00 all the same, and so may be its invoice; that of b is more than rounding, and that of c in another currency.
func TestRounding(t *testing.T) {
	j := made(t, `
2026-10-01 a x CC t key billed 1.004
2026-10-01 b x CC t key billed 1.004
2026-10-01 c x CC t key billed 1
invoice 2026-10 a A-1 1.00 USD
invoice 2026-10 b B-1 1.01 USD
invoice 2026-10 c C-1 7.00 EUR
`, "2026-10-01", "2026-11-01", journal.Accounts{})
	want := []string{
		"AI-2026-10-a: invoice A-1 is 1.00 USD, 0.01 less than is booked, by rounding",
		"AI-2026-10-b: invoice B-1 is 1.01 USD, 0.01 more than is booked",
	}
	if diff := cmp.Diff(want, j.Notes); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
}

// TestTax: by hand, the month is 125.75. Tax has an account where it is given one, whoever the rules give it to, and a refund of it is credited there.
func TestTax(t *testing.T) {
	charges := `
2026-10-01 aws a CC x key   billed 100
2026-10-31 aws a CC x key   billed 5.004 USD Tax
2026-10-31 aws b CC y split billed 1.006 USD Tax
2026-10-31 aws - -  - none  billed 0.24
2026-10-01 gcp a CC x key   billed 20
2026-10-31 gcp - -  - none  billed -0.50 USD Tax
`
	for tax, want := range map[string][]string{
		"": {"expenses:ai CC a 105.00", "expenses:ai CC b 1.01", "expenses:ai:unattributed   0.24", "ap:aws   -106.25",
			"expenses:ai CC a 20.00", "expenses:ai:unattributed   -0.50", "70002   -19.50"},
		"1576:{provider}": {"expenses:ai CC a 100.00", "expenses:ai:unattributed   0.24", "1576:aws   6.01", "ap:aws   -106.25",
			"expenses:ai CC a 20.00", "1576:gcp   -0.50", "70002   -19.50"},
	} {
		j := made(t, charges, "2026-10-01", "2026-11-01", journal.Accounts{Tax: tax, Payable: "ap:{provider}", Payables: map[string]string{"gcp": "70002"}})
		var got []string
		for _, e := range j.Entries {
			for _, l := range append(e.Lines, e.Payable) {
				got = append(got, strings.Join([]string{l.Account, l.CostCenter, l.UseCase, l.Amount.StringFixed(2)}, " "))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || j.Debited().String() != "125.75" {
			t.Errorf("tax %q: %s are debited (-want +got)\n%s", tax, j.Debited(), diff)
		}
	}
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
