package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// otherOutcome is the held rows h of an outcome of the coverage c that only --replace takes out: of another source, or of the
// same one where one side tells use cases apart and the other does not. Other outcomes of the same days are left alone.
const otherOutcome = `NOT (h.x_Source = getvariable('file_source') AND h.scope IS NOT DISTINCT FROM c.scope) AND ` + within + ` AND ` + overlapping + `
	AND (h.x_Source <> getvariable('file_source') OR split_part(h.scope, chr(31), 2) = '' OR split_part(c.scope, chr(31), 2) = '')`

// overlapping is rows h and c of one outcome, of one use case or with one side that knows none. The scope of an outcome is its name and use case.
const overlapping = `split_part(h.scope, chr(31), 1) = split_part(c.scope, chr(31), 1)
	AND (split_part(h.scope, chr(31), 2) IN ('', split_part(c.scope, chr(31), 2)) OR split_part(c.scope, chr(31), 2) = '')`

// refuseRegrouped refuses a file that counts by use case what another export of the same source counts for all of them, or
// the other way round: the older would stay beside it, and count twice.
func (b *booking) refuseRegrouped(ctx context.Context) error {
	if b.m.source.Role != Outcomes || b.opts.replace || b.opts.part || len(b.m.source.ID) > 0 {
		return nil
	}
	var path, outcome, useCase, first, last string
	err := b.tx.QueryRowContext(ctx, `SELECT f.path, split_part(h.scope, chr(31), 1), split_part(h.scope, chr(31), 2),
			min(h.first)::DATE::VARCHAR, max(h.last - INTERVAL 1 MICROSECOND)::DATE::VARCHAR
		FROM held h JOIN coverage c ON `+overlapping+` JOIN files f USING (x_File)
		WHERE h.x_Source = getvariable('file_source') AND h.scope <> c.scope AND `+within+`
			AND NOT list_contains(getvariable('file_parts'), h.x_File)
		GROUP BY ALL ORDER BY ALL LIMIT 1`).Scan(&path, &outcome, &useCase, &first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	held, now := "without a use case", "by use case"
	if useCase != "" {
		held, now = now, held
	}
	return fmt.Errorf("%w: %s counts %s from %s to %s %s, and this file counts it %s; together they would count twice\n"+
		"hint: keep one of the two; --replace puts this file in the place of the other; --parts books it beside the other, where it counts what belongs to no use case",
		ErrSameDollars, path, outcome, first, last, held, now)
}
