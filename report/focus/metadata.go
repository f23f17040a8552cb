package focus

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// metadata is the schema object that FOCUS asks for beside a dataset.
type metadata struct {
	SchemaID         string       `json:"SchemaId"`
	FocusVersion     string       `json:"FocusVersion"`
	CreationDate     string       `json:"CreationDate"`
	DataGenerator    string       `json:"DataGenerator"`
	ColumnDefinition []definition `json:"ColumnDefinition"`
}

type definition struct {
	ColumnName       string `json:"ColumnName"`
	DataType         string `json:"DataType"`
	NumericPrecision int    `json:"NumericPrecision,omitempty"`
	NumberScale      int    `json:"NumberScale,omitempty"`
	StringEncoding   string `json:"StringEncoding,omitempty"`
	Deprecated       bool   `json:"Deprecated,omitempty"`
}

// Metadata is the JSON that describes the columns of an export. Two exports with the same columns have the same SchemaId.
func Metadata(o Options) ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	m := metadata{FocusVersion: o.Version, CreationDate: o.Created.UTC().Format(time.RFC3339), DataGenerator: o.Generator}
	for _, c := range columns(o.Version) {
		m.ColumnDefinition = append(m.ColumnDefinition, c.definition(o.Version))
	}
	schema, err := json.Marshal(m.ColumnDefinition)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(schema)
	m.SchemaID = fmt.Sprintf("aifinops-focus-%s-%s", o.Version, hex.EncodeToString(hash[:6]))
	all, err := json.MarshalIndent(m, "", "  ")
	return append(all, '\n'), err
}

// definition is the column as FOCUS describes one: of all numbers it says DECIMAL.
func (c column) definition(version string) definition {
	d := definition{ColumnName: c.name, DataType: string(c.kind), Deprecated: c.deprecated != "" && c.deprecated <= version}
	switch c.kind {
	case cost:
		d.NumericPrecision, d.NumberScale = 38, 12
	case number:
		d.DataType = string(cost)
	case text, object:
		d.StringEncoding = "UTF-8"
	}
	return d
}
