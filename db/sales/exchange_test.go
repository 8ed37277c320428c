package sales_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

// swap gives back so many of an order's first line, as good as new, for others.
func swap(o *sales.Order, back int64, take ...sales.NewLine) sales.NewExchange {
	return sales.NewExchange{Fulfil: true, Take: take,
		Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[0].ID, Sellable: back}, Reason: "too small"}}}
}

func (s *shop) exchange(o *sales.Order, in sales.NewExchange) *sales.Order {
	s.t.Helper()
	o, err := sales.Exchange(s.Ctx, s.DB, o.ID, in)
	return must(s, o, err)
}

func TestAnExchangeIsOneBalance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		price         money.Amount // of what is taken; what comes back cost 12.50
		due, dueBack  money.Amount
		states        string
		pays, refunds money.Amount
	}{
		{"for something dearer", 2000, 750, 0, "confirmed, partially_paid, fulfilled", 750, 0},
		{"for something cheaper", 1000, 0, 250, "completed, overpaid, fulfilled", 0, 250},
		{"for something of its worth", 1250, 0, 0, "completed, paid, fulfilled", 0, 0},
		{"for a gift", 0, 0, 1250, "completed, overpaid, fulfilled", 0, 1250},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			mug, cup := s.Stocked("MUG", 5), s.untracked("CUP", c.price, 7_000)
			o := s.handed(mug, 2)
			s.at("2026-11-25T10:00:00Z")
			o = s.exchange(o, swap(o, 1, line(cup, 1)))
			wantStates(t, o, c.states)
			if o.Due != c.due || o.DueBack != c.dueBack || o.Total != 2500+c.price || o.ReturnedTotal != 1250 {
				t.Errorf("due %d, back %d, total %d, returned %d", o.Due, o.DueBack, o.Total, o.ReturnedTotal)
			}
			if len(o.Returns) != 1 || o.Returns[0].Status != sales.ReturnClosed || o.Returns[0].Lines[0].Reason != "too small" {
				t.Errorf("the return: %+v", o.Returns)
			}
			if last := o.Lines[1]; last.VariantID != cup || last.Fulfilled != 1 || last.TaxRate != 7_000 {
				t.Errorf("taken: %+v", last)
			}
			s.Level(t, mug, dbtest.Level{OnHand: 4})
			if c.pays > 0 {
				o = s.pay(o.ID, c.pays)
			}
			if c.refunds > 0 {
				refunded, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: c.refunds})
				o = must(s, refunded, err)
			}
			if o.Status != sales.Completed || o.Due != 0 || o.DueBack != 0 {
				t.Errorf("in the end %s, due %d, back %d", states(o), o.Due, o.DueBack)
			}
			var total money.Amount
			for _, e := range s.entries(o.ID) {
				total += e.Total
			}
			if total != 1250+c.price {
				t.Errorf("the books say %d", total)
			}
			s.Doctor(t)
		})
	}
}

