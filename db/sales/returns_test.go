package sales_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

func TestAReturnGoesItsWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	o := s.handed(mug, 4)
	r := s.request(o, 3)
	if r.Status != sales.ReturnRequested || r.Lines[0].Quantity != 3 || r.Lines[0].Reason != "too small" || r.Actor != "Ada" {
		t.Errorf("asked for as %+v", r)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 6})
	r = s.moveReturn(r.ID, sales.ReturnApproved)
	s.at("2026-11-22T09:00:00Z")
	r = s.receive(r, 1, 1, 1)
	if l := r.Lines[0]; r.Status != sales.ReturnReceived || r.Total != 3750 || l.Total != 3750 || l.Tax != 599 || *r.LocationID != s.Location || *r.BusinessDate != "2026-11-22" {
		t.Errorf("received as %+v", r)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 8, Unavailable: 1})
	o = s.order(o.ID)
	wantStates(t, o, "completed, overpaid, fulfilled")
	if o.Lines[0].Returned != 3 || o.ReturnedTotal != 3750 || o.Due != 0 || o.DueBack != 3750 || o.Total != 5000 {
		t.Errorf("the order: %+v", o)
	}
	want := []entry{{"2026-11-20", "sale", 4, 5000, 0, 798, 5000, 2400}, {"2026-11-22", "return", -3, -3750, 0, -599, -3750, -1800}}
	if diff := cmp.Diff(want, s.entries(o.ID)); diff != "" {
		t.Errorf("the books (-want +got):\n%s", diff)
	}
	if r = s.moveReturn(r.ID, sales.ReturnClosed); r.Status != sales.ReturnClosed || r.Version != 4 {
		t.Errorf("closed as %+v", r)
	}
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "collected", "paid", "completed", "return_requested", "return_approved", "return_received", "return_closed"}) {
		t.Errorf("the timeline says %v", got)
	}
	s.Doctor(t)
}

