package catalog

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// maxBulk is how many variants one bulk change carries; bulkSlice is how many of a product's or several products' variants one
// write changes.
const (
	maxBulk   = 500
	bulkSlice = 20
)

// BulkChange changes a few things of many products.
type BulkChange struct {
	Products []BulkProduct `json:"products" minItems:"1" maxItems:"500" doc:"at most 500 variants together"`
}

// BulkProduct changes what it carries of a product and of some of its variants.
type BulkProduct struct {
	ID       int64         `json:"id" minimum:"1"`
	Version  *int64        `json:"version,omitempty"`
	Category *string       `json:"category,omitempty" maxLength:"900" doc:"as of a new product; empty for none"`
	Variants []BulkVariant `json:"variants,omitempty" maxItems:"250"`
}

// BulkVariant changes what it carries of a variant.
type BulkVariant struct {
	ID           int64          `json:"id" minimum:"1"`
	Price        *money.Amount  `json:"price,omitempty" minimum:"0" maximum:"9007199254740991"`
	Cost         money.Optional `json:"cost,omitzero"`
	ReorderPoint *int64         `json:"reorderPoint,omitempty" minimum:"0" maximum:"1000000000"`
}

// BulkResult says what became of a bulk change, of each product in the order they were sent.
type BulkResult struct {
	Done   int           `json:"done" doc:"how many products are as they were asked to be"`
	Failed int           `json:"failed"`
	Items  []BulkOutcome `json:"items"`
}

// BulkOutcome is what became of one product: all of its change or nothing.
type BulkOutcome struct {
	ID      int64      `json:"id"`
	Product *Product   `json:"product" doc:"as it is now; null when there is none"`
	Refused []BulkFlaw `json:"refused" doc:"what is wrong; empty when it was done"`
}

// BulkFlaw is why a product was left as it was.
type BulkFlaw struct {
	Field   string         `json:"field" doc:"where in its change, such as variants[0].price; empty when nowhere"`
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
}

// Bulk changes many products, each by itself: what is wrong with one leaves the others alone. One that somebody changed since its
// version fails with stale, unless it is as asked already, so that what is sent twice is done once. It fails with too_many and
// repeated; products fail as in Update.
func Bulk(ctx context.Context, d *db.DB, in BulkChange) (out BulkResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	out.Items = make([]BulkOutcome, 0, len(in.Products))
	for rest := in.Products; len(rest) > 0; {
		n := sliceOf(rest)
		done, err := bulk(ctx, d, rest[:n])
		if n > 1 && db.CodeOf(err) != "" && ctx.Err() == nil { // one of them was refused by what it met while it was written
			n = 1
			done, err = bulk(ctx, d, rest[:n])
		}
		if err != nil {
			return out, err
		}
		out.Items, rest = append(out.Items, done...), rest[n:]
	}
	for _, o := range out.Items {
		if len(o.Refused) > 0 {
			out.Failed++
		}
	}
	out.Done = len(out.Items) - out.Failed
	return out, nil
}

func (in BulkChange) check() error {
	seen, variants := map[int64]bool{}, 0
	for i, p := range in.Products {
		if seen[p.ID] {
			return db.Refuse("repeated", fmt.Sprintf("products[%d].id", i), "This product is in the list twice. Send one change of it.")
		}
		seen[p.ID] = true
		variants += max(1, len(p.Variants))
	}
	if variants > maxBulk {
		return db.Refuse("too_many", "products", "At most %d variants are changed at once. Send the others in another request.", maxBulk).With("max", maxBulk)
	}
	return nil
}

// sliceOf is how many products the next write takes.
func sliceOf(products []BulkProduct) (n int) {
	for weight := 0; n < len(products); n++ {
		if weight += max(1, len(products[n].Variants)); n > 0 && weight > bulkSlice {
			break
		}
	}
	return n
}

// bulk changes some products in one write. It fails, and changes none, where one is refused after writing began.
func bulk(ctx context.Context, d *db.DB, products []BulkProduct) ([]BulkOutcome, error) {
	var out []BulkOutcome
	err := db.Write(ctx, d, func(tx *db.Tx) error {
		out = make([]BulkOutcome, 0, len(products))
		for _, in := range products {
			o, err := in.carryOut(tx)
			if err != nil {
				return err
			}
			out = append(out, o)
		}
		return nil
	})
	if len(products) == 1 && refusable(err) {
		return []BulkOutcome{{ID: products[0].ID, Refused: flaws(err)}}, nil
	}
	return out, err
}

// refusable tells whether it is the input that is refused, rather than the shop that is out of order.
func refusable(err error) bool {
	var e *db.Error
	return errors.As(err, &e) && (e.Kind == db.Invalid || e.Kind == db.Conflict || e.Kind == db.Forbidden || e.Kind == db.Missing)
}

func (in BulkProduct) carryOut(tx *db.Tx) (o BulkOutcome, err error) {
	o = BulkOutcome{ID: in.ID, Refused: []BulkFlaw{}}
	p, err := in.plan(tx)
	switch {
	case err == nil:
		o.Product, err = p.carryOut(tx)
		return o, err
	case !refusable(err):
		return o, err
	}
	o.Refused = flaws(err)
	if o.Product, err = ProductIn(tx, in.ID); db.CodeOf(err) == "not_found" {
		err = nil
	}
	return o, err
}

// plan is the change worked out, or refused with nothing written.
func (in BulkProduct) plan(tx *db.Tx) (*plan, error) {
	c := ProductChange{Version: in.Version, Category: in.Category, KeepVariants: true}
	for _, v := range in.Variants {
		c.Variants = append(c.Variants, VariantChange{ID: v.ID, Price: v.Price, Cost: v.Cost, ReorderPoint: v.ReorderPoint})
	}
	p, err := planChange(tx, in.ID, c)
	if db.CodeOf(err) == "stale" {
		c.Version = nil
		again, other := planChange(tx, in.ID, c)
		if other == nil && !again.changes() {
			return again, nil
		}
	}
	if err != nil {
		return nil, err
	}
	for i, v := range in.Variants {
		if p.stored[v.ID].Dropped {
			return nil, db.Blame(db.NotFound("variant of this product"), "variants[%d].id", i)
		}
	}
	return p, nil
}

func flaws(err error) []BulkFlaw {
	var e *db.Error
	if !errors.As(err, &e) {
		return nil
	}
	all := []BulkFlaw{}
	for _, e := range append([]*db.Error{e}, e.Also...) {
		f := BulkFlaw{Field: e.Field, Code: e.Code, Message: e.Message}
		if e.Code != "stale" { // the product beside it says how it is
			f.Params = e.Params
		}
		all = append(all, f)
	}
	return all
}
