package sales_test

import (
	"context"
	"testing"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestWhatAnExchangePassesOnOfACodeStaysWithItsGoods(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 2490)
	cup := s.untracked("CUP", 2490, 19_000)
	code := amountCode("MUGS", 700)
	code.CategoryIDs = []int64{mugs}
	s.code(code)
	again := func(o *sales.Order, take ...int64) *sales.Order {
		last := &o.Lines[len(o.Lines)-1]
		in := sales.NewExchange{Fulfil: true, Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: last.ID, Sellable: 1}}}}
		for _, v := range take {
			in.Take = append(in.Take, line(v, 1))
		}
		return s.exchange(o, in)
	}
	for _, own := range []money.Amount{0, 490} {
		in := s.counter(line(mug, 2))
		in.DiscountCode, in.Fulfil = "MUGS", true
		if own > 0 {
			in.Lines[0].Discount = amount(2 * own)
		}
		o := s.place(in)
		o = s.pay(o.ID, o.Due)
		for range 3 { // 3.50 of the code stay with each
			if o = again(o, mug); o.Due != 0 || o.DueBack != 0 || o.Lines[len(o.Lines)-1].Total != 2490-own-350 {
				t.Errorf("%d off, exchanged for the same: due %d, back %d, %+v", own, o.Due, o.DueBack, o.Lines[len(o.Lines)-1])
			}
		}
		stays := o.ID
		if o = again(o, cup); o.Due != 350 || o.Lines[len(o.Lines)-1].Total != 2490-own {
			t.Errorf("%d off, then for what the code is not for: due %d, %+v", own, o.Due, o.Lines[len(o.Lines)-1])
		}
		o = s.pay(stays, 350)
		if o = again(o, mug); o.Due != 0 || o.Lines[len(o.Lines)-1].Total != 2490-own {
			t.Errorf("%d off, and back: due %d, %+v", own, o.Due, o.Lines[len(o.Lines)-1])
		}
	}
	in := s.counter(line(mug, 2))
	in.DiscountCode, in.Fulfil = "MUGS", true
	o := s.place(in)
	o = s.exchange(s.pay(o.ID, o.Due), swap(o, 2, line(mug, 2)))
	swapOne := func(at int) {
		o = s.exchange(o, sales.NewExchange{Fulfil: true, Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[at].ID, Sellable: 1}}}, Take: []sales.NewLine{line(cup, 1)}})
	}
	if swapOne(1); o.Due != 350 {
		t.Errorf("one of two: due %d", o.Due)
	}
	if swapOne(1); o.Due != 700 {
		t.Errorf("the other, later: due %d", o.Due)
	}
	o = s.place(in)
	o = s.exchange(s.pay(o.ID, o.Due), swap(o, 2, line(mug, 2)))
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), {ID: o.Lines[1].ID, Quantity: 2, Discount: amount(800)}}})
	if swapOne(1); o.Due != 250 || o.Lines[2].Discount != 50 {
		t.Errorf("with 1.00 by hand beside it: due %d, %+v", o.Due, o.Lines[2])
	}
	o = s.place(in)
	o = s.exchange(s.pay(o.ID, o.Due), swap(o, 2, line(mug, 2)))
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), stays(o.Lines[1], 3)}})
	o = s.exchange(s.fulfil(o.ID, sales.NewFulfilment{Ship: true}), sales.NewExchange{Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[1].ID, Sellable: 3}}}, Take: []sales.NewLine{line(cup, 3)}})
	if o.Due != 2490+700 {
		t.Errorf("with one more: due %d", o.Due)
	}
	s.Doctor(t)
}

