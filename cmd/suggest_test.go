package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// The rule that is suggested for a name takes the money of that name and no other, whatever stands in it: pasted
// together, the suggestions attribute every dollar.
func TestSuggestionsTakeTheirDollars(t *testing.T) {
	l, dir, done := newLedger(t)
	defer done()
	names := []string{"plain", "Null", "true", "12", "2026-10-01", "a*b", "aXb", "a?b", "[x]", "x", "/x/", "日本", "中国", "it's", `back\slash`, `q""uote`,
		"a: b", "# x", "- x", "{tag.x}", "a, b", "a_b", "a-b", "&a", "!a", "|", "%"}
	var file strings.Builder
	file.WriteString(costsHeader + "\n")
	for _, name := range names {
		file.WriteString(costRow(1, "1", `m`, `"`+name+`"`) + "\n")
	}
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Run(context.Background(), l, ingest.Request{Sources: sources, Inputs: []ingest.Input{write(t, dir, "costs.csv", file.String(), 0)}}); err != nil {
		t.Fatal(err)
	}
	c, err := parseConfig("a.yaml", []byte("currency: USD"))
	if err != nil {
		t.Fatal(err)
	}
	if err := analysed(t, l.DB, c); err != nil {
		t.Fatal(err)
	}
	suggestions, err := c.policy().Suggest(context.Background(), l.DB, "true")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suggestions {
		if s.Charges != 1 {
			t.Errorf("%s takes %d charges", s.YAML, s.Charges)
		}
	}
	p := pasted(t, c.policy(), suggestions)
	if err := analysed(t, l.DB, config{Currency: "USD", UseCases: p.UseCases, Rules: p.Rules}); err != nil {
		t.Fatal(err)
	}
	slices := readSlices(t, l.DB)
	rules := map[string]bool{}
	for i, name := range names {
		s := slices[i+2][0]
		if s.useCase != "docs" || rules[s.rule] {
			t.Errorf("the dollar of %q goes to %q by rule %q", name, s.useCase, s.rule)
		}
		rules[s.rule] = true
	}
}

