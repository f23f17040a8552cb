package cmd

import (
	"context"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

func newReportBudgetCommand(g *globalOptions) *cobra.Command {
	var opts reportOptions
	c := &cobra.Command{
		Use:   "budget",
		Short: "The budget line: what each cost centre spent, of which budget, and the year so far",
		Long: `budget prints what finance books for a month: each cost centre's dollars against the
month before, its budget, what is left of it, and the year to date. Below are the use cases.

Budgets are those of aifinops.yaml, by use case and for the total. A cost centre's is the
sum of its use cases', and only what those spent counts against it. What the total has
beyond them is the row ` + report.Rest + `, for all other spend.`,
		Example: `  aifinops report budget
  aifinops report budget --month 2026-10 -o xlsx --out budget.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runReportBudget(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	c.Flags().StringVar(&opts.month, "month", "", "the `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	return c
}

func runReportBudget(ctx context.Context, g *globalOptions, opts reportOptions) error {
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	mentions, err := report.Request{By: []string{"use-case"}}.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, report.BudgetPeriod(s.period), mentions); err != nil {
		return err
	}
	t, err := s.budget(ctx)
	if err != nil {
		return err
	}
	if flat(opts.format) {
		g.say("note: the use cases are in -o json")
	}
	return opts.print(g, t)
}

// budget is the budget line of the session's month; its year must have been analysed.
func (s *session) budget(ctx context.Context) (table.Table, error) {
	if err := s.Budgets.Install(ctx, s.db); err != nil {
		return table.Table{}, err
	}
	return report.Budget(ctx, s.db, s.request(""))
}
