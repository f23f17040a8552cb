package ingest

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed query/*.sql
var embeddedQueries embed.FS

// A Query is the SQL by which a database groups its own logs, so that what attribution needs leaves it and nothing else. What it gives is read
// by a source, as any file is.
type Query struct {
	Name   string // whose tables: litellm
	Engine string // whose SQL: postgres
	Title  string
	Tried  string // on which version it was run
	sql    string // with its header, and with {from} and {to} where the dates belong
}

// Queries reads the embedded queries, sorted by name and engine.
func Queries() ([]Query, error) {
	names, err := fs.Glob(embeddedQueries, "query/*.sql")
	if err != nil {
		return nil, err
	}
	var queries []Query
	for _, name := range names {
		text, err := fs.ReadFile(embeddedQueries, name)
		if err != nil {
			return nil, err
		}
		q, err := parseQuery(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		queries = append(queries, q)
	}
	return queries, nil
}

// parseQuery reads one query: a header in a comment, then a SELECT. Its first character must be no hyphen, or clients would take it for a flag.
func parseQuery(name, text string) (Query, error) {
	header, _, ok := strings.Cut(strings.TrimPrefix(text, "/*"), "*/")
	if !ok || !strings.HasPrefix(text, "/*") {
		return Query{}, fmt.Errorf("a query begins with its header, between /* and */")
	}
	q := Query{sql: strings.TrimSpace(text)}
	if q.Name, q.Engine, ok = strings.Cut(name, "."); !ok {
		return Query{}, fmt.Errorf("the file of a query is named NAME.ENGINE.sql")
	}
	// Who prints the query reads the header with it: the command that joins the database's client with ours, what its user may have to read, what
	// a row is, and what does not leave the database.
	var h struct{ Title, Run, Needs, Tried, About string }
	d := yaml.NewDecoder(bytes.NewReader([]byte(header)))
	d.KnownFields(true)
	if err := d.Decode(&h); err != nil {
		return Query{}, fmt.Errorf("header: %w", err)
	}
	if slices.Contains([]string{h.Title, h.Run, h.Needs, h.Tried, h.About}, "") {
		return Query{}, fmt.Errorf("header: a query needs title, run, needs, tried and about")
	}
	q.Title, q.Tried = h.Title, h.Tried
	return q, nil
}

// Over is the query over the days from one to the other, which is not in it. Nothing but two dates goes into the text.
func (q Query) Over(from, to time.Time) string {
	return strings.NewReplacer("{from}", from.Format(time.DateOnly), "{to}", to.Format(time.DateOnly)).Replace(q.sql)
}
