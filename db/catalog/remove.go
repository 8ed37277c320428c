package catalog

import (
	"context"

	"onhand/db"
)

// searchedRows is how many rows one removal may look through: more would hold up everybody who writes.
const searchedRows = 100_000

// Removal is what became of a product that was to be deleted.
type Removal struct {
	Deleted bool     `json:"deleted" doc:"false when it is archived instead"`
	Product *Product `json:"product" doc:"as it is archived; null when it is deleted"`
}

// Remove deletes a product that nothing in the shop refers to, as if it had never been made. One that was ordered, stocked or
// imported is archived instead, and so is one of which making sure would hold up everybody; archived again it stays as it is.
// It fails with not_found.
func Remove(ctx context.Context, d *db.DB, id int64) (Removal, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (r Removal, err error) {
		all, err := ReferrersIn(tx)
		if err != nil {
			return r, err
		}
		searched, err := all.Searched(tx)
		if err != nil {
			return r, err
		}
		var variants int64
		err = tx.Row("SELECT count(*) FROM variants WHERE product_id = ?1", []any{id}, &variants)
		if err == nil && searched*variants <= searchedRows {
			r.Deleted, err = all.RemoveIn(tx, id)
		}
		if err == nil && !r.Deleted {
			r.Product, err = ArchiveIn(tx, id, true)
		}
		return r, err
	})
}
