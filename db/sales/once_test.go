package sales_test

import (
	"sync"
	"testing"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/sales"
)

func TestTheLastUnitIsSoldOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 1)
	got := dbtest.Together(200, func() error { _, err := s.Sell(mug, 1); return err })
	if n := got.Succeeded(); n != 1 {
		t.Errorf("%d orders for one unit", n)
	}
	got.AllOthers(t, "out_of_stock")
	s.Level(t, mug, dbtest.Level{OnHand: 1, Committed: 1})
	if b := s.books(); b["orders"] != 1 || b["next number"] != 1002 {
		t.Errorf("%d orders, and the next is %d", b["orders"], b["next number"])
	}
	s.Doctor(t)
}

func TestOneKeyIsOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 500)
	ctx := db.WithKey(s.Ctx, "POST /orders", "k-1")
	in := s.counter(line(mug, 2))
	in.Payments, in.Fulfil = []sales.NewPayment{{Method: "cash", Amount: 2500}}, true
	var mu sync.Mutex
	replies := map[string]int{}
	dbtest.Together(100, func() error {
		o, err := sales.Place(ctx, s.DB, in)
		mu.Lock()
		defer mu.Unlock()
		replies[wire(t, o)]++
		return err
	}).AllOthers(t, "none may fail")
	if len(replies) != 1 {
		t.Errorf("one key, %d different replies", len(replies))
	}
	s.Level(t, mug, dbtest.Level{OnHand: 498})
	s.leavesNothing(func() {
		in.Note = "another"
		_, err := sales.Place(ctx, s.DB, in)
		refusal(t, err, "key_reused")
	})
	in.Note = ""
	s.Reopen()
	s.leavesNothing(func() {
		o, err := sales.Place(ctx, s.DB, in)
		if replies[wire(t, must(s, o, err))] == 0 {
			t.Error("after a restart the key answers something else")
		}
	})
	s.Doctor(t)
}

func TestARefusalUnderAKeyIsForgotten(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	ctx := db.WithKey(s.Ctx, "POST /orders", "k-1")
	_, err := s.SellAs(ctx, mug, 1)
	refusal(t, err, "out_of_stock")
	s.Receive(mug, 1)
	if _, err := s.SellAs(ctx, mug, 1); err != nil {
		t.Errorf("the same key after stock came: %v", err)
	}
}
