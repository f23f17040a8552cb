package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
)

// Unattributed is the use case of money that no rule gives to one.
const Unattributed = "(unattributed)"

// dimensions is what a report can be grouped by: the column of costs and activity.
func dimensions() map[string]string {
	return map[string]string{
		"use-case":        "x_UseCase",
		"team":            "x_Team",
		"product":         "x_Product",
		"cost-center":     "x_CostCenter",
		"kind":            "x_Kind",
		"reliance":        "x_Reliance",
		"owner":           "x_Owner",
		"provider":        "ProviderName",
		"account":         "BillingAccountId",
		"service":         "ServiceName",
		"category":        "coalesce(x_Category, ServiceCategory)",
		"charge-category": "ChargeCategory",
		"model":           "x_Model",
		"token-class":     "x_TokenClass",
		"project":         "coalesce(SubAccountName, SubAccountId)",
		"workspace":       "coalesce(SubAccountName, SubAccountId)",
		"key":             "coalesce(x_ApiKeyName, x_ApiKeyId)",
		"resource":        "coalesce(ResourceName, ResourceId)",
		"description":     "ChargeDescription",
		"user":            "x_User",
		"source":          "x_Source",
		"rule":            "x_Rule",
		"basis":           "x_Basis",
		"tier":            "x_Tier",
		"month":           "strftime(ChargePeriodStart, '%Y-%m')",
		"day":             "strftime(ChargePeriodStart, '%Y-%m-%d')",
	}
}

// DimensionNames is what a report can be grouped by, sorted; tag.NAME comes beside them.
func DimensionNames() []string { return slices.Sorted(maps.Keys(dimensions())) }

// expression is the SQL of a dimension, never NULL.
func expression(dim string) (string, error) {
	if name, ok := strings.CutPrefix(dim, "tag."); ok && name != "" {
		return "coalesce(Tags[" + quote(allocate.TagName(name)) + "], '(none)')", nil
	}
	e, ok := dimensions()[dim]
	switch {
	case !ok:
		return "", fmt.Errorf("no dimension %q%s; the dimensions are %s, tag.NAME", dim, allocate.Nearest(dim, DimensionNames()), strings.Join(DimensionNames(), ", "))
	case dim == "use-case":
		return "coalesce(" + e + ", " + quote(Unattributed) + ")", nil
	}
	return "coalesce(" + e + ", '(none)')", nil
}

// columnName is the machine name of a dimension: use-case is use_case, as JSON has it.
func columnName(dim string) string {
	return strings.NewReplacer("-", "_", ".", "_").Replace(dim)
}

// condition is the SQL of --where dim=glob; several values of one dimension are alternatives.
func condition(where []string) (string, error) {
	byDim := map[string][]string{}
	for _, w := range where {
		dim, value, ok := strings.Cut(w, "=")
		if !ok {
			return "", fmt.Errorf("--where %q is not dim=value, such as provider=openai or model=gpt-5*", w)
		}
		byDim[strings.TrimSpace(dim)] = append(byDim[strings.TrimSpace(dim)], strings.TrimSpace(value))
	}
	all := []string{"true"}
	for _, dim := range slices.Sorted(maps.Keys(byDim)) {
		e, err := expression(dim)
		if err != nil {
			return "", fmt.Errorf("--where: %w", err)
		}
		var any []string
		for _, v := range byDim[dim] {
			any = append(any, fmt.Sprintf("%s OR %s = %s", allocate.Glob(e, v), e, quote(v)))
		}
		all = append(all, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(all, " AND "), nil
}

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident writes a name as an SQL identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
