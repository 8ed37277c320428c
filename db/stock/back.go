package stock

import (
	"encoding/json"
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

// Books are the tables that name every variant that ever had stock.
var Books = []string{"levels", "costs", "movements", "lots"}

// LeadsBackIn looks at what a document moved of one variant before it is reversed: how many of what came in are sold or promised,
// and whether somebody counted since, so that what is on the books is no longer what the document made of it. What other documents of
// its type moved and took back again does not count.
func LeadsBackIn(tx *db.Tx, variantID, locationID, delta int64, doc *Document) (missing int64, counted bool, err error) {
	var free int64
	err = tx.Row(`SELECT on_hand - committed - unavailable, EXISTS (SELECT 1 FROM movements WHERE variant_id = ?1 AND location_id = ?2 AND id >
			(SELECT id FROM movements WHERE variant_id = ?1 AND location_id = ?2 AND document_type = ?3 AND document_id = ?4 ORDER BY id DESC LIMIT 1)
			GROUP BY document_type, document_id, iif(document_id IS NULL, id, 0) HAVING max(reason IN (?5, ?6)) AND (document_type NOT IN (?3, 'adjustment') OR sum(delta) <> 0))
		FROM levels WHERE variant_id = ?1 AND location_id = ?2`,
		[]any{variantID, locationID, doc.Type, doc.ID, string(Correction), string(Counted)}, &free, &counted)
	if err != nil {
		return 0, false, fmt.Errorf("look at what a document moved: %w", err)
	}
	return max(0, delta-free), counted, nil
}

// MovedByOthersIn says whether some variants are promised to open orders, or were moved by anything but a document, and others of its type that took
// back what they moved.
func MovedByOthersIn(tx *db.Tx, variantIDs []int64, doc *Document) (moved bool, err error) {
	ids, err := json.Marshal(variantIDs)
	if err != nil {
		return false, err
	}
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM reservations WHERE variant_id IN (SELECT value FROM json_each(?1)) AND quantity > 0)
		OR EXISTS (SELECT 1 FROM movements WHERE variant_id IN (SELECT value FROM json_each(?1)) AND (document_type IS NOT ?2 OR document_id IS NOT ?3)
			GROUP BY document_type, document_id, variant_id, location_id HAVING document_type IS NOT ?2 OR sum(delta) <> 0)`,
		[]any{string(ids), doc.Type, doc.ID}, &moved)
	if err != nil {
		return false, fmt.Errorf("look at who moved variants: %w", err)
	}
	return moved, nil
}
