package ingest

import (
	"context"
	"path/filepath"
	"testing"
)

// The words by which a mapping counts rows, and the periods of a chart's headings.
func TestOutcomeMacros(t *testing.T) {
	l, err := Open(context.Background(), filepath.Join(t.TempDir(), "ledger.duckdb"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, c := range []struct{ expression, want string }{
		{"is_one_of('AI_Agent', ['ai_agent', 'automated*'])", "true"},
		{"is_one_of(' Automated by Fin ', ['ai_agent', 'automated*'])", "true"},
		{"is_one_of('not automated', ['ai_agent', 'automated*'])", "false"},
		{"is_one_of('', ['ai_agent'])", "false"},
		{"coalesce(is_one_of(NULL, ['*']), false)", "false"},
		{`is_one_of('["billing", "AI_Resolved"]', ['ai_resolved'])`, "true"},
		{`is_one_of('["billing"]', ['ai_resolved'])`, "false"},
		{"is_one_of('[', ['['])", "false"}, // a glob that is not closed matches nothing, and does not fail
		{"heading_start('1-Oct-2026')::DATE", "2026-10-01"},
		{"heading_start('2026-W41')::DATE", "2026-10-05"},
		{"heading_start('Oct 5, 2026')::DATE", "2026-10-05"},
		{"heading_start('2026-W54') IS NULL", "true"},
		{"heading_start('total') IS NULL", "true"},
		{"heading_start('12345') IS NULL", "true"}, // a day of 1933, to a workbook
		{"heading_end(TIMESTAMP '2026-10-05', TIMESTAMP '2026-10-12', NULL::TIMESTAMP)::DATE", "2026-10-12"},
		{"heading_end(TIMESTAMP '2026-10-12', NULL::TIMESTAMP, TIMESTAMP '2026-10-05')::DATE", "2026-10-19"},
		{"heading_end(TIMESTAMP '2026-02-01', NULL::TIMESTAMP, TIMESTAMP '2026-01-01')::DATE", "2026-03-01"},
		{"heading_end(TIMESTAMP '2026-10-02', NULL::TIMESTAMP, TIMESTAMP '2026-10-01')::DATE", "2026-10-03"},
		{"heading_end(TIMESTAMP '2026-10-01', NULL::TIMESTAMP, NULL::TIMESTAMP)::DATE", "2026-10-02"},
		{"heading_end(TIMESTAMP '2026-10-01', TIMESTAMP '2027-10-01', NULL::TIMESTAMP)::DATE", "2026-10-02"},
	} {
		if err := l.define(context.Background(), c.expression); err != nil {
			t.Fatal(err)
		}
		var got string
		if err := l.DB.QueryRow("SELECT (" + c.expression + ")::VARCHAR").Scan(&got); err != nil || got != c.want {
			t.Errorf("%s is %s (%v), not %s", c.expression, got, err, c.want)
		}
	}
}

func TestSameHeader(t *testing.T) {
	for _, c := range []struct {
		header, from string
		want         bool
	}{
		{"Started at (Europe/Berlin)", "Started at (*)", true},
		{"started AT (utc)", "Started at (*)", true},
		{"Started at", "Started at (*)", false},
		{"Started at (", "Started at (*)", false},
		{"Restarted at (UTC)", "Started at (*)", false},
		{"Started at (*)", "Started at", false},
	} {
		if got := sameHeader(c.header, c.from); got != c.want {
			t.Errorf("%q and %q: %v", c.header, c.from, got)
		}
	}
}
