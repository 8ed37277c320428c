package sales_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

// twins are the model and the shop it is a model of.
type twins struct {
	*model
	s        *shop
	included bool // the tax, in the prices
	variants []int64
	places   []int64
	done     *atomic.Int64 // steps
}

// both does something to the model and to the shop, and compares what came of it.
func (w *twins) both(rt *rapid.T, inModel func(m *model) string, inShop func() (*sales.Order, error)) {
	w.done.Add(1)
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
	got := seen{States: states(o), Paid: int64(o.Paid), Refunded: int64(o.Refunded), Allowed: int64(o.Allowances), Came: int64(o.ReturnedTotal), Due: int64(o.Due),
		DueBack: int64(o.DueBack), Sums: modelSums{int64(o.Subtotal), int64(o.Discount), int64(o.ShippingTax), int64(o.Tax), int64(o.Total)}}
	for _, l := range o.Lines {
		got.Lines = append(got.Lines, modelLine{int64(l.UnitPrice) * l.Quantity, int64(l.Discount), int64(l.OrderDiscount), int64(l.Tax), int64(l.Total)})
		got.Fulfilled, got.Wait = append(got.Fulfilled, l.Fulfilled), append(got.Wait, l.Backordered)
		got.Returned, got.Passed = append(got.Returned, l.Returned), append(got.Passed, int64(l.FromOrder))
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
	nothingKept(rt, o)
	w.booked(rt, at)
}

// nothingKept holds an order of which all goods came back to be worth its shipping: whoever brings everything back gets everything back.
func nothingKept(rt *rapid.T, o *sales.Order) {
	worth := o.ReturnedTotal
	for _, l := range o.Lines {
		if l.Returned < l.Quantity {
			return
		}
		worth -= l.Total
	}
	if worth != 0 {
		rt.Fatalf("all of order %s came back; what came is worth %d more than what was sold", o.Number, worth)
	}
}

// booked compares the entries of an order, summed up by line.
func (w *twins) booked(rt *rapid.T, order int) {
	var rows []struct {
		LineID *int64
		booked
		Allowed, Whole int64
	}
	err := db.Read(w.s.Ctx, w.s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, `SELECT line_id, sum(iif(own, quantity, 0)) AS quantity, sum(iif(own, gross, 0)) AS gross, sum(iif(own, discount, 0)) AS discount,
				sum(iif(own, tax, 0)) AS tax, sum(iif(own, total, 0)) AS total, sum(iif(kind = 'return', quantity, 0)) AS back, sum(iif(kind = 'return', tax, 0)) AS back_tax,
				sum(iif(kind = 'return', total, 0)) AS back_total, sum(iif(kind = 'allowance', total, 0)) AS allowed, sum(total) AS whole
			FROM (SELECT *, kind IN ('sale', 'edit', 'cancel') AS own FROM sale_entries WHERE order_id = ?1) GROUP BY line_id ORDER BY line_id`, w.orders[order].id)
	})
	if err != nil {
		rt.Fatal(err)
	}
	lines, shipping, allowed, owed := w.orders[order].books()
	var got []booked
	for _, r := range rows {
		if allowed, owed = allowed+r.Allowed, owed-r.Whole; r.LineID != nil {
			got = append(got, r.booked)
		} else {
			shipping.Gross, shipping.Tax, shipping.Total = shipping.Gross-r.Gross, shipping.Tax-r.Tax, shipping.Total-r.Total
		}
	}
	if diff := cmp.Diff(lines, got); diff != "" || shipping != (booked{}) || allowed != 0 || owed != 0 {
		rt.Fatalf("the entries of order %d differ by %+v for shipping, %d of allowances and %d of what is owed, and (-model +shop):\n%s", order, shipping, allowed, owed, diff)
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
	return w.drawOne(rt, func(*modelOrder) bool { return true })
}

