package catalog_test

import (
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

// manyProducts fills the shop with n products of one variant, by plain inserts. In the order of their names a third of them, the red
// ones, comes last.
func (s shop) manyProducts(t testing.TB, n int) {
	t.Helper()
	err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for _, q := range []string{
			"INSERT INTO brands (name, name_key, sort_key, created_at, updated_at) VALUES ('Acme', 'acme', 'acme', 1, 1)",
			`INSERT INTO categories (name, name_key, sort_key, place, path, path_key, position, created_at, updated_at)
				SELECT 'Category ' || value, 'category ' || value, 'category ' || value, printf('%04d', value), 'Category ' || value, 'category ' || value, value, 1, 1
				FROM (WITH RECURSIVE i (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM i WHERE value < 19) SELECT value FROM i)`,
			`INSERT INTO products (id, slug, name, name_key, description, brand_id, category_id, tax_rate, published, options, created_at, updated_at)
				SELECT value, 'p-' || value, n, lower(n), '', 1, 1 + value % 20, 19000, 1, '[]', 1, 1
				FROM (SELECT value, 'Product ' || trim(substr('blue red  green', 1 + 5 * (value % 3), 5)) || ' ' || value AS n FROM (WITH RECURSIVE i (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM i WHERE value < ?1) SELECT value FROM i))`,
			`INSERT INTO variants (id, product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, reorder_point, tracked, policy, position, created_at, updated_at)
				SELECT id, id, printf('SKU-%05d', id), printf('sku-%05d', id), '', name, name_key, printf('Acme Category %d C%07d C%07d', category_id - 1, id, id), '{}', '', 100, 10, 1, 'deny', 0, 1, 1
				FROM products`,
			"INSERT INTO barcodes (lookup, code, variant_id, position) SELECT printf('C%07d', id), printf('C%07d', id), id, 0 FROM variants",
		} {
			var args []any
			if strings.Contains(q, "?1") {
				args = []any{n}
			}
			if _, err := tx.Exec(q, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkLists asks both lists of 50,000 for a page: of all, and of what is typed or scanned.
func BenchmarkLists(b *testing.B) {
	s := open(b)
	s.manyProducts(b, 50_000)
	variants := func(f catalog.VariantFilter) error { _, err := catalog.Variants(s.ctx, s.DB, f); return err }
	products := func(f catalog.ProductFilter) error { _, err := catalog.Products(s.ctx, s.DB, f); return err }
	for name, ask := range map[string]func() error{
		"variants/all":               func() error { return variants(catalog.VariantFilter{}) },
		"variants/barcode":           func() error { return variants(catalog.VariantFilter{Barcode: "C0031234"}) },
		"products/all":               func() error { return products(catalog.ProductFilter{}) },
		"products/newest":            func() error { return products(catalog.ProductFilter{Sort: "newest"}) },
		"products/of a category":     func() error { return products(catalog.ProductFilter{CategoryID: 3}) },
		"products/third of category": func() error { return products(catalog.ProductFilter{CategoryID: 3, List: db.List{Q: "red"}}) },
	} {
		b.Run(name, func(b *testing.B) { many(b, ask) })
	}
	for name, q := range map[string]string{
		"rare word": "red 49999", "SKU": "sku-31234", "two letters": "pr", "third": "red", "every one": "roduct", "three words": "acme product red",
		"two that never meet": "green red", "every one and an unmatched letter": "product x", "every one and a letter": "product r",
	} {
		b.Run("variants/search/"+name, func(b *testing.B) {
			many(b, func() error { return variants(catalog.VariantFilter{List: db.List{Q: q}}) })
		})
		b.Run("products/search/"+name, func(b *testing.B) {
			many(b, func() error { return products(catalog.ProductFilter{List: db.List{Q: q}}) })
		})
	}
}

func many(b *testing.B, ask func() error) {
	for b.Loop() {
		if err := ask(); err != nil {
			b.Fatal(err)
		}
	}
}
