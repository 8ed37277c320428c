package sales_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

func TestAnOrderLeavesInParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.Stocked("CUP", 5)
	o := s.place(s.counter(line(mug, 3), line(cup, 2)))
	some := sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 2}}, Carrier: "DHL", TrackingNumber: "JJD1", Ship: true}
	o = s.fulfil(o.ID, some)
	wantStates(t, o, "confirmed, pending, partially_fulfilled")
	if f := o.Fulfilments[0]; f.Status != sales.Shipped || f.Carrier != "DHL" || f.TrackingNumber != "JJD1" || f.Lines[0].Quantity != 2 {
		t.Errorf("the parcel: %+v", f)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 1})
	for _, c := range []struct {
		name, code, field string
		lines             []sales.NewParcelLine
	}{
		{"more than is left", "too_many", "lines[0].quantity", []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 2}}},
		{"more than is left in two lines", "too_many", "lines[1].quantity", []sales.NewParcelLine{{OrderLineID: o.Lines[1].ID, Quantity: 1}, {OrderLineID: o.Lines[1].ID, Quantity: 2}}},
		{"a line of another order", "not_found", "lines[0].orderLineId", []sales.NewParcelLine{{OrderLineID: 404, Quantity: 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{Lines: c.lines, Ship: true})
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q", e.Field)
				}
			})
		})
	}
	o = s.fulfil(o.ID, sales.NewFulfilment{}) // all that is left, packed
	wantStates(t, o, "confirmed, pending, partially_fulfilled")
	s.leavesNothing(func() {
		_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{})
		refusal(t, err, "nothing_left")
		_, err = sales.Fulfil(s.Ctx, s.DB, o.ID, some)
		refusal(t, err, "too_many")
	})
	s.Level(t, cup, dbtest.Level{OnHand: 5, Committed: 2})
	o = s.move(o.Fulfilments[1].ID, sales.Shipped)
	wantStates(t, o, "confirmed, pending, fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 2})
	s.Level(t, cup, dbtest.Level{OnHand: 3})
	wantStates(t, s.move(o.Fulfilments[1].ID, sales.Delivered), "confirmed, pending, fulfilled")
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "shipped", "packed", "shipped", "delivered"}) {
		t.Errorf("the timeline says %v", got)
	}
	s.Doctor(t)
}

func TestAPickupIsPackedReadyAndCollected(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.place(s.counter(line(mug, 1)))
	o = s.fulfil(o.ID, sales.NewFulfilment{Pickup: true})
	id := o.Fulfilments[0].ID
	wantStates(t, o, "placed, pending, unfulfilled")
	s.move(id, sales.Ready)
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 1})
	s.leavesNothing(func() {
		_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{})
		refusal(t, err, "nothing_left")
	})
	wantStates(t, s.move(id, sales.Collected), "confirmed, pending, fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 4})
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "packed", "ready", "collected"}) {
		t.Errorf("the timeline says %v", got)
	}
	at := s.fulfil(s.place(s.counter(line(mug, 1))).ID, sales.NewFulfilment{Pickup: true, Ship: true})
	if at.Fulfilments[0].Status != sales.Collected {
		t.Errorf("a pickup that leaves at once is %s", at.Fulfilments[0].Status)
	}
	s.Doctor(t)
}

func TestAParcelMovesAlongItsPathOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	path := map[bool]map[sales.ParcelStatus][]sales.ParcelStatus{ // how a parcel or pickup gets to a status
		false: {sales.Packed: {}, sales.Shipped: {sales.Shipped}, sales.Delivered: {sales.Shipped, sales.Delivered}, sales.ParcelDropped: {sales.ParcelDropped}},
		true:  {sales.Packed: {}, sales.Ready: {sales.Ready}, sales.Collected: {sales.Collected}, sales.ParcelDropped: {sales.ParcelDropped}},
	}
	legal := map[bool]map[sales.ParcelStatus][]sales.ParcelStatus{
		false: {sales.Packed: {sales.Shipped, sales.ParcelDropped}, sales.Shipped: {sales.Delivered, sales.ParcelDropped}},
		true:  {sales.Packed: {sales.Ready, sales.Collected, sales.ParcelDropped}, sales.Ready: {sales.Collected, sales.ParcelDropped}},
	}
	for pickup, paths := range path {
		for from, steps := range paths {
			for _, to := range []sales.ParcelStatus{sales.Shipped, sales.Delivered, sales.Ready, sales.Collected, sales.ParcelDropped} {
				t.Run(fmt.Sprintf("pickup %t from %s to %s", pickup, from, to), func(t *testing.T) {
					o := s.fulfil(s.place(s.counter(line(mug, 1))).ID, sales.NewFulfilment{Pickup: pickup})
					id := o.Fulfilments[0].ID
					for _, step := range steps {
						o = s.move(id, step)
					}
					before := s.books()
					after, err := sales.MoveParcel(s.Ctx, s.DB, id, to, sales.Command{Version: &o.Version})
					switch {
					case from == to:
						if diff := cmp.Diff(wire(t, o), wire(t, must(s, after, err))); diff != "" || !cmp.Equal(before, s.books()) {
							t.Errorf("moved twice (-once +twice):\n%s", diff)
						}
					case slices.Contains(legal[pickup][from], to):
						if must(s, after, err).Fulfilments[0].Status != to || after.Version != o.Version+1 {
							t.Errorf("the parcel is %s in version %d", after.Fulfilments[0].Status, after.Version)
						}
					default:
						e := refusal(t, err, "illegal_move")
						if e.Params["from"] != from || e.Params["to"] != to || e.Kind != db.Conflict || !cmp.Equal(before, s.books()) {
							t.Errorf("refused with %+v", e)
						}
					}
				})
			}
		}
	}
	s.Doctor(t)
}

func TestAStaleParcelMoveIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.fulfil(s.place(s.counter(line(s.Stocked("MUG", 1), 1))).ID, sales.NewFulfilment{})
	_, err := sales.MoveParcel(s.Ctx, s.DB, o.Fulfilments[0].ID, sales.Shipped, sales.Command{Version: ptr(o.Version - 1)})
	refusal(t, err, "stale")
	_, err = sales.MoveParcel(s.Ctx, s.DB, 404, sales.Shipped, sales.Command{})
	refusal(t, err, "not_found")
}

func TestACancelledParcelPutsEverythingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	in := s.counter(line(mug, 2))
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 2500}}
	o := s.place(in)
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	wantStates(t, o, "completed, paid, fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 3})
	back := s.move(o.Fulfilments[0].ID, sales.ParcelDropped)
	wantStates(t, back, "confirmed, paid, unfulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 2})
	page, err := stock.Movements(s.Ctx, s.DB, stock.MovementFilter{VariantID: mug})
	if m := must(s, page, err).Items[0]; m.Delta != 2 || m.Reason != stock.Reversal || *m.UnitCost != 600 {
		t.Errorf("the reversal: %+v", m)
	}
	again := s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	wantStates(t, again, "completed, paid, fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 3})
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "paid", "shipped", "completed", "parcel_cancelled", "shipped", "completed"}) {
		t.Errorf("the timeline says %v", got)
	}
	s.Doctor(t)
}

func TestAReversalBringsBackTheCostThatLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 2) // 2 at 600
	o := s.fulfil(s.place(s.counter(line(mug, 2))).ID, sales.NewFulfilment{Ship: true})
	s.adjust(stock.AdjustLine{VariantID: mug, Delta: ptr(int64(2)), UnitCost: ptr(money.Amount(1000))})
	s.move(o.Fulfilments[0].ID, sales.ParcelDropped)
	var quantity, value int64
	if err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT quantity, value FROM costs WHERE variant_id = ?1", []any{mug}, &quantity, &value)
	}); err != nil {
		t.Fatal(err)
	}
	if quantity != 4 || value != 3200 {
		t.Errorf("%d are worth %d, want 4 worth 3200", quantity, value)
	}
	s.Doctor(t)
}

func TestAParcelFromAnotherStoreTakesItsStock(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	second := s.openStore("Second store")
	s.receiveAt(second, mug, 3)
	there := func(want dbtest.Level) {
		t.Helper()
		other := *s.Shop
		other.Location = second
		other.Level(t, mug, want)
	}
	o := s.place(s.counter(line(mug, 4)))
	o = s.fulfil(o.ID, sales.NewFulfilment{LocationID: second, Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 3}}})
	wantStates(t, o, "confirmed, pending, partially_fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 1})
	there(dbtest.Level{})
	s.Doctor(t)
	s.leavesNothing(func() {
		_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{LocationID: second, Ship: true})
		if e := refusal(t, err, "out_of_stock"); e.Message != "None left at Second store." {
			t.Errorf("refused: %s", e.Message)
		}
	})

	other := s.place(s.counter(line(mug, 3))) // takes what the parcel gave back
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 4})
	s.move(o.Fulfilments[0].ID, sales.ParcelDropped)
	there(dbtest.Level{OnHand: 3})
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 5, Backordered: 2})
	if got := s.order(o.ID).Lines[0].Backordered; got != 2 {
		t.Errorf("%d wait, want 2", got)
	}
	s.Doctor(t)
	s.cancel(other.ID)
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 4})
	s.Doctor(t)
}

func TestAReturnedParcelTellsOfBothStores(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 1)
	second := s.openStore("Second store")
	s.receiveAt(second, mug, 1)
	o := s.fulfil(s.place(s.counter(line(mug, 1))).ID, sales.NewFulfilment{LocationID: second, Ship: true})
	_, last, err := db.EventRange(s.Ctx, s.DB)
	if err != nil {
		t.Fatal(err)
	}
	s.move(o.Fulfilments[0].ID, sales.ParcelDropped)
	events, err := db.Events(s.Ctx, s.DB, last, 100)
	if err != nil {
		t.Fatal(err)
	}
	told := map[int64]bool{}
	for _, e := range events {
		if e.Topic == "stock" {
			told[*e.LocationID] = true
		}
	}
	if !told[s.Location] || !told[second] {
		t.Errorf("only %v heard of it", told)
	}
}
