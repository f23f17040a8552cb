package catalogue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// errFrozen is the reason not to read version 1 of genai-prices.
var errFrozen = errors.New("is version 1 of genai-prices, which is frozen since 2026-07-27 and has a rise of claude-sonnet-5 on 2026-09-01 that was cancelled; take version 2 (prices/new_data/v2/data.json)")

// genai reads the providers of a catalogue.
func genai(text []byte) (offers []pricing.Offer, models int, err error) {
	providers, err := list(text, 1)
	if err != nil {
		return nil, 0, err
	}
	second := false
	for _, p := range providers {
		fields, err := object(p.value, p.line)
		if err != nil {
			return nil, 0, err
		}
		var id string
		var entries []member
		for _, f := range fields {
			switch f.name {
			case "id":
				id, err = f.text()
			case "models":
				entries, err = list(f.value, f.line)
			case "extractors":
				second = second || mentionsSecond(string(f.value))
			}
			if err != nil {
				return nil, 0, err
			}
		}
		for _, m := range entries {
			all, err := genaiModel(id, m)
			if err != nil {
				return nil, 0, err
			}
			second = second || mentionsSecond(string(m.value))
			offers = append(offers, all...)
			models++
		}
	}
	if !second && models > 0 {
		return nil, 0, errFrozen
	}
	return offers, models, nil
}

// mentionsSecond finds a word that only version 2 has: its files have no number.
func mentionsSecond(text string) bool {
	return slices.ContainsFunc([]string{"_1h_", "_5m_", "_kcount\"", "_searches", "_image_", "_video_", "_reasoning_", "_text_", "_hours\"", "_kpages\""}, func(word string) bool {
		return strings.Contains(strings.ReplaceAll(text, "requests_kcount", ""), word)
	})
}

// genaiModel is the prices of a model, one offer for each time.
func genaiModel(provider string, m member) (offers []pricing.Offer, err error) {
	fields, err := object(m.value, m.line)
	if err != nil {
		return nil, err
	}
	var id string
	var prices member
	for _, f := range fields {
		switch f.name {
		case "id":
			id, err = f.text()
		case "prices":
			prices = f
		}
		if err != nil {
			return nil, err
		}
	}
	if id == "" || prices.value == nil {
		return nil, bad(m.line, "a model of %s without id or prices", provider)
	}
	g := genaiPrices{offer: pricing.Offer{Provider: provider, Name: id, Factors: map[string]decimal.Decimal{}}}
	if prices.value[0] == '[' {
		err = g.dated(prices)
	} else {
		var o pricing.Offer
		o, err = g.read(prices)
		g.offers = append(g.offers, o)
	}
	if err != nil {
		return nil, fmt.Errorf("%w, of the model %s", err, id)
	}
	for i := range g.offers { // each holds until the next one does
		if i+1 < len(g.offers) {
			g.offers[i].To = g.offers[i+1].From
		}
	}
	return g.offers, nil
}

// genaiPrices is the prices of a model while they are read.
type genaiPrices struct {
	offer  pricing.Offer // its names
	offers []pricing.Offer
}

// dated reads a list of prices with what they depend on: the day from which they hold, or the hours at which they do.
func (g *genaiPrices) dated(prices member) error {
	entries, err := list(prices.value, prices.line)
	if err != nil {
		return err
	}
	for i, e := range entries {
		fields, err := object(e.value, e.line)
		if err != nil {
			return err
		}
		var o pricing.Offer
		constraint := map[string]string{}
		for _, f := range fields {
			switch {
			case f.name == "prices":
				o, err = g.read(f)
			case f.name == "constraint" && string(f.value) != "null":
				constraint, err = texts(f)
			}
			if err != nil {
				return err
			}
		}
		if o.Prices == nil || i == 0 && len(constraint) > 0 {
			return bad(e.line, "prices: the first has no constraint, and each has prices")
		}
		if err := g.add(o, constraint, e.line); err != nil {
			return err
		}
	}
	slices.SortStableFunc(g.offers, func(x, y pricing.Offer) int { return x.From.Compare(y.From) })
	return nil
}

// texts is an object of texts.
func texts(m member) (map[string]string, error) {
	fields, err := object(m.value, m.line)
	all := map[string]string{}
	for _, f := range fields {
		if err == nil {
			all[f.name], err = f.text()
		}
	}
	return all, err
}

func (g *genaiPrices) add(o pricing.Offer, constraint map[string]string, line int) error {
	switch from, to := constraint["start_time"], constraint["end_time"]; {
	case len(constraint) == 0:
		g.offers = append(g.offers, o)
	case len(constraint) == 1 && constraint["start_date"] != "":
		day, err := time.Parse(time.DateOnly, constraint["start_date"])
		if err != nil {
			return bad(line, "start_date %q is not a date like 2026-10-06", constraint["start_date"])
		}
		o.From = day
		g.offers = append(g.offers, o)
	case len(constraint) == 2 && from != "" && to != "" && len(g.offers) > 0:
		base := &g.offers[len(g.offers)-1]
		hours, ok := clockHours(from, to)
		if !ok {
			base.Fields = append(base.Fields, pricing.Field{Name: "constraint", Value: from + " to " + to, Why: "the book has prices by the full hour of a day", Stops: "form"})
			return nil
		}
		for key, p := range o.Prices {
			if key.Long || !p.Per.Equal(decimal.New(1, 6)) {
				continue
			}
			for _, h := range hours {
				key.Hours = h
				base.Prices[key] = p
			}
		}
	default:
		return bad(line, "constraint: only start_date, or start_time and end_time, are known")
	}
	return nil
}

// clockHours is the full hours (UTC) from one time to another: two spans where midnight lies between.
func clockHours(from, to string) ([]string, bool) {
	var hours [2]string
	for i, text := range []string{from, to} {
		t, err := time.Parse("15:04:05Z07:00", text)
		if err != nil || t.Minute()+t.Second() != 0 {
			return nil, false
		}
		hours[i] = t.UTC().Format("15:04")
	}
	switch {
	case hours[1] == "00:00":
		return []string{hours[0] + "-24:00"}, hours[0] != "00:00"
	case hours[0] < hours[1]:
		return []string{hours[0] + "-" + hours[1]}, true
	case hours[0] == hours[1]:
		return nil, false
	}
	return []string{"00:00-" + hours[1], hours[0] + "-24:00"}, true
}
