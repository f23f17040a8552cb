package cmd

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/pricing/catalogue"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
)

type pricesDiffOptions struct {
	outputOptions
	priceSelection
}

// priceSelection is the flags that say which prices of a catalogue are meant.
type priceSelection struct {
	kind, from, read  string
	providers, models []string
	all               bool
}

func (o *priceSelection) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.kind, "format", "", "what a catalogue is: "+strings.Join(catalogue.Formats(), " or ")+"; default: its content says it")
	f.StringVar(&o.from, "from", "", "the `TIME` (UTC) from which the prices hold; default: today")
	f.StringVar(&o.read, "read", "", "the `DATE` on which the catalogue was made or fetched; default: a date in its name")
	f.StringSliceVar(&o.providers, "provider", nil, "only prices of this `PROVIDER`")
	f.StringSliceVar(&o.models, "models", nil, "only models that this `GLOB` takes, such as 'gpt-5*'")
	f.BoolVar(&o.all, "all", false, "show prices too that are the same, and models that the catalogue lacks")
}

func newPricesDiffCommand(g *globalOptions) *cobra.Command {
	var opts pricesDiffOptions
	c := &cobra.Command{
		Use:   "diff [A] B",
		Short: "How prices of a file differ from the book's, or from those of another file",
		Long: `diff holds the prices of B against those of A, or against the price book with your own files
before it. A and B are price files of your own or public catalogues (litellm, genai-prices).
It changes nothing; ` + "`aifinops prices import`" + ` takes prices over.`,
		Example: `  aifinops prices diff prices.yaml
  aifinops prices diff model_prices-2026-07-01.json model_prices-2026-08-01.json -o csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(fmt.Errorf("prices diff takes one file or two; got %d arguments", len(args)))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runPricesDiff(g, opts, args) },
	}
	opts.outputOptions.flags(c)
	opts.priceSelection.flags(c)
	return c
}

func runPricesDiff(g *globalOptions, opts pricesDiffOptions, args []string) error {
	today, err := g.today()
	if err != nil {
		return err
	}
	file := args[len(args)-1]
	comparison, err := opts.comparison(today, filepath.Base(file))
	if err != nil {
		return err
	}
	_, book, err := g.book()
	if err != nil {
		return err
	}
	offers, own, err := readOffers(file, opts.kind)
	if err != nil {
		return usage(err)
	}
	comparison.Whole = own     // a row of such a file replaces the book's
	if own || len(args) == 2 { // what people write themselves is neither whole nor older
		comparison.Ignore = []string{"vanished", "announced", "older"}
	}
	if len(args) == 2 {
		if book, err = bookOf(book, args[0], opts.kind, comparison.From); err != nil {
			return usage(err)
		}
	}
	d := book.Diff(offers, comparison)
	t := diffTable(d, opts.priceSelection, len(args) == 2) // a model that is gone differs too
	t.Title = "Prices in USD: " + file + " beside " + map[bool]string{true: args[0], false: "the book"}[len(args) == 2]
	return opts.print(g, t)
}

// readOffers reads prices of the user's own, or a catalogue: that is JSON.
func readOffers(file, format string) (offers []pricing.Offer, own bool, err error) {
	text, err := catalogue.Read(file)
	if err != nil {
		return nil, false, err
	}
	if first := bytes.TrimSpace(text); format != "" || len(first) > 0 && (first[0] == '{' || first[0] == '[') {
		c, err := catalogue.Parse(file, text, format)
		return c.Offers, false, err
	}
	book := &pricing.Book{}
	err = book.Overlay(file, text)
	return book.Offers(), true, err
}

// bookOf is a book that has the prices of a file alone, and the names of the other book.
func bookOf(book *pricing.Book, file, format string, from time.Time) (*pricing.Book, error) {
	offers, own, err := readOffers(file, format)
	if err != nil {
		return nil, err
	}
	names, err := book.Names()
	if err != nil {
		return nil, err
	}
	if !own {
		return names, names.Take(file, offers, from)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return names, names.Overlay(file, text)
}

var dateInName = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// comparison is what the flags say about how to compare.
func (o priceSelection) comparison(today time.Time, file string) (c pricing.Comparison, err error) {
	if o.kind != "" && !slices.Contains(catalogue.Formats(), o.kind) {
		return c, usage(fmt.Errorf("--format %q; it is %s", o.kind, strings.Join(catalogue.Formats(), " or ")))
	}
	c = pricing.Comparison{From: today.Truncate(24 * time.Hour), Providers: o.providers, Models: o.models}
	if o.from != "" {
		if c.From, err = parseInstant(o.from); err != nil {
			return c, usage(fmt.Errorf("--from: %w", err))
		}
	}
	if o.read != "" {
		if c.Read, err = time.Parse(time.DateOnly, o.read); err != nil {
			return c, usage(fmt.Errorf("--read %q is not a date like 2026-11-15", o.read))
		}
		if c.Read.After(today) {
			return c, usage(fmt.Errorf("--read %s is later than today, %s", o.read, today.Format(time.DateOnly)))
		}
		return c, nil
	}
	if read, err := time.Parse(time.DateOnly, dateInName.FindString(file)); err == nil && !read.After(today) {
		c.Read = read
	}
	return c, nil
}

// diffTable is what changes, and what else was asked for; gone: the models too that are only in the first.
func diffTable(d pricing.Diff, o priceSelection, gone bool) table.Table {
	t := table.Table{Report: "price-changes", Columns: []table.Column{{Name: "provider"}, {Name: "model"}, {Name: "class", Blank: true}, {Name: "tier", Blank: true},
		{Name: "band", Blank: true}, {Name: "from", Kind: table.Instant, Wide: true}, {Name: "now", Kind: table.Number, Blank: true}, {Name: "new", Kind: table.Number, Blank: true},
		{Name: "per", Kind: table.Count, Wide: true, Blank: true}, {Name: "change", Kind: table.Percent, Blank: true}, {Name: "verdict"}, {Name: "why", Blank: true},
		{Name: "name", Wide: true}, {Name: "confidence", Blank: true}, {Name: "source", Blank: true}}}
	hidden := map[string]int{}
	for _, c := range d.Changes {
		if !o.all && (c.Verdict == pricing.VerdictSame || c.Verdict == pricing.VerdictNoModel && !gone) {
			hidden[c.Verdict]++
			continue
		}
		t.Rows = append(t.Rows, changeRow(c))
	}
	for _, verdict := range []string{pricing.VerdictNew, pricing.VerdictChanged, pricing.VerdictSame, pricing.VerdictGuarded, pricing.VerdictUnknown, pricing.VerdictNoModel} {
		t.Facts = append(t.Facts, table.Fact{Name: strings.ReplaceAll(verdict, " ", "_") + "_count", Value: int64(d.Count(verdict))})
	}
	if n := hidden[pricing.VerdictSame]; n > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d prices are the same; --all shows them", n))
	}
	if n := hidden[pricing.VerdictNoModel]; n > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d models of the book are not in the catalogue, and stay as they are; --all shows them", n))
	}
	if len(d.Foreign) > 0 && len(o.providers)+len(o.models) == 0 {
		fact, note := leftOut(d.Foreign)
		t.Facts, t.Notes = append(t.Facts, fact), append(t.Notes, note)
	}
	return t
}

// leftOut names the providers that the book does not have, those with most models first.
func leftOut(foreign map[string]int) (fact table.Fact, note string) {
	names := slices.SortedFunc(maps.Keys(foreign), func(x, y string) int { return cmp.Or(foreign[y]-foreign[x], strings.Compare(x, y)) })
	models := 0
	for i, name := range names {
		models += foreign[name]
		names[i] = fmt.Sprintf("%s (%d)", name, foreign[name])
	}
	named, more := names, ""
	if len(names) > 8 {
		named, more = names[:8], fmt.Sprintf(" and %d more, which -o json names", len(names)-8)
	}
	return table.Fact{Name: "left_out_providers", Value: names},
		fmt.Sprintf("left out: %d models of %d providers that the book does not have: %s%s", models, len(names), strings.Join(named, ", "), more)
}

func changeRow(c pricing.Change) []any {
	number := func(d decimal.NullDecimal) any {
		if !d.Valid {
			return nil
		}
		return d.Decimal
	}
	var change, per any
	if c.Now.Valid && c.New.Valid && !c.Now.Decimal.IsZero() {
		change = c.New.Decimal.Sub(c.Now.Decimal).Shift(2).DivRound(c.Now.Decimal, 4).InexactFloat64()
	}
	if !c.Per.IsZero() {
		per = c.Per.IntPart()
	}
	band := c.Key.Hours
	if c.Key.Long {
		band = prompt(true, c.Over, c.Inclusive)
	}
	return []any{c.Provider, c.Model, orNil(c.Key.Class), orNil(c.Key.Tier), orNil(band), c.From, number(c.Now), number(c.New), per, change, c.Verdict, orNil(c.Why),
		c.Name, orNil(c.Confidence), orNil(c.Source)}
}
