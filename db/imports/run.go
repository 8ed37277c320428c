package imports

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
)

// carryOut runs a plan: first the catalog, then the stock.
func (p *plan) carryOut(ctx context.Context, d *db.DB, m *Import) error {
	var products, numbers []deed
	for _, c := range p.changes {
		products = append(products, deed{c.product.row.number, max(len(c.slots), 1), c.carryProduct})
		if n := c.numbers(); n > 0 {
			numbers = append(numbers, deed{c.product.row.number, n, c.carryStock})
		}
	}
	return p.sheet.carryOut(ctx, d, m, products, numbers)
}

// carryProduct writes what the file says of a product and by which keys it is found again.
func (c *change) carryProduct(tx *db.Tx, m *Import) error {
	written, err := c.carryCatalog(tx, m)
	if err != nil {
		return err
	}
	c.variants = make([]int64, len(written.Variants))
	for i, v := range written.Variants {
		c.variants[i] = v.ID
	}
	if err := keepPictures(tx, m, written.ID, c.product.pictures); err != nil {
		return err
	}
	if err := c.remember(tx, m, c.product.link, link{ProductID: written.ID}); err != nil {
		return err
	}
	for i, o := range c.slots {
		if o == nil {
			continue
		}
		if err := c.remember(tx, m, o.link, link{written.ID, &c.variants[i]}); err != nil {
			return err
		}
		if err := c.carrySupply(tx, m, o, c.variants[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) carryCatalog(tx *db.Tx, m *Import) (*catalog.Product, error) {
	if !c.create && c.update == nil {
		known, err := catalog.ProductIn(tx, c.id)
		if err == nil && known.Version != c.version {
			err = db.Stale(known)
		}
		return known, err
	}
	brand, category, err := catalog.LastLabelsIn(tx)
	if err != nil {
		return nil, err
	}
	s := step{Row: c.product.row.number, Kind: stepMade, Weight: len(c.slots)}
	var written *catalog.Product
	if c.create {
		written, err = catalog.CreateIn(tx, *c.product.asNew())
		if c.product.unslug(err) { // another row of the file got it first
			written, err = catalog.CreateIn(tx, *c.product.asNew())
		}
	} else {
		var back catalog.ProductChange
		if back, err = catalog.BackIn(tx, c.id); err != nil {
			return nil, err
		}
		s.Kind, s.Was.Back, s.Was.From = stepChanged, &back, c.version
		written, err = catalog.UpdateIn(tx, c.id, *c.update)
	}
	if err != nil {
		return nil, err
	}
	s.EntityID, s.Was.Version = written.ID, written.Version
	labels, err := madeAfter(tx, brand, category, written)
	if err != nil {
		return nil, err
	}
	for _, l := range labels {
		if err := l.note(tx, m.ID); err != nil { // before the product's own step: undone, the product goes first
			return nil, err
		}
	}
	return written, s.note(tx, m.ID)
}

// carrySupply writes whom a variant is bought from.
func (c *change) carrySupply(tx *db.Tx, m *Import, o *offer, variantID int64) error {
	if !o.supplies {
		return nil
	}
	back, err := catalog.SupplyIn(tx, variantID, *o.supply)
	if err != nil {
		return err
	}
	if back.Made { // before what it supplies: undone, that goes first
		if err := (step{Kind: stepSupplier, EntityID: back.SupplierID}).note(tx, m.ID); err != nil {
			return err
		}
	}
	return step{Row: c.product.row.number, Kind: stepSupplied, EntityID: variantID, Was: state{Supply: back}}.note(tx, m.ID)
}

// madeAfter are the brand and the categories that were made with a product, since these were the last ones.
func madeAfter(tx *db.Tx, brand, category int64, p *catalog.Product) (made []step, err error) {
	if p.BrandID != nil && *p.BrandID > brand {
		made = append(made, step{Kind: stepBrand, EntityID: *p.BrandID})
	}
	categories, err := catalog.CategoriesAfterIn(tx, category)
	for _, id := range categories {
		made = append(made, step{Kind: stepCategory, EntityID: id})
	}
	return made, err
}

// remember keeps under which key something is found again.
func (c *change) remember(tx *db.Tx, m *Import, key string, now link) error {
	if key == "" {
		return nil
	}
	was, err := linkOf(tx, c.source, key)
	if err != nil || was.same(now) {
		return err
	}
	s := step{Row: c.product.row.number, Kind: stepLinked, EntityID: now.ProductID, Was: state{Source: c.source, Key: key}}
	if was.ProductID != 0 {
		s.Was.Link = &was
	}
	if err := keep(tx, c.source, key, now); err != nil {
		return err
	}
	return s.note(tx, m.ID)
}

func keep(tx *db.Tx, source, key string, l link) error {
	_, err := tx.Exec(`INSERT INTO import_links (source, key, product_id, variant_id) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (source, key) DO UPDATE SET product_id = ?3, variant_id = ?4`, source, key, l.ProductID, l.VariantID)
	if err != nil {
		return fmt.Errorf("remember the key %s: %w", key, err)
	}
	return nil
}
