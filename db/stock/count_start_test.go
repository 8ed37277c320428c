package stock_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

func TestWhatNobodyCountedStaysUnlessItIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 3)
	var others []int64
	for i := range 230 { // more than two slices
		others = append(others, s.Stocked(fmt.Sprintf("V%03d", i), 1))
	}
	other := s.startCount(stock.NewCount{VariantIDs: others[:1]})
	s.count(other.ID, found(others[0], 1))
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, found(mug, 3))
	got, err := stock.ZeroUncounted(s.Ctx, s.DB, c.ID)
	if err != nil || got.LineCount != 230 || *got.Short != 229 || *got.Matching != 1 || len(got.Lines) != 200 {
		t.Fatalf("%+v, %v", got, err)
	}
	before := s.books()
	if got, err = stock.ZeroUncounted(s.Ctx, s.DB, c.ID); err != nil || got.LineCount != 230 {
		t.Errorf("again: %+v, %v", got, err)
	}
	if after := s.books(); before != after {
		t.Errorf("again: %v became %v", before, after)
	}
	s.postCount(c.ID)
	s.Level(t, mug, dbtest.Level{OnHand: 3})
	s.Level(t, others[0], dbtest.Level{OnHand: 1}) // the other count has it
	s.Level(t, others[229], dbtest.Level{})
	s.Doctor(t)
}

func TestACountIsOfWhatItSays(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := func(sku, category string) int64 {
		p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: sku, Category: category, Variants: []catalog.NewVariant{{SKU: sku, Cost: ptr(money.Amount(100))}}})
		if err != nil {
			t.Fatal(err)
		}
		s.Receive(p.Variants[0].ID, 50)
		return p.Variants[0].ID
	}
	pot, pan, pen := in("POT", "Kitchen"), in("PAN", "Kitchen > Pans"), in("PEN", "Office")
	var kitchen int64
	if err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT id FROM categories WHERE name = 'Kitchen'", nil, &kitchen)
	}); err != nil {
		t.Fatal(err)
	}
	left := func(c *stock.Count) string { return told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)) }
	c := s.startCount(stock.NewCount{CategoryID: kitchen})
	if c.Category != "Kitchen" || *c.CategoryID != kitchen || c.Goods != 2 || left(c) != "PAN of 50, POT of 50" {
		t.Errorf("a category: %+v: %s", c, left(c))
	}
	chosen := s.startCount(stock.NewCount{VariantIDs: []int64{pen, pan, pen}})
	if chosen.Goods != 2 || left(chosen) != "PAN of 50, PEN of 50" {
		t.Errorf("chosen: %+v: %s", chosen, left(chosen))
	}
	e := s.refused(t, "not_on_list", "lines[0].variantId", func() error { return failure(s.tryCount(chosen.ID, found(pot, 50))) })
	if e.Params["name"] != "POT" || e.Params["number"] != chosen.Number {
		t.Errorf("it names %v", e.Params)
	}
	s.refused(t, "not_on_list", "lines[1].variantId", func() error { return failure(s.tryCount(chosen.ID, found(pan, 49), more(pot, 1))) })
	s.refused(t, "not_on_list", "lines[0].variantId", func() error { return failure(s.tryCount(c.ID, found(pen, 50))) })
	if got := s.count(chosen.ID, found(pan, 50)); got.LineCount != 1 || left(chosen) != "PEN of 50" {
		t.Errorf("one of two: %d counted, left %s", got.LineCount, left(chosen))
	}
	s.postCount(chosen.ID)
	moved := s.count(c.ID, found(pot, 49)).Lines[0].ProductID
	if _, err := catalog.Update(s.Ctx, s.DB, moved, catalog.ProductChange{Category: ptr("Office")}); err != nil {
		t.Fatal(err)
	}
	if got := told(s.count(c.ID, found(pot, 50)).Lines); got != "POT 50 of 50" {
		t.Errorf("filed elsewhere since, and mended: %s", got)
	}
	if _, err := stock.AbandonCount(s.Ctx, s.DB, c.ID, stock.CountMove{}); err != nil {
		t.Fatal(err)
	}
	if err := catalog.RemoveCategory(s.Ctx, s.DB, kitchen, ptr(int64(0))); err != nil {
		t.Errorf("a count keeps its category: %v", err)
	}
	if c, err := stock.CountByID(s.Ctx, s.DB, c.ID); err != nil || c.CategoryID != nil || c.Category != "Kitchen" {
		t.Errorf("without its category: %+v, %v", c, err)
	}
	s.Doctor(t)
}

func TestADayCountsWhatIsSoldMostAndWasCountedLongestAgo(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ids []int64
	for i := range 25 {
		ids = append(ids, s.Stocked(fmt.Sprintf("V%02d", i), 50))
	}
	s.hand(ids[24], 9)
	s.hand(ids[23], 30)
	sold := s.sell(ids[22], 40)
	if _, err := s.Ship(sold); err != nil {
		t.Fatal(err)
	}
	day := func() (list []int64) {
		c := s.startCount(stock.NewCount{Daily: true})
		for _, l := range s.countLines(s.Ctx, c.ID, stock.UncountedLines) {
			list = append(list, l.VariantID)
		}
		var lines []stock.CountedLine
		for _, v := range list {
			lines = append(lines, found(v, s.level(v).OnHand))
		}
		s.Clock.Forward(time.Hour)
		s.count(c.ID, lines...)
		if c.Kind != stock.CountDaily || c.Goods != 20 || len(list) != 20 {
			t.Errorf("%d on the list of %+v", len(list), c)
		}
		s.postCount(c.ID)
		return list
	}
	first := day()
	for _, v := range ids[22:] {
		if !slices.Contains(first, v) {
			t.Errorf("%d was sold and is not counted", v)
		}
	}
	second := day() // the five that were left, and fifteen more
	for _, v := range ids {
		if !slices.Contains(first, v) && !slices.Contains(second, v) {
			t.Errorf("%d is not counted on the second day either", v)
		}
	}
	for _, v := range ids[22:] {
		if slices.Contains(second, v) {
			t.Errorf("%d was counted the day before, and not sold since", v)
		}
	}
	s.hand(ids[3], 1)
	if third := s.startCount(stock.NewCount{Daily: true}); !slices.ContainsFunc(s.countLines(s.Ctx, third.ID, stock.UncountedLines), func(l stock.CountLine) bool { return l.VariantID == ids[3] }) {
		t.Error("what was sold since is not counted")
	}
	s.Doctor(t)
}
