package doctor_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/doctor"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/stock"
)

func ptr[T any](v T) *T { return &v }

// worked is a shop that has seen a little of everything:
// order 1 is placed, 2 confirmed with a packed and a shipped parcel, 3 completed, 4 cancelled, 5 short of 1, 6 a draft; 3 has shipping.
func worked(t *testing.T) *dbtest.Shop {
	t.Helper()
	s := dbtest.Open(t)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	mug := s.Stocked("MUG", 20)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Late cup", Variants: []catalog.NewVariant{{SKU: "LATE", Price: 300, Policy: catalog.Backorder}}})
	ok(err)
	late := p.Variants[0].ID
	place := func(variant, quantity int64, more func(*sales.NewOrder)) *sales.Order {
		in := sales.NewOrder{Channel: sales.Counter, LocationID: s.Location, Lines: []sales.NewLine{{VariantID: variant, Quantity: quantity}}}
		if more != nil {
			more(&in)
		}
		o, err := sales.Place(s.Ctx, s.DB, in)
		ok(err)
		return o
	}
	_, err = sales.CreateDiscountCode(s.Ctx, s.DB, sales.NewDiscountCode{Code: "TENTH", Percent: ptr(money.Rate(10_000))})
	ok(err)
	place(mug, 2, func(in *sales.NewOrder) {
		in.Customer = &customers.Contact{Name: "Grace", Email: "grace@example.com"}
		in.DiscountCode = "TENTH"
	})
	two := place(mug, 3, nil)
	for _, ship := range []bool{true, false} {
		_, err := sales.Fulfil(s.Ctx, s.DB, two.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: two.Lines[0].ID, Quantity: 1}}, Ship: ship})
		ok(err)
	}
	place(mug, 1, func(in *sales.NewOrder) {
		in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}
		in.Payments, in.Fulfil = []sales.NewPayment{{Method: "card", Amount: 1750}}, true
	})
	_, err = sales.Cancel(s.Ctx, s.DB, place(mug, 1, nil).ID, sales.Cancellation{})
	ok(err)
	s.Receive(late, 1)
	place(late, 2, nil)
	place(mug, 1, func(in *sales.NewOrder) { in.Draft = true })
	gone := place(mug, 1, func(in *sales.NewOrder) { in.Fulfil = true })
	r, err := sales.RequestReturn(s.Ctx, s.DB, gone.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: gone.Lines[0].ID, Quantity: 1}}})
	ok(err)
	_, err = sales.ReceiveReturn(s.Ctx, s.DB, r.ID, sales.ReturnReceipt{Lines: []sales.ReceivedLine{{OrderLineID: gone.Lines[0].ID, Sellable: 1}}})
	ok(err)
	move(t, s)
	count(t, s)
	buy(t, s)
	return s
}

// buy orders ten mugs, of which six have come with freight: purchase order 1. Order 2 is a draft; of 3 all bags have come.
func buy(t *testing.T, s *dbtest.Shop) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	acme, err := catalog.CreateSupplier(s.Ctx, s.DB, catalog.NewSupplier{Name: "Acme", Email: "orders@acme.example", LeadTimeDays: 7})
	ok(err)
	for _, variant := range []int64{1, 1, 3} {
		_, err := purchasing.Create(s.Ctx, s.DB, purchasing.NewPurchase{SupplierID: acme.ID, LocationID: s.Location,
			Lines: []purchasing.NewPurchaseLine{{VariantID: variant, Quantity: 10, UnitCost: ptr(money.Amount(550))}}})
		ok(err)
	}
	for id, came := range map[int64]purchasing.PurchaseArrival{1: {Quantity: 6}, 3: {Quantity: 10, Lot: "A"}} {
		p, err := purchasing.Send(s.Ctx, s.DB, id, purchasing.PurchaseSending{})
		ok(err)
		came.LineID = p.Lines[0].ID
		_, err = purchasing.Receive(s.Ctx, s.DB, id, purchasing.PurchaseReceipt{Freight: 100, Lines: []purchasing.PurchaseArrival{came}})
		ok(err)
	}
}