// drawOne draws one of the last orders that are such.
func (w *twins) drawOne(rt *rapid.T, such func(*modelOrder) bool) int {
	var of []int
	for at := max(0, len(w.orders)-6); at < len(w.orders); at++ {
		if such(&w.orders[at]) {
			of = append(of, at)
		}
	}
	if of == nil {
		rt.Skip("no such orders yet")
	}
	return rapid.SampledFrom(of).Draw(rt, "order")
}

func (w *twins) place(rt *rapid.T) {
	o := modelOrder{place: rapid.IntRange(0, 1).Draw(rt, "place"), included: w.included, whole: drawOff(rt, 500)}
	in := sales.NewOrder{Channel: sales.Counter, LocationID: w.places[o.place], Fulfil: rapid.IntRange(0, 3).Draw(rt, "fulfil") == 0}
	for range rapid.IntRange(1, 3).Draw(rt, "lines") {
		v, q := rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.Int64Range(1, 4).Draw(rt, "quantity")
		o.variants, o.ordered, o.offs = append(o.variants, v), append(o.ordered, q), append(o.offs, drawOff(rt, 120))
		o.seals, o.passed, o.apart = append(o.seals, modelSeal{}), append(o.passed, 0), append(o.apart, false)
		l := line(w.variants[v], q)
		l.Discount = o.offs[len(o.offs)-1].asked()
		in.Lines = append(in.Lines, l)
	}
	in.Discount = o.whole.asked()
	o.shipping, o.shippingRate = drawShipping(rt)
	in.Shipping = &sales.NewShipping{Price: money.Amount(o.shipping), TaxRate: ptr(money.Rate(o.shippingRate))}
	o.price()
	paid := rapid.SampledFrom([]int64{0, 0, 500, o.sums.Total}).Draw(rt, "paid")
	if paid > 0 {
		in.Payments = []sales.NewPayment{{Method: "cash", Amount: money.Amount(paid)}}
	}
	w.both(rt, func(m *model) string { return m.placeOrder(o, paid, in.Fulfil) },
		func() (*sales.Order, error) { return sales.Place(w.s.Ctx, w.s.DB, in) })
}

// drawOff draws a discount: most often none.
func drawOff(rt *rapid.T, most int64) modelOff {
	switch rapid.IntRange(0, 4).Draw(rt, "discount") {
	case 0:
		return modelOff{n: rapid.Int64Range(0, most).Draw(rt, "amount")}
	case 1:
		return modelOff{rapid.Int64Range(0, 100_000).Draw(rt, "percent"), true}
	}
	return modelOff{}
}

func drawShipping(rt *rapid.T) (price, rate int64) {
	return rapid.SampledFrom([]int64{0, 0, 0, 1, 499}).Draw(rt, "shipping"), rapid.SampledFrom([]int64{0, 7_000, 19_000}).Draw(rt, "shipping rate")
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
	e := modelEdit{ordered: slices.Clone(o.ordered), offs: slices.Clone(o.offs), anew: make([]bool, len(o.offs)), whole: o.whole, shipping: o.shipping, shippingRate: o.shippingRate}
	in := sales.OrderChange{Lines: []sales.LineChange{}}
	for i, id := range w.lines(at) {
		if id == 0 {
			continue
		}
		c := sales.LineChange{ID: id, Quantity: max(0, o.ordered[i]+rapid.Int64Range(-2, 2).Draw(rt, "more"))}
		e.ordered[i] = c.Quantity
		if rapid.IntRange(0, 3).Draw(rt, "discounted") == 0 {
			e.offs[i], e.anew[i] = drawOff(rt, 120), true
			c.Discount = e.offs[i].asked()
		}
		if c.Quantity == 0 {
			c.Discount = nil
		}
		if c.Quantity > 0 || rapid.Bool().Draw(rt, "named") {
			in.Lines = append(in.Lines, c)
		}
		if c.Quantity == 0 {
			e.offs[i], e.anew[i] = modelOff{}, true
		}
	}
	for _, l := range w.more(rt, &e, rapid.IntRange(0, 2).Draw(rt, "added")) {
		in.Lines = append(in.Lines, sales.LineChange{VariantID: l.VariantID, Quantity: l.Quantity, Discount: l.Discount})
	}
	if rapid.IntRange(0, 2).Draw(rt, "discounted") == 0 {
		e.whole = drawOff(rt, 500)
		in.Discount = e.whole.asked()
	}
	if rapid.IntRange(0, 2).Draw(rt, "shipped") == 0 {
		e.shipping, e.shippingRate = drawShipping(rt)
		in.Shipping = &sales.NewShipping{Price: money.Amount(e.shipping), TaxRate: ptr(money.Rate(e.shippingRate))}
	}
	w.both(rt, func(m *model) string { return m.edit(at, e) }, asTried(rt,
		func() (*sales.Order, error) { return sales.TryEdit(w.s.Ctx, w.s.DB, o.id, in) },
		func() (*sales.Order, error) { return sales.Edit(w.s.Ctx, w.s.DB, o.id, in) }))
}

