package catalog_test

import (
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

func TestTheCounterFindsTheMostExactFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, catalog.NewProduct{Name: "About A-1", Variants: []catalog.NewVariant{{SKU: "BOOK"}}})
	s.create(t, catalog.NewProduct{Name: "A-1 spare", Variants: []catalog.NewVariant{{SKU: "SPARE"}}})
	s.create(t, catalog.NewProduct{Name: "Long", Variants: []catalog.NewVariant{{SKU: "A-10"}}})
	s.create(t, catalog.NewProduct{Name: "Exact", Variants: []catalog.NewVariant{{SKU: "a-1"}}})
	s.create(t, catalog.NewProduct{Name: "Scanned", Variants: []catalog.NewVariant{{SKU: "S", Barcodes: []string{"A-1"}}}})
	s.create(t, hoodie())
	for q, want := range map[string][]string{
		"A-1":          {"Scanned", "Exact", "Long", "A-1 spare", "About A-1"},
		"hoodie l":     {"Hoodie - L / Blue", "Hoodie - L / Red"},
		"hoodie r":     {"Hoodie - L / Red"},
		"red l":        {"Hoodie - L / Red"},
		"clothing m":   {"Hoodie - M / Blue"},
		"sp":           {"A-1 spare"},
		"nothing here": nil,
	} {
		equal(t, q, s.find(t, catalog.VariantFilter{List: db.List{Q: q}}), want...)
	}
	equal(t, "a page", s.find(t, catalog.VariantFilter{List: db.List{Q: "A-1", Limit: 2}}), "Scanned", "Exact")
	page, err := catalog.Variants(s.ctx, s.DB, catalog.VariantFilter{List: db.List{Q: "a", Limit: 3}})
	if err != nil || len(page.Items) != 3 || page.Next != "" {
		t.Errorf("what is found is one page: %+v %v", page, err)
	}
	var all []string
	for f := (catalog.VariantFilter{List: db.List{Limit: 3}}); ; {
		page, err := catalog.Variants(s.ctx, s.DB, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Items {
			all = append(all, v.Name)
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	equal(t, "all by name", all, "A-1 spare", "About A-1", "Exact", "Hoodie - L / Blue", "Hoodie - L / Red", "Hoodie - M / Blue", "Long", "Scanned")
}

func TestASaleTakesWhatItNeedsAndNothingArchived(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.TaxRate, in.Variants[0].Cost = to(money.Rate(19000)), to(money.Amount(2000))
	in.Variants[0].Barcodes = []string{"4006381333931"}
	p := s.create(t, in)
	s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1}, {ID: 3}}})
	clerk := as("orders.create")
	err := db.Write(clerk, s.DB, func(tx *db.Tx) error {
		got, err := catalog.ForSale(tx, 1)
		if err != nil {
			return err
		}
		if *got.Cost != 2000 || got.Price != 4500 || got.TaxRate != 19000 || got.Name != "Hoodie - L / Blue" || got.Product != "Hoodie" || got.Options != "L / Blue" ||
			got.SKU != "H-L-B" || !got.Tracked || got.Policy != catalog.Deny || got.ProductID != p.ID || got.VariantID != 1 || !got.Published {
			t.Errorf("%+v", got)
		}
		_, err = catalog.ForSale(tx, 2)
		refused(t, err, ": archived")
		_, err = catalog.ForSale(tx, 99)
		refused(t, err, ": not_found")
		for what, find := range map[string]func() (catalog.VariantRef, bool, error){
			"sku":     func() (catalog.VariantRef, bool, error) { return catalog.BySKU(tx, " h-l-b ") },
			"barcode": func() (catalog.VariantRef, bool, error) { return catalog.ByBarcode(tx, "04006381333931") },
		} {
			if ref, ok, err := find(); err != nil || !ok || ref != (catalog.VariantRef{VariantID: 1, ProductID: 1, SKU: "H-L-B"}) {
				t.Errorf("%s: %+v %v %v", what, ref, ok, err)
			}
		}
		if ref, ok, err := catalog.BySKU(tx, "H-M-B"); err != nil || !ok || !ref.Archived {
			t.Errorf("%+v %v %v", ref, ok, err)
		}
		if _, ok, err := catalog.BySKU(tx, "H-X"); err != nil || ok {
			t.Errorf("%v %v", ok, err)
		}
		if id, ok, err := catalog.BySlug(tx, "hoodie"); err != nil || !ok || id != p.ID {
			t.Errorf("%v %v %v", id, ok, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
