package cmd

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type pricesShowOptions struct {
	outputOptions
	at, provider string
}

func newPricesShowCommand(g *globalOptions) *cobra.Command {
	var opts pricesShowOptions
	c := &cobra.Command{
		Use:   "show MODEL",
		Short: "Every list price of a model: by tier, token class, prompt length and time",
		Example: `  aifinops prices show gpt-5.5
  aifinops prices show claude-sonnet-5-5 --at 2026-10-06
  aifinops prices show deepseek-v4-pro --at 2026-08-16T16:00:00Z -o csv
  aifinops prices show us.anthropic.claude-opus-5 --provider aws`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("prices show takes one model; got %d arguments", len(args)))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runPricesShow(g, opts, args[0]) },
	}
	opts.flags(c)
	c.Flags().StringVar(&opts.at, "at", "", "only what holds at this `TIME` (UTC), such as 2026-10-06 or 2026-08-16T16:00:00Z")
	c.Flags().StringVar(&opts.provider, "provider", "", "only the prices of this `PROVIDER`")
	return c
}

func runPricesShow(g *globalOptions, opts pricesShowOptions, name string) error {
	at, err := parseInstant(opts.at)
	if err != nil {
		return usage(fmt.Errorf("--at: %w", err))
	}
	_, book, err := g.book()
	if err != nil {
		return err
	}
	found := book.Find(opts.provider, name)
	if len(found) == 0 {
		return usage(fmt.Errorf("no model %q%s in the price book%s", name, of(opts.provider), nearModels(book.Nearest(opts.provider, name))))
	}
	t := pricesTable(found, at)
	t.Facts = []table.Fact{{Name: "as_of", Value: book.AsOf().Format(time.DateOnly)}}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, "the book has no price of that time")
	}
	return opts.print(g, t)
}

func of(provider string) string {
	if provider == "" {
		return ""
	}
	return " of " + provider
}

func nearModels(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return "; near it: " + strings.Join(ids, ", ")
}

// parseInstant reads a day or a time; empty is the zero time.
func parseInstant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a date like 2026-10-06 nor a time like 2026-08-16T16:00:00Z", text)
}

func pricesTable(found []pricing.Match, at time.Time) table.Table {
	t := table.Table{Report: "prices", Title: "List prices in USD", Columns: []table.Column{{Name: "model"}, {Name: "tier"}, {Name: "class"},
		{Name: "prompt"}, {Name: "hours", Blank: true}, {Name: "from", Kind: table.Instant, Blank: true}, {Name: "to", Kind: table.Instant, Blank: true},
		{Name: "price", Kind: table.Number}, {Name: "per", Kind: table.Count}, {Name: "status", Wide: true}, {Name: "confidence"}, {Name: "source"}}}
	for _, m := range found {
		over, inclusive := m.LongOver()
		for _, r := range m.Rates(at) {
			per, _ := strconv.ParseInt(r.Per.String(), 10, 64)
			t.Rows = append(t.Rows, []any{r.Model, r.Tier, r.Class, prompt(r.Long, over, inclusive), hours(r), instant(r.From), instant(r.To), r.Price, per, r.Status, r.Confidence, r.Source})
		}
	}
	return t
}

// prompt is the lengths of prompt that a price is for.
func prompt(long bool, over int64, inclusive bool) string {
	sign := map[bool]string{true: "<", false: "<="}[inclusive]
	if long {
		sign = map[bool]string{true: ">=", false: ">"}[inclusive]
	}
	if over == 0 {
		return "any"
	}
	return sign + " " + strconv.FormatInt(over, 10)
}

// hours is when in the week a price holds (UTC); nil is always.
func hours(r pricing.Row) any {
	if r.Days == [2]int{1, 7} && r.Hours == [2]int{0, 24} {
		return nil
	}
	days := []string{"", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	return fmt.Sprintf("%s-%s %02d-%02d", days[r.Days[0]], days[r.Days[1]], r.Hours[0], r.Hours[1])
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
