package allocate

import (
	"context"
	"database/sql"
	_ "embed" // the relations that reports read
	"fmt"
	"strings"
	"time"
)

//go:embed relations.sql
var relationsSQL string

//go:embed allocated.sql
var allocatedSQL string

// Declare makes the relations of the policy alone: use cases, rules, and what a
// foreign currency is worth. It says what is wrong with the policy.
func (p Policy) Declare(ctx context.Context, db *sql.DB) error {
	if err := p.Check(); err != nil {
		return err
	}
	if err := p.checkConditions(ctx, db); err != nil {
		return err
	}
	return run(ctx, db, []step{
		{"use cases", p.useCasesTable()},
		{"currency", "SET VARIABLE reporting_currency = " + quote(p.Currency)},
		{"exchange rates", p.ratesTable()},
		{"rules", p.rulesTable()},
	})
}

// Judge has the rules take every slice that attribution made, and makes the
// relations that reports read. It writes nothing into the ledger.
func (p Policy) Judge(ctx context.Context, db *sql.DB) error {
	if err := run(ctx, db, []step{{"rules", p.judgedTable()}, {"relations", relationsSQL}}); err != nil {
		return err
	}
	if err := p.weighSplits(ctx, db); err != nil {
		return err
	}
	return run(ctx, db, []step{{"allocation", allocatedSQL}})
}

// Mentions is the SQL over dimensions by which the rules tell slices apart.
func (p Policy) Mentions() []string {
	var all []string
	for _, r := range p.Rules {
		all = append(all, r.predicate())
		if r.Split == nil {
			all = append(all, targetExpression(r.UseCase))
		}
	}
	return all
}

// A step is a statement, and what it is about.
type step struct{ what, query string }

