package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// standard is the tier of calls that ask for none.
const standard = "standard"

// An entry is one model of litellm while it is read.
type entry struct {
	pricing.Offer
	mode   string
	others map[string]decimal.Decimal // prices that only count where they differ from another
	overs  map[int64]bool
	fast   decimal.Decimal // the factor of the tier; zero: there is none
}

// litellm reads the models of a catalogue.
func litellm(text []byte) (offers []pricing.Offer, models int, err error) {
	all, err := object(text, 1)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range all {
		if m.name == "sample_spec" { // the catalogue's own description of an entry
			continue
		}
		if err := checkName(m.line, m.name); err != nil {
			return nil, 0, err
		}
		e, err := litellmEntry(m)
		if err != nil {
			return nil, 0, fmt.Errorf("%w, of the model %s", err, m.name)
		}
		models++
		if len(e.Prices)+len(e.Fields)+len(e.Factors) > 0 {
			offers = append(offers, e.Offer)
		}
	}
	return offers, models, nil
}

func litellmEntry(m member) (e entry, err error) {
	fields, err := object(m.value, m.line)
	if err != nil {
		return e, err
	}
	e = entry{Offer: pricing.Offer{Provider: "(none)", Name: m.name, Prices: map[pricing.Key]pricing.Quote{}, Factors: map[string]decimal.Decimal{}},
		others: map[string]decimal.Decimal{}, overs: map[int64]bool{}}
	for _, f := range fields {
		to := map[string]*string{"litellm_provider": &e.Provider, "mode": &e.mode}[f.name]
		if to == nil || string(f.value) == "null" {
			continue
		}
		if *to, err = f.text(); err != nil {
			return e, err
		}
	}
	if strings.HasPrefix(e.Provider, "vertex_ai") { // vertex_ai-language-models, without a prefix, is Vertex AI all the same
		e.Provider = "vertex_ai"
		if !strings.HasPrefix(e.Name, "vertex_ai/") {
			e.Name = "vertex_ai/" + e.Name
		}
	}
	for _, f := range fields {
		if err := e.field(f); err != nil {
			return e, err
		}
	}
	e.settle()
	return e, nil
}

// field reads one field, if it carries money.
func (e *entry) field(f member) error {
	if string(f.value) == "null" {
		return nil
	}
	switch f.name {
	case "search_context_cost_per_query":
		return e.searches(f)
	case "tiered_pricing":
		return e.bands(f)
	case "provider_specific_entry":
		return e.specific(f)
	}
	if !carriesMoney(f.name) {
		return nil
	}
	if f.value[0] == '{' || f.value[0] == '[' || f.value[0] == 't' || f.value[0] == 'f' {
		e.unknown(f)
		return nil
	}
	price, err := f.number()
	if err != nil {
		return err
	}
	e.price(f, price)
	return nil
}

// unknown keeps a field that nothing here knows.
func (e *entry) unknown(f member) {
	e.Fields = append(e.Fields, pricing.Field{Name: f.name, Value: short(f.value), Why: "nothing here knows this field", Stops: "unknown-field"})
}

// noPlace keeps a field of which the book has no class. What is free asks for none.
func (e *entry) noPlace(f member, price decimal.Decimal, why string) {
	if !price.IsZero() {
		e.Fields = append(e.Fields, pricing.Field{Name: f.name, Value: short(f.value), Why: why})
	}
}

var aboveTokens = regexp.MustCompile(`_above_(\d{1,5})k_tokens$`)

// price reads a field of one number: the stem says the class, suffixes say the tier and the band.
func (e *entry) price(f member, price decimal.Decimal) {
	key := pricing.Key{Tier: standard}
	stem := f.name
	for _, t := range []struct{ suffix, tier string }{{"_priority", "priority"}, {"_flex", "flex"}, {"_batches", "batch"}} {
		if cut, ok := strings.CutSuffix(stem, t.suffix); ok {
			stem, key.Tier = cut, t.tier
			break
		}
	}
	var over int64
	if at := aboveTokens.FindStringSubmatch(stem); at != nil {
		thousands, _ := strconv.ParseInt(at[1], 10, 64)
		over, key.Long = thousands*1000, true
		stem = strings.TrimSuffix(stem, at[0])
	}
	class, known := tokenFields()[stem]
	switch {
	case known && price.IsZero() && e.unpriced(class):
	case known:
		key.Class = class
		e.Prices[key] = pricing.PerMillion(tidy(price.Shift(6)))
		if over > 0 {
			e.overs[over] = true
		}
	default:
		e.other(f, stem, price)
	}
}

