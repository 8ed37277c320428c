package stock

import (
	"fmt"

	"onhand/db"
)

// CloseFrom removes a location and those that were opened after it, which must hold nothing any more, and answers the first of
// those that stay.
func CloseFrom(tx *db.Tx, id int64) (first int64, err error) {
	var closed []int64
	if err := tx.Select(&closed, "DELETE FROM locations WHERE id >= ?1 RETURNING id", id); err != nil {
		return 0, fmt.Errorf("close locations: %w", err)
	}
	for _, id := range closed {
		if err := tx.Audit("location", id, map[string]any{"id": id}, nil); err != nil {
			return 0, err
		}
	}
	err = tx.Row("SELECT min(id) FROM locations", nil, &first)
	return first, err
}
