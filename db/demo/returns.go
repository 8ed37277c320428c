package demo

import (
	"time"

	"onhand/db"
	"onhand/db/sales"
)

// comesBack is somebody who brings or sends one of the first line back, and gets the money for it.
func (b *books) comesBack(when db.Time, o *sales.Order, w *ware, at int, how sales.Method) {
	fate, why := b.rand.IntN(10), unwanted
	if fate < 3 {
		why = damaged
	}
	if fate > 2 {
		b.returns = append(b.returns, comeback{when.Date(b.settings.Zone()), w, at, 1})
	}
	b.then(when, manager, func(tx *db.Tx) error {
		if o.ID == 0 { // it cost nothing, or never came to be
			return nil
		}
		line := o.Lines[0].ID
		r, err := sales.RequestReturnIn(tx, o.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: line, Quantity: 1, Reason: why.in(b.language)}}})
		if err != nil {
			return err
		}
		came := sales.ReceivedLine{OrderLineID: line, Sellable: 1}
		switch fate {
		case 0, 1:
			came.Sellable, came.Waste = 0, 1
		case 2:
			came.Sellable, came.Quarantine = 0, 1
		}
		if r, err = sales.ReceiveReturnIn(tx, r.ID, sales.ReturnReceipt{Lines: []sales.ReceivedLine{came}}); err != nil || r.Total == 0 {
			return err
		}
		if _, err = sales.RefundIn(tx, o.ID, sales.NewRefund{Method: how, Amount: r.Total, Reason: why.in(b.language)}); err != nil {
			return err
		}
		_, err = sales.MoveReturnIn(tx, r.ID, sales.ReturnClosed, sales.ReturnMove{})
		return err
	})
}

// wait is what somebody has to look at today: one return that was asked for, and one that came damaged and is to be paid back.
func (b *books) wait() {
	asks := func(ago time.Duration, o *sales.Order, why words, then func(*db.Tx, *sales.Return) error) {
		b.then(b.until.Add(-ago), manager, func(tx *db.Tx) error {
			r, err := sales.RequestReturnIn(tx, o.ID, sales.NewReturn{Lines: []sales.NewReturnLine{{OrderLineID: o.Lines[0].ID, Quantity: 1, Reason: why.in(b.language)}}})
			if err != nil {
				return err
			}
			return then(tx, r)
		})
	}
	if len(b.kept) < 2 {
		return
	}
	last := b.kept[len(b.kept)-2:]
	asks(26*time.Hour, last[0], damaged, func(tx *db.Tx, r *sales.Return) error {
		if _, err := sales.MoveReturnIn(tx, r.ID, sales.ReturnApproved, sales.ReturnMove{}); err != nil {
			return err
		}
		_, err := sales.ReceiveReturnIn(tx, r.ID, sales.ReturnReceipt{Lines: []sales.ReceivedLine{{OrderLineID: r.Lines[0].OrderLineID, Waste: 1}}})
		return err
	})
	asks(3*time.Hour, last[1], unwanted, func(*db.Tx, *sales.Return) error { return nil })
}
