package gate

import (
	"context"
	"database/sql"
	_ "embed" // the facts
	"fmt"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/shopspring/decimal"
)

//go:embed facts.sql
var factsSQL string

// Options is which months are judged, and from when one looks at them.
type Options struct {
	From, To time.Time                  // months, To exclusive
	AsOf     time.Time                  // the day that counts as today
	Dearest  map[string]decimal.Decimal // token class: the highest price of one, in USD; evidence without a price costs no more
}

// Install makes the facts of these months, one view for each thing that a gate can be for. The rules must be prepared, and
// the relations of report.Books and of the metrics be there. It writes nothing into the ledger.
func (p Policy) Install(ctx context.Context, db *sql.DB, o Options) error {
	var months, approved, dearest []string
	for m := month(o.From); m.Before(o.To); m = m.AddDate(0, 1, 0) {
		end := m.AddDate(0, 1, 0)
		months = append(months, fmt.Sprintf("(%s, %s, %t)", timestamp(m), timestamp(end), end.After(o.AsOf)))
	}
	for _, glob := range p.Approved {
		approved = append(approved, "("+quote(glob)+")")
	}
	if p.Approved != nil && len(p.Approved) == 0 { // a list without models approves none
		approved = []string{"('')"}
	}
	for class, price := range o.Dearest {
		dearest = append(dearest, fmt.Sprintf("(%s, %s)", quote(class), price))
	}
	if err := p.Budgets.Install(ctx, db); err != nil {
		return err
	}
	for _, s := range []relation{
		{"gate_months", "month TIMESTAMP, month_end TIMESTAMP, to_date BOOLEAN", months},
		{"gate_approved", "pattern VARCHAR", approved},
		{"gate_dearest", "x_TokenClass VARCHAR, price DECIMAL(24,15)", dearest},
	} {
		if err := s.make(ctx, db); err != nil {
			return err
		}
	}
	if _, err := db.ExecContext(ctx, factsSQL); err != nil {
		return fmt.Errorf("facts of gates: %w", err)
	}
	return nil
}

// A relation is rows of the policy, as SQL reads them.
type relation struct {
	table, columns string
	rows           []string
}

func (r relation) make(ctx context.Context, db *sql.DB) error {
	query := "CREATE OR REPLACE TEMP TABLE " + r.table + " (" + r.columns + ")"
	if len(r.rows) > 0 {
		query += "; INSERT INTO " + r.table + " VALUES " + strings.Join(r.rows, ", ")
	}
	if _, err := db.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%s: %w", r.table, err)
	}
	return nil
}

// view is the facts of what a gate is for.
func view(of string) string { return "gate_" + strings.ReplaceAll(of, "-", "_") + "_facts" }

// matches is the SQL of where and unless: facts ANDed, values ORed; globs. NULL is no match.
func matches(where map[string]allocate.List) string {
	all := []string{"true"}
	for fact, values := range where {
		var any []string
		for _, v := range values {
			any = append(any, fmt.Sprintf("%s OR %s = %s", allocate.Glob(ident(fact), v), ident(fact), quote(v)))
		}
		all = append(all, "coalesce("+strings.Join(any, " OR ")+", false)")
	}
	return strings.Join(all, " AND ")
}

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident writes a name as an SQL identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func timestamp(t time.Time) string { return "TIMESTAMP " + quote(t.UTC().Format(time.DateTime)) }
