package cmd

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A charge of the test: what rules look at, and what it cost.
type testCharge struct {
	day    time.Time
	fields map[string]string // "" is unknown
	cost   decimal.Decimal
}

// testCharges are charges of three months, with amounts of up to 12 decimals and below zero.
func testCharges(n int) []testCharge {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(seed int, words ...string) string { return words[seed%len(words)] }
	var all []testCharge
	for i := range n {
		all = append(all, testCharge{
			day: time.Date(2026, 9, 1+(i*7)%91, 0, 0, 0, 0, time.UTC),
			fields: map[string]string{
				"project": pick(i*31+i/5, "proj-a", "proj-a-1", "proj-b", "proj_*", "Ünï", ""),
				"model":   pick(i*17+i/7, "gpt-5.4", "gpt-5.4-mini", "claude-opus-5", ""),
				"key":     pick(i*13+i/3, "k1", "k2", "o'brien", ""),
				"tag.use": pick(i*11+i/4, "alpha", "omega", "", ""),
			},
			cost: decimal.New(random.Int64N(200_000_000_000_000)-20_000_000_000_000, -12), // -20 to 180 dollars
		})
	}
	return all
}

// bookCharges books them by a column map: charge i is record i+2.
func bookCharges(t *testing.T, l *ingest.Ledger, dir string, charges []testCharge) {
	t.Helper()
	source, err := ingest.Mapping{Path: "charges.csv", Provider: "test", Columns: map[string]string{
		"date": "day", "project": "project", "model": "model", "key": "key", "tag.use": "use", "cost": "cost"}}.NewSource("USD", nil)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	file.WriteString("day,project,model,key,use,cost\n")
	for _, c := range charges {
		fmt.Fprintf(&file, "%s,%s,%s,%s,%s,%s\n", c.day.Format(time.DateOnly), c.fields["project"], c.fields["model"], c.fields["key"], c.fields["tag.use"], c.cost)
	}
	const tickets = "date,name,value,use_case\n2026-09-05,tickets,7,alpha\n2026-09-06,tickets,11.5,beta\n2026-10-07,tickets,3,gamma\n2026-10-08,tickets,-1,beta\n"
	receipts, err := ingest.Run(context.Background(), l, ingest.Request{Sources: append(outcomes, source),
		Inputs: []ingest.Input{write(t, dir, "charges.csv", file.String(), 0), write(t, dir, "outcomes.csv", tickets, 0)}})
	if err != nil || receipts[0].Booked != int64(len(charges)) {
		t.Fatalf("%v, %v", receipts, err)
	}
}

// patterns draws the values of a field in a rule: texts, globs and regular expressions.
func patterns(field string) *rapid.Generator[[]string] {
	values := map[string][]string{
		"project": {"proj-a", "proj-?", "proj-*", "proj[_]*", "*", "/^proj-a/", "/-1$/", "Ünï", "Ü??", "/ï/", "none"},
		"model":   {"gpt-5.4", "gpt-*", "claude*", "/mini|opus/", "*5*", "none"},
		"key":     {"k1", "k?", "o'brien", "o'*", "/'/", "none"},
		"tag.use": {"alpha", "*", "/^o/", "none"},
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(values[field]), 1, 3, rapid.ID[string])
}

// matches is what a pattern means, written down once more: * is any text, ? one character, [_] just that.
func matches(pattern, value string) bool {
	if value == "" {
		return false
	}
	if len(pattern) > 1 && strings.HasPrefix(pattern, "/") && strings.HasSuffix(pattern, "/") {
		return regexp.MustCompile(pattern[1 : len(pattern)-1]).MatchString(value)
	}
	quoted := regexp.QuoteMeta(pattern)
	for glob, re := range map[string]string{`\*`: ".*", `\?`: ".", `\[_\]`: "_"} {
		quoted = strings.ReplaceAll(quoted, glob, re)
	}
	return regexp.MustCompile("^" + quoted + "$").MatchString(value)
}

func fits(r allocate.Rule, c testCharge) bool {
	for field, values := range r.Match {
		if !slices.ContainsFunc(values, func(v string) bool { return matches(v, c.fields[field]) }) {
			return false
		}
	}
	return (r.From.IsZero() || !c.day.Before(r.From.Time)) && (r.To.IsZero() || c.day.Before(r.To.Time))
}

// policies draws rules that are sound: what is unreachable or repeated is left out again.
func policies() *rapid.Generator[allocate.Policy] {
	ids := []string{"alpha", "beta", "gamma", "delta"}
	return rapid.Custom(func(t *rapid.T) allocate.Policy {
		p := allocate.Policy{Currency: "USD"}
		for _, id := range ids {
			p.UseCases = append(p.UseCases, allocate.UseCase{ID: id, Team: "team-" + id})
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "rules") {
			r := allocate.Rule{ID: fmt.Sprintf("r%d", i), Match: map[string]allocate.List{}}
			for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"project", "model", "key", "tag.use"}), 1, 2, rapid.ID[string]).Draw(t, "fields") {
				r.Match[field] = patterns(field).Draw(t, field)
			}
			if rapid.IntRange(0, 3).Draw(t, "dated") == 0 {
				r.From = allocate.Date{Time: time.Date(2026, 9, rapid.IntRange(1, 60).Draw(t, "from"), 0, 0, 0, 0, time.UTC)}
				r.To = allocate.Date{Time: r.From.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))}
			}
			among := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 4, rapid.ID[string]).Draw(t, "among")
			switch by := rapid.SampledFrom([]string{"use case", "use case", "template", "even", "fixed", "cost", "outcome"}).Draw(t, "target"); by {
			case "use case":
				r.UseCase = among[0]
			case "template":
				r.UseCase = "{tag.use}"
			case "fixed":
				r.Split = &allocate.Split{By: by, Shares: map[string]allocate.Decimal{}}
				for _, id := range among {
					r.Split.Shares[id] = allocate.Decimal{Decimal: decimal.New(rapid.Int64Range(1, 1_000_000).Draw(t, "share"), -rapid.Int32Range(0, 5).Draw(t, "decimals"))}
				}
			case "outcome":
				r.Split = &allocate.Split{By: by, Among: among, Driver: "tickets"}
			default:
				r.Split = &allocate.Split{By: by, Among: among}
			}
			with := p
			with.Rules = append(slices.Clone(p.Rules), r)
			if with.Check() == nil {
				p = with
			}
		}
		return p
	})
}

