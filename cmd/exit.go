package cmd

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/metric"
)

const exitCodeHelp = `
Exit codes:
  0  done; gates pass or only warn
  1  the tool failed; nothing was decided
  2  wrong flags, configuration or input; what was refused has changed nothing
  3  a person must decide: a re-justification or an approval is open
  4  cannot judge: missing days, usage without a price, books that do not tie, a missing outcome
  5  pause: spend should stop, or a pause was not honoured
`

// A usageError is the user's to mend: flags, configuration or input.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// A judged error is no failure: the gates have judged, and this is what the program ends with.
type judged int

func (j judged) Error() string { return fmt.Sprintf("the gates end with %d", int(j)) }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// full says whether a disk has no space left, or a file has grown to its limit: that is nothing of the user's to mend in what was given. DuckDB says
// it in words alone.
func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) ||
		strings.Contains(err.Error(), "No space left on device") || strings.Contains(err.Error(), "File too large")
}

// exitCode prints what went wrong, and picks the code: the one place where errors become codes.
func exitCode(g *globalOptions, err error) int {
	if err == nil {
		return 0
	}
	var verdict judged
	if errors.As(err, &verdict) {
		return int(verdict)
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		switch {
		case strings.HasPrefix(line, "hint: "), strings.HasPrefix(line, " "), line == "":
			fmt.Fprintln(g.err, line)
		default:
			fmt.Fprintln(g.err, "aifinops: "+line)
		}
	}
	var rule *allocate.RuleError
	var term *pricing.TermError
	var unit *metric.Error
	var condition *gate.Error
	var u usageError
	var locked *ingest.LockedError
	var late *ingest.LogError
	var request *report.RequestError
	switch {
	case errors.As(err, &locked), errors.As(err, &late), full(err):
		return 1
	case errors.As(err, &u), errors.As(err, &rule), errors.As(err, &term), errors.As(err, &unit), errors.As(err, &condition), errors.Is(err, ingest.ErrNoLedger), errors.Is(err, report.ErrEmpty), errors.As(err, &request),
		strings.HasPrefix(err.Error(), "unknown command"),
		strings.HasPrefix(err.Error(), "accepts "): // what cobra says of too many arguments, or too few
		return 2
	}
	return 1
}
