package focus_test

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/focus"
	"go.yaml.in/yaml/v3"
)

// specification is testdata/rules.yaml.
type specification struct {
	Columns map[string]struct {
		Type     string
		Required bool
		Values   values
		Rules    []string
	}
	Together map[string]struct {
		With  string
		Rules []string
	}
	Rules []struct {
		Rules  []string
		Broken string // the rows that break them
		By     string // what breaks a row
	}
	Left          map[string]string
	Subcategories map[string][]string
}

// values is a list, or the word for the categories of services.
type values []string

func (v *values) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == "categories" {
		*v = values{n.Value}
		return nil
	}
	return n.Decode((*[]string)(v))
}

// A rule is a condition that no row may meet, and a change after which one does.
type rule struct{ name, broken, by string }

func specified(t *testing.T) specification {
	t.Helper()
	var s specification
	text, err := os.ReadFile("testdata/rules.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ids is the specification's rules that ours hold an export to.
func (s specification) ids() []string {
	all := map[string]bool{}
	add := func(column string, rules []string) {
		for _, r := range rules {
			switch {
			case strings.HasPrefix(r, "D-"):
				r = "CostAndUsage-" + r
			case strings.HasPrefix(r, "C-"):
				r = column + "-" + r
			}
			all[r] = true
		}
	}
	for name, c := range s.Columns {
		add(name, c.Rules)
	}
	for name, c := range s.Together {
		add(name, c.Rules)
	}
	for _, r := range s.Rules {
		add("", r.Rules)
	}
	return slices.Sorted(maps.Keys(all))
}

// conditions is all rules as conditions on the table exported.
func (s specification) conditions() []rule {
	var all []rule
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		c := s.Columns[name]
		if c.Required {
			all = append(all, rule{name + " is null", name + " IS NULL", name + " = NULL"})
		}
		list := "'" + strings.Join(c.Values, "', '") + "'"
		switch {
		case slices.Equal(c.Values, values{"categories"}):
			list = "SELECT category FROM subcategories"
			fallthrough
		case c.Values != nil:
			all = append(all, rule{name + " is another value", name + " NOT IN (" + list + ")", name + " = 'Other Usage'"})
		}
		switch c.Type {
		case "currency":
			all = append(all, rule{name + " is no currency", "NOT regexp_full_match(" + name + ", '[A-Z]{3}')", name + " = 'usd'"})
		case "unit":
			all = append(all, rule{name + " is no unit", "NOT regexp_full_match(" + name + ", '" + unit() + "')", name + " = 'GB per hour-ish'"})
		case "object":
			flat := "json_type(" + name + ") <> 'OBJECT' OR regexp_matches(" + name + ", ':\\s*[\\[{]')"
			all = append(all, rule{name + " is no flat object", "NOT json_valid(" + name + ") OR " + flat, name + ` = '{"a": {"b": 1}}'`})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Together)) {
		with, may := strings.CutPrefix(s.Together[name].With, "?")
		all = append(all, rule{name + " without " + with, with + " IS NULL AND " + name + " IS NOT NULL", fmt.Sprintf("%s = NULL, %s = '1'", with, name)})
		if !may {
			all = append(all, rule{with + " without " + name, with + " IS NOT NULL AND " + name + " IS NULL", fmt.Sprintf("%s = '1', %s = NULL", with, name)})
		}
	}
	for _, r := range s.Rules {
		all = append(all, rule{strings.Join(r.Rules, " "), r.Broken, r.By})
	}
	return all
}

// unit is FOCUS's format of units: a unit, with a number before it, with a time behind it, or by a time.
func unit() string {
	const thing, time = `[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*`, `(Year|Month|Day|Hour|Minute|Second)`
	return fmt.Sprintf("([0-9]+ )?%s|%[1]s-%[2]ss|%[1]s/%[2]s|%[1]s/[0-9]+ %[2]ss", thing, time)
}

// load makes the table exported of a file, with is_priced: a charge that has a price.
func (s specification) load(t *testing.T, db *sql.DB, from string) {
	t.Helper()
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		to := map[string]string{"decimal": "DOUBLE", "instant": "TIMESTAMP"}[s.Columns[name].Type]
		if to == "" {
			to = "VARCHAR"
		}
		list = append(list, fmt.Sprintf("%s::VARCHAR::%s AS %[1]s", name, to)) // a cast of a DECIMAL to DOUBLE may miss a bit
	}
	var pairs []string
	for category, subs := range s.Subcategories {
		for _, sub := range subs {
			pairs = append(pairs, fmt.Sprintf("('%s', '%s')", category, sub))
		}
	}
	for _, q := range []string{
		"CREATE OR REPLACE TEMP TABLE subcategories AS FROM (VALUES " + strings.Join(pairs, ", ") + ") t(category, subcategory)",
		"CREATE OR REPLACE TEMP TABLE exported AS SELECT " + strings.Join(list, ", ") +
			", ChargeCategory IN ('Usage', 'Purchase') AND ChargeClass IS NULL AS is_priced FROM " + from,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
}

func csvTable(path string) string {
	return "read_csv('" + path + "', all_varchar = true, delim = ',', quote = '\"', escape = '\"', header = true, nullstr = '')"
}

// What is exported meets every rule, in both formats and versions, and a row that does not is found.
func TestConformance(t *testing.T) {
	db, s := ledger(t, "testdata/october.txtar"), specified(t)
	for _, version := range focus.Versions() {
		o := october()
		o.Version = version
		csv, _ := export(t, db, focus.CSV, o)
		parquet, _ := export(t, db, focus.Parquet, o)
		for name, from := range map[string]string{"csv": csvTable(csv), "parquet": "read_parquet('" + parquet + "')"} {
			t.Run(version+" "+name, func(t *testing.T) {
				s.load(t, db, from)
				for _, r := range s.conditions() {
					if n := one(t, db, "SELECT count(*) FROM exported WHERE "+r.broken); n != "0" {
						t.Errorf("%s: %s rows", r.name, n)
					}
				}
			})
		}
	}
	for _, r := range s.conditions() {
		if _, err := db.Exec("BEGIN; UPDATE exported SET " + r.by); err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		if one(t, db, "SELECT count(*) FROM exported WHERE "+r.broken) == "0" {
			t.Errorf("%s: is not found after %s", r.name, r.by)
		}
		if _, err := db.Exec("ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
}

// FOCUS has 420 rules that a machine can check, of which 143 join others and 9 say what is allowed: the other 268 are held to, or left with a reason.
func TestRulesAreCounted(t *testing.T) {
	s := specified(t)
	for _, id := range s.ids() {
		if s.Left[id] != "" {
			t.Errorf("%s is held to and left", id)
		}
	}
	if held, left := len(s.ids()), len(s.Left); held != 262 || left != 6 {
		t.Errorf("%d rules are held to and %d are left, not 262 and 6", held, left)
	}
	if len(s.Columns) != 57 {
		t.Errorf("%d columns, not the 57 of version 1.2", len(s.Columns))
	}
}

// A reader that takes the types from the text of a CSV file takes the right ones; Parquet has them.
func TestTypes(t *testing.T) {
	db, s := ledger(t, "testdata/october.txtar"), specified(t)
	csv, _ := export(t, db, focus.CSV, october())
	parquet, _ := export(t, db, focus.Parquet, october())
	formats := map[string]string{
		"decimal": `-?[0-9]+(\.[0-9]+(E-?[0-9]+)?|E-?[0-9]+)`, // a whole number has a point: else the column may pass for integers
		"instant": `[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z`,
	}
	for name, c := range s.Columns {
		if format := formats[c.Type]; format != "" {
			if n := one(t, db, fmt.Sprintf("SELECT count(*) FROM %s WHERE NOT regexp_full_match(%s, '%s')", csvTable(csv), name, format)); n != "0" {
				t.Errorf("%s: %s values that are no %s", name, n, c.Type)
			}
		}
		want := map[string]string{"decimal": `DOUBLE|DECIMAL\(38,12\)`, "instant": "TIMESTAMP"}[c.Type]
		if want == "" {
			want = "VARCHAR"
		}
		if got := one(t, db, "SELECT typeof("+name+") FROM read_parquet('"+parquet+"') LIMIT 1"); !regexp.MustCompile("^(" + want + ")$").MatchString(got) {
			t.Errorf("%s: is %s in Parquet, not %s", name, got, want)
		}
	}
}
