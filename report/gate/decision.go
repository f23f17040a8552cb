package gate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/shopspring/decimal"
)

// What a decision decides.
const (
	DecisionApprove = "approve"
	DecisionPause   = "pause"
)

// A Decision is what somebody decided of a gate and a subject: an entry of the register.
type Decision struct {
	Gate        string
	Subject     string        // total for a gate on the total
	Month       allocate.Date // that was judged: its first day
	Decision    string        // approve or pause
	By          string        // the e-mail address of who decided
	At          allocate.Date // the day on which it was recorded
	RequestedBy string        // empty: the owner of the use case
	Reason      string
	Cap         *allocate.Decimal // an approval's: the most that a month may cost
	Expect      string            // an approval's: words, or a condition over the facts of the subject
	Until       allocate.Date     // the last day on which it holds; a pause may have none
	From        allocate.Date     // a pause's: the first day without spend
	Place       allocate.Place
}

// Roles says who is in a role: e-mail addresses, or globs such as *@finance.example.com.
type Roles map[string]allocate.List

// Has says whether somebody is in a role. Where no role is declared at all, everybody is in each.
func (r Roles) Has(role, who string) bool {
	return len(r) == 0 || slices.ContainsFunc(r[role], func(member string) bool { return isMember(member, who) })
}

// Members is who is in a role, for people.
func (r Roles) Members(role string) string {
	switch {
	case len(r) == 0:
		return "anybody"
	case len(r[role]) == 0:
		return "nobody"
	}
	return strings.Join(r[role], ", ")
}

// isMember compares without case: * is any text, and all else stands for itself.
func isMember(member, who string) bool {
	expr := strings.ReplaceAll(regexp.QuoteMeta(strings.ToLower(strings.TrimSpace(member))), `\*`, `.*`)
	return regexp.MustCompile(`^` + expr + `$`).MatchString(strings.ToLower(who))
}

// Standing is whether a decision holds, judged on a day.
type Standing struct {
	Valid  bool
	Void   bool   // it never was one, so that an earlier decision is not replaced by it
	Reason string // why it does not hold
}

// Standing judges the decision as of a day, for a month and what its subject spent in it (nil: not known). The role is the one
// that owns the gate, the owner that of the use case.
//
// A pause needs no second person: who stops their own spend has asked for nothing.
func (d Decision) Standing(asOf time.Time, roles Roles, role, owner string, spend *decimal.Decimal, month time.Time) Standing {
	early := d.At.After(asOf)
	later := d.Month.After(month)
	own := d.Decision == DecisionApprove && (strings.EqualFold(d.By, d.RequestedBy) || strings.EqualFold(d.By, strings.TrimSpace(owner))) // the owner asks, whoever writes
	outside := !roles.Has(role, d.By)
	s := Standing{Void: early || later || own || outside}
	switch {
	case early:
		s.Reason = fmt.Sprintf("recorded on %s, after %s", d.At.Format(time.DateOnly), asOf.Format(time.DateOnly))
	case !d.Until.IsZero() && !asOf.Before(d.Until.AddDate(0, 0, 1)):
		s.Reason = "expired on " + d.Until.Format(time.DateOnly)
	case later:
		s.Reason = fmt.Sprintf("made for %s, a later month", d.Month.Format("2006-01"))
	case own && !strings.EqualFold(d.By, d.RequestedBy):
		s.Reason = fmt.Sprintf("approved by %s, the owner of %s", d.By, d.Subject)
	case own:
		s.Reason = fmt.Sprintf("approved by %s, who asked for it", d.By)
	case outside:
		s.Reason = fmt.Sprintf("%sd by %s, who is not in the role %s", d.Decision, d.By, role)
	case d.Cap != nil && spend != nil && spend.GreaterThan(d.Cap.Decimal):
		s.Reason = fmt.Sprintf("spend %s is over its cap of %s", amountBeside(*spend, d.Cap.Decimal), Amount(d.Cap.Decimal))
	default:
		s.Valid = true
	}
	return s
}

// amountBeside shows two amounts apart that cents would show as one.
func amountBeside(d, other decimal.Decimal) string {
	if d.Round(2).Equal(other.Round(2)) {
		return d.String()
	}
	return Amount(d)
}

// Amount is money as a person reads it: 7,120.00.
func Amount(d decimal.Decimal) string {
	whole, cents, _ := strings.Cut(d.StringFixed(2), ".")
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + "." + cents
}

// An entryField is a key of an entry: how its text is read, and written ("" where there is none).
type entryField struct {
	key   string
	read  func(text string) error
	write func() string
}

