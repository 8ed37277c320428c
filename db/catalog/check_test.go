package catalog_test

import (
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

func TestTheCheckNamesEachRowThatIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	s.create(t, mug("MUG", "4006381333931", "AB"))
	s.update(t, p.ID, catalog.ProductChange{Brand: to("Acme"), Variants: []catalog.VariantChange{{ID: 1}, {ID: 3}}})
	if _, err := catalog.Archive(s.ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	found, err := catalog.Check(s.ctx, s.DB)
	if err != nil || len(found) != 0 {
		t.Fatalf("a sound catalog: %q %v", found, err)
	}
	for _, c := range []struct{ damage, repair, row, message string }{
		{"UPDATE products SET options = '[]' WHERE id = 1", `UPDATE products SET options = '["size","colour"]' WHERE id = 1`, "product 1 (Hoodie)", "It has no options but several variants."},
		{"UPDATE variants SET archived_at = NULL WHERE id = 1", "UPDATE variants SET archived_at = 1 WHERE id = 1", "variant 1 (H-L-B)", "It is for sale, unlike its product."},
		{"UPDATE variants SET name = 'Cup' WHERE id = 4", "UPDATE variants SET name = 'Blue mug' WHERE id = 4", "variant 4 (MUG)", "It is called Cup, its product Blue mug."},
		{"UPDATE variants SET price = 1 WHERE id = 4", "UPDATE variants SET price = 1250 WHERE id = 4", "variant 4 (MUG)", "Its prices are not those that its history ends with."},
		{"UPDATE categories SET products = 7 WHERE id = 2", "UPDATE categories SET products = 0 WHERE id = 2", "category 2 (Clothing > Hoodies)", "It counts 7 products, but has 0."},
		{"UPDATE brands SET products = 7 WHERE id = 1", "UPDATE brands SET products = 1 WHERE id = 1", "brand 1 (Acme)", "It counts 7 products, but has 1."},
		{"UPDATE categories SET place = '0009' WHERE id = 3", "UPDATE categories SET place = '0001' WHERE id = 3", "category 3 (Kitchen)", "It stands at 0009 as Kitchen, but belongs at 0001 as Kitchen."},
		{"DELETE FROM barcodes WHERE code = 'AB'", "", "variant 4 (MUG)", "Its words are not those of its brand, category, tags and barcodes."},
	} {
		s.exec(t, c.damage)
		found, err := catalog.Check(s.ctx, s.DB)
		switch {
		case err != nil:
			t.Fatal(err)
		case len(found) != 1 || found[0].Row != c.row || found[0].Message != c.message:
			t.Errorf("after %s: %q", c.damage, found)
		}
		if c.repair != "" {
			s.exec(t, c.repair)
		}
	}
}

func TestTheCheckSeesAnIndexThatLost(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.create(t, mug("MUG"))
	s.exec(t, "DELETE FROM variants_search WHERE rowid = 1")
	if found, err := catalog.Check(s.ctx, s.DB); err != nil || len(found) != 1 || found[0].Row != "variants_search" {
		t.Errorf("with a row lost from the index: %q %v", found, err)
	}
}

// exec damages rows behind the room's back.
func (s *shop) exec(t *testing.T, statement string) {
	t.Helper()
	err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec(statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
