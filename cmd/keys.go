package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
	"go.yaml.in/yaml/v3"
)

// checkKeys holds the keys of a YAML document against the type that will hold
// it: all unknown ones at once, each with its place and the nearest known key.
func checkKeys(file string, n *yaml.Node, into any) error {
	return errors.Join(unknownKeys(file, n, reflect.TypeOf(into))...)
}

func unknownKeys(file string, n *yaml.Node, t reflect.Type) []error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var errs []error
	switch {
	case t == reflect.TypeFor[yaml.Node]():
		return nil
	case n.Kind == yaml.ScalarNode && t.Kind() == reflect.String:
		if words, ok := reflect.Zero(t).Interface().(known); ok && n.Value != "" && !slices.Contains(words.Known(), n.Value) {
			errs = append(errs, unknown(file, n, "value", words.Known()))
		}
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range n.Content {
			errs = append(errs, unknownKeys(file, item, t.Elem())...)
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Map:
		words, ok := reflect.Zero(t).Interface().(known)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; ok && !strings.HasPrefix(key.Value, "tag.") && key.Value != "<<" && !slices.Contains(words.Known(), key.Value) {
				errs = append(errs, unknown(file, key, "key", words.Known()))
			}
			errs = append(errs, unknownKeys(file, n.Content[i+1], t.Elem())...)
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		fields := yamlFields(t)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			f, ok := fields[key.Value]
			if !ok && key.Value != "<<" {
				names := []string{}
				for name := range fields {
					names = append(names, name)
				}
				slices.Sort(names)
				errs = append(errs, unknown(file, key, "key", names))
				continue
			}
			if ok {
				errs = append(errs, unknownKeys(file, n.Content[i+1], f)...)
			}
		}
	}
	return errs
}

// A known type is one of few words, or of keys that are: tags aside, whose names are the author's.
type known interface{ Known() []string }

// unknown says where a word stands that is none of those known, and which of them is the nearest.
func unknown(file string, n *yaml.Node, what string, known []string) error {
	near := allocate.Nearest(n.Value, known)
	if near == "" {
		near = "; there are " + strings.Join(known, ", ")
	}
	return fmt.Errorf("%s:%d: unknown %s %q%s", file, n.Line, what, n.Value, near)
}

// yamlFields is the keys that a struct reads.
func yamlFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			fields[name] = t.Field(i).Type
		}
	}
	return fields
}

// yamlError says in our words what the YAML reader says in Go's: FILE:LINE, and what a value should be.
func yamlError(file string, err error) error {
	all := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		all = wrong.Errors
	}
	line := regexp.MustCompile(`^line (\d+): `)
	kind := regexp.MustCompile("(?s)^cannot unmarshal !!\\w+( `.*`)? into (\\S+)$")
	var errs []error
	for _, text := range all {
		place, text := file, strings.Join(strings.Fields(text), " ") // a value may have lines
		if at := line.FindStringSubmatch(text); at != nil {
			place, text = file+":"+at[1], strings.TrimPrefix(text, at[0])
		}
		if k := kind.FindStringSubmatch(text); k != nil {
			text = cmp.Or(strings.TrimSpace(k[1]), "what stands here") + " is not " + kindOf(k[2])
		}
		errs = append(errs, fmt.Errorf("%s: %s", place, text))
	}
	return errors.Join(errs...)
}

// kindOf is what a Go type is to the author of a configuration.
func kindOf(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "string":
		return "text"
	case goType == "int":
		return "a whole number"
	}
	return "a group of keys"
}
