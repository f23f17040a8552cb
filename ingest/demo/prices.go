package demo

import (
	"time"

	"github.com/shopspring/decimal"
)

// A class is a kind of token with a price of its own. The classes are disjoint:
// a prompt is uncached + cacheRead + cacheWrite5m + cacheWrite1h.
type class int

const (
	uncached class = iota
	cacheRead
	cacheWrite5m
	cacheWrite1h
	output
	classes // how many there are
)

// A tokens counts tokens by class.
type tokens [classes]int64

// A rate is what a million tokens of each class cost, in dollars; zero where
// the model has no such class.
type rate [classes]decimal.Decimal

// cost is what tokens of one class cost.
func (r rate) cost(c class, tokens int64) decimal.Decimal {
	return r[c].Mul(decimal.New(tokens, -6))
}

// total is what tokens of all classes cost.
func (r rate) total(t tokens) decimal.Decimal {
	sum := decimal.Zero
	for c := range classes {
		sum = sum.Add(r.cost(c, t[c]))
	}
	return sum
}

// A listPrice is what a model costs from a day on.
type listPrice struct {
	model string // as the gateway's clients call it
	from  string
	price [classes]string // uncached, cache read, cache write 5 min and 1 h, output
}

// listPrices are the providers' list prices of the models that the company
// uses, in US dollars per million tokens. Of two prices of one model the later
// is in force from its day on.
func listPrices() []listPrice {
	return []listPrice{
		{"gpt-5.5", "2026-04-23", [classes]string{"5", "0.5", "", "", "30"}},
		{"gpt-5.4", "2026-03-05", [classes]string{"2.5", "0.25", "", "", "15"}},
		{"gpt-5.4-mini", "2026-03-17", [classes]string{"0.75", "0.075", "", "", "4.5"}},
		{"gpt-5.4-nano", "2026-03-17", [classes]string{"0.2", "0.02", "", "", "1.25"}},
		{"gpt-5.2", "2025-12-11", [classes]string{"1.75", "0.175", "", "", "14"}},
		{"text-embedding-3-large", "2024-01-25", [classes]string{"0.13", "", "", "", ""}},
		{"claude-haiku-4-5", "2025-10-15", [classes]string{"1", "0.1", "1.25", "2", "5"}},
		{"claude-sonnet-4-6", "2026-03-13", [classes]string{"3", "0.3", "3.75", "6", "15"}},
		{"claude-sonnet-5", "2026-06-30", [classes]string{"2", "0.2", "2.5", "4", "10"}},
		{"claude-sonnet-5-5", "2026-09-28", [classes]string{"2", "0.2", "2.5", "4", "10"}},
		{"claude-sonnet-5-5", "2026-10-07", [classes]string{"2", "0.1", "2.5", "4", "10"}},
		{"claude-opus-4-7", "2026-04-16", [classes]string{"5", "0.5", "6.25", "10", "25"}},
		{"claude-opus-4-8", "2026-05-28", [classes]string{"5", "0.5", "6.25", "10", "25"}},
		{"claude-opus-5", "2026-07-24", [classes]string{"5", "0.5", "6.25", "10", "25"}},
		{"claude-opus-5-5", "2026-09-22", [classes]string{"4", "0.2", "5", "8", "20"}},
	}
}

// webSearch is what one search by a Claude model costs.
func webSearch() decimal.Decimal { return decimal.RequireFromString("0.01") }

// A priceBook knows the rates of the models by day.
type priceBook map[string][]datedRate

type datedRate struct {
	from string
	rate rate
}

func newPriceBook() priceBook {
	book := priceBook{}
	for _, p := range listPrices() {
		var r rate
		for c, text := range p.price {
			if text != "" {
				r[c] = decimal.RequireFromString(text)
			}
		}
		book[p.model] = append(book[p.model], datedRate{p.from, r})
	}
	return book
}

// on returns the rate of the model on the day, at half price in a batch. A
// model that had no price that day has a rate of zero, which the tests refuse.
func (b priceBook) on(model string, day time.Time, batch bool) rate {
	var r rate
	for _, d := range b[model] {
		if d.from <= day.Format(time.DateOnly) {
			r = d.rate
		}
	}
	if batch {
		half := decimal.New(5, -1)
		for c := range r {
			r[c] = r[c].Mul(half)
		}
	}
	return r
}
