package gate

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/shopspring/decimal"
)

// A Verdict is what one gate says of one subject.
type Verdict struct {
	Gate, For, Subject string
	Month              time.Time
	Verdict            string
	Value, Limit       figure
	New                bool             // spend now, and none the month before
	Spend              *decimal.Decimal // of the subject in the month
	Terms              []string         // the condition with its numbers
	Why                []string         // what is missing, where nobody can judge
	Projected          string           // the verdict by the end of a month that runs, where it is another
	byThen             *decimal.Decimal // what the subject will have spent then
	most               *decimal.Decimal // what it may have spent, where that is not certain
	doubt              string           // why not
	fires              string           // the verdict where the condition is met
	Decision           *Decision        // that covers it, or the newest that does not
	Standing           Standing
	Owner              string // the role that decides
	Paused             string // what became of a pause
	Note               string // why it passes where its limit is broken
	Next               string // the command to run next
}

// A Judgement is what the gates say of a month.
type Judgement struct {
	Month    time.Time
	ToDate   bool // the month is not over
	AsOf     time.Time
	Verdicts []Verdict
	Notes    []string // how far a month that runs is billed, and gates that say nothing
}

// Judge has every gate judge a month. The facts of that month, and of those before it that gates look at, must be installed.
func (p Policy) Judge(ctx context.Context, db *sql.DB, r Register, of, asOf time.Time) (Judgement, error) {
	j := Judgement{Month: month(of), AsOf: asOf}
	j.ToDate = j.Month.AddDate(0, 1, 0).After(asOf)
	conditions, err := p.conditions(ctx, db)
	if err != nil {
		return j, err
	}
	gates, err := p.able(ctx, db, &j)
	if err != nil {
		return j, err
	}
	for _, g := range gates {
		verdicts, err := p.judge(ctx, db, g, conditions[g.ID], j)
		if err != nil {
			return j, err
		}
		if len(verdicts) == 0 && g.Place.Line > 0 { // what the configuration says itself is meant to say something
			j.Notes = append(j.Notes, fmt.Sprintf("%s: %s concerns nothing in %s", g.Place, g.ID, j.Month.Format("2006-01")))
		}
		j.Verdicts = append(j.Verdicts, verdicts...)
	}
	for i := range j.Verdicts {
		p.decide(r, asOf, &j.Verdicts[i])
	}
	if err := p.watch(ctx, db, r, &j); err != nil {
		return j, err
	}
	for i := range j.Verdicts {
		v := &j.Verdicts[i]
		p.spare(v)
		v.Next = v.next()
	}
	slices.SortStableFunc(j.Verdicts, func(a, b Verdict) int {
		return cmp.Compare(slices.Index(Verdicts(), b.Verdict), slices.Index(Verdicts(), a.Verdict))
	})
	return j, nil
}

// able is the gates that have anything to judge: of a month of which the ledger has nothing, each says so once.
func (p Policy) able(ctx context.Context, db *sql.DB, j *Judgement) ([]Gate, error) {
	var there bool
	err := db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM gate_spend WHERE month = "+timestamp(j.Month)).Scan(&there)
	if err != nil || there {
		return p.on(), err
	}
	for _, g := range p.on() {
		v := Verdict{Gate: g.ID, For: g.For, Subject: "every " + g.For, Month: j.Month, Verdict: CannotJudge, Owner: g.Owner, Why: []string{"the ledger has nothing of " + j.Month.Format("2006-01")}}
		if g.For == total {
			v.Subject = total
		}
		j.Verdicts = append(j.Verdicts, v)
	}
	return nil, nil
}

// span is the months that a gate looks at. Months in a row are complete ones: a month that runs is not yet one of them.
func (g Gate) span(j Judgement) (first, last time.Time) {
	last = j.Month
	if g.Months > 1 && j.ToDate {
		last = last.AddDate(0, -1, 0)
	}
	return last.AddDate(0, 1-g.Months, 0), last
}

// judge is one gate over its subjects.
func (p Policy) judge(ctx context.Context, db *sql.DB, g Gate, c condition, j Judgement) ([]Verdict, error) {
	first, last := g.span(j)
	readings, err := g.readings(ctx, db, c, first, last.AddDate(0, 1, 0), "")
	if err != nil { // such as a cast that only some values bear
		return nil, &Error{g.Place, "gate " + g.ID, "when: " + firstLine(err)}
	}
	var verdicts []Verdict
	for _, of := range grouped(readings, func(r reading) string { return r.subject }) {
		var answers []answer
		for _, in := range grouped(of, func(r reading) string { return r.month.String() }) {
			answers = append(answers, answered(in))
		}
		if newest := answers[len(answers)-1]; !newest.is.month.Equal(last) || newest.none {
			continue // it is not there any more, or the gate does not concern it
		}
		for len(answers) < g.Months { // of a month that the ledger has, what is not there met nothing
			no := false
			answers = append([]answer{{met: &no}}, answers...)
		}
		verdicts = append(verdicts, g.verdict(c, inARow(answers)))
	}
	return verdicts, nil
}

