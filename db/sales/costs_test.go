package sales_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

func TestCostsStayWithThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	eva := employee()
	in := s.counter(line(mug, 2))
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 100}}
	o, err := sales.Place(db.WithKey(eva, "POST /orders", "k"), s.DB, in)
	must(s, o, err)
	replies := map[string]string{"placed": wire(t, o)}
	keep := func(name string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		replies[name] = wire(t, v)
	}
	again, err := sales.Place(db.WithKey(eva, "POST /orders", "k"), s.DB, in)
	keep("placed again", again, err)
	read, err := sales.OrderByID(eva, s.DB, o.ID)
	keep("read", read, err)
	list, err := sales.Orders(eva, s.DB, sales.OrderFilter{})
	keep("listed", list, err)
	shipped, err := sales.Fulfil(eva, s.DB, o.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}, Ship: true})
	keep("shipped", shipped, err)
	line, err := sales.Timeline(eva, s.DB, o.ID, db.List{})
	keep("timeline", line, err)
	stale, err := sales.Confirm(eva, s.DB, s.place(in).ID, sales.Command{Version: ptr(int64(99))})
	if stale != nil {
		t.Error("a stale version was taken")
	}
	keep("stale", refusal(t, err, "stale").Params, nil)
	back, err := sales.MoveParcel(eva, s.DB, shipped.Fulfilments[0].ID, sales.ParcelDropped, sales.Command{})
	keep("back", back, err)
	gone, err := sales.Cancel(eva, s.DB, o.ID, sales.Cancellation{})
	keep("cancelled", gone, err)
	moves, err := stock.Movements(eva, s.DB, stock.MovementFilter{})
	keep("movements", moves, err)
	why, err := stock.Explain(eva, s.DB, mug, s.Location)
	keep("explained", why, err)
	for name, reply := range replies {
		if strings.Contains(strings.ToLower(reply), "cost") {
			t.Errorf("%s shows a cost: %s", name, reply)
		}
	}

	if got := s.order(o.ID).Lines[0].UnitCost; got == nil || *got != 600 {
		t.Errorf("the owner sees a cost of %v, want 600", got)
	}
	want := []entry{{"2026-11-20", "sale", 2, 2500, 0, 399, 2500, 1200}, {"2026-11-20", "cancel", -2, -2500, 0, -399, -2500, -1200}}
	if diff := cmp.Diff(want, s.entries(o.ID)); diff != "" {
		t.Errorf("the books (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}

func TestALaterChangeOfAProductDoesNotMoveItsOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Mug", TaxRate: ptr(money.Rate(19_000)), Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1250, Cost: ptr(money.Amount(600))}}})
	mug := must(s, p, err).Variants[0].ID
	s.Receive(mug, 5)
	o := s.place(s.counter(line(mug, 2)))
	_, err = catalog.Update(s.Ctx, s.DB, p.ID, catalog.ProductChange{Name: ptr("Cup"), TaxRate: ptr(money.Rate(7_000)),
		Variants: []catalog.VariantChange{{ID: mug, SKU: ptr("CUP"), Price: ptr(money.Amount(1)), Cost: money.Some(ptr(money.Amount(2)))}}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wire(t, o), wire(t, s.order(o.ID))); diff != "" {
		t.Errorf("the order moved (-placed +now):\n%s", diff)
	}
	s.cancel(o.ID)
	want := []entry{{"2026-11-20", "sale", 2, 2500, 0, 399, 2500, 1200}, {"2026-11-20", "cancel", -2, -2500, 0, -399, -2500, -1200}}
	if diff := cmp.Diff(want, s.entries(o.ID)); diff != "" {
		t.Errorf("the books (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}
