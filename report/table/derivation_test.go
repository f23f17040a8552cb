package table_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

// derived is a table of one column that derives from a and b (money), n (a count) and p (a percentage), and of one row.
func derived(kind table.Kind, cell any, a, b, n, p any, of ...table.Derivation) table.Table {
	return table.Table{
		Report: "spend",
		Columns: []table.Column{
			{Name: "x", Kind: kind, Of: of}, {Name: "a", Kind: table.Money}, {Name: "b", Kind: table.Money}, {Name: "n", Kind: table.Count}, {Name: "p", Kind: table.Percent},
		},
		Rows:   [][]any{{cell, a, b, n, p}},
		Totals: []any{nil, money("400"), money("0"), nil, nil},
	}
}

func TestDerived(t *testing.T) {
	sum := table.Derivation{Op: table.Sum, Of: []string{"a", "b", "n"}}
	difference := table.Derivation{Op: table.Difference, Of: []string{"a", "b"}}
	quotient := table.Derivation{Op: table.Quotient, Of: []string{"a", "n"}}
	percent := table.Derivation{Op: table.PercentOf, Of: []string{"a", "b"}}
	growth := table.Derivation{Op: table.Growth, Of: []string{"a", "b"}}
	share := table.Derivation{Op: table.Share, Of: []string{"a"}}
	ofNothing := table.Derivation{Op: table.Share, Of: []string{"b"}} // its total is 0
	for name, test := range map[string]struct {
		table table.Table
		want  string
	}{
		"sum":                     {derived(table.Money, money("33.1"), money("10.1"), money("20"), int64(3), nil, sum), "sum"},
		"sum, a little off":       {derived(table.Money, money("33.100000000001"), money("10.1"), money("20"), int64(3), nil, sum), "none"},
		"sum, an unknown":         {derived(table.Money, money("30.1"), money("10.1"), money("20"), nil, nil, sum), "none"},
		"difference":              {derived(table.Money, money("-9.9"), money("10.1"), money("20"), nil, nil, difference), "difference"},
		"difference, large":       {derived(table.Money, money("89999999.99"), money("100000000"), money("10000000"), nil, nil, difference), "none"},
		"unknown cell":            {derived(table.Money, nil, money("10.1"), money("20"), nil, nil, difference), "none"},
		"quotient":                {derived(table.Unit, money("3.333333333333"), money("10"), nil, int64(3), nil, quotient), "quotient"},
		"quotient, in cents":      {derived(table.Unit, money("3.33"), money("10"), nil, int64(3), nil, quotient), "none"},
		"quotient, tiny":          {derived(table.Unit, money("0.0000012"), money("1.3"), nil, int64(1e6), nil, quotient), "none"},
		"quotient by 0":           {derived(table.Unit, money("3"), money("10"), nil, int64(0), nil, quotient), "none"},
		"percent":                 {derived(table.Percent, 33.333333, money("1"), money("3"), nil, nil, percent), "percent"},
		"percent, as it is shown": {derived(table.Percent, 33.3, money("1"), money("3"), nil, nil, percent), "none"},
		"percent of 0":            {derived(table.Percent, 0.0, money("1"), money("0"), nil, nil, percent), "none"},
		"percent of a refund":     {derived(table.Percent, -50.0, money("1"), money("-2"), nil, nil, percent), "percent"},
		"not finite":              {derived(table.Percent, math.Inf(1), money("1"), money("3"), nil, nil, percent), "none"},
		"growth":                  {derived(table.Percent, -66.666667, money("1"), money("3"), nil, nil, growth), "growth"},
		"growth of millions":      {derived(table.Percent, 1.2345678901233e15, money("12345678901234"), money("1"), nil, nil, growth), "growth"},
		"growth from 0":           {derived(table.Percent, 0.0, money("0"), money("0"), nil, nil, growth), "none"},
		"share":                   {derived(table.Percent, 25.0, money("100"), nil, nil, nil, share), "share"},
		"share of nothing":        {derived(table.Percent, 25.0, nil, money("1"), nil, nil, ofNothing), "none"},
		"the first that is known": {derived(table.Percent, 25.0, money("100"), nil, nil, nil, growth, share), "share"},
		"the first that fits":     {derived(table.Percent, 25.0, money("100"), money("50"), nil, nil, growth, percent, share), "share"},
		"percentages":             {derived(table.Percent, 50.0, nil, nil, nil, 50.0, table.Derivation{Op: table.Sum, Of: []string{"p"}}), "sum"},
		"text":                    {derived(table.Text, "x", money("1"), money("1"), nil, nil, difference), "none"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := test.table.Check(); err != nil {
				t.Fatal(err)
			}
			got := "none"
			if d, ok := test.table.Derived(test.table.Rows[0], 0); ok {
				got = []string{"sum", "difference", "quotient", "percent", "growth", "share"}[d.Op]
			}
			if got != test.want {
				t.Errorf("%v is derived as %s, not %s", test.table.Rows[0], got, test.want)
			}
		})
	}
}

