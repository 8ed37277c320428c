package sales

import (
	"context"
	"fmt"

	"onhand/db"
)

// NewExchange is goods of an order that came back, and what goes in their place.
type NewExchange struct {
	db.Approvable
	Command
	Lines  []ExchangedLine `json:"lines" minItems:"1" maxItems:"500" doc:"what came back, to the order's store"`
	Take   []NewLine       `json:"take" minItems:"1" maxItems:"500" doc:"what goes in its place, at today's prices"`
	Fulfil bool            `json:"fulfil,omitempty" doc:"hand over at once what goes, as at the counter"`
}

// ExchangedLine is how much of an order line came back, by what becomes of it.
type ExchangedLine struct {
	ReceivedLine
	Reason string `json:"reason,omitempty" maxLength:"200"`
}

// Exchange takes goods back and gives others in their place, all of it or nothing: both are of one order, so that what is due, or due
// back, is one balance. What comes back can go again. It fails as RequestReturn, ReceiveReturn, Edit and Fulfil do.
func Exchange(ctx context.Context, d *db.DB, orderID int64, in NewExchange) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return ExchangeIn(tx, orderID, in) })
}

// ExchangeIn is Exchange inside a transaction.
func ExchangeIn(tx *db.Tx, orderID int64, in NewExchange) (*Order, error) {
	if !tx.Actor.Can("orders.edit") {
		return nil, db.Errorf(db.Forbidden, "forbidden", "You may take goods back, but not add others to an order.")
	}
	if err := takeBack(tx, orderID, in); err != nil {
		return nil, err
	}
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	had := len(o.Lines)
	if o, err = EditIn(tx, orderID, OrderChange{Lines: o.with(in.Take)}); err != nil || !in.Fulfil {
		return o, err
	}
	if !tx.Actor.Can("orders.fulfil") {
		return nil, db.Blame(db.Errorf(db.Forbidden, "forbidden", "You may not hand goods over."), "fulfil")
	}
	gone := NewFulfilment{Ship: true, Pickup: true}
	for _, l := range o.Lines[had:] {
		gone.Lines = append(gone.Lines, NewParcelLine{OrderLineID: l.ID, Quantity: l.Quantity})
	}
	o, err = FulfilIn(tx, orderID, gone)
	return o, db.Blame(err, "fulfil")
}

// takeBack takes what came back of an order; nothing of that return is left to do.
func takeBack(tx *db.Tx, orderID int64, in NewExchange) error {
	asked, came := NewReturn{Command: in.Command, Approve: true}, ReturnReceipt{}
	for _, l := range in.Lines {
		back := ReturnLine{Sellable: l.Sellable, Quarantine: l.Quarantine, Waste: l.Waste}
		asked.Lines = append(asked.Lines, NewReturnLine{OrderLineID: l.OrderLineID, Quantity: back.received(), Reason: l.Reason})
		came.Lines = append(came.Lines, l.ReceivedLine)
	}
	r, err := RequestReturnIn(tx, orderID, asked)
	if err != nil {
		return err
	}
	if r, err = ReceiveReturnIn(tx, r.ID, came); err != nil {
		return err
	}
	_, err = moveReturn(tx, r.ID, ReturnClosed, ReturnMove{}, func(*Order, *Return) (map[string]any, error) { return nil, nil })
	return err
}

// with is the lines of the order as they are, and some more.
func (o *Order) with(more []NewLine) []LineChange {
	lines := make([]LineChange, 0, len(o.Lines)+len(more))
	for _, l := range o.Lines {
		lines = append(lines, LineChange{ID: l.ID, Quantity: l.Quantity})
	}
	for i, l := range more {
		lines = append(lines, LineChange{VariantID: l.VariantID, Quantity: l.Quantity, Discount: l.Discount, At: fmt.Sprintf("take[%d]", i)})
	}
	return lines
}