// grouped cuts sorted readings where a key changes.
func grouped(all []reading, key func(reading) string) [][]reading {
	var groups [][]reading
	for i, r := range all {
		if i == 0 || key(all[i-1]) != key(r) {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

func (g Gate) verdict(c condition, a answer) Verdict {
	v := Verdict{Gate: g.ID, For: g.For, Subject: a.is.subject, Month: a.is.month, Verdict: Pass, New: a.is.isNew, Spend: a.is.spend, Owner: g.Owner, Terms: c.numbers(a.is)}
	v.Value, v.Limit = a.binding()
	fires := g.Decision
	if a.is.exempt {
		fires = g.Otherwise
	}
	v.fires, v.byThen, v.most, v.doubt = fires, a.spendThen, a.spendMost, a.is.doubt
	switch {
	case a.met == nil:
		v.Verdict, v.Why = CannotJudge, a.why
	case *a.met:
		v.Verdict = fires
	case g.Months > 1 && a.is.met != nil && *a.is.met:
		v.Note = fmt.Sprintf("over in %s, and not in each of %d months", a.is.month.Format("2006-01"), g.Months)
	case a.then != nil && *a.then && g.Months == 1:
		v.Projected = fires
	}
	return v
}

// numbers is the terms of a condition that hold, with what they compare: spend > 3000 (3,450.62 against 3,000.00).
func (c condition) numbers(r reading) []string {
	var all []string
	for i, t := range c.terms {
		if r.terms[i] == nil || !*r.terms[i] {
			continue
		}
		text := t.text
		if v := r.values[i]; v.text != "" {
			value, limit := v.String(), r.limits[i].as(v.kind)
			if value == limit { // rounded they are the same, and they are not
				value, limit = fmt.Sprint(v.exact()), fmt.Sprint(r.limits[i].exact())
			}
			text += " (" + value + " against " + limit + ")"
		}
		all = append(all, text)
	}
	return all
}

// decide holds the register against a verdict: the newest decision that is one covers it, or says why it does not.
func (p Policy) decide(r Register, asOf time.Time, v *Verdict) {
	if v.Verdict == Pass {
		return
	}
	blind := v.Verdict == CannotJudge // what nobody can judge nobody can have approved
	for _, d := range r.Covering(v.Gate, v.Subject) {
		s := d.Standing(asOf, p.Roles, v.Owner, p.OwnerOf(v.For, v.Subject), v.Spend, v.Month)
		if v.Decision == nil {
			v.Decision, v.Standing = &d, s
		}
		if s.Void {
			continue
		}
		v.Decision, v.Standing = &d, s
		switch {
		case !s.Valid:
		case blind:
			v.Standing = Standing{Reason: "first somebody has to be able to judge"}
		case d.Cap != nil && v.most != nil && v.most.GreaterThan(d.Cap.Decimal):
			v.Verdict, v.Why, v.Standing = CannotJudge, []string{v.doubt}, Standing{Reason: "the cap may be broken"}
		default:
			v.Verdict = Pass
			if d.Cap != nil && v.byThen != nil && v.byThen.GreaterThan(d.Cap.Decimal) {
				v.Projected = v.fires
			}
		}
		return
	}
}

// spare makes a pause of what people depend on a re-justification, whatever the gate says.
func (p Policy) spare(v *Verdict) {
	if !p.LoadBearing(v.For, v.Subject) {
		return
	}
	if v.Verdict == Pause {
		v.Verdict = Rejustify
		v.Terms = append(v.Terms, "load-bearing, so no pause")
	}
	if v.Projected == Pause {
		v.Projected = Rejustify
	}
}

// LoadBearing says whether a gate's subject is a use case that people depend on.
func (p Policy) LoadBearing(of, subject string) bool {
	return of == "use-case" && slices.ContainsFunc(p.UseCases, func(u allocate.UseCase) bool { return u.ID == subject && u.Reliance == "load-bearing" })
}

// OwnerOf is who answers for a use case.
func (p Policy) OwnerOf(of, subject string) string {
	for _, u := range p.UseCases {
		if of == "use-case" && u.ID == subject {
			return u.Owner
		}
	}
	return ""
}

// next is the command that a person would run.
func (v Verdict) next() string {
	subject := v.Gate + " " + shell(v.Subject)
	switch {
	case v.Paused != "" && v.Verdict == Pause:
		return "aifinops gate explain " + subject
	case v.Verdict == Pass:
		return ""
	case strings.HasPrefix(strings.Join(v.Why, ""), "the ledger has nothing of"):
		return "aifinops ingest"
	case v.Verdict == CannotJudge && v.For == "metric":
		return "aifinops report outcomes --month " + v.Month.Format("2006-01")
	case v.Verdict == CannotJudge && strings.Contains(strings.Join(v.Why, " "), "no price"):
		return "aifinops prices missing"
	case v.Verdict == CannotJudge && v.For == "provider":
		return fmt.Sprintf("aifinops report reconcile --month %s --where provider=%s", v.Month.Format("2006-01"), shell(v.Subject))
	case v.Verdict == CannotJudge && strings.Contains(strings.Join(v.Why, " "), "the invoice of"):
		return "aifinops report reconcile --month " + v.Month.Format("2006-01")
	case v.Verdict == CannotJudge:
		return "aifinops ingest"
	case v.Verdict == Pause:
		return "aifinops pause " + subject + " --by EMAIL --reason TEXT"
	case v.Verdict == Warn:
		return "aifinops gate explain " + subject
	}
	return "aifinops approve " + subject + " --by EMAIL --reason TEXT --until DATE"
}

// shell quotes a name that a shell would take apart.
func shell(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_./:@+,-]+$`)

// ExitCode is the program's: the highest of the verdicts that are at least failOn; 0 where that is empty.
func (j Judgement) ExitCode(failOn string) int {
	codes := map[string]int{Pass: 0, Warn: 3, Rejustify: 3, Approval: 3, CannotJudge: 4, Pause: 5}
	code := 0
	for _, v := range j.Verdicts {
		if failOn != "" && slices.Index(Verdicts(), v.Verdict) >= slices.Index(Verdicts(), failOn) {
			code = max(code, codes[v.Verdict])
		}
	}
	return code
}
