package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

type reportOptions struct {
	outputOptions
	periodOptions
	by    string
	where []string
	top   int
}

// periodOptions is which time a report is about.
type periodOptions struct{ month, from, to string }

func (o *periodOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.month, "month", "", "the `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	f.StringVar(&o.from, "from", "", "the first `DAY` (2026-10-01) or month (2026-08)")
	f.StringVar(&o.to, "to", "", "the last `DAY` or month, itself included")
}

func newReportCommand(g *globalOptions) *cobra.Command {
	var opts reportOptions
	c := &cobra.Command{
		Use:   "report",
		Short: "What was spent on what, against the period before",
		Long: `report prints what the providers billed in a month by any dimension, or by two at
once, against the month before. Its total is the ledger's, to the cent, or it fails.
Money that no rule gives to a use case is the row (unattributed).

The dimensions: ` + strings.Join(report.DimensionNames(), ", ") + `, tag.NAME`,
		Example: `  aifinops report --by use-case
  aifinops report --by provider,model --month 2026-10 -o csv
  aifinops report --by project --where provider=openai --top 10`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Errorf("no report %q; the reports are %s, and `aifinops report --by DIM` prints spend", args[0], subcommands(c)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return runReport(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	f := c.Flags()
	f.StringVar(&opts.by, "by", "use-case", "the `DIM[,DIM]` to group by")
	f.StringArrayVar(&opts.where, "where", nil, "only what has `DIM=GLOB`; several dimensions must all hold, several values of one are alternatives")
	f.IntVar(&opts.top, "top", 0, "the `N` largest rows, the others as one")
	_ = c.RegisterFlagCompletionFunc("by", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return report.DimensionNames(), cobra.ShellCompDirectiveNoFileComp
	})
	c.AddCommand(newReportBudgetCommand(g), newReportCoverageCommand(g), newReportDecisionsCommand(g), newReportOutcomesCommand(g), newReportReconcileCommand(g), newReportRelianceCommand(g), newReportTrendCommand(g))
	return c
}

func runReport(ctx context.Context, g *globalOptions, opts reportOptions) error {
	if opts.top < 0 {
		return usage(fmt.Errorf("--top %d is less than 0", opts.top))
	}
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	r := s.request(opts.by)
	r.Where, r.Top = opts.where, opts.top
	mentions, err := r.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, s.period, mentions); err != nil {
		return err
	}
	t, err := report.Spend(ctx, s.db, r)
	if err != nil {
		return err
	}
	return opts.print(g, t)
}

// subcommands is the names of a command's own: a, b and c.
func subcommands(c *cobra.Command) string {
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// splitList reads a,b as its parts.
func splitList(s string) []string {
	var parts []string
	for p := range strings.SplitSeq(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
