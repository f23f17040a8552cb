package pricing_test

import (
	"strings"
	"testing"
)

// TestMatch holds names as exports, gateways and platforms write them to the row of the book that they mean. The lines are
// provider, name, row and the way it was found.
func TestMatch(t *testing.T) {
	b := load(t)
	lines := namesTable()
	if len(lines) < 150 {
		t.Errorf("%d names, not 150", len(lines))
	}
	for _, line := range lines {
		provider, name, want := line[0], line[1], line[2]
		m, ok := b.Match(provider, name)
		if got := m.Key() + " by " + m.By; !ok || got != want {
			t.Errorf("%s %q means %s (found: %t), not %s", provider, name, got, ok, want)
		}
	}
}

// TestMatchNot holds names that are only like a known one to having no price, and to having a hint or none.
func TestMatchNot(t *testing.T) {
	b := load(t)
	lines := strangers()
	if len(lines) < 40 {
		t.Errorf("%d names, not 40", len(lines))
	}
	for _, line := range lines {
		if m, ok := b.Match(line[0], line[1]); ok {
			t.Errorf("%s %q means %s by %s; it must mean nothing", line[0], line[1], m.Key(), m.By)
		}
	}
}

// TestMatchSpelling holds case and white space to make no difference.
func TestMatchSpelling(t *testing.T) {
	b := load(t)
	for _, line := range namesTable() {
		m, ok := b.Match(" "+strings.ToUpper(line[0]), "\t"+strings.ToUpper(line[1])+" ")
		if got := m.Key() + " by " + m.By; !ok || got != line[2] {
			t.Errorf("%s %q in upper case means %s, not %s", line[0], line[1], got, line[2])
		}
	}
}

func TestNearest(t *testing.T) {
	b := load(t)
	for _, c := range []struct{ provider, name, want string }{
		{"openai", "gpt-5.55", "openai/gpt-5.5 openai/gpt-5.1 openai/gpt-5.2"},
		{"anthropic", "claude-opus-55", "anthropic/claude-opus-5 anthropic/claude-opus-5-5 anthropic/claude-opus-4"},
		{"openai", "something-else-altogether", ""},
		{"unheard-of", "claude-opus-5", "anthropic/claude-opus-5 google-vertex/claude-opus-5 anthropic/claude-opus-4"},
	} {
		if got := strings.Join(b.Nearest(c.provider, c.name), " "); got != c.want {
			t.Errorf("near %s %q is %q, not %q", c.provider, c.name, got, c.want)
		}
	}
}
