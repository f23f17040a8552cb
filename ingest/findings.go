package ingest

import (
	"context"
	"database/sql"
	"fmt"
)

// Findings says which providers ai_spend and the invoices name that the ledger has no bill of, and for which that looks like a mistake: an
// entry of ai_spend that is misspelt books a whole cloud, or leaves out what it was to keep. An invoice may be there before its bill, so of
// those only the names are told that are nearly another's.
func Findings(ctx context.Context, db *sql.DB, keep []Keep) ([]string, error) {
	var findings []string
	for i, k := range keep {
		for _, provider := range k["provider"] {
			missing, err := stranger(ctx, db, provider)
			if err != nil {
				return nil, err
			}
			if missing != "" {
				findings = append(findings, fmt.Sprintf("ai_spend: entry %d: %s", i+1, missing))
			}
		}
	}
	invoices, err := column(ctx, db, `SELECT DISTINCT format('the invoice of {} for {}: no bill of that provider is in the ledger; did you mean "{}"?', i.ProviderName, strftime(i.ChargePeriodStart, '%Y-%m'), near.ProviderName)
		FROM invoices i, LATERAL (SELECT b.ProviderName FROM (`+billed+`) b WHERE damerau_levenshtein(b.ProviderName, i.ProviderName) <= length(i.ProviderName) // 3
			ORDER BY damerau_levenshtein(b.ProviderName, i.ProviderName), b.ProviderName LIMIT 1) near
		WHERE i.ProviderName NOT IN (`+billed+`) ORDER BY ALL`)
	return append(findings, invoices...), err
}

// billed is the providers that the ledger has bills of, also such of which all is left out.
const billed = `SELECT ProviderName FROM dimensions WHERE ProviderName IS NOT NULL AND x_Dimension IN (SELECT x_Dimension FROM charge_facts)
	UNION SELECT ProviderName FROM file_left_out WHERE ProviderName IS NOT NULL`

// stranger says that no bill is of a provider, or of one that a glob takes; and which there are.
func stranger(ctx context.Context, db *sql.DB, provider string) (string, error) {
	var known bool
	var near, all sql.NullString
	err := db.QueryRowContext(ctx, `SELECT coalesce(bool_or(lower(ProviderName) GLOB lower($1)), false), min_by(ProviderName, damerau_levenshtein(ProviderName, lower($1))) FILTER (WHERE damerau_levenshtein(ProviderName, lower($1)) <= length($1) // 2),
		string_agg(ProviderName, ', ' ORDER BY ProviderName) FROM (`+billed+`)`, provider).Scan(&known, &near, &all)
	switch {
	case err != nil || known || !all.Valid:
		return "", err
	case near.Valid:
		return fmt.Sprintf("no bill of provider %q is in the ledger; did you mean %q?", provider, near.String), nil
	}
	return fmt.Sprintf("no bill of provider %q is in the ledger; there are bills of %s", provider, all.String), nil
}
