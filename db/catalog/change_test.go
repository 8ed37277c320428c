package catalog_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"

	"github.com/google/go-cmp/cmp"
)

func TestAChangeTouchesOnlyWhatItCarries(t *testing.T) {
	t.Parallel()
	s := open(t)
	before := s.create(t, hoodie())
	after := s.update(t, before.ID, catalog.ProductChange{Name: to("Warm hoodie"), TaxRate: to(money.Rate(7000)), Category: to("")})
	want := *before
	want.Name, want.NameKey, want.TaxRate, want.Version = "Warm hoodie", "warm hoodie", 7000, 2
	want.Category, want.CategoryID, want.Variants = "", nil, slices.Clone(before.Variants)
	for i := range want.Variants {
		v := &want.Variants[i]
		v.Name, v.Words, v.Version = "Warm hoodie - "+v.Title, "", 2
	}
	if diff := cmp.Diff(&want, after); diff != "" {
		t.Error(diff)
	}
	equal(t, "found by the new name", s.list(t, catalog.ProductFilter{List: db.List{Q: "warm"}}), "Warm hoodie")
	equal(t, "not by the old category", s.list(t, catalog.ProductFilter{List: db.List{Q: "clothing"}}))
}

func TestWhatChangesNothingLeavesTheVersionAndTellsNobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	events := s.count(t, "SELECT max(id) FROM events")
	same := catalog.ProductChange{Name: to(" Hoodie"), Category: to("CLOTHING > Hoodies"), Published: to(true), Options: to([]string{"size", "colour"})}
	for _, v := range p.Variants {
		same.Variants = append(same.Variants, catalog.VariantChange{ID: v.ID, Price: &v.Price, SKU: &v.SKU, Barcodes: &v.Barcodes, Options: v.Options})
	}
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		if would, err := catalog.WouldChange(tx, p.ID, same); would || err != nil {
			t.Errorf("would change: %v %v", would, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := s.update(t, p.ID, same); !cmp.Equal(got, p) {
		t.Error(cmp.Diff(p, got))
	}
	if n := s.count(t, "SELECT max(id) FROM events"); n != events {
		t.Errorf("%d events", n-events)
	}
}

func TestAStaleChangeIsRefusedWithTheCurrentState(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.update(t, p.ID, catalog.ProductChange{Version: to(int64(1)), Name: to("Red mug")})
	_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Version: to(int64(1)), Name: to("Green mug")})
	var e *db.Error
	if db.CodeOf(err) != "stale" {
		t.Fatal(err)
	}
	e = err.(*db.Error) //nolint:errorlint // CodeOf said so
	if current, ok := e.Params["current"].(*catalog.Product); !ok || current.Name != "Red mug" || current.Version != 2 {
		t.Errorf("%+v", e.Params)
	}
}

func TestVariantsAreChangedAddedAndLeftOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	got := s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{
		{ID: 3, Price: to(money.Amount(4900))},
		{SKU: to("H-S-B"), Price: to(money.Amount(4400)), Options: map[string]string{"size": "S", "colour": "Blue"}},
		{ID: 1},
	}})
	var titles []string
	for _, v := range got.Variants {
		titles = append(titles, v.Title)
	}
	equal(t, "variants in their new order", titles, "L / Red", "S / Blue", "L / Blue")
	if got.Variants[0].Price != 4900 || got.Variants[0].SKU != "H-L-R" || got.Variants[2].Price != 4500 {
		t.Errorf("%+v", got.Variants)
	}
	if n := s.count(t, "SELECT count(*) FROM variants WHERE id = 2 AND dropped = 1 AND archived_at IS NOT NULL AND sku = 'H-M-B'"); n != 1 {
		t.Error("history does not keep the variant that was left out")
	}
	equal(t, "the counter", s.find(t, catalog.VariantFilter{List: db.List{Q: "H-M-B"}}))
	for _, again := range []catalog.VariantChange{{SKU: to("h-m-b")}, {ID: 2}, {ID: 2, SKU: to("H-M-B2")}} {
		back := s.update(t, p.ID, catalog.ProductChange{KeepVariants: true, Variants: []catalog.VariantChange{again}})
		if len(back.Variants) != 4 || back.Variants[3].ID != 2 || back.Variants[3].Archived {
			t.Errorf("by its SKU or id it returns: %+v", back.Variants)
		}
		s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1}, {ID: 3}, {ID: 4}}})
	}
}

