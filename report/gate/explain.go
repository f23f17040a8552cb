package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// Explain says how one gate comes to its verdict on one subject: each term with its numbers, the facts, the dollars behind
// them, and how many dollars without a use case would change the verdict. The facts of the month must be installed.
func (p Policy) Explain(ctx context.Context, db *sql.DB, r Register, of, asOf time.Time, id, subject, currency string) (table.Table, error) {
	var t table.Table
	g, err := p.Gate(id)
	if err != nil {
		return t, &Error{What: "gate explain", Msg: err.Error()}
	}
	if g.For == total && subject == "" {
		subject = total
	}
	if err := p.concerns(ctx, db, g, subject); err != nil {
		return t, err
	}
	c, err := g.condition(ctx, db)
	if err != nil {
		return t, &Error{g.Place, "gate " + g.ID, "when: " + err.Error()}
	}
	j, err := p.Judge(ctx, db, r, of, asOf)
	if err != nil {
		return t, err
	}
	i := slices.IndexFunc(j.Verdicts, func(v Verdict) bool { return v.Gate == g.ID && v.Subject == subject })
	if i < 0 {
		t = table.Table{Report: "explanation", Title: fmt.Sprintf("%s does not concern %s in %s", g.ID, subject, j.Month.Format("2006-01")), Columns: []table.Column{{Name: "fact"}, {Name: "value"}, {Name: "meaning"}}}
		t.Rows, err = g.factRows(ctx, db, subject, j.Month)
		t.Notes = []string{"it is for " + g.about()}
		return t, err
	}
	v := j.Verdicts[i]
	if t, err = g.termTable(ctx, db, c, j, subject); err != nil {
		return t, err
	}
	t.Title = fmt.Sprintf("%s on %s, %s: %s (%s)", g.ID, subject, v.Month.Format("2006-01"), v.Verdict, currency)
	t.Facts = []table.Fact{{Name: "gate", Value: g.ID}, {Name: "subject", Value: subject}, {Name: "month", Value: v.Month.Format("2006-01")}, {Name: "verdict", Value: v.Verdict},
		{Name: "condition", Value: g.When}, {Name: "decision", Value: orNil(v.decided())}, {Name: "next", Value: orNil(v.Next)}}
	facts := table.Table{Report: "facts", Title: "Facts", Columns: []table.Column{{Name: "fact"}, {Name: "value"}, {Name: "meaning"}}}
	if facts.Rows, err = g.factRows(ctx, db, subject, v.Month); err != nil {
		return t, err
	}
	rows, err := moneyRows(ctx, db, p.costsOf(g, subject), v.Month)
	if err != nil {
		return t, err
	}
	t.Details = []table.Table{facts, rows}
	t.Notes = append(t.Notes, p.standing(v, g)...)
	flips, err := g.flips(ctx, db, c, v)
	t.Notes = append(t.Notes, flips...)
	if v.Next != "" {
		t.Notes = append(t.Notes, "next: "+v.Next)
	}
	return t, err
}

// concerns is an error where nothing of that name is known.
func (p Policy) concerns(ctx context.Context, db *sql.DB, g Gate, subject string) error {
	names, err := Subjects(ctx, db, g.For)
	if err != nil || slices.Contains(names, subject) {
		return err
	}
	if subject == "" {
		return &Error{What: "gate " + g.ID, Msg: fmt.Sprintf("judges each %s by itself: aifinops gate explain %s SUBJECT, one of %s", g.For, g.ID, strings.Join(names, ", "))}
	}
	return &Error{What: "gate " + g.ID, Msg: fmt.Sprintf("no %s %q%s", g.For, subject, allocate.Nearest(subject, names))}
}

// about is what a gate is for, in words.
func (g Gate) about() string {
	text := "each " + g.For
	if g.For == total {
		text = "the total"
	}
	for _, fact := range textFacts()[g.For] {
		if len(g.Where[fact]) > 0 {
			text += fmt.Sprintf(" with %s %s", strings.ReplaceAll(fact, "_", " "), strings.Join(g.Where[fact], " or "))
		}
	}
	if g.Months > 1 {
		text += fmt.Sprintf(", for %d complete months in a row", g.Months)
	}
	return text + ", when " + g.When
}

