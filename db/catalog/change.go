package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/money"
	"onhand/db/settings"
)

// Create makes a product with its variants; brand and category are made when new. It fails with required, too_long,
// out_of_range, sku_taken, slug_taken, barcode_taken, bad_barcode and what is wrong with options, naming each field.
func Create(ctx context.Context, d *db.DB, in NewProduct) (*Product, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Product, error) { return CreateIn(tx, in) })
}

// CreateIn is Create inside a write.
func CreateIn(tx *db.Tx, in NewProduct) (*Product, error) {
	p, err := planNew(tx, in)
	if err != nil {
		return nil, err
	}
	return p.carryOut(tx)
}

// CheckNew tells what Create would refuse, and writes nothing.
func CheckNew(tx *db.Tx, in NewProduct) error {
	_, err := planNew(tx, in)
	return err
}

// Update changes a product and its variants; what changes nothing leaves the version. It fails as Create does,
// and with not_found, stale.
func Update(ctx context.Context, d *db.DB, id int64, in ProductChange) (*Product, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Product, error) { return UpdateIn(tx, id, in) })
}

// UpdateIn is Update inside a write.
func UpdateIn(tx *db.Tx, id int64, in ProductChange) (*Product, error) {
	p, err := planChange(tx, id, in)
	if err != nil {
		return nil, err
	}
	return p.carryOut(tx)
}

// NewBarcode is a code that turned up on something the shop knows already.
type NewBarcode struct {
	Barcode string `json:"barcode,omitempty" maxLength:"64"`
	// Code is Barcode as packs call it.
	Code     string `json:"code,omitempty" maxLength:"64" doc:"the same as barcode, as packs call it"`
	Quantity *int64 `json:"quantity,omitempty" minimum:"1" maximum:"1000" doc:"how many are in the pack with this code; 1 when left out"`
}

// AddBarcode gives a variant one more barcode, of a single one or of a pack. One that it has changes nothing, but for what is
// in the pack where that is said. It fails with not_found, required, out_of_range, bad_barcode and barcode_taken.
func AddBarcode(ctx context.Context, d *db.DB, variantID int64, in NewBarcode) (*Product, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Product, error) {
		var productID int64
		if err := tx.Row("SELECT product_id FROM variants WHERE id = ?1", []any{variantID}, &productID); err != nil {
			return nil, db.Found(err, "variant")
		}
		p, err := ProductIn(tx, productID)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == variantID })
		if at < 0 { // archived by itself
			return nil, db.NotFound("variant")
		}
		single, packs, err := in.among(p.Variants[at].codes())
		if err != nil {
			return nil, err
		}
		p, err = UpdateIn(tx, productID, ProductChange{KeepVariants: true, Variants: []VariantChange{{ID: variantID, Barcodes: &single, Packs: &packs}}})
		var refused *db.Error
		if errors.As(err, &refused) {
			moved := *refused
			moved.Field = in.field()
			return nil, &moved
		}
		return p, err
	})
}

// field is what the code was sent as.
func (in NewBarcode) field() string {
	if in.Barcode == "" && in.Code != "" {
		return "code"
	}
	return "barcode"
}

// among are the codes of a variant with this one.
func (in NewBarcode) among(all codes) (single []string, packs []Pack, err error) {
	if in.Barcode != "" && in.Code != "" && barcode.Lookup(in.Barcode) != barcode.Lookup(in.Code) {
		return nil, nil, db.Refuse("repeated", "code", "Two codes were sent, as barcode and as code. Send one.")
	}
	code := Pack{cmp.Or(in.Barcode, in.Code), 1}
	if in.Quantity != nil {
		code.Quantity = *in.Quantity
	}
	if code.Quantity < 1 || code.Quantity > maxPack {
		return nil, nil, db.Refuse("out_of_range", "quantity", "A pack has 2 to %d.", maxPack).With("min", 1).With("max", maxPack)
	}
	at := slices.IndexFunc(all, func(c Pack) bool { return barcode.Lookup(c.Code) == barcode.Lookup(code.Code) })
	switch {
	case at < 0:
		all = append(all, code)
	case in.Quantity != nil:
		all[at].Quantity = code.Quantity
	}
	single, packs = all.apart()
	return single, packs, nil
}

// WouldChange tells whether Update would change anything, or what it would refuse, and writes nothing.
func WouldChange(tx *db.Tx, id int64, in ProductChange) (bool, error) {
	p, err := planChange(tx, id, in)
	return err == nil && p.changes(), err
}

// Archive takes a product and its variants out of sale; orders and history keep them. Repeated it changes nothing.
func Archive(ctx context.Context, d *db.DB, id int64) (*Product, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Product, error) { return ArchiveIn(tx, id, true) })
}

// Restore brings an archived product back with the variants it had. Repeated it changes nothing.
func Restore(ctx context.Context, d *db.DB, id int64) (*Product, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Product, error) { return ArchiveIn(tx, id, false) })
}

// ArchiveIn is Archive, or Restore, inside a write.
func ArchiveIn(tx *db.Tx, id int64, away bool) (*Product, error) {
	p, err := ProductIn(tx, id)
	if err != nil || p.Archived == away {
		return p, err
	}
	at := &tx.Now
	if !away {
		at = nil
	}
	if _, err := tx.Exec("UPDATE products SET archived_at = ?2, version = version + 1, updated_at = ?3 WHERE id = ?1", id, at, tx.Now); err != nil {
		return nil, fmt.Errorf("archive product %d: %w", id, err)
	}
	_, err = tx.Exec("UPDATE variants SET archived_at = ?2, version = version + 1, updated_at = ?3 WHERE product_id = ?1 AND dropped = 0", id, at, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("archive variants of product %d: %w", id, err)
	}
	type state struct {
		Archived bool `json:"archived"`
	}
	if err := tx.Audit("product", id, state{!away}, state{away}); err != nil {
		return nil, err
	}
	if err := tx.Emit("products", id, p.Version+1); err != nil {
		return nil, err
	}
	return ProductIn(tx, id)
}

