package sales

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// NewRefund is money to give back.
type NewRefund struct {
	db.Approvable
	Method    Method       `json:"method" enum:"cash,card,transfer,other"`
	Amount    money.Amount `json:"amount" minimum:"1" maximum:"9007199254740991" doc:"in minor units; no more than was paid and not given back"`
	Reason    string       `json:"reason,omitempty" maxLength:"200"`
	Allowance bool         `json:"allowance,omitempty" doc:"for goodwill: as much less is owed. Otherwise what is given back of an order that is owed becomes due again"`
	TillID    *int64       `json:"tillId,omitempty" minimum:"1" doc:"the open till it comes out of; cash comes out of the store's only open one by itself"`
	Version   *int64       `json:"version,omitempty" doc:"of the order as it was seen; refused as stale when it changed"`
}

// Refund gives money back; once nothing is owed back any more, what was received of returns is closed. It fails with more_than_paid,
// with more_than_owed for an allowance, and with approval_required above the actor's limit.
func Refund(ctx context.Context, d *db.DB, orderID int64, in NewRefund) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return RefundIn(tx, orderID, in) })
}

// RefundIn is Refund inside a transaction.
func RefundIn(tx *db.Tx, orderID int64, in NewRefund) (*Order, error) {
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	if err := (Command{Version: in.Version}).fresh(o); err != nil {
		return nil, err
	}
	if err := refund(tx, o, in); err != nil {
		return nil, err
	}
	if err := settleAndTell(tx, o); err != nil {
		return nil, err
	}
	return OrderIn(tx, orderID) // an allowance leaves other taxes
}

