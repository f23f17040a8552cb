package cmd

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/aifinops/aifinops/report/workbook"
)

// The sheets that others refer to.
const (
	sheetBudget   = "Budget line"
	sheetUseCases = "Use cases"
	sheetBooks    = "Reconciliation"
	sheetCoverage = "Coverage"
	sheetDetail   = "Allocation detail"
)

// A sheet is a report's place in the workbook.
type sheet struct {
	name, about string
	make        func(*month, context.Context) (table.Table, error)
	tie         *workbook.Tie   // a total that must be the ledger's; {month} in its column is the month
	check       *workbook.Check // a column that the detail must add up to, row by row
}

// sheets is the workbook, in its order. A new report is one line.
func sheets() []sheet {
	all, billed := &workbook.Tie{Column: "billed_cost", Estimated: true}, &workbook.Tie{Column: "billed_cost"}
	return []sheet{
		{sheetBudget, "What to book and what to plan: each cost centre, then each use case.", (*month).budget, all, &workbook.Check{Key: "cost_center", Column: "billed_cost"}},
		{sheetUseCases, "What each use case cost, against the month before.", (*month).spend, all, &workbook.Check{Key: "use_case", Column: "billed_cost"}},
		{"Models", "The same money by provider and model.", (*month).models, all, nil},
		{"Unit metrics", "What a ticket, a user, a pull request cost: money by what it brought about.", (*month).outcomes, nil, nil},
		{"Gates", "What every gate of the policy says, and what somebody must decide.", (*month).gatesTable, nil, nil},
		{"Decisions", "What is open, what was decided by whom, and whether that still holds.", (*month).decisions, nil, nil},
		{sheetBooks, "What each provider invoiced, billed and metered, and what this workbook shows.", (*month).reconcile, &workbook.Tie{Column: "ledger", Estimated: true}, nil},
		{sheetCoverage, "How the billed money is known to be of its use case, and the largest gaps.", (*month).coverage, billed, nil},
		{"Trend", "The months side by side, and where they lead.", (*month).trend, &workbook.Tie{Column: "{month}", Estimated: true}, nil},
		{"Reliance", "How much of the spend somebody would miss.", (*month).reliance, all, nil},
	}
}

// exportWorkbook writes what finance opens.
func exportWorkbook(ctx context.Context, s *session, o exportOptions, folder, name string) ([]string, error) {
	if err := o.unlocalised(inExcel); err != nil {
		return nil, err
	}
	m, err := s.monthOf(ctx)
	if err != nil {
		return nil, err
	}
	book, err := m.workbook(ctx)
	if err != nil {
		return nil, err
	}
	return toFile(folder, name, func(f *os.File) error { return book.Write(f) })
}

// workbook is the sheets with their reports, then the slices, and what is needed to check them.
func (m *month) workbook(ctx context.Context) (workbook.Workbook, error) {
	book := workbook.Workbook{
		Title: fmt.Sprintf("AI spend, %s", m.period), Created: m.asOf, Version: version(), Currency: m.Currency,
		Ledger: workbook.Ledger{Billed: m.ledger.Billed, Estimated: m.ledger.Estimated},
		From: map[string]workbook.Cell{
			"billed_cost": {Sheet: sheetUseCases, Column: "billed_cost"}, "prior_cost": {Sheet: sheetUseCases, Column: "prior_cost"},
			"estimated_cost": {Sheet: sheetUseCases, Column: "estimated_cost"}, "year_to_date": {Sheet: sheetBudget, Column: "year_to_date"},
			"unattributed_cost": {Sheet: sheetUseCases, Column: "billed_cost", Row: report.Unattributed},
			"coverage_percent":  {Sheet: sheetCoverage, Table: "coverage_months", Column: "coverage_percent", Row: m.period.String()},
			"target_percent":    {Sheet: sheetCoverage, Table: "coverage_months", Column: "target_percent", Row: m.period.String()},
		},
	}
	if m.period.To.After(m.asOf) {
		book.Title += " to date"
	}
	made := map[string]table.Table{}
	var tables []report.Named
	for _, sh := range sheets() {
		t, err := sh.make(m, ctx)
		if err != nil {
			return book, fmt.Errorf("%s: %w", sh.name, err)
		}
		report.Explain(&t)
		made[sh.name] = t
		tables = append(tables, report.Named{Name: sh.name, Table: t})
		var tie *workbook.Tie
		if sh.tie != nil {
			tie = &workbook.Tie{Column: strings.ReplaceAll(sh.tie.Column, "{month}", m.period.String()), Estimated: sh.tie.Estimated}
		}
		book.Sheets = append(book.Sheets, workbook.Sheet{Name: sh.name, About: sh.about, Table: t, Tie: tie, Check: sh.check})
	}
	book.Summary = m.summary(made)
	if m.begins() {
		delete(book.From, "prior_cost")
	}
	if m.hasTotalBudget() {
		book.From["budget"] = workbook.Cell{Sheet: sheetBudget, Column: "budget"}
	}
	report.Explain(&book.Summary)
	detail, err := report.Detailed(ctx, m.db, m.request(""))
	if err != nil {
		return book, err
	}
	provenance, err := m.provenance(ctx)
	if err != nil {
		return book, err
	}
	glossary, err := report.Definitions()
	if err != nil {
		return book, err
	}
	tables = append(tables, report.Named{Name: "Summary", Table: book.Summary}, report.Named{Name: sheetDetail, Table: detail.Table}, report.Named{Name: "Provenance", Table: provenance})
	book.Sheets = append(book.Sheets,
		workbook.Sheet{Name: sheetDetail, About: "Every slice of the month's charges: a pivot table of it is every other sheet.", Table: detail.Table,
			Tie: &workbook.Tie{Column: "billed_cost", Estimated: true}, Rows: &workbook.Stream{Count: detail.Count, Rows: detail.Rows}},
		workbook.Sheet{Name: "Provenance", About: "The files behind the figures, with their hashes, and the versions of rules, prices and program.", Table: provenance},
		workbook.Sheet{Name: "Definitions", About: "What each column means.", Table: glossary.Table(tables)})
	return book, nil
}

// hasTotalBudget says whether the column of budgets adds up to the budget of everything.
func (m *month) hasTotalBudget() bool {
	return slices.ContainsFunc(m.Budgets, func(b gate.Budget) bool { return b.Subject == "total" && b.Month.Equal(m.period.From) })
}
