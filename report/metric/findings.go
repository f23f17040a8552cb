package metric

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/aifinops/aifinops/report/allocate"
)

// What is said twice and alike counts once, and an event each time. A record that counts several things is a vendor's: nobody misspelt it.
const countedSQL = `
WITH several AS (
    SELECT x_File, x_Record FROM outcome_facts GROUP BY ALL HAVING count(DISTINCT x_Outcome) > 1
), said AS (
    SELECT x_Outcome, x_UseCase, ChargePeriodStart, ChargePeriodEnd, x_Value, count(*) AS times, min({'file': x_File, 'record': x_Record}) AS said_in
    FROM outcome_facts ANTI JOIN several USING (x_File, x_Record)
    GROUP BY ALL
), counted AS (
    SELECT x_Outcome, x_UseCase, sum(CASE WHEN ChargePeriodEnd <= ChargePeriodStart THEN times ELSE 1 END * x_Value)::DECIMAL(38,12) AS value, min(said_in) AS said_in FROM said GROUP BY ALL
)
SELECT x_Outcome, coalesce(x_UseCase, ''),
    concat(CASE WHEN value < 0 THEN '-' END, format('{:,}', trunc(abs(value))::HUGEINT), CASE WHEN value <> trunc(value) THEN '.' || rtrim(split_part(value::VARCHAR, '.', 2), '0') END),
    format('{} record {}', path, said_in.record)
FROM counted LEFT JOIN files ON x_File = said_in.file
ORDER BY x_Outcome, x_UseCase`

// Findings says what the ledger counts that no metric can use: outcomes under a name that nothing of the configuration has, and those of a
// use case that is none. Drivers are the outcomes by which rules split.
func (s Set) Findings(ctx context.Context, db *sql.DB, drivers []string) ([]string, error) {
	rows, err := db.QueryContext(ctx, countedSQL)
	if err != nil {
		return nil, fmt.Errorf("outcomes: %w", err)
	}
	defer rows.Close()
	names, useCases := s.names(drivers), s.useCases()
	said := map[string]bool{}
	var all []string
	for rows.Next() {
		var name, useCase, value, place string
		if err := rows.Scan(&name, &useCase, &value, &place); err != nil {
			return nil, err
		}
		switch {
		case len(s.Outcomes) > 0 && !has(names, []string{name}):
			if !said[name] {
				all = append(all, fmt.Sprintf("%s: the ledger counts %s, which no outcome is called%s", place, name, allocate.Nearest(name, names)))
			}
			said[name] = true
		case useCase != "" && len(useCases) > 0 && !slices.Contains(useCases, useCase):
			all = append(all, fmt.Sprintf("%s: %s %s are counted for the use case %s, which is none%s", place, value, name, useCase, allocate.Nearest(useCase, useCases)))
		}
	}
	return all, rows.Err()
}

// names is all that the configuration calls an outcome.
func (s Set) names(drivers []string) []string {
	all := slices.Clone(drivers)
	for _, o := range s.Outcomes {
		all = append(append(all, o.ID), o.Names...)
	}
	for _, m := range s.Metrics {
		all = append(all, m.Outcome)
	}
	return all
}

func (s Set) useCases() []string {
	var ids []string
	for _, u := range s.UseCases {
		ids = append(ids, u.ID)
	}
	return ids
}