func refund(tx *db.Tx, o *Order, in NewRefund) error {
	reason, err := db.Text("reason", in.Reason, 200)
	if err != nil {
		return err
	}
	if in.Amount <= 0 {
		return db.Refuse("bad_amount", "amount", "Give back an amount above zero.")
	}
	if net := o.Paid - o.Refunded; in.Amount > net {
		return db.Blame(db.Errorf(db.Conflict, "more_than_paid", "That is more than was paid for this order and not given back yet.").With("max", net), "amount")
	}
	if in.Allowance && in.Amount > o.owed() {
		return db.Blame(db.Errorf(db.Conflict, "more_than_owed", "An allowance cannot be more than what this order is still worth.").With("max", o.owed()), "amount")
	}
	if err := tx.Allow(db.RefundLimit, int64(in.Amount), o.LocationID); err != nil {
		return db.Blame(err, "amount")
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	p := Payment{Kind: "refund", Method: in.Method, Amount: in.Amount, Reference: reason, At: tx.Now, BusinessDate: s.Today(tx.Now),
		TillID: in.TillID, Actor: tx.Actor.Name}
	if err := insertPayment(tx, o, s, &p); err != nil {
		return err
	}
	o.Refunded += in.Amount
	if in.Allowance {
		o.Allowances += in.Amount
		if err := allow(tx, o, in.Amount, p.BusinessDate); err != nil {
			return err
		}
	}
	err = note(tx, o.ID, "refunded", map[string]any{"amount": in.Amount, "method": in.Method, "reason": reason, "allowance": in.Allowance})
	if err != nil {
		return err
	}
	o.settle() // the mail says what is due now
	if err := closeReturns(tx, o); err != nil {
		return err
	}
	return tellOfRefund(tx, o, p)
}

// allow lowers what an order brought in by an allowance, or by a negative one raises it again: each line and the shipping by
// its part of what they are worth still, so that products and tax rates say what they brought in.
func allow(tx *db.Tx, o *Order, amount money.Amount, date db.Date) error {
	rows, err := worthLeft(tx, o)
	if err != nil {
		return err
	}
	sign := money.Amount(1)
	if amount < 0 {
		sign = -1 // it goes back to those that are below zero
	}
	weights := make([]money.Amount, len(rows))
	for i, r := range rows {
		weights[i] = max(0, sign*r.Total)
	}
	shares, err := money.Prorate(amount, weights)
	if err != nil {
		return fmt.Errorf("share an allowance: %w", err)
	}
	var entries []saleEntry
	for i, r := range rows {
		if shares[i] == 0 {
			continue
		}
		tax, err := r.Tax.Part(int64(shares[i]), int64(r.Total))
		if err != nil {
			return fmt.Errorf("share an allowance: %w", err)
		}
		entries = append(entries, r.allowance(o, -shares[i], -tax))
	}
	return appendEntries(tx, o, allowed, date, nil, entries)
}

// lineWorth is what a line of an order, or without one its shipping, is worth still by its sale entries.
type lineWorth struct {
	LineID, VariantID *int64
	Total, Tax        money.Amount
}

func worthLeft(tx *db.Tx, o *Order) (rows []lineWorth, err error) {
	err = tx.Select(&rows, "SELECT line_id, variant_id, sum(total) AS total, sum(tax) AS tax FROM sale_entries WHERE order_id = ?1 GROUP BY line_id ORDER BY line_id", o.ID)
	if err != nil {
		return nil, fmt.Errorf("read what the lines are worth: %w", err)
	}
	return rows, nil
}

// allowance is an entry that raises what a line is worth by so much.
func (w lineWorth) allowance(o *Order, total, tax money.Amount) saleEntry {
	e := saleEntry{Total: total, Tax: tax, Discount: -total}
	if !o.PricesIncludeTax {
		e.Discount += tax
	}
	if w.LineID != nil { // it may have been taken off the order
		e.Line = &OrderLine{ID: *w.LineID, VariantID: *w.VariantID}
	}
	return e
}

// allowElsewhere moves what was allowed on lines that have come back, or became cheaper, since to those that are there still: no product
// and no tax rate brings in less than nothing.
func allowElsewhere(tx *db.Tx, o *Order, date db.Date) error {
	rows, err := worthLeft(tx, o)
	if err != nil {
		return err
	}
	var below money.Amount
	var entries []saleEntry
	for _, r := range rows {
		if r.Total < 0 || r.Total == 0 && r.Tax != 0 {
			below -= r.Total
			entries = append(entries, r.allowance(o, -r.Total, -r.Tax))
		}
	}
	if err := appendEntries(tx, o, allowed, date, nil, entries); err != nil || below == 0 {
		return err
	}
	return allow(tx, o, below, date)
}

// allowAnew shares what was allowed on the shipping over the whole order again: it was taxed at the rate that the shipping had.
func allowAnew(tx *db.Tx, o *Order, date db.Date) error {
	var w lineWorth
	err := tx.Row("SELECT coalesce(sum(total), 0), coalesce(sum(tax), 0) FROM sale_entries WHERE order_id = ?1 AND line_id IS NULL AND kind = 'allowance'", []any{o.ID}, &w.Total, &w.Tax)
	if err != nil {
		return fmt.Errorf("read what was allowed on the shipping: %w", err)
	}
	if w.Total == 0 && w.Tax == 0 {
		return nil
	}
	if err := appendEntries(tx, o, allowed, date, nil, []saleEntry{w.allowance(o, -w.Total, -w.Tax)}); err != nil {
		return err
	}
	return allow(tx, o, -w.Total, date)
}

// reclaim takes back what of the allowances is more than what a return, an edit or a cancellation left of the order: nobody is
// owed money for goods that came back and were paid for with it.
func reclaim(tx *db.Tx, o *Order, date db.Date) error {
	if excess := o.overAllowed(); excess > 0 {
		o.Allowances -= excess
		if err := allow(tx, o, -excess, date); err != nil {
			return err
		}
	}
	if o.Allowances == 0 {
		return nil
	}
	return allowElsewhere(tx, o, date)
}

// overAllowed is what of an order's allowances is more than what is left of it.
func (o *Order) overAllowed() money.Amount {
	if o.Status == Cancelled || o.Status == Expired { // nothing of it is sold
		return o.Allowances
	}
	return max(0, o.ReturnedTotal+o.Allowances-o.Total)
}
