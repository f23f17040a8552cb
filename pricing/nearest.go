package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Nearest is up to three ids that look like a name which Match does not find: a hint for people, never a price.
func (b *Book) Nearest(provider, name string) []string {
	type near struct {
		id       string
		distance int
	}
	var all []near
	name = normal(name)
	files := b.providers(provider)
	if len(files) == 0 {
		files = b.files
	}
	for _, f := range files {
		wanted := []string{name}
		for _, bare := range f.index.bare(name) {
			wanted = append(wanted, bare.name)
		}
		for _, m := range f.Models {
			best := len(name)
			for _, w := range wanted {
				for _, known := range append([]string{m.ID}, m.Names...) {
					best = min(best, distance(w, strings.ToLower(known)))
				}
			}
			if best <= len(name)/3 {
				all = append(all, near{f.Provider + "/" + m.ID, best})
			}
		}
	}
	slices.SortFunc(all, func(x, y near) int { return cmp.Or(x.distance-y.distance, strings.Compare(x.id, y.id)) })
	var ids []string
	for _, n := range all[:min(3, len(all))] {
		ids = append(ids, n.id)
	}
	return ids
}

// distance is how many characters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// hint offers the known name that is most like a mistyped one.
func hint(name string, known []string) string {
	best, least := "", len(name)/2+1
	for _, k := range known {
		if d := distance(normal(name), normal(k)); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func orHint(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "; near it: " + strings.Join(near, ", ")
}
