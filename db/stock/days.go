package stock

import (
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// keepDay writes down what a movement leaves on the shelf of its day: by it past stock and the pace of sales are read without the
// ledger. No day of a level comes before one that is there, whatever becomes of the shop's time zone.
func (m move) keepDay(tx *db.Tx, day db.Date, balance int64) error {
	var last struct {
		Date    db.Date
		Closing int64
	}
	err := tx.Row("SELECT date, closing FROM stock_days WHERE variant_id = ?1 AND location_id = ?2 ORDER BY date DESC LIMIT 1", []any{m.VariantID, m.LocationID}, &last.Date, &last.Closing)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return fmt.Errorf("read the day before: %w", err)
	}
	if last.Date >= day {
		_, err = tx.Exec("UPDATE stock_days SET closing = ?4, sold = sold + ?5 WHERE variant_id = ?1 AND location_id = ?2 AND date = ?3",
			m.VariantID, m.LocationID, last.Date, balance, m.sold())
	} else {
		carried := int64(0)
		if last.Closing > 0 {
			carried = last.Date.DaysTo(day) - 1
		}
		_, err = tx.Exec("INSERT INTO stock_days (variant_id, location_id, date, carried, closing, sold) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			m.VariantID, m.LocationID, day, carried, balance, m.sold())
	}
	if err != nil {
		return fmt.Errorf("keep the day: %w", err)
	}
	return nil
}

// keepCost is what all there is of a variant is worth after a movement, for its day.
func keepCost(tx *db.Tx, variantID int64, day db.Date, quantity int64, value money.Amount) error {
	_, err := tx.Exec(`INSERT INTO cost_days (variant_id, date, quantity, value) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (variant_id, date) DO UPDATE SET quantity = ?3, value = ?4`, variantID, day, quantity, value)
	if err != nil {
		return fmt.Errorf("keep the day's value: %w", err)
	}
	return nil
}
