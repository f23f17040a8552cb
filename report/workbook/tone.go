package workbook

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/xuri/excelize/v2"
)

// tones colours the words of columns that judge. The word stays: on paper it says enough.
func (d *drawer) tones(k *block) {
	if !k.body() {
		return
	}
	for j, c := range k.table.Columns {
		conditions := map[table.Tone]string{}
		for _, tone := range judged() {
			conditions[tone] = is(cellName(j+1, k.first), c, tone)
		}
		d.conditions(span(j+1, k.first, k.last), conditions)
	}
}

// is the condition that a cell has a word of the tone, alone or before a colon.
func is(cell string, c table.Column, tone table.Tone) string {
	var words []string
	for _, word := range slices.Sorted(maps.Keys(c.Tones)) {
		if c.Tones[word] == tone && word != "" {
			quoted := strings.ReplaceAll(text(word), `"`, `""`)
			words = append(words, cell+`="`+quoted+`"`, `LEFT(`+cell+`,`+strconv.Itoa(len([]rune(text(word)))+1)+`)="`+quoted+`:"`)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "OR(" + strings.Join(words, ",") + ")"
}

// tieTones shows a sheet that does not tie, should somebody change a figure.
func (d *drawer) tieTones() {
	if d.page.tie == nil {
		return
	}
	cell := fixed(2, tieRow)
	d.conditions(cellName(2, tieRow), map[table.Tone]string{table.Good: cell + "=0", table.Bad: cell + "<>0"})
}

// judged is the tones that have a colour.
func judged() []table.Tone { return []table.Tone{table.Good, table.Caution, table.Bad, table.Unjudged} }

// conditions colours cells by what holds of them.
func (d *drawer) conditions(cells string, conditions map[table.Tone]string) {
	var options []excelize.ConditionalFormatOptions
	for _, tone := range judged() {
		if conditions[tone] == "" || d.err != nil {
			continue
		}
		var id int
		id, d.err = d.styles.tone(tone)
		options = append(options, excelize.ConditionalFormatOptions{Type: "formula", Criteria: conditions[tone], Format: &id})
	}
	if d.err == nil && len(options) > 0 {
		d.err = d.file.SetConditionalFormat(d.page.tab, cells, options)
	}
}