// Whoever exchanges something for the same pays nothing and gets nothing back, whatever was taken off it.
func TestAnExchangePassesOnWhatWasTakenOffTheOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		with         sales.NewOrder // a discount
		count        int64          // of 24.90 each; one comes back
		price        money.Amount   // of what is taken
		due, dueBack money.Amount
		keeps        money.Amount // what the order is worth then
	}{
		{"an amount", sales.NewOrder{Discount: amount(700)}, 1, 2490, 0, 0, 1790},
		{"an amount, of one of two", sales.NewOrder{Discount: amount(701)}, 2, 2490, 0, 0, 4279},
		{"an amount, for half as much", sales.NewOrder{Discount: amount(700)}, 1, 1245, 0, 895, 895},
		{"an amount, for twice as much", sales.NewOrder{Discount: amount(700)}, 1, 4980, 2490, 0, 4280},
		{"an amount, for a gift", sales.NewOrder{Discount: amount(700)}, 1, 0, 0, 1790, 0},
		{"all of it", sales.NewOrder{Discount: amount(2490)}, 1, 2490, 0, 0, 0},
		{"a percentage", sales.NewOrder{Discount: percent(10_000)}, 1, 2490, 0, 0, 2241},
		{"a percentage, for half as much", sales.NewOrder{Discount: percent(10_000)}, 1, 1245, 0, 1121, 1120},
		{"a code", sales.NewOrder{DiscountCode: "FLAT"}, 1, 2490, 0, 0, 1790},
		{"a code, for less than it takes", sales.NewOrder{DiscountCode: "FLAT"}, 1, 500, 0, 1431, 359},
		{"a code for other goods", sales.NewOrder{DiscountCode: "MUGS"}, 1, 2490, 700, 0, 2490},
		{"a discount of the line", sales.NewOrder{Lines: []sales.NewLine{{Discount: amount(490)}}}, 1, 2490, 0, 0, 2000},
		{"a percentage of the line, for half as much", sales.NewOrder{Lines: []sales.NewLine{{Discount: percent(10_000)}}}, 1, 1245, 0, 1121, 1120},
		{"both", sales.NewOrder{Lines: []sales.NewLine{{Discount: amount(490)}}, Discount: amount(200)}, 2, 2490, 0, 0, 4290},
		{"both, a percentage of the order", sales.NewOrder{Lines: []sales.NewLine{{Discount: amount(490)}}, Discount: percent(10_000)}, 1, 2490, 0, 0, 1800},
		{"nothing", sales.NewOrder{}, 1, 2490, 0, 0, 2490},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			mug, category := s.of("Mugs", "MUG", 2490)
			other := s.untracked("CUP", c.price, 19_000)
			s.code(amountCode("FLAT", 700))
			mugs := amountCode("MUGS", 700)
			mugs.CategoryIDs = []int64{category}
			s.code(mugs)
			in := s.counter(line(mug, c.count))
			if c.with.Lines != nil {
				in.Lines[0].Discount = c.with.Lines[0].Discount
			}
			in.Discount, in.DiscountCode, in.Fulfil = c.with.Discount, c.with.DiscountCode, true
			o := s.place(in)
			if o.Due > 0 {
				o = s.pay(o.ID, o.Due)
			}
			o = s.exchange(o, swap(o, 1, line(other, 1)))
			if worth := o.Total - o.ReturnedTotal; o.Due != c.due || o.DueBack != c.dueBack || worth != c.keeps {
				t.Errorf("due %d, back %d, worth %d; want %d, %d, %d", o.Due, o.DueBack, worth, c.due, c.dueBack, c.keeps)
			}
			for _, l := range o.Lines {
				if left := l.Quantity - l.Returned; left > 0 {
					r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: l.ID, Quantity: left}}})
					s.receive(must(s, r, err), left, 0, 0)
				}
			}
			if o = s.order(o.ID); o.ReturnedTotal != o.Total || o.Due != 0 || o.DueBack != o.Paid {
				t.Errorf("all of it came back: worth %d of %d, due %d, back %d of %d", o.ReturnedTotal, o.Total, o.Due, o.DueBack, o.Paid)
			}
			s.Doctor(t)
		})
	}
}

// What was passed on is the new goods' own: nobody else's price moves, and it goes when they do.
func TestWhatAnExchangePassesOnLeavesTheOtherLinesAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup, pot := s.untracked("MUG", 5000, 19_000), s.untracked("CUP", 5000, 19_000), s.untracked("POT", 9000, 19_000)
	in := s.counter(line(mug, 2), line(cup, 1))
	in.Discount, in.Fulfil = amount(2000), true
	o := s.place(in)
	o = s.pay(o.ID, o.Due)
	cups := o.Lines[1].Total
	first := swap(o, 1, line(pot, 1))
	first.Fulfil = false
	o = s.exchange(o, first)
	if o.Due != 4000 || o.Lines[1].Total != cups || o.Lines[2].Total != 9000-666 {
		t.Errorf("due %d, the cup costs %d of %d, the pot %d", o.Due, o.Lines[1].Total, cups, o.Lines[2].Total)
	}
	same := []sales.LineChange{stays(o.Lines[0], 2), stays(o.Lines[1], 1), stays(o.Lines[2], 1)}
	if again := s.edit(o.ID, sales.OrderChange{Lines: same, Discount: amount(2000)}); again.Version != o.Version {
		t.Errorf("asked for as it is it becomes %+v", again.Lines)
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: append(same, added(mug, 1)), Discount: amount(2000)})
	if o.Lines[2].Total != 9000-666 || o.Lines[2].OrderDiscount != 0 {
		t.Errorf("with one more, the pot costs %d", o.Lines[2].Total)
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: same, Discount: amount(2000)})
	o = s.edit(o.ID, sales.OrderChange{Lines: same[:2], Discount: amount(2000)})
	if o.DueBack != 5000-666 || o.Lines[1].Total != cups || o.Total-o.ReturnedTotal != 13000-(5000-666) {
		t.Errorf("without the pot %d to give back, the cup costs %d, all %d", o.DueBack, o.Lines[1].Total, o.Total-o.ReturnedTotal)
	}
	second := swap(o, 1, line(mug, 1))
	for range 3 { // the same for the same, again and again
		o = s.exchange(o, second)
		second = sales.NewExchange{Fulfil: true, Take: second.Take, Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[len(o.Lines)-1].ID, Sellable: 1}}}}
		if o.DueBack != 5000-666 {
			t.Errorf("exchanged for the same, %d to give back", o.DueBack)
		}
	}
	s.Doctor(t)
}

