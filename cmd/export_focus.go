package cmd

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"

	"github.com/aifinops/aifinops/report/focus"
	"github.com/aifinops/aifinops/report/gate"
)

func exportFocusCSV(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	return s.exportFocus(ctx, o, folder, name, focus.CSV)
}

func exportFocusParquet(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	return s.exportFocus(ctx, o, folder, name, focus.Parquet)
}

// exportFocus writes the charges of the period in FOCUS columns, and beside them what the columns are.
func (s *session) exportFocus(ctx context.Context, o exportOptions, folder, name string, write func(context.Context, *sql.DB, focus.Options, string) (focus.Receipt, error)) ([]string, error) {
	if err := o.unlocalised("FOCUS is for programs, and its numbers are the same everywhere"); err != nil {
		return nil, err
	}
	if err := s.analyse(ctx, s.period, focus.Mentions()); err != nil {
		return nil, err
	}
	options := focus.Options{Version: o.focus, From: s.period.From, To: s.period.To, Created: s.asOf, Generator: "aifinops " + version()}
	receipt, err := write(ctx, s.db, options, filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	if !receipt.Estimated.IsZero() {
		s.say("note: %s that no bill confirms is in no row: FOCUS is of what was billed", gate.Amount(receipt.Estimated.Round(2)))
	}
	if receipt.Waiting > 0 {
		s.say("note: %d charges wait for an exchange rate and are in no row", receipt.Waiting)
	}
	about, err := focus.Metadata(options)
	if err != nil {
		return nil, err
	}
	files, err := toFile(folder, name+".metadata.json", func(f *os.File) error { _, err := f.Write(about); return err })
	return append([]string{name}, files...), err
}
