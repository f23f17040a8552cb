package survival_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/rogpeppe/go-internal/txtar"
)

// What nobody may find again: a person, keys, and what somebody asked a model.
const (
	person = "planted.person@example.com"
	prompt = "PLANTED-PROMPT: what is wrong with my contract"
)

// keys is one of each kind that vendors give out; the last four of it may be shown.
func keys() []string {
	const body = "PLANTEDKEY0123456789abcdefWXYZ"
	var all []string
	for _, prefix := range []string{"sk-", "sk-proj-", "sk-ant-api03-", "sk-or-v1-", "AKIA", "AIza", "gsk_", "xai-", "pcsk_", "ghp_", "github_pat_", "r8_", "hf_",
		"fw_", "pplx-", "nvapi-", "rpa_", "tgp_v1_", "xoxb-", "sk_live_", "rk_live_", "glpat-", "Bearer eyJhbGciOiJIUzI1NiJ9.", "ya29.", "lsv2_pt_", "pk-lf-"} {
		all = append(all, prefix+body)
	}
	return all
}

// planted finds any of it.
var planted = regexp.MustCompile(`(?i)planted[._-]?(person|key|prompt)`)

// A change puts something into the texts of an export. Where names a field for messages.
type change struct {
	where string
	text  string
}

// Whatever of an export holds a person, a key or a prompt, none of that reaches the ledger, a message or a receipt.
func TestPrivacy(t *testing.T) {
	files, err := filepath.Glob("../../testdata/source/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sources, recipes := everySource(t)
	d := newDesk(t)
	l, err := ingest.Open(context.Background(), d.path("ledger.duckdb"), ingest.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tried, booked, every, prompts := 0, 0, often(150, 200), often(6, 1)
	if os.Getenv("AIFINOPS_LONG") == "all" {
		every = 1
	}
	if only := os.Getenv("AIFINOPS_SOURCE"); only != "" {
		files, every = []string{"../../testdata/source/" + only + ".txtar"}, 1
	}
	skipped := 0
	for n, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		readers := sources
		if s, ok := recipes[name]; ok {
			readers = []ingest.Source{s}
		}
		for e, export := range archive.Files {
			if export.Name == "want" {
				continue
			}
			for i, c := range changes(export.Name, string(export.Data)) {
				if i == 0 && (n%prompts != 0 || e > 0 && every > 1) { // the first change has the prompts
					continue
				}
				if skipped++; i > 0 && skipped%every != 0 {
					continue
				}
				tried++
				path := d.path(export.Name)
				d.write(export.Name, c.text)
				in := ingest.Input{Name: export.Name, File: path, Modified: time.Date(2026, 11, 1, 0, 0, tried, 0, time.UTC)}
				receipts, err := ingest.Run(context.Background(), l, ingest.Request{Inputs: []ingest.Input{in}, Sources: readers, Replace: true})
				_ = os.Remove(path)
				said := fmt.Sprintf("%+v %v", receipts, err)
				if leak := planted.FindString(said); leak != "" && !strings.Contains(said, "no source reads this file; it has ") { // that names the header
					t.Errorf("%s, %s, %s: it is said: %.600s", name, export.Name, c.where, said)
				}
				if err == nil {
					booked++
				}
				if leak := leaks(t, l.DB); leak != "" {
					t.Errorf("%s, %s, %s: %s", name, export.Name, c.where, leak)
				}
			}
		}
	}
	t.Logf("%d exports, %d of them booked", tried, booked)
	grepLedger(t, d, l)
}

// everySource is the sources that recognise files, and those that the recipes' column maps make.
func everySource(t *testing.T) ([]ingest.Source, map[string]ingest.Source) {
	t.Helper()
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	recipes, err := ingest.Recipes()
	if err != nil {
		t.Fatal(err)
	}
	mapped := map[string]ingest.Source{}
	for _, r := range recipes {
		m := r.Map[0]
		m.Name, m.Path = r.Name, "*"
		s, err := m.NewSource("USD", nil)
		if err != nil {
			t.Fatal(err)
		}
		mapped[r.Name] = s
	}
	return sources, mapped
}

// leaks says which column of which table holds something planted, and takes it out, so that the next is found too.
func leaks(t *testing.T, db *sql.DB) string {
	t.Helper()
	var found []string
	for _, table := range []string{"dimensions", "file_rejects", "file_coverage", "file_left_out", "invoice_facts", "outcome_facts", "files"} {
		match := "regexp_matches(x::VARCHAR, '" + planted.String() + "')"
		rows, err := db.Query("SELECT x::VARCHAR FROM " + table + " x WHERE " + match + " LIMIT 3")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			at := planted.FindStringIndex(row)
			found = append(found, table+": …"+row[max(0, at[0]-60):min(len(row), at[1]+40)])
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			if _, err := db.Exec("DELETE FROM " + table + " x WHERE " + match); err != nil {
				t.Fatal(err)
			}
		}
	}
	return strings.Join(found, "\n\t")
}

