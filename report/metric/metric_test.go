package metric_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/metric"
)

func TestUnitCosts(t *testing.T) {
	db := open(t)
	october := func(line string) []string { return each(t, line, "2026-10-01", "2026-10-31") }
	tickets := october("f1 % tickets 10 a") // 310
	hundred := []string{"2026-10-05 a openai llm key billed 100"}
	weekend := []time.Weekday{time.Saturday, time.Sunday}
	for _, test := range []struct {
		name   string
		config string // beside that of most cases, or the whole
		ledger ledger
		asOf   string // default: 2026-11-15
		from   string // default: 2026-10
		to     string
		want   string
	}{
		{name: "a sum of days", ledger: ledger{outcomes: tickets, costs: hundred},
			want: "2026-10 m 0.322580645161 = 100 / 310 complete"},
		{name: "to the last digit, half away from zero",
			ledger: ledger{outcomes: []string{"f1 2026-10 tickets 3 a"},
				costs: []string{"2026-10-05 a openai llm key billed -0.000000000005"}},
			want: "2026-10 m -0.000000000002 = -0.000000000005 / 3 complete"},
		{name: "large money is exact", ledger: ledger{outcomes: []string{"f1 2026-10 tickets 7 a"}, costs: []string{"2026-10-05 a openai llm key billed 123456789012.345678901234"}},
			want: "2026-10 m 17636684144.620811271605 = 123456789012.345678901234 / 7 complete"},
		{name: "a month", ledger: ledger{outcomes: []string{"f1 2026-10 tickets 50 a"}, costs: hundred},
			want: "2026-10 m 2 = 100 / 50 complete"},
		{name: "a week over the end of a month is divided by its days", from: "2026-09",
			ledger: ledger{outcomes: []string{"f1 W2026-08-31 tickets 70", "f1 W2026-09-07 tickets 70", "f1 W2026-09-14 tickets 70", "f1 W2026-09-21 tickets 70", "f1 W2026-09-28 tickets 70",
				"f1 W2026-10-05 tickets 70", "f1 W2026-10-12 tickets 70", "f1 W2026-10-19 tickets 70", "f1 W2026-10-26 tickets 7"}, costs: []string{"2026-09-05 a openai llm key billed 300", "2026-10-05 a openai llm key billed 256"}},
			want: "2026-09 m 1 = 300 / 300 complete\n2026-10 m 1 = 256 / 256 complete"}, // 4 of 70/7 and three of 70, and 6 of 7/7
		{name: "parts of a week add up to it", from: "2026-09",
			ledger: ledger{outcomes: []string{"f1 2026-08 tickets 0", "f1 W2026-09-28 tickets 1"}, costs: hundred},
			want: "2026-09 m n/a = n/a / 0.428571428571 not complete: tickets: 27 of 30 days missing, from 2026-09-01 to 2026-09-27; nothing was billed in 2026-09\n" +
				"2026-10 m n/a = 100 / 0.571428571429 not complete: tickets: 27 of 31 days missing, from 2026-10-05 to 2026-10-31"},
		{name: "a mean has the weeks whose Thursday is in the month", config: ", window: mean", from: "2026-12", to: "2027-02", asOf: "2027-02-15",
			ledger: ledger{outcomes: []string{"f1 W2026-11-30 tickets 10", "f1 W2026-12-07 tickets 20", "f1 W2026-12-14 tickets 30", "f1 W2026-12-21 tickets 40",
				"f1 W2026-12-28 tickets 50", "f1 W2027-01-04 tickets 60", "f1 W2027-01-11 tickets 70", "f1 W2027-01-18 tickets 80", "f1 W2027-01-25 tickets 90"},
				costs: []string{"2026-12-05 a openai llm key billed 300", "2027-01-05 a openai llm key billed 750"}},
			want: "2026-12 m 10 = 300 / 30 complete\n2027-01 m 10 = 750 / 75 complete"}, // 2026-W53 ends on January 3rd
		{name: "the last", config: ", window: last", ledger: ledger{outcomes: append(each(t, "f1 % tickets 9", "2026-10-01", "2026-10-30"), "f1 2026-10-31 tickets 4"), costs: hundred},
			want: "2026-10 m 25 = 100 / 4 complete"},
		{name: "with a use case and without", ledger: ledger{outcomes: append(october("f1 % tickets 9"), "f2 2026-10-05 tickets 4 a", "f2 2026-10-06 tickets 4 b"), costs: hundred},
			want: "2026-10 m n/a = 100 / 283 not complete: tickets of a: 30 of 31 days missing, the first 2026-10-01, the last 2026-10-31; " +
				"tickets is counted twice on 2026-10-05, with and without a use case: f2 record 33 and f1 record 6"},
		{name: "events and their sums", ledger: ledger{outcomes: append(october("f1 % tickets 9"), "f2 2026-10-05T10:00 tickets 1", "f2 2026-10-06T10:00 tickets 1"), costs: hundred},
			want: "2026-10 m n/a = 100 / 281 not complete: tickets is counted twice on 2 days, the first 2026-10-05, by single events and by sums: f2 record 33 and f1 record 6"},
		{name: "the largest", config: ", window: max",
			ledger: ledger{outcomes: join(each(t, "f1 % tickets 9", "2026-10-01", "2026-10-30"), []string{"f1 2026-10-31 tickets 20"}),
				costs: hundred},
			want: "2026-10 m 5 = 100 / 20 complete"},
		{name: "use cases are added up before the mean is taken",
			config: "use_cases: [{id: a}, {id: b}]\nmetrics: [{id: m, use_cases: [a, b], outcome: tickets, window: mean}]",
			ledger: ledger{outcomes: join(october("f1 % tickets 3 a"), october("f1 % tickets 7 b")), costs: hundred},
			want:   "2026-10 m 10 = 100 / 10 complete"},
		{name: "a row every Monday speaks until the next", config: ", window: mean",
			ledger: ledger{outcomes: []string{"f1 2026-09-28 tickets 1", "f1 2026-10-05 tickets 10", "f1 2026-10-12 tickets 20", "f1 2026-10-19 tickets 20", "f1 2026-10-26 tickets 30"},
				costs: hundred},
			want: "2026-10 m 5 = 100 / 20 complete"},
		{name: "the weeks of a month are enough for a mean", config: ", window: mean", from: "2026-06", to: "2026-07", // the 1st is a Monday, and the 29th begins a week of July
			ledger: ledger{outcomes: []string{"f1 W2026-06-01 tickets 1", "f1 W2026-06-08 tickets 2", "f1 W2026-06-15 tickets 3", "f1 W2026-06-22 tickets 4"},
				costs: []string{"2026-06-05 a openai llm key billed 10"}},
			want: "2026-06 m 4 = 10 / 2.5 complete"},
		{name: "and not for a sum", from: "2026-06", to: "2026-07",
			ledger: ledger{outcomes: []string{"f1 W2026-06-01 tickets 1", "f1 W2026-06-08 tickets 2", "f1 W2026-06-15 tickets 3", "f1 W2026-06-22 tickets 4"},
				costs: []string{"2026-06-05 a openai llm key billed 10"}},
			want: "2026-06 m n/a = 10 / 10 not complete: tickets: 2 of 30 days missing, from 2026-06-29 to 2026-06-30"},
		{name: "a mean from the first Monday on", config: ", window: mean", from: "2026-05", to: "2026-06",
			ledger: ledger{outcomes: []string{"f1 2026-05-04 tickets 10", "f1 2026-05-11 tickets 20", "f1 2026-05-18 tickets 20", "f1 2026-05-25 tickets 30"},
				costs: []string{"2026-05-05 a openai llm key billed 10"}},
			want: "2026-05 m 0.5 = 10 / 20 complete"},
		{name: "a mean of weeks lacks the last", config: ", window: mean", from: "2026-06", to: "2026-07",
			ledger: ledger{outcomes: []string{"f1 W2026-06-01 tickets 1", "f1 W2026-06-08 tickets 2", "f1 W2026-06-15 tickets 3"}, costs: []string{"2026-06-05 a openai llm key billed 10"}},
			want:   "2026-06 m n/a = 10 / 2 not complete: tickets: 7 of 28 days missing, from 2026-06-22 to 2026-06-28"},
		{name: "a mean to date", config: ", window: mean", from: "2026-11", to: "2026-12",
			ledger: ledger{outcomes: []string{"f1 W2026-10-26 tickets 1", "f1 W2026-11-02 tickets 2", "f1 W2026-11-09 tickets 50"},
				costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12")},
			want: "2026-11 m 6 = 12 / 2 not complete: month to date, to 2026-11-12: dollars of 12 of 30 days"},
		{name: "a mean to date before the end of a week", config: ", window: mean", from: "2026-11", to: "2026-12", asOf: "2026-11-04",
			ledger: ledger{outcomes: []string{"f1 W2026-10-26 tickets 1", "f1 W2026-11-02 tickets 2"}, costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12")},
			want:   "2026-11 m n/a = 4 / n/a not complete: month to date, to 2026-11-04: dollars of 4 of 30 days; no tickets of 2026-11 that is over"},
		{name: "a Monday is missing", config: ", window: mean",
			ledger: ledger{outcomes: []string{"f1 2026-09-21 tickets 9", "f1 2026-09-28 tickets 1", "f1 2026-10-05 tickets 10", "f1 2026-10-12 tickets 20", "f1 2026-10-26 tickets 30"},
				costs: hundred},
			want: "2026-10 m n/a = 100 / 20 not complete: tickets: 7 of 27 days missing, from 2026-10-19 to 2026-10-25"},
		{name: "a row on the first of every month", config: ", window: last",
			ledger: ledger{outcomes: []string{"f1 2026-08-01 tickets 1", "f1 2026-09-01 tickets 2", "f1 2026-10-01 tickets 4"}, costs: hundred},
			want:   "2026-10 m 25 = 100 / 4 complete"},
		{name: "the end is missing", ledger: ledger{outcomes: tickets[:24], costs: hundred},
			want: "2026-10 m n/a = 100 / 240 not complete: tickets: 7 of 31 days missing, from 2026-10-25 to 2026-10-31"},
		{name: "a hole of a day", ledger: ledger{outcomes: join(tickets[:9], tickets[10:]), costs: hundred},
			want: "2026-10 m n/a = 100 / 300 not complete: tickets: 1 of 31 days missing, 2026-10-10"},
		{name: "days off are not missed", ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-09-01", "2026-10-30", weekend...), costs: hundred},
			want: "2026-10 m 0.454545454545 = 100 / 220 complete"},
		{name: "an office day is", ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-09-01", "2026-10-28", weekend...), costs: hundred},
			want: "2026-10 m n/a = 100 / 200 not complete: tickets: 2 of 22 days missing, from 2026-10-29 to 2026-10-30"},
		{name: "one Saturday at work makes no working day",
			ledger: ledger{outcomes: append(each(t, "f1 % tickets 10 a", "2026-09-01", "2026-10-30", weekend...), "f1 2026-10-10 tickets 10 a"),
				costs: hundred},
			want: "2026-10 m 0.434782608696 = 100 / 230 complete"},
		{name: "a long hole makes no days off",
			ledger: ledger{outcomes: join(each(t, "f1 % tickets 10 a", "2026-01-01", "2026-03-31"), each(t, "f1 % tickets 10 a", "2026-10-01", "2026-10-20")),
				costs: hundred},
			want: "2026-10 m n/a = 100 / 200 not complete: tickets: 11 of 31 days missing, from 2026-10-21 to 2026-10-31"},
		{name: "events speak for the days of their export",
			ledger: ledger{outcomes: []string{"f1 2026-10-01T09:00 tickets 0", "f1 2026-10-07T10:00 tickets 1", "f1 2026-10-07T10:00 tickets 1", "f1 2026-10-20T09:00 tickets 1", "f1 2026-10-31T00:00 tickets 1"},
				costs: hundred},
			want: "2026-10 m 25 = 100 / 4 complete"},
		{name: "and for no others", ledger: ledger{outcomes: []string{"f1 2026-10-01T09:00 tickets 1", "f1 2026-10-20T09:00 tickets 1"}, costs: hundred},
			want: "2026-10 m n/a = 100 / 2 not complete: tickets: 11 of 31 days missing, from 2026-10-21 to 2026-10-31"},
		{name: "none", ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-08-01", "2026-08-31"), costs: hundred},
			want: "2026-10 m n/a = 100 / n/a not complete: no tickets in 2026-10: export it into the inbox, then aifinops ingest"},
		{name: "none any more", from: "2026-09",
			ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-09-01", "2026-09-30"),
				costs: append(hundred, "2026-09-05 a openai llm key billed 300")},
			want: "2026-09 m 1 = 300 / 300 complete\n2026-10 m n/a = 100 / n/a not complete: no tickets in 2026-10: export it into the inbox, then aifinops ingest"},
		{name: "none in the ledger", ledger: ledger{outcomes: october("f1 % ticket_s 10 a"), costs: hundred},
			want: `2026-10 m n/a = 100 / n/a not complete: the ledger has no outcome "tickets"; did you mean "ticket_s"?`},
		{name: "zero", ledger: ledger{outcomes: october("f1 % tickets 0"), costs: hundred}, want: "2026-10 m n/a = 100 / 0 not complete: tickets is 0"},
		{name: "below zero", ledger: ledger{outcomes: october("f1 % tickets -0.5"), costs: hundred}, want: "2026-10 m n/a = 100 / -15.5 not complete: tickets is negative: -15.5"},
		{name: "the same twice", ledger: ledger{outcomes: join(tickets, []string{"f2 2026-10-05 tickets 10 a", "f2 2026-10-06 tickets 10 a"}), costs: hundred},
			want: "2026-10 m 0.322580645161 = 100 / 310 complete: 2 records that say what another says count once"},
		{name: "of another use case", ledger: ledger{outcomes: join(tickets, october("f1 % tickets 99 b")), costs: hundred}, want: "2026-10 m 0.322580645161 = 100 / 310 complete"},
		{name: "renamed", config: "use_cases: [{id: a}]\noutcomes: [{id: tickets, unit: ticket, names: [Tickets Deflected, Solved]}]\nmetrics: [{id: m, use_cases: a, outcome: solved}]",
			ledger: ledger{outcomes: join(october("f1 % TICKETS 1")[:20], october("f2 % sOLVED 1")[20:]), costs: hundred}, want: "2026-10 m 3.225806451613 = 100 / 31 complete"},
		{name: "a day without a bill",
			ledger: ledger{outcomes: tickets,
				costs:   []string{"2026-09-05 a openai llm key billed 100", "2026-10-05 a modal gpu key billed 5"},
				missing: []string{"openai 2026-10-30", "openai 2026-10-31", "aws 2026-10-01", "openai 2026-09-01"}},
			want: "2026-10 m n/a = 5 / 310 not complete: openai: no bill for 2 days of 2026-10"},
		{name: "a month without a bill", ledger: ledger{outcomes: tickets, costs: append(hundred, "2026-09-05 a modal gpu key billed 1"), missing: october("modal %")},
			want: "2026-10 m n/a = 100 / 310 not complete: modal: no bill for 2026-10"},
		{name: "a bill that the categories do not need", config: ", categories: [LLM]",
			ledger: ledger{outcomes: tickets,
				costs:   append(hundred, "2026-10-05 a modal gpu key billed 1"),
				missing: []string{"modal 2026-10-31"}},
			want: "2026-10 m 0.322580645161 = 100 / 310 complete: modal: no bill for 1 day of 2026-10"},
		{name: "estimated", ledger: ledger{outcomes: tickets, costs: append(hundred, "2026-10-05 a mistral llm key estimated 12")},
			want: "2026-10 m 0.361290322581 = 112 / 310 complete: 12.00 of it is estimated: no bill"},
		{name: "no price",
			ledger: ledger{outcomes: tickets,
				costs:    hundred,
				unpriced: []string{"vllm rerank a 2026-10-05 1500", "vllm other b 2026-10-05 7", "vllm rerank a 2026-09-05 3"}},
			want: "2026-10 m 0.322580645161 = 100 / 310 complete: vllm: no price for rerank: 1,500 tokens or units"},
		{name: "nothing billed", from: "2026-09", ledger: ledger{outcomes: join(tickets, each(t, "f1 % tickets 10 a", "2026-09-01", "2026-09-30")), costs: hundred},
			want: "2026-09 m n/a = n/a / 300 not complete: nothing was billed in 2026-09\n2026-10 m 0.322580645161 = 100 / 310 complete"},
		{name: "nothing billed any more", ledger: ledger{outcomes: tickets, costs: each(t, "% a openai llm key billed 1", "2026-09-01", "2026-09-30")},
			want: "2026-10 m n/a = n/a / 310 not complete: nothing was billed in 2026-10"},
		{name: "not over: as far as outcomes and daily bills reach", from: "2026-11", to: "2027-01",
			ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-10-01", "2026-11-14"),
				costs: join(each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12"), []string{"2026-11-13 b modal gpu key billed 9", "2026-11-01 a seats seat key billed 8"})},
			want: "2026-11 m 0.166666666667 = 20 / 120 not complete: month to date, to 2026-11-12"},
		{name: "not over, and the outcome is behind", from: "2026-11", to: "2026-12",
			ledger: ledger{outcomes: each(t, "f1 % tickets 10 a", "2026-10-01", "2026-11-07"), costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12")},
			want:   "2026-11 m 0.1 = 7 / 70 not complete: month to date, to 2026-11-07"},
		{name: "not over, with a hole", from: "2026-11", to: "2026-12",
			ledger: ledger{outcomes: join(each(t, "f1 % tickets 10 a", "2026-10-01", "2026-11-03"), each(t, "f1 % tickets 10 a", "2026-11-05", "2026-11-07")),
				costs:   each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12"),
				missing: []string{"openai 2026-11-02", "openai 2026-11-09"}},
			want: "2026-11 m n/a = 7 / 60 not complete: month to date, to 2026-11-07; tickets: 1 of 7 days missing, 2026-11-04; openai: no bill for 1 day of 2026-11"},
		{name: "not over, and nothing yet", from: "2026-11", to: "2026-12",
			ledger: ledger{outcomes: tickets, costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-10-31")},
			want:   "2026-11 m n/a = n/a / n/a not complete: openai: no bill yet for 2026-11; no tickets in 2026-11: export it into the inbox, then aifinops ingest"},
		{name: "the last day of a month is not over", from: "2026-10", asOf: "2026-10-31", ledger: ledger{outcomes: tickets, costs: hundred},
			want: "2026-10 m 0.322580645161 = 100 / 310 not complete: month to date, to 2026-10-31"},
		{name: "not over, of two use cases one has no count yet", from: "2026-11", to: "2026-12",
			config: "use_cases: [{id: a}, {id: b}]\nmetrics: [{id: m, use_cases: [a, b], outcome: tickets}]",
			ledger: ledger{outcomes: join(each(t, "f1 % tickets 10 a", "2026-10-01", "2026-11-07"), each(t, "f1 % tickets 10 b", "2026-10-01", "2026-10-31")),
				costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12")},
			want: "2026-11 m n/a = n/a / n/a not complete: no tickets yet of b"},
		{name: "of two use cases one ends early",
			config: "use_cases: [{id: a}, {id: b}]\nmetrics: [{id: m, use_cases: [a, b], outcome: tickets}]",
			ledger: ledger{outcomes: join(tickets, october("f1 % tickets 10 b")[:30]), costs: hundred},
			want:   "2026-10 m n/a = 100 / 610 not complete: tickets of b: 1 of 31 days missing, 2026-10-31"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := test.config
			if !strings.Contains(config, "metrics:") {
				config = fmt.Sprintf(deflected, config)
			}
			or := func(s, otherwise string) string {
				if s == "" {
					return otherwise
				}
				return s
			}
			got, err := unitCosts(t, db, set(t, config), test.ledger, or(test.asOf, "2026-11-15"), or(test.from, "2026-10"), or(test.to, "2026-11"))
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got\n%s\nnot\n%s", got, test.want)
			}
		})
	}
}

// What is counted twice and not alike is nobody's to choose, and says where to look.
func TestConflicts(t *testing.T) {
	s := set(t, fmt.Sprintf(deflected, ""))
	s.At("aifinops.yaml")
	db := open(t)
	for _, test := range []struct {
		name     string
		outcomes []string
		want     string
	}{
		{"two values of a day", []string{"f1 2026-10-05 tickets 412", "f2 2026-10-05 Tickets 398"},
			"aifinops.yaml:3: metric m: f2 record 3 and f1 record 2 both count tickets for 2026-10-05, 398 and 412; take one file out, or give them use cases"},
		{"a week over days", []string{"f1 W2026-10-05 tickets 70 a", "f1 2026-10-07 tickets 10 a"},
			"aifinops.yaml:3: metric m: f1 record 2 and f1 record 3 both count tickets of a for 2026-10-05 to 2026-10-11 and 2026-10-07, which overlap; take one out"},
		{"a month over a week of the next", []string{"f1 2026-09 tickets 70", "f2 W2026-09-28 tickets 10"},
			"aifinops.yaml:3: metric m: f1 record 2 and f2 record 3 both count tickets for 2026-09-01 to 2026-09-30 and 2026-09-28 to 2026-10-04, which overlap; take one file out, or give them use cases"},
		{"another use case", []string{"f1 2026-10-05 tickets 412 a", "f2 2026-10-05 tickets 398 b", "f2 2026-10-05 tickets 7"}, ""},
		{"alike", []string{"f1 2026-10-05 tickets 412", "f2 2026-10-05 tickets 412.0"}, ""},
		{"events", []string{"f1 2026-10-05T10:00 tickets 1", "f2 2026-10-05T10:00 tickets 0", "f2 2026-10-05 tickets 3"}, ""},
		{"another month", []string{"f1 2026-07-05 tickets 1", "f2 2026-07-05 tickets 3"}, ""},
		{"another outcome", []string{"f1 2026-10-05 calls 1", "f2 2026-10-05 calls 3"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := unitCosts(t, db, s, ledger{outcomes: test.outcomes}, "2026-11-15", "2026-09", "2026-11")
			var e *metric.Error
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &e) || err.Error() != test.want):
				t.Errorf("got\n%v\nnot\n%s", err, test.want)
			}
		})
	}
	fill(t, db, ledger{outcomes: []string{"f1 2026-10-05 vector_ops 1", "f2 2026-10-05 vector_ops 3"}})
	err := s.Install(context.Background(), db, metric.Options{AsOf: day(t, "2026-11-15"), From: day(t, "2026-10-01"), To: day(t, "2026-11-01"), Drivers: []string{"vector_ops"}})
	if want := "f1 record 2 and f2 record 3 both count vector_ops for 2026-10-05, 1 and 3; take one file out, or give them use cases"; err == nil || err.Error() != want {
		t.Errorf("of a split: got\n%v\nnot\n%s", err, want)
	}
}

