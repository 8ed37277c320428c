package dbtest_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/settings"
	"onhand/db/stock"
)

func TestTheLastUnitIsSoldOnce(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	mug := shop.Stocked("MUG", 1)
	got := dbtest.Together(200, func() error { _, err := shop.Sell(mug, 1); return err })
	if n := got.Succeeded(); n != 1 {
		t.Errorf("%d orders for one unit", n)
	}
	got.AllOthers(t, "out_of_stock")
	shop.Level(t, mug, dbtest.Level{OnHand: 1, Committed: 1})
	shop.Doctor(t)
}

// Whoever comes first: a product that was sold is archived, one that was deleted is not sold.
func TestAProductIsSoldOrDeletedNeverBoth(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	for range 10 {
		untracked := false
		p, err := catalog.Create(shop.Ctx, shop.DB, catalog.NewProduct{Name: "Gift", Variants: []catalog.NewVariant{{Price: 100, Tracked: &untracked}}})
		if err != nil {
			t.Fatal(err)
		}
		var turn atomic.Int64
		var removal catalog.Removal
		var sold error
		dbtest.Together(2, func() (err error) {
			if turn.Add(1) == 1 {
				removal, err = catalog.Remove(shop.Ctx, shop.DB, p.ID)
			} else {
				_, sold = shop.Sell(p.Variants[0].ID, 1)
			}
			return err
		})
		if sold == nil == removal.Deleted || sold != nil && db.CodeOf(sold) != "not_found" {
			t.Errorf("deleted %t, sold: %v", removal.Deleted, sold)
		}
	}
	shop.Doctor(t)
}

func TestEveryTestHasAShopOfItsOwn(t *testing.T) {
	t.Parallel()
	one, other := dbtest.Open(t), dbtest.Open(t)
	mug := one.Stocked("MUG", 3)
	one.Clock.Forward(24 * time.Hour)
	if _, err := other.Sell(mug, 1); db.CodeOf(err) != "not_found" {
		t.Errorf("a mug of another shop was sold: %v", err)
	}
	order, err := one.Sell(mug, 1)
	if err != nil || *order.BusinessDate != "2026-11-21" {
		t.Errorf("%+v, %v", order, err)
	}
	one.Reopen()
	one.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 1})
	s, err := settings.Current(one.Ctx, one.DB)
	if err != nil || s.Name != "Corner Shop" || s.Currency != "EUR" || s.TimeZone != "Europe/Berlin" || !s.PricesIncludeTax || s.DefaultLocationID != one.Location {
		t.Errorf("%+v, %v", s, err)
	}
	for _, shop := range []*dbtest.Shop{one, other} {
		if !db.ActorOf(shop.Ctx).Can("settings.write") || db.ActorOf(shop.Ctx).ID != shop.Owner.ID {
			t.Errorf("the owner is %+v", db.ActorOf(shop.Ctx))
		}
		shop.Doctor(t)
	}
}

// The helpers that fail a test are seen failing one.
func TestTheHelpersNoticeWhatIsWrong(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	mug := shop.Stocked("MUG", 3)
	for _, c := range []struct {
		what  string
		wrong func(testing.TB)
	}{
		{"a level", func(t testing.TB) { shop.Level(t, mug, dbtest.Level{OnHand: 4}) }},
		{"no level", func(t testing.TB) { shop.Level(t, 99, dbtest.Level{}) }},
		{"a code", func(t testing.TB) {
			dbtest.Outcomes{nil, db.NotFound("mug"), errors.New("other")}.AllOthers(t, "not_found")
		}},
		{"the doctor", func(t testing.TB) {
			err := db.Write(shop.Ctx, shop.DB, func(tx *db.Tx) error {
				_, err := tx.Exec("UPDATE levels SET on_hand = on_hand + 1")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			shop.Doctor(t)
		}},
	} {
		spy := &spy{TB: t}
		c.wrong(spy)
		if spy.failures == 0 {
			t.Errorf("%s: nothing failed", c.what)
		}
	}
}

type spy struct {
	testing.TB
	failures int
}

func (s *spy) Errorf(string, ...any) { s.failures++ }

func TestAFreshShopHasOneLocation(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	page, err := stock.Locations(shop.Ctx, shop.DB)
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Main store" || page.Items[0].ID != shop.Location {
		t.Errorf("%+v, %v", page, err)
	}
}
