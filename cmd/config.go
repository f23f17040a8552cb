package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/journal"
	"github.com/aifinops/aifinops/report/metric"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// config is aifinops.yaml. Each section is of the package that owns its words.
type config struct {
	Version       int                        `yaml:"version"`
	Include       allocate.List              `yaml:"include"`
	Currency      string                     `yaml:"currency"`
	Database      string                     `yaml:"database"`
	Inbox         allocate.List              `yaml:"inbox"`
	Users         string                     `yaml:"users"`  // hashed (the default) or plain
	Memory        string                     `yaml:"memory"` // DuckDB's limit, such as 4GB
	Sources       []ingest.Mapping           `yaml:"sources"`
	AISpend       []ingest.Keep              `yaml:"ai_spend"` // what of a whole cloud bill is booked
	UseCases      []allocate.UseCase         `yaml:"use_cases"`
	Rules         []allocate.Rule            `yaml:"rules"`
	ExchangeRates map[string][]allocate.Rate `yaml:"exchange_rates"`
	Keys          map[string]string          `yaml:"keys"`      // a gateway's name for a key, or its hash: the provider's
	Tolerance     *pricing.Share             `yaml:"tolerance"` // how far evidence may be from its bill
	Prices        allocate.List              `yaml:"prices"`    // the user's price files
	Contracts     []pricing.Contract         `yaml:"contracts"`
	Commitments   []pricing.Commitment       `yaml:"commitments"`
	Credits       []pricing.Credit           `yaml:"credits"`
	ZeroRated     []pricing.ZeroRated        `yaml:"zero_rated"`
	Deployments   []pricing.Deployment       `yaml:"deployments"`

	Outcomes       []metric.Outcome `yaml:"outcomes"`
	Metrics        []metric.Metric  `yaml:"metrics"`
	Gates          []gate.Gate      `yaml:"gates"`
	Budgets        gate.Budgets     `yaml:"budgets"`
	ApprovedModels allocate.List    `yaml:"approved_models"`
	Roles          gate.Roles       `yaml:"roles"`     // role: the e-mail addresses of who is in it
	Decisions      string           `yaml:"decisions"` // the register
	Journal        journal.Accounts `yaml:"journal"`

	folder string            // of the file: the paths in it are relative to it
	files  []string          // that were read: each is included once
	given  map[string]string // a value that is no list: the file that gives it
}

// maxConfig bounds the file: a configuration larger than this is a mistake.
const maxConfig = 1 << 20

// load reads the configuration, with its includes. Without a file the defaults hold.
func (g *globalOptions) load() (config, error) {
	c := config{Version: 1, Currency: "USD", Database: "aifinops.duckdb", Decisions: "decisions.yaml", Inbox: allocate.List{"inbox/"}, folder: filepath.Dir(g.config)}
	err := c.read(g.config)
	switch {
	case errors.Is(err, os.ErrNotExist) && g.config == "aifinops.yaml" && c.files == nil:
		c.folder = "."
	case err != nil:
		return c, usage(err)
	}
	if c.files == nil {
		g.detail("there is no %s: all is as without one", g.config)
	} else {
		g.detail("the configuration is %s", strings.Join(c.files, ", "))
	}
	if err := c.check(g.config); err != nil {
		return c, usage(err)
	}
	c.Database = c.path(c.Database)
	if g.db != "" {
		c.Database = g.db
	}
	return c, nil
}

// path is a path of the configuration, seen from where the program runs.
func (c config) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.folder, p)
}

// name is a file as the configuration sees it: from its own folder, where the file lies below it.
// The ledger then says the same of it wherever the program was started.
func (c config) name(file string) string {
	folder, err := filepath.Abs(c.folder)
	if err != nil {
		return file
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return file
	}
	if below, err := filepath.Rel(folder, absolute); err == nil && filepath.IsLocal(below) {
		return filepath.ToSlash(below)
	}
	return filepath.ToSlash(file)
}

// shownName is the same for whoever reads what is exported: where on somebody's disk another file lies is nobody's business.
func (c config) shownName(file string) string {
	if name := c.name(file); filepath.IsLocal(name) {
		return name
	}
	return filepath.Base(file)
}

