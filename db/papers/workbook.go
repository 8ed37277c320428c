package papers

import (
	"archive/zip"
	"errors"
	"io"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"onhand/db"
	"onhand/db/money"
)

// maxSheetRows is what a sheet of a workbook holds besides its header; excelize.TotalRows is the format's own limit.
var maxSheetRows = excelize.TotalRows - 1

// Workbook is a table as XLSX in the making: cells have types, so that numbers, days and moments can be reckoned with, and
// text is text, zeros before a number and formulas too. What is there already lies in memory up to 16 MB, then in a temporary
// file. Moments are the clock of the table's zone, for spreadsheets know no zones.
type Workbook struct {
	table  Table
	file   *excelize.File
	stream *excelize.StreamWriter
	cells  []any
	rows   int
	styles struct{ title, amount, day, moment int }
}

// Workbook begins one. Whoever begins it has to Discard it.
func (t Table) Workbook() (*Workbook, error) {
	b := &Workbook{table: t, file: excelize.NewFile(), cells: make([]any, len(t.Columns))}
	if err := b.begin(); err != nil {
		return nil, errors.Join(err, b.Discard())
	}
	return b, nil
}

func (b *Workbook) begin() (err error) {
	const first = "Sheet1" // as the library names it
	if err := b.file.SetSheetName(first, b.table.Name); err != nil {
		return err
	}
	if err := b.file.SetDocProps(&excelize.DocProperties{Creator: "Onhand", LastModifiedBy: "Onhand", Title: b.table.Name}); err != nil {
		return err
	}
	if err := b.design(); err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(b.table.Name); err != nil {
		return err
	}
	for i, c := range b.table.Columns {
		width := max(c.Width, float64(utf8.RuneCountInString(c.Title)+2))
		if err := b.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, c := range b.table.Columns {
		b.cells[i] = excelize.Cell{StyleID: b.styles.title, Value: c.Title}
	}
	return b.stream.SetRow("A1", b.cells)
}

// design makes the styles of the cells.
func (b *Workbook) design() error {
	amount := "#,##0"
	if decimals, _ := money.Decimals(b.table.Currency); decimals > 0 {
		amount += "." + "0000"[:decimals]
	}
	day, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.styles.title, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&b.styles.amount, excelize.Style{CustomNumFmt: &amount}},
		{&b.styles.day, excelize.Style{CustomNumFmt: &day}},
		{&b.styles.moment, excelize.Style{CustomNumFmt: &moment}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

// Row adds a row. It fails with sheet_full.
func (b *Workbook) Row(cells []any) error {
	if b.rows == maxSheetRows {
		return db.Errorf(db.Invalid, "sheet_full", "A workbook holds %d rows, and these are more. Narrow the list, or export it as CSV.", maxSheetRows).With("max", maxSheetRows)
	}
	b.rows++
	for i, v := range cells {
		cell, err := b.cell(v)
		if err != nil {
			return err
		}
		b.cells[i] = cell
	}
	return b.stream.SetRow("A"+strconv.Itoa(b.rows+1), b.cells)
}

func (b *Workbook) cell(v any) (any, error) {
	switch v := value(v).(type) {
	case string:
		if v == "" {
			return nil, nil
		}
		return fitting(v), nil
	case money.Amount:
		n, err := strconv.ParseFloat(money.Format(v, b.table.Currency), 64) // a spreadsheet has no other numbers
		return excelize.Cell{StyleID: b.styles.amount, Value: n}, err
	case money.Rate:
		return strconv.ParseFloat(percent(v), 64)
	case db.Date:
		t, err := time.Parse(time.DateOnly, string(v))
		return excelize.Cell{StyleID: b.styles.day, Value: t}, err
	case db.Time:
		return excelize.Cell{StyleID: b.styles.moment, Value: v.Time().In(b.table.Zone)}, nil
	default: // nil, int64 and bool are the library's own
		return v, nil
	}
}

// Close ends the sheet; it can be written then.
func (b *Workbook) Close() error { return b.stream.Flush() }

// WriteTo writes the file.
func (b *Workbook) WriteTo(w io.Writer) (int64, error) {
	out := &counted{Writer: w}
	// The library would put the packed file into memory first.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(out) })
	err := b.file.Write(io.Discard)
	return out.n, err
}

// Discard frees what the workbook took.
func (b *Workbook) Discard() error { return b.file.Close() }

type counted struct {
	io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// fitting is a text as far as a cell can hold it, with a sign where something is missing. The format counts as UTF-16 does.
func fitting(s string) string {
	const most = excelize.TotalCellChars
	if len(s) <= most || len(utf16.Encode([]rune(s))) <= most { // no letter has fewer bytes than units
		return s
	}
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > most-1 {
			return s[:i] + "…"
		}
	}
	return s
}
