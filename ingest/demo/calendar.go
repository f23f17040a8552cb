package demo

import (
	"math/rand/v2"
	"time"
)

// A month counts from May 2026.
type month int

const (
	first month = 0 // 2026-05
	july  month = 2
	aug   month = 3
	sep   month = 4
	oct   month = 5
	last  month = oct
)

const months = int(last) + 1

func (m month) start() time.Time {
	return time.Date(2026, time.May+time.Month(m), 1, 0, 0, 0, 0, time.UTC)
}

// String is the month as file names and invoices spell it, 2026-05.
func (m month) String() string { return m.start().Format("2006-01") }

func (m month) days() []time.Time {
	var days []time.Time
	for d := m.start(); d.Before((m + 1).start()); d = d.AddDate(0, 0, 1) {
		days = append(days, d)
	}
	return days
}

// downloaded is when the exports of the month were saved: at 08:00 on the
// second day of the next one, when the providers' figures have settled.
func (m month) downloaded() time.Time {
	return (m + 1).start().Add((24 + 8) * time.Hour)
}

// A week says how busy each weekday is, Sunday first, in thousandths.
type week [7]int64

// customers use a product every day; office is what engineers do at work;
// steady is a machine that does not know the day.
func customers() week { return week{640, 1000, 1030, 1020, 1010, 960, 670} }
func office() week    { return week{110, 960, 1040, 1050, 1010, 900, 140} }
func steady() week    { return week{1000, 1000, 1000, 1000, 1000, 1000, 1000} }

// spread divides an amount over the days of a month: by weekday, a little more
// towards the end of the month, and never the same twice. The parts add up to
// the amount. It is integer arithmetic because floating point may differ
// between processors, and the files may not.
func spread(amount int64, m month, w week, dice *rand.Rand) []int64 {
	days := m.days()
	weights := make([]int64, len(days))
	for i, d := range days {
		trend := 950 + 100*int64(i)/int64(len(days))
		weights[i] = w[d.Weekday()] * trend * (920 + dice.Int64N(161)) / 1000
	}
	return divide(amount, weights)
}

// divide cuts an amount into parts in proportion to the weights; what rounding
// leaves of one part goes to the next, so that they add up to the amount.
func divide(amount int64, weights []int64) []int64 {
	var total, sum int64
	for _, w := range weights {
		total += w
	}
	parts := make([]int64, len(weights))
	var given int64
	for i, w := range weights {
		sum += w
		parts[i] = amount*sum/total - given
		given += parts[i]
	}
	return parts
}

// newDice returns the random numbers of one purpose in one month, so that a
// change to one file leaves the others alone.
func newDice(purpose uint64, m month) *rand.Rand {
	return rand.New(rand.NewPCG(2026, purpose<<8|uint64(m)))
}
