package doctor_test

import (
	"cmp"
	"math/big"
	"slices"
)

// spot is one variant in one store; both are counted from 0.
type spot struct{ variant, store int }

// The variants of a house: the last two track lots, and of every second one more may be ordered than is there.
const variants = 4

func tracksLots(variant int) bool { return variant >= 2 }

func mayWait(variant int) bool { return variant%2 == 1 }

// ownCost is what a unit costs where nothing of a variant is there to go by.
const ownCost = 60

// The reasons to set something aside, in the order in which a count that does not find it ends them.
const (
	broken = iota
	held
	asides
)

// houseLot is what a store has of a lot. What tracks no lots is one that has no name and never expires.
type houseLot struct {
	id            int    // which was made first
	name, expires string // "" for none
	quantity      int64
	aside         [asides]int64
}

// part is what of a movement comes into a lot or, below zero, leaves it.
type part struct {
	lot   int // its place on the shelf
	delta int64
	aside [asides]int64
}

// claim is what an order has reserved; it stays in its place when it is empty.
type claim struct {
	order             int
	quantity, covered int64
}

// bay is what a store has of a variant.
type bay struct {
	lots      []houseLot // the first made first
	claims    []claim    // the oldest first
	incoming  int64
	moves     int64 // movements of the ledger
	corrected int   // the last step at which somebody corrected it
	counted   int   // the last step at which somebody counted what was posted since
}

// worth is what there is of a variant in all stores, and what that cost.
type worth struct{ quantity, value int64 }

// house is a shop of several stores as DESIGN.md 4 describes it, without a database.
type house struct {
	today     string
	step      int // the newest movement
	lots      int // how many were made
	bays      map[spot]*bay
	worths    [variants]worth
	orders    []houseOrder
	transfers []houseTransfer
	purchases []housePurchase
	counts    []houseCount
	adjusted  []houseAdjustment
}

// parted is round(a*k/n), half away from zero.
func parted(a, k, n int64) int64 {
	x := new(big.Int).Mul(big.NewInt(2*a), big.NewInt(k))
	sign := int64(x.Sign())
	x.Abs(x).Add(x, big.NewInt(n)).Quo(x, big.NewInt(2*n))
	return sign * x.Int64()
}

// shared is total over weights by largest remainder, the earlier one first where they are the same.
func shared(total int64, weights ...int64) []int64 {
	shares, sum := make([]int64, len(weights)), int64(0)
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return shares
	}
	rests, left := make([]int, len(weights)), total
	for i, w := range weights {
		shares[i], rests[i] = total*w/sum, i
		left -= shares[i]
	}
	slices.SortStableFunc(rests, func(a, b int) int { return cmp.Compare(total*weights[b]%sum, total*weights[a]%sum) })
	for _, i := range rests[:left] {
		shares[i]++
	}
	return shares
}

func (h *house) bay(k spot) *bay {
	if h.bays[k] == nil {
		h.bays[k] = &bay{}
	}
	return h.bays[k]
}

// expired says whether the day of a lot has come.
func (h *house) expired(l houseLot) bool { return l.expires != "" && l.expires <= h.today }

// idle is how much of a lot is not for sale.
func (h *house) idle(l houseLot) int64 {
	if h.expired(l) {
		return l.quantity
	}
	return l.aside[broken] + l.aside[held]
}

func (b *bay) onHand() (n int64) {
	for _, l := range b.lots {
		n += l.quantity
	}
	return n
}

func (h *house) unavailable(k spot) (n int64) {
	for _, l := range h.bay(k).lots {
		n += h.idle(l)
	}
	return n
}

func (b *bay) committed() (covered, short int64) {
	for _, c := range b.claims {
		covered, short = covered+c.covered, short+c.quantity-c.covered
	}
	return covered, short
}

// free is what can be sold; below zero only while something happens.
func (h *house) free(k spot) int64 {
	covered, _ := h.bay(k).committed()
	return h.bay(k).onHand() - covered - h.unavailable(k)
}

// lot is the place on the shelf of a lot, made when new.
func (h *house) lot(k spot, name, expires string) int {
	b := h.bay(k)
	at := slices.IndexFunc(b.lots, func(l houseLot) bool { return l.name == name && l.expires == expires })
	if at < 0 {
		h.lots++
		b.lots, at = append(b.lots, houseLot{id: h.lots, name: name, expires: expires}), len(b.lots)
	}
	return at
}

// How goods are taken: those that are for sale; as a person takes them away, who takes what has expired first; or as they are missing
// when they are counted, where those set aside are taken last.
type taking int

const (
	forSale taking = iota
	byHand
	missing
)

