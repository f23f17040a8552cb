package cmd

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/pricing/catalogue"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type pricesImportOptions struct {
	priceSelection
	output string // how to print
	width  int
	out    string // the price file
	write  bool
	allow  []string
}

func newPricesImportCommand(g *globalOptions) *cobra.Command {
	var opts pricesImportOptions
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Prices of a public catalogue (litellm, genai-prices) for a price file of your own",
		Long: `import holds a public price catalogue against the price book, and shows what would change.
With --write it appends new dated prices to a price file of your own: never an edit of an
old one, and nothing before --from. The book in the program stays as it is.

No public catalogue is right everywhere, so a price that looks wrong stays out until you
let it in by the name of the guard that stopped it (--allow):

  unknown-field  the model has a price field that this program does not know
  vanished       the catalogue has less than 70% of the provider's models: is it whole?
  announced      the price was to begin later than the catalogue was made
  older          ours was read at the provider's, not before the catalogue was made; one that
                 has no date in its name counts as older, unless --read gives it one
  zero           the price is 0, which catalogues also write for not known
  jump           more than three times ours, or less than a third
  swapped        input costs more than output
  cache          reading a cache costs more than input, or an hour less than five minutes

What the form of a price file cannot say (form), and what two names of one model say
differently (conflict), stays out in any case.`,
		Example: `  aifinops prices import model_prices_and_context_window.json --read 2026-11-20
  aifinops prices import data.json --provider openai --models 'gpt-6*' --write
  aifinops prices import data.json --allow jump,older --write`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("prices import takes one file; got %d arguments", len(args)))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runPricesImport(g, opts, args[0]) },
	}
	opts.flags(c)
	f := c.Flags()
	f.StringVarP(&opts.output, "output", "o", "table", "how to print: "+strings.Join(slices.Sorted(maps.Keys(table.Formats())), ", "))
	f.IntVar(&opts.width, "width", 0, "fit tables into `N` columns; default: the terminal's width")
	f.StringVar(&opts.out, "out", "", "the price `FILE` to append to; default: prices.yaml beside the configuration")
	f.BoolVar(&opts.write, "write", false, "append what passes to the price file; without it nothing is written")
	f.StringSliceVar(&opts.allow, "allow", nil, "let pass what this `GUARD` stops")
	return c
}

func runPricesImport(g *globalOptions, opts pricesImportOptions, file string) error {
	today, err := g.today()
	if err != nil {
		return err
	}
	comparison, err := opts.comparison(today, filepath.Base(file))
	if err != nil {
		return err
	}
	for _, name := range opts.allow {
		if !slices.Contains(pricing.Guards(), name) {
			return usage(fmt.Errorf("--allow %q; the guards are %s", name, strings.Join(pricing.Guards(), ", ")))
		}
	}
	comparison.Allow = opts.allow
	c, err := g.load()
	if err != nil {
		return err
	}
	to, err := c.priceFile(opts.out)
	if err != nil {
		return usage(err)
	}
	from, err := catalogue.Open(file, opts.kind)
	if err != nil {
		return usage(err)
	}
	book, err := to.book(c, to.text)
	if err != nil {
		return usage(err)
	}
	d := book.Diff(from.Offers, comparison)
	if d.Matched == 0 {
		return usage(fmt.Errorf("%s: none of its %d models was asked for, or is of a provider that the book has", file, from.Models))
	}
	t := diffTable(d, opts.priceSelection, false)
	t.Title = fmt.Sprintf("Prices in USD: %s (%s) beside the book, from %s", file, from.Format, comparison.From.Format(time.DateOnly))
	if err := (outputOptions{format: opts.output, width: opts.width}).print(g, t); err != nil {
		return err
	}
	return errors.Join(to.finish(g, c, d, d.YAML(origin(from, file, comparison.Read, today)), opts.write), refusal(file, d))
}

