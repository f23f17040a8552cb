package cmd

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
)

// The documentation of the sources is written by the program, and README names each of them.
func TestSourcesAreDocumented(t *testing.T) {
	want, err := documentation()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../ingest/source/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("run `go run . sources --docs > ingest/source/README.md` (-want +got)\n%s", diff)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## Where each export comes from\n")
	section, _, _ = strings.Cut(section, "\n## ")
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z0-9-]+)`").FindAllStringSubmatch(section, -1) {
		named[m[1]] = true
	}
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	recipes, err := ingest.Recipes()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if !named[s.Name] {
			t.Errorf("README does not name the source %s", s.Name)
		}
	}
	for _, r := range recipes {
		if !named[r.Name] {
			t.Errorf("README does not name the column map %s", r.Name)
		}
	}
}
