package cmd

import (
	"context"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

func newReportOutcomesCommand(g *globalOptions) *cobra.Command {
	var opts reportOptions
	c := &cobra.Command{
		Use:   "outcomes",
		Short: "Cost per outcome: what a ticket, a user or a pull request cost",
		Long: `outcomes divides the dollars of use cases by what they brought about, for each metric of
aifinops.yaml: this month, the month before, and the metric's baseline month.

  value         numerator / denominator
  llm_only      of the same use cases, only what language models cost
  fully_loaded  of the same use cases, all that they cost
  known         the part of the numerator that is known by requests, keys or projects; the
                rest is split by a rule, or has no use case
  complete      every day of the month is counted and billed

A value is n/a, with the reason, where a day was not counted, a bill is missing, or the
outcome is 0. A month that is not over is to date: as far as outcomes and daily bills reach.

sum adds up the counts of a month, and divides a week over two months by its days. mean is
that of the days, weeks or months that were counted, last the last of them, max the
largest; a week belongs to the month of its Thursday, as ISO 8601 has it for years.

Below is the spend on use cases without a metric.`,
		Example: `  aifinops report outcomes
  aifinops report outcomes --month 2026-10 -o json
  aifinops query "FROM unit_costs"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportOutcomes(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	return c
}

func runReportOutcomes(ctx context.Context, g *globalOptions, opts reportOptions) error {
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.period.WholeMonth(); err != nil {
		return err
	}
	whole := s.reaching(s.period.From, s.period.To)
	mentions, err := report.Request{By: []string{"provider", "model", "category"}}.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, whole, mentions); err != nil {
		return err
	}
	if err := s.unitCosts(ctx, whole); err != nil {
		return err
	}
	t, err := report.Outcomes(ctx, s.db, s.request(""))
	if err != nil {
		return err
	}
	if flat(opts.format) && len(t.Details[0].Rows) > 0 {
		g.say("note: the use cases without a metric are in -o json")
	}
	return opts.print(g, t)
}

// drivers is the outcomes by which rules split.
func (c config) drivers() []string {
	var all []string
	for _, r := range c.Rules {
		if r.Split != nil && r.Split.Driver != "" {
			all = append(all, r.Split.Driver)
		}
	}
	return all
}
