package gate_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/gate"
	"pgregory.net/rapid"
)

// approvalEntry is an entry to which nothing can be objected; pauseEntry is another.
const approvalEntry = `- gate: feature-growth
  subject: meeting-notes
  month: 2026-10
  decision: approve
  by: cfo@example.com
  at: 2026-11-15
  requested_by: noor@example.com
  reason: launch to all customers
  cap: "7000"
  until: 2026-12-31
`

const pauseEntry = `- gate: pilot-without-metric
  subject: lead-scoring
  month: 2026-10
  decision: pause
  by: cfo@example.com
  at: 2026-11-15
  reason: no metric
  from: 2026-11-16
`

// registerOf writes a register, and says where.
func registerOf(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "decisions.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func textOf(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReadRegister(t *testing.T) {
	path := registerOf(t, "# decided\n"+approvalEntry+pauseEntry)
	got, err := gate.ReadRegister(path)
	if err != nil {
		t.Fatal(err)
	}
	approved, paused := decided(), gate.Decision{
		Gate: "pilot-without-metric", Subject: "lead-scoring", Month: dayOf("2026-10-01"), Decision: gate.DecisionPause, By: "cfo@example.com", At: dayOf("2026-11-15"),
		Reason: "no metric", From: dayOf("2026-11-16"),
	}
	if want := (gate.Register{approved, paused}); fmt.Sprint(got) != fmt.Sprint(want) || got[0].String()+got[1].String() != approvalEntry+pauseEntry {
		t.Errorf("%v\nnot %v", got, want)
	}
	if a, b := got[0].Place.String(), got[1].Place.String(); a != path+":2" || b != path+":12" {
		t.Error(a, b)
	}
}

func TestReadRegisterOfNothing(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# nothing was decided yet\n", "---\n", "--- # nothing\n", "[]\n"} {
		if got, err := gate.ReadRegister(registerOf(t, text)); err != nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if got, err := gate.ReadRegister(filepath.Join(t.TempDir(), "decisions.yaml")); err != nil || got != nil {
		t.Errorf("no file: %v, %v", got, err)
	}
	if _, err := gate.ReadRegister(t.TempDir()); err == nil || !strings.HasPrefix(err.Error(), "decisions: ") {
		t.Errorf("a folder: %v", err)
	}
}

