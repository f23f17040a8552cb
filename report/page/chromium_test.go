package page_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

// file is a page on the disk.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Scripts that look at a page.
const (
	// painted counts the canvases that have any colour on them.
	painted = `[...document.querySelectorAll("canvas")].filter(c => c.width && c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(Boolean)).length`
	// spill is what is wider than the window without a box that scrolls.
	spill = `document.documentElement.scrollWidth - document.documentElement.clientWidth`
	// column is the colour of the lowest part of the first column of the first chart.
	column = `(chart => { const bar = chart.getDatasetMeta(0).data[0]; return bar.options.backgroundColor })(Chart.getChart(document.querySelector("canvas")))`
)

// TestBrowser opens pages in a real browser.
func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	for name, test := range map[string]func(*browser, *testing.T){
		"month": (*browser).month, "hostile": (*browser).hostile, "no script": (*browser).withoutScript, "sees": (*browser).sees} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			test(b, t)
		})
	}
	b.t = t
}

// month: the page draws, complains of nothing, asks for nothing and is never wider than the screen.
func (b *browser) month(t *testing.T) {
	path := file(t, written(t, month()))
	for _, on := range []struct {
		width        int
		theme, color string
	}{{320, "light", "#1f5c8b"}, {768, "dark", "#6fb1e0"}, {1280, "light", "#1f5c8b"}} {
		b.window(on.width, on.theme)
		b.load(path)
		var canvases, drawn, wide int
		var color string
		b.eval(&canvases, `document.querySelectorAll("canvas").length`)
		b.eval(&drawn, painted)
		b.eval(&wide, spill)
		b.eval(&color, column)
		if canvases != 6 || drawn != canvases {
			t.Errorf("%v: %d of %d charts are drawn, want 6", on, drawn, canvases)
		}
		if wide > 0 {
			t.Errorf("%v: the page is %d pixels wider than the screen", on, wide)
		}
		if color != on.color {
			t.Errorf("%v: the first series is %s", on, color)
		}
		if all := append(b.complaints(), b.requests(path)...); all != nil {
			t.Errorf("%v: %s", on, strings.Join(all, "\n"))
		}
	}
	b.followsTheme(t)
	b.prints(t)
}

// followsTheme: the charts change with the theme while the page is open.
func (b *browser) followsTheme(t *testing.T) {
	var color string
	b.window(1280, "light")
	if b.eval(&color, column); color != "#1f5c8b" {
		t.Errorf("after a change to light the first series is %s", color)
	}
	b.window(1280, "dark")
	if b.eval(&color, column); color != "#6fb1e0" {
		t.Errorf("after a change to dark the first series is %s", color)
	}
}

// prints: paper is light and shows what was folded, three tables and the notes of one, and then all is as before.
func (b *browser) prints(t *testing.T) {
	var open int
	var color string
	b.eval(&color, `(dispatchEvent(new Event("beforeprint")), `+column+`)`)
	b.eval(&open, `document.querySelectorAll("details[open]").length`)
	if color != "#1f5c8b" || open != 4 {
		t.Errorf("on paper the first series is %s and %d parts are unfolded", color, open)
	}
	b.eval(&color, `(dispatchEvent(new Event("afterprint")), `+column+`)`)
	b.eval(&open, `document.querySelectorAll("details[open]").length`)
	if color != "#6fb1e0" || open != 0 {
		t.Errorf("after printing the first series is %s and %d parts are unfolded", color, open)
	}
}

// hostile: names that are markup run nowhere, and names without a blank make nothing wider.
func (b *browser) hostile(t *testing.T) {
	tab := months(3, 6)
	tab.Rows[0][0], tab.Rows[1][0] = `</script><script>document.title="owned"</script><img src=x onerror='document.title="owned"'>`, strings.Repeat("W", 200)
	tab.Title, tab.Notes = tab.Rows[0][0].(string)+strings.Repeat("W", 200), []string{strings.Repeat("W", 200)}
	path := file(t, format(t, table.Options{}, tab))
	b.window(320, "light")
	b.load(path)
	var title string
	var wide, drawn int
	b.eval(&title, "document.title")
	b.eval(&wide, spill)
	b.eval(&drawn, painted)
	if title == "owned" || wide > 0 || drawn != 1 {
		t.Errorf("title %q, %d pixels too wide, %d charts drawn", title, wide, drawn)
	}
	if all := append(b.complaints(), b.requests(path)...); all != nil {
		t.Error(strings.Join(all, "\n"))
	}
}

// withoutScript: the tables are all there, and no empty chart.
func (b *browser) withoutScript(t *testing.T) {
	text := parts.ReplaceAllStringFunc(written(t, month()), func(part string) string {
		if strings.HasPrefix(part, "<script>") {
			return ""
		}
		return part
	})
	b.window(1280, "light")
	b.load(file(t, text))
	var figures, tables int
	b.eval(&figures, `[...document.querySelectorAll("figure")].filter(f => f.checkVisibility()).length`)
	b.eval(&tables, `[...document.querySelectorAll("table")].filter(t => t.checkVisibility({contentVisibilityAuto: true})).length`)
	if figures != 0 || tables != 5 {
		t.Errorf("%d figures are shown and %d tables are there, want 0 and 5", figures, tables)
	}
}

// sees: the tests above would see a page that complains, asks or is too wide, and the policy stops what it must.
func (b *browser) sees(t *testing.T) {
	good := written(t, month())
	b.window(320, "light")
	other := file(t, "")
	for name, test := range map[string]struct {
		text string
		sees func(path string) bool
	}{
		"a script of its own": {strings.Replace(good, "</main>", "<script>1</script></main>", 1), func(string) bool { return b.complaints() != nil }},
		"a style of its own":  {strings.Replace(good, "<main ", `<main style="color:red" `, 1), func(string) bool { return b.complaints() != nil }},
		"a picture":           {strings.Replace(good, "</main>", `<img src="http://127.0.0.1:9/a.png"></main>`, 1), func(string) bool { return b.complaints() != nil }},
		"a script that ends":  {`<script>throw new Error("no")</script>`, func(string) bool { return b.complaints() != nil }},
		"a request":           {`<img src="file://` + other + `">`, func(path string) bool { return slices.Contains(b.requests(path), "file://"+other) }},
		"a page too wide": {`<meta name="viewport" content="width=device-width"><div style="width:400px">a</div>`, func(string) bool {
			var wide int
			b.eval(&wide, spill)
			return wide > 0
		}},
		"nothing drawn": {`<canvas></canvas>`, func(string) bool {
			var drawn int
			b.eval(&drawn, painted)
			return drawn == 0
		}},
	} {
		path := file(t, test.text)
		b.load(path)
		var ready string
		b.eval(&ready, "document.readyState")
		if !test.sees(path) {
			t.Errorf("%s: not seen", name)
		}
	}
}