func (c *config) read(file string) error {
	if slices.Contains(c.files, filepath.Clean(file)) {
		return fmt.Errorf("%s is included twice", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if len(text) > maxConfig {
		return tooLarge(file)
	}
	part, err := parseConfig(file, text)
	if err != nil {
		return err
	}
	c.files = append(c.files, filepath.Clean(file))
	if err := c.merge(file, part); err != nil {
		return err
	}
	for _, other := range part.Include {
		if !filepath.IsAbs(other) {
			other = filepath.Join(filepath.Dir(file), other)
		}
		if err := c.read(other); err != nil {
			return fmt.Errorf("%s: include: %w", file, err)
		}
	}
	return nil
}

func tooLarge(file string) error {
	return fmt.Errorf("%s: is larger than 1 MB; is it a configuration?", file)
}

// parseConfig reads one file strictly: a key that nothing knows is an error with its place.
func parseConfig(file string, text []byte) (config, error) {
	var c config
	var root, more yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&root); errors.Is(err, io.EOF) {
		return c, nil
	} else if err != nil {
		return c, yamlError(file, err)
	}
	if err := documents.Decode(&more); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s:%d: what follows --- would not be read; give it a file of its own, with include", file, more.Line)
	}
	if err := checkKeys(file, root.Content[0], c); err != nil {
		return c, err
	}
	if err := root.Decode(&c); err != nil {
		return c, yamlError(file, err)
	}
	for i := range c.Rules {
		c.Rules[i].Place.File = file
	}
	for i := range c.UseCases {
		c.UseCases[i].Place.File = file
	}
	c.terms().At(file)
	c.metrics().At(file)
	for i := range c.Gates {
		c.Gates[i].Place.File = file
	}
	for i := range c.Budgets {
		c.Budgets[i].Place.File = file
	}
	for _, rates := range c.ExchangeRates {
		for i := range rates {
			rates[i].Place.File = file
		}
	}
	return c, nil
}

// merge adds an included file: lists grow, and a value is given once.
func (c *config) merge(file string, part config) error {
	if err := c.mergeValues(file, part); err != nil {
		return err
	}
	if part.Version != 0 { // each file may say it
		c.Version = part.Version
	}
	c.Sources = append(c.Sources, part.Sources...)
	c.AISpend = append(c.AISpend, part.AISpend...)
	c.UseCases = append(c.UseCases, part.UseCases...)
	c.Rules = append(c.Rules, part.Rules...)
	c.Prices = append(c.Prices, part.Prices...)
	c.Contracts = append(c.Contracts, part.Contracts...)
	c.Commitments = append(c.Commitments, part.Commitments...)
	c.Credits = append(c.Credits, part.Credits...)
	c.ZeroRated = append(c.ZeroRated, part.ZeroRated...)
	c.Deployments = append(c.Deployments, part.Deployments...)
	for name, key := range part.Keys {
		if c.Keys == nil {
			c.Keys = map[string]string{}
		}
		if _, twice := c.Keys[name]; twice {
			return fmt.Errorf("%s: keys: %s is given in two files", file, name)
		}
		c.Keys[name] = key
	}
	for currency, rates := range part.ExchangeRates {
		if c.ExchangeRates == nil {
			c.ExchangeRates = map[string][]allocate.Rate{}
		}
		if _, twice := c.ExchangeRates[currency]; twice {
			return fmt.Errorf("%s: exchange_rates: %s is given in two files", file, currency)
		}
		c.ExchangeRates[currency] = rates
	}
	c.Outcomes = append(c.Outcomes, part.Outcomes...)
	c.Metrics = append(c.Metrics, part.Metrics...)
	c.Gates = append(c.Gates, part.Gates...)
	c.Budgets = append(c.Budgets, part.Budgets...)
	if part.ApprovedModels != nil { // an empty list approves none
		c.ApprovedModels = append(append(allocate.List{}, c.ApprovedModels...), part.ApprovedModels...)
	}
	for role, members := range part.Roles {
		if c.Roles == nil {
			c.Roles = gate.Roles{}
		}
		if _, twice := c.Roles[role]; twice {
			return fmt.Errorf("%s: roles: %s is given in two files", file, role)
		}
		c.Roles[role] = members
	}
	return nil
}

// check says what is wrong with the values, as far as the file alone can tell.
func (c config) check(file string) error {
	switch {
	case c.Version != 1:
		return fmt.Errorf("%s: version %d; this program reads version 1", file, c.Version)
	case len(c.Currency) != 3 || strings.ToUpper(c.Currency) != c.Currency:
		return fmt.Errorf("%s: currency %q is not a code like USD", file, c.Currency)
	case c.tolerance().IsNegative() || c.tolerance().GreaterThan(decimal.New(1, -1)):
		return fmt.Errorf("%s: tolerance %s is not between 0 and 10%%", file, c.tolerance())
	case slices.ContainsFunc(c.UseCases, func(u allocate.UseCase) bool { return u.CostCenter == report.Rest }):
		return fmt.Errorf("%s: cost_center %q is what the budget line calls spend without a budget; give the cost centre another name", file, report.Rest)
	case !slices.Contains([]string{"", "hashed", "plain"}, c.Users):
		return fmt.Errorf("%s: users %q; it is hashed or plain", file, c.Users)
	}
	var err error
	if own, _ := fs.Glob(os.DirFS(c.folder), "sources/*.sql"); len(own)+len(c.Sources) > 0 { // the pattern is right, and so are the program's own
		_, err = c.sources()
	}
	for i, k := range c.AISpend {
		if wrong := k.Check(); wrong != nil {
			err = errors.Join(err, fmt.Errorf("ai_spend: entry %d: %w", i+1, wrong))
		}
	}
	if err == nil {
		err = errors.Join(c.Journal.Check(), c.Journal.CheckNames(c.costCenters()))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return errors.Join(err, c.policy().Check(), c.terms().Check(), c.metrics().Check(), c.gates().Check())
}
