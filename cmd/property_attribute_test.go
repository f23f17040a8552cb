package cmd

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A world is what a company exports of some days in October 2026: the files by name, and the sum of its bills.
type world struct {
	files  map[string]string
	billed decimal.Decimal
	plain  bool // every call of a model costs the same, whoever saw it: no batches, no long ones
}

const (
	worldUsageHeader = "start_time,end_time,project_id,num_model_requests,user_id,api_key_id,model,batch,input_tokens,output_tokens,input_cached_tokens"
	worldCallsHeader = "request_id,startTime,spend,model,custom_llm_provider,prompt_tokens,completion_tokens,total_tokens,api_key,user,request_tags"
	worldTraceHeader = "at,id,model,input,output,use_case"
)

// Prices that do not divide, a model with a long band, and a tier at half.
const worldPrices = `schema: 1
provider: openai
as_of: 2026-10-01
tiers: {batch: [batch]}
models:
  - id: gpt-x
    rates: [{from: 2026-01-01, price: {input: "1.7", cache_read: "0.17", output: "7.3"}, tiers: {batch: {times: "0.5"}}}]
  - id: gpt-l
    rates: [{from: 2026-01-01, price: {input: "0.3", output: "1.1"}, long: {over: 2000, price: {input: "0.6", output: "1.3"}}}]
`

// Users are plain: hashed with the salt of the ledger they would sort in another order in each, which moves the last of twelve decimals.
const worldConfig = `prices: [prices.yaml]
users: plain
keys: {gw-main: key_1}
sources:
  - path: "trace*.csv"
    name: trace
    role: requests
    provider: openai
    columns: {start: at, request_id: id, model: model, input_tokens: input, output_tokens: output, tag.use_case: use_case}
use_cases: [{id: search}, {id: inbox}, {id: ops}, {id: one}, {id: two}]
rules:
  - {id: tagged, match: {tag.use_case: "*"}, use_case: "{tag.use_case}"}
  - {id: p2, match: {project: p2}, use_case: two}
`

// Rules that look at more, so that less is merged.
const worldRules = `  - {id: thirds, match: {key: key_1}, split: {by: even, among: [one, two, ops]}}
  - {id: ana, match: {user: ana}, use_case: one}
  - {id: by-cost, match: {model: gpt-l}, split: {by: cost, among: [search, inbox]}}
`

