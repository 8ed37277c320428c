package sales_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

// twins are the model and the shop it is a model of.
type twins struct {
	*model
	s        *shop
	variants []int64
	places   []int64
}

// both does something to the model and to the shop, and compares what came of it.
func (w *twins) both(rt *rapid.T, inModel func(m *model) string, inShop func() (*sales.Order, error)) {
	next := w.clone()
	code := inModel(next)
	o, err := inShop()
	if db.CodeOf(err) != code || err != nil && code == "" {
		rt.Fatalf("the shop answered %v, the model %q", err, code)
	}
	if code != "" {
		return
	}
	w.model = next
	if o == nil {
		return
	}
	at := slices.IndexFunc(w.orders, func(m modelOrder) bool { return m.id == o.ID })
	if at < 0 {
		at = len(w.orders) - 1
		w.orders[at].id = o.ID
	}
	got := seen{States: states(o), Paid: int64(o.Paid), Due: int64(o.Due)}
	for _, l := range o.Lines {
		got.Fulfilled, got.Wait = append(got.Fulfilled, l.Fulfilled), append(got.Wait, l.Backordered)
		got.Returned = append(got.Returned, l.Returned)
	}
	for _, p := range o.Fulfilments {
		got.Parcels = append(got.Parcels, p.Status)
	}
	for _, r := range o.Returns {
		got.Returns = append(got.Returns, r.Status)
	}
	if diff := cmp.Diff(w.seen(at), got); diff != "" {
		rt.Fatalf("order %s (-model +shop):\n%s", o.Number, diff)
	}
}

// check compares every shelf, and every order as it is read.
func (w *twins) check(rt *rapid.T) {
	var rows []struct {
		VariantID, LocationID int64
		onShelf
	}
	err := db.Read(w.s.Ctx, w.s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT variant_id, location_id, on_hand, committed, backordered, unavailable FROM levels WHERE variant_id >= ?1", w.variants[0])
	})
	if err != nil {
		rt.Fatal(err)
	}
	got := map[shelf]onShelf{}
	for _, r := range rows {
		got[shelf{slices.Index(w.variants, r.VariantID), slices.Index(w.places, r.LocationID)}] = r.onShelf
	}
	for k, want := range w.shelves {
		if got[k] != want {
			rt.Fatalf("variant %d at place %d: %+v, the model says %+v", k.variant, k.place, got[k], want)
		}
	}
}

func (w *twins) drawOrder(rt *rapid.T) int {
	if len(w.orders) == 0 {
		rt.Skip("no orders yet")
	}
	return rapid.IntRange(max(0, len(w.orders)-6), len(w.orders)-1).Draw(rt, "order")
}

func (w *twins) place(rt *rapid.T) {
	o := modelOrder{place: rapid.IntRange(0, 1).Draw(rt, "place")}
	in := sales.NewOrder{Channel: sales.Counter, LocationID: w.places[o.place], Fulfil: rapid.IntRange(0, 3).Draw(rt, "fulfil") == 0}
	for range rapid.IntRange(1, 3).Draw(rt, "lines") {
		v, q := rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.Int64Range(1, 4).Draw(rt, "quantity")
		o.variants, o.ordered = append(o.variants, v), append(o.ordered, q)
		in.Lines = append(in.Lines, line(w.variants[v], q))
	}
	paid := rapid.SampledFrom([]int64{0, 0, unit, total(o.ordered) * unit}).Draw(rt, "paid")
	if paid > 0 {
		in.Payments = []sales.NewPayment{{Method: "cash", Amount: money.Amount(paid)}}
	}
	w.both(rt, func(m *model) string { return m.placeOrder(o, paid, in.Fulfil) },
		func() (*sales.Order, error) { return sales.Place(w.s.Ctx, w.s.DB, in) })
}

// lines are the ids of an order's lines, 0 where one was taken off.
func (w *twins) lines(order int) []int64 {
	o := w.orders[order]
	shown := w.s.order(o.id).Lines
	ids := make([]int64, len(o.ordered))
	for i, q := range o.ordered {
		if q > 0 {
			ids[i], shown = shown[0].ID, shown[1:]
		}
	}
	return ids
}

func (w *twins) edit(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	ordered := slices.Clone(o.ordered)
	in := sales.OrderChange{Lines: []sales.LineChange{}}
	for i, id := range w.lines(at) {
		if id == 0 {
			continue
		}
		if ordered[i] = max(0, ordered[i]+rapid.Int64Range(-2, 2).Draw(rt, "more")); ordered[i] > 0 || rapid.Bool().Draw(rt, "named") {
			in.Lines = append(in.Lines, sales.LineChange{ID: id, Quantity: ordered[i]})
		}
	}
	var variants []int
	var quantities []int64
	for range rapid.IntRange(0, 2).Draw(rt, "added") {
		v, q := rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.Int64Range(1, 3).Draw(rt, "quantity")
		variants, quantities = append(variants, v), append(quantities, q)
		in.Lines = append(in.Lines, added(w.variants[v], q))
	}
	w.both(rt, func(m *model) string { return m.edit(at, ordered, variants, quantities) },
		func() (*sales.Order, error) { return sales.Edit(w.s.Ctx, w.s.DB, o.id, in) })
}

