package imports_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/money"
	"onhand/db/stock"
)

const ownHeader = "Handle,Name,Description,Brand,Category,Tags,Notes,Published,Tax rate,Option 1 name,Option 1 value,Option 2 name,Option 2 value,Option 3 name,Option 3 value," +
	"SKU,Barcodes,Packs,Price,Compare-at price,Sale price,Sale starts,Sale ends,Cost,Reorder point,Max stock,Tracked,Policy\n"

// full is a shop with a product that has everything a file can say.
func full(t *testing.T) (s shop, export string) {
	t.Helper()
	s = open(t)
	amount := func(a money.Amount) *money.Amount { return &a }
	count := func(n int64) *int64 { return &n }
	starts := db.TimeOf(s.Now().Add(3661 * 1e9))
	rate := money.Rate(8875)
	_, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "A <b> & \"C\"", Slug: "a-b-c", Description: "Two\nlines &amp; one", Brand: "=Acme", Category: "Kitchen", TaxRate: &rate,
		Tags: []string{"new", "Blue"}, Notes: "-5 on Mondays", Published: new(bool), Options: []string{"Size", "Colour"}, Variants: []catalog.NewVariant{
			{SKU: "S", Price: 1250, Options: map[string]string{"Size": "S", "Colour": "+Red"}, Barcodes: []string{"4006381333931", "X1"}, Packs: []catalog.Pack{{Code: "P6", Quantity: 6}},
				CompareAtPrice: amount(1500), SalePrice: amount(999), SaleStarts: &starts, Cost: amount(600), ReorderPoint: count(3), MaxStock: count(30), Policy: catalog.Backorder},
			{SKU: "L", Price: 1300, Options: map[string]string{"Size": "L", "Colour": "@Blue"}, Tracked: new(bool)}}})
	if err != nil {
		t.Fatal(err)
	}
	return s, ownHeader +
		"a-b-c,\"A <b> & \"\"C\"\"\",\"Two\nlines &amp; one\",'=Acme,Kitchen,\"Blue, new\",'-5 on Mondays,no,8.875,Size,S,Colour,'+Red,,,S,4006381333931 X1,P6 x6,12.50,15.00,9.99,2026-11-20T10:01:01.000Z,,6.00,3,30,yes,backorder\n" +
		"a-b-c,\"A <b> & \"\"C\"\"\",\"Two\nlines &amp; one\",'=Acme,Kitchen,\"Blue, new\",'-5 on Mondays,no,8.875,Size,L,Colour,'@Blue,,,L,,,13.00,,,,,,10,0,no,deny\n"
}

func TestOurOwnExportComesBackWithoutAChange(t *testing.T) {
	t.Parallel()
	s, export := full(t)
	m := s.preview(t, export)
	sums(t, m, "create 0, update 0, skip 2 of which unchanged 2, errors 0")
	if len(m.IgnoredColumns) != 0 || len(m.Warnings) != 0 {
		t.Errorf("ignored %v, warned of %v", m.IgnoredColumns, m.Warnings)
	}
	before := s.state(t)
	s.commit(t, m)
	s.unchanged(t, before)
}

func TestWhatIsExportedComesBackWithoutAChange(t *testing.T) {
	t.Parallel()
	s, _ := full(t)
	for _, name := range []string{"'=x", "''", "\\,", "a\\nb", "<script>", "  x", "1,250"} {
		if _, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: name + ".", Description: name + "\r\n<p>" + name, Brand: name, Tags: []string{strings.ReplaceAll(name, ",", "") + "\\", "z" + strings.ReplaceAll(name, ",", "")}, Notes: name, Options: []string{name + "o"},
			Variants: []catalog.NewVariant{{SKU: name, Price: 1, Barcodes: []string{name, "A B" + name}, Options: map[string]string{name + "o": name}}}}); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
	}
	e, err := imports.ExportProducts(s.ctx, s.DB, catalog.ProductFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	if err := e.WriteCSV(s.ctx, &file); err != nil {
		t.Fatal(err)
	}
	m := s.preview(t, file.String())
	sums(t, m, "create 0, update 0, skip 9 of which unchanged 9, errors 0")
	if t.Failed() {
		t.Log(file.String())
	}
	before := s.state(t)
	s.commit(t, m)
	s.unchanged(t, before)
}

