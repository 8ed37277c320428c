package imports

import (
	"slices"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/catalog"
	"onhand/db/money"
)

// planUpdate works out what differs from a product the shop has. An empty cell changes nothing, except that a sale that another
// system does not have any more ends here. The tax rate, and whether a variant is tracked, are the shop's own once it has the product; only a
// new number in the file starts the counting.
func (p *plan) planUpdate(tx *db.Tx, c *change, known *catalog.Product) error {
	c.id, c.version = known.ID, known.Version
	err := p.place(tx, c.product, known)
	if err != nil || c.product.row.outcome != "" {
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
	c.linked, err = p.remembers(tx, c.product, known)
	return err
}

// remembers says whether a product that is here brings a key or pictures that are not known.
func (p *plan) remembers(tx *db.Tx, in *product, known *catalog.Product) (bool, error) {
	if in.link != "" {
		if l, err := linkOf(tx, p.format.name, in.link); err != nil || l.ProductID != known.ID {
			return true, err
		}
	}
	if len(in.pictures) == 0 {
		return false, nil
	}
	kept, err := picturesIn(tx, known.ID)
	return slices.ContainsFunc(in.pictures, func(url string) bool { return !slices.Contains(kept, url) }), err
}

// place finds the variants that rows stand for, and whether their stock can become what the file says.
func (p *plan) place(tx *db.Tx, in *product, known *catalog.Product) error {
	for _, o := range in.offers {
		found, ok, err := o.find(tx, p.format.name)
		if err != nil {
			return err
		}
		o.at = -1
		if !ok && o.row.sku == "" {
			found, ok = o.among(known)
		}
		if !ok || found.ProductID != known.ID { // the catalog refuses a SKU of another product
			p.priced(o)
			if err := p.supply(tx, o, 0); err != nil {
				return err
			}
			continue
		}
		o.at = slices.IndexFunc(known.Variants, func(v catalog.Variant) bool { return v.ID == found.VariantID })
		if o.at < 0 {
			p.skip(o.row, "archived", "This variant of %s was removed here.", known.Name)
			continue
		}
		if o.here != nil && !p.partOf(o, known.Variants[o.at]) {
			continue
		}
		if err := p.restock(tx, o, found.VariantID); err != nil {
			return err
		}
		if err := p.supply(tx, o, found.VariantID); err != nil {
			return err
		}
	}
	in.drop()
	return nil
}

// partOf says what a row without a name is, and refuses one that names a pack: what that costs is not what one costs.
func (p *plan) partOf(o *offer, v catalog.Variant) bool {
	named := o.row.sku != ""
	o.row.name, o.row.sku = v.Name, v.SKU
	if !named && slices.ContainsFunc(v.Packs, func(pack catalog.Pack) bool { return barcode.Lookup(pack.Code) == barcode.Lookup(o.barcodes[0]) }) {
		p.fail(o.row, fBarcodes, "pack_code", "%s is a pack of %s, and a price is that of one. Name it by its SKU.", o.barcodes[0], v.Name).With("value", o.barcodes[0])
		return false
	}
	return true
}

// among looks for the variant that has the values of a row without a SKU.
func (o *offer) among(known *catalog.Product) (catalog.VariantRef, bool) {
	for _, v := range known.Variants {
		differs := slices.ContainsFunc(known.Options, func(name string) bool { return folded(v.Options[name]) != folded(o.value(name)) })
		if !differs && len(o.values) == len(known.Options) {
			return catalog.VariantRef{VariantID: v.ID, ProductID: known.ID}, true
		}
	}
	return catalog.VariantRef{}, false
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
	if in.name != "" && in.name != known.Name {
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
	if in.newRate != nil && *in.newRate != known.TaxRate {
		u.TaxRate = in.newRate
	}
	if in.notes != nil && *in.notes != known.Notes {
		u.Notes = in.notes
	}
	if len(in.tags) > 0 && !sameWords(in.tags, known.Tags) {
		u.Tags = &in.tags
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
	return u.Name != nil || u.Description != nil || u.Brand != nil || u.Category != nil || u.Published != nil || u.Options != nil ||
		u.TaxRate != nil || u.Notes != nil || u.Tags != nil
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
	set(o.price != nil && *o.price != v.Price, func() { u.Price = o.price })
	set(o.compareAt != nil && !same(o.compareAt, v.CompareAtPrice), func() { u.CompareAtPrice = money.Some(o.compareAt) })
	set(o.sells(v), func() {
		u.SalePrice, u.SaleStarts, u.SaleEnds = money.Some(o.salePrice), db.SomeTime(o.saleStarts), db.SomeTime(o.saleEnds)
	})
	set(o.cost != nil && !same(o.cost, v.Cost), func() { u.Cost = money.Some(o.cost) })
	set(o.reorderPoint != nil && *o.reorderPoint != v.ReorderPoint, func() { u.ReorderPoint = o.reorderPoint })
	set(o.maxStock != nil && *o.maxStock != v.MaxStock, func() { u.MaxStock = o.maxStock })
	set(o.policy != nil && *o.policy != v.Policy, func() { u.Policy = o.policy })
	set(o.follows && o.tracked != nil && *o.tracked != v.Tracked, func() { u.Tracked = o.tracked })
	set(o.fresh && !v.Tracked, func() { u.Tracked = ref(true) })
	codes, packs := o.codes(v)
	set(codes != nil, func() { u.Barcodes = &codes })
	set(packs != nil, func() { u.Packs = &packs })
	values := map[string]string{}
	different := false
	for _, name := range options {
		values[name] = v.Options[name]
		if mine := o.value(name); mine != "" && folded(mine) != folded(values[name]) {
			values[name], different = mine, true
		}
	}
	set(different, func() { u.Options = values })
	return changed
}

// sells says whether a row has another sale than what is here, or none where the file knows of sales.
func (o *offer) sells(v catalog.Variant) bool {
	return (o.salePrice != nil || o.knowsSale) && !(same(o.salePrice, v.SalePrice) && sameMoment(o.saleStarts, v.SaleStarts) && sameMoment(o.saleEnds, v.SaleEnds))
}

// codes are the barcodes and packs of a variant with those that the row has besides, nil where there are none: codes that are here
// stay, for a file need not know all of them.
func (o *offer) codes(v catalog.Variant) (codes []string, packs []catalog.Pack) {
	for _, code := range o.barcodes {
		if !v.Has(code) {
			codes = append(codes, code)
		}
	}
	for _, pack := range o.packs {
		if !slices.ContainsFunc(v.Packs, func(p catalog.Pack) bool { return barcode.Lookup(p.Code) == barcode.Lookup(pack.Code) }) {
			packs = append(packs, pack)
		}
	}
	if codes != nil {
		codes = slices.Concat(v.Barcodes, codes)
	}
	if packs != nil {
		packs = slices.Concat(v.Packs, packs)
	}
	return codes, packs
}

// asVariant is a row as a new variant of a product the shop has.
func (o *offer) asVariant(options []string) catalog.VariantChange {
	u := catalog.VariantChange{SKU: &o.row.sku, Price: o.price, Tracked: o.counted(), Policy: o.policy, Options: o.options(options),
		ReorderPoint: o.reorderPoint, MaxStock: o.maxStock}
	if o.compareAt != nil {
		u.CompareAtPrice = money.Some(o.compareAt)
	}
	if o.salePrice != nil {
		u.SalePrice, u.SaleStarts, u.SaleEnds = money.Some(o.salePrice), db.SomeTime(o.saleStarts), db.SomeTime(o.saleEnds)
	}
	if o.cost != nil {
		u.Cost = money.Some(o.cost)
	}
	if len(o.barcodes) > 0 {
		u.Barcodes = &o.barcodes
	}
	if len(o.packs) > 0 {
		u.Packs = &o.packs
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
		case o.changed && c.update != nil || o.moves || o.supplies:
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

// sameMoment says whether a moment of a file is the one that is here, as exactly as the file has it.
func sameMoment(file, here *db.Time) bool {
	if file == nil || here == nil {
		return file == here
	}
	for _, unit := range []time.Duration{time.Minute, time.Second} {
		if file.Time().Truncate(unit).Equal(file.Time()) {
			return file.Time().Equal(here.Time().Truncate(unit))
		}
	}
	return *file == *here
}

// sameWords says whether two lists have the same words, in whatever order and case.
func sameWords(a, b []string) bool {
	words := func(list []string) []string {
		folds := make([]string, len(list))
		for i, w := range list {
			folds[i] = folded(w)
		}
		slices.Sort(folds)
		return slices.Compact(folds)
	}
	return slices.Equal(words(a), words(b))
}