// TestDerivedTotals: a row of totals follows like any other, and is its own share.
func TestDerivedTotals(t *testing.T) {
	tab := derived(table.Percent, nil, money("100"), nil, nil, nil, table.Derivation{Op: table.Share, Of: []string{"a"}})
	tab.Totals[0] = 100.0
	if _, ok := tab.Derived(tab.Totals, 0); !ok {
		t.Error("the total is no share of itself")
	}
	tab.Totals = nil
	tab.Rows[0][0] = 25.0
	if _, ok := tab.Derived(tab.Rows[0], 0); ok {
		t.Error("a share of a total that there is not")
	}
}

// TestDerivedFromHidden: what -o table does not show is no operand of what it shows.
func TestDerivedFromHidden(t *testing.T) {
	tab := derived(table.Money, money("1"), money("2"), money("1"), nil, nil, table.Derivation{Op: table.Difference, Of: []string{"a", "b"}})
	tab.Columns[2].Wide = true
	for wide, want := range map[bool]bool{true: true, false: false} {
		shown := tab.Shown(wide)
		if _, ok := shown.Derived(shown.Rows[0], 0); ok != want {
			t.Errorf("wide %v: derived %v", wide, ok)
		}
	}
}

func TestSummed(t *testing.T) {
	tab := func(kind table.Kind, total any, cells ...any) table.Table {
		t := table.Table{Report: "spend", Columns: []table.Column{{Name: "x", Kind: kind}}, Totals: []any{total}}
		for _, c := range cells {
			t.Rows = append(t.Rows, []any{c})
		}
		return t
	}
	for name, test := range map[string]struct {
		table table.Table
		want  bool
	}{
		"money":          {tab(table.Money, money("3.50"), money("1"), money("2.5")), true},
		"the last digit": {tab(table.Money, money("3.500000000001"), money("1"), money("2.5")), false},
		"unknown cells":  {tab(table.Money, money("1"), money("1"), nil), true},
		"unknown total":  {tab(table.Money, nil, money("1")), false},
		"counts":         {tab(table.Count, int64(3), int64(1), int64(2)), true},
		"percentages":    {tab(table.Percent, 100.0, 40.0, 60.0), false},
		"text":           {tab(table.Text, "All", "x"), false},
		"nothing":        {tab(table.Money, money("0")), true},
	} {
		if err := test.table.Check(); err != nil {
			t.Error(err)
		}
		if got := test.table.Summed(0); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	none := tab(table.Money, nil, money("1"))
	if none.Totals = nil; none.Summed(0) {
		t.Error("without totals: summed")
	}
}

func TestDerivationsAreChecked(t *testing.T) {
	for _, test := range []struct {
		of   table.Derivation
		want string
	}{
		{table.Derivation{Op: table.Sum, Of: []string{"a", "c"}}, "column x derives from c, which is no column"},
		{table.Derivation{Op: table.Sum}, "column x derives from 0 columns by operation 0, which takes others"},
		{table.Derivation{Op: table.Difference, Of: []string{"a"}}, "column x derives from 1 columns by operation 1, which takes others"},
		{table.Derivation{Op: table.Growth, Of: []string{"a", "b", "n"}}, "column x derives from 3 columns by operation 4, which takes others"},
		{table.Derivation{Op: table.Share, Of: []string{"a", "b"}}, "column x derives from 2 columns by operation 5, which takes others"},
		{table.Derivation{Op: 6, Of: []string{"a"}}, "column x derives from 1 columns by operation 6, which takes others"},
	} {
		err := derived(table.Money, money("1"), money("1"), money("1"), int64(1), 1.0, test.of).Check()
		if err == nil || err.Error() != "table spend: "+test.want {
			t.Errorf("%+v: error %v", test.of, err)
		}
	}
}

func TestDrawingIsChecked(t *testing.T) {
	columns := []table.Column{{Name: "use_case"}, {Name: "2026-09", Kind: table.Money}, {Name: "note"}}
	for name, test := range map[string]struct {
		drawing table.Drawing
		columns []table.Column
		want    string
	}{
		"right":        {table.Drawing{Points: []string{"2026-09"}}, columns, "<nil>"},
		"no column":    {table.Drawing{Points: []string{"2026-09", "2026-10"}}, columns, "table trend: drawing: 2026-10 is no column of numbers"},
		"no numbers":   {table.Drawing{Points: []string{"note"}}, columns, "table trend: drawing: note is no column of numbers"},
		"no points":    {table.Drawing{Title: "x"}, columns, "table trend: drawing: needs points, and a first column of names"},
		"no names":     {table.Drawing{Points: []string{"2026-09"}}, columns[1:], "table trend: drawing: needs points, and a first column of names"},
		"no table":     {table.Drawing{Points: []string{"2026-09"}}, nil, "table trend: drawing: needs points, and a first column of names"},
		"other titles": {table.Drawing{Title: "x", Kind: table.Lines, Points: []string{"2026-09"}, Apart: true}, columns, "<nil>"},
	} {
		tab := table.Table{Report: "trend", Columns: test.columns, Drawing: &test.drawing}
		if err := tab.Check(); fmt.Sprint(err) != test.want {
			t.Errorf("%s: error %v", name, err)
		}
		if test.want == "<nil>" { // what cannot be drawn is left out
			for format := range table.Formats() {
				drawn := write(t, format, table.Options{}, tab)
				tab.Drawing = nil
				same(t, drawn, write(t, format, table.Options{}, tab))
				tab.Drawing = &test.drawing
			}
		}
	}
}
