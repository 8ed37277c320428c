package imports

import "strings"

// The types of rows in a file of WooCommerce. Virtual and downloadable come beside one of these.
const (
	typeSimple    = "simple"
	typeVariable  = "variable"
	typeVariation = "variation"
)

// maxMarkup is the longest description that is taken apart, in bytes; what is left of it as text may be 20,000 characters.
const maxMarkup = 100_000

// woo reads the rows of a WooCommerce export into products.
type woo struct {
	*goods
	attributes []attributeColumns
	parents    map[string]*row   // the rows a Parent cell can mean
	byRow      map[*row]*product // of the rows of variable products
}

// wooProducts works out what a file of WooCommerce says by itself.
func wooProducts(s *sheet) *goods {
	w := &woo{goods: newGoods(s), attributes: attributesOf(s.layout), parents: map[string]*row{}, byRow: map[*row]*product{}}
	for _, r := range w.rows {
		r.name = oneLine(w.cell(r.line, colName))
		w.form(r)
	}
	for _, r := range w.rows { // first what variations belong to, wherever it stands
		if r.kind == typeSimple || r.kind == typeVariable {
			w.product(r)
		}
	}
	for _, r := range w.rows {
		if r.kind == typeVariation {
			w.variation(r)
		}
	}
	for _, p := range w.products {
		w.settle(p)
	}
	return w.goods
}

// form checks the shape of a row, its type and its keys.
func (w *woo) form(r *row) {
	w.shape(r)
	whole := r.outcome == ""
	r.sku, r.id = w.text(r, colSKU, 64), w.cell(r.line, colID)
	if whole {
		w.kind(r)
	}
	for _, key := range []struct{ column, value string }{{colSKU, keyOf("sku", r.sku)}, {colID, keyOf("id", r.id)}} {
		if key.value == "" {
			continue
		}
		if whole && r.outcome != outcomeSkip {
			w.once(w.keys, key.value, w.cell(r.line, key.column), r, key.column, "duplicate_key")
		}
		if w.parents[key.value] == nil {
			w.parents[key.value] = r
		}
	}
}

// kind reads the type and skips what Onhand does not sell.
func (w *woo) kind(r *row) {
	for _, t := range listed(strings.ToLower(w.cell(r.line, colType))) {
		if t != "virtual" && t != "downloadable" {
			r.kind = t
		}
	}
	switch r.kind {
	case typeSimple, typeVariable, typeVariation:
		if r.sku == "" && r.id == "" && r.outcome == "" {
			w.fail(r, colSKU, "key_missing", "This row has neither SKU nor ID, so the next import could not find it again. Give it a SKU.")
		}
	case "":
		w.fail(r, colType, "type_missing", "This row has no type. Write simple, variable or variation.")
	case "grouped":
		w.skip(r, "grouped", "A grouped product only shows others together; those are imported by themselves.")
	case "external":
		w.skip(r, "external", "An external product is sold by somebody else.")
	default:
		w.skip(r, "other_type", "Products of the type %s are not known here.", r.kind)
	}
}

// product reads the row of a simple or variable product.
func (w *woo) product(r *row) {
	p := &product{row: r, many: r.kind == typeVariable, name: r.name, taxRate: w.taxRate(r)}
	p.published = w.published(r)
	p.description = w.described(r)
	if c := w.cell(r.line, colCategories); c != "" {
		p.category = ref(first(c))
	}
	if b := w.cell(r.line, colBrands); b != "" {
		p.brand = ref(first(b))
	}
	if p.name == "" {
		w.fail(r, colName, "required", "This product has no name. Give it one.")
	}
	p.show(addresses(w.cell(r.line, colImages)))
	w.products = append(w.products, p)
	if r.kind == typeSimple {
		p.offers = []*offer{w.offer(r)}
		return
	}
	p.link = keyOf("sku", r.sku)
	if p.link == "" {
		p.link = keyOf("id", r.id)
	}
	w.byRow[r] = p
	for _, a := range w.attributes {
		if name := oneLine(cellAt(r.line, a.name)); name != "" {
			p.attributes = append(p.attributes, name)
		}
	}
	if s := w.cell(r.line, colStock); s != "" {
		w.warn(r, colStock, "stock_of_product", "Stock is counted per variant here. The %s of the whole product cannot be divided, so variants without a number are not tracked.", s)
	}
}

// variation reads the row of one variant and puts it to its product.
func (w *woo) variation(r *row) {
	p := w.parent(r)
	if p == nil {
		return
	}
	p.rows = append(p.rows, r)
	p.show(addresses(w.cell(r.line, colImages)))
	if w.cell(r.line, colPublished) == "0" {
		w.skip(r, "switched_off", "This variation is switched off in WooCommerce.")
		return
	}
	o := w.offer(r)
	for _, a := range w.attributes {
		name := oneLine(cellAt(r.line, a.name))
		if name == "" || o.value(name) != "" {
			continue
		}
		o.names = append(o.names, name)
		if all := listed(cellAt(r.line, a.values)); len(all) > 0 {
			o.values.set(folded(name), oneLine(strings.Join(all, ", ")))
		}
	}
	if r.outcome == "" {
		p.offers = append(p.offers, o)
	}
}

// parent finds the product of a variation by the SKU or "id:44" in its Parent cell.
func (w *woo) parent(r *row) *product {
	cell := w.cell(r.line, colParent)
	if cell == "" {
		w.fail(r, colParent, "parent_missing", "This variation does not say which product it belongs to. Write the product's SKU.")
		return nil
	}
	owner := w.parents[keyOf("sku", cell)]
	if id, is := strings.CutPrefix(strings.ToLower(cell), "id:"); owner == nil && is {
		owner = w.parents[keyOf("id", strings.TrimSpace(id))]
	}
	switch {
	case owner == nil:
		w.fail(r, colParent, "parent_unknown", "The product %s of this variation is not in the file. Add it, or export both together.", cell).With("value", cell)
	case owner.outcome == outcomeSkip:
		w.skip(r, "product_skipped", "Its product in row %d is skipped.", owner.number)
	case owner.kind == "": // broken
		w.productFailed(r, owner)
	case owner.kind != typeVariable:
		w.fail(r, colParent, "parent_not_variable", "Row %d, which this variation belongs to, is not a variable product. Correct its type.", owner.number)
	default:
		return w.byRow[owner]
	}
	return nil
}
