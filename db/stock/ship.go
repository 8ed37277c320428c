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
	ParcelID   int64 // of the parcel, so that what tracks lots can return to the same ones
	LocationID int64
	Quantity   int64
	Document   Document
}

// Ship takes reserved stock off the shelf and answers its cost, positive in
// minor units. What no stock covers cannot leave: not_covered. From another
// location than the reserved one it takes what is available there, and gives
// the reservation back. What tracks lots leaves first expired, first out; what
// has expired does not leave.
func Ship(tx *db.Tx, s Shipment) (money.Amount, error) {
	r, err := reservationOf(tx, s.LineID)
	if err != nil {
		return 0, err
	}
	if waiting, err := expire(tx, r.VariantID, r.LocationID); err != nil {
		return 0, err
	} else if waiting != nil {
		if r, err = reservationOf(tx, s.LineID); err != nil { // it may be among those that wait now
			return 0, err
		}
	}
	m := move{VariantID: r.VariantID, LocationID: s.LocationID, Delta: -s.Quantity, Reason: Sale, Document: &s.Document,
		Lots: lotChoice{LineID: s.LineID, ParcelID: s.ParcelID}}
	if s.LocationID == r.LocationID {
		if s.Quantity > r.Covered {
			why := "None of these are there yet; they are on back-order."
			if r.Covered > 0 {
				why = fmt.Sprintf("Only %d of these are there; the rest is on back-order.", r.Covered)
			}
			return 0, db.Errorf(db.Conflict, "not_covered", "%s", why).With("covered", r.Covered)
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
// and reserves it for its line again. What tracks lots returns to those it
// left; of one that has expired since, nothing is sold, and the line waits.
func Unship(tx *db.Tx, s Shipment, cost money.Amount) error {
	r, err := reservationOf(tx, s.LineID)
	if err != nil {
		return err
	}
	m := move{VariantID: r.VariantID, LocationID: s.LocationID, Delta: s.Quantity, Reason: Reversal, Cost: &cost, Document: &s.Document,
		Lots: lotChoice{LineID: s.LineID, ParcelID: s.ParcelID}}
	if m.Lots.Exactly, err = leftFor(tx, s.LineID, s.ParcelID); err != nil {
		return err
	}
	if err := ensureLevel(tx, r.VariantID, s.LocationID); err != nil {
		return err
	}
	if err := m.split(tx); err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	if s.LocationID == r.LocationID {
		m.Committed = s.Quantity - m.Unavailable
	}
	if _, err := enter(tx, m); err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	if s.LocationID == r.LocationID {
		return r.restore(tx, s.Quantity, m.Committed)
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

// restore reserves q again, of which so many are committed already; the rest waits.
func (r reservation) restore(tx *db.Tx, q, covered int64) error {
	if _, err := tx.Exec("UPDATE reservations SET quantity = quantity + ?2, covered = covered + ?3 WHERE id = ?1", r.ID, q, covered); err != nil {
		return fmt.Errorf("reserve again: %w", err)
	}
	if covered == q {
		return nil
	}
	v, err := commit(tx, r.VariantID, r.LocationID, 0, q-covered)
	if err != nil {
		return fmt.Errorf("reserve again: %w", err)
	}
	if err := changed(tx, r.VariantID, r.LocationID, v); err != nil {
		return err
	}
	return coverShort(tx, r.VariantID, r.LocationID)
}
