package stock_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

func TestAnAdjustmentChangesTheShelfAndTheLedger(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	got := s.adjust(stock.Received, at(mug, 50, 700), by(cup, 3))
	if len(got.Levels) != 2 || got.Levels[0].OnHand != 50 || got.Levels[0].SKU != "MUG" || got.Levels[1].OnHand != 3 || len(got.ShortOrders) != 0 {
		t.Errorf("it answers %+v", got)
	}
	a, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Damage, Note: "dropped\nby the cat ", Lines: []stock.AdjustLine{by(mug, -2)}})
	if err != nil || a.Levels[0].Available != 48 {
		t.Fatalf("damage: %+v, %v", a, err)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 48})
	m := s.movements(stock.MovementFilter{VariantID: mug})
	if len(m) != 2 {
		t.Fatalf("%d movements", len(m))
	}
	want := stock.Movement{ID: m[0].ID, At: db.TimeOf(s.Clock.Now()), VariantID: mug, SKU: "MUG", Name: "MUG", LocationID: s.Location, LocationName: "Main store", Delta: -2, Reason: stock.Damage,
		Note: "dropped\nby the cat", Document: &stock.Document{Type: "adjustment", ID: a.ID, Number: "2"}, Actor: "Ada", UnitCost: ptr(money.Amount(700)), Balance: 48}
	if diff := cmp.Diff(want, m[0], cmpopts.IgnoreFields(stock.Movement{}, "DocumentType", "DocumentID", "DocumentNumber")); diff != "" {
		t.Errorf("the movement (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}

func TestACountSetsWhatIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	s.adjust(stock.Correction, counted(mug, 7))
	s.Level(t, mug, dbtest.Level{OnHand: 7})
	seen := s.level(mug).Version
	s.adjust(stock.Correction, counted(mug, 3))
	stale := counted(mug, 9)
	stale.Version = &seen
	e := s.refused(t, "stale", "lines[0]", func() error { _, err := s.try(stock.Correction, stale); return err })
	if now, ok := e.Params["current"].([]stock.Level); !ok || now[0].OnHand != 3 {
		t.Errorf("the current state is %+v", e.Params["current"])
	}
	fresh := counted(mug, 9)
	fresh.Version = ptr(s.level(mug).Version)
	s.adjust(stock.Correction, fresh)
	s.Level(t, mug, dbtest.Level{OnHand: 9})
	before := s.books()
	s.adjust(stock.Correction, counted(mug, 9))
	if after := s.books(); after != before {
		t.Errorf("a count that agrees changed %v to %v", before, after)
	}
	s.adjust(stock.Correction, counted(mug, 0))
	s.Level(t, mug, dbtest.Level{})
	s.Doctor(t)
}

func TestWhatCannotBeAdjustedLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	cup := s.Stocked("CUP", 5)
	bag := s.variant("Bag", catalog.NewVariant{SKU: "BAG", Price: 1, Tracked: ptr(false)})
	s.sell(cup, 4)
	for _, c := range []struct {
		name, code, field string
		change            func(*stock.Adjustment)
	}{
		{"more than is there", "below_zero", "lines[1].delta", func(a *stock.Adjustment) { a.Lines[1] = by(mug, -9) }},
		{"more than is there, whatever orders wait", "below_zero", "lines[1].delta", func(a *stock.Adjustment) {
			a.Lines[1] = stock.AdjustLine{VariantID: cup, Delta: ptr(int64(-6)), AllowShort: true}
		}},
		{"what orders have reserved", "would_short", "lines[1].delta", func(a *stock.Adjustment) { a.Lines[1] = by(cup, -2) }},
		{"a count below what orders have reserved", "would_short", "lines[1].counted", func(a *stock.Adjustment) { a.Lines[1] = counted(cup, 3) }},
		{"no change", "no_change", "lines[1].delta", func(a *stock.Adjustment) { a.Lines[1] = by(mug, 0) }},
		{"delta and count", "delta_or_counted", "lines[1].delta", func(a *stock.Adjustment) { a.Lines[1].Counted = ptr(int64(1)) }},
		{"neither", "delta_or_counted", "lines[1].delta", func(a *stock.Adjustment) { a.Lines[1].Delta = nil }},
		{"an unknown variant", "not_found", "lines[1].variantId", func(a *stock.Adjustment) { a.Lines[1].VariantID = 404 }},
		{"a variant without stock keeping", "not_tracked", "lines[1].variantId", func(a *stock.Adjustment) { a.Lines[1].VariantID = bag }},
		{"an unknown location", "not_found", "locationId", func(a *stock.Adjustment) { a.LocationID = 404 }},
		{"a reason of the shop's own", "bad_reason", "reason", func(a *stock.Adjustment) { a.Reason = stock.Sale }},
		{"waste that adds", "wrong_sign", "lines[0].delta", func(a *stock.Adjustment) { a.Reason = stock.Waste }},
		{"damage that adds", "wrong_sign", "lines[0].delta", func(a *stock.Adjustment) { a.Reason = stock.Damage }},
		{"theft that adds", "wrong_sign", "lines[0].delta", func(a *stock.Adjustment) { a.Reason = stock.Theft }},
		{"a theft that counts more than was there", "wrong_sign", "lines[0].counted", func(a *stock.Adjustment) {
			a.Reason, a.Lines[0] = stock.Theft, counted(mug, 6)
		}},
		{"a delivery that takes", "wrong_sign", "lines[1].delta", func(a *stock.Adjustment) { a.Reason, a.Lines[1] = stock.Received, by(mug, -1) }},
		{"a find that takes", "wrong_sign", "lines[1].delta", func(a *stock.Adjustment) { a.Reason, a.Lines[1] = stock.FoundStock, by(mug, -1) }},
		{"a note with a control character", "bad_text", "note", func(a *stock.Adjustment) { a.Note = "a\x00" }},
		{"a note that is too long", "too_long", "note", func(a *stock.Adjustment) { a.Note = strings.Repeat("a", 501) }},
		{"a cost beyond the books", "too_large", "lines[1].unitCost", func(a *stock.Adjustment) { a.Lines[1] = at(mug, 2, money.Max) }},
		{"a value beyond the books", "too_large", "lines[1].unitCost", func(a *stock.Adjustment) { a.Lines[1] = at(mug, 1, money.Max) }},
		{"more than a place can hold", "too_large", "lines[2]", func(a *stock.Adjustment) {
			a.Lines = []stock.AdjustLine{at(mug, 1_000_000_000, 0), at(cup, 1, 0), at(mug, 999_999_999_999, 0)}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := stock.Adjustment{LocationID: s.Location, Reason: stock.Correction, Lines: []stock.AdjustLine{by(mug, 1), by(mug, 1)}}
			c.change(&in)
			s.refused(t, c.code, c.field, func() error { _, err := stock.Adjust(s.Ctx, s.DB, in); return err })
		})
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Level(t, cup, dbtest.Level{OnHand: 5, Committed: 4})
	s.Doctor(t)
}

func TestAnAverageBeyondTheBooksIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	s.adjust(stock.Received, at(mug, 1, money.Max/2+1))
	for name, delta := range map[string]int64{"one more": 1, "many more": 1000} {
		t.Run(name, func(t *testing.T) {
			s.refused(t, "too_large", "lines[0].unitCost", func() error { _, err := s.try(stock.FoundStock, by(mug, delta)); return err })
		})
	}
	s.Doctor(t)
}