func TestAVariantIsKnownByItsSKUUnlessItsIdIsNamed(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	got := s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{SKU: to("H-M-B"), Price: to(money.Amount(1))}, {SKU: to("h-l-b")}}})
	if v := got.Variants; len(v) != 2 || v[0].ID != 2 || v[0].Price != 1 || v[1].ID != 1 || v[1].Title != "L / Blue" {
		t.Errorf("by their SKUs: %+v", v)
	}
	got = s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{
		{ID: 1, SKU: to("NEW")}, {SKU: to("H-L-B"), Price: to(money.Amount(2)), Options: map[string]string{"size": "XL", "colour": "Blue"}},
	}})
	if v := got.Variants; v[0].ID != 1 || v[0].SKU != "NEW" || v[1].ID != 4 || v[1].SKU != "H-L-B" {
		t.Errorf("a SKU given up and taken: %+v", v)
	}
	_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{SKU: to("H-M-B")}, {SKU: to("h-m-b"), Price: to(money.Amount(1)), Options: map[string]string{"size": "S", "colour": "Blue"}}}})
	refused(t, err, "variants[1].sku: sku_taken")
}

func TestAnArchivedProductTakesAVariantBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1}, {ID: 2}}})
	if _, err := catalog.Archive(s.ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	got := s.update(t, p.ID, catalog.ProductChange{KeepVariants: true, Variants: []catalog.VariantChange{{ID: 3}}})
	if len(got.Variants) != 3 || !got.Variants[2].Archived {
		t.Errorf("%+v", got.Variants)
	}
}

func TestAnAddressIsChangedUnlessItIsAnothersProduct(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, hoodie())
	p := s.create(t, mug("MUG"))
	if got := s.update(t, p.ID, catalog.ProductChange{Slug: to("blue-mug"), Name: to("Red mug")}); got.Slug != "blue-mug" || got.Name != "Red mug" {
		t.Errorf("its own: %+v", got)
	}
	if got := s.update(t, p.ID, catalog.ProductChange{Slug: to("red-mug")}); got.Slug != "red-mug" {
		t.Errorf("a new one: %+v", got)
	}
	_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Slug: to("hoodie")})
	refused(t, err, "slug: slug_taken")
}

func TestTwoVariantsCanSwapTheirSKUsValuesAndBarcodes(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.Variants[0].Barcodes, in.Variants[1].Barcodes = []string{"AAA1"}, []string{"BBB1"}
	p := s.create(t, in)
	got := s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{
		{ID: 1, SKU: to("H-M-B"), Barcodes: to([]string{"BBB1"}), Options: map[string]string{"size": "M", "colour": "Blue"}},
		{ID: 2, SKU: to("H-L-B"), Barcodes: to([]string{"AAA1"}), Options: map[string]string{"size": "L", "colour": "Blue"}},
		{ID: 3},
	}})
	if v := got.Variants[0]; v.ID != 1 || v.SKU != "H-M-B" || v.Title != "M / Blue" || v.Barcodes[0] != "BBB1" {
		t.Errorf("%+v", v)
	}
	equal(t, "scanned", s.find(t, catalog.VariantFilter{Barcode: "AAA1"}), "Hoodie - L / Blue")
}

func TestAVariantLeftOutGivesItsBarcodeToAnotherOfTheProductOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.Variants[0].Barcodes = []string{"AAA1"}
	p := s.create(t, in)
	_, err := catalog.Create(s.ctx, s.DB, mug("MUG", "aaa1"))
	refused(t, err, "variants[0].barcodes[0]: barcode_taken")
	s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 2, Barcodes: to([]string{"AAA1"})}, {ID: 3}}})
	equal(t, "scanned", s.find(t, catalog.VariantFilter{Barcode: "AAA1"}), "Hoodie - M / Blue")
}

func TestOptionsCanBeRespelledAndMustStillFit(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	got := s.update(t, p.ID, catalog.ProductChange{Options: to([]string{"Colour", "Size"})})
	if v := got.Variants[0]; v.Title != "Blue / L" || v.Options["Colour"] != "Blue" {
		t.Errorf("%+v", v)
	}
	_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Options: to([]string{"size", "colour", "fit"})})
	refused(t, err, "variants[0].options.fit: option_missing", "variants[1].options.fit: option_missing", "variants[2].options.fit: option_missing")
	_, err = catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Options: to([]string{}), Variants: []catalog.VariantChange{{ID: 1, Options: map[string]string{}}}})
	if err != nil {
		t.Error(err)
	}
}

