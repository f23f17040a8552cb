package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ErrRejects means that a file has records that do not fit, where none are allowed.
var ErrRejects = errors.New("records were rejected")

// bookOptions is how the caller wants a file booked.
type bookOptions struct {
	account string  // the billing account, where the file does not say
	strict  bool    // a reject refuses the file
	replace bool    // take the place of whatever covers the same days
	part    bool    // one part of an export, which the ledger may hold others of
	parts   []int64 // files that are parts of the same export
	again   []int64 // files with the same bytes, to be booked anew
	unended bool    // the file does not end with a line
	cut     bool    // and may end in the middle of a figure
	keep    []Keep  // what of bills that hold more than AI is booked
	reading string  // how the configuration has the file read
}

// book books what is staged, in one transaction, and returns the receipt and the number of the file.
func book(ctx context.Context, l *Ledger, o *opened, s Source, opts bookOptions) (Receipt, int64, error) {
	r := Receipt{File: o.Name, Source: s.Name, Role: s.Role, Status: Booked, Unread: o.unread, Lacks: o.Missing, Windows1252: o.windows1252}
	var file int64
	err := inTransaction(ctx, l.DB, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(x_File), 0) + 1 FROM files").Scan(&file); err != nil {
			return err
		}
		m, err := mapStaged(ctx, tx, s.withDefault("BillingAccountId", opts.account), filepath.Base(o.Name), opts.keep)
		if err != nil {
			return err
		}
		r.Repeated = m.repeated
		b := booking{tx: tx, m: m, file: file, in: o, opts: opts, receipt: &r}
		for _, step := range []func(context.Context) error{
			b.hold, b.forget, b.findRejects, b.findCoverage, b.refuseWrongTotal, b.yieldToNewer, b.countLeftOut, b.count, b.refuseSameDollars, b.refuseOverlap, b.refuseSumsOfCalls, b.refuseRegrouped, b.refuseSamePlace, b.replaceOlder, b.insertLeftOut, b.insert, b.writeReceipt,
		} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return r, 0, fmt.Errorf("%s: %w", o.Name, err)
	}
	return r, file, nil
}

// A booking is the state of one file on its way into the facts.
type booking struct {
	tx      *sql.Tx
	m       mapping
	file    int64
	in      *opened
	opts    bookOptions
	receipt *Receipt
	// misplaced: what lay under the file's name was of another source or provider, and goes.
	misplaced bool
	// mended: what the same bytes were booked as, under a source that is no more.
	mended []Replacement
}

