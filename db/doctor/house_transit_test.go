package doctor_test

import (
	"cmp"
	"slices"
)

// How far a document that brings goods has come.
type stage string

const (
	drafted   stage = "draft"
	underWay  stage = "under way"
	arrived   stage = "received"
	calledOff stage = "cancelled"
)

// houseTransfer goes from one store to another.
type houseTransfer struct {
	id       int64
	from, to int
	stage    stage
	lines    []transferLine
}

type transferLine struct {
	id              int64
	variant         int
	quantity        int64
	came            int64 // with what was given up
	cost, back      int64 // what all of it cost when it left, and what of that is on the books again
	lots            []goneLot
	received, given int64
}

func (t houseTransfer) clone() houseTransfer {
	t.lines = deep(t.lines, func(l transferLine) transferLine {
		l.lots = slices.Clone(l.lots)
		return l
	})
	return t
}

// sendTransfer takes all lines off the shelves, at the average cost; what orders have reserved stays.
func (h *house) sendTransfer(n int) string {
	t := &h.transfers[n]
	switch t.stage {
	case underWay, arrived:
		return ""
	case calledOff:
		return "illegal_move"
	}
	for i := range t.lines {
		l := &t.lines[i]
		from := spot{l.variant, t.from}
		if l.quantity > h.free(from) {
			return "out_of_stock"
		}
		parts, _ := h.take(from, l.quantity, forSale, -1)
		l.cost = -h.move(from, parts, nil)
		for _, p := range parts {
			at := h.bay(from).lots[p.lot]
			l.lots = append(l.lots, goneLot{at.name, at.expires, -p.delta})
		}
		slices.SortStableFunc(l.lots, func(a, b goneLot) int { return cmp.Compare(cmp.Or(a.expires, "never"), cmp.Or(b.expires, "never")) })
		h.bay(spot{l.variant, t.to}).incoming += l.quantity
	}
	t.stage = underWay
	return ""
}

func (h *house) dropTransfer(n int) string {
	t := &h.transfers[n]
	if t.stage != drafted && t.stage != calledOff {
		return "illegal_move"
	}
	t.stage = calledOff
	return ""
}

// receiveTransfer brings in what came of each line, and writes off what will not come any more.
func (h *house) receiveTransfer(n int, came, lost []int64) string {
	t := &h.transfers[n]
	switch t.stage {
	case arrived:
		return ""
	case drafted, calledOff:
		return "illegal_move"
	}
	some := false
	for i, l := range t.lines {
		if came[i]+lost[i] > l.quantity-l.came {
			return "not_on_its_way"
		}
		some = some || came[i]+lost[i] > 0
	}
	if !some {
		return "nothing_arrived"
	}
	t.stage = arrived
	for i := range t.lines {
		l := &t.lines[i]
		if q := came[i] + lost[i]; q > 0 {
			h.unload(t, l, q, lost[i])
		}
		if l.came < l.quantity {
			t.stage = underWay
		}
	}
	return ""
}

// unload puts q of a line into lots of the names that it carries, what expires first first; what of it is lost leaves again, of what
// expires last.
func (h *house) unload(t *houseTransfer, l *transferLine, q, lost int64) {
	k := spot{l.variant, t.to}
	back := parted(l.cost, l.came+q, l.quantity)
	cost := back - l.back
	l.came, l.back, l.received, l.given = l.came+q, back, l.received+q-lost, l.given+lost
	h.bay(k).incoming -= q
	var parts []part
	for i, left := 0, q; left > 0; i++ {
		n := min(left, l.lots[i].quantity)
		if n > 0 {
			parts = append(parts, part{lot: h.lot(k, l.lots[i].name, l.lots[i].expires), delta: n})
		}
		l.lots[i].quantity, left = l.lots[i].quantity-n, left-n
	}
	h.move(k, parts, &cost)
	if lost > 0 {
		gone, left := []part{}, lost
		for _, p := range slices.Backward(parts) {
			if n := min(left, p.delta); n > 0 {
				gone = append(gone, part{lot: p.lot, delta: -n})
				left -= n
			}
		}
		worth := -parted(cost, lost, q)
		h.move(k, gone, &worth)
	}
	h.cover(k)
}

// housePurchase is an order at a supplier.
type housePurchase struct {
	id    int64
	store int
	stage stage
	lines []purchaseLine
}

type purchaseLine struct {
	id, unit                  int64
	variant                   int
	onWay, received, quantity int64
}

// delivery is what of a line came.
type delivery struct {
	line, quantity int64
	name, expires  string
}

func (p housePurchase) clone() housePurchase {
	p.lines = slices.Clone(p.lines)
	return p
}

func (h *house) sendPurchase(n int) string {
	p := &h.purchases[n]
	switch p.stage {
	case underWay, arrived:
		return ""
	case calledOff:
		return "illegal_move"
	}
	p.stage = underWay
	for i := range p.lines {
		l := &p.lines[i]
		l.onWay = l.quantity
		h.bay(spot{l.variant, p.store}).incoming += l.quantity
	}
	return ""
}

// receivePurchase brings in what came, each unit at its cost with its share of the freight.
func (h *house) receivePurchase(n int, came []delivery, freight int64, over bool) string {
	p := &h.purchases[n]
	switch p.stage {
	case arrived:
		return ""
	case drafted, calledOff:
		return "illegal_move"
	}
	left := map[int64]int64{}
	var values []int64
	for _, d := range came {
		l := p.lines[d.line]
		left[d.line] += d.quantity
		if left[d.line] > l.onWay && !over {
			return "over_received"
		}
		values = append(values, l.unit*d.quantity)
	}
	if !slices.ContainsFunc(values, func(v int64) bool { return v > 0 }) { // all of it was free
		for i, d := range came {
			values[i] = d.quantity
		}
	}
	extra := shared(freight, values...)
	for i, d := range came {
		l := &p.lines[d.line]
		k, expected, cost := spot{l.variant, p.store}, min(d.quantity, l.onWay), l.unit*d.quantity+extra[i]
		if tracksLots(l.variant) && d.name == "" && d.expires == "" {
			return "lot_needed"
		}
		l.onWay, l.received = l.onWay-expected, l.received+d.quantity
		h.bay(k).incoming -= expected
		h.bring(k, d.quantity, d.name, d.expires, &cost)
	}
	p.stage = arrived
	for _, l := range p.lines {
		if l.onWay > 0 {
			p.stage = underWay
		}
	}
	return ""
}

// dropPurchase calls off what is still to come.
func (h *house) dropPurchase(n int) string {
	p := &h.purchases[n]
	if p.stage == arrived {
		return "illegal_move"
	}
	for i := range p.lines {
		l := &p.lines[i]
		h.bay(spot{l.variant, p.store}).incoming -= l.onWay
		l.onWay = 0
	}
	p.stage = calledOff
	return ""
}
