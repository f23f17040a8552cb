package pricing

import (
	"context"
	"database/sql"
	_ "embed" // the tables
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed tables.sql
var tablesSQL string

// Install writes what the names in the ledger need of the book and the terms, as temporary tables of the connection. It may
// be called again.
func Install(ctx context.Context, db *sql.DB, b *Book, t Terms) error {
	if err := t.Check(); err != nil {
		return err
	}
	if err := t.CheckBook(b); err != nil {
		return err
	}
	met, err := readNames(ctx, db)
	if err != nil {
		return err
	}
	in := &installation{book: b, terms: t, met: met, rows: map[string][][]any{}}
	if err := in.fill(); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, tablesSQL); err != nil {
		return fmt.Errorf("prices: %w", err)
	}
	for _, table := range tables() {
		if err := insert(ctx, db, table, in.rows[table]); err != nil {
			return fmt.Errorf("prices: %s: %w", table, err)
		}
	}
	return nil
}

// tables is what Install writes, each with its columns in tables.sql.
func tables() []string {
	return []string{"model_names", "prices", "service_tiers", "uplifts", "terms", "zero_rated", "commitments", "credits"}
}

// A name is what the ledger calls a provider and a model.
type name struct{ provider, model string }

func readNames(ctx context.Context, db *sql.DB) ([]name, error) {
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT ProviderName, coalesce(x_Model, '') FROM dimensions WHERE ProviderName IS NOT NULL ORDER BY ALL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []name
	for rows.Next() {
		var n name
		if err := rows.Scan(&n.provider, &n.model); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// An installation is the rows of the tables while they are made.
type installation struct {
	book  *Book
	terms Terms
	met   []name
	found []found
	fees  []found // the providers themselves, which ask for some things whatever the model
	rows  map[string][][]any
}

// A found name is one that the book has.
type found struct {
	name
	match Match
}

func (in *installation) add(table string, values ...any) {
	in.rows[table] = append(in.rows[table], values)
}

func (in *installation) fill() error {
	for _, n := range in.met {
		if m, ok := in.book.match(in.terms.Deployments, n.provider, n.model); ok {
			in.found = append(in.found, found{n, m})
		}
	}
	in.addModels()
	if err := in.addProviders(); err != nil {
		return err
	}
	if err := in.addTerms(); err != nil {
		return err
	}
	in.addZeroRated()
	in.addCommitments()
	in.addCredits()
	return nil
}

// addModels writes the names that were found, and the prices of each model once.
func (in *installation) addModels() {
	seen := map[string]bool{}
	for _, f := range in.found {
		over, inclusive := f.match.LongOver()
		var longOver, longInclusive any
		if over > 0 {
			longOver, longInclusive = over, inclusive
		}
		key := f.match.Key()
		in.add("model_names", f.provider, f.model, key, f.match.By, f.match.hourly(), longOver, longInclusive)
		if seen[key] {
			continue
		}
		seen[key] = true
		for _, r := range f.match.rows() {
			in.addPrice(r)
		}
		if f.match.Region != "" {
			continue // its prices hold the factor already
		}
		uplifted := map[string]bool{} // of two entries for a place the first holds, as in a scope
		for _, r := range f.match.file.Region {
			for _, where := range r.When {
				if matchesAny(r.Models, f.match.Model) && !uplifted[where] {
					uplifted[where] = true
					in.add("uplifts", key, where, r.Times.Decimal)
				}
			}
		}
	}
}

func (in *installation) addPrice(r Row) {
	in.add("prices", r.Model, r.Tier, r.Class, r.Long, r.From, until(r.To), r.Days[0], r.Days[1], r.Hours[0], r.Hours[1], r.each(), nullable(r.Confidence), nullable(r.Source))
}

// addProviders writes how the providers met spell their tiers, and what they ask whatever the model.
func (in *installation) addProviders() error {
	seen := map[string]bool{}
	for _, provider := range in.providers() {
		files := in.book.providers(provider)
		if len(files) == 0 {
			continue
		}
		tiers, err := spellings(provider, files)
		if err != nil {
			return fmt.Errorf("prices: %w", err)
		}
		for _, raw := range slices.Sorted(maps.Keys(tiers)) {
			in.add("service_tiers", provider, raw, tiers[raw])
		}
		// One row a provider, or a fee would be asked twice: the file that has fees, else the first.
		f := files[max(0, slices.IndexFunc(files, func(f *file) bool { return len(f.Fees) > 0 }))]
		in.add("model_names", provider, "", f.Provider, "provider", false, nil, nil)
		in.fees = append(in.fees, found{name{provider: provider}, f.itself()})
		if seen[f.Provider] {
			continue
		}
		seen[f.Provider] = true
		for _, r := range f.itself().rows() {
			in.addPrice(r)
		}
	}
	return nil
}

func until(t time.Time) time.Time {
	if t.IsZero() {
		return never()
	}
	return t
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// insert writes rows as one JSON text: DuckDB reads that ten times faster than it parses VALUES.
func insert(ctx context.Context, db *sql.DB, table string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	texts := make([][]*string, len(rows))
	for i, row := range rows {
		texts[i] = make([]*string, len(row))
		for j, v := range row {
			texts[i][j] = text(v)
		}
	}
	all, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	var columns []string
	for j := range rows[0] {
		columns = append(columns, fmt.Sprintf("r[%d]", j+1))
	}
	_, err = db.ExecContext(ctx, "INSERT INTO temp."+table+" SELECT "+strings.Join(columns, ", ")+
		` FROM (SELECT unnest(from_json(?::JSON, '[["VARCHAR"]]')) AS r)`, string(all))
	return err
}

// text is a value as DuckDB casts it; nil is NULL.
func text(v any) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		s = v.Format("2006-01-02 15:04:05")
	case decimal.Decimal:
		s = v.String()
	default:
		s = fmt.Sprint(v)
	}
	return &s
}
