package ingest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
)

// hugeEnv makes the test binary a process that reads the one file and says what became of it, so that its memory can be told.
const hugeEnv = "AIFINOPS_HUGE_FILE"

// peakMemory is the most that this process has had, in MB, where the system says it. The usage of a child would count what its parent had.
func peakMemory(t *testing.T) (mb int) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &mb); err != nil {
		t.Fatal(err)
	}
	return mb >> 10
}

// Huge records are read or refused, and nothing is lost beside them, with the memory and time that a small machine has.
func TestHellHuge(t *testing.T) {
	if file := os.Getenv(hugeEnv); file != "" {
		h := newHell(t)
		fmt.Println("became", h.becomesOf(ingest.Input{Name: "huge", File: file, Modified: time.Unix(1e9, 0)}), "became", peakMemory(t))
		return
	}
	const mb = 1 << 20
	y := func(n int) string { return strings.Repeat("y", n*mb) }
	batches := func(n int) string { return call("1", "") + call("2", `, "messages": "`+y(n)+`"`) + call("3", "") }
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	type huge struct {
		name string
		text func() string // of each when its turn comes
		want string
	}
	cases := []huge{
		{"a batch of 20 MB in a later line", func() string { return batches(20) }, "3 booked, 0 ignored, 0 rejected"},
		{"one that is too long", func() string { return batches(65) },
			"a line of 65 MB is more than the 64 that are read; nothing is booked\nhint: write smaller batches, or leave out the prompts"},
		{"a quote that is never closed", func() string {
			return bill + item("1", "2026-10-05", "x") + item("2", "2026-10-05", `"`+strings.Repeat("y\n", 40*mb))
		},
			"record 3: is longer than 64 MB, as if a quote was opened and not closed; nothing is booked; mend the quote"},
		{"100 MB of one line, CSV", func() string { return strings.Repeat("a,b,", 25*mb) }, "line 1 has more than 20000 columns: that is no export"},
		{"10,000 deep", func() string { return call("1", "") + call("2", `, "metadata": `+deep) + call("3", `, "x": `+deep) }, "3 booked, 0 ignored, 0 rejected"},
	}
	if os.Getenv("AIFINOPS_LONG") != "" {
		cases = append(cases,
			huge{"one of 60 MB", func() string { return batches(60) }, "3 booked, 0 ignored, 0 rejected"},
			huge{"a field of 20 MB", func() string {
				return bill + item("1", "2026-10-05", "x") + item("2", "2026-10-05", `"`+y(20)+`"`) + item("4", "2026-10-05", "x")
			}, "3 booked, 0 ignored, 0 rejected, 7 USD"},
			huge{"100 MB of one line, JSON", func() string {
				return `[` + strings.Repeat(strings.TrimSpace(call("1", ""))+",", 700_000) + strings.TrimSpace(call("2", "")) + `]`
			}, "2 booked, 699999 ignored, 0 rejected"},
			huge{"an inch mark in 70 MB", func() string {
				return bill + item("1", "2026-10-05", `5" y`) + strings.Repeat(item("2", "2026-10-05", strings.Repeat("y", 400)), 170_000)
			}, "170001 booked, 0 ignored, 0 rejected, 340001 USD"})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "huge")
			if err := os.WriteFile(path, []byte(c.text()), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHellHuge$")
			child.Env = append(os.Environ(), hugeEnv+"="+path)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			parts := strings.Split(string(out), "became")
			if len(parts) != 3 || strings.TrimSpace(parts[1]) != c.want {
				t.Errorf("got\n  %s\nwant\n  %s", out, c.want)
			}
			var peak int
			if _, err := fmt.Sscan(parts[2], &peak); err != nil || peak > 700 {
				t.Errorf("it took %d MB, %v", peak, err)
			}
			if took := child.ProcessState.UserTime(); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			t.Log(peak, "MB", child.ProcessState.UserTime())
		})
	}
}
