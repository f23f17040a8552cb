package gate

import (
	"maps"
	"slices"

	"github.com/aifinops/aifinops/report/table"
)

// A Fact is a column that conditions may use.
type Fact struct {
	Name    string
	Kind    string // money, unit cost, ratio, count, text, yes or no
	Meaning string
}

// Facts is what is known of each subject, by what a gate is for.
func Facts() map[string][]Fact {
	spend := []Fact{
		{"subject", "text", "the name"},
		{"spend", "money", "billed in the month, in whole cents; estimated where there is no bill"},
		{"prior", "money", "the same of the month before, under today's rules; 0 where it is new"},
		{"growth", "ratio", "(spend - prior) / prior; without end where it is new"},
		{"new", "yes or no", "spend now, and none the month before"},
		{"projected", "money", "by the end of a month that runs, at the daily rate so far; else spend"},
		{"estimated", "money", "the part of spend that no bill confirms"},
		{"to_date", "yes or no", "the month is not over"},
	}
	of := func(more ...Fact) []Fact { return append(slices.Clone(spend), more...) }
	budget := Fact{"budget", "money", "of the month, from budgets; where there is none the condition does not apply"}
	return map[string][]Fact{
		"use-case": of(
			Fact{"use_case", "text", "the id"}, Fact{"kind", "text", "feature, pilot or internal"}, Fact{"reliance", "text", "load-bearing, convenience or waste"},
			Fact{"team", "text", "of the use case"}, Fact{"product", "text", "of the use case"}, Fact{"cost_center", "text", "of the use case"}, Fact{"owner", "text", "of the use case"},
			Fact{"has_metric", "yes or no", "a metric names it, or its kind, reliance, team, product or cost centre"}, budget),
		"team":  of(Fact{"team", "text", "the name"}),
		"key":   of(Fact{"key", "text", "name or id"}, Fact{"requests", "count", "calls in the month"}, Fact{"provider", "text", "of the key"}),
		"model": of(Fact{"model", "text", "as the price book names it, else as the provider does"}, Fact{"requests", "count", "calls in the month"}, Fact{"approved", "yes or no", "approved_models has it; does not apply without that list"}, Fact{"provider", "text", "of the model"}),
		"provider": of(Fact{"provider", "text", "the name"}, Fact{"invoice", "money", "the invoice's total, where there is one"}, Fact{"billing", "money", "the sum of its bill"},
			Fact{"variance", "ratio", "(invoice - billing) / billing; does not apply without an invoice"}, Fact{"unpriced", "count", "tokens or units without a price"},
			Fact{"missing_days", "count", "days without a bill, or without the evidence that other days have"}, Fact{"status", "text", "what report reconcile says: tied, within tolerance, open, cannot judge"}),
		total: of(Fact{"coverage", "ratio", "the part of what was charged that has a use case"}, Fact{"unattributed", "money", "without a use case"}, budget),
		"metric": {
			{"subject", "text", "the name"}, {"metric", "text", "the id"}, {"outcome", "text", "what is counted"},
			{"value", "unit cost", "spend by outcome"}, {"prior", "unit cost", "the same of the month before"}, {"growth", "ratio", "(value - prior) / prior"},
			{"baseline", "unit cost", "the same of the baseline month, where one is configured"}, {"drift", "ratio", "from the baseline, else from the month before; does not apply to a metric's first month"},
			{"spend", "money", "the numerator"}, {"outcomes", "count", "the denominator"}, {"complete", "yes or no", "neither bill nor outcome lacks anything"},
			{"known", "ratio", "the part of spend that is known by request or key"}, {"to_date", "yes or no", "the month is not over"},
		},
	}
}

// textFacts is the facts that where and unless may name.
func textFacts() map[string][]string {
	all := map[string][]string{}
	for of, facts := range Facts() {
		all[of] = []string{}
		for _, f := range facts {
			if f.Kind == "text" {
				all[of] = append(all[of], f.Name)
			}
		}
	}
	return all
}

// FactTable is what conditions may say, for reading.
func FactTable(of string) (table.Table, bool) {
	t := table.Table{Report: "facts", Title: "Facts that a gate's condition may use", Columns: []table.Column{{Name: "for"}, {Name: "fact"}, {Name: "kind"}, {Name: "meaning"}}}
	for _, name := range slices.Sorted(maps.Keys(Facts())) {
		if of != "" && of != name {
			continue
		}
		for _, f := range Facts()[name] {
			t.Rows = append(t.Rows, []any{name, f.Name, f.Kind, f.Meaning})
		}
	}
	return t, len(t.Rows) > 0
}
