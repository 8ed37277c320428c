package sales_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/outbox"
	"onhand/db/sales"
	"onhand/db/settings"
)

// web is an order from the web of a customer with an address.
func (s *shop) web(pays sales.Method, lines ...sales.NewLine) sales.NewOrder {
	return sales.NewOrder{Channel: sales.Web, LocationID: s.Location, PaymentMethod: pays, Lines: lines,
		Customer: &customers.Contact{Name: "Mia Sommer", Email: "mia@example.com"}}
}

func (s *shop) releaseHolds(want int) {
	s.t.Helper()
	if got, err := sales.ReleaseHolds(s.Ctx, s.DB); err != nil || got != want {
		s.t.Errorf("%d orders expired, %v; want %d", got, err, want)
	}
}

func (s *shop) keep(id int64, until *db.Time) (*sales.Order, error) {
	return sales.Edit(s.Ctx, s.DB, id, sales.OrderChange{HoldUntil: db.SomeTime(until)})
}

// mails are the kinds of the mails about an order, the oldest first.
func (s *shop) mails(orderID int64) (kinds []string) {
	s.t.Helper()
	mails, err := outbox.OfOrder(s.Ctx, s.DB, orderID)
	for _, m := range must(s, mails, err).Items {
		kinds = append(kinds, m.Kind)
	}
	slices.Reverse(kinds)
	return kinds
}

func TestAnUnpaidOrderExpiresWhenItsHoldEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 2)
	in := s.web("card", line(mug, 2))
	in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}
	o := s.place(in)
	if o.HoldUntil == nil || *o.HoldUntil != o.PlacedAt.Add(time.Hour) || o.PaymentMethod != "card" {
		t.Fatalf("held until %v, paid by %q", o.HoldUntil, o.PaymentMethod)
	}
	waits := s.place(s.counter(line(mug, 1)))
	s.Clock.Forward(time.Hour - time.Millisecond)
	s.leavesNothing(func() { s.releaseHolds(0) })
	s.Clock.Forward(time.Millisecond)
	s.releaseHolds(1)
	gone := s.order(o.ID)
	wantStates(t, gone, "expired, paid, unfulfilled")
	if gone.Due != 0 || *gone.HoldUntil != *o.HoldUntil || gone.Version != o.Version+1 || gone.Lines[0].Backordered != 0 {
		t.Errorf("expired as %+v", gone)
	}
	if s.order(waits.ID).Lines[0].Backordered != 0 {
		t.Error("what came free went to nobody")
	}
	s.Level(t, mug, dbtest.Level{OnHand: 2, Committed: 1})
	var quantity int64
	var total, tax money.Amount
	entries := s.entries(o.ID)
	for _, e := range entries {
		quantity, total, tax = quantity+e.Quantity, total+e.Total, tax+e.Tax
	}
	if len(entries) != 4 || quantity != 0 || total != 0 || tax != 0 || entries[3].Kind != "cancel" {
		t.Errorf("its entries are %v", entries)
	}
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "expired"}) {
		t.Errorf("the timeline says %v", got)
	}
	if got := s.mails(o.ID); !cmp.Equal(got, []string{"order-confirmed", "order-expired"}) {
		t.Errorf("the customer was mailed %v", got)
	}
	s.leavesNothing(func() {
		s.releaseHolds(0)
		_, err := sales.Pay(s.Ctx, s.DB, o.ID, sales.NewPayment{Method: "card", Amount: 3000})
		refusal(t, err, "not_payable")
		_, err = s.keep(o.ID, nil)
		refusal(t, err, "not_editable")
	})
	s.Doctor(t)
}

