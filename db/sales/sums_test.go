package sales_test

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"onhand/db/money"
	"onhand/db/sales"
)

// priced are variants to draw orders from.
var priced = []item{
	{price: 0, rate: 19_000}, {price: 1, rate: 19_000}, {price: 3, rate: 7_000}, {price: 99, rate: 8_875}, {price: 333, rate: 0}, {price: 1250, rate: 19_000},
	{price: 99_999, rate: 100_000}, {price: 1_234_567_89, rate: 1}, {price: 9_007_199_254, rate: 19_000},
}

func TestEveryOrderAddsUp(t *testing.T) {
	t.Parallel()
	for _, included := range []bool{true, false} {
		t.Run(fmt.Sprintf("with tax included %t", included), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.keepBooks("EUR", included)
			ids := make([]int64, len(priced))
			for i, it := range priced {
				ids[i] = s.untracked(fmt.Sprint("V", i), it.price, it.rate)
			}
			rapid.Check(t, func(rt *rapid.T) {
				in, wholes := drawOrder(rt, s, ids)
				o, err := sales.Place(s.Ctx, s.DB, in)
				if err != nil {
					rt.Fatal(err)
				}
				addsUp(rt, o, in, wholes, included)
				entriesAddUp(rt, s.entries(o.ID), o)
			})
			s.Doctor(t)
		})
	}
}

// drawOrder draws an order and answers the gross of each line.
func drawOrder(rt *rapid.T, s *shop, ids []int64) (sales.NewOrder, []money.Amount) {
	in := s.counter()
	left := money.Amount(0)
	var gross []money.Amount
	for i := range rapid.IntRange(1, 12).Draw(rt, "lines") {
		v := rapid.IntRange(0, len(ids)-1).Draw(rt, "variant")
		l := line(ids[v], rapid.Int64Range(1, 1000).Draw(rt, "quantity"))
		gross = append(gross, priced[v].price*money.Amount(l.Quantity))
		l.Discount = drawDiscount(rt, gross[i])
		in.Lines = append(in.Lines, l)
		left += gross[i] - taken(l.Discount, gross[i])
	}
	in.Discount = drawDiscount(rt, left)
	if rapid.Bool().Draw(rt, "ships") {
		in.Shipping = &sales.NewShipping{Price: money.Amount(rapid.Int64Range(0, 10_000).Draw(rt, "shipping")), TaxRate: ptr(money.Rate(rapid.Int64Range(0, 100_000).Draw(rt, "shipping rate")))}
	}
	return in, gross
}

func drawDiscount(rt *rapid.T, most money.Amount) *sales.NewDiscount {
	switch rapid.IntRange(0, 3).Draw(rt, "discount") {
	case 0:
		return amount(money.Amount(rapid.Int64Range(0, int64(most)).Draw(rt, "amount")))
	case 1:
		return percent(money.Rate(rapid.Int64Range(0, 100_000).Draw(rt, "percent")))
	}
	return nil
}

// rounded is a*k/n half away from zero, by fractions.
func rounded(a money.Amount, k, n int64) money.Amount {
	f := new(big.Rat).Mul(big.NewRat(int64(a), 1), big.NewRat(k, n))
	f.Add(f, big.NewRat(1, 2))
	return money.Amount(new(big.Int).Div(f.Num(), f.Denom()).Int64())
}

func taken(d *sales.NewDiscount, from money.Amount) money.Amount {
	switch {
	case d == nil:
		return 0
	case d.Amount != nil:
		return *d.Amount
	}
	return rounded(from, int64(*d.Percent), 100_000)
}

func taxOf(a money.Amount, rate money.Rate, included bool) (tax, total money.Amount) {
	if included {
		return rounded(a, int64(rate), 100_000+int64(rate)), a
	}
	tax = rounded(a, int64(rate), 100_000)
	return tax, a + tax
}