func (w *twins) fulfil(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	p := modelParcel{place: rapid.SampledFrom([]int{o.place, o.place, 1 - o.place}).Draw(rt, "from"), pickup: rapid.Bool().Draw(rt, "pickup"), units: w.unpacked(at)}
	in := sales.NewFulfilment{LocationID: w.places[p.place], Pickup: p.pickup, Ship: rapid.Bool().Draw(rt, "ship")}
	if rapid.Bool().Draw(rt, "some") {
		lines := w.lines(at)
		for i, most := range p.units {
			p.units[i] = rapid.Int64Range(0, most).Draw(rt, "units")
			if p.units[i] > 0 {
				in.Lines = append(in.Lines, sales.NewParcelLine{OrderLineID: lines[i], Quantity: p.units[i]})
			}
		}
		if in.Lines == nil {
			p.units = w.unpacked(at) // no lines mean all
		}
	}
	to := sales.Packed
	switch {
	case in.Ship && in.Pickup:
		to = sales.Collected
	case in.Ship:
		to = sales.Shipped
	}
	w.both(rt, func(m *model) string { return m.pack(at, p, to) },
		func() (*sales.Order, error) { return sales.Fulfil(w.s.Ctx, w.s.DB, o.id, in) })
}

func (w *twins) moveParcelOf(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	if len(o.parcels) == 0 {
		rt.Skip("no parcels yet")
	}
	n := rapid.IntRange(0, len(o.parcels)-1).Draw(rt, "parcel")
	to := rapid.SampledFrom([]sales.ParcelStatus{sales.Shipped, sales.Shipped, sales.Delivered, sales.Ready, sales.Collected, sales.ParcelDropped, sales.ParcelDropped}).Draw(rt, "to")
	id := w.s.order(o.id).Fulfilments[n].ID
	w.both(rt, func(m *model) string { return m.moveParcel(at, n, to) },
		func() (*sales.Order, error) { return sales.MoveParcel(w.s.Ctx, w.s.DB, id, to, sales.Command{}) })
}

// ofReturn answers an order as it stands once something was done to a return of it.
func (w *twins) ofReturn(orderID int64, do func() (*sales.Return, error)) func() (*sales.Order, error) {
	return func() (*sales.Order, error) {
		if _, err := do(); err != nil {
			return nil, err
		}
		return w.s.order(orderID), nil
	}
}

func (w *twins) askBack(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	units, lines := make([]int64, len(o.ordered)), w.lines(at)
	in := sales.NewReturn{}
	for i, id := range lines {
		if id == 0 {
			continue
		}
		if units[i] = rapid.Int64Range(0, max(1, o.left[i])).Draw(rt, "units"); units[i] > 0 {
			in.Lines = append(in.Lines, sales.NewReturnLine{OrderLineID: id, Quantity: units[i]})
		}
	}
	if in.Lines == nil {
		rt.Skip("nothing to ask for")
	}
	w.both(rt, func(m *model) string { return m.request(at, units) },
		w.ofReturn(o.id, func() (*sales.Return, error) { return sales.RequestReturn(w.s.Ctx, w.s.DB, o.id, in) }))
}

func (w *twins) moveReturnOf(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	if len(o.returns) == 0 {
		rt.Skip("no returns yet")
	}
	n := rapid.IntRange(0, len(o.returns)-1).Draw(rt, "return")
	to := rapid.SampledFrom([]sales.ReturnStatus{sales.ReturnApproved, sales.ReturnApproved, sales.ReturnReceived, sales.ReturnReceived, sales.ReturnRejected, sales.ReturnClosed}).Draw(rt, "to")
	place := rapid.IntRange(0, 1).Draw(rt, "place")
	id, lines := w.s.order(o.id).Returns[n].ID, w.lines(at)
	in := sales.ReturnReceipt{LocationID: w.places[place]}
	fates := make([][3]int64, len(o.ordered))
	for i, q := range o.returns[n].units {
		f := &fates[i]
		for j := range f {
			f[j] = rapid.Int64Range(0, q).Draw(rt, "fate")
			q -= f[j]
		}
		if o.returns[n].units[i] > 0 {
			in.Lines = append(in.Lines, sales.ReceivedLine{OrderLineID: lines[i], Sellable: f[0], Quarantine: f[1], Waste: f[2]})
		}
	}
	w.both(rt, func(m *model) string { return m.moveReturn(at, n, to, place, fates) }, w.ofReturn(o.id, func() (*sales.Return, error) {
		switch to {
		case sales.ReturnReceived:
			return sales.ReceiveReturn(w.s.Ctx, w.s.DB, id, in)
		case sales.ReturnRejected:
			return sales.RejectReturn(w.s.Ctx, w.s.DB, id, sales.ReturnRejection{})
		}
		return sales.MoveReturn(w.s.Ctx, w.s.DB, id, to, sales.ReturnMove{})
	}))
}