// termTable is each term of the condition, in each of the months that the gate looks at.
func (g Gate) termTable(ctx context.Context, db *sql.DB, c condition, j Judgement, subject string) (table.Table, error) {
	t := table.Table{Report: "explanation", Columns: []table.Column{{Name: "month"}, {Name: "term"}, {Name: "value", Blank: true}, {Name: "limit", Blank: true}, {Name: "holds"}}}
	first, last := g.span(j)
	readings, err := g.readings(ctx, db, c, first, last.AddDate(0, 1, 0), subject)
	if err != nil {
		return t, err
	}
	for _, r := range readings {
		if r.scenario != asKnown {
			continue
		}
		for i, term := range c.terms {
			holds := "n/a"
			if r.terms[i] != nil {
				holds = map[bool]string{true: "yes", false: "no"}[*r.terms[i]]
			}
			t.Rows = append(t.Rows, []any{r.month.Format("2006-01"), term.text, orNil(r.values[i].String()), orNil(r.limits[i].as(r.values[i].kind)), holds})
		}
		if len(r.missing) > 0 {
			t.Notes = append(t.Notes, r.month.Format("2006-01")+" cannot be judged: "+strings.Join(r.missing, "; "))
		}
		if r.doubt != "" {
			t.Notes = append(t.Notes, r.month.Format("2006-01")+", not certain: "+r.doubt)
		}
	}
	t.Notes = append(t.Notes, "it is for "+g.about())
	return t, nil
}

// factRows is all that is known of a subject in a month.
func (g Gate) factRows(ctx context.Context, db *sql.DB, subject string, of time.Time) ([][]any, error) {
	var columns []string
	for _, f := range Facts()[g.For] {
		columns = append(columns, ident(f.Name)+"::VARCHAR", "typeof("+ident(f.Name)+")")
	}
	texts := make([]sql.NullString, len(columns))
	to := make([]any, len(columns))
	for i := range texts {
		to[i] = &texts[i]
	}
	err := db.QueryRowContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+view(g.For)+" WHERE scenario = 0 AND subject = "+quote(subject)+" AND month = "+timestamp(of)).Scan(to...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var rows [][]any
	for i, f := range Facts()[g.For] {
		value := figure{texts[2*i].String, texts[2*i+1].String}.String()
		rows = append(rows, []any{f.Name, value, f.Meaning})
	}
	return rows, err
}

// moneyRows is the dollars behind a subject's spend and prior.
func moneyRows(ctx context.Context, db *sql.DB, costs string, of time.Time) (table.Table, error) {
	t := table.Table{Report: "dollars", Title: "The dollars behind it", Columns: []table.Column{{Name: "use_case"}, {Name: "provider"}, {Name: "model"}, {Name: "rule"}, {Name: "tier", Wide: true},
		{Name: "spend", Kind: table.Money}, {Name: "prior", Kind: table.Money}}}
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`SELECT coalesce(x_UseCase, '(unattributed)'), coalesce(ProviderName, '(none)'), coalesce(regexp_replace(x_BookModel, '^[^/]*/', ''), x_Model, '(none)'), coalesce(x_Rule, '(none)'), x_Tier,
			coalesce(sum(BilledCost) FILTER (WHERE ChargePeriodStart >= %[1]s), 0)::VARCHAR, coalesce(sum(BilledCost) FILTER (WHERE ChargePeriodStart < %[1]s), 0)::VARCHAR
		FROM costs WHERE ChargePeriodStart >= %[2]s AND ChargePeriodStart < %[3]s AND (%[4]s)
		GROUP BY ALL ORDER BY coalesce(sum(BilledCost) FILTER (WHERE ChargePeriodStart >= %[1]s), 0) DESC, sum(BilledCost) DESC, 1, 2, 3, 4, 5`, timestamp(of), timestamp(of.AddDate(0, -1, 0)), timestamp(of.AddDate(0, 1, 0)), costs))
	if err != nil {
		return t, err
	}
	defer rows.Close()
	sums := [2]decimal.Decimal{}
	for rows.Next() {
		var text [5]string
		var money [2]string
		if err := rows.Scan(&text[0], &text[1], &text[2], &text[3], &text[4], &money[0], &money[1]); err != nil {
			return t, err
		}
		spend, prior := decimal.RequireFromString(money[0]), decimal.RequireFromString(money[1])
		sums[0], sums[1] = sums[0].Add(spend), sums[1].Add(prior)
		t.Rows = append(t.Rows, []any{text[0], text[1], text[2], text[3], text[4], spend, prior})
	}
	t.Totals = []any{nil, nil, nil, nil, nil, sums[0], sums[1]}
	return t, rows.Err()
}

