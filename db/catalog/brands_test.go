package catalog_test

import (
	"fmt"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

func (s shop) brands(t testing.TB) (lines []string) {
	t.Helper()
	page, err := catalog.Brands(s.ctx, s.DB, db.List{})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range page.Items {
		lines = append(lines, fmt.Sprint(b.ID, " ", b.Name, " ", b.ProductCount))
	}
	return lines
}

// branded makes products of brands, one of each, and archives the last.
func (s shop) branded(t testing.TB, brands ...string) {
	t.Helper()
	var last *catalog.Product
	for i, brand := range brands {
		in := mug(fmt.Sprint("M", i))
		in.Name, in.Brand, in.Category = fmt.Sprint(i), brand, ""
		last = s.create(t, in)
	}
	if _, err := catalog.Archive(s.ctx, s.DB, last.ID); err != nil {
		t.Fatal(err)
	}
}

func TestTwoBrandsBecomeOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.branded(t, "Acme", "ACME Inc.", "ACME Inc.", "Other", "ACME Inc.")
	equal(t, "before", s.brands(t), "1 Acme 1", "2 ACME Inc. 2", "3 Other 1")
	ctx := db.WithKey(s.ctx, "POST /brands/2/merge", "k1")
	for range 2 { // sent again, it is answered as it was
		b, err := catalog.MergeBrand(ctx, s.DB, 2, catalog.BrandMerge{Into: 1})
		if err != nil || b.Name != "Acme" || b.ProductCount != 3 {
			t.Fatalf("%+v %v", b, err)
		}
	}
	equal(t, "after", s.brands(t), "1 Acme 3", "3 Other 1")
	equal(t, "found by the one name", s.find(t, catalog.VariantFilter{List: db.List{Q: "acme"}}), "0", "1", "2")
	equal(t, "no more by the other", s.find(t, catalog.VariantFilter{List: db.List{Q: "inc."}}))
	if p, err := catalog.ProductByID(s.ctx, s.DB, 5); err != nil || p.Brand != "Acme" {
		t.Errorf("the archived one: %+v %v", p, err)
	}
	told := s.audit(t)
	equal(t, "audit", told[len(told)-1:], `Olga brand {"name":"ACME Inc.","into":1} -> `)
	_, err := catalog.MergeBrand(s.ctx, s.DB, 1, catalog.BrandMerge{Into: 1})
	refused(t, err, "into: same_brand")
	_, err = catalog.MergeBrand(s.ctx, s.DB, 1, catalog.BrandMerge{Into: 99})
	refused(t, err, "into: not_found")
	_, err = catalog.MergeBrand(s.ctx, s.DB, 2, catalog.BrandMerge{Into: 1})
	refused(t, err, ": not_found")
	equal(t, "nothing happened", s.brands(t), "1 Acme 3", "3 Other 1")
	s.sound(t)
}

func TestABrandIsRemovedOnceItsProductsGoElsewhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.branded(t, "Acme", "Other", "Acme")
	err := catalog.RemoveBrand(s.ctx, s.DB, 1, nil)
	refused(t, err, ": brand_in_use")
	equal(t, "still there", s.brands(t), "1 Acme 1", "2 Other 1")
	if err := catalog.RemoveBrand(s.ctx, s.DB, 1, to(int64(0))); err != nil {
		t.Fatal(err)
	}
	equal(t, "gone", s.brands(t), "2 Other 1")
	if p, err := catalog.ProductByID(s.ctx, s.DB, 1); err != nil || p.Brand != "" || p.BrandID != nil || p.Version != 2 {
		t.Errorf("%+v %v", p, err)
	}
	refused(t, catalog.RemoveBrand(s.ctx, s.DB, 1, nil), ": not_found")
	s.sound(t)
}
