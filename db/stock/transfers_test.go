package stock_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

// draft drafts a transfer from the shop's location; quantities follow their variants.
func (s *shop) draft(to int64, goods ...int64) *stock.Transfer {
	s.t.Helper()
	in := stock.NewTransfer{FromLocationID: s.Location, ToLocationID: to}
	for i := 0; i < len(goods); i += 2 {
		in.Lines = append(in.Lines, stock.NewTransferLine{VariantID: goods[i], Quantity: goods[i+1]})
	}
	t, err := stock.CreateTransfer(s.Ctx, s.DB, in)
	if err != nil {
		s.t.Fatalf("draft a transfer: %v", err)
	}
	return t
}

func (s *shop) send(to int64, goods ...int64) *stock.Transfer {
	s.t.Helper()
	t, err := stock.ShipTransfer(s.Ctx, s.DB, s.draft(to, goods...).ID, stock.TransferMove{})
	if err != nil {
		s.t.Fatalf("send a transfer: %v", err)
	}
	return t
}

// arrives is a receipt of one line.
func arrives(l stock.TransferLine, quantity, missing int64, why stock.Reason) stock.TransferReceipt {
	return stock.TransferReceipt{Lines: []stock.ArrivingLine{{LineID: l.ID, Quantity: quantity, Missing: missing, Reason: why}}}
}

func (s *shop) unpack(t *stock.Transfer, in stock.TransferReceipt) *stock.Transfer {
	s.t.Helper()
	got, err := stock.ReceiveTransfer(s.Ctx, s.DB, t.ID, in)
	if err != nil {
		s.t.Fatalf("receive a transfer: %v", err)
	}
	return got
}

// worth is what the books hold of a variant, and how many that is of.
func (s *shop) worth(variant int64) (quantity int64, value money.Amount) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT quantity, value FROM costs WHERE variant_id = ?1", []any{variant}, &quantity, &value)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return quantity, value
}

// ledger is what moved of a variant at the shop's location, the oldest first: "+10 transfer, -1 lost".
func (s *shop) ledger(variant int64) string {
	s.t.Helper()
	var moved []string
	for _, m := range s.movements(stock.MovementFilter{VariantID: variant, LocationID: s.Location}) {
		moved = append(moved, fmt.Sprintf("%+d %s", m.Delta, m.Reason))
	}
	slices.Reverse(moved)
	return strings.Join(moved, ", ")
}

func TestWhatIsOnItsWayIsInNeitherStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG", ReorderPoint: ptr(int64(3))})
	s.adjust(stock.Received, at(mug, 10, 333), at(mug, 1, 335)) // 3665 for 11
	draft := s.draft(harbour.Location, mug, 7)
	if draft.Status != stock.TransferDraft || draft.Number != "" || s.level(mug).OnHand != 11 {
		t.Fatalf("drafted as %+v, %d are there", draft, s.level(mug).OnHand)
	}
	sent, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferMove{Version: &draft.Version})
	if err != nil || sent.Status != stock.TransferShipped || sent.Number != "T-1001" || sent.ShippedAt == nil || sent.Lines[0].OnWay != 7 {
		t.Fatalf("%+v, %v", sent, err)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 4})
	if q, v := s.worth(mug); q != 4 || v != 3665-2332 { // 3665 * 7 / 11 = 2332.27
		t.Errorf("%d are worth %d while 7 are on their way", q, v)
	}
	there := harbour.level(mug)
	if there.OnHand != 0 || there.Incoming != 7 || there.State != stock.Out {
		t.Errorf("at the harbour: %+v", there)
	}
	why := harbour.explain(mug)
	want := []stock.Incoming{{Document: stock.Document{Type: "transfer", ID: sent.ID, Number: "T-1001"}, Quantity: 7}}
	if diff := cmp.Diff(want, why.IncomingLine); diff != "" || why.Incoming != 7 {
		t.Errorf("%d are incoming (-want +got):\n%s", why.Incoming, diff)
	}
	s.Doctor(t)

	some := s.unpack(sent, arrives(sent.Lines[0], 2, 0, ""))
	if l := some.Lines[0]; some.Status != stock.TransferPartly || l.OnWay != 5 || l.Received != 2 || some.ReceivedAt != nil {
		t.Errorf("after two: %+v", some)
	}
	if there := harbour.level(mug); there.OnHand != 2 || there.Incoming != 5 || there.State != stock.OK { // 2 + 5 > 3
		t.Errorf("with two at the harbour: %+v", there)
	}
	s.Doctor(t)
	all := s.unpack(some, arrives(some.Lines[0], 4, 1, stock.Lost))
	if l := all.Lines[0]; all.Status != stock.TransferReceived || l.OnWay != 0 || l.Received != 6 || l.Missing != 1 || all.ReceivedAt == nil {
		t.Errorf("after all: %+v", all)
	}
	if there := harbour.level(mug); there.OnHand != 6 || there.Incoming != 0 || len(harbour.explain(mug).IncomingLine) != 0 {
		t.Errorf("with all at the harbour: %+v", there)
	}
	if q, v := s.worth(mug); q != 10 || v != 3665-333 {
		t.Errorf("%d are worth %d without the lost one", q, v)
	}
	if got := s.ledger(mug); got != "+10 received, +1 received, -7 transfer" {
		t.Errorf("the ledger says %s", got)
	}
	if got := harbour.ledger(mug); got != "+2 transfer, +5 transfer, -1 lost" {
		t.Errorf("the ledger of the harbour says %s", got)
	}
	var steps []string
	for _, step := range all.Timeline {
		steps = append(steps, fmt.Sprintf("%s %s %v", step.Actor, step.Kind, step.Lines))
	}
	line := sent.Lines[0].ID
	if want := []string{"Ada drafted []", "Ada shipped []", fmt.Sprintf("Ada received [{%d 2 0 }]", line), fmt.Sprintf("Ada received [{%d 4 1 lost}]", line)}; !cmp.Equal(steps, want) {
		t.Errorf("the timeline says %q", steps)
	}
	s.Doctor(t)
}

func TestATransferMovesOnceAndNeverBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 10)
	ship := func(id int64) error { _, err := stock.ShipTransfer(s.Ctx, s.DB, id, stock.TransferMove{}); return err }
	cancel := func(id int64) error {
		_, err := stock.CancelTransfer(s.Ctx, s.DB, id, stock.TransferMove{})
		return err
	}
	receive := func(t *stock.Transfer, q int64) error {
		_, err := stock.ReceiveTransfer(s.Ctx, s.DB, t.ID, arrives(t.Lines[0], q, 0, ""))
		return err
	}
	same := func(name string, again func() error) {
		t.Helper()
		before := s.books()
		if err := again(); err != nil {
			t.Errorf("%s again: %v", name, err)
		}
		if after := s.books(); before != after {
			t.Errorf("%s again: %v became %v", name, before, after)
		}
	}
	illegal := func(from, to stock.TransferStatus, move func() error) {
		t.Helper()
		if e := s.refused(t, "illegal_move", "", move); e.Params["from"] != from || e.Params["to"] != to {
			t.Errorf("it names %v", e.Params)
		}
	}
	off := s.draft(harbour, mug, 1)
	illegal(stock.TransferDraft, stock.TransferReceived, func() error { return receive(off, 1) })
	if err := cancel(off.ID); err != nil {
		t.Fatal(err)
	}
	same("cancelled", func() error { return cancel(off.ID) })
	illegal(stock.TransferCancelled, stock.TransferShipped, func() error { return ship(off.ID) })
	illegal(stock.TransferCancelled, stock.TransferReceived, func() error { return receive(off, 1) })

	sent := s.send(harbour, mug, 4)
	same("shipped", func() error { return ship(sent.ID) })
	illegal(stock.TransferShipped, stock.TransferCancelled, func() error { return cancel(sent.ID) })
	s.refused(t, "stale", "", func() error {
		in := arrives(sent.Lines[0], 1, 0, "")
		in.Version = ptr(sent.Version - 1)
		_, err := stock.ReceiveTransfer(s.Ctx, s.DB, sent.ID, in)
		return err
	})
	if err := receive(sent, 1); err != nil {
		t.Fatal(err)
	}
	same("shipped", func() error { return ship(sent.ID) })
	illegal(stock.TransferPartly, stock.TransferCancelled, func() error { return cancel(sent.ID) })
	if err := receive(sent, 3); err != nil {
		t.Fatal(err)
	}
	same("received", func() error { return receive(sent, 3) })
	same("shipped", func() error { return ship(sent.ID) })
	illegal(stock.TransferReceived, stock.TransferCancelled, func() error { return cancel(sent.ID) })
	stale := s.draft(harbour, mug, 1)
	for name, move := range map[string]func(stock.TransferMove) error{
		"ship":   func(m stock.TransferMove) error { _, err := stock.ShipTransfer(s.Ctx, s.DB, stale.ID, m); return err },
		"cancel": func(m stock.TransferMove) error { _, err := stock.CancelTransfer(s.Ctx, s.DB, stale.ID, m); return err },
	} {
		s.refused(t, "stale", "", func() error { return move(stock.TransferMove{Version: ptr(stale.Version + 1)}) })
		_ = name
	}
	s.Doctor(t)
}

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

func TestOnlyWhatIsFreeLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug, cup, bag := s.Stocked("MUG", 5), s.Stocked("CUP", 5), s.Stocked("BAG", 5)
	s.sell(mug, 3)
	draft := s.draft(harbour, mug, 3, cup, 5, bag, 6)
	e := s.refused(t, "out_of_stock", "lines[0].quantity", func() error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferMove{})
		return err
	})
	if len(e.Also) != 1 || e.Also[0].Field != "lines[2].quantity" || e.Params["left"] != int64(2) || e.Also[0].Params["left"] != int64(5) {
		t.Errorf("refused with %v and %+v", e.Params, e.Also)
	}
	if sent := s.send(harbour, mug, 2); sent.Number != "T-1001" {
		t.Errorf("what was refused took the number before %s", sent.Number)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 3})
	s.Doctor(t)
}

func TestATransferIsOfWhoWorksWhereItIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	main, harbour, third := s.Location, s.openStore("Harbour"), s.openStore("Third")
	here, there, elsewhere := employee(main), employee(harbour), employee(third)
	ship := func(ctx context.Context, id int64) func() error {
		return func() error { _, err := stock.ShipTransfer(ctx, s.DB, id, stock.TransferMove{}); return err }
	}
	unpack := func(ctx context.Context, t *stock.Transfer, q int64) func() error {
		return func() error {
			_, err := stock.ReceiveTransfer(ctx, s.DB, t.ID, arrives(t.Lines[0], q, 0, ""))
			return err
		}
	}
	in := stock.NewTransfer{FromLocationID: main, ToLocationID: harbour, Lines: []stock.NewTransferLine{{VariantID: mug, Quantity: 4}}}
	s.refused(t, "not_found", "fromLocationId", func() error { _, err := stock.CreateTransfer(elsewhere, s.DB, in); return err })
	asked, err := stock.CreateTransfer(there, s.DB, in) // the harbour asks for them
	if err != nil {
		t.Fatal(err)
	}
	s.refused(t, "not_your_store", "", ship(there, asked.ID))
	s.refused(t, "not_found", "", ship(elsewhere, asked.ID))
	if err := ship(here, asked.ID)(); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "not_your_store", "", unpack(here, asked, 1))
	s.refused(t, "not_found", "", unpack(elsewhere, asked, 1))
	if err := unpack(there, asked, 4)(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		want int
	}{"here": {here, 1}, "there": {there, 1}, "elsewhere": {elsewhere, 0}} {
		page, err := stock.Transfers(c.ctx, s.DB, stock.TransferFilter{})
		if err != nil || len(page.Items) != c.want {
			t.Errorf("%s sees %d, %v; want %d", name, len(page.Items), err, c.want)
		}
		if _, err := stock.TransferByID(c.ctx, s.DB, asked.ID); (err == nil) != (c.want == 1) {
			t.Errorf("%s reads it: %v", name, err)
		}
	}
}

func TestATransferIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 10)
	tea := s.variant("Tea", catalog.NewVariant{SKU: "TEA", Tracked: ptr(false)})
	good := stock.NewTransfer{FromLocationID: s.Location, ToLocationID: harbour, Lines: []stock.NewTransferLine{{VariantID: mug, Quantity: 1}}}
	for _, c := range []struct {
		code, field string
		change      func(*stock.NewTransfer)
	}{
		{"same_location", "toLocationId", func(n *stock.NewTransfer) { n.ToLocationID = n.FromLocationID }},
		{"not_found", "toLocationId", func(n *stock.NewTransfer) { n.ToLocationID = 404 }},
		{"not_found", "fromLocationId", func(n *stock.NewTransfer) { n.FromLocationID = 404 }},
		{"not_found", "lines[1].variantId", func(n *stock.NewTransfer) {
			n.Lines = append(n.Lines, stock.NewTransferLine{VariantID: 404, Quantity: 1})
		}},
		{"not_tracked", "lines[0].variantId", func(n *stock.NewTransfer) { n.Lines = []stock.NewTransferLine{{VariantID: tea, Quantity: 1}} }},
		{"twice_in_transfer", "lines[1].variantId", func(n *stock.NewTransfer) { n.Lines = append(n.Lines, n.Lines[0]) }},
		{"bad_text", "note", func(n *stock.NewTransfer) { n.Note = "a\x00" }},
	} {
		in := good
		in.Lines = slices.Clone(good.Lines)
		c.change(&in)
		s.refused(t, c.code, c.field, func() error { _, err := stock.CreateTransfer(s.Ctx, s.DB, in); return err })
	}
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
			_, err := stock.ShipTransfer(s.Ctx, s.DB, id, stock.TransferMove{})
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

func TestTransfersAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour, third := s.openStore("Harbour"), s.openStore("Third")
	mug, cup := s.Stocked("MUG", 50), s.Stocked("CUP", 50)
	draft := s.draft(harbour, mug, 1)
	s.send(harbour, cup, 3, mug, 2)
	part := s.send(third, mug, 4)
	s.unpack(part, arrives(part.Lines[0], 1, 1, stock.Lost))
	done := s.send(third, mug, 5)
	s.unpack(done, arrives(done.Lines[0], 5, 0, ""))
	off := s.draft(third, mug, 6)
	if _, err := stock.CancelTransfer(s.Ctx, s.DB, off.ID, stock.TransferMove{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    stock.TransferFilter
		want string
	}{
		{stock.TransferFilter{}, "5 4 3 2 1"},
		{stock.TransferFilter{Open: true}, "3 2 1"},
		{stock.TransferFilter{Status: stock.TransferDraft}, "1"},
		{stock.TransferFilter{Status: stock.TransferPartly}, "3"},
		{stock.TransferFilter{Status: stock.TransferReceived}, "4"},
		{stock.TransferFilter{Status: stock.TransferCancelled}, "5"},
		{stock.TransferFilter{LocationID: harbour}, "2 1"},
		{stock.TransferFilter{LocationID: s.Location, Open: true}, "3 2 1"},
		{stock.TransferFilter{List: db.List{Q: "#t-1002"}}, "3"},
		{stock.TransferFilter{List: db.List{Q: "nothing"}}, ""},
	} {
		var got []string
		c.f.Limit = 2
		for {
			page, err := stock.Transfers(s.Ctx, s.DB, c.f)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range page.Items {
				got = append(got, fmt.Sprint(one.ID))
			}
			if c.f.After = page.Next; page.Next == "" {
				break
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v finds %v, want %s", c.f, got, c.want)
		}
	}
	for store, want := range map[int64]string{harbour: "[{{transfer 2 T-1001} 2}]", third: "[{{transfer 3 T-1002} 2}]", s.Location: "[]"} {
		if got := fmt.Sprint(s.at(store).explain(mug).IncomingLine); got != want {
			t.Errorf("at %d %s are incoming, want %s", store, got, want)
		}
	}
	page, err := stock.Transfers(s.Ctx, s.DB, stock.TransferFilter{})
	if err != nil {
		t.Fatal(err)
	}
	two, three := page.Items[3], page.Items[2]
	if two.What != "CUP" || two.LineCount != 2 || two.Units != 5 || two.OnWay != 5 || two.FromLocationName != "Main store" || two.ToLocationName != "Harbour" {
		t.Errorf("listed as %+v", two)
	}
	if three.OnWay != 2 || three.Received != 1 || three.Missing != 1 || page.Items[4].ID != draft.ID {
		t.Errorf("listed as %+v", three)
	}
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
				if t, err := stock.ShipTransfer(s.Ctx, s.DB, from.draft(to.Location, milk, q).ID, stock.TransferMove{}); err == nil {
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

func TestBothStoresHearOfATransfer(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 5)
	sent := s.send(harbour, mug, 2)
	done := s.unpack(sent, arrives(sent.Lines[0], 2, 0, ""))
	events, err := db.Events(s.Ctx, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var heard []string
	for _, e := range events {
		if e.Topic == "transfers" {
			heard = append(heard, fmt.Sprintf("%d of %d at %d", e.Version, e.EntityID, *e.LocationID))
		}
	}
	want := []string{"1 of 1 at 1", "1 of 1 at 2", "2 of 1 at 1", "2 of 1 at 2", "3 of 1 at 1", "3 of 1 at 2"}
	if !cmp.Equal(heard, want) || done.Version != 3 {
		t.Errorf("told were %v, want %v", heard, want)
	}
}
