package sales

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/settings"
)

// longestHold is how far ahead an order may be held for a term.
const longestHold = 365 * 24 * time.Hour

// waitsForMoney says whether an order could be held for a term: nobody has paid, confirmed or packed any of it.
func (o *Order) waitsForMoney() bool {
	if o.Status != Placed || o.PaymentStatus != Pending {
		return false
	}
	for _, f := range o.Fulfilments {
		if f.Status != ParcelDropped {
			return false
		}
	}
	return true
}

// hold begins the term that the owner gave an order of this channel.
func (o *Order) hold(tx *db.Tx, s *settings.Settings) {
	if minutes := o.term(s.Holds); minutes > 0 && o.waitsForMoney() {
		until := tx.Now.Add(time.Duration(minutes) * time.Minute)
		o.HoldUntil = &until
	}
}

// term is for how many minutes the order is held unpaid, 0 for no end.
func (o *Order) term(h settings.HoldSettings) int {
	switch o.Channel {
	case Counter:
		return h.Counter
	case Phone:
		return h.Phone
	case API:
		return h.API
	case Web:
		switch o.PaymentMethod {
		case "cash":
			return h.Cash
		case "card":
			return h.Card
		case "transfer":
			return h.Transfer
		}
		return h.Other
	}
	return 0
}

// holdAnew lets staff hold an order for longer, or until somebody decides.
func (e *edit) holdAnew(tx *db.Tx, until db.OptionalTime) error {
	if !until.Sent || same(until.Time, e.HoldUntil) {
		return nil
	}
	if until.Time != nil {
		if !e.waitsForMoney() {
			return db.Blame(db.Errorf(db.Conflict, "not_held", "Only an order that was placed, and of which nothing is paid or packed, can be held for a term."), "holdUntil")
		}
		if *until.Time <= tx.Now || *until.Time > tx.Now.Add(longestHold) {
			return db.Refuse("bad_hold", "holdUntil", "Hold it until a moment within the coming year.")
		}
	}
	e.HoldUntil = until.Time
	return nil
}

// replace calls off the order that a customer orders anew, before the new one takes its stock: what only their own unpaid
// order holds is theirs. One that is not held any more stays as it is.
func replace(tx *db.Tx, o *Order, token string) error {
	if token == "" {
		return nil
	}
	if o.Channel != Web {
		return db.Refuse("web_only", "replaces", "Only a web order replaces another one.")
	}
	if staff := tx.Actor.Kind == db.UserActor || tx.Actor.Kind == db.TokenActor; staff && !tx.Actor.Can("orders.cancel") {
		return db.Blame(db.Errorf(db.Forbidden, "forbidden", "You may not call off orders. Leave out the one it replaces."), "replaces")
	}
	var id int64
	err := tx.Row("SELECT id FROM orders WHERE token = ?1 AND channel = ?2 AND hold_until IS NOT NULL AND status = 'placed' AND id <> ?3", []any{token, Web, o.ID}, &id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the order it replaces: %w", err)
	}
	was, err := OrderIn(tx, id)
	if db.CodeOf(err) == "not_found" { // of a store the actor does not see
		return nil
	}
	if err != nil {
		return err
	}
	if err := callOff(tx, was, Cancelled); err != nil {
		return err
	}
	if err := note(tx, was.ID, "replaced", map[string]any{"number": o.Number}); err != nil {
		return err
	}
	return settleAndTell(tx, was)
}

// heldOrder is an order whose hold has ended.
type heldOrder struct {
	ID        int64
	HoldUntil db.Time
}

// HoldsDue says whether an order waits to expire.
func HoldsDue(ctx context.Context, d *db.DB) (due bool, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT EXISTS (SELECT 1 FROM orders WHERE status = 'placed' AND hold_until IS NOT NULL AND hold_until <= ?1)", []any{tx.Now}, &due)
	})
	return due, err
}

// ReleaseHolds expires the orders whose hold has ended, the oldest first and each in a write of its own, and answers how
// many. One that cannot keeps none of the others: its error is told at the end.
func ReleaseHolds(ctx context.Context, d *db.DB) (released int, err error) {
	const slice = 100
	var failures []error
	for last := (heldOrder{}); ; {
		var due []heldOrder
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			return tx.Select(&due, `SELECT id, hold_until FROM orders WHERE status = 'placed' AND hold_until IS NOT NULL AND hold_until <= ?1 AND (hold_until, id) > (?2, ?3)
				ORDER BY hold_until, id LIMIT ?4`, tx.Now, last.HoldUntil, last.ID, slice)
		})
		if err != nil {
			return released, fmt.Errorf("look for what was held long enough: %w", err)
		}
		for _, last = range due {
			expired := false
			err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
				expired, err = expire(tx, last.ID)
				return err
			})
			if ctx.Err() != nil {
				return released, ctx.Err()
			}
			if err != nil {
				failures = append(failures, fmt.Errorf("expire order %d: %w", last.ID, err))
			} else if expired {
				released++
			}
		}
		if len(due) < slice {
			return released, errors.Join(failures...)
		}
	}
}

// expire gives back what an order holds whose term is over, unless somebody was faster.
func expire(tx *db.Tx, id int64) (bool, error) {
	o, err := OrderIn(tx, id)
	if err != nil || o.Status != Placed || o.HoldUntil == nil || *o.HoldUntil > tx.Now {
		return false, err
	}
	if err := callOff(tx, o, Expired); err != nil {
		return false, err
	}
	if err := note(tx, o.ID, "expired", map[string]any{"until": *o.HoldUntil}); err != nil {
		return false, err
	}
	if err := settleAndTell(tx, o); err != nil {
		return false, err
	}
	return true, regret(tx, o)
}