// count finds a bag less than the books have at the main store: count C-1001, of which nothing is left to post. C-1002 is open.
func count(t *testing.T, s *dbtest.Shop) {
	t.Helper()
	for range 2 {
		_, err := stock.StartCount(s.Ctx, s.DB, stock.NewCount{LocationID: s.Location})
		if err != nil {
			t.Fatal(err)
		}
	}
	goods := stock.CountedGoods{Lines: []stock.CountedLine{{VariantID: 3, Counted: ptr(int64(3))}, {VariantID: 2, Counted: ptr(int64(1))}}}
	if _, err := stock.CountGoods(s.Ctx, s.DB, 1, goods); err != nil {
		t.Fatal(err)
	}
	if _, err := stock.PostCount(s.Ctx, s.DB, 1, stock.CountPost{}); err != nil {
		t.Fatal(err)
	}
}

// move sends five bags of a lot from the main store to another one, where three arrive and one is given up: transfer 1. Transfer 2 is a draft.
func move(t *testing.T, s *dbtest.Shop) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Bag", Variants: []catalog.NewVariant{{SKU: "BAG", Price: 300, Cost: ptr(money.Amount(100)), TracksLots: ptr(true)}}})
	ok(err)
	other, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: "Harbour"})
	ok(err)
	bag := p.Variants[0].ID
	_, err = stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Received, Lines: []stock.AdjustLine{{VariantID: bag, Delta: ptr(int64(9)), Lot: "A"}}})
	ok(err)
	for range 2 {
		_, err := stock.CreateTransfer(s.Ctx, s.DB, stock.NewTransfer{FromLocationID: s.Location, ToLocationID: other.ID, Lines: []stock.NewTransferLine{{VariantID: bag, Quantity: 5}}})
		ok(err)
	}
	sent, err := stock.ShipTransfer(s.Ctx, s.DB, 1, stock.TransferShipment{})
	ok(err)
	_, err = stock.ReceiveTransfer(s.Ctx, s.DB, 1, stock.TransferReceipt{Lines: []stock.ArrivingLine{{LineID: sent.Lines[0].ID, Quantity: 3, Missing: 1, Reason: stock.Lost}}})
	ok(err)
}

func TestAWorkedShopIsSound(t *testing.T) {
	t.Parallel()
	s := worked(t)
	s.Doctor(t)
	s.Clock.Forward(100 * 24 * 3600e9)
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{TimeZone: ptr("Pacific/Apia")}); err != nil {
		t.Fatal(err)
	}
	s.Reopen()
	s.Doctor(t)
}

// mail is a statement that queues a mail in a state of its own.
func mail(id int, state string) string {
	column, value, _ := strings.Cut(state, " = ")
	return fmt.Sprintf("INSERT INTO outbox (id, kind, recipient, key, language, facts, queued_at, since, due_at, %s) VALUES (%d, 'test', 'x@example.com', 'x', '', '{}', 0, 0, 0, %s)", column, id, value)
}

// alert is a statement that opens an alert.
func alert(kind string, variant int) string {
	return fmt.Sprintf("INSERT INTO alerts (kind, variant_id, location_id, opened_at) VALUES ('%s', %d, 1, 0)", kind, variant)
}

func TestTheDoctorChangesNothing(t *testing.T) {
	t.Parallel()
	s := worked(t)
	damage(t, s.Dir(), "UPDATE levels SET on_hand = on_hand + 1")
	before := found(t, s.DB)
	if after := found(t, s.DB); strings.Join(before, "\n") != strings.Join(after, "\n") || len(before) == 0 {
		t.Errorf("first %q, then %q", before, after)
	}
}

