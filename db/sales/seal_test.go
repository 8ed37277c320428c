package sales_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
)

// Two at 10.00 with 3.00 off: one came back at 8.50.
func halfBack(t *testing.T) (*shop, *sales.Order) {
	s := open(t)
	mug := s.untracked("MUG", 1000, 19_000)
	in := s.counter(line(mug, 1), line(mug, 1))
	in.Discount, in.Fulfil = amount(300), true
	o := s.place(in)
	return s, s.returned(s.pay(o.ID, o.Due), 1)
}

func TestWhatCameBackKeepsItsPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(s *shop, o *sales.Order) sales.OrderChange
		rest   money.Amount // what the one that is still there costs
	}{
		{"a percentage", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: percent(50_000)} }, 500},
		{"everything", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: percent(100_000)} }, 0},
		{"a larger amount", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: amount(1000)} }, 150},
		{"the largest amount", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: amount(1150)} }, 0},
		{"a smaller amount", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: amount(200)} }, 950},
		{"what came back with it", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: amount(150)} }, 1000},
		{"none", func(*shop, *sales.Order) sales.OrderChange { return sales.OrderChange{Discount: amount(0)} }, 1000},
		{"a code", func(s *shop, _ *sales.Order) sales.OrderChange {
			s.code(amountCode("FLAT", 250))
			return sales.OrderChange{DiscountCode: ptr("FLAT")}
		}, 750},
		{"a code that takes less than what came back with it", func(s *shop, _ *sales.Order) sales.OrderChange {
			s.code(amountCode("FLAT", 100))
			return sales.OrderChange{DiscountCode: ptr("FLAT")}
		}, 900},
		{"a discount of the line", func(_ *shop, o *sales.Order) sales.OrderChange {
			rest := stays(o.Lines[1], 1)
			rest.Discount = amount(400)
			return sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), rest}}
		}, 450},
		{"one more of what came back", func(_ *shop, o *sales.Order) sales.OrderChange {
			return sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), stays(o.Lines[1], 1)}}
		}, 1850},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, o := halfBack(t)
			in := c.change(s, o)
			tried, err := sales.TryEdit(s.Ctx, s.DB, o.ID, in)
			tried = must(s, tried, err)
			o = s.edit(o.ID, in)
			if o.ReturnedTotal != 850 || o.Total-o.ReturnedTotal != c.rest || tried.Total != o.Total || tried.Due != o.Due || tried.DueBack != o.DueBack {
				t.Errorf("%d came back, the rest is worth %d, want %d; tried %d", o.ReturnedTotal, o.Total-o.ReturnedTotal, c.rest, tried.Total)
			}
			if l := o.Lines[0]; l.Quantity == 1 && (l.Total != 850 || l.OrderDiscount != 150 || l.Tax != 136) {
				t.Errorf("what came back: %+v", l)
			}
			s.Doctor(t)
		})
	}
}

func TestADiscountIsNoLessThanWhatOfItCameBack(t *testing.T) {
	t.Parallel()
	s, o := halfBack(t)
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Discount: amount(149)})
		if e := refusal(t, err, "discount_returned"); e.Field != "discount.amount" || e.Params["min"] != money.Amount(150) {
			t.Errorf("blames %q, %v", e.Field, e.Params)
		}
		_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Discount: amount(1151)})
		if e := refusal(t, err, "discount_too_large"); e.Params["max"] != money.Amount(1150) {
			t.Errorf("at most %v", e.Params)
		}
	})

	mug := s.untracked("CUP", 1000, 19_000)
	in := s.counter(sales.NewLine{VariantID: mug, Quantity: 3, Discount: amount(100)})
	in.Fulfil = true
	o = s.returned(s.place(in), 1)
	for asked, code := range map[money.Amount]string{32: "discount_returned", 2034: "discount_too_large"} {
		s.leavesNothing(func() {
			change := stays(o.Lines[0], 3)
			change.Discount = amount(asked)
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{change}})
			if e := refusal(t, err, code); e.Field != "lines[0].discount.amount" {
				t.Errorf("%s blames %q", code, e.Field)
			}
		})
	}
}

// A line is three at 3.33 less 10%: what comes back after an edit is worth its part of what is still there.
func TestALineThatCameBackInPartIsPricedInTheRest(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 333, 7_000)
	in := s.counter(line(mug, 3))
	in.Discount, in.Fulfil = percent(10_000), true
	o := s.returned(s.place(in), 1) // 8.99 in all
	o = s.edit(o.ID, sales.OrderChange{Discount: percent(50_000)})
	if l := o.Lines[0]; o.ReturnedTotal != 300 || l.Total != 300+333 || l.Sealed.Quantity != 1 || l.Sealed.OrderDiscount != 33 {
		t.Errorf("%d came back, %+v", o.ReturnedTotal, l)
	}
	for _, want := range []money.Amount{167, 166} {
		o = s.returned(o, 1)
		if got := o.Returns[len(o.Returns)-1].Total; got != want {
			t.Errorf("the next one is worth %d, want %d", got, want)
		}
	}
	if o.ReturnedTotal != o.Total || o.Due != 0 {
		t.Errorf("%d of %d came back, due %d", o.ReturnedTotal, o.Total, o.Due)
	}
	s.Doctor(t)
}

