package allocate

import (
	"context"
	"database/sql"
	_ "embed" // the query of moves
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

//go:embed plan.sql
var planSQL string

// A Plan is what changed rules would do to the dollars that there are.
type Plan struct {
	Moves    []Move  // the largest of each month first
	UseCases []Shift // the largest before first
}

// A Move is dollars of a month that go from one use case to another. Of credits they are less than nothing.
type Move struct {
	Month     string // 2026-10
	From, To  string // use cases, or empty
	Dollars   decimal.Decimal
	Estimated decimal.Decimal // of these, without a bill
	Rules     string          // that have them afterwards
}

// A Shift is the dollars of one use case under both policies.
type Shift struct {
	UseCase       string
	Before, After decimal.Decimal
}

// Compare says which dollars the condition over costs names move between use cases when the second policy takes the
// place of the first. The slices must have been made: evidence is the same for both. The ledger is judged by the
// second policy afterwards.
func Compare(ctx context.Context, db *sql.DB, before, after Policy, condition string) (Plan, error) {
	for _, side := range []struct {
		table  string
		policy Policy
	}{{"plan_before", before}, {"plan_after", after}} {
		if err := side.policy.Declare(ctx, db); err != nil {
			return Plan{}, err
		}
		if err := side.policy.Judge(ctx, db); err != nil {
			return Plan{}, err
		}
		keep := fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE %s AS
			SELECT hash(x_File, x_Record, x_Slice, ChargePeriodStart) AS part, strftime(ChargePeriodStart, '%%Y-%%m') AS month, x_Basis = 'estimated' AS estimated,
				coalesce(use_case, '') AS use_case, coalesce(rule_id, '') AS rule_id, sum(BilledCost) AS cost
			FROM allocated WHERE %s GROUP BY ALL`, side.table, condition)
		if err := run(ctx, db, []step{{side.table, keep}}); err != nil {
			return Plan{}, err
		}
	}
	if err := run(ctx, db, []step{{"moves", planSQL}}); err != nil {
		return Plan{}, err
	}
	moves, err := readMoves(ctx, db)
	if err != nil {
		return Plan{}, err
	}
	shifts, err := readShifts(ctx, db)
	return Plan{moves, shifts}, err
}

func readMoves(ctx context.Context, db *sql.DB) ([]Move, error) {
	rows, err := db.QueryContext(ctx, `SELECT month, from_use_case, to_use_case, sum(cost)::VARCHAR, coalesce(sum(cost) FILTER (WHERE estimated), 0)::VARCHAR,
			string_agg(DISTINCT CASE rule_id WHEN '' THEN '(no rule)' ELSE rule_id END, ', ' ORDER BY CASE rule_id WHEN '' THEN '(no rule)' ELSE rule_id END)
		FROM plan_moves GROUP BY ALL ORDER BY month, abs(sum(cost)) DESC, from_use_case, to_use_case`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Move
	for rows.Next() {
		var m Move
		if err := rows.Scan(&m.Month, &m.From, &m.To, &m.Dollars, &m.Estimated, &m.Rules); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// readShifts also holds the two sides against each other: rules give dollars to others, they make none.
func readShifts(ctx context.Context, db *sql.DB) ([]Shift, error) {
	rows, err := db.QueryContext(ctx, `WITH b AS (SELECT use_case, sum(cost) AS cost FROM plan_before GROUP BY use_case), a AS (SELECT use_case, sum(cost) AS cost FROM plan_after GROUP BY use_case)
		SELECT use_case, coalesce(b.cost, 0)::VARCHAR, coalesce(a.cost, 0)::VARCHAR FROM b FULL JOIN a USING (use_case)
		WHERE coalesce(b.cost, 0) <> 0 OR coalesce(a.cost, 0) <> 0 ORDER BY coalesce(b.cost, 0) DESC, a.cost DESC, use_case`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Shift
	var names []string
	sum := decimal.Zero
	for rows.Next() {
		var s Shift
		if err := rows.Scan(&s.UseCase, &s.Before, &s.After); err != nil {
			return nil, err
		}
		sum = sum.Add(s.After).Sub(s.Before)
		all, names = append(all, s), append(names, s.UseCase)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if !sum.IsZero() {
		return nil, fmt.Errorf("the two sides of the plan differ by %s, of %s: a defect of the program", sum, strings.Join(names, ", "))
	}
	return all, nil
}
