package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/money"
)

// Table is what a file for spreadsheets holds. What stands in its cells is text (a string), a number (int64, money.Amount,
// money.Rate, which is written in percent), a bool, a day (db.Date), a moment (db.Time), or nothing (nil, and nil pointers).
type Table struct {
	Name     string // of the sheet
	Columns  []SheetColumn
	Currency string
	Zone     *time.Location // in which moments are written
}

// SheetColumn is one column of a table; Width is in letters, 0 for the width of its title.
type SheetColumn struct {
	Title string
	Width float64
}

// TableWriter takes a table row by row.
type TableWriter interface {
	Row(cells []any) error
	// Close writes what is left to write.
	Close() error
}

// CSV writes a table as UTF-8 with a byte order mark, commas and points. What people typed is no formula to a spreadsheet
// (see safe); numbers stay numbers, and moments are RFC 3339 with the offset of the zone.
func (t Table) CSV(w io.Writer) (TableWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // spreadsheets take it for UTF-8 then
		return nil, err
	}
	s := &csvTable{Table: t, out: csv.NewWriter(w), cells: make([]string, len(t.Columns))}
	titles := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	return s, s.Row(titles)
}

type csvTable struct {
	Table
	out   *csv.Writer
	cells []string
}

func (s *csvTable) Row(cells []any) error {
	for i, v := range cells {
		s.cells[i] = s.text(v)
	}
	return s.out.Write(s.cells)
}

func (s *csvTable) Close() error {
	s.out.Flush()
	return s.out.Error()
}

// text is a cell in a file of text.
func (t Table) text(v any) string {
	switch v := value(v).(type) {
	case nil:
		return ""
	case string:
		return safe(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case money.Amount:
		return money.Format(v, t.Currency)
	case money.Rate:
		return percent(v)
	case bool:
		return strconv.FormatBool(v)
	case db.Date:
		return string(v)
	case db.Time:
		return v.Time().In(t.Zone).Format(time.RFC3339Nano)
	default:
		panic(fmt.Sprintf("papers: a cell of %T", v))
	}
}

// value follows the pointers that say that there may be nothing.
func value(v any) any {
	switch p := v.(type) {
	case *money.Amount:
		if p != nil {
			return *p
		}
		return nil
	case *db.Date:
		if p != nil {
			return *p
		}
		return nil
	case *db.Time:
		if p != nil {
			return *p
		}
		return nil
	}
	return v
}

// percent is a rate as a plain decimal: "19", "8.875".
func percent(r money.Rate) string { return strings.TrimSuffix(r.String(), "%") }

// safe keeps a spreadsheet from taking a text for a formula: an apostrophe stands before it. One goes before apostrophes
// that stand before such a text themselves, too, so that taking one off gives back what was written.
func safe(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.IndexByte("=+-@\t\r", rest[0]) >= 0 {
		return "'" + s
	}
	return s
}
