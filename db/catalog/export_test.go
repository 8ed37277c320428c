package catalog

import (
	"bytes"
	"context"

	"onhand/db"
)

// Redrawn is what became of a picture, for tests.
type Redrawn struct {
	Format        string
	Width, Height int
	Files         [][]byte
}

// Redraw shows redraw to tests.
func Redraw(ctx context.Context, data []byte) (*Redrawn, error) {
	p, err := redraw(ctx, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return &Redrawn{p.format, p.width, p.height, p.files}, nil
}

// KeepOnly writes the files of a picture as a process does that dies before it writes the row.
func KeepOnly(ctx context.Context, dir string, data []byte) error {
	p, err := redraw(ctx, bytes.NewReader(data))
	if err != nil {
		return err
	}
	return p.keep(dir)
}

// HoldDecoder lets no picture be decoded until it is released.
func HoldDecoder() (release func()) {
	decoding <- struct{}{}
	return func() { <-decoding }
}

// FindVariants asks what a search of variants asks.
func FindVariants(tx *db.Tx, q string) error {
	_, err := find(tx, q, db.PageSize)
	return err
}

// FindProducts asks what a search of products asks.
func FindProducts(tx *db.Tx, words string) error {
	q, err := ProductFilter{List: db.List{Q: words}}.query(tx)
	if err != nil {
		return err
	}
	var rows []Product
	return tx.Select(&rows, q.String(), q.args...)
}
