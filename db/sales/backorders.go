package sales

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
)

// longestPromise is how far ahead an order may be promised, in days.
const longestPromise = 365

// promise sets the day by which an order is promised; none, or an empty one, is no promise.
func (o *Order) promise(today db.Date, on *db.Date) error {
	if on == nil || *on == "" {
		o.PromisedOn = nil
		return nil
	}
	if _, err := db.ParseDate(string(*on)); err != nil || *on < today || *on > today.AddDays(longestPromise) {
		return db.Refuse("bad_promise", "promisedOn", "Promise a day from today to a year from now.")
	}
	o.PromisedOn = on
	return nil
}

// promiseBack promises what waits for stock as soon as whoever the shop buys it from delivers, if nobody promised it yet. Where one of
// them does not say how long it takes, nothing is promised.
func (o *Order) promiseBack(tx *db.Tx) error {
	if o.PromisedOn != nil || !o.short() {
		return nil
	}
	var waits []int64
	for _, l := range o.Lines {
		if l.Backordered > 0 {
			waits = append(waits, l.VariantID)
		}
	}
	sources, err := catalog.SourcesOf(tx, waits)
	if err != nil {
		return err
	}
	var longest int64
	for _, id := range waits {
		of := sources[id]
		if len(of) == 0 || of[0].LeadTimeDays == 0 {
			return nil
		}
		longest = max(longest, of[0].LeadTimeDays)
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	on := s.Today(tx.Now).AddDays(int(longest))
	o.PromisedOn = &on
	if _, err := tx.Exec("UPDATE orders SET promised_on = ?2 WHERE id = ?1", o.ID, on); err != nil {
		return fmt.Errorf("promise an order: %w", err)
	}
	return nil
}

// promiseAnew lets staff promise an order that is still to leave for another day.
func (e *edit) promiseAnew(tx *db.Tx, on *db.Date) error {
	if on == nil || e.PromisedOn != nil && *on == *e.PromisedOn {
		return nil
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	if *on != "" && e.FulfilmentStatus == Fulfilled {
		return db.Blame(db.Errorf(db.Conflict, "all_left", "All of this order has left; there is nothing to promise any more."), "promisedOn")
	}
	return e.promise(s.Today(tx.Now), on)
}

// short says whether something of the order waits for stock.
func (o *Order) short() bool {
	return slices.ContainsFunc(o.Lines, func(l OrderLine) bool { return l.Backordered > 0 })
}

// await remembers that a customer was told that something waits, or that nothing does any more.
func await(tx *db.Tx, o *Order) (err error) {
	if o.short() {
		_, err = tx.Exec("INSERT INTO back_orders (order_id, since) VALUES (?1, ?2) ON CONFLICT DO NOTHING", o.ID, tx.Now)
	} else {
		_, err = tx.Exec("DELETE FROM back_orders WHERE order_id = ?1", o.ID)
	}
	if err != nil {
		return fmt.Errorf("remember what waits: %w", err)
	}
	return nil
}

// coveredSQL is the orders that waited and do not any more.
const coveredSQL = " FROM back_orders b WHERE NOT EXISTS (SELECT 1 FROM reservations r WHERE r.order_id = b.order_id AND r.covered < r.quantity)"

// CoveredDue says whether somebody is to be told that what they wait for is there.
func CoveredDue(ctx context.Context, d *db.DB) (due bool, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT EXISTS (SELECT 1"+coveredSQL+")", nil, &due)
	})
	return due, err
}

// TellCovered tells customers that everything is there now that they wait for, and the timelines of their orders, and answers how many.
// Stock covers those who wait in the order they came; it does not know them. Each is told in a write of its own; one that cannot be
// keeps none of the others: its error is told at the end.
func TellCovered(ctx context.Context, d *db.DB) (told int, err error) {
	const slice = 100
	var failures []error
	for last := (wait{}); ; {
		var over []wait
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			return tx.Select(&over, "SELECT b.id, b.order_id"+coveredSQL+" AND b.id > ?1 ORDER BY b.id LIMIT ?2", last.ID, slice)
		})
		if err != nil {
			return told, fmt.Errorf("look for what came: %w", err)
		}
		for _, last = range over {
			answered := false
			err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
				answered, err = last.tell(tx)
				return err
			})
			if ctx.Err() != nil {
				return told, ctx.Err()
			}
			if err != nil {
				failures = append(failures, fmt.Errorf("tell of order %d: %w", last.OrderID, err))
			} else if answered {
				told++
			}
		}
		if len(over) < slice {
			return told, errors.Join(failures...)
		}
	}
}

// wait is an order that waited for stock.
type wait struct{ ID, OrderID int64 }

// tell tells the customer of the order, unless it waits again, somebody was faster, or it was called off, or left, meanwhile.
func (w wait) tell(tx *db.Tx) (bool, error) {
	o, err := OrderIn(tx, w.OrderID)
	if err != nil || o.short() {
		return false, err
	}
	n, err := tx.Exec("DELETE FROM back_orders WHERE id = ?1", w.ID)
	if err != nil {
		return false, fmt.Errorf("remember what waits: %w", err)
	}
	if n == 0 || !o.open() || o.FulfilmentStatus == Fulfilled {
		return false, nil
	}
	if err := note(tx, o.ID, "covered", nil); err != nil {
		return false, err
	}
	if err := tx.Emit("orders", o.ID, o.Version, o.LocationID); err != nil {
		return false, err
	}
	return true, announceCovered(tx, o, w.ID)
}
