package metric_test

import "testing"

// Everything that is wrong is said at once, with its line and, where there is one, the nearest name.
func TestCheck(t *testing.T) {
	const useCases = "use_cases: [{id: docs, kind: feature, team: search}, {id: chat, kind: internal}]\n"
	const outcomes = "outcomes: [{id: tickets, names: [Tickets Deflected]}, {id: users}]\n"
	for _, test := range []struct{ name, config, want string }{
		{"fine", outcomes + "metrics:\n  - {id: a, use_cases: [docs, 'c*'], outcome: tickets deflected, window: mean, categories: [llm, GPU, Compute, 'x*'], baseline: 2026-06}\n  - {id: b, use_cases: {team: search}, outcome: USERS}\n  - {id: c, use_cases: all, outcome: users}", ""},
		{"any outcome where none is declared", "metrics: [{id: a, use_cases: docs, outcome: x}]", ""},
		{"use case", "metrics: [{id: a, use_cases: [dosc, chat], outcome: x}]", `f:2: metric a: no use case "dosc"; did you mean "docs"?`},
		{"kind", "metrics: [{id: a, use_cases: {kind: [feature, pilots]}, outcome: x}]", `f:2: metric a: kind "pilots" is not one of feature, pilot, internal`},
		{"reliance", "metrics: [{id: a, use_cases: {reliance: wasted}, outcome: x}]", `f:2: metric a: reliance "wasted" is not one of load-bearing, convenience, waste`},
		{"team", "metrics: [{id: a, use_cases: {team: serach}, outcome: x}]", `f:2: metric a: no use case has the team "serach"; did you mean "search"?`},
		{"glob", "metrics: [{id: a, use_cases: {id: 'doc-*'}, outcome: x}]", `f:2: metric a: no use case "doc-*"; did you mean "docs"?`},
		{"selects none", "metrics: [{id: a, use_cases: {kind: internal, team: search}, outcome: x}]", `f:2: metric a: its use_cases select none`},
		{"a kind that nothing is yet", "metrics: [{id: a, use_cases: {kind: pilot}, outcome: x}]", `f:2: metric a: its use_cases select none`},
		{"no use cases", "metrics: [{id: a, outcome: x}]", `f:2: metric a: needs use_cases: a list of ids, {kind: feature} or other attributes, or all`},
		{"category", "metrics: [{id: a, use_cases: all, categories: [lmm], outcome: x}]", `f:2: metric a: no category "lmm"; did you mean "llm"?; the usual ones are llm, embeddings, vector, gpu, audio, image, video, seat`},
		{"window", "metrics: [{id: a, use_cases: all, outcome: x, window: average}]", `f:2: metric a: window "average"; it is one of sum, mean, last, max`},
		{"baseline", "metrics: [{id: a, use_cases: all, outcome: x, baseline: 2026-06-15}]", `f:2: metric a: baseline 2026-06-15 is not a month like 2026-06`},
		{"no outcome", "metrics: [{id: a, use_cases: all}]", `f:2: metric a: needs an outcome to divide by`},
		{"outcome", outcomes + "metrics: [{id: a, use_cases: all, outcome: user}]", `f:3: metric a: no outcome "user"; did you mean "users"?`},
		{"twice", "metrics:\n  - {id: a, use_cases: all, outcome: x}\n  - {id: a, use_cases: all, outcome: y}\n  - {use_cases: all, outcome: y}", "f:4: metric a: the id stands twice, first at f:3\nf:5: a metric needs an id"},
		{"outcomes", "outcomes:\n  - {id: a}\n  - {id: A}\n  - {id: b, names: [a, '']}\n  - {unit: x}", "f:4: outcome A: the name \"a\" is that of a\nf:5: outcome b: the name \"a\" is that of A\nf:5: outcome b: one of its names is empty\nf:6: an outcome needs an id"},
		{"an outcome twice", "outcomes:\n  - {id: a}\n  - {id: a}", "f:4: outcome a stands twice"},
		{"all at once", "metrics: [{id: a, use_cases: [x, y], window: w}]", "f:2: metric a: no use case \"x\"\nf:2: metric a: no use case \"y\"\nf:2: metric a: window \"w\"; it is one of sum, mean, last, max\nf:2: metric a: needs an outcome to divide by"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := set(t, useCases+test.config)
			s.At("f")
			got := ""
			if err := s.Check(); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got\n%s\nnot\n%s", got, test.want)
			}
		})
	}
}

// A category of the configuration's own sources is one.
func TestOwnCategory(t *testing.T) {
	s := set(t, "metrics: [{id: a, use_cases: all, categories: [Robots], outcome: x}]")
	if s.Check() == nil {
		t.Error("a category that nobody has is fine")
	}
	s.Categories = []string{"robots"}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}
