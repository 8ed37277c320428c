package sales_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

func TestAPlacedOrderReservesItsStock(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.place(s.counter(line(mug, 2)))
	wantStates(t, o, "placed, pending, unfulfilled")
	if o.Number != "1001" || o.BusinessDate == nil || *o.BusinessDate != "2026-11-20" || *o.PlacedAt != db.TimeOf(s.Clock.Now()) || len(o.Token) < 20 {
		t.Errorf("placed as %s on %v at %v with token %q", o.Number, o.BusinessDate, o.PlacedAt, o.Token)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 2})
	want := []entry{{"2026-11-20", "sale", 2, 2500, 0, 399, 2500, 1200}}
	if diff := cmp.Diff(want, s.entries(o.ID)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed"}) {
		t.Errorf("the timeline says %v", got)
	}
	if diff := cmp.Diff(wire(t, o), wire(t, s.order(o.ID))); diff != "" {
		t.Errorf("the reply is not what is read (-reply +read):\n%s", diff)
	}
	s.Doctor(t)
}

func TestAShortOrderNamesEachLineAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup, pot, jug := s.Stocked("MUG", 5), s.Stocked("CUP", 1), s.Stocked("POT", 0), s.Stocked("JUG", 3)
	s.place(s.counter(line(mug, 1)))
	in := s.counter(line(mug, 4), line(cup, 2), line(pot, 1), line(jug, 2), line(jug, 2))
	in.Customer = &customers.Contact{Name: "Grace", Email: "grace@example.com"}
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 1}}
	s.leavesNothing(func() {
		ctx := db.WithKey(s.Ctx, "POST /orders", "short")
		_, err := sales.Place(ctx, s.DB, in)
		e := refusal(t, err, "out_of_stock")
		var got []string
		for _, one := range append([]*db.Error{e}, e.Also...) {
			got = append(got, fmt.Sprintf("%s: %s %v", one.Field, one.Message, one.Params["left"]))
		}
		want := []string{
			"lines[1].quantity: Only 1 left at Main store. 1",
			"lines[2].quantity: None left at Main store. 0",
			"lines[4].quantity: Only 1 left at Main store. 1",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("blamed (-want +got):\n%s", diff)
		}
		if e.Kind != db.Conflict {
			t.Errorf("the refusal is of kind %d", e.Kind)
		}
	})
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 1})
	s.Level(t, jug, dbtest.Level{OnHand: 3})
	if o := s.place(s.counter(line(cup, 1))); o.Number != "1002" {
		t.Errorf("the next order is %s: a refused one took a number", o.Number)
	}
	s.Doctor(t)
}

func TestACounterSaleIsPaidHandedOverAndCompletedAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, bag := s.Stocked("MUG", 5), s.untracked("BAG", 50, 19_000)
	in := s.counter(line(mug, 2), line(bag, 1))
	in.Payments = []sales.NewPayment{{Method: "card", Amount: 1000}, {Method: "cash", Amount: 1550, Tendered: ptr(money.Amount(2000))}}
	in.Fulfil = true
	o := s.place(in)
	wantStates(t, o, "completed, paid, fulfilled")
	if o.Paid != 2550 || o.Due != 0 || len(o.Payments) != 2 || *o.Payments[1].Tendered != 2000 {
		t.Errorf("paid %d, due %d by %+v", o.Paid, o.Due, o.Payments)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 3})
	page, err := stock.Movements(s.Ctx, s.DB, stock.MovementFilter{VariantID: mug})
	moved := must(s, page, err).Items[0]
	if moved.Delta != -2 || moved.Reason != stock.Sale || moved.Balance != 3 || *moved.Document != (stock.Document{Type: "order", ID: o.ID, Number: o.Number}) || *moved.UnitCost != 600 {
		t.Errorf("the movement: %+v of %+v", moved, moved.Document)
	}
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "paid", "paid", "collected", "completed"}) {
		t.Errorf("the timeline says %v", got)
	}
	if diff := cmp.Diff(wire(t, o), wire(t, s.order(o.ID))); diff != "" {
		t.Errorf("the reply is not what is read (-reply +read):\n%s", diff)
	}
	s.Doctor(t)
}

func TestWhatIsNotCoveredWaitsUnderBackorder(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 3)
	none := s.onBackorder("NONE", 0)
	o := s.place(s.counter(line(mug, 5), line(none, 2)))
	if o.Lines[0].Backordered != 2 || o.Lines[1].Backordered != 2 {
		t.Errorf("lines wait for %d and %d, want 2 and 2", o.Lines[0].Backordered, o.Lines[1].Backordered)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 3, Backordered: 2})
	s.Level(t, none, dbtest.Level{Backordered: 2})
	_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{Ship: true})
	if e := refusal(t, err, "not_covered"); e.Params["covered"] != int64(3) {
		t.Errorf("%v are covered, want 3", e.Params["covered"])
	}
	s.Receive(mug, 1)
	s.Level(t, mug, dbtest.Level{OnHand: 4, Committed: 4, Backordered: 1})
	if got := s.order(o.ID).Lines[0].Backordered; got != 1 {
		t.Errorf("after a receipt %d wait, want 1", got)
	}
	s.Receive(mug, 10)
	s.Receive(none, 2)
	wantStates(t, s.fulfil(o.ID, sales.NewFulfilment{Ship: true}), "confirmed, pending, fulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 9})
	s.Doctor(t)
}

