package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

// A View is how a judgement is shown.
type View struct {
	Currency string
	FailOn   string // the verdict from which on the exit code is not 0; empty: never
	All      bool   // what passes, too
	Exact    bool   // every digit, for machines
	More     string // behind how many more pass: how to see them
}

// Table is a judgement as rows, of what somebody must look at or of all.
func (j Judgement) Table(o View) table.Table {
	t := table.Table{Report: "gates", Title: j.title(), Columns: []table.Column{
		{Name: "verdict"}, {Name: "gate"}, {Name: "subject"}, {Name: "value", Kind: table.Mixed, Blank: true}, {Name: "limit", Kind: table.Mixed, Blank: true}, {Name: "decision", Blank: true}, {Name: "reason", Wide: true, Blank: true},
		{Name: "next", Wide: true, Blank: true}, {Name: "for", Wide: true}, {Name: "month", Wide: true}, {Name: "owner", Wide: true}, {Name: "projected", Wide: true, Blank: true}}}
	for _, v := range j.Verdicts {
		if !o.All && !v.notable() {
			continue
		}
		value, limit := v.Value.cell(v.Value.kind, o.Exact), v.Limit.cell(v.Value.kind, o.Exact)
		t.Rows = append(t.Rows, []any{v.Verdict, v.Gate, v.Subject, value, limit, orNil(v.decided()), orNil(v.reason()), orNil(v.Next), v.For, v.Month.Format("2006-01"), v.Owner, orNil(v.Projected)})
		if !o.Exact && v.notable() {
			t.Notes = append(t.Notes, v.notes()...)
		}
	}
	t.Facts = []table.Fact{{Name: "month", Value: j.Month.Format("2006-01")}, {Name: "to_date", Value: j.ToDate}, {Name: "as_of", Value: j.AsOf.Format(time.DateOnly)},
		{Name: "currency", Value: o.Currency}, {Name: "exit_code", Value: int64(j.ExitCode(o.FailOn))}}
	if rest := len(j.Verdicts) - len(t.Rows); rest > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d more pass%s", rest, o.More))
	}
	t.Notes = append(t.Notes, j.Notes...)
	if j.ToDate {
		t.Notes = append(t.Notes, fmt.Sprintf("%s is not over on %s: month to date against the whole month before", j.Month.Format("2006-01"), j.AsOf.Format(time.DateOnly)))
	}
	return t
}

func (j Judgement) title() string {
	title := "Gates, " + j.Month.Format("2006-01")
	if j.ToDate {
		title += " to date"
	}
	return title
}

// Summary is the judgement in one line: gates 2026-10: 1 pause, 2 rejustify, 31 pass.
func (j Judgement) Summary() string {
	var parts []string
	for _, row := range slices.Backward(j.Counts().Rows) {
		parts = append(parts, fmt.Sprintf("%d %s", row[1], row[0]))
	}
	if parts == nil {
		parts = []string{"nothing to judge"}
	}
	return strings.ToLower(j.title()[:1]) + j.title()[1:] + ": " + strings.Join(parts, ", ")
}

// Counts is how many verdicts there are of each kind, as a table that can be drawn.
func (j Judgement) Counts() table.Table {
	t := table.Table{Report: "verdicts", Title: "Verdicts, " + j.Month.Format("2006-01"), Columns: []table.Column{{Name: "verdict"}, {Name: "count", Kind: table.Count}},
		Drawing: &table.Drawing{Title: "Gates by verdict", Kind: table.Stacked, Points: []string{"count"}}}
	for _, of := range Verdicts() {
		n := int64(0)
		for _, v := range j.Verdicts {
			if v.Verdict == of {
				n++
			}
		}
		if n > 0 {
			t.Rows = append(t.Rows, []any{of, n})
		}
	}
	return t
}

// Quiet says whether there is nothing that anybody must look at.
func (j Judgement) Quiet() bool {
	for _, v := range j.Verdicts {
		if v.notable() {
			return false
		}
	}
	return true
}

// notable is what a person must see: all that does not pass, and all that passes because somebody decided so.
func (v Verdict) notable() bool {
	return v.Verdict != Pass || v.Decision != nil || v.Projected != ""
}

// reason is why the verdict is what it is.
func (v Verdict) reason() string {
	var parts []string
	switch {
	case v.Paused != "":
		parts = append(parts, v.Paused)
	case len(v.Why) > 0:
		parts = append(parts, "cannot judge: "+strings.Join(v.Why, "; "))
	case v.Verdict != Pass || v.Decision != nil:
		parts = append(parts, strings.Join(v.Terms, ", "))
	}
	if v.Note != "" {
		parts = append(parts, v.Note)
	}
	if v.New && v.Verdict != Pass {
		parts = append(parts, "new")
	}
	if v.Projected != "" {
		parts = append(parts, "by the end of the month it will be "+v.Projected+", at the rate so far")
	}
	return strings.Join(parts, "; ")
}

// decided is the decision that covers the verdict, or why it does not.
func (v Verdict) decided() string {
	d := v.Decision
	switch {
	case d == nil:
		return ""
	case v.Paused != "":
		return fmt.Sprintf("paused by %s on %s", d.By, d.At.Format(time.DateOnly))
	case !v.Standing.Valid:
		return "does not hold: " + v.Standing.Reason
	case d.Decision == DecisionPause:
		return fmt.Sprintf("paused by %s from %s", d.By, d.From.Format(time.DateOnly))
	}
	text := fmt.Sprintf("approved by %s until %s", d.By, d.Until.Format(time.DateOnly))
	if d.Cap != nil {
		text += ", cap " + Amount(d.Cap.Decimal)
	}
	return text
}

// notes is what stands below the table: the reason, and what to do.
func (v Verdict) notes() []string {
	text := v.Gate + " " + v.Subject + ": " + v.reason()
	if d := v.decided(); d != "" && v.Paused == "" {
		text += "; " + d
	}
	if v.Next != "" {
		text += "; next: " + v.Next
	}
	return []string{text}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
