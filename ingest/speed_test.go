package ingest_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"
)

var speedRows = flag.Int("rows", 0, "measure ingest and report with so many gateway rows")

// rawEnv makes the test binary a process that only runs the SQL that it holds:
// DuckDB alone, in a process of its own, so that its CPU time can be told.
const rawEnv = "AIFINOPS_RAW_SQL"

func TestMain(m *testing.M) {
	query := os.Getenv(rawEnv)
	if query == "" {
		os.Exit(m.Run())
	}
	db, path, _ := strings.Cut(query, "\n")
	l, err := sql.Open("duckdb", db)
	if err == nil {
		l.SetMaxOpenConns(1)
		_, err = l.Exec(path)
	}
	if err == nil {
		err = l.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestSpeed times the built program beside DuckDB alone on the same file in one
// run, and prints the ratios:
//
//	go test ./ingest -run TestSpeed -rows 1000000 -v -timeout 60m
func TestSpeed(t *testing.T) {
	if *speedRows == 0 {
		t.Skip("set -rows to measure")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "aifinops")
	if out, err := exec.Command("go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	generate(t, dir, *speedRows)
	config := filepath.Join(dir, "aifinops.yaml")
	if err := os.WriteFile(config, []byte(speedConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\twall s\tCPU s\tpeak MiB\twall ratio\tCPU ratio\t")
	for _, format := range []string{"csv", "jsonl", "parquet"} {
		file := filepath.Join(dir, "logs."+format)
		raw := measure(t, []string{rawEnv + "=" + filepath.Join(dir, format+"-raw.duckdb") + "\n" + rawLoad(format, file)}, os.Args[0], "-test.run", "none")
		ledger := filepath.Join(dir, format+".duckdb")
		ours := measure(t, nil, program, "--config", config, "--db", ledger, "ingest", file)
		raw.print(w, format+": DuckDB, typed", raw)
		ours.print(w, format+": aifinops ingest", raw)
	}
	ledger := filepath.Join(dir, "csv.duckdb")
	groupBy := measure(t, []string{rawEnv + "=" + filepath.Join(dir, "csv-raw.duckdb") + "\nSELECT model, team_id, sum(spend), sum(prompt_tokens), count(*) FROM logs GROUP BY ALL"}, os.Args[0], "-test.run", "none")
	measure(t, nil, program, "--config", config, "--db", ledger, "report", "--by", "use-case") // warms the file's pages
	report := measure(t, nil, program, "--config", config, "--db", ledger, "report", "--by", "use-case")
	groupBy.print(w, "GROUP BY alone", groupBy)
	report.print(w, "report --by use-case, warm", groupBy)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows\n%s", *speedRows, b.String())
}

type measured struct {
	wall, cpu time.Duration
	peak      int64 // MiB
}

func (m measured) print(w *tabwriter.Writer, what string, base measured) {
	fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%d\t%.2f\t%.2f\t\n", what, m.wall.Seconds(), m.cpu.Seconds(), m.peak,
		m.wall.Seconds()/base.wall.Seconds(), m.cpu.Seconds()/base.cpu.Seconds())
}

// measure runs a process and reads the operating system's account of it.
func measure(t *testing.T, env []string, name string, args ...string) measured {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	begin := time.Now()
	out, err := c.CombinedOutput()
	wall := time.Since(begin)
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("the operating system gives no account of processes")
	}
	return measured{wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss >> 10}
}

// generate writes gateway logs of LiteLLM's shape: some 30 models, 200 keys, 40 teams, tags and metadata as JSON.
func generate(t *testing.T, dir string, rows int) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	query := fmt.Sprintf(`CREATE VIEW logs AS SELECT
		'chatcmpl-' || md5(i::VARCHAR) AS request_id, 'acompletion' AS call_type, sha256((h %% 200)::VARCHAR) AS api_key,
		round((prompt * 2.5 + completion * 10) / 1e6, 9) AS spend, prompt + completion AS total_tokens, prompt AS prompt_tokens, completion AS completion_tokens,
		strftime(started, '%%Y-%%m-%%d %%H:%%M:%%S.%%f') AS "startTime", strftime(started + INTERVAL 2 SECOND, '%%Y-%%m-%%d %%H:%%M:%%S.%%f') AS "endTime",
		'gpt-5.' || h %% 30 AS model, 'public-' || h %% 30 AS model_group, ['openai', 'anthropic', 'bedrock'][1 + (h %% 3)::BIGINT] AS custom_llm_provider,
		'user-' || h %% 500 AS "user", 'team-' || h %% 40 AS team_id, 'success' AS status, 'None' AS cache_hit,
		to_json(['use_case:case-' || h %% 20, 'env:prod'])::VARCHAR AS request_tags,
		to_json({'user_api_key_alias': 'alias-' || h %% 200, 'usage_object': {'prompt_tokens_details': {'cached_tokens': prompt // 2}}})::VARCHAR AS metadata
		FROM (SELECT i, h, ((h >> 8) %% 20000)::BIGINT AS prompt, ((h >> 24) %% 2000)::BIGINT AS completion, TIMESTAMP '2026-10-01' + to_microseconds(i * (2592000000000 // %[1]d)) AS started
			FROM (SELECT i, hash(i) AS h FROM range(%[1]d) t(i)))`, rows)
	for _, q := range []string{
		query,
		"COPY (FROM logs) TO '" + filepath.Join(dir, "logs.csv") + "' (HEADER)",
		"COPY (FROM logs) TO '" + filepath.Join(dir, "logs.jsonl") + "' (FORMAT json)",
		"COPY (FROM logs) TO '" + filepath.Join(dir, "logs.parquet") + "'",
	} {
		if _, err := db.ExecContext(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
}

// rawLoad is DuckDB's own way to load the file, every column with its type.
func rawLoad(format, file string) string {
	columns := "{'request_id': 'VARCHAR', 'call_type': 'VARCHAR', 'api_key': 'VARCHAR', 'spend': 'DECIMAL(18,12)', 'total_tokens': 'BIGINT', 'prompt_tokens': 'BIGINT', " +
		"'completion_tokens': 'BIGINT', 'startTime': 'TIMESTAMP', 'endTime': 'TIMESTAMP', 'model': 'VARCHAR', 'model_group': 'VARCHAR', 'custom_llm_provider': 'VARCHAR', " +
		"'user': 'VARCHAR', 'team_id': 'VARCHAR', 'status': 'VARCHAR', 'cache_hit': 'VARCHAR', 'request_tags': 'VARCHAR', 'metadata': 'VARCHAR'}"
	switch format {
	case "csv":
		return "CREATE TABLE logs AS FROM read_csv('" + file + "', auto_detect = false, header = true, delim = ',', quote = '\"', columns = " + columns + ")"
	case "jsonl":
		return "CREATE TABLE logs AS FROM read_json('" + file + "', format = 'newline_delimited', columns = " + columns + ")"
	}
	return "CREATE TABLE logs AS FROM read_parquet('" + file + "')"
}

const speedConfig = `version: 1
use_cases:
  - {id: case-1}
  - {id: case-2}
rules:
  - {id: tagged, match: {tag.use_case: "case-?"}, use_case: "{tag.use_case}"}
  - {id: rest, match: {provider: "*"}, use_case: case-1}
`
