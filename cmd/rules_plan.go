package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

type planOptions struct {
	outputOptions
	periodOptions
	against string
}

func newRulesPlanCommand(g *globalOptions) *cobra.Command {
	var opts planOptions
	c := &cobra.Command{
		Use:   "plan [NEW.yaml]",
		Short: "Which dollars changed rules would move, before they are used",
		Long: `plan judges the ledger by two configurations and prints, for each month, the dollars that
move from one use case to another: from aifinops.yaml as it is to NEW.yaml, or with
--against from an older file to aifinops.yaml. - reads the file from standard input.

Below are the gates that would say something else of the month. Prices, contracts, keys and
exchange rates are those of aifinops.yaml on both sides; the register of decisions does not count.`,
		Example: `  aifinops rules plan changed.yaml
  git show main:aifinops.yaml | aifinops rules plan --against -
  aifinops rules plan --against <(git show main:aifinops.yaml) --month 2026-10 -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return runRulesPlan(c.Context(), g, opts, strings.Join(args, ""))
		},
	}
	opts.outputOptions.flags(c)
	f := c.Flags()
	f.StringVar(&opts.month, "month", "", "the `MONTH`, such as 2026-10; default: all that the ledger has")
	f.StringVar(&opts.from, "from", "", "the first `DAY` (2026-10-01) or month (2026-08)")
	f.StringVar(&opts.to, "to", "", "the last `DAY` or month, itself included")
	f.StringVar(&opts.against, "against", "", "the `FILE` that held before")
	return c
}

func runRulesPlan(ctx context.Context, g *globalOptions, opts planOptions, changed string) error {
	if changed == "" && opts.against == "" {
		return usage(errors.New("rules plan needs a changed configuration, or --against an older one"))
	}
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	before, after := s.config, s.config
	if opts.against != "" {
		if before, err = g.other(s.config, opts.against); err != nil {
			return usage(err)
		}
	}
	if changed != "" {
		if after, err = g.other(s.config, changed); err != nil {
			return usage(err)
		}
	}
	period, analysed := s.period, s.period
	if opts.periodOptions == (periodOptions{}) {
		period, analysed = allTime(), allTime()
	} else if first := after.gates().From(s.period.From, s.asOf).AddDate(0, -1, 0); first.Before(analysed.PriorFrom) {
		analysed.PriorFrom = first
	}
	if err := s.analyse(ctx, analysed, nil); err != nil {
		return err
	}
	plan, err := allocate.Compare(ctx, s.db, s.policyOf(before), s.policyOf(after), period.Condition("ChargePeriodStart"))
	if err != nil {
		return err
	}
	t := planTable(plan, s.Currency)
	t.Notes = append(t.Notes, otherSections(before, after)...)
	if opts.periodOptions != (periodOptions{}) {
		t.Title += ", " + period.String()
	}
	gates, err := s.planGates(ctx, before, after, report.Month(s.period.To.AddDate(0, 0, -1)).From)
	if err != nil {
		return err
	}
	t.Details = append(t.Details, gates)
	if len(t.Rows)+len(gates.Rows) == 0 && (opts.format == "table" || opts.format == "wide") && opts.out == "" {
		return g.emit(strings.Join(append([]string{"no dollar moves between use cases, and no verdict changes"}, t.Notes...), "\nnote: ") + "\n")
	}
	return opts.print(g, t)
}

// policyOf is the policy of another configuration, in the money of this one.
func (s *session) policyOf(c config) allocate.Policy {
	p := c.policy()
	p.Currency, p.Rates = s.Currency, s.ExchangeRates
	return p
}

// other reads a configuration that stands in for the one in use. What comes from a pipe has no folder: its includes are
// looked for beside the one in use.
func (g *globalOptions) other(current config, name string) (config, error) {
	c := config{Version: 1, Currency: current.Currency, Database: current.Database, folder: current.folder}
	var text []byte
	var err error
	folder := filepath.Dir(name)
	if name == "-" {
		name = "standard input"
		text, err = io.ReadAll(io.LimitReader(g.in, maxConfig+1))
		folder = current.folder
	} else {
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			folder = current.folder
		}
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	if len(text) > maxConfig {
		return c, tooLarge(name)
	}
	part, err := parseConfig(name, text)
	if err != nil {
		return c, err
	}
	if err := c.merge(name, part); err != nil {
		return c, err
	}
	for _, include := range part.Include {
		if !filepath.IsAbs(include) {
			include = filepath.Join(folder, include)
		}
		if err := c.read(include); err != nil {
			return c, fmt.Errorf("%s: include: %w", name, err)
		}
	}
	return c, c.check(name)
}

// otherSections says what else differs, for it is not in the plan.
func otherSections(before, after config) []string {
	var names []string
	for _, s := range []struct {
		name      string
		was, will any
	}{{"currency", before.Currency, after.Currency}, {"keys", before.Keys, after.Keys}, {"prices", before.Prices, after.Prices}, {"contracts", before.Contracts, after.Contracts},
		{"commitments", before.Commitments, after.Commitments}, {"credits", before.Credits, after.Credits}, {"zero_rated", before.ZeroRated, after.ZeroRated},
		{"deployments", before.Deployments, after.Deployments}, {"exchange_rates", before.ExchangeRates, after.ExchangeRates}} {
		if written(s.was) != written(s.will) {
			names = append(names, s.name)
		}
	}
	if names == nil {
		return nil
	}
	return []string{strings.Join(names, ", ") + " differ too; what that moves is not in this plan"}
}

// written is a section without the places in the file where it stands.
func written(section any) string {
	text, err := yaml.Marshal(section)
	return fmt.Sprint(string(text), err)
}

// planTable writes what moves, and below it each use case before and after.
func planTable(plan allocate.Plan, currency string) table.Table {
	moved := decimal.Zero
	t := table.Table{Report: "plan", Title: fmt.Sprintf("Dollars that move between use cases (%s)", currency), Columns: []table.Column{
		{Name: "month"}, {Name: "from"}, {Name: "to"}, {Name: "billed_cost", Kind: table.Money}, {Name: "estimated_cost", Kind: table.Money, Wide: true}, {Name: "rules"}}}
	for _, m := range plan.Moves {
		if m.Dollars.Abs().LessThan(dust()) {
			continue
		}
		moved = moved.Add(m.Dollars.Abs())
		t.Rows = append(t.Rows, []any{m.Month, cmp.Or(m.From, report.Unattributed), cmp.Or(m.To, report.Unattributed), m.Dollars, m.Estimated, m.Rules})
	}
	t.Facts = []table.Fact{{Name: "currency", Value: currency}, {Name: "moved", Value: moved}}
	sums := table.Table{Report: "use_cases", Title: "Use cases before and after", Columns: []table.Column{
		{Name: "use_case"}, {Name: "before", Kind: table.Money}, {Name: "after", Kind: table.Money}, {Name: "change", Kind: table.Money}}}
	before, after := decimal.Zero, decimal.Zero
	for _, s := range plan.UseCases {
		before, after = before.Add(s.Before), after.Add(s.After)
		sums.Rows = append(sums.Rows, []any{cmp.Or(s.UseCase, report.Unattributed), s.Before, s.After, s.After.Sub(s.Before)})
	}
	sums.Totals = []any{nil, before, after, after.Sub(before)}
	t.Details = []table.Table{sums}
	return t
}

// dust is what only rounding moves: splits of the same shares in another order.
func dust() decimal.Decimal { return decimal.New(1, -6) }