func TestEveryCellOfOurOwnExportCanBeChanged(t *testing.T) {
	t.Parallel()
	s, export := full(t)
	for _, c := range [][2]string{{"\"A <b> & \"\"C\"\"\"", "New name"}, {"lines &amp; one", "lines"}, {"'=Acme", "Other"}, {"Kitchen", "Garden"}, {"Blue, new", "Blue, old"}, {"'-5 on Mondays", "none"},
		{",no,8.875", ",yes,19"}, {"'+Red", "Green"}, {"X1", "X1 X2"}, {"P6 x6", "P6 x6 P12 x12"}, {"12.50", "12.51"}, {"15.00", "15.01"}, {"9.99", "9.98"}, {"10:01:01", "10:01:02"},
		{",6.00,", ",6.01,"}, {",3,30,", ",4,31,"}, {"yes,backorder", "yes,deny"}, {",no,deny", ",yes,deny"}} {
		m := s.preview(t, strings.ReplaceAll(export, c[0], c[1]))
		if m.Update < 1 || m.ErrorRows != 0 {
			t.Errorf("%s instead of %s: %s\n%s", c[1], c[0], counts(m), indented(m.Errors))
		}
	}
	changed := strings.NewReplacer("Kitchen", "Garden", "8.875", "7", "12.50", "12.51", "9.99", "9.98", "6.00", "5.00", ",3,30,", ",4,31,", "yes,backorder", "yes,deny", "P6 x6", "P12 x12").Replace(export)
	m := s.brought(t, changed)
	sums(t, m, "create 0, update 1, skip 1 of which unchanged 1, errors 0")
	p := s.product(t, "A <b> & \"C\"")
	v := p.Variants[0]
	if got := fmt.Sprintf("%s %s %d %d %d %d %d %s %v", p.Category, p.TaxRate, v.Price, *v.SalePrice, *v.Cost, v.ReorderPoint, v.MaxStock, v.Policy, v.Packs); got !=
		"Garden 7% 1251 998 500 4 31 deny [{P6 6} {P12 12}]" {
		t.Errorf("the product is %s", got)
	}
	sums(t, s.preview(t, changed), "create 0, update 0, skip 2 of which unchanged 2, errors 0")
}

func TestOurOwnExportMakesTheSameProductsElsewhere(t *testing.T) {
	t.Parallel()
	from, export := full(t)
	to := open(t)
	sums(t, to.brought(t, export), "create 2, update 0, skip 0 of which unchanged 0, errors 0")
	a, b := from.product(t, "A <b> & \"C\""), to.product(t, "A <b> & \"C\"")
	if indented(a) != indented(b) {
		t.Errorf("exported %s\nimported %s", indented(a), indented(b))
	}
	sums(t, to.preview(t, export), "create 0, update 0, skip 2 of which unchanged 2, errors 0")
}

func TestTheSamplesOfShopifyComeInWhole(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]struct {
		counts, again   string
		products, tells string
		pictures        int
	}{
		"apparel.csv": {"create 22, update 0, skip 0 of which unchanged 0, errors 0", "create 0, update 0, skip 22 of which unchanged 22, errors 0",
			"20", "[Size] 3 variants, partners-demo, , 6000, tracked false, published true", 20},
		"product_template_legacy.csv": {"create 5, update 0, skip 0 of which unchanged 0, errors 0", "create 0, update 0, skip 5 of which unchanged 5, errors 0",
			"3", "[Title] 3 variants, Acme, Shirts, 2500, tracked false, published true", 3},
	} {
		s := open(t)
		text := referenceFile(t, "shopify", file)
		m := s.preview(t, text)
		sums(t, m, want.counts)
		if m.Pictures != want.pictures {
			t.Errorf("%s: %d pictures", file, m.Pictures)
		}
		s.commit(t, m)
		if n := fmt.Sprint(s.count(t, "SELECT count(*) FROM products")); n != want.products {
			t.Errorf("%s: %s products", file, n)
		}
		var p *catalog.Product
		for _, name := range []string{"Classic Varsity Top", "Example T-Shirt"} {
			if s.count(t, "SELECT count(*) FROM products WHERE name = ?1", name) > 0 {
				p = s.product(t, name)
			}
		}
		v := p.Variants[0]
		if got := fmt.Sprintf("%v %d variants, %s, %s, %d, tracked %t, published %t", p.Options, len(p.Variants), p.Brand, p.Category, v.Price, v.Tracked, p.Published); got != want.tells {
			t.Errorf("%s: %s", file, got)
		}
		before := s.state(t)
		sums(t, s.brought(t, text), want.again)
		s.unchanged(t, before)
	}
}

