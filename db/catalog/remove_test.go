package catalog_test

import (
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

func TestAProductIsDeletedOnceAndItsCodesAreFree(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := hoodie()
	in.Tags = []string{"warm"}
	in.Variants[0].Barcodes = []string{"4006381333931"}
	p := s.create(t, in)
	r, err := catalog.Remove(s.ctx, s.DB, p.ID)
	if err != nil || !r.Deleted || r.Product != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := catalog.Remove(s.ctx, s.DB, p.ID); db.CodeOf(err) != "not_found" {
		t.Errorf("deleted again: %v", err)
	}
	if n := s.count(t, "SELECT count(*) FROM events WHERE topic = 'products'"); n != 2 {
		t.Errorf("%d events, want one for making and one for deleting it", n)
	}
	s.create(t, in)
	s.sound(t)
}

func TestAProductThatIsReferredToIsArchivedInsteadOfDeleted(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	refer := func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO costs (variant_id, quantity, value) VALUES (?1, 0, 0)", p.Variants[2].ID)
		return err
	}
	if err := db.Write(s.ctx, s.DB, refer); err != nil {
		t.Fatal(err)
	}
	r, err := catalog.Remove(s.ctx, s.DB, p.ID)
	if err != nil || r.Deleted || r.Product == nil || !r.Product.Archived || len(r.Product.Variants) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	again, err := catalog.Remove(s.ctx, s.DB, p.ID)
	if err != nil || again.Deleted || again.Product.Version != r.Product.Version {
		t.Errorf("deleted again: %+v, %v", again, err)
	}
	back, err := catalog.Restore(s.ctx, s.DB, p.ID)
	if err != nil || back.Archived || back.Variants[0].SKU != p.Variants[0].SKU {
		t.Errorf("it does not come back as it was: %+v, %v", back, err)
	}
	s.sound(t)
}

// Making sure that nothing refers to it would look through a year of orders for each of its variants.
func TestAProductIsArchivedWhereLookingWouldTakeTooLong(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	other := s.create(t, mug("A"))
	grown := func(tx *db.Tx) error {
		if _, err := tx.Exec("INSERT INTO locations (id, name, created_at) VALUES (1, 'Main store', 1)"); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO reservations (id, order_id, order_number, line_id, variant_id, location_id, quantity, covered, at)
			VALUES (40000, 1, '1001', 1, ?1, 1, 1, 0, 1)`, other.Variants[0].ID)
		return err
	}
	if err := db.Write(s.ctx, s.DB, grown); err != nil {
		t.Fatal(err)
	}
	if r, err := catalog.Remove(s.ctx, s.DB, p.ID); err != nil || r.Deleted || !r.Product.Archived {
		t.Errorf("%+v, %v", r, err)
	}
}
