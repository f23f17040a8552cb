package gate

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
)

// A condition is a predicate that the database has read, and its terms: what its ANDs and ORs join.
type condition struct {
	sql   string
	terms []term
	facts []string // that it names
}

// A term is one of them. A comparison has two sides: the value and the limit.
type term struct {
	text, sql   string // for people, and for the database
	value, than string // SQL; empty where it compares nothing
}

// node is a part of the tree into which the database parses SQL.
type node = map[string]any

// condition has the database read the gate's predicate.
func (g Gate) condition(ctx context.Context, db *sql.DB) (condition, error) {
	c, err := parse(ctx, db, g.For, view(g.For), factNames(g.For), g.When)
	return c, hinted(err, g.When)
}

// factNames is what a condition may name.
func factNames(of string) []string {
	var names []string
	for _, f := range Facts()[of] {
		names = append(names, f.Name)
	}
	return names
}

// parse reads a predicate over the facts of a kind of subject, which are the columns `names` of a relation.
func parse(ctx context.Context, db *sql.DB, of, relation string, names []string, text string) (condition, error) {
	c := condition{sql: "(" + text + "\n)"}
	doc, root, err := tree(ctx, db, text+"\n")
	if err != nil {
		return c, err
	}
	if err := c.checkNames(of, names, root); err != nil {
		return c, err
	}
	var kind string
	err = db.QueryRowContext(ctx, "SELECT column_type FROM (DESCRIBE SELECT subject, "+c.sql+" AS met FROM "+relation+") WHERE column_name = 'met'").Scan(&kind)
	if err != nil {
		return c, errors.New(firstLine(err))
	}
	if kind != "BOOLEAN" {
		return c, fmt.Errorf("%q is no condition that holds or not: it is a %s", text, strings.ToLower(kind))
	}
	if _, err := db.ExecContext(ctx, "SELECT "+c.sql+" FROM "+example(of, names)); err != nil { // some texts are only read when they meet a value
		return c, errors.New(firstLine(err))
	}
	for _, n := range leaves(root) {
		var t term
		if t.sql, err = written(ctx, db, doc, n); err != nil {
			return c, err
		}
		t.text = quotedName.ReplaceAllString(t.sql, "$1")
		if err := db.QueryRowContext(ctx, "SELECT typeof("+t.sql+") FROM "+example(of, names)).Scan(&kind); err != nil {
			return c, errors.New(firstLine(err))
		}
		if kind != "BOOLEAN" {
			return c, fmt.Errorf("%q is no condition that holds or not: it is a %s", t.text, strings.ToLower(kind))
		}
		left, right := n["left"], n["right"]
		if n["class"] == "COMPARISON" {
			if t.value, err = written(ctx, db, doc, left.(node)); err == nil {
				t.than, err = written(ctx, db, doc, right.(node))
			}
			if err != nil {
				return c, err
			}
			if len(columns(left.(node))) == 0 { // 3000 < spend
				t.value, t.than = t.than, t.value
			}
		}
		c.terms = append(c.terms, t)
	}
	return c, nil
}

// quotedName is a fact whose name is also a word of SQL, such as prior.
var quotedName = regexp.MustCompile(`"([a-z_]+)"`)

// example is a row of facts of the right types.
func example(of string, names []string) string {
	values := map[string]string{"money": "1::DECIMAL(24,2)", "unit cost": "1::DECIMAL(38,12)", "ratio": "1::DOUBLE", "count": "1::BIGINT", "text": "'x'", "yes or no": "true"}
	var columns []string
	for i, name := range names {
		value := values["unit cost"] // a metric's
		if i < len(Facts()[of]) {
			value = values[Facts()[of][i].Kind]
		}
		columns = append(columns, value+" AS "+ident(name))
	}
	return "(SELECT " + strings.Join(columns, ", ") + ")"
}

// hinted adds what people write in the place of SQL.
func hinted(err error, text string) error {
	switch {
	case !errors.Is(err, errNotSQL):
		return err
	case strings.Contains(text, "%"):
		return fmt.Errorf("%w; write 0.20 for 20%%", err)
	case strings.Contains(text, "&&"), strings.Contains(text, "||"):
		return fmt.Errorf("%w; write AND and OR", err)
	}
	return err
}

// errNotSQL is of a text that the database cannot parse: an expectation may be in words.
var errNotSQL = errors.New("it is no SQL expression")

// tree parses an expression. The document around it is that of a plain SELECT, or the text was more than an expression.
func tree(ctx context.Context, db *sql.DB, expression string) (doc, root node, err error) {
	doc, err = serialized(ctx, db, "SELECT "+expression+" FROM facts")
	if err != nil {
		return nil, nil, err
	}
	plain, err := serialized(ctx, db, "SELECT (true) FROM facts")
	if err != nil {
		return nil, nil, err
	}
	list, _ := selected(doc)["select_list"].([]any)
	if len(list) != 1 || !bytes.Equal(around(doc), around(plain)) {
		return nil, nil, errors.New("it is one expression over facts, and no more than that")
	}
	root, _ = list[0].(node)
	if alias, _ := root["alias"].(string); alias != "" {
		return nil, nil, fmt.Errorf("%w: what is %q for?", errNotSQL, alias)
	}
	return doc, root, nil
}

