package imports

import (
	"regexp"
	"slices"
	"strings"

	"onhand/db/money"
)

// squareColumns are the columns of Square's catalog export by their folded names.
var squareColumns = map[string]string{
	"token": fToken, "reference handle": fHandle, "item name": fName, "customer-facing name": "", "variation name": fVariation, "sku": fSKU,
	"description": fDescription, "category": fCategory, "categories": fCategory, "gtin": fBarcodes, "price": fPrice, "online sale price": fSalePrice,
	"square online item visibility": fPublished, "sellable": fSellable, "stockable": fTracked, "archived": fArchived,
	"option name 1": fOption1Name, "option value 1": fOption1Value, "option name 2": fOption2Name, "option value 2": fOption2Value,
	"option name 3": fOption3Name, "option value 3": fOption3Value, "default unit cost": fCost, "default vendor name": fSupplier, "default vendor code": fSupplierCode,
}

// What Square has and others have not.
const (
	fToken     = "token"
	fVariation = "variationName"
	fSellable  = "sellable"
	fArchived  = "archived"

	fSupplier     = "supplier"
	fSupplierCode = "supplierCode"
)

// square is Square's catalog export: a row for each variation, those of one item share its name. Its columns of stock carry the name
// of a location, those of taxes the rate.
var square = &format{
	name: "square",
	fields: append(withRequired(productFields, fName, fPrice),
		field{name: fToken, label: "Token"}, field{name: fVariation, label: "Variation Name"}, field{name: fSellable, label: "Sellable"}, field{name: fArchived, label: "Archived"},
		field{name: fSupplier, label: "Default Vendor Name"}, field{name: fSupplierCode, label: "Default Vendor Code"}),
	known: func(has func(...string) bool) bool { return has(fName, fVariation, fPrice) },
	fieldOf: func(folded string) string {
		if place, is := strings.CutPrefix(folded, "current quantity "); is {
			return atPlace + place
		}
		if strings.HasPrefix(folded, "stock alert count ") {
			return fReorderPoint
		}
		return squareColumns[folded]
	},
	placed: true,
	settle: func(meanings []string) { // a variant has one reorder point, and which location's is nobody's guess
		several := func(field string) bool { return field == fReorderPoint }
		if first := slices.IndexFunc(meanings, several); first >= 0 && slices.ContainsFunc(meanings[first+1:], several) {
			for i, m := range meanings {
				if several(m) {
					meanings[i] = ""
				}
			}
		}
	},
	products: func(s *sheet) *goods {
		return flatProducts(s, quirks{prepare: squareRow, grouped: (*flat).single})
	},
	columns: refusedFields,
	beside:  func(header string) bool { return squareTaxColumn.MatchString(key(header)) },
}

// squareRow gives a row the meaning that its cells have at Square.
func squareRow(f *flat, r *row) {
	switch {
	case folded(f.get(r, fSellable)) == "n":
		f.skip(r, "not_sellable", "Square does not sell this, it only counts it.")
		return
	case folded(f.get(r, fArchived)) == "y":
		f.skip(r, "archived", "This is archived at Square.")
		return
	case folded(f.get(r, fPrice)) == "variable":
		f.fail(r, fPrice, "variable_price", "Square asks for this price at the counter. Write one here.")
		return
	}
	if f.get(r, fOption1Value) == "" {
		f.put(r, fOption1Name, "Variation")
		f.put(r, fOption1Value, f.get(r, fVariation))
	}
	switch folded(f.get(r, fPublished)) {
	case "visible":
		f.put(r, fPublished, "yes")
	case "hidden", "unavailable", "unlisted":
		f.put(r, fPublished, "no")
	}
	if rate, ok := f.squareTax(r); ok && f.get(r, fTaxRate) == "" {
		f.put(r, fTaxRate, strings.TrimSuffix(rate.String(), "%"))
	}
}

var squareTaxColumn = regexp.MustCompile(`^tax - .*\(([\d.]+)%\)$`)

// squareTax is the sum of the taxes that a row is marked with; ok says whether the file has any.
func (f *flat) squareTax(r *row) (sum money.Rate, ok bool) {
	for at, h := range f.layout.header {
		found := squareTaxColumn.FindStringSubmatch(key(h))
		if found == nil {
			continue
		}
		rate, err := money.ParseRate(found[1])
		if err == nil && folded(cellAt(r.line, at)) == "y" {
			sum += rate
		}
		ok = ok || err == nil
	}
	return sum, ok
}

// single takes the name away that Square gives to the only variation of an item.
func (f *flat) single(rows []*row) {
	if len(rows) == 1 && slices.Contains([]string{"regular", ""}, folded(f.get(rows[0], fVariation))) && f.get(rows[0], fOption1Name) == "Variation" {
		f.put(rows[0], fOption1Name, "")
		f.put(rows[0], fOption1Value, "")
	}
}