func TestTheLedgerShowsWhatBecameOfAReturn(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 4)
	o := s.handed(mug, 4) // at 6.00 each
	s.Receive(mug, 1)
	s.adjust(stock.AdjustLine{VariantID: mug, Delta: ptr(int64(3)), UnitCost: ptr(money.Amount(1000))})
	in := comesBack(o, 4)
	in.Approve = true
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, in)
	s.receive(must(s, r, err), 1, 2, 1)
	page, err := stock.Movements(s.Ctx, s.DB, stock.MovementFilter{List: db.List{Limit: 4}, VariantID: mug, LocationID: s.Location})
	type row struct {
		Delta  int64
		Reason stock.Reason
		Unit   money.Amount
		Note   string
	}
	var got []row
	for _, m := range must(s, page, err).Items {
		got = append(got, row{m.Delta, m.Reason, *m.UnitCost, m.Note})
		if m.Document == nil || m.Document.Number != o.Number {
			t.Errorf("of %+v", m.Document)
		}
	}
	// What comes back comes at what it left with; what is thrown away leaves at the average of what is there.
	average := money.Amount((600 + 3*1000 + 4*600) / 8)
	want := []row{{-1, stock.Waste, average, "too small"}, {1, stock.Return, 600, "too small"}, {2, stock.Return, 600, "too small"}, {1, stock.Return, 600, "too small"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}

func TestAMoveOfAReturnIsMadeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 10), 5)
	moves := map[sales.ReturnStatus]func(r *sales.Return) (*sales.Return, error){
		sales.ReturnApproved: func(r *sales.Return) (*sales.Return, error) {
			return sales.MoveReturn(s.Ctx, s.DB, r.ID, sales.ReturnApproved, sales.ReturnMove{})
		},
		sales.ReturnRejected: func(r *sales.Return) (*sales.Return, error) {
			return sales.RejectReturn(s.Ctx, s.DB, r.ID, sales.ReturnRejection{Reason: "used"})
		},
		sales.ReturnReceived: func(r *sales.Return) (*sales.Return, error) {
			return sales.ReceiveReturn(s.Ctx, s.DB, r.ID, came(r, 1, 0, 0))
		},
		sales.ReturnClosed: func(r *sales.Return) (*sales.Return, error) {
			return sales.MoveReturn(s.Ctx, s.DB, r.ID, sales.ReturnClosed, sales.ReturnMove{})
		},
	}
	for _, c := range []struct {
		way   []sales.ReturnStatus
		legal []sales.ReturnStatus
	}{
		{nil, []sales.ReturnStatus{sales.ReturnApproved, sales.ReturnRejected}},
		{[]sales.ReturnStatus{sales.ReturnApproved}, []sales.ReturnStatus{sales.ReturnApproved, sales.ReturnReceived}},
		{[]sales.ReturnStatus{sales.ReturnRejected}, []sales.ReturnStatus{sales.ReturnRejected}},
		{[]sales.ReturnStatus{sales.ReturnApproved, sales.ReturnReceived}, []sales.ReturnStatus{sales.ReturnReceived, sales.ReturnClosed}},
		{[]sales.ReturnStatus{sales.ReturnApproved, sales.ReturnReceived, sales.ReturnClosed}, []sales.ReturnStatus{sales.ReturnClosed}},
	} {
		r := s.request(o, 1)
		for _, to := range c.way {
			got, err := moves[to](r)
			r = must(s, got, err)
		}
		for to, move := range moves {
			if legal := contains(c.legal, to); legal && to != r.Status {
				continue // it is the next step
			} else if legal {
				s.leavesNothing(func() {
					again, err := move(r)
					if must(s, again, err).Version != r.Version {
						t.Errorf("%s again made version %d of %d", to, again.Version, r.Version)
					}
				})
				continue
			}
			s.leavesNothing(func() {
				_, err := move(r)
				if e := refusal(t, err, "illegal_move"); e.Params["from"] != r.Status || e.Params["to"] != to {
					t.Errorf("%s to %s names %v", r.Status, to, e.Params)
				}
			})
		}
	}
	s.Doctor(t)
}

func contains(all []sales.ReturnStatus, one sales.ReturnStatus) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func TestOnlyWhatLeftCanComeBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 10)
	o := s.place(s.counter(line(mug, 4), line(cup, 2)))
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 3}}})
	s.request(o, 1)
	other := s.handed(mug, 1)
	for name, c := range map[string]struct {
		in          sales.NewReturn
		code, field string
		most        any
	}{
		"more than left":          {comesBack(o, 3), "not_left", "lines[0].quantity", int64(2)},
		"what did not leave":      {comesBack(o, 0, 1), "not_left", "lines[0].quantity", int64(0)},
		"a line twice":            {sales.NewReturn{Lines: append(comesBack(o, 1).Lines, comesBack(o, 1).Lines...)}, "duplicate_line", "lines[1].orderLineId", nil},
		"a line of another order": {comesBack(other, 1), "not_found", "lines[0].orderLineId", nil},
		"less than one":           {sales.NewReturn{Lines: []sales.NewReturnLine{{OrderLineID: o.Lines[0].ID}}}, "out_of_range", "lines[0].quantity", nil},
		"an order of before":      {sales.NewReturn{Command: sales.Command{Version: ptr(int64(1))}, Lines: comesBack(o, 1).Lines}, "stale", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, c.in)
				if e := refusal(t, err, c.code); e.Field != c.field || c.most != nil && e.Params["max"] != c.most {
					t.Errorf("blamed %q with %v", e.Field, e.Params)
				}
			})
		})
	}
	s.Doctor(t)
}

