package catalog

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// OnShelf is what the label of a variant says.
type OnShelf struct {
	VariantID      int64
	Name           string // of the product
	Options        string // the values: "L / Blue", empty without options
	SKU            string
	Price          money.Amount  // what is charged now
	CompareAtPrice *money.Amount // crossed out beside it; nil for none
	SalePrice      *money.Amount
	SaleStarts     *db.Time
	SaleEnds       *db.Time
	Barcodes       []string `bun:"-"` // of a single one
}

// ForShelf returns what the labels of variants say, in the order of their ids as given. It fails with not_found, naming the
// place of a variant there is none of; archived ones have labels too.
func ForShelf(ctx context.Context, d *db.DB, variantIDs []int64) (labels []OnShelf, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var rows []OnShelf
		err := tx.Select(&rows, `SELECT v.id AS variant_id, p.name, v.title AS options, v.sku, v.price, v.compare_at_price, v.sale_price, v.sale_starts, v.sale_ends
			FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id IN (SELECT value FROM json_each(?1))`, list(variantIDs))
		if err != nil {
			return fmt.Errorf("read labels: %w", err)
		}
		of, err := barcodesOf(tx, variantIDs)
		if err != nil {
			return err
		}
		byID := make(map[int64]OnShelf, len(rows))
		for _, r := range rows {
			now := Charged(r.Price, r.SalePrice, r.SaleStarts, r.SaleEnds, tx.Now)
			r.Price, r.CompareAtPrice = now, struck(r.CompareAtPrice, r.Price, now)
			r.Barcodes, _ = of[r.VariantID].apart()
			byID[r.VariantID] = r
		}
		for i, id := range variantIDs {
			r, ok := byID[id]
			if !ok {
				e := db.NotFound("variant").With("variantId", id)
				e.Field = fmt.Sprintf("items[%d].variantId", i)
				return e
			}
			labels = append(labels, r)
		}
		return nil
	})
	return labels, err
}

// CategoriesOf are the paths of the categories that variants stand in; one without is not among them.
func CategoriesOf(tx *db.Tx, variantIDs []int64) (map[int64]string, error) {
	var rows []struct {
		ID   int64
		Path string
	}
	err := tx.Select(&rows, `SELECT v.id, c.path FROM variants v JOIN products p ON p.id = v.product_id JOIN categories c ON c.id = p.category_id
		WHERE v.id IN (SELECT value FROM json_each(?1))`, list(variantIDs))
	if err != nil {
		return nil, fmt.Errorf("read where variants stand: %w", err)
	}
	paths := make(map[int64]string, len(rows))
	for _, r := range rows {
		paths[r.ID] = r.Path
	}
	return paths, nil
}
