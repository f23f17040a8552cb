package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/report/table"
)

// missing says which months lack bills, each with what is known of that, and remembers the months.
func (tr *trend) missing(ctx context.Context, db *sql.DB) ([]string, error) {
	if err := setPeriod(ctx, db, Period{From: tr.Period.PriorFrom, To: tr.Period.To}); err != nil {
		return nil, err
	}
	if err := findMissingBills(ctx, db, tr.Request); err != nil {
		return nil, err
	}
	_, query, err := load("trend-lacking")
	if err != nil {
		return nil, err
	}
	t, err := read(ctx, db, strings.ReplaceAll(query, "{where}", tr.where))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, row := range t.Rows {
		m, note := month(row[0]), fmt.Sprint(row[1])
		tr.lacks[m] = true
		if m.Before(tr.Period.From) || tr.empty[m] {
			continue // of what is not shown only growth speaks; and an empty month lacks more than this
		}
		if tr.over(m) {
			note += ", and the month in no projection"
		}
		all = append(all, note)
	}
	return all, nil
}

// notes is what a reader must know of the months.
func (tr *trend) notes(ctx context.Context, db *sql.DB, lacking []string, noRows bool) ([]string, error) {
	all, err := notes(ctx, db, tr.Request, "no bill", "prior", "no match", "scaled", "no claim", "over-claims", "missing bills")
	if err != nil {
		return nil, err
	}
	if noRows {
		unseen, err := unseenCalls(ctx, db, &table.Table{}, "true")
		return append(all, unseen...), err
	}
	var open, empty []string
	for _, m := range tr.months {
		switch name := m.Format("2006-01"); {
		case !tr.over(m):
			open = append(open, name)
		case tr.empty[m]:
			empty = append(empty, name)
		}
	}
	if len(open) > 0 {
		all = append(all, "not over, and in no projection: "+strings.Join(open, ", "))
	}
	if len(empty) > 0 {
		all = append(all, "nothing in the ledger, and in no projection: "+strings.Join(empty, ", "))
	}
	if i := tr.last; i > 0 && i+1 < len(tr.months) {
		all = append(all, fmt.Sprintf("change is that of %s, the last whole month, against %s", tr.months[i].Format("2006-01"), tr.months[i-1].Format("2006-01")))
	}
	return append(all, lacking...), nil
}

// estimated says what nobody has billed, by provider and month.
func (tr *trend) estimated(ctx context.Context, db *sql.DB) ([]string, error) {
	_, query, err := load("trend-estimated")
	if err != nil {
		return nil, err
	}
	t, err := read(ctx, db, strings.ReplaceAll(query, "{where}", tr.where))
	var all []string
	for _, row := range t.Rows {
		all = append(all, fmt.Sprint(row[0]))
	}
	return all, err
}
