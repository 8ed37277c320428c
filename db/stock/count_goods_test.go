package stock_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

func TestWhatMovesWhileItIsScannedIsOnlyCorrectedAsFarAsItIsCertain(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 10)
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, more(mug, 4), more(cup, 4))
	s.hand(mug, 3)
	s.hand(cup, 3)
	s.count(c.ID, more(mug, 5))        // 9: two of the three were scanned before they were sold
	got := s.count(c.ID, more(cup, 2)) // 6: of at least 7
	if told(got.Lines) != "CUP 6 of 7 moved" || *got.Matching != 1 || *got.Short != 1 {
		t.Errorf("counted %s: %+v", told(got.Lines), got.CountItem)
	}
	if got := told(s.countLines(s.Ctx, c.ID, stock.MovedLines)); got != "CUP 6 of 7 moved, MUG 9 of 9 moved" {
		t.Errorf("to count again: %s", got)
	}
	s.review(c.ID)
	again := s.count(c.ID, found(cup, 6))
	if again.Status != stock.CountOpen || told(again.Lines) != "CUP 6 of 7" || again.Timeline[2].Kind != "reopened" {
		t.Errorf("counted again: %s, %s", again.Status, told(again.Lines))
	}
	s.postCount(c.ID)
	s.Level(t, mug, dbtest.Level{OnHand: 7})
	s.Level(t, cup, dbtest.Level{OnHand: 6})
	s.Doctor(t)
}

func TestLotsAreCountedByThemselvesOrTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk, oat := s.perishable("MILK"), s.perishable("OAT")
	for _, v := range []int64{milk, oat} {
		s.adjust(stock.Received, lot(v, 5, "A", "2026-12-01"))
		s.adjust(stock.Received, lot(v, 5, "B", "2026-12-24"))
	}
	c := s.startCount(stock.NewCount{})
	ofLot := func(v, n int64, name, on string) stock.CountedLine {
		return stock.CountedLine{VariantID: v, Counted: &n, Lot: name, ExpiresOn: db.Date(on)}
	}
	got := s.count(c.ID, ofLot(milk, 3, "A", ""), ofLot(milk, 2, "C", "2027-01-01"), found(oat, 4))
	if told(got.Lines) != "OAT 4 of 10, MILK/C 2 of 0, MILK/A 3 of 5" {
		t.Errorf("counted %s", told(got.Lines))
	}
	again := more(milk, 1)
	again.LotID = *got.Lines[2].LotID
	if got := s.count(c.ID, again); told(got.Lines) != "MILK/A 4 of 5" {
		t.Errorf("one more: %s", told(got.Lines))
	}
	s.refused(t, "counted_otherwise", "lines[0].variantId", func() error { return failure(s.tryCount(c.ID, found(milk, 9))) })
	s.refused(t, "counted_otherwise", "lines[0].variantId", func() error { return failure(s.tryCount(c.ID, ofLot(oat, 9, "A", ""))) })
	s.review(c.ID)
	if left := told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)); left != "MILK of 5" { // lot B
		t.Errorf("left: %s", left)
	}
	zeroed, err := stock.ZeroUncounted(s.Ctx, s.DB, c.ID)
	if err != nil || zeroed.Status != stock.CountReview || told(zeroed.Lines[:1]) != "MILK/B 0 of 5" {
		t.Errorf("counted as none: %v, %v", told(zeroed.Lines), err)
	}
	s.postCount(c.ID)
	s.lies(t, milk, "A 2026-12-01: 4, C 2027-01-01: 2")
	s.lies(t, oat, "B 2026-12-24: 4") // what expires first is thought to be gone
	s.Doctor(t)
}

func TestWhatWasScannedByMistakeIsTakenBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, more(mug, 1))
	got := s.count(c.ID, more(mug, -1))
	if got.LineCount != 0 || got.Units != 0 || len(got.Lines) != 0 || told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)) != "MUG of 10" {
		t.Errorf("it is counted as %+v", got)
	}
	if got := s.count(c.ID, found(mug, 0)); told(got.Lines) != "MUG 0 of 10" { // which is said on purpose
		t.Errorf("none: %s", told(got.Lines))
	}
	s.Doctor(t)
}

func TestTwoTabletsScanTheSameShelf(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 40)
	c := s.startCount(stock.NewCount{Blind: true})
	got := dbtest.Together(40, func() func() error {
		scans := make(chan int, 40)
		for i := range 40 {
			scans <- i
		}
		return func() error {
			ctx := db.WithKey(s.Ctx, "POST /stock/counts/1/lines", fmt.Sprint("scan ", <-scans/2)) // each is sent twice
			return failure(stock.CountGoods(ctx, s.DB, c.ID, stock.CountedGoods{Lines: []stock.CountedLine{more(mug, 2)}}))
		}
	}())
	if n := got.Succeeded(); n != 40 {
		t.Errorf("%d of 40 were heard", n)
	}
	if r := s.review(c.ID); told(r.Lines) != "MUG 40 of 40" {
		t.Errorf("counted %s", told(r.Lines))
	}
	s.Doctor(t)
}

// Whatever is sold, bought and returned between any two scans: where nothing is missing, nothing differs, and what is posted changes
// nothing.
func TestCountingWhileSellingFindsNothingMissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		lots := rapid.Bool().Draw(rt, "lots")
		milk := s.variant("Milk", catalog.NewVariant{TracksLots: &lots})
		s.Receive(milk, rapid.Int64Range(1, 20).Draw(rt, "there"))
		c := s.startCount(stock.NewCount{VariantIDs: []int64{milk}})
		unscanned, scanned := s.level(milk).OnHand, int64(0) // on the shelf, before and behind the hand
		begun, ended := false, true                          // the last scan is the last one of all there is
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			switch q := rapid.Int64Range(1, 5).Draw(rt, "q"); rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				if q = min(q, unscanned); q > 0 {
					s.count(c.ID, more(milk, q))
					unscanned, scanned = unscanned-q, scanned+q
					begun, ended = true, unscanned == 0
				}
			case 1: // sold from either side of the hand
				if q = min(q, unscanned+scanned); q == 0 {
					continue
				}
				behind := rapid.Int64Range(max(0, q-unscanned), min(q, scanned)).Draw(rt, "behind")
				s.hand(milk, q)
				unscanned, scanned = unscanned-q+behind, scanned-behind
			case 2: // put where it is still to be scanned, or where it was
				s.Receive(milk, q)
				if !begun || rapid.Bool().Draw(rt, "before") {
					unscanned += q
				} else {
					scanned += q
				}
			case 3: // all of it at once
				s.count(c.ID, found(milk, unscanned+scanned))
				unscanned, scanned = 0, unscanned+scanned
				begun, ended = true, true
			}
		}
		if unscanned > 0 {
			s.count(c.ID, more(milk, unscanned))
		} else if !ended { // what was left was sold before it was scanned
			s.count(c.ID, found(milk, scanned))
		}
		there := s.level(milk).OnHand
		got := s.review(c.ID)
		if *got.Over != 0 || *got.Short != 0 {
			rt.Fatalf("%s", told(got.Lines))
		}
		if got.LineCount > 0 {
			s.postCount(c.ID)
		}
		if now := s.level(milk).OnHand; now != there {
			rt.Fatalf("%d became %d", there, now)
		}
	})
	s.Doctor(t)
}
