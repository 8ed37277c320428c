package stock

import (
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/settings"
)

const availableSQL = "(lv.on_hand - lv.committed - lv.unavailable)"

// OverSQL is DESIGN.md 4's over, for the level lv of the variant v: more is there than the variant's most, or, where the first
// ones came 30 days ago or earlier, than sells within the shop's overstock days. What never sells lasts for longer than it is
// there already. It takes OverArgs from ?2 on.
const OverSQL = `(` + availableSQL + ` > 0 AND (v.max_stock > 0 AND ` + availableSQL + ` > v.max_stock OR EXISTS (
	SELECT 1 FROM (SELECT (?3 - first_at) / 86400000 AS age, sold FROM (SELECT ` + PaceColumns + `))
	WHERE age >= 30 AND coalesce(` + availableSQL + ` * min(age, ?4) / nullif(max(sold, 0), 0), age + 1) > ?5)))`

// OverArgs are what PaceColumns and OverSQL take, from ?2 to ?5.
func OverArgs(tx *db.Tx) ([]any, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, fmt.Errorf("read what is too much: %w", err)
	}
	return []any{tx.Now.Add(-PaceWindow), tx.Now, int64(PaceWindow / (24 * time.Hour)), s.OverstockDays}, nil
}