// TestReadRegisterRefuses holds every message to its text, and to the line that it is about.
func TestReadRegisterRefuses(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(approvalEntry, old, new, 1) }
	for _, c := range []struct{ text, want string }{
		{with("reason:", "raeson:"), "1: lacks reason\n8: unknown key \"raeson\"; did you mean \"reason\"?"},
		{with("month: 2026-10", "month: October"), `3: month "October" is not a month like 2026-10`},
		{with("month: 2026-10", "month: 2026-10-01"), `3: month "2026-10-01" is not a month like 2026-10`},
		{with("at: 2026-11-15", "at: 15.11.2026"), `6: at "15.11.2026" is not a day like 2026-11-15`},
		{with("until: 2026-12-31", "until: 2026-12"), `10: until "2026-12" is not a day like 2026-11-15`},
		{with("until: 2026-12-31", "until: 2026-02-30"), `10: until "2026-02-30" is not a day like 2026-11-15`},
		{with("until: 2026-12-31", "until: 2026-11-14"), "1: until 2026-11-14 is before the day of the decision, at 2026-11-15"},
		{with("cap: \"7000\"", "cap: 7k"), `9: cap "7k" is not a positive number like 7000`},
		{with("cap: \"7000\"", "cap: 0"), `9: cap "0" is not a positive number like 7000`},
		{with("cap: \"7000\"", "cap: -7000"), `9: cap "-7000" is not a positive number like 7000`},
		{with("cap: \"7000\"", "cap: 1e999999999"), `9: cap "1e999999999" is not a positive number like 7000`},
		{with("cap: \"7000\"", "cap: 7,000"), `9: cap "7,000" is not a positive number like 7000`},
		{with("cap: \"7000\"", "cap:"), "9: cap is empty"},
		{with("decision: approve", "decision: aprove"), `4: decision "aprove" is not one of approve, pause; did you mean "approve"?`},
		{with("by: cfo@example.com", "by: cfo"), `5: by "cfo" is not an e-mail address`},
		{with("by: cfo@example.com", `by: "*@example.com"`), `5: by "*@example.com" is not an e-mail address`},
		{with("requested_by: noor@example.com", "requested_by: Noor <noor@example.com>"), `7: requested_by "Noor <noor@example.com>" is not an e-mail address`},
		{with("reason: launch to all customers", `reason: " "`), "8: reason is empty"},
		{with("reason: launch to all customers", "reason: ~"), "8: reason is empty"},
		{with("reason: launch to all customers", "reason: [a, b]"), "8: reason is one value, not a list, a group or an alias"},
		{with("requested_by: noor@example.com", "by: noor@example.com"), "7: by stands twice, first in line 5"},
		{with("subject: meeting-notes", "subject: &s meeting-notes") + strings.Replace(pauseEntry, "lead-scoring", "*s", 1), "12: subject is one value, not a list, a group or an alias"},
		{with("until: 2026-12-31", "from: 2026-12-31"), "1: lacks until\n1: from is of a pause, not of an approval"},
		{pauseEntry + "  cap: 1\n", "1: cap and expect are of an approval, not of a pause"},
		{pauseEntry + "  expect: less\n", "1: cap and expect are of an approval, not of a pause"},
		{strings.Replace(pauseEntry, "from: 2026-11-16", "from: 2026-11-14", 1), "1: from 2026-11-14 is before the day of the decision, at 2026-11-15"},
		{strings.Replace(pauseEntry, "  from: 2026-11-16\n", "", 1), "1: lacks from"},
		{"- subject: x\n", "1: lacks gate, month, decision, by, at, reason"},
		{"- decision: approve\n", "1: lacks gate, subject, month, by, at, reason, until"},
		{"- gate\n", "1: an entry is a group of keys, which begins with - gate:"},
		{"- \n" + approvalEntry, "1: an entry is a group of keys, which begins with - gate:"},
		{"gate: feature-growth\n", "1: a register is a list; each decision begins with - gate:"},
		{"null\n", "1: a register is a list; each decision begins with - gate:"},
		{"\nnothing\n", "2: a register is a list; each decision begins with - gate:"},
		{approvalEntry + "---\n" + pauseEntry, "11: another document begins here; a register is one list"},
		{"- gate: a: b\n", "1: mapping values are not allowed in this context"},
		{approvalEntry + "- gate: \"a\n", "11: found unexpected end of stream"},
		// All that is wrong, at once.
		{with("month: 2026-10", "month: never") + strings.Replace(pauseEntry, "by: cfo@example.com", "by: me", 1) + "- {}\n",
			"3: month \"never\" is not a month like 2026-10\n15: by \"me\" is not an e-mail address\n19: lacks gate, subject, month, decision, by, at, reason"},
	} {
		path := registerOf(t, c.text)
		_, err := gate.ReadRegister(path)
		if err == nil {
			t.Errorf("nothing is wrong with\n%s", c.text)
			continue
		}
		got := strings.Split(err.Error(), "\n")
		var want []string
		for line := range strings.SplitSeq(c.want, "\n") {
			number, msg, _ := strings.Cut(line, ": ")
			want = append(want, path+":"+number+": decision: "+msg)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n%s\nnot\n%s", c.text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		var typed *gate.Error
		if !errors.As(err, &typed) {
			t.Errorf("%T is no *gate.Error", err)
		}
	}
}

