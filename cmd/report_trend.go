package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

type trendOptions struct {
	outputOptions
	month  string
	months int
	by     string
	where  []string
	top    int
}

func newReportTrendCommand(g *globalOptions) *cobra.Command {
	var opts trendOptions
	c := &cobra.Command{
		Use:   "trend",
		Short: "Months side by side, and where they lead in the next twelve",
		Long: `trend prints what was spent month by month, by any dimension but month and day. Each
month is what ` + "`aifinops report`" + ` says of it; a month that is not over is labelled so. The chart
draws a row in eighths of its largest month, for people only: machines have the figures.

Below is a plain projection of the total to the next twelve months: the least-squares line
through the months that are over and lack no bill, a year of them at most, and around it the
range in which a month is with a probability of 80 percent. Beside it stands the last month
growing on as last year, or, where the ledger does not go back so far, as in the months that
there are. Fewer than three such months make no projection.

The dimensions: ` + strings.Join(trendDimensions(), ", ") + `, tag.NAME`,
		Example: `  aifinops report trend
  aifinops report trend --by provider --months 6
  aifinops report trend --by model --where provider=openai --top 10 -o md`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportTrend(c.Context(), g, opts) },
	}
	opts.flags(c)
	f := c.Flags()
	f.StringVar(&opts.month, "month", "", "the last `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	f.IntVar(&opts.months, "months", 12, "how many `N` to show; none before the first in the ledger")
	f.StringVar(&opts.by, "by", "use-case", "the `DIM` to group by")
	f.StringArrayVar(&opts.where, "where", nil, "only what has `DIM=GLOB`; several dimensions must all hold, several values of one are alternatives")
	f.IntVar(&opts.top, "top", 0, "the `N` largest rows, the others as one")
	_ = c.RegisterFlagCompletionFunc("by", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return trendDimensions(), cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

func trendDimensions() []string {
	return slices.DeleteFunc(report.DimensionNames(), func(dim string) bool { return dim == "month" || dim == "day" })
}

func runReportTrend(ctx context.Context, g *globalOptions, opts trendOptions) error {
	if opts.top < 0 {
		return usage(fmt.Errorf("--top %d is less than 0", opts.top))
	}
	if opts.months < 2 || opts.months > 60 {
		return usage(fmt.Errorf("--months %d is not between 2 and 60", opts.months))
	}
	s, err := g.sessionOf(ctx, periodOptions{month: opts.month})
	if err != nil {
		return err
	}
	defer s.close()
	r := s.request(opts.by)
	r.Where, r.Top = opts.where, opts.top
	if r.Period, err = report.TrendPeriod(ctx, s.db, s.period, opts.months, s.asOf); err != nil {
		return err
	}
	mentions, err := r.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, r.Period, mentions); err != nil {
		return err
	}
	t, err := report.Trend(ctx, s.db, r)
	if err != nil {
		return err
	}
	if flat(opts.format) {
		g.say("note: the projection is in -o json")
	}
	return opts.print(g, t)
}
