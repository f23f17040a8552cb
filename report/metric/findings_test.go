package metric_test

import (
	"context"
	"strings"
	"testing"
)

// What is counted and can be in no metric is said, with its first record and the nearest name.
func TestFindings(t *testing.T) {
	db := open(t)
	const useCases = "use_cases: [{id: sem-search}, {id: a}]\n"
	const outcomes = "outcomes: [{id: searches, names: [Searches Served]}, {id: tickets_deflected}]\n"
	const metrics = "metrics: [{id: m, use_cases: [a], outcome: searches}]\n"
	for _, test := range []struct {
		name, config string
		outcomes     []string
		drivers      []string
		want         []string
	}{
		{"fine", useCases + outcomes + metrics, []string{"f1 2026-10-05 SEARCHES 7 a", "f1 2026-10-05 Tickets_Deflected 7"}, nil, nil},
		{"a use case that is none", useCases + outcomes + metrics,
			[]string{"f1 2026-10-05 searches 7 a", "f1 2026-10-06 searches 3000 semsearch", "f1 2026-10-07 searches 1000.5 semsearch", "f2 2026-10-07 searches 1000.50 semsearch", "f2 2026-10-07 searches 1 zzzzzzzzz"}, nil,
			[]string{"f1 record 3: 4,000.5 searches are counted for the use case semsearch, which is none; did you mean \"sem-search\"?",
				"f2 record 6: 1 searches are counted for the use case zzzzzzzzz, which is none"}},
		{"events count each", useCases + metrics, []string{"f1 2026-10-05T10:00 searches 1 b", "f1 2026-10-05T10:00 searches 1 b"}, nil,
			[]string{"f1 record 2: 2 searches are counted for the use case b, which is none"}},
		{"an outcome that is none, once", useCases + outcomes + metrics, []string{"f1 2026-10-05 tickets_deflectd 7 a", "f1 2026-10-05 tickets_deflectd 7 other"}, nil,
			[]string{"f1 record 2: the ledger counts tickets_deflectd, which no outcome is called; did you mean \"tickets_deflected\"?"}},
		{"a split's own", useCases + outcomes, []string{"f1 2026-10-05 vector_ops 7 a"}, []string{"vector_ops"}, nil},
		{"a split's own, and a use case that is none", useCases + outcomes, []string{"f1 2026-10-05 vector_ops 7 sem_search"}, []string{"vector_ops"},
			[]string{"f1 record 2: 7 vector_ops are counted for the use case sem_search, which is none; did you mean \"sem-search\"?"}},
		{"nothing says what outcomes there are", useCases, []string{"f1 2026-10-05 anything 7 a"}, nil, nil},
		{"nor what use cases", outcomes, []string{"f1 2026-10-05 searches 7 a"}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			fill(t, db, ledger{outcomes: test.outcomes})
			got, err := set(t, test.config).Findings(context.Background(), db, test.drivers)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
