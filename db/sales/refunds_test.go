package sales_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/outbox"
	"onhand/db/sales"
)

func TestWhatIsGivenBackAddsUpToThePaymentStatus(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	type step struct {
		returns   int64
		refund    money.Amount
		allowance bool
		want      string
		due, back money.Amount
	}
	for _, c := range []struct {
		name  string
		paid  money.Amount // of 25.00 for two
		steps []step
	}{
		{"one of two comes back", 2500, []step{
			{1, 0, false, "completed, overpaid, fulfilled", 0, 1250},
			{0, 250, false, "completed, overpaid, fulfilled", 0, 1000},
			{0, 1000, false, "completed, partially_refunded, fulfilled", 0, 0},
			{1, 0, false, "completed, overpaid, fulfilled", 0, 1250},
			{0, 1250, false, "completed, refunded, fulfilled", 0, 0}}},
		{"what is given back without a return is due again", 2500, []step{
			{0, 500, false, "confirmed, partially_refunded, fulfilled", 500, 0},
			{0, 2000, false, "confirmed, refunded, fulfilled", 2500, 0}}},
		{"goodwill", 2500, []step{
			{0, 500, true, "completed, partially_refunded, fulfilled", 0, 0},
			{1, 0, false, "completed, overpaid, fulfilled", 0, 1250}}},
		{"goods come back unpaid", 0, []step{
			{1, 0, false, "confirmed, pending, fulfilled", 1250, 0},
			{1, 0, false, "completed, paid, fulfilled", 0, 0}}},
		{"paid in part", 2000, []step{
			{1, 0, false, "completed, overpaid, fulfilled", 0, 750},
			{0, 750, false, "completed, partially_refunded, fulfilled", 0, 0}}},
		{"goodwill for all, then the goods come back", 2500, []step{
			{0, 2000, true, "completed, partially_refunded, fulfilled", 0, 0},
			{1, 0, false, "completed, overpaid, fulfilled", 0, 500},
			{1, 0, false, "completed, overpaid, fulfilled", 0, 500},
			{0, 500, false, "completed, refunded, fulfilled", 0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := s.counter(line(mug, 2))
			in.Fulfil = true
			o := s.place(in)
			if c.paid > 0 {
				o = s.pay(o.ID, c.paid)
			}
			for i, step := range c.steps {
				if step.returns > 0 {
					o = s.returned(o, step.returns)
				} else {
					o = s.refund(o.ID, sales.NewRefund{Amount: step.refund, Allowance: step.allowance})
				}
				wantStates(t, o, step.want)
				if o.Due != step.due || o.DueBack != step.back {
					t.Errorf("step %d: %d due and %d due back, want %d and %d", i, o.Due, o.DueBack, step.due, step.back)
				}
			}
		})
	}
	s.Doctor(t)
}

func TestACancelledOrderIsRefundedInFull(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 1), 1)))
	s.pay(o.ID, 1250)
	wantStates(t, s.cancel(o.ID), "cancelled, overpaid, unfulfilled")
	s.leavesNothing(func() {
		_, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: 1, Allowance: true})
		refusal(t, err, "more_than_owed") // nothing of it is owed that could be lowered
	})
	wantStates(t, s.refund(o.ID, sales.NewRefund{Amount: 1250}), "cancelled, refunded, unfulfilled")
	s.Doctor(t)
}

func TestNoMoreIsGivenBackThanWasPaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 2)
	s.refund(o.ID, sales.NewRefund{Amount: 500})
	for name, c := range map[string]struct {
		in          sales.NewRefund
		code, field string
	}{
		"nothing":                {sales.NewRefund{}, "bad_amount", "amount"},
		"less than nothing":      {sales.NewRefund{Amount: -1}, "bad_amount", "amount"},
		"more than is left":      {sales.NewRefund{Amount: 2001}, "more_than_paid", "amount"},
		"a reason with newlines": {sales.NewRefund{Amount: 1, Reason: "a\nb"}, "bad_text", "reason"},
		"an order of before":     {sales.NewRefund{Amount: 1, Version: ptr(int64(1))}, "stale", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.Method = "cash"
			s.leavesNothing(func() {
				_, err := sales.Refund(s.Ctx, s.DB, o.ID, c.in)
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q", e.Field)
				}
			})
		})
	}
	s.leavesNothing(func() {
		_, err := sales.Refund(employee(404), s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: 1})
		refusal(t, err, "not_found")
	})
	got := dbtest.Together(20, func() error {
		_, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: 900})
		return err
	})
	got.AllOthers(t, "more_than_paid")
	if n := got.Succeeded(); n != 2 {
		t.Errorf("%d refunds of 9.00 from 20.00", n)
	}
	s.Doctor(t)
}

