package cmd

import (
	"context"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

func newReportReconcileCommand(g *globalOptions) *cobra.Command {
	var opts reportOptions
	c := &cobra.Command{
		Use:   "reconcile",
		Short: "Invoice, bill, priced usage, priced requests and ledger, side by side",
		Long: `reconcile says of each provider and month whether its books tie, and if they do not,
by how much and why.

Two comparisons are made. The invoice must be the bill: every charge of the provider's
export. And what the bill has for tokens must be its usage at contract price, with the
credits and commitments that aifinops.yaml declares. Where there is no usage, requests
are compared: a gateway need not see all calls, so that below the bill they prove nothing.

difference is invoice - billing, or where one of them is missing billing - evidence of
what tokens cost. status is the worse of the comparisons that could be made:

  tied              to the cent, in every day, model and class that is compared
  within tolerance  their differences, added up whatever their sign, within the
                    tolerance (2%) of the bill or what the rounding of its amounts
                    explains, or a bill within the range at which sums of calls with
                    long prompts can be priced; an invoice within 1% of its bill
  open              more, or requests claim more than was billed, or the month is over
                    and has days without a bill
  cannot judge      nothing to compare with, evidence without a price, money that waits
                    for an exchange rate, or in a running month days whose bill is missing

The causes are computed, the most dollars first; what none of them explains is named too.
-o wide and the machine formats have both comparisons, tax, credits, fees, usage at list.
--by class and --by day compare bill and usage part by part.`,
		Example: `  aifinops report reconcile --month 2026-10
  aifinops report reconcile --by day --where provider=openai
  aifinops report reconcile --from 2026-08 --to 2026-10 -o csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportReconcile(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	c.Flags().StringVar(&opts.by, "by", "", "part by part: `PART` is class or day")
	c.Flags().StringArrayVar(&opts.where, "where", nil, "only `provider=GLOB`")
	return c
}

func runReportReconcile(ctx context.Context, g *globalOptions, opts reportOptions) error {
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	// The sides are compared by what attribution itself looks at: no more need be kept apart.
	if err := s.analyse(ctx, s.period, []string{}); err != nil {
		return err
	}
	r := s.request(opts.by)
	r.Where = opts.where
	t, err := report.Reconcile(ctx, s.db, r)
	if err != nil {
		return err
	}
	if opts.format == "table" {
		t.Notes = append(report.Causes(t), t.Notes...)
	}
	return opts.print(g, t)
}
