package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// replaceHint is what to do where two files hold the same.
const replaceHint = "\nhint: keep one of the two; --replace puts this file in the place of the other; --parts, with both in one run, books it as a part of the same export"

// refuseLosses refuses that the rows of one relation go because of those of another, which say less of the same. Spans is when the other speaks.
func (b *booking) refuseLosses(ctx context.Context, going, staying, spans, holder string) error {
	if err := b.refuseGrazed(ctx, going, spans, holder); err != nil || b.opts.part {
		return err
	}
	if err := b.refuseFewerParts(); err != nil {
		return err
	}
	if err := b.refuseLoss(ctx, going, staying, holder); err != nil {
		return err
	}
	return b.refuseBrokenDay(ctx, going, staying, spans, holder)
}

// refuseFewerParts refuses that what was booked of more parts of an export goes because of fewer of them, which come to less: the others were put away.
// A twentieth is what a newer export may have less of by itself, and an archive has the parts of one.
func (b *booking) refuseFewerParts() error {
	p, ok := Input{Name: strings.TrimSuffix(b.in.Name, b.in.more())}.part()
	if !ok || b.in.Archive != "" {
		return nil
	}
	for _, old := range b.receipt.Replaced {
		m := partsName.FindStringSubmatch(old.File)
		if m == nil {
			continue
		}
		more, err := strconv.Atoi(m[2])
		if err != nil || more <= b.in.Parts {
			continue
		}
		less := len(old.Dollars) == 0 && 20*b.receipt.Booked < 19*old.Rows
		for i, d := range old.Dollars {
			less = less || len(b.receipt.Dollars) != len(old.Dollars) || b.receipt.Dollars[i].Value.LessThan(d.Value.Mul(decimal.New(95, -2)))
		}
		if of, ok := (Input{Name: m[1]}).part(); less && ok && of.export == p.export {
			return fmt.Errorf("%w: %s is of %d parts, and here are %d of them, which come to less\n"+
				"hint: ingest all parts together; if these were left over from an older export, take them away; --replace puts these in the place of the others", ErrSameDollars, old.File, more+1, b.in.Parts+1)
		}
	}
	return nil
}

// refuseForeignPart refuses that a part takes the place of lines that another file of the same export has booked: whether those are another part or an
// older version of this one, nobody can tell.
func (b *booking) refuseForeignPart(ctx context.Context) error {
	if b.m.source.Role == Outcomes {
		return nil
	}
	var path, day sql.NullString
	err := b.tx.QueryRowContext(ctx, "SELECT min(path), min(first)::DATE::VARCHAR FROM older JOIN files USING (x_File) WHERE path <> "+quote(b.receipt.File)).Scan(&path, &day)
	if err != nil || !path.Valid {
		return err
	}
	return fmt.Errorf("%w: %s holds lines of the same days (from %s) that this part has, too\n"+
		"hint: if it is another part of the same export, ingest both in one run; if this is a newer version of it, --parts --replace puts the files of one run in the place of what is older",
		ErrSameDollars, path.String, day.String)
}

// refuseLoss refuses that the rows of one relation go because of those of another, where the two are
// not two exports of the same thing: in another grouping, of other projects, or of other rows altogether.
func (b *booking) refuseLoss(ctx context.Context, going, staying, holder string) error {
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
			ErrSameDollars, holder, strings.Join(lost, " and "), replaceHint)
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
			ErrSameDollars, holder, projects.String, replaceHint)
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
			ErrSameDollars, 100*share, holder, replaceHint)
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

// refuseBrokenDay refuses that a day goes because of a part of that day. Where a file begins and ends it may have cut a day in two: of what is held
// of its first and last day it must have nine tenths of the lines (and hours, where both have those), and half of the dollars. Days between were
// exported whole; so were the days of a billing period, whose lines clouds write anew when it is settled: of those half is enough, too.
func (b *booking) refuseBrokenDay(ctx context.Context, going, staying, spans, holder string) error {
	if b.m.source.Role != Billing && b.m.source.Role != Usage {
		return nil
	}
	var day string
	var share float64
	rows := func(of string) string {
		return fmt.Sprintf(`SELECT (ProviderName, account, scope)::VARCHAR AS holder, try_cast(scope AS TIMESTAMP) IS NOT NULL AS settled, date_trunc('day', first) AS day, first, last - first <= INTERVAL 1 HOUR AS hourly,
				%s AS key, coalesce(abs(dollars), 1)::DOUBLE AS weight
			FROM %s r WHERE last - first <= INTERVAL 1 DAY`, b.key("r"), of)
	}
	err := b.tx.QueryRowContext(ctx, fmt.Sprintf(`WITH edges AS (
			SELECT DISTINCT (ProviderName, account, scope)::VARCHAR AS holder, unnest([min(date_trunc('day', first)), max(date_trunc('day', first))]) AS day FROM %s
			GROUP BY ProviderName, account, scope
		), told AS (
			FROM (%s) SEMI JOIN edges USING (holder, day)
		), days AS (
			SELECT holder, day, bool_or(hourly) AS by_hour, sum(weight) AS weight FROM told GROUP BY ALL
		), lines AS (
			SELECT DISTINCT holder, day, key, true AS told FROM told
		), hours AS (
			SELECT DISTINCT holder, day, key, first, true AS told FROM told
		), shares AS (
			SELECT day, any_value(g.settled) AS settled, coalesce(sum(g.weight) FILTER (WHERE lines.told IS NULL OR g.hourly AND d.by_hour AND hours.told IS NULL), 0) / sum(g.weight) AS of_lines,
				1 - coalesce(any_value(d.weight), 0) / sum(g.weight) AS of_dollars
			FROM (%s) g SEMI JOIN edges USING (holder, day) LEFT JOIN days d USING (holder, day) LEFT JOIN lines USING (holder, day, key) LEFT JOIN hours USING (holder, day, key, first)
			GROUP BY holder, day HAVING sum(g.weight) > 0
		)
		SELECT day::DATE::VARCHAR, greatest(of_lines, of_dollars) FROM shares WHERE of_lines > CASE WHEN settled THEN 0.5 ELSE 0.1 END OR of_dollars > 0.5 ORDER BY day LIMIT 1`,
		spans, rows(staying), rows(going))).Scan(&day, &share)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %.0f%% of what %s holds of %s, a day on which the newer file begins or ends, is not in it; it may have a part of that day alone%s",
		ErrSameDollars, 100*share, holder, day, replaceHint)
}
