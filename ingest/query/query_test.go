//go:build unix

package query_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aifinops/aifinops/cmd"
	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/google/go-cmp/cmp"
)

// TestQueries holds the queries to what clients and the source of their results need of all of them.
func TestQueries(t *testing.T) {
	queries, err := ingest.Queries()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		text := q.Over(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
		if strings.Contains(text, "{from}") || strings.Contains(text, "{to}") || !strings.Contains(text, "'2026-10-01") || !strings.Contains(text, "'2026-11-01") {
			t.Errorf("%s.%s: the dates are not in their places", q.Name, q.Engine)
		}
		if !strings.Contains(text, "aifinops sources "+q.Name+" --query "+q.Engine+" --month") {
			t.Errorf("%s.%s: run is of another query:\n%s", q.Name, q.Engine, text)
		}
		if q.Name != "gcp" {
			checkBands(t, q, text)
		}
	}
}

// checkBands: calls may be summed only where the price of all of them is the same, by the length of the prompt and by the hour.
func checkBands(t *testing.T, q ingest.Query, text string) {
	book, err := pricing.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range book.Offers() {
		last := o.Over // the longest prompt that is not long
		if o.Inclusive {
			last--
		}
		if last > 0 && !strings.Contains(text, fmt.Sprintf("-%d'", last)) {
			t.Errorf("%s.%s: no band ends at %d tokens, after which %s %s costs more", q.Name, q.Engine, last, o.Provider, o.Name)
		}
		for key := range o.Prices {
			if key.Hours != "" && !strings.Contains(text, o.Provider) {
				t.Errorf("%s.%s: the calls of a day of %s are one, and %s has prices by the hour", q.Name, q.Engine, o.Provider, o.Name)
			}
		}
	}
}

// TestPostgresQueries runs those for PostgreSQL on one.
func TestPostgresQueries(t *testing.T) {
	pg := startPostgres(t)
	t.Run("calls", func(t *testing.T) { litellmCalls(t, pg) })
	t.Run("names", func(t *testing.T) { litellmNames(t, pg) })
	t.Run("others", func(t *testing.T) { otherQueries(t, pg) })
}

// litellmCalls ships 20,000 calls out of the database whole and grouped, and expects the same reports of both.
func litellmCalls(t *testing.T, pg postgres) {
	pg.run(t, "litellm", readFile(t, "testdata/litellm.sql"))
	pg.run(t, "litellm", `INSERT INTO "LiteLLM_SpendLogs" SELECT * FROM calls(20000, '2026-09-30', '2026-11-02', 12)`)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "aifinops.yaml"), "version: 1\nusers: plain\nuse_cases: [{id: case-0}, {id: case-1}, {id: case-3}, {id: chat}]\nrules:\n"+
		"  - {id: tagged, match: {tag.use_case: \"*\"}, use_case: \"{tag.use_case}\"}\n  - {id: chat, match: {tag.feature: chat}, use_case: chat}\n")
	writeFile(t, filepath.Join(dir, "costs.csv"), bill())
	ship := func(ledger, text string) {
		aifinops(t, dir, "", "ingest", "--db", ledger, filepath.Join(dir, "costs.csv"))
		aifinops(t, dir, text, "ingest", "--db", ledger, "-")
	}
	both := func() {
		rows := pg.run(t, "litellm", `SET datestyle = ISO; COPY (SELECT * FROM "LiteLLM_SpendLogs" WHERE "startTime" >= '2026-10-01' AND "startTime" < '2026-11-01') TO STDOUT CSV HEADER`)
		groups := pg.run(t, "litellm", aifinops(t, dir, "", "sources", "litellm", "--query", "postgres", "--month", "2026-10"))
		if len(groups)*5 > len(rows) {
			t.Errorf("%d bytes grouped are not much less than %d whole", len(groups), len(rows))
		}
		ship(filepath.Join(dir, "rows.duckdb"), rows)
		ship(filepath.Join(dir, "groups.duckdb"), groups)
	}
	same := func(report ...string) {
		args := func(ledger string) []string {
			return append([]string{"report", "--db", filepath.Join(dir, ledger), "--month", "2026-10"}, report...)
		}
		if diff := cmp.Diff(aifinops(t, dir, "", args("rows.duckdb")...), aifinops(t, dir, "", args("groups.duckdb")...)); diff != "" {
			t.Errorf("report %s of calls (-) and of groups (+):\n%s", strings.Join(report, " "), diff)
		}
	}
	both()
	same("--by", "use-case")
	for _, by := range []string{"key,model", "tag.team,tag.env", "user,day"} {
		same("--by", by, "-o", "json")
	}
	same("reconcile", "--by", "class", "-o", "json")

	// What comes late is there when the month is queried again, and nothing is there twice.
	pg.run(t, "litellm", `INSERT INTO "LiteLLM_SpendLogs" SELECT (jsonb_populate_record(c, jsonb_build_object('request_id', c.request_id || '-late'))).* FROM calls(500, '2026-10-20', '2026-11-01', 12) c
		WHERE c.total_tokens = c.prompt_tokens + c.completion_tokens`)
	both()
	same("--by", "use-case")
}

