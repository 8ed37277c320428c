package sales_test

import (
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
)

// A cart knows nothing of prices: what an order costs is decided at the moment it is placed.
func TestWhatIsChargedIsTheSalePriceWhileItRuns(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	starts, ends := db.TimeOf(s.Clock.Now().Add(time.Hour)), db.TimeOf(s.Clock.Now().Add(2*time.Hour))
	v := catalog.VariantChange{ID: mug, Price: ptr(money.Amount(1250)), SalePrice: money.Some(ptr(money.Amount(990))), SaleStarts: db.SomeTime(&starts), SaleEnds: db.SomeTime(&ends)}
	if _, err := catalog.Update(s.Ctx, s.DB, 1, catalog.ProductChange{Variants: []catalog.VariantChange{v}}); err != nil {
		t.Fatal(err)
	}
	cart := sales.NewOrder{Channel: sales.Counter, Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}}}
	for _, c := range []struct {
		name    string
		forward time.Duration
		want    money.Amount
	}{
		{"an hour before", 0, 2500},
		{"a millisecond before", time.Hour - time.Millisecond, 2500},
		{"as it starts", time.Millisecond, 1980},
		{"a millisecond before its end", time.Hour - time.Millisecond, 1980},
		{"as it ends", time.Millisecond, 2500},
	} {
		s.Clock.Forward(c.forward)
		o, err := sales.Place(s.Ctx, s.DB, cart)
		if err != nil {
			t.Fatal(err)
		}
		if o.Total != c.want || o.Lines[0].UnitPrice != c.want/2 {
			t.Errorf("%s: %d at %d each, want %d", c.name, o.Total, o.Lines[0].UnitPrice, c.want)
		}
	}
	// What was ordered keeps its price, whatever becomes of the sale.
	first, err := sales.OrderByID(s.Ctx, s.DB, 3)
	if err != nil || first.Total != 1980 {
		t.Errorf("a past order costs %v %v", first, err)
	}
	s.Doctor(t)
}

func TestADraftKeepsThePriceItWasSavedWith(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	ends := db.TimeOf(s.Clock.Now().Add(time.Hour))
	v := catalog.VariantChange{ID: mug, Price: ptr(money.Amount(1250)), SalePrice: money.Some(ptr(money.Amount(990))), SaleEnds: db.SomeTime(&ends)}
	if _, err := catalog.Update(s.Ctx, s.DB, 1, catalog.ProductChange{Variants: []catalog.VariantChange{v}}); err != nil {
		t.Fatal(err)
	}
	draft, err := sales.Place(s.Ctx, s.DB, sales.NewOrder{Channel: sales.Phone, Draft: true, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Forward(2 * time.Hour)
	o, err := sales.PlaceDraft(s.Ctx, s.DB, draft.ID, sales.Command{})
	if err != nil || o.Total != 990 {
		t.Errorf("%+v %v", o, err)
	}
}
