package stock_test

import (
	"context"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

func TestWhatArrivesCoversWhoWaits(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG", Policy: catalog.Backorder})
	s.Receive(mug, 5)
	harbour.sell(mug, 3)
	sent := s.send(harbour.Location, mug, 5)
	s.unpack(sent, arrives(sent.Lines[0], 1, 2, stock.Miscounted)) // what never came covers nobody
	harbour.Level(t, mug, dbtest.Level{OnHand: 1, Committed: 1, Backordered: 2, Incoming: 2})
	s.unpack(sent, arrives(sent.Lines[0], 2, 0, ""))
	harbour.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 3})
	s.Doctor(t)
}

func TestWhatIsGivenUpAboveALimitNeedsAnApproval(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG"})
	s.adjust(stock.Received, at(mug, 10, 500))
	sent := s.send(harbour, mug, 10)
	actor := db.ActorOf(employee())
	actor.Limits = db.Limits{db.WriteOffLimit: 999}
	give := func(a db.Actor) (*stock.Transfer, error) {
		return stock.ReceiveTransfer(db.WithActor(context.Background(), a), s.DB, sent.ID, arrives(sent.Lines[0], 8, 2, stock.Lost))
	}
	if e := s.refused(t, "approval_required", "", func() error { _, err := give(actor); return err }); e.Params["limit"] != int64(999) {
		t.Errorf("above %v", e.Params)
	}
	actor.Approver = &db.Approver{ID: 7, Name: "Mia"}
	got, err := give(actor)
	if err != nil || got.Timeline[2].Actor != "Eva" || got.Timeline[2].Approver != "Mia" {
		t.Errorf("%+v, %v", got, err)
	}
	s.Doctor(t)
}

func TestAReceiptIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 10)
	sent := s.send(harbour, mug, 5)
	line := sent.Lines[0]
	for _, c := range []struct {
		code, field string
		lines       []stock.ArrivingLine
	}{
		{"not_on_its_way", "lines[0].quantity", []stock.ArrivingLine{{LineID: line.ID, Quantity: 6}}},
		{"not_on_its_way", "lines[0].quantity", []stock.ArrivingLine{{LineID: line.ID, Quantity: 5, Missing: 1, Reason: stock.Lost}}},
		{"not_found", "lines[0].lineId", []stock.ArrivingLine{{LineID: 404, Quantity: 1}}},
		{"twice_in_transfer", "lines[1].lineId", []stock.ArrivingLine{{LineID: line.ID, Quantity: 1}, {LineID: line.ID, Quantity: 1}}},
		{"missing_reason", "lines[0].reason", []stock.ArrivingLine{{LineID: line.ID, Missing: 1}}},
		{"missing_reason", "lines[0].reason", []stock.ArrivingLine{{LineID: line.ID, Missing: 1, Reason: stock.Theft}}},
		{"out_of_range", "lines[0]", []stock.ArrivingLine{{LineID: line.ID, Quantity: -1}}},
		{"nothing_arrived", "lines", []stock.ArrivingLine{{LineID: line.ID}}},
	} {
		s.refused(t, c.code, c.field, func() error {
			_, err := stock.ReceiveTransfer(s.Ctx, s.DB, sent.ID, stock.TransferReceipt{Lines: c.lines})
			return err
		})
	}
	s.Doctor(t)
}
