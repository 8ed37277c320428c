package jobs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/sales"
	"onhand/db/stock"
)

func (p *posted) sell(t *testing.T, variant, quantity int64) {
	t.Helper()
	if _, err := p.Sell(variant, quantity); err != nil {
		t.Fatal(err)
	}
}

// lose takes stock away without an order.
func (p *posted) lose(t *testing.T, variant, quantity int64) {
	t.Helper()
	delta := -quantity
	_, err := stock.Adjust(p.Ctx, p.DB, stock.Adjustment{LocationID: p.Location, Reason: stock.Damage, Lines: []stock.AdjustLine{{VariantID: variant, Delta: &delta}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFiveHundredSalesAreOneMailThatNamesTheItemOnce(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 510)
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, ada)); n != 0 {
		t.Fatalf("%d mails while all is well", n)
	}
	for range 500 {
		p.sell(t, mug, 1)
	}
	for range 3 {
		p.run(t, "stock-alerts")
		p.Clock.Forward(time.Minute)
	}
	p.run(t, "deliver-mail")
	got := digests(t, p, ada)
	if len(got) != 1 || names(got[0]) != "low new MUG" {
		t.Fatalf("the owner was told %+v", got)
	}
	mails := p.office.to(ada)
	if len(mails) != 1 || !strings.Contains(mails[0].subject, "MUG") || strings.Count(mails[0].subject, "MUG") != 1 {
		t.Errorf("what arrived: %+v", mails)
	}
	p.Receive(mug, 100)
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, ada)); n != 1 {
		t.Errorf("that it recovered alone is a mail")
	}
	p.lose(t, mug, 100)
	p.run(t, "stock-alerts")
	if got := digests(t, p, ada); len(got) != 2 || names(got[1]) != "low new MUG" {
		t.Errorf("fallen again: %+v", got)
	}
	p.Doctor(t)
}

func TestWhatRestsIsNotTold(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug, cup := p.Stocked("MUG", 11), p.Stocked("CUP", 11)
	p.lose(t, mug, 3)
	p.lose(t, cup, 3)
	p.jobs.Tick("stock-alerts")
	open := func() map[string]alerts.Alert {
		page, err := alerts.Open(p.Ctx, p.DB, alerts.AlertFilter{})
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]alerts.Alert{}
		for _, a := range page.Items {
			by[a.Item.Name] = a
		}
		return by
	}
	until := db.TimeOf(p.Now()).Add(48 * time.Hour)
	if a, err := alerts.Rest(p.Ctx, p.DB, open()["MUG"].ID, alerts.Snooze{Until: &until}); err != nil || !a.Snoozed || a.SnoozeBy != "Ada" {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := alerts.Rest(p.Ctx, p.DB, open()["CUP"].ID, alerts.Snooze{UntilStock: true}); err != nil {
		t.Fatal(err)
	}
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, ada)); n != 0 {
		t.Errorf("%d mails about what rests", n)
	}
	p.Receive(cup, 1) // it came, and is low all the same
	p.run(t, "stock-alerts")
	if got := digests(t, p, ada); len(got) != 1 || names(got[0]) != "low new CUP" {
		t.Errorf("when stock came: %+v", got)
	}
	p.Clock.Set(until.Time())
	p.jobs.Tick("stock-alerts")
	p.run(t, "stock-alerts")
	if got := digests(t, p, ada); len(got) != 2 || names(got[1]) != "low new MUG still CUP" {
		t.Errorf("when the time was over: %+v", got)
	}
	if _, err := alerts.Rest(p.Ctx, p.DB, open()["MUG"].ID, alerts.Snooze{UntilStock: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := alerts.Wake(p.Ctx, p.DB, open()["MUG"].ID); err != nil {
		t.Fatal(err)
	}
	p.Clock.Forward(time.Minute)
	p.run(t, "stock-alerts")
	if got := digests(t, p, ada); len(got) != 3 || names(got[2]) != "low new MUG still CUP" {
		t.Errorf("woken by hand: %+v", got)
	}
	past := db.TimeOf(p.Now()).Add(-time.Minute)
	for code, s := range map[string]alerts.Snooze{"until_needed": {}, "in_the_past": {Until: &past}} {
		if _, err := alerts.Rest(p.Ctx, p.DB, open()["CUP"].ID, s); db.CodeOf(err) != code {
			t.Errorf("%+v: %v, want %s", s, err, code)
		}
	}
	p.Receive(mug, 100)
	p.run(t, "stock-alerts")
	if _, err := alerts.Rest(p.Ctx, p.DB, open()["MUG"].ID, alerts.Snooze{UntilStock: true}); db.CodeOf(err) != "not_found" {
		t.Errorf("what is well cannot rest: %v", err)
	}
}

func TestTooMuchIsWhatLastsTooLong(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	fast, slow, dead, full := p.Stocked("FAST", 100), p.Stocked("SLOW", 100), p.Stocked("DEAD", 100), p.Stocked("FULL", 100)
	if err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE variants SET max_stock = 50 WHERE id = ?1", full)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	over := func() string {
		p.run(t, "stock-alerts")
		page, err := alerts.Open(p.Ctx, p.DB, alerts.AlertFilter{Kinds: []alerts.AlertKind{alerts.Over}})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range page.Items {
			names = append(names, a.Item.Name)
		}
		slices.Sort(names)
		levels, err := stock.Levels(p.Ctx, p.DB, stock.LevelFilter{States: []stock.State{stock.Over}})
		if err != nil {
			t.Fatal(err)
		}
		var listed []string
		for _, l := range levels.Items {
			listed = append(listed, l.SKU)
		}
		slices.Sort(listed)
		if !slices.Equal(names, listed) {
			t.Errorf("alerts say too much is %q, the stock list says %q", names, listed)
		}
		return strings.Join(names, " ")
	}
	if got := over(); got != "FULL" {
		t.Errorf("on the first day too much is %q", got)
	}
	for day := range 40 {
		for _, s := range []struct{ variant, every int64 }{{fast, 1}, {slow, 10}} {
			if int64(day)%s.every != 0 {
				continue
			}
			o, err := p.Sell(s.variant, 1)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sales.Fulfil(p.Ctx, p.DB, o.ID, sales.NewFulfilment{Ship: true}); err != nil {
				t.Fatal(err)
			}
		}
		p.Clock.Forward(24 * time.Hour)
	}
	if got := over(); got != "FULL SLOW" { // 60 days of cover, 960 days, not judged yet without a sale
		t.Errorf("after 40 days too much is %q", got)
	}
	p.Clock.Forward(51 * 24 * time.Hour)
	if got := over(); !strings.Contains(got, "DEAD") {
		t.Errorf("after 91 days too much is %q", got)
	}
	_ = dead
}

