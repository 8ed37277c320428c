package stock

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/settings"
)

// expire sets aside what of a level has reached the day it expires, each lot once and for good, and answers the orders that
// wait now because of it. A lot is looked at before anything of its variant is sold, so that no sale depends on a job.
func expire(tx *db.Tx, variantID, locationID int64) (orders []int64, err error) {
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	var due []heldLot
	err = tx.Select(&due, `SELECT id, quantity, unavailable FROM lots
		WHERE variant_id = ?1 AND location_id = ?2 AND expired_at IS NULL AND quantity > 0 AND expires_on <= ?3`, variantID, locationID, day)
	if err != nil {
		return nil, fmt.Errorf("find what expires: %w", err)
	}
	q := int64(0)
	for _, l := range due {
		n, err := tx.Exec("UPDATE lots SET expired_at = ?2, unavailable = quantity WHERE id = ?1 AND expired_at IS NULL AND quantity = ?3", l.ID, tx.Now, l.Quantity)
		if err != nil || n != 1 {
			return nil, fmt.Errorf("let a lot expire: %d changed: %w", n, err)
		}
		q += l.Quantity - l.Unavailable
		if err := (Place{variantID, locationID}).endAside(tx, l.ID, l.Unavailable, "expired", nil); err != nil {
			return nil, err
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	return setAside(tx, variantID, locationID, q)
}

// setAside takes q of what is there out of sale, whatever is reserved: the newest reservations turn short where they must. It
// answers their orders.
func setAside(tx *db.Tx, variantID, locationID, q int64) (orders []int64, err error) {
	free, err := available(tx, variantID, locationID)
	if err != nil {
		return nil, err
	}
	if q > free {
		if orders, err = uncover(tx, variantID, locationID, q-free); err != nil {
			return nil, err
		}
	}
	var version int64
	err = tx.Row(`UPDATE levels SET unavailable = unavailable + ?3, version = version + 1
		WHERE variant_id = ?1 AND location_id = ?2 AND on_hand - committed - unavailable >= ?3 RETURNING version`, []any{variantID, locationID, q}, &version)
	if err != nil {
		return nil, fmt.Errorf("set aside %d: %w", q, err)
	}
	return orders, changed(tx, variantID, locationID, version)
}

// expireSlice is how many levels expire in one write.
const expireSlice = 100

// dueLots are those whose day has come that nobody looked at yet.
const dueLots = " FROM lots WHERE expired_at IS NULL AND quantity > 0 AND expires_on <= ?1"

// ExpiryDue says whether a lot's day has come that nobody looked at yet.
func ExpiryDue(ctx context.Context, d *db.DB) (due bool, err error) {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return false, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT EXISTS (SELECT 1"+dueLots+")", []any{s.Today(tx.Now)}, &due)
	})
	return due, err
}

// Expire sets aside every lot whose day has come, and answers how many levels it changed. What is left undone is done the
// next time; repeated it does nothing.
func Expire(ctx context.Context, d *db.DB) (levels int, err error) {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return 0, err
	}
	type place struct{ VariantID, LocationID int64 }
	var after place
	for {
		var due []place
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			return tx.Select(&due, "SELECT DISTINCT variant_id, location_id"+dueLots+" AND (variant_id, location_id) > (?2, ?3) ORDER BY variant_id, location_id LIMIT ?4",
				s.Today(tx.Now), after.VariantID, after.LocationID, expireSlice)
		})
		if err != nil || len(due) == 0 {
			return levels, err
		}
		err = db.Write(ctx, d, func(tx *db.Tx) error {
			for _, l := range due {
				if _, err := expire(tx, l.VariantID, l.LocationID); err != nil {
					return fmt.Errorf("variant %d at %d: %w", l.VariantID, l.LocationID, err)
				}
			}
			return nil
		})
		if err != nil {
			return levels, err
		}
		levels, after = levels+len(due), due[len(due)-1]
	}
}