func TestRegisterCheck(t *testing.T) {
	known := gate.Known{
		Gates:    map[string]string{"feature-growth": "use-case", "pilot-without-metric": "use-case", "total-growth": "total", "new-model": "model", "unit-cost-drift": "metric"},
		Subjects: map[string][]string{"use-case": {"meeting-notes", "lead-scoring"}, "metric": {}, "total": {"total"}},
	}
	for _, c := range []struct{ gate, subject, want string }{
		{"feature-growth", "meeting-notes", ""},
		{"total-growth", "total", ""},
		{"new-model", "whatever-5", ""}, // the configuration cannot know
		{"feature-grwth", "meeting-notes", `no gate "feature-grwth"; did you mean "feature-growth"?`},
		{"feature-growth", "meeting-note", `no use case "meeting-note"; did you mean "meeting-notes"?`},
		{"feature-growth", "total", `no use case "total"`},
		{"total-growth", "meeting-notes", `the gate total-growth is on the total: its subject is total, not "meeting-notes"`},
		{"unit-cost-drift", "cost-per-ticket", `no metric "cost-per-ticket"`}, // there are none
	} {
		d := decided()
		d.Gate, d.Subject, d.Place = c.gate, c.subject, allocate.Place{File: "decisions.yaml", Line: 7}
		want := c.want
		if want != "" {
			want = "decisions.yaml:7: decision: " + want
		}
		if got := messageOf(gate.Register{d}.Check(known, time.Time{})); got != want {
			t.Errorf("%s %s: %q, not %q", c.gate, c.subject, got, want)
		}
		if got := messageOf(known.Check(c.gate, c.subject)); got != c.want {
			t.Errorf("%s %s: %q, not %q", c.gate, c.subject, got, c.want)
		}
	}
}

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCovering(t *testing.T) {
	var r gate.Register
	for _, d := range []struct{ subject, at, reason string }{
		{"meeting-notes", "2026-11-15", "first"}, {"other", "2026-11-20", "not asked for"}, {"meeting-notes", "2026-11-18", "the newest day"},
		{"meeting-notes", "2026-11-15", "the same day, later in the file"}, {"meeting-notes", "2026-11-01", "recorded late"},
	} {
		one := decided()
		one.Subject, one.At, one.Reason = d.subject, dayOf(d.at), d.reason
		r = append(r, one)
	}
	var got []string
	for _, d := range r.Covering("feature-growth", "meeting-notes") {
		got = append(got, d.Reason)
	}
	if want := []string{"the newest day", "the same day, later in the file", "first", "recorded late"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	if other := r.Covering("feature-growth", "Meeting-notes"); other != nil {
		t.Errorf("%v", other)
	}
}

func TestAppend(t *testing.T) {
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	for _, c := range []struct{ name, before, want string }{
		{"after a decision", pauseEntry, pauseEntry + approvalEntry},
		{"after a comment", pauseEntry + "# end\n", pauseEntry + "# end\n" + approvalEntry},
		{"into a file of comments", "# only\n", "# only\n" + approvalEntry},
		{"into an empty list", "---\n", "---\n" + approvalEntry},
		{"after a byte order mark", "\ufeff" + pauseEntry, "\ufeff" + pauseEntry + approvalEntry},
		{"without a final newline", strings.TrimSuffix(pauseEntry, "\n"), pauseEntry + approvalEntry},
		{"into a file of Windows", crlf(pauseEntry), crlf(pauseEntry + approvalEntry)},
		{"into a file of Windows without a final newline", strings.TrimSuffix(crlf(pauseEntry), "\r\n"), crlf(pauseEntry + approvalEntry)},
		{"into a list that is indented", "  " + strings.ReplaceAll(strings.TrimSuffix(pauseEntry, "\n"), "\n", "\n  ") + "\n",
			"  " + strings.ReplaceAll(strings.TrimSuffix(pauseEntry+approvalEntry, "\n"), "\n", "\n  ") + "\n"},
		{"after a text of several lines", strings.Replace(pauseEntry, "  reason: no metric\n", "", 1) + "  reason: |\n    no metric\n    at all\n",
			strings.Replace(pauseEntry, "  reason: no metric\n", "", 1) + "  reason: |\n    no metric\n    at all\n" + approvalEntry},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := registerOf(t, c.before)
			if err := os.Chmod(path, 0o640); err != nil {
				t.Fatal(err)
			}
			if err := gate.Append(path, decided()); err != nil {
				t.Fatal(err)
			}
			if got := textOf(t, path); got != c.want {
				t.Errorf("%q\nnot\n%q", got, c.want)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			onlyFile(t, path)
		})
	}
}

// onlyFile says whether nothing was left beside the register.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestAppendCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "decisions.yaml")
	for range 2 {
		if err := gate.Append(path, decided()); err != nil {
			t.Fatal(err)
		}
	}
	got := textOf(t, path)
	if !strings.HasPrefix(got, "# The register of decisions") || !strings.HasSuffix(got, "\n"+approvalEntry+approvalEntry) {
		t.Error(got)
	}
	empty := registerOf(t, "")
	if err := gate.Append(empty, decided()); err != nil || !strings.HasPrefix(textOf(t, empty), "# The register") {
		t.Errorf("%v: %s", err, textOf(t, empty))
	}
}

