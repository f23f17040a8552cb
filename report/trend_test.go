package report

import (
	"testing"

	"github.com/shopspring/decimal"
)

// Eighths of the largest: what is just above one is two, and what is least is still seen.
func TestChart(t *testing.T) {
	for _, test := range []struct {
		money []string
		want  string
	}{
		{[]string{"1", "2", "3", "4", "5", "6", "7", "8"}, "▁▂▃▄▅▆▇█"},
		{[]string{"12.5", "12.51", "100"}, "▁▂█"},
		{[]string{"0", "0.000001", "0", "1000000"}, " ▁ █"},
		{[]string{"-5", "0", "10"}, "▁ █"},
		{[]string{"-5", "-1"}, "▁▁"},
		{[]string{"0", "0"}, "  "},
	} {
		var cells []any
		for _, m := range test.money {
			cells = append(cells, decimal.RequireFromString(m))
		}
		if got := chart(cells); got != test.want {
			t.Errorf("%v is drawn as %q, not %q", test.money, got, test.want)
		}
	}
}

// The figures were computed apart, with the inverse of the matrix of the normal equations.
func TestLine(t *testing.T) {
	for name, test := range map[string]struct {
		xs, ys                  []int64
		x                       int64
		at, margin, next, along string // at x; the margin there; that of the next; that of both together
	}{
		"exact":       {[]int64{0, 1, 2}, []int64{10, 20, 30}, 3, "40.00", "0.00", "0.00", "0.00"},
		"four":        {[]int64{0, 1, 2, 3}, []int64{100, 130, 130, 160}, 4, "175.00", "28.28", "34.41", "57.13"},
		"with a hole": {[]int64{0, 1, 3, 6}, []int64{5, 4, 8, 9}, 7, "10.14", "3.57", "3.94", "6.68"},
		"falls":       {[]int64{0, 1, 2}, []int64{9, 5, 4}, 5, "-4.00", "11.52", "14.02", "24.96"},
	} {
		var xs, ys []decimal.Decimal
		for i := range test.xs {
			xs, ys = append(xs, decimal.NewFromInt(test.xs[i])), append(ys, decimal.NewFromInt(test.ys[i]))
		}
		l := fit(xs, ys)
		x, next := decimal.NewFromInt(test.x), decimal.NewFromInt(test.x+1)
		got := []string{l.at(x).StringFixed(2)}
		for _, at := range [][]decimal.Decimal{{x}, {next}, {x, next}} {
			margin, err := l.margin(at...)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, margin.StringFixed(2))
		}
		for i, want := range []string{test.at, test.margin, test.next, test.along} {
			if got[i] != want {
				t.Errorf("%s: %v, not %v", name, got, []string{test.at, test.margin, test.next, test.along})
				break
			}
		}
	}
}
