package sales

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/stock"
)

// parcelMoves is from where a parcel may come to a status.
var parcelMoves = map[ParcelStatus]struct {
	from   []ParcelStatus
	pickup bool // only for pickups; otherwise only for parcels
}{
	Shipped:   {[]ParcelStatus{Packed}, false},
	Delivered: {[]ParcelStatus{Shipped}, false},
	Ready:     {[]ParcelStatus{Packed}, true},
	Collected: {[]ParcelStatus{Packed, Ready}, true},
}

// MoveParcel takes a parcel to its next status. The same move repeated answers
// the order unchanged; an illegal one names both states.
func MoveParcel(ctx context.Context, d *db.DB, parcelID int64, to ParcelStatus, in Command) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return MoveParcelIn(tx, parcelID, to, in) })
}

// MoveParcelIn is MoveParcel inside a transaction.
func MoveParcelIn(tx *db.Tx, parcelID int64, to ParcelStatus, in Command) (*Order, error) {
	o, f, err := parcelIn(tx, parcelID)
	if err != nil || f.Status == to {
		return o, err
	}
	if err := in.fresh(o); err != nil {
		return nil, err
	}
	if to == ParcelDropped {
		err = dropParcel(tx, o, f)
	} else {
		err = advance(tx, o, f, to)
	}
	if err != nil {
		return nil, err
	}
	return o, settleAndTell(tx, o)
}

func parcelIn(tx *db.Tx, id int64) (*Order, *Fulfilment, error) {
	var orderID int64
	if err := tx.Row("SELECT order_id FROM fulfilments WHERE id = ?1", []any{id}, &orderID); err != nil {
		return nil, nil, db.Found(err, "fulfilment")
	}
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, nil, db.Found(err, "fulfilment")
	}
	i := slices.IndexFunc(o.Fulfilments, func(f Fulfilment) bool { return f.ID == id })
	f := &o.Fulfilments[i]
	if !tx.Actor.Scope().Has(f.LocationID) { // it may leave from another store than the order's
		return nil, nil, db.NotFound("fulfilment")
	}
	return o, f, nil
}

func advance(tx *db.Tx, o *Order, f *Fulfilment, to ParcelStatus) error {
	move := parcelMoves[to]
	if move.pickup != f.Pickup || !slices.Contains(move.from, f.Status) {
		return db.Illegal("parcel", f.Status, to)
	}
	if to == Shipped || to == Collected {
		return leave(tx, o, f, to)
	}
	if err := setParcel(tx, f, to); err != nil {
		return err
	}
	if err := announceParcel(tx, o, f, to); err != nil {
		return err
	}
	return note(tx, o.ID, string(to), map[string]any{"fulfilmentId": f.ID})
}

// leave takes a parcel's goods off the shelf.
func leave(tx *db.Tx, o *Order, f *Fulfilment, to ParcelStatus) error {
	units := int64(0)
	for i := range f.Lines {
		p := &f.Lines[i]
		l := o.line(p.OrderLineID)
		if l.Tracked {
			cost, err := stock.Ship(tx, o.shipment(f, p))
			if err != nil {
				return db.Blame(err, "lines[%d].quantity", slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == l.ID }))
			}
			p.Cost = cost
			if _, err := tx.Exec("UPDATE fulfilment_lines SET cost = ?2 WHERE id = ?1", p.ID, cost); err != nil {
				return fmt.Errorf("keep the cost: %w", err)
			}
		}
		if err := setFulfilled(tx, l, p.Quantity); err != nil {
			return err
		}
		units += p.Quantity
	}
	if err := o.waiting(tx, f); err != nil {
		return err
	}
	if err := setParcel(tx, f, to); err != nil {
		return err
	}
	if err := announceParcel(tx, o, f, to); err != nil {
		return err
	}
	return note(tx, o.ID, string(to), map[string]any{"fulfilmentId": f.ID, "units": units, "carrier": f.Carrier, "trackingNumber": f.TrackingNumber})
}

// dropParcel cancels a parcel: a packed one is only unpacked, a shipped one
// comes back onto the shelf and is reserved again.
func dropParcel(tx *db.Tx, o *Order, f *Fulfilment) error {
	if !slices.Contains([]ParcelStatus{Packed, Ready, Shipped}, f.Status) {
		return db.Illegal("parcel", f.Status, ParcelDropped)
	}
	if f.Status == Shipped {
		back := o.returnable()
		for i := range f.Lines {
			p := &f.Lines[i]
			l := o.line(p.OrderLineID)
			if back[l.ID] -= p.Quantity; back[l.ID] < 0 {
				return db.Errorf(db.Conflict, "being_returned", "Goods of this parcel are on their way back or came back as a return, so that it cannot be cancelled. Reject the return first.")
			}
			if l.Tracked {
				if err := stock.Unship(tx, o.shipment(f, p), p.Cost); err != nil {
					return err
				}
			}
			if err := setFulfilled(tx, l, -p.Quantity); err != nil {
				return err
			}
		}
		if err := o.waiting(tx, f); err != nil {
			return err
		}
	}
	if err := setParcel(tx, f, ParcelDropped); err != nil {
		return err
	}
	return note(tx, o.ID, "parcel_cancelled", map[string]any{"fulfilmentId": f.ID})
}

// waiting reads again what of the lines waits for stock: a parcel of another store
// gives back what was reserved here, or takes it again.
func (o *Order) waiting(tx *db.Tx, f *Fulfilment) error {
	if f.LocationID == o.LocationID {
		return nil
	}
	var short []struct{ LineID, Short int64 }
	if err := tx.Select(&short, "SELECT line_id, quantity - covered AS short FROM reservations WHERE order_id = ?1", o.ID); err != nil {
		return fmt.Errorf("read what waits: %w", err)
	}
	for _, s := range short {
		if l := o.line(s.LineID); l != nil {
			l.Backordered = s.Short
		}
	}
	return nil
}

func (o *Order) shipment(f *Fulfilment, p *FulfilmentLine) stock.Shipment {
	return stock.Shipment{LineID: p.OrderLineID, ParcelID: f.ID, LocationID: f.LocationID, Quantity: p.Quantity,
		Document: stock.Document{Type: "order", ID: o.ID, Number: o.Number}}
}

func setFulfilled(tx *db.Tx, l *OrderLine, by int64) error {
	if _, err := tx.Exec("UPDATE order_lines SET fulfilled = fulfilled + ?2 WHERE id = ?1", l.ID, by); err != nil {
		return fmt.Errorf("fulfil a line: %w", err)
	}
	l.Fulfilled += by
	return nil
}

func setParcel(tx *db.Tx, f *Fulfilment, to ParcelStatus) error {
	_, err := tx.Exec("UPDATE fulfilments SET status = ?2, updated_at = ?3, version = version + 1 WHERE id = ?1", f.ID, to, tx.Now)
	if err != nil {
		return fmt.Errorf("move the parcel: %w", err)
	}
	f.Status, f.UpdatedAt = to, tx.Now
	f.Version++
	return nil
}
