package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// more is what the name of joined parts says of the others.
func (in Input) more() string {
	if in.Parts == 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", in.Parts)
}

// partsName is what more makes of the name of the first.
var partsName = regexp.MustCompile(`^(.*) and ([0-9]+) more$`)

// together puts the parts of one export together, CSVs of one header, JSON objects line by line, or Parquet: only whole can it take the place of an
// older one. Files that are no parts by their names stay what they are: they may be of two months, and say so in their names alone.
func together(members []Input) ([]Input, error) {
	var whole []Input
	first := map[string]int{}      // export and header: the member that the others go to
	numbers := map[string]Input{}  // export and number
	contents := map[string]Input{} // export and hash
	exports := byExport(members)
	for _, m := range members {
		p, ok := m.part()
		if !ok || !exports[p.export].areOne() {
			whole = append(whole, m)
			continue
		}
		content := opened{Input: m}
		if err := content.hash(); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		number, hash := fmt.Sprint(p.export, "\x00", p.number), p.export+"\x00"+content.sha256
		twin, again := contents[hash]
		if other, versions := numbers[number]; versions && !again {
			return nil, fmt.Errorf("%s: is part %d as %s is, and another: they are two versions of one export; keep the newest", m.Name, p.number, other.Name)
		} else if versions {
			continue // the same part, packed and not
		}
		if again {
			return nil, fmt.Errorf("%s: has the same bytes as %s, another part of the export; take one of them out", m.Name, twin.Name)
		}
		contents[hash], numbers[number] = m, m
		header, err := headerOf(m.File)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		i, again := first[p.export+"\x00"+header]
		if header == "" || !again {
			first[p.export+"\x00"+header] = len(whole)
			whole = append(whole, m)
			continue
		}
		if header == parquetMagic {
			whole[i].Beside = append(whole[i].Beside, m.File)
		} else if err := appendRecords(whole[i].File, m.File, header != jsonLine); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		whole[i].Parts++
	}
	for i := range whole {
		whole[i].Name += whole[i].more()
	}
	return whole, nil
}

// looseParts puts the parts of one export together that lie in one folder, as they do in an archive: copies of them, below the scratch folder. What
// the configuration maps by different paths is of different accounts, and stays apart.
func looseParts(inputs []Input, sources []Source, scratch string) ([]Input, error) {
	export := func(in Input) string {
		p, ok := in.part()
		if !ok || in.Archive != "" {
			return ""
		}
		for _, s := range sources {
			if s.Path != "" && matchesPath(s.Path, in.Name) {
				p.export += "\x00" + s.Path
			}
		}
		return p.export
	}
	groups := map[string][]Input{}
	for _, in := range inputs {
		groups[export(in)] = append(groups[export(in)], in)
	}
	var all []Input
	var errs []error
	done := map[string]bool{}
	for _, in := range inputs {
		name := export(in)
		if name == "" || len(groups[name]) == 1 {
			all = append(all, in)
			continue
		}
		if done[name] {
			continue
		}
		done[name] = true
		whole := groups[name]
		if p, _ := in.part(); byExport(whole)[p.export].areOne() {
			var err error
			whole, err = joinLoose(whole, scratch)
			errs = append(errs, err)
		}
		all = append(all, whole...)
	}
	return all, errors.Join(errs...)
}

// joinLoose is the parts of one export as one file. It is as old as the newest of them.
func joinLoose(parts []Input, scratch string) ([]Input, error) {
	u := unpacking{scratch: scratch, budget: maxInflated}
	slices.SortFunc(parts, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range parts {
		f, err := os.Open(p.File)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(u.add(p.Name, p.Modified, f), f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		m := &u.members[len(u.members)-1]
		m.Name, m.Archive, m.Missing = p.Name, "", p.Missing
		u.in.Modified = slices.MaxFunc([]time.Time{u.in.Modified, p.Modified}, time.Time.Compare)
	}
	for i := range u.members {
		u.members[i].Modified = u.in.Modified
	}
	return together(u.members)
}

// jsonLine is how a line of JSON begins that is a record.
const jsonLine = "{"

// headerOf is the first line of a CSV, or how a Parquet file or a line of JSON begins. It is empty for what is none of them.
func headerOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r := bufio.NewReader(io.LimitReader(f, headSize))
	if magic, err := r.Peek(len(parquetMagic)); err == nil && string(magic) == parquetMagic {
		return parquetMagic, refuseTornParquet(f)
	}
	line, err := r.ReadString('\n')
	if strings.HasPrefix(line, jsonLine) && json.Valid([]byte(line)) {
		return jsonLine, nil
	}
	if err != nil || !utf8.ValidString(line) || strings.ContainsAny(line[:1], "{[") || !strings.ContainsAny(line, ",;\t|") {
		return "", nil // of one line, or none of text
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// appendRecords writes all of a file, but its header where it has one, behind another. Who ends files with a line break ends all of them so: of two
// parts the one that does not was cut short.
func appendRecords(to, from string, header bool) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = appendTo(w, r, header)
	return errors.Join(err, w.Close())
}

func appendTo(w, r *os.File, header bool) error {
	before, err := endsLine(w)
	if err != nil {
		return err
	}
	now, err := endsLine(r)
	if err != nil {
		return err
	}
	if now && !before {
		return errors.New("follows a part that ends in the middle of a line, as a download that was cut short\nhint: download that one again; if it is whole, end it with a line break")
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	records := bufio.NewReader(r)
	if header {
		if _, err := records.ReadString('\n'); err != nil {
			return err
		}
	}
	if _, err := w.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	if !before {
		if _, err := w.WriteString("\n"); err != nil {
			return err
		}
	}
	_, err = io.Copy(w, records)
	return err
}

// endsLine says whether a file, which has something in it, ends with a line break.
func endsLine(f *os.File) (bool, error) {
	last := make([]byte, 1)
	if _, err := f.Seek(-1, io.SeekEnd); err != nil {
		return false, err
	}
	_, err := io.ReadFull(f, last)
	return last[0] == '\n', err
}