func TestAHoldIsAsLongAsItsChannelAndWayToPaySay(t *testing.T) {
	t.Parallel()
	s := open(t)
	bag := s.untracked("BAG", 50, 0)
	_, err := settings.Save(s.Ctx, s.DB, settings.Change{Holds: &settings.HoldChange{Transfer: ptr(3), Other: ptr(0), Counter: ptr(1), Phone: ptr(2)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		channel sales.Channel
		pays    sales.Method
		minutes int
	}{
		{sales.Web, "cash", 2880}, {sales.Web, "card", 60}, {sales.Web, "transfer", 3}, {sales.Web, "other", 0}, {sales.Web, "", 0},
		{sales.Counter, "card", 1}, {sales.Phone, "transfer", 2}, {sales.API, "cash", 0},
	} {
		o := s.place(sales.NewOrder{Channel: c.channel, LocationID: s.Location, PaymentMethod: c.pays, Lines: []sales.NewLine{line(bag, 1)}})
		got := 0
		if o.HoldUntil != nil {
			got = int(o.HoldUntil.Time().Sub(o.PlacedAt.Time()) / time.Minute)
		}
		if got != c.minutes {
			t.Errorf("%s by %q is held for %d minutes, want %d", c.channel, c.pays, got, c.minutes)
		}
	}
	s.Clock.Forward(time.Hour)
	s.releaseHolds(4) // the counter's expires without a mail
	s.Doctor(t)
}

func TestWhatEndsAHold(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	for name, end := range map[string]func(o *sales.Order) error{
		"any payment": func(o *sales.Order) error { s.pay(o.ID, 1); return nil },
		"confirming": func(o *sales.Order) error {
			_, err := sales.Confirm(s.Ctx, s.DB, o.ID, sales.Command{})
			return err
		},
		"packing": func(o *sales.Order) error { s.fulfil(o.ID, sales.NewFulfilment{}); return nil },
		"nothing to pay": func(o *sales.Order) error {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Discount: &sales.NewDiscount{Percent: ptr(money.Rate(100_000))}})
			return err
		},
		"keeping it":    func(o *sales.Order) error { _, err := s.keep(o.ID, nil); return err },
		"cancelling it": func(o *sales.Order) error { s.cancel(o.ID); return nil },
	} {
		o := s.place(s.web("card", line(mug, 1)))
		if err := end(o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := s.order(o.ID); got.HoldUntil != nil {
			t.Errorf("after %s it is held until %v", name, got.HoldUntil)
		}
	}
	paid := s.web("card", line(mug, 1))
	paid.Payments = []sales.NewPayment{{Method: "card", Amount: 1250}}
	if o := s.place(paid); o.HoldUntil != nil {
		t.Error("what is paid at once is held for a term")
	}
	draft := s.web("card", line(mug, 1))
	draft.Draft = true
	o := s.place(draft)
	if o.HoldUntil != nil {
		t.Error("a draft is held for a term")
	}
	s.Clock.Forward(24 * time.Hour)
	s.releaseHolds(0)
	placed, err := sales.PlaceDraft(s.Ctx, s.DB, o.ID, sales.Command{})
	if o := must(s, placed, err); o.HoldUntil == nil || *o.HoldUntil != o.PlacedAt.Add(time.Hour) {
		t.Errorf("a draft that was placed is held until %v", o.HoldUntil)
	}
	s.Doctor(t)
}

func TestStaffHoldAnOrderForLonger(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	o := s.place(s.web("card", line(mug, 1)))
	later := o.PlacedAt.Add(5 * time.Hour)
	kept, err := s.keep(o.ID, &later)
	if o := must(s, kept, err); *o.HoldUntil != later {
		t.Errorf("held until %v", o.HoldUntil)
	}
	s.leavesNothing(func() { _, err := s.keep(o.ID, &later); must(s, o, err) })
	s.Clock.Forward(4 * time.Hour)
	s.releaseHolds(0)
	paid := s.pay(s.place(s.counter(line(mug, 1))).ID, 5)
	s.leavesNothing(func() {
		for _, wrong := range []db.Time{o.PlacedAt.Add(4 * time.Hour), o.PlacedAt.Add(10_000 * time.Hour)} {
			_, err := s.keep(o.ID, &wrong)
			refusal(t, err, "bad_hold")
		}
		_, err := s.keep(paid.ID, &later)
		refusal(t, err, "not_held")
	})
	counter := s.place(s.counter(line(mug, 1)))
	_, err = s.keep(counter.ID, &later)
	must(s, o, err)
	s.Clock.Forward(time.Hour)
	s.releaseHolds(2)
	if got := s.mails(counter.ID); got != nil {
		t.Errorf("at the counter somebody was mailed %v", got)
	}
	s.Doctor(t)
}

func TestAPaymentAndTheEndOfAHoldAreNeverBoth(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 40)
	var orders []*sales.Order
	for range 40 {
		orders = append(orders, s.place(s.web("card", line(mug, 1))))
	}
	s.Clock.Forward(time.Hour)
	var wg sync.WaitGroup
	released := dbtest.Outcomes{}
	wg.Go(func() {
		released = dbtest.Together(2, func() error { _, err := sales.ReleaseHolds(s.Ctx, s.DB); return err })
	})
	refused := make([]error, len(orders))
	for i, o := range slices.Backward(orders) { // they meet in the middle
		_, refused[i] = sales.Pay(s.Ctx, s.DB, o.ID, sales.NewPayment{Method: "card", Amount: 1250})
	}
	wg.Wait()
	released.AllOthers(t, "none may fail")
	left := int64(0)
	for i, o := range orders {
		o = s.order(o.ID)
		switch {
		case refused[i] == nil && states(o) == "placed, paid, unfulfilled" && o.Paid == 1250:
			left++
		case db.CodeOf(refused[i]) == "not_payable" && states(o) == "expired, paid, unfulfilled" && o.Paid == 0:
		default:
			t.Errorf("order %s is %s with %d paid after %v", o.Number, states(o), o.Paid, refused[i])
		}
	}
	s.Level(t, mug, dbtest.Level{OnHand: 40, Committed: left})
	s.Doctor(t)
}