func run(ctx context.Context, db *sql.DB, steps []step) error {
	for _, s := range steps {
		if _, err := db.ExecContext(ctx, s.query); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return nil
}

// values writes rows as a relation, or an empty one of the same columns.
func values(table, columns string, rows []string) string {
	if len(rows) == 0 {
		n := strings.Count(columns, ",") + 1
		rows = []string{"(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"}
		return fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM (VALUES %s) t(%s) WHERE false", table, rows[0], columns)
	}
	return fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM (VALUES %s) t(%s)", table, strings.Join(rows, ", "), columns)
}

func (p Policy) useCasesTable() string {
	var rows []string
	for _, u := range p.UseCases {
		rows = append(rows, fmt.Sprintf("(%s, %s, %s, %s, %s, %s, %s)", quote(u.ID), text(u.Kind), text(u.Reliance), text(u.Team), text(u.Product), text(u.CostCenter), text(u.Owner)))
	}
	return values("use_cases", "use_case, kind, reliance, team, product, cost_center, owner", rows) +
		";\nALTER TABLE use_cases ALTER use_case TYPE VARCHAR; ALTER TABLE use_cases ALTER kind TYPE VARCHAR; ALTER TABLE use_cases ALTER reliance TYPE VARCHAR;" +
		"ALTER TABLE use_cases ALTER team TYPE VARCHAR; ALTER TABLE use_cases ALTER product TYPE VARCHAR; ALTER TABLE use_cases ALTER cost_center TYPE VARCHAR; ALTER TABLE use_cases ALTER owner TYPE VARCHAR"
}

// text is a literal, or NULL for an empty text.
func text(s string) string {
	if s == "" {
		return "NULL"
	}
	return quote(s)
}

func timestamp(t time.Time) string {
	return "TIMESTAMP " + quote(t.UTC().Format("2006-01-02 15:04:05"))
}

func (p Policy) rulesTable() string {
	rules := []string{"(0::INTEGER, NULL::VARCHAR, NULL::VARCHAR)"}
	for i, r := range p.Rules {
		split := "NULL"
		if r.Split != nil {
			split = quote(r.Split.By)
		}
		rules = append(rules, fmt.Sprintf("(%d, %s, %s)", i+1, quote(r.ID), split))
	}
	return "CREATE OR REPLACE TEMP TABLE rules AS SELECT * FROM (VALUES " + strings.Join(rules, ", ") + ") t(rule, rule_id, split_by) WHERE rule > 0"
}

// judgedTable finds the first rule that takes each combination, in each of the
// spans between the dates that rules mention: most often there is one span.
func (p Policy) judgedTable() string {
	dates := []string{"(TIMESTAMP '0001-01-01')"}
	var takes, targets []string
	for i, r := range p.Rules {
		when := r.predicate()
		if !r.From.IsZero() {
			dates = append(dates, "("+timestamp(r.From.Time)+")")
			when += " AND valid_from >= " + timestamp(r.From.Time)
		}
		if !r.To.IsZero() {
			dates = append(dates, "("+timestamp(r.To.Time)+")")
			when += " AND valid_from < " + timestamp(r.To.Time)
		}
		takes = append(takes, fmt.Sprintf("WHEN %s THEN %d", when, i+1))
		if r.Split == nil {
			targets = append(targets, fmt.Sprintf("WHEN %d THEN %s", i+1, targetExpression(r.UseCase)))
		}
	}
	rule, target := "0", "NULL::VARCHAR"
	if len(takes) > 0 {
		rule = "CASE " + strings.Join(takes, "\n") + " ELSE 0 END"
	}
	if len(targets) > 0 {
		target = "CASE rule " + strings.Join(targets, "\n") + " END"
	}
	return fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE judged AS
		WITH spans AS (
			SELECT valid_from, lead(valid_from, 1, TIMESTAMP '9999-01-01') OVER (ORDER BY valid_from) AS valid_to FROM (SELECT DISTINCT * FROM (VALUES %s) t(valid_from))
		), taken AS (
			SELECT *, %s AS rule FROM slice_dimensions CROSS JOIN spans
		)
		SELECT * EXCLUDE (rule), nullif(rule, 0) AS rule, %s AS target FROM taken`, strings.Join(dates, ", "), rule, target)
}

// weighSplits fills the table shares: for each splitting rule and month, from
// which part of the whole to which each use case has its share. Where there is nothing to
// weigh by, there are no shares, and the money stays unattributed.
func (p Policy) weighSplits(ctx context.Context, db *sql.DB) error {
	// In proportion to dollars comes last: it weighs what the other rules have given.
	for _, byCost := range []bool{false, true} {
		for i, r := range p.Rules {
			if r.Split == nil || (r.Split.By == "cost") != byCost {
				continue
			}
			if _, err := db.ExecContext(ctx, r.Split.shares(i+1)); err != nil {
				return &RuleError{r.Place, r.ID, err.Error()}
			}
		}
		if !byCost && p.splitsByCost() {
			if _, err := db.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE direct AS SELECT date_trunc('month', ChargePeriodStart) AS month, use_case, sum(BilledCost) AS weight FROM divided WHERE use_case IS NOT NULL GROUP BY ALL"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p Policy) splitsByCost() bool {
	for _, r := range p.Rules {
		if r.Split != nil && r.Split.By == "cost" {
			return true
		}
	}
	return false
}

// shares writes the shares of one rule. Each is a span of the whole, [lo, hi), and the spans
// touch: cost*hi - cost*lo, each product rounded, adds up to the cost exactly.
func (s Split) shares(rule int) string {
	var among []string
	for i, id := range s.among() {
		share := "1"
		if s.By == "fixed" {
			share = s.Shares[id].String()
		}
		among = append(among, fmt.Sprintf("(%d, %s, %s::DECIMAL(38,12))", i, quote(id), share))
	}
	weight := "fixed"
	from := "months CROSS JOIN among"
	switch s.By {
	case "cost":
		weight = "coalesce(greatest(weight, 0), 0)"
		from += " LEFT JOIN direct USING (month, use_case)"
	case "outcome":
		weight = "coalesce(greatest(weight, 0), 0)"
		from += fmt.Sprintf(` LEFT JOIN (SELECT date_trunc('month', ChargePeriodStart) AS month, x_UseCase AS use_case, sum(x_Value) AS weight
			FROM outcome_facts WHERE x_Outcome = %s GROUP BY ALL) USING (month, use_case)`, quote(s.Driver))
	}
	return fmt.Sprintf(`INSERT INTO shares
		WITH among(place, use_case, fixed) AS (VALUES %s),
		weighed AS (SELECT month, place, use_case, %s AS weight FROM %s),
		summed AS (SELECT *, sum(weight) OVER (PARTITION BY month ORDER BY place) AS upto, sum(weight) OVER (PARTITION BY month) AS whole FROM weighed)
		SELECT %d, month, use_case, ((upto - weight) / whole)::DECIMAL(18,15), (upto / whole)::DECIMAL(18,15) FROM summed WHERE whole > 0 AND weight > 0`,
		strings.Join(among, ", "), weight, from, rule)
}
