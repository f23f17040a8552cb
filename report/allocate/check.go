package allocate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Check says everything that is wrong with the policy as it is written:
// unknown names, rules that can never be reached, splits that divide nothing.
// What depends on the ledger, such as rules that match nothing, is Findings'.
func (p Policy) Check() error {
	var errs []error
	add := func(place Place, rule, format string, args ...any) {
		errs = append(errs, &RuleError{Place: place, Rule: rule, Msg: fmt.Sprintf(format, args...)})
	}
	ids := p.checkUseCases(add)
	seen := map[string]Place{}
	for i, r := range p.Rules {
		if r.ID == "" {
			add(r.Place, "", "a rule needs an id")
			continue
		}
		if before, ok := seen[r.ID]; ok {
			add(r.Place, r.ID, "the id stands twice, first at %s", before)
		}
		seen[r.ID] = r.Place
		r.check(ids, func(format string, args ...any) { add(r.Place, r.ID, format, args...) })
		for _, earlier := range p.Rules[:i] {
			if earlier.covers(r) {
				add(r.Place, r.ID, "is never reached: rule %s at %s takes all that it matches", earlier.ID, earlier.Place)
				break
			}
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(p.Rates)) {
		p.checkRates(currency, func(r Rate, format string, args ...any) {
			add(r.Place, "", "exchange_rates: %s: %s", currency, fmt.Sprintf(format, args...))
		})
	}
	return errors.Join(errs...)
}

func (p Policy) checkUseCases(add func(Place, string, string, ...any)) []string {
	var ids []string
	for _, u := range p.UseCases {
		if u.ID == "" || strings.ContainsAny(u.ID, "(){}*") {
			add(u.Place, "", "use case %q: an id is a name without (){}*", u.ID)
		}
		if slices.Contains(ids, u.ID) {
			add(u.Place, "", "use case %s stands twice", u.ID)
		}
		ids = append(ids, u.ID)
		checkWord(u.Kind, []string{"feature", "pilot", "internal"}, func(msg string) { add(u.Place, "", "use case %s: kind %s", u.ID, msg) })
		checkWord(u.Reliance, []string{"load-bearing", "convenience", "waste"}, func(msg string) { add(u.Place, "", "use case %s: reliance %s", u.ID, msg) })
	}
	return ids
}

func checkWord(word string, words []string, report func(string)) {
	if word != "" && !slices.Contains(words, word) {
		report(fmt.Sprintf("%q is not one of %s", word, strings.Join(words, ", ")))
	}
}

// check is what can be said of one rule alone.
func (r Rule) check(ids []string, bad func(string, ...any)) {
	if len(r.Match) == 0 && r.When == "" {
		bad("needs a match or a when")
	}
	for _, field := range sortedFields(r.Match) {
		if _, ok := columnsOf(field); !ok {
			bad("no field %q to match on%s; the fields are %s, tag.NAME", field, Nearest(field, FieldNames()), strings.Join(FieldNames(), ", "))
		}
		if len(r.Match[field]) == 0 {
			bad("match %s lists no value", field)
		}
		for _, v := range r.Match[field] {
			if isRegex(v) {
				if _, err := regexp.Compile(v[1 : len(v)-1]); err != nil {
					bad("match %s: %v", field, err)
				}
			}
			if _, err := regexp.Compile(globRegex(v)); err != nil && !isRegex(v) && isGlob(v) {
				bad("match %s: %q: %v", field, v, err)
			}
			if v == "" {
				bad("match %s has an empty value, which nothing matches", field)
			}
		}
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To.Time) {
		bad("from %s is not before to %s", r.From.Format("2006-01-02"), r.To.Format("2006-01-02"))
	}
	switch {
	case (r.UseCase == "") == (r.Split == nil):
		bad("needs either a use_case or a split")
	case r.Split != nil:
		r.Split.check(ids, bad)
	case isTemplate(r.UseCase):
		for _, m := range templatePart.FindAllStringSubmatch(r.UseCase, -1) {
			if _, ok := columnsOf(m[1]); !ok {
				bad("use_case %q: no field %q", r.UseCase, m[1])
			}
		}
		if strings.Count(r.UseCase, "{") != len(templatePart.FindAllString(r.UseCase, -1)) {
			bad("use_case %q: a { is not closed", r.UseCase)
		}
	default:
		checkID(r.UseCase, ids, bad)
	}
}

func checkID(id string, ids []string, bad func(string, ...any)) {
	if !slices.Contains(ids, id) {
		bad("no use case %q%s", id, Nearest(id, ids))
	}
}

func (s Split) check(ids []string, bad func(string, ...any)) {
	if !slices.Contains([]string{"even", "fixed", "cost", "outcome"}, s.By) {
		bad("split by %q; it is one of even, fixed, cost, outcome", s.By)
		return
	}
	if s.By == "fixed" && len(s.Among) > 0 || s.By != "fixed" && len(s.Shares) > 0 {
		bad("split by %s: fixed takes shares, the others take among", s.By)
	}
	if (s.By == "outcome") != (s.Driver != "") {
		bad("split by %s: outcome, and only outcome, takes a driver", s.By)
	}
	among := s.among()
	if len(among) == 0 {
		bad("split by %s names no use cases", s.By)
	}
	for i, id := range among {
		checkID(id, ids, bad)
		if slices.Contains(among[:i], id) {
			bad("split names %s twice", id)
		}
	}
	total := decimal.Zero
	for _, id := range slices.Sorted(maps.Keys(s.Shares)) {
		if s.Shares[id].IsNegative() {
			bad("split: the share of %s is negative", id)
		}
		total = total.Add(s.Shares[id].Decimal)
	}
	if s.By == "fixed" && len(s.Shares) > 0 && !total.IsPositive() {
		bad("split: the shares add up to %s", total)
	}
}

// covers says whether the rule takes all that a later one matches: it asks for
// nothing more, in no shorter time. Only what can be told from the text counts.
func (r Rule) covers(later Rule) bool {
	if r.When != "" && r.When != later.When || len(r.Match) == 0 && r.When == "" {
		return false
	}
	if !r.From.IsZero() && (later.From.IsZero() || later.From.Before(r.From.Time)) || !r.To.IsZero() && (later.To.IsZero() || later.To.After(r.To.Time)) {
		return false
	}
	for field, values := range r.Match {
		wanted, ok := later.Match[field]
		if !ok {
			return false
		}
		for _, w := range wanted {
			if !slices.ContainsFunc(values, func(v string) bool {
				return v == w || v == "*" || isGlob(v) && !isGlob(w) && !isRegex(w) && globMatches(v, w)
			}) {
				return false
			}
		}
	}
	return true
}

// globMatches says whether a glob takes a text.
func globMatches(glob, text string) bool {
	re, err := regexp.Compile(globRegex(glob))
	return err == nil && re.MatchString(text)
}

// Nearest offers the known name that is most like a mistyped one.
func Nearest(name string, known []string) string {
	best, distance := "", len(name)/2+1
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// checkConditions has the database read each rule's own SQL: it must be one
// predicate over the columns of dimensions, and nothing else.
func (p Policy) checkConditions(ctx context.Context, db *sql.DB) error {
	var plain bool
	if err := db.QueryRowContext(ctx, "SELECT coalesce(getvariable('plain_users'), false)").Scan(&plain); err != nil {
		return err
	}
	for _, r := range p.Rules {
		for _, v := range r.Match["user"] {
			if !plain && (isGlob(v) || isRegex(v)) {
				return &RuleError{r.Place, r.ID, fmt.Sprintf("match user %q: users are kept as hashes, so a pattern matches none; name them in full, or set `users: plain`", v)}
			}
		}
		if err := r.checkPatterns(ctx, db); err != nil {
			return err
		}
		if r.When == "" {
			continue
		}
		var parsed sql.NullString
		err := db.QueryRowContext(ctx, "SELECT json_serialize_sql(?::VARCHAR)->>'error_message'", "SELECT ("+r.When+"\n) FROM dimensions").Scan(&parsed)
		if err == nil && parsed.Valid {
			err = errors.New(parsed.String)
		}
		if err == nil {
			_, err = db.ExecContext(ctx, "EXPLAIN SELECT CASE WHEN ("+r.When+"\n) THEN 1 END FROM (SELECT *, NULL::VARCHAR AS x_UpstreamApiKeyId, NULL::VARCHAR AS x_BookModel FROM dimensions)")
		}
		if err != nil {
			message, _, _ := strings.Cut(err.Error(), "\n\nLINE ") // what follows is not as the user wrote it
			return &RuleError{r.Place, r.ID, "when: " + message}
		}
	}
	return nil
}

// checkPatterns has the database compile each regular expression: it knows a little less than Go does.
func (r Rule) checkPatterns(ctx context.Context, db *sql.DB) error {
	for _, field := range sortedFields(r.Match) {
		for _, v := range r.Match[field] {
			if !isRegex(v) {
				continue
			}
			if _, err := db.ExecContext(ctx, "SELECT regexp_matches('', "+quote(v[1:len(v)-1])+")"); err != nil {
				return &RuleError{r.Place, r.ID, fmt.Sprintf("match %s: %v", field, err)}
			}
		}
	}
	return nil
}
