package ingest

import (
	"context"
	"database/sql"
)

// A precedent is what the ledger has of the bytes of a file.
type precedent struct {
	files   []int64 // what a booking takes the place of
	name    string  // under which they were booked as the same source, if they were
	changed bool    // and the configuration had them read otherwise
}

// bookedBefore looks for the bytes of a file in the ledger. Two vendors may bill the same flat fee in the same words: what has another name and
// source is another file. What lies in the same place is the same file, whatever the configuration made of it then.
func bookedBefore(ctx context.Context, l *Ledger, o *opened, s Source, reading string) (p precedent, err error) {
	rows, err := l.DB.QueryContext(ctx, `SELECT x_File, path, source, CASE WHEN r.x_File IS NULL THEN '' ELSE reading END <> $4 FROM files LEFT JOIN file_readings r USING (x_File)
		WHERE sha256 = $1 AND (source = $2 OR path = $3 AND NOT $5) ORDER BY x_File`, o.sha256, s.Name, o.Name, reading, o.piped())
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var file int64
		var path, source string
		var changed sql.NullBool
		if err := rows.Scan(&file, &path, &source, &changed); err != nil {
			return p, err
		}
		p.files = append(p.files, file)
		if p.name == "" && source == s.Name {
			p.name, p.changed = path, changed.Bool
		}
	}
	return p, rows.Err()
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
