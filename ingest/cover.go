package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// ErrSameDollars means that a file describes money or usage that the ledger
// already holds in another form, or that it would push some of it out.
var ErrSameDollars = errors.New("the same period is in the ledger already")

// identity is the columns that tell what a row is about: two exports of the same
// dollars in another grouping differ in which of them they fill.
func identity() []string {
	return []string{"SubAccountId", "ServiceName", "ChargeDescription", "x_Model", "x_ApiKeyId", "ResourceId", "x_User"}
}

// shape is the columns that a row is compared by, from those of a relation in which there are others, too.
func (b *booking) shape(expression func(string) string, in []string) string {
	column := func(name string) string {
		if slices.Contains(in, name) {
			return expression(name)
		}
		return "NULL"
	}
	start, end := b.m.period(expression)
	// A purchase for a year is one charge on its first day, and says nothing of the other days.
	end = fmt.Sprintf("CASE WHEN %[2]s > %[1]s + INTERVAL 32 DAY THEN %[1]s + INTERVAL 1 DAY ELSE %[2]s END", start, end)
	columns := []string{
		expression("ProviderName") + "::VARCHAR AS ProviderName", expression("BillingAccountId") + "::VARCHAR AS account", b.m.scope(expression) + " AS scope",
		start + " AS first", end + " AS last",
		column(b.m.to.dollars) + "::DECIMAL(38,12) AS dollars",
		column("BillingCurrency") + "::VARCHAR AS currency",
		column(b.m.to.id) + "::UBIGINT AS id",
	}
	for _, c := range identity() {
		columns = append(columns, column(c)+"::VARCHAR AS "+c)
	}
	return strings.Join(columns, ", ")
}

// hold makes the view held: what the ledger has of the file's role.
func (b *booking) hold(ctx context.Context) error {
	stored := b.m.to.facts
	if b.m.to.dimensions {
		stored += " JOIN dimensions USING (x_Dimension)"
	}
	return b.exec(ctx, "CREATE OR REPLACE TEMP VIEW held AS SELECT "+b.m.to.facts+".rowid AS row, x_File, x_Source, "+b.shape(ident, b.m.stored())+" FROM "+stored)
}

// offer makes a view of the same shape, so that the questions below are plain SQL: offered, the rows of the file that are to be booked.
func (b *booking) offer(ctx context.Context) error {
	path := quote(b.in.Name)
	if b.in.piped() {
		path = "NULL"
	}
	return b.exec(ctx,
		"CREATE OR REPLACE TEMP VIEW offered AS SELECT record, x_Kept AS kept, "+b.shape(b.m.value, b.m.stored())+" FROM mapped WHERE "+b.good(),
		"SET VARIABLE file_source = "+quote(b.receipt.Source),
		"SET VARIABLE file_modified = TIMESTAMP "+quote(b.in.Modified.UTC().Format("2006-01-02 15:04:05.999999")),
		fmt.Sprintf("SET VARIABLE file_replaces = %t", b.opts.replace),
		fmt.Sprintf("SET VARIABLE file_yields = %t", !b.opts.replace && !b.opts.part),
		"SET VARIABLE file_path = "+path,
		fmt.Sprintf("SET VARIABLE file_by_hand = %t", b.m.source.Role == Invoice || b.m.source.Path != ""),
		fmt.Sprintf("SET VARIABLE file_is_invoices = %t", b.m.source.Role == Invoice),
		fmt.Sprintf("SET VARIABLE file_by_service = %t", slices.Equal(b.m.source.Scope, []string{"ServiceName"})),
		"SET VARIABLE file_parts = "+strings.ReplaceAll(fmt.Sprint(b.opts.parts), " ", ", ")+"::INTEGER[]")
}

