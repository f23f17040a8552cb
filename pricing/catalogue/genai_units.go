package catalogue

import (
	"slices"
	"strings"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// A unit is what a price is for, as the book counts it.
type unit struct {
	class string
	per   int64
}

// units is the units of genai-prices that the book has, by the key of their prices.
func units() map[string]unit {
	const tokens = 1_000_000
	return map[string]unit{
		"input_mtok":              {"input", tokens},
		"output_mtok":             {"output", tokens},
		"cache_read_mtok":         {"cache_read", tokens},
		"cache_write_mtok":        {"cache_write_5m", tokens},
		"cache_write_5m_mtok":     {"cache_write_5m", tokens},
		"cache_write_1h_mtok":     {"cache_write_1h", tokens},
		"input_audio_mtok":        {"input_audio", tokens},
		"output_audio_mtok":       {"output_audio", tokens},
		"cache_audio_read_mtok":   {"cache_read_audio", tokens},
		"input_image_mtok":        {"input_image", tokens},
		"output_image_mtok":       {"output_image", tokens},
		"cache_image_read_mtok":   {"cache_read_image", tokens},
		"input_text_mtok":         {"input", tokens},
		"output_text_mtok":        {"output", tokens},
		"cache_text_read_mtok":    {"cache_read", tokens},
		"output_reasoning_mtok":   {"output", tokens},
		"web_searches_kcount":     {"web_search", 1000},
		"rerank_searches_kcount":  {"search", 1000},
		"storage_searches_kcount": {"file_search", 1000},
		"audio_hours":             {"seconds", 3600},
		"input_audio_hours":       {"seconds", 3600},
	}
}

// noClass is the keys of what the book has no class for.
func noClass() []string {
	return strings.Fields(`cache_text_write_mtok cache_text_write_5m_mtok cache_text_write_1h_mtok
		cache_audio_write_mtok cache_audio_write_5m_mtok cache_audio_write_1h_mtok
		cache_image_write_mtok cache_image_write_5m_mtok cache_image_write_1h_mtok
		input_video_mtok output_video_mtok cache_video_read_mtok
		cache_video_write_mtok cache_video_write_5m_mtok cache_video_write_1h_mtok
		input_tool_mtok input_text_tool_mtok input_audio_tool_mtok input_image_tool_mtok input_video_tool_mtok
		output_text_reasoning_mtok output_audio_reasoning_mtok output_image_reasoning_mtok output_video_reasoning_mtok
		output_citation_mtok output_text_citation_mtok output_audio_citation_mtok output_image_citation_mtok output_video_citation_mtok
		input_mchars input_text_messages_kcount output_audio_hours input_gpixels
		input_document_kpages input_annotated_document_kpages
		social_searches_kcount code_executions_kcount requests_kcount`)
}

// read reads one set of prices.
func (g *genaiPrices) read(m member) (pricing.Offer, error) {
	o := g.offer
	o.Prices = map[pricing.Key]pricing.Quote{}
	fields, err := object(m.value, m.line)
	if err != nil {
		return o, err
	}
	slices.SortStableFunc(fields, func(x, y member) int { return boolInt(secondary(x.name)) - boolInt(secondary(y.name)) })
	for _, f := range fields {
		if string(f.value) == "null" {
			continue
		}
		if err := price(&o, f); err != nil {
			return o, err
		}
	}
	return o, nil
}

// secondary keys only count beside their main ones: where they say the same there is nothing to add.
func secondary(key string) bool {
	return strings.Contains(key, "_text_") || strings.Contains(key, "_reasoning_") || key == "cache_write_5m_mtok"
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// price reads one price: a number, or tiers by the length of the prompt.
func price(o *pricing.Offer, f member) error {
	base, starts, err := tiered(f)
	if err != nil {
		return err
	}
	u, known := units()[f.name]
	switch {
	case !known:
		field := pricing.Field{Name: f.name, Value: short(f.value), Why: "nothing here knows this field", Stops: "unknown-field"}
		if slices.Contains(noClass(), f.name) {
			field.Why, field.Stops = "the book has no such class", ""
		}
		o.Fields = append(o.Fields, field)
		return nil
	case len(starts) > 1 || len(starts) == 1 && o.Over != 0 && o.Over != starts[0].over:
		o.Fields = append(o.Fields, pricing.Field{Name: f.name, Value: short(f.value), Why: "the book has one limit of long prompts a model", Stops: "form"})
		return nil
	}
	key := pricing.Key{Tier: standard, Class: u.class}
	put := func(amount decimal.Decimal) {
		amount = tidy(amount)
		p := pricing.Quote{Amount: amount, Per: decimal.New(u.per, 0)}
		if first, ok := o.Prices[key]; ok && secondary(f.name) && !first.Amount.Equal(amount) {
			o.Fields = append(o.Fields, pricing.Field{Name: f.name, Value: short(f.value), Why: "is not the price of " + u.class, Stops: "unknown-field"})
			return
		}
		o.Prices[key] = p
	}
	put(base)
	for _, s := range starts {
		o.Over, key.Long = s.over, true
		put(s.price)
	}
	return nil
}

type start struct {
	over  int64
	price decimal.Decimal
}

// tiered reads 2.5, or {base: 2.5, tiers: [{start: 200000, price: 5}]}: what is more than start costs so.
func tiered(f member) (base decimal.Decimal, starts []start, err error) {
	if f.value[0] != '{' {
		base, err = f.number()
		return base, nil, err
	}
	fields, err := object(f.value, f.line)
	if err != nil {
		return base, nil, err
	}
	hasBase := false
	for _, part := range fields {
		switch part.name {
		case "base":
			hasBase = true
			base, err = part.number()
		case "tiers":
			starts, err = tiers(part)
		default:
			err = bad(part.line, "%s: %s is neither base nor tiers", f.name, part.name)
		}
		if err != nil {
			return base, nil, err
		}
	}
	if !hasBase {
		err = bad(f.line, "%s: has no base", f.name)
	}
	return base, starts, err
}

func tiers(m member) (all []start, err error) {
	entries, err := list(m.value, m.line)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		fields, err := object(e.value, e.line)
		if err != nil {
			return nil, err
		}
		var s start
		for _, f := range fields {
			d, err := f.number()
			if err != nil {
				return nil, err
			}
			switch f.name {
			case "start":
				s.over = d.IntPart()
			case "price":
				s.price = d
			}
		}
		if s.over <= 0 || len(fields) != 2 {
			return nil, bad(e.line, "a tier is {start, price}")
		}
		all = append(all, s)
	}
	return all, nil
}
