package catalog_test

import (
	"context"
	"encoding/json"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAProductGoesBackToWhatItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	before := s.create(t, hoodie())
	back := s.back(t, before.ID)
	change := catalog.ProductChange{Name: to("Warm hoodie"), Brand: to("Else"), Published: to(false)}
	for i, v := range before.Variants {
		change.Variants = append(change.Variants, catalog.VariantChange{ID: v.ID, Price: to(v.Price + 1), CompareAtPrice: money.Some(to(v.Price + 100)), Cost: money.Some(to(v.Price / 2)),
			Barcodes: &[]string{"BOX" + v.SKU}})
		if i == 0 {
			change.Variants[0].SKU = to("OTHER")
		}
	}
	added := map[string]string{}
	for name := range before.Variants[0].Options {
		added[name] = "Odd"
	}
	change.Variants = append(change.Variants, catalog.VariantChange{SKU: to("ODD"), Price: to(money.Amount(1)), Options: added, Barcodes: &[]string{"ODDBOX"}})
	changed := s.update(t, before.ID, change)
	bystander := as("products.write") // who may not see costs leads them back, too
	version, err := revert(bystander, s, before.ID, changed.Version, back)
	if err != nil {
		t.Fatal(err)
	}
	after, err := catalog.ProductByID(s.ctx, s.DB, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	if after.Version != version {
		t.Errorf("it says version %d and is %d", version, after.Version)
	}
	written := []cmp.Option{cmpopts.IgnoreFields(catalog.Product{}, "Version", "UpdatedAt"), cmpopts.IgnoreFields(catalog.Variant{}, "Version")}
	if diff := cmp.Diff(before, after, written...); diff != "" {
		t.Error(diff)
	}
	s.create(t, catalog.NewProduct{Name: "Odd", Variants: []catalog.NewVariant{{SKU: "ODD", Price: 1, Barcodes: []string{"ODDBOX", "BOX" + before.Variants[0].SKU}}}})
	_, err = revert(s.ctx, s, before.ID, changed.Version, back)
	if db.CodeOf(err) != "stale" {
		t.Errorf("going back from a version that is gone: %v", err)
	}
}

func revert(ctx context.Context, s shop, id, from int64, back catalog.ProductChange) (version int64, err error) {
	err = db.Write(ctx, s.DB, func(tx *db.Tx) error {
		version, err = catalog.RevertIn(tx, id, from, back)
		return err
	})
	return version, err
}

func removeIn(tx *db.Tx, id int64) (bool, error) {
	all, err := catalog.ReferrersIn(tx)
	if err != nil {
		return false, err
	}
	return all.RemoveIn(tx, id)
}

// back is the change that leads a product back to what it is now.
func (s shop) back(t *testing.T, id int64) (back catalog.ProductChange) {
	t.Helper()
	err := db.Read(s.ctx, s.DB, func(tx *db.Tx) (err error) {
		back, err = catalog.BackIn(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept(t, back)
}

// kept is a change as it comes back from JSON.
func kept(t *testing.T, c catalog.ProductChange) (out catalog.ProductChange) {
	t.Helper()
	b, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAProductThatNothingRefersToIsRemovedWholly(t *testing.T) {
	t.Parallel()
	s := open(t)
	rows := "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM variants) + (SELECT count(*) FROM barcodes)"
	p := s.create(t, hoodie())
	var gone bool
	err := db.Write(s.ctx, s.DB, func(tx *db.Tx) (err error) {
		gone, err = removeIn(tx, p.ID)
		return err
	})
	if err != nil || !gone || s.count(t, rows) != 0 {
		t.Errorf("removed %t, %d rows are left, %v", gone, s.count(t, rows), err)
	}
	if n := s.count(t, "SELECT count(*) FROM audit WHERE entity = 'product' AND after IS NULL"); n != 1 {
		t.Errorf("%d removals in the audit", n)
	}
	s.create(t, hoodie())
}

func TestAProductThatIsReferredToCanOnlyBeRetired(t *testing.T) {
	t.Parallel()
	for name, refer := range map[string]string{
		"to a variant":   "INSERT INTO costs (variant_id, quantity, value) VALUES ((SELECT max(id) FROM variants), 0, 0)",
		"to the product": "INSERT INTO import_links (source, key, product_id) VALUES ('x', 'y', (SELECT max(id) FROM products))",
	} {
		s := open(t)
		p := s.create(t, hoodie())
		err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
			if _, err := tx.Exec(refer); err != nil {
				return err
			}
			gone, err := removeIn(tx, p.ID)
			if gone {
				t.Errorf("%s: it was removed", name)
			}
			return err
		})
		if err != nil {
			t.Fatal(name, err)
		}
		if now, err := catalog.ProductByID(s.ctx, s.DB, p.ID); err != nil || cmp.Diff(p, now) != "" {
			t.Errorf("%s: a refused removal changed it: %s, %v", name, cmp.Diff(p, now), err)
		}
		if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error { return catalog.RetireIn(tx, p.ID) }); err != nil {
			t.Fatal(name, err)
		}
		if again := s.create(t, hoodie()); again.Slug != p.Slug {
			t.Errorf("%s: the address became %s", name, again.Slug)
		}
	}
}

func TestALabelThatAProductHasIsNotRemoved(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, catalog.NewProduct{Name: "Mug", Brand: "Acme", Category: "Kitchen", Variants: []catalog.NewVariant{{Price: 1}}})
	remove := func() {
		t.Helper()
		err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
			if err := catalog.RemoveBrandIn(tx, *p.BrandID); err != nil {
				return err
			}
			return catalog.RemoveCategoryIn(tx, *p.CategoryID)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	remove()
	labels := "SELECT (SELECT count(*) FROM brands) * 10 + (SELECT count(*) FROM categories)"
	if n := s.count(t, labels); n != 11 {
		t.Errorf("%d labels that are in use", n)
	}
	s.update(t, p.ID, catalog.ProductChange{Brand: to("")})
	remove()
	if n := s.count(t, labels); n != 1 {
		t.Errorf("%d labels, want the category alone", n)
	}
	remove() // what is gone stays so
}
