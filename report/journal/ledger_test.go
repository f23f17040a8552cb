package journal_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report/journal"
)

// open is a ledger of charges and of what the rules made of them. Charges are "day provider use-case cost-center team tier basis dollars
// [currency] [category]", where - is none; one that is estimated is no charge, and CHF waits for a rate. Dollars are those of the report: a euro is
// 1.25 of them. "invoice month provider number total currency" is an invoice.
func open(t *testing.T, charges string) *sql.DB {
	t.Helper()
	opened, err := ingest.Open(context.Background(), filepath.Join(t.TempDir(), "ledger"), ingest.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	queries := []string{
		`CREATE TEMP TABLE all_charges (ChargePeriodStart TIMESTAMP, ProviderName VARCHAR, x_UseCase VARCHAR, x_CostCenter VARCHAR, x_Team VARCHAR, x_Tier VARCHAR,
			x_Basis VARCHAR, BilledCost DECIMAL(38,12), x_BilledCurrency VARCHAR, ChargeCategory VARCHAR)`,
	}
	for line := range strings.Lines(strings.TrimSpace(charges)) {
		f := strings.Fields(line)
		invoice := f[0] == "invoice"
		if !invoice {
			f = append(f, []string{"USD", "Usage"}[len(f)-8:]...)
		}
		for i, text := range f {
			f[i] = "nullif('" + strings.ReplaceAll(strings.ReplaceAll(text, "_", " "), "'", "''") + "', '-')"
		}
		if invoice {
			queries = append(queries, fmt.Sprintf(`INSERT INTO invoice_facts (x_File, x_Record, x_Source, ProviderName, InvoiceId, x_InvoiceTotal, BillingCurrency, ChargePeriodStart, ChargePeriodEnd)
				SELECT 1, 1, 'test', %s, %[2]s::TIMESTAMP, %[2]s::TIMESTAMP + INTERVAL 1 MONTH`, strings.Join(f[2:6], ", "), "concat("+f[1]+", '-01')"))
			continue
		}
		queries = append(queries, "INSERT INTO all_charges VALUES ("+strings.Join(f, ", ")+")")
	}
	queries = append(queries,
		"CREATE TEMP VIEW costs AS SELECT *, 'USD' AS BillingCurrency FROM all_charges WHERE x_BilledCurrency <> 'CHF'",
		"CREATE TEMP VIEW slices AS SELECT ChargePeriodStart, x_Basis, BilledCost AS cost FROM costs",
		"CREATE TEMP VIEW waiting AS SELECT *, x_BilledCurrency AS BillingCurrency FROM all_charges WHERE x_BilledCurrency = 'CHF'",
		`CREATE TEMP TABLE rates AS SELECT currency, TIMESTAMP '0001-01-01' AS rate_from, TIMESTAMP '9999-01-01' AS rate_to, rate::DECIMAL(18,12) AS rate
			FROM (VALUES ('USD', 1), ('EUR', 1.25)) AS v(currency, rate)`,
		"CREATE TEMP TABLE dimensions AS SELECT DISTINCT hash(ProviderName, x_BilledCurrency) AS x_Dimension, ProviderName, x_BilledCurrency AS BillingCurrency FROM all_charges",
		`CREATE TEMP TABLE charge_facts AS SELECT hash(ProviderName, x_BilledCurrency) AS x_Dimension, 1 AS x_File, ChargePeriodStart, NULL::TIMESTAMP AS BillingPeriodStart, NULL::TIMESTAMP AS BillingPeriodEnd,
			CASE x_BilledCurrency WHEN 'EUR' THEN BilledCost * 0.8 ELSE BilledCost END::DECIMAL(38,12) AS BilledCost FROM all_charges WHERE x_Basis <> 'estimated'`,
	)
	for _, q := range queries {
		if _, err := opened.DB.Exec(q); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", q, err))
		}
	}
	return opened.DB
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// made is the journal of a period, of which the second day is not part.
func made(t *testing.T, charges, from, to string, a journal.Accounts) journal.Journal {
	t.Helper()
	j, err := journal.Make(context.Background(), open(t, charges), journal.Options{From: day(t, from), To: day(t, to), Currency: "USD", Accounts: a})
	if err != nil {
		t.Fatal(err)
	}
	return j
}
