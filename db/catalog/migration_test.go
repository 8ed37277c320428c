package catalog_test

import (
	"database/sql"
	"os"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// An older shop wrote a branch as one name. What it has becomes the branch, with its products in it and findable.
func TestOldNamesOfCategoriesBecomeATree(t *testing.T) {
	t.Parallel()
	d, err := sql.Open("sqlite", "file::memory:?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	run := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if _, err := d.Exec(s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	migrate := func(name string) {
		t.Helper()
		b, err := os.ReadFile("../migrations/" + name)
		if err != nil {
			t.Fatal(err)
		}
		run(strings.Split(string(b), "--bun:split")...)
	}
	migrate("2026112105_catalog.tx.up.sql")
	for i, name := range []string{"Tools", "Home > Kitchen", "home > Garden > Chairs", "Home > Kitchen > Cups", "A>B", "X >  > Y", "> Z", strings.Repeat("d > ", 8) + "d", "Plain"} {
		_, err := d.Exec(`INSERT INTO categories (id, name, name_key, sort_key, created_at, updated_at) VALUES (?1, ?2, lower(?2), lower(?2), 1, 1)`, i+1, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(`INSERT INTO products (id, slug, name, name_key, description, category_id, tax_rate, published, options, archived_at, created_at, updated_at)
			VALUES (?1, 'p' || ?1, 'P', 'p', '', ?1, 0, 1, '[]', iif(?1 = 9, 1, NULL), 1, 1)`, i+1); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(`INSERT INTO variants (product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, reorder_point, tracked, policy, position, created_at, updated_at)
			VALUES (?1, 's' || ?1, 's' || ?1, '', 'P', 'p', ?2, '{}', '', 1, 0, 1, 'deny', 0, 1, 1)`, i+1, name); err != nil {
			t.Fatal(err)
		}
	}
	migrate("2026112901_catalog.tx.up.sql")
	rows, err := d.Query(`SELECT place || ' ' || path || ' ' || products FROM categories ORDER BY place`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	equal(t, "the tree", got, "0000 > Z 1", "0001 A>B 1", "0002 "+strings.Repeat("d > ", 8)+"d 1",
		"0003 Home 0", "00030000 Home > Garden 0", "000300000000 Home > Garden > Chairs 1", "00030001 Home > Kitchen 1", "000300010000 Home > Kitchen > Cups 1",
		"0004 Plain 0", "0005 Tools 1", "0006 X >  > Y 1")
	var lost int
	err = d.QueryRow(`SELECT count(*) FROM products p JOIN categories c ON c.id = p.category_id JOIN variants v ON v.product_id = p.id WHERE v.words <> c.path`).Scan(&lost)
	if err != nil || lost != 0 {
		t.Errorf("%d variants are found by other words than those of their category: %v", lost, err)
	}
}
