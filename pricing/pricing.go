// Package pricing is the price book: what providers list, from when to when,
// and which row of it a name in the ledger means.
//
// The book is YAML, one file a provider in book/, in the binary. A file lists
// models; a model has rates, half-open in time; a rate has prices per million
// tokens by token class, the long-context band, service tiers, hours of the day
// and prices by the unit. A class without a price is absent: it is not free.
// Load reads it, Overlay puts a file of the user's before it, Lint says what
// cannot be right in it.
//
// Match finds the model that a provider's name for one means: by id, by a
// declared name, by a dated snapshot, by an anchored pattern, the same again
// without the prefix of a platform, and as the base of a fine-tune. What none
// of these finds has no price, and Nearest has a hint for people.
//
// Terms is what the configuration says beside the list: contracts, commitments,
// credits, usage that is free, deployments. Install writes what of book and
// terms the names in a ledger need as temporary tables, where SQL prices with them:
//
//	model_names    the ledger's names, and the row of the book of each
//	prices         per token or unit, by model, tier, class, band and time
//	service_tiers  how exports spell a tier
//	uplifts        factors for regions
//	terms          contract prices, or factors of list
//	zero_rated, commitments, credits
package pricing

import (
	"time"
)

// A Book is dated list prices. The zero Book is empty.
type Book struct {
	files []*file // by provider name; of an overlay for a new provider too
}

// A file is one provider's part of the book.
type file struct {
	Schema   int                 `yaml:"schema"`
	Provider string              `yaml:"provider"`
	AsOf     Instant             `yaml:"as_of"`
	Currency string              `yaml:"currency"`
	Names    []string            `yaml:"names"`    // how the ledger and exports spell the provider; its usual name first
	Prefixes []string            `yaml:"prefixes"` // what a platform puts before a model's name: regular expressions
	Suffixes []string            `yaml:"suffixes"` // and behind it
	Scopes   []scope             `yaml:"scopes"`   // prefixes that say where a call ran
	Tiers    map[string][]string `yaml:"tiers"`    // of the book, with how exports spell them
	Same     map[string]string   `yaml:"same"`     // a token class that is billed as another where a model has no price for it
	Region   []region            `yaml:"region"`
	Fees     []fee               `yaml:"fees"` // of the provider, whatever the model
	Models   []*model            `yaml:"models"`

	index *index
}

// A scope is a prefix that says where a call ran, such as azure/eu/.
type scope struct {
	Prefix string `yaml:"prefix"`
	Scope  string `yaml:"scope"`
}

// A region multiplies all prices of its models where the ledger's RegionId, or the scope of a deployment, is among When.
type region struct {
	When   []string `yaml:"when"`
	Times  Decimal  `yaml:"times"`
	Models []string `yaml:"models"` // globs on ids
	Note   string   `yaml:"note"`
}

// A fee is a price by the unit that holds for every model.
type fee struct {
	Unit   string  `yaml:"unit"`
	Per    Decimal `yaml:"per"`
	Price  Decimal `yaml:"price"`
	From   Instant `yaml:"from"`
	To     Instant `yaml:"to"`
	Source source  `yaml:"source"`
	Note   string  `yaml:"note"`
}

// A model is one row of the book, under its own name.
type model struct {
	ID        string   `yaml:"id"`
	Names     []string `yaml:"names"`     // others, exactly as written
	Prefixed  bool     `yaml:"prefixed"`  // the name is another file's too: here it needs a prefix
	Snapshots bool     `yaml:"snapshots"` // the id with a date behind it is the same model
	Pattern   string   `yaml:"pattern"`   // a regular expression for the whole name
	Released  Instant  `yaml:"released"`
	Rates     []rate   `yaml:"rates"`
}

// A rate is the prices of a model from one instant to another.
type rate struct {
	From   Instant            `yaml:"from"` // zero: not known
	To     Instant            `yaml:"to"`   // exclusive; zero: open
	Price  map[string]Decimal `yaml:"price"`
	Long   *long              `yaml:"long"`
	Tiers  map[string]tier    `yaml:"tiers"`
	Clock  []clock            `yaml:"clock"`
	Units  map[string]unit    `yaml:"units"`
	Status string             `yaml:"status"` // list (the default), promotional, scheduled, or withdrawn before it held
	Gap    string             `yaml:"gap"`    // why there is none just before
	Source source             `yaml:"source"`
	Note   string             `yaml:"note"`

	overlay string // the file of the user's that it is from
}

// long is the prices of a whole call whose prompt is longer than Over tokens.
type long struct {
	Over      int64              `yaml:"over"`
	Inclusive bool               `yaml:"inclusive"` // at Over too
	Price     map[string]Decimal `yaml:"price"`
}

// A tier is the prices of a service tier: absolute ones, and for other classes the standard ones times a factor.
type tier struct {
	Times   Decimal            `yaml:"times"`
	Price   map[string]Decimal `yaml:"price"`
	Without []string           `yaml:"without"` // classes that have no price in it
	Long    *bool              `yaml:"long"`    // false: it does not exist for long prompts
}

// A clock is other standard prices at some hours (UTC).
type clock struct {
	Days  string             `yaml:"days"` // mon-fri, sat; empty: every day
	From  string             `yaml:"from"`
	To    string             `yaml:"to"`
	Price map[string]Decimal `yaml:"price"`
}

// A unit is the price of a number of things that are no tokens.
type unit struct {
	Per   Decimal `yaml:"per"`
	Price Decimal `yaml:"price"`
}

// A source is where a price was read, when, and how sure that is.
type source struct {
	URL        string  `yaml:"url"`
	Text       string  `yaml:"text"`
	Read       Instant `yaml:"read"`
	Confidence string  `yaml:"confidence"` // high, medium or low
}

func (s source) String() string {
	if s.Text == "" {
		return s.URL
	}
	return s.Text
}

// AsOf is the day of the newest fact in the book.
func (b *Book) AsOf() time.Time {
	var newest time.Time
	for _, f := range b.files {
		if f.AsOf.After(newest) {
			newest = f.AsOf.Time
		}
	}
	return newest
}
