package pricing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A Row is one price of the book, as SQL reads it: of one model, tier, token class and band, at some time.
type Row struct {
	Model      string // as Match.Key says
	Tier       string
	Class      string // a token class, or a unit such as web_search
	Long       bool   // of calls with a long prompt
	From, To   time.Time
	Days       [2]int // ISO, both included
	Hours      [2]int // the second excluded
	Price      decimal.Decimal
	Per        decimal.Decimal // how many tokens or units the price is for: a million tokens, or what the book says
	Status     string
	Confidence string
	Source     string
}

// standard is the tier of calls that ask for none.
const standard = "standard"

func million() decimal.Decimal { return decimal.New(1, 6) }

// each is the price of one token or unit.
func (r Row) each() decimal.Decimal { return r.Price.DivRound(r.Per, 15) }

// at says whether the price holds at a time.
func (r Row) at(t time.Time) bool {
	day := int(t.Weekday()+6)%7 + 1
	return (span{r.From, r.To}).holds(t) && r.Days[0] <= day && day <= r.Days[1] && r.Hours[0] <= t.Hour() && t.Hour() < r.Hours[1]
}

// Rates is the prices of the model that hold at a time (UTC), or all of them where it is zero.
func (m Match) Rates(at time.Time) []Row {
	rows := m.rows()
	if !at.IsZero() {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return !r.at(at) })
	}
	return rows
}

// LongOver is the number of tokens above which a call is long; inclusive: at it too. Zero: there is no such band.
func (m Match) LongOver() (over int64, inclusive bool) {
	for _, r := range m.model.Rates {
		if r.Long != nil {
			return r.Long.Over, r.Long.Inclusive
		}
	}
	return 0, false
}

// checkLong refuses a limit of long prompts that changes: a call is long or not before its price is looked up.
func (m *model) checkLong() error {
	var first *rate
	for i, r := range m.Rates {
		switch {
		case r.Long == nil:
		case first == nil:
			first = &m.Rates[i]
		case r.Long.Over != first.Long.Over || r.Long.Inclusive != first.Long.Inclusive:
			return fmt.Errorf("%s in the rate from %s, %s in the rate from %s: a model has one such limit at all times", first.Long, first.From, r.Long, r.From)
		}
	}
	return nil
}

func (l *long) String() string {
	if l.Inclusive {
		return fmt.Sprintf("long over %d inclusive", l.Over)
	}
	return fmt.Sprintf("long over %d", l.Over)
}

// hourly says whether a rate changes within a day (UTC).
func (m Match) hourly() bool {
	return slices.ContainsFunc(m.model.Rates, func(r rate) bool {
		return len(r.Clock) > 0 || !r.From.Equal(r.From.Truncate(24*time.Hour)) || !r.To.Equal(r.To.Truncate(24*time.Hour))
	})
}

// rows is every price of the model. One that has a long band at some time has both bands at all times.
func (m Match) rows() []Row {
	over, _ := m.LongOver()
	factor := decimal.New(1, 0)
	if m.Region != "" {
		factor = m.file.uplift(m.Model, m.Region)
	}
	var rows []Row
	for _, r := range m.model.Rates {
		base := Row{Model: m.Key(), From: r.From.Time, To: r.To.Time, Days: [2]int{1, 7}, Hours: [2]int{0, 24}, Per: million(),
			Status: cmp.Or(r.Status, "list"), Confidence: r.Source.Confidence, Source: r.Source.String()}
		if r.overlay != "" {
			base.Source = strings.TrimSuffix(r.overlay+": "+base.Source, ": ")
		}
		for _, band := range r.bands() {
			rows = append(rows, band.rows(r, m.file.Same, base, false)...)
			if over > 0 {
				rows = append(rows, band.rows(r, m.file.Same, base, true)...)
			}
		}
	}
	for i := range rows {
		rows[i].Price = rows[i].Price.Mul(factor)
	}
	return rows
}

// uplift is the factor of a region for a model; 1 where the book knows none.
func (f *file) uplift(id, where string) decimal.Decimal {
	for _, r := range f.Region {
		if slices.Contains(r.When, where) && matchesAny(r.Models, id) {
			return r.Times.Decimal
		}
	}
	return decimal.New(1, 0)
}

// A band is some hours of the week, with the prices of then.
type band struct {
	days, hours [2]int
	price       map[string]Decimal
}

// rows is the prices of the band, of every tier, for long prompts or for others; same is the classes that are billed as another.
func (b band) rows(r rate, same map[string]string, base Row, isLong bool) []Row {
	base.Days, base.Hours, base.Long = b.days, b.hours, isLong
	prices := b.price
	if isLong && r.Long != nil {
		prices = r.Long.Price
	}
	var rows []Row
	own := prices
	add := func(tier string, prices map[string]decimal.Decimal, per decimal.Decimal) {
		for class, as := range same {
			_, has := own[class]
			if p, ok := prices[as]; ok && !has {
				prices[class] = p
			}
		}
		for _, class := range slices.Sorted(maps.Keys(prices)) {
			row := base
			row.Tier, row.Class, row.Price, row.Per = tier, class, prices[class], per
			rows = append(rows, row)
		}
	}
	add(standard, plain(prices), million())
	for _, name := range slices.Sorted(maps.Keys(r.Tiers)) {
		t := r.Tiers[name]
		if isLong && r.Long != nil && t.Long != nil && !*t.Long {
			continue
		}
		add(name, t.prices(prices, isLong && r.Long != nil), million())
	}
	tiers := append([]string{standard}, slices.Sorted(maps.Keys(r.Tiers))...)
	for _, name := range slices.Sorted(maps.Keys(r.Units)) {
		u := r.Units[name]
		for _, tier := range tiers {
			add(tier, map[string]decimal.Decimal{name: u.Price.Decimal}, u.Per.Decimal)
		}
	}
	return rows
}

// prices is what a tier asks: its own prices, and for other classes the standard ones times its factor. What it asks of its
// own for a class is not said for long prompts: there the class has none.
func (t tier) prices(base map[string]Decimal, isLong bool) map[string]decimal.Decimal {
	prices := map[string]decimal.Decimal{}
	if t.Times.IsPositive() {
		for class, p := range base {
			prices[class] = p.Mul(t.Times.Decimal)
		}
	}
	for class, p := range t.Price {
		delete(prices, class)
		if !isLong {
			prices[class] = p.Decimal
		}
	}
	for _, class := range t.Without {
		delete(prices, class)
	}
	return prices
}

func plain(prices map[string]Decimal) map[string]decimal.Decimal {
	all := map[string]decimal.Decimal{}
	for class, p := range prices {
		all[class] = p.Decimal
	}
	return all
}
