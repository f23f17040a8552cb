package allocate

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// A Rate is what one unit of a foreign currency is worth, from a day on.
type Rate struct {
	From Date    `yaml:"from"`
	USD  Decimal `yaml:"usd"`
	Rate Decimal `yaml:"rate"` // in the reporting currency, where that is not USD

	Place Place `yaml:"-"`
}

// UnmarshalYAML notes the line, for errors.
func (r *Rate) UnmarshalYAML(n *yaml.Node) error {
	type plain Rate
	r.Place.Line = n.Line
	return n.Decode((*plain)(r))
}

// value is the rate in the reporting currency.
func (r Rate) value() decimal.Decimal {
	if r.Rate.IsZero() {
		return r.USD.Decimal
	}
	return r.Rate.Decimal
}

// checkRates says what is wrong with the rates of one currency.
func (p Policy) checkRates(currency string, bad func(Rate, string, ...any)) {
	days := map[string]bool{}
	for _, r := range p.Rates[currency] {
		day, value := r.From.Format("2006-01-02"), r.value()
		switch {
		case len(currency) != 3 || strings.ToUpper(currency) != currency:
			bad(r, "not a code like EUR")
		case currency == p.Currency:
			bad(r, "the reporting currency itself has no rate")
		case r.USD.IsZero() == r.Rate.IsZero():
			bad(r, "a rate is either usd or rate, and more than zero")
		case r.Rate.IsZero() && p.Currency != "USD":
			bad(r, "usd is no rate in %[1]s; write rate, what one unit is worth in %[1]s", p.Currency)
		case !value.IsPositive():
			bad(r, "a rate must be more than zero")
		case value.GreaterThanOrEqual(decimal.New(1, 6)) || !value.Truncate(12).Equal(value):
			bad(r, "the rate %s is not below a million, with up to 12 decimals", value)
		case days[day]:
			bad(r, "two rates from %s", cmp.Or(strings.TrimPrefix(day, "0001-01-01"), "the beginning on; one of them needs a from"))
		}
		days[day] = true
	}
}

// ratesTable holds every rate until the next of its currency, and 1 for the reporting currency.
func (p Policy) ratesTable() string {
	rows := []string{fmt.Sprintf("(%s, TIMESTAMP '0001-01-01', 1::DECIMAL(18,12))", quote(p.Currency))}
	for currency, rates := range p.Rates {
		for _, r := range rates {
			rows = append(rows, fmt.Sprintf("(%s, %s, %s::DECIMAL(18,12))", quote(strings.ToUpper(currency)), timestamp(r.From.Time), r.value()))
		}
	}
	return `CREATE OR REPLACE TEMP TABLE rates AS
		SELECT currency, rate_from, lead(rate_from, 1, TIMESTAMP '9999-01-01') OVER (PARTITION BY currency ORDER BY rate_from) AS rate_to, rate
		FROM (VALUES ` + strings.Join(rows, ", ") + `) t(currency, rate_from, rate)`
}