// Each of the goods is replaced by its like first: what was off one is not spread over others, nor lost where a code was for some only.
func TestAnExchangeOfSeveralPassesToEachItsOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 1000)
	pot := s.untracked("POT", 9000, 19_000)
	code := amountCode("MUGS", 500)
	code.CategoryIDs = []int64{mugs}
	s.code(code)
	for name, in := range map[string]sales.NewOrder{
		"a discount of one line": {Lines: []sales.NewLine{{VariantID: mug, Quantity: 1, Discount: amount(500)}, line(pot, 1)}},
		"a code for one line":    {Lines: []sales.NewLine{line(mug, 1), line(pot, 1)}, DiscountCode: "MUGS"},
	} {
		placed := s.counter(in.Lines...)
		placed.DiscountCode, placed.Fulfil = in.DiscountCode, true
		o := s.place(placed)
		o = s.pay(o.ID, o.Due)
		back := func() (lines []sales.ExchangedLine) {
			for _, l := range o.Lines {
				if l.Returned < l.Quantity {
					lines = append(lines, sales.ExchangedLine{ReceivedLine: sales.ReceivedLine{OrderLineID: l.ID, Sellable: 1}})
				}
			}
			return lines
		}
		o = s.exchange(o, sales.NewExchange{Fulfil: true, Lines: back(), Take: []sales.NewLine{line(pot, 1), line(mug, 1)}})
		if n := len(o.Lines); o.Due != 0 || o.DueBack != 0 || o.Lines[n-2].Total != 9000 || o.Lines[n-1].Total != 500 {
			t.Errorf("%s, both for the same: due %d, back %d, %+v", name, o.Due, o.DueBack, o.Lines[n-2:])
		}
		o = s.exchange(o, sales.NewExchange{Fulfil: true, Lines: back(), Take: []sales.NewLine{line(mug, 1)}})
		if n := len(o.Lines); o.DueBack != 9000 || o.Lines[n-1].Total != 500 {
			t.Errorf("%s, one of them kept: back %d, %+v", name, o.DueBack, o.Lines[n-1])
		}
	}
	s.Doctor(t)
}

func TestAnExchangeKeepsAnAllowance(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	o := s.handed(mug, 1)
	o = s.refund(o.ID, sales.NewRefund{Amount: 500, Allowance: true})
	o = s.exchange(o, swap(o, 1, line(mug, 1)))
	if o.Due != 0 || o.DueBack != 0 || o.Allowances != 500 {
		t.Errorf("due %d, back %d, allowed %d", o.Due, o.DueBack, o.Allowances)
	}
	o = s.exchange(o, sales.NewExchange{Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[1].ID, Sellable: 1}}},
		Take: []sales.NewLine{line(s.untracked("CUP", 300, 19_000), 1)}})
	if o.Due != 0 || o.DueBack != 750 || o.Allowances != 300 {
		t.Errorf("for less: due %d, back %d, allowed %d", o.Due, o.DueBack, o.Allowances)
	}
	s.Doctor(t)
}

func TestWhoPassesADiscountOnGivesNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.untracked("MUG", 333, 19_000), s.untracked("CUP", 335, 19_000)
	in := s.counter(line(mug, 1))
	in.Discount, in.Fulfil = percent(10_000), true
	o := s.place(in)
	eva := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.return", "orders.edit", "orders.fulfil"),
		Limits: map[db.Limit]int64{db.DiscountLimit: 5_000}})
	exchanged, err := sales.Exchange(eva, s.DB, o.ID, swap(o, 1, line(cup, 1)))
	if o = must(s, exchanged, err); o.Lines[1].OrderDiscount != 34 {
		t.Errorf("it takes %d", o.Lines[1].OrderDiscount)
	}
}

func TestAnExchangeIsTriedWithoutATrace(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.untracked("CUP", 2000, 7_000)
	in := s.counter(line(mug, 2))
	in.Discount, in.Fulfil = amount(500), true
	o := s.place(in)
	o = s.pay(o.ID, o.Due)
	try := func(ctx context.Context, in sales.NewExchange) (*sales.Order, error) {
		return sales.TryExchange(ctx, s.DB, o.ID, sales.ExchangeTrial{Lines: in.Lines, Take: in.Take})
	}
	s.leavesNothing(func() {
		tried, err := try(s.Ctx, swap(o, 1, line(cup, 1)))
		if tried = must(s, tried, err); tried.Due != 750 || tried.ReturnedTotal != 1000 || tried.Lines[1].ID != 0 || tried.Lines[1].Discount != 250 || tried.Lines[0].OrderDiscount != 500 || len(tried.Taxes) != 2 {
			t.Errorf("due %d for %d back, and %+v", tried.Due, tried.ReturnedTotal, tried.Lines[1])
		}
		back, err := try(s.Ctx, swap(o, 1))
		if back = must(s, back, err); back.DueBack != 1000 {
			t.Errorf("for what comes back alone %d", back.DueBack)
		}
		taken, err := try(s.Ctx, sales.NewExchange{Take: []sales.NewLine{line(cup, 1)}})
		if taken = must(s, taken, err); taken.Due != 2000 {
			t.Errorf("for what is taken alone %d", taken.Due)
		}
		_, err = try(s.Ctx, swap(o, 3, line(cup, 1)))
		if e := refusal(t, err, "not_left"); e.Field != "lines[0]" {
			t.Errorf("blames %q", e.Field)
		}
		_, err = try(s.Ctx, swap(o, 1, line(999, 1)))
		refusal(t, err, "not_found")
		_, err = try(employee(99), swap(o, 1, line(cup, 1)))
		refusal(t, err, "not_found")
	})
}

func TestWhatComesBackCanGoAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 2)
	o := s.handed(mug, 2)
	in := swap(o, 0, line(mug, 1))
	in.Lines[0].Sellable, in.Lines[0].Waste = 1, 1
	o = s.exchange(o, in)
	wantStates(t, o, "completed, overpaid, fulfilled")
	s.Level(t, mug, dbtest.Level{})
	s.leavesNothing(func() { // all of it is gone
		_, err := sales.Exchange(s.Ctx, s.DB, o.ID, swap(o, 1, line(mug, 1)))
		refusal(t, err, "not_left")
	})
	s.Doctor(t)
}

func TestWithoutHandingOverTheNewGoodsWait(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.Stocked("CUP", 5)
	o := s.handed(mug, 1)
	in := swap(o, 1, line(cup, 1))
	in.Fulfil = false
	o = s.exchange(o, in)
	wantStates(t, o, "confirmed, paid, partially_fulfilled")
	s.Level(t, cup, dbtest.Level{OnHand: 5, Committed: 1})
}

func TestARefusedExchangeLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.Stocked("CUP", 1)
	o := s.handed(mug, 2)
	may := func(which ...string) context.Context {
		return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow(which...)})
	}
	for name, c := range map[string]struct {
		in       sales.NewExchange
		ctx      context.Context
		code, at string
	}{
		"more than has left":             {in: swap(o, 3, line(cup, 1)), code: "not_left", at: "lines[0]"},
		"nothing":                        {in: swap(o, 0, line(cup, 1)), code: "out_of_range", at: "lines[0]"},
		"for more than is there":         {in: swap(o, 1, line(cup, 2)), code: "out_of_stock", at: "take[0].quantity"},
		"for what is not there":          {in: swap(o, 1, line(cup, 1), line(999, 1)), code: "not_found", at: "take[1].variantId"},
		"of an order that changed":       {in: sales.NewExchange{Command: sales.Command{Version: ptr(int64(1))}, Lines: swap(o, 1).Lines, Take: []sales.NewLine{line(cup, 1)}}, code: "stale"},
		"by who may not add to it":       {in: swap(o, 1, line(cup, 1)), ctx: may("orders.return", "orders.fulfil"), code: "forbidden"},
		"by who may not hand goods over": {in: swap(o, 1, line(cup, 1)), ctx: may("orders.return", "orders.edit"), code: "forbidden", at: "fulfil"},
		"by who does not see its store":  {in: swap(o, 1, line(cup, 1)), ctx: employee(99), code: "not_found"},
		"for a discount nobody may give": {in: swap(o, 1, sales.NewLine{VariantID: cup, Quantity: 1, Discount: &sales.NewDiscount{Percent: ptr(money.Rate(90_000))}}),
			ctx: db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.return", "orders.edit", "orders.fulfil"),
				Limits: map[db.Limit]int64{db.DiscountLimit: 10_000}}), code: "approval_required", at: "discount"},
	} {
		s.leavesNothing(func() {
			ctx := c.ctx
			if ctx == nil {
				ctx = s.Ctx
			}
			_, err := sales.Exchange(ctx, s.DB, o.ID, c.in)
			if e := refusal(t, err, c.code); e.Field != c.at {
				t.Errorf("%s: blames %q, want %q", name, e.Field, c.at)
			}
		})
	}
	s.Doctor(t)
}

func TestTheLastUnitIsExchangedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 2), s.Stocked("CUP", 5)
	o := s.handed(mug, 1)
	done := 0
	for _, err := range s.race(
		func() error { _, err := sales.Exchange(s.Ctx, s.DB, o.ID, swap(o, 1, line(cup, 1))); return err },
		func() error { _, err := sales.Exchange(s.Ctx, s.DB, o.ID, swap(o, 1, line(cup, 1))); return err },
	) {
		if err == nil {
			done++
			continue
		}
		refusal(t, err, "not_left")
	}
	if done != 1 {
		t.Errorf("it was exchanged %d times", done)
	}
	s.Level(t, cup, dbtest.Level{OnHand: 4})
	s.Doctor(t)
}

func TestAnExchangeSentTwiceIsOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.Stocked("CUP", 5)
	o := s.handed(mug, 2)
	ctx := db.WithKey(s.Ctx, "POST /orders/{id}/exchange", "k1")
	var replies []*sales.Order
	for range 2 {
		got, err := sales.Exchange(ctx, s.DB, o.ID, swap(o, 1, line(cup, 1)))
		replies = append(replies, must(s, got, err))
	}
	if diff := cmp.Diff(replies[0].Version, replies[1].Version); diff != "" || len(s.order(o.ID).Returns) != 1 {
		t.Errorf("twice: %s", diff)
	}
}

