package ingest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// nestedJSON opens the JSON inside text fields: each field once, however many
// of a source's columns lie in it. One ->> a column would parse it as often.
type nestedJSON struct {
	bases []string         // expressions of the fields
	trees []map[string]any // what to take out of each
}

func (r reader) nestedStructures() nestedJSON {
	var n nestedJSON
	for _, fields := range r.fields {
		for _, f := range fields {
			if f.within == "" {
				continue
			}
			i := slices.Index(n.bases, f.base)
			if i < 0 {
				i = len(n.bases)
				n.bases, n.trees = append(n.bases, f.base), append(n.trees, map[string]any{})
			}
			grow(n.trees[i], steps(f.within))
		}
	}
	return n
}

// grow adds a path to a tree. Where one path ends inside another, the shorter is text.
func grow(tree map[string]any, steps []string) {
	sub, ok := tree[steps[0]].(map[string]any)
	if len(steps) == 1 {
		if !ok {
			tree[steps[0]] = "VARCHAR"
		}
		return
	}
	if !ok {
		sub = map[string]any{}
		tree[steps[0]] = sub
	}
	grow(sub, steps[1:])
}

// relation adds the opened fields to a relation.
func (n nestedJSON) relation(from string, careful bool) string {
	var opened []string
	for i, base := range n.bases {
		tree, err := json.Marshal(n.trees[i])
		if err != nil {
			panic(err) // maps of strings always marshal
		}
		opened = append(opened, fmt.Sprintf("%s AS n%d", try("json_transform("+base+", "+quote(string(tree))+")", careful), i))
	}
	if opened == nil {
		return from
	}
	return fmt.Sprintf("SELECT *, %s FROM (%s)", strings.Join(opened, ", "), from)
}

// problem is why a row is unreadable: for what the reader knows, or because a field that must hold JSON does not.
func (n nestedJSON) problem(bad string) string {
	for i, base := range n.bases {
		bad = fmt.Sprintf("coalesce(%s, CASE WHEN n%d IS NULL AND trim(%s) NOT IN ('', 'null') THEN concat('a field of ', length(%[3]s), ' characters is not JSON') END)", bad, i, base)
	}
	return bad
}

// text is the text of a column that may stand in several places.
func (n nestedJSON) text(fields []field) string {
	var places []string
	for _, f := range fields {
		place := f.base
		if f.within != "" {
			place = fmt.Sprintf("n%d", slices.Index(n.bases, f.base))
			for _, step := range steps(f.within) {
				place += "." + ident(step)
			}
		}
		places = append(places, place)
	}
	if len(places) == 1 {
		return places[0]
	}
	return "coalesce(" + strings.Join(places, ", ") + ")"
}
