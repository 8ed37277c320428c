package stock

import (
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Shipment is what of one order line leaves one location.
type Shipment struct {
	LineID     int64
	LocationID int64
	Quantity   int64
	Document   Document
}

// Ship takes reserved stock off the shelf and answers its cost, positive in
// minor units. What no stock covers cannot leave: not_covered. From another
// location than the reserved one it takes what is available there, and gives
// the reservation back.
func Ship(tx *db.Tx, s Shipment) (money.Amount, error) {
	r, err := reservationOf(tx, s.LineID)
	if err != nil {
		return 0, err
	}
	m := move{VariantID: r.VariantID, LocationID: s.LocationID, Delta: -s.Quantity, Reason: Sale, Document: &s.Document}
	if s.LocationID == r.LocationID {
		if s.Quantity > r.Covered {
			return 0, db.Errorf(db.Conflict, "not_covered", "Only %d of these are there; the rest is on back-order.", r.Covered).
				With("covered", r.Covered)
		}
		if err := r.shrink(tx, s.Quantity, 0); err != nil {
			return 0, err
		}
		m.Committed = -s.Quantity
	} else if err := Release(tx, s.LineID, s.Quantity); err != nil {
		return 0, err
	}
	cost, err := enter(tx, m)
	if errors.Is(err, errTooLittle) {
		return 0, outOfStock(tx, Need{VariantID: r.VariantID, LocationID: s.LocationID})
	}
	return -cost, err
}

// Unship puts back what a cancelled parcel had taken, at the cost it left with,
// and reserves it for its line again.
func Unship(tx *db.Tx, s Shipment, cost money.Amount) error {
	r, err := reservationOf(tx, s.LineID)
	if err != nil {
		return err
	}
	m := move{VariantID: r.VariantID, LocationID: s.LocationID, Delta: s.Quantity, Reason: Reversal, Cost: &cost, Document: &s.Document}
	if s.LocationID == r.LocationID {
		m.Committed = s.Quantity
	}
	if err := ensureLevel(tx, r.VariantID, s.LocationID); err != nil {
		return err
	}
	if _, err := enter(tx, m); err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	if s.LocationID == r.LocationID {
		_, err := tx.Exec("UPDATE reservations SET quantity = quantity + ?2, covered = covered + ?2 WHERE id = ?1", r.ID, s.Quantity)
		return err
	}
	if _, err := tx.Exec("UPDATE reservations SET quantity = quantity + ?2 WHERE id = ?1", r.ID, s.Quantity); err != nil {
		return fmt.Errorf("reserve again: %w", err)
	}
	v, err := commit(tx, r.VariantID, r.LocationID, 0, s.Quantity)
	if err != nil {
		return fmt.Errorf("reserve again: %w", err)
	}
	if err := changed(tx, r.VariantID, r.LocationID, v); err != nil {
		return err
	}
	if err := coverShort(tx, r.VariantID, s.LocationID); err != nil {
		return err
	}
	return coverShort(tx, r.VariantID, r.LocationID)
}
