package ingest

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// refuseSameDollars refuses a file that describes money or usage which another
// source has booked for the same provider, account and time: adding it would count a dollar twice.
func (b *booking) refuseSameDollars(ctx context.Context) error {
	if b.opts.replace || (b.m.source.Role != Billing && b.m.source.Role != Usage) {
		return nil
	}
	var path, source, provider, first, last sql.NullString
	err := b.tx.QueryRowContext(ctx, `SELECT min(f.path), min(f.source), min(h.ProviderName), min(h.first)::DATE::VARCHAR, max(h.first)::DATE::VARCHAR
		FROM held h JOIN coverage c ON h.ProviderName = c.ProviderName JOIN files f USING (x_File)
		WHERE `+otherSource).Scan(&path, &source, &provider, &first, &last)
	if err != nil || !path.Valid {
		return err
	}
	what := map[Role]string{Billing: "dollars", Usage: "usage"}[b.m.source.Role]
	return fmt.Errorf("%w: %s holds the %s of %s from %s to %s as %s, and this file describes the same as %s; together they would count twice\n"+
		"hint: keep one of the two; --replace puts this file in the place of the other; if they are different accounts, name both with --account (the booked one with --again)",
		ErrSameDollars, path.String, what, provider.String, first.String, last.String, source.String, b.receipt.Source)
}

// refuseOverlap refuses a member of an archive that has, on the days of another, mostly the same lines: members of one archive add up, and two exports
// that overlap would count twice. Lines that stand more than once in the file anyway say nothing.
func (b *booking) refuseOverlap(ctx context.Context) error {
	if b.opts.replace || b.opts.part || len(b.opts.parts) == 0 || b.m.source.Role != Billing && b.m.source.Role != Usage || len(b.m.source.ID) > 0 {
		return nil
	}
	lines := func(of, columns string) string {
		return fmt.Sprintf(`SELECT %[2]s(ProviderName, account, scope)::VARCHAR AS holder, %[3]s AS key, first, last, sum(dollars) AS dollars, count(*) AS lines
			FROM %[1]s r GROUP BY ALL`, of, columns, b.key("r"))
	}
	var path, from, to sql.NullString
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`WITH offers AS (%s), others AS (FROM (%s) WHERE list_contains(getvariable('file_parts'), x_File) AND x_Source = getvariable('file_source')),
		shared AS (
			SELECT o.*, h.x_File, h.key IS NOT NULL AND (replace(o.key, chr(31), '') <> '' OR o.dollars = h.dollars) AS twice
			FROM offers o JOIN (SELECT DISTINCT x_File, holder, date_trunc('day', first) AS day FROM others) d ON d.holder = o.holder AND d.day = date_trunc('day', o.first)
				LEFT JOIN others h ON h.x_File = d.x_File AND h.holder = o.holder AND h.key = o.key AND h.first = o.first AND h.last = o.last
		)
		SELECT any_value(path), min(first)::DATE::VARCHAR, max(first)::DATE::VARCHAR FROM shared JOIN files USING (x_File)
		GROUP BY x_File HAVING max(lines) = 1 AND 2 * count(*) FILTER (twice) > count(*) ORDER BY ALL LIMIT 1`,
		lines("offered", ""), lines("held", "x_File, x_Source, "))).Scan(&path, &from, &to)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s, out of the same archive, has the same lines from %s to %s; together they would count twice\n"+
		"hint: keep the newer of the two; if both count, --parts books them beside each other", ErrSameDollars, path.String, from.String, to.String)
}

