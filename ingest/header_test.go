package ingest

import (
	"strings"
	"testing"
)

// Where a person would see the header of a file that no source reads.
func TestLikelyHeader(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"a total at the foot", "Tag;Projekt;Posten;Betrag\n05.10.2026;web;gpu;3,50\n;;Total;798,65\n", "Tag|Projekt|Posten|Betrag"},
		{"an address above", "Muster GmbH, Berlin\n\nDay,Machine,Cost\n2026-10-01,a,4\n", "Day|Machine|Cost"},
		{"rows of words", "name,team\nana,search\nbo,docs\n", "name|team"},
		{"a chart by date, with a title", "Weekly users\nSegment,2026-10-05,2026-10-12\nAll,5,6\n", "Segment|2026-10-05|2026-10-12"},
		{"one column", "day\n2026-10-05\n", "day"},
		{"no words", "1,2\n3,4\n", "1|2"},
	} {
		if got := strings.Join(likelyHeader(csvLayouts([]byte(c.file))).fields, "|"); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}
