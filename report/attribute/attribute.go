// Package attribute says which evidence explains which dollar.
//
// Bills set the money. Requests, and a provider's usage for what no request
// saw, are the same calls seen from two sides: at their price they claim parts
// of the bills that agree with them in all that both sides know (day, account,
// project, key, model, token class, tier). Claims within the tolerance of a bill
// fill it; claims above it are scaled down; what nobody claims stays on the
// charge. The parts of a charge, its slices, are spans of the whole that touch,
// so that they add up to it exactly.
//
// Group makes the relations grouped and groups, which package pricing reads to
// price the evidence; Claim reads what it priced and makes slices,
// slice_dimensions and activity_facts, which package allocate judges. All of
// them are temporary: nothing is written into the ledger.
package attribute

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed macros.sql
var macrosSQL string

//go:embed groups.sql
var groupsSQL string

//go:embed claims.sql
var claimsSQL string

//go:embed findings.sql
var findingsSQL string

// Tolerance is how far claims may be from a bill and still be taken to be it, where nobody says otherwise.
func Tolerance() decimal.Decimal { return decimal.New(2, -2) }

// Options say what to attribute.
type Options struct {
	From, To time.Time         // whole months; To is exclusive
	Keys     map[string]string // a gateway's name for a key, or the hash of it: the provider's id or name

	// Tolerance is how far claims may be from a bill and still be taken to be it, as a part of the bill.
	Tolerance decimal.Decimal

	// Mentions is SQL over dimensions: combinations that differ only in columns and tags which it
	// does not mention are one. Nil keeps all apart.
	Mentions []string

	// Rules is SQL over dimensions, too: what the rules look at, whatever the question. Shares are rounded so that what
	// the rules cannot tell apart has the same sum however it is grouped.
	Rules []string
}

// Group gives each combination of dimensions the names that all views share.
func Group(ctx context.Context, db *sql.DB, o Options) error {
	columns, err := dimensionColumns(ctx, db)
	if err != nil {
		return err
	}
	kept, replaced := o.keep(columns)
	groups := strings.NewReplacer("{kept}", strings.Join(kept, ", "), "{replace}", replaced, "{judged}", o.judged(columns)).Replace(groupsSQL)
	return run(ctx, db,
		fmt.Sprintf("SET VARIABLE window_start = %s; SET VARIABLE window_end = %s; SET VARIABLE tolerance = %s", timestamp(o.From), timestamp(o.To), o.Tolerance),
		o.keyAliases(), macrosSQL, groups)
}

// Claim has the evidence, once it is priced, claim its part of the charges.
func Claim(ctx context.Context, db *sql.DB) error {
	columns, err := dimensionColumns(ctx, db)
	if err != nil {
		return err
	}
	return run(ctx, db, strings.ReplaceAll(claimsSQL, "{merged}", strings.Join(merged(columns), ",\n    ")))
}

// Findings says what is odd about the names of keys, by which requests and usage know each other: entries of the configuration that
// name what nobody has seen, and keys of a gateway that are no provider's. Group must have run.
func Findings(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, findingsSQL)
	if err != nil {
		return nil, fmt.Errorf("attribution: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var finding string
		if err := rows.Scan(&finding); err != nil {
			return nil, err
		}
		all = append(all, finding)
	}
	return all, rows.Err()
}

func run(ctx context.Context, db *sql.DB, statements ...string) error {
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("attribution: %w", err)
		}
	}
	return nil
}

// A column is one of dimensions.
type column struct{ name, kind string }

func dimensionColumns(ctx context.Context, db *sql.DB) ([]column, error) {
	rows, err := db.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE dimensions) WHERE column_name <> 'x_Dimension'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []column
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// needed is the columns that attribution itself looks at, whoever asks.
func needed() []string {
	return []string{"ProviderName", "BillingCurrency", "ChargeCategory", "x_Category", "RegionId", "x_Model", "x_Source",
		"SubAccountId", "SubAccountName", "x_ApiKeyId", "x_ApiKeyName", "ResourceId", "ResourceName"}
}