// What a code took off goes no further than the code, however often goods are exchanged; what was off the goods themselves does.
// A code that goes takes along what exchanges passed on of it: codes do not add up, nor does one that is given back give anything.
// Less of a code's part is still the code's; whoever makes it their own gives a discount, and needs leave for it.
// The same for the same is worth the same, to the unit, whatever was rounded; and nobody else's price moves.
func TestAnExchangeForTheSameIsForNothing(t *testing.T) {
	t.Parallel()
	for _, included := range []bool{true, false} {
		s := open(t)
		s.keepBooks("EUR", included)
		mug, cup, pot := s.untracked("MUG", 333, 8_875), s.untracked("CUP", 1999, 8_875), s.untracked("POT", 99, 19_000)
		s.code(percentCode("TENTH", 10_000))
		for name, with := range map[string]sales.NewOrder{
			"nothing":      {},
			"a percentage": {Discount: percent(10_000)},
			"an amount":    {Discount: amount(101)},
			"a code":       {DiscountCode: "TENTH"},
		} {
			in := s.counter(line(mug, 2), line(cup, 2), line(pot, 3))
			in.Discount, in.DiscountCode, in.Fulfil = with.Discount, with.DiscountCode, true
			o := s.place(in)
			o = s.pay(o.ID, o.Due)
			at := []int{0, 1}
			for range 3 {
				var ex sales.NewExchange
				for _, i := range at {
					ex.Lines = append(ex.Lines, sales.ExchangedLine{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[i].ID, Sellable: 1}})
				}
				ex.Take, ex.Fulfil = []sales.NewLine{line(cup, 1), line(mug, 1)}, true
				was := o
				if o = s.exchange(o, ex); o.Due != 0 || o.DueBack != 0 {
					t.Errorf("%s, included %v: due %d, back %d", name, included, o.Due, o.DueBack)
				}
				for i, l := range was.Lines {
					if now := o.Lines[i]; now.Total != l.Total || now.Tax != l.Tax || now.Discount != l.Discount || now.OrderDiscount != l.OrderDiscount {
						t.Errorf("%s, included %v: line %d was %+v, is %+v", name, included, i, l, now)
					}
				}
				at = []int{len(o.Lines) - 1, len(o.Lines) - 2}
			}
		}
		s.Doctor(t)
	}
}

func TestWhatIsOnBackorderIsNotHandedOverInAnExchange(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 5), s.onBackorder("CUP", 0)
	o := s.handed(mug, 1)
	s.leavesNothing(func() {
		_, err := sales.Exchange(s.Ctx, s.DB, o.ID, swap(o, 1, line(mug, 1), line(cup, 1)))
		if e := refusal(t, err, "taken_not_there"); e.Field != "take[1].quantity" || e.Params["name"] != "Thing CUP" {
			t.Errorf("blames %q of %v", e.Field, e.Params)
		}
	})
}

// Lines of the same are replaced by one of as many; at another rate it is another thing.
func TestTheSameIsFoundAmongSeveralLines(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.keepBooks("EUR", false)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Mug", TaxRate: ptr(money.Rate(8_875)),
		Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1999, Tracked: ptr(false)}}})
	mug := must(s, p, err).Variants[0].ID
	begin := func() *sales.Order {
		in := s.counter(line(mug, 1), line(mug, 1), line(mug, 2))
		in.Discount, in.Fulfil = percent(12_500), true
		o := s.place(in)
		return s.pay(o.ID, o.Due)
	}
	back := func(o *sales.Order, units ...int64) (lines []sales.ExchangedLine) {
		for i, q := range units {
			if q > 0 {
				lines = append(lines, sales.ExchangedLine{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[i].ID, Sellable: q}})
			}
		}
		return lines
	}
	o := begin()
	o = s.exchange(o, sales.NewExchange{Lines: back(o, 1, 1, 1), Take: []sales.NewLine{line(mug, 3)}})
	if o.Due != 0 || o.DueBack != 0 || o.Lines[3].Tax != o.Returns[0].Lines[0].Tax+o.Returns[0].Lines[1].Tax+o.Returns[0].Lines[2].Tax {
		t.Errorf("three lines for one: due %d, back %d", o.Due, o.DueBack)
	}
	o = begin()
	if _, err := catalog.Update(s.Ctx, s.DB, p.ID, catalog.ProductChange{TaxRate: ptr(money.Rate(19_000))}); err != nil {
		t.Fatal(err)
	}
	o = s.exchange(o, sales.NewExchange{Lines: back(o, 1), Take: []sales.NewLine{line(mug, 1)}})
	if l := o.Lines[3]; l.TaxRate != 19_000 || l.Tax != 332 || l.Total != 2081 {
		t.Errorf("at another rate: %+v", l)
	}
	s.Doctor(t)
}

// A code takes off what it promises, whatever another discount gave to goods that came back; and coming back to a code is as if it had stayed.
// A code's part goes to goods that it is for before it is lost with others: taken together they cost no more than one after the other.
// What an exchange passed on of a code takes no more than the goods are worth when there are fewer of them, as the code itself would.
