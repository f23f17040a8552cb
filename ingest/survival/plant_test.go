package survival_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
)

// changes is an export with prompts wherever there may be some, then with a person and with a key in each of its fields in turn.
func changes(name, text string) []change {
	if !strings.HasSuffix(name, ".csv") && (strings.HasPrefix(strings.TrimSpace(text), "{") || strings.HasPrefix(strings.TrimSpace(text), "[")) {
		return jsonChanges(text)
	}
	return csvChanges(text)
}

// asked is what holds what people wrote, in the formats that have that.
func asked() []string {
	return []string{"prompt", "messages", "input", "output", "response", "completion"}
}

func csvChanges(text string) []change {
	comma := ','
	for _, other := range ";\t" {
		if strings.Count(text, string(other)) > strings.Count(text, ",") {
			comma = other
		}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	records, err := r.ReadAll()
	if err != nil || len(records) == 0 {
		return nil
	}
	header := 0
	for i, record := range records {
		if len(record) > len(records[header]) {
			header = i
		}
	}
	with := func(edit func(row int, record []string) []string) string {
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = comma
		for i, record := range records {
			record = slices.Clone(record)
			if i >= header && len(record) == len(records[header]) {
				record = edit(i, record)
			}
			_ = w.Write(record) // to a strings.Builder
		}
		w.Flush()
		return b.String()
	}
	all := []change{{"prompts", with(func(row int, record []string) []string {
		for _, name := range append(asked(), "body", "content", "text", "system", "request", "notes_of_somebody") {
			at := slices.IndexFunc(records[header], func(h string) bool { return strings.EqualFold(h, name) })
			switch {
			case at >= 0 && row > header && !strings.HasPrefix(record[at], "{"):
				record[at] = prompt
			case at < 0 && row == header:
				record = append(record, name)
			case at < 0:
				record = append(record, prompt)
			}
		}
		return record
	})}}
	for column, name := range records[header] {
		secret := secretFor(column)
		all = append(all, change{name + " = " + secret, with(func(row int, record []string) []string {
			if row > header {
				record[column] = inside(record[column], secret)
			}
			return record
		})})
	}
	return all
}

// secretFor is what to plant into a field: of each next one another.
func secretFor(n int) string {
	k := keys()
	return []string{person, k[n%len(k)], "of " + person + ", " + k[n%len(k)] + " "}[n%3]
}

// inside plants a secret into a value: into the texts of JSON, else in its place.
func inside(value, secret string) string {
	var v any
	if !strings.HasPrefix(value, "{") && !strings.HasPrefix(value, "[") || json.Unmarshal([]byte(value), &v) != nil {
		return secret
	}
	text, err := json.Marshal(edit(v, "", func(_ string, s string) string { return secret }, false))
	if err != nil {
		return secret
	}
	return string(text)
}

func jsonChanges(text string) []change {
	var documents []any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	for {
		var v any
		err := dec.Decode(&v)
		if err == io.EOF {
			break
		}
		if err != nil { // a line that is no JSON: what comes after is left out
			break
		}
		documents = append(documents, v)
	}
	lines := len(documents) > 1
	with := func(f func(path, s string) string, prompts bool) string {
		var b strings.Builder
		for _, v := range documents {
			text, err := json.Marshal(edit(v, "", f, prompts))
			if err != nil {
				return ""
			}
			b.Write(text)
			if lines {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	same := func(_, s string) string { return s }
	all := []change{{"prompts", with(same, true)}}
	paths := map[string]bool{}
	with(func(path, s string) string { paths[path] = true; return s }, false)
	for n, path := range slices.Sorted(maps.Keys(paths)) {
		secret := secretFor(n)
		all = append(all, change{path + " = " + secret, with(func(at, s string) string {
			if at == path {
				return secret
			}
			return s
		}, false)})
	}
	return all
}

// edit copies a JSON value with its texts changed, those of JSON in texts too, and if asked with prompts in all of its objects.
func edit(v any, path string, f func(path, s string) string, prompts bool) any {
	switch v := v.(type) {
	case map[string]any:
		c := map[string]any{}
		for k, x := range v {
			c[k] = edit(x, path+"."+k, f, prompts)
			if _, isText := x.(string); isText && prompts && slices.Contains(asked(), strings.ToLower(k)) {
				c[k] = prompt
			}
		}
		if prompts {
			for _, k := range asked() {
				if _, ok := c[k]; !ok {
					c[k] = prompt
				}
			}
			if _, ok := v["messages"]; !ok {
				c["messages"] = []any{map[string]any{"role": "user", "content": prompt}}
			}
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, x := range v {
			c[i] = edit(x, path+"[]", f, prompts)
		}
		return c
	case string:
		var inner any
		if (strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[")) && json.Unmarshal([]byte(v), &inner) == nil {
			if text, err := json.Marshal(edit(inner, path, f, prompts)); err == nil {
				return string(text)
			}
		}
		return f(path, v)
	}
	return v
}
