package ingest

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed source/*.yaml
var recipes embed.FS

// A Recipe is the beginning of a column map for a vendor whose export nobody has described: it belongs under
// `sources:` of the configuration, and its columns are to be held against the file that one has.
type Recipe struct {
	Name       string    // the name of its file
	Title      string    `yaml:"title"`
	Get        string    `yaml:"get"`
	Docs       string    `yaml:"docs"`
	Confidence string    `yaml:"confidence"`
	Map        []Mapping `yaml:"map"` // one, as it would stand under sources:
	Text       string    `yaml:"-"`   // the same, as it stands in the file
}

// Recipes reads the embedded recipes, sorted by name.
func Recipes() ([]Recipe, error) {
	entries, err := recipes.ReadDir("source")
	if err != nil {
		return nil, err
	}
	var all []Recipe
	for _, e := range entries {
		text, err := recipes.ReadFile("source/" + e.Name())
		if err != nil {
			return nil, err
		}
		r := Recipe{}
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		_, after, _ := strings.Cut(string(text), "\nmap:\n")
		r.Text = strings.TrimRight(after, "\n")
		if r.Name = strings.TrimSuffix(path.Base(e.Name()), ".yaml"); r.Title == "" || len(r.Map) != 1 {
			return nil, fmt.Errorf("%s: needs a title and one map", e.Name())
		}
		all = append(all, r)
	}
	return all, nil
}
