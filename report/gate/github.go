package gate

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// annotations is how many of a kind GitHub shows of one step.
const annotations = 10

// writeGitHub writes workflow commands, which GitHub shows as annotations of the run: one a verdict that somebody must see,
// the worst first, and the summary.
func writeGitHub(w io.Writer, j Judgement, o View) error {
	var page strings.Builder
	shown := map[string]int{"notice": 1} // the summary is one
	hidden := 0
	for _, v := range j.Verdicts {
		if !v.notable() {
			continue
		}
		level := v.level(o)
		if shown[level] == annotations {
			hidden++
			continue
		}
		shown[level]++
		command(&page, level, v.about(), v.saysWithNext(j))
	}
	summary := j.Summary()
	if hidden > 0 {
		summary += fmt.Sprintf("; %d of them are not shown here, for GitHub shows %d of a kind", hidden, annotations)
	}
	command(&page, "notice", "aifinops", summary)
	_, err := io.WriteString(w, page.String())
	return err
}

// level is the kind of annotation: an error is what the step fails with.
func (v Verdict) level(o View) string {
	switch {
	case v.fails(o):
		return "error"
	case v.Verdict == Pass && v.Projected == "":
		return "notice" // a decision covers it
	}
	return "warning"
}

func command(page *strings.Builder, level, title, text string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer(":", "%3A", ",", "%2C")
	fmt.Fprintf(page, "::%s title=%s::%s\n", level, property.Replace(data.Replace(title)), data.Replace(text))
}

// Worst is the worst of the verdicts; empty where there was nothing to judge.
func (j Judgement) Worst() string {
	worst := -1
	for _, v := range j.Verdicts {
		worst = max(worst, slices.Index(Verdicts(), v.Verdict))
	}
	if worst < 0 {
		return ""
	}
	return Verdicts()[worst]
}

// Open is how many of the verdicts somebody has to act on. A warning is to be known, no more.
func (j Judgement) Open() int {
	n := 0
	for _, v := range j.Verdicts {
		if v.Verdict != Pass && v.Verdict != Warn {
			n++
		}
	}
	return n
}
