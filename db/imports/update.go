package imports

import (
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// planUpdate works out what differs from a product the shop has. An empty cell changes nothing, except that without a sale price
// there is none to compare. The tax rate, and whether a variant is tracked, are the shop's own once it has the product; only a
// new number in the file starts the counting.
func (p *plan) planUpdate(tx *db.Tx, c *change, known *catalog.Product) error {
	c.id, c.version = known.ID, known.Version
	if err := p.place(tx, c.product, known); err != nil || c.product.row.outcome != "" {
		return err
	}
	for {
		c.lay(known)
		if c.update == nil {
			break
		}
		changed, err := catalog.WouldChange(tx, known.ID, *c.update)
		if err == nil && !changed {
			c.update = nil
		}
		if err == nil {
			break
		}
		if err := p.blameRows(c, err); err != nil {
			return err
		}
		if c.product.row.outcome == outcomeError {
			return nil
		}
	}
	c.decide()
	l, err := linkOf(tx, c.product.link)
	c.linked = c.product.link != "" && l.ProductID != known.ID
	return err
}

// place finds the variants that rows stand for, and whether their stock can become what the file says.
func (p *plan) place(tx *db.Tx, in *product, known *catalog.Product) error {
	for _, o := range in.offers {
		found, ok, err := o.find(tx)
		if err != nil {
			return err
		}
		o.at = -1
		if !ok || found.ProductID != known.ID { // the catalog refuses a SKU of another product
			continue
		}
		o.at = slices.IndexFunc(known.Variants, func(v catalog.Variant) bool { return v.ID == found.VariantID })
		if o.at < 0 {
			p.skip(o.row, "archived", "This variant of %s was removed here.", known.Name)
			continue
		}
		if err := p.restock(tx, o, found.VariantID); err != nil {
			return err
		}
	}
	in.drop()
	return nil
}

// lay writes down what differs. All variants the product has are named, so that their order stays.
func (c *change) lay(known *catalog.Product) {
	u := c.product.differs(known)
	options := known.Options
	if u.Options != nil {
		options = *u.Options
	}
	changes := make([]catalog.VariantChange, len(known.Variants))
	c.slots = make([]*offer, len(known.Variants))
	for i, v := range known.Variants {
		changes[i].ID = v.ID
	}
	any := false
	for _, o := range c.product.offers {
		if o.at < 0 {
			any, c.slots, changes = true, append(c.slots, o), append(changes, o.asVariant(options))
			continue
		}
		o.changed = o.differs(known.Variants[o.at], options, &changes[o.at])
		any, c.slots[o.at] = any || o.changed, o
	}
	if any {
		u.Variants = changes
	}
	c.update = nil
	if any || touches(u) {
		u.Version = &c.version
		c.update = u
	}
}

// differs is the change of the product itself.
func (in *product) differs(known *catalog.Product) *catalog.ProductChange {
	u := &catalog.ProductChange{}
	if in.name != known.Name {
		u.Name = &in.name
	}
	if in.description != nil && *in.description != known.Description {
		u.Description = in.description
	}
	if in.brand != nil && !strings.EqualFold(*in.brand, known.Brand) {
		u.Brand = in.brand
	}
	if in.category != nil && !strings.EqualFold(*in.category, known.Category) {
		u.Category = in.category
	}
	if in.published != nil && *in.published != known.Published {
		u.Published = in.published
	}
	if slices.ContainsFunc(in.options, func(name string) bool { return optionOf(known.Options, name) == "" }) {
		u.Options = &in.options
	}
	return u
}

// touches says whether a change is of the product itself and not of its variants alone.
func touches(u *catalog.ProductChange) bool {
	return u.Name != nil || u.Description != nil || u.Brand != nil || u.Category != nil || u.Published != nil || u.Options != nil
}

// differs writes into u what a row changes of a variant.
func (o *offer) differs(v catalog.Variant, options []string, u *catalog.VariantChange) bool {
	changed := false
	set := func(different bool, write func()) {
		if different {
			changed = true
			write()
		}
	}
	set(o.price != v.Price, func() { u.Price = &o.price })
	set(o.hasSale && !same(o.compareAt, v.CompareAtPrice), func() { u.CompareAtPrice = money.Some(o.compareAt) })
	set(o.policy != nil && *o.policy != v.Policy, func() { u.Policy = o.policy })
	set(o.fresh && !v.Tracked, func() { u.Tracked = ref(true) })
	set(o.barcode != "" && !v.Has(o.barcode), func() {
		u.Barcodes = ref(append(slices.Clone(v.Barcodes), o.barcode))
	})
	values := map[string]string{}
	different := false
	for _, name := range options {
		values[name] = v.Options[name]
		if mine := o.values[folded(name)]; mine != "" && folded(mine) != folded(values[name]) {
			values[name], different = mine, true
		}
	}
	set(different, func() { u.Options = values })
	return changed
}

// asVariant is a row as a new variant of a product the shop has.
func (o *offer) asVariant(options []string) catalog.VariantChange {
	u := catalog.VariantChange{SKU: &o.sku, Price: &o.price, Tracked: ref(o.counted()), Policy: o.policy, Options: o.options(options)}
	if o.compareAt != nil {
		u.CompareAtPrice = money.Some(o.compareAt)
	}
	if o.barcode != "" {
		u.Barcodes = &[]string{o.barcode}
	}
	return u
}

// decide says what happens to the rows of a product the shop has.
func (c *change) decide() {
	r := c.product.row
	r.outcome = outcomeUnchanged
	if c.update != nil && touches(c.update) {
		r.outcome = outcomeUpdate
	}
	for _, o := range c.product.offers {
		c.stocked = c.stocked || o.fresh
		switch {
		case o.at < 0:
			o.row.outcome = outcomeCreate
		case o.changed && c.update != nil || o.moves:
			o.row.outcome = outcomeUpdate
		case o.row.outcome == "":
			o.row.outcome = outcomeUnchanged
		}
	}
}

// optionOf is an option as the product spells it, "" when it has none of that name.
func optionOf(options []string, name string) string {
	for _, o := range options {
		if folded(o) == folded(name) {
			return o
		}
	}
	return ""
}

func same(a, b *money.Amount) bool { return a == b || a != nil && b != nil && *a == *b }
