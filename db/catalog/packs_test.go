package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

const (
	single = "4006381333931"
	carton = "04006381333931" // the same number: a carton has its own
	six    = "416000336108"
	dozen  = "CTN-12"
)

func packed(t testing.TB, s shop) *catalog.Product {
	t.Helper()
	p := mug("MUG", single)
	p.Variants[0].Packs = []catalog.Pack{{Code: six, Quantity: 6}, {Code: dozen, Quantity: 12}}
	return s.create(t, p)
}

// codes is what a variant is scanned by.
func codes(v catalog.Variant) string { return strings.Trim(fmt.Sprint(v.Barcodes, v.Packs), " ") }

func TestAPackIsFoundInEveryFormAndSaysHowManyItHolds(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := packed(t, s)
	if got := codes(p.Variants[0]); got != "[4006381333931] [{416000336108 6} {CTN-12 12}]" {
		t.Errorf("kept as %s", got)
	}
	for scanned, want := range map[string]int64{
		single: 1, "04006381333931": 1, "MUG": 1, "mug": 1, six: 6, "0416000336108": 6, "00416000336108": 6, "4-16000-33610-8": 6, "ctn-12": 12, " CTN-12 ": 12,
	} {
		for _, f := range []catalog.VariantFilter{{Barcode: scanned}, {List: db.List{Q: scanned}}} {
			page, err := catalog.Variants(s.ctx, s.DB, f)
			if err != nil || len(page.Items) != 1 || page.Items[0].Scanned != want {
				t.Errorf("%q finds %v (%v), want %d mugs", scanned, page.Items, err, want)
			}
		}
	}
	page, err := catalog.Variants(s.ctx, s.DB, catalog.VariantFilter{List: db.List{Q: "mug"}})
	if err != nil || len(page.Items) != 1 || page.Items[0].Scanned != 1 || fmt.Sprint(page.Items[0].Packs) != "[{416000336108 6} {CTN-12 12}]" {
		t.Errorf("by its name: %v %v", page.Items, err)
	}
	equal(t, "searched by a part of a pack's code", s.list(t, catalog.ProductFilter{List: db.List{Q: "16000336"}}), "Blue mug")
}

func TestACodeIsOfOneVariantWhetherOfOneOrOfAPack(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := packed(t, s)
	v := p.Variants[0].ID
	other := mug("CUP")
	other.Variants[0].Packs = []catalog.Pack{{Code: "0" + six, Quantity: 4}}
	_, err := catalog.Create(s.ctx, s.DB, other)
	refused(t, err, "variants[0].packs[0].code: barcode_taken")
	_, err = catalog.Create(s.ctx, s.DB, mug("CUP", "ctn-12"))
	refused(t, err, "variants[0].barcodes[0]: barcode_taken")
	change := func(c catalog.VariantChange) error {
		c.ID = v
		_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{c}})
		return err
	}
	refused(t, change(catalog.VariantChange{Packs: &[]catalog.Pack{{Code: carton, Quantity: 6}}}), "variants[0].packs[0].code: barcode_taken")
	refused(t, change(catalog.VariantChange{Packs: &[]catalog.Pack{{Code: "A", Quantity: 6}, {Code: "a", Quantity: 12}}}), "variants[0].packs[1].code: barcode_taken")
	refused(t, change(catalog.VariantChange{Packs: &[]catalog.Pack{{Code: "A", Quantity: 1}, {Code: "B", Quantity: 1001}, {Code: "C", Quantity: -2}}}),
		"variants[0].packs[0].quantity: out_of_range", "variants[0].packs[1].quantity: out_of_range", "variants[0].packs[2].quantity: out_of_range")
	refused(t, change(catalog.VariantChange{Packs: &[]catalog.Pack{{Code: "416000336109", Quantity: 6}}}), "variants[0].packs[0].code: bad_barcode")
	many := make([]catalog.Pack, 21)
	for i := range many {
		many[i] = catalog.Pack{Code: fmt.Sprint("P", i), Quantity: 2}
	}
	refused(t, change(catalog.VariantChange{Packs: &many}), "variants[0].packs: too_many")
	after, err := catalog.ProductByID(s.ctx, s.DB, p.ID)
	if err != nil || after.Version != p.Version || codes(after.Variants[0]) != codes(p.Variants[0]) {
		t.Errorf("what was refused left %+v, %v", after, err)
	}
}

