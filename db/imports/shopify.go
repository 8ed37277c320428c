package imports

import (
	"strings"

	"onhand/db/table"
)

// shopifyColumns are the columns of Shopify's product export by their folded names, those of 2024 and those before.
var shopifyColumns = map[string]string{
	"handle": fHandle, "url handle": fHandle, "title": fName, "body (html)": fDescription, "description": fDescription, "vendor": fBrand,
	"type": fCategory, "product category": fShopCategory, "tags": fTags, "published": fPublished, "published on online store": fPublished, "status": fStatus,
	"option1 name": fOption1Name, "option1 value": fOption1Value, "option2 name": fOption2Name, "option2 value": fOption2Value,
	"option3 name": fOption3Name, "option3 value": fOption3Value, "variant sku": fSKU, "sku": fSKU, "variant barcode": fBarcodes, "barcode": fBarcodes,
	"variant price": fPrice, "price": fPrice, "variant compare at price": fCompareAt, "compare-at price": fCompareAt, "cost per item": fCost,
	"variant inventory tracker": fTracker, "inventory tracker": fTracker, "variant inventory qty": fStock, "inventory quantity": fStock,
	"variant inventory policy": fPolicy, "continue selling when out of stock": fPolicy, "variant taxable": fTaxable, "charge tax": fTaxable,
	"image src": fPictures, "product image url": fPictures, "variant image": fVariantPicture, "variant image url": fVariantPicture, "gift card": fGiftCard,
}

// What Shopify has and others have not.
const (
	fShopCategory   = "productCategory"
	fStatus         = "status"
	fTracker        = "inventoryTracker"
	fTaxable        = "taxable"
	fVariantPicture = "variantPicture"
	fGiftCard       = "giftCard"
)

// shopify is Shopify's product export: the first row of a handle tells of the product, further ones of variants and pictures.
var shopify = &format{
	name: "shopify",
	fields: append(withRequired(productFields, fHandle, fName, fPrice),
		field{name: fShopCategory, label: "Product Category"}, field{name: fStatus, label: "Status"}, field{name: fTracker, label: "Variant Inventory Tracker"},
		field{name: fTaxable, label: "Variant Taxable"}, field{name: fVariantPicture, label: "Variant Image"}, field{name: fGiftCard, label: "Gift Card"}),
	known: func(has func(...string) bool) bool {
		return has(fHandle, fName, fPrice) && (has(fTracker) || has(fOption1Name) && has(fOption1Value))
	},
	fieldOf:  func(folded string) string { return shopifyColumns[folded] },
	decimal:  table.DecimalPoint,
	products: func(s *sheet) *goods { return flatProducts(s, quirks{prepare: shopifyRow}) },
	columns:  refusedFields,
}

// defaultTitle is what Shopify writes as the one value of a product without options.
const defaultTitle = "default title"

// shopifyRow gives a row the meaning that its cells have at Shopify.
func shopifyRow(f *flat, r *row) {
	if folded(f.get(r, fGiftCard)) == "true" {
		f.skip(r, "gift_card", "A gift card is no product here.")
		return
	}
	if f.get(r, fOption1Value) == "" && f.get(r, fPrice) == "" && f.get(r, fSKU) == "" {
		f.pictureRow(r)
		return
	}
	if folded(f.get(r, fOption1Value)) == defaultTitle {
		f.put(r, fOption1Name, "")
		f.put(r, fOption1Value, "")
	}
	f.put(r, fPictures, f.get(r, fPictures)+" "+f.get(r, fVariantPicture))
	f.shopifyStock(r)
	if f.get(r, fCategory) == "" {
		path := strings.Split(f.get(r, fShopCategory), ">")
		f.put(r, fCategory, strings.TrimSpace(path[len(path)-1]))
	}
	switch status := folded(f.get(r, fStatus)); status {
	case "draft", "archived", "unlisted":
		f.put(r, fPublished, "no")
	case "", "active":
	default:
		f.fail(r, fStatus, "bad_flag", "%q is none of active, draft and archived. Correct it.", status).With("value", status)
	}
	if folded(f.get(r, fTaxable)) == "false" && f.get(r, fTaxRate) == "" && f.get(r, fName) != "" {
		f.put(r, fTaxRate, "0")
	}
}

// pictureRow is one that only adds a picture to the product of its handle.
func (f *flat) pictureRow(r *row) {
	f.skip(r, "picture_row", "This row only has a picture; its address is kept.")
	f.pictures[keyOf("handle", f.get(r, fHandle))] = append(f.pictures[keyOf("handle", f.get(r, fHandle))], addresses(f.get(r, fPictures))...)
}

// shopifyStock takes the number of what Shopify counts; what it does not is not counted here.
func (f *flat) shopifyStock(r *row) {
	tracked := "no"
	if !f.has(fTracker) || f.get(r, fTracker) != "" {
		tracked = "yes"
	}
	f.put(r, fTracked, tracked)
	if n := f.get(r, fStock); strings.HasPrefix(n, "-") { // sold before it was there
		f.warn(r, fStock, "oversold", "Shopify owes %s of it to orders; none is there.", strings.TrimPrefix(n, "-"))
		f.put(r, fStock, "0")
	}
	switch folded(f.get(r, fPolicy)) {
	case "true":
		f.put(r, fPolicy, "backorder")
	case "false":
		f.put(r, fPolicy, "deny")
	}
}
