package pricing

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlError says in our words what the YAML reader says in Go's: FILE:LINE, an unknown key with the nearest known one.
func yamlError(name string, err error) error {
	all := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		all = wrong.Errors
	}
	var errs []error
	for _, text := range all {
		place := name
		if at := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); at != nil {
			place, text = name+":"+at[1], strings.TrimPrefix(text, at[0])
		}
		if f := regexp.MustCompile(`^field (.*) not found in type pricing\.(\w+)$`).FindStringSubmatch(text); f != nil {
			text = fmt.Sprintf("unknown key %q%s", f[1], hint(f[1], keys(f[2])))
		}
		if k := regexp.MustCompile("(?s)^cannot unmarshal !!\\w+( `.*`)? into (\\S+)$").FindStringSubmatch(text); k != nil {
			text = strings.TrimSpace(strings.TrimSpace(k[1]) + " stands where something else belongs")
		}
		errs = append(errs, fmt.Errorf("%s: %s", place, text))
	}
	return errors.Join(errs...)
}

// keys is the keys of a type of the book.
func keys(typeName string) (names []string) {
	for _, t := range []reflect.Type{reflect.TypeFor[file](), reflect.TypeFor[scope](), reflect.TypeFor[region](), reflect.TypeFor[fee](), reflect.TypeFor[model](),
		reflect.TypeFor[rate](), reflect.TypeFor[long](), reflect.TypeFor[tier](), reflect.TypeFor[clock](), reflect.TypeFor[unit](), reflect.TypeFor[source]()} {
		if t.Name() != typeName {
			continue
		}
		for i := range t.NumField() {
			if key := t.Field(i).Tag.Get("yaml"); key != "" {
				names = append(names, key)
			}
		}
	}
	return names
}
