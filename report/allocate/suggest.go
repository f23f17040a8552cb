package allocate

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// A Suggestion is money without a use case, and the rule that would catch it.
type Suggestion struct {
	Field   string // what tells the money apart best: key, project, resource, ...
	Value   string
	Dollars decimal.Decimal
	Charges int64
	YAML    string
}

// Suggest lists the unattributed money of the time that the condition over costs
// names, the largest first, grouped by what tells it apart best.
func (p Policy) Suggest(ctx context.Context, db *sql.DB, condition string, limit int) ([]Suggestion, error) {
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`
		SELECT coalesce(ProviderName, ''), field, coalesce(value, ''), sum(BilledCost)::VARCHAR, count(*) FROM (
			SELECT *, CASE
				WHEN x_Target IS NOT NULL THEN 'use_case' WHEN x_ApiKeyId IS NOT NULL THEN 'key' WHEN SubAccountId IS NOT NULL THEN 'project' WHEN ResourceId IS NOT NULL THEN 'resource'
				WHEN x_Model IS NOT NULL THEN 'model' WHEN ChargeDescription IS NOT NULL THEN 'description' ELSE 'provider' END AS field,
				coalesce(x_Target, x_ApiKeyId, SubAccountId, ResourceId, x_Model, ChargeDescription) AS value
			FROM costs WHERE x_UseCase IS NULL AND %s)
		GROUP BY 1, 2, 3 HAVING sum(BilledCost) <> 0 ORDER BY abs(sum(BilledCost)) DESC, 1, 2, 3 LIMIT %d`, condition, limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Suggestion
	ids := map[string]int{}
	for rows.Next() {
		var s Suggestion
		var provider, dollars string
		if err := rows.Scan(&provider, &s.Field, &s.Value, &dollars, &s.Charges); err != nil {
			return nil, err
		}
		if s.Dollars, err = decimal.NewFromString(dollars); err != nil {
			return nil, err
		}
		if s.Field == "use_case" { // a rule took it already: what lacks is the use case that it names
			s.YAML = fmt.Sprintf("use_cases: - {id: %s}   # named by a rule, but no use case", yamlText(s.Value))
			all = append(all, s)
			continue
		}
		match := "provider: " + yamlText(provider)
		if s.Field == "provider" {
			s.Value = provider
		} else {
			match += ", " + s.Field + ": " + yamlText(literal(s.Value))
		}
		id := slug(s.Field + "-" + s.Value)
		if ids[id]++; ids[id] > 1 { // names that differ in what an id cannot hold
			id += fmt.Sprintf("-%d", ids[id])
		}
		s.YAML = fmt.Sprintf("- {id: %s, match: {%s}, use_case: CHOOSE-ONE}", id, match)
		all = append(all, s)
	}
	return all, rows.Err()
}

// literal keeps a value from being read as a glob or a regex.
func literal(v string) string {
	switch {
	case isGlob(v):
		return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(v)
	case isRegex(v):
		return "[/]" + v[1:]
	}
	return v
}

// yamlText quotes a value as YAML where it must be.
func yamlText(v string) string {
	for _, r := range v {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("_-./0123456789", r) {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
		}
	}
	if v == "" || strings.EqualFold(v, "null") || strings.Trim(v, "0123456789.-") == "" {
		return `"` + v + `"`
	}
	return v
}

// slug makes an id of a value.
func slug(v string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(v) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func sortedFields(match map[string]List) []string { return slices.Sorted(maps.Keys(match)) }
