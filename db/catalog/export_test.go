package catalog

import (
	"bytes"
	"context"

	"onhand/db"
	"onhand/db/picture"
)

// KeepOnly writes the files of a picture as a process does that dies before it writes the row.
func KeepOnly(ctx context.Context, dir string, data []byte) error {
	p, err := picture.Draw(ctx, bytes.NewReader(data))
	if err != nil {
		return err
	}
	return keep(p, dir)
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
