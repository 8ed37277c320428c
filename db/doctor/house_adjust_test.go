package doctor_test

// houseAdjustment is an adjustment by hand of one line.
type houseAdjustment struct {
	spot
	id         int64
	parts      []part
	cost       int64
	step       int // its movement
	correction bool
	undone     bool
}

// adjustment is what somebody asks for.
type adjustment struct {
	spot
	delta         int64
	lot           int    // of what leaves, -1 for whichever expires first
	name, expires string // of what comes
	unit          *int64
	from          int // what is taken of what is set aside for, -1 for what is not
	correction    bool
	short         bool // orders may wait for it
}

func (h *house) adjust(in adjustment) string {
	k := in.spot
	var parts []part
	var cost *int64
	if in.delta > 0 {
		if cost = h.average(k.variant, in.delta); in.unit != nil {
			all := *in.unit * in.delta
			cost = &all
		}
		parts = []part{{lot: h.lot(k, in.name, in.expires), delta: in.delta}}
	} else {
		var code string
		if parts, code = h.taken(in); code != "" {
			return code
		}
	}
	moved := h.move(k, parts, cost)
	h.uncover(k, max(0, -h.free(k)))
	h.cover(k)
	if in.correction {
		h.bay(k).corrected = h.step
	}
	h.adjusted = append(h.adjusted, houseAdjustment{spot: k, parts: parts, cost: moved, step: h.step, correction: in.correction})
	return ""
}

// taken chooses what leaves by hand.
func (h *house) taken(in adjustment) (parts []part, code string) {
	k, q := in.spot, -in.delta
	switch there := h.there(k, in.lot); {
	case q > there && in.lot >= 0:
		return nil, "lot_below_zero"
	case q > there:
		return nil, "below_zero"
	}
	if in.from >= 0 {
		if parts = h.drawn(k, q, in.lot, in.from, true); parts == nil {
			return nil, "not_set_aside"
		}
		for i := range parts {
			parts[i].delta = parts[i].aside[in.from]
		}
		return parts, ""
	}
	parts, enough := h.take(k, q, byHand, in.lot)
	if !enough {
		return nil, "would_short"
	}
	for _, p := range parts { // what has expired was nobody's
		if h.expired(h.bay(k).lots[p.lot]) {
			q += p.delta
		}
	}
	if q > h.free(k) && !in.short {
		return nil, "would_short"
	}
	return parts, ""
}

// drawn chooses q of what is set aside for a reason (to be released) or of what is not, what expires first first; nil where that is less.
func (h *house) drawn(k spot, q int64, lot, why int, isAside bool) (parts []part) {
	var copied house
	copied.today, copied.bays = h.today, map[spot]*bay{k: {}}
	for _, l := range h.bay(k).lots { // as if that were all there is
		n := l.quantity - h.idle(l)
		if isAside {
			n = l.aside[why]
		}
		copied.bay(k).lots = append(copied.bay(k).lots, houseLot{id: l.id, expires: l.expires, quantity: n})
	}
	parts, enough := copied.take(k, q, forSale, lot)
	if !enough {
		return nil
	}
	for i := range parts {
		parts[i].aside[why], parts[i].delta = parts[i].delta, 0
	}
	return parts
}

// setAside takes goods out of sale; nothing moves.
func (h *house) setAside(k spot, q int64, lot, why int, short bool) string {
	parts := h.drawn(k, q, lot, why, false)
	switch {
	case parts == nil:
		return "too_few"
	case q > h.free(k) && !short:
		return "would_short"
	}
	for _, p := range parts {
		h.bay(k).lots[p.lot].aside[why] -= p.aside[why]
	}
	h.uncover(k, max(0, -h.free(k)))
	return ""
}

// release gives them back to sale; who waits comes first.
func (h *house) release(k spot, q int64, lot, why int) string {
	parts := h.drawn(k, q, lot, why, true)
	if parts == nil {
		return "not_set_aside"
	}
	for _, p := range parts {
		h.bay(k).lots[p.lot].aside[why] += p.aside[why]
	}
	h.cover(k)
	return ""
}

// undo takes an adjustment back: at the cost it had, as far as the books hold that.
func (h *house) undo(n int, short bool) string {
	a := &h.adjusted[n]
	if a.undone {
		return ""
	}
	k, b := a.spot, h.bay(a.spot)
	if b.counted >= a.step {
		return "undo_counted"
	}
	for _, o := range h.adjusted {
		if o.spot == k && o.correction && !o.undone && o.step > a.step {
			return "undo_counted"
		}
	}
	cost, w := -a.cost, h.worths[k.variant]
	back, at := &cost, &b.lots[a.parts[0].lot]
	if delta := a.parts[0].delta; delta > 0 {
		left, wanted := at.quantity-h.idle(*at), delta
		if h.expired(*at) {
			left, wanted = at.quantity, 0
		}
		switch {
		case left < delta:
			return "undo_gone"
		case wanted > h.free(k) && !short:
			return "would_short"
		case w.quantity <= delta || w.value < a.cost:
			back = nil
		}
	}
	var parts []part
	for _, p := range a.parts {
		r := part{lot: p.lot, delta: -p.delta}
		if !h.expired(b.lots[p.lot]) {
			for why, q := range p.aside {
				r.aside[why] = -q
			}
		}
		parts = append(parts, r)
	}
	h.move(k, parts, back)
	h.uncover(k, max(0, -h.free(k)))
	h.cover(k)
	a.undone, b.corrected = true, h.step
	return ""
}
