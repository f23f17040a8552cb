package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type suggestOptions struct {
	outputOptions
	periodOptions
	top int
}

func newRulesSuggestCommand(g *globalOptions) *cobra.Command {
	var opts suggestOptions
	c := &cobra.Command{
		Use:   "suggest",
		Short: "The largest unattributed dollars, each with a rule to paste",
		Long: `suggest lists those of the gaps of ` + "`report coverage`" + ` that the configuration can close, and what
to paste: each rule takes its own dollars and no other. Estimated money counts here too.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runRulesSuggest(c.Context(), g, opts) },
	}
	opts.outputOptions.flags(c)
	opts.periodOptions.flags(c)
	c.Flags().IntVar(&opts.top, "top", 10, "the `N` largest; 0: all")
	return c
}

func runRulesSuggest(ctx context.Context, g *globalOptions, opts suggestOptions) error {
	if opts.top < 0 {
		return usage(fmt.Errorf("--top %d is less than 0", opts.top))
	}
	s, err := g.sessionOf(ctx, opts.periodOptions)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.analyse(ctx, s.period, nil); err != nil {
		return err
	}
	suggestions, err := s.policy().Suggest(ctx, s.db, s.period.Condition("a.ChargePeriodStart"))
	if err != nil {
		return err
	}
	if opts.top > 0 && len(suggestions) > opts.top {
		suggestions = suggestions[:opts.top]
	}
	t := table.Table{Report: "suggestions", Title: fmt.Sprintf("Unattributed dollars, %s (%s)", s.period, s.Currency), Columns: []table.Column{
		{Name: "dollars", Kind: table.Money}, {Name: "charges", Kind: table.Count}, {Name: "field"}, {Name: "value"},
		{Name: "section", Wide: true}, {Name: "before", Wide: true, Blank: true}, {Name: "rule", Wide: true}}}
	for _, found := range suggestions {
		t.Rows = append(t.Rows, []any{found.Dollars, found.Charges, found.Field, found.Value, found.Section, orNil(found.Before), found.YAML})
	}
	if err := opts.print(g, t); err != nil || opts.format != "table" || len(suggestions) == 0 {
		return err
	}
	return g.emit(toPaste(suggestions))
}

// orNil is a text, or an unknown where it is empty.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// toPaste writes the suggestions as they belong into the configuration.
func toPaste(suggestions []allocate.Suggestion) string {
	var headings []string
	blocks := map[string]string{}
	for _, s := range allocate.InOrder(suggestions) {
		heading := "Rules to paste below the others under `rules:`, in this order, each with a use case of yours:"
		switch {
		case s.Section == "use_cases":
			heading = "Use cases that rules name and `use_cases:` lacks:"
		case s.Before != "":
			heading = "Rules to paste before the rule " + s.Before + ", each with a use case of yours:"
		}
		if blocks[heading] == "" {
			headings = append(headings, heading)
		}
		blocks[heading] += "  - " + s.YAML + "\n"
	}
	var text strings.Builder
	for _, heading := range headings {
		text.WriteString("\n" + heading + "\n" + blocks[heading])
	}
	return text.String()
}