// standing is what was decided, and who decides.
func (p Policy) standing(v Verdict, g Gate) []string {
	notes := []string{}
	if len(v.Why) > 0 {
		notes = append(notes, "nobody can judge: "+strings.Join(v.Why, "; "))
	}
	if d := v.decided(); d != "" {
		notes = append(notes, d+" ("+v.Decision.Reason+")")
	}
	if v.Paused != "" {
		notes = append(notes, v.Paused)
	}
	if v.Projected != "" {
		notes = append(notes, "by the end of the month it will be "+v.Projected+", at the rate so far")
	}
	if len(p.Roles) == 0 {
		return append(notes, "no roles are set: anybody but who asks may decide")
	}
	return append(notes, fmt.Sprintf("the role %s decides: %s", g.Owner, p.Roles.Members(g.Owner)))
}

// flips is how many dollars without a use case would change the verdict, if they were the subject's: in the month, or in the one before.
func (g Gate) flips(ctx context.Context, db *sql.DB, c condition, v Verdict) ([]string, error) {
	if g.For != "use-case" && g.For != "team" || len(v.Why) > 0 || g.Months > 1 { // one month of several decides nothing alone
		return nil, nil
	}
	says := "the verdict"
	if v.Decision != nil {
		says = "what the gate says, the decision aside"
	}
	var notes []string
	for _, side := range []struct {
		fact string
		of   time.Time
	}{{"spend", v.Month}, {"prior", v.Month.AddDate(0, -1, 0)}} {
		if !slices.ContainsFunc(c.facts, func(f string) bool {
			return f == side.fact || f == "growth" || f == "new" && side.fact == "prior" || f == "projected" && side.fact == "spend"
		}) {
			continue
		}
		var text string
		err := db.QueryRowContext(ctx, "SELECT coalesce(greatest(round(sum(cost), 2), 0), 0)::DECIMAL(24,2)::VARCHAR FROM gate_spend WHERE use_case IS NULL AND month = "+timestamp(side.of)).Scan(&text)
		if err != nil {
			return nil, err
		}
		free := decimal.RequireFromString(text)
		x, flips, err := g.flip(ctx, db, c, v, side.fact, free)
		if err != nil {
			return nil, err
		}
		of := side.of.Format("2006-01")
		switch {
		case free.IsZero():
			notes = append(notes, fmt.Sprintf("no dollars of %s are without a use case: none can change %s", of, says))
		case flips:
			notes = append(notes, fmt.Sprintf("%s of the %s of %s without a use case would change %s, if they were this one's", Amount(x), Amount(free), of, says))
		default:
			notes = append(notes, fmt.Sprintf("%s of %s have no use case; no part of them would change %s", Amount(free), of, says))
		}
	}
	return notes, nil
}

// flip is the smallest amount, in cents, that changes what the condition says when a fact grows by it.
func (g Gate) flip(ctx context.Context, db *sql.DB, c condition, v Verdict, fact string, free decimal.Decimal) (decimal.Decimal, bool, error) {
	const supposed = 3 // a scenario of its own
	met := func(x decimal.Decimal) (bool, error) {
		_, err := db.ExecContext(ctx, fmt.Sprintf(`DELETE FROM gate_amounts WHERE scenario = %[1]d;
			INSERT INTO gate_amounts SELECT * REPLACE (%[1]d AS scenario, (%[2]s + %[3]s)::DECIMAL(24,2) AS %[2]s) FROM gate_amounts WHERE scenario = 0 AND of = %[4]s AND subject = %[5]s AND month = %[6]s`,
			supposed, fact, x, quote(g.For), quote(v.Subject), timestamp(v.Month)))
		if err != nil {
			return false, err
		}
		readings, err := g.readings(ctx, db, c, v.Month, v.Month.AddDate(0, 1, 0), v.Subject)
		for _, r := range readings {
			if r.scenario == supposed {
				return r.met != nil && *r.met, err
			}
		}
		return false, err
	}
	is, err := met(decimal.Zero)
	if err != nil {
		return free, false, err
	}
	then, err := met(free)
	if err != nil || then == is {
		return free, false, err
	}
	lo, hi := int64(0), free.Shift(2).IntPart() // in cents: lo does not change it, hi does
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if then, err = met(decimal.New(mid, -2)); err != nil {
			return free, false, err
		}
		if then == is {
			lo = mid
		} else {
			hi = mid
		}
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("DELETE FROM gate_amounts WHERE scenario = %d", supposed))
	return decimal.New(hi, -2), true, err
}
