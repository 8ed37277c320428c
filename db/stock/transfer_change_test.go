package stock_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

// redraft changes a draft as the owner.
func (s *shop) redraft(id int64, in stock.TransferChange) *stock.Transfer {
	s.t.Helper()
	got, err := stock.ChangeTransfer(s.Ctx, s.DB, id, in)
	if err != nil {
		s.t.Fatalf("change a transfer: %v", err)
	}
	return got
}

// goes are lines as they shall be; quantities follow their variants.
func goes(goods ...int64) (lines []stock.NewTransferLine) {
	for i := 0; i < len(goods); i += 2 {
		lines = append(lines, stock.NewTransferLine{VariantID: goods[i], Quantity: goods[i+1]})
	}
	return lines
}

func TestADraftIsChangedUntilItLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour, third := s.openStore("Harbour"), s.openStore("Third")
	mug, cup, bag := s.Stocked("MUG", 5), s.Stocked("CUP", 5), s.variant("Bag", catalog.NewVariant{SKU: "BAG"})
	s.sell(mug, 3)
	draft := s.draft(harbour, mug, 3, cup, 5)
	got := s.redraft(draft.ID, stock.TransferChange{TransferMove: stock.TransferMove{Version: &draft.Version}, ToLocationID: &third, Note: ptr(" for the window "), Lines: goes(bag, 2, mug, 4)})
	if got.Version != 2 || got.ToLocationName != "Third" || got.Note != "for the window" || got.Status != stock.TransferDraft {
		t.Errorf("changed into %+v", got)
	}
	var has []string
	for _, l := range got.Lines {
		has = append(has, fmt.Sprintf("%s %d of %d", l.SKU, l.Quantity, *l.Available))
	}
	if want := []string{"BAG 2 of 0", "MUG 4 of 2"}; !cmp.Equal(has, want) {
		t.Errorf("it has %v, want %v", has, want)
	}
	want := []stock.TransferEdit{
		{What: "to", Before: "Harbour", After: "Third"},
		{What: "note", After: "for the window"},
		{What: "line", Name: "Bag", Before: "0", After: "2"},
		{What: "line", Name: "MUG", Before: "3", After: "4"},
		{What: "line", Name: "CUP", Before: "5", After: "0"},
	}
	step := got.Timeline[1]
	if diff := cmp.Diff(want, step.Changes); diff != "" || step.Kind != "changed" || step.Actor != "Ada" {
		t.Errorf("the timeline says %+v (-want +got):\n%s", step, diff)
	}
	s.Doctor(t)

	// What changes nothing is no change, also in another order.
	before := s.books()
	if same := s.redraft(draft.ID, stock.TransferChange{Note: ptr("for the window"), Lines: goes(mug, 4, bag, 2)}); !cmp.Equal(same, got) {
		t.Errorf("changed into the same: %+v", same)
	}
	if now, err := stock.TransferByID(s.Ctx, s.DB, draft.ID); err != nil || !cmp.Equal(now, got) || s.books() != before {
		t.Errorf("what changed nothing left %+v, %v", now, err)
	}

	s.redraft(draft.ID, stock.TransferChange{Lines: goes(mug, 2)})
	sent, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{})
	if err != nil || sent.Lines[0].OnWay != 2 || sent.Lines[0].Available != nil || sent.ToLocationID != third {
		t.Errorf("sent as %+v, %v", sent, err)
	}
	s.refused(t, "draft_left", "", func() error {
		_, err := stock.ChangeTransfer(s.Ctx, s.DB, draft.ID, stock.TransferChange{Note: ptr("too late")})
		return err
	})
	s.Level(t, mug, dbtest.Level{OnHand: 3, Committed: 3})
	s.Doctor(t)
}

func TestAChangeOfADraftIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 10)
	tea := s.variant("Tea", catalog.NewVariant{SKU: "TEA", Tracked: ptr(false)})
	draft := s.draft(harbour, mug, 3)
	for _, c := range []struct {
		code, field string
		in          stock.TransferChange
	}{
		{"stale", "", stock.TransferChange{TransferMove: stock.TransferMove{Version: ptr(draft.Version + 1)}, Note: ptr("a")}},
		{"same_location", "toLocationId", stock.TransferChange{ToLocationID: &s.Location}},
		{"not_found", "fromLocationId", stock.TransferChange{FromLocationID: ptr(int64(404))}},
		{"not_found", "toLocationId", stock.TransferChange{ToLocationID: ptr(int64(404))}},
		{"bad_text", "note", stock.TransferChange{Note: ptr("a\x00")}},
		{"not_found", "lines[1].variantId", stock.TransferChange{Lines: goes(mug, 1, 404, 1)}},
		{"not_tracked", "lines[0].variantId", stock.TransferChange{Lines: goes(tea, 1)}},
		{"twice_in_transfer", "lines[1].variantId", stock.TransferChange{Lines: goes(mug, 1, mug, 1)}},
	} {
		s.refused(t, c.code, c.field, func() error { _, err := stock.ChangeTransfer(s.Ctx, s.DB, draft.ID, c.in); return err })
	}
	if now, err := stock.TransferByID(s.Ctx, s.DB, draft.ID); err != nil || !cmp.Equal(now, draft) {
		t.Errorf("what was refused left %+v, %v", now, err)
	}
}

func TestADraftIsChangedByWhoWorksWhereItIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	main, harbour, third := s.Location, s.openStore("Harbour"), s.openStore("Third")
	there, elsewhere := employee(harbour), employee(third)
	asked, err := stock.CreateTransfer(there, s.DB, stock.NewTransfer{FromLocationID: main, ToLocationID: harbour, Lines: goes(mug, 4)})
	if err != nil || asked.Lines[0].Available != nil {
		t.Fatalf("the harbour learns what the main store has: %+v, %v", asked, err)
	}
	change := func(ctx context.Context, in stock.TransferChange) error {
		_, err := stock.ChangeTransfer(ctx, s.DB, asked.ID, in)
		return err
	}
	s.refused(t, "not_found", "", func() error { return change(elsewhere, stock.TransferChange{Note: ptr("mine")}) })
	s.refused(t, "not_found", "fromLocationId", func() error { return change(there, stock.TransferChange{ToLocationID: &third}) })
	if err := change(there, stock.TransferChange{Lines: goes(mug, 5)}); err != nil {
		t.Fatal(err)
	}
	if err := change(s.Ctx, stock.TransferChange{ToLocationID: &third}); err != nil {
		t.Fatal(err)
	}
	// The store that it was of hears that it is so no more.
	events, err := db.Events(s.Ctx, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var heard []int64
	for _, e := range events {
		if e.Topic == "transfers" && e.Version == 3 {
			heard = append(heard, *e.LocationID)
		}
	}
	if want := []int64{main, third, harbour}; !cmp.Equal(heard, want) {
		t.Errorf("told were %v, want %v", heard, want)
	}
	s.refused(t, "not_found", "", func() error { return change(there, stock.TransferChange{Note: ptr("still mine")}) })
}

func TestADraftIsSentAsItWasSeen(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 100)
	draft := s.draft(harbour, mug, 10)
	got := dbtest.Together(20, func() error {
		_, err := stock.ChangeTransfer(s.Ctx, s.DB, draft.ID, stock.TransferChange{TransferMove: stock.TransferMove{Version: &draft.Version}, Lines: goes(mug, 20)})
		return err
	})
	if n := got.Succeeded(); n != 1 {
		t.Errorf("%d changed what they saw", n)
	}
	got.AllOthers(t, "stale")
	s.refused(t, "stale", "", func() error {
		_, err := stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{TransferMove: stock.TransferMove{Version: &draft.Version}})
		return err
	})
	s.Level(t, mug, dbtest.Level{OnHand: 100})
}

func TestStoresKnowEachOtherByName(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	names, err := stock.LocationNames(employee(harbour), s.DB)
	if want := []stock.LocationName{{ID: harbour, Name: "Harbour"}, {ID: s.Location, Name: "Main store"}}; err != nil || !cmp.Equal(names.Items, want) {
		t.Errorf("%v, %v, want %v", names, err, want)
	}
}
