package sales_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/sales"
)

// moved says what became of some orders in one line each.
func moved(m *sales.ManyMoved) (lines []string) {
	for _, r := range m.Results {
		said := "done"
		if !r.OK {
			said = r.Error.Code
		}
		lines = append(lines, fmt.Sprint(r.OrderID, " #", r.Number, " ", said))
	}
	return append(lines, fmt.Sprint(m.Done, " done, ", m.Failed, " failed"))
}

func (s *shop) moveMany(ctx context.Context, action sales.ManyAction, ids ...int64) []string {
	s.t.Helper()
	m, err := sales.MoveMany(ctx, s.DB, sales.ManyOrders{Action: action, OrderIDs: ids})
	return moved(must(s, m, err))
}

func TestManyOrdersAreShippedEachByItself(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, owed := s.Stocked("MUG", 20), s.onBackorder("OWED", 1)
	whole := s.place(s.counter(line(mug, 2)))
	short := s.place(s.counter(line(mug, 1), line(owed, 3)))
	part := s.place(s.counter(line(mug, 3)))
	s.fulfil(part.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: part.Lines[0].ID, Quantity: 1}}})
	gone := s.handed(mug, 1)
	cancelled := s.place(s.counter(line(mug, 1)))
	s.cancel(cancelled.ID)
	draft := s.counter(line(mug, 1))
	draft.Draft = true
	ids := []int64{whole.ID, short.ID, part.ID, gone.ID, cancelled.ID, s.place(draft).ID, 404}

	ctx := db.WithKey(s.Ctx, "POST /orders/bulk", "k-1")
	want := []string{"1 #1001 done", "2 #1002 not_covered", "3 #1003 done", "4 #1004 not_open", "5 #1005 not_open", "6 # not_open", "404 # not_found", "2 done, 5 failed"}
	if diff := cmp.Diff(want, s.moveMany(ctx, sales.ShipMany, ids...)); diff != "" {
		t.Errorf("what became of them (-want +got):\n%s", diff)
	}
	wantStates(t, s.order(whole.ID), "confirmed, pending, fulfilled")
	wantStates(t, s.order(short.ID), "placed, pending, unfulfilled")
	o := s.order(part.ID)
	wantStates(t, o, "confirmed, pending, fulfilled")
	if len(o.Fulfilments) != 2 || o.Fulfilments[0].Status != sales.Shipped || o.Fulfilments[1].Status != sales.Shipped {
		t.Errorf("its parcels are %+v", o.Fulfilments)
	}
	s.leavesNothing(func() {
		if diff := cmp.Diff(want, s.moveMany(ctx, sales.ShipMany, ids...)); diff != "" {
			t.Errorf("sent again (-want +got):\n%s", diff)
		}
		if got := s.moveMany(s.Ctx, sales.ShipMany, whole.ID); got[0] != "1 #1001 nothing_left" {
			t.Errorf("shipped once more: %q", got)
		}
	})
	s.Doctor(t)
}

// What was cut off after some is sent again under its key: those are not shipped twice, and the others are.
func TestWhatWasCutOffGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	a, b := s.place(s.counter(line(mug, 1))), s.place(s.counter(line(mug, 1)))
	ctx := db.WithKey(s.Ctx, "POST /orders/bulk", "k-1")
	s.moveMany(ctx, sales.ShipMany, a.ID)
	if got, want := s.moveMany(ctx, sales.ShipMany, a.ID, b.ID), []string{"1 #1001 done", "2 #1002 done", "2 done, 0 failed"}; !cmp.Equal(got, want) {
		t.Errorf("sent again: %q, want %q", got, want)
	}
	for _, o := range []*sales.Order{s.order(a.ID), s.order(b.ID)} {
		if len(o.Fulfilments) != 1 {
			t.Errorf("order %s left in %d parcels", o.Number, len(o.Fulfilments))
		}
	}
	gone, end := context.WithCancel(s.Ctx)
	end()
	s.leavesNothing(func() {
		if _, err := sales.MoveMany(gone, s.DB, sales.ManyOrders{Action: sales.ConfirmMany, OrderIDs: []int64{a.ID}}); err == nil {
			t.Error("it went on without its caller")
		}
	})
}

func TestManyOrdersAreConfirmedAndSeen(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.openStore("Second store")
	mug := s.Stocked("MUG", 20)
	s.receiveAt(second, mug, 5)
	theirs := s.web("", line(mug, 1))
	theirs.LocationID = second
	a, b, other := s.place(s.web("", line(mug, 1))), s.place(s.web("", line(mug, 1))), s.place(theirs)
	eva := employee(s.Location)
	if got, want := s.moveMany(eva, sales.AcknowledgeMany, a.ID, b.ID, other.ID), []string{"1 #1001 done", "2 #1002 done", "3 # not_found", "2 done, 1 failed"}; !cmp.Equal(got, want) {
		t.Errorf("seen: %q, want %q", got, want)
	}
	if got := s.ringing(); got != "1003" {
		t.Errorf("%q ring", got)
	}
	s.cancel(b.ID)
	if got, want := s.moveMany(eva, sales.ConfirmMany, a.ID, b.ID), []string{"1 #1001 done", "2 #1002 illegal_move", "1 done, 1 failed"}; !cmp.Equal(got, want) {
		t.Errorf("confirmed: %q, want %q", got, want)
	}
	wantStates(t, s.order(a.ID), "confirmed, pending, unfulfilled")
	s.leavesNothing(func() {
		_, err := sales.MoveMany(s.Ctx, s.DB, sales.ManyOrders{Action: sales.ConfirmMany, OrderIDs: []int64{other.ID, other.ID}})
		if e := refusal(t, err, "repeated"); e.Field != "orderIds[1]" {
			t.Errorf("blamed %q", e.Field)
		}
	})
}

func TestTwoHundredOrdersAreShippedInSeconds(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 200)
	ids := make([]int64, 200)
	for i := range ids {
		ids[i] = s.place(s.counter(line(mug, 1))).ID
	}
	began := time.Now()
	if got := s.moveMany(s.Ctx, sales.ShipMany, ids...); got[200] != "200 done, 0 failed" {
		t.Errorf("%s", got[200])
	}
	took := time.Since(began)
	if t.Logf("200 orders shipped in %v", took); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
