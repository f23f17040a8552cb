package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// BudgetPeriod is the month with its year: what must be analysed for a budget line.
func BudgetPeriod(p Period) Period {
	whole := p
	if first := yearOf(p); first.Before(whole.PriorFrom) {
		whole.PriorFrom = first
	}
	return whole
}

// yearOf is the first day of the year in which the period ends.
func yearOf(p Period) time.Time {
	return time.Date(p.To.AddDate(0, 0, -1).Year(), 1, 1, 0, 0, 0, 0, time.UTC)
}

// Budget answers what finance books and plans: each cost centre's dollars, its budget, and the year so far; below, the use cases. The rules
// must be prepared, and the relation budgets(month, subject, amount) be there. What has no budget is in no figure of budgets.
func Budget(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	if err := r.Period.WholeMonth(); err != nil {
		return t, err
	}
	total, err := totalBudget(ctx, db, r.Period)
	if err != nil {
		return t, err
	}
	if err := r.Period.soFar(ctx, db, r.AsOf); err != nil {
		return t, err
	}
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return t, err
	}
	year := Period{From: yearOf(r.Period), To: r.Period.To}
	if _, err := db.ExecContext(ctx, "CREATE OR REPLACE TEMP MACRO in_year(t) AS "+year.Condition("t")); err != nil {
		return t, err
	}
	if t, err = budgetLines(ctx, db, r, total, "cost-center"); err != nil {
		return t, err
	}
	covered, err := tie(ctx, db, &t, "true")
	if err != nil {
		return t, err
	}
	useCases, err := budgetLines(ctx, db, r, total, "cost-center", "use-case", "team", "owner")
	if err != nil {
		return t, err
	}
	if one, all := amount(&useCases, useCases.Totals, "billed_cost"), amount(&t, t.Totals, "billed_cost"); !one.Equal(all) {
		return t, fmt.Errorf("%w: cost centres %s, their use cases %s", ErrUntied, all, one)
	}
	useCases.Report, useCases.Title = "use_cases", "Budget line by use case"
	t.Details = []table.Table{useCases}
	t.Facts = append(facts(r, covered), table.Fact{Name: "total_budget", Value: total})
	if t.Notes, err = notes(ctx, db, r); err != nil {
		return t, err
	}
	own, err := budgetNotes(ctx, db, r, &t, total)
	t.Notes = append(own, t.Notes...)
	return t, err
}

// totalBudget is the budget of everything, nil where there is none.
func totalBudget(ctx context.Context, db *sql.DB, p Period) (any, error) {
	var amount sql.NullString
	err := db.QueryRowContext(ctx, "SELECT sum(amount)::VARCHAR FROM budgets WHERE subject = 'total' AND "+p.Condition("month")).Scan(&amount)
	if err != nil || !amount.Valid {
		return nil, err
	}
	return decimal.NewFromString(amount.String)
}

