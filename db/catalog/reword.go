package catalog

import (
	"context"
	"fmt"

	"onhand/db"
)

// rewordSlice is how many variants one write makes findable under a new name.
const rewordSlice = 500

const (
	variantsOfBrand    = "SELECT v.id FROM products p JOIN variants v ON v.product_id = p.id WHERE p.brand_id = ?1"
	variantsOfCategory = `SELECT v.id FROM categories r JOIN categories c ON c.place >= r.place AND c.place < r.place || ':'
		JOIN products p ON p.category_id = c.id JOIN variants v ON v.product_id = p.id WHERE r.id = ?1`
)

func rewordBelow(ctx context.Context, d *db.DB, categoryID int64) error {
	return reword(ctx, d, variantsOfCategory, categoryID)
}

// reword writes, in short writes, what variants are found by. Which ones is read beforehand: what joins them later has the new
// words, and what leaves them is only written as it is.
func reword(ctx context.Context, d *db.DB, which string, id int64) error {
	var ids []int64
	if err := db.Read(ctx, d, func(tx *db.Tx) error { return tx.Select(&ids, which, id) }); err != nil {
		return fmt.Errorf("find what has a new name: %w", err)
	}
	for len(ids) > 0 {
		n := min(rewordSlice, len(ids))
		err := db.Write(ctx, d, func(tx *db.Tx) error { return rewordIn(tx, ids[:n]) })
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func rewordIn(tx *db.Tx, variantIDs []int64) error {
	_, err := tx.Exec("UPDATE variants SET words = ("+wordsOfVariant+") WHERE id IN (SELECT value FROM json_each(?1))", list(variantIDs))
	if err != nil {
		return fmt.Errorf("make variants findable: %w", err)
	}
	return nil
}
