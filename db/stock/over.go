package stock

import (
	"fmt"

	"onhand/db"
	"onhand/db/settings"
)

// ageSQL is how many days before ?3 the first ones came to the level lv.
const ageSQL = `CAST(julianday(?3) - julianday((SELECT min(date) FROM stock_days a WHERE a.variant_id = lv.variant_id AND a.location_id = lv.location_id)) AS INTEGER)`

const availableSQL = "(lv.on_hand - lv.committed - lv.unavailable)"

// OverSQL is DESIGN.md 4's over, for the level lv of the variant v: more is there than the variant's most, or, where the first
// ones came 30 days ago or earlier, than sells within the shop's overstock days. What never sells lasts for longer than it is
// there already. It takes OverArgs from ?2 on.
const OverSQL = `(` + availableSQL + ` > 0 AND (v.max_stock > 0 AND ` + availableSQL + ` > v.max_stock OR EXISTS (
	SELECT 1 FROM (SELECT ` + ageSQL + ` AS age, sold, days
		FROM (` + paceSQL + `))
	WHERE age >= 30 AND coalesce(` + availableSQL + ` * days / nullif(max(sold, 0), 0), age + 1) > ?4)))`

// OverArgs are what OverSQL takes, from ?2 to ?4: the first day of the window in which sales count, today, and the overstock days.
func OverArgs(tx *db.Tx) ([]any, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, fmt.Errorf("read what is too much: %w", err)
	}
	day := s.Today(tx.Now)
	return []any{day.AddDays(-paceDays), day, s.OverstockDays}, nil
}