// budgetLines is a line for each of some dimensions, of which the first is the cost centre. What the budget of the total has beyond those of the
// use cases is a line of its own, so that the column adds up to it.
func budgetLines(ctx context.Context, db *sql.DB, r Request, all any, by ...string) (table.Table, error) {
	head, query, err := load("budget")
	if err != nil {
		return table.Table{}, err
	}
	var named, names, planned []string
	for _, dim := range by {
		e, err := expression(dim)
		if err != nil {
			return table.Table{}, err
		}
		name := ident(columnName(dim))
		named, names = append(named, e+" AS "+name), append(names, name)
		planned = append(planned, "coalesce(u."+name+", '(none)')")
	}
	t, err := read(ctx, db, strings.NewReplacer("{by}", strings.Join(named, ",\n        "), "{columns}", strings.Join(names, ", "), "{planned}", strings.Join(planned, ", ")).Replace(query))
	if err != nil {
		return t, err
	}
	t.Report, t.Title = "budget", fmt.Sprintf("%s, %s (%s)", head.Title, r.Period, r.Currency)
	for i, c := range t.Columns {
		t.Columns[i].Blank = slices.Contains([]string{"budget", "budgeted_cost", "budget_left", "used_percent"}, c.Name)
		t.Columns[i].Wide = c.Name == "team" || c.Name == "owner"
		if c.Name == "budgeted_cost" {
			t.Columns[i].Heading = "Of it budgeted"
		}
	}
	columns := []string{"billed_cost", "prior_cost", "change", "budget", "budgeted_cost", "budget_left", "year_to_date"}
	total(&t, columns)
	if whole, ok := all.(decimal.Decimal); ok {
		rest, uncounted := whole.Sub(amount(&t, t.Totals, "budget")), amount(&t, t.Totals, "billed_cost").Sub(amount(&t, t.Totals, "budgeted_cost"))
		if !rest.IsZero() || !uncounted.IsZero() {
			t.Rows = append(t.Rows, restOfBudget(&t, len(by), rest, uncounted))
		}
	}
	sums(&t, columns)
	for _, row := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Totals) {
		ratios(&t, row)
		row[column(&t, "used_percent")] = percent(amount(&t, row, "budgeted_cost"), amount(&t, row, "budget"))
	}
	return t, nil
}

// restOfBudget is the row of those that have no budget of their own: all of the spend that no other budget counts, against what the budget of the
// total leaves for it. The dollars themselves are billed in the rows above.
func restOfBudget(t *table.Table, dims int, rest, uncounted decimal.Decimal) []any {
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if c.Kind == table.Money {
			row[i] = decimal.Zero
		}
		if i < dims {
			row[i] = "(none)"
		}
	}
	row[0] = Rest
	row[column(t, "budget")], row[column(t, "budgeted_cost")], row[column(t, "budget_left")] = rest, uncounted, rest.Sub(uncounted)
	return row
}

// Rest is the line of what has no budget of its own, where there is one for everything.
const Rest = "(no budget of its own)"

// budgetNotes says what the budgets do not, and where the year begins.
func budgetNotes(ctx context.Context, db *sql.DB, r Request, t *table.Table, all any) ([]string, error) {
	var notes []string
	allotted := amount(t, t.Totals, "budget")
	whole, limited := all.(decimal.Decimal)
	switch {
	case !limited && allotted.IsZero() && !amount(t, t.Totals, "billed_cost").IsPositive():
		notes = append(notes, fmt.Sprintf("aifinops.yaml has no budget for %s", r.Period))
	case !limited && allotted.IsZero():
		notes = append(notes, fmt.Sprintf("aifinops.yaml has no budget for %s; for example: budgets: {%[1]s: {total: %s}}", r.Period, amount(t, t.Totals, "billed_cost").Shift(-3).Ceil().Shift(3)))
	case !limited:
		notes = append(notes, "the budgets are those of use cases; there is none for the total")
	case len(t.Rows) > 0 && t.Rows[len(t.Rows)-1][0] == Rest && amount(t, t.Rows[len(t.Rows)-1], "budget").IsNegative():
		notes = append(notes, fmt.Sprintf("the budgets of use cases are together more than the total of %s", whole.StringFixed(2)))
	}
	if c := column(t, "budgeted_cost"); slices.ContainsFunc(t.Rows, func(row []any) bool {
		of, ok := row[c].(decimal.Decimal)
		return ok && row[0] != Rest && !of.Equal(amount(t, row, "billed_cost"))
	}) {
		note := "a cost centre's budget is that of its use cases: only what those spent (of it budgeted) counts against it"
		if limited {
			note += ", all other spend against " + Rest
		}
		notes = append(notes, note)
	}
	first, err := firstMonth(ctx, db)
	if year := yearOf(r.Period); err == nil && first.After(year) {
		notes = append(notes, fmt.Sprintf("the year to date begins in %s, the first month in the ledger", first.Format("2006-01")))
	}
	return notes, err
}
