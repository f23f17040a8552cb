package table_test

import (
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// TestTerminal: room for everything, then headings give way, then text, then the table.
func TestTerminal(t *testing.T) {
	for name, test := range map[string]struct {
		options table.Options
		want    string
	}{
		"unlimited, wide": {table.Options{Wide: true}, `Spend by use case, 2026-10

Use case                     Team                     Billed    Change  Change %   Requests
───────────────────────────────────────────────────────────────────────────────────────────
doc-search                   search                12,345.68  2,345.68     23.5%  1,234,567
客户支持 🚀 support answers  platform engineering   8,000.00       n/a       n/a        n/a
credits                      finance                 -250.00      0.00      0.0%          0
(unattributed)               (none)                   904.33    -95.70     -9.6%        n/a
───────────────────────────────────────────────────────────────────────────────────────────
Total                                              21,000.00  2,249.97     12.0%

note: modal has no billing rows for 2026-10: its 12.50 are priced usage (estimated)
note: figures are rounded to cents one by one; the total is exact
`},
		"80": {table.Options{Width: 80}, `Spend by use case, 2026-10

Use case                     Team                     Billed    Change  Change %
────────────────────────────────────────────────────────────────────────────────
doc-search                   search                12,345.68  2,345.68     23.5%
客户支持 🚀 support answers  platform engineering   8,000.00       n/a       n/a
credits                      finance                 -250.00      0.00      0.0%
(unattributed)               (none)                   904.33    -95.70     -9.6%
────────────────────────────────────────────────────────────────────────────────
Total                                              21,000.00  2,249.97     12.0%

note: modal has no billing rows for 2026-10: its 12.50 are priced usage
      (estimated)
note: figures are rounded to cents one by one; the total is exact
`},
		"79": {table.Options{Width: 79}, `Spend by use case, 2026-10

                                                                        Change
Use case                     Team                     Billed    Change       %
──────────────────────────────────────────────────────────────────────────────
doc-search                   search                12,345.68  2,345.68   23.5%
客户支持 🚀 support answers  platform engineering   8,000.00       n/a     n/a
credits                      finance                 -250.00      0.00    0.0%
(unattributed)               (none)                   904.33    -95.70   -9.6%
──────────────────────────────────────────────────────────────────────────────
Total                                              21,000.00  2,249.97   12.0%

note: modal has no billing rows for 2026-10: its 12.50 are priced usage
      (estimated)
note: figures are rounded to cents one by one; the total is exact
`},
		"60": {table.Options{Width: 60}, `Spend by use case, 2026-10

                                                      Change
Use case        Team                Billed    Change       %
────────────────────────────────────────────────────────────
doc-search      search           12,345.68  2,345.68   23.5%
客户支持 🚀 s…  platform engin…   8,000.00       n/a     n/a
credits         finance            -250.00      0.00    0.0%
(unattributed)  (none)              904.33    -95.70   -9.6%
────────────────────────────────────────────────────────────
Total                            21,000.00  2,249.97   12.0%

note: modal has no billing rows for 2026-10: its 12.50 are
      priced usage (estimated)
note: figures are rounded to cents one by one; the total is
      exact
`},
		"30": {table.Options{Width: 30}, `Spend by use case, 2026-10

Use case: doc-search
Team: search
Billed: 12,345.68
Change: 2,345.68
Change %: 23.5%

Use case:
客户支持 🚀 support answers
Team: platform engineering
Billed: 8,000.00
Change: n/a
Change %: n/a

Use case: credits
Team: finance
Billed: -250.00
Change: 0.00
Change %: 0.0%

Use case: (unattributed)
Team: (none)
Billed: 904.33
Change: -95.70
Change %: -9.6%

Use case: Total
Billed: 21,000.00
Change: 2,249.97
Change %: 12.0%

note: modal has no billing
      rows for 2026-10: its
      12.50 are priced usage
      (estimated)
note: figures are rounded to
      cents one by one; the
      total is exact
`},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, write(t, "table", test.options, spend()), test.want)
		})
	}
	same(t, write(t, "table", table.Options{Width: 200}, spend()), write(t, "table", table.Options{}, spend()))
	same(t, write(t, "wide", table.Options{}, spend()), write(t, "table", table.Options{Wide: true}, spend()))
}

// TestTerminalFloor: text shrinks to 8 columns and no further.
func TestTerminalFloor(t *testing.T) {
	const narrowest = 8 + 8 + len("12,345.68") + len("2,345.68") + len("Change") + 4*2
	out := write(t, "table", table.Options{Width: narrowest}, spend())
	if !strings.Contains(out, "\n客户支…   platfor…   8,000.00") {
		t.Errorf("no table with text of 8 columns in\n%s", out)
	}
	out = write(t, "table", table.Options{Width: narrowest - 1}, spend())
	if !strings.Contains(out, "\nUse case: doc-search\nTeam: search\n") {
		t.Errorf("no records in\n%s", out)
	}
}

