package stock_test

import (
	"testing"
	"time"

	"onhand/db/money"
	"onhand/db/stock"
)

func TestLotsTravelWithTheirNamesAndDays(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 5, "C", ""))
	s.adjust(stock.Received, lot(milk, 3, "B", "2026-12-24"))
	s.adjust(stock.Received, lot(milk, 2, "A", "2026-11-25"))
	s.adjust(stock.Received, lot(milk, 9, "OLD", "2026-11-20")) // it expires today
	eleven := s.draft(harbour.Location, milk, 11)
	s.refused(t, "out_of_stock", "lines[0].quantity", func() error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, eleven.ID, stock.TransferMove{})
		return err
	})
	sent := s.send(harbour.Location, milk, 7) // all of A and B, two of C
	s.lies(t, milk, "OLD 2026-11-20: 9 of 9 set aside, C never: 3")
	s.unpack(sent, arrives(sent.Lines[0], 1, 0, ""))
	harbour.lies(t, milk, "A 2026-11-25: 1")
	s.Clock.Forward(10 * 24 * time.Hour) // the rest of A expires on its way
	s.unpack(sent, arrives(sent.Lines[0], 4, 2, stock.Damage))
	harbour.lies(t, milk, "A 2026-11-25: 2 of 2 set aside, B 2026-12-24: 3")
	if l := harbour.level(milk); l.OnHand != 5 || l.Available != 3 || l.Expired != 2 {
		t.Errorf("what expired is for sale: %+v", l)
	}
	if got := harbour.ledger(milk); got != "+1 transfer, +6 transfer, -2 damage" {
		t.Errorf("the ledger says %s", got)
	}
	s.Doctor(t)
}

func TestWhatIsGivenUpIsWorthWhatItLeftWith(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	milk := s.perishable("MILK")
	old := lot(milk, 4, "A", "2026-11-25")
	old.UnitCost = ptr(money.Amount(100))
	s.adjust(stock.Received, old)
	sent := s.send(harbour.Location, milk, 4)
	dear := lot(milk, 4, "B", "")
	dear.UnitCost = ptr(money.Amount(900))
	s.adjust(stock.Received, dear)
	s.Clock.Forward(10 * 24 * time.Hour) // it expires on its way, and is given up all the same
	s.unpack(sent, arrives(sent.Lines[0], 1, 3, stock.Damage))
	harbour.lies(t, milk, "A 2026-11-25: 1 of 1 set aside")
	if q, v := s.worth(milk); q != 5 || v != 3700 {
		t.Errorf("%d are worth %d without the three that had cost 100 each", q, v)
	}
	if lost := harbour.movements(stock.MovementFilter{VariantID: milk, LocationID: harbour.Location})[0]; lost.Reason != stock.Damage || *lost.UnitCost != 100 {
		t.Errorf("given up as %+v", lost)
	}
	s.Doctor(t)
}
