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
	rates, err := read(ctx, db, `SELECT 'exchange rate of ' || currency, rtrim(rtrim(rate::VARCHAR, '0'), '.') || CASE WHEN rate_from > TIMESTAMP '1000-01-01' THEN ' from ' || strftime(rate_from, '%Y-%m-%d') ELSE '' END, NULL FROM rates
		WHERE currency <> getvariable('reporting_currency') AND EXISTS (FROM dimensions d WHERE d.BillingCurrency = currency) ORDER BY currency, rate_from`)
	if err != nil {
		return t, err
	}
	t.Rows = append(t.Rows, rates.Rows...)
	files, err := listing(ctx, db, "files")
	for i, c := range files.Columns {
		switch c.Name {
		case "amount": // each is in the currency beside it
			files.Columns[i].Kind = table.Number
		case "sha256":
			files.Columns[i].Heading = "SHA-256"
		case "standing":
			files.Columns[i].Heading = "In the ledger"
		}
		files.Columns[i].Blank = true
	}
	t.Details = []table.Table{files}
	return t, err
}
