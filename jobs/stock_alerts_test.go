package jobs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/auth"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/doctor"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// told are the facts of the mails of a kind to somebody, the oldest first.
func told[T any](t *testing.T, p *posted, kind, to string) (facts []T) {
	t.Helper()
	var rows []string
	err := db.Read(p.Ctx, p.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT facts FROM outbox WHERE kind = ?1 AND recipient = ?2 ORDER BY id", kind, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var f T
		if err := json.Unmarshal([]byte(row), &f); err != nil {
			t.Fatal(err)
		}
		facts = append(facts, f)
	}
	return facts
}

const ada = "ada@example.com"

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

func TestWebOrdersAreToldAtOnceAndARushAsOne(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 1000)
	order := func(n int) {
		for range n {
			_, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Web, LocationID: p.Location, Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}},
				Customer: &customers.Contact{Name: "Grace", Email: "grace@example.com"}})
			if err != nil {
				t.Fatal(err)
			}
		}
		p.jobs.Tick("stock-alerts")
	}
	count := func() (mails, orders int) {
		for _, f := range told[alerts.NewOrdersFacts](t, p, alerts.NewOrdersMail, ada) {
			mails, orders = mails+1, orders+len(f.Orders)
		}
		return mails, orders
	}
	order(1)
	order(2)
	if m, o := count(); m != 3 || o != 3 {
		t.Errorf("%d mails of %d orders, want one each", m, o)
	}
	p.Clock.Forward(11 * time.Minute)
	order(30)
	order(5)
	if m, o := count(); m != 4 || o != 33 {
		t.Errorf("%d mails of %d orders in a rush", m, o)
	}
	p.Clock.Forward(11 * time.Minute)
	p.jobs.Tick("stock-alerts")
	if m, o := count(); m != 5 || o != 38 {
		t.Errorf("%d mails of %d orders after it", m, o)
	}
	if n := p.number(t, "SELECT count(*) FROM outbox WHERE kind = 'order-confirmed' AND recipient = 'grace@example.com'"); n != 38 {
		t.Errorf("the customer got %d confirmations", n)
	}
	if _, err := p.Sell(mug, 1); err != nil {
		t.Fatal(err)
	}
	p.run(t, "stock-alerts")
	if m, _ := count(); m != 5 {
		t.Error("a sale at the counter is told")
	}
	p.wish(t, alerts.NewWish{Kind: alerts.WebOrder, Mode: alerts.Off})
	order(3)
	p.wish(t, alerts.NewWish{Kind: alerts.WebOrder, Mode: alerts.Instant})
	p.Clock.Forward(time.Hour)
	order(1)
	if m, o := count(); m != 6 || o != 39 {
		t.Errorf("%d mails of %d orders: what came while nobody wanted to hear of it is told", m, o)
	}
}

func TestASelfCheckTellsWhatItFinds(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 20)
	if result := p.run(t, "self-check"); result != "Everything holds." {
		t.Errorf("a sound shop: %s", result)
	}
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != 0 {
		t.Errorf("a sound shop: %+v, %v", f, err)
	}
	broken := func(by int) {
		if err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE levels SET on_hand = on_hand + ?2 WHERE variant_id = ?1", mug, by)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	broken(1)
	reports, err := doctor.Run(t.Context(), p.DB)
	if err != nil || len(reports) == 0 {
		t.Fatal("the doctor sees nothing")
	}
	p.run(t, "self-check")
	p.run(t, "self-check")
	p.run(t, "stock-alerts")
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != len(reports) {
		t.Errorf("found %+v, %v", f, err)
	}
	got := told[alerts.SelfCheckFacts](t, p, alerts.SelfCheckMail, ada)
	if len(got) != 1 || got[0].Findings[0].Message != reports[0].Message {
		t.Errorf("told %+v", got)
	}
	broken(-1)
	p.run(t, "self-check")
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != 0 {
		t.Errorf("mended: %+v, %v", f, err)
	}
	p.jobs.Tick("self-check") // at 3:00, not before
	p.Clock.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	p.jobs.Tick("self-check")
	p.jobs.Tick("self-check")
	if n := p.number(t, "SELECT count(*) FROM job_runs WHERE job = 'self-check'"); n != 5 {
		t.Errorf("%d runs, want one for the three days that were missed", n-4)
	}
}

func TestALinkOfAMailLeadsToTheShop(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	sessions := staff.NewSessions(p.DB, func(int64, staff.Ending) {})
	if err := sessions.Forgot(t.Context(), staff.ForgottenPassword{Email: ada}); err != nil {
		t.Fatal(err)
	}
	public := "https://shop.example.com"
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{PublicURL: &public}); err != nil {
		t.Fatal(err)
	}
	p.run(t, "deliver-mail")
	got := p.office.to(ada)
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	body := strings.ReplaceAll(strings.ReplaceAll(got[0].body, "=\r\n", ""), "=3D", "=")
	_, rest, ok := strings.Cut(body, public+"/staff/reset#token=")
	if !ok {
		t.Fatalf("no link: %s", body)
	}
	token, err := url.QueryUnescape(rest[:strings.IndexAny(rest, "\r\n \"<")])
	if err != nil || len(token) < 32 {
		t.Fatalf("the token %q, %v", token, err)
	}
	e := p.email(t, ada)
	if strings.Contains(e.Text+e.HTML, token) {
		t.Error("the file holds the link")
	}
	hash := auth.HashToken(token)
	if n := p.number(t, "SELECT count(*) FROM password_resets WHERE token_hash = ?1", hash[:]); n != 1 {
		t.Error("the link opens nothing")
	}
	// One that comes too late is not sent.
	if err := sessions.Forgot(t.Context(), staff.ForgottenPassword{Email: ada}); err != nil {
		t.Fatal(err)
	}
	p.Clock.Forward(31 * time.Minute)
	p.run(t, "deliver-mail")
	if n := len(p.office.to(ada)); n != 1 {
		t.Errorf("a link that works no more was sent")
	}
}

