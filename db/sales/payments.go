package sales

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// Method is how money changed hands.
type Method string

// Payment is money received for an order (or, as a refund, given back).
type Payment struct {
	ID           int64         `json:"id"`
	Kind         string        `json:"kind" enum:"payment,refund"`
	Method       Method        `json:"method" enum:"cash,card,transfer,other"`
	Amount       money.Amount  `json:"amount"`
	Tendered     *money.Amount `json:"tendered" doc:"cash handed over; what is above the amount was given back"`
	Reference    string        `json:"reference"`
	At           db.Time       `json:"at" format:"date-time"`
	BusinessDate db.Date       `json:"businessDate"`
	TillID       *int64        `json:"tillId" doc:"the till it went through"`
	Actor        string        `json:"actor" bun:"actor_name"`
}

// NewPayment is a payment as it is taken.
type NewPayment struct {
	Method    Method        `json:"method" enum:"cash,card,transfer,other"`
	Amount    money.Amount  `json:"amount" minimum:"1" maximum:"9007199254740991"`
	Tendered  *money.Amount `json:"tendered,omitempty" minimum:"1" maximum:"9007199254740991"`
	Reference string        `json:"reference,omitempty" maxLength:"100"`
	TillID    *int64        `json:"tillId,omitempty" minimum:"1" doc:"the open till it goes into; cash goes into the store's only open one by itself"`
	Version   *int64        `json:"version,omitempty" doc:"of the order as it was seen; refused as stale when it changed. Not read along with a new order"`
}

// Pay takes a payment for a placed order. More than is due is kept as overpaid.
func Pay(ctx context.Context, d *db.DB, id int64, in NewPayment) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return PayIn(tx, id, in) })
}

// PayIn is Pay inside a transaction.
func PayIn(tx *db.Tx, id int64, in NewPayment) (*Order, error) {
	o, err := OrderIn(tx, id)
	if err != nil {
		return nil, err
	}
	if err := (Command{Version: in.Version}).fresh(o); err != nil {
		return nil, err
	}
	if !o.open() && o.Status != Completed {
		return nil, db.Errorf(db.Conflict, "not_payable", "This order is %s; it cannot be paid.", o.Status).With("status", o.Status)
	}
	if err := pay(tx, o, in); err != nil {
		return nil, err
	}
	return o, settleAndTell(tx, o)
}

func pay(tx *db.Tx, o *Order, in NewPayment) error {
	reference, err := db.Text("reference", in.Reference, 100)
	if err != nil {
		return err
	}
	if in.Amount <= 0 {
		return db.Refuse("bad_amount", "amount", "Take an amount above zero.")
	}
	if in.Tendered != nil && *in.Tendered < in.Amount {
		return db.Refuse("tendered_too_little", "tendered", "What was handed over is less than the amount.")
	}
	if o.Paid, err = o.Paid.Add(in.Amount); err != nil {
		return db.Refuse("too_large", "amount", "This is more than the books can hold.")
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	p := Payment{Kind: "payment", Method: in.Method, Amount: in.Amount, Tendered: in.Tendered, Reference: reference,
		At: tx.Now, BusinessDate: s.Today(tx.Now), TillID: in.TillID, Actor: tx.Actor.Name}
	if err := insertPayment(tx, o, s, &p); err != nil {
		return err
	}
	return note(tx, o.ID, "paid", map[string]any{"amount": in.Amount, "method": in.Method})
}

func insertPayment(tx *db.Tx, o *Order, s *settings.Settings, p *Payment) (err error) {
	if err := throughTill(tx, o, s, p); err != nil {
		return err
	}
	p.ID, err = tx.Insert(`INSERT INTO payments (order_id, kind, method, amount, tendered, reference, at, business_date, till_id, actor_kind, actor_id, actor_name)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, o.ID, p.Kind, p.Method, p.Amount, p.Tendered, p.Reference, p.At, p.BusinessDate, p.TillID,
		string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return fmt.Errorf("enter the %s: %w", p.Kind, err)
	}
	o.Payments = append(o.Payments, *p)
	return nil
}
