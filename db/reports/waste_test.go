package reports_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/reports"
	"onhand/db/staff"
	"onhand/db/stock"
)

func adjust(t testing.TB, s *dbtest.Shop, why stock.Reason, variant, delta int64) int64 {
	t.Helper()
	a, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: why, Lines: []stock.AdjustLine{{VariantID: variant, Delta: &delta}}})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func today(t testing.TB, s *dbtest.Shop, day string) {
	t.Helper()
	at, err := time.Parse(time.DateTime, day+" 12:00:00")
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(at)
}

// said is a report in a line for each item: "2026-10: 3 for 1800 of 9, 25000".
func said(r *reports.WasteReport) string {
	var all []string
	say := func(key string, w reports.WasteSums) {
		text := fmt.Sprintf("%s: %d", key, w.Units)
		if w.Cost != nil {
			text += fmt.Sprintf(" for %d", *w.Cost)
		}
		text += fmt.Sprintf(" beside %d", w.Sold)
		if w.Rate != nil {
			text += fmt.Sprintf(" are %d", *w.Rate)
		}
		if w.Shrinkage != 0 || w.Donated != 0 {
			text += fmt.Sprintf(", %d shrunk, %d donated", w.Shrinkage, w.Donated)
		}
		all = append(all, text)
	}
	for _, i := range r.Items {
		say(i.Key+i.Label, i.WasteSums)
	}
	say("all", r.Total)
	return strings.Join(all, "\n")
}

func waste(t testing.TB, ctx context.Context, s *dbtest.Shop, from, to db.Date, by string) *reports.WasteReport {
	t.Helper()
	r, err := reports.Waste(ctx, s.DB, reports.WasteQuery{From: from, To: to, By: by})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWasteIsWhatWasThrownAwayBesideWhatWasSold(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	bread, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Bread", Category: "Food > Bakery", Variants: []catalog.NewVariant{{SKU: "BREAD", Price: 500, Cost: ptr(money.Amount(200))}}})
	if err != nil {
		t.Fatal(err)
	}
	loaf, mug := bread.Variants[0].ID, s.Stocked("MUG", 20)
	today(t, s, "2026-10-05")
	adjust(t, s, stock.Received, loaf, 50)
	adjust(t, s, stock.Waste, loaf, -3)
	sell(t, s, loaf, 6)
	sell(t, s, mug, 3)
	today(t, s, "2026-11-10")
	adjust(t, s, stock.Damage, loaf, -1)
	adjust(t, s, stock.Theft, mug, -2)
	adjust(t, s, stock.Donated, loaf, -5)
	wrong := adjust(t, s, stock.Waste, mug, -4)
	today(t, s, "2026-11-11")
	if _, err := stock.UndoAdjustment(s.Ctx, s.DB, wrong, stock.Undoing{}); err != nil {
		t.Fatal(err)
	}
	found := adjust(t, s, stock.FoundStock, mug, 4)
	if _, err := stock.UndoAdjustment(s.Ctx, s.DB, found, stock.Undoing{}); err != nil {
		t.Fatal(err)
	}
	sell(t, s, mug, 1)
	for by, want := range map[string]string{
		"month":    "2026-10: 3 for 600 beside 9 are 25000\n2026-11: 1 for 200 beside 1 are 50000, 2 shrunk, 5 donated",
		"category": "2Food > Bakery: 4 for 800 beside 6 are 40000, 0 shrunk, 5 donated\n: 0 for 0 beside 4 are 0, 2 shrunk, 0 donated",
		"product":  "1Bread: 4 for 800 beside 6 are 40000, 0 shrunk, 5 donated\n2MUG: 0 for 0 beside 4 are 0, 2 shrunk, 0 donated",
		"location": "1Main store: 4 for 800 beside 10 are 28571, 2 shrunk, 5 donated",
		"reason":   "waste: 3 for 600 beside 0\ndamage: 1 for 200 beside 0\ndonated: 0 for 0 beside 0, 0 shrunk, 5 donated\ntheft: 0 for 0 beside 0, 2 shrunk, 0 donated",
	} {
		want += "\nall: 4 for 800 beside 10 are 28571, 2 shrunk, 5 donated"
		if got := said(waste(t, s.Ctx, s, "2026-10-01", "2026-11-30", by)); got != want {
			t.Errorf("by %s:\n%s\nwant:\n%s", by, got, want)
		}
	}
	r := waste(t, s.Ctx, s, "2026-11-01", "2026-11-30", "month")
	if p := r.Previous; p.From != "2026-10-01" || p.To != "2026-10-31" || p.Units != 3 || *p.Rate != 25000 {
		t.Errorf("before it was %+v", p)
	}
	if p := waste(t, s.Ctx, s, "2026-10-06", "2026-10-07", "month").Previous; p.From != "2026-10-04" || p.To != "2026-10-05" || p.Units != 3 {
		t.Errorf("before it was %+v", p)
	}
	// Undone on another day, it is taken off on that: the rows behind a figure add up to it.
	if got := said(waste(t, s.Ctx, s, "2026-11-11", "2026-11-11", "product")); got != "2MUG: -4 for -2400 beside 1 are 0\nall: -4 for -2400 beside 1 are 0" {
		t.Error(got)
	}
	page, err := stock.Movements(s.Ctx, s.DB, stock.MovementFilter{Reasons: []stock.Reason{stock.Waste, stock.Damage}, From: "2026-11-01", To: "2026-11-30"})
	sum := int64(0)
	for _, m := range page.Items {
		sum -= m.Delta
	}
	if err != nil || len(page.Items) != 3 || sum != 1 {
		t.Errorf("%v: the movements are %+v", err, page.Items)
	}
	s.Doctor(t)
}

func TestWasteIsOfTheStoresAndCostsThatSomebodySees(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	mug := s.Stocked("MUG", 9)
	adjust(t, s, stock.Waste, mug, -3)
	eva := func(locations ...int64) context.Context {
		return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: staff.Employee.Permissions(), Locations: locations})
	}
	if got := said(waste(t, eva(s.Location), s, "2026-11-01", "2026-11-30", "reason")); got != "waste: 3 beside 0\nall: 3 beside 0 are 100000" {
		t.Error(got)
	}
	if got := said(waste(t, eva(99), s, "2026-11-01", "2026-11-30", "reason")); got != "all: 0 beside 0" {
		t.Error(got)
	}
	for _, q := range []reports.WasteQuery{{From: "2026-11-02", To: "2026-11-01", By: "month"}, {From: "2000-01-01", To: "2026-11-01", By: "month"}} {
		if _, err := reports.Waste(s.Ctx, s.DB, q); db.CodeOf(err) != "bad_range" {
			t.Errorf("%v: %v", q, err)
		}
	}
}

func TestTheReportOfWasteLooksAtWhatWasLostAlone(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	var plan []string
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		var rows []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		err := tx.Select(&rows, "EXPLAIN QUERY PLAN SELECT 1 FROM movements m WHERE "+stock.LostSQL+" AND m.business_date BETWEEN ?1 AND ?2", "2026-11-01", "2026-11-30")
		for _, r := range rows {
			plan = append(plan, r.Detail)
		}
		return err
	})
	if err != nil || len(plan) != 1 || !strings.Contains(plan[0], "movements_lost") {
		t.Errorf("%v: %q", err, plan)
	}
}
