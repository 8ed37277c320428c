package catalog_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
)

// shop is an open shop with an owner in its context and a clock that stands still.
type shop struct {
	*db.DB
	ctx context.Context
}

func open(t testing.TB) shop {
	t.Helper()
	clock := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{d, as("products.read", "products.write", "cost.read")}
}

func as(permissions ...string) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 1, Name: "Olga", Permissions: db.Allow(permissions...)})
}

func (s shop) create(t testing.TB, in catalog.NewProduct) *catalog.Product {
	t.Helper()
	p, err := catalog.Create(s.ctx, s.DB, in)
	if err != nil {
		t.Fatalf("create %s: %v", in.Name, err)
	}
	return p
}

func (s shop) update(t testing.TB, id int64, in catalog.ProductChange) *catalog.Product {
	t.Helper()
	p, err := catalog.Update(s.ctx, s.DB, id, in)
	if err != nil {
		t.Fatalf("update %d: %v", id, err)
	}
	return p
}

func (s shop) list(t testing.TB, f catalog.ProductFilter) (names []string) {
	t.Helper()
	page, err := catalog.Products(s.ctx, s.DB, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range page.Items {
		names = append(names, p.Name)
	}
	return names
}

func (s shop) find(t testing.TB, f catalog.VariantFilter) (names []string) {
	t.Helper()
	page, err := catalog.Variants(s.ctx, s.DB, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range page.Items {
		names = append(names, v.Name)
	}
	return names
}

// count answers a question with one number, straight from the file.
func (s shop) count(t testing.TB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error { return tx.Row(query, args, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// refusal is the code and field of the first refusal, and of those beside it.
func refusal(err error) (all []string) {
	var e *db.Error
	if !errors.As(err, &e) {
		return nil
	}
	all = append(all, e.Field+": "+e.Code)
	for _, a := range e.Also {
		all = append(all, a.Field+": "+a.Code)
	}
	return all
}

func refused(t *testing.T, err error, want ...string) {
	t.Helper()
	if got := refusal(err); !slices.Equal(got, want) {
		t.Errorf("refused with %q (%v), want %q", got, err, want)
	}
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func to[T any](v T) *T { return &v }

func mug(sku string, barcodes ...string) catalog.NewProduct {
	return catalog.NewProduct{Name: "Blue mug", Brand: "Acme", Category: "Kitchen", TaxRate: to(money.Rate(19000)),
		Variants: []catalog.NewVariant{{SKU: sku, Barcodes: barcodes, Price: 1250, Cost: to(money.Amount(600))}}}
}

func hoodie() catalog.NewProduct {
	return catalog.NewProduct{Name: "Hoodie", Category: "Clothing > Hoodies", Options: []string{"size", "colour"}, Variants: []catalog.NewVariant{
		{SKU: "H-L-B", Price: 4500, Options: map[string]string{"size": "L", "colour": "Blue"}},
		{SKU: "H-M-B", Price: 4500, Options: map[string]string{"size": "M", "colour": "Blue"}},
		{SKU: "H-L-R", Price: 4700, Options: map[string]string{"Size": " L ", "Colour": "Red"}},
	}}
}
