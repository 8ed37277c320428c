package stock_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

func aside(s *shop, why stock.AsideReason, lines ...stock.AsideLine) stock.AsideChange {
	return stock.AsideChange{LocationID: s.Location, Reason: why, Note: "a crack", Lines: lines}
}

func some(variant, quantity int64) stock.AsideLine {
	return stock.AsideLine{VariantID: variant, Quantity: quantity}
}

func (s *shop) setAside(why stock.AsideReason, lines ...stock.AsideLine) *stock.Adjusted {
	s.t.Helper()
	a, err := stock.SetAside(s.Ctx, s.DB, aside(s, why, lines...))
	if err != nil {
		s.t.Fatalf("set aside: %v", err)
	}
	return a
}

func (s *shop) release(why stock.AsideReason, lines ...stock.AsideLine) *stock.Adjusted {
	s.t.Helper()
	a, err := stock.ReleaseAside(s.Ctx, s.DB, aside(s, why, lines...))
	if err != nil {
		s.t.Fatalf("release: %v", err)
	}
	return a
}

// asides says what is set aside of a variant, as "2 damaged, 1 safety of L1".
func (s *shop) asides(variant int64) string {
	s.t.Helper()
	e, said, sum := s.explain(variant), []string{}, int64(0)
	for _, a := range e.SetAside {
		of := ""
		if a.Lot != "" {
			of = " of " + a.Lot
		}
		said, sum = append(said, fmt.Sprintf("%d %s%s", a.Quantity, a.Reason, of)), sum+a.Quantity
	}
	if sum != e.Unavailable {
		s.t.Errorf("%d are set aside, the rows say %v", e.Unavailable, said)
	}
	return strings.Join(said, ", ")
}

func TestWhatIsSetAsideIsNotForSaleUntilItIsReleased(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	s.setAside(stock.Damaged, some(mug, 3))
	s.setAside(stock.Safety, some(mug, 2))
	s.setAside(stock.Damaged, some(mug, 1))
	s.Level(t, mug, dbtest.Level{OnHand: 10, Unavailable: 6})
	if got := s.asides(mug); got != "4 damaged, 2 safety" {
		t.Error(got)
	}
	s.refused(t, "out_of_stock", "lines[0].quantity", func() error { _, err := s.Sell(mug, 5); return err })
	s.sell(mug, 4)
	s.release(stock.Damaged, some(mug, 4))
	s.sell(mug, 4)
	s.Level(t, mug, dbtest.Level{OnHand: 10, Committed: 8, Unavailable: 2})
	page, err := stock.Asides(s.Ctx, s.DB, stock.AsideFilter{})
	if err != nil || len(page.Items) != 1 || page.Items[0].Quantity != 2 || page.Items[0].Actor != "Ada" || page.Items[0].Note != "a crack" || page.Items[0].LocationName != "Main store" {
		t.Errorf("%v: %+v", err, page.Items)
	}
	s.Doctor(t)
}

func TestWhatIsSetAsideIsListedByHowLongItWaits(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.today("2026-11-01")
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 9)
	s.adjust(stock.Received, at(mug, 3, 700))
	s.setAside(stock.Damaged, some(cup, 2))
	s.today("2026-11-10")
	s.setAside(stock.Quarantine, some(mug, 2))
	list := func(ctx context.Context, f stock.AsideFilter) string {
		t.Helper()
		var said []string
		for f.Limit = 1; ; {
			page, err := stock.Asides(ctx, s.DB, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				cost := "?"
				if a.Cost != nil {
					cost = fmt.Sprint(*a.Cost)
				}
				said = append(said, fmt.Sprintf("%d %s %s at %s", a.Quantity, a.SKU, a.Reason, cost))
			}
			if f.After = page.Next; f.After == "" {
				return strings.Join(said, ", ")
			}
		}
	}
	for _, c := range []struct {
		f    stock.AsideFilter
		want string
	}{
		{stock.AsideFilter{}, "2 CUP damaged at 1200, 2 MUG quarantine at 1400"},
		{stock.AsideFilter{VariantID: mug}, "2 MUG quarantine at 1400"},
		{stock.AsideFilter{Days: 9}, "2 CUP damaged at 1200"},
		{stock.AsideFilter{Days: 10}, ""},
		{stock.AsideFilter{LocationID: 99}, ""},
	} {
		if got := list(s.Ctx, c.f); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	if got := list(employee(), stock.AsideFilter{Reason: stock.Quarantine}); got != "2 MUG quarantine at ?" {
		t.Error(got)
	}
}

func TestWhatIsSetAsideCanBeThrownAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	s.sell(mug, 6)
	s.setAside(stock.Damaged, some(mug, 3))
	s.setAside(stock.Safety, some(mug, 1))
	gone := by(mug, -2)
	gone.SetAside = stock.Damaged
	s.adjust(stock.Waste, gone)
	s.Level(t, mug, dbtest.Level{OnHand: 8, Committed: 6, Unavailable: 2})
	if got := s.asides(mug); got != "1 safety, 1 damaged" {
		t.Error(got)
	}
	s.refused(t, "not_set_aside", "lines[0].delta", func() error { _, err := s.try(stock.Waste, gone); return err })
	gone = by(mug, 2)
	gone.SetAside = stock.Damaged
	s.refused(t, "aside_leaves", "lines[0].setAside", func() error { _, err := s.try(stock.FoundStock, gone); return err })
	s.Doctor(t)
}

func TestOrdersWaitForWhatIsSetAsideOnlyWhenAllowedTo(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	first, second := s.sell(mug, 3), s.sell(mug, 1)
	e := s.refused(t, "would_short", "lines[0].quantity", func() error {
		_, err := stock.SetAside(s.Ctx, s.DB, aside(s, stock.Quarantine, some(mug, 3)))
		return err
	})
	if e.Params["available"] != int64(1) || e.Params["missing"] != int64(2) {
		t.Errorf("%v", e.Params)
	}
	all := some(mug, 3)
	all.AllowShort = true
	if a := s.setAside(stock.Quarantine, all); !cmp.Equal(a.ShortOrders, []int64{first, second}) {
		t.Errorf("%v wait", a.ShortOrders)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 2, Unavailable: 3, Backordered: 2})
	s.release(stock.Quarantine, some(mug, 2)) // those who wait take it
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 4, Unavailable: 1})
	s.Doctor(t)
}

func TestLotsAreSetAsideByThemselves(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 4, "L1", "2026-11-25"), lot(milk, 4, "L2", "2026-12-10"))
	id := map[string]int64{}
	for _, l := range s.explain(milk).Lots {
		id[l.Lot] = l.ID
	}
	s.setAside(stock.Damaged, stock.AsideLine{VariantID: milk, Quantity: 2, LotID: id["L2"]})
	s.setAside(stock.Safety, some(milk, 3)) // what expires first
	if got := s.asides(milk); got != "3 safety of L1, 2 damaged of L2" {
		t.Error(got)
	}
	s.refused(t, "too_few", "lines[0].quantity", func() error {
		_, err := stock.SetAside(s.Ctx, s.DB, aside(s, stock.Safety, stock.AsideLine{VariantID: milk, Quantity: 2, LotID: id["L1"]}))
		return err
	})
	s.refused(t, "not_set_aside", "lines[0].quantity", func() error {
		_, err := stock.ReleaseAside(s.Ctx, s.DB, aside(s, stock.Damaged, stock.AsideLine{VariantID: milk, Quantity: 1, LotID: id["L1"]}))
		return err
	})
	s.sell(milk, 3) // all that is for sale
	s.today("2026-11-25")
	s.expire()
	if got := s.asides(milk); got != "2 damaged of L2, 4 expired of L1" {
		t.Error(got)
	}
	s.refused(t, "not_set_aside", "lines[0].quantity", func() error { // it has expired
		_, err := stock.ReleaseAside(s.Ctx, s.DB, aside(s, stock.Safety, some(milk, 1)))
		return err
	})
	gone := stock.AdjustLine{VariantID: milk, Delta: ptr(int64(-1)), LotID: id["L2"], SetAside: stock.Damaged}
	s.adjust(stock.Damage, gone)
	s.release(stock.Damaged, some(milk, 1))
	if got := s.asides(milk); got != "4 expired of L1" {
		t.Error(got)
	}
	s.Doctor(t)
}

