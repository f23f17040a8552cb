package cmd

import (
	"cmp"
	"fmt"
	"slices"
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
		{Name: "amount", Kind: table.Money, Blank: true}, {Name: "currency"},
		{Name: "replaced", Heading: "In the place of"}, {Name: "difference", Kind: table.Money, Blank: true},
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
			if r.SameAs != r.File {
				t.Notes = append(t.Notes, fmt.Sprintf("%s has the same bytes as %s, which is booked; it adds nothing", r.File, r.SameAs))
			}
			continue
		case ingest.NotRead:
			t.Notes = append(t.Notes, fmt.Sprintf("%s is a PDF, which is not read: type its total into invoices.csv (aifinops sources invoices)", r.File))
			continue
		case ingest.Empty:
			t.Rows = append(t.Rows, []any{r.File, cmp.Or(r.Source, "(an export without records)"), string(r.Role), string(r.Status), "", int64(0), int64(0), int64(0), int64(0), nil, "", "", nil})
			t.Notes = append(t.Notes, r.File+" has no records: nothing of it is booked, and what the ledger holds of its days stays")
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
		t.Notes = append(t.Notes, ignoredNotes(r)...)
	}
	t.Facts = append(t.Facts, table.Fact{Name: "unchanged", Value: unchanged})
	if unchanged > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d of %d files were booked before and change nothing", unchanged, len(receipts)))
	}
	return t
}

// ignoredNotes says which records of a file were ignored for a reason that is not the source's.
func ignoredNotes(r ingest.Receipt) (notes []string) {
	if r.LeftOut > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d records of %s are left out as no AI, as ai_spend says", r.File, r.LeftOut, sums(r.LeftOutDollars)))
	}
	if r.Repeated > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d records stand twice in the file (same id); each counts once", r.File, r.Repeated))
	}
	return notes
}

func receiptRow(r ingest.Receipt, a ingest.Amount, dollars any) []any {
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
	return []any{r.File, r.Source, string(r.Role), string(r.Status), period(r), r.Records, r.Booked, r.Ignored, r.Rejected, dollars, a.Currency, strings.Join(files, ", "), difference}
}

// period is the days of a file: a month where they are one, else the first and the last.
func period(r ingest.Receipt) string {
	if r.PeriodStart.IsZero() {
		return ""
	}
	first, last := r.PeriodStart, r.PeriodEnd.Add(-time.Nanosecond) // the end is exclusive
	if last.Before(first) {
		last = first // a call has no length
	}
	a, b := first.Format(time.DateOnly), last.Format(time.DateOnly)
	switch {
	case a == b:
		return a
	case first.Day() == 1 && last.AddDate(0, 0, 1).Day() == 1 && a[:7] == b[:7]:
		return a[:7]
	}
	return a + " to " + b
}

// summaryTable is the receipts by source, for a reader who wants the whole.
func summaryTable(receipts []ingest.Receipt) table.Table {
	t := table.Table{Report: "ingest", Title: "What was booked", Columns: []table.Column{{Name: "source"}, {Name: "role"}, {Name: "files", Kind: table.Count},
		{Name: "records", Kind: table.Count}, {Name: "booked", Kind: table.Count}, {Name: "ignored", Kind: table.Count}, {Name: "rejected", Kind: table.Count}, {Name: "dollars", Kind: table.Money, Blank: true}}}
	rows := map[string][]any{}
	for _, r := range receipts {
		row, ok := rows[r.Source]
		if !ok {
			row = []any{r.Source, string(r.Role), int64(0), int64(0), int64(0), int64(0), int64(0), nil}
			rows[r.Source] = row
			t.Rows = append(t.Rows, row)
		}
		for i, n := range []int64{1, r.Records, r.Booked, r.Ignored, r.Rejected} {
			row[2+i] = row[2+i].(int64) + n
		}
		for _, d := range r.Dollars {
			sum, _ := row[7].(decimal.Decimal)
			row[7] = sum.Add(d.Value)
		}
		for _, old := range r.Replaced {
			for _, d := range old.Dollars { // of which the new one may have none
				sum, _ := row[7].(decimal.Decimal)
				row[7] = sum.Sub(d.Value)
			}
			t.Notes = append(t.Notes, fmt.Sprintf("%s took the place of %s", r.File, old.File))
		}
		t.Notes = append(t.Notes, ignoredNotes(r)...)
	}
	slices.SortFunc(t.Rows, func(a, b []any) int { return strings.Compare(a[1].(string)+a[0].(string), b[1].(string)+b[0].(string)) })
	return t
}
