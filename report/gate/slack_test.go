package gate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/gate"
)

// A message is a payload as Slack reads it.
type message struct {
	Text   string
	Blocks []struct {
		Type     string
		Text     struct{ Type, Text string }
		Elements []struct{ Type, Text string }
	}
}

// lines is the texts of a message as Slack shows them, block by block.
func (m message) lines() string {
	page := m.Text + "\n"
	for _, b := range m.Blocks {
		page += "-- " + b.Type + " " + b.Text.Type + "\n" + b.Text.Text + "\n"
		for _, e := range b.Elements {
			page += e.Type + " " + e.Text + "\n"
		}
	}
	return page
}

func payload(t interface{ Fatal(...any) }, j gate.Judgement) message {
	text := written(t, "slack", j, strict())
	if strings.ContainsAny(strings.TrimSuffix(text, "\n"), "&%+=\n\r") {
		t.Fatal("a form's reader would take this apart: " + text)
	}
	var m message
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err, text)
	}
	return m
}

func TestSlack(t *testing.T) {
	same(t, payload(t, october()).lines(), strings.ReplaceAll(`aifinops: gates, 2026-10: 1 pause, 1 cannot-judge, 1 approval, 1 rejustify, 1 warn, 3 pass
-- header plain_text
Gates, 2026-10
-- section mrkdwn
*pause* pilot-without-metric lead-scoring
pause not honoured: 812.00 since 2026-11-02; paused by cfo@example.com on 2026-11-15
'aifinops gate explain pilot-without-metric lead-scoring'
-- section mrkdwn
*cannot-judge* books-tie openai
2 days have no bill; the invoice of 2026-10 differs by 3%
'aifinops report reconcile --month 2026-10 --where provider=openai'
-- section mrkdwn
*approval* new-model &lt;b&gt;&amp;%: a,b ::error::�[31m�
NOT approved; new
'aifinops approve new-model "&lt;b&gt;" --by EMAIL --reason TEXT --until DATE'
-- section mrkdwn
*rejustify* feature-growth meeting-notes
spend &gt; 3000: 3,450.62 against 3,000.00, spend &gt; 2 * prior: 3,450.62 against 2,998.68; does not hold: expired on 2026-11-01
'aifinops approve feature-growth meeting-notes --by EMAIL --reason TEXT --until DATE'
-- section mrkdwn
*warn* attribution total
coverage &lt; 0.90: 86.1% against 90.0%
'aifinops gate explain attribution total'
-- section mrkdwn
*pass* feature-growth doc-search
approved by cfo@example.com until 2026-12-31, cap 7,000.00; spend &gt; 3000: 6,937.61 against 3,000.00
-- section mrkdwn
*pass* budget code-review
by the end of the month it will be rejustify, at the rate so far
-- context 

mrkdwn gates, 2026-10: 1 pause, 1 cannot-judge, 1 approval, 1 rejustify, 1 warn, 3 pass, as of 2026-11-15, in USD
`, "'", "`"))
}

// Slack refuses a message of more than 50 blocks, and a text of more than 3000 characters.
func TestSlackOfMany(t *testing.T) {
	for n, more := range map[int]string{16: "", 17: "and 4 more"} {
		m := payload(t, many(n))
		if len(m.Blocks) != 50 || (more != "" && m.Blocks[48].Text.Text != more) || (more == "" && strings.Contains(m.lines(), " more")) {
			t.Errorf("%d blocks of %d verdicts:\n%s", len(m.Blocks), 3*n, m.lines())
		}
	}
	j, head := october(), "*cannot-judge* budget total\n"
	room := 3000 - len(head)
	for _, c := range []struct{ why, want string }{
		{strings.Repeat("a", room), strings.Repeat("a", room)},
		{strings.Repeat("a", room+1), strings.Repeat("a", room-1) + "…"},
		{strings.Repeat("a", room-2) + "<b", strings.Repeat("a", room-2) + "…"}, // not half of &lt;
		{strings.Repeat("😀", 1500), strings.Repeat("😀", (room-1)/2) + "…"},      // two of UTF-16 each
	} {
		j.Verdicts = []gate.Verdict{{Gate: "budget", Subject: "total", Verdict: gate.CannotJudge, Month: j.Month, Why: []string{c.why}}}
		if got := payload(t, j).Blocks[1].Text.Text; got != head+c.want {
			t.Errorf("%d bytes became %d, ending in %q", len(c.why), len(got), got[len(got)-12:])
		}
	}
}
