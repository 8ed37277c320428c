package stock_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

func TestTruthWinsOverOrdersAndWhatIsSetAside(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, milk := s.Stocked("MUG", 10), s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 4, "A", "2026-12-24"))
	s.adjust(stock.Received, lot(milk, 4, "B", ""))
	s.sell(mug, 3)
	s.sell(mug, 3)
	s.setAside(stock.Safety, some(mug, 1), some(milk, 1)) // of milk A, which expires first
	s.setAside(stock.Damaged, some(mug, 2), some(milk, 3))
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, found(mug, 5), found(milk, 2))
	done := s.postCount(c.ID)
	want := []stock.ShortOrder{{ID: 1, Number: "1001"}, {ID: 2, Number: "1002"}}
	if diff := cmp.Diff(want, done.ShortOrders); diff != "" {
		t.Errorf("orders that wait (-want +got):\n%s", diff)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 2, Unavailable: 3, Backordered: 4})
	s.lies(t, milk, "A 2026-12-24: 2 of 2 set aside") // what is free goes first
	if got := s.asides(mug) + "; " + s.asides(milk); got != "2 damaged, 1 safety; 1 damaged of A, 1 safety of A" {
		t.Error(got)
	}
	c = s.startCount(stock.NewCount{})
	s.count(c.ID, found(mug, 1), found(milk, 0))
	s.postCount(c.ID)
	s.Level(t, mug, dbtest.Level{OnHand: 1, Unavailable: 1, Backordered: 6})
	s.Level(t, milk, dbtest.Level{})
	s.Doctor(t)
}

func TestWhatWasCorrectedSinceIsLeftOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, found(mug, 8))
	s.adjust(stock.Correction, counted(mug, 8))
	if got := s.review(c.ID); told(got.Lines) != "MUG 8 of 10 corrected" {
		t.Errorf("in review: %s", told(got.Lines))
	}
	if done := s.postCount(c.ID); *done.Lines[0].Applied != 0 || *done.CostShort != 0 {
		t.Errorf("posted as %+v", done)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 8})
	s.Doctor(t)
}

func TestALossAboveALimitNeedsAnApproval(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 10)
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, found(mug, 8), found(cup, 15)) // what is over does not make up for what is short
	actor := db.ActorOf(employee())
	actor.Limits = db.Limits{db.WriteOffLimit: 1199}
	post := func(a db.Actor) (*stock.Count, error) {
		return stock.PostCount(db.WithActor(context.Background(), a), s.DB, c.ID, stock.CountPost{})
	}
	if e := s.refused(t, "approval_required", "", func() error { return failure(post(actor)) }); e.Params["limit"] != int64(1199) {
		t.Errorf("above %v", e.Params)
	}
	actor.Approver = &db.Approver{ID: 7, Name: "Mia"}
	done, err := post(actor)
	if err != nil || done.Timeline[1].Actor != "Eva" || done.Timeline[1].Approver != "Mia" || done.CostShort != nil {
		t.Errorf("%+v, %v", done, err)
	}
	s.Doctor(t)
}

func TestACountIsPostedOnceWhoeverPostsIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.startCount(stock.NewCount{})
	var all []int64
	for i := range 150 { // two slices
		all = append(all, s.Stocked(fmt.Sprintf("V%03d", i), 5))
	}
	for part := range slices.Chunk(all, 100) {
		var lines []stock.CountedLine
		for _, v := range part {
			lines = append(lines, found(v, 4))
		}
		s.count(c.ID, lines...)
	}
	sold := make(chan dbtest.Outcomes, 1)
	go func() {
		sold <- dbtest.Together(20, func() error { return failure(s.Sell(all[149], 1)) })
	}()
	lines := make(chan dbtest.Outcomes, 1)
	go func() {
		lines <- dbtest.Together(5, func() error {
			return failure(stock.CountGoods(s.Ctx, s.DB, c.ID, stock.CountedGoods{Lines: []stock.CountedLine{found(all[0], 4)}}))
		})
	}()
	posts := dbtest.Together(8, func() error { return failure(stock.PostCount(s.Ctx, s.DB, c.ID, stock.CountPost{})) })
	if n := posts.Succeeded(); n != 8 {
		t.Errorf("%d of 8 were told that it is posted: %v", n, posts)
	}
	(<-lines).AllOthers(t, "illegal_move")
	orders := <-sold
	orders.AllOthers(t, "out_of_stock")
	for _, v := range all[:149] {
		if l := s.level(v); l.OnHand != 4 {
			t.Fatalf("%d of %s are there", l.OnHand, l.SKU)
		}
	}
	if l := s.level(all[149]); l.OnHand != 4 || l.Committed != 4 || l.Committed+l.Backordered != int64(orders.Succeeded()) {
		t.Errorf("the last one: %+v, %d sold", l, orders.Succeeded())
	}
	s.Doctor(t)
}

// ending is a context that ends after so many writes, each of which looks at it once.
type ending struct {
	context.Context
	writes atomic.Int64
}

func (e *ending) Err() error {
	if e.writes.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestACountThatWasCutOffGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.startCount(stock.NewCount{})
	var lines []stock.CountedLine
	for i := range 100 {
		lines = append(lines, found(s.Stocked(fmt.Sprintf("V%03d", i), 5), 4))
	}
	s.count(c.ID, lines...)
	last := s.Stocked("LAST", 5)
	s.count(c.ID, found(last, 4))
	ctx := &ending{Context: s.Ctx}
	ctx.writes.Store(2) // it begins, and posts one slice
	if _, err := stock.PostCount(ctx, s.DB, c.ID, stock.CountPost{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off with %v", err)
	}
	s.Level(t, lines[0].VariantID, dbtest.Level{OnHand: 4})
	s.Level(t, last, dbtest.Level{OnHand: 5})
	s.Doctor(t)
	s.Reopen()
	now, err := stock.CountByID(s.Ctx, s.DB, c.ID)
	if err != nil || now.Status != stock.CountPosting {
		t.Fatalf("%+v, %v", now, err)
	}
	for _, move := range []func() error{
		func() error { return failure(stock.AbandonCount(s.Ctx, s.DB, c.ID, stock.CountMove{})) },
		func() error { return failure(stock.ReviewCount(s.Ctx, s.DB, c.ID, stock.CountMove{})) },
		func() error { return failure(s.tryCount(c.ID, found(last, 5))) },
	} {
		if e := s.refused(t, "illegal_move", "", move); e.Params["from"] != stock.CountPosting {
			t.Errorf("it names %v", e.Params)
		}
	}
	if done := s.postCount(c.ID); done.Status != stock.CountPosted || *done.Short != 101 {
		t.Errorf("%+v", done)
	}
	s.Level(t, last, dbtest.Level{OnHand: 4})
	s.Doctor(t)
}
