package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/settings"
	"onhand/db/stock"
)

func TestTheSameFileTwiceDoesNotUndoWhatWasSoldInBetween(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := simple("MUG,Mug,5,10")
	s.brought(t, file)
	s.sell(t, "MUG", 3)
	before := s.state(t)
	sums(t, s.brought(t, file), "create 0, update 0, skip 1 of which unchanged 1, errors 0")
	s.unchanged(t, before)

	sums(t, s.brought(t, simple("MUG,Mug,5,14")), "create 0, update 1, skip 0 of which unchanged 0, errors 0")
	if n := s.onHand(t, "MUG"); n != 11 {
		t.Errorf("4 more in the file made %d of 7", n)
	}
	sums(t, s.brought(t, simple("MUG,Mug,5,")), "create 0, update 0, skip 1 of which unchanged 1, errors 0")
	if n := s.onHand(t, "MUG"); n != 11 {
		t.Errorf("an empty cell made %d of 11", n)
	}
}

func TestStockThatIsNotThereCannotBeTakenAwayByAFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, simple("MUG,Mug,5,10"))
	s.sell(t, "MUG", 8)
	before := s.state(t)
	m := s.preview(t, simple("MUG,Mug,5,3"))
	if len(m.Errors) != 1 || m.Errors[0].Row != 2 || m.Errors[0].Column != "Stock" || m.Errors[0].Code != "below_zero" {
		t.Errorf("the preview says %v", m.Errors)
	}
	_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "has_errors", "")
	s.unchanged(t, before)
}

func TestStockThatOrdersHaveReservedCannotBeTakenAwayByAFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, simple("MUG,Mug,5,10"))
	s.write(t, func(tx *db.Tx) error {
		v, _, err := catalog.BySKU(tx, "MUG")
		if err != nil {
			return err
		}
		_, err = stock.Reserve(tx, stock.Ref{ID: 1, Number: "1001"}, []stock.Need{{LineID: 1, VariantID: v.VariantID, LocationID: s.main, Quantity: 8}})
		return err
	})
	m := s.preview(t, simple("MUG,Mug,5,7"))
	if len(m.Errors) != 1 || m.Errors[0].Code != "would_short" || m.Errors[0].Column != "Stock" {
		t.Errorf("the preview says %v", m.Errors)
	}
	s.brought(t, simple("MUG,Mug,5,8"))
	if n := s.onHand(t, "MUG"); n != 8 {
		t.Errorf("%d on hand, want 8", n)
	}
}

func TestStockTheShopCountedItselfBecomesTheFilesOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "Mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 500}}})
	if err != nil {
		t.Fatal(err)
	}
	s.sell(t, "MUG", -5)
	sums(t, s.brought(t, simple("mug,Mug,5,5")), "create 0, update 0, skip 1 of which unchanged 1, errors 0")
	s.sell(t, "MUG", 1)
	sums(t, s.brought(t, simple("mug,Mug,5,5")), "create 0, update 0, skip 1 of which unchanged 1, errors 0")
	if n := s.onHand(t, "MUG"); n != 4 {
		t.Errorf("the same number again made %d of 4", n)
	}
	if now := s.product(t, "Mug"); now.Version != p.Version {
		t.Error("the product changed")
	}
}

func TestANumberInTheFileStartsTheCounting(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, simple("MUG,Mug,5,"))
	if s.product(t, "Mug").Variants[0].Tracked {
		t.Error("without a number the stock is tracked")
	}
	sums(t, s.brought(t, simple("MUG,Mug,5,7")), "create 0, update 1, skip 0 of which unchanged 0, errors 0")
	if !s.product(t, "Mug").Variants[0].Tracked || s.onHand(t, "MUG") != 7 {
		t.Errorf("%d on hand", s.onHand(t, "MUG"))
	}
}

