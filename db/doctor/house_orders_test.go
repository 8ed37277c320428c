package doctor_test

import (
	"cmp"
	"slices"
)

// houseOrder is an order of one line.
type houseOrder struct {
	spot
	id, line  int64
	ordered   int64
	left      int64 // without what parcels brought back
	back      int64 // what was returned
	backCost  int64
	cancelled bool
	parcels   []houseParcel
	gone      []goneLot // the first to leave first
}

// houseParcel is a parcel that left.
type houseParcel struct {
	id      int64
	parts   []part
	cost    int64
	dropped bool
}

// goneLot is how many of a lot left with an order and did not come back.
type goneLot struct {
	name, expires string
	quantity      int64
}

func (o houseOrder) clone() houseOrder {
	o.parcels, o.gone = slices.Clone(o.parcels), slices.Clone(o.gone)
	return o
}

func (h *house) claim(order int) *claim {
	claims := h.bay(h.orders[order].spot).claims
	return &claims[slices.IndexFunc(claims, func(c claim) bool { return c.order == order })]
}

func (h *house) place(k spot, q int64) string {
	if q > h.free(k) && !mayWait(k.variant) {
		return "out_of_stock"
	}
	b := h.bay(k)
	b.claims = append(b.claims, claim{len(h.orders), q, min(q, h.free(k))})
	h.orders = append(h.orders, houseOrder{spot: k, ordered: q})
	return ""
}

func (h *house) cancel(order int) string {
	o := &h.orders[order]
	switch {
	case o.cancelled:
		return ""
	case o.left > 0:
		return "already_left"
	}
	o.cancelled = true
	*h.claim(order) = claim{order: order}
	h.cover(o.spot)
	return ""
}

// ship sends some of an order in a parcel.
func (h *house) ship(order int, q int64) string {
	o, c := &h.orders[order], h.claim(order)
	switch {
	case o.cancelled:
		return "not_open"
	case q > c.covered:
		return "not_covered"
	}
	c.quantity, c.covered = c.quantity-q, c.covered-q
	parts, _ := h.take(o.spot, q, forSale, -1)
	o.left += q
	o.parcels = append(o.parcels, houseParcel{parts: parts, cost: -h.move(o.spot, parts, nil)})
	lots := h.bay(o.spot).lots
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(lots[a.lot].id, lots[b.lot].id) })
	for _, p := range parts {
		o.keep(lots[p.lot], -p.delta)
	}
	return ""
}

// keep notes how many more of a lot left.
func (o *houseOrder) keep(l houseLot, q int64) {
	for i := range o.gone {
		if g := &o.gone[i]; g.name == l.name && g.expires == l.expires {
			g.quantity += q
			return
		}
	}
	o.gone = append(o.gone, goneLot{l.name, l.expires, q})
}

// drop brings a parcel back to the lots that it left, at the cost that it had; of what has expired since nothing is promised again.
func (h *house) drop(order, parcel int) string {
	o := &h.orders[order]
	p, q := &o.parcels[parcel], int64(0)
	if p.dropped {
		return ""
	}
	for _, s := range p.parts {
		q -= s.delta
	}
	if o.left-q < o.back {
		return "being_returned"
	}
	p.dropped, o.left = true, o.left-q
	var parts []part
	good := q
	for _, s := range p.parts {
		l := h.bay(o.spot).lots[s.lot]
		parts = append(parts, part{lot: s.lot, delta: -s.delta})
		o.keep(l, s.delta)
		if h.expired(l) {
			good += s.delta
		}
	}
	h.move(o.spot, parts, &p.cost)
	c := h.claim(order)
	c.quantity, c.covered = c.quantity+q, c.covered+good
	h.cover(o.spot)
	return ""
}

// takeBack receives what of an order comes back to a store: to be sold, held back, or thrown away. It costs its part of what left and did
// not come back yet.
func (h *house) takeBack(order, store int, fates [3]int64) {
	o := &h.orders[order]
	k, q, cost := spot{o.variant, store}, fates[0]+fates[1]+fates[2], -o.backCost
	for _, p := range o.parcels {
		if !p.dropped {
			cost += p.cost
		}
	}
	cost = parted(max(0, cost), q, o.left-o.back)
	o.back, o.backCost = o.back+q, o.backCost+cost
	costs := shared(cost, fates[:]...)
	for fate, n := range fates {
		if n == 0 {
			continue
		}
		parts := h.home(o, k, n)
		if fate == 1 {
			for i := range parts {
				if !h.expired(h.bay(k).lots[parts[i].lot]) {
					parts[i].aside[held] = parts[i].delta
				}
			}
		}
		h.move(k, parts, &costs[fate])
		if fate == 2 {
			for i := range parts {
				parts[i].delta = -parts[i].delta
			}
			h.move(k, parts, nil)
		}
	}
	h.cover(k)
}

// home are the lots that what comes back goes into: of the names and days of those that left, the first first.
func (h *house) home(o *houseOrder, k spot, q int64) (parts []part) {
	into := func(name, expires string, n int64) {
		at := h.lot(k, name, expires)
		for i := range parts {
			if parts[i].lot == at {
				parts[i].delta += n
				return
			}
		}
		parts = append(parts, part{lot: at, delta: n})
	}
	for i := range o.gone {
		g := &o.gone[i]
		if n := min(q, g.quantity); n > 0 {
			into(g.name, g.expires, n)
			g.quantity, q = g.quantity-n, q-n
		}
	}
	if q > 0 {
		into("", "", q)
		o.keep(houseLot{}, -q)
	}
	return parts
}