// worlds draws bills, usage and requests that agree, contradict each other or miss each other: nothing says that they fit.
func worlds() *rapid.Generator[world] {
	return rapid.Custom(func(t *rapid.T) world {
		w := world{files: map[string]string{"aifinops.yaml": worldConfig, "prices.yaml": worldPrices}}
		if rapid.Bool().Draw(t, "more rules") {
			w.files["aifinops.yaml"] += worldRules
		}
		models, batches := []string{"gpt-x", "gpt-x", "gpt-l", "mystery"}, []string{"false", "false", "true"}
		if w.plain = rapid.Bool().Draw(t, "plain"); w.plain {
			models, batches = []string{"gpt-x", "mystery"}, []string{"false"}
		}
		day := func() (string, int) {
			d := rapid.IntRange(5, 7).Draw(t, "day")
			start := time.Date(2026, 10, d, 0, 0, 0, 0, time.UTC)
			return fmt.Sprintf("%d,%d", start.Unix(), start.AddDate(0, 0, 1).Unix()), d
		}
		one := func(what string, words ...string) string { return rapid.SampledFrom(words).Draw(t, what) }
		tokens := func(what string) int { return rapid.IntRange(0, 9_999).Draw(t, what) }
		project := map[string]string{"key_1": "p1", "key_2": "p1", "key_3": "p2", "": "p1"}
		var bills, usage, calls, trace []string
		for range rapid.IntRange(0, 8).Draw(t, "bills") {
			times, _ := day()
			amount := decimal.New(rapid.Int64Range(-100_000, 90_000_000).Draw(t, "amount"), -9)
			w.billed = w.billed.Add(amount)
			bills = append(bills, fmt.Sprintf("%s,%s,usd,%s,%s,org-1", times, amount,
				one("line", `"gpt-x, input"`, `"gpt-x, output"`, `"gpt-x, cached input"`, `"gpt-l, input"`, "", "gpt-l", "mystery"), one("bill project", "p1", "p2", "")))
		}
		for range rapid.IntRange(0, 8).Draw(t, "usage") {
			times, _ := day()
			key, input := one("usage key", "key_1", "key_2", "key_3"), tokens("usage input")
			usage = append(usage, fmt.Sprintf("%s,%s,%d,%s,%s,%s,%s,%d,%d,%d", times, project[key], rapid.IntRange(1, 3).Draw(t, "n"), one("who", "ana", "ben", ""), key,
				one("usage model", models...), one("batch", batches...), input, tokens("usage output"), rapid.IntRange(0, input).Draw(t, "cached")))
		}
		for i := range rapid.IntRange(0, 10).Draw(t, "calls") {
			_, d := day()
			input, output := tokens("input"), tokens("output")
			model, use := one("model", models...), one("use", "search", "inbox", "stranger", "")
			tags := "[]"
			if use != "" {
				tags = `"[""use_case:` + use + `""]"`
			}
			at := fmt.Sprintf("2026-10-%02d 09:%02d:00", d, i)
			calls = append(calls, fmt.Sprintf("r%d,%s,0,%s,openai,%d,%d,%d,%s,%s,%s", i, at, model, input, output, input+output, one("key", "gw-main", "key_2", "unknown", ""), one("user", "ana", ""), tags))
			if rapid.IntRange(0, 2).Draw(t, "traced") == 0 { // a tracing tool saw it too
				trace = append(trace, fmt.Sprintf("%s,r%d,%s,%d,%d,ops", at, i, model, input, output))
			}
		}
		for name, rows := range map[string][]string{"costs.csv": append([]string{costsHeader}, bills...), "usage.csv": append([]string{worldUsageHeader}, usage...),
			"calls.csv": append([]string{worldCallsHeader}, calls...), "trace.csv": append([]string{worldTraceHeader}, trace...)} {
			if len(rows) > 1 {
				w.files[name] = strings.Join(rows, "\n") + "\n"
			}
		}
		return w
	})
}

// few runs a property a few times, and with AIFINOPS_LONG=all many times: what it checks takes the program a while.
func few(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	t.Setenv(threads, "1")
	checks := flag.Lookup("rapid.checks").Value
	before := checks.String()
	if os.Getenv("AIFINOPS_LONG") == "all" {
		n *= 10
	}
	if err := checks.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := checks.Set(before); err != nil {
			t.Error(err)
		}
	}()
	rapid.Check(t, property)
}

