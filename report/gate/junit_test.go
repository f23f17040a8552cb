package gate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/gate"
)

func TestJUnit(t *testing.T) {
	same(t, written(t, "junit", october(), strict()), `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aifinops Gates, 2026-10" tests="8" failures="3" errors="1" skipped="0" time="0">
  <testsuite name="attribution" tests="1" failures="0" errors="0" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.attribution" name="total" time="0">
      <system-out>warn: coverage &lt; 0.90: 86.1% against 90.0%&#xA;next: aifinops gate explain attribution total</system-out>
    </testcase>
  </testsuite>
  <testsuite name="books-tie" tests="1" failures="0" errors="1" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.books-tie" name="openai" time="0">
      <error type="cannot-judge" message="cannot-judge: 2 days have no bill; the invoice of 2026-10 differs by 3%">cannot-judge: 2 days have no bill; the invoice of 2026-10 differs by 3%&#xA;next: aifinops report reconcile --month 2026-10 --where provider=openai</error>
    </testcase>
  </testsuite>
  <testsuite name="budget" tests="2" failures="0" errors="0" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.budget" name="code-review" time="0">
      <system-out>pass: by the end of the month it will be rejustify, at the rate so far</system-out>
    </testcase>
    <testcase classname="aifinops.budget" name="cs-deflect" time="0"></testcase>
  </testsuite>
  <testsuite name="feature-growth" tests="2" failures="1" errors="0" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.feature-growth" name="doc-search" time="0">
      <system-out>pass: approved by cfo@example.com until 2026-12-31, cap 7,000.00; spend &gt; 3000: 6,937.61 against 3,000.00</system-out>
    </testcase>
    <testcase classname="aifinops.feature-growth" name="meeting-notes" time="0">
      <failure type="rejustify" message="rejustify: spend &gt; 3000: 3,450.62 against 3,000.00, spend &gt; 2 * prior: 3,450.62 against 2,998.68; does not hold: expired on 2026-11-01">rejustify: spend &gt; 3000: 3,450.62 against 3,000.00, spend &gt; 2 * prior: 3,450.62 against 2,998.68; does not hold: expired on 2026-11-01&#xA;next: aifinops approve feature-growth meeting-notes --by EMAIL --reason TEXT --until DATE</failure>
    </testcase>
  </testsuite>
  <testsuite name="new-model" tests="1" failures="1" errors="0" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.new-model" name="&lt;b&gt;&amp;%: a,b ::error::�[31m�" time="0">
      <failure type="approval" message="approval: NOT approved; new">approval: NOT approved; new&#xA;next: aifinops approve new-model &#34;&lt;b&gt;&#34; --by EMAIL --reason TEXT --until DATE</failure>
    </testcase>
  </testsuite>
  <testsuite name="pilot-without-metric" tests="1" failures="1" errors="0" skipped="0" time="0" timestamp="2026-11-15T00:00:00">
    <testcase classname="aifinops.pilot-without-metric" name="lead-scoring" time="0">
      <failure type="pause" message="pause: pause not honoured: 812.00 since 2026-11-02; paused by cfo@example.com on 2026-11-15">pause: pause not honoured: 812.00 since 2026-11-02; paused by cfo@example.com on 2026-11-15&#xA;next: aifinops gate explain pilot-without-metric lead-scoring</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
}

// What --fail-on lets go is skipped: neither failed nor passed.
func TestJUnitLetsGo(t *testing.T) {
	for _, c := range []struct {
		failOn                    string
		failures, errors, skipped int
	}{{gate.Warn, 4, 1, 0}, {gate.Rejustify, 3, 1, 0}, {gate.Approval, 2, 1, 1}, {gate.CannotJudge, 1, 1, 2}, {gate.Pause, 1, 0, 3}, {"", 0, 0, 4}} {
		text := written(t, "junit", october(), gate.View{FailOn: c.failOn})
		want := fmt.Sprintf(`tests="8" failures="%d" errors="%d" skipped="%d" time="0">`, c.failures, c.errors, c.skipped)
		if !strings.Contains(text, want) || strings.Count(text, "<failure ") != c.failures || strings.Count(text, "<error ") != c.errors || strings.Count(text, "<skipped ") != c.skipped {
			t.Errorf("--fail-on %q is not %s:\n%s", c.failOn, want, text)
		}
	}
}
