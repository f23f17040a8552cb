package table_test

import (
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

func TestCSV(t *testing.T) {
	same(t, write(t, "csv", table.Options{Width: 20, Color: true}, spend(), spend()),
		`use_case,team,billed_cost,change,change_percent,requests
doc-search,search,12345.675,2345.675,23.5,1234567
客户支持 🚀 support answers,platform engineering,8000.004,,,
credits,finance,-250.00,-0.004,0.0,0
(unattributed),(none),904.325,-95.70,-9.6,

use_case,team,billed_cost,change,change_percent,requests
doc-search,search,12345.675,2345.675,23.5,1234567
客户支持 🚀 support answers,platform engineering,8000.004,,,
credits,finance,-250.00,-0.004,0.0,0
(unattributed),(none),904.325,-95.70,-9.6,
`)
}

func TestCSVDefusesFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"search":               "search",
		"a=b":                  "a=b",
		"(none)":               "(none)",
		"café":                 "café",
		"=1+1":                 "'=1+1",
		"+1":                   "'+1",
		"-1":                   "'-1",
		"@SUM(A1)":             "'@SUM(A1)",
		"|calc":                "'|calc",
		"%0a":                  "'%0a",
		"  =1+1":               "'  =1+1",
		"\ufeff=1+1":           "'\ufeff=1+1",
		"\u200b\x00\u00a0=1+1": "'\u200b\x00\u00a0=1+1",
		"＝1+1":                 "'＝1+1",
		"－1":                   "'－1",
		"\tx":                  "'\tx",
		`=HYPERLINK("x")`:      `"'=HYPERLINK(""x"")"`,
		"\nx":                  "\"'\nx\"",
		"\rx":                  "\"'\rx\"",
	} {
		tab := table.Table{
			Columns: []table.Column{{Name: "cost", Kind: table.Money}, {Name: "name"}},
			Rows:    [][]any{{money("-12.5"), text}},
		}
		if got := write(t, "csv", table.Options{}, tab); got != "cost,name\n-12.50,"+want+"\n" {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}
