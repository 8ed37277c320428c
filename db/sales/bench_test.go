package sales_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

// raw opens the shop's file behind the back of its rooms.
func (s *shop) raw(statements ...string) {
	s.t.Helper()
	file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	file.SetMaxOpenConns(1)
	for _, q := range statements {
		if _, err := file.Exec(q); err != nil {
			s.t.Fatalf("%s: %v", q, err)
		}
	}
}

// manyOrders fills the shop with n orders of two lines and a payment, by plain inserts: 100 of the newest are
// open, forty names take turns, and every hundredth one was cancelled.
func (s *shop) manyOrders(variant int64, n int) {
	s.t.Helper()
	s.raw("BEGIN",
		fmt.Sprintf(`INSERT INTO orders (id, number, token, status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
				customer_name, customer_email, customer_phone, note, subtotal, discount, discount_reason, shipping, shipping_tax_rate, shipping_tax,
				tax, total, paid, due, business_date, placed_at, created_at, updated_at, actor_kind, actor_id, actor_name, search)
			WITH RECURSIVE i (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM i WHERE id < %[1]d),
			o (id, number, open, other, name, email, phone) AS (SELECT id, 1000 + id, id > %[1]d - 400 AND id %% 4 = 0, id %% 100 = 7,
				(id %% 8) || ' ' || substr('Ada Lovelace  Grace Hopper  Alan Turing   Edith Clarke  Konrad Zuse   ', 1 + 14 * (id %% 5), 14),
				'customer' || (id %% 5000) || '@example.com', '+49 30 ' || (1000000 + id * 7919 %% 8999999) FROM i)
			SELECT id, number, 'token-' || id, iif(open, 'confirmed', iif(other, 'cancelled', 'completed')), iif(open, 'pending', 'paid'),
				iif(open OR other, 'unfulfilled', 'fulfilled'), iif(other, 'phone', 'counter'), 1, 'EUR', 1, name, email, phone, '', 2500, 0, '', 0, 0, 0, 400, 2500,
				iif(open OR other, 0, 2500), iif(open, 2500, 0), date('2020-01-01', '+' || (id * 2000 / %[1]d) || ' days'), id, id, id, 'user', 1, 'Ada',
				number || char(10) || name || char(10) || email || char(10) || phone || char(10) || 'SKU-' || (id %% 500) FROM o`, n),
		fmt.Sprintf(`INSERT INTO order_lines (order_id, variant_id, sku, name, options, quantity, unit_price, tax_rate, discount, order_discount, tax, total, tracked, backorder)
			SELECT id, %d, 'SKU', 'Thing', '', 1, 1250, 19000, 0, 0, 200, 1250, 1, 0 FROM orders JOIN (SELECT 1 UNION SELECT 2)`, variant),
		"INSERT INTO orders_search (rowid, search) SELECT id, search FROM orders",
		`INSERT INTO payments (order_id, kind, method, amount, reference, at, business_date, actor_kind, actor_id, actor_name)
			SELECT id, 'payment', 'cash', paid, '', placed_at, business_date, 'user', 1, 'Ada' FROM orders WHERE paid > 0`,
		"COMMIT")
}

// BenchmarkOrderList reads a page of 50: it should cost the same in a shop of 200,000 orders as in one of 2,000. Of
// cancelled orders and of one week the small shop has less than a page.
func BenchmarkOrderList(b *testing.B) {
	sizes := []int{2_000, 200_000}
	shops := map[int]*shop{}
	var second int64
	for _, n := range sizes {
		shops[n] = open(b)
		shops[n].manyOrders(shops[n].Stocked("MUG", 0), n)
		second = shops[n].openStore("Second store")
	}
	for _, c := range []struct {
		name string
		f    func(n int) sales.OrderFilter
	}{
		{"all", just(sales.OrderFilter{})},
		{"open", just(sales.OrderFilter{Open: true})},
		{"oldest open", just(sales.OrderFilter{Open: true, OldestFirst: true, Statuses: []sales.Status{sales.Placed, sales.Confirmed}})},
		{"confirmed", just(sales.OrderFilter{Statuses: []sales.Status{sales.Confirmed}})},
		{"cancelled", just(sales.OrderFilter{Statuses: []sales.Status{sales.Cancelled}})},
		{"to pay", just(sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Pending}})},
		{"overpaid", just(sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Overpaid}})},
		{"partly fulfilled", just(sales.OrderFilter{FulfilmentStatuses: []sales.FulfilmentStatus{sales.PartiallyFulfilled}})},
		{"web", just(sales.OrderFilter{Channel: sales.Web})},
		{"empty store", just(sales.OrderFilter{LocationID: second})},
		{"one week", just(sales.OrderFilter{From: "2022-01-01", To: "2022-01-07"})},
		{"middle page", func(n int) sales.OrderFilter { return sales.OrderFilter{List: db.List{After: db.Cursor(n / 2)}} }},
		{"by number", func(n int) sales.OrderFilter { return sales.OrderFilter{List: db.List{Q: fmt.Sprint(1000 + n/2)}} }},
		{"by name", just(sales.OrderFilter{List: db.List{Q: "1 Lovelace"}})},
		{"by common name", just(sales.OrderFilter{List: db.List{Q: "lovelace"}})},
		{"by sku", just(sales.OrderFilter{List: db.List{Q: "SKU-42"}})},
		{"by part of an email", just(sales.OrderFilter{List: db.List{Q: "customer77@example.co"}})},
		{"by two letters", just(sales.OrderFilter{List: db.List{Q: "zz"}})},
	} {
		for _, n := range sizes {
			s := shops[n]
			b.Run(fmt.Sprintf("%s/of %d", c.name, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := sales.Orders(s.Ctx, s.DB, c.f(n)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// just is the same filter in a shop of any size.
func just(f sales.OrderFilter) func(int) sales.OrderFilter {
	return func(int) sales.OrderFilter { return f }
}

// BenchmarkPlace places orders of three lines, 32 at once.
func BenchmarkPlace(b *testing.B) {
	s := open(b)
	var lines []sales.NewLine
	for _, sku := range []string{"MUG", "CUP", "POT"} {
		lines = append(lines, line(s.Stocked(sku, 500_000_000), 1))
	}
	var key atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			ctx := db.WithKey(context.WithoutCancel(s.Ctx), "POST /orders", fmt.Sprint(key.Add(1)))
			if _, err := sales.Place(ctx, s.DB, s.counter(lines...)); err != nil {
				b.Error(err)
			}
		}
	})
}

// eachOf prepares one thing for every turn of a benchmark, and then does it 32 at once.
func eachOf[T any](b *testing.B, prepare func() T, do func(T) error) {
	things := make([]T, b.N)
	for i := range things {
		things[i] = prepare()
	}
	var next atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(things[next.Add(1)-1]); err != nil {
				b.Error(err)
			}
		}
	})
}

