package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
)

// resolve compares the plan with the rest of the shop: names that exist, what is taken, what is to be generated.
func (p *plan) resolve(tx *db.Tx, in ProductChange, wrong *refusals) error {
	if err := p.resolveBrand(tx, in); err != nil {
		return err
	}
	if in.Category != nil {
		if err := p.resolveCategory(tx); db.CodeOf(err) != "" {
			wrong.add(err)
		} else if err != nil {
			return err
		}
	}
	if err := p.resolveTags(tx); err != nil {
		return err
	}
	if err := p.resolveSlug(tx, in, wrong); err != nil {
		return err
	}
	if err := p.resolveSKUs(tx, wrong); err != nil {
		return err
	}
	if err := p.resolveBarcodes(tx, wrong); err != nil {
		return err
	}
	for i := range p.after.Variants {
		v := &p.after.Variants[i]
		v.Name = FullName(p.after.Name, v.Title)
		v.Position = int64(i)
		v.Words = words(p.after.Brand, p.after.Category, p.after.Tags, v.codes())
	}
	p.after.NameKey = db.SortKey(p.after.Name)
	return nil
}

// FullName is a product's name with a variant's option values: "Hoodie - L / Blue".
func FullName(product, variant string) string {
	if variant == "" {
		return product
	}
	return product + " - " + variant
}

// resolveBrand takes the brand as the shop spells it; one it does not know has no id yet.
func (p *plan) resolveBrand(tx *db.Tx, in ProductChange) error {
	if in.Brand == nil {
		return nil
	}
	p.after.BrandID = nil
	if p.after.Brand == "" {
		return nil
	}
	known, err := brandOf(tx, p.after.Brand)
	if err != nil {
		return fmt.Errorf("look up brand: %w", err)
	}
	if known != nil {
		p.after.Brand, p.after.BrandID = known.Name, &known.ID
	}
	return nil
}

func (p *plan) resolveSlug(tx *db.Tx, in ProductChange, wrong *refusals) error {
	if in.Slug == nil && p.before == nil {
		var err error
		p.after.Slug, err = unused(cmp.Or(slugOf(p.after.Name, 80), "product"), func(s string) (bool, error) {
			n, err := count(tx, "SELECT count(*) FROM products WHERE slug = ?1", s)
			return n > 0, err
		}, func() (int64, error) { return count(tx, "SELECT coalesce(max(id), 0) + 1 FROM products") })
		return err
	}
	if in.Slug == nil {
		return nil
	}
	n, err := count(tx, "SELECT count(*) FROM products WHERE slug = ?1 AND id <> ?2", p.after.Slug, p.after.ID)
	if err == nil && n > 0 {
		wrong.add(taken("slug_taken", "slug", "Another product has the address %s. Choose another one.", p.after.Slug).With("slug", p.after.Slug))
	}
	return err
}

// resolveSKUs refuses a SKU that is used twice in the shop, and generates the missing ones.
func (p *plan) resolveSKUs(tx *db.Tx, wrong *refusals) error {
	own, keys := map[string]int{}, []string{}
	for i, v := range p.after.Variants {
		if v.SKU == "" {
			continue
		}
		if first, double := own[fold(v.SKU)]; double {
			wrong.add(taken("sku_taken", fmt.Sprintf("variants[%d].sku", i), "Two variants have the SKU %s. Each needs its own.", v.SKU).
				With("sku", v.SKU).With("first", first))
			continue
		}
		own[fold(v.SKU)] = i
		keys = append(keys, fold(v.SKU))
	}
	var others []holder
	err := tx.Select(&others, `SELECT sku_key AS key, id AS variant_id, product_id, name, archived_at IS NOT NULL AS archived FROM variants
		WHERE sku_key IN (SELECT value FROM json_each(?1))`, list(keys))
	if err != nil {
		return fmt.Errorf("look up SKUs: %w", err)
	}
	for _, o := range others {
		if !p.has(o.VariantID) {
			i := own[o.Key]
			wrong.add(o.refuse("sku_taken", fmt.Sprintf("variants[%d].sku", i), "SKU", p.after.Variants[i].SKU))
		}
	}
	return p.generateSKUs(tx, own)
}

func (p *plan) generateSKUs(tx *db.Tx, own map[string]int) error {
	for i := range p.after.Variants {
		v := &p.after.Variants[i]
		if v.SKU != "" {
			continue
		}
		base := cmp.Or(slugOf(p.after.Name, 24), "item")
		if title := slugOf(v.Title, 24); title != "" {
			base += "-" + title
		}
		sku, err := unused(strings.ToUpper(base), func(s string) (bool, error) {
			if _, mine := own[fold(s)]; mine {
				return true, nil
			}
			n, err := count(tx, "SELECT count(*) FROM variants WHERE sku_key = ?1", fold(s))
			return n > 0, err
		}, func() (int64, error) { return count(tx, "SELECT coalesce(max(id), 0) + 1 + ?1 FROM variants", i) })
		if err != nil {
			return fmt.Errorf("generate a SKU: %w", err)
		}
		v.SKU = sku
		own[fold(sku)] = i
	}
	return nil
}

