package table_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

func TestParseLocale(t *testing.T) {
	for tag, want := range map[string]struct{ money, csv string }{
		"en":           {"-1,234,567.50", "a,b\nx,-1234567.50\n"},
		"en-IN":        {"-1,234,567.50", "a,b\nx,-1234567.50\n"},
		"ja":           {"-1,234,567.50", "a,b\nx,-1234567.50\n"},
		"ar-EG":        {"-1,234,567.50", "a,b\nx,-1234567.50\n"}, // digits are ours
		"de":           {"-1.234.567,50", "a;b\nx;-1234567,50\n"},
		"de_DE":        {"-1.234.567,50", "a;b\nx;-1234567,50\n"},
		"de-u-nu-arab": {"-1.234.567,50", "a;b\nx;-1234567,50\n"},
		"es":           {"-1.234.567,50", "a;b\nx;-1234567,50\n"},
		"pt-BR":        {"-1.234.567,50", "a;b\nx;-1234567,50\n"},
		"fr":           {"-1\u00a0234\u00a0567,50", "a;b\nx;-1234567,50\n"},
		"sv":           {"-1\u00a0234\u00a0567,50", "a;b\nx;-1234567,50\n"},
		"de-CH":        {"-1’234’567.50", "a;b\nx;-1234567.50\n"},
	} {
		l, err := table.ParseLocale(tag)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := table.Readable(table.Money, money("-1234567.5"), l); got != want.money {
			t.Errorf("%s: money is %q, want %q", tag, got, want.money)
		}
		tab := table.Table{Columns: []table.Column{{Name: "a"}, {Name: "b", Kind: table.Money}}, Rows: [][]any{{"x", money("-1234567.5")}}}
		if got := write(t, "csv", table.Options{Locale: l}, tab); got != want.csv {
			t.Errorf("%s: csv is %q, want %q", tag, got, want.csv)
		}
	}
	for tag, want := range map[string]string{
		"":            `"" is no language tag like de, de-CH or fr`,
		"garbage":     `"garbage" is no language tag like de, de-CH or fr`,
		"de_DE.UTF-8": `"de_DE.UTF-8" is no language tag like de, de-CH or fr`,
		"1,2":         `"1,2" is no language tag like de, de-CH or fr`,
		"x-y":         `"x-y": cannot set a key on a private use tag`,
	} {
		if _, err := table.ParseLocale(tag); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", tag, err, want)
		}
	}
}

// TestLocaleOfEveryKind: what is a number follows the locale, and nothing else.
func TestLocaleOfEveryKind(t *testing.T) {
	tab := table.Table{
		Report: "spend",
		Title:  "More than 1,000.50",
		Facts:  []table.Fact{{Name: "coverage_percent", Value: 94.1}},
		Columns: []table.Column{
			{Name: "use_case"}, {Name: "cost", Kind: table.Money}, {Name: "calls", Kind: table.Count}, {Name: "share_percent", Kind: table.Percent},
			{Name: "size", Kind: table.Number}, {Name: "each", Kind: table.Unit}, {Name: "day", Kind: table.Day}, {Name: "known", Kind: table.Flag},
		},
		Rows: [][]any{
			{"v1.5, beta; new", money("1234.567"), int64(1234567), 1234.56, money("1000.125"), money("0.00123"), time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC), true},
			{"1,234.50", money("-0.004"), int64(-999), -0.04, money("0.5"), nil, nil, nil},
		},
		Totals: []any{nil, money("1234.563"), int64(1233568), nil, nil, nil, nil, nil},
		Notes:  []string{"1,234.50 is estimated"},
	}
	german := table.Options{Locale: table.Locale{Decimal: ",", Group: "."}}
	same(t, write(t, "csv", german, tab), `use_case;cost;calls;share_percent;size;each;day;known
"v1.5, beta; new";1234,567;1234567;1234,6;1000,125;0,00123;2026-10-31;true
1,234.50;-0,004;-999;0,0;0,50;;;
`)
	same(t, write(t, "table", german, tab), `More than 1,000.50

Use case             Cost      Calls   Share %       Size     Each  Day         Known
─────────────────────────────────────────────────────────────────────────────────────
v1.5, beta; new  1.234,57  1.234.567  1.234,6%  1.000,125  0,00123  2026-10-31  yes
1,234.50             0,00       -999      0,0%        0,5      n/a  n/a         n/a
─────────────────────────────────────────────────────────────────────────────────────
Total            1.234,56  1.233.568

note: 1,234.50 is estimated
note: figures are rounded to cents one by one; the total is exact
`)
	same(t, write(t, "md", german, tab), `### More than 1,000.50

| Use case | Cost | Calls | Share % | Size | Each | Day | Known |
| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |
| v1.5, beta; new | 1.234,57 | 1.234.567 | 1.234,6% | 1.000,125 | 0,00123 | 2026-10-31 | yes |
| 1,234.50 | 0,00 | -999 | 0,0% | 0,5 | n/a | n/a | n/a |
| **Total** | **1.234,56** | **1.233.568** |  |  |  |  |  |

- 1,234.50 is estimated
- figures are rounded to cents one by one; the total is exact
`)
	same(t, write(t, "json", german, tab), write(t, "json", table.Options{}, tab))
}

// TestLocaleFits: a mark that is a blank, or wider than a byte, is a column wide to the terminal and breaks no line.
func TestLocaleFits(t *testing.T) {
	for name, l := range map[string]table.Locale{"fr": {Decimal: ",", Group: "\u00a0"}, "de-CH": {Decimal: ".", Group: "’"}, "none": {Decimal: ","}} {
		plain := write(t, "table", table.Options{Width: 60}, spend())
		got := write(t, "table", table.Options{Width: 60, Locale: l}, spend())
		if name == "none" {
			if !strings.Contains(got, " 12345,68  2345,68 ") {
				t.Errorf("groups in\n%s", got)
			}
			continue
		}
		for _, number := range []string{"12,345.68", "2,345.68", "8,000.00", "21,000.00", "2,249.97", "-250.00", "904.33", "-95.70", "23.5", "-9.6", "12.0%", "0.00", "0.0%"} {
			marked := strings.NewReplacer(",", l.Group, ".", l.Decimal).Replace(number)
			plain = strings.ReplaceAll(plain, " "+number, " "+marked)
		}
		same(t, got, plain)
	}
}