func TestARefundAboveTheLimitIsApproved(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 2)
	eva := db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Limits: db.Limits{db.RefundLimit: 1000}}
	in := sales.NewRefund{Method: "card", Amount: 1001, Reason: "late"}
	s.leavesNothing(func() {
		_, err := sales.Refund(db.WithActor(s.Ctx, eva), s.DB, o.ID, in)
		if e := refusal(t, err, "approval_required"); e.Params["limit"] != int64(1000) || e.Params["what"] != "refund" {
			t.Errorf("told %v", e.Params)
		}
	})
	if _, err := sales.Refund(db.WithActor(s.Ctx, eva), s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: 1000}); err != nil {
		t.Error(err)
	}
	eva.Approver = &db.Approver{ID: 2, Name: "Mia", Limits: db.Limits{}}
	if _, err := sales.Refund(db.WithActor(s.Ctx, eva), s.DB, o.ID, in); err != nil {
		t.Fatal(err)
	}
	page, err := sales.Timeline(s.Ctx, s.DB, o.ID, db.List{})
	if e := must(s, page, err).Items[0]; e.Kind != "refunded" || e.Actor != "Eva" || e.Approver != "Mia" || e.Params["reason"] != "late" {
		t.Errorf("the timeline says %+v", e)
	}
	s.Doctor(t)
}