func (b *booking) exec(ctx context.Context, queries ...string) error {
	for _, q := range queries {
		if _, err := b.tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// forget takes out what the same bytes gave before, as whatever they were read then.
func (b *booking) forget(ctx context.Context) error {
	tables := []string{"file_rejects", "file_coverage", "file_left_out", "file_readings", "files"}
	for _, r := range relations() {
		tables = append(tables, r.facts)
	}
	if err := b.noteMended(ctx); err != nil {
		return err
	}
	again := "x_File IN (SELECT unnest(" + strings.ReplaceAll(fmt.Sprint(b.opts.again), " ", ", ") + "::INTEGER[]))"
	if err := b.exec(ctx, "CREATE OR REPLACE TEMP TABLE place AS SELECT DISTINCT ProviderName, account, scope, date_trunc('day', first) AS day FROM held WHERE "+again); err != nil {
		return err
	}
	for _, t := range tables {
		if err := b.exec(ctx, "DELETE FROM "+t+" WHERE "+again); err != nil {
			return err
		}
	}
	return nil
}

// findRejects collects every reason for which a record cannot be booked: torn, not of its type, or not of its relation.
func (b *booking) findRejects(ctx context.Context) error {
	err := b.exec(ctx, `CREATE OR REPLACE TEMP TABLE rejected AS SELECT record, without_secrets(reason) AS reason FROM (
		SELECT record, reason FROM torn
		UNION ALL SELECT record, problem FROM numbered WHERE problem IS NOT NULL
		UNION ALL SELECT record, any_value(reason) FROM (SELECT record, `+b.m.problem()+` AS reason FROM mapped) WHERE reason IS NOT NULL GROUP BY record)`)
	if err != nil {
		return err
	}
	var first sql.NullString
	err = b.tx.QueryRowContext(ctx, `SELECT count(*), min_by('record ' || record || ': ' || reason, record) FROM rejected`).Scan(&b.receipt.Rejected, &first)
	b.receipt.FirstReject = first.String
	if err == nil && b.opts.unended {
		err = b.refuseTornEnd(ctx)
	}
	if err == nil && b.opts.strict && b.receipt.Rejected > 0 {
		return fmt.Errorf("%w: %d of them, the first is %s; nothing is booked, as --strict asks", ErrRejects, b.receipt.Rejected, first.String)
	}
	return err
}

// good is the predicate of the mapped rows that are to be booked.
func (b *booking) good() string {
	good := "true"
	if b.receipt.Rejected > 0 {
		good += " AND record NOT IN (SELECT record FROM rejected)"
	}
	if b.receipt.Superseded > 0 {
		good += " AND record NOT IN (SELECT record FROM superseded)"
	}
	return good
}

// kept is the predicate of the mapped rows that become facts.
func (b *booking) kept() string { return b.good() + " AND x_Kept" }

// count fills the receipt's numbers, and refuses a file of which nothing fits.
func (b *booking) count(ctx context.Context) error {
	r := b.receipt
	last := b.m.expression("ChargePeriodEnd")
	if r.Role == Outcomes { // the last event is on a day, which ends later
		_, last = b.m.period(b.m.expression)
	}
	var start, end sql.NullTime
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT (SELECT count(*) FROM staged) + (SELECT count(*) FROM torn), count(DISTINCT record), min(ChargePeriodStart), max(%s)
		FROM mapped WHERE %s`, last, b.kept())).Scan(&r.Records, &r.Booked, &start, &end)
	if err != nil {
		return err
	}
	r.Ignored = r.Records - r.Booked - r.Rejected
	if err := b.lastPage(ctx); err != nil {
		return err
	}
	r.PeriodStart, r.PeriodEnd = start.Time, end.Time
	if r.Booked == 0 && r.Rejected > 0 && r.Superseded == 0 && r.LeftOut == 0 {
		return fmt.Errorf("%w: all %d of them, the first is %s; nothing is booked%s", ErrRejects, r.Rejected, r.FirstReject, r.commaHint())
	}
	if err := b.refuseUnfit(ctx); err != nil {
		return err
	}
	if r.Records == 0 {
		r.Status = Empty
	}
	if b.m.to.dollars == "" || r.Booked == 0 {
		return nil
	}
	r.Dollars, err = amounts(ctx, b.tx, fmt.Sprintf(`SELECT %s, sum(%s)::DECIMAL(38,12)::VARCHAR FROM mapped WHERE %s GROUP BY 1 ORDER BY 1`,
		b.m.expression("BillingCurrency"), ident(b.m.to.dollars), b.kept()))
	return err
}

// lastPage notes whether the last page of an export says that another follows: then the file is not the whole.
func (b *booking) lastPage(ctx context.Context) error {
	if b.m.source.More == "" {
		return nil
	}
	var more sql.NullBool
	err := b.tx.QueryRowContext(ctx, "SELECT max_by("+ident(b.m.source.More)+", rowid) FROM staged").Scan(&more)
	b.receipt.More = more.Bool
	return err
}

// insert writes the new dimensions and the facts.
func (b *booking) insert(ctx context.Context) error {
	if b.receipt.Booked == 0 {
		return nil
	}
	into := []string{"x_File", "x_Record"}
	from := []string{fmt.Sprint(b.file), "record"}
	if b.m.to.dimensions {
		if err := b.insertDimensions(ctx); err != nil {
			return err
		}
		into, from = append(into, "x_Dimension"), append(from, "x_Dimension")
	}
	for _, c := range b.m.facts {
		into, from = append(into, ident(c)), append(from, b.m.value(c))
	}
	return b.exec(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM mapped WHERE %s",
		b.m.to.facts, strings.Join(into, ", "), strings.Join(from, ", "), b.kept()))
}

// insertDimensions adds the combinations that the ledger has not seen, each from the first row that
// has it. That no two share an id is checked, not hoped.
func (b *booking) insertDimensions(ctx context.Context) error {
	names, values := []string{"x_Dimension"}, []string{"x_Dimension"}
	for _, c := range b.m.dims {
		names = append(names, ident(c))
		values = append(values, b.m.value(c))
	}
	err := b.exec(ctx, "CREATE OR REPLACE TEMP TABLE combinations AS SELECT x_Dimension, min(rowid) AS row, min(x_Check) <> max(x_Check) AS clash FROM mapped WHERE "+b.kept()+" GROUP BY x_Dimension")
	if err != nil {
		return err
	}
	var clashes int
	err = b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT
		(SELECT count(*) FROM combinations WHERE clash) +
		(SELECT count(*) FROM (SELECT x_Dimension, %s AS ProviderName, %s AS x_Model, %s AS SubAccountId FROM mapped WHERE rowid IN (SELECT row FROM combinations)) m
			JOIN dimensions d USING (x_Dimension)
			WHERE (d.x_Source, d.ProviderName, d.x_Model, d.SubAccountId) IS DISTINCT FROM (%s, m.ProviderName, m.x_Model, m.SubAccountId))`,
		b.m.value("ProviderName"), b.m.value("x_Model"), b.m.value("SubAccountId"), quote(b.m.source.Name))).Scan(&clashes)
	if err != nil {
		return err
	}
	if clashes > 0 {
		return errors.New("two combinations of dimensions have one hash; please report this with the file's source")
	}
	return b.exec(ctx, fmt.Sprintf(`INSERT INTO dimensions (%s) SELECT %s FROM mapped
		WHERE rowid IN (SELECT row FROM combinations) AND x_Dimension NOT IN (SELECT x_Dimension FROM dimensions)`,
		strings.Join(names, ", "), strings.Join(values, ", ")))
}

