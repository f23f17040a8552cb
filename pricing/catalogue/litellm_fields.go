package catalogue

import (
	"strings"

	"github.com/aifinops/aifinops/pricing"
	"github.com/shopspring/decimal"
)

// tokenFields is the fields that price a token, with the class of the book.
func tokenFields() map[string]string {
	return map[string]string{
		"input_cost_per_token":                      "input",
		"output_cost_per_token":                     "output",
		"cache_read_input_token_cost":               "cache_read",
		"cache_creation_input_token_cost":           "cache_write_5m",
		"cache_creation_input_token_cost_above_1hr": "cache_write_1h",
		"input_cost_per_audio_token":                "input_audio",
		"output_cost_per_audio_token":               "output_audio",
		"cache_read_input_audio_token_cost":         "cache_read_audio",
		"input_cost_per_image_token":                "input_image",
		"output_cost_per_image_token":               "output_image",
		"cache_read_input_image_token_cost":         "cache_read_image",
	}
}

// unitOf is what a field is priced by of which the book has no class; empty: the field is not known.
func unitOf(field string) string {
	for _, u := range []struct{ unit, fields string }{
		{"image", "input_cost_per_image output_cost_per_image"},
		{"pixel", "input_cost_per_pixel output_cost_per_pixel"},
		{"character", "input_cost_per_character output_cost_per_character"},
		{"second", "input_cost_per_second output_cost_per_second input_cost_per_audio_per_second input_cost_per_video_per_second output_cost_per_video_per_second"},
		{"token of video", "output_cost_per_video_token input_cost_per_video_token"},
		{"token of audio written to a cache", "cache_creation_input_audio_token_cost"},
		{"page", "ocr_cost_per_page ocr_cost_per_credit annotation_cost_per_page"},
		{"query", "input_cost_per_query"},
		{"request", "input_cost_per_request"},
		{"session", "code_interpreter_cost_per_session computer_use_input_cost_per_1k_tokens computer_use_output_cost_per_1k_tokens"},
		{"GB and day", "file_search_cost_per_gb_per_day vector_store_cost_per_gb_per_day"},
		{"Databricks unit", "input_dbu_cost_per_token output_dbu_cost_per_token"},
		{"token of a citation", "citation_cost_per_token"},
	} {
		for name := range strings.FieldsSeq(u.fields) {
			rest, ok := strings.CutPrefix(field, name)
			if ok && (rest == "" || strings.HasPrefix(rest, "_above_") || rest == "_priority" || rest == "_1080p") {
				return u.unit
			}
		}
	}
	return ""
}

// searches reads the price of a web search, which may depend on how much of the pages comes back.
func (e *entry) searches(f member) error {
	sizes, err := object(f.value, f.line)
	if err != nil {
		return err
	}
	var first decimal.Decimal
	for i, s := range sizes {
		price, err := s.number()
		if err != nil {
			return err
		}
		if i == 0 {
			first = price
		} else if !price.Equal(first) {
			e.noPlace(f, price, "the book has one price of a search")
			return nil
		}
	}
	if len(sizes) > 0 {
		e.Prices[pricing.Key{Tier: standard, Class: "web_search"}] = pricing.Quote{Amount: tidy(first.Shift(3)), Per: decimal.New(1000, 0)}
	}
	return nil
}

// bands reads prices by the length of the prompt: two of them are those of other prompts and of long ones.
func (e *entry) bands(f member) error {
	bands, err := list(f.value, f.line)
	if err != nil {
		return err
	}
	for i, b := range bands {
		fields, err := object(b.value, b.line)
		if err != nil {
			return err
		}
		from, ok := bandStart(fields)
		if !ok || len(bands) > 2 || i == 0 && from != 0 || i == 1 && from <= 0 {
			e.Fields = append(e.Fields, pricing.Field{Name: f.name, Value: short(f.value), Why: "the book has one limit of long prompts a model", Stops: "form"})
			return nil
		}
		for _, field := range fields {
			if !carriesMoney(field.name) {
				continue
			}
			price, err := field.number()
			if err != nil {
				return err
			}
			class, known := tokenFields()[field.name]
			if known {
				e.Prices[pricing.Key{Tier: standard, Class: class, Long: i > 0}] = pricing.PerMillion(tidy(price.Shift(6)))
			} else {
				e.misfit(member{f.name + ": " + field.name, field.value, field.line}, price)
			}
		}
		if i > 0 {
			e.overs[from] = true
		}
	}
	return nil
}

// bandStart is the number of tokens that a band begins at.
func bandStart(fields []member) (from int64, ok bool) {
	for _, f := range fields {
		if f.name != "range" {
			continue
		}
		ends, err := list(f.value, f.line)
		if err != nil || len(ends) != 2 {
			return 0, false
		}
		start, err := ends[0].number()
		return start.IntPart(), err == nil && start.IsInteger()
	}
	return 0, false
}

// specific reads multipliers: fast is a tier, and two letters are a region.
func (e *entry) specific(f member) error {
	fields, err := object(f.value, f.line)
	if err != nil {
		return err
	}
	for _, field := range fields {
		if !isNumber(field.value) { // such as bedrock_invocation_schema: no money
			if carriesMoney(field.name) {
				e.unknown(member{f.name + ": " + field.name, field.value, field.line})
			}
			continue
		}
		times, err := field.number()
		switch {
		case err != nil:
			return err
		case field.name == "fast":
			e.fast = times
		case len(field.name) == 2:
			e.factor(field.name, times)
		default:
			e.unknown(member{f.name + ": " + field.name, field.value, field.line})
		}
	}
	return nil
}

// hasten gives the tier fast its prices: all of the standard ones times its factor.
func (e *entry) hasten() {
	if e.fast.IsZero() {
		return
	}
	for key, p := range e.Prices {
		if key.Tier == standard && p.Per.Equal(decimal.New(1, 6)) {
			key.Tier = "fast"
			e.Prices[key] = pricing.PerMillion(p.Amount.Mul(e.fast))
		}
	}
}
