package sales_test

import (
	"testing"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/sales"
)

// Whoever comes first: what is cancelled does not leave, and what has left is not cancelled.
func TestAnOrderIsCancelledOrShippedNeverBoth(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	left := int64(0)
	for i := range 20 {
		o := s.place(s.counter(line(mug, 2)))
		ship := func() error {
			_, err := sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{Ship: true})
			return err
		}
		if i%2 == 0 { // it is packed already
			packed := s.fulfil(o.ID, sales.NewFulfilment{}).Fulfilments[0].ID
			ship = func() error {
				_, err := sales.MoveParcel(s.Ctx, s.DB, packed, sales.Shipped, sales.Command{})
				return err
			}
		}
		var cancelled, shipped error
		s.race(
			func() error {
				_, cancelled = sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{})
				return cancelled
			},
			func() error {
				shipped = ship()
				return shipped
			})
		switch o = s.order(o.ID); {
		case cancelled == nil:
			refusal(t, shipped, map[bool]string{true: "illegal_move", false: "not_open"}[i%2 == 0])
			wantStates(t, o, "cancelled, paid, unfulfilled")
		default:
			refusal(t, cancelled, "already_left")
			wantStates(t, o, "confirmed, pending, fulfilled")
			left += 2
		}
	}
	s.Level(t, mug, dbtest.Level{OnHand: 100 - left})
	s.Doctor(t)
}

// Nobody saw a version: each edit is made of what the one before left, and none sells what another one took.
func TestEditsOfNoVersionFollowUponEachOther(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 12), s.Stocked("CUP", 40)
	o := s.place(s.counter(line(mug, 1), line(cup, 1)))
	other := s.place(s.counter(line(mug, 1)))
	got := dbtest.Together(40, func() error {
		_, err := sales.Edit(s.Ctx, s.DB, other.ID, sales.OrderChange{Lines: []sales.LineChange{stays(other.Lines[0], 6)}})
		if err != nil {
			return err
		}
		_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 6), stays(o.Lines[1], 1), added(cup, 1)}})
		return err
	})
	got.AllOthers(t, "none may fail") // each takes off what the one before added
	o, other = s.order(o.ID), s.order(other.ID)
	if len(o.Lines) != 3 || o.Total != 8*1250 || other.Total != 6*1250 {
		t.Errorf("%d lines of %d, and an order of %d", len(o.Lines), o.Total, other.Total)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 12, Committed: 12})
	s.Level(t, cup, dbtest.Level{OnHand: 40, Committed: 2})
	third := s.place(s.counter(line(cup, 1)))
	got = dbtest.Together(20, func() error {
		_, err := sales.Edit(s.Ctx, s.DB, third.ID, sales.OrderChange{Lines: []sales.LineChange{stays(third.Lines[0], 1), added(mug, 1)}})
		return err
	})
	if got.AllOthers(t, "out_of_stock"); got.Succeeded() != 0 {
		t.Errorf("%d edits took a mug of others", got.Succeeded())
	}
	s.Doctor(t)
}

// Two stores take the same units back at once: one of them is told that they came already.
func TestTheSameUnitsComeBackOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	back := int64(0)
	for range 20 {
		o := s.handed(mug, 3)
		in := comesBack(o, 2)
		in.Approve = true
		got := dbtest.Together(2, func() error {
			r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, in)
			if err == nil {
				_, err = sales.ReceiveReturn(s.Ctx, s.DB, r.ID, came(r, 2, 0, 0))
			}
			return err
		})
		got.AllOthers(t, "not_left")
		if o = s.order(o.ID); got.Succeeded() != 1 || o.Lines[0].Returned != 2 || o.DueBack != 2500 {
			t.Errorf("%d returns of %d units, %d to give back", got.Succeeded(), o.Lines[0].Returned, o.DueBack)
		}
		back += 2
	}
	s.Level(t, mug, dbtest.Level{OnHand: 100 - 60 + back})
	s.Doctor(t)
}

// A parcel that is cancelled never left, so nothing of it can come back; and what is asked back has left for good.
func TestAParcelIsCancelledOrItsGoodsAreAskedBackNeverBoth(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	for range 20 {
		o := s.fulfil(s.place(s.counter(line(mug, 2))).ID, sales.NewFulfilment{Ship: true})
		var cancelled, asked error
		s.race(
			func() error {
				_, cancelled = sales.MoveParcel(s.Ctx, s.DB, o.Fulfilments[0].ID, sales.ParcelDropped, sales.Command{})
				return cancelled
			},
			func() error {
				_, asked = sales.RequestReturn(s.Ctx, s.DB, o.ID, comesBack(o, 1))
				return asked
			})
		if cancelled == nil {
			refusal(t, asked, "not_left")
		} else {
			refusal(t, cancelled, "being_returned")
		}
		if (cancelled == nil) == (asked == nil) {
			t.Errorf("cancelled: %v, asked back: %v", cancelled, asked)
		}
	}
	s.Doctor(t)
}

// Money is given back once: for what was cancelled as for what was overpaid.
func TestRefundsRaceWithWhatMakesThemDue(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	for i := range 20 {
		o := s.place(s.counter(line(mug, 2)))
		s.pay(o.ID, o.Total)
		refund := func() error {
			_, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: o.Total, Allowance: i%2 == 0})
			if db.CodeOf(err) == "more_than_owed" { // it was cancelled before
				return nil
			}
			return err
		}
		s.race(refund, refund, func() error {
			_, err := sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{})
			return err
		}).AllOthers(t, "more_than_paid")
		if o = s.order(o.ID); o.Status != sales.Cancelled || o.Refunded > o.Paid || o.Allowances != 0 || o.DueBack != o.Paid-o.Refunded {
			t.Errorf("%s of %d, %d given back, %d due back", states(o), o.Paid, o.Refunded, o.DueBack)
		}
	}
	s.Doctor(t)
}
