package pricing

import (
	"go.yaml.in/yaml/v3"
)

// Terms is what the configuration says beside the list price.
type Terms struct {
	Contracts   []Contract
	Commitments []Commitment
	Credits     []Credit
	ZeroRated   []ZeroRated
	Deployments []Deployment
}

// A Contract lowers the list price of some models for some time: by a share of it, or to a fixed price.
type Contract struct {
	ID       string             `yaml:"id"`
	Provider string             `yaml:"provider"`
	Models   List               `yaml:"models"`  // globs; none: every model
	Classes  List               `yaml:"classes"` // none: every class, or those that have a price here
	From     Instant            `yaml:"from"`
	To       Instant            `yaml:"to"`       // exclusive
	Discount Share              `yaml:"discount"` // of list
	Price    map[string]Decimal `yaml:"price"`    // per million tokens
	Place    Place              `yaml:"-"`
}

// A Commitment is capacity paid by the hour, whether used or not; the tokens of its deployments cost nothing beside it.
type Commitment struct {
	ID             string  `yaml:"id"`
	Provider       string  `yaml:"provider"`
	Deployments    List    `yaml:"deployments"`
	Units          Decimal `yaml:"units"`
	USDPerUnitHour Decimal `yaml:"usd_per_unit_hour"`
	From           Instant `yaml:"from"`
	To             Instant `yaml:"to"`
	Place          Place   `yaml:"-"`
}

// A Credit lowers the bill by a share, and never the price of a unit.
type Credit struct {
	ID       string  `yaml:"id"`
	Provider string  `yaml:"provider"`
	Models   List    `yaml:"models"` // globs; none: every model
	Share    Share   `yaml:"share"`
	From     Instant `yaml:"from"`
	To       Instant `yaml:"to"`
	Place    Place   `yaml:"-"`
}

// ZeroRated is usage that is known to cost nothing, and why. What is left out is any.
type ZeroRated struct {
	Provider string  `yaml:"provider"`
	Project  string  `yaml:"project"`
	Model    string  `yaml:"model"` // a name in the ledger or the book, or a glob
	Key      string  `yaml:"key"`
	Reason   string  `yaml:"reason"`
	From     Instant `yaml:"from"`
	To       Instant `yaml:"to"`
	Place    Place   `yaml:"-"`
}

// A Deployment is a name that a company gave to a model.
type Deployment struct {
	Provider string `yaml:"provider"`
	Name     string `yaml:"name"`
	Model    string `yaml:"model"`
	Scope    string `yaml:"scope"` // global (the default), or one of the book's: data-zone, regional
	Place    Place  `yaml:"-"`
}

// UnmarshalYAML notes the line, for errors.
func (c *Contract) UnmarshalYAML(n *yaml.Node) error {
	type plain Contract
	c.Place.Line = n.Line
	return n.Decode((*plain)(c))
}

// UnmarshalYAML notes the line, for errors.
func (c *Commitment) UnmarshalYAML(n *yaml.Node) error {
	type plain Commitment
	c.Place.Line = n.Line
	return n.Decode((*plain)(c))
}

// UnmarshalYAML notes the line, for errors.
func (c *Credit) UnmarshalYAML(n *yaml.Node) error {
	type plain Credit
	c.Place.Line = n.Line
	return n.Decode((*plain)(c))
}

// UnmarshalYAML notes the line, for errors.
func (z *ZeroRated) UnmarshalYAML(n *yaml.Node) error {
	type plain ZeroRated
	z.Place.Line = n.Line
	return n.Decode((*plain)(z))
}

// UnmarshalYAML notes the line, for errors.
func (d *Deployment) UnmarshalYAML(n *yaml.Node) error {
	type plain Deployment
	d.Place.Line = n.Line
	return n.Decode((*plain)(d))
}

// At notes in which file the terms stand, for errors.
func (t Terms) At(file string) {
	for i := range t.Contracts {
		t.Contracts[i].Place.File = file
	}
	for i := range t.Commitments {
		t.Commitments[i].Place.File = file
	}
	for i := range t.Credits {
		t.Credits[i].Place.File = file
	}
	for i := range t.ZeroRated {
		t.ZeroRated[i].Place.File = file
	}
	for i := range t.Deployments {
		t.Deployments[i].Place.File = file
	}
}

func (c Contract) span() span   { return span{c.From.Time, c.To.Time} }
func (c Commitment) span() span { return span{c.From.Time, c.To.Time} }
func (c Credit) span() span     { return span{c.From.Time, c.To.Time} }
func (z ZeroRated) span() span  { return span{z.From.Time, z.To.Time} }
