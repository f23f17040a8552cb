package allocate_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/attribute"
	"go.yaml.in/yaml/v3"
)

// FuzzRules holds the compiler of rules to this: no YAML makes it panic; a rule that it takes for sound runs, or what is
// wrong with it is said with its place; and nothing it makes of a text changes the ledger.
func FuzzRules(f *testing.F) {
	for _, rule := range []string{
		`{id: a, match: {provider: openai, project: [p, "q_*"]}, use_case: docs}`,
		`{id: a, match: {tag.use_case: "*"}, use_case: "{tag.use_case}"}`,
		`{id: a, match: {tag.it's: "'"}, use_case: "{tag.'}'"}`,
		`{id: a, match: {model: "/gpt-(4|5)/"}, split: {by: even, among: [docs, chat]}}`,
		`{id: a, match: {key: "k[a-z]?"}, split: {by: fixed, shares: {docs: 60%, chat: 1e-3}}, from: 2026-10-01, to: 2026-11}`,
		`{id: a, match: {user: ana}, split: {by: cost, among: [docs]}}`,
		`{id: a, match: {service: x}, split: {by: outcome, driver: "it's", among: [docs]}}`,
		`{id: "a'; DROP TABLE files; --", when: "x_Model = 'x' OR true", use_case: docs}`,
		`{id: a, when: "1); DELETE FROM files; SELECT (1", use_case: docs}`,
		`{id: a, match: {project: "x[z-a]"}, use_case: docs}`,
		`{id: a, match: {project: "/(?<m>a)/"}, use_case: docs}`,
	} {
		f.Add([]byte("[" + rule + "]"))
	}
	l, err := ingest.Open(context.Background(), filepath.Join(f.TempDir(), "ledger.duckdb"), ingest.Options{Threads: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = l.Close() })
	if _, err := l.DB.Exec(`INSERT INTO dimensions (x_Dimension, x_Source, ProviderName, SubAccountId, x_Model, BillingCurrency, Tags)
			VALUES (1, 'test', 'openai', 'p', 'gpt-5.4', 'USD', map {'use_case': 'docs'}), (2, 'test', 'openai', NULL, NULL, 'USD', NULL);
		INSERT INTO charge_facts (x_File, x_Record, x_Dimension, ChargePeriodStart, ChargePeriodEnd, BilledCost)
			VALUES (1, 1, 1, '2026-10-01', '2026-10-02', 10), (1, 2, 2, '2026-10-01', '2026-10-02', 3)`); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p := allocate.Policy{Currency: "USD", UseCases: []allocate.UseCase{{ID: "docs"}, {ID: "chat"}}}
		if yaml.Unmarshal(text, &p.Rules) != nil || p.Check() != nil {
			return
		}
		err := prepare(context.Background(), l.DB, p)
		var rule *allocate.RuleError
		if err != nil && !errors.As(err, &rule) {
			t.Fatalf("%s\n%v", text, err)
		}
		if err == nil {
			var slices, charges string
			if err := l.DB.QueryRow("SELECT sum(BilledCost)::VARCHAR, (SELECT sum(BilledCost)::VARCHAR FROM charges) FROM costs").Scan(&slices, &charges); err != nil {
				if !strings.Contains(string(text), "when") { // its own SQL may fail on what is in the ledger
					t.Fatalf("%s\n%v", text, err)
				}
				return
			}
			if slices != charges || charges != "13.000000000000" {
				t.Fatalf("%s\n%s of %s dollars", text, slices, charges)
			}
		}
	})
}

// prepare makes what reports read, as the program does.
func prepare(ctx context.Context, db *sql.DB, p allocate.Policy) error {
	book, err := pricing.Load()
	if err != nil {
		return err
	}
	october := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for _, step := range []func() error{
		func() error { return p.Declare(ctx, db) },
		func() error { return pricing.Install(ctx, db, book, pricing.Terms{}) },
		func() error {
			return attribute.Group(ctx, db, attribute.Options{From: october, To: october.AddDate(0, 1, 0)})
		},
		func() error { return pricing.Price(ctx, db) },
		func() error { return attribute.Claim(ctx, db) },
		func() error { return p.Judge(ctx, db) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
