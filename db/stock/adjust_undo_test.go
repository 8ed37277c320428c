package stock_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/staff"
	"onhand/db/stock"
)

func (s *shop) undo(id int64) *stock.Adjusted {
	s.t.Helper()
	a, err := stock.UndoAdjustment(s.Ctx, s.DB, id, stock.Undoing{})
	if err != nil {
		s.t.Fatalf("undo: %v", err)
	}
	return a
}

func (s *shop) notUndone(t testing.TB, code string, id int64) *db.Error {
	t.Helper()
	return s.refused(t, code, "", func() error { _, err := stock.UndoAdjustment(s.Ctx, s.DB, id, stock.Undoing{}); return err })
}

func TestAnAdjustmentIsUndoneAsAWholeAndOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 9)
	s.adjust(stock.Received, at(mug, 3, 101))
	a := s.adjust(stock.Correction, at(mug, 7, 333), by(cup, -4), by(mug, -2))
	back := s.undo(a.ID)
	if len(back.Levels) != 2 || back.Levels[0].OnHand != 3 || back.Levels[1].OnHand != 9 || back.ID != a.ID {
		t.Errorf("it answers %+v", back)
	}
	if q, v := s.worth(mug); q != 3 || v != 303 {
		t.Errorf("%d mugs are worth %d", q, v)
	}
	m := s.movements(stock.MovementFilter{VariantID: cup})
	if m[0].Reason != stock.Reversal || m[0].Delta != 4 || !m[0].Undone || !m[1].Undone || m[0].Document.ID != a.ID || m[0].Document.Type != "adjustment" || m[2].Undone {
		t.Errorf("the movements are %+v", m)
	}
	before := s.books()
	if again := s.undo(a.ID); !cmp.Equal(again.Levels, back.Levels) || s.books() != before {
		t.Errorf("undone again it answers %+v", again)
	}
	s.notUndone(t, "not_found", 99)
	if none := s.adjust(stock.Correction, counted(mug, 3)); none.ID != 0 {
		t.Errorf("what moved nothing is adjustment %d", none.ID)
	}
	s.Doctor(t)
}

func TestWhatIsUndoneGoesBackToItsLotsAndToWhatWasSetAside(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.today("2026-11-20")
	milk, mug := s.perishable("MILK"), s.Stocked("MUG", 10)
	s.adjust(stock.Received, lot(milk, 5, "A", "2026-12-01"), lot(milk, 5, "B", "2026-12-20"))
	wrong := s.adjust(stock.Received, lot(milk, 2, "A", "2026-12-01"), lot(milk, 3, "C", "2027-01-05"))
	gone := s.adjust(stock.Damage, lot(milk, -4, "B", "2026-12-20"))
	s.undo(gone.ID)
	s.undo(wrong.ID)
	s.lies(t, milk, "A 2026-12-01: 5, B 2026-12-20: 5")

	s.setAside(stock.Damaged, some(mug, 4), some(milk, 2))
	line, old := by(mug, -3), by(milk, -2)
	line.SetAside, old.SetAside = stock.Damaged, stock.Damaged
	thrown := s.adjust(stock.Waste, line, by(mug, -1), old)
	s.undo(thrown.ID)
	s.Level(t, mug, dbtest.Level{OnHand: 10, Unavailable: 4})
	if got := s.asides(mug) + ", " + s.asides(milk); got != "4 damaged, 2 damaged of A" {
		t.Error(got)
	}

	// What has expired by then is set aside for that.
	thrown = s.adjust(stock.Waste, old)
	s.today("2026-12-02")
	s.undo(thrown.ID)
	s.lies(t, milk, "A 2026-12-01: 5 of 5 set aside, B 2026-12-20: 5")
	if got := s.asides(milk); got != "5 expired of A" {
		t.Error(got)
	}
	s.Doctor(t)
}

