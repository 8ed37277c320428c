package sales_test

import (
	"onhand/db/money"
	"onhand/db/sales"
)

// What the variants of the model's shops cost, and how they are taxed.
var (
	prices = []int64{1250, 333, 99}
	taxes  = []int64{19_000, 7_000, 8_875}
)

// modelOff is a discount as it was asked for: an amount or, of itself, a percentage in thousandths.
type modelOff struct {
	n       int64
	percent bool
}

// of is what a discount takes, and whether there is that much.
func (d modelOff) of(from int64) (int64, bool) {
	if d.percent {
		return part(from, d.n, 100_000), true
	}
	return d.n, d.n <= from
}

func (d modelOff) asked() *sales.NewDiscount {
	if d.percent {
		return percent(money.Rate(d.n))
	}
	return amount(money.Amount(d.n))
}

// part is a*k/n half away from zero, of amounts so small that plain integers do.
func part(a, k, n int64) int64 { return (2*a*k + n) / (2 * n) }

// taxed is the tax of an amount, and the amount with it.
func taxed(a, rate int64, included bool) (tax, total int64) {
	if included {
		return part(a, rate, 100_000+rate), a
	}
	tax = part(a, rate, 100_000)
	return tax, a + tax
}

// modelLine is what a line is worth.
type modelLine struct{ Gross, Off, Share, Tax, Total int64 }

// modelSums are what an order is worth.
type modelSums struct{ Subtotal, Discount, ShippingTax, Tax, Total int64 }

// price works an order's amounts out by DESIGN.md 4, without the code it is a model of. It is refused where a discount is
// more than what it is taken from.
func (o *modelOrder) price() string {
	var s modelSums
	lines := make([]modelLine, len(o.ordered))
	left := make([]int64, len(o.ordered))
	fits := true
	for i, q := range o.ordered {
		l := &lines[i]
		l.Gross = q * prices[o.variants[i]]
		if l.Off, fits = o.offs[i].of(l.Gross); !fits {
			return "discount_too_large"
		}
		left[i] = l.Gross - l.Off
		s.Subtotal += l.Gross
		s.Discount += l.Off
	}
	whole, fits := o.whole.of(s.Subtotal - s.Discount)
	if !fits {
		return "discount_too_large"
	}
	s.Discount += whole
	for i, share := range shareOut(whole, left) {
		l := &lines[i]
		l.Share = share
		l.Tax, l.Total = taxed(left[i]-share, taxes[o.variants[i]], o.included)
		s.Tax += l.Tax
		s.Total += l.Total
	}
	tax, total := taxed(o.shipping, o.shippingRate, o.included)
	s.ShippingTax = tax
	s.Tax += tax
	s.Total += total
	o.lines, o.sums = lines, s
	return ""
}

// shareOut shares an amount by largest remainder: each part gets its whole units, then the one that misses most gets one more,
// the first of equals, until nothing is left.
func shareOut(whole int64, weights []int64) []int64 {
	shares, sum := make([]int64, len(weights)), total(weights)
	if whole == 0 {
		return shares
	}
	rests, left := make([]int64, len(weights)), whole
	for i, w := range weights {
		shares[i], rests[i] = whole*w/sum, whole*w%sum
		left -= shares[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i, r := range rests {
			if r > rests[most] {
				most = i
			}
		}
		shares[most]++
		rests[most] = -1
	}
	return shares
}

// takeBack is what k more of a line are worth that come back, and their tax: of what came so far its part of the line, less
// what was given for it before, and never less than nothing.
func (o *modelOrder) takeBack(line int, k int64) {
	l := o.lines[line]
	o.back[line] += k
	o.came[line] = max(o.came[line], part(l.Total, o.back[line], o.ordered[line]))
	o.cameTax[line] = max(o.cameTax[line], part(l.Tax, o.back[line], o.ordered[line]))
}

// booked is what the entries of an order's line sum up to: of what it is, and of what came back.
type booked struct{ Quantity, Gross, Discount, Tax, Total, Back, BackTax, BackTotal int64 }

// books are the entries of an order: its lines, its shipping, what was allowed and what is left of all.
func (o *modelOrder) books() (lines []booked, shipping booked, allowed, owed int64) {
	counts := int64(1)
	if o.status == sales.Cancelled {
		counts = 0
	}
	for i, l := range o.lines {
		lines = append(lines, booked{counts * o.ordered[i], counts * l.Gross, counts * (l.Off + l.Share), counts * l.Tax, counts * l.Total, -o.back[i], -o.cameTax[i], -o.came[i]})
	}
	tax, total := taxed(o.shipping, o.shippingRate, o.included)
	return lines, booked{Gross: counts * o.shipping, Tax: counts * tax, Total: counts * total}, o.allowed, o.owed()
}
