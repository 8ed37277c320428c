package sales_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
)

func amount(a money.Amount) *sales.NewDiscount { return &sales.NewDiscount{Amount: &a} }

func percent(r money.Rate) *sales.NewDiscount { return &sales.NewDiscount{Percent: &r} }

// sums are the amounts of an order.
type sums struct{ Subtotal, Discount, Shipping, ShippingTax, Tax, Total money.Amount }

// shares are the amounts of a line.
type shares struct{ Discount, OrderDiscount, Tax, Total money.Amount }

// item is a line to price.
type item struct {
	price    money.Amount
	quantity int64
	rate     money.Rate
	off      *sales.NewDiscount
}

func TestTotalsAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		currency string
		excluded bool
		items    []item
		off      *sales.NewDiscount
		shipping *sales.NewShipping
		want     sums
		lines    []shares
	}{
		{name: "tax lies within the price", items: []item{{1250, 2, 19_000, nil}},
			want: sums{2500, 0, 0, 0, 399, 2500}, lines: []shares{{0, 0, 399, 2500}}},
		{name: "tax comes on top", excluded: true, items: []item{{1250, 2, 19_000, nil}},
			want: sums{2500, 0, 0, 0, 475, 2975}, lines: []shares{{0, 0, 475, 2975}}},
		{name: "half a cent of tax goes away from zero", excluded: true, items: []item{{400, 1, 8_875, nil}},
			want: sums{400, 0, 0, 0, 36, 436}, lines: []shares{{0, 0, 36, 436}}},
		{name: "a line's amount off", items: []item{{1250, 2, 19_000, amount(100)}},
			want: sums{2500, 100, 0, 0, 383, 2400}, lines: []shares{{100, 0, 383, 2400}}},
		{name: "a line's percentage off, half a cent away from zero", items: []item{{100, 1, 0, percent(12_500)}},
			want: sums{100, 13, 0, 0, 0, 87}, lines: []shares{{13, 0, 0, 87}}},
		{name: "an order's amount off, equal remainders to the first line", items: []item{{1000, 1, 7_000, nil}, {1000, 1, 7_000, nil}, {1000, 1, 7_000, nil}}, off: amount(100),
			want: sums{3000, 100, 0, 0, 189, 2900}, lines: []shares{{0, 34, 63, 966}, {0, 33, 63, 967}, {0, 33, 63, 967}}},
		{name: "an order's amount off, by largest remainder", items: []item{{100, 1, 0, nil}, {200, 1, 0, nil}, {400, 1, 0, nil}}, off: amount(33),
			want: sums{700, 33, 0, 0, 0, 667}, lines: []shares{{0, 5, 0, 95}, {0, 9, 0, 191}, {0, 19, 0, 381}}},
		{name: "an order's percentage off comes after line discounts", items: []item{{1000, 1, 0, percent(50_000)}, {1000, 1, 0, nil}}, off: percent(10_000),
			want: sums{2000, 650, 0, 0, 0, 1350}, lines: []shares{{500, 50, 0, 450}, {0, 100, 0, 900}}},
		{name: "everything off", items: []item{{999, 3, 19_000, nil}, {1, 1, 7_000, nil}}, off: percent(100_000),
			want: sums{2998, 2998, 0, 0, 0, 0}, lines: []shares{{0, 2997, 0, 0}, {0, 1, 0, 0}}},
		{name: "everything off line by line, and then nothing of nothing", items: []item{{999, 3, 19_000, amount(2997)}}, off: percent(10_000),
			want: sums{2997, 2997, 0, 0, 0, 0}, lines: []shares{{2997, 0, 0, 0}}},
		{name: "shipping has a rate of its own", items: []item{{1070, 1, 7_000, nil}}, shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))},
			want: sums{1070, 0, 500, 80, 150, 1570}, lines: []shares{{0, 0, 70, 1070}}},
		{name: "shipping with tax on top", excluded: true, items: []item{{1000, 1, 7_000, nil}}, shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))},
			want: sums{1000, 0, 500, 95, 165, 1665}, lines: []shares{{0, 0, 70, 1070}}},
		{name: "a discount leaves shipping alone", items: []item{{1000, 1, 0, nil}}, off: percent(100_000), shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(0))},
			want: sums{1000, 1000, 500, 0, 0, 500}, lines: []shares{{0, 1000, 0, 0}}},
		{name: "yen have no decimals", currency: "JPY", excluded: true, items: []item{{333, 3, 8_000, nil}},
			want: sums{999, 0, 0, 0, 80, 1079}, lines: []shares{{0, 0, 80, 1079}}},
		{name: "dinars have three", currency: "KWD", items: []item{{1250, 1, 5_000, nil}},
			want: sums{1250, 0, 0, 0, 60, 1250}, lines: []shares{{0, 0, 60, 1250}}},
		{name: "the largest amount there is", items: []item{{money.Max, 1, 100_000, nil}},
			want: sums{money.Max, 0, 0, 0, 4503599627370496, money.Max}, lines: []shares{{0, 0, 4503599627370496, money.Max}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			currency := c.currency
			if currency == "" {
				currency = "EUR"
			}
			s.keepBooks(currency, !c.excluded)
			in := s.counter()
			for i, it := range c.items {
				in.Lines = append(in.Lines, sales.NewLine{VariantID: s.untracked(fmt.Sprint("V", i), it.price, it.rate), Quantity: it.quantity, Discount: it.off})
			}
			in.Discount, in.Shipping = c.off, c.shipping
			o := s.order(s.place(in).ID)
			if got := (sums{o.Subtotal, o.Discount, o.Shipping, o.ShippingTax, o.Tax, o.Total}); got != c.want {
				t.Errorf("the order: %+v, want %+v", got, c.want)
			}
			var lines []shares
			for _, l := range o.Lines {
				lines = append(lines, shares{l.Discount, l.OrderDiscount, l.Tax, l.Total})
			}
			if diff := cmp.Diff(c.lines, lines); diff != "" {
				t.Errorf("the lines (-want +got):\n%s", diff)
			}
			if o.Due != o.Total || o.Currency != currency {
				t.Errorf("due %d of %d in %s", o.Due, o.Total, o.Currency)
			}
			s.Doctor(t)
		})
	}
}