func TestTruthWinsAndTheNewestOrdersWait(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	first, second, third := s.sell(mug, 3), s.sell(mug, 3), s.sell(mug, 3)
	_, last, err := db.EventRange(s.Ctx, s.DB)
	if err != nil {
		t.Fatal(err)
	}
	e := s.refused(t, "would_short", "lines[0].delta", func() error { _, err := s.try(stock.Theft, by(mug, -6)); return err })
	if e.Params["available"] != int64(1) || e.Params["missing"] != int64(5) {
		t.Errorf("refused with %v", e.Params)
	}
	line := counted(mug, 4)
	line.AllowShort = true
	got := s.adjust(stock.Theft, line)
	if !slices.Equal(got.ShortOrders, []int64{second, third}) {
		t.Errorf("orders %v wait, want %v", got.ShortOrders, []int64{second, third})
	}
	s.Level(t, mug, dbtest.Level{OnHand: 4, Committed: 4, Backordered: 5})
	want := []stock.Reservation{{OrderID: first, Quantity: 3, Covered: 3}, {OrderID: second, Quantity: 3, Covered: 1, Short: 2}, {OrderID: third, Quantity: 3, Short: 3}}
	if diff := cmp.Diff(want, s.holds(mug)); diff != "" {
		t.Errorf("reservations (-want +got):\n%s", diff)
	}
	if got := s.toldOrders(last); !slices.Equal(got, []int64{second, third}) {
		t.Errorf("told about orders %v", got)
	}
	s.Doctor(t)

	_, last, _ = db.EventRange(s.Ctx, s.DB)
	s.adjust(stock.Received, by(mug, 3))
	want[1].Covered, want[1].Short, want[2].Covered, want[2].Short = 3, 0, 1, 2
	if diff := cmp.Diff(want, s.holds(mug)); diff != "" {
		t.Errorf("a receipt covers the oldest first (-want +got):\n%s", diff)
	}
	if got := s.toldOrders(last); !slices.Equal(got, []int64{second, third}) {
		t.Errorf("told about orders %v", got)
	}
	s.adjust(stock.Received, by(mug, 5))
	s.Level(t, mug, dbtest.Level{OnHand: 12, Committed: 9})
	s.Doctor(t)
}

// holds are the open reservations of a variant without what a test cannot know.
func (s *shop) holds(variant int64) []stock.Reservation {
	s.t.Helper()
	rows := s.explain(variant).Reservations
	for i := range rows {
		rows[i].At, rows[i].OrderNumber = 0, ""
	}
	return rows
}

