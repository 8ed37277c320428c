package sales_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestAConfirmedOrderAnswersTheSameTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 2), 1)))
	confirmed, err := sales.Confirm(s.Ctx, s.DB, o.ID, sales.Command{Version: &o.Version})
	wantStates(t, must(s, confirmed, err), "confirmed, pending, unfulfilled")
	if confirmed.Version != o.Version+1 {
		t.Errorf("its version is %d after %d", confirmed.Version, o.Version)
	}
	s.leavesNothing(func() {
		again, err := sales.Confirm(s.Ctx, s.DB, o.ID, sales.Command{Version: &o.Version})
		if diff := cmp.Diff(wire(t, confirmed), wire(t, must(s, again, err))); diff != "" {
			t.Errorf("confirmed twice (-once +twice):\n%s", diff)
		}
	})
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "confirmed"}) {
		t.Errorf("the timeline says %v", got)
	}
}

func TestACancelledOrderGivesItsStockBackOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, bag := s.Stocked("MUG", 5), s.untracked("BAG", 50, 0)
	in := s.counter(line(mug, 2), line(bag, 1))
	in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}
	in.Payments = []sales.NewPayment{{Method: "card", Amount: 1000}}
	o := s.place(in)
	s.fulfil(o.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}})
	s.at("2026-11-23T09:00:00Z")
	gone := s.cancel(o.ID)
	wantStates(t, gone, "cancelled, overpaid, unfulfilled")
	if gone.Due != 0 || gone.Paid != 1000 || gone.CancelReason != "changed their mind" || gone.Fulfilments[0].Status != sales.ParcelDropped {
		t.Errorf("cancelled as %+v", gone)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	want := []entry{
		{"2026-11-20", "sale", 2, 2500, 0, 399, 2500, 1200},
		{"2026-11-20", "sale", 1, 50, 0, 0, 50, 0},
		{"2026-11-20", "sale", 0, 500, 0, 80, 500, 0},
		{"2026-11-23", "cancel", -2, -2500, 0, -399, -2500, -1200},
		{"2026-11-23", "cancel", -1, -50, 0, 0, -50, 0},
		{"2026-11-23", "cancel", 0, -500, 0, -80, -500, 0},
	}
	if diff := cmp.Diff(want, s.entries(o.ID)); diff != "" {
		t.Errorf("the entries (-want +got):\n%s", diff)
	}
	s.leavesNothing(func() {
		again, err := sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{Reason: "again", Command: sales.Command{Version: &o.Version}})
		if diff := cmp.Diff(wire(t, gone), wire(t, must(s, again, err))); diff != "" {
			t.Errorf("cancelled twice (-once +twice):\n%s", diff)
		}
	})
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}

func TestACancelledOrderLeavesNothingInTheBooksWhateverWasLetOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.counter(line(s.Stocked("MUG", 5), 2))
	in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}
	o := s.place(in)
	s.refund(s.pay(o.ID, o.Total).ID, sales.NewRefund{Amount: 333, Allowance: true})
	if o = s.cancel(o.ID); o.Allowances != 0 || o.DueBack != 3000-333 {
		t.Errorf("allowances of %d, %d to give back", o.Allowances, o.DueBack)
	}
	var left entry
	for _, e := range s.entries(o.ID) {
		left.Quantity, left.Gross, left.Discount = left.Quantity+e.Quantity, left.Gross+e.Gross, left.Discount+e.Discount
		left.Tax, left.Total, left.Cost = left.Tax+e.Tax, left.Total+e.Total, left.Cost+e.Cost
	}
	if left != (entry{}) {
		t.Errorf("the books keep %+v", left)
	}
	s.Doctor(t)
}

func TestManyCancelAnOrderOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.place(s.counter(line(mug, 5)))
	dbtest.Together(50, func() error { _, err := sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{}); return err }).AllOthers(t, "none may fail")
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "cancelled"}) {
		t.Errorf("the timeline says %v", got)
	}
	s.Doctor(t)
}

func TestADraftIsCancelledWithoutATrace(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	in := s.counter(line(mug, 2))
	in.Draft = true
	o := s.cancel(s.place(in).ID)
	wantStates(t, o, "cancelled, paid, unfulfilled")
	if got := s.entries(o.ID); got != nil || o.Number != "" {
		t.Errorf("a draft %q was entered: %+v", o.Number, got)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}

func TestWhatHasLeftCannotBeCancelledAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	part := s.place(s.counter(line(mug, 2)))
	s.fulfil(part.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: part.Lines[0].ID, Quantity: 1}}, Ship: true})
	all := s.counter(line(mug, 1))
	all.Payments, all.Fulfil = []sales.NewPayment{{Method: "cash", Amount: 1250}}, true
	for status, id := range map[sales.Status]int64{sales.Confirmed: part.ID, sales.Completed: s.place(all).ID} {
		s.leavesNothing(func() {
			_, err := sales.Cancel(s.Ctx, s.DB, id, sales.Cancellation{})
			e := refusal(t, err, "already_left")
			want := fmt.Sprintf("This order is %s and cannot become cancelled, because goods have left. Cancel its parcels first, or take the goods back as a return.", status)
			if e.Kind != db.Conflict || e.Message != want {
				t.Errorf("refused as %d: %s", e.Kind, e.Message)
			}
		})
	}
	s.move(s.order(part.ID).Fulfilments[0].ID, sales.ParcelDropped)
	wantStates(t, s.cancel(part.ID), "cancelled, paid, unfulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 4})
	s.Doctor(t)
}