func TestACodeThatGoesTakesAlongWhatExchangesPassedOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 10_000)
	once := amountCode("ONCE", 5000)
	once.CategoryIDs, once.MaxUses = []int64{mugs}, 1
	code := s.code(once)
	s.code(percentCode("HALF", 50_000))
	for _, c := range []struct {
		name   string
		change sales.OrderChange
		worth  money.Amount
	}{
		{"taken off", sales.OrderChange{DiscountCode: ptr("")}, 20_000},
		{"for another", sales.OrderChange{DiscountCode: ptr("HALF")}, 10_000},
		{"for a discount by hand", sales.OrderChange{Discount: percent(10_000)}, 18_000},
		{"kept", sales.OrderChange{DiscountCode: ptr("once"), Note: ptr("x")}, 15_000},
	} {
		in := s.counter(line(mug, 2))
		in.DiscountCode, in.Fulfil = "ONCE", true
		o := s.place(in)
		o = s.pay(o.ID, o.Due)
		o = s.exchange(o, swap(o, 2, line(mug, 2)))
		o = s.edit(o.ID, c.change)
		left := int64(0)
		if c.name == "kept" {
			left = 1
		}
		if worth := o.Total - o.ReturnedTotal; worth != c.worth || s.uses(code.ID) != left || o.Due != max(0, c.worth-15_000) || o.DueBack != max(0, 15_000-c.worth) {
			t.Errorf("%s: worth %d, due %d, back %d, %d uses", c.name, worth, o.Due, o.DueBack, s.uses(code.ID))
		}
	}
	s.Doctor(t)
}

func TestACodesPartIsNobodysToGive(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 10_000)
	pot := s.untracked("POT", 10_000, 19_000)
	code := amountCode("MUGS", 5000)
	code.CategoryIDs = []int64{mugs}
	s.code(code)
	in := s.counter(line(mug, 1))
	in.DiscountCode, in.Fulfil = "MUGS", true
	o := s.place(in)
	o = s.exchange(s.pay(o.ID, o.Due), swap(o, 1, line(mug, 1)))
	eva := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.read", "orders.return", "orders.edit", "orders.fulfil"),
		Limits: map[db.Limit]int64{db.DiscountLimit: 5_000}})
	off := func(d *sales.NewDiscount) sales.OrderChange {
		return sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), {ID: o.Lines[1].ID, Quantity: 1, Discount: d}}}
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(eva, s.DB, o.ID, off(percent(50_000)))
		refusal(t, err, "approval_required")
		_, err = sales.Edit(eva, s.DB, o.ID, off(amount(5501)))
		refusal(t, err, "approval_required")
	})
	edited, err := sales.Edit(eva, s.DB, o.ID, off(amount(4999)))
	o = must(s, edited, err)
	exchanged, err := sales.Exchange(eva, s.DB, o.ID, sales.NewExchange{Take: []sales.NewLine{line(pot, 1)},
		Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[1].ID, Sellable: 1}}}})
	if o = must(s, exchanged, err); o.Lines[2].Total != 10_000 || o.Due != 5000 {
		t.Errorf("for what the code is not for: due %d, %+v", o.Due, o.Lines[2])
	}
	s.Doctor(t)
}

