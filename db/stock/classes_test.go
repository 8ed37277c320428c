package stock_test

import (
	"fmt"
	"slices"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/stock"
)

// classed lists what is of some classes, by SKU.
func (s *shop) classed(classes ...stock.Class) (skus []string) {
	s.t.Helper()
	page, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{Classes: classes})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range page.Items {
		skus = append(skus, fmt.Sprint(l.SKU, l.Class))
	}
	return skus
}

func (s *shop) classify() {
	s.t.Helper()
	if err := stock.Classify(s.Ctx, s.DB); err != nil {
		s.t.Fatal(err)
	}
}

func TestGoodsAreRankedByWhatIsSoldOfThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	var goods []int64
	for _, sku := range []string{"A", "B", "C", "D", "NONE"} {
		goods = append(goods, s.Stocked(sku, 1000))
	}
	is := func(when string, want ...string) {
		t.Helper()
		s.classify()
		if got := s.classed(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", when, got, want)
		}
	}
	is("nothing was sold", "A", "B", "C", "D", "NONE")
	for i, n := range []int64{700, 200, 60, 40} {
		s.gone(goods[i], n)
	}
	is("it was sold today", "A", "B", "C", "D", "NONE")
	s.Clock.Forward(day)
	is("it was sold yesterday", "AA", "BB", "CB", "DC", "NONE") // the middles lie at 35, 80, 93 and 98 of a hundred
	if got := s.classed(stock.ClassB, stock.ClassC); !slices.Equal(got, []string{"BB", "CB", "DC"}) {
		t.Errorf("of B and C: %v", got)
	}
	s.gone(goods[4], 900)
	s.Clock.Forward(day)
	is("another one sold more", "AA", "BB", "CC", "DC", "NONEA")
	s.Clock.Forward(364 * day)
	is("all but that was long ago", "A", "B", "C", "D", "NONEA")
}

func TestALargeShopIsRankedAsASmallOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	const many = 600 // more than are read at once
	variants := make([]catalog.NewVariant, 0, many)
	var lines []stock.AdjustLine
	for i := range many {
		variants = append(variants, catalog.NewVariant{SKU: fmt.Sprintf("V%03d", i), Price: 100, Options: map[string]string{"n": fmt.Sprint(i)}})
	}
	var ids []int64
	for some := range slices.Chunk(variants, 100) {
		p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Goods " + some[0].SKU, Options: []string{"n"}, Variants: some})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Variants {
			ids = append(ids, v.ID)
		}
	}
	one := int64(1)
	for _, v := range ids {
		lines = append(lines, stock.AdjustLine{VariantID: v, Delta: &one})
	}
	for some := range slices.Chunk(lines, 300) {
		if _, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Received, Lines: some}); err != nil {
			t.Fatal(err)
		}
	}
	for some := range slices.Chunk(ids, 300) {
		var sold []int64
		for _, v := range some {
			sold = append(sold, v, 1)
		}
		if _, err := s.SellLines(false, true, sold...); err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Forward(day)
	s.classify()
	count := map[stock.Class]int{}
	for f := (stock.LevelFilter{List: db.List{Limit: 200}}); ; {
		page, err := stock.Levels(s.Ctx, s.DB, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Items {
			count[l.Class]++
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	if count[stock.ClassA] != 480 || count[stock.ClassB] != 90 || count[stock.ClassC] != 30 {
		t.Errorf("of each class: %v", count)
	}
}
