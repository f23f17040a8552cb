package demo

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/shopspring/decimal"
)

// A file is one export as it was saved.
type file struct {
	path    string    // below the directory given to Write, with slashes
	saved   time.Time // its modification time
	content []byte
}

func (f file) write(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(f.path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, f.content, 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, f.saved, f.saved)
}

// An account is what one provider bills for one month.
type account struct {
	provider string
	month    month
}

// An archive collects the files, what they bill, and the first things that
// went wrong.
type archive struct {
	files  []file
	billed map[account]decimal.Decimal
	err    error
}

func (a *archive) add(path string, saved time.Time, content []byte) {
	a.files = append(a.files, file{path, saved, content})
}

// bill adds dollars to what the provider's invoice of the month must say.
func (a *archive) bill(provider string, m month, amount decimal.Decimal) {
	key := account{provider, m}
	a.billed[key] = a.billed[key].Add(amount)
}

// json adds a response of an admin API, indented as the APIs answer.
func (a *archive) json(path string, saved time.Time, response any) {
	content, err := json.MarshalIndent(response, "", "  ")
	a.err = errors.Join(a.err, err)
	a.add(path, saved, append(content, '\n'))
}

// csv adds a table whose first row is its header.
func (a *archive) csv(path string, saved time.Time, rows [][]string) {
	a.table(path, saved, rows, false)
}

// crlf is csv with the line ends of Python's csv module.
func (a *archive) crlf(path string, saved time.Time, rows [][]string) {
	a.table(path, saved, rows, true)
}

func (a *archive) table(path string, saved time.Time, rows [][]string, crlf bool) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = crlf
	a.err = errors.Join(a.err, w.WriteAll(rows))
	a.add(path, saved, out.Bytes())
}
