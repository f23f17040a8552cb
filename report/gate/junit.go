package gate

import (
	"cmp"
	"encoding/xml"
	"io"
	"slices"
)

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []*junitSuite
}

type junitSuite struct {
	XMLName xml.Name `xml:"testsuite"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Timestamp string `xml:"timestamp,attr"`
	Cases     []junitCase
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Time     int `xml:"time,attr"` // nobody is helped by how long it took, and the same input shall be the same bytes
}

type junitCase struct {
	XMLName xml.Name     `xml:"testcase"`
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    int          `xml:"time,attr"`
	Failure *junitResult `xml:"failure"`
	Error   *junitResult `xml:"error"`
	Skipped *junitResult `xml:"skipped"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes every verdict as a test: a suite a gate, a case a subject. What ends the program with another code than 0 has
// failed, or could not be judged, which JUnit calls an error.
func writeJUnit(w io.Writer, j Judgement, o View) error {
	report := junitReport{Name: "aifinops " + oneLine(j.title())}
	verdicts := slices.Clone(j.Verdicts) // by name: a test keeps its place from run to run
	slices.SortStableFunc(verdicts, func(a, b Verdict) int { return cmp.Or(cmp.Compare(a.Gate, b.Gate), cmp.Compare(a.Subject, b.Subject)) })
	var suite *junitSuite
	for i, v := range verdicts {
		if i == 0 || v.Gate != verdicts[i-1].Gate {
			suite = &junitSuite{Name: oneLine(v.Gate), Timestamp: j.AsOf.Format("2006-01-02T15:04:05")}
			report.Suites = append(report.Suites, suite)
		}
		c := v.junit(j, o)
		suite.Cases = append(suite.Cases, c)
		suite.count(c)
		report.count(c)
	}
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

// junit is a verdict as a test.
func (v Verdict) junit(j Judgement, o View) junitCase {
	c := junitCase{Class: "aifinops." + oneLine(v.Gate), Name: oneLine(v.Subject)}
	result := &junitResult{Type: v.Verdict, Message: v.says(j), Text: v.saysWithNext(j)}
	switch {
	case v.fails(o) && v.Verdict == CannotJudge:
		c.Error = result
	case v.fails(o):
		c.Failure = result
	case v.Verdict != Pass && v.Verdict != Warn:
		c.Skipped = result // --fail-on lets it go, but it is no pass
	case v.notable():
		c.Output = result.Text
	}
	return c
}

func (n *junitCounts) count(c junitCase) {
	n.Tests++
	switch {
	case c.Failure != nil:
		n.Failures++
	case c.Error != nil:
		n.Errors++
	case c.Skipped != nil:
		n.Skipped++
	}
}
