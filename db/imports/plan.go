package imports

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
)

// planSlice is how many products one read compares with the shop.
const planSlice = 200

// maxChanges is how many variants one import may make or change, so that it gets through in the time of a request.
const maxChanges = 20_000

// source names the system whose keys are remembered.
const source = "woocommerce"

// plan is what a file would change in the shop as it is now.
type plan struct {
	*woo
	table      *table // as it was read
	locationID int64
	changes    []*change
	changing   int            // how many variants the changes make or change
	claimed    map[int64]*row // the products that rows of the file stand for
}

// change is what one product of the file changes.
type change struct {
	product *product
	id      int64 // of the product in the shop, 0 for a new one
	version int64
	create  *catalog.NewProduct
	update  *catalog.ProductChange // nil where the catalog stays as it is
	slots   []*offer               // by the variants the product will have; nil for those the file does not know
	stocked bool                   // a number in the file moves stock, or is to be remembered
	linked  bool                   // what it is found by is to be remembered

	variants []int64 // as written, by slots
}

// draw reads a file and works out its plan.
func draw(ctx context.Context, d *db.DB, data []byte, mapping map[string]string, locationID int64) (*plan, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	l, err := recognise(t.header, mapping)
	if err != nil {
		return nil, err
	}
	s, err := settings.Current(ctx, d)
	if err != nil {
		return nil, err
	}
	p := &plan{woo: parse(t, l, s, s.Today(db.TimeOf(d.Now()))), table: t, locationID: locationID, claimed: map[int64]*row{}}
	for rest := p.products; len(rest) > 0; rest = rest[min(planSlice, len(rest)):] {
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			for _, product := range rest[:min(planSlice, len(rest))] {
				if err := p.compare(tx, product); err != nil {
					return fmt.Errorf("plan row %d: %w", product.row.number, err)
				}
				if err := p.fits(); err != nil { // comparing the rest would only take time
					return err
				}
			}
			return nil
		})
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// fits refuses what one commit cannot carry.
func (p *plan) fits() error {
	if p.changing <= maxChanges {
		return nil
	}
	return db.Refuse("too_many_changes", "file", "This file would make or change more than the %d products and variants that can be imported at once. Split it and import one part after the other.", maxChanges).
		With("max", maxChanges)
}

// compare works out what one product of the file changes.
func (p *plan) compare(tx *db.Tx, in *product) error {
	if in.row.outcome != "" {
		return nil
	}
	c := &change{product: in}
	known, err := p.find(tx, c)
	if err != nil || in.row.outcome != "" {
		p.settled(in)
		return err
	}
	if known == nil {
		err = p.planNew(tx, c)
	} else {
		err = p.planUpdate(tx, c, known)
	}
	p.settled(in)
	if err == nil && in.row.outcome != outcomeError && (c.create != nil || c.update != nil || c.stocked || c.linked) {
		p.changes = append(p.changes, c)
		p.changing += len(in.offers)
	}
	return err
}

// settled says what happens to the rows of a product that is skipped or wrong.
func (p *plan) settled(in *product) {
	switch {
	case in.row.outcome == outcomeError:
		p.abandon(in)
	case in.row.outcome == outcomeSkip:
		for _, o := range in.offers {
			if o.row.outcome == "" {
				p.skip(o.row, "product_skipped", "Its product in row %d is skipped.", in.row.number)
			}
		}
	}
}

// planNew checks a product that the shop does not have, and lays the blame of what it would refuse on rows. What is wrong with
// one variant leaves the others standing.
func (p *plan) planNew(tx *db.Tx, c *change) error {
	for len(c.product.offers) > 0 {
		c.create, c.slots = c.product.asNew(), c.product.offers
		err := catalog.CheckNew(tx, *c.create)
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
	if len(c.product.offers) == 0 {
		p.skip(c.product.row, "no_variations", "The file has no variation of this product that can be sold.")
		c.create = nil
		return nil
	}
	c.product.row.outcome = outcomeCreate
	for _, o := range c.product.offers {
		o.row.outcome = outcomeCreate
	}
	return nil
}

// asNew is a product of the file as the catalog makes one.
func (in *product) asNew() *catalog.NewProduct {
	n := &catalog.NewProduct{Name: in.name, Description: text(in.description), Brand: text(in.brand), Category: text(in.category),
		TaxRate: &in.taxRate, Published: in.published, Options: in.options}
	for _, o := range in.offers {
		v := catalog.NewVariant{SKU: o.sku, Price: o.price, CompareAtPrice: o.compareAt, Options: o.options(in.options), Tracked: ref(o.counted())}
		if o.barcode != "" {
			v.Barcodes = []string{o.barcode}
		}
		if o.policy != nil {
			v.Policy = *o.policy
		}
		n.Variants = append(n.Variants, v)
	}
	return n
}

// counted says whether a new variant's stock is tracked.
func (o *offer) counted() bool { return o.stock != nil || o.out }

// options are the variant's values under the names of the options.
func (o *offer) options(names []string) map[string]string {
	if len(names) == 0 {
		return nil
	}
	values := make(map[string]string, len(names))
	for _, name := range names {
		values[name] = o.values[folded(name)]
	}
	return values
}

var variantField = regexp.MustCompile(`^variants\[(\d+)\]\.?(\w*)`)

// columnsOf are the columns behind the catalog's fields.
var columnsOf = map[string]string{"name": colName, "slug": colName, "description": colDescription, "brand": colBrands, "category": colCategories,
	"taxRate": colTaxStatus, "published": colPublished, "options": "Attribute 1 name",
	"sku": colSKU, "barcodes": colBarcode, "price": colRegular, "compareAtPrice": colRegular, "policy": colBackorders}

// blameRows lays what the catalog refuses on the rows it comes from; those of variants are taken out of the product. Errors that
// are no refusal pass.
func (p *plan) blameRows(c *change, err error) error {
	var e *db.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, one := range append([]*db.Error{e}, e.Also...) {
		r, column := c.product.row, columnsOf[one.Field]
		if found := variantField.FindStringSubmatch(one.Field); found != nil {
			i, _ := strconv.Atoi(found[1])
			column = columnsOf[found[2]]
			if i < len(c.slots) && c.slots[i] != nil {
				r = c.slots[i].row
			}
		}
		if r.kind == typeVariation && column == "Attribute 1 name" {
			column = "Attribute 1 value(s)"
		}
		p.blame(r, column, one)
	}
	c.product.drop()
	return nil
}

// drop takes out the offers whose rows are decided.
func (in *product) drop() {
	var left []*offer
	for _, o := range in.offers {
		if o.row.outcome != outcomeError && o.row.outcome != outcomeSkip {
			left = append(left, o)
		}
	}
	in.offers = left
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(*s)
}
