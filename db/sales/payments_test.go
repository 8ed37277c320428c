package sales_test

import (
	"testing"

	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestTwoTabletsDoNotTakeOnePaymentTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 2), 1)))
	got := dbtest.Together(20, func() error {
		_, err := sales.Pay(s.Ctx, s.DB, o.ID, sales.NewPayment{Method: "cash", Amount: o.Due, Version: &o.Version})
		return err
	})
	got.AllOthers(t, "stale")
	if n := got.Succeeded(); n != 1 || s.order(o.ID).Paid != o.Total {
		t.Errorf("%d payments of one sum", n)
	}
}

func TestPaymentsAddUpToThePaymentStatus(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	type step struct {
		amount money.Amount
		want   string
		due    money.Amount
	}
	for _, c := range []struct {
		name    string
		fulfil  bool
		percent money.Rate
		steps   []step
	}{
		{"in parts", false, 0, []step{{0, "placed, pending, unfulfilled", 2500}, {1000, "placed, partially_paid, unfulfilled", 1500}, {1500, "placed, paid, unfulfilled", 0}}},
		{"in full completes what has left", true, 0, []step{{0, "confirmed, pending, fulfilled", 2500}, {2499, "confirmed, partially_paid, fulfilled", 1}, {1, "completed, paid, fulfilled", 0}}},
		{"above what is due", true, 0, []step{{2600, "completed, overpaid, fulfilled", 0}, {1, "completed, overpaid, fulfilled", 0}}},
		{"nothing is due of a gift", false, 100_000, []step{{0, "placed, paid, unfulfilled", 0}, {1, "placed, overpaid, unfulfilled", 0}}},
		{"a gift that is handed over is complete", true, 100_000, []step{{0, "completed, paid, fulfilled", 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := s.counter(line(mug, 2))
			in.Fulfil, in.Discount = c.fulfil, percent(c.percent)
			o := s.place(in)
			for _, step := range c.steps {
				if step.amount > 0 {
					o = s.pay(o.ID, step.amount)
				}
				wantStates(t, o, step.want)
				if o.Due != step.due {
					t.Errorf("after %d, %d are due, want %d", step.amount, o.Due, step.due)
				}
			}
		})
	}
	s.Doctor(t)
}

func TestAPaymentThatCannotBeTakenLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 50), 2)))
	s.pay(o.ID, 1)
	for name, c := range map[string]struct {
		in          sales.NewPayment
		code, field string
	}{
		"nothing":                    {sales.NewPayment{Method: "cash"}, "bad_amount", "amount"},
		"less than nothing":          {sales.NewPayment{Method: "cash", Amount: -5}, "bad_amount", "amount"},
		"less handed over than paid": {sales.NewPayment{Method: "cash", Amount: 100, Tendered: ptr(money.Amount(99))}, "tendered_too_little", "tendered"},
		"more than the books hold":   {sales.NewPayment{Method: "card", Amount: money.Max}, "too_large", "amount"},
		"a reference with a newline": {sales.NewPayment{Method: "card", Amount: 1, Reference: "a\nb"}, "bad_text", "reference"},
	} {
		t.Run(name, func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := sales.Pay(s.Ctx, s.DB, o.ID, c.in)
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q", e.Field)
				}
			})
		})
	}
	paid, err := sales.Pay(s.Ctx, s.DB, o.ID, sales.NewPayment{Method: "cash", Amount: 100, Tendered: ptr(money.Amount(100)), Reference: " till 2 "})
	if p := must(s, paid, err).Payments[1]; *p.Tendered != 100 || p.Reference != "till 2" || p.BusinessDate != "2026-11-20" || p.Actor != "Ada" {
		t.Errorf("kept as %+v", p)
	}
}
