package stock_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

func (s *shop) sellFirst(ctx context.Context, location int64) string {
	s.t.Helper()
	list, err := stock.SellFirstAt(ctx, s.DB, location)
	if err != nil {
		s.t.Fatal(err)
	}
	var said []string
	for _, l := range list.Items {
		said = append(said, fmt.Sprintf("%d of %d %s %s %s for %d", l.AtRisk, l.Quantity, l.SKU, l.Lot.Lot, l.State, l.AtRiskValue))
	}
	return strings.Join(said, ", ")
}

func TestWhatBringsMostIsToBeSoldFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.today("2026-11-20")
	milk, cake := s.perishable("MILK"), s.perishable("CAKE")
	s.adjust(stock.Received, lot(milk, 5, "OLD", "2026-11-18"), lot(milk, 9, "SOON", "2026-11-25"), lot(milk, 9, "LATER", "2027-06-01"),
		lot(cake, 4, "A", "2026-11-22"), lot(cake, 20, "B", "2026-11-28"))
	if got, want := s.sellFirst(s.Ctx, 0), "5 of 5 MILK OLD expired for 0, 20 of 20 CAKE B expiring for 10000, 9 of 9 MILK SOON expiring for 4500, 4 of 4 CAKE A expiring for 2000"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// Marked down it brings less.
	var product, version int64
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT p.id, p.version FROM products p JOIN variants v ON v.product_id = p.id WHERE v.id = ?1", []any{cake}, &product, &version)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Update(s.Ctx, s.DB, product, catalog.ProductChange{Version: &version, Variants: []catalog.VariantChange{{ID: cake, SalePrice: money.Some(ptr(money.Amount(200)))}}}); err != nil {
		t.Fatal(err)
	}
	if got, want := s.sellFirst(s.Ctx, s.Location), "5 of 5 MILK OLD expired for 0, 9 of 9 MILK SOON expiring for 4500, 20 of 20 CAKE B expiring for 4000, 4 of 4 CAKE A expiring for 800"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := s.sellFirst(employee(99), 0); got != "" {
		t.Errorf("somebody of another store sees %s", got)
	}
}
