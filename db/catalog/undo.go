package catalog

import (
	"fmt"
	"slices"
	"strconv"

	"onhand/db"
	"onhand/db/money"
)

// BackIn is the change that leads a product back to what it is now, whoever asks: with its costs.
func BackIn(tx *db.Tx, id int64) (ProductChange, error) {
	p, err := product(tx, id, true)
	if err != nil {
		return ProductChange{}, err
	}
	c := ProductChange{Name: &p.Name, Slug: &p.Slug, Description: &p.Description, Brand: &p.Brand, Category: &p.Category,
		TaxRate: &p.TaxRate, Published: &p.Published, Options: &p.Options, Tags: &p.Tags, Notes: &p.Notes}
	for i := range p.Variants {
		v := &p.Variants[i]
		c.Variants = append(c.Variants, VariantChange{ID: v.ID, SKU: &v.SKU, Barcodes: &v.Barcodes, Packs: &v.Packs, Options: v.Options, Price: &v.Price,
			CompareAtPrice: money.Some(v.CompareAtPrice), SalePrice: money.Some(v.SalePrice), SaleStarts: db.SomeTime(v.SaleStarts), SaleEnds: db.SomeTime(v.SaleEnds),
			Cost: money.Some(v.Cost), ReorderPoint: &v.ReorderPoint, MaxStock: &v.MaxStock, Tracked: &v.Tracked, TracksLots: &v.TracksLots, Policy: &v.Policy})
	}
	return c, nil
}

// RevertIn leads a product back from a version, its costs too, and answers the version it then has: the variants it did not have
// before are left out and give their SKUs and barcodes up. It fails as Update does, with stale when somebody changed the product since.
func RevertIn(tx *db.Tx, id, version int64, back ProductChange) (int64, error) {
	now, err := product(tx, id, true)
	if err != nil {
		return 0, err
	}
	back.Version, back.AnyCost = &version, true
	for i := range back.Variants {
		if back.Variants[i].Options == nil { // JSON leaves out what is empty
			back.Variants[i].Options = map[string]string{}
		}
	}
	reverted, err := UpdateIn(tx, id, back)
	if err != nil {
		return 0, err
	}
	var added []Variant
	for _, v := range now.Variants {
		if !slices.ContainsFunc(back.Variants, func(b VariantChange) bool { return b.ID == v.ID }) {
			added = append(added, v)
		}
	}
	return reverted.Version, vacate(tx, added)
}

// vacate takes SKUs and barcodes from dropped variants.
func vacate(tx *db.Tx, dropped []Variant) error {
	for _, v := range dropped {
		if _, err := tx.Exec("DELETE FROM barcodes WHERE variant_id = ?1", v.ID); err != nil {
			return fmt.Errorf("free the barcodes of variant %d: %w", v.ID, err)
		}
		sku := freed(v.SKU, v.ID)
		if _, err := tx.Exec("UPDATE variants SET sku = ?2, sku_key = ?3 WHERE id = ?1", v.ID, sku, fold(sku)); err != nil {
			return fmt.Errorf("free the SKU of variant %d: %w", v.ID, err)
		}
	}
	return nil
}

