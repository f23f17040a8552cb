package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Request says what to ingest and how.
type Request struct {
	Inputs  []Input
	Sources []Source
	Source  string // read every file as this source; empty: recognise it
	Account string // the billing account of files that do not say theirs
	Strict  bool   // a record that does not fit refuses its file
	Replace bool   // take the place of whatever covers the same period, though it was booked before
	Parts   bool   // the files are parts of exports: each takes the place of nothing but itself
	Again   bool   // read files that were booked before once more
	Limit   int    // read only so many records of each file; 0: all
	Keep    []Keep // what of bills that hold more than AI is booked; none: all
	// Progress, where it is not nil, is called before each file with its number, and with "" when all are done.
	Progress func(name string, n, of int)
}

// Run books the files in their order of age, each in a transaction of its own.
// A file that is refused changes nothing, and does not stop the others: the
// errors come back joined.
func Run(ctx context.Context, l *Ledger, r Request) ([]Receipt, error) {
	scratch, err := os.MkdirTemp("", "aifinops-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	sources := r.Sources
	if r.Source != "" {
		if sources, err = only(sources, r.Source); err != nil {
			return nil, err
		}
	}
	inputs, errs := exportsOf(WithoutLedger(l.Path, r.Inputs), sources, r.Parts, scratch)
	if err := l.know(ctx, r.Sources); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	var receipts []Receipt
	parts := map[string][]int64{}
	for i, in := range inputs {
		if ctx.Err() != nil {
			break
		}
		if r.Progress != nil {
			r.Progress(in.Name, i, len(inputs))
		}
		if in.Found && strings.EqualFold(filepath.Ext(in.Name), ".pdf") {
			receipts = append(receipts, Receipt{File: in.Name, Status: NotRead})
			continue
		}
		group := in.Archive
		if r.Parts {
			group = "*"
		}
		if in.Archive != "" && parts[group] == nil { // what of the archive was booked before stays, wherever in it that stands
			if parts[group], err = bookedOf(ctx, l, inputs, in.Archive); err != nil {
				return receipts, errors.Join(append(errs, err)...)
			}
		}
		receipt, file, err := ingestFile(ctx, l, in, sources, r, parts[group], scratch)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if group != "" && file > 0 {
			parts[group] = append(parts[group], file)
		}
		receipts = append(receipts, receipt)
		if err := l.checkpoint(ctx, l.longLog); err != nil {
			return receipts, errors.Join(append(errs, err)...)
		}
	}
	if r.Progress != nil {
		r.Progress("", len(inputs), len(inputs))
	}
	return receipts, errors.Join(append(errs, ctx.Err())...)
}

// exportsOf is the files to book, as far as they can be read: the members of archives, and the parts of one export put together unless they are
// asked for apart. The older are first, so that the newer replace them; of one age, they stand in the order given.
func exportsOf(given []Input, sources []Source, apart bool, scratch string) (inputs []Input, errs []error) {
	for _, in := range noteMissing(given) {
		members, err := unpack(in, scratch)
		if err != nil {
			errs = append(errs, err)
		}
		inputs = append(inputs, members...)
	}
	if !apart {
		var err error
		if inputs, err = looseParts(aged(inputs), sources, scratch); err != nil {
			errs = append(errs, err)
		}
	}
	slices.SortStableFunc(inputs, func(a, b Input) int { return a.Modified.Compare(b.Modified) })
	return inputs, errs
}

func only(sources []Source, name string) ([]Source, error) {
	i := slices.IndexFunc(sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		var like []string
		for _, s := range sources {
			if strings.Contains(s.Name, strings.ToLower(name)) && name != "" {
				like = append(like, s.Name)
			}
		}
		if like != nil {
			return nil, fmt.Errorf("no source %q; there are %s", name, strings.Join(like, ", "))
		}
		return nil, fmt.Errorf("no source %q; `aifinops sources` lists them", name)
	}
	s := sources[i]
	s.Path = ""
	return []Source{s}, nil
}

// ingestFile takes one file from its bytes to its receipt.
func ingestFile(ctx context.Context, l *Ledger, in Input, sources []Source, r Request, parts []int64, scratch string) (Receipt, int64, error) {
	o, err := open(in, scratch)
	if err != nil {
		return Receipt{}, 0, err
	}
	d, err := detect(ctx, l, o, sources)
	if err != nil {
		return Receipt{}, 0, err
	}
	if d.Empty {
		return Receipt{File: in.Name, Status: Empty}, 0, nil
	}
	reading := d.Source.reading(r.Keep)
	if r.Source != "" { // which has no say of the configuration
		reading = unknownReading
	}
	before, err := bookedBefore(ctx, l, o, d.Source, reading)
	if err != nil {
		return Receipt{}, 0, err
	}
	if before.name != "" && !r.Again && !r.Replace {
		return Receipt{File: in.Name, Status: Unchanged, SameAs: before.name, Changed: before.changed}, before.files[0], nil
	}
	if r.Limit > 0 {
		d.Source.Total = "" // of the records that are read nobody knows the total
	}
	defer clearStaged(l)
	if len(r.Keep) > 0 {
		if err := l.define(ctx, "is_one_of", "as_tags", "tag_name"); err != nil {
			return Receipt{}, 0, err
		}
	}
	err = stage(ctx, l, o, d, r.Limit, scratch)
	if changed := o.refuseChanged(); changed != nil { // whatever was read then
		return Receipt{}, 0, fmt.Errorf("%s: %w", in.Name, changed)
	}
	if err != nil {
		return Receipt{}, 0, err
	}
	receipt, file, err := book(ctx, l, o, d.Source, bookOptions{account: r.Account, strict: r.Strict, replace: r.Replace, part: r.Parts, parts: parts, again: before.files, keep: r.Keep, reading: reading,
		cut: r.Limit == 0 && d.mayBeCut(o), unended: r.Limit == 0 && o.format == "csv" && o.encoding.isUnended()})
	receipt.Why = d.Why
	return receipt, file, err
}
