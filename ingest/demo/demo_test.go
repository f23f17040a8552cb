package demo

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFiles writes the company once and looks at it from all sides.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		check func(*testing.T, string)
	}{
		{"written again", sameBytes},
		{"size and dates", sizeAndDates},
		{"invoices", invoicesTie},
		{"growth", growthIsAsPlanned},
		{"prices", usageTimesPrice},
		{"correction", septemberIsCorrected},
		{"tax and credits", taxAndCredits},
		{"gateway", gatewayIsPartOfUsage},
		{"outcomes", outcomesAreComplete},
		{"coverage", rulesCover},
	} {
		t.Run(test.name, func(t *testing.T) { test.check(t, dir) })
	}
}

func TestWriteRefusesDirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "is not empty (found mine.txt)", mine: "not a directory"} {
		if err := Write(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write(%s) = %v, want an error with %q", path, err, want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("directory now holds %v (%v), want only mine.txt", entries, err)
	}
}

// A saved is a file as it lies on disk.
type saved struct {
	Content  string
	Modified time.Time
}

func readAll(t *testing.T, dir string) map[string]saved {
	t.Helper()
	files := map[string]saved{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = saved{string(content), info.ModTime().UTC()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameBytes(t *testing.T, dir string) {
	again := filepath.Join(t.TempDir(), "new", "folder")
	if err := Write(again); err != nil {
		t.Fatal(err)
	}
	one, other := readAll(t, dir), readAll(t, again)
	if len(one) != len(other) {
		t.Errorf("%d files, then %d", len(one), len(other))
	}
	for name, file := range one {
		if file != other[name] {
			t.Errorf("%s is not the same the second time", name)
		}
	}
}

func sizeAndDates(t *testing.T, dir string) {
	total := 0
	got := map[string]string{}
	for name, file := range readAll(t, dir) {
		total += len(file.Content)
		if strings.Contains(name, "2026-09") || !strings.Contains(name, "2026-") {
			got[name] = file.Modified.Format("2006-01-02 15:04")
		}
	}
	if total > 30<<20 {
		t.Errorf("the files have %d bytes, want less than 30 MB", total)
	}
	want := map[string]string{
		"aifinops.yaml":  "2026-11-02 08:00",
		"decisions.yaml": "2026-11-02 08:00",
		"inbox/anthropic/cost-report-2026-09.json":    "2026-10-02 08:00",
		"inbox/anthropic/usage-messages-2026-09.json": "2026-10-02 08:00",
		"inbox/aws/gpu-2026-09.csv":                   "2026-10-02 08:00",
		"inbox/invoices.csv":                          "2026-11-03 09:00",
		"inbox/litellm/spend-logs-2026-09.jsonl.gz":   "2026-10-02 08:00",
		"inbox/modal/billing-2026-09.csv":             "2026-10-02 08:00",
		"inbox/openai/costs-2026-09-corrected.json":   "2026-10-09 08:00",
		"inbox/openai/costs-2026-09.json":             "2026-10-02 08:00",
		"inbox/openai/usage-completions-2026-09.json": "2026-10-02 08:00",
		"inbox/openai/usage-embeddings-2026-09.json":  "2026-10-02 08:00",
		"inbox/outcomes.csv":                          "2026-11-02 09:00",
		"inbox/pinecone/usage-2026-09.csv":            "2026-10-02 08:00",
		"inbox/replicate/invoice-2026-09.csv":         "2026-10-02 08:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files of September and of no month (-want +got):\n%s", diff)
	}
}
