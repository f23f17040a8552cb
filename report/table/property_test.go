package table_test

import (
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
