package stock

import (
	"fmt"

	"onhand/db"
)

// TakeBackIn reverses what a document moved of one variant: what came in leaves as far as it is there and free, what left
// returns, of what tracks lots from and to the same ones. It answers how many could not be taken back.
func TakeBackIn(tx *db.Tx, variantID, locationID, delta int64, doc *Document) (missing int64, err error) {
	if _, err := expire(tx, variantID, locationID); err != nil {
		return 0, err
	}
	var free int64
	err = tx.Row("SELECT on_hand - committed - unavailable FROM levels WHERE variant_id = ?1 AND location_id = ?2", []any{variantID, locationID}, &free)
	if err != nil {
		return 0, fmt.Errorf("read the level: %w", err)
	}
	back := max(-delta, -free)
	if back == 0 {
		return delta, nil
	}
	m := move{VariantID: variantID, LocationID: locationID, Delta: back, Reason: Reversal, Document: doc}
	if m.Lots.Exactly, err = movedBy(tx, variantID, locationID, doc); err != nil {
		return 0, err
	}
	if back > 0 {
		if m.Cost, err = (AdjustLine{VariantID: variantID}).cost(tx, back); err != nil {
			return 0, err
		}
	}
	if _, err := enter(tx, m); err != nil {
		return 0, err
	}
	if back > 0 {
		return 0, coverShort(tx, variantID, locationID)
	}
	return delta + back, nil
}
