package purchasing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/stock"
)

func TestAnOrderGoesFromDraftToShelf(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	s.sells(mug, catalog.SupplierItemChange{Code: ptr("A-1"), Cost: money.Some(ptr(money.Amount(550))), MOQ: ptr(int64(12)), PackSize: ptr(int64(6))})
	draft := s.draft(purchasing.NewPurchase{SupplierID: s.acme, LocationID: s.Location, Note: "Ring twice.", Lines: []purchasing.NewPurchaseLine{
		{VariantID: mug, Quantity: 10}, {VariantID: cup, Quantity: 4, UnitCost: ptr(money.Amount(0))}}})
	if draft.Status != purchasing.PurchaseDraft || draft.Number != "" || draft.Costs.Ordered != 5500 || s.books()[5] != 0 {
		t.Fatalf("drafted as %+v", draft)
	}
	one, two := draft.Lines[0], draft.Lines[1]
	if one.Code != "A-1" || *one.UnitCost != 550 || !slices.Equal(one.Warnings, []purchasing.PurchaseWarning{purchasing.BelowMOQ, purchasing.OffPack}) || one.MOQ != 12 || one.PackSize != 6 {
		t.Errorf("its first line is %+v", one)
	}
	if !slices.Equal(two.Warnings, []purchasing.PurchaseWarning{purchasing.NoCost}) {
		t.Errorf("its second line is %+v", two)
	}
	sent, err := purchasing.Send(s.Ctx, s.DB, draft.ID, purchasing.PurchaseSending{PurchaseMove: purchasing.PurchaseMove{Version: &draft.Version}})
	if err != nil || sent.Number != "P-1001" || sent.Status != purchasing.PurchaseSent || where(sent) != "sent 10/0/0 4/0/0" || sent.Lines[0].Warnings != nil {
		t.Fatalf("sent as %+v, %v", sent, err)
	}
	if sent.ExpectedOn == nil || *sent.ExpectedOn != "2026-11-27" { // seven days from today
		t.Errorf("it is expected on %v", sent.ExpectedOn)
	}
	if got := s.mails(); !slices.Equal(got, []string{"orders@acme.example"}) || sent.Timeline[1].MailedTo != got[0] {
		t.Errorf("mailed to %v", got)
	}
	s.Level(t, mug, dbtest.Level{Incoming: 10})
	why, err := stock.Explain(s.Ctx, s.DB, mug, s.Location)
	want := []stock.Incoming{{Document: stock.Document{Type: "purchase", ID: sent.ID, Number: "P-1001"}, Quantity: 10, ExpectedOn: ptr(db.Date("2026-11-27"))}}
	if diff := cmp.Diff(want, why.IncomingLine); diff != "" || err != nil {
		t.Errorf("incoming (-want +got), %v:\n%s", err, diff)
	}
	s.Doctor(t)

	some := s.receive(sent, came(sent, 6))
	if where(some) != "partially_received 4/6/0 4/0/0" || some.ClosedAt != nil {
		t.Errorf("after six: %s", where(some))
	}
	s.Level(t, mug, dbtest.Level{OnHand: 6, Incoming: 4})
	s.Doctor(t)
	all := s.receive(some, came(some, 4, 4))
	if where(all) != "received 0/10/0 0/4/0" || all.ClosedAt == nil || all.Costs.Received != 5500 {
		t.Errorf("after all: %+v", all)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 10})
	if got := s.ledger(mug); got != "+6 3300, +4 2200" {
		t.Errorf("the ledger says %s", got)
	}
	if got := steps(all); got != "drafted sent received received" {
		t.Errorf("its timeline says %s", got)
	}
	s.Doctor(t)
}

func TestAnOrderMovesOnceAndNeverBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	send := func(id int64) func() error {
		return func() error { return failure(purchasing.Send(s.Ctx, s.DB, id, purchasing.PurchaseSending{})) }
	}
	receive := func(p *purchasing.PurchaseOrder, q int64) func() error {
		return func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, q))) }
	}
	cancel := func(id int64) func() error { return func() error { return s.cancel(id) } }

	off := s.draft(s.wants(mug, 1, 600))
	s.illegal(t, purchasing.PurchaseDraft, purchasing.PurchaseReceived, receive(off, 1))
	if err := s.cancel(off.ID); err != nil {
		t.Fatal(err)
	}
	s.same(t, "cancelled", cancel(off.ID))
	s.illegal(t, purchasing.PurchaseCancelled, purchasing.PurchaseSent, send(off.ID))
	s.illegal(t, purchasing.PurchaseCancelled, purchasing.PurchaseReceived, receive(off, 1))

	p := s.ordered(mug, 4, 600)
	s.same(t, "sent", send(p.ID))
	if err := receive(p, 1)(); err != nil {
		t.Fatal(err)
	}
	s.same(t, "sent", send(p.ID))
	if err := receive(p, 3)(); err != nil {
		t.Fatal(err)
	}
	s.same(t, "received", receive(p, 3))
	s.same(t, "sent", send(p.ID))
	s.illegal(t, purchasing.PurchaseReceived, purchasing.PurchaseCancelled, cancel(p.ID))

	// What never comes is called off, and what came of it stays.
	rest := s.ordered(mug, 4, 600)
	s.receive(rest, came(rest, 1))
	if err := s.cancel(rest.ID); err != nil {
		t.Fatal(err)
	}
	s.same(t, "cancelled", cancel(rest.ID))
	got, err := purchasing.OrderByID(s.Ctx, s.DB, rest.ID)
	if err != nil || where(got) != "cancelled 0/1/3" || got.ClosedAt == nil {
		t.Errorf("called off as %+v, %v", got, err)
	}
	s.illegal(t, purchasing.PurchaseCancelled, purchasing.PurchaseReceived, receive(rest, 1))
	s.Level(t, mug, dbtest.Level{OnHand: 5})

	stale := s.draft(s.wants(mug, 1, 600))
	old := purchasing.PurchaseMove{Version: ptr(stale.Version + 1)}
	for _, move := range []func() error{
		func() error {
			return failure(purchasing.Send(s.Ctx, s.DB, stale.ID, purchasing.PurchaseSending{PurchaseMove: old}))
		},
		func() error { return failure(purchasing.Cancel(s.Ctx, s.DB, stale.ID, old)) },
		func() error {
			return failure(purchasing.Change(s.Ctx, s.DB, stale.ID, purchasing.PurchaseChange{PurchaseMove: old}))
		},
	} {
		s.refused(t, "stale", "", move)
	}
	sent := s.ordered(mug, 1, 1)
	in := came(sent, 1)
	in.Version = &stale.Version
	s.refused(t, "stale", "", func() error { return failure(purchasing.Receive(s.Ctx, s.DB, sent.ID, in)) })
}

func TestAnOrderIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	tea := s.variant(catalog.NewVariant{SKU: "TEA", Tracked: ptr(false)})
	gone := s.supplier(catalog.NewSupplier{Name: "Gone"})
	if _, err := catalog.UpdateSupplier(s.Ctx, s.DB, gone, catalog.SupplierChange{Archived: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code, field string
		change      func(*purchasing.NewPurchase)
	}{
		{"no_lines", "lines", func(n *purchasing.NewPurchase) { n.Lines = nil }},
		{"not_found", "supplierId", func(n *purchasing.NewPurchase) { n.SupplierID = 404 }},
		{"archived", "supplierId", func(n *purchasing.NewPurchase) { n.SupplierID = gone }},
		{"not_found", "locationId", func(n *purchasing.NewPurchase) { n.LocationID = 404 }},
		{"bad_text", "note", func(n *purchasing.NewPurchase) { n.Note = "a\x00" }},
		{"bad_expected", "expectedOn", func(n *purchasing.NewPurchase) { n.ExpectedOn = ptr(db.Date("2026-11-19")) }},
		{"bad_expected", "expectedOn", func(n *purchasing.NewPurchase) { n.ExpectedOn = ptr(db.Date("2028-01-01")) }},
		{"not_found", "lines[1].variantId", func(n *purchasing.NewPurchase) {
			n.Lines = append(n.Lines, purchasing.NewPurchaseLine{VariantID: 404, Quantity: 1})
		}},
		{"not_tracked", "lines[0].variantId", func(n *purchasing.NewPurchase) { n.Lines[0].VariantID = tea }},
		{"twice_in_purchase", "lines[1].variantId", func(n *purchasing.NewPurchase) { n.Lines = append(n.Lines, n.Lines[0]) }},
		{"too_large", "lines[0].unitCost", func(n *purchasing.NewPurchase) { n.Lines[0].UnitCost = ptr(money.Max) }},
	} {
		in := s.wants(mug, 2, 600)
		c.change(&in)
		s.refused(t, c.code, c.field, func() error { return failure(purchasing.Create(s.Ctx, s.DB, in)) })
	}
	s.refused(t, "forbidden", "lines[0].unitCost", func() error { return failure(purchasing.Create(employee(), s.DB, s.wants(mug, 1, 600))) })

	p := s.ordered(mug, 10, 600)
	for _, c := range []struct {
		code, field string
		in          purchasing.PurchaseReceipt
	}{
		{"not_found", "lines[0].lineId", purchasing.PurchaseReceipt{Lines: []purchasing.PurchaseArrival{{LineID: 404, Quantity: 1}}}},
		{"nothing_arrived", "lines", came(p, 0)},
		{"lots_not_tracked", "lines[0].lot", purchasing.PurchaseReceipt{Lines: []purchasing.PurchaseArrival{{LineID: p.Lines[0].ID, Quantity: 1, Lot: "A"}}}},
		{"too_large", "lines[0].unitCost", purchasing.PurchaseReceipt{Lines: []purchasing.PurchaseArrival{{LineID: p.Lines[0].ID, Quantity: 2, UnitCost: ptr(money.Max)}}}},
		{"too_large", "freight", purchasing.PurchaseReceipt{Freight: money.Max, Duty: 1, Lines: came(p, 1).Lines}},
		{"too_large", "lines[0].unitCost", purchasing.PurchaseReceipt{Freight: money.Max, Lines: came(p, 1).Lines}},
	} {
		s.refused(t, c.code, c.field, func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, c.in)) })
	}
	s.Doctor(t)
}

