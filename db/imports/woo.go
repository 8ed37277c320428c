package imports

import (
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/settings"
)

// The types of rows in a file of WooCommerce. Virtual and downloadable come beside one of these.
const (
	typeSimple    = "simple"
	typeVariable  = "variable"
	typeVariation = "variation"
)

// maxMarkup is the longest description that is taken apart, in bytes; what is left of it as text may be 20,000 characters.
const maxMarkup = 100_000

// product is a product as the file has it. What the file does not say is nil.
type product struct {
	row         *row
	link        string // under which a product of several variants is found again
	name        string
	description *string
	brand       *string
	category    *string
	published   *bool
	taxRate     money.Rate
	attributes  []string // in the order of the file
	options     []string // the attributes that tell the variants apart
	offers      []*offer
}

// offer is what is sold: a simple product or a variation.
type offer struct {
	row       *row
	link      string // under which it is found again where it has no SKU
	sku       string
	barcode   string
	price     money.Amount
	compareAt *money.Amount
	hasSale   bool // the file knows sale prices
	stock     *int64
	out       bool // not in stock, and not counted
	policy    *catalog.Policy
	values    map[string]string // by folded attribute name
	names     []string          // of the attributes, in the order of the file

	at      int  // its place among the variants of the product here, -1 for a new one
	changed bool // it differs from what is here
	fresh   bool // the file has a new number of it
	moves   bool // that number changes the stock
}

// woo reads the rows of a WooCommerce export into products.
type woo struct {
	*layout
	*report
	settings *settings.Settings
	today    db.Date
	products []*product
	parents  map[string]*row     // the rows a Parent cell can mean
	byRow    map[*row]*product   // of the rows of variable products
	keys     map[string]*row     // SKUs and IDs seen
	codes    map[string]*row     // barcodes seen
	children map[*product][]*row // rows of its variations, the wrong ones too
}

// parse works out what the file says by itself: products with what is sold, rows that are skipped and rows that are wrong.
func parse(t *table, l *layout, s *settings.Settings, today db.Date) *woo {
	w := &woo{layout: l, report: newReport(l), settings: s, today: today, parents: map[string]*row{}, byRow: map[*row]*product{},
		keys: map[string]*row{}, codes: map[string]*row{}, children: map[*product][]*row{}}
	for _, n := range t.lines {
		r := &row{number: n.number, line: n, name: oneLine(l.cell(n, colName))}
		w.rows = append(w.rows, r)
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
	return w
}

// form checks the shape of a row, its type and its keys.
func (w *woo) form(r *row) {
	switch {
	case r.line.quote == "open_quote":
		w.fail(r, "", "open_quote", "A quotation mark opens in this row and never closes. Close it.")
	case r.line.quote != "":
		w.fail(r, "", "bad_quote", "A quotation mark within a cell has to be written twice. Correct this row.")
	case r.line.width != len(w.header):
		w.fail(r, "", "ragged", "This row has %d cells where the header has %d. Correct it.", r.line.width, len(w.header)).
			With("cells", r.line.width).With("expected", len(w.header))
	}
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
			w.once(w.keys, key.value, r, key.column, "duplicate_key")
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

// once blames both rows when a second one has the same SKU, ID or barcode.
func (w *woo) once(seen map[string]*row, key string, r *row, column, code string) {
	other := seen[key]
	if other == nil {
		seen[key] = r
		return
	}
	value := w.cell(r.line, column)
	for _, x := range []*row{other, r} {
		if !x.blamed(code, column) {
			w.fail(x, column, code, "%s %s is in the rows %d and %d. It has to belong to one.", w.spelled(column), value, other.number, r.number).
				With("value", value).With("rows", []int{other.number, r.number})
		}
	}
}

// product reads the row of a simple or variable product.
func (w *woo) product(r *row) {
	p := &product{row: r, name: r.name, taxRate: w.taxRate(r)}
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
	w.children[p] = append(w.children[p], r)
	if w.cell(r.line, colPublished) == "0" {
		w.skip(r, "switched_off", "This variation is switched off in WooCommerce.")
		return
	}
	o := w.offer(r)
	o.values = map[string]string{}
	for _, a := range w.attributes {
		name := oneLine(cellAt(r.line, a.name))
		if name == "" || o.values[folded(name)] != "" {
			continue
		}
		o.names = append(o.names, name)
		if all := listed(cellAt(r.line, a.values)); len(all) > 0 {
			o.values[folded(name)] = oneLine(strings.Join(all, ", "))
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

func (w *woo) productFailed(r, owner *row) {
	w.skip(r, "product_error", "Its product in row %d has an error.", owner.number)
}

// keyOf is a SKU or ID as a link is stored, "" for none.
func keyOf(kind, value string) string {
	if value == "" {
		return ""
	}
	return kind + ":" + folded(value)
}

func ref[T any](v T) *T { return &v }
