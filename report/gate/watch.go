package gate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Watched is the first day on which any pause in the register holds, or zero: spend after it must be looked at.
func (r Register) Watched(asOf time.Time) time.Time {
	var first time.Time
	for _, d := range r {
		if d.Decision == DecisionPause && !d.From.After(asOf) && (first.IsZero() || d.From.Before(first)) {
			first = d.From.Time
		}
	}
	return first
}

// watch looks for spend after a pause. A pause holds until a later decision on the same gate and subject.
func (p Policy) watch(ctx context.Context, db *sql.DB, r Register, j *Judgement) error {
	seen := []string{}
	for _, d := range r {
		key := d.Gate + " " + d.Subject
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		g, err := p.Gate(d.Gate)
		if err != nil {
			continue // only what has expired may name a gate that has gone
		}
		pause, ok := p.pauseOf(r, g, d.Subject, j.AsOf)
		if !ok || pause.From.After(j.AsOf) || !j.near(pause.From.Time) {
			continue
		}
		spent, last, err := spentSince(ctx, db, p.costsOf(g, d.Subject), pause.From.Time, j.AsOf)
		if err != nil {
			return err
		}
		v := j.verdictOf(g, d.Subject)
		v.Decision, v.Standing = &pause, Standing{Valid: true}
		since := pause.From.Format(time.DateOnly)
		if spent.Round(2).IsPositive() {
			v.Verdict = Pause
			v.Paused = fmt.Sprintf("pause not honoured: %s since %s", Amount(spent), since)
			v.Standing = Standing{Reason: v.Paused}
			v.Value, v.Limit = figure{spent.String(), "DECIMAL(24,2)"}, figure{"0", "DECIMAL(24,2)"}
		} else {
			v.Paused = fmt.Sprintf("paused since %s, and no spend up to %s", since, last.Format(time.DateOnly))
			if last.Before(pause.From.Time) {
				v.Paused = "paused since " + since + ", of which the ledger has nothing yet"
			}
		}
	}
	return nil
}

// near says whether a pause from a day on is this judgement's to watch: it was in force in the month, or the month is the last that is over.
func (j Judgement) near(from time.Time) bool {
	end := j.Month.AddDate(0, 1, 0)
	return from.Before(end) || !end.After(j.AsOf) && j.AsOf.Before(end.AddDate(0, 1, 0))
}

// pauseOf is the pause in force on a gate and subject.
func (p Policy) pauseOf(r Register, g Gate, subject string, asOf time.Time) (Decision, bool) {
	for _, d := range r.Covering(g.ID, subject) {
		s := d.Standing(asOf, p.Roles, g.Owner, p.OwnerOf(g.For, subject), nil, month(asOf))
		if s.Void {
			continue
		}
		return d, d.Decision == DecisionPause && s.Valid // an approval that has expired has lifted the pause all the same
	}
	return Decision{}, false
}

// verdictOf is the row of a gate and subject; what no gate says anything about gets one.
func (j *Judgement) verdictOf(g Gate, subject string) *Verdict {
	for i, v := range j.Verdicts {
		if v.Gate == g.ID && v.Subject == subject {
			return &j.Verdicts[i]
		}
	}
	j.Verdicts = append(j.Verdicts, Verdict{Gate: g.ID, For: g.For, Subject: subject, Month: j.Month, Verdict: Pass, Owner: g.Owner})
	return &j.Verdicts[len(j.Verdicts)-1]
}

// costsOf is the condition over costs that tells a gate's subject from others.
func (p Policy) costsOf(g Gate, subject string) string {
	s := quote(subject)
	switch g.For {
	case "use-case":
		return "x_UseCase = " + s
	case "team":
		return "x_Team = " + s
	case "provider":
		return "coalesce(ProviderName, '(none)') = " + s
	case "model":
		return "coalesce(regexp_replace(x_BookModel, '^[^/]*/', ''), x_Model) = " + s
	case "key":
		return "coalesce(x_ApiKeyName, x_ApiKeyId) = " + s
	case "metric":
		return p.Metrics.Costs(subject)
	}
	return "true"
}

// spentSince is what a subject was charged from a day on, whatever came off again, and the day up to which all providers have billed that it
// had money of lately. What began before that day, such as the bill of a month, cannot be told apart and is not counted.
func spentSince(ctx context.Context, db *sql.DB, costs string, from, asOf time.Time) (decimal.Decimal, time.Time, error) {
	var text string
	var last sql.NullTime
	err := db.QueryRowContext(ctx, fmt.Sprintf(`WITH theirs AS (
			SELECT DISTINCT ProviderName FROM costs WHERE (%[2]s) AND ChargePeriodStart >= %[1]s - INTERVAL 62 DAY
		), reach AS (
			SELECT ProviderName, max(ChargePeriodStart) AS last FROM costs JOIN theirs USING (ProviderName) WHERE ChargePeriodStart < %[3]s GROUP BY ALL
		)
		SELECT coalesce(sum(BilledCost) FILTER (WHERE ChargePeriodStart >= %[1]s AND BilledCost > 0 AND (%[2]s)), 0)::VARCHAR, (SELECT min(last) FROM reach)
		FROM costs WHERE ChargePeriodStart < %[3]s`, timestamp(from), costs, timestamp(asOf.AddDate(0, 0, 1)))).Scan(&text, &last)
	if err != nil {
		return decimal.Zero, time.Time{}, err
	}
	return decimal.RequireFromString(text), last.Time, nil
}
