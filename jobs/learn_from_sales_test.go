package jobs_test

import (
	"testing"
	"time"

	"onhand/db/catalog"
	"onhand/db/stock"
)

func TestWhatSellsFasterThanItsNumberSaysIsToldInTime(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	supplier, err := catalog.CreateSupplier(p.Ctx, p.DB, catalog.NewSupplier{Name: "Acme", LeadTimeDays: 7})
	if err != nil {
		t.Fatal(err)
	}
	mug := p.Stocked("MUG", 30*3+20) // its own reorder point is 10
	if _, err := catalog.SetSupplierItem(p.Ctx, p.DB, supplier.ID, mug, catalog.SupplierItemChange{}); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		o, err := p.Sell(mug, 3)
		if err == nil {
			_, err = p.Ship(o.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Clock.Forward(24 * time.Hour)
	}
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, ada)); n != 0 {
		t.Fatalf("%d mails by its own number", n)
	}
	p.jobs.Tick("learn-from-sales")
	p.jobs.Tick("learn-from-sales")
	if n := p.number(t, "SELECT count(*) FROM job_runs WHERE job = 'learn-from-sales'"); n != 1 {
		t.Errorf("%d runs, want one for all days that were missed", n)
	}
	if got := p.run(t, "learn-from-sales"); got != "Reorder points that moved: 0." {
		t.Errorf("at once again: %s", got)
	}
	p.run(t, "stock-alerts")
	got := digests(t, p, ada)
	if len(got) != 1 || names(got[0]) != "low new MUG" || got[0].Sections[0].New[0].ReorderPoint != 21 {
		t.Fatalf("the owner was told %+v", got)
	}
	p.Doctor(t)
}

func TestTheNightRanksWhatIsSold(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 20)
	if _, err := p.SellLines(false, true, mug, 5); err != nil {
		t.Fatal(err)
	}
	p.Clock.Forward(24 * time.Hour)
	p.run(t, "learn-from-sales")
	page, err := stock.Levels(p.Ctx, p.DB, stock.LevelFilter{Classes: []stock.Class{stock.ClassA}})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("of class A: %+v, %v", page.Items, err)
	}
}
