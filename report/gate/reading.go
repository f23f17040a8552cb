package gate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// What a figure of a fact can be: see gate_amounts in facts.sql.
const (
	asKnown   = 0
	asMayBe   = 1
	asProject = 2
)

// A reading is a gate's condition over one subject's facts of one month, as they are or as they may be.
type reading struct {
	scenario int
	month    time.Time
	subject  string
	met      *bool // nil: a fact that it needs is not there
	exempt   bool  // the gate's unless
	isNew    bool
	spend    *decimal.Decimal
	terms    []*bool
	values   []figure
	limits   []figure
	missing  []string // why a fact is not there
	doubt    string   // why a figure may be another
}

// readings evaluates a gate over some months, for one subject or for all.
func (g Gate) readings(ctx context.Context, db *sql.DB, c condition, from, to time.Time, subject string) ([]reading, error) {
	isNew := "coalesce(new, false)"
	if g.For == "metric" {
		isNew = "false"
	}
	doubt := "coalesce((SELECT reason FROM gate_doubt d WHERE d.of = " + quote(g.For) + " AND d.subject = f.subject AND d.month = f.month%s), '')"
	columns := []string{"scenario", "month", "subject", c.sql, fmt.Sprintf("%t AND %s", len(g.Unless) > 0, matches(g.Unless)), isNew, "spend::VARCHAR",
		fmt.Sprintf(doubt, ""), fmt.Sprintf(doubt, " - INTERVAL 1 MONTH")}
	for _, t := range c.terms {
		value, than := t.value, t.than
		if value == "" {
			value, than = "NULL", "NULL"
		}
		columns = append(columns, "("+t.sql+")", "("+value+")::VARCHAR", "typeof("+value+")", "("+than+")::VARCHAR", "typeof("+than+")")
	}
	for _, name := range c.facts {
		columns = append(columns, fmt.Sprintf("CASE WHEN %s IS NULL THEN missing[%s] END", ident(name), quote(name)))
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + view(g.For) + " f WHERE month >= " + timestamp(from) + " AND month < " + timestamp(to) + " AND " + matches(g.Where)
	if subject != "" {
		query += " AND subject = " + quote(subject)
	}
	rows, err := db.QueryContext(ctx, query+" ORDER BY subject, month, scenario")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []reading
	for rows.Next() {
		r, err := c.scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// scan reads one row of readings.
func (c condition) scan(rows *sql.Rows) (reading, error) {
	var r reading
	var met sql.NullBool
	var spend sql.NullString
	var doubt, before string
	termsMet := make([]sql.NullBool, len(c.terms))
	texts := make([]sql.NullString, 4*len(c.terms))
	missing := make([]sql.NullString, len(c.facts))
	to := []any{&r.scenario, &r.month, &r.subject, &met, &r.exempt, &r.isNew, &spend, &doubt, &before}
	for i := range c.terms {
		to = append(to, &termsMet[i], &texts[4*i], &texts[4*i+1], &texts[4*i+2], &texts[4*i+3])
	}
	for i := range missing {
		to = append(to, &missing[i])
	}
	if err := rows.Scan(to...); err != nil {
		return r, err
	}
	r.met = known(met)
	if d, err := decimal.NewFromString(spend.String); err == nil && spend.Valid {
		r.spend = &d
	}
	for i := range c.terms {
		r.terms = append(r.terms, known(termsMet[i]))
		r.values = append(r.values, figure{texts[4*i].String, texts[4*i+1].String})
		r.limits = append(r.limits, figure{texts[4*i+2].String, texts[4*i+3].String})
		if strings.HasSuffix(r.values[i].text, "nan") { // 0 / 0: to the database that is more than anything
			no := false
			r.terms[i], r.met, r.values[i].text = &no, &no, ""
		}
	}
	for _, m := range missing {
		if m.Valid && !slices.Contains(r.missing, m.String) {
			r.missing = append(r.missing, m.String)
		}
	}
	if before != "" && slices.ContainsFunc(c.facts, func(f string) bool { return f == "prior" || f == "growth" || f == "new" }) && before != doubt {
		doubt = strings.TrimPrefix(doubt+"; "+before, "; ")
	}
	r.doubt = doubt
	return r, nil
}

func known(b sql.NullBool) *bool {
	if !b.Valid {
		return nil
	}
	return &b.Bool
}

// An answer is what all that a month's figures may be says: met, not met, or nil where they disagree.
type answer struct {
	met  *bool
	why  []string // nobody can judge
	is   reading  // as known
	none bool     // the gate does not concern the subject: no term of it applies
	then *bool    // by the end of a month that runs

	spendThen, spendMost *decimal.Decimal
}

// answered joins the readings of one subject and month.
func answered(all []reading) answer {
	var a answer
	for _, r := range all {
		switch r.scenario {
		case asKnown:
			a.is = r
			a.met = r.met
			if r.met == nil && len(r.missing) == 0 { // what does not apply is not met
				no := false
				a.met = &no
				a.none = !slices.ContainsFunc(r.terms, func(t *bool) bool { return t != nil })
			}
			a.why = r.missing
		case asProject:
			a.then, a.spendThen = r.met, r.spend
		case asMayBe:
			if a.spendMost == nil || r.spend != nil && r.spend.GreaterThan(*a.spendMost) {
				a.spendMost = r.spend
			}
		}
	}
	if a.met == nil {
		return a
	}
	for _, r := range all {
		if r.scenario == asMayBe && (r.met != nil) && *r.met != *a.met {
			return answer{why: []string{a.is.doubt}, is: a.is, spendMost: a.spendMost}
		}
	}
	a.why = nil
	return a
}

// inARow is the answer over months in a row: not met where one is not, else unknown where one is.
func inARow(all []answer) answer {
	last := all[len(all)-1]
	joined := last
	for _, a := range all {
		if a.met != nil && !*a.met {
			joined.met, joined.why = a.met, nil
			return joined
		}
		if a.met == nil {
			joined.met = nil
			for _, why := range a.why {
				if !slices.Contains(joined.why, why) {
					joined.why = append(joined.why, why)
				}
			}
		}
	}
	return joined
}

// binding is the term that says most: of a condition that is met the one that is nearest to failing, else the first that fails.
func (a answer) binding() (value, limit figure) {
	met := a.met != nil && *a.met
	best, margin := -1, 0.0
	for i, t := range a.is.terms {
		if t == nil || a.is.values[i].text == "" {
			continue
		}
		m, ok := a.is.values[i].margin(a.is.limits[i])
		switch {
		case met && *t && (best < 0 || ok && m < margin):
			best, margin = i, m
		case !met && (best < 0 || *a.is.terms[best] && !*t):
			best = i
		}
	}
	if best < 0 { // where it compares nothing, what is at stake is the money
		if i := slices.IndexFunc(a.is.values, func(v figure) bool { return !strings.Contains(v.kind, "NULL") }); i >= 0 {
			return figure{kind: a.is.values[i].kind}, a.is.limits[i] // what it would be compared with
		}
		if a.is.spend == nil {
			return figure{}, figure{}
		}
		return figure{a.is.spend.String(), "DECIMAL(24,2)"}, figure{}
	}
	return a.is.values[best], a.is.limits[best]
}
