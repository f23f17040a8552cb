package cmd

import (
	"github.com/spf13/cobra"
)

func newPricesCommand(g *globalOptions) *cobra.Command {
	c := &cobra.Command{
		Use:   "prices",
		Short: "The price book: what a model costs, and whether your own prices are sound",
		Long: `The price book is in the program: list prices of 13 providers, each with the time from
which it holds and where it was read. Files of your own come before it, listed under
` + "`prices:`" + ` in aifinops.yaml, in the same form:

  schema: 1
  provider: openai
  as_of: 2026-11-20
  models:
    - id: gpt-5.5
      rates:
        - from: 2026-06-01             # UTC; to: is exclusive
          price: {input: "5", cache_read: "0.5", output: "30"}   # USD per million tokens
          source: {text: our order form, read: 2026-06-02, confidence: high}

A rate of yours takes the place of the book's whole rate for its time: the prices of long
prompts (long:) and of tiers (tiers:) too, as ` + "`prices show`" + ` lists them. A contract in
aifinops.yaml leaves those of the book in force.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newPricesShowCommand(g), newPricesLintCommand(g), newPricesMissingCommand(g), newPricesExplainCommand(g), newPricesImportCommand(g), newPricesDiffCommand(g))
	return c
}
