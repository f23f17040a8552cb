package ingest

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// maxSheet is what the parts of a workbook may unpack to.
const maxSheet = 256 << 20

// workbookToCSV writes the first sheet with data of a workbook as CSV, and names the others that have
// data. Raw values, so that a figure is not rounded to its number format.
func workbookToCSV(from, to string) (unread []string, err error) {
	book, err := excelize.OpenFile(from, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxSheet, UnzipXMLSizeLimit: 16 << 20})
	if err != nil && !isWorkbook(from) { // what is a zip archive itself was unpacked before
		return nil, errors.New("is an archive inside an archive; unpack it by hand")
	}
	if err != nil {
		return nil, fmt.Errorf("is a workbook that cannot be read: %w", err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return nil, errors.New("is a workbook whose dates count from 1904; they would be read four years early\nhint: save the sheet as CSV")
	}
	if err := wellFormed(from); err != nil {
		return nil, err
	}
	w, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	out := csv.NewWriter(w)
	read := false
	for _, sheet := range book.GetSheetList() {
		into := out
		if read {
			into = csv.NewWriter(io.Discard)
		}
		n, err := copySheet(book, sheet, into)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", sheet, err)
		}
		if read && n > 0 {
			unread = append(unread, sheet)
		}
		read = read || n > 0
	}
	out.Flush()
	return unread, out.Error()
}

// copySheet writes the rows of a sheet, all as wide as its widest so far, and says how many.
func copySheet(book *excelize.File, sheet string, out *csv.Writer) (int, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return 0, err
	}
	written, width := 0, 0
	for n := 1; rows.Next(); n++ {
		if n > excelize.TotalRows { // those before a row with a large number are counted, one by one
			return written, fmt.Errorf("a row has a number above %d: that is no workbook", excelize.TotalRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return written, err
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue // a sheet may claim a million empty rows
		}
		width = max(width, len(cells))
		for len(cells) < width {
			cells = append(cells, "")
		}
		if err := out.Write(cells); err != nil {
			return written, err
		}
		written++
	}
	return written, errors.Join(rows.Error(), rows.Close())
}

func isWorkbook(file string) bool {
	z, err := zip.OpenReader(file)
	if err != nil {
		return true // a damaged one
	}
	defer z.Close()
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "xl/workbook.xml" })
}

// wellFormed reads the sheets of a workbook to their ends: excelize takes a mistake in one for its end, and the rows behind it would be missing.
func wellFormed(workbook string) error {
	z, err := zip.OpenReader(workbook)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") || !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		d := xml.NewDecoder(io.LimitReader(r, maxSheet))
		for err == nil {
			_, err = d.Token()
		}
		if closed := r.Close(); !errors.Is(err, io.EOF) || closed != nil {
			return fmt.Errorf("%s: is damaged: %w; save it again as XLSX, or as CSV", f.Name, errors.Join(err, closed))
		}
	}
	return nil
}