// pasted is the policy with what was suggested, as the program says where it belongs; the rules are for the use case docs.
func pasted(t rapid.TB, p allocate.Policy, suggestions []allocate.Suggestion) allocate.Policy {
	t.Helper()
	p.UseCases = append(slices.Clone(p.UseCases), allocate.UseCase{ID: "docs"})
	p.Rules = slices.Clone(p.Rules)
	for _, s := range allocate.InOrder(suggestions) {
		c, err := parseConfig("pasted.yaml", []byte(s.Section+":\n  - "+strings.Replace(s.YAML, "CHOOSE-ONE", "docs", 1)+"\n"))
		if err != nil {
			t.Fatalf("%v, in %s", err, s.YAML)
		}
		p.UseCases = append(p.UseCases, c.UseCases...)
		at := len(p.Rules)
		if s.Before != "" {
			at = slices.IndexFunc(p.Rules, func(r allocate.Rule) bool { return r.ID == s.Before })
		}
		p.Rules = slices.Insert(p.Rules, at, c.Rules...)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// totals is the dollars of each record by use case; estimated money has none.
func totals(t rapid.TB, parts map[int][]slice) map[string]decimal.Decimal {
	t.Helper()
	sums := map[string]decimal.Decimal{}
	for record, all := range parts {
		for _, s := range all {
			key := fmt.Sprint(record, " ", s.useCase)
			sums[key] = sums[key].Add(s.cost)
		}
	}
	return sums
}

// Whatever the rules: the gaps add up to what has no use case; the suggestions leave nothing of it but splits with
// nothing to split by; and no dollar that had a use case before moves.
func TestSuggestionsCloseTheGaps(t *testing.T) {
	l, dir, done := newLedger(t)
	defer done()
	bookCharges(t, l, dir, testCharges(120))
	few(t, 5, func(t *rapid.T) {
		p := policies().Draw(t, "policy")
		if err := analysed(t, l.DB, config{Currency: "USD", UseCases: p.UseCases, Rules: p.Rules}); err != nil {
			t.Fatal(err)
		}
		before := readSlices(t, l.DB)
		gaps, err := p.Gaps(context.Background(), l.DB, "true", func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		sum, none := decimal.Zero, decimal.Zero
		for _, g := range gaps {
			if g.Tier != "none" || g.ClosedBy == "" || g.Cause == "" {
				t.Fatalf("%+v", g) // without evidence nothing tells that a key is shared
			}
			sum = sum.Add(g.Dollars)
		}
		for _, parts := range before {
			for _, s := range parts {
				if s.useCase == "" {
					none = none.Add(s.cost)
				}
			}
		}
		if !sum.Equal(none) {
			t.Fatalf("the gaps add up to %s, not %s", sum, none)
		}
		suggestions, err := p.Suggest(context.Background(), l.DB, "true")
		if err != nil {
			t.Fatal(err)
		}
		p = pasted(t, p, suggestions)
		if err := analysed(t, l.DB, config{Currency: "USD", UseCases: p.UseCases, Rules: p.Rules}); err != nil {
			t.Fatal(err)
		}
		after := readSlices(t, l.DB)
		now := totals(t, after)
		for key, was := range totals(t, before) {
			if !strings.HasSuffix(key, " ") && !now[key].Equal(was) {
				t.Fatalf("%s had %s, and has %s with\n%v", key, was, now[key], suggestions)
			}
		}
		for record, parts := range after {
			i := slices.IndexFunc(p.Rules, func(r allocate.Rule) bool { return r.ID == parts[0].rule })
			if parts[0].useCase == "" && (i < 0 || p.Rules[i].Split == nil) {
				t.Fatalf("record %d is still without a use case: %v, with\n%v", record, parts, suggestions)
			}
		}
	})
}

// A plan neither makes nor loses a dollar: what each use case has afterwards is what it had, less what moved from it,
// plus what moved to it, to the last digit; its two sides are what the rules give by themselves; nothing moves from a
// policy to itself.
func TestPlanConserves(t *testing.T) {
	l, dir, done := newLedger(t)
	defer done()
	bookCharges(t, l, dir, testCharges(120))
	if err := analysed(t, l.DB, config{Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	few(t, 5, func(t *rapid.T) {
		before, after := policies().Draw(t, "before"), policies().Draw(t, "after")
		plan, err := allocate.Compare(context.Background(), l.DB, before, after, "true")
		if err != nil {
			t.Fatal(err)
		}
		checkShifts(t, plan)
		for _, side := range []struct {
			policy allocate.Policy
			of     func(allocate.Shift) decimal.Decimal
		}{{before, func(s allocate.Shift) decimal.Decimal { return s.Before }}, {after, func(s allocate.Shift) decimal.Decimal { return s.After }}} {
			if err := errors.Join(side.policy.Declare(context.Background(), l.DB), side.policy.Judge(context.Background(), l.DB)); err != nil {
				t.Fatal(err)
			}
			sums := map[string]decimal.Decimal{}
			for _, parts := range readSlices(t, l.DB) {
				for _, s := range parts {
					sums[s.useCase] = sums[s.useCase].Add(s.cost)
				}
			}
			for _, s := range plan.UseCases {
				if !side.of(s).Equal(sums[s.UseCase]) {
					t.Fatalf("the plan gives %s %s, the rules %s", s.UseCase, side.of(s), sums[s.UseCase])
				}
			}
		}
		same, err := allocate.Compare(context.Background(), l.DB, after, after, "true")
		if err != nil || len(same.Moves) > 0 {
			t.Fatalf("%v, %v move from a policy to itself", err, same.Moves)
		}
	})
}

func checkShifts(t rapid.TB, plan allocate.Plan) {
	t.Helper()
	net := map[string]decimal.Decimal{}
	for _, m := range plan.Moves {
		if m.From == m.To {
			t.Fatalf("%v moves nowhere", m)
		}
		net[m.From], net[m.To] = net[m.From].Sub(m.Dollars), net[m.To].Add(m.Dollars)
	}
	for _, s := range plan.UseCases {
		if !s.After.Sub(s.Before).Equal(net[s.UseCase]) {
			t.Fatalf("%s goes from %s to %s, and %s moves", s.UseCase, s.Before, s.After, net[s.UseCase])
		}
		delete(net, s.UseCase)
	}
	for useCase, moved := range net {
		if !moved.IsZero() {
			t.Fatalf("%s moves to %s, which is in no sum", moved, useCase)
		}
	}
}
