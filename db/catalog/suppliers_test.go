package catalog_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
)

func (s shop) supplier(t testing.TB, in catalog.NewSupplier) *catalog.Supplier {
	t.Helper()
	made, err := catalog.CreateSupplier(s.ctx, s.DB, in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s shop) supplies(t testing.TB, supplier, variant int64, in catalog.SupplierItemChange) *catalog.SupplierItem {
	t.Helper()
	i, err := catalog.SetSupplierItem(s.ctx, s.DB, supplier, variant, in)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// offers are who sells a variant, in words.
func (s shop) offers(t testing.TB, ctx context.Context, variant int64) (lines []string) {
	t.Helper()
	page, err := catalog.SuppliersOf(ctx, s.DB, variant)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range page.Items {
		line := fmt.Sprintf("%s %s moq %d pack %d", i.Supplier, i.Code, i.MOQ, i.PackSize)
		if i.Cost != nil {
			line += fmt.Sprintf(" cost %d", *i.Cost)
		}
		if i.Preferred {
			line += " preferred"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestASupplierIsMadeChangedAndArchived(t *testing.T) {
	t.Parallel()
	s := open(t)
	a := s.supplier(t, catalog.NewSupplier{Name: " Nordwind Großhandel ", Contact: "Ida", Email: "ida@nordwind.example", Phone: "+49 30 1", Address: "Weg 1\nBerlin", LeadTimeDays: 7, Notes: "Ask first."})
	if a.Name != "Nordwind Großhandel" || a.LeadTimeDays != 7 || a.Address != "Weg 1\nBerlin" || a.Version != 1 || a.Archived {
		t.Errorf("%+v", a)
	}
	s.supplier(t, catalog.NewSupplier{Name: "ärzte bedarf"})
	change := func(id int64, in catalog.SupplierChange) (*catalog.Supplier, error) {
		return catalog.UpdateSupplier(s.ctx, s.DB, id, in)
	}
	if b, err := change(a.ID, catalog.SupplierChange{Version: to(int64(1)), LeadTimeDays: to(int64(3)), Phone: to("")}); err != nil || b.LeadTimeDays != 3 || b.Phone != "" || b.Contact != "Ida" || b.Version != 2 {
		t.Errorf("%+v %v", b, err)
	}
	if b, err := change(a.ID, catalog.SupplierChange{LeadTimeDays: to(int64(3))}); err != nil || b.Version != 2 {
		t.Errorf("no change: %+v %v", b, err)
	}
	for name, c := range map[string]struct {
		in   catalog.SupplierChange
		want string
	}{
		"stale": {catalog.SupplierChange{Version: to(int64(1))}, ": stale"},
		"taken": {catalog.SupplierChange{Name: to("ÄRZTE BEDARF")}, "name: name_taken"},
		"empty": {catalog.SupplierChange{Name: to(" ")}, "name: required"},
		"email": {catalog.SupplierChange{Email: to("Ida <ida@x.example>")}, "email: bad_email"},
		"long":  {catalog.SupplierChange{Notes: to(strings.Repeat("x", 10_001))}, "notes: too_long"},
		"days":  {catalog.SupplierChange{LeadTimeDays: to(int64(366))}, "leadTimeDays: out_of_range"},
	} {
		_, err := change(a.ID, c.in)
		if got := refusal(err); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q (%v), want %s", name, got, err, c.want)
		}
	}
	list := func(f catalog.SupplierFilter) (names []string) {
		page, err := catalog.Suppliers(s.ctx, s.DB, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Items {
			names = append(names, s.Name)
		}
		return names
	}
	equal(t, "all", list(catalog.SupplierFilter{}), "ärzte bedarf", "Nordwind Großhandel")
	equal(t, "beginning so", list(catalog.SupplierFilter{List: db.List{Q: "arz"}}), "ärzte bedarf")
	if b, err := change(a.ID, catalog.SupplierChange{Archived: to(true)}); err != nil || !b.Archived || b.ArchivedAt == nil {
		t.Errorf("%+v %v", b, err)
	}
	equal(t, "current", list(catalog.SupplierFilter{}), "ärzte bedarf")
	equal(t, "archived", list(catalog.SupplierFilter{Archived: true}), "Nordwind Großhandel")
	if b, err := change(a.ID, catalog.SupplierChange{Archived: to(false)}); err != nil || b.Archived || b.ArchivedAt != nil {
		t.Errorf("%+v %v", b, err)
	}
	_, err := change(99, catalog.SupplierChange{})
	refused(t, err, ": not_found")
	s.sound(t)
}

func TestAVariantHasSuppliersWithTheirTerms(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	v := p.Variants[0].ID
	a, b := s.supplier(t, catalog.NewSupplier{Name: "Alba", LeadTimeDays: 5}).ID, s.supplier(t, catalog.NewSupplier{Name: "Borg"}).ID
	if i := s.supplies(t, a, v, catalog.SupplierItemChange{Code: to("A-1"), Cost: money.Some(to(money.Amount(2100)))}); !i.Preferred || i.MOQ != 1 || i.PackSize != 1 || i.SKU != "H-L-B" {
		t.Errorf("the first one is preferred: %+v", i)
	}
	i, err := catalog.AddSupplierItem(s.ctx, s.DB, b, catalog.NewSupplierItem{VariantID: v, SupplierItemChange: catalog.SupplierItemChange{MOQ: to(int64(10)), PackSize: to(int64(6)), LeadTimeDays: to(int64(2))}})
	if err != nil || i.Preferred {
		t.Fatalf("%+v %v", i, err)
	}
	_, err = catalog.AddSupplierItem(s.ctx, s.DB, b, catalog.NewSupplierItem{VariantID: v})
	refused(t, err, "variantId: item_exists")
	equal(t, "offers", s.offers(t, s.ctx, v), "Alba A-1 moq 1 pack 1 cost 2100 preferred", "Borg  moq 10 pack 6")
	s.supplies(t, b, v, catalog.SupplierItemChange{Version: to(int64(1)), Preferred: to(true), Cost: money.Some(to(money.Amount(1900)))})
	equal(t, "another is preferred", s.offers(t, s.ctx, v), "Borg  moq 10 pack 6 cost 1900 preferred", "Alba A-1 moq 1 pack 1 cost 2100")
	equal(t, "without costs", s.offers(t, as("suppliers.read"), v), "Borg  moq 10 pack 6 preferred", "Alba A-1 moq 1 pack 1")
	if i := s.supplies(t, b, v, catalog.SupplierItemChange{MOQ: to(int64(10))}); i.Version != 2 || *i.Cost != 1900 {
		t.Errorf("no change: %+v", i)
	}
	blind, err := catalog.SetSupplierItem(as("suppliers.write"), s.DB, b, v, catalog.SupplierItemChange{Code: to("B-7")})
	if err != nil || blind.Cost != nil {
		t.Errorf("who may not see costs: %+v %v", blind, err)
	}
	equal(t, "a cost nobody sent stays", s.offers(t, s.ctx, v)[:1], "Borg B-7 moq 10 pack 6 cost 1900 preferred")
	_, err = catalog.SetSupplierItem(as("suppliers.write"), s.DB, b, v, catalog.SupplierItemChange{Version: to(int64(1))})
	refused(t, err, ": stale")
	if strings.Contains(fmt.Sprintf("%+v", err.(*db.Error).Params["current"].(*catalog.SupplierItem).Cost), "1900") {
		t.Error("a stale state shows the cost")
	}
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		of, err := catalog.SourcesOf(tx, []int64{v, p.Variants[1].ID})
		if err != nil || len(of) != 1 || len(of[v]) != 2 || of[v][0].Supplier != "Borg" || of[v][0].LeadTimeDays != 2 || of[v][1].LeadTimeDays != 5 || *of[v][1].Cost != 2100 {
			t.Errorf("%+v %v", of, err)
		}
		for wanted, want := range map[int64]int64{0: 0, 1: 12, 12: 12, 13: 18} {
			if got := of[v][0].Orderable(wanted); got != want {
				t.Errorf("of %d wanted, %d are ordered, want %d", wanted, got, want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	told := s.audit(t)
	equal(t, "audit", told[len(told)-1:], `Olga supplier_item {"supplier":"Borg","sku":"H-L-B","cost":1900,"moq":10,"packSize":6,"leadTimeDays":2,"preferred":true} -> `+
		`{"supplier":"Borg","sku":"H-L-B","supplierCode":"B-7","cost":1900,"moq":10,"packSize":6,"leadTimeDays":2,"preferred":true}`)
	s.sound(t)
}

func TestWhatASupplierSellsIsListedFoundAndRemoved(t *testing.T) {
	t.Parallel()
	s := open(t)
	a := s.supplier(t, catalog.NewSupplier{Name: "Alba"}).ID
	for i := range 5 {
		in := mug(fmt.Sprint("M", i))
		in.Name = fmt.Sprint("Mug ", i)
		s.supplies(t, a, s.create(t, in).Variants[0].ID, catalog.SupplierItemChange{Code: to(fmt.Sprint("X", 9-i))})
	}
	list := func(l db.List) (names []string) {
		for {
			page, err := catalog.SupplierItems(s.ctx, s.DB, a, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page.Items {
				names = append(names, i.Name)
			}
			if l.After = page.Next; l.After == "" {
				return names
			}
		}
	}
	equal(t, "all", list(db.List{Limit: 2}), "Mug 4", "Mug 3", "Mug 2", "Mug 1", "Mug 0")
	equal(t, "by code", list(db.List{Q: "x7"}), "Mug 2")
	equal(t, "by words", list(db.List{Q: "acme mug"}), "Mug 4", "Mug 3", "Mug 2", "Mug 1", "Mug 0")
	equal(t, "by the start of a SKU", list(db.List{Q: "m3"}), "Mug 3")
	if err := catalog.RemoveSupplierItem(s.ctx, s.DB, a, 3); err != nil {
		t.Fatal(err)
	}
	refused(t, catalog.RemoveSupplierItem(s.ctx, s.DB, a, 3), ": not_found")
	equal(t, "less one", list(db.List{}), "Mug 4", "Mug 3", "Mug 1", "Mug 0")
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		gone, err := removeIn(tx, 1)
		if !gone {
			t.Error("a supplier holds a product that was never sold")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := catalog.SupplierByID(s.ctx, s.DB, a); err != nil || got.ItemCount != 3 {
		t.Errorf("%+v %v", got, err)
	}
	_, err := catalog.SupplierItems(s.ctx, s.DB, 99, db.List{})
	refused(t, err, ": not_found")
	s.sound(t)
}

func TestSupplierTermsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.create(t, mug("A")).Variants[0].ID
	a := s.supplier(t, catalog.NewSupplier{Name: "Alba"}).ID
	old := s.supplier(t, catalog.NewSupplier{Name: "Old"}).ID
	if _, err := catalog.UpdateSupplier(s.ctx, s.DB, old, catalog.SupplierChange{Archived: to(true)}); err != nil {
		t.Fatal(err)
	}
	set := func(supplier, variant int64, in catalog.SupplierItemChange) error {
		_, err := catalog.SetSupplierItem(s.ctx, s.DB, supplier, variant, in)
		return err
	}
	before := s.events(t)
	refused(t, set(a, 99, catalog.SupplierItemChange{}), "variantId: not_found")
	refused(t, set(99, v, catalog.SupplierItemChange{}), ": not_found")
	refused(t, set(old, v, catalog.SupplierItemChange{}), ": archived")
	refused(t, set(a, v, catalog.SupplierItemChange{MOQ: to(int64(0)), PackSize: to(int64(1_000_001)), Cost: money.Some(to(money.Amount(-1)))}),
		"cost: out_of_range", "moq: out_of_range", "packSize: out_of_range")
	refused(t, set(a, v, catalog.SupplierItemChange{Code: to(strings.Repeat("x", 101))}), "code: too_long")
	if n := s.events(t); n != before {
		t.Errorf("%d traces of what was refused", n-before)
	}
}

func TestOneSupplierIsPreferredHoweverManyWantToBe(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.create(t, mug("A")).Variants[0].ID
	turn := make(chan int64, 20)
	for i := range cap(turn) {
		turn <- s.supplier(t, catalog.NewSupplier{Name: fmt.Sprint("S", i)}).ID
	}
	got := dbtest.Together(cap(turn), func() error {
		_, err := catalog.SetSupplierItem(s.ctx, s.DB, <-turn, v, catalog.SupplierItemChange{Preferred: to(true)})
		return err
	})
	if n := s.count(t, "SELECT sum(preferred) * 100 + count(*) FROM supplier_items"); got.Succeeded() != 20 || n != 120 {
		t.Errorf("%d done, %d", got.Succeeded(), n)
	}
	more := s.supplier(t, catalog.NewSupplier{Name: "One more"}).ID
	_, err := catalog.SetSupplierItem(s.ctx, s.DB, more, v, catalog.SupplierItemChange{})
	refused(t, err, "variantId: too_many")
	s.sound(t)
}
