package demo

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A fact is what one stream used on one day. The facts are the truth: every
// file about models is a view of them.
type fact struct {
	stream
	day      time.Time
	model    string // as the gateway's clients call it
	rate     rate
	tokens   tokens
	requests int64
	searches int64 // web searches by the model, billed apart
}

// truth makes the facts of every month, in the order of days and, within a
// day, of the streams.
func truth() [months][]fact {
	var (
		all  [months][]fact
		book = newPriceBook()
	)
	for m := first; m <= last; m++ {
		for i, s := range streams() {
			all[m] = append(all[m], s.facts(m, book, uint64(i))...)
		}
		slices.SortStableFunc(all[m], func(a, b fact) int { return a.day.Compare(b.day) })
	}
	return all
}

// facts turns the dollars that the stream is planned to cost in a month into
// requests and tokens. What they then cost is near the plan, not equal to it.
func (s stream) facts(m month, book priceBook, purpose uint64) []fact {
	if s.monthly[m] == 0 {
		return nil
	}
	var (
		facts []fact
		dice  = newDice(purpose, m)
		cents = spread(s.monthly[m]*100, m, s.week, dice)
	)
	for i, day := range m.days() {
		f := fact{stream: s, day: day, model: s.modelOn(day)}
		f.rate = book.on(f.model, day, s.batch)
		f.requests = decimal.New(cents[i], -2).Div(f.rate.total(s.perRequest)).IntPart()
		if f.requests == 0 {
			continue
		}
		for c, n := range s.perRequest {
			f.tokens[c] = f.requests * n * (960 + dice.Int64N(81)) / 1000
		}
		if s.searching > 0 {
			f.searches = f.requests / s.searching
		}
		facts = append(facts, f)
	}
	return facts
}

// on returns the facts of a day.
func on(day time.Time, facts []fact) []fact {
	i, _ := slices.BinarySearchFunc(facts, day, func(f fact, d time.Time) int { return f.day.Compare(d) })
	j, _ := slices.BinarySearchFunc(facts, day.AddDate(0, 0, 1), func(f fact, d time.Time) int { return f.day.Compare(d) })
	return facts[i:j]
}
