package cmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// receiptTable prints what became of the files. Those that changed nothing are counted below.
func receiptTable(receipts []ingest.Receipt, dryRun bool) table.Table {
	t := table.Table{Report: "ingest", Title: "Receipts", Columns: []table.Column{
		{Name: "file"}, {Name: "source"}, {Name: "role", Wide: true}, {Name: "status", Wide: true}, {Name: "period"},
		{Name: "records", Kind: table.Count, Wide: true}, {Name: "booked", Kind: table.Count}, {Name: "ignored", Kind: table.Count}, {Name: "rejected", Kind: table.Count},
		{Name: "dollars", Heading: "Dollars", Kind: table.Money}, {Name: "currency", Wide: true},
		{Name: "replaced", Heading: "In the place of"}, {Name: "difference", Kind: table.Money},
	}}
	if dryRun {
		t.Title = "Receipts of a dry run: nothing has changed"
	}
	t.Facts = []table.Fact{{Name: "dry_run", Value: dryRun}}
	unchanged := int64(0)
	for _, r := range receipts {
		switch r.Status {
		case ingest.Unchanged:
			unchanged++
			continue
		case ingest.Empty:
			t.Rows = append(t.Rows, []any{r.File, or(r.Source, "(an export without records)"), string(r.Role), string(r.Status), "", int64(0), int64(0), int64(0), int64(0), nil, "", "", nil})
			continue
		}
		if len(r.Dollars) == 0 {
			t.Rows = append(t.Rows, receiptRow(r, ingest.Amount{}, nil))
		}
		for _, d := range r.Dollars {
			t.Rows = append(t.Rows, receiptRow(r, d, d.Value))
		}
		if r.Superseded > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %d records are left out, for a newer export in the ledger covers their days", r.File, r.Superseded))
		}
		if r.Repeated > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %d records stand twice in the file (same id); each counts once", r.File, r.Repeated))
		}
	}
	t.Facts = append(t.Facts, table.Fact{Name: "unchanged", Value: unchanged})
	if unchanged > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d of %d files were booked before and change nothing", unchanged, len(receipts)))
	}
	return t
}

func receiptRow(r ingest.Receipt, a ingest.Amount, dollars any) []any {
	period := ""
	if !r.PeriodStart.IsZero() {
		// The end is exclusive; a call has no length.
		last := r.PeriodEnd.Add(-time.Nanosecond)
		if last.Before(r.PeriodStart) {
			last = r.PeriodStart
		}
		period = r.PeriodStart.Format(time.DateOnly) + " to " + last.Format(time.DateOnly)
	}
	var files []string
	var difference any
	before := decimal.Zero
	for _, replaced := range r.Replaced {
		files = append(files, replaced.File)
		for _, d := range replaced.Dollars {
			if d.Currency == a.Currency {
				before = before.Add(d.Value)
			}
		}
	}
	if len(files) > 0 && dollars != nil {
		difference = a.Value.Sub(before)
	}
	return []any{r.File, r.Source, string(r.Role), string(r.Status), period, r.Records, r.Booked, r.Ignored, r.Rejected, dollars, a.Currency, strings.Join(files, ", "), difference}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
