package cmd

import (
	"context"
	"os"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/journal"
)

// exportJournal writes the entry of the period as hledger reads it.
func exportJournal(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	if err := o.unlocalised("hledger reads its own numbers"); err != nil {
		return nil, err
	}
	j, err := s.entries(ctx)
	if err != nil {
		return nil, err
	}
	return toFile(folder, name, func(f *os.File) error { return j.Hledger(f) })
}

// exportJournalCSV writes the same lines as debits and credits.
func exportJournalCSV(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	locale, err := o.localeOf()
	if err != nil {
		return nil, err
	}
	j, err := s.entries(ctx)
	if err != nil {
		return nil, err
	}
	return toFile(folder, name, func(f *os.File) error { return j.CSV(f, locale) })
}

// entries is what the period is booked as.
func (s *session) entries(ctx context.Context) (journal.Journal, error) {
	mentions, err := report.Request{By: []string{"provider", "use-case"}}.Mentions()
	if err != nil {
		return journal.Journal{}, err
	}
	if err := s.analyse(ctx, s.period, mentions); err != nil {
		return journal.Journal{}, err
	}
	j, err := journal.Make(ctx, s.db, journal.Options{From: s.period.From, To: s.period.To, Currency: s.Currency, Accounts: s.Journal})
	for _, note := range j.Notes {
		s.say("note: %s", note)
	}
	return j, err
}
