// Package focus writes what was billed as a FOCUS dataset, the open format of
// the FinOps Foundation for cost and usage, which other tools load.
//
// A row is a charge, or the part of one that a use case pays: the parts add up
// to their charge exactly, in each of its costs. All columns of the version are
// there, by name; what a bill does not say is null. Columns of ours begin with
// x_: who pays, by which rule, and which record of which file it comes from.
// Calls that no bill covers yet are estimates, and stay out.
//
// Where FOCUS demands what no bill says:
//
//   - A charge without a quantity is one of the unit Charges, at its own price.
//   - A unit price times its quantity is the cost to the last bit of a float, as
//     validators ask: the quantity gives way, by a few of its last bits.
//   - A charge without a SKU has its provider, model and token class for one.
//   - A bill in another currency is in the reporting one, at the rate of its
//     day; PricingCurrency and its columns keep what the bill says.
//   - Who sends the invoice is the ProviderName of what they bill; whose product
//     it is stays as PublisherName.
//
// Costs are exact decimals in both formats, quantities and unit prices floating
// point numbers. Text in a CSV file that a spreadsheet would run as a formula
// has an apostrophe before it, as in every CSV file of ours; Parquet has it as
// it is. The relations that package allocate makes must be there, and DuckDB
// must be allowed to write to the path.
package focus

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed macros.sql
var macrosSQL string

//go:embed slices.sql
var slicesSQL string

//go:embed rows.sql
var rowsSQL string

//go:embed receipt.sql
var receiptSQL string

// ErrUntied means that the rows do not add up to the charges of the ledger: a defect of the program.
var ErrUntied = errors.New("the FOCUS export does not tie to the ledger, which is a defect of aifinops (please report it with the output of `aifinops --version`)")

// Options say what to export.
type Options struct {
	Version   string    // of FOCUS: 1.2 or 1.3
	From, To  time.Time // charges that begin in it; To is exclusive
	Created   time.Time // of the metadata
	Generator string    // of the metadata: the program and its version
}

// Versions is the versions of FOCUS that can be written; the first is the default.
func Versions() []string { return []string{"1.2", "1.3"} }

// A Receipt is what an export holds, in the reporting currency.
type Receipt struct {
	Rows      int64
	Charges   int64
	Billed    decimal.Decimal
	Effective decimal.Decimal

	Estimated decimal.Decimal // left out: calls that no bill covers
	Waiting   int64           // left out: charges in a currency without a rate
}

// Mentions is SQL over dimensions: what an export shows of a charge, for whoever groups charges by what is asked of them.
func Mentions() []string {
	return []string{`InvoiceIssuerName, BillingAccountId, BillingAccountName, ServiceName, ServiceCategory, ChargeClass, ChargeDescription, SkuId, ResourceId,
		ResourceName, RegionId, ConsumedUnit, InvoiceId, x_Model, x_TokenClass, x_ServiceTier, x_ContextWindow, x_ApiKeyId, x_ApiKeyName, Tags`}
}

// CSV writes the export to a file of comma separated values, in UTF-8. Nothing is written that does not tie.
func CSV(ctx context.Context, db *sql.DB, o Options, path string) (Receipt, error) {
	return write(ctx, db, o, path, column.csv, "FORMAT csv, HEADER true")
}

// Parquet writes the export to a Parquet file. Nothing is written that does not tie.
func Parquet(ctx context.Context, db *sql.DB, o Options, path string) (Receipt, error) {
	return write(ctx, db, o, path, column.parquet, "FORMAT parquet, COMPRESSION zstd")
}

// write has DuckDB copy the rows: no row passes through here, however many there are.
func write(ctx context.Context, db *sql.DB, o Options, path string, as func(column) string, format string) (Receipt, error) {
	if err := o.check(); err != nil {
		return Receipt{}, err
	}
	if err := prepare(ctx, db, o); err != nil {
		return Receipt{}, fmt.Errorf("FOCUS export: %w", err)
	}
	r, err := tie(ctx, db, o)
	if err != nil {
		return r, err
	}
	var list []string
	for _, c := range columns(o.Version) {
		list = append(list, as(c))
	}
	// The caller puts the file into its place when it is whole.
	query := fmt.Sprintf(`COPY (SELECT %s FROM focus_rows ORDER BY ChargePeriodStart, ProviderName, x_File, x_Record, ChargePeriodEnd, charge_group, nth)
		TO %s (%s, USE_TMP_FILE false)`, strings.Join(list, ", "), quote(path), format)
	if _, err = db.ExecContext(ctx, query); err != nil {
		return r, fmt.Errorf("FOCUS export: %s: %w", path, err)
	}
	return r, nil
}

func (o Options) check() error {
	if !slices.Contains(Versions(), o.Version) {
		return fmt.Errorf("FOCUS version %q: must be one of %s", o.Version, strings.Join(Versions(), ", "))
	}
	return nil
}

// period is the condition that a charge is in the export.
func (o Options) period() string {
	return fmt.Sprintf("ChargePeriodStart >= %s AND ChargePeriodStart < %s", timestamp(o.From), timestamp(o.To))
}

// prepare makes the relations of the export.
func prepare(ctx context.Context, db *sql.DB, o Options) error {
	for _, s := range []string{macrosSQL, strings.ReplaceAll(slicesSQL, "{period}", o.period()), rowsSQL} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// tie holds the rows against the charges, each by itself and all together, read from the facts without evidence, rules or splits.
func tie(ctx context.Context, db *sql.DB, o Options) (Receipt, error) {
	var r Receipt
	var billed, effective, charged, estimated string
	var apart int64
	err := db.QueryRowContext(ctx, strings.ReplaceAll(receiptSQL, "{period}", o.period())).
		Scan(&r.Rows, &r.Charges, &billed, &effective, &charged, &apart, &estimated, &r.Waiting)
	if err != nil {
		return r, fmt.Errorf("FOCUS export: %w", err)
	}
	r.Billed, r.Effective, r.Estimated = decimal.RequireFromString(billed), decimal.RequireFromString(effective), decimal.RequireFromString(estimated)
	if apart > 0 || !r.Billed.Equal(decimal.RequireFromString(charged)) {
		return r, fmt.Errorf("%w: rows %s, charges %s; %d charges are not the sum of their parts", ErrUntied, r.Billed, charged, apart)
	}
	return r, nil
}

func timestamp(t time.Time) string { return "TIMESTAMP " + quote(t.UTC().Format(time.DateTime)) }

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
