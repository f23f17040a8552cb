package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/focus"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type exportOptions struct {
	periodOptions
	focus  string
	locale string
}

// An export is a kind of file that a month is written to, known by the end of its name. It writes into a folder of its own, and says which
// files are to take their place.
type export struct {
	ending, about string
	write         func(ctx context.Context, s *session, o exportOptions, folder, name string) (files []string, err error)
}

// exports is all of them; where two endings fit a name, the longer is meant.
func exports() []export {
	return []export{
		{".xlsx", "the workbook for finance: summary, budget line, use cases, gates, books, every slice; live formulas, and every sheet ties", exportWorkbook},
		{".html", "the month on one page, to open or to mail", exportPage},
		{".focus.csv", "FOCUS, a row for each charge and use case, with its metadata beside it", exportFocusCSV},
		{".focus.parquet", "the same as Parquet", exportFocusParquet},
		{".journal", "the entry in the books, for hledger", exportJournal},
		{".journal.csv", "its debits and credits by cost centre, for an ERP", exportJournalCSV},
	}
}

func newExportCommand(g *globalOptions) *cobra.Command {
	var opts exportOptions
	var kinds strings.Builder
	for _, e := range exports() {
		fmt.Fprintf(&kinds, "  FILE%-15s %s\n", e.ending, e.about)
	}
	c := &cobra.Command{
		Use:   "export FILE",
		Short: "A month as a workbook, a page, FOCUS or a journal entry",
		Long: `export writes a month to a file; the end of its name says what it becomes.

` + kinds.String() + `
What is written adds up to the ledger to the cent, or nothing is written. The file is there whole or
not at all; one of the same name is replaced. The same ledger, configuration and --as-of
make the same bytes.

A single report becomes a file with -o and --out: aifinops report budget -o xlsx --out budget.xlsx`,
		Example: `  aifinops export ai-spend-2026-10.xlsx
  aifinops export october.html --month 2026-10
  aifinops export october.focus.csv --focus 1.3
  aifinops export october.journal.csv --locale de`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("export takes one FILE, whose name ends with %s; got %d", endings(), len(args)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runExport(c.Context(), g, opts, args[0]) },
	}
	opts.flags(c)
	c.Flags().StringVar(&opts.focus, "focus", "", "the `VERSION` of FOCUS: "+strings.Join(focus.Versions(), " or ")+"; default: the first")
	c.Flags().StringVar(&opts.locale, "locale", "", "write the numbers of .html and .journal.csv as in `LANG`, such as de or fr-CH")
	return c
}

func endings() string {
	var all []string
	for _, e := range exports() {
		all = append(all, e.ending)
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// exportFor is the kind of file that a name asks for.
func exportFor(name string) (export, error) {
	var fitting []export
	for _, e := range exports() {
		if strings.HasSuffix(strings.ToLower(name), e.ending) {
			fitting = append(fitting, e)
		}
	}
	if len(fitting) == 0 {
		return export{}, usage(fmt.Errorf("%s: the name must end with %s", name, endings()))
	}
	return slices.MaxFunc(fitting, func(a, b export) int { return cmp.Compare(len(a.ending), len(b.ending)) }), nil
}

func runExport(ctx context.Context, g *globalOptions, opts exportOptions, name string) (err error) {
	e, err := exportFor(name)
	if err != nil {
		return err
	}
	switch {
	case opts.focus == "":
		opts.focus = focus.Versions()[0]
	case !strings.Contains(e.ending, ".focus."):
		return usage(fmt.Errorf("--focus %s: %s is no FOCUS; .focus.csv and .focus.parquet are", opts.focus, name))
	case !slices.Contains(focus.Versions(), opts.focus):
		return usage(fmt.Errorf("--focus %q; it is one of %s", opts.focus, strings.Join(focus.Versions(), ", ")))
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return usage(fmt.Errorf("%s: is a folder", name))
	}
	// Beside the target, so that putting the files in their place is a rename, and whole.
	folder, err := os.MkdirTemp(filepath.Dir(name), ".aifinops-part-*")
	if err != nil {
		return usage(fmt.Errorf("%s: %w", name, cause(err)))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	s, err := g.sessionOf(ctx, opts.periodOptions, folder)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.period.HasFacts(ctx, s.db); err != nil {
		return err
	}
	s.sayRunning()
	files, err := e.write(ctx, s, opts, folder, filepath.Base(name))
	if err != nil {
		return err
	}
	for _, file := range files {
		to := filepath.Join(filepath.Dir(name), file)
		if err := inPlace(filepath.Join(folder, file), to); err != nil {
			return fmt.Errorf("%s: %w", to, cause(err))
		}
		g.say("wrote %s", to)
	}
	return nil
}

// inPlace moves a finished file to where it belongs, for its owner only: spend is nobody else's business.
func inPlace(from, to string) error {
	if err := os.Chmod(from, 0o600); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// sayRunning warns that the period is not over.
func (s *session) sayRunning() {
	if s.period.To.After(s.asOf) {
		s.say("note: %s is not over on %s: what is written is what has been billed so far", s.period, s.asOf.Format(time.DateOnly))
	}
}

// toFile writes a file of an export.
func toFile(folder, name string, write func(*os.File) error) (files []string, err error) {
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	err = write(f)
	return []string{name}, errors.Join(err, f.Close())
}

// localeOf reads --locale, of an export that has numbers for people.
func (o exportOptions) localeOf() (table.Locale, error) {
	if o.locale == "" {
		return table.Locale{}, nil
	}
	l, err := table.ParseLocale(o.locale)
	if err != nil {
		return l, usage(fmt.Errorf("--locale: %w", err))
	}
	return l, nil
}

// unlocalised is an error where a locale was asked for and the format has none.
func (o exportOptions) unlocalised(format string) error {
	if o.locale == "" {
		return nil
	}
	return usage(fmt.Errorf("--locale %s: %s; .html and .journal.csv follow a locale", o.locale, format))
}
