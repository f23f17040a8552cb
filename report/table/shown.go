package table

import (
	"slices"

	"github.com/shopspring/decimal"
)

const nothing = "nothing to show"

const roundingNote = "figures are rounded to cents one by one; the total is exact"

// Shown is the table without the columns that only -o wide shows.
func (t Table) Shown(wide bool) Table {
	return t.without(func(c Column) bool { return c.Wide && !wide })
}

// without is the table without some of its columns.
func (t Table) without(dropped func(Column) bool) Table {
	if !slices.ContainsFunc(t.Columns, dropped) {
		return t
	}
	keep := func(cells []any) []any {
		var kept []any
		for i, c := range t.Columns {
			if !dropped(c) {
				kept = append(kept, cells[i])
			}
		}
		return kept
	}
	narrow := t
	narrow.Columns = slices.DeleteFunc(slices.Clone(t.Columns), dropped)
	narrow.Rows = make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		narrow.Rows[i] = keep(row)
	}
	if t.Totals != nil {
		narrow.Totals = keep(t.Totals)
	}
	return narrow
}

// Empty says whether there is nothing to show.
func (t Table) Empty() bool { return len(t.Rows) == 0 || len(t.Columns) == 0 }

// Remarks is the notes, and for people one more where rounding shows.
func (t Table) Remarks() []string {
	if t.Empty() || !t.looksOff() {
		return t.Notes
	}
	return append(slices.Clone(t.Notes), roundingNote)
}

// looksOff reports whether rounding alone makes a column of money add up to
// something else than the total below it. Rows that do not add up before rounding
// either, because some were left out, are for the report to explain.
func (t Table) looksOff() bool {
	halfCent := decimal.New(5, -3)
	for j := range t.Totals {
		total, ok := t.Totals[j].(decimal.Decimal)
		if !ok || t.Columns[j].Kind != Money {
			continue
		}
		var exact, rounded decimal.Decimal
		for _, row := range t.Rows {
			if cell, ok := row[j].(decimal.Decimal); ok {
				exact, rounded = exact.Add(cell), rounded.Add(cell.Round(2))
			}
		}
		if !rounded.Equal(total.Round(2)) && exact.Sub(total).Abs().LessThan(halfCent) {
			return true
		}
	}
	return false
}

// Undrawn is the table as machines read it: a chart says nothing that they don't know.
func (t Table) Undrawn() Table {
	return t.without(func(c Column) bool { return c.Kind == Chart })
}