// Whatever the rules: the slices of a charge add up to it, to the last digit; the first rule that fits takes it; use
// cases that are not its target get nothing; even and fixed shares are right; and each month adds up in the report.
func TestAllocationConserves(t *testing.T) {
	l, dir, done := newLedger(t)
	defer done()
	charges := testCharges(120)
	bookCharges(t, l, dir, charges)
	few(t, 5, func(t *rapid.T) {
		p := policies().Draw(t, "policy")
		if err := analysed(t, l.DB, config{Currency: p.Currency, UseCases: p.UseCases, Rules: p.Rules, ExchangeRates: p.Rates}); err != nil {
			t.Fatal(err)
		}
		slices := readSlices(t, l.DB)
		for i, c := range charges {
			checkCharge(t, p, c, slices[i+2])
		}
		for month := time.September; month <= time.November; month++ {
			want := decimal.Zero
			for _, c := range charges {
				if c.day.Month() == month {
					want = want.Add(c.cost)
				}
			}
			period := report.Month(time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC))
			table, err := report.Spend(context.Background(), l.DB, report.Request{By: []string{"use-case", "rule"}, Period: period, Currency: "USD", AsOf: period.To})
			if err != nil {
				t.Fatal(err)
			}
			if got := table.Totals[2].(decimal.Decimal); !got.Equal(want) {
				t.Fatalf("%s adds up to %s, not %s", month, got, want)
			}
		}
	})
}

// A slice of a charge: the rule that took it and the use case that pays.
type slice struct {
	rule, useCase string
	cost          decimal.Decimal
}

func readSlices(t rapid.TB, db *sql.DB) map[int][]slice {
	t.Helper()
	rows, err := db.Query("SELECT x_Record, coalesce(x_Rule, ''), coalesce(x_UseCase, ''), BilledCost::VARCHAR FROM costs")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[int][]slice{}
	for rows.Next() {
		var record int
		var s slice
		var cost string
		if err := rows.Scan(&record, &s.rule, &s.useCase, &cost); err != nil {
			t.Fatal(err)
		}
		s.cost = decimal.RequireFromString(cost)
		all[record] = append(all[record], s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// checkCharge holds the slices of one charge against what the rules mean.
func checkCharge(t rapid.TB, p allocate.Policy, c testCharge, parts []slice) {
	t.Helper()
	sum, got := decimal.Zero, map[string]decimal.Decimal{}
	for _, s := range parts {
		sum = sum.Add(s.cost)
		got[s.useCase] = got[s.useCase].Add(s.cost)
	}
	if !sum.Equal(c.cost) {
		t.Fatalf("the slices of %v add up to %s", c, sum)
	}
	i := slices.IndexFunc(p.Rules, func(r allocate.Rule) bool { return fits(r, c) })
	var want allocate.Rule
	if i >= 0 {
		want = p.Rules[i]
	}
	if slices.ContainsFunc(parts, func(s slice) bool { return s.rule != want.ID }) {
		t.Fatalf("%v is taken by %v, not by rule %q", c, parts, want.ID)
	}
	shares := sharesOf(want, c)
	for useCase, cost := range got {
		share, ok := shares[useCase]
		if !ok && (want.Split == nil || want.Split.By == "even" || want.Split.By == "fixed") {
			t.Fatalf("%v gives %s to %q", c, cost, useCase)
		}
		if want.Split != nil && len(want.Split.Among) > 0 && useCase != "" && !slices.Contains(want.Split.Among, useCase) {
			t.Fatalf("%v gives %s to %s, which is not among those of %s", c, cost, useCase, want.ID)
		}
		// A share has 15 decimals, a slice 12.
		if off := cost.Sub(c.cost.Mul(share)).Abs(); ok && off.GreaterThan(c.cost.Abs().Mul(decimal.New(2, -15)).Add(decimal.New(2, -12))) {
			t.Fatalf("%v gives %s to %s, which is off by %s", c, cost, useCase, off)
		}
	}
}

// sharesOf is the parts of a charge that a rule gives to whom, where that does not depend on other charges or outcomes.
func sharesOf(r allocate.Rule, c testCharge) map[string]decimal.Decimal {
	one := decimal.NewFromInt(1)
	switch {
	case r.UseCase == "{tag.use}" && c.fields["tag.use"] == "alpha":
		return map[string]decimal.Decimal{"alpha": one}
	case r.UseCase == "{tag.use}":
		return map[string]decimal.Decimal{"": one}
	case r.Split == nil:
		return map[string]decimal.Decimal{r.UseCase: one}
	}
	shares, whole := map[string]decimal.Decimal{}, decimal.Zero
	switch r.Split.By {
	case "even":
		for _, id := range r.Split.Among {
			shares[id] = one
		}
	case "fixed":
		for id, share := range r.Split.Shares {
			shares[id] = share.Decimal
		}
	}
	for _, share := range shares {
		whole = whole.Add(share)
	}
	for id := range shares {
		shares[id] = shares[id].DivRound(whole, 30)
	}
	return shares
}