// plan is a change worked out and checked, with nothing written yet.
type plan struct {
	before *Product // as stored with its cost, nil for a new one; its variants are the current ones
	after  Product
	stored map[int64]Variant // all variants as stored, the dropped ones too
	codes  map[int][]string  // lookups of the barcodes by place in after.Variants
}

func planNew(tx *db.Tx, in NewProduct) (*plan, error) {
	p := &plan{after: Product{Published: true, Tags: []string{}}, stored: map[int64]Variant{}}
	if in.TaxRate == nil {
		rate, err := defaultTaxRate(tx)
		if err != nil {
			return nil, err
		}
		in.TaxRate = &rate
	}
	return p, p.apply(tx, in.change())
}

// defaultTaxRate is the shop's, 0 while no shop is set up.
func defaultTaxRate(tx *db.Tx) (money.Rate, error) {
	s, err := settings.In(tx)
	if db.CodeOf(err) == "not_set_up" {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return money.Rate(s.DefaultTaxRate), nil
}

func planChange(tx *db.Tx, id int64, in ProductChange) (*plan, error) {
	before, err := product(tx, id, true)
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != before.Version {
		current, err := ProductIn(tx, id)
		if err != nil {
			return nil, err
		}
		return nil, db.Stale(current)
	}
	p := &plan{before: before, after: *before, stored: map[int64]Variant{}}
	all, err := variantsOf(tx, []int64{id}, true, "1")
	for _, v := range all {
		p.stored[v.ID] = v
	}
	if err != nil {
		return nil, err
	}
	return p, p.apply(tx, in)
}

// apply lays a change over what is stored and checks all of the result, so that every mistake is named at once.
func (p *plan) apply(tx *db.Tx, in ProductChange) error {
	wrong := &refusals{}
	p.applyProduct(in, wrong)
	p.applyVariants(tx, in, wrong)
	p.fitOptions(wrong)
	if err := wrong.err(); err != nil {
		return err
	}
	if err := p.resolve(tx, in, wrong); err != nil {
		return err
	}
	if in.KeepVariants {
		p.keepOrder()
	}
	return wrong.err()
}

func (p *plan) applyProduct(in ProductChange, wrong *refusals) {
	a := &p.after
	if in.Name != nil {
		a.Name = wrong.text(db.Required("name", *in.Name, maxName))
	}
	if in.Slug != nil {
		a.Slug = wrong.text(db.Required("slug", *in.Slug, maxSlug))
		if a.Slug != slugOf(a.Slug, maxSlug) {
			wrong.add(db.Refuse("bad_slug", "slug", "An address has small letters a to z and digits, joined by hyphens, such as %s.", suggestion(a.Slug)))
		}
	}
	if in.Description != nil {
		a.Description = wrong.text(db.Note("description", *in.Description, maxDescription))
	}
	if in.Brand != nil {
		a.Brand = wrong.text(db.Text("brand", *in.Brand, maxLabel))
	}
	if in.Category != nil {
		a.Category = wrong.text(db.Text("category", *in.Category, maxPath))
	}
	if in.TaxRate != nil {
		a.TaxRate = *in.TaxRate
		wrong.between("taxRate", int64(a.TaxRate), 0, 100_000)
	}
	if in.Published != nil {
		a.Published = *in.Published
	}
	if in.Options != nil {
		a.Options = *in.Options
	}
	if in.Tags != nil {
		p.applyTags(*in.Tags, wrong)
	}
	if in.Notes != nil {
		a.Notes = wrong.text(db.Note("notes", *in.Notes, maxNotes))
	}
}

// suggestion is a slug near what was typed.
func suggestion(typed string) string {
	if s := slugOf(typed, maxSlug); s != "" {
		return s
	}
	return "blue-mug"
}

// changes tells whether the plan differs from what is stored.
func (p *plan) changes() bool {
	return p.before == nil || !reflect.DeepEqual(*p.before, p.after)
}

// carryOut writes the plan and returns the product as the actor may see it.
func (p *plan) carryOut(tx *db.Tx) (*Product, error) {
	if !p.changes() {
		return ProductIn(tx, p.before.ID)
	}
	if err := p.writeProduct(tx); err != nil {
		return nil, err
	}
	if err := p.writeTags(tx); err != nil {
		return nil, err
	}
	if err := p.writeVariants(tx); err != nil {
		return nil, err
	}
	if err := p.audit(tx); err != nil {
		return nil, err
	}
	if err := tx.Emit("products", p.after.ID, p.after.Version); err != nil {
		return nil, err
	}
	return ProductIn(tx, p.after.ID)
}

// refusals gathers what is wrong with one input.
type refusals struct{ all []*db.Error }

func (r *refusals) add(err error) {
	var e *db.Error
	if errors.As(err, &e) {
		r.all = append(r.all, e)
	}
}

// text keeps a checked text, and what was wrong with it.
func (r *refusals) text(s string, err error) string {
	r.add(err)
	return s
}

func (r *refusals) between(field string, n, least, most int64) {
	if n < least || n > most {
		r.add(db.Refuse("out_of_range", field, "This has to be between %d and %d.", least, most).With("min", least).With("max", most))
	}
}

func (r *refusals) err() error { return db.Together(r.all) }

// taken refuses what another record has: the input is well formed, but the shop has it already.
func taken(code, field, message string, args ...any) *db.Error {
	e := db.Errorf(db.Conflict, code, message, args...)
	e.Field = field
	return e
}