// more draws lines that are added to an order.
func (w *twins) more(rt *rapid.T, e *modelEdit, n int) (lines []sales.NewLine) {
	for range n {
		v, q, off := rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.Int64Range(1, 3).Draw(rt, "quantity"), drawOff(rt, 120)
		e.variants, e.more, e.offs = append(e.variants, v), append(e.more, q), append(e.offs, off)
		l := line(w.variants[v], q)
		l.Discount = off.asked()
		lines = append(lines, l)
	}
	return lines
}

func (w *twins) exchange(rt *rapid.T) { w.exchangeOf(rt, w.drawOrder(rt)) }

// passOn exchanges goods of an order that an amount is off.
func (w *twins) passOn(rt *rapid.T) {
	w.exchangeOf(rt, w.drawOne(rt, func(o *modelOrder) bool { return o.whole.n > 0 && !o.whole.percent && total(o.left) > total(o.back) }))
}

// bargain gives an order a discount in place of the one that an exchange passed on, which may be the same.
func (w *twins) bargain(rt *rapid.T) {
	at := w.drawOne(rt, func(o *modelOrder) bool { return total(o.passed) > 0 })
	o := w.orders[at]
	e := modelEdit{ordered: slices.Clone(o.ordered), offs: slices.Clone(o.offs), anew: make([]bool, len(o.offs)), whole: o.whole, shipping: o.shipping, shippingRate: o.shippingRate}
	if rapid.IntRange(0, 3).Draw(rt, "another") > 0 {
		e.whole = drawOff(rt, 500)
	}
	in := sales.OrderChange{Discount: e.whole.asked()}
	w.both(rt, func(m *model) string { return m.edit(at, e) },
		func() (*sales.Order, error) { return sales.Edit(w.s.Ctx, w.s.DB, o.id, in) })
}

func (w *twins) exchangeOf(rt *rapid.T, at int) {
	o := w.orders[at]
	e := modelEdit{ordered: slices.Clone(o.ordered), offs: slices.Clone(o.offs), whole: o.whole, shipping: o.shipping, shippingRate: o.shippingRate}
	in := sales.NewExchange{Fulfil: rapid.Bool().Draw(rt, "fulfil")}
	units, fates := make([]int64, len(o.ordered)), make([][3]int64, len(o.ordered))
	for i, id := range w.lines(at) {
		if id == 0 {
			continue
		}
		if units[i] = rapid.Int64Range(0, max(1, o.left[i]-o.back[i])).Draw(rt, "units"); units[i] == 0 {
			continue
		}
		fate := rapid.IntRange(0, 2).Draw(rt, "fate")
		fates[i][fate] = units[i]
		in.Lines = append(in.Lines, sales.ExchangedLine{ReceivedLine: sales.ReceivedLine{OrderLineID: id, Sellable: fates[i][0], Quarantine: fates[i][1], Waste: fates[i][2]}})
	}
	if in.Lines == nil {
		rt.Skip("nothing to give back")
	}
	in.Take = w.more(rt, &e, rapid.IntRange(1, 2).Draw(rt, "taken"))
	w.both(rt, func(m *model) string { return m.exchange(at, units, fates, e, in.Fulfil) }, asTried(rt,
		func() (*sales.Order, error) {
			return sales.TryExchange(w.s.Ctx, w.s.DB, o.id, sales.ExchangeTrial{Lines: in.Lines, Take: in.Take})
		},
		func() (*sales.Order, error) { return sales.Exchange(w.s.Ctx, w.s.DB, o.id, in) }))
}