// A percentage of what is left is rounded by itself; an order that is asked for as it is stays as it is, to the unit.
func TestAnEditThatAsksForTheSameMovesNothing(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]sales.NewOrder{
		"a percentage":             {Discount: percent(12_345)},
		"an amount":                {Discount: amount(1229)},
		"a percentage of the line": {Lines: []sales.NewLine{{Discount: percent(12_345)}}},
		"an amount of the line":    {Lines: []sales.NewLine{{Discount: amount(1229)}}},
		"nothing":                  {},
	} {
		for _, included := range []bool{true, false} {
			t.Run(fmt.Sprint(name, included), func(t *testing.T) {
				t.Parallel()
				s := open(t)
				s.keepBooks("EUR", included)
				placed := s.counter(line(s.untracked("MUG", 2490, 19_000), 4), line(s.untracked("CUP", 333, 7_000), 3))
				placed.Discount, placed.Fulfil = in.Discount, true
				if in.Lines != nil {
					placed.Lines[0].Discount = in.Lines[0].Discount
				}
				o := s.place(placed)
				o = s.returned(s.pay(o.ID, o.Due), 1)
				for range 2 {
					same := sales.OrderChange{Discount: in.Discount}
					if same.Discount == nil {
						same.Discount = amount(0)
					}
					for i, l := range o.Lines {
						change := stays(l, l.Quantity)
						if change.Discount = amount(l.Discount); placed.Lines[i].Discount != nil {
							change.Discount = placed.Lines[i].Discount
						}
						same.Lines = append(same.Lines, change)
					}
					s.leavesNothing(func() { s.edit(o.ID, same) })
					same.Shipping = &sales.NewShipping{Price: 500}
					shipped := s.edit(o.ID, same)
					if diff := cmp.Diff(o.Lines, shipped.Lines); diff != "" || shipped.Tax-shipped.ShippingTax != o.Tax {
						t.Errorf("with shipping (-was +is): %s", diff)
					}
					o = s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{}})
					o = s.returned(o, 1)
				}
				s.Doctor(t)
			})
		}
	}
}

// What came back does not make the rest of an order look larger than it is to somebody's limit.
func TestALimitOnDiscountsIsOfWhatIsStillThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.untracked("MUG", 5000, 19_000), s.untracked("CUP", 5000, 19_000)
	in := s.counter(line(mug, 9), line(cup, 1))
	in.Fulfil = true
	o := s.place(in)
	o = s.returned(s.pay(o.ID, o.Due), 9)
	eva := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.edit"),
		Limits: map[db.Limit]int64{db.DiscountLimit: 10_000}})
	change := stays(o.Lines[1], 1)
	change.Discount = amount(501)
	for _, in := range []sales.OrderChange{{Discount: amount(501)}, {Discount: percent(10_020)}, {Lines: []sales.LineChange{stays(o.Lines[0], 9), change}}} {
		s.leavesNothing(func() {
			_, err := sales.Edit(eva, s.DB, o.ID, in)
			refusal(t, err, "approval_required")
		})
	}
	edited, err := sales.Edit(eva, s.DB, o.ID, sales.OrderChange{Discount: amount(500)})
	if o = must(s, edited, err); o.DueBack != 45_500 {
		t.Errorf("%d to give back", o.DueBack)
	}
}

// What a manager gave before goods at their full price came back is a larger part of the rest: nobody else goes on giving by it.
func TestADiscountThatGrewByAReturnIsNoLeaveToGiveMore(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, n := s.untracked("A", 1000, 19_000), s.untracked("N", 9000, 19_000)
	eva := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.edit", "orders.return", "orders.fulfil"),
		Limits: map[db.Limit]int64{db.DiscountLimit: 10_000}})
	in := s.counter(sales.NewLine{VariantID: a, Quantity: 1, Discount: percent(100_000)}, line(n, 1))
	in.Fulfil = true
	o := s.place(in)
	o = s.pay(o.ID, o.Due)
	free := sales.NewLine{VariantID: n, Quantity: 1, Discount: percent(100_000)}
	back := []sales.ExchangedLine{{ReceivedLine: sales.ReceivedLine{OrderLineID: o.Lines[1].ID, Sellable: 1}}}
	s.leavesNothing(func() {
		_, err := sales.Exchange(eva, s.DB, o.ID, sales.NewExchange{Lines: back, Take: []sales.NewLine{free}})
		refusal(t, err, "approval_required")
	})
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, sales.NewReturn{Approve: true, Lines: []sales.NewReturnLine{{OrderLineID: o.Lines[1].ID, Quantity: 1}}})
	s.receive(must(s, r, err), 1, 0, 0)
	gift := added(n, 1)
	gift.Discount = percent(100_000)
	dearer := stays(o.Lines[0], 2)
	for _, lines := range [][]sales.LineChange{{stays(o.Lines[0], 1), stays(o.Lines[1], 1), gift}} {
		s.leavesNothing(func() {
			_, err := sales.Edit(eva, s.DB, o.ID, sales.OrderChange{Lines: lines})
			refusal(t, err, "approval_required")
		})
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(eva, s.DB, o.ID, sales.OrderChange{Discount: amount(1)})
		refusal(t, err, "discount_too_large") // nothing is left that costs anything
	})
	edited, err := sales.Edit(eva, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{dearer, stays(o.Lines[1], 1), added(n, 1)}})
	if o = must(s, edited, err); o.Lines[2].Total != 9000 {
		t.Errorf("at its full price: %+v", o.Lines[2])
	}
}

func TestACodeForOtherGoodsLeavesWhatCameBackOfALine(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 1000)
	code := percentCode("MUGS", 10_000)
	code.CategoryIDs = []int64{mugs}
	s.code(code)
	in := s.counter(line(s.untracked("POT", 1000, 19_000), 2), line(mug, 1))
	in.Discount, in.Fulfil = percent(50_000), true
	o := s.returned(s.place(in), 1)
	o = s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("MUGS")})
	if o.Lines[0].InDiscount || o.Lines[0].OrderDiscount != 500 || o.Lines[0].Total != 1500 || o.Lines[1].Total != 900 {
		t.Errorf("%+v", o.Lines)
	}
	s.Doctor(t)
}
