package imports

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"onhand/db/table"
)

// The columns of WooCommerce that are understood, besides "Attribute N name" and "Attribute N value(s)".
const (
	colID          = "ID"
	colType        = "Type"
	colSKU         = "SKU"
	colBarcode     = "GTIN, UPC, EAN, or ISBN"
	colName        = "Name"
	colPublished   = "Published"
	colShort       = "Short description"
	colDescription = "Description"
	colSaleStarts  = "Date sale price starts"
	colSaleEnds    = "Date sale price ends"
	colTaxStatus   = "Tax status"
	colTaxClass    = "Tax class"
	colInStock     = "In stock?"
	colStock       = "Stock"
	colBackorders  = "Backorders allowed?"
	colSale        = "Sale price"
	colRegular     = "Regular price"
	colCategories  = "Categories"
	colBrands      = "Brands"
	colParent      = "Parent"
	colImages      = "Images"
)

// woocommerce is the product export of WooCommerce. Its fields are called as there.
var woocommerce = &format{
	name: formatWoo,
	fields: []field{{name: colID}, {name: colType, required: true}, {name: colSKU}, {name: colBarcode}, {name: colName, required: true}, {name: colPublished},
		{name: colShort}, {name: colDescription}, {name: colSaleStarts}, {name: colSaleEnds}, {name: colTaxStatus}, {name: colTaxClass}, {name: colInStock},
		{name: colStock, figure: table.Count}, {name: colBackorders}, {name: colSale, figure: table.Money}, {name: colRegular, required: true, figure: table.Money},
		{name: colCategories}, {name: colBrands}, {name: colParent}, {name: colImages}},
	known: func(has func(...string) bool) bool {
		return has(colType, colName, colRegular) && (has(colSKU) || has(colID))
	},
	columns: map[string]string{"name": colName, "slug": colName, "description": colDescription, "brand": colBrands, "category": colCategories,
		"taxRate": colTaxStatus, "published": colPublished, "options": "attribute 1 name", "values": "attribute 1 value(s)",
		"sku": colSKU, "key": colID, "barcodes": colBarcode, "price": colRegular, "salePrice": colSale, "saleStarts": colSaleStarts, "saleEnds": colSaleEnds, "policy": colBackorders, "stock": colStock},
	products: wooProducts,
	more: func(folded string) bool {
		return attributeName.MatchString(folded) || attributeValues.MatchString(folded)
	},
}

var (
	attributeName   = regexp.MustCompile(`^attribute (\d{1,3}) name$`)
	attributeValues = regexp.MustCompile(`^attribute (\d{1,3}) value\(s\)$`)
)

// attributeColumns are the places of one attribute's name and values.
type attributeColumns struct{ number, name, values int }

// attributesOf are the attributes of a file, by their numbers.
func attributesOf(l *layout) []attributeColumns {
	numbers := map[int]attributeColumns{}
	for m, at := range l.at {
		if found := attributeName.FindStringSubmatch(m); found != nil {
			n, _ := strconv.Atoi(found[1])
			if values, ok := l.at["attribute "+found[1]+" value(s)"]; ok {
				numbers[n] = attributeColumns{n, at, values}
			}
		}
	}
	return slices.SortedFunc(maps.Values(numbers), func(a, b attributeColumns) int { return cmp.Compare(a.number, b.number) })
}