// fields is the keys of an entry, in the order in which they are written.
func (d *Decision) fields() []entryField {
	return []entryField{
		textField("gate", &d.Gate), textField("subject", &d.Subject), dateField("month", &d.Month, "2006-01", "a month like 2026-10"),
		wordField("decision", &d.Decision), mailField("by", &d.By), dateField("at", &d.At, time.DateOnly, "a day like 2026-11-15"),
		mailField("requested_by", &d.RequestedBy), textField("reason", &d.Reason), capField("cap", &d.Cap), textField("expect", &d.Expect),
		dateField("until", &d.Until, time.DateOnly, "a day like 2026-11-15"), dateField("from", &d.From, time.DateOnly, "a day like 2026-11-15"),
	}
}

// Set reads a value as the register has it. What it refuses, the register would.
func (d *Decision) Set(key, text string) error {
	var keys []string
	for _, f := range d.fields() {
		if f.key != key {
			keys = append(keys, f.key)
			continue
		}
		if strings.TrimSpace(text) == "" {
			return errors.New("is empty")
		}
		return f.read(text)
	}
	return fmt.Errorf("is no key of a decision%s", allocate.Nearest(key, keys))
}

// disagreements is what its values say of each other.
func (d Decision) disagreements() []error {
	var errs []error
	check := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	for _, end := range []struct {
		key string
		day allocate.Date
	}{{"until", d.Until}, {"from", d.From}} {
		check(!end.day.IsZero() && end.day.Before(d.At.Time), "%s %s is before the day of the decision, at %s", end.key, end.day.Format(time.DateOnly), d.At.Format(time.DateOnly))
	}
	check(d.Decision == DecisionPause && d.From.After(d.At.AddDate(0, 0, 31)), "from %s is more than 31 days after the decision: until then nothing would be paused, and nothing judged", d.From.Format(time.DateOnly))
	check(d.Decision == DecisionApprove && !d.From.IsZero(), "from is of a pause, not of an approval")
	check(d.Decision == DecisionPause && (d.Cap != nil || d.Expect != ""), "cap and expect are of an approval, not of a pause")
	return errs
}

// missing is the keys without which it is no decision.
func (d Decision) missing(given map[string]int) []string {
	needed := []string{"gate", "subject", "month", "decision", "by", "at", "reason"}
	switch d.Decision {
	case DecisionApprove:
		needed = append(needed, "until")
	case DecisionPause:
		needed = append(needed, "from")
	}
	return slices.DeleteFunc(needed, func(key string) bool { return given[key] > 0 })
}

func textField(key string, to *string) entryField {
	return entryField{key, func(text string) error { *to = text; return nil }, func() string { return plainOrQuoted(*to) }}
}

func wordField(key string, to *string) entryField {
	f := textField(key, to)
	f.read = func(text string) error {
		words := []string{DecisionApprove, DecisionPause}
		if !slices.Contains(words, text) {
			return fmt.Errorf("%q is not one of %s%s", text, strings.Join(words, ", "), allocate.Nearest(text, words))
		}
		*to = text
		return nil
	}
	return f
}

var mailAddress = regexp.MustCompile(`^[^\s@<>,;*]+@[^\s@<>,;*]+\.[^\s@<>,;*]+$`)

func mailField(key string, to *string) entryField {
	f := textField(key, to)
	f.read = func(text string) error {
		if !mailAddress.MatchString(text) {
			return fmt.Errorf("%q is not an e-mail address", text)
		}
		*to = text
		return nil
	}
	return f
}

func dateField(key string, to *allocate.Date, layout, what string) entryField {
	read := func(text string) (err error) {
		if to.Time, err = time.Parse(layout, text); err != nil {
			return fmt.Errorf("%q is not %s", text, what)
		}
		return nil
	}
	return entryField{key, read, func() string {
		if to.IsZero() {
			return ""
		}
		return to.Format(layout)
	}}
}

// plainNumber has no exponent: 1e999999999 would be a number, too.
var plainNumber = regexp.MustCompile(`^[0-9]{1,20}(\.[0-9]{1,12})?$`)

func capField(key string, to **allocate.Decimal) entryField {
	read := func(text string) error {
		amount, err := decimal.NewFromString(text)
		if err != nil || !plainNumber.MatchString(text) || !amount.IsPositive() {
			return fmt.Errorf("%q is not a positive number like 7000", text)
		}
		*to = &allocate.Decimal{Decimal: amount}
		return nil
	}
	return entryField{key, read, func() string {
		if *to == nil {
			return ""
		}
		return fmt.Sprintf("%q", (*to).String())
	}}
}