func TestTheDoctorNamesEachDamage(t *testing.T) {
	t.Parallel()
	sound := worked(t)
	sound.Reopen() // all of it is in the one file now
	file, err := os.ReadFile(filepath.Join(sound.Dir(), db.FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, row string
		damage    []string
	}{
		{"references", "payments 1", []string{"INSERT INTO fulfilment_lines (fulfilment_id, line_id, quantity) VALUES (404, 1, 1)", "UPDATE payments SET order_id = 404"}},
		{"a shop has an admin", "users", []string{"UPDATE users SET role = 'manager'"}},
		{"only those who work here are signed in", "session 77", []string{"UPDATE users SET status = 'disabled'", session(77, "NULL")}},
		{"a device was signed in with a password", "session 79", []string{session(77, "NULL"), session(78, "77"), session(79, "78")}},
		{"stores are named for those who are limited to them", "user 1", []string{"INSERT INTO user_locations VALUES (1, 1)"}},
		{"recovery codes stand in for a second factor", "user 1", []string{"INSERT INTO recovery_codes VALUES (1, zeroblob(32))"}},
		{"on hand is the sum of the ledger", "variant 1 at location 1", []string{"UPDATE levels SET on_hand = on_hand + 1 WHERE variant_id = 1"}},
		{"on hand is the sum of the ledger", "variant 1 at location 1", []string{"DELETE FROM movements WHERE id = 1"}},
		{"on hand is the sum of the ledger", "variant 1 at location 1", []string{"UPDATE movements SET delta = 19 WHERE id = 1"}},
		{"every movement has a level", "variant 2 at location 1", []string{"DELETE FROM levels WHERE variant_id = 2"}},
		{"each movement's balance follows from the one before", "movement 2", []string{"UPDATE movements SET balance = 17 WHERE id = 2"}},
		{"committed is what open reservations cover", "variant 1 at location 1", []string{"UPDATE levels SET committed = committed - 1 WHERE variant_id = 1"}},
		{"committed is what open reservations cover", "variant 1 at location 1", []string{"DELETE FROM reservations WHERE order_id = 1"}},
		{"backordered is what open reservations lack", "variant 2 at location 1", []string{"UPDATE levels SET backordered = 0 WHERE variant_id = 2"}},
		{"every reservation has a level", "reservation 5", []string{"DELETE FROM levels WHERE variant_id = 2"}},
		{"nobody waits for what is there", "variant 2 at location 1", []string{"UPDATE levels SET on_hand = 2 WHERE variant_id = 2"}},
		{"available is never negative", "variant 1 at location 1", []string{"UPDATE levels SET unavailable = 100 WHERE variant_id = 1"}},
		{"the quantity valued is the quantity on hand", "variant 1", []string{"UPDATE costs SET quantity = quantity - 1 WHERE variant_id = 1"}},
		{"the quantity valued is the quantity on hand", "variant 1", []string{"DELETE FROM costs WHERE variant_id = 1"}},
		{"the value is the sum of the costs moved", "variant 1", []string{"UPDATE costs SET value = value + 1 WHERE variant_id = 1"}},
		{"the value is the sum of the costs moved", "variant 1", []string{"UPDATE movements SET cost = 0 WHERE id = 1"}},
		{"the value is the sum of the costs moved", "variant 1", []string{"DELETE FROM costs WHERE variant_id = 1"}},
		{"a day's stock is what its movements left", "variant 1 at location 1 on 2026-11-20", []string{"UPDATE stock_days SET closing = closing - 1 WHERE variant_id = 1"}},
		{"a day's stock is what its movements left", "variant 1 at location 1 on 2026-11-20", []string{"UPDATE stock_days SET carried = carried + 1 WHERE variant_id = 1"}},
		{"a day's stock is what its movements left", "variant 1 at location 1 on 2026-11-20", []string{"UPDATE stock_days SET sold = sold + 1 WHERE variant_id = 1"}},
		{"a day's stock is what its movements left", "variant 1 at location 1 on 2026-11-20", []string{"DELETE FROM stock_days WHERE variant_id = 1"}},
		{"a day's value is what its movements left", "variant 1 on 2026-11-20", []string{"UPDATE cost_days SET quantity = quantity + 1 WHERE variant_id = 1"}},
		{"a day's value is what its movements left", "variant 1 on 2026-11-20", []string{"UPDATE cost_days SET value = value + 1 WHERE variant_id = 1"}},
		{"a day's value is what its movements left", "variant 1 on 2026-11-20", []string{"DELETE FROM cost_days WHERE variant_id = 1"}},

		{"incoming is what is on its way", "variant 3 at location 2", []string{"UPDATE levels SET incoming = 2 WHERE incoming = 1"}},
		{"incoming is what is on its way", "variant 1 at location 1", []string{"UPDATE incoming SET quantity = 3 WHERE document_type = 'purchase'"}},
		{"what a transfer brings is on its way", "transfer 1, variant 3", []string{"UPDATE transfer_lines SET on_way = 0, received = received + 1 WHERE id = 1"}},
		{"what a transfer brings is on its way", "transfer 1, variant 3", []string{"DELETE FROM incoming WHERE document_type = 'transfer'"}},
		{"a transfer is where its lines are", "transfer 1", []string{"UPDATE transfers SET status = 'shipped' WHERE id = 1"}},
		{"a transfer is where its lines are", "transfer 1", []string{"UPDATE transfers SET status = 'received', received_at = 1 WHERE id = 1"}},
		{"a transfer is where its lines are", "transfer 1", []string{"UPDATE transfers SET status = 'cancelled' WHERE id = 1"}},
		{"a transfer is where its lines are", "transfer 2", []string{"UPDATE transfers SET status = 'partially_received' WHERE id = 2"}},
		{"a transfer moved what its lines say", "transfer line 1", []string{"UPDATE transfer_lines SET received = 2, missing = 2 WHERE id = 1"}},
		{"a transfer moved what its lines say", "transfer line 1", []string{"UPDATE transfer_lines SET cost = cost + 1 WHERE id = 1"}},
		{"a transfer moved what its lines say", "transfer line 1", []string{"UPDATE transfer_lines SET arrived = arrived + 1 WHERE id = 1"}},
		{"a transfer moved what its lines say", "transfer line 1", []string{"DELETE FROM movements WHERE document_type = 'transfer' AND delta = -5"}},
		{"the lots of a transfer are on their way with it", "transfer line 1", []string{"UPDATE transfer_lots SET on_way = 0"}},
		{"a count is the sum of its lines", "count C-1001", []string{"UPDATE counts SET lines = 3"}},
		{"a count is the sum of its lines", "count C-1001", []string{"UPDATE counts SET matching = 2"}},
		{"a count is the sum of its lines", "count C-1001", []string{"UPDATE counts SET short = 2"}},
		{"a count is the sum of its lines", "count C-1001", []string{"UPDATE counts SET cost_short = 0"}},
		{"a count is the sum of its lines", "count C-1002", []string{"UPDATE counts SET units = 1 WHERE id = 2"}},
		{"a count moved what its lines say", "count 1, variant 3", []string{"UPDATE count_lines SET applied = 0 WHERE variant_id = 3"}},
		{"a count moved what its lines say", "count 1, variant 3", []string{"UPDATE count_lines SET cost = -99 WHERE variant_id = 3"}},
		{"a count moved what its lines say", "count 1, variant 3", []string{"DELETE FROM movements WHERE document_type = 'count'"}},
		{"a count is posted when its lines are", "count C-1001", []string{"UPDATE counts SET status = 'review', posted_at = NULL WHERE id = 1"}},
		{"a count is posted when its lines are", "count C-1001", []string{"UPDATE count_lines SET applied = NULL, posted_at = NULL WHERE variant_id = 2"}},

		{"an order is where its lines are", "purchase order 1", []string{"UPDATE purchase_orders SET status = 'sent' WHERE id = 1"}},
		{"an order is where its lines are", "purchase order 1", []string{"UPDATE purchase_orders SET status = 'received', closed_at = 1 WHERE id = 1"}},
		{"an order is where its lines are", "purchase order 1", []string{"UPDATE purchase_orders SET status = 'cancelled', closed_at = 1 WHERE id = 1"}},
		{"an order is where its lines are", "purchase order 2", []string{"UPDATE purchase_lines SET on_way = quantity WHERE purchase_id = 2"}},
		{"an order is where its lines are", "purchase order 3", []string{"UPDATE purchase_lines SET cancelled = 1 WHERE purchase_id = 3"}},
		{"every order has lines", "purchase order 2", []string{"DELETE FROM purchase_lines WHERE purchase_id = 2"}},
		{"what an order brings is on its way", "purchase order 1, variant 1", []string{"UPDATE purchase_lines SET on_way = 3 WHERE id = 1"}},
		{"what an order brings is on its way", "purchase order 1, variant 1", []string{"DELETE FROM incoming WHERE document_type = 'purchase'"}},
		{"what an order brings is expected when it is", "purchase order 1", []string{"UPDATE purchase_orders SET expected_on = '2027-01-01' WHERE id = 1"}},
		{"an order brought what its lines say", "purchase order 1, variant 1", []string{"UPDATE purchase_lines SET received = 5 WHERE id = 1"}},
		{"an order brought what its lines say", "purchase order 1, variant 1", []string{"UPDATE purchase_lines SET goods_cost = goods_cost + 1 WHERE id = 1"}},
		{"an order brought what its lines say", "purchase order 3, variant 3", []string{"DELETE FROM movements WHERE document_type = 'purchase' AND document_id = 3"}},
		{"freight and duty are on the lines", "purchase order 1", []string{"UPDATE purchase_orders SET duty = 1 WHERE id = 1"}},
		{"a lead time is what its receipts took", "purchase order 3", []string{"UPDATE purchase_orders SET lead_days = 9 WHERE id = 3"}},
		{"a lead time is what its receipts took", "purchase order 3", []string{"UPDATE purchase_lines SET lead_days = NULL WHERE purchase_id = 3"}},

		{"a discount code is used by the orders that hold it", "discount code TENTH", []string{"UPDATE discount_codes SET uses = 2"}},
		{"a discount code is used by the orders that hold it", "discount code TENTH", []string{"UPDATE orders SET discount_code = '', discount_code_id = NULL"}},
		{"an order is the sum of its lines", "order 1001", []string{"UPDATE orders SET total = total + 1, due = due + 1 WHERE id = 1"}},
		{"an order is the sum of its lines", "order 1001", []string{"UPDATE orders SET subtotal = subtotal + 1 WHERE id = 1"}},
		{"an order is the sum of its lines", "order 1001", []string{"UPDATE orders SET discount = discount + 1 WHERE id = 1"}},
		{"an order is the sum of its lines", "order 1003", []string{"UPDATE orders SET tax = tax + 1 WHERE id = 3"}},
		{"an order is the sum of its lines", "order 1003", []string{"UPDATE orders SET shipping_tax = shipping_tax + 1 WHERE id = 3"}},
		{"an order is the sum of its lines", "order draft 6", []string{"DELETE FROM order_lines WHERE order_id = 6"}},
		{"a line is its price less discounts, with tax", "order line 1", []string{"UPDATE order_lines SET total = total + 1 WHERE id = 1"}},
		{"paid and refunded are the sums of payments", "order 1003", []string{"UPDATE orders SET paid = paid + 1 WHERE id = 3"}},
		{"paid and refunded are the sums of payments", "order 1003", []string{"DELETE FROM payments"}},
		{"paid and refunded are the sums of payments", "order 1003", []string{"UPDATE orders SET refunded = 1 WHERE id = 3"}},
		{"due and payment status follow from the sums", "order 1001", []string{"UPDATE orders SET due = 0 WHERE id = 1"}},
		{"due and payment status follow from the sums", "order 1001", []string{"UPDATE orders SET payment_status = 'paid' WHERE id = 1"}},
		{"due and payment status follow from the sums", "order 1004", []string{"UPDATE orders SET payment_status = 'pending' WHERE id = 4"}},
		{"fulfilment follows from the lines", "order 1002", []string{"UPDATE orders SET fulfilment_status = 'fulfilled' WHERE id = 2"}},
		{"completed means paid and fulfilled", "order 1003", []string{"UPDATE orders SET status = 'confirmed' WHERE id = 3"}},
		{"completed means paid and fulfilled", "order 1002", []string{"UPDATE orders SET status = 'completed' WHERE id = 2"}},
		{"only what waits for its first payment is held for a term", "order 1004", []string{"UPDATE orders SET status = 'expired' WHERE id = 4"}},
		{"only what waits for its first payment is held for a term", "order 1001", []string{"UPDATE orders SET status = 'placed', payment_status = 'paid', hold_until = 1 WHERE id = 1"}},
		{"what has left is confirmed", "order 1002", []string{"UPDATE orders SET status = 'placed' WHERE id = 2"}},
		{"what left is what parcels carried", "order line 2", []string{"UPDATE order_lines SET fulfilled = 2 WHERE id = 2"}},
		{"what left is what parcels carried", "order line 2", []string{"UPDATE fulfilments SET status = 'cancelled' WHERE id = 1"}},
		{"nothing is packed twice", "order line 2", []string{"UPDATE fulfilment_lines SET quantity = 3 WHERE fulfilment_id = 2"}},
		{"a reservation is of its line", "reservation 1", []string{"UPDATE reservations SET line_id = 404 WHERE id = 1"}},
		{"a reservation is of its line", "reservation 1", []string{"UPDATE reservations SET order_number = '1002' WHERE id = 1"}},
		{"an open line reserves what has not left", "order line 1", []string{"UPDATE reservations SET quantity = 3 WHERE id = 1"}},
		{"an open line reserves what has not left", "order line 1", []string{"DELETE FROM reservations WHERE id = 1"}},
		{"an open line reserves what has not left", "order line 1", []string{"UPDATE orders SET status = 'cancelled' WHERE id = 1"}},
		{"entries over time are the order's total", "order 1001", []string{"DELETE FROM sale_entries WHERE order_id = 1"}},
		{"entries over time are the order's total", "order 1003", []string{"UPDATE sale_entries SET tax = tax + 1 WHERE order_id = 3 AND line_id IS NULL"}},
		{"entries over time are the order's total", "order 1001", []string{"UPDATE sale_entries SET quantity = 3 WHERE order_id = 1"}},
		{"entries over time are the order's total", "order 1004", []string{"DELETE FROM sale_entries WHERE kind = 'cancel'"}},
		{"no more comes back than left", "order line 7", []string{"INSERT INTO returns (id, order_id, status, created_at, updated_at, actor_kind, actor_id, actor_name) VALUES (9, 7, 'approved', 0, 0, 'user', 1, '')",
			"INSERT INTO return_lines (return_id, line_id, quantity, reason) VALUES (9, 7, 1, '')"}},
		{"what came back is what returns received", "order line 7", []string{"UPDATE order_lines SET returned = 0 WHERE id = 7"}},
		{"what came back of a line is a part of it, and all of it in the end", "order line 7", []string{"UPDATE return_lines SET total = total - 1"}},
		{"what came back of a line is a part of it, and all of it in the end", "order line 7", []string{"UPDATE return_lines SET tax = tax + 1"}},
		{"entries of a return are what it received", "return 1", []string{"UPDATE return_lines SET tax = tax - 1"}},
		{"a return is the sum of its lines", "return 1", []string{"UPDATE returns SET total = total + 1"}},
		{"what is not owed any more was returned or allowed", "order 1006", []string{"UPDATE orders SET returned_total = returned_total - 1, due = due + 1, payment_status = 'pending', status = 'confirmed' WHERE id = 7"}},
		{"search", "orders_search", []string{"DROP TRIGGER orders_search_update", "UPDATE orders SET search = 'lost' WHERE id = 1"}},
		{"search", "orders_search", []string{`INSERT INTO orders (id, number, token, status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
				customer_name, customer_email, customer_phone, note, subtotal, discount, discount_reason, shipping, shipping_tax_rate, shipping_tax, tax, total,
				paid, refunded, due, business_date, placed_at, created_at, updated_at, actor_kind, actor_id, actor_name, search)
			SELECT 99, '99', 'x', status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
				customer_name, customer_email, customer_phone, note, subtotal, discount, discount_reason, shipping, shipping_tax_rate, shipping_tax, tax, total,
				paid, refunded, due, business_date, placed_at, created_at, updated_at, actor_kind, actor_id, actor_name, search FROM orders WHERE id = 1`}},
		{"a sent mail was worded and sent at some time", "mail 7", []string{mail(7, "status = 'sent'")}},
		{"every attempt is written down", "mail 7", []string{mail(7, "attempts = 2")}},
		{"a mail is leased while it is sent", "mail 7", []string{mail(7, "status = 'sending'")}},
		{"an open alert is about a level", "alert 1", []string{alert("low", 404)}},
		{"low and out exclude each other", "alert 1", []string{alert("low", 1), alert("out", 1)}},
		{"nobody was told of what has not happened", "reader ada@example.com", []string{"INSERT INTO alert_readers (address, kind, told, told_at) VALUES ('ada@example.com', 'low', 9, 0)"}},
		{"search", "variants_search", []string{"DROP TRIGGER variants_search_update", "UPDATE variants SET sku = 'LOST' WHERE id = 1"}},
		{"search", "customers_search", []string{"DROP TRIGGER customers_search_update", "UPDATE customers SET name = 'Lost' WHERE id = 1"}},
	} {
		t.Run(c.rule+" after "+c.damage[0], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, db.FileName), file, 0o600); err != nil {
				t.Fatal(err)
			}
			damage(t, dir, c.damage...)
			names(t, dir, c.rule+": "+c.row)
		})
	}
}

