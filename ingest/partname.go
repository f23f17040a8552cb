package ingest

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// partName is the name of one part of an export: part-1-of-3.csv, report-00001.csv.gz, part_0_0001.csv, export-000000000000.json.
var partName = regexp.MustCompile(`(?i)(part[-_]?([0-9]+)([-_](of[-_])?([0-9]+))?|[-_](0[0-9]{4}|0[0-9]{11}))(\.(csv|tsv|jsonl?|ndjson)(\.gz|\.zst)?|(\.[a-z0-9]+)?\.parquet)$`)

// A part is what the name of a file says of the export that it may be a part of.
type part struct {
	export string // the name without the number
	number int
	of     int  // how many there are, where the name says it
	bare   bool // a number alone: of a part, of an account or of an invoice
	zero   bool // who writes such names begins with 0
}

// part is what the name says, if it is the name of a part.
func (in Input) part() (part, bool) {
	folder, base := path.Split(filepath.ToSlash(in.Name))
	m := partName.FindStringSubmatch(base)
	if m == nil {
		return part{}, false
	}
	p := part{export: folder + strings.TrimSuffix(base, m[0]), bare: m[6] != "", zero: len(m[6]) == 12 || m[4] == "" && strings.HasPrefix(m[5], "00")}
	if in.age > 0 {
		p.export += fmt.Sprint("\x00", in.age)
	}
	p.number, _ = strconv.Atoi(m[2] + m[6]) // of one too large for an int that is the largest
	if m[4] != "" {
		p.of, _ = strconv.Atoi(m[5])
	}
	return p, true
}

// An exportParts is files that may be the parts of one export.
type exportParts []part

// byExport is the parts among files, by their exports.
func byExport(inputs []Input) map[string]exportParts {
	all := map[string]exportParts{}
	for _, in := range inputs {
		if p, ok := in.part(); ok {
			all[p.export] = append(all[p.export], p)
		}
	}
	return all
}

// bounds is the lowest and the highest number, and how many there are.
func (e exportParts) bounds() (first, last, count int) {
	numbers := map[int]bool{}
	first = e[0].number
	for _, p := range e {
		numbers[p.number] = true
		first, last = min(first, p.number), max(last, p.number)
	}
	return first, last, len(numbers)
}

// areOne says whether the files are parts of one export: by the word, or by numbers that begin with 0 or 1 and leave few out. Other numbers are
// those of accounts.
func (e exportParts) areOne() bool {
	first, last, count := e.bounds()
	return !e[0].bare || first <= 1 && last-first < 2*count
}

// oneExport is how far apart the parts of one export may have been written: what is older was left over from another, or goes on where that ended.
const oneExport = time.Hour

// aged tells apart the downloads of one export that lie beside each other, by when their parts were written.
func aged(inputs []Input) []Input {
	all := slices.Clone(inputs)
	exports := map[string][]*Input{}
	for i := range all {
		if p, ok := all[i].part(); ok {
			exports[p.export] = append(exports[p.export], &all[i])
		}
	}
	for _, parts := range exports {
		slices.SortStableFunc(parts, func(a, b *Input) int { return a.writtenAt().Compare(b.writtenAt()) })
		for i, later := range parts[1:] {
			later.age = parts[i].age
			if later.writtenAt().Sub(parts[i].writtenAt()) > oneExport {
				later.age++
			}
		}
	}
	return all
}

// writtenAt is when a file was written: a member of an archive, as that says.
func (in Input) writtenAt() time.Time {
	if in.Archive != "" {
		return in.written
	}
	return in.Modified
}

// fewParts is as far as a number is taken for the one of a part whose others are not here: past it are dates, invoices and accounts.
const fewParts = 100

// fewBare is the same of a number alone that has no neighbour.
const fewBare = 10

// missing is the numbers of the parts that are not here.
func (e exportParts) missing() []int {
	first, last, count := e.bounds()
	if last >= fewParts && last >= 2*count || e[0].bare && count == 1 && last >= fewBare {
		return nil
	}
	here := map[int]bool{}
	first = min(first, 1)
	for _, p := range e {
		here[p.number] = true
		if p.zero {
			first = 0
		}
		last = max(last, min(p.of, 10*fewParts))
	}
	if e[0].of > 0 {
		last = min(last, e[0].of+first-1) // of three from 0 the last is 2
	}
	var missing []int
	for n := first; n <= last; n++ {
		if !here[n] {
			missing = append(missing, n)
		}
	}
	return missing
}

// noteMissing notes with each part of an export which others are not here.
func noteMissing(inputs []Input) []Input {
	exports := byExport(inputs)
	noted := slices.Clone(inputs)
	for i, in := range inputs {
		if p, ok := in.part(); ok {
			noted[i].Missing = exports[p.export].missing()
		}
	}
	return noted
}
