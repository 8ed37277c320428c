package doctor_test

import (
	"pgregory.net/rapid"

	"onhand/db/sales"
)

func (w *houses) drawSpot(rt *rapid.T) spot {
	return spot{rapid.IntRange(0, variants-1).Draw(rt, "variant"), rapid.IntRange(0, len(w.stores)-1).Draw(rt, "store")}
}

// drawOf draws one of so many.
func drawOf(rt *rapid.T, n int, what string) int {
	if n == 0 {
		rt.Skip("none yet")
	}
	return rapid.IntRange(0, n-1).Draw(rt, what)
}

// seldom leaves most of what is drawn.
func seldom(rt *rapid.T) {
	if rapid.IntRange(0, 2).Draw(rt, "seldom") > 0 {
		rt.Skip("not now")
	}
}

func (w *houses) placeOne(rt *rapid.T) {
	k, q := w.drawSpot(rt), rapid.Int64Range(1, 5).Draw(rt, "quantity")
	if rapid.IntRange(0, 3).Draw(rt, "where there is some") > 0 {
		k.store = 0
	}
	var o *sales.Order
	if w.both(rt, func(h *house) string { return h.place(k, q) }, func() (err error) {
		o, err = sales.Place(w.ctx(), w.s.DB, sales.NewOrder{Channel: sales.Counter, LocationID: w.stores[k.store], Lines: []sales.NewLine{{VariantID: w.goods[k.variant], Quantity: q}}})
		return err
	}) {
		at := &w.orders[len(w.orders)-1]
		at.id, at.line = o.ID, o.Lines[0].ID
	}
}

func (w *houses) shipOne(rt *rapid.T) {
	at := drawOf(rt, len(w.orders), "order")
	o := w.orders[at]
	if o.left == o.ordered {
		rt.Skip("all of it left")
	}
	q := rapid.Int64Range(1, o.ordered-o.left).Draw(rt, "quantity")
	var shipped *sales.Order
	if w.both(rt, func(h *house) string { return h.ship(at, q) }, func() (err error) {
		shipped, err = sales.Fulfil(w.ctx(), w.s.DB, o.id, sales.NewFulfilment{Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: o.line, Quantity: q}}})
		return err
	}) {
		parcels := w.orders[at].parcels
		parcels[len(parcels)-1].id = shipped.Fulfilments[len(parcels)-1].ID
	}
}

func (w *houses) dropOne(rt *rapid.T) {
	at := drawOf(rt, len(w.orders), "order")
	n := drawOf(rt, len(w.orders[at].parcels), "parcel")
	w.both(rt, func(h *house) string { return h.drop(at, n) }, func() error {
		_, err := sales.MoveParcel(w.ctx(), w.s.DB, w.orders[at].parcels[n].id, sales.ParcelDropped, sales.Command{})
		return err
	})
}

func (w *houses) cancelOne(rt *rapid.T) {
	seldom(rt)
	at := drawOf(rt, len(w.orders), "order")
	w.both(rt, func(h *house) string { return h.cancel(at) }, func() error {
		_, err := sales.Cancel(w.ctx(), w.s.DB, w.orders[at].id, sales.Cancellation{})
		return err
	})
}

func (w *houses) returnOne(rt *rapid.T) {
	at, store := drawOf(rt, len(w.orders), "order"), rapid.IntRange(0, len(w.stores)-1).Draw(rt, "store")
	o := w.orders[at]
	if o.left == o.back {
		rt.Skip("nothing can come back")
	}
	left := rapid.Int64Range(1, o.left-o.back).Draw(rt, "quantity")
	q := left
	var fates [3]int64
	for i := range fates {
		fates[i] = rapid.Int64Range(0, left).Draw(rt, "fate")
		left -= fates[i]
	}
	fates[0] += left
	w.both(rt, func(h *house) string {
		h.takeBack(at, store, fates)
		return ""
	}, func() error {
		r, err := sales.RequestReturn(w.ctx(), w.s.DB, o.id, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: o.line, Quantity: q}}})
		if err == nil {
			_, err = sales.ReceiveReturn(w.s.Ctx, w.s.DB, r.ID, sales.ReturnReceipt{LocationID: w.stores[store],
				Lines: []sales.ReceivedLine{{OrderLineID: o.line, Sellable: fates[0], Quarantine: fates[1], Waste: fates[2]}}})
		}
		return err
	})
}
