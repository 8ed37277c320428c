package imports

import (
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// offer reads what is sold in a row: key, barcode, price, stock.
func (w *woo) offer(r *row) *offer {
	o := &offer{row: r, knowsSale: w.has(colSale)}
	if r.sku == "" {
		o.link = keyOf("id", r.id)
	}
	w.barcode(r, o)
	w.price(r, o)
	w.stock(r, o)
	switch b := strings.ToLower(w.cell(r.line, colBackorders)); b {
	case "":
	case "0", "no":
		o.policy = ref(catalog.Deny)
	case "1", "yes", "notify":
		o.policy = ref(catalog.Backorder)
	default:
		w.fail(r, colBackorders, "bad_flag", "%q is none of 0, 1 and notify. Correct it.", b).With("value", b)
	}
	return o
}

func (w *woo) barcode(r *row, o *offer) {
	if code := w.text(r, colBarcode, 64); code != "" && w.code(r, colBarcode, code) {
		o.barcodes = []string{code}
	}
}

// price is the regular price, and the sale price with its first and last day a sale here. A sale price without days and without a
// regular one is the price.
func (w *woo) price(r *row, o *offer) {
	before := len(r.wrong)
	o.price, o.salePrice = w.amount(r, colRegular), w.amount(r, colSale)
	o.saleStarts, o.saleEnds = w.moment(r, colSaleStarts), w.moment(r, colSaleEnds)
	if o.price == nil && o.saleStarts == nil && o.saleEnds == nil {
		o.price, o.salePrice = o.salePrice, nil
	}
	if o.salePrice == nil {
		o.saleStarts, o.saleEnds = nil, nil
	}
	switch {
	case len(r.wrong) > before:
	case o.price == nil:
		w.fail(r, colRegular, "required", "This row has no price. Write one; 0 gives it away.")
	default:
		r.price = o.price
	}
}

func (w *woo) amount(r *row, column string) *money.Amount {
	cell := w.cell(r.line, column)
	if cell == "" {
		return nil
	}
	a, err := amount(cell, w.settings.Currency, w.Dialect.Decimal)
	if err != nil {
		w.blame(r, column, err)
		return nil
	}
	return &a
}

// moment is when a sale starts or ends. WooCommerce means whole days, and writes their first or last second or none.
func (w *woo) moment(r *row, column string) *db.Time {
	cell := w.cell(r.line, column)
	if cell == "" {
		return nil
	}
	for _, hour := range []string{"00:00:00", "23:59:59"} {
		if day, is := strings.CutSuffix(cell, hour); is {
			cell = strings.TrimRight(day, " T")
		}
	}
	at, ok := w.momentOf(cell, column == colSaleEnds)
	if !ok {
		w.fail(r, column, "bad_date", "%q is no date such as 2026-11-20. Correct it.", cell).With("value", cell)
		return nil
	}
	return &at
}

// stock is a number where the product is counted. Without one it is not, unless it is marked as not in stock: then none is there.
func (w *woo) stock(r *row, o *offer) {
	cell := strings.ToLower(w.cell(r.line, colStock))
	if cell == "" || cell == "parent" {
		o.tracked = ref(w.cell(r.line, colInStock) == "0" && cell == "")
		return
	}
	n, err := quantity(cell, w.Dialect.Decimal)
	if err != nil {
		w.blame(r, colStock, err)
		return
	}
	o.stock = []number{{&w.stocks[0], n}}
}

// published is nil where the file does not say.
func (w *woo) published(r *row) *bool {
	switch p := strings.ToLower(w.cell(r.line, colPublished)); p {
	case "":
		return nil
	case "1", "yes":
		return ref(true)
	case "0", "-1", "no":
		return ref(false)
	default:
		w.fail(r, colPublished, "bad_flag", "%q is none of 1, 0 and -1. Correct it.", p).With("value", p)
		return nil
	}
}

// described is the long description, or the short one without it.
func (w *woo) described(r *row) *string {
	for _, column := range []string{colDescription, colShort} {
		cell := w.cell(r.line, column)
		if len(cell) > maxMarkup {
			w.fail(r, column, "too_long", "This is %d bytes long; at most %d are taken. Shorten it.", len(cell), maxMarkup)
			return nil
		}
		if text := plainText(cell); text != "" {
			return &text
		}
	}
	return nil
}

// taxRate is the shop's default rate for what is taxed. What a class of WooCommerce amounts to is not in the file.
func (w *woo) taxRate(r *row) money.Rate {
	usual := money.Rate(w.settings.DefaultTaxRate)
	status, class := strings.ToLower(w.cell(r.line, colTaxStatus)), strings.ToLower(w.cell(r.line, colTaxClass))
	switch {
	case status == "none", status == "shipping", class == "zero-rate":
		return 0
	case class != "" && class != "standard" && class != "parent":
		w.warn(r, colTaxClass, "tax_class", "The rate of the tax class %s is not in the file, so a new product gets %s. Correct it there if that is wrong.", class, usual)
	}
	return usual
}

// text is one checked line of a cell.
func (w *woo) text(r *row, column string, limit int) string {
	s, err := db.Text("", w.cell(r.line, column), limit)
	w.blame(r, column, err)
	return s
}
