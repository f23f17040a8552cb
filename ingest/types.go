package ingest

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed types.sql
var typesSQL string

// A macro is one of types.sql.
type macro struct {
	name, statement string
	made            bool
}

// define makes the macros of types.sql that some SQL names, and those that these name in turn, unless they are made already. DuckDB binds each that
// it makes: all of them would take a fifth of the time in which a small file is booked. It is for outside of transactions, which may be rolled back.
func (l *Ledger) define(ctx context.Context, query string) error {
	const begin = "CREATE OR REPLACE TEMP MACRO "
	if l.types == nil {
		for _, text := range strings.Split(typesSQL, begin)[1:] {
			name, _, _ := strings.Cut(text, "(")
			l.types = append(l.types, macro{name: name, statement: begin + text})
		}
	}
	var needed []string
	for i, m := range slices.Backward(l.types) { // a macro names only those before it
		if strings.Contains(query, m.name+"(") {
			query += m.statement
			if !m.made {
				needed = append(needed, m.statement)
				l.types[i].made = true
			}
		}
	}
	if needed == nil {
		return nil
	}
	slices.Reverse(needed)
	if _, err := l.DB.ExecContext(ctx, strings.Join(needed, "")); err != nil {
		return fmt.Errorf("types.sql: %w", err)
	}
	return nil
}
