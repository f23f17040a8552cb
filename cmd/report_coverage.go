package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/attribute"
	"github.com/spf13/cobra"
)

func newReportCoverageCommand(g *globalOptions) *cobra.Command {
	var opts reportOptions
	c := &cobra.Command{
		Use:   "coverage",
		Short: "How many of the billed dollars are known to be of their use case, and the largest gaps",
		Long: `coverage says how the dollars that providers billed are known to be of their use case:

  request  by the requests of a gateway, at the price of each
  key      by a rule on the key, project or other names of the bill or of the provider's usage
  split    by a rule that divides them
  none     not at all

against the target of ` + report.CoverageTarget().Shift(2).String() + ` percent and the period before. With --by the shares are of each provider
or use case. Money that is only estimated, without a bill, is left out.

Below are the largest gaps, each with the rule or the instrumentation that would close it.
First those without a use case, which add up to the tier none; then those that have one
only because a rule gave it what several use cases share: calls without a tag, or past
the gateway.`,
		Example: `  aifinops report coverage
  aifinops report coverage --by provider --month 2026-10
  aifinops report coverage -o json --top 0`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportCoverage(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	c.Flags().StringVar(&opts.by, "by", "", "also by provider, or by use-case")
	c.Flags().IntVar(&opts.top, "top", 10, "the `N` largest gaps; 0: all")
	return c
}

func runReportCoverage(ctx context.Context, g *globalOptions, opts reportOptions) error {
	if opts.top < 0 {
		return usage(fmt.Errorf("--top %d is less than 0", opts.top))
	}
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	sources, err := s.sources()
	if err != nil {
		return usage(err)
	}
	if err := s.analyse(ctx, s.period, nil); err != nil {
		return err
	}
	r := s.request(opts.by)
	r.Top = opts.top
	t, err := report.Coverage(ctx, s.db, r, s.policy(), func(provider string) string { return usageExport(sources, provider) })
	if err != nil {
		return err
	}
	keys, err := attribute.Findings(ctx, s.db)
	if err != nil {
		return err
	}
	t.Notes = append(t.Notes, keys...)
	if flat(opts.format) {
		g.say("note: the gaps are in -o json, and in aifinops rules suggest")
	}
	return opts.print(g, t)
}

// usageExport is the source by which a provider's own usage is read, or nothing.
func usageExport(sources []ingest.Source, provider string) string {
	for _, s := range sources {
		if s.Role == ingest.Usage && strings.HasPrefix(s.Name, provider+"-") && !strings.HasSuffix(s.Name, "-csv") {
			return s.Name
		}
	}
	return ""
}
