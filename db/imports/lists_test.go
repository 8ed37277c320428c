package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/money"
)

// priced is a shop with a shirt in two sizes, which has a code for a pack, and a mug.
func priced(t *testing.T) shop {
	t.Helper()
	s := open(t)
	for _, p := range []catalog.NewProduct{
		{Name: "Shirt", Options: []string{"Size"}, Variants: []catalog.NewVariant{
			{SKU: "S", Price: 1000, Options: map[string]string{"Size": "S"}, Barcodes: []string{"4006381333931"}, Packs: []catalog.Pack{{Code: "BOX", Quantity: 6}}},
			{SKU: "L", Price: 1000, Options: map[string]string{"Size": "L"}}}},
		{Name: "Mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 500, Barcodes: []string{"73513537"}}}},
	} {
		if _, err := catalog.Create(s.ctx, s.DB, p); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// prices are those of all variants and what they cost the shop.
func (s shop) prices(t *testing.T) string {
	t.Helper()
	var all []string
	for _, name := range []string{"Shirt", "Mug"} {
		for _, v := range s.product(t, name).Variants {
			cost := money.Amount(-1)
			if v.Cost != nil {
				cost = *v.Cost
			}
			all = append(all, fmt.Sprint(v.SKU, " ", v.Price, " ", cost))
		}
	}
	return strings.Join(all, ", ")
}

func TestAListOfPricesChangesWhatIsHere(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"SKU,Price\ns,11\nMUG,6\nL,12\n":                                 "S 1100 -1, L 1200 -1, MUG 600 -1",
		"sku;cost\nS;4,50\n":                                             "S 1000 450, L 1000 -1, MUG 500 -1",
		"Barcode,Price\n4006381333931,11\n00000073513537,6\n":            "S 1100 -1, L 1000 -1, MUG 600 -1",
		"SKU,Barcode,Price,Cost\n,4006381333931,11,5\nMUG,73513537,,3\n": "S 1100 500, L 1000 -1, MUG 500 300",
	} {
		s := priced(t)
		before := s.prices(t)
		m := s.preview(t, file)
		if m.ErrorRows != 0 || m.Create != 0 || m.Update == 0 || m.Sample[0].Name == "" || m.Sample[0].SKU == "" {
			t.Errorf("%q: %s\n%s", file, counts(m), indented(m.Details))
			continue
		}
		s.commit(t, m)
		if got := s.prices(t); got != want {
			t.Errorf("%q makes %s, want %s", file, got, want)
		}
		again := s.preview(t, file)
		if again.Unchanged != again.Rows {
			t.Errorf("%q a second time: %s", file, counts(again))
		}
		keeps(t, s.undo(t, m))
		if got := s.prices(t); got != before {
			t.Errorf("undone it is %s, want %s", got, before)
		}
	}
}

func TestARowOfAListThatIsNotHereIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	s := priced(t)
	const file = "SKU,Price\nS,11\nNEW,3\n,4\nMUG,7\nmug,8\nL,cheap\n"
	m := s.preview(t, file)
	var got []string
	for _, e := range m.Errors {
		got = append(got, fmt.Sprint(e.Row, " ", e.Column, " ", e.Code))
	}
	want := "3 SKU unknown_product, 4 Name required, 5 SKU duplicate_key, 6 SKU duplicate_key, 7 Price bad_amount"
	if strings.Join(got, ", ") != want || m.Errors[0].Message != "No product here has NEW. A new one needs a name." {
		t.Errorf("%s\nwant %s\n%s", strings.Join(got, ", "), want, indented(m.Errors))
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	if got := s.prices(t); got != "S 1100 -1, L 1000 -1, MUG 500 -1" {
		t.Errorf("the rest makes %s", got)
	}
	pack := s.preview(t, "Barcode,Price\nBOX,60\n")
	if pack.ErrorRows != 1 || pack.Errors[0].Code != "pack_code" {
		t.Errorf("the price of a pack is %s", indented(pack.Details))
	}
}

func TestAListOfPricesMayNameItsColumnsOtherwise(t *testing.T) {
	t.Parallel()
	s := priced(t)
	const file = "Artikelnummer;Artikel;VK\nL;;13\nNEU;Tasse;4\n"
	for _, mapping := range []map[string]string{nil, {"Artikelnummer": "sku", "Artikel": "name", "VK": "price"}, {"Artikelnummer": "sku", "Artikel": "", "VK": "price"}} {
		m, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "vk.csv", File: strings.NewReader(file), Mapping: mapping})
		if err != nil {
			t.Fatal(err)
		}
		if to, said := mapping["Artikel"]; said && to == "" {
			sums(t, m, "create 0, update 1, skip 0 of which unchanged 0, errors 1")
		} else {
			sums(t, m, "create 1, update 1, skip 0 of which unchanged 0, errors 0")
		}
	}
	m, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "mb.csv", File: strings.NewReader("Artikelnummer;Meldebestand\nL;3\n"),
		Mapping: map[string]string{"Artikelnummer": "sku", "Meldebestand": "reorderPoint"}})
	if err != nil {
		t.Fatal(err)
	}
	sums(t, m, "create 0, update 1, skip 0 of which unchanged 0, errors 0") // no price either
	_, err = imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "vk.csv", File: strings.NewReader(file), Mapping: map[string]string{"Artikelnummer": "", "Artikel": ""}})
	refused(t, err, "mapping_needed", "mapping")
}
