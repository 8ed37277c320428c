package sales_test

import (
	"slices"

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

// of is what a discount takes, and whether there is that much. Of an amount, some was taken before.
func (d modelOff) of(from, before int64) (int64, bool) {
	if d.percent {
		return part(from, d.n, 100_000), true
	}
	d.n = max(0, d.n-before)
	return d.n, d.n <= from
}

// splits says whether a discount is less than what was taken before, and not none.
func (d modelOff) splits(before int64) bool { return !d.percent && 0 < d.n && d.n < before }

// like says whether two discounts that take the same are asked for alike: an amount may be none.
func (d modelOff) like(other modelOff) bool {
	return d.percent == other.percent && (!d.percent || d.n == other.n)
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

// modelSeal is what had come back of a line when it was priced anew, and keeps its price.
type modelSeal struct{ q, off, share, tax, total int64 }

// saysTheSame says whether an edit makes no other order of it than it was.
func (o *modelOrder) saysTheSame(was *modelOrder) bool {
	if !slices.Equal(o.ordered, was.ordered) || o.sums != was.sums || o.shipping != was.shipping || o.shippingRate != was.shippingRate || !o.whole.like(was.whole) {
		return false
	}
	for i, l := range o.lines {
		if l.Off != was.lines[i].Off || !o.offs[i].like(was.offs[i]) {
			return false
		}
	}
	return true
}

// sealed is what came back of each line by now: what it was worth is known, and what is missing from its price is its discounts. Of what
// was passed on to a line, what is left goes with its other discounts.
func (o *modelOrder) sealed() (seals []modelSeal, passed []int64) {
	seals, passed = slices.Clone(o.seals), slices.Clone(o.passed)
	for i := range seals {
		s, l := &seals[i], o.lines[i]
		k, n := o.back[i]-s.q, o.ordered[i]-s.q
		if k == 0 {
			continue
		}
		net := o.came[i]
		if !o.included {
			net -= o.cameTax[i]
		}
		off := o.back[i]*prices[o.variants[i]] - net - s.off - s.share
		own := min(l.Off-s.off, max(0, off-part(l.Share-s.share, k, n)))
		if rest := l.Off - s.off; rest > 0 {
			passed[i] -= part(passed[i], own, rest)
		}
		*s = modelSeal{o.back[i], s.off + own, s.share + off - own, o.cameTax[i], o.came[i]}
	}
	return seals, passed
}

// modelGiven is what was taken off goods of a variant that came back, by themselves and by the order's amount, also where that was passed
// on to them, and by its percentage; and what they cost before.
type modelGiven struct {
	variant                         int
	own, share, percent, tax, gross int64
}

// takes prices goods that go in the place of others, by themselves: the same for the same is worth the same, what was taken off the others
// goes to the same goods first, then to any, and a percentage is of all that is taken beside the same. It answers what is taken off each by
// itself.
func (o *modelOrder) takes(back []modelGiven, variants []int, more []int64, offs []modelOff) (lines []modelLine, own []modelOff, passed []int64, code string) {
	lines, own, passed = make([]modelLine, len(more)), slices.Clone(offs), make([]int64, len(more))
	room, like := make([]int64, len(more)), map[int]modelGiven{}
	for i, q := range more {
		lines[i].Gross = q * prices[variants[i]]
		off, fits := offs[i].of(lines[i].Gross, 0)
		if !fits {
			return nil, nil, nil, "discount_too_large"
		}
		lines[i].Off, room[i] = off, lines[i].Gross-off
		if off > 0 || room[i] == 0 {
			continue
		}
		all, those := int64(0), []int{}
		for j, g := range back {
			if g.variant == variants[i] && g.gross > 0 {
				all, those = all+g.gross, append(those, j)
			}
		}
		if all != room[i] {
			continue
		}
		sum := modelGiven{}
		for _, j := range those {
			g := back[j]
			sum.own, sum.share, sum.percent, sum.tax = sum.own+g.own, sum.share+g.share, sum.percent+g.percent, sum.tax+g.tax
			back[j].gross = 0
		}
		like[i], room[i] = sum, 0
		own[i], passed[i] = modelOff{n: sum.own + sum.share}, sum.share
		lines[i].Off, lines[i].Share, lines[i].Tax = own[i].n, sum.percent, sum.tax
	}
	gets, ofWhole := passOn(back, variants, slices.Clone(room))
	for i, off := range gets {
		if off > 0 {
			lines[i].Off += off
			own[i], passed[i] = modelOff{n: lines[i].Off}, ofWhole[i]
		}
	}
	weights := make([]int64, len(more))
	for i, l := range lines {
		if _, same := like[i]; !same && o.whole.percent {
			weights[i] = l.Gross - l.Off
		}
	}
	whole := int64(0)
	if o.whole.percent {
		whole, _ = o.whole.of(total(weights), 0)
	}
	for i, share := range shareOut(whole, weights) {
		l := &lines[i]
		if _, same := like[i]; !same {
			l.Share = share
			l.Tax, _ = taxed(l.Gross-l.Off-l.Share, taxes[variants[i]], o.included)
		}
		if l.Total = l.Gross - l.Off - l.Share; !o.included {
			l.Total += l.Tax
		}
	}
	return lines, own, passed, ""
}

// passOn gives what was taken off goods that came back to new lines that stand for them: of the same variant first. It answers what
// they get, and what of that was the order's.
func passOn(back []modelGiven, variants []int, room []int64) (gets, ofWhole []int64) {
	gets, ofWhole = make([]int64, len(room)), make([]int64, len(room))
	for _, same := range []bool{true, false} {
		for b := range back {
			g := &back[b]
			fit := make([]int64, len(room))
			for i, r := range room {
				if !same || variants[i] == g.variant {
					fit[i] = r
				}
			}
			taken := min(g.gross, total(fit))
			if taken == 0 {
				continue
			}
			both := part(g.own+g.share, taken, g.gross)
			own := min(part(g.own, taken, g.gross), both)
			places := shareOut(taken, fit)
			alone := shareOut(own, places)
			for i, off := range shareOut(both, places) {
				gets[i] += off
				ofWhole[i] += max(0, off-alone[i])
				room[i] -= places[i]
			}
			g.own, g.share, g.gross = g.own-own, g.share-both+own, g.gross-taken
		}
	}
	return gets, ofWhole
}

// asks says whether an order is asked for as another one was, shipping aside.
func (o *modelOrder) asks(was *modelOrder) bool {
	if !slices.Equal(o.ordered, was.ordered) || o.whole != was.whole {
		return false
	}
	for i, off := range o.offs {
		before := was.offs[i]
		if !off.percent {
			off.n, before.n = max(off.n, o.seals[i].off), max(before.n, o.seals[i].off)
		}
		if off != before {
			return false
		}
	}
	return true
}

// modelSums are what an order is worth.
type modelSums struct{ Subtotal, Discount, ShippingTax, Tax, Total int64 }

// price works an order's amounts out by DESIGN.md 4, without the code it is a model of. It is refused where a discount is
// more than what it is taken from.
func (o *modelOrder) price() string {
	lines := make([]modelLine, len(o.ordered))
	left, weights := make([]int64, len(o.ordered)), make([]int64, len(o.ordered)) // of what did not come back
	for i, q := range o.ordered {
		l, seal, price := &lines[i], o.seals[i], prices[o.variants[i]]
		l.Gross = q * price
		own, fits := o.offs[i].of((q-seal.q)*price, seal.off)
		if !fits {
			return "discount_too_large"
		}
		l.Off = seal.off + own
		if left[i] = (q-seal.q)*price - own; !o.apart[i] {
			weights[i] = left[i]
		}
	}
	whole, fits := o.whole.of(total(weights), sealedShare(o.seals)-o.before)
	if !fits {
		return "discount_too_large"
	}
	for i, share := range shareOut(whole, weights) {
		l, seal := &lines[i], o.seals[i]
		l.Share = seal.share + share
		net := l.Gross - l.Off - l.Share
		l.Tax, _ = taxed(net, taxes[o.variants[i]], o.included)
		l.Tax = min(max(l.Tax, seal.tax), seal.tax+left[i]-share)
		if l.Total = net; !o.included {
			l.Total += l.Tax
		}
	}
	o.lines = lines
	o.addUp()
	return ""
}

// addUp adds up the lines and the shipping.
func (o *modelOrder) addUp() {
	var s modelSums
	for _, l := range o.lines {
		s.Subtotal += l.Gross
		s.Discount += l.Off + l.Share
		s.Tax += l.Tax
		s.Total += l.Total
	}
	tax, total := taxed(o.shipping, o.shippingRate, o.included)
	s.ShippingTax = tax
	s.Tax += tax
	s.Total += total
	o.sums = s
}

// sealedShare is what of the order's discount belongs to goods that came back.
func sealedShare(seals []modelSeal) (share int64) {
	for _, s := range seals {
		share += s.share
	}
	return share
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

// takeBack takes back k more of a line: of what is not sealed, all that came back is worth its part of the line.
func (o *modelOrder) takeBack(line int, k int64) {
	l, s := o.lines[line], o.seals[line]
	o.back[line] += k
	o.came[line] = s.total + part(l.Total-s.total, o.back[line]-s.q, o.ordered[line]-s.q)
	o.cameTax[line] = s.tax + part(l.Tax-s.tax, o.back[line]-s.q, o.ordered[line]-s.q)
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
