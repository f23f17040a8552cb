package pricing

import (
	"regexp"
	"slices"
	"strings"
)

// matchesAny says whether one of the globs takes a name, whole and without case.
func matchesAny(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return globMatches(g, name) })
}

// globMatches knows * and ?; all else stands for itself.
func globMatches(glob, name string) bool {
	glob, name = normal(glob), normal(name)
	if !isGlob(glob) {
		return glob == name
	}
	expr := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(glob))
	return regexp.MustCompile(`^` + expr + `$`).MatchString(name)
}

func isGlob(s string) bool { return strings.ContainsAny(s, "*?") }
