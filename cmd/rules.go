package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/attribute"
	"github.com/spf13/cobra"
)

func newRulesCommand(g *globalOptions) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "Check, explain, suggest and plan allocation rules",
		Long: `The rules of aifinops.yaml say who pays: the first rule that matches a charge takes it.

A rule matches on ` + strings.Join(allocate.FieldNames(), ", ") + `
and tag.NAME; fields must all hold, values of one field are alternatives; * and ? are
globs, /.../ is a regular expression.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRulesCheckCommand(g), newRulesExplainCommand(g), newRulesSuggestCommand(g), newRulesPlanCommand(g))
	return c
}

func newRulesCheckCommand(g *globalOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Unknown names, rules that are never reached, rules that match nothing",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return runRulesCheck(c.Context(), g) },
	}
}

func runRulesCheck(ctx context.Context, g *globalOptions) error {
	s, err := g.session(ctx)
	if errors.Is(err, ingest.ErrNoLedger) {
		return g.emit(fmt.Sprintf("%d rules and %d use cases are sound as they are written; there is no ledger yet to try them on\n", len(s.Rules), len(s.UseCases)))
	}
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.analyse(ctx, allTime(), []string{}); err != nil {
		return err
	}
	findings, err := s.policy().Findings(ctx, s.db)
	if err != nil {
		return err
	}
	keys, err := attribute.Findings(ctx, s.db)
	if err != nil {
		return err
	}
	outcomes, err := s.metrics().Findings(ctx, s.db, s.drivers())
	if err != nil {
		return err
	}
	names, err := ingest.Findings(ctx, s.db, s.AISpend)
	if err != nil {
		return err
	}
	findings = slices.Concat(findings, keys, outcomes, names)
	if _, err := s.register(s.asOf); err != nil {
		return err
	}
	if err := g.scratch(ctx, checkConditions); err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range findings {
		b.WriteString("warning: " + f + "\n")
	}
	fmt.Fprintf(&b, "%d rules and %d use cases are sound; %d warnings\n", len(s.Rules), len(s.UseCases), len(findings))
	return g.emit(b.String())
}

func newRulesExplainCommand(g *globalOptions) *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "explain FIELD=VALUE | FILE:RECORD",
		Short: "The rules that were tried, and the one that took it",
		Example: `  aifinops rules explain key=key_4hT1
  aifinops rules explain project=proj_docs
  aifinops rules explain inbox/openai/costs-2026-10.json:12`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return runRulesExplain(c.Context(), g, args[0], limit) },
	}
	c.Flags().IntVar(&limit, "top", 5, "the `N` groups of charges with the most dollars")
	return c
}

func runRulesExplain(ctx context.Context, g *globalOptions, subject string, limit int) error {
	s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.analyse(ctx, allTime(), nil); err != nil {
		return err
	}
	condition, err := allocate.ConditionOf(ctx, s.db, subject)
	if err != nil {
		return usage(err)
	}
	groups, err := s.policy().Explain(ctx, s.db, condition, limit)
	if err != nil {
		return err
	}
	if len(groups) == 0 {
		return usage(fmt.Errorf("nothing in the ledger has %s", subject))
	}
	var b strings.Builder
	for i, e := range groups {
		if i > 0 {
			b.WriteString("\n")
		}
		writeExplanation(&b, e)
	}
	return g.emit(b.String())
}

func writeExplanation(b *strings.Builder, e allocate.Explanation) {
	fmt.Fprintf(b, "%s\n  billed %s: %s\n", e.Group, e.Days, e.Dollars)
	for _, s := range e.Tried {
		if s.Took {
			fmt.Fprintf(b, "  %-28s %s takes it: %s\n", s.Place, s.Rule, cmp.Or(e.UseCase, "no use case"))
		} else {
			fmt.Fprintf(b, "  %-28s %s: %s\n", s.Place, s.Rule, s.Reason)
		}
	}
	switch {
	case e.Follows:
		b.WriteString("  no rule takes it: it follows the provider's other dollars of the month\n")
	case e.Rule == "":
		b.WriteString("  no rule takes it: " + report.Unattributed + "\n")
	}
}