// origin is what the price file says of where its prices are from.
func origin(from catalogue.Catalogue, file string, made, today time.Time) pricing.Origin {
	name := filepath.Base(file)
	o := pricing.Origin{Read: today, Title: fmt.Sprintf("aifinops prices import %s on %s", name, today.Format(time.DateOnly)),
		Text: fmt.Sprintf("%s catalogue %s, sha256 %s", from.Format, name, from.Sum)}
	if !made.IsZero() {
		o.Text += ", of " + made.Format(time.DateOnly)
	}
	return o
}

// refusal is the error of a catalogue of which nothing could be taken, and nothing is in the book already.
func refusal(file string, d pricing.Diff) error {
	guarded, unknown := d.Count(pricing.VerdictGuarded), d.Count(pricing.VerdictUnknown)
	if d.Taken()+d.Count(pricing.VerdictSame) > 0 || guarded+unknown == 0 {
		return nil
	}
	return usage(fmt.Errorf("%s: nothing could be taken: %d prices guarded, %d fields unknown", file, guarded, unknown))
}

// A priceFile is a file of the user's with prices, or where one shall be.
type priceFile struct {
	path, name string
	text       string
	listed     bool // in the configuration
}

// priceFile finds the file to append to.
func (c config) priceFile(out string) (priceFile, error) {
	f := priceFile{path: out}
	if out == "" {
		f.path = c.path("prices.yaml")
	}
	f.name = c.name(f.path)
	if real, err := filepath.EvalSymlinks(f.path); err == nil {
		f.path = real // the file is replaced, not a link to it
	}
	for _, p := range c.Prices {
		real, err := filepath.EvalSymlinks(c.path(p))
		f.listed = f.listed || err == nil && real == f.path || filepath.Clean(c.path(p)) == filepath.Clean(f.path)
	}
	text, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return f, err
	}
	f.text = string(text)
	return f, nil
}

// book is the price book with the configuration's files before it, of which this one has some text.
func (f priceFile) book(c config, text string) (*pricing.Book, error) {
	book, err := pricing.Load()
	if err != nil {
		return nil, err
	}
	for _, name := range c.Prices {
		path := c.path(name)
		content := text
		if real, err := filepath.EvalSymlinks(path); filepath.Clean(path) != filepath.Clean(f.path) && (err != nil || real != f.path) {
			other, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("prices: %w", err)
			}
			content = string(other)
		} else if isBlank(content) {
			continue
		}
		if err := book.Overlay(c.name(path), []byte(content)); err != nil {
			return nil, fmt.Errorf("prices: %w", err)
		}
	}
	if !f.listed && !isBlank(text) {
		if err := book.Overlay(f.name, []byte(text)); err != nil {
			return nil, fmt.Errorf("prices: %w", err)
		}
	}
	return book, nil
}

// isBlank says whether a price file has nothing but comments.
func isBlank(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

// finish appends, or says what would be appended.
func (f priceFile) finish(g *globalOptions, c config, d pricing.Diff, text string, write bool) error {
	if guarded, unknown := d.Count(pricing.VerdictGuarded), d.Count(pricing.VerdictUnknown); guarded+unknown > 0 {
		g.say("warning: left out: %d prices guarded, %d fields unknown", guarded, unknown)
	}
	switch {
	case text == "":
		g.say("nothing to write to %s", f.name)
		return nil
	case !write:
		g.say("dry run: nothing was written; --write appends %d prices to %s", d.Taken(), f.name)
		return nil
	}
	whole := f.text
	if whole != "" && !strings.HasSuffix(whole, "\n") {
		whole += "\n"
	}
	whole += text
	if _, err := f.book(c, whole); err != nil { // what cannot be read back is not written
		return fmt.Errorf("nothing was written: %w", err)
	}
	if err := replaceFile(f.path, whole); err != nil {
		return fmt.Errorf("%s: %w", f.name, cause(err))
	}
	g.say("wrote %d prices to %s", d.Taken(), f.name)
	if !f.listed {
		g.say("hint: they count once %s lists the file: prices: [%s]", g.config, f.name)
	}
	return nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(path, text string) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	partial := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part")
	w, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = w.WriteString(text)
	if err := errors.Join(err, w.Sync(), w.Close()); err != nil {
		_ = os.Remove(partial) // what is wrong with it has been said
		return err
	}
	return os.Rename(partial, path)
}