// refuseSumsOfCalls refuses that a gateway's calls and its own sums of them stand side by side: what has no ids cannot be known again
// in what has, so each call would claim its dollars twice.
func (b *booking) refuseSumsOfCalls(ctx context.Context) error {
	if b.opts.replace || b.m.source.Role != Requests {
		return nil
	}
	var others bool
	err := b.tx.QueryRowContext(ctx, "SELECT count(*) > 0 FROM files WHERE role = 'requests' AND source <> getvariable('file_source')").Scan(&others)
	if err != nil || !others {
		return err
	}
	var path, source, gateway, first sql.NullString
	err = b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT min(f.path), min(f.source), min(h.ServiceName), min(h.first)::DATE::VARCHAR
		FROM held h JOIN files f USING (x_File) JOIN (SELECT DISTINCT ServiceName, first FROM offered) o ON h.ServiceName = o.ServiceName AND h.first = o.first
		WHERE h.x_Source <> getvariable('file_source') AND (%t OR h.id IS NULL)`, len(b.m.source.ID) == 0)).Scan(&path, &source, &gateway, &first)
	if err != nil || !path.Valid {
		return err
	}
	return fmt.Errorf("%w: %s holds calls of %s from %s on as %s, and this file has the same as %s, one of the two as sums without ids; together they would claim their dollars twice\n"+
		"hint: keep one of the two; --replace puts this file in the place of the other", ErrSameDollars, path.String, gateway.String, first.String, source.String, b.receipt.Source)
}

// refuseSamePlace refuses that what lay under the file's name stays beside it as the dollars of another: a provider or account that was misspelt
// in the configuration or in a sheet that is kept by hand would count twice as soon as it is mended.
func (b *booking) refuseSamePlace(ctx context.Context) error {
	role := b.m.source.Role
	if role != Billing && role != Usage && role != Invoice || len(b.m.source.ID) > 0 || b.opts.part {
		return nil
	}
	var source, what, first, last sql.NullString
	err := b.tx.QueryRowContext(ctx, `SELECT min(h.x_Source), min_by(concat_ws(', account ', h.ProviderName, h.account), h.x_Source), min(h.first)::DATE::VARCHAR, max(h.last - INTERVAL 1 MICROSECOND)::DATE::VARCHAR
		FROM held h, coverage c WHERE `+samePlace).Scan(&source, &what, &first, &last)
	if b.misplaced = source.Valid; err != nil || !b.misplaced || b.opts.replace {
		return err
	}
	return fmt.Errorf("%w: what lay under this name was booked from %s to %s as source %s, provider %s, and this file has nothing of those; both would count\n"+
		"hint: if this is the same file with a mistake mended, --replace puts it in the place of the other; if both are to count, give one another name",
		ErrSameDollars, first.String, last.String, source.String, what.String)
}

// refuseDamaged refuses that a file with rejects takes the place of one with fewer: an export that was cut
// short or garbled on its way is newer than the good one, and worth less.
func (b *booking) refuseDamaged(ctx context.Context) error {
	if b.receipt.Rejected == 0 || b.m.source.Role == Invoice { // a sheet that is kept by hand is no download
		return nil
	}
	var before int64
	err := b.tx.QueryRowContext(ctx, "SELECT max(rejected) FROM files WHERE x_File IN (SELECT x_File FROM older)").Scan(&before)
	if err == nil && before < b.receipt.Rejected {
		return fmt.Errorf("%w: %d of them, where %s, in whose place the file would go, has %d; the first is %s\nhint: download it again; --replace takes it as it is",
			ErrRejects, b.receipt.Rejected, b.receipt.Replaced[0].File, before, b.receipt.FirstReject)
	}
	return err
}

// refuseTornEnd refuses a file without a line break at its end whose last record does not fit, or may be half a figure: of 12.34 a download
// that was cut short has 12.3, and what comes after it is missing, too.
func (b *booking) refuseTornEnd(ctx context.Context) error {
	var last sql.NullInt64
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT record FROM (
			SELECT record, ignored FROM numbered UNION ALL SELECT record, false FROM torn ORDER BY record DESC LIMIT 1)
		WHERE record IN (SELECT record FROM rejected) OR %t AND NOT ignored`, b.opts.cut)).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("ends in the middle of record %d, as a download that was cut short, and nothing of it is booked\nhint: download it again; if it is whole, end it with a line break", last.Int64)
}

// refuseWrongTotal refuses a file whose records do not add up to what it says itself that they do: some are missing, or were read
// wrongly. Half a cent is how totals are rounded. Where records were rejected the receipt tells.
func (b *booking) refuseWrongTotal(ctx context.Context) error {
	if b.m.source.Total == "" {
		return nil
	}
	var said, sum sql.NullString
	var differs sql.NullBool
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT said::VARCHAR, sum::VARCHAR, abs(said - sum) > 0.005 FROM (
		SELECT (SELECT %s FROM numbered WHERE problem IS NULL)::DECIMAL(38,12) AS said, (SELECT coalesce(sum(%s), 0) FROM mapped)::DECIMAL(38,12) AS sum)`,
		b.m.source.Total, ident(b.m.to.dollars))).Scan(&said, &sum, &differs)
	if err == nil && differs.Bool && b.receipt.Rejected > 0 {
		b.receipt.OwnTotal = trimZeros(said.String)
		return nil
	}
	if err == nil && differs.Bool {
		return fmt.Errorf("its own total is %s, and its records add up to %s; nothing is booked\nhint: download it again; if it was edited, mend it", trimZeros(said.String), trimZeros(sum.String))
	}
	return err
}

func trimZeros(amount string) string {
	d, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	return d.String()
}

// manyRejects is how many records must not fit before they speak against the whole file.
const manyRejects = 15

// refuseUnfit refuses a file of which most records cannot be read: then the rest was hardly read as it was meant. What can be read, and is no
// charge by what the source knows, says nothing against the others; but of a map all may be a mistake.
func (b *booking) refuseUnfit(ctx context.Context) error {
	r := b.receipt
	if r.Rejected < manyRejects || b.opts.replace {
		return nil
	}
	unfit := r.Rejected
	if b.m.source.Path == "" {
		err := b.tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM torn) + (SELECT count(*) FROM numbered WHERE problem IS NOT NULL)").Scan(&unfit)
		if err != nil {
			return err
		}
	}
	if unfit < manyRejects || 2*unfit <= r.Records {
		return nil
	}
	return fmt.Errorf("%w: %d of %d do not fit, the first is %s; nothing is booked%s", ErrRejects, unfit, r.Records, r.FirstReject,
		cmp.Or(r.commaHint(), "\nhint: the rest was hardly read as it was meant: download it again, or mend date_format, decimal or columns of its map; --replace takes it as it is"))
}