func TestAnUpdateChangesWhatTheFileSaysAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := open(t)
	const header = "Type,SKU,Name,Regular price,Sale price,Description,Categories,Brands,Tax status,Published,\"GTIN, UPC, EAN, or ISBN\"\n"
	s.brought(t, header+"simple,MUG,Mug,10,8,For tea,Kitchen,Acme,taxable,1,73513537\n")
	p := s.product(t, "Mug")
	rate, reorder := p.TaxRate/2, int64(3)
	_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{TaxRate: &rate, Variants: []catalog.VariantChange{
		{ID: p.Variants[0].ID, ReorderPoint: &reorder, Barcodes: &[]string{"73513537", "BOX"}}}})
	if err != nil {
		t.Fatal(err)
	}

	before := s.state(t)
	sums(t, s.brought(t, header+"simple,MUG,Mug,10,8,,,,taxable,,00000073513537\n"), "create 0, update 0, skip 1 of which unchanged 1, errors 0")
	s.unchanged(t, before)

	sums(t, s.brought(t, header+"simple,MUG,Big mug,12,,For soup,kitchen,Best,none,0,4006381333931\n"), "create 0, update 1, skip 0 of which unchanged 0, errors 0")
	p = s.product(t, "Big mug")
	v := p.Variants[0]
	got := fmt.Sprintf("%s %s %s %d %t %d %t %d %s", p.Description, p.Category, p.Brand, p.TaxRate, p.Published, v.Price, v.CompareAtPrice == nil, v.ReorderPoint, v.Barcodes)
	if want := "For soup Kitchen Best 9500 false 1200 true 3 [73513537 BOX 4006381333931]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

const tees = "Type,SKU,ID,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n"

func TestANewVariationJoinsItsProductAndTheOthersStayInTheirOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := tees + "variable,TEE,,Tee,,,Size,\"S, M\"\nvariation,T-M,,,10,TEE,Size,M\nvariation,T-S,,,10,TEE,Size,S\n"
	s.brought(t, file)
	sums(t, s.brought(t, file), "create 0, update 0, skip 3 of which unchanged 3, errors 0")
	m := s.brought(t, tees+"variation,T-L,,,12,TEE,Size,L\nvariable,TEE,,Tee,,,Size,L\nvariation,T-S,,,11,TEE,size,s\n")
	sums(t, m, "create 1, update 1, skip 1 of which unchanged 1, errors 0")
	sums(t, s.brought(t, tees+"variable,TEE,,Tee,,,Size,XL\nvariation,T-XL,,,13,TEE,Size,XL\n"), "create 1, update 0, skip 1 of which unchanged 1, errors 0")
	var got []string
	for _, v := range s.product(t, "Tee").Variants {
		got = append(got, fmt.Sprint(v.SKU, " ", v.Title, " ", v.Price))
	}
	if want := "T-M M 1000, T-S S 1100, T-L L 1200, T-XL XL 1300"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

func TestWhatHasNoSKUIsFoundAgainByItsID(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := tees + "simple,,7,Pin,1,,,\nvariable,,44,Cap,,,Colour,\"Red, Blue\"\nvariation,,45,,5,id:44,Colour,Red\nvariation,,46,,6,ID: 44,Colour,Blue\n"
	sums(t, s.brought(t, file), "create 4, update 0, skip 0 of which unchanged 0, errors 0")
	before := s.state(t)
	sums(t, s.brought(t, file), "create 0, update 0, skip 4 of which unchanged 4, errors 0")
	s.unchanged(t, before)
	sums(t, s.brought(t, strings.Replace(file, "6,ID: 44", "7,id:44", 1)), "create 0, update 1, skip 3 of which unchanged 3, errors 0")
}

func TestWhatTheShopArchivedOrRemovedStaysSo(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := tees + "simple,PIN,,Pin,1,,,\nvariable,TEE,,Tee,,,Size,\"S, M\"\nvariation,T-M,,,10,TEE,Size,M\nvariation,T-S,,,10,TEE,Size,S\n"
	s.brought(t, file)
	if _, err := catalog.Archive(s.ctx, s.DB, s.product(t, "Pin").ID); err != nil {
		t.Fatal(err)
	}
	p := s.product(t, "Tee")
	if _, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: p.Variants[0].ID}}}); err != nil {
		t.Fatal(err)
	}
	before := s.state(t)
	m := s.brought(t, file)
	sums(t, m, "create 0, update 0, skip 4 of which unchanged 2, errors 0")
	if len(m.Skipped) != 2 || m.Skipped[0].Code != "archived" || m.Skipped[1].Row != 5 {
		t.Errorf("skipped %v", m.Skipped)
	}
	s.unchanged(t, before)
}

