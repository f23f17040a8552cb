package page_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/cmd"
)

// The demo's month in a browser: every chart has colour on it, nothing is wider than a phone, nothing complains and nothing is asked for.
func TestDemo(t *testing.T) {
	demo := os.Getenv("AIFINOPS_DEMO")
	if demo == "" {
		t.Skip("AIFINOPS_DEMO does not name the folder in which `aifinops demo DIR` has made the company")
	}
	b := openBrowser(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "october.html")
	for _, args := range [][]string{{"--config", filepath.Join(demo, "aifinops.yaml"), "--as-of", "2026-11-15", "export", file}} {
		var talk bytes.Buffer
		if code := cmd.Main(args, strings.NewReader(""), io.Discard, &talk); code != 0 {
			t.Fatalf("%v ends with %d\n%s", args, code, &talk)
		}
	}
	for _, width := range []int{320, 1280} {
		b.window(width, "light")
		b.load(file)
		var canvases, drawn, wide int
		b.eval(&canvases, `document.querySelectorAll("canvas").length`)
		b.eval(&drawn, painted)
		b.eval(&wide, spill)
		if canvases < 5 || drawn != canvases || wide != 0 {
			t.Errorf("%d px: %d of %d charts drawn, %d px too wide", width, drawn, canvases, wide)
		}
	}
	if all := append(b.complaints(), b.requests(file)...); len(all) > 0 {
		t.Errorf("complaints and requests: %v", all)
	}
}