func TestTerminalColour(t *testing.T) {
	names := strings.NewReplacer(
		"\x1b[1m", "<bold>", "\x1b[2m", "<faint>", "\x1b[33m", "<yellow>", "\x1b[m", "</>",
		"\x1b[31m", "<red>", "\x1b[32m", "<green>", "\x1b[1;31m", "<bold red>",
	)
	// What lipgloss would find out about the terminal must not matter.
	t.Setenv("NO_COLOR", "1")
	t.Setenv("TERM", "dumb")
	tab := spend()
	same(t, names.Replace(write(t, "table", table.Options{Width: 60, Color: true}, tab)), `<bold>Spend by use case, 2026-10</>

                                                      Change
Use case        Team                Billed    Change       %
<faint>────────────────────────────────────────────────────────────</>
doc-search      search           12,345.68  <red>2,345.68</>   <red>23.5%</>
客户支持 🚀 s…  platform engin…   8,000.00       n/a     n/a
credits         finance            -250.00      0.00    0.0%
<yellow>(unattributed)</>  <yellow>(none)</>              <yellow>904.33</>    <green>-95.70</>   <green>-9.6%</>
<faint>────────────────────────────────────────────────────────────</>
<bold>Total</>                            <bold>21,000.00</>  <bold red>2,249.97</>   <bold red>12.0%</>

<faint>note: modal has no billing rows for 2026-10: its 12.50 are</>
<faint>      priced usage (estimated)</>
<faint>note: figures are rounded to cents one by one; the total is</>
<faint>      exact</>
`)
	tab.Rows, tab.Totals, tab.Notes = tab.Rows[3:], nil, nil
	same(t, names.Replace(write(t, "table", table.Options{Width: 30, Color: true}, tab)), `<bold>Spend by use case, 2026-10</>

Use case: <yellow>(unattributed)</>
Team: <yellow>(none)</>
Billed: <yellow>904.33</>
Change: <green>-95.70</>
Change %: <green>-9.6%</>

`)
}

func TestTerminalOfNothing(t *testing.T) {
	tab := spend()
	tab.Rows = nil
	same(t, write(t, "table", table.Options{Width: 80}, tab, table.Table{Title: "Gates"}), `Spend by use case, 2026-10

nothing to show

note: modal has no billing rows for 2026-10: its 12.50 are priced usage
      (estimated)

Gates

nothing to show
`)
}

// TestTerminalTotalsLabel: a report by day has no text to put the word below.
func TestTerminalTotalsLabel(t *testing.T) {
	tab := table.Table{
		Columns: []table.Column{{Name: "month", Kind: table.Day}, {Name: "cost", Kind: table.Money}},
		Rows:    [][]any{{nil, money("1")}},
		Totals:  []any{nil, money("1")},
	}
	same(t, write(t, "table", table.Options{}, tab), `Month  Cost
───────────
n/a    1.00
───────────
Total  1.00
`)
	tab = spend()
	tab.Totals[0] = "All"
	if out := write(t, "table", table.Options{}, tab); !strings.Contains(out, "\nAll   ") || strings.Contains(out, "Total") {
		t.Errorf("the report's own label is not kept in\n%s", out)
	}
}

func TestTerminalRoundingNote(t *testing.T) {
	for name, test := range map[string]struct {
		rows  []any
		total any
		want  bool
	}{
		"thirds":                {[]any{money("33.333333"), money("33.333333"), money("33.333334")}, money("100"), true},
		"adds up":               {[]any{money("0.25"), money("0.75")}, money("1"), false},
		"half cents up":         {[]any{money("0.005"), money("0.005")}, money("0.01"), true},
		"no total":              {[]any{money("0.005"), money("0.005")}, nil, false},
		"unknown counts as 0":   {[]any{money("0.004"), money("0.004"), nil}, money("0.008"), true},
		"rows left out, not it": {[]any{money("10.004")}, money("25.008"), false},
	} {
		t.Run(name, func(t *testing.T) {
			tab := table.Table{Columns: []table.Column{{Name: "team"}, {Name: "cost", Kind: table.Money}}}
			for _, cost := range test.rows {
				tab.Rows = append(tab.Rows, []any{"a", cost})
			}
			tab.Totals = []any{nil, test.total}
			out := write(t, "table", table.Options{}, tab)
			note := "\nnote: figures are rounded to cents one by one; the total is exact\n"
			if got := strings.HasSuffix(out, note); got != test.want {
				t.Errorf("note: %t, want %t, in\n%s", got, test.want, out)
			}
			if strings.Contains(write(t, "json", table.Options{}, tab), "rounded") {
				t.Error("json carries exact figures and needs no note")
			}
		})
	}
}

// TestTerminalIsSafe: nothing in the data can steer the terminal or reorder a line.
func TestTerminalIsSafe(t *testing.T) {
	hostile := "a\x1b]0;owned\x07\x1b[2Jb\u009b31mc\u202ed\u2066e\xfff\n\tg\x7f\u200d"
	tab := table.Table{
		Title:   hostile,
		Columns: []table.Column{{Name: "tag", Heading: hostile}, {Name: "cost", Kind: table.Money}},
		Rows:    [][]any{{hostile, money("1")}},
		Notes:   []string{hostile},
	}
	const shown = "a]0;owned[2Jb31mcde\ufffdf  g\u200d"
	same(t, write(t, "table", table.Options{}, tab), shown+`

`+shown+`  Cost
──────────────────────────────
`+shown+`  1.00

note: `+shown+`
`)
}

// TestTerminalMeasuresWhatIsSeen: one sign may be several runes, each wide by itself,
// and a cell may begin with a mark that would join the gap before it.
func TestTerminalMeasuresWhatIsSeen(t *testing.T) {
	tab := table.Table{Columns: []table.Column{{Name: "team"}, {Name: "cost", Kind: table.Money}}}
	for _, name := range []string{"👩‍💻", "⚠️ 🇩🇪", "e\u0301te\u0301", "\ufe0fa", "客户"} {
		tab.Rows = append(tab.Rows, []any{name, money("1")})
	}
	// As in a Japanese locale; only what tablewriter measures depends on it.
	twwidth.SetEastAsian(true)
	t.Cleanup(func() { twwidth.SetEastAsian(false) })
	same(t, write(t, "table", table.Options{}, tab), "Team   Cost\n"+
		"───────────\n"+
		"👩‍💻     1.00\n"+
		"⚠️ 🇩🇪  1.00\n"+
		"e\u0301te\u0301    1.00\n"+
		"a      1.00\n"+
		"客户   1.00\n")
}
