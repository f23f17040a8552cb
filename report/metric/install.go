package metric

import (
	"context"
	"database/sql"
	_ "embed" // how unit costs come about
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
)

//go:embed outcomes.sql
var outcomesSQL string

//go:embed unit_costs.sql
var unitCostsSQL string

// unattributed is the use case of money that has none: only a metric of all the money counts it.
const unattributed = "(unattributed)"

// Options is which months are asked for, and on which day.
type Options struct {
	AsOf     time.Time
	From, To time.Time // months; To is exclusive
	Drivers  []string  // outcomes by which rules split: they must not be counted twice either
}

// Install makes unit_costs, and metrics and metric_use_cases, which say what the configuration asks for. It reads costs, activity and
// unpriced, outcome_facts and what files speak for, and missing_bills. What is counted twice and not alike is an error.
func (s Set) Install(ctx context.Context, db *sql.DB, o Options) error {
	hints, err := s.hints(ctx, db)
	if err != nil {
		return err
	}
	for _, q := range []struct{ what, query string }{
		{"metrics", s.declarations(o, hints)},
		{"outcomes", outcomesSQL},
	} {
		if _, err := db.ExecContext(ctx, q.query); err != nil {
			return fmt.Errorf("%s: %w", q.what, err)
		}
	}
	if err := s.conflicts(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, unitCostsSQL); err != nil {
		return fmt.Errorf("unit costs: %w", err)
	}
	return nil
}

// declarations is the configuration as relations.
func (s Set) declarations(o Options, hints map[string]string) string {
	var metrics, useCases, categories, names []string
	named := map[string]bool{}
	name := func(outcome Outcome) {
		for _, n := range append([]string{outcome.ID}, outcome.Names...) {
			if n = strings.ToLower(n); !named[n] {
				named[n] = true
				names = append(names, row(n, outcome.ID))
			}
		}
	}
	for _, m := range s.Metrics {
		outcome, _ := s.outcome(m.Outcome)
		name(outcome)
		var baseline, hint any
		if !m.Baseline.IsZero() {
			baseline = m.Baseline.Format(time.DateTime)
		}
		if h := hints[m.ID]; h != "" {
			hint = h
		}
		window := m.Window
		if window == "" {
			window = "sum"
		}
		metrics = append(metrics, row(m.ID, outcome.ID, outcome.Unit, window, baseline, len(m.Categories) == 0, hint))
		for _, u := range s.selected(m) {
			useCases = append(useCases, row(m.ID, u, !m.UseCases.All))
		}
		if m.UseCases.All {
			useCases = append(useCases, row(m.ID, unattributed, false))
		}
		for _, c := range m.Categories {
			categories = append(categories, row(m.ID, strings.ToLower(c)))
		}
	}
	for _, d := range o.Drivers {
		outcome, _ := s.outcome(d)
		name(outcome)
	}
	return strings.Join([]string{
		fmt.Sprintf("SET VARIABLE metric_from = TIMESTAMP %s", literal(o.From.Format(time.DateTime))),
		fmt.Sprintf("SET VARIABLE metric_to = TIMESTAMP %s", literal(o.To.Format(time.DateTime))),
		fmt.Sprintf("SET VARIABLE metric_today = DATE %s", literal(o.AsOf.UTC().Format(time.DateOnly))),
		relation(`metrics(metric VARCHAR, outcome VARCHAR, unit VARCHAR, "window" VARCHAR, baseline TIMESTAMP, every_category BOOLEAN, hint VARCHAR)`, metrics),
		relation("metric_use_cases(metric VARCHAR, use_case VARCHAR, attached BOOLEAN)", useCases),
		relation("metric_categories(metric VARCHAR, category VARCHAR)", categories),
		relation("outcome_names(name VARCHAR, outcome VARCHAR)", names),
	}, ";\n")
}

// hints is, of each metric whose outcome the ledger does not have, what to look for instead.
func (s Set) hints(ctx context.Context, db *sql.DB) (map[string]string, error) {
	var all []string
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT x_Outcome FROM outcome_facts ORDER BY ALL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	hints := map[string]string{}
	for _, m := range s.Metrics {
		outcome, _ := s.outcome(m.Outcome)
		if !has(all, append([]string{outcome.ID}, outcome.Names...)) {
			hints[m.ID] = fmt.Sprintf("the ledger has no outcome %q%s", outcome.ID, allocate.Nearest(outcome.ID, all))
		}
	}
	return hints, rows.Err()
}

// has says whether one of some names is among all, whatever the case.
func has(all, names []string) bool {
	for _, a := range all {
		for _, n := range names {
			if strings.EqualFold(a, n) {
				return true
			}
		}
	}
	return false
}

// conflicts says which two records count the same and do not agree: no metric may choose between them.
func (s Set) conflicts(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT outcome, message FROM outcome_conflicts ORDER BY ALL")
	if err != nil {
		return err
	}
	defer rows.Close()
	var errs []error
	for rows.Next() {
		var outcome, message string
		if err := rows.Scan(&outcome, &message); err != nil {
			return err
		}
		e := &Error{Msg: message}
		for _, m := range s.Metrics {
			if of, _ := s.outcome(m.Outcome); of.ID == outcome {
				e.Place, e.Metric = m.Place, m.ID
				break
			}
		}
		errs = append(errs, e)
	}
	return errors.Join(append(errs, rows.Err())...)
}

// relation creates a temporary table with rows.
func relation(signature string, rows []string) string {
	query := "CREATE OR REPLACE TEMP TABLE " + signature
	if len(rows) > 0 {
		name, _, _ := strings.Cut(signature, "(")
		query += ";\nINSERT INTO " + name + " VALUES " + strings.Join(rows, ", ")
	}
	return query
}

// row writes values as a row of SQL; nil and an empty text are NULL.
func row(values ...any) string {
	var cells []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			cells = append(cells, literal(v))
		case bool:
			cells = append(cells, fmt.Sprint(v))
		default:
			cells = append(cells, "NULL")
		}
	}
	return "(" + strings.Join(cells, ", ") + ")"
}

func literal(s string) string {
	if s == "" {
		return "NULL"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// Costs is the condition over costs that takes the dollars of a metric: those of its numerator.
func (s Set) Costs(id string) string {
	for _, m := range s.Metrics {
		if m.ID != id {
			continue
		}
		var useCases, categories []string
		for _, u := range append(s.selected(m), unattributed) {
			useCases = append(useCases, literal(u))
		}
		if !m.UseCases.All {
			useCases = useCases[:len(useCases)-1]
		}
		for _, c := range m.Categories {
			const category = "lower(coalesce(x_Category, ServiceCategory, '(none)'))"
			categories = append(categories, fmt.Sprintf("%s = %s OR %[1]s GLOB %[2]s", category, literal(strings.ToLower(c))))
		}
		if len(categories) == 0 {
			categories = []string{"true"}
		}
		return fmt.Sprintf("coalesce(x_UseCase, %s) IN (%s) AND (%s)", literal(unattributed), strings.Join(useCases, ", "), strings.Join(categories, " OR "))
	}
	return "false"
}
