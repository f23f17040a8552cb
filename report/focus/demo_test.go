package focus_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/cmd"
)

// What the demo exports meets every rule, and adds up to the month in every report.
func TestDemo(t *testing.T) {
	demo := os.Getenv("AIFINOPS_DEMO")
	if demo == "" {
		t.Skip("AIFINOPS_DEMO does not name the folder in which `aifinops demo DIR` has made the company")
	}
	dir := t.TempDir()
	config, csv, parquet := filepath.Join(demo, "aifinops.yaml"), filepath.Join(dir, "october.focus.csv"), filepath.Join(dir, "october.focus.parquet")
	for _, args := range [][]string{{"--config", config, "--as-of", "2026-11-15", "export", csv}, {"--config", config, "--as-of", "2026-11-15", "export", parquet}} {
		var talk bytes.Buffer
		if code := cmd.Main(args, strings.NewReader(""), io.Discard, &talk); code != 0 {
			t.Fatalf("%v ends with %d\n%s", args, code, &talk)
		}
	}
	db, s := ledger(t, "testdata/october.txtar"), specified(t)
	for _, from := range []string{csvTable(csv), "read_parquet('" + parquet + "')"} {
		s.load(t, db, from)
		for _, r := range s.conditions() {
			if n := one(t, db, "SELECT count(*) FROM exported WHERE "+r.broken); n != "0" {
				t.Errorf("%s: %s rows", r.name, n)
			}
		}
		if sum := one(t, db, "SELECT sum(BilledCost::DECIMAL(38,12))::VARCHAR FROM exported"); sum != "29982.346658745000" {
			t.Errorf("%s adds up to %s", from, sum)
		}
	}
}