func TestWhatHasExpiredIsNotReleasedEvenBeforeTheJobLooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 4, "L1", "2026-11-25"))
	s.setAside(stock.Quarantine, some(milk, 2))
	s.today("2026-11-25")
	s.refused(t, "not_set_aside", "lines[0].quantity", func() error {
		_, err := stock.ReleaseAside(s.Ctx, s.DB, aside(s, stock.Quarantine, some(milk, 1)))
		return err
	})
}

func TestWhatIsSetAsideStaysSoWhenLotsAreTracked(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	s.setAside(stock.Damaged, some(mug, 2))
	s.setAside(stock.Safety, some(mug, 1))
	s.release(stock.Safety, some(mug, 1))
	for _, yes := range []bool{true, false, true} {
		if err := s.trackLots(mug, yes); err != nil {
			t.Fatal(err)
		}
		if got := s.asides(mug); got != "2 damaged" {
			t.Errorf("tracking lots %v: %s", yes, got)
		}
		s.Doctor(t)
	}
	s.release(stock.Damaged, some(mug, 2))
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}

func TestARefusedSettingAsideLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, gift := s.Stocked("MUG", 5), s.variant("Gift card", catalog.NewVariant{SKU: "GIFT", Price: 100, Tracked: ptr(false)})
	for name, c := range map[string]struct {
		in       stock.AsideChange
		ctx      context.Context
		code, at string
	}{
		"more than is there":  {in: aside(s, stock.Damaged, some(mug, 1), some(mug, 5)), code: "too_few", at: "lines[1].quantity"},
		"for no reason":       {in: aside(s, "", some(mug, 1)), code: "bad_reason", at: "reason"},
		"as expired":          {in: aside(s, stock.Expired, some(mug, 1)), code: "bad_reason", at: "reason"},
		"of nothing":          {in: aside(s, stock.Damaged, some(999, 1)), code: "not_found", at: "lines[0].variantId"},
		"of what is untold":   {in: aside(s, stock.Damaged, some(gift, 1)), code: "not_tracked", at: "lines[0].variantId"},
		"of a lot of no lots": {in: aside(s, stock.Damaged, stock.AsideLine{VariantID: mug, Quantity: 1, LotID: 1}), code: "lots_not_tracked", at: "lines[0].lotId"},
		"in another store":    {in: aside(s, stock.Damaged, some(mug, 1)), ctx: employee(99), code: "not_found", at: "locationId"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := c.ctx
			if ctx == nil {
				ctx = s.Ctx
			}
			s.refused(t, c.code, c.at, func() error { _, err := stock.SetAside(ctx, s.DB, c.in); return err })
		})
	}
}

func TestWhatIsSetAsideTwiceAtOnceIsSetAsideOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	got := dbtest.Together(20, func() error {
		_, err := stock.SetAside(s.Ctx, s.DB, aside(s, stock.Damaged, some(mug, 2)))
		return err
	})
	if n := got.Succeeded(); n != 2 {
		t.Errorf("%d set two of five aside", n)
	}
	got.AllOthers(t, "too_few")
	key := db.WithKey(s.Ctx, "POST /stock/release", "one")
	for range 2 {
		if _, err := stock.ReleaseAside(key, s.DB, aside(s, stock.Damaged, some(mug, 1))); err != nil {
			t.Fatal(err)
		}
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Unavailable: 3})
	s.Doctor(t)
}
