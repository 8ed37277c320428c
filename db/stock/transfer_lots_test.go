package stock_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onhand/db"
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
		_, err := stock.ShipTransfer(s.Ctx, s.DB, eleven.ID, stock.TransferShipment{})
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

// free are the lots that could leave with a transfer's line: "A 2026-11-25: 2 of 2, B 2026-12-24: 1 of 3".
func free(l stock.TransferLine) string {
	var all []string
	for _, f := range l.FreeLots {
		on := "never"
		if f.ExpiresOn != nil {
			on = string(*f.ExpiresOn)
		}
		all = append(all, fmt.Sprintf("%s %s: %d of %d", f.Lot, on, f.Proposed, f.Available))
	}
	return strings.Join(all, ", ")
}

func TestAnotherLotCanBeChosenThanTheFirstToExpire(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	milk, mug := s.perishable("MILK"), s.Stocked("MUG", 9)
	s.adjust(stock.Received, lot(milk, 5, "C", ""))
	s.adjust(stock.Received, lot(milk, 3, "B", "2026-12-24"))
	s.adjust(stock.Received, lot(milk, 2, "A", "2026-11-25"))
	s.adjust(stock.Received, lot(milk, 9, "OLD", "2026-11-20")) // it expires today
	draft := s.draft(harbour.Location, mug, 1, milk, 4)
	if got, want := free(draft.Lines[1]), "A 2026-11-25: 2 of 2, B 2026-12-24: 2 of 3, C never: 0 of 5"; got != want || draft.Lines[0].FreeLots != nil {
		t.Errorf("proposed is %q, want %q; of the mug %+v", got, want, draft.Lines[0].FreeLots)
	}
	if there, err := stock.TransferByID(employee(harbour.Location), s.DB, draft.ID); err != nil || there.Lines[1].FreeLots != nil {
		t.Errorf("the harbour sees the main store's lots: %+v, %v", there, err)
	}
	ids := map[string]int64{}
	for _, f := range draft.Lines[1].FreeLots {
		ids[f.Lot] = f.LotID
	}
	page, err := stock.Lots(s.Ctx, s.DB, stock.LotFilter{VariantID: milk, States: []stock.LotState{stock.LotExpired}})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	line := draft.Lines[1].ID
	ship := func(lots ...stock.SentLot) (*stock.Transfer, error) {
		return stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{Lots: lots})
	}
	for _, c := range []struct {
		code, field string
		lots        []stock.SentLot
	}{
		{"lots_differ", "lots[0].quantity", []stock.SentLot{{LineID: line, LotID: ids["C"], Quantity: 3}}},
		{"lots_differ", "lots[0].quantity", []stock.SentLot{{LineID: line, LotID: ids["C"], Quantity: 3}, {LineID: line, LotID: ids["B"], Quantity: 2}}},
		{"lot_short", "lots[1].quantity", []stock.SentLot{{LineID: line, LotID: ids["C"], Quantity: 1}, {LineID: line, LotID: ids["A"], Quantity: 3}}},
		{"lot_short", "lots[0].quantity", []stock.SentLot{{LineID: line, LotID: page.Items[0].ID, Quantity: 4}}},
		{"lot_short", "lots[0].quantity", []stock.SentLot{{LineID: line, LotID: 404, Quantity: 4}}},
		{"lot_short", "lots[0].quantity", []stock.SentLot{{LineID: draft.Lines[0].ID, LotID: ids["C"], Quantity: 1}}},
		{"not_found", "lots[0].lineId", []stock.SentLot{{LineID: 404, LotID: ids["C"], Quantity: 4}}},
		{"twice_in_transfer", "lots[1].lotId", []stock.SentLot{{LineID: line, LotID: ids["C"], Quantity: 2}, {LineID: line, LotID: ids["C"], Quantity: 2}}},
	} {
		s.refused(t, c.code, c.field, func() error { _, err := ship(c.lots...); return err })
	}
	sent, err := ship(stock.SentLot{LineID: line, LotID: ids["C"], Quantity: 3}, stock.SentLot{LineID: line, LotID: ids["A"], Quantity: 1})
	if err != nil {
		t.Fatal(err)
	}
	a := db.Date("2026-11-25")
	want := []stock.TransferLot{{Lot: "A", ExpiresOn: &a, Quantity: 1, OnWay: 1}, {Lot: "C", Quantity: 3, OnWay: 3}}
	if diff := cmp.Diff(want, sent.Lines[1].Lots, cmpopts.IgnoreFields(stock.TransferLot{}, "LineID")); diff != "" || sent.Lines[1].FreeLots != nil {
		t.Errorf("it left with (-want +got):\n%s", diff)
	}
	s.lies(t, milk, "OLD 2026-11-20: 9 of 9 set aside, A 2026-11-25: 1, B 2026-12-24: 3, C never: 2")
	some := s.unpack(sent, stock.TransferReceipt{Lines: []stock.ArrivingLine{{LineID: line, Quantity: 2}}})
	if l := some.Lines[1].Lots; len(l) != 2 || l[0].OnWay != 0 || l[1].OnWay != 2 {
		t.Errorf("on their way are %+v", l)
	}
	harbour.lies(t, milk, "A 2026-11-25: 1, C never: 1")

	// What expires today is offered no more, also before anybody set it aside.
	next := s.draft(harbour.Location, milk, 4)
	s.today("2026-11-25")
	now, err := stock.TransferByID(s.Ctx, s.DB, next.ID)
	if got, want := free(now.Lines[0]), "B 2026-12-24: 3 of 3, C never: 1 of 2"; err != nil || got != want {
		t.Errorf("proposed is %q, %v, want %q", got, err, want)
	}
	s.refused(t, "lot_short", "lots[0].quantity", func() error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, next.ID, stock.TransferShipment{Lots: []stock.SentLot{{LineID: now.Lines[0].ID, LotID: ids["A"], Quantity: 1}}})
		return err
	})
	s.Doctor(t)
}

func TestAChosenLotStaysWhereOrdersNeedIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 3, "B", "2026-12-24"))
	s.sell(milk, 2)
	draft := s.draft(harbour, milk, 2)
	f := draft.Lines[0].FreeLots
	if len(f) != 1 || f[0].Available != 3 {
		t.Fatalf("free are %+v", f)
	}
	e := s.refused(t, "out_of_stock", "lines[0].quantity", func() error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{Lots: []stock.SentLot{{LineID: draft.Lines[0].ID, LotID: f[0].LotID, Quantity: 2}}})
		return err
	})
	if e.Params["left"] != int64(1) {
		t.Errorf("refused with %v", e.Params)
	}
	s.Doctor(t)
}