func TestWhatIsGoneReservedOrCountedIsNotUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.today("2026-11-20")
	mug, milk := s.Stocked("MUG", 0), s.perishable("MILK")
	a := s.adjust(stock.Received, by(mug, 5))
	order := s.sell(mug, 4)
	if e := s.notUndone(t, "would_short", a.ID); e.Params["missing"] != int64(4) || e.Params["name"] != "MUG" {
		t.Errorf("%v", e.Params)
	}
	got, err := stock.UndoAdjustment(s.Ctx, s.DB, a.ID, stock.Undoing{AllowShort: true})
	if err != nil || !cmp.Equal(got.ShortOrders, []int64{order}) {
		t.Errorf("%v: %+v", err, got)
	}
	s.Level(t, mug, dbtest.Level{Backordered: 4})

	s.adjust(stock.Received, lot(milk, 5, "Z", "2027-02-01"))
	b := s.adjust(stock.Received, lot(milk, 4, "A", "2026-12-01"), lot(milk, 9, "B", "2026-12-20"))
	s.adjust(stock.Waste, by(milk, -1)) // of A
	if e := s.notUndone(t, "undo_gone", b.ID); e.Params["left"] != int64(3) || e.Params["name"] != "MILK" {
		t.Errorf("%v", e.Params)
	}
	c := s.adjust(stock.Received, by(milk, 1))
	s.setAside(stock.Safety, some(milk, 1), some(milk, 17))
	s.notUndone(t, "undo_gone", c.ID)

	// What was counted or corrected since is right as it is, unless the correction was undone itself.
	d := s.adjust(stock.Damage, by(s.Stocked("CUP", 5), -2))
	cup := d.Levels[0].VariantID
	e := s.adjust(stock.Correction, counted(cup, 5))
	s.notUndone(t, "undo_counted", d.ID)
	s.undo(e.ID)
	s.undo(d.ID)
	s.Level(t, cup, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}

func TestACountThatFoundNothingWrongKeepsAnAdjustment(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	a := s.adjust(stock.Damage, by(mug, -2))
	c := s.startCount(stock.NewCount{VariantIDs: []int64{mug}})
	s.count(c.ID, found(mug, 3))
	s.postCount(c.ID)
	s.notUndone(t, "undo_counted", a.ID)
	s.Doctor(t)
}

func TestUndoingWhatCameInAsksForApprovalAsWritingItOffWould(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	a := s.adjust(stock.Received, at(mug, 10, 1000))
	eva := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: staff.Employee.Permissions(), Limits: map[db.Limit]int64{db.WriteOffLimit: 5000}})
	s.refused(t, "approval_required", "", func() error { _, err := stock.UndoAdjustment(eva, s.DB, a.ID, stock.Undoing{}); return err })
	elsewhere := s.openStore("Harbour")
	s.refused(t, "not_found", "", func() error {
		_, err := stock.UndoAdjustment(employee(elsewhere), s.DB, a.ID, stock.Undoing{})
		return err
	})
	s.undo(a.ID)
	s.Doctor(t)
}

func TestUndoneAtOnceTheBooksAreAsBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	variants := []int64{s.Stocked("A", 0), s.Stocked("B", 0), s.perishable("C")}
	lots := []string{"", "X", "Y"}
	line := func(rt *rapid.T) stock.AdjustLine {
		v := rapid.SampledFrom(variants).Draw(rt, "variant")
		l := by(v, rapid.Int64Range(-6, 9).Filter(func(n int64) bool { return n != 0 }).Draw(rt, "delta"))
		if *l.Delta > 0 {
			l.UnitCost = ptr(money.Amount(rapid.Int64Range(0, 999).Draw(rt, "cost")))
		}
		if v == variants[2] {
			l.Lot = rapid.SampledFrom(lots).Draw(rt, "lot")
		}
		return l
	}
	state := func() (all []int64) {
		err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
			return tx.Select(&all, `SELECT on_hand FROM levels WHERE on_hand > 0 UNION ALL SELECT quantity FROM lots WHERE quantity > 0
				UNION ALL SELECT value FROM costs WHERE value > 0`)
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	rapid.Check(t, func(rt *rapid.T) {
		if _, err := s.try(stock.Correction, line(rt)); err != nil && db.CodeOf(err) == "" {
			rt.Fatal(err)
		}
		was := state()
		a, err := s.try(stock.Correction, rapid.SliceOfN(rapid.Custom(line), 1, 5).Draw(rt, "lines")...)
		if err != nil {
			return
		}
		if _, err := stock.UndoAdjustment(s.Ctx, s.DB, a.ID, stock.Undoing{}); err != nil {
			rt.Fatalf("undo: %v", err)
		}
		if now := state(); !cmp.Equal(was, now) {
			rt.Fatalf("the books were %v and are %v", was, now)
		}
	})
	s.Doctor(t)
}

func TestUndoneByManyItIsUndoneOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	a := s.adjust(stock.Damage, by(mug, -2))
	got := dbtest.Together(20, func() error {
		_, err := stock.UndoAdjustment(s.Ctx, s.DB, a.ID, stock.Undoing{})
		return err
	})
	if n := got.Succeeded(); n != 20 {
		t.Errorf("%d of 20 were told that it is undone", n)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}
