package catalog

import (
	"errors"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/money"
)

// Sellable is what a sale writes down of a variant. Its cost is for the shop's books, not for the reply.
type Sellable struct {
	VariantID int64
	ProductID int64
	SKU       string
	Name      string // FullName
	Product   string
	Options   string       // the values: "L / Blue", empty without options
	Price     money.Amount // what is charged now, a sale's while it runs
	Cost      *money.Amount
	TaxRate   money.Rate
	Tracked   bool
	Policy    Policy
	Published bool
}

// ForSale returns what a sale needs of a variant. It fails with not_found, archived.
func ForSale(tx *db.Tx, variantID int64) (Sellable, error) {
	s := Sellable{VariantID: variantID}
	var archived bool
	var sale *money.Amount
	var starts, ends *db.Time
	err := tx.Row(`SELECT v.product_id, v.sku, v.name, p.name, v.title, v.price, v.cost, p.tax_rate, v.tracked, v.policy, p.published, v.archived_at IS NOT NULL,
		v.sale_price, v.sale_starts, v.sale_ends
		FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = ?1`, []any{variantID},
		&s.ProductID, &s.SKU, &s.Name, &s.Product, &s.Options, &s.Price, &s.Cost, &s.TaxRate, &s.Tracked, &s.Policy, &s.Published, &archived, &sale, &starts, &ends)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return s, db.NotFound("variant").With("variantId", variantID)
	case err != nil:
		return s, fmt.Errorf("look up variant %d: %w", variantID, err)
	case archived:
		return s, db.Errorf(db.Conflict, "archived", "%s is archived and cannot be sold. Restore it first.", s.Name).
			With("name", s.Name).With("variantId", variantID)
	}
	s.Price = Charged(s.Price, sale, starts, ends, tx.Now)
	return s, nil
}

// VariantRef says which variant and product a SKU, barcode or slug stands for.
type VariantRef struct {
	VariantID int64
	ProductID int64
	SKU       string
	Archived  bool
}

// BySKU finds a variant by its SKU in any case; ok is false when there is none.
func BySKU(tx *db.Tx, sku string) (ref VariantRef, ok bool, err error) {
	return refer(tx, "SELECT id, product_id, sku, archived_at IS NOT NULL FROM variants WHERE sku_key = ?1", fold(strings.TrimSpace(sku)))
}

// ByBarcode finds a variant by a scanned code in any of its forms; ok is false when there is none.
func ByBarcode(tx *db.Tx, code string) (ref VariantRef, ok bool, err error) {
	return refer(tx, `SELECT v.id, v.product_id, v.sku, v.archived_at IS NOT NULL FROM barcodes b JOIN variants v ON v.id = b.variant_id
		WHERE b.lookup = ?1`, barcode.Lookup(code))
}

func refer(tx *db.Tx, query, key string) (ref VariantRef, ok bool, err error) {
	err = tx.Row(query, []any{key}, &ref.VariantID, &ref.ProductID, &ref.SKU, &ref.Archived)
	if errors.Is(err, db.ErrNoRow) {
		return ref, false, nil
	}
	return ref, err == nil, err
}

// BySlug finds a product by its slug; ok is false when there is none.
func BySlug(tx *db.Tx, slug string) (productID int64, ok bool, err error) {
	err = tx.Row("SELECT id FROM products WHERE slug = ?1", []any{slug}, &productID)
	if errors.Is(err, db.ErrNoRow) {
		return 0, false, nil
	}
	return productID, err == nil, err
}