// litellmNames: the names of keys and teams come from their tables where the calls do not know them.
func litellmNames(t *testing.T, pg postgres) {
	pg.run(t, "names", readFile(t, "testdata/litellm.sql"))
	pg.run(t, "names", `INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, api_key, "startTime", "endTime", model, team_id, metadata) VALUES
		('1', 'acompletion', encode(sha256('key-1'), 'hex'), '2026-10-01', '2026-10-01', 'in both', 'team-1', '{"user_api_key_alias": "old", "user_api_key_team_alias": "Old"}'),
		('2', 'acompletion', encode(sha256('key-1'), 'hex'), '2026-10-01', '2026-10-01', 'in the tables', 'team-1', '{}'),
		('3', 'acompletion', encode(sha256('key-10'), 'hex'), '2026-10-01', '2026-10-01', 'in the log', 'team-9', '{"user_api_key_alias": "app-10"}'),
		('4', 'acompletion', encode(sha256('key-10'), 'hex'), '2026-10-01', '2026-10-01', 'nowhere', '', NULL)`)
	records, err := csv.NewReader(strings.NewReader(pg.run(t, "names", aifinops(t, t.TempDir(), "", "sources", "litellm", "--query", "postgres", "--from", "2026-10-01", "--to", "2026-10-01")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	model, key, team := slices.Index(records[0], "model"), slices.Index(records[0], "key_name"), slices.Index(records[0], "team")
	for _, r := range records[1:] {
		got = append(got, r[model]+": "+r[key]+", "+r[team])
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"in both: old, Old", "in the log: app-10, team-9", "in the tables: app-1, Support", "nowhere: , "}, got); diff != "" {
		t.Error(diff)
	}
}

// otherQueries runs those of other gateways over a few rows that are all different.
func otherQueries(t *testing.T, pg postgres) {
	for name, want := range map[string]string{
		"langfuse": `Langfuse,2026-10-05 00:00:00,2026-10-06 00:00:00,azure,of-our-own,0-100000,,[],"{""team"": ""Search""}",1,10,,,5,,
Langfuse,2026-10-05 00:00:00,2026-10-06 00:00:00,,gpt-4o,0-100000,ana,"[""env:prod"", ""beta""]","{""trace"": ""chat"", ""Use-Case"": ""doc-search""}",2,173,,,25,0.000675000000,
Langfuse,2026-10-31 23:00:00,2026-11-01 00:00:00,,deepseek-chat,0-100000,,,{},1,10,,,5,,
`,
		"helicone": `Helicone,2026-10-04 00:00:00,2026-10-05 00:00:00,openai,gpt-4o-2024-08-06,0-100000,10000000-0000-0000-0000-000000000001,ana,"{""Team"": ""Search""}",2,150,,,30,,
Helicone,2026-10-31 00:00:00,2026-11-01 00:00:00,anthropic,claude-sonnet-4-5,0-100000,,,,1,0,,,0,,
`,
	} {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "aifinops.yaml"), "version: 1\n")
		pg.run(t, name, readFile(t, "testdata/"+name+".sql"))
		got := pg.run(t, name, aifinops(t, dir, "", "sources", name, "--query", "postgres", "--month", "2026-10"))
		_, rows, _ := strings.Cut(got, "\n")
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if receipt := aifinops(t, dir, got, "ingest", "--strict", "--db", filepath.Join(dir, "x.duckdb"), "-o", "csv", "-"); !strings.Contains(receipt, "request-groups") {
			t.Errorf("%s: %s", name, receipt)
		}
	}
}

