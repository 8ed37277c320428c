package catalog_test

import (
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestACopyHasAllThatTwoProductsMayHave(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.Description, in.Brand, in.Tags, in.Notes, in.TaxRate = "Warm.", "Acme", []string{"warm"}, "From Olga", to(money.Rate(19000))
	in.Variants[1].Barcodes, in.Variants[1].Packs = []string{"4006381333931"}, []catalog.Pack{{Code: "BOX", Quantity: 6}}
	in.Variants[1].SalePrice, in.Variants[1].SaleEnds = to(money.Amount(4000)), to(db.Time(1))
	in.Variants[1].CompareAtPrice, in.Variants[1].Cost = to(money.Amount(5000)), to(money.Amount(2000))
	in.Variants[1].ReorderPoint, in.Variants[1].MaxStock, in.Variants[1].Policy = to(int64(3)), to(int64(30)), catalog.Backorder
	in.Variants[2].Tracked = to(false)
	from := s.create(t, in)
	made, err := catalog.Duplicate(s.ctx, s.DB, from.ID, catalog.NewCopy{})
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "Copy of Hoodie" || made.Published || made.Slug == from.Slug || made.Version != 1 {
		t.Errorf("%+v", made)
	}
	own := cmp.Options{cmpopts.IgnoreFields(catalog.Product{}, "ID", "Name", "NameKey", "Slug", "Published"),
		cmpopts.IgnoreFields(catalog.Variant{}, "ID", "ProductID", "Name", "Words", "SKU", "Barcodes", "Packs", "SalePrice", "SaleEnds", "CurrentPrice")}
	if diff := cmp.Diff(from, made, own); diff != "" {
		t.Error(diff)
	}
	for i, v := range made.Variants {
		if v.SKU == from.Variants[i].SKU || v.SKU == "" || len(v.Barcodes)+len(v.Packs) > 0 || v.SalePrice != nil || v.SaleEnds != nil {
			t.Errorf("%+v", v)
		}
	}
	if now, err := catalog.ProductByID(s.ctx, s.DB, from.ID); err != nil || cmp.Diff(from, now) != "" {
		t.Errorf("copying changed the original: %s, %v", cmp.Diff(from, now), err)
	}
	s.sound(t)
}

func TestACopyIsNamedAndTakesPicturesWhereAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	from := s.create(t, hoodie())
	s.pictured(t, from.ID, 0, asPNG(t, quarters(40, 20)))
	from = s.pictured(t, from.ID, from.Variants[1].ID, asPNG(t, quarters(20, 20)))
	if _, err := catalog.ChangeImage(s.ctx, s.DB, from.Images[1].ID, catalog.ImageChange{Alt: to("in red")}); err != nil {
		t.Fatal(err)
	}
	plain, err := catalog.Duplicate(s.ctx, s.DB, from.ID, catalog.NewCopy{Name: " Zipper "})
	if err != nil || plain.Name != "Zipper" || len(plain.Images) != 0 {
		t.Fatalf("%+v, %v", plain, err)
	}
	made, err := catalog.Duplicate(s.ctx, s.DB, from.ID, catalog.NewCopy{Images: true})
	if err != nil || len(made.Images) != 2 {
		t.Fatalf("%+v, %v", made, err)
	}
	if i := made.Images[1]; i.VariantID == nil || *i.VariantID != made.Variants[1].ID || i.Alt != "in red" || i.URL != from.Images[1].URL {
		t.Errorf("%+v", i)
	}
	s.sound(t)
}

func TestACopyTellsNoCostsAndIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	from := s.create(t, mug("A"))
	ctx := db.WithKey(as("products.read", "products.write"), "POST /products/1/duplicate", "k")
	made, err := catalog.Duplicate(ctx, s.DB, from.ID, catalog.NewCopy{})
	if err != nil || made.Variants[0].Cost != nil {
		t.Fatalf("%+v, %v", made, err)
	}
	again, err := catalog.Duplicate(ctx, s.DB, from.ID, catalog.NewCopy{})
	if err != nil || again.ID != made.ID {
		t.Errorf("%+v, %v", again, err)
	}
	seen, err := catalog.ProductByID(s.ctx, s.DB, made.ID)
	if err != nil || seen.Variants[0].Cost != nil {
		t.Errorf("who may not see costs copied one: %+v, %v", seen, err)
	}
	if n := s.count(t, "SELECT count(*) FROM products"); n != 2 {
		t.Errorf("%d products", n)
	}
}

func TestACopyOfALongNameFits(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := mug("A")
	in.Name = strings.Repeat("ß", 200)
	from := s.create(t, in)
	made, err := catalog.Duplicate(s.ctx, s.DB, from.ID, catalog.NewCopy{})
	if err != nil || made.Name != "Copy of "+strings.Repeat("ß", 192) {
		t.Errorf("%+v, %v", made, err)
	}
	_, err = catalog.Duplicate(s.ctx, s.DB, from.ID, catalog.NewCopy{Name: strings.Repeat("x", 201)})
	refused(t, err, "name: too_long")
	if _, err = catalog.Duplicate(s.ctx, s.DB, 99, catalog.NewCopy{}); db.CodeOf(err) != "not_found" {
		t.Errorf("a copy of nothing: %v", err)
	}
}
