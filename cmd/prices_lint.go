package cmd

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aifinops/aifinops/pricing"
	"github.com/spf13/cobra"
)

func newPricesLintCommand(g *globalOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [FILE...]",
		Short: "What cannot be right in the price book, with your own prices before it",
		Long: `lint reads the book, the files under ` + "`prices:`" + ` and those named here, and says what cannot
be right: names that two models have, times without a price, prices out of proportion,
facts without a source. A price that was announced, and has begun since, is a warning.`,
		Example: `  aifinops prices lint
  aifinops prices lint prices-2026-12.yaml`,
		RunE: func(_ *cobra.Command, args []string) error { return runPricesLint(g, args) },
	}
}

func runPricesLint(g *globalOptions, files []string) error {
	today, err := g.today()
	if err != nil {
		return err
	}
	_, book, err := g.book()
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err == nil {
			err = book.Overlay(name, text)
		}
		if err != nil {
			return usage(err)
		}
	}
	var wrong []error
	var b strings.Builder
	warnings := 0
	for _, err := range book.Lint(today) {
		var l *pricing.LintError
		if errors.As(err, &l) && l.Warning {
			warnings++
			fmt.Fprintf(&b, "warning: %s\n", err)
			continue
		}
		wrong = append(wrong, err)
	}
	if wrong == nil {
		fmt.Fprintf(&b, "the book is sound, with facts up to %s; %d warnings\n", book.AsOf().Format(time.DateOnly), warnings)
	}
	return errors.Join(g.emit(b.String()), usage(errors.Join(wrong...)))
}