func TestBarcodesAndPacksAreChangedByThemselves(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := packed(t, s)
	v := p.Variants[0].ID
	for _, step := range []struct {
		change catalog.VariantChange
		want   string
	}{
		{catalog.VariantChange{Barcodes: &[]string{"73513537"}}, "[73513537] [{416000336108 6} {CTN-12 12}]"},
		{catalog.VariantChange{Packs: &[]catalog.Pack{{Code: dozen, Quantity: 24}}}, "[73513537] [{CTN-12 24}]"},
		{catalog.VariantChange{Price: to(p.Variants[0].Price)}, "[73513537] [{CTN-12 24}]"},
		{catalog.VariantChange{Barcodes: &[]string{dozen}, Packs: &[]catalog.Pack{{Code: "73513537", Quantity: 2}}}, "[CTN-12] [{73513537 2}]"},
		{catalog.VariantChange{Packs: &[]catalog.Pack{}}, "[CTN-12] []"},
	} {
		step.change.ID = v
		after := s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{step.change}})
		if got := codes(after.Variants[0]); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	if n := s.count(t, `SELECT count(*) FROM audit WHERE entity = 'variant' AND after LIKE '%"packs":[{"code":"CTN-12","quantity":24}]%'`); n == 0 {
		t.Error("nobody can tell who changed what a pack holds")
	}
	if found, err := catalog.Check(s.ctx, s.DB); err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
}

func TestACodeThatTurnsUpIsGivenToOneOrToAPack(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG", single))
	s.create(t, mug("CUP", "73513537"))
	v := p.Variants[0].ID
	for _, step := range []struct {
		in      catalog.NewBarcode
		want    string
		refused []string
	}{
		{in: catalog.NewBarcode{Barcode: "A"}, want: "[4006381333931 A] []"},
		{in: catalog.NewBarcode{Code: six, Quantity: to(int64(6))}, want: "[4006381333931 A] [{416000336108 6}]"},
		{in: catalog.NewBarcode{Code: "0" + six}, want: "[4006381333931 A] [{416000336108 6}]"},
		{in: catalog.NewBarcode{Code: "0" + six, Quantity: to(int64(8))}, want: "[4006381333931 A] [{416000336108 8}]"},
		{in: catalog.NewBarcode{Barcode: "a", Quantity: to(int64(2))}, want: "[4006381333931] [{A 2} {416000336108 8}]"},
		{in: catalog.NewBarcode{Barcode: six, Quantity: to(int64(1))}, want: "[4006381333931 416000336108] [{A 2}]"},
		{in: catalog.NewBarcode{Barcode: "B", Code: "b"}, want: "[4006381333931 416000336108 B] [{A 2}]"},
		{in: catalog.NewBarcode{Barcode: "B", Code: "C"}, refused: []string{"code: repeated"}},
		{in: catalog.NewBarcode{}, refused: []string{"barcode: required"}},
		{in: catalog.NewBarcode{Barcode: "C", Quantity: to(int64(0))}, refused: []string{"quantity: out_of_range"}},
		{in: catalog.NewBarcode{Barcode: "C", Quantity: to(int64(1001))}, refused: []string{"quantity: out_of_range"}},
		{in: catalog.NewBarcode{Barcode: "73513537", Quantity: to(int64(6))}, refused: []string{"barcode: barcode_taken"}},
		{in: catalog.NewBarcode{Code: "73513537"}, refused: []string{"code: barcode_taken"}},
		{in: catalog.NewBarcode{Code: "73513538"}, refused: []string{"code: bad_barcode"}},
	} {
		after, err := catalog.AddBarcode(s.ctx, s.DB, v, step.in)
		if step.refused != nil {
			refused(t, err, step.refused...)
			continue
		}
		if err != nil || codes(after.Variants[0]) != step.want {
			t.Errorf("%+v: %v %v, want %s", step.in, after, err, step.want)
		}
	}
}

func TestAProductGoesBackToThePacksItHad(t *testing.T) {
	t.Parallel()
	s := open(t)
	bare, full := s.create(t, mug("CUP")), packed(t, s)
	for _, before := range []*catalog.Product{bare, full} {
		back := s.back(t, before.ID)
		changed := s.update(t, before.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: before.Variants[0].ID, Packs: &[]catalog.Pack{{Code: fmt.Sprint("N", before.ID), Quantity: 9}}}}})
		if _, err := revert(s.ctx, s, before.ID, changed.Version, back); err != nil {
			t.Fatal(err)
		}
		after, err := catalog.ProductByID(s.ctx, s.DB, before.ID)
		if err != nil || codes(after.Variants[0]) != codes(before.Variants[0]) {
			t.Errorf("%v %v, want %s", after, err, codes(before.Variants[0]))
		}
	}
	if n := s.count(t, "SELECT count(*) FROM barcodes WHERE code LIKE 'N%'"); n != 0 {
		t.Errorf("%d new codes are still taken", n)
	}
}
