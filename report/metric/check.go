package metric

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/allocate"
)

// windows is how the counts of a month become one.
func windows() []string { return []string{"sum", "mean", "last", "max"} }

// categories is what the program's own sources call their money, FOCUS's service categories, and what other exports are mapped to.
func (s Set) categories() []string {
	known := []string{
		"llm", "embeddings", "vector", "gpu", "audio", "image", "video", "seat", "rerank", "moderation", "search", "tools",
		"AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools", "Identity", "Integration",
		"Internet of Things", "Management and Governance", "Media", "Migration", "Mobile", "Multicloud", "Networking", "Other", "Security", "Storage", "Web",
	}
	return append(known, s.Categories...)
}

// Check says everything that is wrong with the metrics as they are written.
func (s Set) Check() error {
	errs := s.checkOutcomes()
	seen := map[string]allocate.Place{}
	for _, m := range s.Metrics {
		bad := func(format string, args ...any) {
			errs = append(errs, &Error{m.Place, m.ID, fmt.Sprintf(format, args...)})
		}
		if m.ID == "" {
			bad("a metric needs an id")
			continue
		}
		if before, ok := seen[m.ID]; ok {
			bad("the id stands twice, first at %s", before)
		}
		seen[m.ID] = m.Place
		s.checkSelection(m, bad)
		s.checkRest(m, bad)
	}
	return errors.Join(errs...)
}

func (s Set) checkOutcomes() []error {
	var errs []error
	names := map[string]string{}
	for _, o := range s.Outcomes {
		if o.ID == "" {
			errs = append(errs, &Error{Place: o.Place, Msg: "an outcome needs an id"})
			continue
		}
		for _, name := range append([]string{o.ID}, o.Names...) {
			name = strings.ToLower(name)
			switch other, taken := names[name]; {
			case name == "":
				errs = append(errs, &Error{Place: o.Place, Msg: fmt.Sprintf("outcome %s: one of its names is empty", o.ID)})
			case taken && other == o.ID && name == strings.ToLower(o.ID):
				errs = append(errs, &Error{Place: o.Place, Msg: fmt.Sprintf("outcome %s stands twice", o.ID)})
			case taken && other != o.ID:
				errs = append(errs, &Error{Place: o.Place, Msg: fmt.Sprintf("outcome %s: the name %q is that of %s", o.ID, name, other)})
			}
			names[name] = o.ID
		}
	}
	return errs
}

// checkSelection holds names against those that there are: a metric of nothing would cost nothing.
func (s Set) checkSelection(m Metric, bad func(string, ...any)) {
	if m.UseCases.All {
		return
	}
	before, asked := false, false
	for _, f := range m.UseCases.fields() {
		words := map[string][]string{"kind": {"feature", "pilot", "internal"}, "reliance": {"load-bearing", "convenience", "waste"}}[f.name]
		known := slices.Clone(words)
		for _, u := range s.UseCases {
			if v := f.of(u); v != "" && !slices.Contains(known, v) {
				known = append(known, v)
			}
		}
		for _, v := range f.values {
			asked = true
			if slices.ContainsFunc(known, func(k string) bool { return matches(v, k) }) {
				continue
			}
			before = true
			switch {
			case f.name == "id":
				bad("no use case %q%s", v, allocate.Nearest(v, known))
			case words != nil:
				bad("%s %q is not one of %s", f.name, v, strings.Join(words, ", "))
			default:
				bad("no use case has the %s %q%s", strings.ReplaceAll(f.name, "_", " "), v, allocate.Nearest(v, known))
			}
		}
	}
	switch {
	case !asked:
		bad("needs use_cases: a list of ids, {kind: feature} or other attributes, or all")
	case !before && len(s.selected(m)) == 0:
		bad("its use_cases select none")
	}
}

func (s Set) checkRest(m Metric, bad func(string, ...any)) {
	known := s.categories()
	for _, c := range m.Categories {
		if !isGlob(c) && !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, c) }) {
			bad("no category %q%s; the usual ones are llm, embeddings, vector, gpu, audio, image, video, seat", c, allocate.Nearest(c, known))
		}
	}
	if m.Window != "" && !slices.Contains(windows(), m.Window) {
		bad("window %q%s; it is one of %s", m.Window, allocate.Nearest(m.Window, windows()), strings.Join(windows(), ", "))
	}
	if !m.Baseline.IsZero() && m.Baseline.Day() != 1 {
		bad("baseline %s is not a month like 2026-06", m.Baseline.Format("2006-01-02"))
	}
	if m.Outcome == "" {
		bad("needs an outcome to divide by")
		return
	}
	if _, ok := s.outcome(m.Outcome); !ok && len(s.Outcomes) > 0 {
		var ids []string
		for _, o := range s.Outcomes {
			ids = append(append(ids, o.ID), o.Names...)
		}
		bad("no outcome %q%s", m.Outcome, allocate.Nearest(m.Outcome, ids))
	}
}