func TestAnAmountInAChangeIsKeptClearedOrSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := mug("MUG")
	in.Variants[0].CompareAtPrice = to(money.Amount(2000))
	p := s.create(t, in)
	for _, step := range []struct {
		body            string
		compareAt, cost *money.Amount
	}{
		{`{"variants":[{"id":1,"price":1300}]}`, to(money.Amount(2000)), to(money.Amount(600))},
		{`{"variants":[{"id":1,"compareAtPrice":null,"cost":null}]}`, nil, nil},
		{`{"variants":[{"id":1,"compareAtPrice":0,"cost":5}]}`, to(money.Amount(0)), to(money.Amount(5))},
	} {
		var change catalog.ProductChange
		if err := json.Unmarshal([]byte(step.body), &change); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(change); string(again) != step.body {
			t.Errorf("%s is written %s", step.body, again)
		}
		v := s.update(t, p.ID, change).Variants[0]
		if !cmp.Equal(v.CompareAtPrice, step.compareAt) || !cmp.Equal(v.Cost, step.cost) {
			t.Errorf("%s: %v %v", step.body, v.CompareAtPrice, v.Cost)
		}
	}
}

func TestAVariantThatIsNotTheProductsIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, hoodie())
	p := s.create(t, mug("MUG"))
	for want, list := range map[string][]catalog.VariantChange{
		"variants[0].id: not_found":         {{ID: 1}},
		"variants[1].id: duplicate_variant": {{ID: 4}, {ID: 4}},
		"variants[0].price: required":       {{}},
		"variants: required":                {},
		"variants[0].sku: sku_taken":        {{ID: 4, SKU: to("H-L-B")}},
	} {
		if _, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: list}); len(refusal(err)) == 0 || refusal(err)[0] != want {
			t.Errorf("refused with %q, want %q", refusal(err), want)
		}
	}
}

func TestAnArchivedProductIsNotSoldAndComesBackAsItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	p = s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1}, {ID: 2}}})
	gone, err := catalog.Archive(s.ctx, s.DB, p.ID)
	if err != nil || !gone.Archived || gone.ArchivedAt == nil || gone.Version != 3 || len(gone.Variants) != 2 || !gone.Variants[0].Archived {
		t.Fatalf("%+v %v", gone, err)
	}
	again, err := catalog.Archive(s.ctx, s.DB, p.ID)
	if err != nil || !cmp.Equal(again, gone) {
		t.Errorf("a second time it changes: %s %v", cmp.Diff(gone, again), err)
	}
	equal(t, "the counter", s.find(t, catalog.VariantFilter{List: db.List{Q: "hoodie"}}))
	s.update(t, p.ID, catalog.ProductChange{Name: to("Old hoodie")})
	equal(t, "a change does not bring it back", s.find(t, catalog.VariantFilter{}))
	back, err := catalog.Restore(s.ctx, s.DB, p.ID)
	if err != nil || back.Archived || back.ArchivedAt != nil || len(back.Variants) != 2 || back.Variants[0].Archived {
		t.Errorf("%+v %v", back, err)
	}
	equal(t, "the counter again", s.find(t, catalog.VariantFilter{}), "Old hoodie - L / Blue", "Old hoodie - M / Blue")
}

func TestTheAuditKeepsPricesCostsAndPolicies(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.update(t, p.ID, catalog.ProductChange{Description: to("Blue.")})
	s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, Price: to(money.Amount(1300)), Policy: to(catalog.Backorder)}}})
	if _, err := catalog.Archive(s.ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "audit", s.audit(t),
		`Olga brand  -> {"name":"Acme"}`,
		`Olga category  -> {"name":"Kitchen"}`,
		`Olga product  -> {"name":"Blue mug","variants":[{"id":1,"sku":"MUG","price":1250,"compareAtPrice":null,"cost":600,"policy":"deny"}]}`,
		`Olga variant {"id":1,"sku":"MUG","price":1250,"compareAtPrice":null,"cost":600,"policy":"deny"} -> {"id":1,"sku":"MUG","price":1300,"compareAtPrice":null,"cost":600,"policy":"backorder"}`,
		`Olga product {"archived":false} -> {"archived":true}`)
}