func TestWhatExpiresLeavesTheSaleByItself(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	lots := true
	product, err := catalog.Create(p.Ctx, p.DB, catalog.NewProduct{Name: "MILK", Variants: []catalog.NewVariant{{SKU: "MILK", TracksLots: &lots}}})
	if err != nil {
		t.Fatal(err)
	}
	milk := product.Variants[0].ID
	many := int64(12)
	_, err = stock.Adjust(p.Ctx, p.DB, stock.Adjustment{LocationID: p.Location, Reason: stock.Received, Lines: []stock.AdjustLine{
		{VariantID: milk, Delta: &many, Lot: "A", ExpiresOn: "2026-11-22"}, {VariantID: milk, Delta: &many, Lot: "B", ExpiresOn: "2026-12-20"}}})
	if err != nil {
		t.Fatal(err)
	}
	p.jobs.Tick("stock-alerts")
	p.Level(t, milk, dbtest.Level{OnHand: 24})
	p.Clock.Set(time.Date(2026, 11, 21, 22, 59, 0, 0, time.UTC)) // a minute before midnight in Berlin
	p.jobs.Tick("stock-alerts")
	p.Level(t, milk, dbtest.Level{OnHand: 24})
	p.Clock.Forward(time.Minute)
	p.jobs.Tick("stock-alerts")
	p.Level(t, milk, dbtest.Level{OnHand: 24, Unavailable: 12})
	p.sell(t, milk, 2)
	p.run(t, "stock-alerts")
	if got := digests(t, p, ada); len(got) != 1 || names(got[0]) != "low new MILK" {
		t.Errorf("the owner was told %+v", got)
	}
	p.jobs.Tick("stock-alerts")                         // nothing is left to do today
	err = db.Write(p.Ctx, p.DB, func(tx *db.Tx) error { // as if another time zone had come
		_, err := tx.Exec("UPDATE lots SET expires_on = '2026-11-22' WHERE lot = 'B'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.jobs.Tick("stock-alerts")
	p.Level(t, milk, dbtest.Level{OnHand: 24, Unavailable: 24, Backordered: 2})
	p.Doctor(t)
}