// RemoveIn deletes a product as if it had never been made. It answers false and changes nothing where something refers to it:
// the ledger, an order, whatever a later room keeps.
func (r Referrers) RemoveIn(tx *db.Tx, id int64) (bool, error) {
	p, err := product(tx, id, true)
	if err != nil {
		return false, err
	}
	all, err := variantsOf(tx, []int64{id}, true, "1")
	if err != nil {
		return false, err
	}
	ids, was := make([]int64, len(all)), make([]pricing, len(all))
	for i, v := range all {
		ids[i], was[i] = v.ID, v.pricing()
	}
	if used, err := r.Use(tx, []int64{id}, ids); err != nil || used {
		return false, err
	}
	for _, statement := range []string{
		"DELETE FROM product_images WHERE product_id = ?1",
		"DELETE FROM product_tags WHERE product_id = ?1",
		"DELETE FROM supplier_items WHERE variant_id IN (SELECT id FROM variants WHERE product_id = ?1)",
		"DELETE FROM barcodes WHERE variant_id IN (SELECT id FROM variants WHERE product_id = ?1)",
		"DELETE FROM variants WHERE product_id = ?1",
		"DELETE FROM products WHERE id = ?1",
	} {
		if _, err := tx.Exec(statement, id); err != nil {
			return false, fmt.Errorf("remove product %d: %w", id, err)
		}
	}
	type removed struct {
		Name     string    `json:"name"`
		Variants []pricing `json:"variants"`
	}
	if err := tx.Audit("product", id, removed{p.Name, was}, nil); err != nil {
		return false, err
	}
	return true, tx.Emit("products", id, p.Version+1)
}

// RetireIn archives a product for good: its address, SKUs and barcodes are free for another one, and no brand or category stays
// for its sake.
func RetireIn(tx *db.Tx, id int64) error {
	p, err := product(tx, id, true)
	if err != nil {
		return err
	}
	slug := slugOf(p.Slug, maxSlug-20) + "-" + strconv.FormatInt(id, 10)
	none := ""
	c := ProductChange{Slug: &slug, Brand: &none, Category: &none}
	for _, v := range p.Variants {
		sku := freed(v.SKU, v.ID)
		c.Variants = append(c.Variants, VariantChange{ID: v.ID, SKU: &sku, Barcodes: &[]string{}, Packs: &[]Pack{}})
	}
	if _, err := UpdateIn(tx, id, c); err != nil {
		return err
	}
	_, err = ArchiveIn(tx, id, true)
	return err
}

// freed is the SKU of a variant that has given up its own.
func freed(sku string, id int64) string {
	end := "~" + strconv.FormatInt(id, 10)
	letters := []rune(sku)
	return string(letters[:min(len(letters), maxSKU-len(end))]) + end
}

// LastLabelsIn are the newest brand and category, 0 for none: what has a higher id was made later.
func LastLabelsIn(tx *db.Tx) (brand, category int64, err error) {
	err = tx.Row("SELECT (SELECT coalesce(max(id), 0) FROM brands), (SELECT coalesce(max(id), 0) FROM categories)", nil, &brand, &category)
	return brand, category, err
}

// CategoriesAfterIn are the categories with a higher id, in the order they were made.
func CategoriesAfterIn(tx *db.Tx, last int64) (ids []int64, err error) {
	err = tx.Select(&ids, "SELECT id FROM categories WHERE id > ?1 ORDER BY id LIMIT ?2", last, maxDepth)
	return ids, err
}

// RemoveBrandIn deletes a brand that no product has; another one stays.
func RemoveBrandIn(tx *db.Tx, id int64) error {
	b, err := brand(tx, id)
	if db.CodeOf(err) == "not_found" {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := tx.Exec("DELETE FROM brands WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM products WHERE brand_id = ?1)", id)
	if err != nil || n == 0 {
		return err
	}
	if err := tx.Audit("brand", id, named{Name: b.Name}, nil); err != nil {
		return err
	}
	return tx.Emit("brands", id, b.Version+1)
}

// RemoveCategoryIn deletes a category that no product is in and nothing stands below; another one stays.
func RemoveCategoryIn(tx *db.Tx, id int64) error {
	c, err := category(tx, id)
	if db.CodeOf(err) == "not_found" {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM categories WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM products WHERE category_id = ?1)
		AND NOT EXISTS (SELECT 1 FROM categories WHERE parent_id = ?1)`, id)
	if err != nil || n == 0 {
		return err
	}
	if err := closeUp(tx, c); err != nil {
		return err
	}
	if err := tx.Audit("category", id, named{Name: c.Path}, nil); err != nil {
		return err
	}
	return tx.Emit("categories", id, c.Version+1)
}
