package imports

import (
	"slices"

	"onhand/db/table"
)

// The fields of a product that columns of any file may stand for.
const (
	fHandle       = "handle"
	fName         = "name"
	fDescription  = "description"
	fBrand        = "brand"
	fCategory     = "category"
	fTags         = "tags"
	fNotes        = "notes"
	fPublished    = "published"
	fTaxRate      = "taxRate"
	fOption1Name  = "option1Name"
	fOption1Value = "option1Value"
	fOption2Name  = "option2Name"
	fOption2Value = "option2Value"
	fOption3Name  = "option3Name"
	fOption3Value = "option3Value"
	fSKU          = "sku"
	fBarcodes     = "barcodes"
	fPacks        = "packs"
	fPrice        = "price"
	fCompareAt    = "compareAtPrice"
	fSalePrice    = "salePrice"
	fSaleStarts   = "saleStarts"
	fSaleEnds     = "saleEnds"
	fCost         = "cost"
	fReorderPoint = "reorderPoint"
	fMaxStock     = "maxStock"
	fTracked      = "tracked"
	fPolicy       = "policy"
	fStock        = "stock"
	fPictures     = "pictures"
)

// productFields are all of them. The labels, but for the last two, are the header of our own export.
var productFields = []field{
	{name: fHandle, label: "Handle"}, {name: fName, label: "Name"}, {name: fDescription, label: "Description"}, {name: fBrand, label: "Brand"},
	{name: fCategory, label: "Category"}, {name: fTags, label: "Tags"}, {name: fNotes, label: "Notes"}, {name: fPublished, label: "Published"},
	{name: fTaxRate, label: "Tax rate", figure: table.Rate},
	{name: fOption1Name, label: "Option 1 name"}, {name: fOption1Value, label: "Option 1 value"},
	{name: fOption2Name, label: "Option 2 name"}, {name: fOption2Value, label: "Option 2 value"},
	{name: fOption3Name, label: "Option 3 name"}, {name: fOption3Value, label: "Option 3 value"},
	{name: fSKU, label: "SKU"}, {name: fBarcodes, label: "Barcodes"}, {name: fPacks, label: "Packs"},
	{name: fPrice, label: "Price", figure: table.Money}, {name: fCompareAt, label: "Compare-at price", figure: table.Money},
	{name: fSalePrice, label: "Sale price", figure: table.Money}, {name: fSaleStarts, label: "Sale starts"}, {name: fSaleEnds, label: "Sale ends"},
	{name: fCost, label: "Cost", figure: table.Money}, {name: fReorderPoint, label: "Reorder point", figure: table.Count},
	{name: fMaxStock, label: "Max stock", figure: table.Count}, {name: fTracked, label: "Tracked"}, {name: fPolicy, label: "Policy"},
	{name: fStock, label: "Stock", figure: table.Count}, {name: fPictures, label: "Pictures"},
}

// optionFields are the places of names and values of options.
var optionFields = []struct{ name, value string }{{fOption1Name, fOption1Value}, {fOption2Name, fOption2Value}, {fOption3Name, fOption3Value}}

// refusedFields are the fields behind what the catalog refuses.
var refusedFields = map[string]string{"name": fName, "slug": fHandle, "description": fDescription, "brand": fBrand, "category": fCategory, "tags": fTags,
	"notes": fNotes, "taxRate": fTaxRate, "published": fPublished, "options": fOption1Name, "values": fOption1Value, "sku": fSKU, "key": fHandle,
	"barcodes": fBarcodes, "packs": fPacks, "price": fPrice, "compareAtPrice": fCompareAt, "salePrice": fSalePrice, "saleStarts": fSaleStarts,
	"saleEnds": fSaleEnds, "cost": fCost, "reorderPoint": fReorderPoint, "maxStock": fMaxStock, "tracked": fTracked, "policy": fPolicy, "stock": fStock}

// withRequired are fields of which some have to be there.
func withRequired(fields []field, required ...string) []field {
	all := slices.Clone(fields)
	for i, f := range all {
		all[i].required = f.required || slices.Contains(required, f.name)
	}
	return all
}

// unless are fields whose required ones need not be there beside one of some others.
func unless(others []string, fields []field) []field {
	all := slices.Clone(fields)
	for i, f := range all {
		if f.required {
			all[i].unless = others
		}
	}
	return all
}
