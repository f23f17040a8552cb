package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that grows, is written anew or goes away while it is read is refused: its hash is of other bytes.
func TestChangedWhileRead(t *testing.T) {
	const changed = "changed while it was read; nothing is booked\nhint: ingest it again when it is written whole"
	for name, test := range map[string]struct {
		change func(file string) error
		want   string
	}{
		"grows":     {func(file string) error { return os.WriteFile(file, []byte("a,b\n1,2\n3,4\n"), 0o600) }, changed},
		"rewritten": {func(file string) error { return os.Chtimes(file, time.Time{}, time.Unix(2e9, 0)) }, changed},
		"goes away": {os.Remove, "was taken away while it was read; nothing is booked"},
		"stays":     {func(string) error { return nil }, "<nil>"},
	} {
		file := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(file, []byte("a,b\n1,2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		o, err := open(Input{Name: "a.csv", File: file}, t.TempDir())
		if err == nil {
			err = test.change(file)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(o.refuseChanged()); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