func TestWhatIsNotTrackedSellsWithoutStock(t *testing.T) {
	t.Parallel()
	s := open(t)
	bag := s.untracked("BAG", 50, 0)
	in := s.counter(line(bag, 1_000))
	in.Fulfil = true
	wantStates(t, s.place(in), "confirmed, pending, fulfilled")
	if n := s.books()["movements"] + s.books()["reservations"]; n != 0 {
		t.Errorf("%d movements and reservations of what is not tracked", n)
	}
	s.Doctor(t)
}

func TestWhatDoesNotExistCannotBeSold(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	old := s.Stocked("OLD", 5)
	var product int64
	if err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT product_id FROM variants WHERE id = ?1", []any{old}, &product)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Archive(s.Ctx, s.DB, product); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code, field string
		change            func(*sales.NewOrder)
	}{
		{"an archived variant", "archived", "lines[1].variantId", func(o *sales.NewOrder) { o.Lines[1].VariantID = old }},
		{"an unknown variant", "not_found", "lines[1].variantId", func(o *sales.NewOrder) { o.Lines[1].VariantID = 404 }},
		{"an unknown location", "not_found", "locationId", func(o *sales.NewOrder) { o.LocationID = 404 }},
		{"an unknown customer", "not_found", "customerId", func(o *sales.NewOrder) { o.CustomerID = ptr(int64(404)) }},
		{"an email that is none", "bad_email", "customer.email", func(o *sales.NewOrder) { o.Customer = &customers.Contact{Email: "grace"} }},
		{"a name with a line break", "bad_text", "customer.name", func(o *sales.NewOrder) { o.Customer = &customers.Contact{Name: "a\nb"} }},
		{"a note with a control character", "bad_text", "note", func(o *sales.NewOrder) { o.Note = "a\x00b" }},
		{"a reason that is too long", "too_long", "discount.reason", func(o *sales.NewOrder) {
			o.Discount = &sales.NewDiscount{Amount: ptr(money.Amount(1)), Reason: strings.Repeat("a", 201)}
		}},
		{"a payment of nothing", "bad_amount", "payments[0].amount", func(o *sales.NewOrder) { o.Payments = []sales.NewPayment{{Method: "cash"}} }},
		{"a draft that is paid", "draft_only", "draft", func(o *sales.NewOrder) {
			o.Draft, o.Payments = true, []sales.NewPayment{{Method: "cash", Amount: 1}}
		}},
		{"a draft that is handed over", "draft_only", "draft", func(o *sales.NewOrder) { o.Draft, o.Fulfil = true, true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := s.counter(line(mug, 1), line(mug, 1))
			c.change(&in)
			s.leavesNothing(func() {
				_, err := sales.Place(s.Ctx, s.DB, in)
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q, want %q", e.Field, c.field)
				}
			})
		})
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
}

func TestANameForAKnownCustomerIsCheckedToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	c, err := customers.Create(s.Ctx, s.DB, customers.NewCustomer{Contact: customers.Contact{Name: "Grace", Phone: "1"}})
	in := s.counter(line(mug, 1))
	in.CustomerID, in.Customer = &must(s, c, err).ID, &customers.Contact{Name: "a\x00b"}
	s.leavesNothing(func() {
		_, err := sales.Place(s.Ctx, s.DB, in)
		if e := refusal(t, err, "bad_text"); e.Field != "customer.name" {
			t.Errorf("blamed %q", e.Field)
		}
	})
	in.Customer = &customers.Contact{Name: " Grace for Alan ", Phone: "2"}
	o := s.place(in)
	if o.Customer.Name != "Grace for Alan" || o.Customer.Phone != "2" || *o.Customer.ID != c.ID {
		t.Errorf("the order names %+v", o.Customer)
	}
	known, err := customers.ByID(s.Ctx, s.DB, c.ID)
	if known = must(s, known, err); known.Name != "Grace" || known.Phone != "1" {
		t.Errorf("an order changed its customer: %+v", known)
	}
}

func TestACustomerTypedAtTheCounterIsFoundAgainByEmail(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	typed := func(name, email, phone string) *sales.Order {
		in := s.counter(line(mug, 1))
		in.Customer = &customers.Contact{Name: name, Email: email, Phone: phone}
		return s.place(in)
	}
	first := typed("Grace", "Grace@Example.com", "")
	second := typed("", " grace@example.COM ", "+49 30 123")
	if *first.Customer.ID != *second.Customer.ID || second.Customer.Name != "Grace" || second.Customer.Phone != "+49 30 123" {
		t.Errorf("one email, two customers: %+v and %+v", first.Customer, second.Customer)
	}
	if third := typed("Grace H.", "grace@example.com", ""); third.Customer.Name != "Grace H." || *third.Customer.ID != *first.Customer.ID {
		t.Errorf("the order names %+v", third.Customer)
	}
	if nobody := typed("", "", ""); nobody.Customer != nil {
		t.Errorf("nothing typed made %+v", nobody.Customer)
	}
	if n := s.books()["customers"]; n != 1 {
		t.Errorf("%d customers, want 1", n)
	}
	s.Doctor(t)
}
