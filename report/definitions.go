package report

import (
	_ "embed" // the definitions
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"go.yaml.in/yaml/v3"
)

//go:embed definitions.yaml
var definitionsYAML []byte

// A Glossary says what columns mean: by name, or by table.name where a table means something of its own.
type Glossary map[string]string

// Definitions is the program's glossary.
func Definitions() (Glossary, error) {
	var g Glossary
	if err := yaml.Unmarshal(definitionsYAML, &g); err != nil {
		return nil, fmt.Errorf("definitions: %w", err)
	}
	return g, nil
}

// meaning is what a column means; empty where nobody has said.
func (g Glossary) meaning(of string, c table.Column) string {
	if own, ok := g[of+"."+c.Name]; ok {
		return own
	}
	return g[c.Name]
}

// monthName is a column that is a month: it needs no explanation.
var monthName = regexp.MustCompile(`^\d{4}-\d{2}$`)

// A Named table is one that readers know by a name, such as that of its sheet.
type Named struct {
	Name  string
	Table table.Table
}

// Table defines the columns of some tables and of their details, each column once where it means the same everywhere.
func (g Glossary) Table(tables []Named) table.Table {
	t := table.Table{Report: "definitions", Title: "What the columns mean", Columns: []table.Column{{Name: "column"}, {Name: "sheet", Heading: "In"}, {Name: "meaning"}}}
	for _, of := range tables {
		for _, one := range append([]table.Table{of.Table}, of.Table.Details...) {
			for _, c := range one.Undrawn().Columns {
				if !monthName.MatchString(c.Name) {
					g.define(&t, of.Name, g.meaning(one.Report, c), c)
				}
			}
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b []any) int {
		return strings.Compare(strings.ToLower(a[0].(string)), strings.ToLower(b[0].(string)))
	})
	return t
}

// define adds a column, or the name to the row that says the same.
func (g Glossary) define(t *table.Table, of, meaning string, c table.Column) {
	for _, row := range t.Rows {
		if row[0] == c.Label() && row[2] == meaning {
			if in := row[1].(string); !slices.Contains(strings.Split(in, ", "), of) {
				row[1] = in + ", " + of
			}
			return
		}
	}
	t.Rows = append(t.Rows, []any{c.Label(), of, meaning})
}