// asTried does something that was tried before, and holds what comes of it to what was said.
func asTried(rt *rapid.T, try, do func() (*sales.Order, error)) func() (*sales.Order, error) {
	return func() (*sales.Order, error) {
		tried, refused := try()
		o, err := do()
		if err == nil {
			if refused != nil {
				rt.Fatalf("what was done was refused when tried: %v", refused)
			}
			if diff := cmp.Diff(balanceOf(o), balanceOf(tried)); diff != "" {
				rt.Fatalf("what was done is not what was tried (-done +tried):\n%s", diff)
			}
		}
		return o, err
	}
}

// balanceOf is what an order comes to.
func balanceOf(o *sales.Order) sales.Order {
	return sales.Order{Subtotal: o.Subtotal, Discount: o.Discount, ShippingTax: o.ShippingTax, Tax: o.Tax, Total: o.Total, ReturnedTotal: o.ReturnedTotal,
		Allowances: o.Allowances, Due: o.Due, DueBack: o.DueBack, PaymentStatus: o.PaymentStatus}
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
	in := sales.NewReturn{Approve: rapid.Bool().Draw(rt, "approved")}
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
	w.both(rt, func(m *model) string { return m.request(at, units, in.Approve) },
		w.ofReturn(o.id, func() (*sales.Return, error) { return sales.RequestReturn(w.s.Ctx, w.s.DB, o.id, in) }))
}

// nextOf is where a return most often goes.
var nextOf = map[sales.ReturnStatus]sales.ReturnStatus{sales.ReturnRequested: sales.ReturnApproved, sales.ReturnApproved: sales.ReturnReceived}

func (w *twins) moveReturnOf(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	if len(o.returns) == 0 {
		rt.Skip("no returns yet")
	}
	n := rapid.IntRange(0, len(o.returns)-1).Draw(rt, "return")
	to := rapid.SampledFrom([]sales.ReturnStatus{sales.ReturnApproved, sales.ReturnReceived, sales.ReturnRejected, sales.ReturnClosed}).Draw(rt, "to")
	if next, ok := nextOf[o.returns[n].status]; ok && rapid.IntRange(0, 3).Draw(rt, "as it comes") > 0 {
		to = next
	}
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
	amount := rapid.SampledFrom([]int64{max(1, o.paid-o.refunded-o.owed()), max(1, o.paid-o.refunded), 100, 500}).Draw(rt, "amount")
	in := sales.NewRefund{Method: "cash", Amount: money.Amount(amount), Allowance: rapid.Bool().Draw(rt, "allowance")}
	w.both(rt, func(m *model) string { return m.refund(at, amount, in.Allowance) },
		func() (*sales.Order, error) { return sales.Refund(w.s.Ctx, w.s.DB, o.id, in) })
}

func (w *twins) adjustOne(rt *rapid.T) {
	k := shelf{rapid.IntRange(0, 2).Draw(rt, "variant"), rapid.IntRange(0, 1).Draw(rt, "place")}
	w.adjust(rt, k, rapid.Int64Range(-5, 8).Filter(func(d int64) bool { return d != 0 }).Draw(rt, "delta"))
}

