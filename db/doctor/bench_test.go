package doctor_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/doctor"
)

// manyRows is a shop of 50,000 products and 200,000 orders, by plain inserts; their search tables are as if they had grown.
func manyRows(b *testing.B) *dbtest.Shop {
	b.Helper()
	s := dbtest.Open(b)
	if _, err := s.Sell(s.Stocked("MUG", 10), 1); err != nil {
		b.Fatal(err)
	}
	file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	file.SetMaxOpenConns(1)
	const i = "WITH RECURSIVE i (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM i WHERE n < "
	for _, q := range []string{"BEGIN",
		i + `50_000) INSERT INTO products (id, slug, name, name_key, description, tax_rate, published, options, created_at, updated_at)
			SELECT n, 'p-' || n, 'Product ' || n, 'product ' || n, '', 19000, 1, '[]', 1, 1 FROM i`,
		`INSERT INTO variants (id, product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, reorder_point, tracked, policy, position, created_at, updated_at)
			SELECT id, id, 'SKU-' || id, 'sku-' || id, '', name, name_key, '', '{}', '', 100, 10, 1, 'deny', 0, 1, 1 FROM products WHERE id >= 100`,
		i + `200_000) INSERT INTO orders (id, number, token, status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
				customer_name, customer_email, customer_phone, note, subtotal, discount, discount_reason, shipping, shipping_tax_rate, shipping_tax, tax, total,
				paid, refunded, due, placed_at, created_at, updated_at, actor_kind, actor_id, actor_name, search)
			SELECT n, 1000 + n, 'token-' || n, 'draft', 'pending', 'unfulfilled', 'phone', 1, 'EUR', 1, '', '', '', '', 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, NULL, 1, 1, 'user', 1, 'Ada',
				(1000 + n) || char(10) || 'Grace Hopper' || char(10) || 'customer' || (n % 5000) || '@example.com' || char(10) || '+49 30 ' || (1000000 + n * 7919 % 8999999) ||
				char(10) || 'SKU-' || (n % 500) FROM i`,
		"INSERT INTO orders_search (rowid, search) SELECT id, search FROM orders WHERE id >= 100",
		"COMMIT",
	} {
		if _, err := file.Exec(q); err != nil {
			b.Fatalf("%s: %v", q, err)
		}
	}
	return s
}

// BenchmarkDoctor looks through a large shop, and says how long others waited for the writer meanwhile: at most 50 ms.
func BenchmarkDoctor(b *testing.B) {
	s := manyRows(b)
	for b.Loop() {
		dbtest.Waiting(s.Ctx, b, s.DB, dbtest.Nothing, func() error {
			_, err := doctor.Run(s.Ctx, s.DB)
			return err
		})
	}
}
