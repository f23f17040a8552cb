package cmd

import (
	"context"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

type relianceOptions struct {
	outputOptions
	periodOptions
}

func newReportRelianceCommand(g *globalOptions) *cobra.Command {
	var opts relianceOptions
	c := &cobra.Command{
		Use:   "reliance",
		Short: "How much of the spend somebody would miss, and what gates may do to it",
		Long: `reliance prints the dollars by what depends on them, as the configuration says of each use
case, against the period before:

  load-bearing  customers or colleagues cannot work without it: gates never pause it
  convenience   it would be missed
  waste         it would not
  unclassified  nobody has said

and what stays (unattributed). Below are the use cases of each.`,
		Example: `  aifinops report reliance
  aifinops report reliance --month 2026-10 -o md`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportReliance(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	return c
}

func runReportReliance(ctx context.Context, g *globalOptions, opts relianceOptions) error {
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	r := s.request("reliance")
	mentions, err := r.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, s.period, mentions); err != nil {
		return err
	}
	t, err := report.Reliance(ctx, s.db, r)
	if err != nil {
		return err
	}
	if flat(opts.format) {
		g.say("note: the use cases are in -o json, and in aifinops report --by reliance,use-case")
	}
	return opts.print(g, t)
}
