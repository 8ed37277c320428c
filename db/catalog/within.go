package catalog

import (
	"fmt"
	"slices"

	"onhand/db"
)

// Within says which of some variants are of one of some categories, or of one below it.
func Within(tx *db.Tx, variantIDs, categoryIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := tx.Select(&ids, `SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id JOIN categories c ON c.id = p.category_id
		WHERE v.id IN (SELECT value FROM json_each(?1)) AND EXISTS (SELECT 1 FROM categories a
			WHERE a.id IN (SELECT value FROM json_each(?2)) AND c.place >= a.place AND c.place < a.place || ':')`, list(variantIDs), list(categoryIDs))
	if err != nil {
		return nil, fmt.Errorf("look which variants are of some categories: %w", err)
	}
	within := make(map[int64]bool, len(ids))
	for _, id := range ids {
		within[id] = true
	}
	return within, nil
}

// KnowCategories refuses ids that are of no category, the first of them where it stands: "[2]". 0 is passed over.
func KnowCategories(tx *db.Tx, ids []int64) error {
	var known []int64
	if err := tx.Select(&known, "SELECT id FROM categories WHERE id IN (SELECT value FROM json_each(?1))", list(ids)); err != nil {
		return fmt.Errorf("look for categories: %w", err)
	}
	for i, id := range ids {
		if id != 0 && !slices.Contains(known, id) {
			return db.Blame(db.NotFound("category"), "[%d]", i)
		}
	}
	return nil
}