// coverage is what the file speaks for: per provider, account and scope the time
// from its first row to the end of its last. A day without rows inside it is a
// day without cost; a gap of more than a month is silence.
//
// The spans are a table of their own: a window over a UNION ALL breaks DuckDB 1.5 now and then (duckdb/duckdb#22352).
const coverage = `CREATE OR REPLACE TEMP TABLE spans AS
SELECT ProviderName, account, scope, first, max(last) AS last FROM offered GROUP BY ALL
UNION ALL
SELECT k.*, day, day + INTERVAL 1 DAY FROM (SELECT DISTINCT ProviderName, account, scope FROM offered) k CROSS JOIN idle_days
WHERE (SELECT count(*) FROM (SELECT DISTINCT ProviderName, account, scope FROM offered)) = 1;
CREATE OR REPLACE TEMP TABLE coverage AS
WITH steps AS (
	SELECT *, CASE WHEN first <= max(last) OVER w + INTERVAL 31 DAY THEN 0 ELSE 1 END AS step
	FROM spans
	WINDOW w AS (PARTITION BY ProviderName, account, scope ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), islands AS (
	SELECT *, sum(step) OVER (PARTITION BY ProviderName, account, scope ORDER BY first, last) AS island FROM steps
)
SELECT ProviderName, account, scope, min(first) AS first, max(last) AS last FROM islands GROUP BY ProviderName, account, scope, island`

// findCoverage notes what the file speaks for, idle days too where the export lists them.
func (b *booking) findCoverage(ctx context.Context) error {
	idle := "SELECT NULL::TIMESTAMP AS day WHERE false"
	if b.m.source.Day != "" {
		idle = fmt.Sprintf("SELECT DISTINCT date_trunc('day', %[1]s) AS day FROM staged WHERE problem IS NULL AND ignored AND %[1]s IS NOT NULL", ident(b.m.source.Day))
	}
	if err := b.offer(ctx); err != nil {
		return err
	}
	return b.exec(ctx, "CREATE OR REPLACE TEMP VIEW idle_days AS "+idle, coverage, "CREATE OR REPLACE TEMP TABLE superseded AS SELECT 0::BIGINT AS record WHERE false")
}

// newer is the files of this source that were modified later. Two downloads
// within a minute are of one age: the one that is ingested later counts.
const newer = `SELECT x_File FROM files WHERE source = getvariable('file_source')
	AND modified_at > getvariable('file_modified') + INTERVAL 1 MINUTE AND getvariable('file_yields')`

// yieldToNewer takes out the rows that a newer export of the same source covers:
// what an old file says of a period never overwrites what a new one says.
func (b *booking) yieldToNewer(ctx context.Context) error {
	var files int
	if err := b.tx.QueryRowContext(ctx, "SELECT count(*) FROM ("+newer+")").Scan(&files); err != nil || files == 0 {
		return err
	}
	// Days that the same bytes held until a moment ago are theirs, whatever is newer: it was put behind them by --replace.
	covered := `SELECT DISTINCT record FROM offered h ANTI JOIN place p
			ON (p.ProviderName, p.account, p.scope, p.day) IS NOT DISTINCT FROM (h.ProviderName, h.account, h.scope, date_trunc('day', h.first))
		JOIN (SELECT x_File, ProviderName, BillingAccountId AS account, x_Scope AS scope, period_start AS first, period_end AS last FROM file_coverage) c
		ON h.ProviderName IS NOT DISTINCT FROM c.ProviderName AND h.account IS NOT DISTINCT FROM c.account AND h.scope IS NOT DISTINCT FROM c.scope
		AND ` + within + `
		WHERE c.x_File IN (` + newer + `)`
	if len(b.m.source.ID) > 0 {
		covered = "SELECT DISTINCT record FROM offered WHERE id IN (SELECT id FROM held WHERE x_File IN (" + newer + "))"
	}
	if err := b.exec(ctx, "INSERT INTO superseded "+covered); err != nil {
		return err
	}
	if err := b.tx.QueryRowContext(ctx, "SELECT count(*) FROM superseded").Scan(&b.receipt.Superseded); err != nil || b.receipt.Superseded == 0 {
		return err
	}
	if len(b.m.source.ID) == 0 {
		// What yields must be in what it yields to: a newer export of one project covers the days, and not the other projects.
		err := b.exec(ctx, "CREATE OR REPLACE TEMP TABLE yielded AS SELECT * FROM offered WHERE kept AND record IN (SELECT record FROM superseded)",
			"CREATE OR REPLACE TEMP TABLE newest AS SELECT * FROM held WHERE x_File IN ("+newer+")")
		if err != nil {
			return err
		}
		if err := b.refuseLosses(ctx, "yielded", "newest", "newest", "this older file"); err != nil {
			return err
		}
	}
	return b.offer(ctx)
}

