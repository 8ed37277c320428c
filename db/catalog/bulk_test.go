package catalog_test

import (
	"fmt"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"

	"github.com/google/go-cmp/cmp"
)

func (s shop) bulk(t testing.TB, products ...catalog.BulkProduct) catalog.BulkResult {
	t.Helper()
	out, err := catalog.Bulk(s.ctx, s.DB, catalog.BulkChange{Products: products})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// outcomes tells in a word each what became of products.
func outcomes(out catalog.BulkResult) (told []string) {
	for _, o := range out.Items {
		word := "done"
		for i, f := range o.Refused {
			if i == 0 {
				word = ""
			}
			word += f.Field + ":" + f.Code + " "
		}
		told = append(told, fmt.Sprint(o.ID, " ", word))
	}
	return told
}

func TestManyProductsAreChangedAndEachStandsAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	wear, cup, plate := s.create(t, hoodie()), s.create(t, mug("A")), s.create(t, mug("B"))
	out := s.bulk(t,
		catalog.BulkProduct{ID: wear.ID, Version: &wear.Version, Category: to("Outdoor"), Variants: []catalog.BulkVariant{
			{ID: 3, Price: to(money.Amount(4800)), Cost: money.Some(to(money.Amount(2000)))}, {ID: 2, ReorderPoint: to(int64(3))}}},
		catalog.BulkProduct{ID: cup.ID, Variants: []catalog.BulkVariant{{ID: 4, Price: to(money.Amount(-1)), ReorderPoint: to(int64(1e10))}}},
		catalog.BulkProduct{ID: 99, Category: to("Outdoor")},
		catalog.BulkProduct{ID: plate.ID, Category: to("outdoor"), Variants: []catalog.BulkVariant{{ID: 5, Cost: money.Some(nil)}}},
	)
	equal(t, "outcomes", outcomes(out), "1 done", "2 variants[0].price:out_of_range variants[0].reorderPoint:out_of_range ", "99 :not_found ", "3 done")
	if out.Done != 2 || out.Failed != 2 || out.Items[2].Product != nil {
		t.Errorf("%+v", out)
	}
	if diff := cmp.Diff(cup, out.Items[1].Product); diff != "" {
		t.Error("what was refused left something behind:", diff)
	}
	now := out.Items[0].Product
	if v := now.Variants; now.Category != "Outdoor" || len(v) != 3 || v[0].ID != 1 || v[1].ReorderPoint != 3 || v[2].Price != 4800 || *v[2].Cost != 2000 || v[0].Price != 4500 {
		t.Errorf("%+v", now)
	}
	if p := out.Items[3].Product; p.Category != "Outdoor" || p.Variants[0].Cost != nil || p.Variants[0].Price != 1250 {
		t.Errorf("%+v", p)
	}
	s.sound(t)
}

func TestABulkChangeSentTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	change := catalog.BulkProduct{ID: p.ID, Version: &p.Version, Category: to("Outdoor"), Variants: []catalog.BulkVariant{{ID: 2, Price: to(money.Amount(1))}}}
	first := s.bulk(t, change)
	before := s.events(t)
	again := s.bulk(t, change)
	if again.Done != 1 || again.Items[0].Product.Version != first.Items[0].Product.Version || s.events(t) != before {
		t.Errorf("%+v", again)
	}
	s.update(t, p.ID, catalog.ProductChange{Name: to("Jumper")})
	out := s.bulk(t, change)
	equal(t, "another's change of something else", outcomes(out), "1 done")
	change.Variants[0].Price = to(money.Amount(2))
	out = s.bulk(t, change)
	equal(t, "stale", outcomes(out), "1 :stale ")
	if o := out.Items[0]; o.Product.Name != "Jumper" || o.Product.Variants[1].Price != 1 || o.Refused[0].Params != nil {
		t.Errorf("%+v", o)
	}
}

func TestABulkChangeBringsNoVariantBackAndTakesNoCostFromWhoMayNotSeeIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	s.create(t, mug("A"))
	s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1}, {ID: 2}}})
	out := s.bulk(t, catalog.BulkProduct{ID: p.ID, Variants: []catalog.BulkVariant{{ID: 1, Price: to(money.Amount(1))}, {ID: 3, Price: to(money.Amount(1))}}},
		catalog.BulkProduct{ID: 2, Variants: []catalog.BulkVariant{{ID: 1}}})
	equal(t, "outcomes", outcomes(out), "1 variants[1].id:not_found ", "2 variants[0].id:not_found options:options_missing ")
	if len(out.Items[0].Product.Variants) != 2 || out.Items[0].Product.Variants[0].Price != 4500 {
		t.Errorf("%+v", out.Items[0].Product)
	}
	s.ctx = as("products.read", "products.write")
	out = s.bulk(t, catalog.BulkProduct{ID: 2, Variants: []catalog.BulkVariant{{ID: 4, Cost: money.Some(to(money.Amount(1)))}}})
	equal(t, "cost", outcomes(out), "2 variants[0].cost:forbidden ")
	if out.Items[0].Product.Variants[0].Cost != nil {
		t.Error("the reply tells the cost")
	}
}

func TestABulkChangeIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("A"))
	many := []catalog.BulkProduct{{ID: 1, Category: to("New")}}
	for i := range 3 {
		many = append(many, catalog.BulkProduct{ID: int64(i + 2), Variants: make([]catalog.BulkVariant, 167)})
	}
	_, err := catalog.Bulk(s.ctx, s.DB, catalog.BulkChange{Products: many})
	refused(t, err, "products: too_many")
	_, err = catalog.Bulk(s.ctx, s.DB, catalog.BulkChange{Products: []catalog.BulkProduct{{ID: 1, Category: to("New")}, {ID: 1}}})
	refused(t, err, "products[1].id: repeated")
	if n := s.count(t, "SELECT count(*) FROM products WHERE category_id <> 1"); n != 0 {
		t.Error("a refused bulk change was begun")
	}
}

// Each product is there once, in the order it was sent.
func TestABulkChangeOfManyWritesComesBackInOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for i := range 120 {
			in := mug("")
			in.Name = fmt.Sprint("Mug ", i)
			if _, err := catalog.CreateIn(tx, in); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var products []catalog.BulkProduct
	for id := int64(120); id > 0; id-- {
		products = append(products, catalog.BulkProduct{ID: id, Variants: []catalog.BulkVariant{{ID: id, Price: to(money.Amount(id))}}})
	}
	out := s.bulk(t, products...)
	if out.Done != 120 || out.Failed != 0 || len(out.Items) != 120 {
		t.Fatalf("%d done, %d failed", out.Done, out.Failed)
	}
	for i, o := range out.Items {
		if o.ID != int64(120-i) || o.Product.Variants[0].Price != money.Amount(o.ID) {
			t.Fatalf("at %d: %+v", i, o.Product)
		}
	}
}

func BenchmarkBulk(b *testing.B) {
	s := open(b)
	var products []catalog.BulkProduct
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for i := range 500 {
			in := mug("")
			in.Name = fmt.Sprint("Mug ", i)
			p, err := catalog.CreateIn(tx, in)
			if err != nil {
				return err
			}
			products = append(products, catalog.BulkProduct{ID: p.ID, Variants: []catalog.BulkVariant{{ID: p.Variants[0].ID}}})
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for n := range b.N {
		for i := range products {
			products[i].Variants[0].Price = to(money.Amount(n))
		}
		if out := s.bulk(b, products...); out.Failed > 0 {
			b.Fatal(out.Failed)
		}
	}
}