// resolveBarcodes checks the codes of all variants against each other and the shop. A variant left out of the product gives its codes up to the others.
func (p *plan) resolveBarcodes(tx *db.Tx, wrong *refusals) error {
	p.codes = map[int][]string{}
	field, keys := map[string]string{}, []string{}
	for i := range p.after.Variants {
		v := &p.after.Variants[i]
		if !v.few(i, wrong) {
			continue
		}
		for j, typed := range v.codes() {
			at, text := v.place(i, j)
			code, lookup, err := checkBarcode(at, typed.Code)
			if err == nil && field[lookup] != "" {
				err = taken("barcode_taken", at, "The barcode %s is there twice. Each belongs to one variant, once.", code).With("barcode", code)
			}
			if err != nil {
				wrong.add(err)
				continue
			}
			*text, field[lookup] = code, at
			keys, p.codes[i] = append(keys, lookup), append(p.codes[i], lookup)
		}
	}
	var others []holder
	err := tx.Select(&others, `SELECT b.lookup AS key, b.code, v.id AS variant_id, v.product_id, v.name, v.archived_at IS NOT NULL AS archived
		FROM barcodes b JOIN variants v ON v.id = b.variant_id WHERE b.lookup IN (SELECT value FROM json_each(?1))`, list(keys))
	if err != nil {
		return fmt.Errorf("look up barcodes: %w", err)
	}
	for _, o := range others {
		if !p.has(o.VariantID) && o.ProductID != p.after.ID {
			wrong.add(o.refuse("barcode_taken", field[o.Key], "barcode", o.Code))
		}
	}
	return nil
}

// codes are all barcodes of a variant in the order in which they are kept: of a single one, then of packs.
func (v Variant) codes() codes {
	all := make(codes, 0, len(v.Barcodes)+len(v.Packs))
	for _, code := range v.Barcodes {
		all = append(all, Pack{code, 1})
	}
	return append(all, v.Packs...)
}

// place is the field and the text of the j-th of a variant's codes.
func (v *Variant) place(i, j int) (field string, code *string) {
	if j < len(v.Barcodes) {
		return fmt.Sprintf("variants[%d].barcodes[%d]", i, j), &v.Barcodes[j]
	}
	j -= len(v.Barcodes)
	return fmt.Sprintf("variants[%d].packs[%d].code", i, j), &v.Packs[j].Code
}

// few refuses more barcodes than a variant may have, and packs of one or of too many.
func (v *Variant) few(i int, wrong *refusals) bool {
	for _, list := range []struct {
		name string
		n    int
	}{{"barcodes", len(v.Barcodes)}, {"packs", len(v.Packs)}} {
		if list.n > maxBarcodes {
			wrong.add(db.Refuse("too_many", fmt.Sprintf("variants[%d].%s", i, list.name), "A variant has at most %d barcodes.", maxBarcodes).With("max", maxBarcodes))
			return false
		}
	}
	for j, p := range v.Packs {
		wrong.between(fmt.Sprintf("variants[%d].packs[%d].quantity", i, j), p.Quantity, 2, maxPack)
	}
	return true
}

// has tells whether a variant stays or becomes one of the product's.
func (p *plan) has(variantID int64) bool {
	return slices.ContainsFunc(p.after.Variants, func(v Variant) bool { return v.ID == variantID })
}

// holder is the variant that has a SKU or barcode already.
type holder struct {
	Key, Code            string
	VariantID, ProductID int64
	Name                 string
	Archived             bool
}

func (h holder) refuse(code, field, what, value string) *db.Error {
	whose := h.Name
	if h.Archived {
		whose += " (archived)"
	}
	return taken(code, field, "The %s %s belongs to %s. Choose another one.", what, value, whose).
		With(strings.ToLower(what), value).With("name", h.Name).With("productId", h.ProductID).With("variantId", h.VariantID).With("archived", h.Archived)
}

// unused makes a base unique by a small number, or by one that is new in the shop where many share the base.
func unused(base string, used func(string) (bool, error), fresh func() (int64, error)) (string, error) {
	for n := int64(1); ; n++ {
		s := base
		if n > 1 {
			s += "-" + strconv.FormatInt(n, 10)
		}
		if is, err := used(s); err != nil || !is {
			return s, err
		}
		if n == 4 {
			var err error
			if n, err = fresh(); err != nil {
				return "", err
			}
			n = max(n, 5) - 1
		}
	}
}

func count(tx *db.Tx, query string, args ...any) (n int64, err error) {
	err = tx.Row(query, args, &n)
	return n, err
}
