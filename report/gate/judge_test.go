package gate

import "testing"

// The highest code of what fails wins. It is not the worst verdict's by its place: warn has the code of a re-justification, where it fails at all.
func TestExitCode(t *testing.T) {
	all := Verdicts()
	for _, c := range []struct {
		failOn   string
		verdicts []string
		want     int
	}{
		{Rejustify, nil, 0},
		{Rejustify, []string{Pass, Warn}, 0},
		{Rejustify, []string{Rejustify}, 3},
		{Rejustify, []string{Approval}, 3},
		{Rejustify, []string{CannotJudge}, 4},
		{Rejustify, []string{Pause}, 5},
		{Rejustify, []string{Pass, Approval, CannotJudge, Rejustify}, 4},
		{Rejustify, []string{Pause, CannotJudge, Approval}, 5},
		{Warn, []string{Pass}, 0},
		{Warn, []string{Warn, Pass}, 3},
		{Approval, []string{Rejustify, Warn}, 0},
		{Approval, []string{Rejustify, Approval}, 3},
		{CannotJudge, []string{Approval, Rejustify, Warn}, 0},
		{CannotJudge, []string{Approval, CannotJudge}, 4},
		{Pause, []string{CannotJudge, Approval}, 0},
		{Pause, all, 5},
		{"", all, 0},
	} {
		var j Judgement
		for _, v := range c.verdicts {
			j.Verdicts = append(j.Verdicts, Verdict{Verdict: v})
		}
		if got := j.ExitCode(c.failOn); got != c.want {
			t.Errorf("%v, failing on %q: %d, not %d", c.verdicts, c.failOn, got, c.want)
		}
	}
}