func (w *twins) giveBack(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	amount := rapid.SampledFrom([]int64{max(1, o.paid-o.refunded-o.owed()), max(1, o.paid-o.refunded), 100, unit}).Draw(rt, "amount")
	in := sales.NewRefund{Method: "cash", Amount: money.Amount(amount), Allowance: rapid.Bool().Draw(rt, "allowance")}
	w.both(rt, func(m *model) string { return m.refund(at, amount, in.Allowance) },
		func() (*sales.Order, error) { return sales.Refund(w.s.Ctx, w.s.DB, o.id, in) })
}

func (w *twins) adjustOne(rt *rapid.T) {
	k := shelf{rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.IntRange(0, 1).Draw(rt, "place")}
	delta := rapid.Int64Range(-5, 8).Filter(func(d int64) bool { return d != 0 }).Draw(rt, "delta")
	l := stock.AdjustLine{VariantID: w.variants[k.variant], AllowShort: rapid.Bool().Draw(rt, "allow short")}
	if to := w.shelves[k].OnHand + delta; to >= 0 && rapid.Bool().Draw(rt, "counted") {
		l.Counted = &to
	} else {
		l.Delta = &delta
	}
	w.both(rt, func(m *model) string { return m.adjust(k, delta, l.AllowShort) }, func() (*sales.Order, error) {
		_, err := stock.Adjust(w.s.Ctx, w.s.DB, stock.Adjustment{LocationID: w.places[k.place], Reason: stock.Correction, Lines: []stock.AdjustLine{l}})
		return nil, err
	})
}

func TestTheShopDoesWhatTheModelDoes(t *testing.T) {
	t.Parallel()
	s := open(t)
	places := []int64{s.Location, s.openStore("Second store")}
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		w := &twins{model: &model{shelves: map[shelf]onShelf{}, holds: map[shelf][]hold{}}, s: s, places: places}
		for i := range 3 {
			sku := fmt.Sprintf("V%d-%d", runs, i)
			if waits(i) {
				w.variants = append(w.variants, s.onBackorder(sku, 0))
			} else {
				w.variants = append(w.variants, s.Stocked(sku, 0))
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":         w.check,
			"place":    w.place,
			"place 2":  w.place,
			"edit":     w.edit,
			"edit 2":   w.edit,
			"fulfil":   w.fulfil,
			"parcel":   w.moveParcelOf,
			"parcel 2": w.moveParcelOf,
			"ask back": w.askBack,
			"return":   w.moveReturnOf,
			"return 2": w.moveReturnOf,
			"refund":   w.giveBack,
			"adjust":   w.adjustOne,
			"adjust 2": w.adjustOne,
			"cancel": func(rt *rapid.T) {
				at := w.drawOrder(rt)
				w.both(rt, func(m *model) string { return m.cancel(at) },
					func() (*sales.Order, error) {
						return sales.Cancel(s.Ctx, s.DB, w.orders[at].id, sales.Cancellation{})
					})
			},
			"confirm": func(rt *rapid.T) {
				at := w.drawOrder(rt)
				w.both(rt, func(m *model) string { return m.confirm(at) },
					func() (*sales.Order, error) {
						return sales.Confirm(s.Ctx, s.DB, w.orders[at].id, sales.Command{})
					})
			},
			"pay": func(rt *rapid.T) {
				at := w.drawOrder(rt)
				o := w.orders[at]
				rest := max(1, o.owed()-o.paid+o.refunded)
				amount := rapid.SampledFrom([]int64{rest, rest, 1, unit}).Draw(rt, "amount")
				w.both(rt, func(m *model) string { return m.pay(at, amount) }, func() (*sales.Order, error) {
					return sales.Pay(s.Ctx, s.DB, o.id, sales.NewPayment{Method: "card", Amount: money.Amount(amount)})
				})
			},
		})
		if runs%20 == 0 {
			s.wellKept(rt)
		}
	})
	s.Doctor(t)
}

// wellKept holds the books to the rules of this room and the one below.
func (s *shop) wellKept(rt *rapid.T) {
	for room, check := range map[string]func(context.Context, *db.DB) ([]db.Finding, error){"stock": stock.Check, "sales": sales.Check} {
		if found, err := check(s.Ctx, s.DB); err != nil || len(found) > 0 {
			rt.Fatalf("%s: %v, %v", room, found, err)
		}
	}
}