func TestTwoProductsOfTheFileCannotBeOneOfTheShop(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, tees+"variable,TEE,,Tee,,,Size,\"S, M\"\nvariation,T-M,,,10,TEE,Size,M\nvariation,T-S,,,10,TEE,Size,S\n")
	m := s.preview(t, tees+"variable,A,,Tee,,,Size,M\nvariation,T-M,,,10,A,Size,M\nvariable,B,,Tee,,,Size,S\nvariation,T-S,,,10,B,Size,S\n")
	if len(m.Errors) != 1 || m.Errors[0].Code != "same_product" || m.Errors[0].Row != 4 {
		t.Errorf("%v", m.Errors)
	}
}

func TestASKUOfASimpleProductDoesNotTurnItIntoAnother(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, simple("T-M,Something else,5,"))
	m := s.preview(t, tees+"variable,TEE,,Tee,,,Size,\"S, M\"\nvariation,T-M,,,10,TEE,Size,M\nvariation,T-S,,,10,TEE,Size,S\n")
	sums(t, m, "create 2, update 0, skip 0 of which unchanged 0, errors 1")
	if len(m.Errors) != 1 || m.Errors[0].Code != "sku_taken" || m.Errors[0].Row != 3 || m.Errors[0].Column != "SKU" {
		t.Errorf("%v", m.Errors)
	}
}

func TestABarcodeOfAnotherProductIsAnErrorOfItsRow(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "Mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1, Barcodes: []string{"416000336108"}}}}); err != nil {
		t.Fatal(err)
	}
	m := s.preview(t, "Type;SKU;Name;Regular price;\"GTIN, UPC, EAN, or ISBN\"\nsimple;CUP;Cup;1;0416000336108\n")
	if len(m.Errors) != 1 || m.Errors[0].Code != "barcode_taken" || m.Errors[0].Column != "GTIN, UPC, EAN, or ISBN" {
		t.Errorf("%v", m.Errors)
	}
}

func TestAGeneratedSKULeavesThoseOfTheFileAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.brought(t, "Type,ID,SKU,Name,Regular price\nsimple,1,,Mug,1\nsimple,2,MUG,Another,2\n")
	sums(t, m, "create 2, update 0, skip 0 of which unchanged 0, errors 0")
	if v := s.product(t, "Another").Variants[0]; v.SKU != "MUG" {
		t.Errorf("the SKU of the file became %s", v.SKU)
	}
}