// take chooses what q are taken of, of one lot or of all (-1): what has expired first, then what expires first. It says whether that
// many are there to be taken.
func (h *house) take(k spot, q int64, how taking, only int) (parts []part, enough bool) {
	lots := h.bay(k).lots
	var order []int
	for i := range lots {
		if lots[i].quantity > 0 && (only < 0 || only == i) {
			order = append(order, i)
		}
	}
	late := func(l houseLot) string { return cmp.Or(l.expires, "never") }
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := lots[i], lots[j]
		switch {
		case h.expired(a) != h.expired(b):
			if h.expired(a) {
				return -1
			}
			return 1
		case late(a) != late(b):
			return cmp.Compare(late(a), late(b))
		}
		return cmp.Compare(a.id, b.id)
	})
	taken := make([]int64, len(lots))
	for _, i := range order {
		most := lots[i].quantity - h.idle(lots[i])
		if h.expired(lots[i]) && how != forSale {
			most = lots[i].quantity
		}
		taken[i] = min(q, most)
		q -= taken[i]
	}
	for _, i := range order {
		if how == missing {
			more := min(q, lots[i].quantity-taken[i])
			taken[i], q = taken[i]+more, q-more
		}
	}
	for _, i := range order {
		if taken[i] == 0 {
			continue
		}
		p := part{lot: i, delta: -taken[i]}
		if gone := h.idle(lots[i]) - (lots[i].quantity - taken[i]); gone > 0 && !h.expired(lots[i]) {
			p.aside[broken] = -min(gone, lots[i].aside[broken])
			p.aside[held] = -(gone + p.aside[broken])
		}
		parts = append(parts, p)
	}
	return parts, q == 0
}

// move writes a movement down, and answers its cost: what is given, or the average; what leaves last takes the rest.
func (h *house) move(k spot, parts []part, cost *int64) int64 {
	b, w, delta := h.bay(k), &h.worths[k.variant], int64(0)
	for _, p := range parts {
		l := &b.lots[p.lot]
		l.quantity += p.delta
		for why, q := range p.aside {
			l.aside[why] += q
		}
		delta += p.delta
	}
	c := int64(0)
	switch {
	case cost != nil:
		c = *cost
	case w.quantity == 0:
	case -delta >= w.quantity:
		c = -w.value
	default:
		c = parted(w.value, delta, w.quantity)
	}
	w.quantity, w.value = w.quantity+delta, w.value+c
	b.moves++
	h.step++
	h.passes(k, parts)
	return c
}

// bring puts goods into a lot, and lets them cover who waits.
func (h *house) bring(k spot, q int64, name, expires string, cost *int64) []part {
	parts := []part{{lot: h.lot(k, name, expires), delta: q}}
	h.move(k, parts, cost)
	h.cover(k)
	return parts
}

// cover gives what is free to those who wait, the oldest first.
func (h *house) cover(k spot) {
	for i := range h.bay(k).claims {
		c := &h.bay(k).claims[i]
		c.covered += max(0, min(h.free(k), c.quantity-c.covered))
	}
}

// uncover lets the newest wait until so many more are free.
func (h *house) uncover(k spot, q int64) {
	claims := h.bay(k).claims
	for i := range slices.Backward(claims) {
		n := min(q, claims[i].covered)
		claims[i].covered -= n
		q -= n
	}
}

// dawn is another day: what expires is set aside, and what was promised of it waits.
func (h *house) dawn(day string) {
	was := *h
	h.today = day
	for k, b := range h.bays {
		for i := range b.lots {
			if l := &b.lots[i]; h.expired(*l) && !was.expired(*l) {
				l.aside = [asides]int64{}
			}
		}
		h.uncover(k, max(0, -h.free(k)))
	}
}

// clone is a house in which something may be tried.
func (h *house) clone() *house {
	n := *h
	n.bays = make(map[spot]*bay, len(h.bays))
	for k, b := range h.bays {
		c := *b
		c.lots, c.claims = slices.Clone(b.lots), slices.Clone(b.claims)
		n.bays[k] = &c
	}
	n.orders = deep(h.orders, houseOrder.clone)
	n.transfers = deep(h.transfers, houseTransfer.clone)
	n.purchases = deep(h.purchases, housePurchase.clone)
	n.counts = deep(h.counts, houseCount.clone)
	n.adjusted = slices.Clone(h.adjusted) // what one did stays as it is
	return &n
}

func deep[T any](all []T, clone func(T) T) []T {
	n := make([]T, len(all))
	for i, one := range all {
		n[i] = clone(one)
	}
	return n
}