// unpriced says that a kind of model has no such class: 0 says there that there is none.
func (e *entry) unpriced(class string) bool {
	switch e.mode {
	case "embedding", "moderation":
		return class == "output"
	case "rerank", "audio_transcription", "audio_speech", "image_generation", "image_edit", "video_generation", "ocr", "search":
		return class == "input" || class == "output"
	}
	return false
}

// other reads a number that is no price of a token class.
func (e *entry) other(f member, stem string, price decimal.Decimal) {
	thousand := decimal.New(1000, 0)
	switch {
	case stem != f.name:
		e.misfit(f, price)
	case stem == "output_cost_per_reasoning_token" || stem == "input_cost_per_token_cache_hit":
		e.others[stem] = tidy(price.Shift(6))
	case stem == "input_cost_per_query" && e.mode == "rerank":
		e.Prices[pricing.Key{Tier: standard, Class: "search"}] = pricing.Quote{Amount: tidy(price.Mul(thousand)), Per: thousand}
	case stem == "file_search_cost_per_1k_calls":
		e.Prices[pricing.Key{Tier: standard, Class: "file_search"}] = pricing.Quote{Amount: tidy(price), Per: thousand}
	case stem == "input_cost_per_second" && e.mode == "audio_transcription":
		e.Prices[pricing.Key{Tier: standard, Class: "seconds"}] = pricing.Quote{Amount: tidy(price.Mul(decimal.New(60, 0))), Per: decimal.New(60, 0)}
	case stem == "output_cost_per_second" && e.mode == "audio_transcription":
		e.others[stem] = tidy(price.Mul(decimal.New(60, 0)))
	case strings.HasPrefix(stem, "regional_processing_uplift_multiplier_"):
		e.factor(strings.TrimPrefix(stem, "regional_processing_uplift_multiplier_"), price)
	default:
		e.misfit(f, price)
	}
}

// misfit is a field that is known but has no class in the book, or not even known.
func (e *entry) misfit(f member, price decimal.Decimal) {
	if unit := unitOf(f.name); unit != "" {
		e.noPlace(f, price, "the book has no prices by the "+unit)
		return
	}
	e.unknown(f)
}

// factor is what a region multiplies prices with. OpenAI has one for all its regions, which the book calls data_residency.
func (e *entry) factor(region string, times decimal.Decimal) {
	if e.Provider == "openai" {
		region = "data_residency"
	}
	if other, twice := e.Factors[region]; twice && !other.Equal(times) {
		e.Fields = append(e.Fields, pricing.Field{Name: "regional_processing_uplift_multiplier", Value: other.String() + ", " + times.String(), Why: "differs between regions"})
		return
	}
	e.Factors[region] = times
}

// settle looks at what only has a meaning together.
func (e *entry) settle() {
	for stem, class := range map[string]string{"output_cost_per_reasoning_token": "output", "input_cost_per_token_cache_hit": "cache_read", "output_cost_per_second": "seconds"} {
		price, said := e.others[stem]
		key := pricing.Key{Tier: standard, Class: class}
		same, has := e.Prices[key]
		switch {
		case !said || has && same.Amount.Equal(price), stem == "output_cost_per_second" && price.IsZero():
		case !has && class == "cache_read":
			e.Prices[key] = pricing.PerMillion(price)
		default:
			e.Fields = append(e.Fields, pricing.Field{Name: stem, Value: price.String(), Why: "is not the price of " + class, Stops: "unknown-field"})
		}
	}
	if len(e.overs) > 1 {
		e.Fields = append(e.Fields, pricing.Field{Name: "above", Value: fmt.Sprint(len(e.overs), " limits"), Why: "the book has one limit of long prompts a model", Stops: "form"})
	}
	for over := range e.overs {
		e.Over = max(e.Over, over)
	}
	e.hasten()
	slices.SortFunc(e.Fields, func(x, y pricing.Field) int { return strings.Compare(x.Name, y.Name) })
}
