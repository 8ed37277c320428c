package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
)

func digests(t *testing.T, p *posted, to string) []alerts.StockFacts {
	t.Helper()
	return told[alerts.StockFacts](t, p, alerts.StockMail, to)
}

// names says a digest in one line: "low new MUG still CUP; out recovered POT".
func names(f alerts.StockFacts) string {
	var parts []string
	for _, s := range f.Sections {
		part := string(s.Kind)
		for _, list := range []struct {
			word  string
			items []alerts.StockItem
		}{{"new", s.New}, {"still", s.Still}, {"recovered", s.Recovered}} {
			if len(list.items) > 0 {
				part += " " + list.word
			}
			for _, i := range list.items {
				part += " " + i.Name
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// wish chooses when the owner is told.
func (p *posted) wish(t *testing.T, wishes ...alerts.NewWish) {
	t.Helper()
	if _, err := alerts.Choose(p.Ctx, p.DB, alerts.WishChange{Items: wishes}); err != nil {
		t.Fatal(err)
	}
}

func TestADigestSaysWhatIsNewWhatIsStillSoAndWhatRecovered(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug, cup, pot, jug := p.Stocked("MUG", 12), p.Stocked("CUP", 12), p.Stocked("POT", 12), p.Stocked("JUG", 12)
	p.lose(t, mug, 3)
	p.lose(t, cup, 3)
	p.run(t, "stock-alerts")
	p.Clock.Forward(time.Minute)
	p.Receive(cup, 20)
	p.lose(t, pot, 12)
	p.run(t, "stock-alerts")
	p.Clock.Forward(time.Minute)
	p.Receive(pot, 5) // no longer out, still low: announced before
	p.lose(t, jug, 5)
	p.run(t, "stock-alerts")
	p.Clock.Forward(time.Minute)
	p.lose(t, mug, 9) // low before, out now
	p.run(t, "stock-alerts")
	var got []string
	for _, f := range digests(t, p, ada) {
		got = append(got, names(f))
	}
	want := []string{"low new CUP MUG", "out new POT; low still MUG recovered CUP", "low new JUG still POT MUG", "out new MUG; low still POT JUG"}
	if !slices.Equal(got, want) {
		t.Errorf("told were\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDigestsLeaveWhenTheirReaderWants(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	things := make([]int64, 30)
	for i := range things {
		things[i] = p.Stocked(fmt.Sprintf("THING-%02d", i), 11)
	}
	next := 0
	fall := func() { p.lose(t, things[next], 5); next++ }
	p.jobs.Tick("stock-alerts")
	fall() // 13:30 in Berlin; the usual digest leaves at 7:00
	for range 3 {
		p.Clock.Forward(time.Minute)
		p.jobs.Tick("stock-alerts")
	}
	if n := len(digests(t, p, ada)); n != 0 {
		t.Errorf("%d mails before the digest's hour", n)
	}
	p.Clock.Set(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))
	p.jobs.Tick("stock-alerts")
	p.jobs.Tick("stock-alerts")
	if got := digests(t, p, ada); len(got) != 1 || names(got[0]) != "low new THING-00" {
		t.Fatalf("at seven: %+v", got)
	}
	p.wish(t, alerts.NewWish{Kind: alerts.Low, Mode: alerts.Hourly})
	fall()
	p.Clock.Forward(30 * time.Minute)
	p.jobs.Tick("stock-alerts")
	if n := len(digests(t, p, ada)); n != 1 {
		t.Errorf("%d mails within the hour", n)
	}
	p.Clock.Forward(30 * time.Minute)
	p.jobs.Tick("stock-alerts")
	if n := len(digests(t, p, ada)); n != 2 {
		t.Errorf("%d mails after the hour", n)
	}
	p.wish(t, alerts.NewWish{Kind: alerts.Low, Mode: alerts.Instant})
	for range 14 { // one a minute: ten mails, then one for the rest
		fall()
		p.Clock.Forward(30 * time.Second)
		p.jobs.Tick("stock-alerts")
	}
	p.Clock.Forward(10 * time.Minute)
	p.jobs.Tick("stock-alerts")
	if n := len(digests(t, p, ada)); n != 2+10+1 {
		t.Errorf("%d mails of 14 in a rush", n-2)
	}
	p.wish(t, alerts.NewWish{Kind: alerts.Low, Mode: alerts.Off})
	fall()
	p.Clock.Forward(24 * time.Hour)
	p.jobs.Tick("stock-alerts")
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, ada)); n != 13 {
		t.Errorf("%d mails to somebody who wants none", n-13)
	}
}

func TestABurstIsAtMostTwoMails(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.wish(t, alerts.NewWish{Kind: alerts.Low, Mode: alerts.Instant}, alerts.NewWish{Kind: alerts.Out, Mode: alerts.Instant})
	things := make([]int64, 60)
	for i := range things {
		things[i] = p.Stocked(fmt.Sprintf("THING-%02d", i), 11)
	}
	p.jobs.Tick("stock-alerts")
	for minute := range 4 {
		for _, v := range things[15*minute : 15*minute+15] {
			p.lose(t, v, 5)
		}
		p.jobs.Tick("stock-alerts")
		p.Clock.Forward(time.Minute)
	}
	p.Clock.Forward(10 * time.Minute)
	p.jobs.Tick("stock-alerts")
	got := digests(t, p, ada)
	if len(got) != 2 || len(got[0].Sections[0].New) != 15 || len(got[1].Sections[0].New) != 45 {
		t.Errorf("a burst is %d mails", len(got))
	}
}

// office people: who is told, and what.
func TestEachIsToldOfTheirStoresAndOnce(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	harbour, err := stock.OpenLocation(p.Ctx, p.DB, stock.NewLocation{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	mug := p.Stocked("MUG", 5)
	five := int64(5)
	if _, err := stock.Adjust(p.Ctx, p.DB, stock.Adjustment{LocationID: harbour.ID, Reason: stock.Received, Lines: []stock.AdjustLine{{VariantID: mug, Delta: &five}}}); err != nil {
		t.Fatal(err)
	}
	hanna := p.user(t, "hanna", staff.Employee, harbour.ID)
	p.user(t, "emil", staff.Employee)
	if _, err := alerts.Choose(hanna, p.DB, alerts.WishChange{Items: []alerts.NewWish{{Kind: alerts.Low, Mode: alerts.Instant}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := alerts.Choose(hanna, p.DB, alerts.WishChange{Items: []alerts.NewWish{{Kind: alerts.Summary, Mode: alerts.Hourly}}}); db.CodeOf(err) != "bad_mode" {
		t.Errorf("an hourly summary: %v", err)
	}
	owners := settings.Addresses{"ADA@example.com", "books@example.com"}
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{Mail: &settings.MailChange{OwnerRecipients: &owners}}); err != nil {
		t.Fatal(err)
	}
	p.wish(t, alerts.NewWish{Kind: alerts.Low, Mode: alerts.Daily})
	p.run(t, "stock-alerts")
	for to, want := range map[string]int{ada: 2, "books@example.com": 2, "hanna@example.com": 1, "emil@example.com": 0} {
		got := digests(t, p, to)
		items := 0
		for _, f := range got {
			for _, s := range f.Sections {
				items += len(s.New)
			}
		}
		if items != want || want > 0 && len(got) != 1 {
			t.Errorf("%s was told of %d in %d mails, want %d", to, items, len(got), want)
		}
	}
	if got := digests(t, p, "hanna@example.com"); got[0].Sections[0].New[0].Store != "Harbour" || !slices.Equal(got[0].Stores, []string{"Harbour"}) {
		t.Errorf("hanna was told %+v", got)
	}
	if digests(t, p, "hanna@example.com")[0].Buys || !digests(t, p, ada)[0].Buys {
		t.Error("who does not buy is led to what to buy, or who does is not")
	}
	// One click ends it.
	stop := digests(t, p, "books@example.com")[0].Stop
	if err := alerts.Stop(p.Ctx, p.DB, stop, true); err != nil {
		t.Fatal(err)
	}
	cup := p.Stocked("CUP", 5)
	p.run(t, "stock-alerts")
	p.run(t, "daily-summary")
	if n := len(digests(t, p, "books@example.com")); n != 1 {
		t.Error("it goes on after the click")
	}
	if n := p.number(t, "SELECT count(*) FROM outbox WHERE kind = 'daily-summary' AND recipient = 'books@example.com'"); n != 0 {
		t.Error("the summary goes on after the click")
	}
	if err := alerts.Stop(p.Ctx, p.DB, stop, false); err != nil {
		t.Fatal(err)
	}
	p.run(t, "stock-alerts")
	if n := len(digests(t, p, "books@example.com")); n != 2 {
		t.Errorf("%d mails after taking it back", n)
	}
	if err := alerts.Stop(p.Ctx, p.DB, "made up", true); db.CodeOf(err) != "bad_link" {
		t.Errorf("a made-up link: %v", err)
	}
	_ = cup
}

// user lets somebody in.
func (p *posted) user(t *testing.T, name string, role staff.Role, stores ...int64) (ctx context.Context) {
	t.Helper()
	err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
		id, err := tx.Insert(`INSERT INTO users (name, email, email_normal, password_hash, role, status, created_at, all_locations)
			VALUES (?1, ?2, ?2, 'x', ?3, 'active', ?4, ?5)`, name, name+"@example.com", string(role), tx.Now, len(stores) == 0)
		for _, s := range stores {
			if err == nil {
				_, err = tx.Exec("INSERT INTO user_locations (user_id, location_id) VALUES (?1, ?2)", id, s)
			}
		}
		if err != nil {
			return err
		}
		_, actor, err := staff.ActorOf(tx, id)
		ctx = db.WithActor(t.Context(), actor)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}
