package catalog

import (
	"fmt"
	"reflect"
	"strings"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/money"
)

func (p *plan) writeProduct(tx *db.Tx) error {
	a := &p.after
	if a.Brand != "" && a.BrandID == nil {
		id, err := insertBrand(tx, a.Brand)
		if err != nil {
			return err
		}
		a.BrandID = &id
	}
	if a.Category != "" && a.CategoryID == nil {
		c, err := makePath(tx, a.Category)
		if err != nil {
			return err
		}
		a.CategoryID = &c.ID
	}
	args := []any{a.ID, a.Slug, a.Name, a.NameKey, a.Description, a.BrandID, a.CategoryID, a.TaxRate, a.Published, list(a.Options), tx.Now, a.Notes}
	if p.before == nil {
		id, err := tx.Insert(`INSERT INTO products (slug, name, name_key, description, brand_id, category_id, tax_rate, published, options, created_at, updated_at, notes)
			VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)`, args...)
		if err != nil {
			return fmt.Errorf("make product: %w", err)
		}
		a.ID, a.Version = id, 1
		return nil
	}
	a.Version++
	_, err := tx.Exec(`UPDATE products SET slug = ?2, name = ?3, name_key = ?4, description = ?5, brand_id = ?6, category_id = ?7, tax_rate = ?8,
		published = ?9, options = ?10, updated_at = ?11, notes = ?12, version = version + 1 WHERE id = ?1`, args...)
	if err != nil {
		return fmt.Errorf("change product %d: %w", a.ID, err)
	}
	return nil
}

// writeVariants writes those that differ from what is stored and drops those left out.
func (p *plan) writeVariants(tx *db.Tx) error {
	changed, kept := []int64{}, []int64{}
	for _, v := range p.after.Variants {
		if v.ID == 0 {
			continue
		}
		kept = append(kept, v.ID)
		if !reflect.DeepEqual(v, p.stored[v.ID]) {
			changed = append(changed, v.ID)
		}
	}
	if err := p.makeRoom(tx, changed, kept); err != nil {
		return err
	}
	for i := range p.after.Variants {
		v := &p.after.Variants[i]
		if v.ID != 0 && reflect.DeepEqual(*v, p.stored[v.ID]) {
			continue
		}
		was := p.known(v.ID)
		if err := p.writeVariant(tx, v); err != nil {
			return db.Blame(err, "variants[%d]", i)
		}
		if err := recordPrices(tx, was, v); err != nil {
			return err
		}
		for j, c := range v.codes() {
			_, err := tx.Exec("INSERT INTO barcodes (lookup, code, variant_id, position, quantity) VALUES (?1, ?2, ?3, ?4, ?5)",
				p.codes[i][j], c.Code, v.ID, j, c.Quantity)
			if err != nil {
				return fmt.Errorf("write barcode %s: %w", c.Code, err)
			}
		}
	}
	return nil
}

// makeRoom drops what is left out and frees the SKUs, values and barcodes of what changes, so that two variants can swap theirs.
func (p *plan) makeRoom(tx *db.Tx, changed, kept []int64) error {
	if p.before == nil {
		return nil
	}
	_, err := tx.Exec(`UPDATE variants SET dropped = 1, archived_at = coalesce(archived_at, ?2), version = version + 1, updated_at = ?2
		WHERE product_id = ?1 AND dropped = 0 AND id NOT IN (SELECT value FROM json_each(?3))`, p.after.ID, tx.Now, list(kept))
	if err != nil {
		return fmt.Errorf("drop variants: %w", err)
	}
	if err := releaseImages(tx, p.after.ID); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE variants SET sku_key = char(1) || id, option_key = char(1) || id WHERE id IN (SELECT value FROM json_each(?1))", list(changed))
	if err != nil {
		return fmt.Errorf("free SKUs: %w", err)
	}
	lookups := []string{}
	for i := range p.after.Variants {
		lookups = append(lookups, p.codes[i]...)
	}
	_, err = tx.Exec(`DELETE FROM barcodes WHERE variant_id IN (SELECT value FROM json_each(?1)) OR (lookup IN (SELECT value FROM json_each(?2))
		AND variant_id IN (SELECT id FROM variants WHERE product_id = ?3 AND dropped = 1))`, list(changed), list(lookups), p.after.ID)
	if err != nil {
		return fmt.Errorf("free barcodes: %w", err)
	}
	return nil
}

// known is a variant as stored, nil for a new one.
func (p *plan) known(id int64) *Variant {
	v, ok := p.stored[id]
	if !ok {
		return nil
	}
	return &v
}

