package report

import (
	"context"
	"database/sql"

	"github.com/aifinops/aifinops/report/table"
)

// An Input is something beside the ledger that the figures come from.
type Input struct {
	Name, Value string
	SHA256      string // of a file; empty where it is none
}

// Provenance is what the figures were made from: the inputs, and below them every file of the ledger with its hash.
func Provenance(ctx context.Context, db *sql.DB, inputs []Input) (table.Table, error) {
	t := table.Table{Report: "provenance", Title: "What these figures were made from", Columns: []table.Column{{Name: "input"}, {Name: "value", Blank: true}, {Name: "sha256", Heading: "SHA-256", Blank: true}}}
	for _, in := range inputs {
		var sum any
		if in.SHA256 != "" {
			sum = in.SHA256
		}
		t.Rows = append(t.Rows, []any{in.Name, in.Value, sum})
	}
	files, err := listing(ctx, db, "files")
	for i, c := range files.Columns {
		switch c.Name {
		case "amount": // each is in the currency beside it
			files.Columns[i].Kind = table.Number
		case "sha256":
			files.Columns[i].Heading = "SHA-256"
		}
		files.Columns[i].Blank = true
	}
	t.Details = []table.Table{files}
	return t, err
}
