package ingest

import (
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

// A Status says what became of a file.
type Status string

// What may become of a file that was not refused.
const (
	Booked    Status = "booked"
	Unchanged Status = "unchanged" // the same bytes were booked before
	Empty     Status = "empty"     // an export without records
	NotRead   Status = "not read"  // a PDF that lies in a folder: nobody said that it is an export
)

// A Receipt is what became of one file.
type Receipt struct {
	File        string
	Source      string
	Why         string // by what the source was recognised
	Role        Role
	Status      Status
	SameAs      string // of an unchanged file: the name under which it was booked
	Changed     bool   // of an unchanged file: the configuration has it read otherwise by now
	PeriodStart time.Time
	PeriodEnd   time.Time // exclusive
	Records     int64     // booked + ignored + rejected
	Booked      int64
	Ignored     int64 // no records of this source, repetitions, or covered by a newer export
	Superseded  int64 // of the ignored: those that a newer export covers
	Rejected    int64
	OwnTotal    string        // what the file says itself that it has, where its records have another sum because some were rejected
	More        bool          // the last page of the export says that another follows
	FirstReject string        // the first rejected record and why
	Unread      []string      // sheets of a workbook that are not read
	Windows1252 bool          // the file is not UTF-8, and was read as that
	Lacks       []int         // the numbers of parts of the same export, by its name, that were not given with it
	Dollars     []Amount      // by currency; none where the role has no money
	Replaced    []Replacement // what it took the place of
	Beside      []Replacement // what another source says of the same months, and of days of which this file has nothing
	Repeated    int64         // of the ignored: records with an id that stands twice in the file
	LeftOut     int64         // of the ignored: records that ai_spend in the configuration leaves out

	LeftOutDollars []Amount // of those
	OtherDollars   []Amount // booked, though of a bill for more than AI, not known as AI, and of a provider that ai_spend does not name

	// The entries of ai_spend, counted from 1, that take some of a bill for more than AI, and those that speak of its provider and take nothing.
	Taking, Idle []int
}

// commaHint says what to do where the first reject has a decimal comma, as spreadsheets of half of Europe write.
func (r Receipt) commaHint() string {
	if !regexp.MustCompile(decimalComma).MatchString(r.FirstReject) {
		return ""
	}
	return "\nhint: it has decimal commas: export it with points, or read it by a column map with `decimal: \",\"`"
}

// An Amount is money in one currency.
type Amount struct {
	Currency string
	Value    decimal.Decimal
}

// A Replacement is the rows of an older file that a newer one took the place of, or stands beside.
type Replacement struct {
	File    string
	Rows    int64
	Dollars []Amount
}
