package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func newGateExplainCommand(g *globalOptions) *cobra.Command {
	var opts gateOptions
	c := &cobra.Command{
		Use:   "explain GATE [SUBJECT]",
		Short: "How a gate comes to its verdict, term by term",
		Long: `explain prints each term of a gate's condition with its numbers, all facts of the subject,
the dollars behind them, what was decided, and how many of the dollars without a use case
would change the verdict if they were the subject's. Gates on the total need no SUBJECT.`,
		Example: `  aifinops gate explain feature-growth meeting-notes
  aifinops gate explain total-growth --month 2026-09`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(errors.New("gate explain takes a gate and its subject: aifinops gate explain feature-growth meeting-notes"))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return runGateExplain(c.Context(), g, opts, args[0], append(args, "")[1])
		},
	}
	opts.flags(c)
	c.Flags().StringVar(&opts.month, "month", "", "the `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	return c
}

func runGateExplain(ctx context.Context, g *globalOptions, opts gateOptions, id, subject string) error {
	s, err := g.judging(ctx, opts.month)
	if err != nil {
		return err
	}
	defer s.close()
	t, err := s.gates().Explain(ctx, s.db, s.decided, s.period.From, s.asOf, id, subject, s.Currency)
	if err != nil {
		return err
	}
	return opts.print(g, t)
}
