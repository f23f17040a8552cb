package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/page"
	"github.com/aifinops/aifinops/report/table"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/*.html anew")

// parts finds style and scripts; what is between their tags is a page's own, or the library.
var parts = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`)

// golden compares a page with testdata, without the style and scripts, which are files beside it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = regexp.MustCompile(`sha256-[^']*`).ReplaceAllString(html.UnescapeString(policy(t, got)), "sha256-…") + "\n" + parts.ReplaceAllString(got, "<$1>…</$1>")
	got = regexp.MustCompile(`<meta http-equiv[^\n]*\n`).ReplaceAllString(got, "")
	path := "testdata/" + name + ".html"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

func policy(t *testing.T, text string) string {
	t.Helper()
	found := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(text)
	if found == nil {
		t.Fatal("no policy")
	}
	return html.UnescapeString(found[1])
}

func format(t *testing.T, o table.Options, tables ...table.Table) string {
	t.Helper()
	var b strings.Builder
	if err := page.Write(&b, o, tables...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	golden(t, "month", written(t, month()))
	golden(t, "empty", written(t, page.Page{Title: "AI spend"}))
}

func TestWrite(t *testing.T) {
	german, err := table.ParseLocale("de")
	if err != nil {
		t.Fatal(err)
	}
	gates := small()
	gates.Details = []table.Table{tiers()}
	golden(t, "one", format(t, table.Options{Wide: true, Locale: german}, gates))
	golden(t, "two", format(t, table.Options{}, small(), small()))
}

func TestSameBytes(t *testing.T) {
	first := written(t, month())
	if again := written(t, month()); again != first {
		t.Error("a page differs from one time to the next")
	}
}

// TestPolicy: what may run is what is there, by its checksum, and nothing is fetched.
func TestPolicy(t *testing.T) {
	for name, text := range map[string]string{"drawn": written(t, month()), "not drawn": format(t, table.Options{}, small())} {
		var scripts []string
		var style string
		for _, part := range parts.FindAllStringSubmatch(text, -1) {
			sum := sha256.Sum256([]byte(part[2]))
			source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
			if part[1] == "style" {
				style = source
			} else {
				scripts = append(scripts, source)
			}
		}
		want := "default-src 'none'; style-src " + style + "; script-src " + strings.Join(scripts, " ") + "; img-src data:; base-uri 'none'; form-action 'none'"
		if got := policy(t, text); got != want {
			t.Errorf("%s: policy\n%s, want\n%s", name, got, want)
		}
		if drawn := strings.Contains(text, "The MIT License") && strings.Contains(text, "Chart.js v4.6.1"); drawn != (name == "drawn") {
			t.Errorf("%s: the library and its licence are there: %t", name, drawn)
		}
		for _, never := range []string{"sourceMappingURL", " style=", " onclick", "<link rel=\"stylesheet"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: the page has %q", name, never)
			}
		}
	}
}

// TestLibrary: Chart.js is the one that was published.
func TestLibrary(t *testing.T) {
	text, err := os.ReadFile("chartjs/chart.umd.min.js")
	if err != nil {
		t.Fatal(err)
	}
	const want = "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2"
	if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != want {
		t.Errorf("chartjs/chart.umd.min.js has the checksum %s; Chart.js 4.6.1 has %s", got, want)
	}
	if strings.Contains(strings.ToLower(string(text)), "</script") || strings.Contains(string(text), "<!--") {
		t.Error("chartjs/chart.umd.min.js would end the element that it stands in")
	}
}

// TestEscaping: what a use case or a tag is called stays text, wherever a page says it.
func TestEscaping(t *testing.T) {
	const evil = "\"'><script>alert(1)</script><!--\u202e\x00\x1b]0;{{.}}"
	tab := tiers()
	tab.Title, tab.Notes, tab.Drawing.Title, tab.Columns[0].Heading, tab.Columns[1].Heading = evil, []string{evil}, evil, evil, evil
	tab.Columns[0].Tones = map[string]table.Tone{evil: table.Bad}
	tab.Rows[0][0] = evil
	detail := tiers()
	detail.Rows[1][0], detail.Title = evil, evil
	tab.Details = []table.Table{detail}
	cards := figures()
	cards.Facts[0].Value, cards.Columns[4].Heading, cards.Columns[3].Heading, cards.Rows[0][8] = evil, evil, evil, evil
	text := written(t, page.Page{Title: evil, Lead: evil, Footer: evil, Figures: cards, Sections: []page.Section{{ID: evil, Title: evil + " ", Lead: evil, Table: tab}}})
	text = parts.ReplaceAllString(text, "")
	for _, never := range []string{"<script>", "</script><!--", "\u202e", "\x00", "\x1b", "ZgotmplZ"} {
		if strings.Contains(text, never) {
			t.Errorf("the page has %q", never)
		}
	}
	if n := strings.Count(text, "&lt;script&gt;alert(1)&lt;/script&gt;"); n < 15 {
		t.Errorf("the name is there %d times, want 15 at least", n)
	}
	if n := strings.Count(text, "</script>"); n != 2 {
		t.Errorf("%d elements of data, want 2", n)
	}
	if n := strings.Count(text, `"name":"\"'\u003e\u003cscript\u003ealert(1)\u003c/script\u003e`); n != 2 {
		t.Errorf("the name is in %d drawings, want 2", n)
	}
}

func TestMalformed(t *testing.T) {
	bad := table.Table{Report: "spend", Columns: []table.Column{{Name: "billed_cost", Kind: table.Money}}, Rows: [][]any{{1.5}}}
	two := figures()
	two.Rows = append(two.Rows, two.Rows[0])
	for want, write := range map[string]func(*strings.Builder) error{
		"table spend: row 1: column billed_cost: float64 is no money": func(b *strings.Builder) error { return page.Write(b, table.Options{}, small(), bad) },
		"table gates: table spend: row 1: column billed_cost: float64 is no money": func(b *strings.Builder) error {
			t := small()
			t.Details = []table.Table{bad}
			return page.Write(b, table.Options{}, t)
		},
		"table figures: 2 rows of key figures; a page has one": func(b *strings.Builder) error { return page.Page{Figures: two}.Write(b, table.Locale{}) },
	} {
		var b strings.Builder
		if err := write(&b); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: wrote %d bytes", want, b.Len())
		}
	}
}