func TestAppendFollowsALink(t *testing.T) {
	path := registerOf(t, pauseEntry)
	link := filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	if err := gate.Append(link, decided()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || textOf(t, path) != pauseEntry+approvalEntry {
		t.Errorf("%v, %v: %s", info, err, textOf(t, path))
	}
}

// TestAppendRefuses: what cannot be added changes nothing, and leaves nothing behind.
func TestAppendRefuses(t *testing.T) {
	for _, c := range []struct{ name, before, want string }{
		{"a register with a mistake", strings.Replace(pauseEntry, "month: 2026-10", "month: x", 1), ":3: decision: month \"x\" is not a month like 2026-10\n"},
		{"a register that is no YAML", "- {", ":1: decision: did not find expected node content\n"},
		{"a list in brackets", "[]\n", ":1: decision: the list is in brackets, where nothing can be added; begin each decision with - in a line of its own\n"},
		{"an end of the document", pauseEntry + "...\n", ":9: decision: did not find expected <document start>\n"},
		{"an empty value", "~\n", ":1: decision: a register is a list; each decision begins with - gate:\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := registerOf(t, c.before)
			err := gate.Append(path, decided())
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasSuffix(err.Error(), path+": nothing was recorded") {
				t.Errorf("%v", err)
			}
			if got := textOf(t, path); got != c.before {
				t.Error(got)
			}
			onlyFile(t, path)
		})
	}
}

// TestAppendRefusesADecision: one that could not be read again is not written.
func TestAppendRefusesADecision(t *testing.T) {
	path := registerOf(t, pauseEntry)
	for _, change := range []func(*gate.Decision){
		func(d *gate.Decision) { d.By = "nobody" },
		func(d *gate.Decision) { d.Reason = "" },
		func(d *gate.Decision) { d.Reason = "cut \xff here" },
		func(d *gate.Decision) { d.From = dayOf("2026-12-01") },
	} {
		d := decided()
		change(&d)
		if err := gate.Append(path, d); err == nil || textOf(t, path) != pauseEntry {
			t.Errorf("%+v: %v", d, err)
		}
	}
	onlyFile(t, path)
}

