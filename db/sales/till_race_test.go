package sales_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestATillIsOpenOnceAndClosedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	opened := dbtest.Together(20, func() error {
		_, err := sales.OpenTill(s.Ctx, s.DB, sales.NewTill{Float: 100})
		return err
	})
	if n := opened.Succeeded(); n != 1 {
		t.Errorf("%d tills of one name", n)
	}
	opened.AllOthers(t, "till_open")
	var counted atomic.Int64
	closed := dbtest.Together(20, func() error {
		_, err := sales.CloseTill(s.Ctx, s.DB, 1, sales.TillClose{Counted: money.Amount(100 + counted.Add(1)), Reason: "?"})
		return err
	})
	if n := closed.Succeeded(); n != 1 {
		t.Errorf("%d counts of one till", n)
	}
	closed.AllOthers(t, "till_closed")
	r := s.till(1)
	s.leavesNothing(func() {
		if again := s.closeTill(1, sales.TillClose{Counted: *r.Counted}); wire(t, again) != wire(t, &r.Till) {
			t.Errorf("closed again it is %s", wire(t, again))
		}
	})
	if next := s.openTill("Till 1", *r.Counted); next.ID == 1 || next.Status != sales.TillOpen {
		t.Errorf("opened anew it is %s", wire(t, next))
	}
	if page, err := sales.TillDrawers(s.Ctx, s.DB, 0); len(must(s, page, err).Items) != 1 || page.Items[0].Open.ID != 2 || *page.Items[0].LastCounted != *r.Counted {
		t.Errorf("the drawers are %s", wire(t, page))
	}
	s.Doctor(t)
}

func TestOneKeyMovesCashOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	till := s.openTill("Till 1", 100)
	var mu sync.Mutex
	replies := map[string]int{}
	ctx := db.WithKey(s.Ctx, "POST /tills/1/movements", "k-1")
	dbtest.Together(20, func() error {
		m, err := sales.MoveCash(ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 30, Reason: "milk"})
		mu.Lock()
		defer mu.Unlock()
		replies[wire(t, m)]++
		return err
	}).AllOthers(t, "none may fail")
	if r := s.till(till.ID); len(replies) != 1 || *r.Expected != 70 || r.PaidOut != 30 {
		t.Errorf("%d replies, %d should be there", len(replies), *r.Expected)
	}
	s.Doctor(t)
}

func TestAPaymentIsInTheSessionOrInNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	till := s.openTill("Till 1", 0)
	var n atomic.Int64
	closed := make(chan *sales.Till, 1)
	got := dbtest.Together(60, func() error {
		if n.Add(1) == 30 {
			c, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 5, Reason: "in the middle of it"})
			closed <- c
			return err
		}
		_, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash", TillID: &till.ID})
		return err
	})
	got.AllOthers(t, "till_closed")
	c, sold := <-closed, got.Succeeded()-1
	if *c.Expected != money.Amount(sold)*1250 || *c.Difference != 5-*c.Expected {
		t.Errorf("%d were sold, %d should be there", sold, *c.Expected)
	}
	if r := s.till(till.ID); *r.Expected != *c.Expected || len(s.tillLines(s.Ctx, till.ID, sales.TillLineFilter{})) != sold {
		t.Errorf("after the close it is %s", wire(t, r))
	}
	s.Doctor(t)
}

// TestTillsAddUpWhateverHappens lets several people at once open, sell, give back, pay in and out and close, and holds each till
// to the sum of what was answered.
func TestTillsAddUpWhateverHappens(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1250, 0)
	rapid.Check(t, func(rt *rapid.T) {
		var mu sync.Mutex
		sums := map[int64]money.Amount{} // what each till should hold
		moved := func(till *int64, amount money.Amount) {
			mu.Lock()
			defer mu.Unlock()
			if till != nil {
				sums[*till] += amount
			}
		}
		var wg sync.WaitGroup
		for range rapid.IntRange(1, 4).Draw(rt, "people") {
			steps := rapid.SliceOfN(rapid.IntRange(0, 59), 1, 25).Draw(rt, "steps")
			wg.Go(func() {
				var till int64
				for _, step := range steps {
					amount := money.Amount(step + 1)
					name := sales.NewPayment{Method: "cash"}
					if step%2 == 0 && till != 0 {
						name.TillID = &till
					}
					switch step % 6 {
					case 0:
						if o, err := sales.OpenTill(s.Ctx, s.DB, sales.NewTill{Name: fmt.Sprint("Till ", step%3), Float: amount}); err == nil {
							till = o.ID
							moved(&o.ID, amount)
						}
					case 1, 2:
						if o, err := s.sold(s.Ctx, mug, name); err == nil {
							moved(o.Payments[0].TillID, 1250)
							if step > 30 {
								if o, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: amount}); err == nil {
									moved(o.Payments[1].TillID, -amount)
								}
							}
						}
					case 3:
						if m, err := sales.MoveCash(s.Ctx, s.DB, till, sales.NewTillMovement{Kind: sales.PaidIn, Amount: amount, Reason: "in"}); err == nil {
							moved(&m.ID, amount)
						}
					case 4:
						if m, err := sales.MoveCash(s.Ctx, s.DB, till, sales.NewTillMovement{Kind: sales.PaidOut, Amount: amount, Reason: "out"}); err == nil {
							moved(&m.ID, -amount)
						}
					default:
						sales.CloseTill(s.Ctx, s.DB, till, sales.TillClose{Counted: amount, Reason: "closed"}) //nolint:errcheck // refused where it is closed already
					}
				}
			})
		}
		wg.Wait()
		for id, want := range sums {
			r, err := sales.TillByID(s.Ctx, s.DB, id)
			if err != nil {
				rt.Fatal(err)
			}
			cash := r.Float + r.PaidIn - r.PaidOut
			for _, m := range r.Methods {
				cash += m.Net
			}
			if *r.Expected != want || cash != want {
				rt.Fatalf("till %d says %d, its report %d; what was answered adds up to %d", id, *r.Expected, cash, want)
			}
			if r.Status == sales.TillOpen { // the next round opens its own
				s.closeTill(id, sales.TillClose{Reason: "end"})
			}
		}
	})
	s.Doctor(t)
}
