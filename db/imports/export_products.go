package imports

import (
	"context"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
)

// soldAs is a variant with its product: one row of the products' file.
type soldAs struct {
	*catalog.Product
	catalog.Variant
}

// option is the name of a product's option and the variant's value of it, empty where there are fewer.
func (s soldAs) option(n int) (name, value string) {
	if n >= len(s.Product.Options) {
		return "", ""
	}
	name = s.Product.Options[n]
	return name, s.Variant.Options[name]
}

// productColumns are those that importing knows as our own file.
var productColumns = []column[soldAs]{
	{"Handle", 24, false, func(s soldAs) any { return s.Slug }},
	{"Name", 32, false, func(s soldAs) any { return s.Product.Name }},
	{"Description", 40, false, func(s soldAs) any { return s.Description }},
	{"Brand", 16, false, func(s soldAs) any { return s.Brand }},
	{"Category", 20, false, func(s soldAs) any { return s.Category }},
	{"Tags", 20, false, func(s soldAs) any { return strings.Join(s.Tags, ", ") }},
	{"Notes", 24, false, func(s soldAs) any { return s.Notes }},
	{"Published", 0, false, func(s soldAs) any { return s.Published }},
	{"Tax rate", 0, false, func(s soldAs) any { return s.TaxRate }},
	optionName(0), optionValue(0), optionName(1), optionValue(1), optionName(2), optionValue(2),
	{"SKU", 18, false, func(s soldAs) any { return s.SKU }},
	{"Barcodes", 18, false, func(s soldAs) any { return joinCodes(s.Barcodes) }},
	{"Packs", 18, false, func(s soldAs) any { return joinPacks(s.Packs) }},
	{"Price", 12, false, func(s soldAs) any { return s.Price }},
	{"Compare-at price", 12, false, func(s soldAs) any { return s.CompareAtPrice }},
	{"Sale price", 12, false, func(s soldAs) any { return s.SalePrice }},
	{"Sale starts", 17, false, func(s soldAs) any { return s.SaleStarts }},
	{"Sale ends", 17, false, func(s soldAs) any { return s.SaleEnds }},
	{"Cost", 12, true, func(s soldAs) any { return s.Cost }},
	{"Reorder point", 0, false, func(s soldAs) any { return s.ReorderPoint }},
	{"Max stock", 0, false, func(s soldAs) any { return s.MaxStock }},
	{"Tracked", 0, false, func(s soldAs) any { return s.Tracked }},
	{"Policy", 12, false, func(s soldAs) any { return string(s.Policy) }},
}

func optionName(n int) column[soldAs] {
	return column[soldAs]{optionTitle(n) + " name", 14, false, func(s soldAs) any { name, _ := s.option(n); return name }}
}

func optionValue(n int) column[soldAs] {
	return column[soldAs]{optionTitle(n) + " value", 14, false, func(s soldAs) any { _, value := s.option(n); return value }}
}

func optionTitle(n int) string { return "Option " + string(rune('1'+n)) }

// ExportProducts prepares a list of products: a row for each variant, in the form that imports as it is.
func ExportProducts(ctx context.Context, d *db.DB, f catalog.ProductFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, Products, productColumns, func(ctx context.Context, l db.List) (db.Page[catalog.Product], error) {
		f.List, f.Q = l, q
		return catalog.Products(ctx, d, f)
	}, func(p catalog.Product) []soldAs {
		rows := make([]soldAs, len(p.Variants))
		for i, v := range p.Variants {
			rows[i] = soldAs{&p, v}
		}
		return rows
	})
}