// within is the rows h that begin in the coverage c, and those of a day or less that reach into it:
// an export of a month has days where one of a day has hours.
const within = `h.first < c.last AND (h.first >= c.first OR h.last > c.first AND h.last <= h.first + INTERVAL 1 DAY)`

// otherSource is the held rows h that another source has booked of what the coverage c covers. A row of a month is of its days, too.
const otherSource = anotherView + ` AND h.first < c.last AND h.last > c.first`

// anotherView is the held rows h of another source that speak of the same dollars as the coverage c, at whatever time.
// Usage of two services (completions, embeddings) may come from two sources.
// A file that names no account may be of any, also of one that the same source has booked.
const anotherView = `(h.x_Source <> getvariable('file_source') OR (h.account IS NULL) <> (c.account IS NULL))
	AND (c.account IS NULL OR h.account IS NULL OR c.account = h.account)
	AND (NOT getvariable('file_by_service') OR c.scope IS NULL OR h.ServiceName IS NULL OR c.scope = h.ServiceName)`

// samePlace is the held rows h of what lay under the name of this file and is not in it: booked as a source that the configuration no longer has,
// or, of what people keep by hand (invoices, mapped sheets), under another provider or account. There a mistake was mended. Two vendors' exports
// may lie under one name, one after the other: those stay.
const samePlace = `h.x_File IN (SELECT x_File FROM files WHERE path = getvariable('file_path')) AND h.first < c.last AND h.last > c.first
	AND (NOT list_contains(getvariable('known_sources'), h.x_Source) AND h.scope IS NOT DISTINCT FROM c.scope
		OR getvariable('file_by_hand') AND h.x_Source = getvariable('file_source') AND NOT EXISTS (FROM coverage k
			WHERE k.ProviderName IS NOT DISTINCT FROM h.ProviderName AND k.account IS NOT DISTINCT FROM h.account AND (k.scope IS NOT DISTINCT FROM h.scope OR NOT getvariable('file_is_invoices'))))`

// sameSource is the held rows h of the same source that the coverage c replaces.
const sameSource = `h.x_Source = getvariable('file_source') AND ` + within + `
	AND h.account IS NOT DISTINCT FROM c.account AND h.scope IS NOT DISTINCT FROM c.scope`

