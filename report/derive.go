package report

import (
	"slices"

	"github.com/aifinops/aifinops/report/table"
)

// derivations is how columns follow from others of their table, by their names: the same in every report. Where several are given the first
// holds that makes the cell what it is.
func derivations() map[string][]table.Derivation {
	return map[string][]table.Derivation{
		"change":              {{Op: table.Difference, Of: []string{"billed_cost", "prior_cost"}}},
		"change_percent":      {{Op: table.Growth, Of: []string{"billed_cost", "prior_cost"}}, {Op: table.Growth, Of: []string{"value", "prior_value"}}},
		"drift_percent":       {{Op: table.Growth, Of: []string{"value", "baseline_value"}}},
		"share_percent":       {{Op: table.Share, Of: []string{"charged"}}, {Op: table.Share, Of: []string{"billed_cost"}}},
		"prior_share_percent": {{Op: table.Share, Of: []string{"prior_charged"}}},
		"value":               {{Op: table.Quotient, Of: []string{"numerator", "denominator"}}},
		"prior_value":         {{Op: table.Quotient, Of: []string{"prior_numerator", "prior_denominator"}}},
		"budget_left":         {{Op: table.Difference, Of: []string{"budget", "budgeted_cost"}}, {Op: table.Difference, Of: []string{"budget", "billed_cost"}}},
		"used_percent":        {{Op: table.PercentOf, Of: []string{"budgeted_cost", "budget"}}, {Op: table.PercentOf, Of: []string{"billed_cost", "budget"}}},
		"cap_used_percent":    {{Op: table.PercentOf, Of: []string{"spend", "cap"}}},
		"coverage_percent":    {{Op: table.PercentOf, Of: []string{"attributed", "charged"}}},
		"difference": {
			{Op: table.Difference, Of: []string{"invoice", "billing"}},
			{Op: table.Difference, Of: []string{"usage_charges", "usage_priced"}},
			{Op: table.Difference, Of: []string{"usage_charges", "requests_priced"}},
		},
		"difference_percent": {{Op: table.PercentOf, Of: []string{"difference", "billing"}}},
		"invoice_difference": {{Op: table.Difference, Of: []string{"invoice", "billing"}}},
		"evidence_difference": {
			{Op: table.Difference, Of: []string{"usage_charges", "usage_priced"}},
			{Op: table.Difference, Of: []string{"usage_charges", "requests_priced"}},
		},
	}
}

// tones is how good the words of judgements are, in every report.
func tones() map[string]table.Tone {
	return map[string]table.Tone{
		"pass": table.Good, tied: table.Good, within: table.Good, "valid": table.Good,
		"warn": table.Caution, "rejustify": table.Caution, "approval": table.Caution, "open": table.Caution, "lapsed": table.Caution, "replaced": table.Neutral, "paused": table.Caution,
		"pause": table.Bad, "not honoured": table.Bad,
		"cannot-judge": table.Unjudged, cannotJudge: table.Unjudged,
	}
}

// Explain tells of a table and its details how their columns follow from each other, and how good their judgements are. What somebody
// asked in SQL of their own has names that mean what they like.
func Explain(t *table.Table) {
	if t.Report == "query" {
		return
	}
	known := derivations()
	for i, c := range t.Columns {
		for _, d := range known[c.Name] {
			if c.Of == nil && !slices.ContainsFunc(d.Of, func(name string) bool { return column(t, name) < 0 }) {
				t.Columns[i].Of = append(t.Columns[i].Of, d)
			}
		}
		if c.Name == "verdict" || c.Name == "status" {
			t.Columns[i].Tones = tones()
		}
	}
	for i := range t.Details {
		Explain(&t.Details[i])
	}
}