func TestACustomerIsWrittenToInTheirLanguage(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 10)
	place := func(email, language string, channel sales.Channel) *sales.Order {
		o, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: channel, Language: language, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}},
			Customer: &customers.Contact{Name: "Grace", Email: email}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	german := place("grete@example.com", "de", sales.Web)
	place("grace@example.com", "", sales.Phone)
	place("counter@example.com", "", sales.Counter)
	if _, err := sales.Fulfil(p.Ctx, p.DB, german.ID, sales.NewFulfilment{Carrier: "DHL", TrackingNumber: "00340", Ship: true}); err != nil {
		t.Fatal(err)
	}
	dropped := place("drop@example.com", "", sales.API)
	for range 2 { // once is enough
		if _, err := sales.Cancel(p.Ctx, p.DB, dropped.ID, sales.Cancellation{Reason: "sold out"}); err != nil {
			t.Fatal(err)
		}
	}
	p.run(t, "deliver-mail")
	for to, want := range map[string][]string{
		"grete@example.com":   {"Bestellung " + german.Number, "Bestellung " + german.Number},
		"grace@example.com":   {"Order 1002"},
		"counter@example.com": nil,
		"drop@example.com":    {"Order " + dropped.Number, "Order " + dropped.Number},
	} {
		got := p.office.to(to)
		if len(got) != len(want) {
			t.Errorf("%s got %d mails, want %d", to, len(got), len(want))
			continue
		}
		for i := range want {
			if subject, err := new(mime.WordDecoder).DecodeHeader(got[i].subject); err != nil || !strings.Contains(subject, want[i]) {
				t.Errorf("%s got %q, want %q in it", to, got[i].subject, want[i])
			}
		}
	}
	if got := p.office.to("grete@example.com"); len(got) == 2 && (!strings.Contains(got[1].body, "12,50") || strings.Contains(got[1].body, " 0,00")) {
		t.Errorf("what left is worth nothing: %s", got[1].body)
	}
	if _, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Web, Language: "xx", Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}}}); db.CodeOf(err) != "unknown_language" {
		t.Errorf("a made-up language: %v", err)
	}
}

// onBackorder is a mug that sells without stock, and orders of it that wait, one for each address.
func (p *posted) onBackorder(t *testing.T, to ...string) (mug int64, orders []*sales.Order) {
	t.Helper()
	made, err := catalog.Create(p.Ctx, p.DB, catalog.NewProduct{Name: "Blue mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1250, Policy: catalog.Backorder}}})
	if err != nil {
		t.Fatal(err)
	}
	mug = made.Variants[0].ID
	for _, email := range to {
		o, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Phone, Customer: &customers.Contact{Name: "Mia", Email: email},
			Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		orders = append(orders, o)
	}
	return mug, orders
}

func TestWhoWaitsIsMailedWhenGoodsCome(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug, orders := p.onBackorder(t, "mia@example.com")
	for _, want := range []int{0, 1, 1} {
		p.run(t, "stock-alerts")
		mails := told[sales.OrderFacts](t, p, sales.OrderCoveredMail, "mia@example.com")
		if len(mails) != want || want > 0 && mails[0].Number != orders[0].Number {
			t.Fatalf("the customer was told %+v, want %d mails", mails, want)
		}
		if want == 0 {
			p.Receive(mug, 2)
		}
	}
	p.Doctor(t)
}

func TestAMailThatCannotBeQueuedKeepsNoAlertBack(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	cup := p.Stocked("CUP", 12)
	mug, _ := p.onBackorder(t, "nobody@example.com", "mia@example.com")
	err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER full BEFORE INSERT ON outbox WHEN new.recipient = 'nobody@example.com' BEGIN SELECT RAISE(ABORT, 'no room'); END")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Receive(mug, 4)
	p.lose(t, cup, 12)
	run, err := p.jobs.Run(t.Context(), "stock-alerts")
	if err != nil || run.Outcome != tasks.Failed {
		t.Errorf("the run %+v, %v", run, err)
	}
	if n := len(told[sales.OrderFacts](t, p, sales.OrderCoveredMail, "mia@example.com")); n != 1 {
		t.Errorf("the next one who waits was told %d times", n)
	}
	if got := digests(t, p, ada); len(got) != 1 || !strings.Contains(names(got[0]), "CUP") {
		t.Errorf("the owner was told %+v", got)
	}
}