func (w *twins) adjust(rt *rapid.T, k shelf, delta int64) {
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

// steps is how many the model goes through the shop with, all rounds together; ONHAND_STEPS asks for others.
var steps int64 = 20_000

func TestTheShopDoesWhatTheModelDoes(t *testing.T) {
	t.Parallel()
	if n := os.Getenv("ONHAND_STEPS"); n != "" {
		var err error
		if steps, err = strconv.ParseInt(n, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var done, rounds atomic.Int64
	var wg sync.WaitGroup
	for range 4 { // side by side they share the waiting for the disk
		wg.Go(func() {
			for done.Load() < steps && !t.Failed() {
				round := rounds.Add(1)
				t.Run(fmt.Sprint("shop ", round), func(t *testing.T) { goThrough(t, round%2 == 0, &done) })
			}
		})
	}
	wg.Wait()
	t.Logf("%d steps in %d shops", done.Load(), rounds.Load())
}

// goThrough goes through a new shop with many models, one after the other, and counts the steps.
func goThrough(t *testing.T, included bool, done *atomic.Int64) {
	s := open(t)
	s.keepBooks("EUR", included)
	places := []int64{s.Location, s.openStore("Second store")}
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		w := &twins{model: &model{shelves: map[shelf]onShelf{}, holds: map[shelf][]hold{}}, s: s, included: included, places: places, done: done}
		for i, price := range prices {
			v := catalog.NewVariant{SKU: fmt.Sprintf("V%d-%d", runs, i), Price: money.Amount(price), Cost: ptr(money.Amount(60))}
			if waits(i) {
				v.Policy = catalog.Backorder
			}
			w.variants = append(w.variants, s.variant(v, money.Rate(taxes[i])))
		}
		for i := range w.variants {
			w.adjust(rt, shelf{i, 0}, 8)
		}
		rt.Repeat(w.actions())
		if runs%20 == 0 {
			s.wellKept(rt)
		}
	})
	s.Doctor(t)
}

func (w *twins) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":         w.check,
		"place":    w.place,
		"place 2":  w.place,
		"edit":     w.edit,
		"edit 2":   w.edit,
		"fulfil":   w.fulfil,
		"parcel":   w.moveParcelOf,
		"parcel 2": w.moveParcelOf,
		"exchange": w.exchange,
		"pass on":  w.passOn,
		"bargain":  w.bargain,
		"ask back": w.askBack,
		"ask 2":    w.askBack,
		"return":   w.moveReturnOf,
		"return 2": w.moveReturnOf,
		"refund":   w.giveBack,
		"adjust":   w.adjustOne,
		"adjust 2": w.adjustOne,
		"cancel": func(rt *rapid.T) {
			at := w.drawOrder(rt)
			w.both(rt, func(m *model) string { return m.cancel(at) },
				func() (*sales.Order, error) {
					return sales.Cancel(w.s.Ctx, w.s.DB, w.orders[at].id, sales.Cancellation{})
				})
		},
		"confirm": func(rt *rapid.T) {
			at := w.drawOrder(rt)
			w.both(rt, func(m *model) string { return m.confirm(at) },
				func() (*sales.Order, error) {
					return sales.Confirm(w.s.Ctx, w.s.DB, w.orders[at].id, sales.Command{})
				})
		},
		"pay": w.pay,
	}
}

func (w *twins) pay(rt *rapid.T) {
	at := w.drawOrder(rt)
	o := w.orders[at]
	rest := max(1, o.owed()-o.paid+o.refunded)
	amount := rapid.SampledFrom([]int64{rest, rest, 1, 500}).Draw(rt, "amount")
	w.both(rt, func(m *model) string { return m.pay(at, amount) }, func() (*sales.Order, error) {
		return sales.Pay(w.s.Ctx, w.s.DB, o.id, sales.NewPayment{Method: "card", Amount: money.Amount(amount)})
	})
}

// wellKept holds the books to the rules of this room and the one below.
func (s *shop) wellKept(rt *rapid.T) {
	for room, check := range map[string]func(context.Context, *db.DB) ([]db.Finding, error){"stock": stock.Check, "sales": sales.Check} {
		if found, err := check(s.Ctx, s.DB); err != nil || len(found) > 0 {
			rt.Fatalf("%s: %v, %v", room, found, err)
		}
	}
}
