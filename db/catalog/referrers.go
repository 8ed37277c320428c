package catalog

import (
	"fmt"
	"slices"
	"strings"

	"onhand/db"
)

// Referrers are the columns by which rows refer to products or variants, as the schema has them, so that no room is forgotten. It stays
// as it is while the shop is open: who takes many products back asks it once.
type Referrers []referrer

type referrer struct {
	Name, Col, Parent string
	Indexed           bool
}

// own are the tables of this room that go with a product.
var own = []string{"variants", "barcodes", "product_images", "product_tags", "variant_prices", "supplier_items"}

// ReferrersIn asks the schema.
func ReferrersIn(tx *db.Tx) (all Referrers, err error) {
	err = tx.Select(&all, `SELECT m.name, f."from" AS col, f."table" AS parent, m.sql LIKE '%WITHOUT ROWID'
			OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) t WHERE t.pk = 1 AND t.name = f."from")
			OR EXISTS (SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c WHERE i.partial = 0 AND c.seqno = 0 AND c.name = f."from") AS indexed
		FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" IN ('products', 'variants')`)
	if err != nil {
		return nil, fmt.Errorf("look at what refers to products: %w", err)
	}
	return all, nil
}

// Use says whether a row outside this room, and of no table that is spared, refers to one of some products or variants.
func (r Referrers) Use(tx *db.Tx, productIDs, variantIDs []int64, spared ...string) (used bool, err error) {
	ids := map[string]string{"products": "(SELECT value FROM json_each(?1))", "variants": "(SELECT value FROM json_each(?2))"}
	var questions []string
	for _, one := range r {
		if !slices.Contains(own, one.Name) && !slices.Contains(spared, one.Name) {
			questions = append(questions, "EXISTS (SELECT 1 FROM "+one.Name+" WHERE "+one.Col+" IN "+ids[one.Parent]+")")
		}
	}
	if len(questions) > 0 {
		err = tx.Row("SELECT "+strings.Join(questions, " OR "), []any{list(productIDs), list(variantIDs)}, &used)
	}
	if err != nil {
		return false, fmt.Errorf("look for what refers to products: %w", err)
	}
	return used, nil
}

// Searched is how many rows SQLite looks through for each variant that is deleted: those of tables that refer to it without an
// index, because what is written more often, an order above all, need not pay for one.
func (r Referrers) Searched(tx *db.Tx) (sum int64, err error) {
	var tables []string
	for _, one := range r {
		if !one.Indexed && !slices.Contains(tables, one.Name) {
			tables = append(tables, one.Name)
		}
	}
	for _, table := range tables {
		var n int64
		if err := tx.Row("SELECT coalesce(max(rowid), 0) FROM "+table, nil, &n); err != nil {
			return 0, fmt.Errorf("look at how many refer to products: %w", err)
		}
		sum += n
	}
	return sum, nil
}
