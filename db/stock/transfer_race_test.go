package stock_test

import (
	"testing"

	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

func TestTheLastUnitIsSoldOrSent(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 20)
	var drafts []int64
	for range 20 {
		drafts = append(drafts, s.draft(harbour, mug, 1).ID)
	}
	next := make(chan int64, len(drafts))
	for _, id := range drafts {
		next <- id
	}
	got := dbtest.Together(40, func() error {
		select {
		case id := <-next:
			_, err := stock.ShipTransfer(s.Ctx, s.DB, id, stock.TransferShipment{})
			return err
		default:
			_, err := s.Sell(mug, 1)
			return err
		}
	})
	if n := got.Succeeded(); n != 20 {
		t.Errorf("%d left or were sold of 20", n)
	}
	got.AllOthers(t, "out_of_stock")
	s.Doctor(t)
}

func TestTwoTabletsReceiveATransferOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	mug := s.Stocked("MUG", 100)
	sent := s.send(harbour.Location, mug, 10)
	// With the version that was seen, in parts.
	got := dbtest.Together(20, func() error {
		in := arrives(sent.Lines[0], 4, 0, "")
		in.Version = &sent.Version
		_, err := stock.ReceiveTransfer(s.Ctx, s.DB, sent.ID, in)
		return err
	})
	if n := got.Succeeded(); n != 1 {
		t.Errorf("%d received the same part", n)
	}
	got.AllOthers(t, "stale")
	// All of it, whoever is first.
	if n := dbtest.Together(20, func() error {
		_, err := stock.ReceiveTransfer(s.Ctx, s.DB, sent.ID, arrives(sent.Lines[0], 6, 0, ""))
		return err
	}).Succeeded(); n != 20 {
		t.Errorf("%d of 20 were told that it is there", n)
	}
	harbour.Level(t, mug, dbtest.Level{OnHand: 10})
	// Under one key, a part is received once.
	again := s.send(harbour.Location, mug, 10)
	ctx := db.WithKey(s.Ctx, "POST /stock/transfers/2/receive", "k")
	for range 3 {
		if _, err := stock.ReceiveTransfer(ctx, s.DB, again.ID, arrives(again.Lines[0], 3, 0, "")); err != nil {
			t.Fatal(err)
		}
	}
	harbour.Level(t, mug, dbtest.Level{OnHand: 13, Incoming: 7})
	s.Doctor(t)
}

// Whatever is bought, sold, sent, received and given up, what the books hold of a variant and what is on its way is what was paid,
// less what left for good.
func TestNoValueIsLostOnTheWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	stores := []*shop{s, s.at(s.openStore("Harbour")), s.at(s.openStore("Third"))}
	rapid.Check(t, func(rt *rapid.T) {
		milk := s.variant("Milk", catalog.NewVariant{TracksLots: ptr(rapid.Bool().Draw(rt, "lots"))})
		var ways []*stock.Transfer
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			from := stores[rapid.IntRange(0, 2).Draw(rt, "store")]
			switch q := rapid.Int64Range(1, 9).Draw(rt, "q"); rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				from.adjust(stock.Received, at(milk, q, money.Amount(rapid.Int64Range(0, 999).Draw(rt, "cost"))))
			case 1:
				_, _ = from.Sell(milk, q)
			case 2:
				to := stores[rapid.IntRange(0, 2).Draw(rt, "to")]
				if to.Location == from.Location {
					continue
				}
				if t, err := stock.ShipTransfer(s.Ctx, s.DB, from.draft(to.Location, milk, q).ID, stock.TransferShipment{}); err == nil {
					ways = append(ways, t)
				}
			case 3:
				if len(ways) == 0 {
					continue
				}
				w := ways[rapid.IntRange(0, len(ways)-1).Draw(rt, "transfer")]
				now, err := stock.TransferByID(s.Ctx, s.DB, w.ID)
				if err != nil {
					rt.Fatal(err)
				}
				come := min(q, now.Lines[0].OnWay)
				if come == 0 {
					continue
				}
				missing := rapid.Int64Range(0, come).Draw(rt, "missing")
				s.unpack(w, arrives(w.Lines[0], come-missing, missing, stock.Lost))
			}
		}
		// To the end: all that left is back or given up, and what is there is worth what came less what left.
		for _, w := range ways {
			now, err := stock.TransferByID(s.Ctx, s.DB, w.ID)
			if err != nil {
				rt.Fatal(err)
			}
			if left := now.Lines[0].OnWay; left > 0 {
				s.unpack(w, arrives(w.Lines[0], left, 0, ""))
			}
		}
		var paid, quantity, held int64
		err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
			return tx.Row(`SELECT coalesce((SELECT sum(cost) FROM movements WHERE variant_id = ?1 AND reason IN ('received', 'lost')), 0),
				coalesce((SELECT quantity FROM costs WHERE variant_id = ?1), 0), coalesce((SELECT value FROM costs WHERE variant_id = ?1), 0)`, []any{milk}, &paid, &quantity, &held)
		})
		if err != nil || held != paid || quantity == 0 && held != 0 {
			rt.Fatalf("%d are worth %d of %d that were paid, %v", quantity, held, paid, err)
		}
	})
	s.Doctor(t)
}
