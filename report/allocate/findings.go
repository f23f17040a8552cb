package allocate

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Findings says what the ledger shows about the rules: rules that match
// nothing, rules whose matches are all taken by earlier ones, targets that are
// no use case. They are warnings: next month's data may be different.
func (p Policy) Findings(ctx context.Context, db *sql.DB) ([]string, error) {
	if len(p.Rules) == 0 {
		return nil, nil
	}
	var counts []string
	for i, r := range p.Rules {
		counts = append(counts, fmt.Sprintf("[count(*) FILTER (WHERE %s), count(*) FILTER (WHERE rule = %d), count(DISTINCT target) FILTER (WHERE rule = %[2]d AND target NOT IN (SELECT use_case FROM use_cases))]", r.predicate(), i+1))
	}
	// One row a rule, so that the driver need not read lists.
	rows, err := db.QueryContext(ctx, "SELECT n[1], n[2], n[3] FROM (SELECT unnest(["+strings.Join(counts, ",\n")+"]) AS n FROM judged)")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for i := 0; rows.Next(); i++ {
		var matches, taken, strangers int
		if err := rows.Scan(&matches, &taken, &strangers); err != nil {
			return nil, err
		}
		r := p.Rules[i]
		switch {
		case matches == 0:
			all = append(all, fmt.Sprintf("%s: rule %s matches nothing in the ledger", r.Place, r.ID))
		case taken == 0:
			all = append(all, fmt.Sprintf("%s: rule %s takes nothing: all that it matches is taken by earlier rules, or lies outside its dates", r.Place, r.ID))
		}
		if strangers > 0 {
			all = append(all, fmt.Sprintf("%s: rule %s names %d targets that are no use case; what they hold stays unattributed", r.Place, r.ID, strangers))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, r := range p.Rules {
		if r.Split == nil || r.Split.Driver == "" {
			continue
		}
		var known bool
		if err := db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM outcome_facts WHERE x_Outcome = ?", r.Split.Driver).Scan(&known); err != nil {
			return nil, err
		}
		if !known {
			all = append(all, fmt.Sprintf("%s: rule %s splits by outcome %s, which the ledger does not have", r.Place, r.ID, r.Split.Driver))
		}
	}
	return all, nil
}

// An Explanation is one group of slices, and the way it went through the rules.
type Explanation struct {
	Group   string // its dimensions, as field=value
	Dollars string // of all time, in the reporting currency
	Days    string // the first and the last
	Rule    string // the rule that took it, or empty
	UseCase string // or the use cases of a split; empty: unattributed
	Follows bool   // tax, a credit or a fee that no rule takes: it goes where the provider's other dollars of the month go
	Tried   []Step
}

// A Step is one rule that was tried.
type Step struct {
	Place  Place
	Rule   string
	Took   bool
	Reason string // why it did not take the group: the first of its conditions that fails
}

// Explain shows for the slices that fit a condition over dimensions, the
// largest first, which rules were tried and which took them.
func (p Policy) Explain(ctx context.Context, db *sql.DB, condition string, limit int) ([]Explanation, error) {
	// Of the spans between the dates of rules only those count in which the group has facts, and two in which
	// one rule takes it are one.
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`
		WITH asked AS (SELECT x_Slice, valid_from, valid_to, rule, target FROM judged WHERE %[2]s),
		facts AS (
			SELECT x_Slice, ChargePeriodStart AS day, (cost * hi)::DECIMAL(38,12) - (cost * lo)::DECIMAL(38,12) AS dollars, x_Basis FROM slices WHERE x_Slice IN (SELECT x_Slice FROM asked)
			UNION ALL SELECT x_Slice, ChargePeriodStart, NULL, NULL FROM activity_facts WHERE x_Slice IN (SELECT x_Slice FROM asked)
		), groups AS (
			SELECT a.x_Slice, rule, target, sum(dollars)::DECIMAL(38,2) AS dollars, bool_and(x_Basis = 'estimated') AS estimated, min(day)::DATE AS first, max(day)::DATE AS last
			FROM facts f JOIN asked a ON f.x_Slice = a.x_Slice AND f.day >= a.valid_from AND f.day < a.valid_to
			GROUP BY ALL
		)
		SELECT g.x_Slice::VARCHAR, concat_ws(' ', %[1]s), coalesce(dollars || ' ' || getvariable('reporting_currency') || CASE WHEN estimated THEN ', estimated' ELSE '' END, 'no bill'),
			concat(first, ' to ', last), coalesce(rule, 0), rule IS NULL AND g.x_Slice IN (SELECT x_Slice FROM followers),
			coalesce(CASE WHEN target NOT IN (SELECT use_case FROM use_cases) THEN target || ', which is no use case' ELSE target END, '')
		FROM groups g JOIN slice_dimensions d USING (x_Slice)
		ORDER BY coalesce(abs(dollars), -1) DESC, g.x_Slice, first LIMIT %[3]d`, describe(), condition, limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Explanation
	var ids []string
	var rules []int
	for rows.Next() {
		var e Explanation
		var id string
		var rule int
		if err := rows.Scan(&id, &e.Group, &e.Dollars, &e.Days, &rule, &e.Follows, &e.UseCase); err != nil {
			return nil, err
		}
		all, ids, rules = append(all, e), append(ids, id), append(rules, rule)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range all {
		if err := p.try(ctx, db, &all[i], ids[i], rules[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// describe is the dimensions of a group that rules can match on, as field=value.
func describe() string {
	var parts []string
	for _, f := range []string{"provider", "account", "project", "key", "model", "service", "category", "charge_category", "resource", "description", "user", "source"} {
		columns, _ := columnsOf(f)
		parts = append(parts, fmt.Sprintf("%s || coalesce(%s)", quote(f+"="), strings.Join(columns, ", ")))
	}
	return strings.Join(parts, ", ") + ", list_aggregate(list_transform(map_entries(Tags), lambda e: 'tag.' || e.key || '=' || e.value), 'string_agg', ' ')"
}

// try follows one group through the rules up to the one that takes it.
func (p Policy) try(ctx context.Context, db *sql.DB, e *Explanation, id string, took int) error {
	for i, r := range p.Rules {
		step := Step{Place: r.Place, Rule: r.ID, Took: i+1 == took}
		if step.Took {
			e.Rule = r.ID
			if r.Split != nil {
				e.UseCase = "split by " + r.Split.By + " among " + strings.Join(r.Split.among(), ", ")
			}
			e.Tried = append(e.Tried, step)
			return nil
		}
		reason, err := r.refuses(ctx, db, id)
		if err != nil {
			return err
		}
		step.Reason = reason
		e.Tried = append(e.Tried, step)
	}
	return nil
}

// refuses says which of the rule's conditions a group fails first.
func (r Rule) refuses(ctx context.Context, db *sql.DB, id string) (string, error) {
	reason := "'it does not hold on these days'"
	if r.When != "" {
		reason = "CASE WHEN NOT coalesce((" + r.When + "), false) THEN 'when is not true' ELSE " + reason + " END"
	}
	cases := ""
	for _, field := range sortedFields(r.Match) {
		columns, _ := columnsOf(field)
		cases += fmt.Sprintf(" WHEN NOT %s THEN %s || coalesce('\"' || coalesce(%s) || '\"', 'not known') || %s",
			fieldPredicate(field, r.Match[field]), quote(field+" is "), strings.Join(columns, ", "), quote(", not "+strings.Join(r.Match[field], " or ")))
	}
	if cases != "" {
		reason = "CASE" + cases + " ELSE " + reason + " END"
	}
	var text string
	err := db.QueryRowContext(ctx, "SELECT "+reason+" FROM slice_dimensions WHERE x_Slice = ?::UBIGINT", id).Scan(&text)
	return text, err
}

// ConditionOf reads what `rules explain` is asked about: field=value, or the
// record of a file as FILE:RECORD, by its path, the end of that, or its number in the ledger. It is SQL over the slices' dimensions.
func ConditionOf(ctx context.Context, db *sql.DB, subject string) (string, error) {
	if field, value, ok := strings.Cut(subject, "="); ok {
		return fieldCondition(strings.TrimSpace(field), strings.TrimSpace(value))
	}
	i := strings.LastIndex(subject, ":")
	if i < 0 {
		return "", fmt.Errorf("%q is neither field=value, such as key=key_4hT1, nor FILE:RECORD", subject)
	}
	file, record := subject[:i], subject[i+1:]
	var found sql.NullString
	err := db.QueryRowContext(ctx, `
		WITH record AS (SELECT x_File, TRY_CAST(? AS BIGINT) AS x_Record FROM files WHERE path = ? OR suffix(path, '/' || ?) OR x_File::VARCHAR = ?),
		met AS (
			SELECT DISTINCT x_Group FROM grouped JOIN (SELECT x_Dimension FROM usage_facts JOIN record USING (x_File, x_Record)
				UNION ALL SELECT x_Dimension FROM request_facts JOIN record USING (x_File, x_Record)) USING (x_Dimension))
		SELECT 'x_Slice IN (' || string_agg(DISTINCT x_Slice::VARCHAR, ', ') || ')' FROM (
			SELECT x_Slice FROM slices JOIN record USING (x_File, x_Record)
			UNION ALL SELECT x_Slice FROM slices JOIN met ON evidence_group = x_Group
			UNION ALL SELECT x_Slice FROM activity_facts JOIN met ON evidence_group = x_Group)`, record, file, file, file).Scan(&found)
	if err == nil && !found.Valid {
		err = fmt.Errorf("record %s of %s is not in the ledger; `aifinops query \"SELECT path, records FROM files\"` lists its files", record, file)
	}
	return found.String, err
}
