package page_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
)

type chart struct {
	Kind, Decimal  string
	Percent        bool
	Points, Totals []string
	Series         []struct {
		Name, Color string
		Values      []json.Number
		Texts       []string
	}
}

// charts is what the script would draw.
func charts(t *testing.T, text string) (all []chart) {
	t.Helper()
	for _, found := range regexp.MustCompile(`<script type="application/json">(.*?)</script>`).FindAllStringSubmatch(text, -1) {
		var c chart
		if err := json.Unmarshal([]byte(found[1]), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func drawn(t *testing.T, tab table.Table) string {
	t.Helper()
	return format(t, table.Options{}, tab)
}

// TestManySeries: a stack stays whole when there are more use cases than colours; lines are left out, and it is said.
func TestManySeries(t *testing.T) {
	tab := months(14, 2)
	text := drawn(t, tab)
	c := charts(t, text)[0]
	if len(c.Series) != 12 || c.Series[11].Name != "3 others" || c.Series[11].Color != "s12" {
		t.Fatalf("series %v", c.Series)
	}
	if got, want := c.Series[11].Texts, []string{"9,900.25", "11,220.26"}; !cmp.Equal(got, want) {
		t.Errorf("others %v, want %v", got, want)
	}
	if got, want := c.Series[11].Values[0].String(), "9900.252"; got != want {
		t.Errorf("others %s, want %s", got, want)
	}
	if got, want := c.Totals, []string{"33,000.64", "37,400.65"}; !cmp.Equal(got, want) {
		t.Errorf("totals %v, want %v", got, want)
	}
	if !strings.Contains(text, "The last 3 rows of the table are drawn as one.") {
		t.Error("nothing says that rows are drawn as one")
	}
	tab.Drawing.Kind = table.Lines
	text = drawn(t, tab)
	if c := charts(t, text)[0]; len(c.Series) != 12 || c.Series[11].Name == "3 others" || c.Totals != nil {
		t.Errorf("lines %v, totals %v", c.Series, c.Totals)
	}
	if !strings.Contains(text, "The last 2 rows of the table are not drawn.") {
		t.Error("nothing says that rows are not drawn")
	}
}

// TestUnknownPoint: what is not known is a gap and no zero.
func TestUnknownPoint(t *testing.T) {
	all := charts(t, drawn(t, metrics()))
	if len(all) != 3 {
		t.Fatalf("%d charts, want one a metric", len(all))
	}
	if one := all[1].Series[0]; one.Values[0] != "" || one.Texts[0] != "n/a" || one.Values[1] != "4.41" {
		t.Errorf("the first points are %q %q", one.Values, one.Texts)
	}
	tab := metrics()
	tab.Rows = tab.Rows[:1]
	for i := range tab.Rows[0][1:] {
		tab.Rows[0][i+1] = nil
	}
	if text := drawn(t, tab); strings.Contains(text, "<canvas") {
		t.Error("a chart of nothing is drawn")
	}
}

func TestKinds(t *testing.T) {
	apart := months(2, 1)
	apart.Drawing.Apart = true
	verdicts := tiers()
	verdicts.Columns[0].Tones = map[string]table.Tone{"request": table.Good, "none": table.Bad}
	for name, test := range map[string]struct {
		table   table.Table
		kind    string
		charts  int
		percent bool
		colors  string
	}{
		"columns":             {months(2, 6), "columns", 1, false, "s1 s2"},
		"one point":           {tiers(), "bar", 1, false, "s1 s2 s3 s4"},
		"one point, apart":    {apart, "columns", 2, false, "s1"},
		"lines":               {coverage(), "lines", 1, true, "s1 s2"},
		"series are verdicts": {verdicts, "bar", 1, false, "good neutral neutral bad"},
	} {
		all := charts(t, drawn(t, test.table))
		if len(all) != test.charts {
			t.Errorf("%s: %d charts, want %d", name, len(all), test.charts)
			continue
		}
		var colors []string
		for _, one := range all[0].Series {
			colors = append(colors, one.Color)
		}
		if all[0].Kind != test.kind || all[0].Percent != test.percent || strings.Join(colors, " ") != test.colors {
			t.Errorf("%s: %s, percent %t, colours %v", name, all[0].Kind, all[0].Percent, colors)
		}
	}
}

// TestDrawnIsInTheTable: columns for -o wide are there when they are drawn.
func TestDrawnIsInTheTable(t *testing.T) {
	tab := months(2, 2)
	tab.Columns[1].Wide = true
	tab.Columns = append(tab.Columns, table.Column{Name: "hidden", Wide: true})
	tab.Rows = [][]any{{"a", money("1"), money("2"), "x"}, {"b", money("3"), money("4"), "y"}}
	tab.Totals = nil
	text := parts.ReplaceAllString(drawn(t, tab), "")
	if !strings.Contains(text, ">2026-05</th>") || strings.Contains(text, "Hidden") {
		t.Error("the table does not have the columns that are drawn, and no other wide one")
	}
	if !tab.Columns[1].Wide {
		t.Error("the report's own table has changed")
	}
}