func TestGoodsAreAskedBackOnceHoweverManyAsk(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 5)
	got := dbtest.Together(40, func() error {
		_, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, comesBack(o, 2))
		return err
	})
	got.AllOthers(t, "not_left")
	if n := got.Succeeded(); n != 2 {
		t.Errorf("%d returns of 2 of 5", n)
	}
	r := s.order(o.ID).Returns[0]
	s.moveReturn(r.ID, sales.ReturnApproved)
	dbtest.Together(40, func() error {
		_, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, came(&r, 2, 0, 0))
		return err
	}).AllOthers(t, "none may fail")
	if o = s.order(o.ID); o.Lines[0].Returned != 2 {
		t.Errorf("%d came back of 2", o.Lines[0].Returned)
	}
	s.Doctor(t)
}

func TestWhatIsRejectedOrDoesNotComeCanBeAskedForAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.handed(mug, 2)
	r, err := sales.RejectReturn(s.Ctx, s.DB, s.request(o, 2).ID, sales.ReturnRejection{Reason: " used "})
	if must(s, r, err).RejectReason != "used" {
		t.Errorf("rejected as %+v", r)
	}
	s.receive(s.moveReturn(s.request(o, 2).ID, sales.ReturnApproved), 0, 0, 0) // nothing came
	s.receive(s.moveReturn(s.request(o, 2).ID, sales.ReturnApproved), 1, 0, 0)
	o = s.returned(s.order(o.ID), 1)
	if o.Lines[0].Returned != 2 || len(o.Returns) != 4 || len(s.entries(o.ID)) != 3 {
		t.Errorf("%d came back in %d returns", o.Lines[0].Returned, len(o.Returns))
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5})
	s.Doctor(t)
}

func TestNoMoreComesThanWasAskedFor(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 4)
	r := s.moveReturn(s.request(o, 2).ID, sales.ReturnApproved)
	twice := came(r, 1, 0, 0)
	twice.Lines = append(twice.Lines, twice.Lines...)
	stale, elsewhere, unknown := came(r, 1, 0, 0), came(r, 1, 0, 0), came(r, 1, 0, 0)
	stale.Version, elsewhere.LocationID, unknown.Lines[0].OrderLineID = ptr(int64(1)), 404, 404
	for name, c := range map[string]struct {
		in          sales.ReturnReceipt
		code, field string
	}{
		"too many":            {came(r, 1, 1, 1), "too_many_came", "lines[0]"},
		"less than nothing":   {came(r, 3, -1, 0), "out_of_range", "lines[0]"},
		"a line twice":        {twice, "duplicate_line", "lines[1].orderLineId"},
		"another line":        {unknown, "not_found", "lines[0].orderLineId"},
		"an unknown place":    {elsewhere, "not_found", "locationId"},
		"a return of earlier": {stale, "stale", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, c.in)
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q", e.Field)
				}
			})
		})
	}
	s.Doctor(t)
}

func TestReturnsOfALineAreWorthTheLineInTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		included bool
		want     []entry // of three returns of 1, 1 and 2 of 4 for 10.00 with 0.01 off
	}{
		{true, []entry{{"2026-11-20", "return", -1, -250, 0, -40, -250, 0}, {"2026-11-20", "return", -1, -250, 0, -40, -250, 0}, {"2026-11-20", "return", -2, -500, -1, -80, -499, 0}}},
		{false, []entry{{"2026-11-20", "return", -1, -250, -1, -48, -297, 0}, {"2026-11-20", "return", -1, -250, 1, -47, -298, 0}, {"2026-11-20", "return", -2, -500, -1, -95, -594, 0}}},
	} {
		s := open(t)
		s.keepBooks("EUR", c.included)
		in := s.counter(line(s.untracked("THING", 250, 19_000), 4))
		in.Lines[0].Discount, in.Fulfil = amount(1), true
		o := s.place(in)
		for _, q := range []int64{1, 1, 2} {
			o = s.returned(o, q)
		}
		if o.ReturnedTotal != o.Total || o.Due != 0 {
			t.Errorf("%d of %d came back", o.ReturnedTotal, o.Total)
		}
		wantStates(t, o, "completed, paid, fulfilled")
		if diff := cmp.Diff(c.want, s.entries(o.ID)[1:]); diff != "" {
			t.Errorf("included %t (-want +got):\n%s", c.included, diff)
		}
		s.Doctor(t)
	}
}

