package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// A precedent is what the ledger has of the bytes of a file.
type precedent struct {
	files   []int64 // what a booking takes the place of
	name    string  // under which they were booked as the same source, if they were
	changed bool    // and the configuration had them read otherwise
}

// know tells the database which sources there are: what was booked as another was of a configuration that has changed since.
func (l *Ledger) know(ctx context.Context, sources []Source) error {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = quote(s.Name)
	}
	_, err := l.DB.ExecContext(ctx, "SET VARIABLE known_sources = ["+strings.Join(names, ", ")+"]::VARCHAR[]")
	return err
}

// bookedBefore looks for the bytes of a file in the ledger. Two vendors may bill the same flat fee in the same words: what is of another source is
// another file, but for one in the same place, in the same role, and of a source that the configuration no longer has: there a mistake was mended.
// What lay in the same place, made way for something else there, and is back since, is the newest.
func bookedBefore(ctx context.Context, l *Ledger, o *opened, s Source, reading string) (p precedent, err error) {
	place := o.Name
	if o.piped() {
		place = ""
	}
	rows, err := l.DB.QueryContext(ctx, `SELECT x_File, path, source, CASE WHEN r.x_File IS NULL THEN '' ELSE reading END <> nullif($4, 'unknown'),
			path = $3 AND EXISTS (FROM files n WHERE n.path = files.path AND n.source = files.source AND n.x_File > files.x_File AND n.modified_at < $6)
		FROM files LEFT JOIN file_readings r USING (x_File)
		WHERE sha256 = $1 AND (source = $2 OR path = $3 AND role = $5 AND NOT list_contains(getvariable('known_sources'), source)) ORDER BY x_File`,
		o.sha256, s.Name, place, reading, string(s.Role), o.Modified.UTC())
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var file int64
		var path, source string
		var changed sql.NullBool
		var back bool
		if err := rows.Scan(&file, &path, &source, &changed, &back); err != nil {
			return p, err
		}
		p.files = append(p.files, file)
		if p.name == "" && source == s.Name && !back {
			p.name, p.changed = path, changed.Bool
		}
	}
	return p, rows.Err()
}

// noteMended notes what of these bytes was booked as a source that is no more: the reader is told that it goes.
func (b *booking) noteMended(ctx context.Context) error {
	rows, err := b.tx.QueryContext(ctx, "SELECT path, booked, currency, amount::VARCHAR FROM files WHERE list_contains($1::INTEGER[], x_File) AND source <> $2 ORDER BY x_File",
		strings.ReplaceAll(fmt.Sprint(b.opts.again), " ", ", "), b.m.source.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var old Replacement
		var currency, amount sql.NullString
		if err := rows.Scan(&old.File, &old.Rows, &currency, &amount); err != nil {
			return err
		}
		if value, err := decimal.NewFromString(amount.String); err == nil {
			old.Dollars = []Amount{{Currency: currency.String, Value: value}}
		}
		b.mended = append(b.mended, old)
	}
	return rows.Err()
}

// bookedOf is the files of the ledger that have the bytes of a member of an archive.
func bookedOf(ctx context.Context, l *Ledger, inputs []Input, archive string) ([]int64, error) {
	files := []int64{}
	for _, in := range inputs {
		if in.Archive != archive {
			continue
		}
		o := opened{Input: in}
		if err := o.hash(); err != nil {
			continue // open says what is wrong with it
		}
		var found sql.NullInt64
		err := l.DB.QueryRowContext(ctx, "SELECT max(x_File) FROM files WHERE sha256 = ?", o.sha256).Scan(&found)
		if err != nil {
			return nil, err
		}
		if found.Valid {
			files = append(files, found.Int64)
		}
	}
	return files, nil
}