func TestNobodyIsBlockedByTheirOwnHold(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 1)
	first := s.place(s.web("card", line(mug, 1)))
	again := s.web("transfer", line(mug, 1))
	s.leavesNothing(func() {
		_, err := sales.Place(s.Ctx, s.DB, again)
		refusal(t, err, "out_of_stock")
		wrong := again
		wrong.Replaces = "made up"
		_, err = sales.Place(s.Ctx, s.DB, wrong)
		refusal(t, err, "out_of_stock")
		wrong.Replaces = first.Token
		wrong.Lines = []sales.NewLine{line(mug, 2)}
		_, err = sales.Place(s.Ctx, s.DB, wrong)
		refusal(t, err, "out_of_stock")
		wrong.Channel = sales.Phone
		_, err = sales.Place(s.Ctx, s.DB, wrong)
		refusal(t, err, "web_only")
		wrong = again
		wrong.Replaces, wrong.Draft = first.Token, true
		_, err = sales.Place(s.Ctx, s.DB, wrong)
		refusal(t, err, "draft_only")
		wrong.Draft = false
		_, err = sales.Place(db.WithActor(s.Ctx, db.Actor{Kind: db.TokenActor, ID: 3, Permissions: db.Allow("orders.create")}), s.DB, wrong)
		refusal(t, err, "forbidden")
	})
	again.Replaces = first.Token
	second := s.place(again)
	wantStates(t, s.order(first.ID), "cancelled, paid, unfulfilled")
	if got := s.kinds(first.ID); !cmp.Equal(got, []string{"placed", "replaced"}) {
		t.Errorf("the timeline says %v", got)
	}
	if got := s.mails(first.ID); !cmp.Equal(got, []string{"order-confirmed"}) {
		t.Errorf("the customer was mailed %v about what they replaced", got)
	}
	s.pay(second.ID, 1)
	s.leavesNothing(func() {
		again.Replaces = second.Token
		_, err := sales.Place(s.Ctx, s.DB, again)
		refusal(t, err, "out_of_stock") // what is paid is not given up
	})
	s.Level(t, mug, dbtest.Level{OnHand: 1, Committed: 1})
	s.Doctor(t)
}

func TestOneOrderThatCannotExpireKeepsNoOther(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	broken, sound := s.place(s.web("card", line(mug, 1))), s.place(s.web("card", line(mug, 1)))
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM reservations WHERE order_id = ?1", broken.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Forward(time.Hour)
	if n, err := sales.ReleaseHolds(s.Ctx, s.DB); n != 1 || err == nil {
		t.Errorf("%d expired, %v", n, err)
	}
	wantStates(t, s.order(broken.ID), "placed, pending, unfulfilled")
	wantStates(t, s.order(sound.ID), "expired, paid, unfulfilled")
}

func TestAChangeOfAnOrderTellsNoEndFromAbsent(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{`{}`: false, `{"holdUntil":null}`: true, `{"holdUntil":"2026-11-20T12:00:00Z"}`: true} {
		var c sales.OrderChange
		if err := json.Unmarshal([]byte(in), &c); err != nil || c.HoldUntil.Sent != want {
			t.Errorf("%s says %v, %v", in, c.HoldUntil, err)
		}
	}
}
