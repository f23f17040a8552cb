package ingest

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

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

// refuseLoss refuses that the rows of one relation go because of those of another, where the two are
// not two exports of the same thing: in another grouping, of other projects, or of other rows altogether.
func (b *booking) refuseLoss(ctx context.Context, going, staying, holder string) error {
	const hint = "\nhint: keep one of the two; --replace puts this file in the place of the other; --parts books it as a part of the same export"
	var lost []string
	for _, c := range identity() {
		var before, after bool
		err := b.tx.QueryRowContext(ctx, fmt.Sprintf("SELECT (SELECT bool_or(%[1]s IS NOT NULL) FROM %[2]s), (SELECT coalesce(bool_or(%[1]s IS NOT NULL), false) FROM %[3]s)", c, going, staying)).Scan(&before, &after)
		if err != nil {
			return err
		}
		if before && !after {
			lost = append(lost, map[string]string{"SubAccountId": "project", "x_ApiKeyId": "key", "ChargeDescription": "line item", "x_Model": "model", "ResourceId": "resource", "x_User": "user", "ServiceName": "service"}[c])
		}
	}
	if len(lost) > 0 {
		return fmt.Errorf("%w: %s holds the same period grouped by %s, which the newer file does not tell apart; together they would count twice%s",
			ErrSameDollars, holder, strings.Join(lost, " and "), hint)
	}
	// What is left of one month says nothing of another: a part of last month's export may still lie beside the parts of this one.
	var projects sql.NullString
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT string_agg(DISTINCT SubAccountId, ', ' ORDER BY SubAccountId) FROM (
		SELECT SubAccountId, date_trunc('month', first) AS month FROM %s WHERE SubAccountId IS NOT NULL GROUP BY ALL HAVING coalesce(sum(abs(dollars)), 1) > 0
		EXCEPT SELECT SubAccountId, date_trunc('month', first) FROM %s)`, going, staying)).Scan(&projects)
	if err != nil {
		return err
	}
	if projects.Valid {
		return fmt.Errorf("%w: %s holds project %s in the same period, of which the newer file says nothing; replacing would lose them%s",
			ErrSameDollars, holder, projects.String, hint)
	}
	var share float64
	key := func(row string) string { return b.key(row) + " || strftime(" + row + ".first, '%Y-%m')" }
	err = b.tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT coalesce(sum(weight) FILTER (WHERE key NOT IN (SELECT %s FROM %s s)) / nullif(sum(weight), 0), 0)::DOUBLE
		FROM (SELECT %s AS key, coalesce(abs(dollars), 1)::DOUBLE AS weight FROM %s g)`, key("s"), staying, key("g"), going)).Scan(&share)
	if err != nil {
		return err
	}
	if share > 0.5 {
		return fmt.Errorf("%w: %.0f%% of what %s holds of the same period is not in the newer file; it looks like another part of the same export%s",
			ErrSameDollars, 100*share, holder, hint)
	}
	return nil
}

// refuseGrazed refuses that most days of a month go because of a file that says nothing of them: a correction of the fifth, in the export of
// the month after, makes a file speak for all the days between, too. One or two days may have been withdrawn; but not of a month that the file only
// touches, with less than a quarter of the days that it has of its fullest.
func (b *booking) refuseGrazed(ctx context.Context, going, staying, holder string) error {
	var month string
	var silent, held int
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`WITH told AS (
			SELECT DISTINCT ProviderName, account, scope, unnest(generate_series(begins, ends, INTERVAL 1 DAY)) AS day
			FROM (SELECT DISTINCT ProviderName, account, scope, date_trunc('day', first) AS begins, greatest(date_trunc('day', first), last - INTERVAL 1 MICROSECOND) AS ends FROM %[2]s)
		), months AS (
			SELECT ProviderName, account, scope, date_trunc('month', day) AS month, count(*) AS days FROM told GROUP BY ALL
		), full_months AS (
			SELECT * FROM months QUALIFY 4 * days >= max(days) OVER (PARTITION BY ProviderName, account, scope)
		), gone AS (
			SELECT DISTINCT ProviderName, account, scope, date_trunc('month', first) AS month, date_trunc('day', first) AS day FROM %[1]s WHERE dollars IS DISTINCT FROM 0
		), held AS (
			SELECT gone.month, told.day IS NULL AS lost, m.month IS NULL AS grazed
			FROM gone LEFT JOIN full_months m ON (gone.ProviderName, gone.account, gone.scope) IS NOT DISTINCT FROM (m.ProviderName, m.account, m.scope) AND gone.month = m.month
				LEFT JOIN told ON (gone.ProviderName, gone.account, gone.scope) IS NOT DISTINCT FROM (told.ProviderName, told.account, told.scope) AND gone.day = told.day
		)
		SELECT strftime(month, '%%Y-%%m'), count(*) FILTER (lost), count(*) FROM held
		GROUP BY month, grazed HAVING 2 * count(*) FILTER (lost) >= count(*) AND count(*) FILTER (lost) >= CASE WHEN grazed THEN 1 ELSE 3 END
		ORDER BY month LIMIT 1`, going, staying)).Scan(&month, &silent, &held)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s holds %d days of %s for which the newer file would stand, and it has nothing on %d of them; replacing would lose them\n"+
		"hint: export both months into one file, or put the rows that correct %[4]s into its own export; --replace puts this file in the place of the other",
		ErrSameDollars, holder, held, month, silent)
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