func TestAppendWhereNothingMayBeWritten(t *testing.T) {
	path := registerOf(t, pauseEntry)
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := gate.Append(path, decided()); err == nil || !strings.Contains(err.Error(), path+": permission denied") || textOf(t, path) != pauseEntry {
		t.Errorf("a file that is read-only: %v", err)
	}
	onlyFile(t, path)
	gone := filepath.Join(t.TempDir(), "gone", "decisions.yaml")
	if err := gate.Append(gone, decided()); err == nil || err.Error() != gone+": no such file or directory" {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := gate.Append(t.TempDir(), decided()); err == nil {
		t.Error("a folder became a register")
	}
	busy := registerOf(t, pauseEntry)
	other := filepath.Join(filepath.Dir(busy), ".decisions.yaml.part")
	if err := os.WriteFile(other, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := gate.Append(busy, decided()); err == nil || err.Error() != busy+": somebody else adds a decision to it; if nobody does, remove "+other || textOf(t, busy) != pauseEntry || textOf(t, other) != "x" {
		t.Errorf("while somebody else writes: %v", err)
	}
	if os.Geteuid() == 0 {
		t.Skip("to root no folder is read-only")
	}
	closed := registerOf(t, pauseEntry)
	if err := os.Chmod(filepath.Dir(closed), 0o555); err != nil {
		t.Fatal(err)
	}
	if err := gate.Append(closed, decided()); err == nil || err.Error() != closed+": permission denied" || textOf(t, closed) != pauseEntry {
		t.Errorf("a folder that is read-only: %v", err)
	}
}

// TestAppendAtOnce: of several that add at the same time, each is on record or was told that it is not.
func TestAppendAtOnce(t *testing.T) {
	path := registerOf(t, pauseEntry)
	var wait sync.WaitGroup
	recorded := make([]bool, 20)
	for i := range recorded {
		wait.Go(func() {
			d := decided()
			d.Reason = fmt.Sprint("reason ", i)
			recorded[i] = gate.Append(path, d) == nil
		})
	}
	wait.Wait()
	r, err := gate.ReadRegister(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, ok := range recorded {
		if there := slices.ContainsFunc(r, func(d gate.Decision) bool { return d.Reason == fmt.Sprint("reason ", i) }); there != ok {
			t.Errorf("%d: recorded %v, on record %v", i, ok, there)
		}
	}
	onlyFile(t, path)
}

// TestAppendKeepsAnyText: whatever somebody writes is read back as it was, and all that was there before stays.
func TestAppendKeepsAnyText(t *testing.T) {
	words := rapid.OneOf(rapid.String(), rapid.StringN(1, 20, -1), rapid.SampledFrom([]string{
		"a: b", "a #b", "# no", "- item", "? key", "yes", "null", "~", "1e3", "2026-10-01", "'", `"`, `\`, "line\nline", "  \n x\n", "trailing \n\n", "\r\n", "\t", "🎉 done", "{{x}}", "[a", "*a", "&a",
		"!tag", "%x", "@x", "`x`", "|", ">", "<<", "---", "...", "\u0085", "\u2028", "\ufeff", "\u00a0", "\x00", "\x7f", "é", "%s"}))
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(words, 1, 4).Draw(t, "words"), "") }).
		Filter(func(s string) bool { return strings.TrimSpace(s) != "" && utf8.ValidString(s) })
	path := registerOf(t, "")
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SampledFrom([]string{"", "# a comment\n", approvalEntry, approvalEntry + "# the end", strings.ReplaceAll(pauseEntry, "\n", "\r\n"), pauseEntry + approvalEntry}).Draw(t, "before")
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		old, err := gate.ReadRegister(path)
		if err != nil {
			t.Fatal(err)
		}
		d := decided()
		d.Reason, d.Expect, d.Subject = text.Draw(t, "reason"), text.Draw(t, "expect"), text.Draw(t, "subject")
		if err := gate.Append(path, d); err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(after), before) {
			t.Fatalf("%v\n%s", err, after)
		}
		r, err := gate.ReadRegister(path)
		if err != nil || len(r) != len(old)+1 {
			t.Fatalf("%v, %d decisions of\n%s", err, len(r), after)
		}
		if got := r[len(old)]; got.Reason != d.Reason || got.Expect != d.Expect || got.Subject != d.Subject || !got.Cap.Equal(d.Cap.Decimal) {
			t.Fatalf("%q %q %q, not %q %q %q in\n%s", got.Reason, got.Expect, got.Subject, d.Reason, d.Expect, d.Subject, after)
		}
	})
}

// FuzzReadRegister holds the reader to this: no text makes it panic; what it refuses it refuses with a place; and to what it takes
// a decision can be added without a change, or the file stays as it is.
func FuzzReadRegister(f *testing.F) {
	for _, text := range []string{approvalEntry, pauseEntry, approvalEntry + pauseEntry, "- {gate: a, until: 2026-12-31}", "[]", "- &a\n  gate: x\n- *a\n", "- gate: |\n   x", "<<: {}", "- <<: [1]\n", "---\n---\n", "- ? a\n  : b\n", "\xff\xfe- \x00", "- cap: .inf"} {
		f.Add([]byte(text))
	}
	path := filepath.Join(f.TempDir(), "decisions.yaml")
	f.Fuzz(func(t *testing.T, before []byte) {
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
		old, err := gate.ReadRegister(path)
		if err != nil {
			var typed *gate.Error
			if !errors.As(err, &typed) || typed.Place.Line < 1 {
				t.Fatalf("%v has no place", err)
			}
		}
		added := gate.Append(path, decided())
		if err != nil && added == nil {
			t.Fatalf("added to what is refused: %v", err)
		}
		after := textOf(t, path)
		if added != nil && after != string(before) {
			t.Fatalf("%v, and yet it changed:\n%s", added, after)
		}
		if added == nil {
			if r, err := gate.ReadRegister(path); err != nil || len(r) != len(old)+1 || !strings.HasPrefix(after, string(before)) {
				t.Fatalf("%d decisions and one more are %d, %v:\n%s", len(old), len(r), err, after)
			}
		}
	})
}
