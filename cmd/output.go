package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

// outputOptions are the flags of every command that prints tables.
type outputOptions struct {
	format string
	out    string
	width  int
	locale string
}

func (o *outputOptions) flags(c *cobra.Command) {
	c.Flags().StringVarP(&o.format, "output", "o", "table", "how to print: "+strings.Join(formatNames(), ", "))
	c.Flags().StringVar(&o.out, "out", "", "write to `FILE` instead of standard output")
	c.Flags().StringVar(&o.locale, "locale", "", "write numbers as in `LANG`, such as de or fr-CH: the decimal mark, and in csv the delimiter")
	c.Flags().IntVar(&o.width, "width", 0, "fit tables into `N` columns; default: the terminal's width")
}

// known is an error where the format is none of those of tables, nor one of some others.
func (o outputOptions) known(others ...map[string]gate.Format) error {
	names := formatNames()
	for _, other := range others {
		names = slices.AppendSeq(names, maps.Keys(other))
	}
	if slices.Sort(names); !slices.Contains(names, o.format) {
		return usage(fmt.Errorf("--output %q; it is one of %s", o.format, strings.Join(names, ", ")))
	}
	return nil
}

// emit writes text to standard output: data, so that a full disk or a closed pipe is an error.
func (g *globalOptions) emit(text string) error {
	_, err := io.WriteString(g.out, text)
	return err
}

// print writes tables in the format asked for.
func (o outputOptions) print(g *globalOptions, tables ...table.Table) error {
	if err := o.known(); err != nil {
		return err
	}
	write := formats()[o.format]
	if flat(o.format) { // they have no place for them, and nobody shall miss them
		for _, t := range tables {
			for _, n := range t.Notes {
				g.say("note: %s", n)
			}
		}
	}
	options := table.Options{Width: o.width, Color: g.color, Wide: o.format == "wide"}
	if err := o.local(&options); err != nil {
		return err
	}
	for i := range tables {
		report.Explain(&tables[i])
	}
	if width, ok := terminal(g.out); ok && o.out == "" {
		if binary(o.format) {
			return usage(fmt.Errorf("-o %s is no text: --out FILE, or a pipe, takes it", o.format))
		}
		if options.Width == 0 {
			options.Width = width
		}
		options.Color = !g.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" || g.color
	}
	return o.save(g, func(to io.Writer) error { return write(to, options, tables...) })
}

// inExcel is why a workbook follows no locale.
const inExcel = "a workbook has numbers, which Excel shows in the locale of its user"

// local reads the locale into the options of the format.
func (o outputOptions) local(to *table.Options) (err error) {
	switch {
	case o.locale == "":
		return nil
	case o.format == "xlsx":
		return usage(fmt.Errorf("--locale %s: %s", o.locale, inExcel))
	case !localised(o.format):
		return usage(fmt.Errorf("--locale %s: %s is for programs, and its numbers are the same everywhere; csv, html, md, table and wide follow a locale", o.locale, o.format))
	}
	if to.Locale, err = table.ParseLocale(o.locale); err != nil {
		return usage(fmt.Errorf("--locale: %w", err))
	}
	return nil
}

// save writes to standard output, or to the file that was asked for: whole or not at all.
func (o outputOptions) save(g *globalOptions, write func(io.Writer) error) error {
	if o.out == "" {
		return write(g.out)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := replace(o.out, b.Bytes()); err != nil {
		return fmt.Errorf("--out %s: %w", o.out, cause(err))
	}
	g.say("wrote %s", o.out)
	return nil
}

// replace puts a file in the place of another, for its owner only.
func replace(name string, text []byte) error {
	partial, err := os.CreateTemp(filepath.Dir(name), ".aifinops-part-*")
	if err != nil {
		return err
	}
	_, err = partial.Write(text)
	if err = errors.Join(err, partial.Close()); err == nil {
		err = inPlace(partial.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(partial.Name()))
	}
	return nil
}

// cause is what went wrong with a file, without the name under which it was tried.
func cause(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