const shirts = "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Taxable,Image Src,Gift Card,Status\n"

func TestAShopifyProductIsItsHandleAndItsOptions(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := shirts + "shirt,Shirt,Acme,Size,S,,shopify,4,deny,10.00,FALSE,https://example.com/a.jpg?v=1,FALSE,active\n" +
		"shirt,,,,M,,shopify,-2,continue,11.00,FALSE,,,\n" +
		"shirt,,,,,,,,,,,https://example.com/b.jpg,,\n" +
		"card,Card,,Title,Default Title,,,,,25.00,TRUE,,TRUE,active\n" +
		"cup,Cup,,Title,Default Title,,,,,5.00,TRUE,,FALSE,draft\n"
	m := s.brought(t, first)
	sums(t, m, "create 3, update 0, skip 2 of which unchanged 0, errors 0")
	p := s.product(t, "Shirt")
	if got := fmt.Sprint(p.Slug, " ", p.Options, " ", len(p.Variants), " ", p.TaxRate, " ", p.Variants[1].Policy, " ", s.count(t, "SELECT total(on_hand) FROM levels")); got != "shirt [Size] 2 0% backorder 4" {
		t.Errorf("the shirt is %s", got)
	}
	if cup := s.product(t, "Cup"); len(cup.Options) != 0 || cup.Published || cup.Variants[0].Tracked || cup.TaxRate != 19000 {
		t.Errorf("the cup is %s", indented(cup))
	}
	// Without SKUs, sold in between, with a new price, a new size and another name: the same shirt.
	s.sell(t, p.Variants[0].SKU, 1)
	second := strings.NewReplacer("10.00", "12.00", ",Shirt,", ",Best shirt,").Replace(first) + "shirt,,,,L,,shopify,7,deny,11.00,FALSE,,,\n"
	again := s.brought(t, second)
	sums(t, again, "create 1, update 1, skip 4 of which unchanged 2, errors 0")
	best := s.product(t, "Best shirt")
	if got := fmt.Sprint(best.ID == p.ID, " ", len(best.Variants), " ", best.Variants[0].Price, " ", best.Variants[0].SKU == p.Variants[0].SKU, " ", s.count(t, "SELECT total(on_hand) FROM levels")); got != "true 3 1200 true 10" {
		t.Errorf("the second time it is %s", got)
	}
	page, err := imports.Pictures(s.ctx, s.DB, m.ID, db.List{Limit: 1})
	if err != nil || len(page.Items) != 1 || page.Next == "" || page.Items[0].Product != "Best shirt" || page.Items[0].URL != "https://example.com/a.jpg?v=1" {
		t.Errorf("the pictures are %+v, %v", page, err)
	}
	for range 2 {
		if _, err := imports.DoneWithPictures(s.ctx, s.DB, m.ID, imports.PicturesDone{ProductID: p.ID}); err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range []int64{m.ID, again.ID} {
		if page, err := imports.Pictures(s.ctx, s.DB, one, db.List{}); err != nil || len(page.Items) != 0 {
			t.Errorf("of import %d there are left %+v, %v", one, page, err)
		}
	}
	_, err = imports.Pictures(as([]int64{s.main + 1}), s.DB, m.ID, db.List{})
	refused(t, err, "not_found", "")
}

func TestABrokenRowOfAProductLeavesItsOthers(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := shirts + "shirt,Shirt,Acme,Size,S,,,,deny,ten,TRUE,,,\nshirt,,,,M,,,,deny,11.00,TRUE,,,\n" +
		"cup,,,Size,S,,,,deny,1.00,TRUE,,,\ncup,,,,M,,,,deny,1.00,TRUE,,,\n" +
		"tea,Tea,,,,T,,,deny,1.00,TRUE,,,\ntea,Tea,,,,U,,,deny,1.00,TRUE,,,\ntea,Coffee,,,,V,,,deny,1.00,TRUE,,,\n"
	m := s.preview(t, file)
	var got []string
	for _, e := range m.Errors {
		got = append(got, fmt.Sprint(e.Row, " ", e.Column, " ", e.Code))
	}
	for _, r := range m.Skipped {
		got = append(got, fmt.Sprint(r.Row, " skipped ", r.Code))
	}
	want := "2 Variant Price bad_amount, 4 Title required, 7 Handle option_needed, 8 Title differs, 5 skipped product_error"
	if strings.Join(got, ", ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, ", "), want)
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	s.commit(t, s.preview(t, shirts+"shirt,Shirt,Acme,Size,S,,,,deny,10,TRUE,,,\n")) // mended
	if p := s.product(t, "Shirt"); len(p.Variants) != 2 {
		t.Errorf("the shirt has %d variants, want both", len(p.Variants))
	}
}

func TestTheCatalogOfSquareComesIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	const header = "Token,Item Name,Variation Name,SKU,Description,Category,GTIN,Square Online Item Visibility,Weight (lb),Price,Sellable,Stockable,Option Name 1,Option Value 1,Option Name 2,Option Value 2,Option Name 3,Option Value 3," +
		"Default Unit Cost,Default Vendor Name,Default Vendor Code,Current Quantity Main store,New Quantity Main store,Stock Alert Enabled Main store,Stock Alert Count Main store,Tax - NJ Sales Tax (6.625%)\n"
	file := header + "T1,Coffee,Regular,C1,Fresh,Drinks,4006381333931,visible,,3.50,Y,N,,,,,,,1.20,,,,,,,Y\n" +
		"T2,Tea,Small,,,Drinks,,hidden,,2.00,Y,Y,,,,,,,,,,5,,Y,2,N\nT2,Tea,Large,,,Drinks,,hidden,,3.00,Y,Y,,,,,,,,,,6,,Y,2,N\n" +
		"T3,Shirt,Red,S-R,,,,,,10.00,Y,Y,Colour,Red,,,,,,,,1,,N,,N\nT4,Beans,,B,,,,,,1.00,N,Y,,,,,,,,,,,,,,\nT5,Tip,Regular,TIP,,,,,,variable,Y,N,,,,,,,,,,,,,,\n"
	m := s.preview(t, file)
	sums(t, m, "create 4, update 0, skip 1 of which unchanged 0, errors 1")
	if m.Errors[0].Code != "variable_price" || m.Errors[0].Row != 7 {
		t.Errorf("refused %+v", m.Errors)
	}
	if got := strings.Join(m.IgnoredColumns, ", "); got != "Stock Alert Enabled Main store" {
		t.Errorf("not imported: %s", got)
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	coffee, tea, shirt := s.product(t, "Coffee"), s.product(t, "Tea"), s.product(t, "Shirt")
	if got := fmt.Sprint(coffee.Options, coffee.TaxRate, *coffee.Variants[0].Cost, coffee.Variants[0].Tracked, tea.Options, tea.Published, tea.TaxRate, len(tea.Variants), tea.Variants[0].ReorderPoint, shirt.Options); got != "[] 6.625% 120 false [Variation] false 0% 2 2 [Colour]" {
		t.Errorf("Square's items are %s", got)
	}
	if n := s.count(t, "SELECT total(on_hand) FROM levels"); n != 12 {
		t.Errorf("%d on hand, want 12", n)
	}
	before := s.state(t)
	again := s.preview(t, file)
	sums(t, again, "create 0, update 0, skip 5 of which unchanged 4, errors 1")
	s.unchanged(t, before)
}

func TestTheStockOfSquaresLocationsGoesToOurs(t *testing.T) {
	t.Parallel()
	s := open(t)
	var second *stock.Location
	s.write(t, func(tx *db.Tx) (err error) {
		second, err = stock.CreateLocation(tx, "Harbour")
		return err
	})
	there := func(sku string, at int64) int64 {
		return s.count(t, "SELECT coalesce((SELECT on_hand FROM levels l JOIN variants v ON v.id = l.variant_id WHERE v.sku = ?1 AND l.location_id = ?2), -1)", sku, at)
	}
	before := s.dump(t)
	const header = "Token,Item Name,Variation Name,SKU,Price,Current Quantity main Store,New Quantity Main store,Stock Alert Count Main store,Current Quantity Harbour,Stock Alert Count Harbour"
	const file = header + "\nT1,Tea,Regular,TEA,2.00,5,,1,7,4\nT2,Cup,Regular,CUP,3.00,,,,2,\n"
	m := s.preview(t, file)
	sums(t, m, "create 2, update 0, skip 0 of which unchanged 0, errors 0")
	if got := strings.Join(m.IgnoredColumns, ", "); got != "Stock Alert Count Main store, Stock Alert Count Harbour" {
		t.Errorf("not imported: %s", got)
	}
	s.commit(t, m)
	if got := fmt.Sprint(there("TEA", s.main), there("TEA", second.ID), there("CUP", s.main), there("CUP", second.ID)); got != "5 7 -1 2" {
		t.Errorf("on hand are %s", got)
	}
	sums(t, s.preview(t, file), "create 0, update 0, skip 2 of which unchanged 2, errors 0")

	between := s.dump(t)
	more := s.brought(t, strings.Replace(file, "5,,1,7", "6,,1,4", 1))
	sums(t, more, "create 0, update 1, skip 1 of which unchanged 1, errors 0")
	if got := fmt.Sprint(there("TEA", s.main), there("TEA", second.ID)); got != "6 4" {
		t.Errorf("on hand are %s", got)
	}
	keeps(t, s.undo(t, more))
	s.asBefore(t, between)
	keeps(t, s.undo(t, m))
	s.asBefore(t, before)

	// One that nobody here is called like has to be named, or left out.
	unknown := strings.ReplaceAll(file, "Harbour", "Kiosk")
	_, err := s.upload(unknown)
	refused(t, err, "unknown_place", "mapping")
	r, err := s.read(imports.Upload{}, unknown)
	if err != nil || r.Columns[5].Field != "stock:Main store" || r.Columns[8].Field != "stock:kiosk" || !slices.ContainsFunc(r.Fields, func(f imports.ImportField) bool { return f.Field == "stock:Harbour" }) {
		t.Errorf("read as %+v, %v", r, err)
	}
	named := func(field string) (*imports.Import, error) {
		return imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "square.csv", File: strings.NewReader(unknown), Mapping: map[string]string{"Current Quantity Kiosk": field}})
	}
	_, err = named("stock:Main store")
	refused(t, err, "duplicate_column", "file")
	left, err := named("")
	if err != nil {
		t.Fatal(err)
	}
	sums(t, left, "create 2, update 0, skip 0 of which unchanged 0, errors 0")
	harbour, err := named("stock:Harbour")
	if err != nil {
		t.Fatal(err)
	}
	s.commit(t, harbour)
	if got := fmt.Sprint(there("TEA", s.main), there("TEA", second.ID)); got != "5 7" {
		t.Errorf("on hand are %s", got)
	}

	// The only one is where the person says, whatever it is called.
	alone := s.preview(t, "Token,Item Name,Variation Name,SKU,Price,Current Quantity Kiosk\nT3,Pot,Regular,POT,2.00,5\n")
	s.commit(t, alone)
	if got := there("POT", s.main); got != 5 {
		t.Errorf("%d pots", got)
	}
}

func TestTheHeadersOfOtherSystemsAreRecognised(t *testing.T) {
	t.Parallel()
	s := open(t)
	for system, header := range headers(t) {
		r, err := s.read(imports.Upload{}, header+"\n")
		if err != nil || r.Format != map[string]string{"Shopify": "shopify", "Square": "square", "WooCommerce": "woocommerce"}[system] {
			t.Errorf("%s is %+v, %v", system, r, err)
		}
	}
}

// headers are the header rows of other systems as lines of a file.
func headers(t *testing.T) map[string]string {
	t.Helper()
	var all []struct {
		System string
		Header []string
	}
	if err := json.Unmarshal([]byte(referenceFile(t, "headers.json")), &all); err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for _, one := range all {
		for i, h := range one.Header {
			one.Header[i] = `"` + h + `"`
		}
		lines[one.System] = strings.Join(one.Header, ",")
	}
	return lines
}
