package purchasing_test

import (
	"fmt"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/purchasing"
	"onhand/db/stock"
)

func TestWhatSellsIsLowWhenItsSalesSaySo(t *testing.T) {
	t.Parallel()
	s := open(t)
	point := ptr(int64(10))
	fast := s.stocked("FAST", 40*3+13, catalog.NewVariant{ReorderPoint: point}, catalog.SupplierItemChange{LeadTimeDays: ptr(int64(4))})
	slow := s.stocked("SLOW", 40+9, catalog.NewVariant{ReorderPoint: point}, catalog.SupplierItemChange{LeadTimeDays: ptr(int64(4))})
	fresh := s.stocked("NEW", 9, catalog.NewVariant{ReorderPoint: point}, catalog.SupplierItemChange{})
	for range 40 {
		for v, n := range map[int64]int64{fast: 3, slow: 1} {
			o, err := s.Sell(v, n)
			if err == nil {
				_, err = s.Ship(o.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		s.Clock.Forward(day)
	}
	is := func(when string, variant, reorder int64, basis stock.PointBasis, state stock.State) {
		t.Helper()
		levels, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{VariantID: variant})
		if err != nil || len(levels.Items) != 1 {
			t.Fatal(levels, err)
		}
		if l := levels.Items[0]; l.ReorderPoint != reorder || l.ReorderBasis != basis || l.State != state {
			t.Errorf("%s: %s is %s at %d, by %s", when, l.SKU, l.State, l.ReorderPoint, l.ReorderBasis)
		}
		listed, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{VariantID: variant, States: []stock.State{state}})
		if err != nil || len(listed.Items) != 1 {
			t.Errorf("%s: as %s are listed %+v, %v", when, state, listed.Items, err)
		}
	}
	worked := func(moved int) {
		t.Helper()
		var before, after int64
		told := func(n *int64) error {
			return db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
				return tx.Row("SELECT count(*) FROM events WHERE topic = 'stock'", nil, n)
			})
		}
		if err := told(&before); err != nil {
			t.Fatal(err)
		}
		if n, err := purchasing.WorkOutPoints(s.Ctx, s.DB); err != nil || n != moved {
			t.Errorf("%d points moved, not %d: %v", n, moved, err)
		}
		if err := told(&after); err != nil || after-before != int64(moved) {
			t.Errorf("%d events for %d points that moved: %v", after-before, moved, err)
		}
	}
	is("before the night", fast, 10, stock.ByRule, stock.OK)
	worked(2)
	is("12 for four days", fast, 12, stock.BySales, stock.OK) // 13 are left
	is("4 for four days", slow, 4, stock.BySales, stock.OK)   // 9 are left
	is("nothing sold", fresh, 10, stock.ByRule, stock.Low)
	if a := s.adviceOf(fast); a != nil {
		t.Errorf("advised, and not low: %+v", a)
	}
	worked(0)
	if _, err := s.Sell(fast, 1); err != nil {
		t.Fatal(err)
	}
	is("at the point", fast, 12, stock.BySales, stock.Low)
	if a := s.adviceOf(fast); a == nil || a.ReorderPoint != 12 {
		t.Errorf("low, and advised is %+v", a)
	}
	s.sells(fast, catalog.SupplierItemChange{LeadTimeDays: ptr(int64(5))})
	worked(1)
	is("five days", fast, 15, stock.BySales, stock.Low)
	s.Clock.Forward(120 * day)
	worked(2)
	is("nobody bought it for months", fast, 10, stock.ByRule, stock.Over)
	s.Doctor(t)
}

func TestPointsAreWorkedOutSliceBySlice(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		p := catalog.NewProduct{Name: "Goods", Options: []string{"Size"}}
		for i := range 200 {
			p.Variants = append(p.Variants, catalog.NewVariant{Options: map[string]string{"Size": fmt.Sprint(i)}})
		}
		made, err := catalog.Create(s.Ctx, s.DB, p)
		if err != nil {
			t.Fatal(err)
		}
		here := stock.Adjustment{LocationID: s.Location, Reason: stock.Received}
		for _, v := range made.Variants {
			here.Lines = append(here.Lines, stock.AdjustLine{VariantID: v.ID, Delta: ptr(int64(1))})
		}
		if _, err := stock.Adjust(s.Ctx, s.DB, here); err != nil {
			t.Fatal(err)
		}
	}
	last := s.stocked("ZEBRA", 50, catalog.NewVariant{}, catalog.SupplierItemChange{})
	s.history(last, repeat(40, 1)...)
	if n, err := purchasing.WorkOutPoints(s.Ctx, s.DB); err != nil || n != 1 {
		t.Errorf("%d points moved: %v", n, err)
	}
}