// orderMoves are the moves of an order.
var orderMoves = map[string]func(s *shop, id int64, c sales.Command) (*sales.Order, error){
	"place": func(s *shop, id int64, c sales.Command) (*sales.Order, error) {
		return sales.PlaceDraft(s.Ctx, s.DB, id, c)
	},
	"confirm": func(s *shop, id int64, c sales.Command) (*sales.Order, error) {
		return sales.Confirm(s.Ctx, s.DB, id, c)
	},
	"cancel": func(s *shop, id int64, c sales.Command) (*sales.Order, error) {
		return sales.Cancel(s.Ctx, s.DB, id, sales.Cancellation{Command: c})
	},
	"fulfil": func(s *shop, id int64, c sales.Command) (*sales.Order, error) {
		return sales.Fulfil(s.Ctx, s.DB, id, sales.NewFulfilment{Version: c.Version})
	},
	"pay": func(s *shop, id int64, c sales.Command) (*sales.Order, error) {
		return sales.Pay(s.Ctx, s.DB, id, sales.NewPayment{Method: "cash", Amount: 1, Version: c.Version})
	},
}

func TestIllegalMovesNameBothStatesAndChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	drafted := s.counter(line(mug, 1))
	drafted.Draft = true
	all := s.counter(line(mug, 1))
	all.Payments, all.Fulfil = []sales.NewPayment{{Method: "cash", Amount: 1250}}, true
	orders := map[string]*sales.Order{
		"draft":     s.place(drafted),
		"cancelled": s.cancel(s.place(s.counter(line(mug, 1))).ID),
		"completed": s.place(all),
	}
	for _, c := range []struct{ status, move, code, message string }{
		{"draft", "confirm", "illegal_move", "This order is draft; it cannot become confirmed."},
		{"draft", "fulfil", "not_open", "This order is draft; nothing of it can be handed over."},
		{"draft", "pay", "not_payable", "This order is draft; it cannot be paid."},
		{"cancelled", "place", "illegal_move", "This order is cancelled; it cannot become placed."},
		{"cancelled", "confirm", "illegal_move", "This order is cancelled; it cannot become confirmed."},
		{"cancelled", "fulfil", "not_open", "This order is cancelled; nothing of it can be handed over."},
		{"cancelled", "pay", "not_payable", "This order is cancelled; it cannot be paid."},
		{"completed", "confirm", "illegal_move", "This order is completed; it cannot become confirmed."},
		{"completed", "fulfil", "not_open", "This order is completed; nothing of it can be handed over."},
	} {
		t.Run(c.move+" a "+c.status+" one", func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := orderMoves[c.move](s, orders[c.status].ID, sales.Command{})
				if e := refusal(t, err, c.code); e.Kind != db.Conflict || e.Message != c.message {
					t.Errorf("refused as %d: %s", e.Kind, e.Message)
				}
			})
		})
	}
	s.Doctor(t)
}

func TestWhateverHasBeenPlacedAnswersItselfWhenPlacedAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	all := s.counter(line(mug, 1))
	all.Payments, all.Fulfil = []sales.NewPayment{{Method: "cash", Amount: 1250}}, true
	confirmed, err := sales.Confirm(s.Ctx, s.DB, s.place(s.counter(line(mug, 1))).ID, sales.Command{})
	for status, o := range map[sales.Status]*sales.Order{
		sales.Placed: s.place(s.counter(line(mug, 1))), sales.Confirmed: must(s, confirmed, err), sales.Completed: s.place(all),
	} {
		s.leavesNothing(func() {
			again, err := sales.PlaceDraft(s.Ctx, s.DB, o.ID, sales.Command{Version: ptr(int64(1))})
			if must(s, again, err).Status != status || again.Version != o.Version {
				t.Errorf("the %s order became %s, version %d", status, again.Status, again.Version)
			}
		})
	}
	s.Doctor(t)
}

func TestAStaleVersionIsRefusedWithTheCurrentState(t *testing.T) {
	t.Parallel()
	for name, move := range orderMoves {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			in := s.counter(line(s.Stocked("MUG", 2), 1))
			in.Draft = name == "place"
			o := s.place(in)
			s.leavesNothing(func() {
				_, err := move(s, o.ID, sales.Command{Version: ptr(o.Version + 1)})
				e := refusal(t, err, "stale")
				if current, ok := e.Params["current"].(*sales.Order); !ok || current.Version != o.Version || e.Kind != db.Conflict {
					t.Errorf("refused as %d with %+v", e.Kind, e.Params)
				}
			})
			if _, err := move(s, o.ID, sales.Command{Version: &o.Version}); err != nil {
				t.Errorf("with the right version: %v", err)
			}
		})
	}
}