// toldOrders are the orders of the events after one, each once, in order.
func (s *shop) toldOrders(after int64) (ids []int64) {
	s.t.Helper()
	events, err := db.Events(s.Ctx, s.DB, after, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range events {
		if e.Topic == "orders" {
			ids = append(ids, e.EntityID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func TestManyWhoWaitAreCoveredAndUncoveredWhole(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 250)
	for range 250 {
		s.sell(mug, 1)
	}
	line := counted(mug, 0)
	line.AllowShort = true
	if got := s.adjust(stock.Theft, line); len(got.ShortOrders) != 250 {
		t.Errorf("%d orders wait, want 250", len(got.ShortOrders))
	}
	s.Level(t, mug, dbtest.Level{Backordered: 250})
	s.adjust(stock.FoundStock, by(mug, 251))
	s.Level(t, mug, dbtest.Level{OnHand: 251, Committed: 250})
	s.Doctor(t)
}

func TestWhatIsSetAsideIsNotTaken(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	s.sell(mug, 2)
	if err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE levels SET unavailable = 2 WHERE variant_id = ?1", mug)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	line := by(mug, -4)
	line.AllowShort = true
	s.refused(t, "would_short", "lines[0].delta", func() error { _, err := s.try(stock.Theft, line); return err })
	line = by(mug, -3)
	line.AllowShort = true
	s.adjust(stock.Theft, line)
	s.Level(t, mug, dbtest.Level{OnHand: 2, Unavailable: 2, Backordered: 2})
	if _, err := s.Sell(mug, 1); db.CodeOf(err) != "out_of_stock" {
		t.Errorf("what is set aside was sold: %v", err)
	}
}

func TestTheLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Stocked("MUG", 5)
	for _, q := range []string{"UPDATE movements SET delta = 6", "UPDATE movements SET note = 'x'", "DELETE FROM movements",
		"INSERT OR REPLACE INTO movements SELECT * FROM movements"} {
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error { _, err := tx.Exec(q); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	s.Doctor(t)
}

func TestCostsAreAMovingAverage(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.at(s.openStore("Second store"))
	mug := s.Stocked("MUG", 0) // its own cost is 600
	for _, step := range []struct {
		shop            *shop
		line            stock.AdjustLine
		moved           int64
		quantity, value int64
	}{
		{s, by(mug, 2), 1200, 2, 1200},          // nothing to go by: the variant's own cost
		{second, at(mug, 1, 101), 101, 3, 1301}, // one average over all stores
		{s, by(mug, -1), -434, 2, 867},          // 1301/3 = 433.67
		{s, by(mug, 1), 434, 3, 1301},           // found: at the average, 433.5 away from zero
		{s, by(mug, -2), -867, 1, 434},          // 867.33
		{second, by(mug, -1), -434, 0, 0},       // the last unit takes the rest
		{second, by(mug, 4), 2400, 4, 2400},     // and the variant's own cost again
		{second, at(mug, 1, 0), 0, 5, 2400},     // a gift
		{second, at(mug, -3, 9), -1440, 2, 960}, // what goes out is not for its sender to value
	} {
		step.shop.adjust(stock.Correction, step.line)
		var moved, quantity, value int64
		if err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
			return tx.Row(`SELECT (SELECT cost FROM movements ORDER BY id DESC LIMIT 1), quantity, value FROM costs WHERE variant_id = ?1`, []any{mug}, &moved, &quantity, &value)
		}); err != nil {
			t.Fatal(err)
		}
		if moved != step.moved || quantity != step.quantity || value != step.value {
			t.Errorf("after %+d: %d moved, %d are worth %d; want %d, %d, %d", *step.line.Delta, moved, quantity, value, step.moved, step.quantity, step.value)
		}
	}
	s.Doctor(t)
}

func TestAnAdjustmentUnderAKeyHappensOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	ctx := db.WithKey(s.Ctx, "POST /stock/adjustments", "k")
	dbtest.Together(50, func() error {
		_, err := stock.Adjust(ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Received, Lines: []stock.AdjustLine{by(mug, 3)}})
		return err
	}).AllOthers(t, "none may fail")
	s.Level(t, mug, dbtest.Level{OnHand: 8})
}

func TestSalesAndAdjustmentsAtOnceNeverOversell(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	sold := make(chan int, 1)
	go func() {
		got := dbtest.Together(60, func() error { _, err := s.Sell(mug, 1); return err })
		got.AllOthers(t, "out_of_stock")
		sold <- got.Succeeded()
	}()
	taken := dbtest.Together(30, func() error { _, err := s.try(stock.Theft, by(mug, -1)); return err })
	n := <-sold
	for _, err := range taken {
		if code := db.CodeOf(err); err != nil && code != "would_short" && code != "below_zero" {
			t.Errorf("a theft failed with %v", err)
		}
	}
	left := int64(20 - taken.Succeeded())
	s.Level(t, mug, dbtest.Level{OnHand: left, Committed: int64(n)})
	if int64(n) != left {
		t.Errorf("%d sold of %d that were left", n, left)
	}
	s.Doctor(t)
}
