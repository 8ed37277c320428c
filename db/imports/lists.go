package imports

import (
	"context"
	"slices"
	"strconv"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/table"
)

// acquaint looks up the variants that rows without a name stand for.
func (s *sheet) acquaint(ctx context.Context, d *db.DB) error {
	if !s.format.partial {
		return nil
	}
	s.here = map[string]catalog.VariantRef{}
	for lines := range slices.Chunk(s.Lines, planSlice) {
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			for _, n := range lines {
				if !s.nameless(n) {
					continue
				}
				if err := s.lookUp(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameless says whether a row names no product: it can only stand for a variant that is here.
func (s *sheet) nameless(n table.Line) bool {
	return s.cell(n, fName) == "" && s.cell(n, fHandle) == ""
}

// means is what a row without a name stands for: a SKU or, without one, a barcode.
func (s *sheet) means(n table.Line) (field, value string) {
	if sku := s.cell(n, fSKU); sku != "" {
		return fSKU, sku
	}
	if codes := codesOf(s.cell(n, fBarcodes)); len(codes) > 0 {
		return fBarcodes, codes[0]
	}
	return "", ""
}

func (s *sheet) lookUp(tx *db.Tx, n table.Line) error {
	field, value := s.means(n)
	if field == "" {
		return nil
	}
	look := map[string]func(*db.Tx, string) (catalog.VariantRef, bool, error){fSKU: catalog.BySKU, fBarcodes: catalog.ByBarcode}[field]
	ref, ok, err := look(tx, value)
	if ok {
		s.here[keyOf(field, value)] = ref
	}
	return err
}

// part puts a row without a name to the product here that its variant is of.
func (f *flat) part(r *row) (p *product) {
	field, value := f.means(r.line)
	ref, ok := f.here[keyOf(field, value)]
	switch {
	case field == "":
		f.fail(r, fName, "required", "This product has no name. Give it one.")
		return nil
	case !ok:
		if field == fSKU {
			r.sku = value
		}
		f.fail(r, field, "unknown_product", "No product here has %s. A new one needs a name.", value).With("value", value)
		return nil
	}
	k := "product:" + strconv.FormatInt(ref.ProductID, 10)
	if p = f.byKey[k]; p == nil {
		p = &product{row: &row{number: r.number}, first: r, here: ref.ProductID}
		f.products, f.byKey[k] = append(f.products, p), p
	}
	return p
}
