package gate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/gate"
)

func TestGitHub(t *testing.T) {
	same(t, written(t, "github", october(), strict()), `::error title=pilot-without-metric lead-scoring::pause: pause not honoured: 812.00 since 2026-11-02; paused by cfo@example.com on 2026-11-15%0Anext: aifinops gate explain pilot-without-metric lead-scoring
::error title=books-tie openai::cannot-judge: 2 days have no bill; the invoice of 2026-10 differs by 3%25%0Anext: aifinops report reconcile --month 2026-10 --where provider=openai
::error title=new-model <b>&%25%3A a%2Cb %3A%3Aerror%3A%3A�[31m�::approval: NOT approved; new%0Anext: aifinops approve new-model "<b>" --by EMAIL --reason TEXT --until DATE
::error title=feature-growth meeting-notes::rejustify: spend > 3000: 3,450.62 against 3,000.00, spend > 2 * prior: 3,450.62 against 2,998.68; does not hold: expired on 2026-11-01%0Anext: aifinops approve feature-growth meeting-notes --by EMAIL --reason TEXT --until DATE
::warning title=attribution total::warn: coverage < 0.90: 86.1%25 against 90.0%25%0Anext: aifinops gate explain attribution total
::notice title=feature-growth doc-search::pass: approved by cfo@example.com until 2026-12-31, cap 7,000.00; spend > 3000: 6,937.61 against 3,000.00
::warning title=budget code-review::pass: by the end of the month it will be rejustify, at the rate so far
::notice title=aifinops::gates, 2026-10: 1 pause, 1 cannot-judge, 1 approval, 1 rejustify, 1 warn, 3 pass
`)
}

// What does not fail the run is no error, whatever it is.
func TestGitHubLevels(t *testing.T) {
	for _, c := range []struct{ failOn, want string }{
		{gate.Warn, "error error error error error notice warning notice"},
		{gate.Rejustify, "error error error error warning notice warning notice"},
		{gate.Approval, "error error error warning warning notice warning notice"},
		{gate.CannotJudge, "error error warning warning warning notice warning notice"},
		{gate.Pause, "error warning warning warning warning notice warning notice"},
		{"", "warning warning warning warning warning notice warning notice"},
	} {
		var levels []string
		for line := range strings.Lines(written(t, "github", october(), gate.View{FailOn: c.failOn})) {
			level, _, _ := strings.Cut(strings.TrimPrefix(line, "::"), " ")
			levels = append(levels, level)
		}
		if got := strings.Join(levels, " "); got != c.want {
			t.Errorf("--fail-on %q: %s, not %s", c.failOn, got, c.want)
		}
	}
}

// many is a judgement with n of each of three verdicts.
func many(n int) gate.Judgement {
	j := october()
	approval := decided()
	j.Verdicts = nil
	for _, v := range []gate.Verdict{{Verdict: gate.Pause}, {Verdict: gate.Warn}, {Verdict: gate.Pass, Decision: &approval, Standing: gate.Standing{Valid: true}}} {
		for i := range n {
			v.Gate, v.Subject, v.Month = "budget", fmt.Sprintf("team-%d", i), j.Month
			j.Verdicts = append(j.Verdicts, v)
		}
	}
	return j
}

// GitHub shows ten of a kind: the summary must be among them.
func TestGitHubOfMany(t *testing.T) {
	count := func(n int) (text string, levels [3]int) {
		text = written(t, "github", many(n), strict())
		for i, level := range []string{"error", "warning", "notice"} {
			levels[i] = strings.Count(text, "::"+level+" ")
		}
		return text, levels
	}
	if text, levels := count(9); levels != [3]int{9, 9, 10} || strings.Contains(text, "not shown") {
		t.Errorf("of 9: %v\n%s", levels, text)
	}
	text, levels := count(12)
	if levels != [3]int{10, 10, 10} || !strings.HasSuffix(text, "\n::notice title=aifinops::gates, 2026-10: 12 pause, 12 warn, 12 pass; 7 of them are not shown here, for GitHub shows 10 of a kind\n") {
		t.Errorf("of 12: %v\n%s", levels, text)
	}
}

func TestWorstAndOpen(t *testing.T) {
	j := october()
	if j.Worst() != gate.Pause || j.Open() != 4 {
		t.Errorf("%s, %d open", j.Worst(), j.Open())
	}
	j.Verdicts = j.Verdicts[4:]
	if j.Worst() != gate.Warn || j.Open() != 0 {
		t.Errorf("%s, %d open", j.Worst(), j.Open())
	}
	j.Verdicts = nil
	if j.Worst() != "" || j.Open() != 0 {
		t.Errorf("of nothing: %q, %d open", j.Worst(), j.Open())
	}
}
