package catalog_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// history is a variant's price history as it leaves, the oldest first.
func history(t *testing.T, ctx context.Context, s shop, variantID int64) (lines []string) {
	t.Helper()
	page, err := catalog.PriceHistory(ctx, s.DB, variantID, db.List{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Items {
		b, err := json.Marshal(struct {
			By   string
			From *catalog.Prices
			To   catalog.Prices
		}{c.By, c.From, c.To})
		if err != nil {
			t.Fatal(err)
		}
		short := strings.NewReplacer(`,"salePrice":null,"saleStarts":null,"saleEnds":null`, "", `"compareAtPrice":null`, "-").Replace(string(b))
		lines = append([]string{short}, lines...)
	}
	return lines
}

func TestEachChangeOfAPriceIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	one := func(c catalog.VariantChange) {
		c.ID = 1
		s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{c}})
	}
	one(catalog.VariantChange{Price: to(money.Amount(1390))})
	one(catalog.VariantChange{Price: to(money.Amount(1390)), ReorderPoint: to(int64(3))})
	one(catalog.VariantChange{Cost: money.Some(to(money.Amount(650)))})
	one(catalog.VariantChange{SalePrice: money.Some(to(money.Amount(999))), SaleStarts: db.SomeTime(&now)})
	s.update(t, p.ID, catalog.ProductChange{Name: to("Red mug")})
	sale := `"salePrice":999,"saleStarts":"2026-11-20T09:00:00.000Z","saleEnds":null`
	equal(t, "for who sees costs", history(t, s.ctx, s, 1),
		`{"By":"Olga","From":null,"To":{"price":1250,-,"cost":600}}`,
		`{"By":"Olga","From":{"price":1250,-,"cost":600},"To":{"price":1390,-,"cost":600}}`,
		`{"By":"Olga","From":{"price":1390,-,"cost":600},"To":{"price":1390,-,"cost":650}}`,
		`{"By":"Olga","From":{"price":1390,-,"cost":650},"To":{"price":1390,-,"cost":650,`+sale+`}}`)
	equal(t, "for others", history(t, as("products.read"), s, 1),
		`{"By":"Olga","From":null,"To":{"price":1250,-}}`,
		`{"By":"Olga","From":{"price":1250,-},"To":{"price":1390,-}}`,
		`{"By":"Olga","From":{"price":1390,-},"To":{"price":1390,-,`+sale+`}}`)
	if _, err := catalog.PriceHistory(s.ctx, s.DB, 7, db.List{}); db.CodeOf(err) != "not_found" {
		t.Errorf("of no variant: %v", err)
	}
	s.sound(t)
}

func TestThePriceHistoryIsPaged(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.create(t, mug("CUP"))
	for i := range 5 {
		s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, Price: to(money.Amount(i))}}})
	}
	var got []money.Amount
	for l := (db.List{Limit: 2}); ; {
		page, err := catalog.PriceHistory(s.ctx, s.DB, 1, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			got = append(got, c.To.Price)
		}
		if l.After = page.Next; l.After == "" {
			break
		}
	}
	if len(got) != 6 || got[0] != 4 || got[5] != 1250 {
		t.Errorf("%d", got)
	}
}

func TestGoingBackIsWrittenDownToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	was := s.create(t, mug("MUG"))
	back := s.back(t, was.ID)
	changed := s.update(t, was.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, Price: to(money.Amount(1)), Cost: money.Some(nil)}}})
	if _, err := revert(s.ctx, s, was.ID, changed.Version, back); err != nil {
		t.Fatal(err)
	}
	got := history(t, s.ctx, s, 1)
	equal(t, "the last", got[2:], `{"By":"Olga","From":{"price":1,-},"To":{"price":1250,-,"cost":600}}`)
}

func TestThePriceHistoryIsNeitherChangedNorDeleted(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("MUG"))
	for _, statement := range []string{"UPDATE variant_prices SET price = 1", "DELETE FROM variant_prices"} {
		err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
			_, err := tx.Exec(statement)
			return err
		})
		if err == nil {
			t.Errorf("%s passes", statement)
		}
	}
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		gone, err := removeIn(tx, 1)
		if err == nil && !gone {
			t.Error("its own history keeps a product")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, "SELECT count(*) FROM variant_prices"); n != 0 {
		t.Errorf("%d entries of a variant that never was", n)
	}
}
