package catalog_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/settings"

	"github.com/google/go-cmp/cmp"
)

func TestANewProductHasItsDefaultsOnTheWire(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, catalog.NewProduct{Name: " Blue mug ", Variants: []catalog.NewVariant{{Price: 1250}}})
	got, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":1,"slug":"blue-mug","name":"Blue mug","description":"","brand":"","brandId":null,"category":"","categoryId":null,"taxRate":0,"published":true,` +
		`"archived":false,"archivedAt":null,"options":[],"tags":[],"notes":"","variants":[{"id":1,"sku":"BLUE-MUG","name":"","barcodes":[],"packs":[],"options":{},"price":1250,"compareAtPrice":null,` +
		`"salePrice":null,"saleStarts":null,"saleEnds":null,"currentPrice":1250,"reorderPoint":10,"maxStock":0,"tracked":true,"tracksLots":false,"policy":"deny","archived":false,"version":1}],"images":[],"version":1,"createdAt":"2026-11-20T09:00:00.000Z","updatedAt":"2026-11-20T09:00:00.000Z"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	again, err := catalog.ProductByID(s.ctx, s.DB, p.ID)
	if err != nil || !cmp.Equal(again, p) {
		t.Errorf("read again it differs: %s %v", cmp.Diff(p, again), err)
	}
}

func TestANewProductHasTheShopsTaxRateUnlessItNamesOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	rate := int64(19_000)
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		if _, err := settings.SetUp(tx, settings.NewShop{Name: "Corner", Currency: "EUR", TimeZone: "Europe/Berlin"}); err != nil {
			return err
		}
		_, err := settings.SaveIn(tx, settings.Change{DefaultTaxRate: &rate})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]money.Rate{
		`{"name":"Mug","variants":[{"price":1}]}`:                19_000,
		`{"name":"Mug","taxRate":0,"variants":[{"price":1}]}`:    0,
		`{"name":"Mug","taxRate":7000,"variants":[{"price":1}]}`: 7_000,
	} {
		var in catalog.NewProduct
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			t.Fatal(err)
		}
		p := s.create(t, in)
		if p.TaxRate != want {
			t.Errorf("%s is taxed at %s, want %s", body, p.TaxRate, want)
		}
		s.update(t, p.ID, catalog.ProductChange{Name: to("Cup")})
		if again, err := catalog.ProductByID(s.ctx, s.DB, p.ID); err != nil || again.TaxRate != want {
			t.Errorf("a change of the name leaves the rate: %v %v", again, err)
		}
	}
}

func TestAProductKeepsWhatItWasMadeWith(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.Slug, in.Description, in.Brand, in.Published = "warm-hoodie", "Warm.\nSoft.", "Acme", to(false)
	in.Variants[0].Barcodes = []string{"4006381333931", "INTERNAL-7"}
	in.Variants[0].CompareAtPrice, in.Variants[0].Cost = to(money.Amount(5000)), to(money.Amount(0))
	in.Variants[0].ReorderPoint, in.Variants[0].Tracked, in.Variants[0].Policy = to(int64(0)), to(false), catalog.Backorder
	p := s.create(t, in)
	v := p.Variants[0]
	if p.Slug != "warm-hoodie" || p.Description != "Warm.\nSoft." || p.Published || p.Category != "Clothing > Hoodies" || p.Brand != "Acme" {
		t.Errorf("%+v", p)
	}
	if v.Title != "L / Blue" || *v.CompareAtPrice != 5000 || *v.Cost != 0 || v.ReorderPoint != 0 || v.Tracked || v.Policy != catalog.Backorder {
		t.Errorf("%+v", v)
	}
	equal(t, "barcodes", v.Barcodes, "4006381333931", "INTERNAL-7")
	if got := p.Variants[2].Options; !cmp.Equal(got, map[string]string{"size": "L", "colour": "Red"}) {
		t.Errorf("options are written as the product names them: %v", got)
	}
}

func TestBrandAndCategoryAreMadeOnceInAnyCase(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.create(t, mug("A"))
	in := mug("B")
	in.Brand, in.Category = "ACME", "kitchen"
	second := s.create(t, in)
	if second.Brand != "Acme" || *second.BrandID != *first.BrandID || *second.CategoryID != *first.CategoryID {
		t.Errorf("%+v", second)
	}
	if second.Slug != "blue-mug-2" {
		t.Errorf("the second address is %q", second.Slug)
	}
}

func TestAProductIsRefusedWithTheNameOfEveryFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("MUG-B", "4006381333931"))
	for name, c := range map[string]struct {
		change func(*catalog.NewProduct)
		want   []string
	}{
		"no name and no variant": {func(p *catalog.NewProduct) { p.Name, p.Variants = " ", nil }, []string{"name: required", "variants: required"}},
		"long name":              {func(p *catalog.NewProduct) { p.Name = strings.Repeat("x", 201) }, []string{"name: too_long"}},
		"long description":       {func(p *catalog.NewProduct) { p.Description = strings.Repeat("ß", 20001) }, []string{"description: too_long"}},
		"control characters":     {func(p *catalog.NewProduct) { p.Name, p.Variants[0].SKU = "a\x00b", "c\nd" }, []string{"name: bad_text", "variants[0].sku: bad_text"}},
		"numbers out of range": {func(p *catalog.NewProduct) {
			p.TaxRate, p.Variants[0].Price, p.Variants[1].Price = to(money.Rate(100_001)), -1, money.Max+1
		}, []string{"taxRate: out_of_range", "variants[0].price: out_of_range", "variants[1].price: out_of_range"}},
		"other numbers out of range": {func(p *catalog.NewProduct) {
			p.Variants[0].Cost, p.Variants[0].CompareAtPrice, p.Variants[0].ReorderPoint = to(money.Amount(-1)), to(money.Max+1), to(int64(-1))
		}, []string{"variants[0].compareAtPrice: out_of_range", "variants[0].cost: out_of_range", "variants[0].reorderPoint: out_of_range"}},
		"bad policy":                {func(p *catalog.NewProduct) { p.Variants[0].Policy = "maybe" }, []string{"variants[0].policy: bad_policy"}},
		"taken SKU in another case": {func(p *catalog.NewProduct) { p.Variants[1].SKU = "mug-b" }, []string{"variants[1].sku: sku_taken"}},
		"the same SKU twice":        {func(p *catalog.NewProduct) { p.Variants[2].SKU = "h-l-b" }, []string{"variants[2].sku: sku_taken"}},
		"taken barcode":             {func(p *catalog.NewProduct) { p.Variants[1].Barcodes = []string{"X", "04006381333931"} }, []string{"variants[1].barcodes[1]: barcode_taken"}},
		"the same barcode twice": {func(p *catalog.NewProduct) {
			p.Variants[0].Barcodes, p.Variants[1].Barcodes = []string{"ab"}, []string{"AB"}
		}, []string{"variants[1].barcodes[0]: barcode_taken"}},
		"bad check digit":             {func(p *catalog.NewProduct) { p.Variants[1].Barcodes = []string{"4006381333932"} }, []string{"variants[1].barcodes[0]: bad_barcode"}},
		"empty barcode":               {func(p *catalog.NewProduct) { p.Variants[1].Barcodes = []string{" "} }, []string{"variants[1].barcodes[0]: required"}},
		"missing value":               {func(p *catalog.NewProduct) { delete(p.Variants[1].Options, "size") }, []string{"variants[1].options.size: option_missing"}},
		"unknown option":              {func(p *catalog.NewProduct) { p.Variants[1].Options["fit"] = "slim" }, []string{"variants[1].options: option_unknown"}},
		"values twice, in other case": {func(p *catalog.NewProduct) { p.Variants[1].Options["size"] = "l" }, []string{"variants[1].options: duplicate_options"}},
		"variants without options": {func(p *catalog.NewProduct) {
			p.Options, p.Variants[0].Options, p.Variants[1].Options, p.Variants[2].Options = nil, nil, nil, nil
		}, []string{"options: options_missing"}},
		"four options":  {func(p *catalog.NewProduct) { p.Options = []string{"a", "b", "c", "d"} }, []string{"options: too_many", "options: options_missing"}},
		"option twice":  {func(p *catalog.NewProduct) { p.Options = []string{"Size", "size", "colour"} }, []string{"options[1]: duplicate_option"}},
		"too many":      {func(p *catalog.NewProduct) { p.Variants = make([]catalog.NewVariant, 251) }, []string{"variants: too_many"}},
		"taken address": {func(p *catalog.NewProduct) { p.Slug = "blue-mug" }, []string{"slug: slug_taken"}},
		"bad address":   {func(p *catalog.NewProduct) { p.Slug = "Blue Mug" }, []string{"slug: bad_slug"}},
	} {
		in := hoodie()
		c.change(&in)
		_, err := catalog.Create(s.ctx, s.DB, in)
		if got := refusal(err); !cmp.Equal(got, c.want) {
			t.Errorf("%s: refused with %q (%v), want %q", name, got, err, c.want)
		}
	}
	if n := s.count(t, "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM variants) + (SELECT count(*) FROM categories) + (SELECT max(id) FROM events)"); n != 1+1+1+3 {
		t.Errorf("what was refused left something behind: %d", n)
	}
}

func TestTheErrorsSayWhoseTheSKUAndBarcodeAre(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG-B", "416000336108"))
	if _, err := catalog.Archive(s.ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	_, err := catalog.Create(s.ctx, s.DB, mug("mug-b", "0416000336108"))
	refused(t, err, "variants[0].sku: sku_taken", "variants[0].barcodes[0]: barcode_taken")
	if want := "The SKU mug-b belongs to Blue mug (archived). Choose another one."; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	_, err = catalog.Create(s.ctx, s.DB, mug("C", "4006381333932"))
	if want := "The check digit of 4006381333932 is wrong: it should be 1."; err == nil || err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
}

func TestGeneratedSKUsAndAddressesAreUnique(t *testing.T) {
	t.Parallel()
	s := open(t)
	slugs, skus := map[string]bool{}, map[string]bool{}
	for _, name := range []string{"Mug", "mug", "MUG!", "Múg", "mug", "mug", "mug", "東京", "東京", "Чай", "Große Tasse", "a&b"} {
		p := s.create(t, catalog.NewProduct{Name: name, Variants: []catalog.NewVariant{{}}})
		if slugs[p.Slug] || skus[p.Variants[0].SKU] {
			t.Errorf("%s is not unique: %s %s", name, p.Slug, p.Variants[0].SKU)
		}
		slugs[p.Slug], skus[p.Variants[0].SKU] = true, true
	}
	for _, want := range []string{"mug", "mug-2", "product", "product-2", "chay", "grosse-tasse", "a-and-b"} {
		if !slugs[want] {
			t.Errorf("no %s in %v", want, slugs)
		}
	}
	in := hoodie()
	in.Variants[0].SKU, in.Variants[2].SKU = "", "HOODIE-L-BLUE"
	if got := s.create(t, in).Variants[0].SKU; got != "HOODIE-L-BLUE-2" {
		t.Errorf("a generated SKU leaves the given ones: %s", got)
	}
}

func TestCostIsThereOnlyForThoseWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	clerk := as("products.read", "products.write")
	seen, err := catalog.ProductByID(clerk, s.DB, p.ID)
	if err != nil || seen.Variants[0].Cost != nil {
		t.Errorf("%+v %v", seen, err)
	}
	if wire, _ := json.Marshal(seen); strings.Contains(string(wire), "cost") {
		t.Errorf("%s", wire)
	}
	page, err := catalog.Products(clerk, s.DB, catalog.ProductFilter{})
	if err != nil || page.Items[0].Variants[0].Cost != nil {
		t.Errorf("%+v %v", page, err)
	}
	changed, err := catalog.Update(clerk, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, Price: to(money.Amount(1300))}}})
	if err != nil || changed.Variants[0].Cost != nil {
		t.Errorf("%+v %v", changed, err)
	}
	_, err = catalog.Update(clerk, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, Cost: money.Some(to(money.Amount(1)))}}})
	refused(t, err, "variants[0].cost: forbidden")
	kept, err := catalog.ProductByID(s.ctx, s.DB, p.ID)
	if err != nil || *kept.Variants[0].Cost != 600 || kept.Variants[0].Price != 1300 {
		t.Errorf("the cost is not kept: %+v %v", kept, err)
	}
}

func TestTheListIsFilteredSortedAndPaged(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, p := range []struct{ name, brand, category string }{
		{"banana", "Fair", "Fruit"}, {"Äpfel", "Fair", "Fruit"}, {"Cherry", "", "Fruit"}, {"apron", "Acme", "Kitchen"}, {"Zest", "Acme", ""},
	} {
		s.create(t, catalog.NewProduct{Name: p.name, Brand: p.brand, Category: p.category, Published: to(p.name != "Zest"), Variants: []catalog.NewVariant{{Price: 1}}})
	}
	if _, err := catalog.Archive(s.ctx, s.DB, 3); err != nil {
		t.Fatal(err)
	}
	equal(t, "all by name", s.list(t, catalog.ProductFilter{}), "Äpfel", "apron", "banana", "Zest")
	equal(t, "backwards", s.list(t, catalog.ProductFilter{Sort: "-name"}), "Zest", "banana", "apron", "Äpfel")
	equal(t, "newest", s.list(t, catalog.ProductFilter{Sort: "newest"}), "Zest", "apron", "Äpfel", "banana")
	equal(t, "archived", s.list(t, catalog.ProductFilter{Archived: true}), "Cherry")
	equal(t, "not published", s.list(t, catalog.ProductFilter{Published: to(false)}), "Zest")
	equal(t, "published", s.list(t, catalog.ProductFilter{Published: to(true), BrandID: 2}), "apron")
	equal(t, "brand by name", s.list(t, catalog.ProductFilter{Brand: " ACME "}), "apron", "Zest")
	equal(t, "category by id", s.list(t, catalog.ProductFilter{CategoryID: 1}), "Äpfel", "banana")
	equal(t, "unknown category", s.list(t, catalog.ProductFilter{Category: "Toys"}))
	for _, sort := range []string{"name", "-name", "newest", "oldest"} {
		whole := s.list(t, catalog.ProductFilter{Sort: sort})
		var paged []string
		for f := (catalog.ProductFilter{List: db.List{Limit: 1}, Sort: sort}); ; {
			page, err := catalog.Products(s.ctx, s.DB, f)
			if err != nil || len(page.Items) != 1 || len(page.Items[0].Variants) != 1 {
				t.Fatalf("%s: %+v %v", sort, page, err)
			}
			paged = append(paged, page.Items[0].Name)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		equal(t, sort+" page by page", paged, whole...)
	}
	_, err := catalog.Products(s.ctx, s.DB, catalog.ProductFilter{Sort: "price"})
	refused(t, err, "query.sort: bad_sort")
	_, err = catalog.Products(s.ctx, s.DB, catalog.ProductFilter{List: db.List{After: "x"}})
	refused(t, err, "query.after: bad_cursor")
}

func TestTheSearchFindsProductsByTheWordsOfTheirVariants(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("MUG-B", "416000336108"))
	s.create(t, hoodie())
	s.create(t, catalog.NewProduct{Name: "Crème brûlée", Variants: []catalog.NewVariant{{SKU: "X9"}}})
	for q, want := range map[string][]string{
		"blue": {"Blue mug", "Hoodie"}, "acme kitch": {"Blue mug"}, "blue HOOD": {"Hoodie"}, "creme": {"Crème brûlée"}, "clothing": {"Hoodie"},
		"mug-b": {"Blue mug"}, "416000336108": {"Blue mug"}, "0416000336108": {"Blue mug"}, "x9": {"Crème brûlée"}, "x": {"Crème brûlée"}, "h": {"Hoodie"}, "41": {"Blue mug"},
		"hoodie m": {"Hoodie"}, "hoodie xl": nil, `"`: nil, `blue"`: nil, "AND": nil, "mug OR hoodie": nil, "m'": nil, "?1?": nil,
	} {
		equal(t, q, s.list(t, catalog.ProductFilter{List: db.List{Q: q}}), want...)
	}
}

func TestASentenceInsteadOfAProductThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, f := range map[string]func(context.Context) error{
		"read": func(ctx context.Context) error { _, err := catalog.ProductByID(ctx, s.DB, 7); return err },
		"update": func(ctx context.Context) error {
			_, err := catalog.Update(ctx, s.DB, 7, catalog.ProductChange{})
			return err
		},
		"archive": func(ctx context.Context) error { _, err := catalog.Archive(ctx, s.DB, 7); return err },
	} {
		if err := f(s.ctx); db.CodeOf(err) != "not_found" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProductsAreListedByTheirNumbers(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range []string{"Cup", "Bowl", "Plate", "Jug"} {
		s.create(t, catalog.NewProduct{Name: name, Variants: []catalog.NewVariant{{Price: 1}}})
	}
	if _, err := catalog.Archive(s.ctx, s.DB, 3); err != nil {
		t.Fatal(err)
	}
	equal(t, "some", s.list(t, catalog.ProductFilter{IDs: []int64{3, 1, 2, 99}}), "Bowl", "Cup", "Plate")
	equal(t, "some that fit", s.list(t, catalog.ProductFilter{IDs: []int64{3, 1, 2}, List: db.List{Q: "bowl"}}), "Bowl")
}
