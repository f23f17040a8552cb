package gate

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// registerHeader is what a new register begins with.
const registerHeader = `# The register of decisions: who approved or paused what, why, and until when.
# aifinops approve and aifinops pause add to it, aifinops gate reads it. Keep it in git, which says who wrote what:
# an entry counts once it is here. What was decided is not edited; the newest decision on a gate and a subject counts.
`

// Append adds a decision at the end of a register, which may not be there yet. What is in the file stays as it is, byte for
// byte; the file is replaced whole, and only if it then says what it said, and the decision.
func Append(path string, d Decision) (err error) {
	name := path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // the file is replaced, not a link to it
	}
	// Two that add at once would lose one of the decisions: who makes the partial file goes first.
	partial := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part")
	w, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: somebody else adds a decision to it; if nobody does, remove %s", name, partial)
	} else if err != nil {
		return fmt.Errorf("%s: %w", name, fileCause(err))
	}
	defer func() {
		if err != nil {
			_ = os.Remove(partial) // what is wrong has been said
		}
	}()
	text, mode, err := existing(path)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, fileCause(err))
	} else {
		text, err = withDecision(name, text, d)
	}
	if err != nil {
		return errors.Join(err, fmt.Errorf("%s: nothing was recorded", name), w.Close())
	}
	if mode != 0 {
		err = w.Chmod(mode)
	}
	_, writing := w.Write(text)
	if err := errors.Join(err, writing, w.Sync(), w.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, fileCause(err))
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("%s: %w", name, fileCause(err))
	}
	return nil
}

// existing is the register as it is, with its mode; both are zero where it is not there.
func existing(path string) ([]byte, os.FileMode, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case info.Mode().Perm()&0o200 == 0: // it could be replaced all the same, but somebody meant that
		return nil, 0, fs.ErrPermission
	}
	text, err := os.ReadFile(path)
	return text, info.Mode().Perm(), err
}

// fileCause is what went wrong with a file, without the name under which it was tried.
func fileCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// withDecision is the text of a register with one entry more.
func withDecision(file string, text []byte, d Decision) ([]byte, error) {
	before, list, err := parseRegister(file, text)
	if err != nil {
		return nil, err
	}
	indent, newline := "", "\n"
	if list != nil {
		if list.Style&yaml.FlowStyle != 0 {
			return nil, registerError(file, list.Line, "the list is in brackets, where nothing can be added; begin each decision with - in a line of its own")
		}
		indent = strings.Repeat(" ", list.Column-1)
	}
	if bytes.Contains(text, []byte("\r\n")) {
		newline = "\r\n"
	}
	whole := cmp.Or(string(text), registerHeader)
	if !strings.HasSuffix(whole, "\n") {
		whole += newline
	}
	for line := range strings.Lines(d.String()) {
		whole += indent + strings.TrimSuffix(line, "\n") + newline
	}
	after, _, err := parseRegister(file, []byte(whole))
	if err != nil {
		return nil, err
	}
	same := len(after) == len(before)+1
	for i, earlier := range before {
		same = same && after[i].String() == earlier.String()
	}
	if !same || after[len(before)].String() != d.String() {
		return nil, registerError(file, 1, "an entry at its end would not be read back as it is")
	}
	return []byte(whole), nil
}

// String is the decision as the register has it.
func (d Decision) String() string {
	var b strings.Builder
	indent := "- "
	for _, f := range d.fields() {
		if text := f.write(); text != "" {
			b.WriteString(indent + f.key + ": " + text + "\n")
			indent = "  "
		}
	}
	return b.String()
}

// plainOrQuoted writes a text as YAML that reads it back: plain where that is possible, for people read the register.
func plainOrQuoted(text string) string {
	if text == "" {
		return ""
	}
	if plain, err := yaml.Marshal(text); err == nil && string(plain) == text+"\n" && !strings.Contains(text, "\n") {
		return text
	}
	return fmt.Sprintf("%q", text) // Go's escapes are YAML's
}
