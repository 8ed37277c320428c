package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
)

// planSlice is how many products one read compares with the shop.
const planSlice = 200

// plan is what a file would change in the shop as it is now.
type plan struct {
	*goods
	locationID int64
	changes    []*change
	claimed    map[int64]*row // the products that rows of the file stand for
}

// change is what one product of the file changes.
type change struct {
	product *product
	source  string // the system whose keys the product has
	id      int64  // of the product in the shop, 0 for a new one
	version int64
	create  bool                   // a new product
	update  *catalog.ProductChange // nil where the catalog stays as it is
	slots   []*offer               // by the variants the product will have; nil for those the file does not know
	stocked bool                   // a number in the file moves stock, or is to be remembered
	linked  bool                   // what it is found by is to be remembered

	variants []int64 // as written, by slots
}

// drawProducts works out what a file of products would change.
func drawProducts(ctx context.Context, d *db.DB, s *sheet, locationID int64) (drawn, error) {
	if err := s.acquaint(ctx, d); err != nil {
		return nil, err
	}
	p := &plan{goods: s.format.products(s), locationID: locationID, claimed: map[int64]*row{}}
	for _, r := range p.rows {
		r.letGo()
	}
	for products := range slices.Chunk(p.products, planSlice) {
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			for _, product := range products {
				if err := p.compare(tx, product); err != nil {
					return fmt.Errorf("plan row %d: %w", product.row.number, err)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	// A generated SKU must not be one that a later row brings along.
	slices.SortStableFunc(p.changes, func(a, b *change) int { return cmp.Compare(a.generates(), b.generates()) })
	return p, nil
}

// letGo gives up the cells of a row that is understood.
func (r *row) letGo() { r.line.Cells, r.instead = nil, nil }

func (c *change) generates() int {
	if slices.ContainsFunc(c.product.offers, func(o *offer) bool { return o.row.sku == "" }) {
		return 1
	}
	return 0
}

// compare works out what one product of the file changes.
func (p *plan) compare(tx *db.Tx, in *product) error {
	if in.row.outcome != "" {
		return nil
	}
	c := &change{product: in, source: p.format.name}
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
	if err == nil && in.row.outcome != outcomeError && (c.create || c.update != nil || c.stocked || c.linked || c.supplies()) {
		p.changes = append(p.changes, c)
	}
	return err
}

// sum writes the report into an import.
func (p *plan) sum(m *Import) error {
	if err := p.report.sum(m, p.groups()); err != nil {
		return err
	}
	for _, one := range p.products {
		if one.row.outcome != outcomeError && one.row.outcome != outcomeSkip {
			m.Pictures += len(one.pictures)
		}
	}
	return nil
}

// settled says what happens to the rows of a product that is skipped or wrong, or whose own row is that of its first variant.
func (p *plan) settled(in *product) {
	p.share(in)
	switch {
	case in.row.outcome == outcomeError && in.first == nil:
		p.abandon(in)
	case in.row.outcome == outcomeSkip:
		for _, o := range in.offers {
			p.leaveOut(o.row, in)
		}
	case in.row.outcome == outcomeUpdate && in.first != nil:
		for _, r := range in.rows { // the product itself changes with the first of its rows that stands
			if r.outcome == outcomeUpdate || r.outcome == outcomeUnchanged {
				r.outcome = outcomeUpdate
				break
			}
		}
	}
}

// leaveOut skips a row of a product that is skipped.
func (p *plan) leaveOut(r *row, in *product) {
	switch {
	case r.outcome != "":
	case in.first != nil && in.row.reason != nil:
		p.skip(r, in.row.reason.Code, "%s", in.row.reason.Reason)
	default:
		p.skip(r, "product_skipped", "Its product in row %d is skipped.", in.row.number)
	}
}

// planNew checks a product that the shop does not have, and lays the blame of what it would refuse on rows. What is wrong with
// one variant leaves the others standing.
func (p *plan) planNew(tx *db.Tx, c *change) error {
	if c.product.name == "" {
		p.fail(c.product.row, p.format.columns["name"], "required", "This product has no name. Give it one.")
		return nil
	}
	for _, o := range c.product.offers {
		p.priced(o)
		if err := p.supply(tx, o, 0); err != nil {
			return err
		}
	}
	c.product.drop()
	for len(c.product.offers) > 0 {
		c.create, c.slots = true, c.product.offers
		err := catalog.CheckNew(tx, *c.product.asNew())
		if err == nil {
			break
		}
		if c.product.unslug(err) {
			continue
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
		c.create = false
		return nil
	}
	c.product.row.outcome = outcomeCreate
	for _, o := range c.product.offers {
		o.row.outcome = outcomeCreate
	}
	return nil
}

// supply works out whether whom a variant is bought from differs; 0 is a new one.
func (p *plan) supply(tx *db.Tx, o *offer, variantID int64) (err error) {
	if o.supply == nil {
		return nil
	}
	o.supplies, err = catalog.WouldSupply(tx, variantID, *o.supply)
	if isRefusal(err) {
		p.blame(o.row, fSupplier, err)
		return nil
	}
	return err
}

func (c *change) supplies() bool {
	return slices.ContainsFunc(c.product.offers, func(o *offer) bool { return o.supplies })
}

// priced blames a row that is to make a variant without a price.
func (p *plan) priced(o *offer) {
	if o.price == nil && o.row.outcome != outcomeError {
		p.fail(o.row, p.format.columns["price"], "required", "This row has no price. Write one; 0 gives it away.")
	}
}

// unslug gives up the handle of another system as an address here, where it cannot be one.
func (in *product) unslug(err error) bool {
	given := in.slug != "" && slices.Contains([]string{"slug_taken", "bad_slug", "too_long"}, db.CodeOf(err))
	var e *db.Error
	if given = given && errors.As(err, &e) && e.Field == "slug"; given {
		in.slug = ""
	}
	return given
}

// asNew is a product of the file as the catalog makes one.
func (in *product) asNew() *catalog.NewProduct {
	n := &catalog.NewProduct{Name: in.name, Slug: in.slug, Description: text(in.description), Brand: text(in.brand), Category: text(in.category),
		TaxRate: &in.taxRate, Published: in.published, Options: in.options, Tags: in.tags, Notes: text(in.notes)}
	for _, o := range in.offers {
		v := catalog.NewVariant{SKU: o.row.sku, Barcodes: o.barcodes, Packs: o.packs, Options: o.options(in.options), Price: *o.price, CompareAtPrice: o.compareAt,
			SalePrice: o.salePrice, SaleStarts: o.saleStarts, SaleEnds: o.saleEnds, Cost: o.cost, ReorderPoint: o.reorderPoint, MaxStock: o.maxStock, Tracked: o.counted()}
		if o.policy != nil {
			v.Policy = *o.policy
		}
		n.Variants = append(n.Variants, v)
	}
	return n
}

// counted says whether a new variant's stock is tracked: as the file says, or where it has a number; nil leaves it to the catalog.
func (o *offer) counted() *bool {
	if o.tracked != nil {
		return o.tracked
	}
	return o.counts
}

// options are the variant's values under the names of the options.
func (o *offer) options(names []string) map[string]string {
	if len(names) == 0 {
		return nil
	}
	values := make(map[string]string, len(names))
	for _, name := range names {
		values[name] = o.value(name)
	}
	return values
}

var variantField = regexp.MustCompile(`^variants\[(\d+)\]\.?(\w*)`)

// blameRows lays what the catalog refuses on the rows it comes from; those of variants are taken out of the product. Errors that
// are no refusal pass.
func (p *plan) blameRows(c *change, err error) error {
	var e *db.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, one := range append([]*db.Error{e}, e.Also...) {
		r, column := c.product.row, p.format.columns[one.Field]
		if found := variantField.FindStringSubmatch(one.Field); found != nil {
			i, _ := strconv.Atoi(found[1])
			what := found[2]
			if c.product.many && what == "options" {
				what = "values"
			}
			column = p.format.columns[what]
			if i < len(c.slots) && c.slots[i] != nil {
				r = c.slots[i].row
			}
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
