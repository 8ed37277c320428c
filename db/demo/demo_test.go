package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/dbtest"
	"onhand/db/demo"
	"onhand/db/settings"
	"onhand/db/tasks"
)

// facts is what must be the same in every demo of one day: what was sold, moved and paid, when and by whom.
const facts = `SELECT o.number || o.placed_at || o.status || o.payment_status || o.total || o.actor_name || coalesce(o.customer_name, '') FROM orders o WHERE o.number IS NOT NULL
	UNION ALL SELECT m.at || m.business_date || m.variant_id || m.location_id || m.delta || m.balance || m.cost || m.reason FROM movements m
	UNION ALL SELECT p.at || p.method || p.amount FROM payments p
	UNION ALL SELECT i.hash || i.alt FROM product_images i
	UNION ALL SELECT c.path || c.image_hash FROM categories c
	UNION ALL SELECT i.supplier_id || i.variant_id || i.code || i.cost || i.moq || i.pack_size || i.preferred FROM supplier_items i
	UNION ALL SELECT v.variant_id || v.at || coalesce(v.sale_price, '') || coalesce(v.sale_starts, '') FROM variant_prices v`

func print(t *testing.T, shop *dbtest.Shop) string {
	t.Helper()
	sum := sha256.New()
	err := db.Inspect(shop.Ctx, shop.DB, func(tx *db.Tx) error {
		var rows []string
		if err := tx.Select(&rows, facts); err != nil {
			return err
		}
		for _, r := range rows {
			fmt.Fprintln(sum, r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// rows counts what every table holds.
func rows(t *testing.T, shop *dbtest.Shop) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	err := db.Inspect(shop.Ctx, shop.DB, func(tx *db.Tx) error {
		var tables []string
		if err := tx.Select(&tables, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\' AND name NOT LIKE 'bun%' AND name NOT LIKE 'sqlite%'"); err != nil {
			return err
		}
		for _, table := range tables {
			var n int64
			if err := tx.Row(`SELECT count(*) FROM "`+table+`"`, nil, &n); err != nil {
				return err
			}
			counts[table] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// schema is every table, index and trigger in its words.
func schema(t *testing.T, shop *dbtest.Shop) (words []string) {
	t.Helper()
	err := db.Read(shop.Ctx, shop.DB, func(tx *db.Tx) error {
		return tx.Select(&words, "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
	})
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func pictures(t *testing.T, shop *dbtest.Shop) int {
	files, err := os.ReadDir(filepath.Join(shop.Dir(), "images"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(files)
}

func fill(t *testing.T, shop *dbtest.Shop) {
	t.Helper()
	filled, err := demo.Start(db.WithKey(shop.Ctx, "POST /demo", "as a page sends it"), shop.DB)
	if err == nil {
		err = <-filled
	}
	if err != nil {
		t.Fatal(err)
	}
}

func now(t *testing.T, shop *dbtest.Shop) *settings.Settings {
	t.Helper()
	s, err := settings.Current(shop.Ctx, shop.DB)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var update = flag.Bool("update", false, "write down anew which shop it is")

// A demo takes seconds to make, and minutes with the race detector, so that its tests share one.
func TestTheDemo(t *testing.T) {
	t.Parallel()
	fresh, shop := dbtest.Open(t), dbtest.Open(t)
	fill(t, shop)
	t.Run("it is always the same shop and its books are true", func(t *testing.T) { isTheSame(t, shop) })
	t.Run("it shows what a shop has", func(t *testing.T) { showsAShop(t, shop) })
	t.Run("it announces nothing of its past", func(t *testing.T) { announcesNothing(t, shop) })
	t.Run("it goes out as it came in", func(t *testing.T) { goesOut(t, shop, fresh) })
}

func isTheSame(t *testing.T, shop *dbtest.Shop) {
	shop.Doctor(t)
	const written = "testdata/print.txt"
	got := print(t, shop) + "\n"
	if *update {
		if err := os.WriteFile(written, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(written); err != nil || string(want) != got {
		t.Errorf("the demo of this day was another shop (-update writes it down anew): %v", err)
	}
	if s := now(t, shop); s.Demo != settings.DemoThere || !s.Frozen {
		t.Errorf("the shop is %+v", s)
	}
	counts := rows(t, shop)
	if got := counts; got["orders"] < 3000 || got["orders"] > 6000 || got["products"] < 60 || got["variants"] > 120 || got["product_images"] < got["products"] {
		t.Errorf("the shop has %v", got)
	}
	if n := counts["outbox"]; n != 0 {
		t.Errorf("%d mails were queued", n)
	}
}

func showsAShop(t *testing.T, shop *dbtest.Shop) {
	for what, query := range map[string]string{
		"orders of each channel":           "SELECT count(DISTINCT channel) >= 3 FROM orders",
		"a year":                           "SELECT max(placed_at) - min(placed_at) > 360 * 86400000 FROM orders",
		"nothing ahead":                    "SELECT max(at) <= (SELECT opened_at FROM settings) FROM movements",
		"December before June":             "SELECT (SELECT count(*) FROM orders WHERE business_date LIKE '%-12-%') > 1.4 * (SELECT count(*) FROM orders WHERE business_date LIKE '%-06-%')",
		"cancelled ones":                   "SELECT count(*) > 5 FROM orders WHERE status = 'cancelled'",
		"drafts":                           "SELECT count(*) = 2 FROM orders WHERE status = 'draft'",
		"returns":                          "SELECT count(*) > 20 FROM returns WHERE status = 'closed'",
		"refunds":                          "SELECT count(*) > 20 FROM payments WHERE kind = 'refund'",
		"parcels on their way":             "SELECT count(*) > 0 FROM fulfilments WHERE status = 'shipped'",
		"discounts":                        "SELECT count(*) > 20 FROM orders WHERE discount > 0",
		"codes that run, ended and come":   "SELECT count(*) = 3 AND count(*) FILTER (WHERE ends_on < '2026-11-20' AND ends_on <> '') = 1 AND count(*) FILTER (WHERE starts_on > '2026-11-20') = 1 FROM discount_codes",
		"codes that were used":             "SELECT count(DISTINCT discount_code_id) = 2 AND count(*) > 20 FROM orders",
		"returns that wait":                "SELECT count(*) FILTER (WHERE status = 'requested') = 1 AND count(*) FILTER (WHERE status = 'received') = 1 FROM returns",
		"cash and card":                    "SELECT count(DISTINCT method) >= 3 FROM payments",
		"a transfer of each kind":          "SELECT count(*) = 4 AND count(DISTINCT status) = 4 FROM transfers WHERE status <> 'cancelled'",
		"one of which something is lost":   "SELECT sum(missing) = 1 AND sum(on_way) > 0 FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id WHERE t.status = 'partially_received'",
		"orders at suppliers of each kind": "SELECT count(DISTINCT status) = 4 AND count(*) FILTER (WHERE status = 'received' AND freight > 0) = 3 FROM purchase_orders",
		"one that is late":                 "SELECT count(*) = 1 FROM purchase_orders WHERE status = 'sent' AND expected_on < '2026-11-20'",
		"one that came in part":            "SELECT sum(on_way) > 0 AND sum(received) > 0 FROM purchase_lines l JOIN purchase_orders p ON p.id = l.purchase_id WHERE p.status = 'partially_received'",
		"a count of everything":            "SELECT count(*) = 2 AND min(lines) > 20 AND max(lines) > 60 FROM counts WHERE kind = 'full' AND status = 'posted'",
		"short lists all year":             "SELECT count(*) > 50 AND count(DISTINCT location_id) = 2 AND max(posted_at) - min(posted_at) > 300 * 86400000 FROM counts WHERE kind = 'daily' AND status = 'posted'",
		"books that get truer":             "SELECT avg(1.0 * matching / lines) FILTER (WHERE id > 30) > avg(1.0 * matching / lines) FILTER (WHERE id <= 30) AND min(1.0 * matching / lines) > 0.75 FROM counts WHERE status = 'posted'",
		"a count that somebody has to see": "SELECT count(*) = 1 AND min(lines > matching) FROM counts WHERE status = 'review'",
		"waste":                            "SELECT count(*) > 5 FROM movements WHERE reason = 'waste'",
		"something out":                    "SELECT count(*) > 0 FROM levels WHERE on_hand = 0",
		"few things low":                   "SELECT count(*) BETWEEN 3 AND 25 FROM levels l JOIN variants v ON v.id = l.variant_id WHERE on_hand - committed - unavailable <= reorder_point",
		"a customer who waits":             "SELECT count(*) = 1 FROM reservations WHERE covered < quantity",
		"something that expires soon":      "SELECT count(*) > 3 FROM lots WHERE quantity > 0 AND expired_at IS NULL AND expires_on < '2026-12-05'",
		"each role":                        "SELECT count(DISTINCT role) = 3 FROM users",
		"sellers with names":               "SELECT count(DISTINCT actor_name) >= 3 FROM orders",
		"customers who come back":          "SELECT count(*) > 50 FROM (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL GROUP BY 1 HAVING count(*) > 2)",
		"suppliers one can reach":          "SELECT count(*) BETWEEN 3 AND 4 AND min(contact <> '' AND email LIKE '%@demo.invalid' AND phone <> '' AND lead_days > 0) FROM suppliers",
		"most of it bought from somebody":  "SELECT count(DISTINCT variant_id) > 0.8 * (SELECT count(*) FROM variants) AND min(code <> '' AND cost > 0 AND moq > 1 AND moq % pack_size = 0) FROM supplier_items",
		"one supplier preferred of two":    "SELECT count(*) > 5 AND min(preferred = 1) FROM (SELECT sum(preferred) AS preferred FROM supplier_items GROUP BY variant_id HAVING count(*) > 1)",
		"tags":                             "SELECT count(DISTINCT tag_key) >= 4 AND count(DISTINCT product_id) > 20 FROM product_tags",
		"boxes of 6 and 12":                "SELECT count(*) >= 5 AND count(DISTINCT quantity) = 2 FROM barcodes WHERE quantity > 1",
		"a sale and one that comes":        "SELECT count(DISTINCT product_id) FILTER (WHERE sale_starts < opened_at AND sale_ends > opened_at) = 1 AND count(DISTINCT product_id) FILTER (WHERE sale_starts > opened_at) = 1 FROM variants, settings",
		"something sold reduced":           "SELECT count(*) > 0 FROM order_lines l JOIN variants v ON v.id = l.variant_id WHERE l.unit_price = v.sale_price",
		"categories in two levels":         "SELECT count(*) FILTER (WHERE parent_id IS NULL) >= 5 AND max(length(place)) = 8 FROM categories",
		"a picture of each category":       "SELECT count(*) = 0 FROM categories WHERE image_hash IS NULL",
		"products with several pictures":   "SELECT count(*) >= 3 AND min(alts) FROM (SELECT count(*) = count(DISTINCT alt) AS alts FROM product_images GROUP BY product_id HAVING count(*) > 1)",
		"tills of two weeks":               "SELECT count(*) > 15 AND count(*) FILTER (WHERE counted <> expected) BETWEEN 2 AND 15 AND max(abs(counted - expected)) < 1000 FROM tills WHERE status = 'closed'",
		"a till that is open":              "SELECT count(*) BETWEEN 1 AND 2 FROM tills WHERE status = 'open'",
		"cash in tills":                    "SELECT count(DISTINCT till_id) > 15 FROM payments",
		"notes for the staff":              "SELECT count(*) >= 3 FROM products WHERE notes <> ''",
		"no password that somebody knows":  "SELECT count(*) = 0 FROM users WHERE email LIKE '%@demo.invalid' AND password_hash <> ''",
	} {
		var holds bool
		err := db.Read(shop.Ctx, shop.DB, func(tx *db.Tx) error { return tx.Row(query, nil, &holds) })
		if err != nil || !holds {
			t.Errorf("the demo is to have %s: %v", what, err)
		}
	}
}

func announcesNothing(t *testing.T, shop *dbtest.Shop) {
	job := db.WithActor(context.Background(), db.Actor{Kind: db.JobActor})
	for range 2 { // today, and on the day after, when everything is looked at
		if _, err := alerts.Watch(job, shop.DB); err != nil {
			t.Fatal(err)
		}
		shop.Clock.Forward(24 * time.Hour)
	}
	err := db.Read(shop.Ctx, shop.DB, func(tx *db.Tx) error {
		var web, stock int
		if err := tx.Row("SELECT count(*) FILTER (WHERE kind = 'web_order'), count(*) FILTER (WHERE kind <> 'web_order') FROM alerts", nil, &web, &stock); err != nil {
			return err
		}
		if web != 0 || stock < 6 || stock > 20 {
			t.Errorf("%d orders of the web and %d levels are announced", web, stock)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func goesOut(t *testing.T, shop, fresh *dbtest.Shop) {
	want, words := rows(t, fresh), schema(t, fresh)
	mug := shop.Stocked("MUG", 3) // what somebody adds goes too
	if _, err := shop.Sell(mug, 1); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s, err := demo.Remove(shop.Ctx, shop.DB, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("removed in %s", time.Since(began))
	if s.Demo != "" || s.Frozen || s.DefaultLocationID != shop.Location {
		t.Errorf("the shop is %+v", s)
	}
	got := rows(t, shop)
	// Who filled and emptied the shop is kept, its pages are told, and what the owner's mails are signed off with stays theirs.
	for _, changes := range []string{"audit", "events", "alert_addresses"} {
		delete(got, changes)
		delete(want, changes)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the shop differs from a fresh one (-fresh +left):\n%s", diff)
	}
	if diff := cmp.Diff(words, schema(t, shop)); diff != "" {
		t.Errorf("the file is another one:\n%s", diff)
	}
	if n := pictures(t, shop); n != 0 {
		t.Errorf("%d pictures are left", n)
	}
	shop.Doctor(t)
	again := shop.Stocked("MUG", 3) // and it can be worked in
	if order, err := shop.Sell(again, 1); err != nil || order.Number != "1001" {
		t.Errorf("%+v, %v", order, err)
	}
	shop.Doctor(t)
	if again, err := demo.Remove(shop.Ctx, shop.DB, nil); err != nil || again.Demo != "" {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestADemoThatWasInterruptedIsTakenBack(t *testing.T) {
	t.Parallel()
	shop, fresh := dbtest.Open(t), dbtest.Open(t)
	steps, further := 0, make(chan struct{})
	defer shop.Listen(func(e db.Event) {
		if e.Topic != tasks.WorkTopic {
			return
		}
		if steps++; steps == 4 {
			close(further)
		}
	})()
	ended, err := demo.Start(shop.Ctx, shop.DB)
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.TakeBack(shop.Ctx, shop.DB); err != nil || now(t, shop).Demo != settings.DemoFilling {
		t.Fatalf("one that is under way was taken back: %v", err)
	}
	<-further
	shop.Reopen()
	if err := <-ended; err == nil {
		t.Fatal("it got through, though the shop was closed")
	}
	if n := rows(t, shop)["products"]; n == 0 {
		t.Fatal("there is nothing to take back")
	}
	if s := now(t, shop); s.Demo != settings.DemoFilling {
		t.Fatalf("the demo is %q", s.Demo)
	}
	for range 2 {
		if err := demo.TakeBack(context.Background(), shop.DB); err != nil {
			t.Fatal(err)
		}
	}
	got, want := rows(t, shop), rows(t, fresh)
	for _, changes := range []string{"audit", "events"} {
		delete(got, changes)
		delete(want, changes)
	}
	if diff := cmp.Diff(want, got); diff != "" || now(t, shop).Demo != "" || pictures(t, shop) != 0 {
		t.Errorf("demo %q, %d pictures, tables (-fresh +left):\n%s", now(t, shop).Demo, pictures(t, shop), diff)
	}
	shop.Doctor(t)
}

func TestAFolderThatIsNothingButADemoIsMadeOnceAndNoRealShopIsFilled(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	if err := demo.Own(context.Background(), shop.DB, "en"); db.CodeOf(err) != "not_demo" {
		t.Errorf("a real shop was filled: %v", err)
	}
	if n := rows(t, shop)["products"]; n != 0 {
		t.Errorf("it has %d products", n)
	}
}

func TestADemoOfItsOwnThatWasStoppedOnTheWayIsBegunAnew(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), db.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	read := func(query string) (n int64) {
		if err := db.Read(t.Context(), d, func(tx *db.Tx) error { return tx.Row(query, nil, &n) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- demo.Own(ctx, d, "de") }()
		for _, there := range []bool{false, true} { // what was made before goes first
			for read("SELECT count(*) FROM products") >= 20 != there {
				select {
				case err := <-ended:
					t.Fatalf("it ended by itself: %v", err)
				case <-time.After(time.Millisecond):
				}
			}
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatalf("it ended with %v", err)
		}
		if s, err := settings.Current(t.Context(), d); err != nil || s.Demo != settings.DemoFilling || s.Name != "Brook & Töchter" {
			t.Errorf("the shop is %+v, %v", s, err)
		}
	}
	if n := read("SELECT count(*) FROM users WHERE email = 'owner@example.com'"); n != 1 {
		t.Errorf("%d owners", n)
	}
}