// writeReceipt writes the file, what it covers and its rejects into the ledger.
func (b *booking) writeReceipt(ctx context.Context) error {
	r := b.receipt
	r.Replaced = append(r.Replaced, b.mended...)
	var dollars, currency any
	if len(r.Dollars) == 1 {
		dollars, currency = r.Dollars[0].Value.String(), r.Dollars[0].Currency
	}
	_, err := b.tx.ExecContext(ctx, `INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, now()::TIMESTAMP, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.file, r.File, b.in.sha256, b.in.size, b.in.Modified.UTC(), r.Source, string(r.Role), nullTime(r.PeriodStart), nullTime(r.PeriodEnd),
		r.Records, r.Booked, r.Ignored, r.Rejected, dollars, currency)
	if err != nil {
		return err
	}
	return b.exec(ctx,
		fmt.Sprintf("INSERT INTO file_readings SELECT %d, nullif(reading, 'unknown') FROM (SELECT %s AS reading) WHERE reading <> ''", b.file, quote(b.opts.reading)),
		fmt.Sprintf("INSERT INTO file_rejects SELECT %d, record, reason FROM rejected ORDER BY record", b.file),
		fmt.Sprintf("INSERT INTO file_coverage SELECT %d, ProviderName, account, scope, first, last FROM coverage", b.file))
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// amounts reads rows of currency and exact sum.
func amounts(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]Amount, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Amount
	for rows.Next() {
		var currency, value sql.NullString
		if err := rows.Scan(&currency, &value); err != nil {
			return nil, err
		}
		v, err := decimal.NewFromString(value.String)
		if err != nil {
			return nil, fmt.Errorf("sum %q: %w", value.String, err)
		}
		all = append(all, Amount{Currency: currency.String, Value: v})
	}
	return all, rows.Err()
}
