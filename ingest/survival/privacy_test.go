package survival_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
var planted = regexp.MustCompile(`(?i)planted[.-]?(person|key|prompt)`)

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
	tried, booked, every := 0, 0, often(60, 12)
	if os.Getenv("AIFINOPS_LONG") == "all" {
		every = 1
	}
	if only := os.Getenv("AIFINOPS_SOURCE"); only != "" {
		files, every = []string{"../../testdata/source/" + only + ".txtar"}, 1
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		readers := sources
		if s, ok := recipes[name]; ok {
			readers = []ingest.Source{s}
		}
		for _, export := range archive.Files {
			if export.Name == "want" {
				continue
			}
			for i, c := range changes(export.Name, string(export.Data)) {
				if i > 0 && (tried+i)%every != 0 { // the first has the prompts
					continue
				}
				tried++
				path := d.path(export.Name)
				d.write(export.Name, c.text)
				in := ingest.Input{Name: export.Name, File: path, Modified: time.Date(2026, 11, 1, 0, 0, tried, 0, time.UTC)}
				receipts, err := ingest.Run(context.Background(), l, ingest.Request{Inputs: []ingest.Input{in}, Sources: readers, Replace: true})
				_ = os.Remove(path)
				said := fmt.Sprintf("%+v %v", receipts, err)
				if leak := planted.FindString(said); leak != "" {
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
	maps := map[string]ingest.Source{}
	for _, r := range recipes {
		m := r.Map[0]
		m.Name, m.Path = r.Name, "*"
		s, err := m.NewSource("USD", nil)
		if err != nil {
			t.Fatal(err)
		}
		maps[r.Name] = s
	}
	return sources, maps
}

// leaks says which column of which table holds something planted, and takes it out, so that the next is found too.
func leaks(t *testing.T, db *sql.DB) string {
	t.Helper()
	var found []string
	for _, table := range []string{"dimensions", "file_rejects", "file_coverage", "file_left_out", "invoice_facts", "outcome_facts", "files"} {
		match := fmt.Sprintf("regexp_matches(x::VARCHAR, '(?i)planted[.-]?(person|key|prompt)')")
		rows, err := db.Query("SELECT x::VARCHAR FROM " + table + " x WHERE " + match + " LIMIT 3")
		if err != nil {
			t.Fatal(err)
		}
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
		rows.Close()
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
	if _, err := l.DB.Exec("CHECKPOINT; PRAGMA force_compression='uncompressed'; ATTACH '" + d.path("plain.duckdb") + "' AS plain; COPY FROM DATABASE ledger TO plain; DETACH plain"); err != nil {
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
		if name == "plain.duckdb" && !bytes.Contains(data, []byte("anthropic")) {
			t.Error("the copy is compressed after all")
		}
	}
}

// changes is an export with prompts wherever there may be some, then with a person and with a key in each of its fields in turn.
func changes(name, text string) []change {
	if !strings.HasSuffix(name, ".csv") && (strings.HasPrefix(strings.TrimSpace(text), "{") || strings.HasPrefix(strings.TrimSpace(text), "[")) {
		return jsonChanges(text)
	}
	return csvChanges(text)
}

// asked is what holds what people wrote, in the formats that have that.
func asked() []string {
	return []string{"prompt", "messages", "input", "output", "response", "completion", "body", "content", "text", "system", "request", "notes_of_somebody"}
}

func csvChanges(text string) []change {
	comma := ','
	for _, other := range ";\t" {
		if strings.Count(text, string(other)) > strings.Count(text, ",") {
			comma = other
		}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	records, err := r.ReadAll()
	if err != nil || len(records) == 0 {
		return nil
	}
	header := 0
	for i, record := range records {
		if len(record) > len(records[header]) {
			header = i
		}
	}
	with := func(edit func(row int, record []string) []string) string {
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = comma
		for i, record := range records {
			record = slices.Clone(record)
			if i >= header && len(record) == len(records[header]) {
				record = edit(i, record)
			}
			_ = w.Write(record) // to a strings.Builder
		}
		w.Flush()
		return b.String()
	}
	all := []change{{"prompts", with(func(row int, record []string) []string {
		for _, name := range asked() {
			at := slices.IndexFunc(records[header], func(h string) bool { return strings.EqualFold(h, name) })
			switch {
			case at >= 0 && row > header && !strings.HasPrefix(record[at], "{"):
				record[at] = prompt
			case at < 0 && row == header:
				record = append(record, name)
			case at < 0:
				record = append(record, prompt)
			}
		}
		return record
	})}}
	for column, name := range records[header] {
		for i, secret := range secrets(column) {
			all = append(all, change{name + " = " + secret, with(func(row int, record []string) []string {
				if row > header && (i == 0 || record[column] != "") {
					record[column] = inside(record[column], secret)
				}
				return record
			})})
		}
	}
	return all
}

// secrets is what to plant into a field: another key each time.
func secrets(n int) []string {
	k := keys()
	return []string{person, k[n%len(k)], "of " + person + ", " + k[(n+7)%len(k)] + " "}
}

// inside plants a secret into a value: into the texts of JSON, else in its place.
func inside(value, secret string) string {
	var v any
	if !strings.HasPrefix(value, "{") && !strings.HasPrefix(value, "[") || json.Unmarshal([]byte(value), &v) != nil {
		return secret
	}
	text, err := json.Marshal(edit(v, "", func(_ string, s string) string { return secret }, false))
	if err != nil {
		return secret
	}
	return string(text)
}

func jsonChanges(text string) []change {
	var documents []any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	lines := false
	for {
		var v any
		err := dec.Decode(&v)
		if err == io.EOF {
			break
		}
		if err != nil { // a line that is no JSON: what comes after is left out
			break
		}
		documents = append(documents, v)
	}
	lines = len(documents) > 1
	with := func(f func(path, s string) string, prompts bool) string {
		var b strings.Builder
		for _, v := range documents {
			text, err := json.Marshal(edit(v, "", f, prompts))
			if err != nil {
				return ""
			}
			b.Write(text)
			if lines {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	same := func(_, s string) string { return s }
	all := []change{{"prompts", with(same, true)}}
	paths := map[string]bool{}
	with(func(path, s string) string { paths[path] = true; return s }, false)
	for n, path := range slices.Sorted(maps.Keys(paths)) {
		for _, secret := range secrets(n) {
			all = append(all, change{path + " = " + secret, with(func(at, s string) string {
				if at == path {
					return secret
				}
				return s
			}, false)})
		}
	}
	return all
}

// edit copies a JSON value with its texts changed, those of JSON in texts too, and if asked with prompts in all of its objects.
func edit(v any, path string, f func(path, s string) string, prompts bool) any {
	switch v := v.(type) {
	case map[string]any:
		c := map[string]any{}
		for k, x := range v {
			c[k] = edit(x, path+"."+k, f, prompts)
			if _, isText := x.(string); isText && prompts && slices.Contains(asked(), strings.ToLower(k)) {
				c[k] = prompt
			}
		}
		if prompts {
			for _, k := range asked() {
				if _, ok := c[k]; !ok {
					c[k] = prompt
				}
			}
			if _, ok := v["messages"]; !ok {
				c["messages"] = []any{map[string]any{"role": "user", "content": prompt}}
			}
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, x := range v {
			c[i] = edit(x, path+"[]", f, prompts)
		}
		return c
	case string:
		var inner any
		if (strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[")) && json.Unmarshal([]byte(v), &inner) == nil {
			if text, err := json.Marshal(edit(inner, path, f, prompts)); err == nil {
				return string(text)
			}
		}
		return f(path, v)
	}
	return v
}
