package sales_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestADraftTakesNothingUntilItIsPlaced(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	in := s.counter(line(mug, 2))
	in.Draft = true
	draft := s.place(in)
	wantStates(t, draft, "draft, pending, unfulfilled")
	if draft.Number != "" || draft.BusinessDate != nil || draft.PlacedAt != nil || s.entries(draft.ID) != nil {
		t.Errorf("a draft counts: %+v", draft)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)

	s.at("2026-11-21T10:00:00Z")
	o, err := sales.PlaceDraft(s.Ctx, s.DB, draft.ID, sales.Command{Version: &draft.Version})
	wantStates(t, must(s, o, err), "placed, pending, unfulfilled")
	if o.Number != "1001" || *o.BusinessDate != "2026-11-21" || o.Total != draft.Total || o.Token != draft.Token {
		t.Errorf("placed as %s on %s for %d", o.Number, *o.BusinessDate, o.Total)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 2})
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"drafted", "placed"}) {
		t.Errorf("the timeline says %v", got)
	}
	s.leavesNothing(func() {
		again, err := sales.PlaceDraft(s.Ctx, s.DB, draft.ID, sales.Command{Version: &draft.Version})
		if diff := cmp.Diff(wire(t, o), wire(t, must(s, again, err))); diff != "" {
			t.Errorf("placed twice (-once +twice):\n%s", diff)
		}
	})
	if got := s.search("1001"); !cmp.Equal(got, []string{"1001"}) {
		t.Errorf("its number finds %v", got)
	}
	s.Doctor(t)
}

func TestADraftIsHeldToTheShelfAndTheCatalogueOfTheDayItIsPlaced(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1250}}})
	mug := must(s, p, err).Variants[0].ID
	s.Receive(mug, 1)
	in := s.counter(line(mug, 2))
	in.Draft = true
	draft := s.place(in)
	place := func() error { _, err := sales.PlaceDraft(s.Ctx, s.DB, draft.ID, sales.Command{}); return err }
	change := func(v catalog.VariantChange) {
		t.Helper()
		v.ID = mug
		if _, err := catalog.Update(s.Ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{v}}); err != nil {
			t.Fatal(err)
		}
	}
	s.leavesNothing(func() {
		if e := refusal(t, place(), "out_of_stock"); e.Field != "lines[0].quantity" {
			t.Errorf("blamed %q", e.Field)
		}
	})
	if _, err := catalog.Archive(s.Ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	s.leavesNothing(func() { refusal(t, place(), "archived") })
	if _, err := catalog.Restore(s.Ctx, s.DB, p.ID); err != nil {
		t.Fatal(err)
	}
	change(catalog.VariantChange{Price: ptr(money.Amount(9999)), Policy: ptr(catalog.Backorder)})
	if err := place(); err != nil {
		t.Fatalf("a variant that may wait: %v", err)
	}
	o := s.order(draft.ID)
	if o.Total != draft.Total || o.Lines[0].Backordered != 1 {
		t.Errorf("placed for %d with %d short, want the draft's %d and 1", o.Total, o.Lines[0].Backordered, draft.Total)
	}
	other := s.place(in)
	change(catalog.VariantChange{Tracked: ptr(false)})
	o, err = sales.PlaceDraft(s.Ctx, s.DB, other.ID, sales.Command{})
	if must(s, o, err).Lines[0].Backordered != 0 {
		t.Error("what is tracked no longer waits for stock")
	}
	s.Doctor(t)
}

func TestNumbersSkipThoseThatAreTaken(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	if got := s.place(s.counter(line(mug, 1))).Number; got != "1001" {
		t.Fatalf("the first order is %s", got)
	}
	s.importNumber("1002")
	s.importNumber("1003")
	if got := s.place(s.counter(line(mug, 1))).Number; got != "1004" {
		t.Errorf("the next order is %s, want 1004", got)
	}
	s.importNumber("1005")
	in := s.counter(line(mug, 1))
	in.Draft = true
	o, err := sales.PlaceDraft(s.Ctx, s.DB, s.place(in).ID, sales.Command{})
	if got := must(s, o, err).Number; got != "1006" {
		t.Errorf("the placed draft is %s, want 1006", got)
	}
}

// importNumber is an order of another system, with its own number.
func (s *shop) importNumber(number string) {
	s.t.Helper()
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO orders (number, token, status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
				customer_name, customer_email, customer_phone, note, subtotal, discount, discount_reason, shipping, shipping_tax_rate, shipping_tax, tax, total, due,
				created_at, updated_at, actor_kind, actor_id, actor_name, search)
			VALUES (?1, ?1, 'placed', 'paid', 'unfulfilled', 'import', ?2, 'EUR', 1, '', '', '', '', 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, 'user', 1, 'Ada', ?1)`, number, s.Location)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