// keep says which columns tell groups apart, and how the others are written.
func (o Options) keep(columns []column) (kept []string, replaced string) {
	if o.Mentions == nil {
		for _, c := range columns {
			kept = append(kept, c.name)
		}
		return kept, ""
	}
	text := strings.Join(o.Mentions, "\n")
	var lost []string
	for _, c := range columns {
		mentioned := regexp.MustCompile(`(?i)\b` + c.name + `\b`).MatchString(text)
		switch {
		case c.name == "Tags" && mentioned:
			kept = append(kept, tagsOf(text))
			lost = append(lost, tagsOf(text)+" AS Tags")
		case mentioned || slices.Contains(needed(), c.name):
			kept = append(kept, c.name)
		default:
			lost = append(lost, fmt.Sprintf("NULL::%s AS %s", c.kind, c.name))
		}
	}
	return kept, "REPLACE (" + strings.Join(lost, ", ") + ")"
}

// judged is the columns that rules look at.
func (o Options) judged(columns []column) string {
	text, seen := strings.Join(o.Rules, "\n"), []string{"NULL"}
	for _, c := range columns {
		switch {
		case !regexp.MustCompile(`(?i)\b` + c.name + `\b`).MatchString(text):
		case c.name == "Tags":
			seen = append(seen, tagsOf(text))
		default:
			seen = append(seen, c.name)
		}
	}
	return strings.Join(seen, ", ")
}

// tagsOf keeps of the tags those that are asked for by name; a text that speaks of them in another way asks for all.
func tagsOf(text string) string {
	var names []string
	byName := regexp.MustCompile(`(?i)\bTags\[('(?:[^']|'')*')\]`)
	for _, m := range byName.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	if regexp.MustCompile(`(?i)\bTags\b`).MatchString(byName.ReplaceAllString(text, "")) {
		return "Tags"
	}
	slices.Sort(names)
	return "map_from_entries(list_filter(map_entries(Tags), lambda e: e.key IN (" + strings.Join(slices.Compact(names), ", ") + ")))"
}

// merged is the columns of a slice: the charge's (b), and where it does not know, the evidence's (e).
func merged(columns []column) []string {
	all := []string{}
	for _, c := range columns {
		e := fmt.Sprintf("coalesce(b.%s, e.%[1]s)", c.name)
		switch c.name {
		case "x_ApiKeyId", "x_ApiKeyName": // of one side: an id and a name of two keys would be neither
			e = fmt.Sprintf("CASE WHEN coalesce(e.x_ApiKeyId, e.x_ApiKeyName) IS NULL THEN b.%s ELSE e.%[1]s END", c.name)
		case "x_User":
			e = "coalesce(e.x_User, b.x_User)"
		case "SubAccountId":
			e = "coalesce(b.SubAccountId, CASE WHEN b.SubAccountName IS NULL THEN coalesce(e.SubAccountId, CASE WHEN e.SubAccountName IS NULL THEN e.project END) END)"
		case "Tags":
			e = "CASE WHEN b.Tags IS NULL THEN e.Tags WHEN e.Tags IS NULL THEN b.Tags ELSE map_concat(b.Tags, e.Tags) END"
		}
		all = append(all, e+" AS "+c.name)
	}
	return append(all, "coalesce(e.api_key, b.api_key) AS x_UpstreamApiKeyId", "coalesce(b.model, e.model) AS x_BookModel")
}

// keyAliases is the configuration's names of keys, each also by its hash: a gateway logs the SHA-256 of the key that its client sends,
// and a secret in the configuration is compared as the ledger keeps it.
func (o Options) keyAliases() string {
	rows := []string{}
	for alias, key := range o.Keys {
		rows = append(rows, fmt.Sprintf("(%s, %s)", quote(alias), quote(key)))
	}
	slices.Sort(rows)
	if len(rows) == 0 {
		return "CREATE OR REPLACE TEMP TABLE key_aliases (alias VARCHAR, name VARCHAR, api_key VARCHAR)"
	}
	return `CREATE OR REPLACE TEMP TABLE key_aliases AS
		WITH given(name, api_key) AS (VALUES ` + strings.Join(rows, ", ") + `)
		SELECT DISTINCT name AS alias, unnest([name, sha256(name), as_key(name)]) AS name, as_key(api_key) AS api_key FROM given`
}

func timestamp(t time.Time) string {
	return "TIMESTAMP " + quote(t.UTC().Format(time.DateTime))
}

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
