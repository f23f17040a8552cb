package journal_test

import (
	enc "encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/journal"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// hostile has names that mean something to hledger. An underscore is a blank.
const hostile = `
2026-10-01 (virtual)  ;comment  a,team:b  {x}   request billed 10.105
2026-10-01 [balanced] =1        *!        @     key     billed -3.333
2026-10-01 a__b       x|y       C:C       :     key     billed 0.015
2026-10-01 ~          "q"       'q'       &     split   billed 7
2026-10-01 #1         +1        .5        /     split   billed 1e6
2026-10-01 客户       客:户     -5        2026/01/01 key billed 1
2026-10-01 @          -         -         -     none    billed 5.5
2026-10-01 @          -         -         -     none    billed 0.5 USD Tax
invoice 2026-10 @   date:1/1,x:y 5.50 USD
invoice 2026-10 @   a:b          0.50 USD
`

// TestReadByHledger: hledger accepts the journal, strictly too, has no other tags than ours, and adds up every account to what the lines do.
func TestReadByHledger(t *testing.T) {
	program, err := exec.LookPath("hledger")
	if err != nil {
		t.Skip("hledger is not installed: nobody reads the journal back")
	}
	for name, test := range map[string]struct {
		charges  string
		accounts journal.Accounts
	}{
		"october": {october, journal.Accounts{Expense: "expenses:ai:{cost_center}"}},
		"hostile": {hostile, journal.Accounts{Expense: "{provider}:{cost_center}:{use_case}:{team}", Payable: "{provider}", Tax: "{provider}:tax"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := made(t, test.charges, "2026-09-01", "2026-12-01", test.accounts)
			file := filepath.Join(t.TempDir(), "x.journal")
			if err := os.WriteFile(file, []byte(hledger(t, j)), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func(args ...string) string {
				cmd := exec.Command(program, append([]string{"-f", file}, args...)...)
				cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("hledger %s: %v\n%s\nin\n%s", args, err, out, hledger(t, j))
				}
				return string(out)
			}
			run("check", "--strict")
			want := map[string]string{}
			for _, line := range j.Table().Rows {
				account, sum := line[4].(string), decimal.Zero
				if before, ok := want[account]; ok {
					sum = decimal.RequireFromString(before)
				}
				debit, _ := line[10].(decimal.Decimal)
				credit, _ := line[11].(decimal.Decimal)
				want[account] = sum.Add(debit).Sub(credit).StringFixed(2)
			}
			if diff := cmp.Diff(want, balances(t, run("balance", "--flat", "--empty", "-O", "csv"))); diff != "" {
				t.Errorf("(-want +got)\n%s\nin\n%s", diff, hledger(t, j))
			}
			if diff := cmp.Diff([]string{"cost_center", "invoice", "team", "use_case"}, strings.Fields(run("tags"))); diff != "" {
				t.Errorf("tags (-want +got)\n%s", diff)
			}
			for _, entry := range j.Entries {
				for _, l := range entry.Lines {
					if l.CostCenter == "" || strings.ContainsAny(l.CostCenter, `,`) {
						continue
					}
					if found := run("tags", "cost_center", "--values"); !strings.Contains("\n"+found, "\n"+l.CostCenter+"\n") {
						t.Errorf("no tag cost_center:%s in\n%s", l.CostCenter, found)
					}
				}
			}
		})
	}
}

// balances is what hledger says that each account has.
func balances(t *testing.T, text string) map[string]string {
	t.Helper()
	records, err := enc.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	balances := map[string]string{}
	for _, r := range records[1:] {
		if amount := strings.TrimSuffix(r[1], " USD"); r[0] != "total" && r[0] != "Total:" {
			balances[r[0]] = decimal.RequireFromString(amount).StringFixed(2)
		} else if amount != "0" {
			t.Errorf("the total is %s", amount)
		}
	}
	return balances
}
