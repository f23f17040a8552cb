package cmd

import (
	"context"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
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
	text := "use_cases: [{id: docs}]\nrules:\n"
	c, err := parseConfig("a.yaml", []byte("currency: USD"))
	if err != nil {
		t.Fatal(err)
	}
	if err := analysed(t, l.DB, c); err != nil {
		t.Fatal(err)
	}
	suggestions, err := c.policy().Suggest(context.Background(), l.DB, "true", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suggestions {
		if s.Charges != 1 {
			t.Errorf("%s takes %d charges", s.YAML, s.Charges)
		}
		text += "  " + strings.Replace(s.YAML, "CHOOSE-ONE", "docs", 1) + "\n"
	}
	if c, err = parseConfig("a.yaml", []byte(text)); err != nil {
		t.Fatalf("%v, in\n%s", err, text)
	}
	c.Currency = "USD"
	if err := analysed(t, l.DB, c); err != nil {
		t.Fatalf("%v, in\n%s", err, text)
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
