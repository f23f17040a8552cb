package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/allocate"
)

// FuzzConfig holds the reader of the configuration to two promises: no text makes it panic, and what it finds wrong
// names the file.
func FuzzConfig(f *testing.F) {
	scripts, err := filepath.Glob("../testdata/errors/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			f.Fatal(err)
		}
		if _, yaml, ok := strings.Cut(string(text), "-- aifinops.yaml --\n"); ok {
			yaml, _, _ := strings.Cut(yaml, "\n-- ")
			f.Add([]byte(yaml))
		}
	}
	f.Add([]byte("rules: &a\n  - {id: x, match: {project: [*a]}}\n"))
	f.Add([]byte("x: &x {<<: *x}\nuse_cases: [{<<: *x, id: docs, ai_act: {role: [1, {a: b}]}}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := config{Version: 1, Currency: "USD", Inbox: allocate.List{"inbox/"}, folder: "gone"}
		part, err := parseConfig("a.yaml", text)
		if err == nil {
			if err = c.merge("a.yaml", part); err == nil {
				err = c.check("a.yaml")
			}
		}
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			if !strings.HasPrefix(line, "a.yaml") && !strings.HasPrefix(line, " ") {
				t.Errorf("%q does not name the file, in\n%v", line, err)
			}
		}
	})
}