func TestAReturnComesToTheStoreItIsBroughtTo(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	second := s.openStore("Second store")
	o := s.handed(mug, 3)
	r := s.moveReturn(s.request(o, 2).ID, sales.ReturnApproved)
	in := came(r, 2, 0, 0)
	in.LocationID = second
	s.leavesNothing(func() {
		_, err := sales.ReceiveReturn(employee(s.Location), s.DB, r.ID, in)
		refusal(t, err, "not_found")
		_, err = sales.MoveReturn(employee(second), s.DB, r.ID, sales.ReturnReceived, sales.ReturnMove{})
		refusal(t, err, "not_found")
		_, err = sales.RequestReturn(employee(second), s.DB, o.ID, comesBack(o, 1))
		refusal(t, err, "not_found")
	})
	got, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, in)
	if *must(s, got, err).LocationID != second {
		t.Errorf("received at %d", *got.LocationID)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 2})
	s.Doctor(t)
}

func TestWhoWaitsGetsWhatCameBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 3)
	o := s.handed(mug, 3)
	waiting := s.place(s.counter(line(mug, 2)))
	r := s.moveReturn(s.request(o, 3).ID, sales.ReturnApproved)
	s.receive(r, 1, 1, 1)
	s.Level(t, mug, dbtest.Level{OnHand: 2, Committed: 1, Unavailable: 1, Backordered: 1})
	if n := s.order(waiting.ID).Lines[0].Backordered; n != 1 {
		t.Errorf("%d wait", n)
	}
	s.Doctor(t)
}

func TestAParcelWhoseGoodsComeBackIsNotCancelled(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.place(s.counter(line(mug, 3)))
	for range 2 {
		o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}})
	}
	s.request(o, 1)
	s.move(o.Fulfilments[0].ID, sales.ParcelDropped) // the other one is left to come back
	s.leavesNothing(func() {
		_, err := sales.MoveParcel(s.Ctx, s.DB, o.Fulfilments[1].ID, sales.ParcelDropped, sales.Command{})
		refusal(t, err, "being_returned")
	})
	s.Doctor(t)
}

func TestLotsComeBackToWhereTheyLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.variant(catalog.NewVariant{SKU: "MILK", Price: 500, Cost: ptr(money.Amount(200)), TracksLots: ptr(true)}, 0)
	second := s.openStore("Second store")
	for _, l := range []stock.AdjustLine{{Lot: "A", ExpiresOn: "2026-11-25"}, {Lot: "B", ExpiresOn: "2026-12-25"}} {
		l.VariantID, l.Delta = milk, ptr(int64(2))
		s.adjust(l)
	}
	o := s.handed(milk, 4)
	r := s.moveReturn(s.request(o, 1).ID, sales.ReturnApproved)
	s.receive(r, 0, 0, 1) // of A, and away
	if got := s.lots(milk); got != "" {
		t.Errorf("there are %q", got)
	}
	s.at("2026-11-25T12:00:00Z") // A has expired
	s.receive(s.moveReturn(s.request(o, 2).ID, sales.ReturnApproved), 1, 1, 0)
	s.Level(t, milk, dbtest.Level{OnHand: 2, Unavailable: 2})
	if got := s.lots(milk); got != "A 1 (1 aside) at 1, B 1 (1 aside) at 1" {
		t.Errorf("there are %q", got)
	}
	r = s.moveReturn(s.request(o, 1).ID, sales.ReturnApproved)
	in := came(r, 1, 0, 0)
	in.LocationID = second
	if _, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, in); err != nil {
		t.Fatal(err)
	}
	if got := s.lots(milk); got != "A 1 (1 aside) at 1, B 1 (1 aside) at 1, B 1 (0 aside) at 2" {
		t.Errorf("there are %q", got)
	}
	s.Doctor(t)
}
