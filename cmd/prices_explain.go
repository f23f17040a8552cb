package cmd

import (
	"context"
	"fmt"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

func newPricesExplainCommand(g *globalOptions) *cobra.Command {
	var opts outputOptions
	c := &cobra.Command{
		Use:   "explain FILE:RECORD",
		Short: "The arithmetic of one record",
		Long: `explain shows how one record is priced: for usage and requests each token class, its
quantity, the list price and the contract's, with where the price was read; for a charge
who claims it, and what of it nobody does.`,
		Example: `  aifinops prices explain inbox/litellm/spend-logs-2026-10.jsonl.gz:10
  aifinops prices explain costs-2026-10.json:12`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return runPricesExplain(c.Context(), g, opts, args[0]) },
	}
	opts.flags(c)
	return c
}

func runPricesExplain(ctx context.Context, g *globalOptions, opts outputOptions, subject string) error {
	s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	record, err := report.FindRecord(ctx, s.db, subject)
	if err != nil {
		return usage(err)
	}
	answer := report.Claimed
	switch record.Role {
	case "usage", "requests":
		answer = report.Arithmetic
		if err := record.Alone(ctx, s.db); err != nil {
			return err
		}
	case "billing":
	default:
		return usage(fmt.Errorf("%s is a record of role %s: it has no price", subject, record.Role))
	}
	if err := s.analyse(ctx, report.Month(record.Day), nil); err != nil {
		return err
	}
	t, err := answer(ctx, s.db, record)
	if err != nil {
		return err
	}
	return opts.print(g, t)
}