// exports is the files that ingest is to read, sorted.
func (w world) exports() []string {
	var names []string
	for name := range w.files {
		if strings.HasSuffix(name, ".csv") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// settle writes the world into a folder of its own.
func (w world) settle(t rapid.TB) (dir string, done func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "aifinops-test-*")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range w.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func() { os.RemoveAll(dir) }
}

// ask runs the program in the folder's name, on a ledger there, and gives what it prints.
func ask(t rapid.TB, dir, ledger string, args ...string) string {
	t.Helper()
	var out, talk bytes.Buffer
	args = append([]string{"--config", filepath.Join(dir, "aifinops.yaml"), "--db", filepath.Join(dir, ledger)}, args...)
	if code := Main(args, strings.NewReader(""), &out, &talk); code != 0 {
		t.Fatalf("%v exits with %d: %s", args, code, talk.String())
	}
	return out.String()
}

// take ingests files of the folder, together.
func take(t rapid.TB, dir, ledger string, names ...string) {
	t.Helper()
	args := []string{"ingest"}
	for _, name := range names {
		args = append(args, filepath.Join(dir, name))
	}
	ask(t, dir, ledger, args...)
}

// byUseCase is the report of October, exact.
func byUseCase(t rapid.TB, dir, ledger string) string {
	t.Helper()
	return ask(t, dir, ledger, "report", "--by", "use-case", "--month", "2026-10", "--as-of", "2026-11-15", "-o", "json")
}

// figures asks for pairs of a name and an amount.
func figures(t rapid.TB, dir, ledger, query string) map[string]decimal.Decimal {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(ask(t, dir, ledger, "query", query, "-o", "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]decimal.Decimal{}
	for _, r := range records[min(1, len(records)):] {
		amount, err := decimal.NewFromString(strings.TrimPrefix(r[1], "'"))
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(r[0], "'")] = amount
	}
	return all
}

// Of a model on a day that was not metered, requests are all that is known: what is estimated from them is not in question.
const byBasis = `SELECT CASE WHEN x_Basis <> 'estimated' THEN 'billed' WHEN (ChargePeriodStart, x_BookModel) IN (SELECT (day, model) FROM metering) THEN 'estimated' ELSE 'unmetered' END AS basis,
	sum(BilledCost)::VARCHAR AS cost FROM costs GROUP BY ALL`

// Whatever the evidence says: the slices of each charge add up to it and all of them to the bills, to the last digit. Requests move money between
// use cases, and never make any: with them and without, what a provider cost is the same.
func TestAttributionConserves(t *testing.T) {
	few(t, 2, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		dir, done := w.settle(t)
		defer done()
		before := slices.DeleteFunc(w.exports(), func(name string) bool { return name == "calls.csv" || name == "trace.csv" })
		if len(before) == 0 {
			return // requests alone are all that is known
		}
		take(t, dir, "l.duckdb", before...)
		without := figures(t, dir, "l.duckdb", byBasis)
		take(t, dir, "l.duckdb", w.exports()...)
		with := figures(t, dir, "l.duckdb", byBasis+" UNION ALL SELECT 'unbalanced', "+unbalanced+"::VARCHAR")
		if !with["unbalanced"].IsZero() {
			t.Fatalf("the slices of %s charges do not add up to them", with["unbalanced"])
		}
		if !with["billed"].Equal(w.billed) {
			t.Fatalf("the bills add up to %s, the costs to %s", w.billed, with["billed"])
		}
		if w.plain && !with["estimated"].Equal(without["estimated"]) {
			t.Fatalf("without requests %s was estimated, with them %s", without["estimated"], with["estimated"])
		}
	})
}

// The same files give the same bytes: together or one by one, in any order, ingested again, asked again, by one thread or by all.
func TestAttributionIsDetermined(test *testing.T) {
	few(test, 2, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		names := w.exports()
		if len(names) == 0 {
			return
		}
		dir, done := w.settle(t)
		defer done()
		test.Setenv(threads, "") // as many as there are cores
		take(t, dir, "together.duckdb", names...)
		want := byUseCase(t, dir, "together.duckdb")
		test.Setenv(threads, "1")
		for _, i := range rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)).Perm(len(names)) {
			take(t, dir, "one.duckdb", names[i])
		}
		take(t, dir, "one.duckdb", names...)
		for _, when := range []string{"one by one, in another order", "asked again"} {
			if got := byUseCase(t, dir, "one.duckdb"); got != want {
				t.Fatalf("%s:\n%s\nnot\n%s", when, got, want)
			}
		}
	})
}

// A report looks only at what rules and question mention, which merges slices; the query command merges none. Both give each use case the
// same, to the last digit.
func TestNarrowingChangesNothing(t *testing.T) {
	few(t, 2, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		if len(w.exports()) == 0 {
			return
		}
		dir, done := w.settle(t)
		defer done()
		take(t, dir, "l.duckdb", w.exports()...)
		whole := figures(t, dir, "l.duckdb", "SELECT coalesce(x_UseCase, '(unattributed)'), sum(BilledCost)::VARCHAR FROM costs GROUP BY ALL")
		for _, by := range []string{"use-case", "use-case,model", "use-case,user"} {
			narrow := map[string]decimal.Decimal{}
			text := ask(t, dir, "l.duckdb", "report", "--by", by, "--month", "2026-10", "--as-of", "2026-11-15", "-o", "csv")
			records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range records {
				if i == 0 {
					continue
				}
				cost, err := decimal.NewFromString(strings.TrimPrefix(r[1+strings.Count(by, ",")], "'"))
				if err != nil {
					t.Fatal(err)
				}
				narrow[r[0]] = narrow[r[0]].Add(cost)
			}
			for name, cost := range whole {
				if !narrow[name].Equal(cost) {
					t.Fatalf("by %s, %s cost %s; with all apart it is %s", by, name, narrow[name], cost)
				}
			}
		}
	})
}
