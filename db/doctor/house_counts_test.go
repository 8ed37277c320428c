package doctor_test

import "slices"

// houseCount is a count in a store, while it is open.
type houseCount struct {
	id    int64
	store int
	over  bool
	lines []countedLine // in the order in which they were written
}

// countedLine is what was counted of a variant, or of one of its lots (-1 for all). What it can have been on the books, whenever each
// unit was counted, lies between low and high.
type countedLine struct {
	variant, lot   int
	counted        int64
	low, high      int64
	came, departed int64 // since it was counted last
	seen           int   // the newest movement then
}

func (c houseCount) clone() houseCount {
	c.lines = slices.Clone(c.lines)
	return c
}

func (l countedLine) variance() int64 { return l.counted - max(l.low, min(l.high, l.counted)) }

// passes lets the counts that are not over see what comes and leaves.
func (h *house) passes(k spot, parts []part) {
	for n := range h.counts {
		c := &h.counts[n]
		for i := range c.lines {
			l := &c.lines[i]
			if c.over || c.store != k.store || l.variant != k.variant {
				continue
			}
			delta := int64(0)
			for _, p := range parts {
				if l.lot < 0 || l.lot == p.lot {
					delta += p.delta
				}
			}
			l.came, l.departed = l.came+max(0, delta), l.departed+max(0, -delta)
		}
	}
}

// there is what the books say of what a line counts.
func (h *house) there(k spot, lot int) int64 {
	if b := h.bay(k); lot >= 0 {
		return b.lots[lot].quantity
	} else {
		return b.onHand()
	}
}

// count writes down how many were found (typed), or how many more.
func (h *house) count(n, variant, lot int, found int64, typed bool) string {
	c := &h.counts[n]
	if c.over {
		return "illegal_move"
	}
	for i := range h.counts {
		o := &h.counts[i]
		if i != n && !o.over && o.store == c.store && slices.ContainsFunc(o.lines, func(l countedLine) bool { return l.variant == variant }) {
			return "in_another_count"
		}
	}
	at := -1
	for i, l := range c.lines {
		switch {
		case l.variant != variant:
		case l.lot == lot:
			at = i
		case l.lot < 0 || lot < 0:
			return "counted_otherwise"
		}
	}
	book := h.there(spot{variant, c.store}, lot)
	now := countedLine{variant: variant, lot: lot, counted: found, low: book, high: book, seen: h.step}
	if at >= 0 && !typed {
		was := c.lines[at]
		now.counted, now.low, now.high = was.counted+found, was.low-was.departed, was.high+was.came
	}
	switch {
	case now.counted < 0:
		return "counted_below_zero"
	case now.counted == 0 && !typed: // nothing is left of what was scanned
		if at >= 0 {
			c.lines = slices.Delete(c.lines, at, at+1)
		}
	case at >= 0:
		c.lines[at] = now
	default:
		c.lines = append(c.lines, now)
	}
	return ""
}

func (h *house) abandon(n int) string {
	c := &h.counts[n]
	if c.over {
		return "illegal_move"
	}
	c.over = true
	return ""
}

// post adds each difference to what is there now; truth wins over what was promised and set aside. What somebody corrected since is left
// out.
func (h *house) post(n int) string {
	c := &h.counts[n]
	switch {
	case c.over:
		return "illegal_move"
	case len(c.lines) == 0:
		return "nothing_counted"
	}
	c.over = true
	now := make([]int64, len(c.lines))
	corrected := make([]bool, len(c.lines))
	for i, l := range c.lines {
		k := spot{l.variant, c.store}
		now[i], corrected[i] = h.there(k, l.lot), h.bay(k).corrected > l.seen
		h.bay(k).counted = max(h.bay(k).counted, l.seen)
	}
	for i, l := range c.lines {
		k, delta := spot{l.variant, c.store}, max(l.variance(), -now[i])
		switch {
		case corrected[i] || delta == 0:
		case delta > 0:
			name, expires := "", ""
			if l.lot >= 0 {
				name, expires = h.bay(k).lots[l.lot].name, h.bay(k).lots[l.lot].expires
			}
			h.bring(k, delta, name, expires, h.average(k.variant, delta))
		default:
			parts, _ := h.take(k, -delta, missing, l.lot)
			h.move(k, parts, nil)
			h.uncover(k, max(0, -h.free(k)))
		}
	}
	return ""
}

// average is what goods cost of which nobody says it: nil for the average of what is there.
func (h *house) average(variant int, q int64) *int64 {
	if h.worths[variant].quantity > 0 {
		return nil
	}
	cost := ownCost * q
	return &cost
}
