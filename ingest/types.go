package ingest

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

//go:embed types.sql
var typesSQL string

// A macro is one of types.sql.
type macro struct {
	name, statement string
	words           map[string]bool // of the statement
	made            bool
}

// define makes the macros of types.sql that some SQL names, and those that these name in turn, unless they are made already. DuckDB binds each that
// it makes: all of them would take a fifth of the time in which a small file is booked. It is for outside of transactions, which may be rolled back.
func (l *Ledger) define(ctx context.Context, queries ...string) error {
	const begin = "CREATE OR REPLACE TEMP MACRO "
	if l.types == nil {
		for _, text := range strings.Split(typesSQL, begin)[1:] {
			name, _, _ := strings.Cut(text, "(")
			l.types = append(l.types, macro{name: name, statement: begin + text, words: sqlWords(text)})
		}
	}
	named := sqlWords(queries...)
	var missing []int
	for i, m := range slices.Backward(l.types) { // a macro names only those before it
		if !named[m.name] {
			continue
		}
		maps.Copy(named, m.words)
		if !m.made {
			missing = append(missing, i)
		}
	}
	if missing == nil {
		return nil
	}
	var statements strings.Builder
	for _, i := range slices.Backward(missing) {
		statements.WriteString(l.types[i].statement)
	}
	if _, err := l.DB.ExecContext(ctx, statements.String()); err != nil {
		return fmt.Errorf("types.sql: %w", err)
	}
	for _, i := range missing {
		l.types[i].made = true
	}
	return nil
}

// sqlWords is the words of some SQL in lower case, for it takes AS_MONEY (x) and "as_money"(x) as well. A column or a comment that is called
// like a macro costs the time to make that, and nothing else.
func sqlWords(queries ...string) map[string]bool {
	words := map[string]bool{}
	for _, q := range queries {
		for w := range strings.FieldsFuncSeq(strings.ToLower(q), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words[w] = true
		}
	}
	return words
}
