package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"onhand/db"
	"onhand/db/papers"
	"onhand/db/settings"
)

// Format is what an export is written as.
type Format string

// The formats of exports.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Media is the format's content type.
func (f Format) Media() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Export is a list on its way out of the house, with the filter, the stores and the costs that the actor sees. It is read page
// by page, each page a snapshot of its own, so that a long export holds nobody up: what is written while it runs is in it or
// not, and what moves within the order of the list (a renamed product) may be missed or come twice.
type Export struct {
	kind  string
	shop  *settings.Settings
	today db.Date
	table papers.Table
	// first is the rows of the first page, read to know that the list can be read at all; next reads another while there is more.
	first []cells
	more  bool
	next  func(context.Context) ([]cells, error)
}

// cells are those of one row.
type cells = []any

// column is one column of an export of T. Cost keeps it from those who may not see costs.
type column[T any] struct {
	title string
	width float64
	cost  bool
	cell  func(T) any
}

// export prepares a list to be written: read is a page of it after a cursor, rows are those that an item makes.
func export[T, R any](ctx context.Context, d *db.DB, kind string, columns []column[R], read func(ctx context.Context, l db.List) (db.Page[T], error), rows func(T) []R) (*Export, error) {
	shop, err := settings.Current(ctx, d)
	if err != nil {
		return nil, err
	}
	e := &Export{kind: kind, shop: shop, today: shop.Today(db.TimeOf(d.Now())), table: papers.Table{Name: kind, Currency: shop.Currency, Zone: shop.Zone()}}
	costs := db.ActorOf(ctx).Can("cost.read")
	var shown []column[R]
	for _, c := range columns {
		if !c.cost || costs {
			shown = append(shown, c)
			e.table.Columns = append(e.table.Columns, papers.SheetColumn{Title: c.title, Width: c.width})
		}
	}
	after := ""
	e.next = func(ctx context.Context) ([]cells, error) {
		page, err := read(ctx, db.List{Limit: db.MaxPageSize, After: after})
		if err != nil {
			return nil, err
		}
		after, e.more = page.Next, page.Next != ""
		out := make([]cells, 0, len(page.Items))
		for _, item := range page.Items {
			for _, r := range rows(item) {
				row := make(cells, len(shown))
				for i, c := range shown {
					row[i] = c.cell(r)
				}
				out = append(out, row)
			}
		}
		return out, nil
	}
	e.first, err = e.next(ctx)
	return e, err
}

// itself is an item that is one row.
func itself[T any](item T) []T { return []T{item} }

// each hands over all rows, until one fails.
func (e *Export) each(ctx context.Context, write func(cells) error) error {
	for page := e.first; ; {
		for _, row := range page {
			if err := write(row); err != nil {
				return err
			}
		}
		if !e.more {
			return nil
		}
		var err error
		if page, err = e.next(ctx); err != nil {
			return err
		}
	}
}

// FileName is the shop, the list and the day: corner-shop-products-2026-11-20.csv.
func (e *Export) FileName(f Format) string {
	words := strings.FieldsFunc(db.SortKey(e.shop.Name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(append(words, e.kind, string(e.today)), "-") + "." + string(f)
}

// WriteCSV writes the list as it is read.
func (e *Export) WriteCSV(ctx context.Context, w io.Writer) error {
	out, err := e.table.CSV(w)
	if err != nil {
		return err
	}
	if err := e.each(ctx, out.Row); err != nil {
		return fmt.Errorf("export %s: %w", e.kind, err)
	}
	return out.Close()
}

// binding holds who makes workbooks: each takes memory and a temporary file.
var binding = make(chan struct{}, 2)

// Workbook reads the whole list into a workbook. It fails with sheet_full where a sheet does not hold it. Whoever gets one
// has to Discard it.
func (e *Export) Workbook(ctx context.Context) (*papers.Workbook, error) {
	select {
	case binding <- struct{}{}:
		defer func() { <-binding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	book, err := e.table.Workbook()
	if err != nil {
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	if err := errors.Join(e.each(ctx, book.Row), book.Close()); err != nil {
		return nil, fmt.Errorf("export %s: %w", e.kind, errors.Join(err, book.Discard()))
	}
	return book, nil
}
