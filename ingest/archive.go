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
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
)

// maxMembers is how many files an archive may hold.
const maxMembers = 10_000

// An unpacking is an archive on its way to files of the scratch folder.
type unpacking struct {
	in      Input
	folder  string // of its own: two archives may have one name
	budget  int64  // what its members may unpack to
	members []Input
}

// Unpack turns archives (zip, tar, tar.gz) into their members, below the scratch folder, and leaves other files as they are.
func Unpack(in Input, scratch string) ([]Input, error) {
	f, err := os.Open(in.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(scratch, "archive-*")
	if err != nil {
		return nil, err
	}
	u := unpacking{in: in, folder: folder, budget: min(max(maxRatio*info.Size(), 100<<20), maxInflated)}
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
	return together(u.members)
}

// partName is the name of one part of an export: part-1-of-3.csv, report-00001.csv.gz, part_0_0001.csv, export-000000000000.csv.
var partName = regexp.MustCompile(`(?i)(part[-_]?[0-9]+([-_](of[-_])?[0-9]+)?|[-_]([0-9]{5}|[0-9]{12}))\.csv(\.gz)?$`)

// together puts the parts of one CSV together, which have one header: only whole can an export take the place of an older one. Files
// that are no parts by their names stay what they are: they may be of two months, and say so in their names alone.
func together(members []Input) ([]Input, error) {
	var whole []Input
	first := map[string]int{}    // header: the member that the others go to
	seen := map[string]bool{}    // contents
	names := map[string]string{} // of parts: their folders
	for _, m := range members {
		if !partName.MatchString(m.Name) {
			whole = append(whole, m)
			continue
		}
		content := opened{Input: m}
		if err := content.hash(); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		if seen[content.sha256] {
			return nil, fmt.Errorf("%s: has the same bytes as another part of the archive; take one of them out", m.Name)
		}
		seen[content.sha256] = true
		part := strings.ToLower(path.Base(filepath.ToSlash(m.Name)))
		if other, again := names[part]; again && other != path.Dir(filepath.ToSlash(m.Name)) {
			return nil, fmt.Errorf("%s: stands in two folders: they are two versions of one export; keep the newest", m.Name)
		}
		names[part] = path.Dir(filepath.ToSlash(m.Name))
		header, err := headerOf(m.File)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		i, again := first[header]
		switch {
		case header == "":
		case !again:
			first[header] = len(whole)
		default:
			if err := appendRecords(whole[i].File, m.File); err != nil {
				return nil, fmt.Errorf("%s: %w", m.Name, err)
			}
			whole[i].Parts++
			continue
		}
		whole = append(whole, m)
	}
	for i := range whole {
		if n := whole[i].Parts; n > 0 {
			whole[i].Name += fmt.Sprintf(" and %d more", n)
		}
	}
	return whole, nil
}

// looseParts puts the parts of one CSV together that lie in one folder, as they do in an archive: copies of them, below the scratch folder.
func looseParts(inputs []Input, scratch string) ([]Input, error) {
	groups := map[string]int{}
	export := func(in Input) string {
		if !partName.MatchString(in.Name) || in.Archive != "" {
			return ""
		}
		return path.Join(path.Dir(filepath.ToSlash(in.Name)), partName.ReplaceAllString(path.Base(filepath.ToSlash(in.Name)), ""))
	}
	for _, in := range inputs {
		groups[export(in)]++
	}
	var all []Input
	var errs []error
	done := map[string]bool{"": true}
	for _, in := range inputs {
		name := export(in)
		if name == "" || groups[name] == 1 {
			all = append(all, in)
			continue
		}
		if done[name] {
			continue
		}
		done[name] = true
		of := slices.DeleteFunc(slices.Clone(inputs), func(other Input) bool { return export(other) != name })
		whole, err := joinLoose(of, scratch)
		errs = append(errs, err)
		all = append(all, whole...)
	}
	return all, errors.Join(errs...)
}

// joinLoose is the parts of one export as one file. It is as old as the newest of them.
func joinLoose(parts []Input, scratch string) ([]Input, error) {
	folder, err := os.MkdirTemp(scratch, "parts-*")
	if err != nil {
		return nil, err
	}
	u := unpacking{folder: folder, budget: maxInflated}
	slices.SortFunc(parts, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range parts {
		f, err := os.Open(p.File)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(u.add(p.Name, f), f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		u.members[len(u.members)-1].Name, u.members[len(u.members)-1].Archive = p.Name, ""
		u.in.Modified = slices.MaxFunc([]time.Time{u.in.Modified, p.Modified}, time.Time.Compare)
	}
	for i := range u.members {
		u.members[i].Modified = u.in.Modified
	}
	return together(u.members)
}

// headerOf is the first line of a CSV, or empty for what is none.
func headerOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, headSize)).ReadString('\n')
	if err != nil || !utf8.ValidString(line) || strings.ContainsAny(line[:1], "{[") || !strings.ContainsAny(line, ",;\t|") {
		return "", nil // of one line, or none of text
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// appendRecords puts all of a CSV but its header behind another.
func appendRecords(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	records := bufio.NewReader(r)
	if _, err := records.ReadString('\n'); err != nil {
		return err
	}
	w, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	end, err := w.Seek(-1, io.SeekEnd)
	last := make([]byte, 1)
	if err == nil {
		_, err = w.ReadAt(last, end)
	}
	if err == nil {
		_, err = w.Seek(0, io.SeekEnd)
	}
	if err == nil && last[0] != '\n' {
		_, err = w.WriteString("\n")
	}
	if err == nil {
		_, err = io.Copy(w, records)
	}
	return errors.Join(err, w.Close())
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
			err = errors.Join(u.add(f.Name, r), r.Close())
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
		if err := u.add(h.Name, t); err != nil {
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
func (u *unpacking) add(name string, r io.Reader) error {
	if len(u.members) == maxMembers {
		return fmt.Errorf("the archive has more than %d files; unpack it by hand if that is right", maxMembers)
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
	u.members = append(u.members, Input{Name: u.in.Name + ":" + name, File: to, Archive: u.in.Name, Modified: u.in.Modified})
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