func TestWhatWentBackWithAnotherDiscountDoesNotCountAgainstACode(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, pot := s.untracked("MUG", 10_000, 19_000), s.untracked("POT", 10_000, 19_000)
	a := s.code(amountCode("FIFTY", 5000))
	codes := map[string]int64{"FORTY": s.code(amountCode("FORTY", 4000)).ID, "SEVENTY": s.code(amountCode("SEVENTY", 7000)).ID}
	s.code(percentCode("HALF", 50_000))
	exchanged := func() *sales.Order {
		in := s.counter(line(mug, 1))
		in.DiscountCode, in.Fulfil = "FIFTY", true
		o := s.place(in)
		return s.exchange(s.pay(o.ID, o.Due), swap(o, 1, line(pot, 1)))
	}
	is := func(name string, o *sales.Order, worth money.Amount) {
		t.Helper()
		if got := o.Total - o.ReturnedTotal; got != worth || o.Due != max(0, worth-o.Paid) || o.DueBack != max(0, o.Paid-worth) {
			t.Errorf("%s: worth %d, due %d, back %d; want %d", name, got, o.Due, o.DueBack, worth)
		}
	}
	for code, worth := range map[string]money.Amount{"FORTY": 6000, "SEVENTY": 3000} {
		is(code, s.edit(exchanged().ID, sales.OrderChange{DiscountCode: ptr(code)}), worth)
		if n := s.uses(codes[code]); n != 1 {
			t.Errorf("%s was used %d times", code, n)
		}
	}
	is("by hand", s.edit(exchanged().ID, sales.OrderChange{Discount: amount(1000)}), 9000)
	again := exchanged()
	s.edit(again.ID, sales.OrderChange{DiscountCode: ptr("")})
	again = s.edit(again.ID, sales.OrderChange{DiscountCode: ptr("FIFTY")})
	is("off and on", again, 5000)
	is("and exchanged once more", s.exchange(again, sales.NewExchange{Fulfil: true, Take: []sales.NewLine{line(mug, 1)},
		Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: again.Lines[1].ID, Sellable: 1}}}}), 5000)
	renamed := exchanged()
	s.recode(a.ID, sales.DiscountCodeChange{Code: ptr("FIFTY2")})
	is("under its new name", s.edit(renamed.ID, sales.OrderChange{DiscountCode: ptr("FIFTY2"), Note: ptr("x")}), 5000)

	in := s.counter(line(mug, 1), line(pot, 1))
	in.DiscountCode, in.Fulfil = "FIFTY2", true
	o := s.place(in)
	o = s.pay(o.ID, o.Due)
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}})
	s.receive(must(s, r, err), 1, 0, 0)
	is("after a return", s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("FORTY")}), 6000)
	is("and with one more", s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), stays(o.Lines[1], 1), added(mug, 1)}}), 16_000)

	in = s.counter(line(mug, 2))
	in.DiscountCode, in.Fulfil = "HALF", true
	o = s.place(in)
	o = s.exchange(s.pay(o.ID, o.Due), swap(o, 1, line(mug, 1)))
	is("after a percentage", s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("FORTY")}), 16_000)
	s.Doctor(t)
}

func TestTakingMoreInAnExchangeCostsNoneOfTheCode(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 10_000)
	cup, _ := s.of("Mugs", "CUP", 10_000)
	pot := s.untracked("POT", 10_000, 19_000)
	code := amountCode("MUGS", 5000)
	code.CategoryIDs = []int64{mugs}
	s.code(code)
	for _, take := range [][]sales.NewLine{{line(cup, 1), line(pot, 1)}, {line(pot, 1), line(cup, 1)}} {
		in := s.counter(line(mug, 1))
		in.DiscountCode, in.Fulfil = "MUGS", true
		o := s.place(in)
		if o = s.exchange(s.pay(o.ID, o.Due), swap(o, 1, take...)); o.Due != 10_000 {
			t.Errorf("due %d: %+v", o.Due, o.Lines[1:])
		}
	}
	s.Doctor(t)
}

func TestFewerOfExchangedGoodsTakeLessOfTheCode(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, pot := s.untracked("MUG", 100, 19_000), s.untracked("POT", 100, 19_000)
	s.code(amountCode("FIFTY", 5000))
	in := s.counter(line(mug, 100))
	in.DiscountCode, in.Fulfil = "FIFTY", true
	o := s.place(in)
	exchange := swap(o, 100, line(pot, 100))
	exchange.Fulfil = false
	o = s.exchange(s.pay(o.ID, o.Due), exchange)
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 100), stays(o.Lines[1], 20)}})
	if l := o.Lines[1]; l.Total != 0 || l.Discount != 2000 || o.DueBack != 5000 {
		t.Errorf("%d to give back, %+v", o.DueBack, l)
	}
	s.Doctor(t)
}

