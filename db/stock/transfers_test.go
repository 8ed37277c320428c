package stock_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	t, err := stock.ShipTransfer(s.Ctx, s.DB, s.draft(to, goods...).ID, stock.TransferShipment{})
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
	sent, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{TransferMove: stock.TransferMove{Version: &draft.Version}})
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
	ship := func(id int64) error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, id, stock.TransferShipment{})
		return err
	}
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
		"ship": func(m stock.TransferMove) error {
			_, err := stock.ShipTransfer(s.Ctx, s.DB, stale.ID, stock.TransferShipment{TransferMove: m})
			return err
		},
		"cancel": func(m stock.TransferMove) error { _, err := stock.CancelTransfer(s.Ctx, s.DB, stale.ID, m); return err },
	} {
		s.refused(t, "stale", "", func() error { return move(stock.TransferMove{Version: ptr(stale.Version + 1)}) })
		_ = name
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
		_, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{})
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
		return func() error { _, err := stock.ShipTransfer(ctx, s.DB, id, stock.TransferShipment{}); return err }
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
