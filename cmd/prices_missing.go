package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type pricesMissingOptions struct {
	outputOptions
	periodOptions
}

func newPricesMissingCommand(g *globalOptions) *cobra.Command {
	var opts pricesMissingOptions
	c := &cobra.Command{
		Use:   "missing",
		Short: "The usage and requests that the book cannot price, and why",
		Long: `missing lists what has no price: models that the book does not know, days before a price
or after it, tiers and token classes without one. The nearest names are a hint for you;
nothing is ever priced by them. A name of your own for a model belongs under deployments:,
a price of your own into a file under prices:.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runPricesMissing(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	return c
}

func runPricesMissing(ctx context.Context, g *globalOptions, opts pricesMissingOptions) error {
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.analyse(ctx, s.period, []string{}); err != nil {
		return err
	}
	t, err := report.Unpriced(ctx, s.db, s.period)
	if err != nil {
		return err
	}
	t.Columns = append(t.Columns, table.Column{Name: "nearest"})
	for i, row := range t.Rows {
		t.Rows[i] = append(row, strings.Join(s.prices.Nearest(fmt.Sprint(row[0]), fmt.Sprint(row[1])), ", "))
	}
	return opts.print(g, t)
}
