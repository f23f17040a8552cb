package journal

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func october() report.Period { return report.Month(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) }

// bills are of any amounts: credits, whole cents, parts of one, and many that are next to nothing.
func bills() *rapid.Generator[[]bill] {
	amounts := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		places := rapid.SampledFrom([]int32{2, 3, 12}).Draw(t, "places")
		most := rapid.SampledFrom([]int64{1, 9, 1e4, 1e17}).Draw(t, "most")
		return decimal.New(rapid.Int64Range(-most, most).Draw(t, "units"), -places)
	})
	return rapid.Custom(func(t *rapid.T) []bill {
		bills := make([]bill, rapid.IntRange(0, 6).Draw(t, "bills"))
		for i := range bills {
			bills[i].provider = fmt.Sprintf("p%d", i)
			for j, amount := range rapid.SliceOfN(amounts, 1, 12).Draw(t, "amounts") {
				bills[i].parts = append(bills[i].parts, part{useCase: fmt.Sprintf("u%d", j), amount: amount})
			}
			if rapid.Bool().Draw(t, "taxed") {
				bills[i].parts = append(bills[i].parts, part{tax: true, amount: amounts.Draw(t, "tax")})
			}
			if rapid.Bool().Draw(t, "invoiced") {
				off := decimal.New(rapid.Int64Range(-2, 2).Draw(t, "off"), -2)
				bills[i].invoices = []invoice{{id: "I", currency: "USD", total: bills[i].total().Add(off)}}
			}
		}
		return bills
	})
}

// TestBook: whatever the bills are, the entries balance and tie, and no provider and no line is a cent or more from what it is exactly. Tax is booked
// where it belongs, and a note says of each invoice that is not what is booked.
func TestBook(t *testing.T) {
	cent := decimal.New(1, -2)
	off := func(booked, exact decimal.Decimal) bool {
		if exact.Equal(exact.Round(2)) {
			return !booked.Equal(exact)
		}
		return booked.Sub(exact).Abs().GreaterThanOrEqual(cent)
	}
	rapid.Check(t, func(t *rapid.T) {
		bills, charged := bills().Draw(t, "bills"), decimal.Zero
		exact := map[string]decimal.Decimal{}
		for _, b := range bills {
			charged, exact[b.provider] = charged.Add(b.total()), b.total()
			for _, p := range b.parts {
				exact[b.provider+cmp.Or(p.useCase, "tax")] = p.amount
			}
		}
		entries, notes, err := book(october(), bills, charged, Options{Currency: "USD", Accounts: Accounts{Tax: "tax"}})
		if err != nil {
			t.Fatal(err)
		}
		booked := map[string]decimal.Decimal{}
		for _, e := range entries {
			if balance := sum(e.Lines).Add(e.Payable.Amount); !balance.IsZero() {
				t.Fatalf("%s is out of balance by %s", e.Provider, balance)
			}
			booked[e.Provider] = sum(e.Lines)
			for _, l := range e.Lines {
				if l.Amount.IsZero() || !l.Amount.Equal(l.Amount.Round(2)) {
					t.Fatalf("a line of %s", l.Amount)
				}
				if (l.UseCase == "") != (l.Account == "tax") {
					t.Fatalf("%q is booked to %s", l.UseCase, l.Account)
				}
				booked[e.Provider+cmp.Or(l.UseCase, "tax")] = l.Amount
			}
		}
		differ := 0
		for _, b := range bills {
			if len(b.invoices) > 0 && !b.invoices[0].total.Round(2).Equal(booked[b.provider]) {
				differ++
			}
		}
		if len(notes) != differ {
			t.Fatalf("%d invoices are not what is booked: %q", differ, notes)
		}
		for name, amount := range exact {
			if off(booked[name], amount) {
				t.Fatalf("%s is booked with %s, and is %s", name, booked[name], amount)
			}
		}
		if all := (Journal{Entries: entries}).Debited(); !all.Equal(charged.Round(2)) {
			t.Fatalf("%s are booked of %s", all, charged)
		}
	})
}

// TestDealTies: equal remainders are served in their order.
func TestDealTies(t *testing.T) {
	third := decimal.RequireFromString("0.333333333333")
	for total, want := range map[string]string{"0.99": "0.33 0.33 0.33", "1.00": "0.34 0.33 0.33", "1.01": "0.34 0.34 0.33"} {
		var got []string
		for _, d := range deal(decimal.RequireFromString(total), []decimal.Decimal{third, third, third}) {
			got = append(got, d.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is dealt as %s, not %s", total, got, want)
		}
	}
}

func TestBookRefuses(t *testing.T) {
	bills := []bill{{provider: "openai", parts: []part{{amount: decimal.RequireFromString("1.005")}}}}
	for charged, want := range map[string]string{
		"1.005":          "",
		"1.004999999999": "its lines are 1.005, and the charges 1.004999999999",
		"2.005":          "its lines are 1.005, and the charges 2.005",
	} {
		_, _, err := book(october(), bills, decimal.RequireFromString(charged), Options{})
		if want == "" && err == nil {
			continue
		}
		if !errors.Is(err, report.ErrUntied) || err.Error() != report.ErrUntied.Error()+": "+want {
			t.Errorf("%s: error %v", charged, err)
		}
	}
}