// bill is what one of the providers charged.
func bill() string {
	text := "start_time,end_time,amount_value,amount_currency,line_item,project_id,organization_id\n"
	for day := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC); day.Month() == 10; day = day.AddDate(0, 0, 1) {
		for _, item := range []string{`9.81,usd,"gpt-5.4, input"`, `7.5,usd,"gpt-5.4, output"`, `0.4,usd,"gpt-4o-mini, input"`, `3.1,usd,"gpt-4o, output"`} {
			text += fmt.Sprintf("%d,%d,%s,proj_app,org-1\n", day.Unix(), day.AddDate(0, 0, 1).Unix(), item)
		}
	}
	return text
}

// aifinops runs the program in the folder, and returns what it prints.
func aifinops(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	var out, talk bytes.Buffer
	if code := cmd.Main(append(args, "--config", filepath.Join(dir, "aifinops.yaml"), "--quiet"), strings.NewReader(stdin), &out, &talk); code != 0 {
		t.Fatalf("aifinops %s: exit code %d: %s", strings.Join(args, " "), code, talk.String())
	}
	return out.String()
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A postgres is a server of the test's own, that listens to a socket in its folder and to nothing else.
type postgres struct{ dir string }

// startPostgres starts one, or skips where PostgreSQL is not installed. It does not run as root, so another user has to.
func startPostgres(t *testing.T) postgres {
	t.Helper()
	initdb, err := exec.LookPath("initdb")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); err != nil && len(found) > 0 {
		initdb = found[len(found)-1]
	} else if err != nil {
		t.Skip("PostgreSQL is not installed: no initdb")
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "postgres-*") // the path of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		other, err := user.Lookup("nobody")
		if err != nil {
			t.Skip("PostgreSQL does not run as root, and there is no user nobody")
		}
		uid, _ := strconv.Atoi(other.Uid)
		gid, _ := strconv.Atoi(other.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	run := func(program string, args ...string) {
		c := exec.Command(filepath.Join(filepath.Dir(initdb), program), args...)
		c.Dir, c.SysProcAttr = dir, as
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", program, err, said)
		}
	}
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	run("pg_ctl", "start", "-w", "-D", data, "-l", filepath.Join(dir, "log"), "-o", "-c listen_addresses='' -c fsync=off -c datestyle=SQL,DMY -k "+dir)
	t.Cleanup(func() { run("pg_ctl", "stop", "-D", data, "-m", "immediate") })
	pg := postgres{dir}
	for _, name := range []string{"litellm", "names", "langfuse", "helicone"} {
		pg.run(t, "postgres", "CREATE DATABASE "+name)
	}
	return pg
}

// run has psql run the statements, and returns what it prints as CSV.
func (pg postgres) run(t *testing.T, database, statements string) string {
	t.Helper()
	c := exec.Command("psql", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-h", pg.dir, "-U", "test", "-d", database, "-c", statements)
	var out, talk bytes.Buffer
	c.Stdout, c.Stderr = &out, &talk
	if err := c.Run(); err != nil {
		t.Fatalf("psql: %v: %s", err, talk.String())
	}
	return out.String()
}