func TestADiscountTakesThePlaceOfWhatExchangesPassedOnOfAnother(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, pot := s.untracked("MUG", 10_000, 19_000), s.untracked("POT", 10_000, 19_000)
	s.code(amountCode("FIFTY", 5000))
	for _, c := range []struct {
		name    string
		changes []sales.OrderChange
		worth   money.Amount
	}{
		{"kept", []sales.OrderChange{{Discount: amount(4000)}}, 16_000},
		{"taken off", []sales.OrderChange{{Discount: amount(0)}}, 20_000},
		{"off and on", []sales.OrderChange{{Discount: amount(0)}, {Discount: amount(4000)}}, 16_000},
		{"made more", []sales.OrderChange{{Discount: amount(6000)}}, 14_000},
		{"for a percentage", []sales.OrderChange{{Discount: percent(10_000)}}, 18_000},
		{"for a code", []sales.OrderChange{{DiscountCode: ptr("FIFTY")}}, 15_000},
		{"for a code and back", []sales.OrderChange{{DiscountCode: ptr("FIFTY")}, {Discount: amount(4000)}}, 16_000},
	} {
		in := s.counter(line(mug, 1), line(mug, 1))
		in.Discount, in.Fulfil = amount(4000), true
		o := s.place(in)
		o = s.exchange(s.pay(o.ID, o.Due), sales.NewExchange{Fulfil: true, Take: []sales.NewLine{line(pot, 1)},
			Lines: []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[0].ID, Sellable: 1}}}})
		was := o.Lines
		for _, change := range c.changes {
			o = s.edit(o.ID, change)
		}
		if c.name == "kept" && (o.Lines[1].Total != was[1].Total || o.Lines[2].Total != was[2].Total) {
			t.Errorf("the same discount moves prices from %+v to %+v", was, o.Lines)
		}
		if worth := o.Total - o.ReturnedTotal; worth != c.worth {
			t.Errorf("%s: worth %d, not %d: %+v", c.name, worth, c.worth, o.Lines)
		}
	}
	s.Doctor(t)
}

func TestACodeThatComesIsForWhatHasNotComeBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 10_000)
	pot := s.untracked("POT", 10_000, 19_000)
	large := amountCode("LARGE", 5000)
	large.Minimum = 15_000
	forMugs := amountCode("MUGS", 5000)
	forMugs.CategoryIDs = []int64{mugs}
	codes := []*sales.DiscountCode{s.code(large), s.code(forMugs)}
	in := s.counter(line(mug, 1), line(pot, 1))
	in.Fulfil = true
	o := s.place(in)
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}})
	s.receive(must(s, r, err), 1, 0, 0)
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{DiscountCode: ptr("LARGE")})
		if e := refusal(t, err, "code_minimum"); e.Params["missing"] != money.Amount(5000) {
			t.Errorf("missing are %v", e.Params["missing"])
		}
		_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{DiscountCode: ptr("MUGS")})
		refusal(t, err, "code_other_goods")
	})
	o = s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("LARGE"), Lines: []sales.LineChange{stays(o.Lines[0], 1), stays(o.Lines[1], 1), added(pot, 1)}})
	if o.Total-o.ReturnedTotal != 15_000 || s.uses(codes[0].ID) != 1 || s.uses(codes[1].ID) != 0 {
		t.Errorf("with one more: worth %d, %d and %d uses", o.Total-o.ReturnedTotal, s.uses(codes[0].ID), s.uses(codes[1].ID))
	}
	s.Doctor(t)
}

func TestACodeByItsNewNameIsTheOneThatIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 10_000, 19_000)
	code := s.code(amountCode("FIFTY", 5000))
	in := s.counter(line(mug, 2))
	in.DiscountCode, in.Fulfil = "FIFTY", true
	o := s.returned(s.place(in), 1)
	s.recode(code.ID, sales.DiscountCodeChange{Code: ptr("SPRING")})
	s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("spring")})
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), added(mug, 1)}})
	if worth := o.Total - o.ReturnedTotal; worth != 17_500 || s.uses(code.ID) != 1 {
		t.Errorf("one is kept for 75.00 and one comes: worth %d, %d uses", worth, s.uses(code.ID))
	}
	s.Doctor(t)
}
