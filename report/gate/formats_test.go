package gate_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/gate"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// october is a judgement with one of each verdict, and with a model whose name is an attack.
func october() gate.Judgement {
	month := dayOf("2026-10-01").Time
	approval, pause, expired := decided(), decided(), decided()
	pause.Decision, pause.From, pause.Cap = gate.DecisionPause, dayOf("2026-11-02"), nil
	expired.Until = dayOf("2026-11-01")
	valid := gate.Standing{Valid: true}
	j := gate.Judgement{Month: month, AsOf: dayOf("2026-11-15").Time, Verdicts: []gate.Verdict{
		{Gate: "pilot-without-metric", Subject: "lead-scoring", Verdict: gate.Pause, Decision: &pause, Paused: "pause not honoured: 812.00 since 2026-11-02", Next: "aifinops gate explain pilot-without-metric lead-scoring"},
		{Gate: "books-tie", Subject: "openai", Verdict: gate.CannotJudge, Why: []string{"2 days have no bill", "the invoice of 2026-10 differs by 3%"}, Next: "aifinops report reconcile --month 2026-10 --where provider=openai"},
		{Gate: "new-model", Subject: "<b>&%: a,b\n::error::\x1b[31m\u202e", Verdict: gate.Approval, Terms: []string{"NOT approved"}, New: true, Next: `aifinops approve new-model "<b>" --by EMAIL --reason TEXT --until DATE`},
		{Gate: "feature-growth", Subject: "meeting-notes", Verdict: gate.Rejustify, Terms: []string{"spend > 3000: 3,450.62 against 3,000.00", "spend > 2 * prior: 3,450.62 against 2,998.68"},
			Decision: &expired, Standing: gate.Standing{Reason: "expired on 2026-11-01"}, Next: "aifinops approve feature-growth meeting-notes --by EMAIL --reason TEXT --until DATE"},
		{Gate: "attribution", Subject: "total", Verdict: gate.Warn, Terms: []string{"coverage < 0.90: 86.1% against 90.0%"}, Next: "aifinops gate explain attribution total"},
		{Gate: "feature-growth", Subject: "doc-search", Verdict: gate.Pass, Terms: []string{"spend > 3000: 6,937.61 against 3,000.00"}, Decision: &approval, Standing: valid},
		{Gate: "budget", Subject: "code-review", Verdict: gate.Pass, Projected: gate.Rejustify},
		{Gate: "budget", Subject: "cs-deflect", Verdict: gate.Pass, Terms: []string{"spend > budget: 5,908.57 against 7,000.00"}},
	}}
	for i := range j.Verdicts {
		j.Verdicts[i].Month = month
	}
	return j
}

// strict is the view of a plain run.
func strict() gate.View { return gate.View{Currency: "USD", FailOn: gate.Rejustify} }

func written(t interface{ Fatal(...any) }, format string, j gate.Judgement, o gate.View) string {
	var b strings.Builder
	if err := gate.Formats()[format](&b, j, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}

// What passes is a short message, and so is a month in which there was nothing to judge: that is no pass.
func TestFormatsOfCalm(t *testing.T) {
	j := october()
	j.Verdicts = j.Verdicts[7:]
	none := j
	none.Verdicts = nil
	none.ToDate = true
	for _, c := range []struct {
		format string
		j      gate.Judgement
		want   string
	}{
		{"github", j, "::notice title=aifinops::gates, 2026-10: 1 pass\n"},
		{"github", none, "::notice title=aifinops::gates, 2026-10 to date: nothing to judge\n"},
		{"slack", j, `{"text":"aifinops: gates, 2026-10: 1 pass","blocks":[{"type":"header","text":{"type":"plain_text","text":"Gates, 2026-10"}},` +
			`{"type":"section","text":{"type":"mrkdwn","text":"All gates pass.","verbatim":true}},` +
			`{"type":"context","elements":[{"type":"mrkdwn","text":"gates, 2026-10: 1 pass, as of 2026-11-15, in USD","verbatim":true}]}]}` + "\n"},
		{"slack", none, `{"text":"aifinops: gates, 2026-10 to date: nothing to judge","blocks":[{"type":"header","text":{"type":"plain_text","text":"Gates, 2026-10 to date"}},` +
			`{"type":"section","text":{"type":"mrkdwn","text":"There was nothing to judge.","verbatim":true}},` +
			`{"type":"context","elements":[{"type":"mrkdwn","text":"gates, 2026-10 to date: nothing to judge, as of 2026-11-15, in USD; the month is not over","verbatim":true}]}]}` + "\n"},
		{"junit", none, xml.Header + `<testsuites name="aifinops Gates, 2026-10 to date" tests="0" failures="0" errors="0" skipped="0" time="0"></testsuites>` + "\n"},
	} {
		same(t, written(t, c.format, c.j, strict()), c.want)
	}
}

// A gate over months in a row looks at whole ones, and says which.
func TestFormatsOfAnotherMonth(t *testing.T) {
	j := october()
	j.Month, j.ToDate = j.Month.AddDate(0, 1, 0), true
	j.Verdicts = j.Verdicts[4:5]
	if text := written(t, "github", j, strict()); !strings.Contains(text, "::warn: 2026-10; coverage < 0.90") {
		t.Error(text)
	}
}

// TestFormatsKeepTheirForm: whatever names and reasons are made of, GitHub sees one command a line, XML and JSON are read back,
// and Slack takes the message.
func TestFormatsKeepTheirForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a&<>:;,%\r\n\x00\x1b\u202e\ufffe`*\"'|😀 "))), rapid.Just(strings.Repeat("&<>😀", 900)), rapid.Just("\xff\xc3"))
		j := october()
		for i := range j.Verdicts {
			v := &j.Verdicts[i]
			v.Gate, v.Subject, v.Terms, v.Next = text.Draw(t, "gate"), text.Draw(t, "subject"), []string{text.Draw(t, "term")}, text.Draw(t, "next")
		}
		lines := strings.Split(strings.TrimSuffix(written(t, "github", j, strict()), "\n"), "\n")
		if len(lines) != 8 {
			t.Fatalf("%d lines: %q", len(lines), lines)
		}
		for _, line := range lines {
			if part := strings.SplitN(line, "::", 3); part[0] != "" || strings.ContainsAny(line, "\r\x00\x1b") || strings.ContainsAny(strings.TrimPrefix(part[1], "error title="), ":,") {
				t.Fatalf("no command: %q", line)
			}
		}
		var report struct {
			Tests int `xml:"tests,attr"`
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testsuite>testcase"`
		}
		if err := xml.Unmarshal([]byte(written(t, "junit", j, strict())), &report); err != nil || report.Tests != 8 || len(report.Cases) != 8 {
			t.Fatal(err, report)
		}
		m := payload(t, j)
		for _, b := range m.Blocks {
			if n := len([]rune(b.Text.Text)); n > 3000 || strings.ContainsAny(b.Text.Text, "<>") {
				t.Fatalf("%d characters: %q", n, b.Text.Text)
			}
		}
	})
}
