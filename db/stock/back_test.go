package stock_test

import (
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/stock"
)

func TestWhatADocumentMovedIsTakenBackAsFarAsItIsThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		delta, sold     int64 // of 10 that are there; sold are promised
		missing, onHand int64
	}{
		"all of it":               {10, 0, 0, 0},
		"a part":                  {4, 0, 0, 6},
		"what is not promised":    {10, 3, 3, 3},
		"nothing":                 {10, 10, 10, 10},
		"what left comes back":    {-5, 0, 0, 15},
		"and is not missing then": {-5, 10, 0, 15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG", Price: 500})
			s.adjust(stock.Received, at(mug, 10, 200))
			if c.sold > 0 {
				s.sell(mug, c.sold)
			}
			var missing int64
			err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) (err error) {
				missing, err = stock.TakeBackIn(tx, mug, s.Location, c.delta, &stock.Document{Type: "import", ID: 7, Number: "7"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if l := s.level(mug); missing != c.missing || l.OnHand != c.onHand || l.Committed != c.sold {
				t.Errorf("%d missing, %d on hand, %d committed; want %d, %d, %d", missing, l.OnHand, l.Committed, c.missing, c.onHand, c.sold)
			}
			if m := s.movements(stock.MovementFilter{VariantID: mug})[0]; c.missing < 10 && (m.Reason != stock.Reversal || m.Document == nil || m.Document.ID != 7) {
				t.Errorf("the ledger says %+v", m)
			}
			s.Doctor(t)
		})
	}
}

func TestWhoWaitsGetsWhatComesBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG", Price: 500, Policy: catalog.Backorder})
	s.adjust(stock.Received, at(mug, 10, 200))
	s.sell(mug, 13)
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := stock.TakeBackIn(tx, mug, s.Location, -5, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if l := s.level(mug); l.OnHand != 15 || l.Committed != 13 || l.Backordered != 0 {
		t.Errorf("%+v", l)
	}
	s.Doctor(t)
}