func TestADraftIsChangedUntilItIsSent(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug, cup, bag := s.Stocked("MUG", 0), s.Stocked("CUP", 0), s.Stocked("BAG", 0)
	draft := s.draft(s.wants(mug, 10, 550, cup, 4, 300))
	to := s.wants(bag, 3, 100, mug, 12, 500).Lines
	got, err := purchasing.Change(s.Ctx, s.DB, draft.ID, purchasing.PurchaseChange{PurchaseMove: purchasing.PurchaseMove{Version: &draft.Version}, LocationID: &harbour, Note: ptr(" Ring. "),
		ExpectedOn: ptr(db.Date("2026-12-01")), Lines: to})
	if err != nil || got.Version != 2 || got.LocationName != "Harbour" || got.Note != "Ring." || *got.ExpectedOn != "2026-12-01" || got.Costs.Ordered != 6300 {
		t.Fatalf("changed into %+v, %v", got, err)
	}
	want := []purchasing.PurchaseEdit{
		{What: "location", Before: "Main store", After: "Harbour"}, {What: "note", After: "Ring."}, {What: "expected", After: "2026-12-01"},
		{What: "line", Name: "BAG", Before: "0", After: "3"}, {What: "line", Name: "MUG", Before: "10", After: "12"}, {What: "cost", Name: "MUG", Before: "550", After: "500"},
		{What: "line", Name: "CUP", Before: "4", After: "0"},
	}
	if diff := cmp.Diff(want, got.Timeline[1].Changes); diff != "" {
		t.Errorf("the timeline says (-want +got):\n%s", diff)
	}
	// Lines that say no cost keep what the draft had, and what changes nothing is no change.
	kept := []purchasing.NewPurchaseLine{{VariantID: bag, Quantity: 3}, {VariantID: mug, Quantity: 12}}
	s.same(t, "changed", func() error {
		return failure(purchasing.Change(s.Ctx, s.DB, draft.ID, purchasing.PurchaseChange{Note: ptr("Ring."), Lines: kept}))
	})
	kept[1].Quantity = 24
	got, err = purchasing.Change(employee(), s.DB, draft.ID, purchasing.PurchaseChange{Lines: kept})
	if err != nil || got.Costs != nil || got.Lines[1].UnitCost != nil {
		t.Errorf("changed without costs into %+v, %v", got, err)
	}
	sent, err := purchasing.Send(s.Ctx, s.DB, draft.ID, byPhone)
	if err != nil || *sent.Lines[1].UnitCost != 500 || *sent.ExpectedOn != "2026-12-01" {
		t.Fatalf("sent as %+v, %v", sent, err)
	}
	s.refused(t, "purchase_sent", "", func() error {
		return failure(purchasing.Change(s.Ctx, s.DB, draft.ID, purchasing.PurchaseChange{Note: ptr("too late")}))
	})
	// The supplier says another day, and so does whoever asks what is on its way.
	moved, err := purchasing.Change(s.Ctx, s.DB, draft.ID, purchasing.PurchaseChange{ExpectedOn: ptr(db.Date("2026-12-09"))})
	if err != nil || *moved.ExpectedOn != "2026-12-09" {
		t.Fatalf("moved to %+v, %v", moved, err)
	}
	why, err := stock.Explain(s.Ctx, s.DB, mug, harbour)
	if err != nil || *why.IncomingLine[0].ExpectedOn != "2026-12-09" {
		t.Errorf("%+v, %v", why.IncomingLine, err)
	}
	s.Doctor(t)
	if err := s.cancel(draft.ID); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "purchase_over", "", func() error {
		return failure(purchasing.Change(s.Ctx, s.DB, draft.ID, purchasing.PurchaseChange{ExpectedOn: ptr(db.Date("2026-12-10"))}))
	})
}

func TestAnOrderIsMailedAndMailedAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	mute := s.supplier(catalog.NewSupplier{Name: "Mute"})
	in := s.wants(mug, 3, 333)
	in.SupplierID = mute
	p := s.draft(in)
	send := func(in purchasing.PurchaseSending) error { return failure(purchasing.Send(s.Ctx, s.DB, p.ID, in)) }
	if e := s.refused(t, "no_address", "to", func() error { return send(purchasing.PurchaseSending{Mail: ptr(true)}) }); e.Params["name"] != "Mute" {
		t.Errorf("it names %v", e.Params)
	}
	s.refused(t, "bad_email", "to", func() error { return send(purchasing.PurchaseSending{To: "nobody"}) })
	if err := send(purchasing.PurchaseSending{To: "mute@example.com", Message: "Hello,\nplease hurry."}); err != nil {
		t.Fatal(err)
	}
	var facts string
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT facts FROM outbox WHERE costs = 1 AND location_id = ?1", []any{s.Location}, &facts)
	})
	var got purchasing.PurchaseFacts
	if err := json.Unmarshal([]byte(facts), &got); err != nil {
		t.Fatal(err)
	}
	want := purchasing.PurchaseFacts{ID: p.ID, Number: "P-1001", Shop: "Corner Shop", Language: "en", PaperSize: "a4", Currency: "EUR", Supplier: "Mute", DeliverTo: "Main store",
		SentOn: ptr(db.Date("2026-11-20")), Lines: []purchasing.PurchaseLineFacts{{SKU: "MUG", Name: "MUG", Quantity: 3, UnitCost: 333, Cost: 999}}, Total: 999, Message: "Hello,\nplease hurry."}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the mail tells (-want +got), %v:\n%s", err, diff)
	}
	// Asked for again it is not mailed again, unless somebody says so.
	s.same(t, "mailed", func() error { return send(purchasing.PurchaseSending{Mail: ptr(true), To: "mute@example.com"}) })
	s.same(t, "telephoned", func() error { return send(purchasing.PurchaseSending{Mail: ptr(false), Again: true}) })
	for range 2 {
		if err := send(purchasing.PurchaseSending{Mail: ptr(true), To: "other@example.com", Again: true}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.mails(); !slices.Equal(got, []string{"mute@example.com", "other@example.com", "other@example.com"}) {
		t.Errorf("mailed to %v", got)
	}
	now, err := purchasing.OrderByID(s.Ctx, s.DB, p.ID)
	if err != nil || steps(now) != "drafted sent mailed mailed" || where(now) != "sent 3/0/0" {
		t.Errorf("%s, %s, %v", steps(now), where(now), err)
	}
	if err := s.cancel(p.ID); err != nil {
		t.Fatal(err)
	}
	s.illegal(t, purchasing.PurchaseCancelled, purchasing.PurchaseSent, func() error { return send(purchasing.PurchaseSending{Again: true}) })
}

func TestOrdersAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 0)
	borg := s.supplier(catalog.NewSupplier{Name: "Börg"})
	begun := s.wants(mug, 1, 600)
	begun.ExpectedOn = ptr(db.Date("2026-11-21")) // a draft is not late
	s.draft(begun)
	part := s.ordered(mug, 5, 600)
	s.receive(part, came(part, 2))
	there := s.wants(mug, 7, 600)
	there.LocationID, there.SupplierID, there.ExpectedOn = harbour, borg, ptr(db.Date("2026-11-21"))
	if _, err := purchasing.Send(s.Ctx, s.DB, s.draft(there).ID, byPhone); err != nil {
		t.Fatal(err)
	}
	done := s.ordered(mug, 2, 600)
	s.receive(done, came(done, 2))
	if err := s.cancel(s.draft(s.wants(mug, 9, 600)).ID); err != nil {
		t.Fatal(err)
	}
	s.Clock.Forward(3 * 24 * time.Hour)
	for _, c := range []struct {
		f    purchasing.PurchaseFilter
		want string
	}{
		{purchasing.PurchaseFilter{}, "5 4 3 2 1"},
		{purchasing.PurchaseFilter{Open: true}, "3 2 1"},
		{purchasing.PurchaseFilter{Late: true}, "3"},
		{purchasing.PurchaseFilter{Status: purchasing.PurchaseDraft}, "1"},
		{purchasing.PurchaseFilter{Status: purchasing.PurchaseCancelled}, "5"},
		{purchasing.PurchaseFilter{SupplierID: borg}, "3"},
		{purchasing.PurchaseFilter{LocationID: s.Location, Open: true}, "2 1"},
		{purchasing.PurchaseFilter{List: db.List{Q: "#p-1001"}}, "2"},
		{purchasing.PurchaseFilter{List: db.List{Q: "bor"}}, "3"},
		{purchasing.PurchaseFilter{List: db.List{Q: "nothing"}}, ""},
	} {
		var got []string
		c.f.Limit = 2
		for {
			page, err := purchasing.Orders(s.Ctx, s.DB, c.f)
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
	page, err := purchasing.Orders(s.Ctx, s.DB, purchasing.PurchaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	two, three := page.Items[3], page.Items[2]
	if two.Units != 5 || two.Received != 2 || two.OnWay != 3 || two.What != "MUG" || two.SupplierName != "Acme" || *two.Cost != 3000 || two.LateDays != 0 || three.LateDays != 2 {
		t.Errorf("listed as %+v and %+v", two, three)
	}
	for who, want := range map[int64]int{harbour: 1, s.Location: 4} {
		page, err := purchasing.Orders(employee(who), s.DB, purchasing.PurchaseFilter{})
		if err != nil || len(page.Items) != want || page.Items[0].Cost != nil {
			t.Errorf("at %d %d are seen, %v", who, len(page.Items), err)
		}
	}
	s.refused(t, "not_found", "", func() error { return failure(purchasing.OrderByID(employee(harbour), s.DB, part.ID)) })
	s.refused(t, "not_found", "", func() error { return failure(purchasing.Receive(employee(harbour), s.DB, part.ID, came(part, 1))) })
}