// grepLedger searches the bytes of the ledger, of its log and of a copy in which nothing is compressed.
func grepLedger(t *testing.T, d desk, l *ingest.Ledger) {
	t.Helper()
	if t.Failed() {
		return // what was found lies about in the file
	}
	const control = "a text that the search must find"
	if _, err := l.DB.Exec("INSERT INTO file_rejects VALUES (0, 0, '" + control + "'); CHECKPOINT; PRAGMA force_compression='uncompressed'; ATTACH '" + d.path("plain.duckdb") + "' AS plain; COPY FROM DATABASE ledger TO plain; CHECKPOINT plain; DETACH plain"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ledger.duckdb", "ledger.duckdb.wal", "plain.duckdb"} {
		data, err := os.ReadFile(d.path(name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if at := planted.FindIndex(data); at != nil {
			t.Errorf("%s: %q", name, data[max(0, at[0]-80):min(len(data), at[1]+40)])
		}
		if name == "plain.duckdb" && !bytes.Contains(data, []byte(control)) {
			t.Error("the copy is compressed after all")
		}
	}
}

// What a run writes shows no more than the ledger holds. People keep their names where the configuration says so, and nothing else does;
// else their hashes are another ledger's no more.
func TestPrivacyOfOutput(t *testing.T) {
	const calls = `{"request_id": "1", "startTime": "2026-10-01 09:00:00", "spend": 0.1, "model": "gpt-5.4", "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "user": "` + person + `",
"messages": [{"role": "user", "content": "` + prompt + `"}], "metadata": "{\"user_api_key_alias\": \"sk-PLANTEDKEY0123456789abcdefWXYZ\"}", "request_tags": ["owner:` + person + `", "sk-PLANTEDKEY0123456789abcdefWXYZ"]}
`
	line := strings.ReplaceAll(calls, ",\n", ", ")
	const costs = "start_time,end_time,amount_value,amount_currency,line_item,project_id,project_name,organization_id\n" +
		"1790812800,1790899200,10,usd,\"gpt-5.4, input\",proj_a," + person + ",org-1\n" +
		"1790812800,1790899200," + person + ",usd,\"gpt-5.4, input\",proj_a,sk-PLANTEDKEY0123456789abcdefWXYZ,org-1\n"
	var hashes []string
	for i, plain := range []bool{false, false, true} {
		d := newDesk(t)
		allowed := planted
		if plain {
			d.write("aifinops.yaml", "version: 1\nusers: plain\n")
			allowed = regexp.MustCompile("(?i)planted[._-]?(key|prompt)")
		}
		d.write("calls.jsonl", line+strings.ReplaceAll(strings.ReplaceAll(line, `"1"`, `"2"`), "0.1", `"`+person+`"`))
		d.write("costs.csv", costs)
		all := []result{d.must("ingest", "--dry-run", "-o", "wide", "calls.jsonl", "costs.csv"), d.must("ingest", "-v", "-o", "json", "calls.jsonl", "costs.csv"), d.run("ingest", "--strict", "--again", "costs.csv")}
		questions := [][]string{
			{"query", "FROM rejects", "-o", "csv"}, {"query", "FROM requests", "-o", "json"}, {"query", "FROM costs", "-o", "json"}, {"report", "--by", "project,key", "-o", "json"},
			{"export", "--month", "2026-10", "month.html"}, {"export", "--month", "2026-10", "month.focus.csv"}, {"report", "--by", "project", "-o", "html"},
			{"rules", "suggest"}, {"report", "coverage", "--month", "2026-10"},
		}
		files := []string{"month.html", "month.focus.csv"}
		if i > 0 { // the same again, in a ledger with another salt, and with users as they are
			questions, files = questions[:2], nil
		}
		for _, args := range questions {
			all = append(all, d.must(args...))
		}
		for _, name := range files {
			data, err := os.ReadFile(d.path(name))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, result{out: string(data)})
		}
		for _, r := range all {
			if at := allowed.FindStringIndex(r.out + r.err); at != nil {
				t.Errorf("plain: %t: …%s", plain, (r.out + r.err)[max(0, at[0]-200):min(len(r.out+r.err), at[1]+40)])
			}
		}
		hashes = append(hashes, d.ask("aifinops.duckdb", "SELECT max(x_User) FROM requests"))
		if key := d.ask("aifinops.duckdb", "SELECT max(x_ApiKeyName) FROM requests"); !strings.HasSuffix(key, "…WXYZ") {
			t.Errorf("the key is %s", key)
		}
	}
	if hashes[0] == hashes[1] || !strings.HasPrefix(hashes[0], "user_") || hashes[2] != person {
		t.Errorf("a user of two ledgers, and in plain: %v", hashes)
	}
}
