package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/ingest"
)

// warn says what a receipt has that its reader must not miss.
func warn(g *globalOptions, receipts []ingest.Receipt, dryRun bool) {
	var changed []string
	for _, r := range receipts {
		if r.Changed {
			changed = append(changed, r.File)
		}
	}
	if len(changed) > 0 {
		g.say("warning: %s: booked before, and by now `sources` or `ai_spend` in the configuration would have it read otherwise; nothing has changed\nhint: aifinops ingest --again reads it once more", strings.Join(changed, ", "))
	}
	for _, r := range receipts {
		if r.More {
			g.say("warning: %s: its last page says that another follows (has_more); what is on that page is missing here\nhint: fetch all pages into one file and ingest that", r.File)
		}
		if len(r.OtherDollars) > 0 {
			g.say("warning: %s: %s of it are not known as AI, and are booked all the same: the bill holds more than AI\nhint: `ai_spend: [{provider: …, category: ai}]` in aifinops.yaml books what is AI and counts the rest; then ingest --again", r.File, sums(r.OtherDollars))
		}
		for _, other := range r.Beside {
			g.say("warning: %s: took the place of a part of %s alone: %d records of %s stay in the same months, on days of which this file has nothing", r.File, other.File, other.Rows, sums(other.Dollars))
		}
		if r.OwnTotal != "" {
			g.say("warning: %s: its own total is %s, and without the records that were rejected it has less", r.File, r.OwnTotal)
		}
		if r.Windows1252 {
			g.say("warning: %s: is not UTF-8, and was read as Windows-1252\nhint: where a name looks wrong, save the file as UTF-8 and ingest that", r.File)
		}
		if len(r.Lacks) > 0 {
			g.say("warning: %s: is a part of an export by its name, and %s not here\nhint: download what is missing and ingest all parts together, if it is not in the ledger yet", r.File, missingParts(r.Lacks))
		}
		if len(r.Unread) > 0 {
			g.say("warning: %s: only its first sheet is read, and nothing of %s\nhint: save each sheet as a file of its own", r.File, strings.Join(r.Unread, ", "))
		}
		if r.Rejected > 0 {
			hint := "\nhint: aifinops query \"SELECT * FROM rejects\" lists them"
			if dryRun {
				hint = ""
			}
			g.say("warning: %s: %d records were rejected; the first is %s%s", r.File, r.Rejected, r.FirstReject, hint)
		}
	}
}

// warnOfNames says which names of ai_spend and of invoices look like mistakes, where something was booked that they speak of.
func warnOfNames(ctx context.Context, g *globalOptions, l *ingest.Ledger, keep []ingest.Keep, receipts []ingest.Receipt) error {
	var taking []int
	var speak bool
	for _, r := range receipts {
		taking = append(taking, r.Taking...)
		speak = speak || r.Booked+r.LeftOut > 0 && (r.Role == ingest.Invoice || r.Role == ingest.Billing && len(keep) > 0)
	}
	for _, r := range receipts {
		for _, entry := range r.Idle {
			if !slices.Contains(taking, entry) {
				g.say("note: %s: entry %d of ai_spend takes none of it", r.File, entry)
			}
		}
	}
	if !speak {
		return nil
	}
	findings, err := ingest.Findings(ctx, l.DB, keep)
	for _, f := range findings {
		g.say("warning: %s", f)
	}
	return err
}

// missingParts names the first of the parts, and says how many more there are.
func missingParts(numbers []int) string {
	if len(numbers) == 1 {
		return fmt.Sprintf("part %d is", numbers[0])
	}
	return fmt.Sprintf("part %d and %d more are", numbers[0], len(numbers)-1)
}

// sums writes amounts one after the other.
func sums(amounts []ingest.Amount) string {
	parts := make([]string, len(amounts))
	for i, a := range amounts {
		parts[i] = a.Value.StringFixed(2) + " " + a.Currency
	}
	return strings.Join(parts, " and ")
}
