package sales

import (
	"context"

	"onhand/db"
	"onhand/db/settings"
	"onhand/db/stock"
)

// Command is a move of an order without further input.
type Command struct {
	Version *int64 `json:"version,omitempty" doc:"of the order as it was seen; refused as stale when it changed"`
}

// Cancellation is a move to cancelled, with the reason a person gives.
type Cancellation struct {
	Command
	Reason string `json:"reason,omitempty" maxLength:"500"`
}

func (c Command) fresh(o *Order) error {
	if c.Version != nil && *c.Version != o.Version {
		return db.Stale(o)
	}
	return nil
}

// Confirm says that the shop has seen a placed order and will deliver it.
func Confirm(ctx context.Context, d *db.DB, id int64, in Command) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) {
		o, err := OrderIn(tx, id)
		if err != nil || o.Status == Confirmed {
			return o, err
		}
		if err := in.fresh(o); err != nil {
			return nil, err
		}
		if o.Status != Placed {
			return nil, db.Illegal("order", o.Status, Confirmed)
		}
		o.Status = Confirmed
		if err := note(tx, o.ID, "confirmed", nil); err != nil {
			return nil, err
		}
		return o, settleAndTell(tx, o)
	})
}

// Cancel gives an order's stock back, once. What is packed is unpacked; after
// something has left it is refused.
func Cancel(ctx context.Context, d *db.DB, id int64, in Cancellation) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return CancelIn(tx, id, in) })
}

// CancelIn is Cancel inside a transaction.
func CancelIn(tx *db.Tx, id int64, in Cancellation) (*Order, error) {
	o, err := OrderIn(tx, id)
	if err != nil || o.Status == Cancelled {
		return o, err
	}
	if err := in.fresh(o); err != nil {
		return nil, err
	}
	return o, cancel(tx, o, in)
}

func cancel(tx *db.Tx, o *Order, in Cancellation) (err error) {
	if o.fulfilment() != Unfulfilled {
		return db.Errorf(db.Conflict, "already_left", "This order is %s and cannot become cancelled, because goods have left. Cancel its parcels first, or take the goods back as a return.", o.Status).
			With("from", o.Status).With("to", Cancelled)
	}
	if !o.open() && o.Status != Draft {
		return db.Illegal("order", o.Status, Cancelled)
	}
	if o.CancelReason, err = db.Text("reason", in.Reason, 500); err != nil {
		return err
	}
	counted := o.Status != Draft
	if err := callOff(tx, o, Cancelled); err != nil {
		return err
	}
	if err := note(tx, o.ID, "cancelled", map[string]any{"reason": o.CancelReason}); err != nil {
		return err
	}
	if err := settleAndTell(tx, o); err != nil || !counted {
		return err
	}
	return regret(tx, o)
}

// callOff unpacks an order, gives its stock and its code back and takes it out of the books. Whoever calls saves it.
func callOff(tx *db.Tx, o *Order, to Status) error {
	for i := range o.Fulfilments {
		if f := &o.Fulfilments[i]; f.Status != ParcelDropped {
			if err := setParcel(tx, f, ParcelDropped); err != nil {
				return err
			}
		}
	}
	counted := o.Status != Draft
	o.Status = to
	if !counted { // a draft holds nothing and never counted
		return nil
	}
	if err := release(tx, o); err != nil {
		return err
	}
	if err := o.giveCodeBack(tx); err != nil {
		return err
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	today := s.Today(tx.Now)
	if err := enter(tx, o, cancelled, today); err != nil {
		return err
	}
	return reclaim(tx, o, today)
}

func release(tx *db.Tx, o *Order) error {
	for i := range o.Lines {
		l := &o.Lines[i]
		if !l.Tracked {
			continue
		}
		if err := stock.Release(tx, l.ID, l.Quantity-l.Fulfilled); err != nil {
			return err
		}
		l.Backordered = 0
	}
	return nil
}
