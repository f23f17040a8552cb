package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/table"
)

// trendMonths is how many months an export shows side by side.
const trendMonths = 12

// A month is everything that the program says of one: what the workbook and the page choose from.
type month struct {
	*session
	judgement gate.Judgement
	ledger    report.Ledger
	trendOf   report.Period
}

// monthOf analyses what every report of the session's month reads, and judges it.
func (s *session) monthOf(ctx context.Context) (*month, error) {
	if err := s.period.WholeMonth(); err != nil {
		return nil, err
	}
	m := &month{session: s}
	var err error
	if m.trendOf, err = report.TrendPeriod(ctx, s.db, s.period, trendMonths, s.asOf); err != nil {
		return nil, err
	}
	if s.decided, err = s.register(s.asOf); err != nil {
		return nil, err
	}
	from := s.gates().From(s.period.From, s.asOf)
	whole := s.reaching(from, s.period.To)
	for _, p := range []report.Period{m.trendOf, report.BudgetPeriod(s.period)} {
		whole.From = earlier(whole.From, p.From)
		whole.PriorFrom = earlier(whole.PriorFrom, p.PriorFrom)
	}
	mentions, err := report.Request{By: report.DetailDimensions()}.Mentions()
	if err != nil {
		return nil, err
	}
	if err := s.analyse(ctx, whole, append(mentions, "x_BookModel")); err != nil {
		return nil, err
	}
	if err := s.facts(ctx, whole, from, s.period.To); err != nil {
		return nil, err
	}
	if m.judgement, err = s.gates().Judge(ctx, s.db, s.decided, s.period.From, s.asOf); err != nil {
		return nil, err
	}
	m.ledger, err = report.LedgerOf(ctx, s.db, s.period)
	return m, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// The reports of a month, each as its command prints it.

func (m *month) spend(ctx context.Context) (table.Table, error) {
	return report.Spend(ctx, m.db, m.request("use-case"))
}

func (m *month) models(ctx context.Context) (table.Table, error) {
	return report.Spend(ctx, m.db, m.request("provider,model"))
}

func (m *month) outcomes(ctx context.Context) (table.Table, error) {
	t, err := report.Outcomes(ctx, m.db, m.request(""))
	if err != nil {
		return t, err
	}
	r := m.request("")
	r.Period = m.trendOf
	months, err := report.OutcomeMonths(ctx, m.db, r)
	t.Details = append([]table.Table{months}, t.Details...)
	return t, err
}

func (m *month) gatesTable(context.Context) (table.Table, error) {
	return m.judgement.Table(gate.View{Currency: m.Currency, All: true}), nil
}

// openGates is those that somebody must look at, and how many there are of each verdict.
func (m *month) openGates(context.Context) (table.Table, error) {
	t := m.judgement.Table(gate.View{Currency: m.Currency})
	t.Details = []table.Table{m.judgement.Counts()}
	return t, nil
}

func (m *month) decisions(ctx context.Context) (table.Table, error) {
	return m.gates().Decisions(ctx, m.db, m.decided, m.judgement, m.Currency)
}

func (m *month) reconcile(ctx context.Context) (table.Table, error) {
	return report.Reconcile(ctx, m.db, m.request(""))
}

func (m *month) coverage(ctx context.Context) (table.Table, error) {
	sources, err := m.sources()
	if err != nil {
		return table.Table{}, usage(err)
	}
	t, err := report.Coverage(ctx, m.db, m.request(""), m.policy(), func(provider string) string { return usageExport(sources, provider) })
	if err != nil {
		return t, err
	}
	r := m.request("")
	r.Period = m.trendOf
	months, drawn, err := report.CoverageMonths(ctx, m.db, r)
	t.Details = append(t.Details, months, drawn)
	return t, err
}

func (m *month) trend(ctx context.Context) (table.Table, error) {
	r := m.request("use-case")
	r.Period = m.trendOf
	return report.Trend(ctx, m.db, r)
}

func (m *month) reliance(ctx context.Context) (table.Table, error) {
	return report.Reliance(ctx, m.db, m.request("reliance"))
}

// provenance is what the figures depend on, beside the files of the ledger.
func (m *month) provenance(ctx context.Context) (table.Table, error) {
	inputs := []report.Input{
		{Name: "program", Value: "aifinops " + version()},
		{Name: "as of", Value: m.asOf.Format(time.DateOnly)},
		{Name: "month", Value: m.period.String()},
		{Name: "reporting currency", Value: m.Currency},
		{Name: "price book", Value: "prices of " + m.prices.AsOf().Format(time.DateOnly)},
		{Name: "rules", Value: fmt.Sprintf("%d rules, %d use cases", len(m.Rules), len(m.UseCases))},
	}
	files := append(m.files[:len(m.files):len(m.files)], m.path(m.Decisions))
	for _, p := range m.Prices {
		files = append(files, m.path(p))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		switch {
		case errors.Is(err, os.ErrNotExist): // a register that nobody has begun
			continue
		case err != nil:
			return table.Table{}, err
		}
		sum := sha256.Sum256(text)
		inputs = append(inputs, report.Input{Name: "file", Value: m.shownName(file), SHA256: hex.EncodeToString(sum[:])})
	}
	return report.Provenance(ctx, m.db, inputs)
}

// summary is the key figures of tables that have been made.
func (m *month) summary(made map[string]table.Table) table.Table {
	return report.Summary(m.request(""), m.begins(), made[sheetUseCases], made[sheetBudget], made[sheetCoverage], made[sheetBooks], m.judgement.Summary())
}

// begins says whether the ledger begins with the month: what was before is not known.
func (m *month) begins() bool { return !m.trendOf.From.Before(m.period.From) }
