package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// Decisions is what is open, and what was decided: whether it holds, how much of its cap the month has used, and whether what was
// expected came true. The facts of the judged month must be installed.
func (p Policy) Decisions(ctx context.Context, db *sql.DB, r Register, j Judgement, currency string) (table.Table, error) {
	t := table.Table{Report: "decisions", Title: strings.Replace(j.title(), "Gates", "Decisions", 1) + " (" + currency + ")", Columns: []table.Column{
		{Name: "status"}, {Name: "gate"}, {Name: "subject"}, {Name: "month", Wide: true}, {Name: "decision", Wide: true, Blank: true}, {Name: "by", Blank: true}, {Name: "at", Kind: table.Day, Wide: true, Blank: true},
		{Name: "until", Kind: table.Day, Blank: true}, {Name: "spend", Kind: table.Money}, {Name: "cap", Kind: table.Money, Blank: true}, {Name: "cap_used_percent", Kind: table.Percent, Blank: true},
		{Name: "expectation", Wide: true, Blank: true}, {Name: "came_true", Blank: true}, {Name: "reason", Wide: true, Blank: true}, {Name: "why", Wide: true, Blank: true}, {Name: "requested_by", Wide: true, Blank: true}, {Name: "next", Wide: true, Blank: true}}}
	counts := map[string]int64{}
	for _, v := range j.Verdicts {
		if v.Verdict != Rejustify && v.Verdict != Approval && v.Verdict != Pause {
			continue
		}
		counts["open"]++
		t.Rows = append(t.Rows, []any{"open: " + v.Verdict, v.Gate, v.Subject, v.Month.Format("2006-01"), nil, nil, nil, nil, money(v.Spend), nil, nil, nil, nil, nil, v.reason(), nil, v.Next})
		t.Notes = append(t.Notes, fmt.Sprintf("open: %s %s: %s; next: %s", v.Gate, v.Subject, v.reason(), v.Next))
	}
	for i := len(r) - 1; i >= 0; i-- {
		row, status, why, err := p.onRecord(ctx, db, r, r[i], j)
		if err != nil {
			return t, err
		}
		counts[status]++
		t.Rows = append(t.Rows, row)
		if why != "" {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %s %s by %s: %s", status, r[i].Gate, r[i].Subject, r[i].By, why))
		}
	}
	t.Facts = []table.Fact{{Name: "month", Value: j.Month.Format("2006-01")}, {Name: "as_of", Value: j.AsOf.Format(time.DateOnly)}, {Name: "currency", Value: currency}}
	for _, status := range []string{"open", "valid", "paused", "lapsed", "replaced", "not honoured"} {
		t.Facts = append(t.Facts, table.Fact{Name: columnName(status), Value: counts[status]})
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, "nothing is open, and nothing was decided")
	}
	return t, nil
}

func columnName(status string) string {
	if status == "not honoured" {
		return "not_honoured"
	}
	return status
}

// onRecord is the row of one entry of the register, its status, and why it does not hold.
func (p Policy) onRecord(ctx context.Context, db *sql.DB, r Register, d Decision, j Judgement) (row []any, status, why string, err error) {
	g, err := p.Gate(d.Gate)
	if err != nil { // it has expired, or the register would not have been read
		return []any{"lapsed", d.Gate, d.Subject, d.Month.Format("2006-01"), d.Decision, d.By, d.At.Time, d.Until.Time, nil, nil, nil, nil, nil, orNil(d.Reason), "the gate has gone", nil, nil}, "lapsed", "the gate has gone", nil
	}
	spend, err := g.Spend(ctx, db, d.Subject, j.Month)
	if err != nil {
		return nil, "", "", err
	}
	status, why = p.status(r, g, d, j, spend)
	var limit, used, expects, came, until any
	if d.Cap != nil {
		limit = d.Cap.Decimal
		if spend != nil && d.Cap.IsPositive() {
			used = spend.Shift(2).Div(d.Cap.Decimal).InexactFloat64()
		}
	}
	if d.Expect != "" {
		expects, came = d.Expect, "from the next month on"
		if j.Month.After(d.Month.Time) {
			if came, err = p.cameTrue(ctx, db, g.For, d.Subject, d.Expect, j.Month); err != nil {
				return nil, "", "", &Error{d.Place, "decision on " + d.Gate + " " + d.Subject, "expect: " + err.Error()}
			}
			if j.ToDate {
				came = fmt.Sprintf("%v so far", came)
			}
		}
	}
	if !d.Until.IsZero() {
		until = d.Until.Time
	}
	return []any{status, d.Gate, d.Subject, d.Month.Format("2006-01"), d.Decision, d.By, d.At.Time, until, money(spend), limit, used, expects, came, orNil(d.Reason), orNil(why), orNil(d.RequestedBy), nil}, status, why, nil
}

// status is what an entry is worth on the day of the judgement.
func (p Policy) status(r Register, g Gate, d Decision, j Judgement, spend *decimal.Decimal) (status, why string) {
	owner := p.OwnerOf(g.For, d.Subject)
	s := d.Standing(j.AsOf, p.Roles, g.Owner, owner, spend, later(j.Month, d.Month.Time))
	if !s.Valid {
		return "lapsed", s.Reason
	}
	for _, newer := range r.Covering(d.Gate, d.Subject) {
		if newer.Place == d.Place {
			break
		}
		if !newer.Standing(j.AsOf, p.Roles, g.Owner, owner, nil, later(j.Month, newer.Month.Time)).Void {
			return "replaced", fmt.Sprintf("by the decision of %s on %s", newer.By, newer.At.Format(time.DateOnly))
		}
	}
	if d.Decision == DecisionPause {
		i := slices.IndexFunc(j.Verdicts, func(v Verdict) bool { return v.Gate == d.Gate && v.Subject == d.Subject })
		if i >= 0 && j.Verdicts[i].Paused != "" && j.Verdicts[i].Verdict == Pause {
			return "not honoured", j.Verdicts[i].Paused
		}
		return "paused", ""
	}
	if d.Month.After(j.Month) {
		return "valid", "from " + d.Month.Format("2006-01") + " on"
	}
	return "valid", ""
}

// Void is why a decision never was one, whatever is spent; empty where it is or was one.
func (d Decision) Void(p Policy, asOf time.Time) string {
	g, err := p.Gate(d.Gate)
	if err != nil {
		return err.Error()
	}
	s := d.Standing(asOf, p.Roles, g.Owner, p.OwnerOf(g.For, d.Subject), nil, later(month(asOf), d.Month.Time))
	if !s.Void {
		return ""
	}
	return s.Reason
}

// later is the later of two months: a decision for a month after the judged one is not void for that in a list of all.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Spend is what a subject spent in a month, nil where nobody knows. The facts of the month must be installed.
func (g Gate) Spend(ctx context.Context, db *sql.DB, subject string, of time.Time) (*decimal.Decimal, error) {
	var text sql.NullString
	err := db.QueryRowContext(ctx, "SELECT spend::VARCHAR FROM "+view(g.For)+" WHERE scenario = 0 AND subject = "+quote(subject)+" AND month = "+timestamp(of)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !text.Valid {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d, err := decimal.NewFromString(text.String)
	return &d, err
}

func money(d *decimal.Decimal) any {
	if d == nil {
		return nil
	}
	return *d
}
