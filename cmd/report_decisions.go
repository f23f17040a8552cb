package cmd

import (
	"context"

	"github.com/spf13/cobra"
)

func newReportDecisionsCommand(g *globalOptions) *cobra.Command {
	var opts gateOptions
	c := &cobra.Command{
		Use:   "decisions",
		Short: "What is open, what was decided, and whether that still holds",
		Long: `decisions lists what gates ask of people and nobody has decided, and every entry of the
register: valid, paused, lapsed with the reason, or a pause that was not honoured; with how
much of its cap the month has used, and whether what was expected came true.`,
		Example: `  aifinops report decisions
  aifinops report decisions --month 2026-10 -o md`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportDecisions(c.Context(), g, opts) },
	}
	opts.flags(c)
	c.Flags().StringVar(&opts.month, "month", "", "the `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	return c
}

func runReportDecisions(ctx context.Context, g *globalOptions, opts gateOptions) error {
	s, err := g.judging(ctx, opts.month)
	if err != nil {
		return err
	}
	defer s.close()
	j, err := s.gates().Judge(ctx, s.db, s.decided, s.period.From, s.asOf)
	if err != nil {
		return err
	}
	t, err := s.gates().Decisions(ctx, s.db, s.decided, j, s.Currency)
	if err != nil {
		return err
	}
	return opts.print(g, t)
}
