package imports

import (
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
)

// find looks for the product that one of the file stands for: a simple one by its SKU, or by its ID where it has none; one of
// several variants as it was found before, or by the SKUs of its variations. It is nil for a new one. A product that is
// archived here stays so.
func (p *plan) find(tx *db.Tx, c *change) (*catalog.Product, error) {
	id, err := p.productOf(tx, c.product)
	if err != nil || id == 0 {
		return nil, err
	}
	known, err := catalog.ProductIn(tx, id)
	if err != nil {
		return nil, err
	}
	r := c.product.row
	switch other := p.claimed[id]; {
	case known.Archived:
		p.skip(r, "archived", "%s is archived here. Restore it to import it.", known.Name)
	case other != nil:
		p.fail(r, p.keyColumn(r), "same_product", "The rows %d and %d are one product here, %s. Remove one of them.", other.number, r.number, known.Name).
			With("rows", []int{other.number, r.number}).With("name", known.Name)
	case !c.product.many && c.product.here == 0 && len(known.Options) > 0:
		p.fail(r, p.keyColumn(r), "sku_taken", "%s belongs to a variant of %s here. Choose another SKU.", r.key(), known.Name).
			With("sku", r.sku).With("name", known.Name).With("productId", known.ID)
	}
	p.claimed[id] = r
	return known, nil
}

func (p *plan) productOf(tx *db.Tx, in *product) (int64, error) {
	if in.here != 0 {
		return in.here, nil
	}
	if in.link != "" {
		if l, err := linkOf(tx, p.format.name, in.link); err != nil || l.ProductID != 0 {
			return l.ProductID, err
		}
	}
	for _, o := range in.offers {
		ref, ok, err := o.find(tx, p.format.name)
		if err != nil {
			return 0, err
		}
		if !ok {
			continue
		}
		if !in.many {
			return ref.ProductID, nil
		}
		// One without options is a product of its own that happens to have the SKU.
		known, err := catalog.ProductIn(tx, ref.ProductID)
		if err != nil {
			return 0, err
		}
		if len(known.Options) > 0 {
			return known.ID, nil
		}
	}
	return 0, nil
}

// find is the variant of a row: the one that it stands for without a name, or by its SKU or, where it has none, as it was found before.
func (o *offer) find(tx *db.Tx, source string) (catalog.VariantRef, bool, error) {
	if o.here != nil {
		return *o.here, true, nil
	}
	if o.row.sku != "" {
		return catalog.BySKU(tx, o.row.sku)
	}
	l, err := linkOf(tx, source, o.link)
	if err != nil || l.VariantID == nil {
		return catalog.VariantRef{}, false, err
	}
	return catalog.VariantRef{VariantID: *l.VariantID, ProductID: l.ProductID}, true, nil
}

// link is what a key of another system became here.
type link struct {
	ProductID int64
	VariantID *int64
}

func (l link) same(other link) bool {
	return l.ProductID == other.ProductID && (l.VariantID == other.VariantID ||
		l.VariantID != nil && other.VariantID != nil && *l.VariantID == *other.VariantID)
}

// linkOf is all zero for a key that is not known.
func linkOf(tx *db.Tx, source, key string) (link, error) {
	var l link
	err := tx.Get(&l, "SELECT product_id, variant_id FROM import_links WHERE source = ?1 AND key = ?2", source, key)
	if errors.Is(err, db.ErrNoRow) {
		return l, nil
	}
	if err != nil {
		return l, fmt.Errorf("look up the key %s: %w", key, err)
	}
	return l, nil
}

// keyColumn is where the key of a row stands.
func (p *plan) keyColumn(r *row) string {
	if r.sku == "" {
		return p.format.columns["key"]
	}
	return p.format.columns["sku"]
}

// key is what a person knows a row by.
func (r *row) key() string {
	if r.sku == "" {
		return "ID " + r.id
	}
	return "The SKU " + r.sku
}