func TestAnAllowanceLowersEachLineByItsPart(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.counter(line(s.untracked("A", 3000, 19_000), 1), line(s.untracked("B", 1000, 7_000), 1))
	in.Shipping, in.Fulfil = &sales.NewShipping{Price: 1000, TaxRate: ptr(money.Rate(19_000))}, true
	o := s.place(in)
	s.pay(o.ID, 5000)
	s.at("2026-11-23T09:00:00Z")
	o = s.refund(o.ID, sales.NewRefund{Amount: 500, Allowance: true})
	if o.Allowances != 500 || o.Refunded != 500 || o.Due != 0 || o.Payments[1].Kind != "refund" {
		t.Errorf("the order: %+v", o)
	}
	want := []entry{ // shipping, then the lines
		{"2026-11-23", "allowance", 0, 0, 100, -16, -100, 0},
		{"2026-11-23", "allowance", 0, 0, 300, -48, -300, 0},
		{"2026-11-23", "allowance", 0, 0, 100, -7, -100, 0},
	}
	if diff := cmp.Diff(want, s.entries(o.ID)[3:]); diff != "" {
		t.Errorf("the books (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}

func TestOneKeyIsOneRefundAndOneReturn(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 4)
	var mu sync.Mutex
	replies := map[string]int{}
	kept := func(reply string) {
		mu.Lock()
		defer mu.Unlock()
		replies[reply]++
	}
	dbtest.Together(50, func() error {
		r, err := sales.RequestReturn(db.WithKey(s.Ctx, "returns", "k"), s.DB, o.ID, comesBack(o, 2))
		kept(wire(t, r))
		return err
	}).AllOthers(t, "none may fail")
	dbtest.Together(50, func() error {
		r, err := sales.Refund(db.WithKey(s.Ctx, "refunds", "k"), s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: 100})
		kept(wire(t, r))
		return err
	}).AllOthers(t, "none may fail")
	if o = s.order(o.ID); len(replies) != 2 || o.Refunded != 100 || len(o.Returns) != 1 {
		t.Errorf("%d replies, %d given back in %d returns", len(replies), o.Refunded, len(o.Returns))
	}
	s.Doctor(t)
}

func TestACustomerIsToldOfARefund(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	for channel, want := range map[sales.Channel]int{sales.Phone: 1, sales.Counter: 0} {
		in := s.counter(line(mug, 1))
		in.Channel, in.Customer = channel, &customers.Contact{Name: "Grace", Email: "grace@example.com"}
		o := s.place(in)
		s.pay(o.ID, 1250)
		s.refund(o.ID, sales.NewRefund{Amount: 250})
		page, err := outbox.OfOrder(s.Ctx, s.DB, o.ID)
		n := 0
		for _, m := range must(s, page, err).Items {
			if m.Kind == sales.OrderRefundedMail {
				n++
			}
		}
		if n != want {
			t.Errorf("%d mails about a refund of a %s order", n, channel)
		}
	}
}

// Who brings goods back and has their money is done; while something is still owed back the return waits.
func TestTheRefundThatSettlesAnOrderClosesItsReturns(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.handed(s.Stocked("MUG", 5), 4)
	o = s.returned(o, 1)
	o = s.returned(o, 1)
	s.request(o, 1)
	statuses := func(o *sales.Order) (all []sales.ReturnStatus) {
		for _, r := range o.Returns {
			all = append(all, r.Status)
		}
		return all
	}
	o = s.refund(o.ID, sales.NewRefund{Amount: 2499})
	if got := statuses(o); !slices.Equal(got, []sales.ReturnStatus{sales.ReturnReceived, sales.ReturnReceived, sales.ReturnRequested}) {
		t.Errorf("with a cent to give back they are %v", got)
	}
	o = s.refund(o.ID, sales.NewRefund{Amount: 1})
	if got := statuses(s.order(o.ID)); !slices.Equal(got, statuses(o)) || !slices.Equal(got, []sales.ReturnStatus{sales.ReturnClosed, sales.ReturnClosed, sales.ReturnRequested}) {
		t.Errorf("when all is given back they are %v, in the reply %v", got, statuses(o))
	}
	closed, err := sales.MoveReturn(s.Ctx, s.DB, o.Returns[0].ID, sales.ReturnClosed, sales.ReturnMove{})
	if must(s, closed, err); s.order(o.ID).Version != o.Version {
		t.Error("closing it again changes something")
	}
	s.Doctor(t)
}

// Goodwill is of what was kept: no line, and no tax rate, brings in less than nothing when goods come back or others go in their place.
func TestGoodwillMovesToWhatIsStillThere(t *testing.T) {
	t.Parallel()
	for _, included := range []bool{true, false} {
		s := open(t)
		s.keepBooks("EUR", included)
		mug, bread := s.untracked("MUG", 1000, 19_000), s.untracked("BREAD", 1000, 7_000)
		in := s.counter(line(bread, 2), line(mug, 1))
		in.Fulfil = true
		o := s.place(in)
		o = s.pay(o.ID, o.Due)
		o = s.refund(o.ID, sales.NewRefund{Amount: 300, Allowance: true})
		o = s.returned(o, 2)
		for _, left := range o.TaxesLeft {
			want := money.Amount(0)
			if left.Rate == 19_000 {
				want = o.Total - o.ReturnedTotal - 300
			}
			if left.Gross != want || left.Tax < 0 || left.Net < 0 || want == 0 && left.Tax != 0 {
				t.Errorf("when the bread is back: %+v, want %d", left, want)
			}
		}
		o = s.exchange(o, sales.NewExchange{Fulfil: true, Take: []sales.NewLine{line(bread, 1)},
			Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[1].ID, Sellable: 1}}}})
		for _, left := range o.TaxesLeft {
			if left.Gross < 0 || left.Tax < 0 || left.Net < 0 || left.Rate == 19_000 && left.Gross != 0 {
				t.Errorf("exchanged for bread: %+v", left)
			}
		}
		if o.Allowances != 300 {
			t.Errorf("%d are allowed", o.Allowances)
		}
		s.Doctor(t)
	}
}
