package catalog

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/picture"
)

// Check looks for products, variants and search rows that do not fit together.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	const product, variant = `'product ' || p.id || ' (' || p.name || ')'`, `'variant ' || v.id || ' (' || v.sku || ')'`
	found, err := db.Look(ctx, d, []db.Rule{
		{Name: "every product has a variant", Query: `SELECT ` + product + `, 'It has no variant.' FROM products p
			WHERE NOT EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.dropped = 0)`},
		{Name: "without options there is one variant", Query: `SELECT ` + product + `, 'It has no options but several variants.' FROM products p
			WHERE options = '[]' AND (SELECT count(*) FROM variants v WHERE v.product_id = p.id AND v.dropped = 0) > 1`},
		{Name: "variants are for sale as their product is", Query: `SELECT ` + variant + `, 'It is ' || iif(v.archived_at IS NULL, 'for sale', 'archived') || ', unlike its product.'
			FROM variants v JOIN products p ON p.id = v.product_id WHERE v.dropped = 0 AND (v.archived_at IS NULL) <> (p.archived_at IS NULL)`},
		{Name: "variants are called after their product", Query: `SELECT ` + variant + `, 'It is called ' || v.name || ', its product ' || p.name || '.'
			FROM variants v JOIN products p ON p.id = v.product_id WHERE v.dropped = 0 AND v.name <> p.name || iif(v.title = '', '', ' - ' || v.title)`},
		{Name: "variants are found by brand, category, tags and barcodes", Query: `SELECT 'variant ' || id || ' (' || sku || ')', 'Its words are not those of its brand, category, tags and barcodes.' FROM variants
			WHERE dropped = 0 AND words <> (` + wordsOfVariant + `)`},
		{Name: "categories stand in a tree", Query: `SELECT 'category ' || c.id || ' (' || c.path || ')', 'It stands at ' || c.place || ' as ' || c.path ||
			', but ' || coalesce('belongs at ' || t.place || ' as ' || t.path, 'is below itself') || '.'
			FROM categories c LEFT JOIN (` + tree + `) t ON t.id = c.id WHERE (c.place, c.path, c.path_key) IS NOT (t.place, t.path, t.path_key)`},
		{Name: "categories stand one after the other", Query: `SELECT 'category ' || c.id || ' (' || c.path || ')', 'It is number ' || c.n || ' among its siblings, but stands at ' || c.position || '.'
			FROM (SELECT *, row_number() OVER (PARTITION BY parent_id ORDER BY position, id) - 1 AS n FROM categories) c WHERE c.n <> c.position`},
		{Name: "categories count their products", Query: counted("category", "categories", "category_id", "path")},
		{Name: "suppliers count what they supply", Query: `SELECT 'supplier ' || s.id || ' (' || s.name || ')', 'It counts ' || s.items || ' items, but has ' || coalesce(i.n, 0) || '.'
			FROM suppliers s LEFT JOIN (SELECT supplier_id AS id, count(*) AS n FROM supplier_items GROUP BY 1) i ON i.id = s.id WHERE s.items <> coalesce(i.n, 0)`},
		{Name: "brands count their products", Query: counted("brand", "brands", "brand_id", "name")},
		{Name: "the price history ends with the prices", Query: `SELECT ` + variant + `, 'Its prices are not those that its history ends with.' FROM variants v
			JOIN (SELECT variant_id, max(id) AS id FROM variant_prices GROUP BY variant_id) l ON l.variant_id = v.id JOIN variant_prices h ON h.id = l.id
			WHERE (h.price, h.compare_at_price, h.cost, h.sale_price, h.sale_starts, h.sale_ends)
				IS NOT (v.price, v.compare_at_price, v.cost, v.sale_price, v.sale_starts, v.sale_ends)`},
		{Name: "pictures stand one after the other", Query: `SELECT ` + product + `, 'Its ' || count(*) || ' pictures stand at ' || group_concat(i.position, ', ' ORDER BY i.position) || '.'
			FROM products p JOIN product_images i ON i.product_id = p.id AND i.removed_at IS NULL GROUP BY p.id HAVING max(i.position) <> count(*) - 1`},
		{Name: "pictures show a variant of their product", Query: `SELECT 'picture ' || i.id || ' of product ' || i.product_id, 'It shows variant ' || v.id || ' (' || v.sku || '), which the product does not have.'
			FROM product_images i JOIN variants v ON v.id = i.variant_id WHERE v.product_id <> i.product_id OR v.dropped = 1`},
	})
	if err != nil {
		return found, err
	}
	files, err := checkFiles(ctx, d)
	if found = append(found, files...); err != nil {
		return found, err
	}
	search, err := db.LookAtSearch(ctx, d, "variants_search", "variants")
	return append(found, search...), err
}

// counted looks for a label that counts other products than it has.
func counted(noun, table, column, name string) string {
	return `SELECT '` + noun + ` ' || l.id || ' (' || l.` + name + ` || ')', 'It counts ' || l.products || ' products, but has ' || coalesce(p.n, 0) || '.' FROM ` + table + ` l
		LEFT JOIN (SELECT ` + column + ` AS id, count(*) AS n FROM products WHERE archived_at IS NULL GROUP BY 1) p ON p.id = l.id WHERE l.products <> coalesce(p.n, 0)`
}

// checkFiles looks for images without one of their files.
func checkFiles(ctx context.Context, d *db.DB) (found []db.Finding, err error) {
	d.Pictures.RLock() // nothing is removed meanwhile
	defer d.Pictures.RUnlock()
	var rows []imageRow
	err = db.Inspect(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, `SELECT 'picture ' || id || ' of product ' || product_id AS product, hash, format, width, height FROM product_images
			UNION ALL SELECT 'the picture of category ' || id, image_hash, image_format, image_width, image_height FROM categories WHERE image_hash IS NOT NULL`)
	})
	if err != nil {
		return nil, fmt.Errorf("look for files of pictures: %w", err)
	}
	files, err := imageFiles(d) // after the rows: a file is there before its row
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.Name()] = f.Type().IsRegular()
	}
	const most = 100 // as of every rule
	for _, r := range rows {
		for _, s := range picture.Sizes(r.Width, r.Height) {
			if name := fileName(r.Hash, s.Side, r.Format); !there[name] && len(found) < most {
				found = append(found, db.Finding{Rule: "pictures have their files", Row: r.Product,
					Message: "Its file " + name + " is not in the folder " + imageFolder + "."})
			}
		}
	}
	return found, nil
}