// replaceOlder deletes what the file takes the place of: by id where the vendor
// has one, else by what it covers. Parts of one export do not replace each other.
func (b *booking) replaceOlder(ctx context.Context) error {
	if b.receipt.Booked == 0 && b.receipt.LeftOut == 0 {
		return nil
	}
	other := otherSource
	switch b.m.source.Role {
	case Outcomes:
		other = otherOutcome
	case Requests: // what another gateway saw stays
		other = "h.x_Source <> getvariable('file_source') AND " + within + " AND h.ServiceName IN (SELECT ServiceName FROM offered)"
	}
	const same = "h.ProviderName IS NOT DISTINCT FROM c.ProviderName"
	agree := same
	switch {
	case b.m.source.Role == Requests && b.opts.replace: // of a call in one view of a gateway another may know the provider
		agree = "true"
	case b.misplaced:
		agree, other = "true", "("+same+" AND "+other+" OR "+samePlace+")"
	}
	older := `SELECT DISTINCT h.* FROM held h JOIN coverage c ON ` + agree + `
		WHERE (` + same + ` AND ` + sameSource + ` OR getvariable('file_replaces') AND ` + other + `)`
	if len(b.m.source.ID) > 0 {
		// Another source may have seen the same call: it stays, for reports count it once.
		older = "SELECT * FROM held h WHERE id IN (SELECT id FROM offered) AND (h.x_Source = getvariable('file_source') OR getvariable('file_replaces'))"
		if b.m.source.Role == Outcomes { // ticket 101 of another source is another ticket
			older = `SELECT * FROM held h WHERE (h.x_Source = getvariable('file_source') AND id IN (SELECT id FROM offered)
				OR h.x_Source <> getvariable('file_source') AND getvariable('file_replaces') AND EXISTS (FROM coverage c WHERE ` + otherOutcome + `))`
		}
	}
	switch {
	case !b.opts.part || b.opts.replace:
	case b.m.source.Role != Outcomes: // a part takes the place of itself alone
		older += " AND (" + b.key("h") + ") IN (SELECT " + b.key("o") + " FROM offered o)"
	case len(b.m.source.ID) == 0: // counts have nothing by which to know the part again, but the name of its file
		older += " AND h.x_File IN (SELECT x_File FROM files WHERE path = " + quote(b.receipt.File) + ")"
	}
	err := b.exec(ctx, "CREATE OR REPLACE TEMP TABLE older AS "+older+
		" AND NOT list_contains(getvariable('file_parts'), h.x_File) AND h.x_File NOT IN ("+newer+")")
	if err != nil {
		return err
	}
	if b.receipt.Replaced, err = b.sums(ctx, "FROM older"); err != nil || len(b.receipt.Replaced) == 0 {
		return err
	}
	if len(b.m.source.ID) == 0 && !b.opts.replace {
		refuse := b.refuseDamaged
		if b.opts.part {
			refuse = b.refuseForeignPart
		}
		if err := refuse(ctx); err != nil {
			return err
		}
		if err := b.refuseLosses(ctx, "older", "offered", "spans", b.receipt.Replaced[0].File); err != nil {
			return err
		}
	}
	if err := b.exec(ctx, "DELETE FROM "+b.m.to.facts+" WHERE rowid IN (SELECT row FROM older)"); err != nil || !b.opts.replace || b.m.to.dollars == "" {
		return err
	}
	b.receipt.Beside, err = b.sums(ctx, "SELECT DISTINCT h.* FROM held h JOIN coverage c ON "+same+" AND "+anotherView+
		" AND h.first < date_trunc('month', c.last) + INTERVAL 1 MONTH AND h.last > date_trunc('month', c.first) WHERE h.x_File IN (SELECT x_File FROM older)")
	return err
}

// sums adds up held rows by file and currency.
func (b *booking) sums(ctx context.Context, held string) ([]Replacement, error) {
	rows, err := b.tx.QueryContext(ctx, `SELECT path, h.currency, count(*), sum(h.dollars)::DECIMAL(38,12)::VARCHAR
		FROM (`+held+`) h JOIN files USING (x_File) GROUP BY ALL ORDER BY ALL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Replacement
	for rows.Next() {
		var path string
		var currency, dollars sql.NullString
		var n int64
		if err := rows.Scan(&path, &currency, &n, &dollars); err != nil {
			return nil, err
		}
		if len(all) == 0 || all[len(all)-1].File != path {
			all = append(all, Replacement{File: path})
		}
		last := &all[len(all)-1]
		last.Rows += n
		if dollars.Valid {
			value, err := decimal.NewFromString(dollars.String)
			if err != nil {
				return nil, err
			}
			last.Dollars = append(last.Dollars, Amount{Currency: currency.String, Value: value})
		}
	}
	return all, rows.Err()
}

// key is the columns of a row that tell what it is about, as one text.
func (b *booking) key(row string) string {
	return "concat_ws(chr(31), coalesce(" + row + "." + strings.Join(identity(), ", ''), coalesce("+row+".") + ", ''))"
}