func TestTheAuditKeepsNewBrandsAndCategoriesAndTheirNamesBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := catalog.CreateBrand(s.ctx, s.DB, catalog.NewBrand{Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.CreateCategory(s.ctx, s.DB, catalog.NewCategory{Name: "Kitchen"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second changes nothing
		if _, err := catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Name: to("Bergmann")}); err != nil {
			t.Fatal(err)
		}
		if _, err := catalog.UpdateCategory(s.ctx, s.DB, 1, catalog.CategoryChange{Name: to("Table")}); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "audit", s.audit(t), `Olga brand  -> {"name":"Acme"}`, `Olga category  -> {"name":"Kitchen"}`,
		`Olga brand {"name":"Acme"} -> {"name":"Bergmann"}`, `Olga category {"name":"Kitchen"} -> {"name":"Table"}`)
}

func (s shop) audit(t testing.TB) (told []string) {
	t.Helper()
	var rows []struct{ Entity, Before, After, ActorName string }
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT entity, coalesce(before, '') AS before, after, actor_name FROM audit ORDER BY id")
	}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		told = append(told, r.ActorName+" "+r.Entity+" "+strings.ReplaceAll(r.Before+" -> "+r.After, `\u003e`, ">"))
	}
	return told
}

func TestARenamedBrandIsFoundByItsNewName(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("A", "4006381333931", "X 7"))
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for i := range 600 { // more than one slice
			in := mug("")
			in.Name, in.Brand, in.Category = "Plate", "Acme", ""
			if i == 599 {
				in.Name = "Last plate"
			}
			if _, err := catalog.CreateIn(tx, in); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b, err := catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Version: to(int64(1)), Name: to("Bergmann")})
	if err != nil || b.Name != "Bergmann" || b.Version != 2 {
		t.Fatalf("%+v %v", b, err)
	}
	equal(t, "old name", s.list(t, catalog.ProductFilter{List: db.List{Q: "acme"}}))
	equal(t, "new name", s.list(t, catalog.ProductFilter{List: db.List{Q: "bergm mug"}}), "Blue mug")
	equal(t, "beyond the first slice", s.list(t, catalog.ProductFilter{List: db.List{Q: "bergm last"}}), "Last plate")
	p, err := catalog.ProductByID(s.ctx, s.DB, 1)
	if err != nil || p.Brand != "Bergmann" {
		t.Errorf("%+v %v", p, err)
	}
	if again := s.update(t, 1, catalog.ProductChange{Brand: to("bergmann")}); again.Version != 1 {
		t.Error("the words written in SQL differ from those written in Go")
	}
}

func TestBrandsAndCategoriesAreListedMadeAndRenamed(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range []string{"Zebra", "Äther", "acme", "Acorn"} {
		if _, err := catalog.CreateBrand(s.ctx, s.DB, catalog.NewBrand{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := catalog.CreateBrand(s.ctx, s.DB, catalog.NewBrand{Name: "ACME"})
	refused(t, err, "name: name_taken")
	_, err = catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Name: to("ACORN")})
	refused(t, err, "name: name_taken")
	_, err = catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Version: to(int64(9)), Name: to("x")})
	refused(t, err, ": stale")
	_, err = catalog.UpdateBrand(s.ctx, s.DB, 9, catalog.BrandChange{Name: to("x")})
	refused(t, err, ": not_found")
	if b, err := catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Name: to("ZEBRA")}); err != nil || b.Name != "ZEBRA" {
		t.Errorf("its own name in another case: %+v %v", b, err)
	}
	var names []string
	for l := (db.List{Limit: 3}); ; {
		page, err := catalog.Brands(s.ctx, s.DB, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range page.Items {
			names = append(names, b.Name)
		}
		if l.After = page.Next; l.After == "" {
			break
		}
	}
	equal(t, "brands", names, "acme", "Acorn", "Äther", "ZEBRA")
	page, err := catalog.Brands(s.ctx, s.DB, db.List{Q: "ac"})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("%+v %v", page, err)
	}
	if c, err := catalog.CreateCategory(s.ctx, s.DB, catalog.NewCategory{Name: "acme"}); err != nil || c.ID != 1 {
		t.Errorf("categories have names of their own: %+v %v", c, err)
	}
}
