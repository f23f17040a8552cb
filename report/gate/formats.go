package gate

import (
	"io"
	"slices"
	"strings"
	"unicode"
)

// A Format writes a judgement for a CI system or a chat.
type Format func(w io.Writer, j Judgement, o View) error

// Formats is those that there are, by the name that -o takes.
func Formats() map[string]Format {
	return map[string]Format{"github": writeGitHub, "junit": writeJUnit, "slack": writeSlack}
}

// fails says whether the exit code is not 0 because of this verdict.
func (v Verdict) fails(o View) bool {
	return o.FailOn != "" && slices.Index(Verdicts(), v.Verdict) >= slices.Index(Verdicts(), o.FailOn)
}

// about is what a verdict is of: feature-growth meeting-notes.
func (v Verdict) about() string { return oneLine(v.Gate + " " + v.Subject) }

// says is the verdict with its reason and with what was decided. Where a decision covers it, that is the news.
func (v Verdict) says(j Judgement) string {
	parts := []string{strings.TrimPrefix(v.reason(), "cannot judge: "), v.decided()}
	if v.Verdict == Pass && v.Projected == "" {
		slices.Reverse(parts)
	}
	if !v.Month.Equal(j.Month) { // months in a row are whole ones
		parts = append([]string{v.Month.Format("2006-01")}, parts...)
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return oneLine(strings.TrimSuffix(v.Verdict+": "+strings.Join(parts, "; "), ": "))
}

// saysWithNext has the command to run next in a line of its own.
func (v Verdict) saysWithNext(j Judgement) string {
	if v.Next == "" {
		return v.says(j)
	}
	return v.says(j) + "\nnext: " + oneLine(v.Next)
}

// oneLine makes names from outside safe to show: they break no line, steer no terminal and reorder no text.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