func TestAnIndexThatLeavesRowsOutIsNamed(t *testing.T) {
	t.Parallel()
	s := worked(t)
	damage(t, s.Dir(), "PRAGMA writable_schema = ON",
		"UPDATE sqlite_schema SET sql = replace(sql, 'customer_id IS NOT NULL', 'customer_id IS NULL') WHERE name = 'orders_of_customer'")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	names(t, s.Dir(), "integrity: file")
}

// names fails the test unless the doctor finds this in a folder.
func names(t *testing.T, dir, want string) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if got := found(t, d); !slices.Contains(got, want) {
		t.Errorf("it found %q, not %q", got, want)
	}
}

// found are the findings as "rule: row".
func found(t testing.TB, d *db.DB) (found []string) {
	t.Helper()
	reports, err := doctor.Run(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Room == "" || !strings.HasSuffix(strings.TrimSpace(r.Message), ".") && r.Rule != "search" && r.Rule != "integrity" {
			t.Errorf("%s says %q", r.Rule, r.Message)
		}
		found = append(found, r.Rule+": "+r.Row)
	}
	return found
}

// damage changes the file behind the back of its rooms: without their triggers, checks and references.
func damage(t testing.TB, dir string, statements ...string) {
	t.Helper()
	file, err := sql.Open("sqlite", filepath.Join(dir, db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=ignore_check_constraints(ON)")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	file.SetMaxOpenConns(1)
	var triggers []string
	rows, err := file.Query("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE '%search%'")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		triggers = append(triggers, "DROP TRIGGER "+name)
	}
	for _, q := range append(triggers, statements...) {
		if _, err := file.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// session is a statement that signs user 1 in.
func session(id int, device string) string {
	return fmt.Sprintf("INSERT INTO sessions (id, user_id, token_hash, created_at, used_at, expires_at, ip, user_agent, device_id) VALUES (%d, 1, randomblob(32), 1, 1, 1, '', '', %s)", id, device)
}
