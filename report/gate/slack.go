package gate

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// What Slack takes of one message, and of one text in it.
const (
	slackBlocks = 50
	slackLength = 3000
)

type slackMessage struct {
	Text   string       `json:"text"` // of the notification
	Blocks []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text,omitempty"`
	Elements []slackText `json:"elements,omitempty"`
}

type slackText struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"` // a key called @channel calls nobody
}

// writeSlack writes the payload of an incoming webhook: a line of JSON, with a section a verdict that somebody must see.
func writeSlack(w io.Writer, j Judgement, o View) error {
	m := slackMessage{Text: escaped("aifinops: " + j.Summary()), Blocks: []slackBlock{{Type: "header", Text: &slackText{Type: "plain_text", Text: j.title()}}}}
	var sections []slackBlock
	for _, v := range j.Verdicts {
		if v.notable() {
			sections = append(sections, section(v.slack(j)))
		}
	}
	if most := slackBlocks - 2; len(sections) > most { // the header, and the context
		rest := len(sections) - (most - 1)
		sections = append(sections[:most-1], section(fmt.Sprintf("and %d more", rest)))
	}
	if len(sections) == 0 {
		sections = []slackBlock{section(escaped(j.calm()))}
	}
	m.Blocks = append(m.Blocks, sections...)
	about := fmt.Sprintf("%s, as of %s, in %s", j.Summary(), j.AsOf.Format(time.DateOnly), o.Currency)
	if j.ToDate {
		about += "; the month is not over"
	}
	m.Blocks = append(m.Blocks, slackBlock{Type: "context", Elements: []slackText{{Type: "mrkdwn", Text: cut(escaped(about)), Verbatim: true}}})
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	// curl -d says that it is a form. What the reader of a form would take apart is written as JSON's own escapes.
	plain := strings.NewReplacer("%", `\u0025`, "+", `\u002b`, "=", `\u003d`).Replace(string(text))
	_, err = io.WriteString(w, plain+"\n")
	return err
}

// calm is what there is to say where nobody has to look at anything.
func (j Judgement) calm() string {
	if len(j.Verdicts) == 0 {
		return "There was nothing to judge."
	}
	return "All gates pass."
}

// slack is a verdict as Slack formats text.
func (v Verdict) slack(j Judgement) string {
	verdict, why, _ := strings.Cut(v.says(j), ": ")
	text := "*" + verdict + "* " + escaped(strings.TrimSuffix(v.about()+"\n"+why, "\n"))
	if next := oneLine(v.Next); next != "" && !strings.Contains(next, "`") {
		text += "\n`" + escaped(next) + "`"
	}
	return text
}

func section(text string) slackBlock {
	return slackBlock{Type: "section", Text: &slackText{Type: "mrkdwn", Text: cut(text), Verbatim: true}}
}

// escaped takes from a text what Slack would read as a link, a mention or an entity.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// cut keeps an escaped text within what Slack takes, and its last entity whole. What Slack counts is not documented: UTF-16 is
// the most that it can be.
func cut(text string) string {
	units := utf16.Encode([]rune(text))
	if len(units) <= slackLength {
		return text
	}
	text = strings.TrimSuffix(string(utf16.Decode(units[:slackLength-1])), "\ufffd") // half of a pair
	if i := strings.LastIndexByte(text, '&'); i > strings.LastIndexByte(text, ';') {
		text = text[:i]
	}
	return text + "…"
}
