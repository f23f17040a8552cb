package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// contentTypes is the part that lists the others, in any order.
const contentTypes = "[Content_Types].xml"

var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*>(?:</(?:Default|Override)>)?`)

// pack writes the file with its parts in order. excelize writes them in any order, and would hold all of them in memory: they go
// through a file, and are moved as they are.
func pack(f *excelize.File, w io.Writer) (err error) {
	scratch, err := os.CreateTemp("", "aifinops-*.zip")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, scratch.Close(), os.Remove(scratch.Name())) }()
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(scratch)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
		return z
	})
	if err := f.Write(io.Discard); err != nil {
		return err
	}
	size, err := scratch.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	parts, err := zip.NewReader(scratch, size)
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		move := out.Copy
		if part.Name == contentTypes {
			move = func(part *zip.File) error { return sortTypes(part, out) }
		}
		if err := move(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// sortTypes writes the list of the parts in order.
func sortTypes(part *zip.File, out *zip.Writer) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	list, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	entries := contentType.FindAll(list, -1)
	if len(entries) == 0 {
		return errors.New("the workbook lists no parts")
	}
	begin, end := bytes.Index(list, entries[0]), bytes.LastIndex(list, entries[len(entries)-1])+len(entries[len(entries)-1])
	slices.SortFunc(entries, bytes.Compare)
	w, err := out.Create(part.Name)
	if err != nil {
		return err
	}
	_, err = w.Write(slices.Concat(list[:begin], bytes.Join(entries, nil), list[end:]))
	return err
}