func (p *plan) writeVariant(tx *db.Tx, v *Variant) error {
	args := []any{v.ID, v.SKU, fold(v.SKU), v.Title, v.Name, db.SortKey(v.Name), v.Words, object(v.Options), v.OptionKey, v.Price, v.CompareAtPrice, v.Cost,
		v.ReorderPoint, v.Tracked, v.Policy, v.Position, p.after.ArchivedAt, tx.Now, p.after.ID, v.MaxStock,
		v.SalePrice, v.SaleStarts, v.SaleEnds, v.TracksLots}
	var err error
	if v.ID != 0 {
		_, err = tx.Exec(`UPDATE variants SET sku = ?2, sku_key = ?3, title = ?4, name = ?5, name_key = ?6, words = ?7, options = ?8, option_key = ?9, price = ?10,
			compare_at_price = ?11, cost = ?12, reorder_point = ?13, tracked = ?14, policy = ?15, position = ?16, dropped = 0, archived_at = ?17,
			updated_at = ?18, max_stock = ?20, sale_price = ?21, sale_starts = ?22, sale_ends = ?23, tracks_lots = ?24, version = version + 1 WHERE id = ?1 AND product_id = ?19`, args...)
	} else {
		v.ID, err = tx.Insert(`INSERT INTO variants (sku, sku_key, title, name, name_key, words, options, option_key, price, compare_at_price, cost,
			reorder_point, tracked, policy, position, archived_at, created_at, updated_at, product_id, max_stock, sale_price, sale_starts, sale_ends, tracks_lots)
			VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18, ?19, ?20, ?21, ?22, ?23, ?24)`, args...)
	}
	if db.IsRaised(err) { // stock has a say in whether lots are still there
		e := db.Errorf(db.Conflict, "lots_are_there", "Lots of %s are still there. Sell them or write them off first.", v.Name).With("name", v.Name)
		e.Field = "tracksLots"
		return e
	}
	if err != nil {
		return fmt.Errorf("write variant %s: %w", v.SKU, err)
	}
	return nil
}

// pricing is what the audit keeps of a variant.
type pricing struct {
	ID             int64         `json:"id"`
	SKU            string        `json:"sku"`
	Price          money.Amount  `json:"price"`
	CompareAtPrice *money.Amount `json:"compareAtPrice"`
	Cost           *money.Amount `json:"cost"`
	SalePrice      *money.Amount `json:"salePrice,omitempty"`
	SaleStarts     *db.Time      `json:"saleStarts,omitempty"`
	SaleEnds       *db.Time      `json:"saleEnds,omitempty"`
	Policy         Policy        `json:"policy"`
	TracksLots     bool          `json:"tracksLots,omitempty"`
	Packs          []Pack        `json:"packs,omitempty"` // what a scan of them sells
}

func (v Variant) pricing() pricing {
	return pricing{v.ID, v.SKU, v.Price, v.CompareAtPrice, v.Cost, v.SalePrice, v.SaleStarts, v.SaleEnds, v.Policy, v.TracksLots, v.Packs}
}

// audit records a new product, and of an old one the prices, costs and policies that change.
func (p *plan) audit(tx *db.Tx) error {
	if p.before == nil {
		type created struct {
			Name     string    `json:"name"`
			Variants []pricing `json:"variants"`
		}
		c := created{Name: p.after.Name}
		for _, v := range p.after.Variants {
			c.Variants = append(c.Variants, v.pricing())
		}
		return tx.Audit("product", p.after.ID, nil, c)
	}
	for _, v := range p.after.Variants {
		was, known := p.stored[v.ID]
		var before any
		if known {
			before = was.pricing()
		}
		if reflect.DeepEqual(before, any(v.pricing())) && !was.Dropped {
			continue
		}
		if err := tx.Audit("variant", v.ID, before, v.pricing()); err != nil {
			return err
		}
	}
	return p.auditDropped(tx)
}

func (p *plan) auditDropped(tx *db.Tx) error {
	for _, v := range p.before.Variants {
		if p.has(v.ID) {
			continue
		}
		if err := tx.Audit("variant", v.ID, v.pricing(), nil); err != nil {
			return err
		}
	}
	return nil
}

// words is what a variant is found by besides its name and SKU; wordsOfVariant is the same in SQL.
func words(brand, category string, tags []string, codes codes) string {
	all := []string{}
	for _, w := range []string{brand, category} {
		if w != "" {
			all = append(all, w)
		}
	}
	all = append(all, tags...)
	for _, c := range codes {
		all = append(all, c.Code+" "+barcode.Lookup(c.Code))
	}
	return strings.Join(all, " ")
}

const wordsOfVariant = `SELECT concat_ws(' ', b.name, c.path,
	(SELECT group_concat(tag, ' ' ORDER BY tag_key) FROM product_tags WHERE product_id = p.id), (SELECT group_concat(code || ' ' || lookup, ' ' ORDER BY position) FROM barcodes WHERE variant_id = variants.id))
	FROM products p LEFT JOIN brands b ON b.id = p.brand_id LEFT JOIN categories c ON c.id = p.category_id WHERE p.id = variants.product_id`
