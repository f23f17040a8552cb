package demo

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

// A config is the part of aifinops.yaml that decides who pays for a bill.
type config struct {
	Sources []struct {
		Path    string
		Columns map[string]string
	}
	UseCases []struct {
		ID   string
		Team string
	} `yaml:"use_cases"`
	Rules []struct {
		ID      string
		Match   map[string]globs
		UseCase string `yaml:"use_case"`
		Split   *struct {
			By, Driver string
			Among      []string
			Shares     map[string]decimal.Decimal
		}
	}
	Outcomes []struct{ ID string }
}

// globs is one pattern or a list of them.
type globs []string

func (g *globs) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*g = globs{node.Value}
		return nil
	}
	return node.Decode((*[]string)(g))
}

func readConfig(t *testing.T) config {
	t.Helper()
	var c config
	if err := yaml.Unmarshal(configuration, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConfigurationSections(t *testing.T) {
	var sections map[string]any
	if err := yaml.Unmarshal(configuration, &sections); err != nil {
		t.Fatal(err)
	}
	want := []string{"approved_models", "budgets", "currency", "database", "gates", "inbox", "keys", "metrics", "outcomes", "roles", "rules", "sources", "use_cases", "version"}
	if diff := cmp.Diff(want, sortedKeys(sections)); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}

// TestConfigurationNames checks that rules name use cases that exist, and only
// projects and keys that somebody uses.
func TestConfigurationNames(t *testing.T) {
	c := readConfig(t)
	useCases := map[string]bool{"{tag.use_case}": true}
	for _, u := range c.UseCases {
		useCases[u.ID] = true
	}
	projects := []string{"rerank", "evals"} // Modal's environments
	var keys []string
	for _, s := range append(streams(), stream{via: virtualKey{alias: "docs-rerank"}}) {
		projects = append(projects, s.project)
		keys = append(keys, s.key, s.via.alias, virtualKeyHash(s.via.alias))
	}
	for _, rule := range c.Rules {
		payers := []string{rule.UseCase}
		if rule.Split != nil {
			payers = append(rule.Split.Among, sortedKeys(rule.Split.Shares)...)
		}
		for _, payer := range payers {
			if !useCases[payer] {
				t.Errorf("rule %s: %q is no use case", rule.ID, payer)
			}
		}
		for field, known := range map[string][]string{"project": projects, "key": keys} {
			for _, glob := range rule.Match[field] {
				if !slices.ContainsFunc(known, func(name string) bool { return matches(t, glob, name) }) {
					t.Errorf("rule %s: nobody uses %s %s", rule.ID, field, glob)
				}
			}
		}
	}
	for _, s := range streams() {
		if s.useCase != "" && s.useCase != "platform" && !useCases[s.useCase] {
			t.Errorf("stream of %s: %q is no use case", s.key, s.useCase)
		}
	}
}

// rulesCover applies the rules to the bills of October, knowing nothing but
// provider, project and tags.
func rulesCover(t *testing.T, dir string) {
	c := readConfig(t)
	for _, s := range c.Sources {
		found, err := filepath.Glob(filepath.Join(dir, s.Path))
		if err != nil || len(found) != months {
			t.Errorf("source %s finds %d files (%v)", s.Path, len(found), err)
			continue
		}
		row := readCSV(t, found[0])[0]
		for field, column := range s.Columns {
			if _, ok := row[column]; !ok {
				t.Errorf("source %s: %s: no column %q", s.Path, field, column)
			}
		}
	}
	var covered, total decimal.Decimal
	byRule := map[string]decimal.Decimal{}
	for _, charge := range charges(t, dir) {
		if charge.month != oct.String() {
			continue
		}
		rule := c.ruleOf(t, charge)
		total = total.Add(charge.amount)
		byRule[rule] = byRule[rule].Add(charge.amount)
		if rule != "" {
			covered = covered.Add(charge.amount)
		}
	}
	for _, rule := range sortedKeys(byRule) {
		t.Logf("%-24s %s", rule, byRule[rule].StringFixed(2))
	}
	between(t, "coverage of October", covered.DivRound(total, 4), "0.88", "0.93")
}

func (c config) ruleOf(t *testing.T, charge charge) string {
	t.Helper()
	has := map[string]string{"provider": charge.provider, "project": charge.project, "tag.use_case": charge.useCase}
	for _, rule := range c.Rules {
		all := true
		for field, globs := range rule.Match {
			all = all && has[field] != "" && slices.ContainsFunc(globs, func(glob string) bool { return matches(t, glob, has[field]) })
		}
		if all {
			return rule.ID
		}
	}
	return ""
}

func matches(t *testing.T, glob, name string) bool {
	t.Helper()
	ok, err := path.Match(glob, name)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func outcomesAreComplete(t *testing.T, dir string) {
	var names []string
	for _, o := range readConfig(t).Outcomes {
		names = append(names, o.ID)
	}
	rows, weeks := map[string]int{}, []string{}
	for _, row := range readCSV(t, filepath.Join(dir, "inbox/outcomes.csv")) {
		_, err := time.Parse(time.DateOnly, row["date"])
		if byWeek := row["name"] == "weekly_active_ai_users"; byWeek && row["date"] == "" {
			weeks, err = append(weeks, row["week"]), nil
		} else if byWeek || row["week"] != "" {
			t.Errorf("users come by the week, the others by the day: %v", row)
		}
		if err != nil || number(t, row["value"]) < 0 || !slices.Contains(names, row["name"]) {
			t.Errorf("row %v (%v)", row, err)
		}
		rows[row["name"]+" "+row["use_case"]]++
	}
	for i, week := range weeks { // the first begins on May 4th, the last on October 26th
		if want := fmt.Sprintf("2026-W%d", 19+i); week != want {
			t.Errorf("week %d is %s, not %s", i+1, week, want)
		}
	}
	want := map[string]int{ // 184 days, 26 weeks
		"tickets_deflected cs-deflect": 184, "generated_prs code-review": 184, "weekly_active_ai_users ": 26,
		"vector_ops doc-search": 184, "vector_ops search-index": 184, "vector_ops cs-deflect": 184, "vector_ops sales-email": 184,
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
