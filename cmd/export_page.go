package cmd

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/page"
	"github.com/aifinops/aifinops/report/table"
)

// A section is a report's place on the page.
type section struct {
	id, name, lead string
	make           func(*month, context.Context) (table.Table, error)
	open           bool // its table is short enough to be read at once
}

// sections is the page, in its order: what a manager asks first comes first.
func sections() []section {
	return []section{
		{"spend", "Spend by use case", "The months side by side.", (*month).trend, false},
		{"month", sheetUseCases, "This month against the month before.", (*month).spend, true},
		{"outcomes", "Cost per outcome", "What a ticket, a user, a pull request cost.", (*month).outcomes, true},
		{"gates", "Gates", "What somebody must decide.", (*month).openGates, true},
		{"budget", sheetBudget, "What each cost centre spent of which budget.", (*month).budget, true},
		{"coverage", sheetCoverage, "How much of the money is known to be of its use case.", (*month).coverage, false},
		{"books", sheetBooks, "Whether invoices, bills and evidence agree.", (*month).reconcile, false},
		{"reliance", "Reliance", "How much of the spend somebody would miss.", (*month).reliance, false},
	}
}

// exportPage writes the month on one page.
func exportPage(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	locale, err := o.localeOf()
	if err != nil {
		return nil, err
	}
	m, err := s.monthOf(ctx)
	if err != nil {
		return nil, err
	}
	p, err := m.page(ctx, locale)
	if err != nil {
		return nil, err
	}
	return toFile(folder, name, func(f *os.File) error { return p.Write(f, locale) })
}

func (m *month) page(ctx context.Context, l table.Locale) (page.Page, error) {
	p := page.Page{
		Title:  "AI spend, " + m.period.From.Format("January 2006"),
		Footer: fmt.Sprintf("aifinops %s, as of %s; prices of %s. Every total is the ledger's, to the cent.", version(), m.asOf.Format(time.DateOnly), m.prices.AsOf().Format(time.DateOnly)),
	}
	made := map[string]table.Table{}
	for _, sec := range sections() {
		t, err := sec.make(m, ctx)
		if err != nil {
			return p, fmt.Errorf("%s: %w", sec.name, err)
		}
		report.Explain(&t)
		made[sec.name] = t
		p.Sections = append(p.Sections, page.Section{ID: sec.id, Title: sec.name, Lead: sec.lead, Table: t, Open: sec.open})
	}
	p.Lead = m.lead(l)
	p.Figures = m.summary(made)
	report.Explain(&p.Figures)
	return p, nil
}

// lead is the month in a sentence.
func (m *month) lead(l table.Locale) string {
	said := fmt.Sprintf("%s %s", table.Readable(table.Money, m.ledger.Total(), l), m.Currency)
	switch open := m.judgement.Open(); open {
	case 0:
		said += "; no gate needs a person"
	case 1:
		said += "; 1 gate needs a person"
	default:
		said += fmt.Sprintf("; %d gates need a person", open)
	}
	if m.period.To.After(m.asOf) {
		said += fmt.Sprintf("; to date, %s is not over on %s", m.period, m.asOf.Format(time.DateOnly))
	}
	return said + "."
}