func serialized(ctx context.Context, db *sql.DB, statement string) (node, error) {
	var text string
	if err := db.QueryRowContext(ctx, "SELECT json_serialize_sql(?::VARCHAR)::VARCHAR", statement).Scan(&text); err != nil {
		return nil, err
	}
	var doc node
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	if message, failed := doc["error_message"].(string); failed {
		return nil, fmt.Errorf("%w: %s", errNotSQL, strings.TrimPrefix(message, "Parser Error: "))
	}
	if selected(doc) == nil {
		return nil, errors.New("it is one expression, not several statements")
	}
	return doc, nil
}

// selected is the SELECT of a document of one statement.
func selected(doc node) node {
	statements, _ := doc["statements"].([]any)
	if len(statements) != 1 {
		return nil
	}
	s, _ := statements[0].(node)
	n, _ := s["node"].(node)
	return n
}

// around is a document without what it selects, and without the places in the text.
func around(doc node) []byte {
	n := maps.Clone(selected(doc))
	delete(n, "select_list")
	from, _ := n["from_table"].(node)
	from = maps.Clone(from)
	delete(from, "query_location")
	n["from_table"] = from
	text, err := json.Marshal(n)
	if err != nil {
		return nil
	}
	return text
}

// written is a part of the tree as SQL.
func written(ctx context.Context, db *sql.DB, doc, part node) (string, error) {
	n := maps.Clone(selected(doc))
	n["select_list"] = []any{part}
	text, err := json.Marshal(node{"error": false, "statements": []any{node{"node": n, "named_param_map": []any{}}}})
	if err != nil {
		return "", err
	}
	var statement string
	if err := db.QueryRowContext(ctx, "SELECT json_deserialize_sql(?::JSON)", string(text)).Scan(&statement); err != nil {
		return "", err
	}
	return bare(strings.TrimSuffix(strings.TrimPrefix(statement, "SELECT "), " FROM facts")), nil
}

// bare takes off the parentheses around a whole expression.
func bare(text string) string {
	if !strings.HasPrefix(text, "(") || !strings.HasSuffix(text, ")") {
		return text
	}
	depth := 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && i < len(text)-1 {
			return text
		}
	}
	return bare(text[1 : len(text)-1])
}

// leaves is the terms of a predicate.
func leaves(n node) []node {
	if n["class"] != "CONJUNCTION" {
		return []node{n}
	}
	var all []node
	children, _ := n["children"].([]any)
	for _, child := range children {
		if c, ok := child.(node); ok {
			all = append(all, leaves(c)...)
		}
	}
	return all
}

// columns is the facts that a part of the tree names, each once.
func columns(part any) []string {
	var all []string
	walk(part, func(n node) {
		if n["class"] == "COLUMN_REF" {
			names, _ := n["column_names"].([]any)
			if len(names) > 0 {
				all = append(all, strings.ToLower(fmt.Sprint(names[len(names)-1])))
			}
		}
	})
	slices.Sort(all)
	return slices.Compact(all)
}

func walk(part any, visit func(node)) {
	switch p := part.(type) {
	case node:
		visit(p)
		for _, key := range slices.Sorted(maps.Keys(p)) {
			walk(p[key], visit)
		}
	case []any:
		for _, item := range p {
			walk(item, visit)
		}
	}
}

// checkNames holds what the predicate names against the facts that there are.
func (c *condition) checkNames(of string, names []string, root node) error {
	var wrong error
	walk(root, func(n node) {
		switch n["class"] {
		case "SUBQUERY", "WINDOW", "STAR", "PARAMETER":
			wrong = errors.New("it compares the facts of one subject: no subquery, window, parameter or *")
		case "COLUMN_REF":
			if path, _ := n["column_names"].([]any); len(path) > 1 {
				wrong = fmt.Errorf("a fact is named by itself: %v", path[len(path)-1])
			}
		}
	})
	if wrong != nil {
		return wrong
	}
	c.facts = columns(root)
	if len(c.facts) == 0 {
		return errors.New("it names no fact, so that it is always or never met")
	}
	for _, name := range c.facts {
		if !slices.Contains(names, name) {
			return fmt.Errorf("no fact %q%s; the facts of a %s are %s", name, allocate.Nearest(name, names), of, strings.Join(names, ", "))
		}
	}
	return nil
}

// firstLine is what the database says, without its picture of a statement that the user did not write.
func firstLine(err error) string {
	message, _, _ := strings.Cut(err.Error(), "\n")
	return message
}
