package ingest

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed source/*.sql
var embedded embed.FS

// A Role says what a source is evidence of, and so which relation it fills.
// Only billing is money.
type Role string

// The roles of evidence.
const (
	Billing  Role = "billing"
	Usage    Role = "usage"
	Requests Role = "requests"
	Invoice  Role = "invoice"
	Outcomes Role = "outcomes"
)

// Known is all of them.
func (Role) Known() []string {
	return []string{string(Billing), string(Usage), string(Requests), string(Invoice), string(Outcomes)}
}

// A Source is one export format of one vendor. Its header says what the file
// says: columns, types, the names under which vendors have shipped them. Its SQL
// says what that means: a SELECT over the relation raw that ends in the columns
// of the role's relation.
type Source struct {
	Name       string // the name of its file
	Title      string
	Get        string // how to get the export
	Docs       string
	Confidence string // what the format was learnt from
	Role       Role
	Formats    []string // csv, json, parquet; csv means any delimiter, json also one object a line
	Records    string   // json: the path to the records, such as data.results
	Columns    []Column
	Expect     map[string][]string // json: the values that a path may have in the file; none: the path must not be there
	Idle       []string            // csv: the whole header of an export without data, which lacks the other columns
	Ignore     string              // a predicate: rows that are no records, such as totals
	Day        string              // the column with the day of a row, idle ones too: what the file covers
	Scope      []string            // beside provider and account: columns within which a newer file replaces an older
	More       string              // the column of a page that says whether another follows
	ID         []string            // the columns that make a record unique, where the vendor has such
	Series     string              // csv: columns that the header cannot list: "dates", every heading that is one, or "columns", every other one
	Mixed      bool                // a bill that may hold more than AI
	Total      string              // an expression over all records, ignored ones too: the file's own total of its dollars, or NULL
	Path       string              // of the configuration: files of this path are this source, whatever they hold
	SQL        string

	comma     bool   // whether the numbers of a series have a decimal comma
	heading   string // the expression of the date that a heading of a series is; empty: heading_start
	asksDates bool   // whether a date such as 01/10/2026 is a reject, for nobody said which number is the day
}

// unknownReading stands for what nobody can compare.
const unknownReading = "unknown"

// reading is how the configuration has files of this source read, as a hash: its map, and what it keeps of a bill for more than AI. Of what
// it says nothing there is none.
func (s Source) reading(keep []Keep) string {
	var said []any
	if s.Path != "" {
		said = append(said, s.Role, s.Records, s.Columns, s.Ignore, s.comma, s.heading, s.asksDates, s.SQL) // and not which files those are
	}
	if s.Mixed && len(keep) > 0 {
		said = append(said, keep)
	}
	if said == nil {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%+v", said))) // maps are printed in their keys' order
}

// A Column is a field of a file: its name in SQL, its type, and the headers or
// paths under which it has been seen, the newest first.
type Column struct {
	Name     string
	Type     string
	From     []string
	Required bool
	currency string // of a map's money, where no column says it
}

// sourceHeader is the YAML comment at the top of a .sql file.
type sourceHeader struct {
	Title      string              `yaml:"title"`
	Get        string              `yaml:"get"`
	Docs       string              `yaml:"docs"`
	Confidence string              `yaml:"confidence"`
	Role       Role                `yaml:"role"`
	Format     []string            `yaml:"format"`
	Records    string              `yaml:"records"`
	Columns    yaml.Node           `yaml:"columns"`
	Optional   yaml.Node           `yaml:"optional"`
	Expect     map[string][]string `yaml:"expect"`
	Idle       []string            `yaml:"idle"`
	Ignore     string              `yaml:"ignore"`
	Day        string              `yaml:"day"`
	Scope      []string            `yaml:"scope"`
	More       string              `yaml:"more"`
	ID         string              `yaml:"id"` // several: "number, merged"
	Series     string              `yaml:"series"`
	Mixed      bool                `yaml:"mixed"`
	Total      string              `yaml:"total"`
}

// columnTypes are the words that a column's type may be; each is a macro of types.sql.
func columnTypes() []string {
	return []string{"text", "money", "foreign_money", "any_money", "comma_money", "number", "comma_number", "count", "comma_count", "day", "week", "month", "instant", "epoch", "flag", "json", "tags", "id", "key", "user", "provider"}
}

// Sources reads the embedded sources, sorted by name.
func Sources() ([]Source, error) {
	return SourcesIn(embedded, "source/*.sql")
}

// SourcesIn reads the files of a folder that match the glob as sources.
func SourcesIn(dir fs.FS, glob string) ([]Source, error) {
	names, err := fs.Glob(dir, glob)
	if err != nil {
		return nil, err
	}
	var sources []Source
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		s, err := ParseSource(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// ParseSource reads one source: a header in a comment, then a SELECT.
func ParseSource(name, text string) (Source, error) {
	header, sql, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), "/*"), "*/")
	if !ok {
		return Source{}, fmt.Errorf("a source begins with its header, between /* and */")
	}
	var h sourceHeader
	d := yaml.NewDecoder(bytes.NewReader([]byte(header)))
	d.KnownFields(true)
	if err := d.Decode(&h); err != nil {
		return Source{}, fmt.Errorf("header: %s", strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), " not found in type ingest.sourceHeader", " is unknown"))
	}
	s := Source{Name: name, Title: h.Title, Get: h.Get, Docs: h.Docs, Confidence: h.Confidence, Role: h.Role,
		Formats: h.Format, Records: h.Records, Expect: h.Expect, Idle: h.Idle, Ignore: h.Ignore, Day: h.Day,
		Scope: h.Scope, More: h.More, ID: words(h.ID), Series: h.Series, Mixed: h.Mixed, Total: h.Total, SQL: strings.TrimSuffix(strings.TrimSpace(sql), ";")}
	for _, group := range []struct {
		node     yaml.Node
		required bool
	}{{h.Columns, true}, {h.Optional, false}} {
		columns, err := parseColumns(group.node, group.required)
		if err != nil {
			return Source{}, fmt.Errorf("header: %w", err)
		}
		s.Columns = append(s.Columns, columns...)
	}
	return s, s.check()
}

