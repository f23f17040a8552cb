package table_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
	"github.com/charmbracelet/x/ansi"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// minimumWidth is where the promise begins: the widest number of the generator.
const minimumWidth = len("-1,000,000,000,000.00")

// TestTerminalFits draws random tables at random widths: no line is wider than the
// terminal, and no amount of money is cut.
func TestTerminalFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := tables().Draw(t, "table")
		o := table.Options{
			Width: rapid.IntRange(minimumWidth, 160).Draw(t, "width"),
			Color: rapid.Bool().Draw(t, "color"),
			Wide:  rapid.Bool().Draw(t, "wide"),
		}
		var b strings.Builder
		if err := table.Formats()["table"](&b, o, tab); err != nil {
			t.Fatal(err)
		}
		if !o.Color && strings.Contains(b.String(), "\x1b") {
			t.Fatalf("escape code without colour: %q", b.String())
		}
		out := ansi.Strip(b.String())
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if w := ansi.StringWidth(line); w > o.Width {
				t.Fatalf("line %q is %d wide, not %d, in\n%s", line, w, o.Width, out)
			}
		}
		printed := map[string]int{}
		for _, word := range strings.Fields(out) {
			printed[strings.ReplaceAll(word, ",", "")]++
		}
		for amount, times := range amounts(tab, o.Wide) {
			if printed[amount] < times {
				t.Fatalf("%s is printed %d times, not %d, in\n%s", amount, printed[amount], times, out)
			}
		}
	})
}

// amounts counts the money that has to be seen, as it is rounded.
func amounts(tab table.Table, wide bool) map[string]int {
	seen := map[string]int{}
	for _, row := range append(tab.Rows[:len(tab.Rows):len(tab.Rows)], tab.Totals) {
		for i, cell := range row {
			if money, ok := cell.(decimal.Decimal); ok && (wide || !tab.Columns[i].Wide) {
				seen[money.StringFixed(2)]++
			}
		}
	}
	return seen
}

// TestMarkdownKeepsText: whatever the cells hold, a row has as many cells as there are columns, and read as Markdown
// a cell is what the terminal shows of it.
func TestMarkdownKeepsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(texts(), rapid.StringOf(rapid.SampledFrom([]rune("ab1. \\|`*_<>[]()#~&;$-+=!\n")))).Draw(t, "text")
		tab := table.Table{Columns: []table.Column{{Name: "team"}, {Name: "cost", Kind: table.Money}}, Rows: [][]any{{text, money("1")}}, Notes: []string{text}}
		var b, shown strings.Builder
		if err := errors.Join(table.Formats()["md"](&b, table.Options{}, tab), table.Formats()["table"](&shown, table.Options{}, tab)); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if len(lines) != 6 {
			t.Fatalf("%d lines for a row and a note in\n%s", len(lines), b.String())
		}
		cells, ok := strings.CutSuffix(strings.TrimPrefix(lines[2], "| "), " | 1.00 |")
		want := strings.TrimSpace(strings.TrimSuffix(strings.Split(shown.String(), "\n")[2], "1.00"))
		for _, got := range []string{cells, strings.TrimPrefix(lines[4], "- ")} {
			if plain, markup := unescape(got); !ok || markup != "" || plain != want {
				t.Fatalf("%q is written as %q: markup %q, text %q, not %q", text, got, markup, plain, want)
			}
		}
	})
}

// unescape reads Markdown that should be nothing but text: what is left of it is markup.
func unescape(s string) (plain, markup string) {
	escaped := false
	for _, r := range s {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && strings.ContainsRune("|`*_<[]#~&$", r):
			markup += string(r)
		}
		escaped = false
		plain += string(r)
	}
	return plain, markup
}

func tables() *rapid.Generator[table.Table] {
	kinds := []table.Kind{table.Text, table.Money, table.Count, table.Percent, table.Flag}
	return rapid.Custom(func(t *rapid.T) table.Table {
		tab := table.Table{
			Report: "random",
			Title:  texts().Draw(t, "title"),
			Notes:  rapid.SliceOfN(texts(), 0, 3).Draw(t, "notes"),
		}
		for i := range rapid.IntRange(1, 7).Draw(t, "columns") {
			tab.Columns = append(tab.Columns, table.Column{
				Name:    fmt.Sprintf("column_%d", i),
				Heading: rapid.StringMatching(`([A-Za-z]{1,14} ?){0,4}`).Draw(t, "heading"),
				Kind:    rapid.SampledFrom(kinds).Draw(t, "kind"),
				Wide:    i > 0 && rapid.Bool().Draw(t, "wide column"),
			})
		}
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			tab.Rows = append(tab.Rows, cells(t, tab.Columns))
		}
		if rapid.Bool().Draw(t, "totals") {
			tab.Totals = cells(t, tab.Columns)
		}
		return tab
	})
}

func cells(t *rapid.T, columns []table.Column) []any {
	row := make([]any, len(columns))
	for i, c := range columns {
		if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
			continue
		}
		switch c.Kind {
		case table.Text:
			row[i] = texts().Draw(t, "text")
		case table.Money:
			units := rapid.Int64Range(-1e14, 1e14).Draw(t, "units")
			row[i] = decimal.New(units, int32(-rapid.IntRange(2, 12).Draw(t, "places")))
		case table.Count:
			row[i] = rapid.Int64Range(0, 1e13).Draw(t, "count")
		case table.Percent:
			row[i] = rapid.Float64Range(-1e9, 1e9).Draw(t, "percent")
		case table.Flag:
			row[i] = rapid.Bool().Draw(t, "flag")
		}
	}
	return row
}

// texts are what a name can be: plain, long, in any script, or hostile.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z]{1,8}(-[a-z]{1,8}){0,5}`),
		rapid.StringN(0, 40, -1),
		rapid.StringOfN(rapid.SampledFrom([]rune("客户支持 のa-\u200d👩💻🚀⚠\ufe0f🇩🇪\u0301\u0600\u093e\u1161\u00ad\u200b\u3000\u202e\x1b\u009b\n\t")), 0, 60, -1),
		rapid.SampledFrom([]string{"(unattributed)", "(none)", "\x1b[31mred\x1b[m", "\x1b]0;title\a", "\xff\x9b31m"}),
	)
}
