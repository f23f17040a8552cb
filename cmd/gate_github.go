package cmd

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/table"
)

// githubFiles adds to the files that a step of GitHub Actions names: the summary of the job, which a person reads, and the
// step's outputs, which later steps do. Elsewhere the variables are not set, and it writes nothing.
func (g *globalOptions) githubFiles(j gate.Judgement, o gate.View) error {
	summary := j.Summary() + "\n"
	if !j.Quiet() {
		var page strings.Builder
		if err := table.Formats()["md"](&page, table.Options{}, j.Table(o)); err != nil {
			return err
		}
		summary = page.String()
	}
	outputs := fmt.Sprintf("exit_code=%d\nverdict=%s\nopen=%d\nmonth=%s\n", j.ExitCode(o.FailOn), j.Worst(), j.Open(), j.Month.Format("2006-01"))
	return errors.Join(addTo("GITHUB_STEP_SUMMARY", summary+"\n"), addTo("GITHUB_OUTPUT", outputs))
}

// addTo adds text to the file that a variable names, if it does.
func addTo(variable, text string) error {
	path := os.Getenv(variable)
	if path == "" {
		return nil
	}
	w, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = w.WriteString(text)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", variable, path, cause(err))
	}
	return nil
}