// parseColumns reads `name: type header | other header`, in the order of the file.
func parseColumns(n yaml.Node, required bool) ([]Column, error) {
	var columns []Column
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i].Value, n.Content[i+1].Value
		kind, from, _ := strings.Cut(strings.TrimSpace(value), " ")
		c := Column{Name: name, Type: kind, Required: required}
		for f := range strings.SplitSeq(from, " | ") {
			if f = strings.TrimSpace(f); f != "" {
				c.From = append(c.From, f)
			}
		}
		if c.From == nil {
			c.From = []string{name}
		}
		if !slices.Contains(columnTypes(), kind) {
			return nil, fmt.Errorf("column %s: no type %q; the types are %s", name, kind, strings.Join(columnTypes(), ", "))
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// words is the parts of a text between commas.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// check says what a header lacks or names twice.
func (s Source) check() error {
	if _, ok := relations()[s.Role]; !ok {
		return fmt.Errorf("header: no role %q; the roles are billing, usage, requests, invoice, outcomes", s.Role)
	}
	if s.Series != "" && s.Series != "dates" && s.Series != "columns" {
		return fmt.Errorf("header: series %q; it is dates or columns", s.Series)
	}
	if s.Role == Outcomes && s.Scope != nil {
		return fmt.Errorf("header: no scope for outcomes: their files replace each other by outcome and use case")
	}
	if s.Title == "" || len(s.Formats) == 0 || len(s.required()) == 0 && s.Path == "" || s.SQL == "" {
		return fmt.Errorf("header: a source needs title, format, columns and a SELECT")
	}
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if seen[strings.ToLower(c.Name)] {
			return fmt.Errorf("header: column %s stands twice", c.Name)
		}
		seen[strings.ToLower(c.Name)] = true
	}
	for _, name := range append([]string{s.Day, s.More}, s.ID...) {
		if name != "" && !seen[strings.ToLower(name)] {
			return fmt.Errorf("header: no column %s", name)
		}
	}
	return nil
}

func (s Source) required() []Column {
	return slices.DeleteFunc(slices.Clone(s.Columns), func(c Column) bool { return !c.Required })
}

func (s Source) reads(format string) bool { return slices.Contains(s.Formats, format) }
