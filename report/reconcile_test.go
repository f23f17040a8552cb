package report

import (
	"testing"

	"github.com/shopspring/decimal"
)

// The bounds of each status: a cent, what rounding may be, 2% of the bill, what lies within a range of prices, and parts that cancel.
func TestVerdict(t *testing.T) {
	for _, test := range []struct{ difference, whole, slack, ranged, apart, want string }{
		{"0", "100", "0", "0", "0", tied},
		{"0.01", "100", "0", "0", "0", tied},
		{"-0.01", "100", "0", "0", "0", tied},
		{"0.010001", "100", "0", "0", "0", within},
		{"0.05", "1", "0.05", "0", "0", within},
		{"0.06", "1", "0.05", "0", "0", open},
		{"2", "100", "0", "0", "0", within},
		{"-2", "100", "0", "0", "0", within},
		{"2.000001", "100", "0", "0", "0", open},
		{"2", "-100", "0", "0", "0", within}, // a month of refunds
		{"1", "0", "0", "0", "0", open},
		{"40", "140", "0", "40", "0", within},
		{"43", "140", "0", "40", "0", open}, // 3 of it no range explains
		{"40", "140", "0", "10", "0", open},
		{"0", "150", "0", "0", "100", open}, // 50 more here, 50 less there
		{"0", "150", "0", "0", "3", within},
		{"0", "150", "0", "0", "3.01", open},
	} {
		d := decimal.RequireFromString
		if got := verdict(d(test.difference), d(test.whole), d("0.02"), d(test.slack), d(test.ranged), d(test.apart)); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// The causes with the most dollars come first whatever their sign, those without dollars last, and what is said twice is said once.
func TestJoined(t *testing.T) {
	found := []cause{{text: "unknown"}, {money: decimal.New(5, 0), known: true, text: "five"}, {money: decimal.New(-7, 0), known: true, text: "minus seven"}, {money: decimal.New(5, 0), known: true, text: "five"}}
	if got := joined(found); got != "minus seven; five; unknown" {
		t.Error(got)
	}
	if got := joined(nil); got != "" {
		t.Error(got)
	}
}