func TestWhatTheBooksCannotHoldIsRefused(t *testing.T) {
	t.Parallel()
	most := &sales.NewShipping{Price: money.Max}
	for _, c := range []struct {
		name     string
		excluded bool
		items    []item
		off      *sales.NewDiscount
		shipping *sales.NewShipping
		field    string
	}{
		{name: "a line", items: []item{{1, 1, 0, nil}, {money.Max, 2, 0, nil}}, field: "lines[1].quantity"},
		{name: "a line beyond 64 bits", items: []item{{money.Max, 1_000_000, 0, nil}}, field: "lines[0].quantity"},
		{name: "the sum of the lines", items: []item{{money.Max, 1, 0, nil}, {1, 1, 0, nil}}, field: "lines[1].quantity"},
		{name: "the sum before discounts", items: []item{{money.Max, 1, 0, percent(100_000)}, {1, 1, 0, nil}}, field: "lines[1].quantity"},
		{name: "tax on top", excluded: true, items: []item{{money.Max, 1, 1_000, nil}}, field: "lines[0].quantity"},
		{name: "the sum with tax on top", excluded: true, items: []item{{money.Max/2 + 1, 1, 10_000, nil}, {money.Max / 2, 1, 0, nil}}, field: "lines[1].quantity"},
		{name: "shipping", items: []item{{1, 1, 0, nil}}, shipping: most, field: "shipping.price"},
		{name: "tax on shipping", excluded: true, items: []item{{1, 1, 0, amount(1)}}, shipping: &sales.NewShipping{Price: money.Max, TaxRate: ptr(money.Rate(1_000))}, field: "shipping.price"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.keepBooks("EUR", !c.excluded)
			in := s.counter()
			for i, it := range c.items {
				in.Lines = append(in.Lines, sales.NewLine{VariantID: s.untracked(fmt.Sprint("V", i), it.price, it.rate), Quantity: it.quantity, Discount: it.off})
			}
			in.Discount, in.Shipping = c.off, c.shipping
			s.leavesNothing(func() {
				_, err := sales.Place(s.Ctx, s.DB, in)
				if e := refusal(t, err, "too_large"); e.Field != c.field {
					t.Errorf("blamed %q, want %q", e.Field, c.field)
				}
			})
		})
	}
}

func TestACostBeyondTheBooksIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.variant(catalog.NewVariant{SKU: "V", Price: 1, Cost: ptr(money.Max), Tracked: ptr(false)}, 0)
	s.leavesNothing(func() {
		_, err := sales.Place(s.Ctx, s.DB, s.counter(line(v, 2)))
		if e := refusal(t, err, "too_large"); e.Field != "lines[0].quantity" {
			t.Errorf("blamed %q", e.Field)
		}
	})
}

func TestADiscountIsOneThingAndNoMoreThanAll(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.untracked("V", 1000, 0)
	both := &sales.NewDiscount{Amount: ptr(money.Amount(1)), Percent: ptr(money.Rate(1))}
	for _, c := range []struct {
		name        string
		line, order *sales.NewDiscount
		code, field string
	}{
		{"a line's above the line", amount(1001), nil, "discount_too_large", "lines[0].discount.amount"},
		{"an order's above the lines", nil, amount(1001), "discount_too_large", "discount.amount"},
		{"an order's above what line discounts left", amount(600), amount(401), "discount_too_large", "discount.amount"},
		{"amount and percent", both, nil, "amount_or_percent", "lines[0].discount"},
		{"neither amount nor percent", nil, &sales.NewDiscount{}, "amount_or_percent", "discount"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := s.counter(sales.NewLine{VariantID: v, Quantity: 1, Discount: c.line})
			in.Discount = c.order
			s.leavesNothing(func() {
				_, err := sales.Place(s.Ctx, s.DB, in)
				if e := refusal(t, err, c.code); e.Field != c.field {
					t.Errorf("blamed %q, want %q", e.Field, c.field)
				}
			})
		})
	}
}