func addsUp(rt *rapid.T, o *sales.Order, in sales.NewOrder, gross []money.Amount, included bool) {
	var want sums
	var shared money.Amount
	amounts := make([]money.Amount, len(gross))
	for i, l := range o.Lines {
		if want := taken(in.Lines[i].Discount, gross[i]); l.Discount != want {
			rt.Errorf("line %d is discounted by %d, want %d", i, l.Discount, want)
		}
		amounts[i] = gross[i] - l.Discount
		tax, total := taxOf(amounts[i]-l.OrderDiscount, l.TaxRate, included)
		if l.Tax != tax || l.Total != total || l.OrderDiscount < 0 || l.OrderDiscount > amounts[i] {
			rt.Errorf("line %d: %+v, want tax %d and total %d", i, l, tax, total)
		}
		want.Subtotal += gross[i]
		want.Discount += l.Discount + l.OrderDiscount
		want.Tax += l.Tax
		want.Total += l.Total
		shared += l.OrderDiscount
	}
	if whole := taken(in.Discount, sumOf(amounts)); shared != whole {
		rt.Errorf("the lines share %d of %d", shared, whole)
	}
	fairlyShared(rt, o, amounts, shared)
	if in.Shipping != nil {
		tax, total := taxOf(in.Shipping.Price, *in.Shipping.TaxRate, included)
		want.Shipping, want.ShippingTax = in.Shipping.Price, tax
		want.Tax += tax
		want.Total += total
	}
	if got := (sums{o.Subtotal, o.Discount, o.Shipping, o.ShippingTax, o.Tax, o.Total}); got != want {
		rt.Errorf("the order: %+v, want %+v", got, want)
	}
	if o.Due != o.Total || o.Paid != 0 {
		rt.Errorf("due %d, paid %d of %d", o.Due, o.Paid, o.Total)
	}
}

func sumOf(amounts []money.Amount) (sum money.Amount) {
	for _, a := range amounts {
		sum += a
	}
	return sum
}

// fairlyShared holds the shares to the largest remainder: each is its exact share
// rounded down or up, and nobody rounded down has a larger remainder than one rounded up.
func fairlyShared(rt *rapid.T, o *sales.Order, weights []money.Amount, whole money.Amount) {
	sum := sumOf(weights)
	if whole == 0 || sum == 0 {
		return
	}
	least, most := big.NewRat(1, 1), big.NewRat(0, 1) // remainders rounded up, and down
	for i, l := range o.Lines {
		exact := new(big.Rat).Mul(big.NewRat(int64(whole), int64(sum)), big.NewRat(int64(weights[i]), 1))
		floor := new(big.Int).Div(exact.Num(), exact.Denom())
		rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt(floor))
		switch int64(l.OrderDiscount) - floor.Int64() {
		case 0:
			if rest.Cmp(most) > 0 {
				most = rest
			}
		case 1:
			if rest.Cmp(least) < 0 {
				least = rest
			}
		default:
			rt.Errorf("line %d bears %d of %s", i, l.OrderDiscount, exact.FloatString(3))
		}
	}
	if least.Cmp(most) < 0 {
		rt.Errorf("a remainder of %s was rounded up and one of %s down", least.FloatString(3), most.FloatString(3))
	}
}

func entriesAddUp(rt *rapid.T, rows []entry, o *sales.Order) {
	var got sums
	var units, ordered int64
	for _, e := range rows {
		got.Subtotal += e.Gross
		got.Discount += e.Discount
		got.Tax += e.Tax
		got.Total += e.Total
		units += e.Quantity
	}
	for _, l := range o.Lines {
		ordered += l.Quantity
	}
	want := sums{Subtotal: o.Subtotal + o.Shipping, Discount: o.Discount, Tax: o.Tax, Total: o.Total}
	if got != want || units != ordered {
		rt.Errorf("the entries: %+v of %d units, want %+v of %d", got, units, want, ordered)
	}
}
