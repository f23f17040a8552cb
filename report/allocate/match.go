package allocate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// fields is what a rule may match on, and the columns of dimensions in which each is looked for.
func fields() map[string][]string {
	return map[string][]string{
		"provider":        {"ProviderName"},
		"account":         {"BillingAccountId", "BillingAccountName"},
		"service":         {"ServiceName"},
		"category":        {"x_Category", "ServiceCategory"},
		"charge_category": {"ChargeCategory"},
		"model":           {"x_Model"},
		"project":         {"SubAccountId", "SubAccountName"},
		"workspace":       {"SubAccountId", "SubAccountName"},
		"key":             {"x_ApiKeyId", "x_ApiKeyName", "x_UpstreamApiKeyId"}, // the last: the provider's, behind a gateway's
		"resource":        {"ResourceId", "ResourceName"},
		"region":          {"RegionId"},
		"sku":             {"SkuId"},
		"description":     {"ChargeDescription"},
		"source":          {"x_Source"},
		"user":            {"x_User"},
	}
}

// FieldNames is the fields that a rule may match on, sorted; tag.NAME comes beside them.
func FieldNames() []string { return slices.Sorted(maps.Keys(fields())) }

// columnsOf is the expressions of a field.
func columnsOf(field string) ([]string, bool) {
	if name, ok := strings.CutPrefix(field, "tag."); ok && name != "" {
		return []string{"Tags[" + quote(TagName(name)) + "]"}, true
	}
	columns, ok := fields()[field]
	return columns, ok
}

// TagName is the name of a tag as the ledger keeps it: without case, - and _ alike.
func TagName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "-", "_") }

// predicate is the SQL over dimensions that is true where the rule fits, whatever its dates.
func (r Rule) predicate() string {
	var all []string
	for _, field := range sortedFields(r.Match) {
		all = append(all, fieldPredicate(field, r.Match[field]))
	}
	if r.When != "" {
		all = append(all, "coalesce(("+r.When+"), false)")
	}
	if len(all) == 0 {
		return "true"
	}
	return strings.Join(all, " AND ")
}

// fieldPredicate is true where one of the field's columns has one of the values.
func fieldPredicate(field string, values List) string {
	columns, _ := columnsOf(field)
	var any []string
	for _, c := range columns {
		for _, v := range values {
			any = append(any, valuePredicate(field, c, v))
		}
	}
	return "coalesce(" + strings.Join(any, " OR ") + ", false)"
}

// valuePredicate compares a column with a literal, a glob or a /regex/. A regex is searched for, as
// everywhere; ^ and $ anchor it. In a glob * crosses every character, / too.
func valuePredicate(field, column, value string) string {
	switch {
	case isRegex(value):
		return fmt.Sprintf("regexp_matches(%s, %s)", column, quote(value[1:len(value)-1]))
	case isGlob(value):
		return Glob(column, value)
	case field == "provider" || field == "charge_category":
		return fmt.Sprintf("lower(%s) = lower(%s)", column, quote(value))
	case field == "user": // people are stored as hashes
		return fmt.Sprintf("%s IN (%s, as_user(%[2]s))", column, quote(value))
	}
	return fmt.Sprintf("%s = %s", column, quote(value))
}

// Glob is the SQL that is true where a text is what a glob takes: * is any text, ? a character, [a-z] one of those. What has none of these is
// the text itself.
func Glob(text, glob string) string {
	if strings.ContainsAny(glob, "?[") { // in DuckDB's GLOB these stand for a byte, and half of an ü is no character
		return fmt.Sprintf("regexp_full_match(%s, %s)", text, quote(globRegex(glob)))
	}
	return fmt.Sprintf("%s GLOB %s", text, quote(glob))
}

// globRegex is the regular expression of a glob: * is any text, ? a character, [a-z] one of those, [!a-z] one of the others.
func globRegex(glob string) string {
	var re strings.Builder
	re.WriteString("(?s)^")
	for rest := glob; rest != ""; {
		if class := globClass.FindString(rest); class != "" {
			re.WriteString(strings.Replace(strings.ReplaceAll(class, `\`, `\\`), "[!", "[^", 1))
			rest = rest[len(class):]
			continue
		}
		_, size := utf8.DecodeRuneInString(rest)
		switch c := rest[:size]; c {
		case "*":
			re.WriteString(".*")
		case "?":
			re.WriteString(".")
		default:
			re.WriteString(regexp.QuoteMeta(c))
		}
		rest = rest[size:]
	}
	return re.String() + "$"
}

var globClass = regexp.MustCompile(`^\[!?[^\]\[]+\]|^\[!?\[\]`)

func isRegex(v string) bool { return len(v) > 1 && v[0] == '/' && v[len(v)-1] == '/' }
func isGlob(v string) bool  { return strings.ContainsAny(v, "*?[") }

var templatePart = regexp.MustCompile(`\{([^}]*)\}`)

// isTemplate says whether a target takes values from the slice.
func isTemplate(target string) bool { return strings.Contains(target, "{") }

// targetExpression is the SQL of a rule's target: a text with values of the slice in it.
func targetExpression(target string) string {
	var parts []string
	rest := target
	for {
		at := templatePart.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		columns, _ := columnsOf(rest[at[2]:at[3]])
		parts = append(parts, quote(rest[:at[0]]), columns[0])
		rest = rest[at[1]:]
	}
	return "(" + strings.Join(append(parts, quote(rest)), " || ") + ")"
}

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// fieldCondition is the SQL over dimensions that is true where a field has one of the values, which may be globs.
func fieldCondition(field string, values ...string) (string, error) {
	if _, ok := columnsOf(field); !ok {
		return "", fmt.Errorf("no field %q; the fields are %s, tag.NAME", field, strings.Join(FieldNames(), ", "))
	}
	return fieldPredicate(field, values), nil
}
