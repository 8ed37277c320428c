package sales

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"onhand/db"
)

// ManyAction is what is done with many orders at once.
type ManyAction string

// The actions.
const (
	ConfirmMany     ManyAction = "confirm"
	ShipMany        ManyAction = "ship"
	AcknowledgeMany ManyAction = "acknowledge"
)

// ManyOrders moves many orders, each by itself.
type ManyOrders struct {
	Action   ManyAction `json:"action" enum:"confirm,ship,acknowledge" doc:"ship sends all that is left of each from its store"`
	OrderIDs []int64    `json:"orderIds" minItems:"1" maxItems:"200"`
}

// ManyMoved says what became of each order, in the order they were sent.
type ManyMoved struct {
	Done    int          `json:"done"`
	Failed  int          `json:"failed"`
	Results []OrderMoved `json:"results"`
}

// OrderMoved is what became of one order: all of it was done, or nothing.
type OrderMoved struct {
	OrderID int64         `json:"orderId"`
	Number  string        `json:"number" doc:"empty for a draft, and for what is not there"`
	OK      bool          `json:"ok"`
	Error   *OrderRefusal `json:"error" doc:"why it was left as it was; null when it was done"`
}

// OrderRefusal is why an order was left as it was.
type OrderRefusal struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
}

// MoveMany confirms, ships or acknowledges many orders. Each is a write of its own, remembered under the key of the whole: what was
// cut off is sent again and goes on where it was. What is wrong with one leaves the others alone; it fails itself with repeated,
// and when the shop is out of order.
func MoveMany(ctx context.Context, d *db.DB, in ManyOrders) (*ManyMoved, error) {
	numbers, err := numbersOf(ctx, d, in.OrderIDs)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	for i, id := range in.OrderIDs {
		if seen[id] {
			return nil, db.Refuse("repeated", fmt.Sprintf("orderIds[%d]", i), "This order is in the list twice.")
		}
		seen[id] = true
	}
	out := &ManyMoved{Results: make([]OrderMoved, len(in.OrderIDs))}
	for i, id := range in.OrderIDs {
		err := moveOne(db.WithPart(ctx, strconv.FormatInt(id, 10)), d, id, in.Action)
		r := OrderMoved{OrderID: id, Number: numbers[id], OK: err == nil}
		var e *db.Error
		switch {
		case err == nil:
			out.Done++
		case errors.As(err, &e) && (e.Kind == db.Invalid || e.Kind == db.Conflict || e.Kind == db.Forbidden || e.Kind == db.Missing):
			out.Failed++
			r.Error = &OrderRefusal{Code: e.Code, Message: e.Message, Params: e.Params}
		default:
			return nil, err
		}
		out.Results[i] = r
	}
	return out, nil
}

func moveOne(ctx context.Context, d *db.DB, id int64, action ManyAction) (err error) {
	switch action {
	case ConfirmMany:
		_, err = Confirm(ctx, d, id, Command{})
	case ShipMany:
		_, err = db.Do(ctx, d, action, func(tx *db.Tx) (*Order, error) { return shipRest(tx, id) })
	case AcknowledgeMany:
		_, err = Acknowledge(ctx, d, id)
	}
	return err
}

// shipRest ships what of an order is packed and what is in no parcel yet. It fails as Fulfil does.
func shipRest(tx *db.Tx, id int64) (*Order, error) {
	o, err := OrderIn(tx, id)
	if err != nil {
		return nil, err
	}
	shipped := false
	for i := range o.Fulfilments {
		f := &o.Fulfilments[i]
		if f.Status != Packed || f.Pickup {
			continue
		}
		if !tx.Actor.Scope().Has(f.LocationID) { // it lies in another store
			return nil, db.NotFound("fulfilment")
		}
		if err := leave(tx, o, f, Shipped); err != nil {
			return nil, err
		}
		shipped = true
	}
	rest := int64(0)
	for _, n := range o.unpacked() {
		rest += n
	}
	if rest > 0 || !shipped {
		f, err := pack(tx, o, NewFulfilment{})
		if err != nil {
			return nil, err
		}
		if err := leave(tx, o, f, Shipped); err != nil {
			return nil, err
		}
	}
	return o, settleAndTell(tx, o)
}

// numbersOf are the numbers of orders that the actor may see, by id.
func numbersOf(ctx context.Context, d *db.DB, ids []int64) (map[int64]string, error) {
	var rows []struct {
		ID     int64
		Number string
	}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT id, number FROM orders WHERE id IN (SELECT value FROM json_each(?1)) AND number IS NOT NULL AND "+tx.Actor.Scope().Where("location_id"), listOf(ids))
	})
	if err != nil {
		return nil, fmt.Errorf("read the numbers of orders: %w", err)
	}
	numbers := make(map[int64]string, len(rows))
	for _, r := range rows {
		numbers[r.ID] = r.Number
	}
	return numbers, nil
}
