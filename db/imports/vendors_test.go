package imports_test

import (
	"fmt"
	"slices"
	"testing"

	"onhand/db/catalog"
	"onhand/db/imports"
)

// bought looks whom a product's only variant is bought from, the preferred one first: supplier, code, cost, MOQ and whether it is preferred.
func (s shop) bought(t *testing.T, product string, want ...string) {
	t.Helper()
	page, err := catalog.SuppliersOf(s.ctx, s.DB, s.product(t, product).Variants[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, i := range page.Items {
		cost := "-"
		if i.Cost != nil {
			cost = fmt.Sprint(*i.Cost)
		}
		all = append(all, fmt.Sprint(i.Supplier, " ", i.Code, " ", cost, " ", i.MOQ, " ", i.Preferred))
	}
	if !slices.Equal(all, want) {
		t.Errorf("%s is bought from %q, want %q", product, all, want)
	}
}

const squareVendors = "Item Name,Variation Name,SKU,Price,Default Unit Cost,Default Vendor Name,Default Vendor Code\n"

func TestSquaresVendorsBecomeSuppliers(t *testing.T) {
	t.Parallel()
	s := open(t)
	empty := s.dump(t)
	first := squareVendors + "Coffee,Regular,C1,3.50,1.20,Acme Roasters,AR-1\nTea,Regular,T1,2.00,,acme roasters,\nCake,Regular,K1,4.00,2.00,,K-9\n"
	m := s.preview(t, first)
	sums(t, m, "create 3, update 0, skip 0 of which unchanged 0, errors 0")
	if len(m.IgnoredColumns) != 0 || s.count(t, "SELECT count(*) FROM suppliers") != 0 {
		t.Errorf("the preview leaves aside %v", m.IgnoredColumns)
	}
	s.commit(t, m)
	s.bought(t, "Coffee", "Acme Roasters AR-1 120 1 true")
	s.bought(t, "Tea", "Acme Roasters  - 1 true")
	s.bought(t, "Cake")
	made := s.dump(t)
	sums(t, s.preview(t, first), "create 0, update 0, skip 3 of which unchanged 3, errors 0")

	// Another vendor is preferred from then on; undone, the first one is again.
	second := s.preview(t, squareVendors+"Coffee,Regular,C1,3.50,1.30,Bean & Co,B7\nTea,Regular,T1,2.00,,Acme Roasters,AR-2\n")
	sums(t, second, "create 0, update 2, skip 0 of which unchanged 0, errors 0")
	second = s.commit(t, second)
	s.bought(t, "Coffee", "Bean & Co B7 130 1 true", "Acme Roasters AR-1 120 1 false")
	s.bought(t, "Tea", "Acme Roasters AR-2 - 1 true")
	s.undo(t, second)
	s.asBefore(t, made)

	// The first one finds what it made as it left it.
	s.undo(t, m)
	s.asBefore(t, empty)
}

func TestASupplierThatSomebodyChangedSinceStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.commit(t, s.preview(t, squareVendors+"Coffee,Regular,C1,3.50,1.20,,\nTea,Regular,T1,2.00,,,\nCake,Regular,K1,4.00,,,\n"))
	m := s.commit(t, s.preview(t, squareVendors+"Coffee,Regular,C1,3.50,1.20,Acme,AR-1\nTea,Regular,T1,2.00,,Leaf,\nCake,Regular,K1,4.00,,Oven,\n"))
	coffee := s.product(t, "Coffee").Variants[0].ID
	twelve := int64(12)
	if _, err := catalog.SetSupplierItem(s.ctx, s.DB, 1, coffee, catalog.SupplierItemChange{MOQ: &twelve}); err != nil {
		t.Fatal(err)
	}
	phone := "030 1234"
	if _, err := catalog.UpdateSupplier(s.ctx, s.DB, 3, catalog.SupplierChange{Phone: &phone}); err != nil {
		t.Fatal(err)
	}
	m = s.undo(t, m)
	if m.KeptCount != 1 || m.Kept[0].Row != 2 || m.Kept[0].Name != "Coffee" || m.Kept[0].Code != "changed_since" {
		t.Errorf("kept %+v", m.Kept)
	}
	s.bought(t, "Coffee", "Acme AR-1 120 12 true")
	s.bought(t, "Tea")
	s.bought(t, "Cake")
	if n := s.count(t, "SELECT count(*) FROM suppliers WHERE name IN ('Acme', 'Oven')"); n != 2 || s.count(t, "SELECT count(*) FROM suppliers") != n {
		t.Error("a supplier that nobody needs stayed, or one that somebody wrote of went")
	}
}

func TestAnArchivedSupplierIsNamedByItsRow(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := catalog.CreateSupplier(s.ctx, s.DB, catalog.NewSupplier{Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	yes := true
	if _, err := catalog.UpdateSupplier(s.ctx, s.DB, 1, catalog.SupplierChange{Archived: &yes}); err != nil {
		t.Fatal(err)
	}
	m := s.preview(t, squareVendors+"Coffee,Regular,C1,3.50,1.20,ACME,AR-1\nTea,Regular,T1,2.00,,,\n")
	sums(t, m, "create 1, update 0, skip 0 of which unchanged 0, errors 1")
	if e := m.Errors[0]; e.Row != 2 || e.Column != "Default Vendor Name" || e.Code != "archived" {
		t.Errorf("refused %+v", e)
	}
}

func TestAFailedImportTakesItsSuppliersBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	before := s.dump(t)
	m := s.preview(t, squareVendors+"Coffee,Regular,C1,3.50,1.20,Acme,AR-1\n")
	s.stumbleAt(t, "UPDATE ON imports WHEN new.status = 'committed'")
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); err == nil {
		t.Fatal("it was committed")
	}
	s.asBefore(t, before)
}