func TestASaleOfWooCommerceIsASaleHere(t *testing.T) {
	t.Parallel()
	s := open(t)
	const header = "Type,SKU,Name,Regular price,Sale price,Date sale price starts,Date sale price ends\n"
	const file = header + "simple,A,Always,10,8,,\nsimple,B,Today,10,8,2026-11-20T00:00:00,2026-11-20\nsimple,C,Over,10,8,,2026-11-19 23:59:59\n" +
		"simple,D,Later,10,8,2026-11-21 08:30:00,\nsimple,E,Dearer,10,12,,\nsimple,F,Only sale,,8,,\nsimple,G,No price,,8,2026-11-20,\nsimple,H,None,10,,2026-11-20,\n"
	m := s.preview(t, file)
	var wrong []string
	for _, e := range m.Errors {
		wrong = append(wrong, fmt.Sprint(e.Row, " ", e.Column, " ", e.Code))
	}
	if got := strings.Join(wrong, ", "); got != "6 Sale price sale_above_price, 8 Regular price required" {
		t.Errorf("refused %s", got)
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	at := func(moment *db.Time) string {
		if moment == nil {
			return "open"
		}
		return moment.Time().Format("01-02T15:04")
	}
	for name, want := range map[string]string{ // Berlin is an hour ahead
		"Always": "1000 800 open open now 800", "Today": "1000 800 11-19T23:00 11-20T23:00 now 800", "Over": "1000 800 open 11-19T23:00 now 1000",
		"Later": "1000 800 11-21T07:30 open now 1000", "Only sale": "800 - now 800", "None": "1000 - now 1000"} {
		v := s.product(t, name).Variants[0]
		got := fmt.Sprint(v.Price, " -")
		if v.SalePrice != nil {
			got = fmt.Sprint(v.Price, " ", *v.SalePrice, " ", at(v.SaleStarts), " ", at(v.SaleEnds))
		}
		if got += fmt.Sprint(" now ", v.CurrentPrice); got != want || v.CompareAtPrice != nil {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	again := s.preview(t, file)
	sums(t, again, "create 0, update 0, skip 6 of which unchanged 6, errors 2")

	// A sale that WooCommerce does not have any more ends; a file that knows of no sales leaves it.
	s.brought(t, simple("A,Always,10,"))
	if s.product(t, "Always").Variants[0].SalePrice == nil {
		t.Error("a file without sales ended one")
	}
	s.brought(t, header+"simple,A,Always,10,,,\n")
	if s.product(t, "Always").Variants[0].SalePrice != nil {
		t.Error("a sale that is gone there goes on here")
	}
}

func TestAmountsFollowTheCurrencyOfTheShop(t *testing.T) {
	t.Parallel()
	for currency, cells := range map[string][][2]string{
		"EUR": {{"12.5", "1250"}, {"12,50", "1250"}, {"12,5", "1250"}, {"1.234,50", "123450"}, {"1,234.50", "123450"},
			{"1,234,567", "123456700"}, {"1.234.567", "123456700"}, {"0.500", "50"}, {".5", "50"}, {"7", "700"}, {"12.", "1200"},
			{"1,250", "ambiguous_amount"}, {"1.250", "ambiguous_amount"}, {"1.2505", "bad_amount"}, {"1,2,3", "bad_amount"},
			{"1,25.000", "bad_amount"}, {"€5", "bad_amount"}, {"-1", "negative_amount"}, {"'-1", "negative_amount"},
			{"1e3", "bad_amount"}, {"NaN", "bad_amount"}, {"99999999999999999999", "too_large"}},
		"JPY": {{"1250", "1250"}, {"1,250", "1250"}, {"1.5", "bad_amount"}},
		"KWD": {{"1.250", "1250"}, {"1,250", "1250000"}, {"1.2505", "bad_amount"}},
	} {
		s := open(t)
		if _, err := settings.Save(s.ctx, s.DB, settings.Change{Currency: &currency}); err != nil {
			t.Fatal(err)
		}
		file := "Type\tSKU\tName\tRegular price\n"
		for i, c := range cells {
			file += fmt.Sprintf("simple\tA%d\tMug\t%s\n", i, c[0])
		}
		m := s.preview(t, file)
		got := map[int]string{}
		for _, e := range m.Errors {
			got[e.Row] = e.Code
		}
		for i, c := range cells {
			if p := m.Sample[i].Price; p != nil {
				got[i+2] = fmt.Sprint(*p)
			}
			if got[i+2] != c[1] {
				t.Errorf("%s in %s is %s, want %s", c[0], currency, got[i+2], c[1])
			}
		}
	}
}

func TestAProductWithMoreThanOneVariantNeedsWhatTellsThemApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, tees+"variable,TEE,,Tee,,,Size,\"S, M\"\nvariation,T-M,,,10,TEE,Size,\nvariation,T-S,,,10,TEE,Size,\n")
	if len(m.Errors) != 1 || m.Errors[0].Code != "options_missing" || m.Errors[0].Row != 2 {
		t.Errorf("%v", m.Errors)
	}
	sums(t, m, "create 0, update 0, skip 2 of which unchanged 0, errors 1")
	var changed int64
	s.write(t, func(tx *db.Tx) error { return tx.Row("SELECT count(*) FROM products", nil, &changed) })
	if changed != 0 {
		t.Error("a preview made a product")
	}
}
