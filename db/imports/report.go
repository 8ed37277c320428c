package imports

import (
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/table"
)

// The most of each that a report lists; the counts are of all.
const (
	maxErrors = 1_000
	maxSample = 50
)

// RowError is what is wrong with a row, or worth a look. Row is the number a spreadsheet shows, with the header as 1.
type RowError struct {
	Row int `json:"row"`
	// Column is named as in the file; empty for the row as a whole.
	Column  string         `json:"column"`
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
}

// With adds a figure or name for the client's wording.
func (e *RowError) With(key string, value any) *RowError {
	if e.Params == nil {
		e.Params = map[string]any{}
	}
	e.Params[key] = value
	return e
}

// SkippedRow is a row that is left out on purpose; it is no error.
type SkippedRow struct {
	Row    int    `json:"row"`
	Name   string `json:"name"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// SampleRow is one of the first rows, as a preview shows it.
type SampleRow struct {
	Row   int           `json:"row"`
	Name  string        `json:"name"`
	SKU   string        `json:"sku"`
	Price *money.Amount `json:"price" doc:"null where the row has none"`
	// Change is by how much the stock of a row of a stock file changes.
	Change *int64 `json:"change,omitempty"`
	Will   string `json:"will" enum:"create,update,unchanged,skip,error"`
}

// What happens to a row.
const (
	outcomeCreate    = "create"
	outcomeUpdate    = "update"
	outcomeUnchanged = "unchanged"
	outcomeSkip      = "skip"
	outcomeError     = "error"
)

// row is one row of the file on its way to an outcome.
type row struct {
	number  int
	line    table.Line
	instead pairs // of cells, by their fields
	kind    string
	id, sku string
	name    string
	price   *money.Amount
	change  *int64 // of stock
	outcome string
	wrong   []*RowError
	notes   []*RowError
	reason  *SkippedRow
}

func (r *row) blamed(code, column string) bool {
	return slices.ContainsFunc(r.wrong, func(e *RowError) bool { return e.Code == code && e.Column == column })
}

// report gathers what happens to the rows of a file.
type report struct {
	*sheet
	rows []*row
}

// at is a remark on a row.
func (p *report) at(r *row, column, code, message string, args []any) *RowError {
	if column != "" {
		column = p.spelled(column)
	}
	return &RowError{Row: r.number, Column: column, Code: code, Message: fmt.Sprintf(message, args...)}
}

// fail notes an error; the row will not be imported.
func (p *report) fail(r *row, column, code, message string, args ...any) *RowError {
	e := p.at(r, column, code, message, args)
	r.outcome, r.wrong, r.reason = outcomeError, append(r.wrong, e), nil
	return e
}

// blame notes a refusal of another room as the row's error.
func (p *report) blame(r *row, column string, err error) {
	var e *db.Error
	if errors.As(err, &e) && e != nil {
		p.fail(r, column, e.Code, "%s", e.Message).Params = e.Params
	}
}

// skip leaves a row out, unless it is wrong already.
func (p *report) skip(r *row, code, reason string, args ...any) {
	if r.outcome == outcomeError {
		return
	}
	r.outcome, r.reason = outcomeSkip, &SkippedRow{Row: r.number, Name: r.name, Code: code, Reason: fmt.Sprintf(reason, args...)}
}

// warn notes what is worth a look in case the row is imported.
func (p *report) warn(r *row, column, code, message string, args ...any) {
	r.notes = append(r.notes, p.at(r, column, code, message, args))
}

// sum writes the report into an import. The rows of a group are rejected together.
func (p *report) sum(m *Import, groups [][]*row) (err error) {
	m.Rows, m.Create, m.Update, m.Skip, m.ErrorRows = len(p.rows), 0, 0, 0, 0
	m.Details = Details{Errors: []RowError{}, Warnings: []RowError{}, Skipped: []SkippedRow{}, Kept: []KeptRow{}, Sample: []SampleRow{}, IgnoredColumns: p.ignored(p.Lines)}
	for _, r := range p.rows {
		switch r.outcome {
		case outcomeCreate:
			m.Create++
		case outcomeUpdate:
			m.Update++
		case outcomeError:
			m.ErrorRows++
		case outcomeUnchanged:
			m.Unchanged++
			m.Skip++
		default:
			m.Skip++
		}
		m.list(r)
	}
	m.rejected, err = packRejects(p.rejects(groups))
	return err
}

// list adds what is to be said of a row, as far as there is room.
func (d *Details) list(r *row) {
	d.ErrorCount += len(r.wrong)
	for _, e := range r.wrong {
		d.Errors = capped(d.Errors, *e, maxErrors)
	}
	if r.outcome == outcomeCreate || r.outcome == outcomeUpdate {
		for _, e := range r.notes {
			d.Warnings = capped(d.Warnings, *e, maxErrors)
		}
	}
	if r.reason != nil {
		d.Skipped = capped(d.Skipped, *r.reason, maxErrors)
	}
	d.Sample = capped(d.Sample, SampleRow{Row: r.number, Name: r.name, SKU: r.sku, Price: r.price, Change: r.change, Will: r.outcome}, maxSample)
}

func capped[T any](list []T, v T, limit int) []T {
	if len(list) >= limit {
		return list
	}
	return append(list, v)
}
