package catalog

import (
	"context"

	"onhand/db"
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
		{Name: "variants are found by brand, category and barcodes", Query: `SELECT 'variant ' || id || ' (' || sku || ')', 'Its words are not those of its brand, category and barcodes.' FROM variants
			WHERE dropped = 0 AND words <> (` + wordsOfVariant + `)`},
	})
	if err != nil {
		return found, err
	}
	search, err := db.LookAtSearch(ctx, d, "variants_search")
	return append(found, search...), err
}