// three is an order of three lines.
func (s *shop) three() func() *sales.Order {
	var lines []sales.NewLine
	for _, sku := range []string{"MUG", "CUP", "POT"} {
		lines = append(lines, line(s.Stocked(sku, 500_000_000), 2))
	}
	return func() *sales.Order { return s.place(s.counter(lines...)) }
}

// BenchmarkEdit changes the quantities, the discount and the shipping of orders of three lines, 32 at once.
func BenchmarkEdit(b *testing.B) {
	s := open(b)
	eachOf(b, s.three(), func(o *sales.Order) error {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3), stays(o.Lines[1], 1), stays(o.Lines[2], 2)},
			Discount: percent(10_000), Shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}})
		return err
	})
}

// BenchmarkShip ships packed parcels of three lines, 32 at once.
func BenchmarkShip(b *testing.B) {
	s := open(b)
	place := s.three()
	eachOf(b, func() int64 { return s.fulfil(place().ID, sales.NewFulfilment{}).Fulfilments[0].ID }, func(parcel int64) error {
		_, err := sales.MoveParcel(s.Ctx, s.DB, parcel, sales.Shipped, sales.Command{})
		return err
	})
}

// BenchmarkReturn receives approved returns of three lines, 32 at once.
func BenchmarkReturn(b *testing.B) {
	s := open(b)
	place := s.three()
	eachOf(b, func() *sales.Return {
		o := s.fulfil(place().ID, sales.NewFulfilment{Ship: true})
		in := comesBack(o, 1, 1, 1)
		in.Approve = true
		r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, in)
		return must(s, r, err)
	}, func(r *sales.Return) error {
		var in sales.ReturnReceipt
		for _, l := range r.Lines {
			in.Lines = append(in.Lines, sales.ReceivedLine{OrderLineID: l.OrderLineID, Sellable: 1})
		}
		_, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, in)
		return err
	})
}

// BenchmarkEditOf500Lines changes every line of the largest order there is, and says how long that holds the writer: at most 50 ms.
func BenchmarkEditOf500Lines(b *testing.B) {
	s := open(b)
	var lines []sales.NewLine
	for i := range 500 {
		lines = append(lines, line(s.Stocked(fmt.Sprint("V", i), 500_000_000), 2))
	}
	o := s.place(s.counter(lines...))
	longest, quantity := time.Duration(0), int64(2)
	for b.Loop() {
		quantity = 5 - quantity // 3, 2, 3
		in := sales.OrderChange{}
		for _, l := range o.Lines {
			in.Lines = append(in.Lines, stays(l, quantity))
		}
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
			start := time.Now()
			_, err := sales.EditIn(tx, o.ID, in)
			longest = max(longest, time.Since(start))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
}

// BenchmarkTellCovered tells 500 customers, 50 of them of the largest order there is, that their goods came, and says how long others
// waited for the writer meanwhile: at most 50 ms.
func BenchmarkTellCovered(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := open(b)
		var lines []sales.NewLine
		for i := range 500 {
			lines = append(lines, line(s.onBackorder(fmt.Sprint("V", i), 0), 1))
		}
		for i := range 500 {
			take := 3
			if i%10 == 0 {
				take = len(lines)
			}
			s.place(s.web("cash", lines[:take]...))
		}
		for _, l := range lines {
			s.Receive(l.VariantID, 500)
		}
		dbtest.Waiting(s.Ctx, b, s.DB, dbtest.Nothing, func() error {
			told, err := sales.TellCovered(s.Ctx, s.DB)
			if err == nil && told != 500 {
				b.Errorf("%d were told", told)
			}
			return err
		})
	}
}
