package pricing

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// hours is the hours of the week at which the clock's prices hold, by ISO day less one.
func (c clock) hours() (week [7][24]bool, err error) {
	first, last := 0, 6
	if c.Days != "" {
		names := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
		from, to, isRange := strings.Cut(c.Days, "-")
		if !isRange {
			to = from
		}
		first, last = slices.Index(names, from), slices.Index(names, to)
		if first < 0 || last < first {
			return week, fmt.Errorf("clock: days %q is not like mon-fri", c.Days)
		}
	}
	from, err := hour(c.From)
	if err != nil {
		return week, err
	}
	to, err := hour(c.To)
	if err != nil {
		return week, err
	}
	if from >= to {
		return week, fmt.Errorf("clock: %s is not before %s; hours past midnight are an entry of their own", c.From, c.To)
	}
	for day := first; day <= last; day++ {
		for h := from; h < to; h++ {
			week[day][h] = true
		}
	}
	return week, nil
}

// hour reads 01:00 or 24:00: a price changes on the hour.
func hour(text string) (int, error) {
	if text == "24:00" {
		return 24, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil || t.Minute() != 0 {
		return 0, fmt.Errorf("clock: %q is not a full hour like 01:00", text)
	}
	return t.Hour(), nil
}

// bands divides the week into the hours of the rate's clocks and the rest, none of them twice: of two clocks the first holds.
func (r rate) bands() []band {
	var at [7][24]int // 0: the rate's own prices; n: those of clock n-1
	for n := len(r.Clock) - 1; n >= 0; n-- {
		week, _ := r.Clock[n].hours() // checked when it was read
		for day := range week {
			for h, holds := range week[day] {
				if holds {
					at[day][h] = n + 1
				}
			}
		}
	}
	var all []band
	for day := 0; day < 7; {
		last := day
		for last < 6 && at[last+1] == at[day] {
			last++
		}
		for from := 0; from < 24; {
			to := from + 1
			for to < 24 && at[day][to] == at[day][from] {
				to++
			}
			price := r.Price
			if n := at[day][from]; n > 0 {
				price = r.Clock[n-1].Price
			}
			all = append(all, band{[2]int{day + 1, last + 1}, [2]int{from, to}, price})
			from = to
		}
		day = last + 1
	}
	return all
}