// Which dollars belong to a metric: by use case, kind, team or all; by category; and how each is known.
func TestSelections(t *testing.T) {
	config := `
use_cases: [{id: a, kind: feature, team: x, product: crm}, {id: b, kind: feature, team: y}, {id: p, kind: pilot, team: x}]
metrics:
  - {id: all, use_cases: all, outcome: tickets}
  - {id: embeddings, use_cases: all, categories: [embed*, compute], outcome: tickets}
  - {id: features, use_cases: {kind: feature}, categories: [llm], outcome: tickets}
  - {id: glob, use_cases: {id: "?"}, outcome: tickets}
  - {id: list, use_cases: [p, a], outcome: tickets}
  - {id: one, use_cases: b, outcome: tickets}
  - {id: team, use_cases: {team: [x, y], kind: [feature, pilot], product: c*}, outcome: tickets}
`
	s := set(t, config)
	db := open(t)
	got, err := unitCosts(t, db, s, ledger{outcomes: []string{"f1 2026-10 tickets 1"}, costs: []string{
		"2026-10-01 a openai llm key billed 1", "2026-10-31 a openai embeddings request billed 2", "2026-10-05 b openai llm split billed 4",
		"2026-10-05 p modal gpu key billed 8", "2026-10-05 - openai llm none billed 16", "2026-10-05 - oracle - none billed 32", "2026-09-30 a openai llm key billed 64"}}, "2026-11-15", "2026-10", "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	want := `2026-10 all 63 = 63 / 1 complete
2026-10 embeddings 34 = 34 / 1 complete
2026-10 features 5 = 5 / 1 complete
2026-10 glob 15 = 15 / 1 complete
2026-10 list 11 = 11 / 1 complete
2026-10 one 4 = 4 / 1 complete
2026-10 team 3 = 3 / 1 complete`
	if got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	for _, m := range s.Metrics { // the condition takes the same dollars
		var same bool
		query := "SELECT (SELECT sum(BilledCost) FROM costs WHERE ChargePeriodStart >= '2026-10-01' AND " + s.Costs(m.ID) + ") = (SELECT numerator FROM unit_costs WHERE metric = '" + m.ID + "')"
		if err := db.QueryRow(query).Scan(&same); err != nil || !same {
			t.Errorf("%s: %v: %s", m.ID, err, query)
		}
	}
	var attached string
	err = db.QueryRow("SELECT string_agg(use_case || ': ' || metrics, '; ' ORDER BY use_case) FROM (SELECT use_case, string_agg(metric, ' ' ORDER BY metric) AS metrics FROM metric_use_cases WHERE attached GROUP BY use_case)").Scan(&attached)
	if want := "a: features glob list team; b: features glob one; p: glob list"; err != nil || attached != want {
		t.Errorf("%v: attached %s, not %s", err, attached, want)
	}
}

// The kinds of money beside the numerator, and the day up to which it counts.
func TestMoney(t *testing.T) {
	s := set(t, fmt.Sprintf(deflected, ", categories: [llm, embeddings]"))
	db := open(t)
	fill(t, db, ledger{outcomes: []string{"f1 2026-10 tickets 2"}, missing: []string{"modal 2026-10-07"}, costs: []string{
		"2026-10-01 a openai llm key billed 1", "2026-10-31 a openai embeddings request billed 2", "2026-10-05 a openai llm split billed 4", "2026-10-05 a modal gpu key billed 8", "2026-10-05 a x llm none estimated 16"}})
	if err := s.Install(context.Background(), db, metric.Options{AsOf: day(t, "2026-11-15"), From: day(t, "2026-10-01"), To: day(t, "2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	var got string
	err := db.QueryRow(`SELECT concat_ws(' ', outcome, "window", plain(value), plain(numerator), plain(known_cost), plain(estimated_cost), plain(llm_cost), plain(loaded_cost), plain(llm_value), coalesce(plain(loaded_value), 'n/a'), to_day, month_start) FROM unit_costs`).Scan(&got)
	if want := "tickets sum 11.5 23 3 16 21 31 10.5 n/a 2026-10-31 2026-10-01 00:00:00"; err != nil || got != want {
		t.Errorf("%v: got %s, not %s", err, got, want)
	}
}

// What no day of a month is known of is not 0, whatever kind of money it is.
func TestNothingToDate(t *testing.T) {
	s := set(t, fmt.Sprintf(deflected, ""))
	db := open(t)
	fill(t, db, ledger{outcomes: []string{"f1 2026-10 tickets 2 a"}, costs: each(t, "% a openai llm key billed 1", "2026-10-01", "2026-11-12")})
	if err := s.Install(context.Background(), db, metric.Options{AsOf: day(t, "2026-11-15"), From: day(t, "2026-11-01"), To: day(t, "2026-12-01")}); err != nil {
		t.Fatal(err)
	}
	var months, known int
	err := db.QueryRow("SELECT count(*), count(coalesce(value, numerator, denominator, known_cost, estimated_cost, llm_cost, loaded_cost, llm_value, loaded_value)) FROM unit_costs").Scan(&months, &known)
	if err != nil || months != 1 || known != 0 {
		t.Errorf("%v: %d months, %d of them with figures", err, months, known)
	}
}
