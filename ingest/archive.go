package ingest

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// maxMembers is how many files an archive may hold.
const maxMembers = 10_000

// An unpacking is an archive on its way to files of the scratch folder.
type unpacking struct {
	in      Input
	scratch string
	folder  string // in that, of its own: two archives may have one name
	budget  int64  // what its members may unpack to
	members []Input
}

// unpack turns archives (zip, tar, tar.gz) into their members, below the scratch folder, and leaves other files as they are.
func unpack(in Input, scratch string) ([]Input, error) {
	f, err := os.Open(in.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	u := unpacking{in: in, scratch: scratch, budget: min(max(maxRatio*info.Size(), 100<<20), maxInflated)}
	head := make([]byte, 4)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	isArchive := true
	if bytes.Equal(head[:n], []byte("PK\x03\x04")) {
		isArchive, err = u.unzip()
	} else if _, err = f.Seek(0, io.SeekStart); err == nil {
		isArchive, err = u.untar(f)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	case !isArchive:
		return []Input{in}, nil
	case u.members == nil:
		return nil, fmt.Errorf("%s: the archive holds no files", in.Name)
	}
	slices.SortStableFunc(u.members, func(a, b Input) int { return strings.Compare(a.Name, b.Name) }) // one export, in whatever order it was packed
	return together(aged(noteMissing(u.members)))
}

// unzip unpacks a zip archive, unless it is a workbook.
func (u *unpacking) unzip() (bool, error) {
	z, err := zip.OpenReader(u.in.File)
	if err != nil {
		return true, fmt.Errorf("is a zip archive that cannot be read: %w", err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name == "xl/workbook.xml" {
			return false, nil
		}
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() || !isMember(f.Name) {
			continue
		}
		r, err := f.Open()
		if err == nil {
			err = errors.Join(u.add(f.Name, f.Modified, r), r.Close())
		}
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) {
			err = fmt.Errorf("is not what the archive says of it (%w); download it again", err)
		}
		if err != nil {
			return true, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return true, nil
}

// untar unpacks a tar archive, compressed or not. A file that is none is told by its first block.
func (u *unpacking) untar(f io.Reader) (bool, error) {
	r := bufio.NewReader(f)
	if magic, err := r.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return false, nil // open says what is wrong with it
		}
		r = bufio.NewReader(z)
	}
	var end tarEnd
	r = bufio.NewReader(io.TeeReader(r, &end))
	if block, err := r.Peek(512); err != nil || !bytes.Equal(block[257:262], []byte("ustar")) {
		return false, nil
	}
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) { // so says a reader of tar of any end, and it does not look at the sum behind it
			if _, err = io.Copy(io.Discard, r); err == nil && end.isWhole() {
				return true, nil
			} else if err == nil {
				err = io.ErrUnexpectedEOF
			}
		}
		if err != nil {
			return true, fmt.Errorf("is a damaged or truncated tar archive (%w); download it again", err)
		}
		if h.Typeflag != tar.TypeReg || !isMember(h.Name) {
			continue // a link could point anywhere
		}
		if err := u.add(h.Name, h.ModTime, t); err != nil {
			return true, fmt.Errorf("%s: %w", h.Name, err)
		}
	}
}

// A tarEnd keeps the last kilobyte of a tar archive, which is of zeros where the archive is whole.
type tarEnd []byte

// Write looks at the next bytes.
func (e *tarEnd) Write(p []byte) (int, error) {
	*e = append(*e, p[max(0, len(p)-1024):]...)
	*e = (*e)[max(0, len(*e)-1024):]
	return len(p), nil
}

func (e *tarEnd) isWhole() bool { return len(*e) == 1024 && len(bytes.Trim(*e, "\x00")) == 0 }

// isMember passes over what archives hold beside exports.
func isMember(name string) bool {
	base := path.Base(filepath.ToSlash(name))
	return !strings.HasPrefix(base, ".") && !strings.HasPrefix(name, "__MACOSX/") && maybeExport(base)
}

// add writes one member. Its own name is data and could point anywhere: only its number goes into the path.
func (u *unpacking) add(name string, written time.Time, r io.Reader) error {
	if len(u.members) == maxMembers {
		return fmt.Errorf("the archive has more than %d files; unpack it by hand if that is right", maxMembers)
	}
	if u.folder == "" {
		folder, err := os.MkdirTemp(u.scratch, "archive-*")
		if err != nil {
			return err
		}
		u.folder = folder
	}
	to := filepath.Join(u.folder, fmt.Sprint(len(u.members)))
	content := bufio.NewReader(r)
	if magic, err := content.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		plain, err := gzip.NewReader(content)
		if err != nil {
			return fmt.Errorf("is a damaged gzip file (%w); download it again", err)
		}
		content = bufio.NewReader(plain)
	}
	n, err := writeFile(to, content, u.budget)
	if err != nil {
		return err
	}
	u.budget -= n
	u.members = append(u.members, Input{Name: u.in.Name + ":" + name, File: to, Archive: u.in.Name, Modified: u.in.Modified, written: written})
	return nil
}

// writeFile copies r to a new file, and refuses what grows past a limit.
func writeFile(to string, r io.Reader, limit int64) (int64, error) {
	w, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("unpacks to more than %d times its size; unpack it by hand if that is right", maxRatio)
	}
	return n, errors.Join(err, w.Close())
}
