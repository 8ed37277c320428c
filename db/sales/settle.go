package sales

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// settle derives what follows from the sums and the lines: due, payment and
// fulfilment status, and the order's completion. Nothing else sets them.
func (o *Order) settle() {
	net, owed := o.Paid-o.Refunded, o.owed()
	o.Due, o.DueBack = max(0, owed-net), max(0, net-owed)
	switch {
	case net > owed:
		o.PaymentStatus = Overpaid
	case o.Refunded > 0 && net == 0:
		o.PaymentStatus = Refunded
	case o.Refunded > 0:
		o.PaymentStatus = PartiallyRefunded
	case o.Due == 0:
		o.PaymentStatus = Paid
	case net > 0:
		o.PaymentStatus = PartiallyPaid
	default:
		o.PaymentStatus = Pending
	}
	o.FulfilmentStatus = o.fulfilment()
	if o.Status == Placed && o.FulfilmentStatus != Unfulfilled {
		o.Status = Confirmed
	}
	switch done := o.Due == 0 && o.FulfilmentStatus == Fulfilled; {
	case o.Status == Confirmed && done:
		o.Status = Completed
	case o.Status == Completed && !done:
		o.Status = Confirmed
	}
	if o.Status != Expired && !o.waitsForMoney() {
		o.HoldUntil = nil
	}
}

// owed is what the customer has to pay for the order as it stands.
func (o *Order) owed() money.Amount {
	if o.Status == Cancelled || o.Status == Expired {
		return 0
	}
	return o.Total - o.ReturnedTotal - o.Allowances
}

func (o *Order) fulfilment() FulfilmentStatus {
	var all, left int64
	for _, l := range o.Lines {
		all += l.Quantity
		left += l.Fulfilled
	}
	switch left {
	case 0:
		return Unfulfilled
	case all:
		return Fulfilled
	}
	return PartiallyFulfilled
}

// settle derives and saves the state of an order.
func settle(tx *db.Tx, o *Order) error {
	before := o.Status
	o.settle()
	if o.Status != Placed {
		o.acknowledge(tx)
	}
	o.UpdatedAt = tx.Now
	o.Version++
	n, err := tx.Exec(`UPDATE orders SET status = ?2, payment_status = ?3, fulfilment_status = ?4, paid = ?5, refunded = ?6, due = ?7,
		cancel_reason = ?8, updated_at = ?9, version = ?10, returned_total = ?11, allowances = ?12, hold_until = ?13,
		unacknowledged = ?14, acknowledged_at = ?15, acknowledged_by = ?16 WHERE id = ?1 AND version = ?10 - 1`,
		o.ID, o.Status, o.PaymentStatus, o.FulfilmentStatus, o.Paid, o.Refunded, o.Due, o.CancelReason, o.UpdatedAt, o.Version, o.ReturnedTotal, o.Allowances, o.HoldUntil,
		o.Unacknowledged, o.AcknowledgedAt, o.AcknowledgedBy)
	if err != nil {
		return fmt.Errorf("save the order: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("save order %d: it has another version", o.ID)
	}
	if o.Status != before && o.Status == Completed {
		return note(tx, o.ID, "completed", nil)
	}
	return nil
}

func settleAndTell(tx *db.Tx, o *Order) error {
	if err := settle(tx, o); err != nil {
		return err
	}
	return tx.Emit("orders", o.ID, o.Version, o.LocationID)
}
