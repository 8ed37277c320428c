package sales_test

import (
	"fmt"
	"slices"

	"onhand/db/sales"
)

// shelf is one variant at one place; both are counted from 0.
type shelf struct{ variant, place int }

// onShelf is what a shelf holds.
type onShelf struct{ OnHand, Committed, Backordered, Unavailable int64 }

// hold is what an order line reserves; it stays in its place when it is empty.
type hold struct {
	order, line       int
	quantity, covered int64
}

// modelParcel is a parcel: how much of each line, by the line's position.
type modelParcel struct {
	place  int
	pickup bool
	status sales.ParcelStatus
	units  []int64
}

// modelReturn is a return: how much of each line was asked for, by the line's position.
type modelReturn struct {
	status sales.ReturnStatus
	units  []int64
}

// modelOrder is an order as the rules say.
type modelOrder struct {
	id           int64
	place        int
	included     bool // the tax, in the prices
	status       sales.Status
	variants     []int
	ordered      []int64
	left         []int64 // what has left of each line
	back         []int64 // what came back of each line
	came         []int64 // what that was worth
	cameTax      []int64
	offs         []modelOff
	seals        []modelSeal
	passed       []int64 // of each line's discount, what an exchange passed on of the whole one
	apart        []bool  // takes no part in the whole one
	whole        modelOff
	before       int64 // what of the sealed shares is not of the whole one any more
	shipping     int64
	shippingRate int64
	lines        []modelLine
	sums         modelSums
	paid         int64
	refunded     int64
	allowed      int64
	parcels      []modelParcel
	returns      []modelReturn
}

func (o *modelOrder) owed() int64 {
	if o.status == sales.Cancelled {
		return 0
	}
	return o.sums.Total - total(o.came) - o.allowed
}

// wanted is how much of a line is asked back and did not come yet.
func (o *modelOrder) wanted(line int) (q int64) {
	for _, r := range o.returns {
		if r.status == sales.ReturnRequested || r.status == sales.ReturnApproved {
			q += r.units[line]
		}
	}
	return q
}

// model is the shop as DESIGN.md 4 describes it, without a database.
type model struct {
	shelves map[shelf]onShelf
	holds   map[shelf][]hold // the oldest first
	orders  []modelOrder
}

func (m *model) clone() *model {
	n := &model{shelves: map[shelf]onShelf{}, holds: map[shelf][]hold{}, orders: slices.Clone(m.orders)}
	for k, v := range m.shelves {
		n.shelves[k] = v
	}
	for k, v := range m.holds {
		n.holds[k] = slices.Clone(v)
	}
	for i := range n.orders {
		o := &n.orders[i]
		o.variants, o.ordered = slices.Clone(o.variants), slices.Clone(o.ordered)
		o.left, o.parcels = slices.Clone(o.left), slices.Clone(o.parcels)
		o.back, o.returns = slices.Clone(o.back), slices.Clone(o.returns)
		o.came, o.cameTax, o.offs, o.passed = slices.Clone(o.came), slices.Clone(o.cameTax), slices.Clone(o.offs), slices.Clone(o.passed)
		for p := range o.parcels {
			o.parcels[p].units = slices.Clone(o.parcels[p].units)
		}
		for r := range o.returns {
			o.returns[r].units = slices.Clone(o.returns[r].units)
		}
	}
	return n
}

// waits says whether a variant may be owed: the last one.
func waits(variant int) bool { return variant == 2 }

func (m *model) add(k shelf, onHand, committed, short int64) {
	l := m.shelves[k]
	m.shelves[k] = onShelf{l.OnHand + onHand, l.Committed + committed, l.Backordered + short, l.Unavailable}
}

func (m *model) free(k shelf) int64 {
	return m.shelves[k].OnHand - m.shelves[k].Committed - m.shelves[k].Unavailable
}

func (m *model) setAside(k shelf, q int64) {
	l := m.shelves[k]
	l.Unavailable += q
	m.shelves[k] = l
}

func (m *model) hold(order, line int) (shelf, *hold) {
	o := m.orders[order]
	k := shelf{o.variants[line], o.place}
	i := slices.IndexFunc(m.holds[k], func(h hold) bool { return h.order == order && h.line == line })
	return k, &m.holds[k][i]
}

// cover gives what is free to those who wait, the oldest first.
func (m *model) cover(k shelf) {
	for i := range m.holds[k] {
		h := &m.holds[k][i]
		q := min(m.free(k), h.quantity-h.covered)
		h.covered += q
		m.add(k, 0, q, -q)
	}
}

func (m *model) release(order, line int, q int64) {
	k, h := m.hold(order, line)
	short := min(q, h.quantity-h.covered)
	h.quantity -= q
	h.covered -= q - short
	m.add(k, 0, short-q, -short)
	m.cover(k)
}

func (m *model) adjust(k shelf, delta int64, allowShort bool) string {
	switch missing := -delta - m.free(k); {
	case m.shelves[k].OnHand+delta < 0:
		return "below_zero"
	case missing > 0 && !allowShort:
		return "would_short"
	case m.shelves[k].OnHand+delta < m.shelves[k].Unavailable: // orders may wait, but what is set aside stays
		return "would_short"
	case missing > 0:
		for i := range slices.Backward(m.holds[k]) {
			h := &m.holds[k][i]
			q := min(missing, h.covered)
			h.covered -= q
			missing -= q
			m.add(k, 0, -q, q)
		}
	}
	m.add(k, delta, 0, 0)
	m.cover(k)
	return ""
}

func (m *model) placeOrder(o modelOrder, paid int64, fulfil bool) string {
	at, short := len(m.orders), false
	if code := o.price(); code != "" {
		return code
	}
	o.status, o.left, o.back, o.paid = sales.Placed, make([]int64, len(o.ordered)), make([]int64, len(o.ordered)), paid
	o.came, o.cameTax = make([]int64, len(o.ordered)), make([]int64, len(o.ordered))
	m.orders = append(m.orders, o)
	for i, v := range o.variants {
		k, q := shelf{v, o.place}, o.ordered[i]
		if q > m.free(k) && !waits(v) {
			short = true
			continue
		}
		covered := min(q, m.free(k))
		m.holds[k] = append(m.holds[k], hold{at, i, q, covered})
		m.add(k, 0, covered, q-covered)
	}
	if short {
		return "out_of_stock"
	}
	if fulfil {
		return m.pack(at, modelParcel{place: o.place, pickup: true, units: slices.Clone(o.ordered)}, sales.Collected)
	}
	m.settle(at)
	return ""
}

func (m *model) open(order int) bool {
	s := m.orders[order].status
	return s == sales.Placed || s == sales.Confirmed
}

// unpacked is how much of each line is in no parcel.
func (m *model) unpacked(order int) []int64 {
	o := m.orders[order]
	left := slices.Clone(o.ordered)
	for i := range left {
		left[i] -= o.left[i]
		for _, p := range o.parcels {
			if p.status == sales.Packed || p.status == sales.Ready {
				left[i] -= p.units[i]
			}
		}
	}
	return left
}

// pack adds a parcel, and moves it on when to is not packed.
func (m *model) pack(order int, p modelParcel, to sales.ParcelStatus) string {
	if !m.open(order) {
		return "not_open"
	}
	if !slices.ContainsFunc(p.units, func(q int64) bool { return q > 0 }) {
		return "nothing_left"
	}
	o := &m.orders[order]
	p.status = sales.Packed
	o.parcels = append(o.parcels, p)
	if to == sales.Packed {
		return ""
	}
	return m.moveParcel(order, len(o.parcels)-1, to)
}

func (m *model) moveParcel(order, parcel int, to sales.ParcelStatus) string {
	p := &m.orders[order].parcels[parcel]
	from := p.status
	if from == to {
		return ""
	}
	legal := map[sales.ParcelStatus]bool{
		sales.Shipped:       from == sales.Packed && !p.pickup,
		sales.Delivered:     from == sales.Shipped,
		sales.Ready:         from == sales.Packed && p.pickup,
		sales.Collected:     (from == sales.Packed || from == sales.Ready) && p.pickup,
		sales.ParcelDropped: from == sales.Packed || from == sales.Ready || from == sales.Shipped,
	}
	if !legal[to] {
		return "illegal_move"
	}
	p.status = to
	if o := &m.orders[order]; to == sales.ParcelDropped && from == sales.Shipped {
		for i, q := range p.units {
			if o.left[i]-q < o.back[i]+o.wanted(i) {
				return "being_returned"
			}
		}
	}
	for i, q := range p.units {
		switch {
		case q == 0:
		case to == sales.Shipped || to == sales.Collected:
			if code := m.leave(order, i, p.place, q); code != "" {
				return code
			}
		case to == sales.ParcelDropped && from == sales.Shipped:
			m.comeBack(order, i, p.place, q)
		}
	}
	m.settle(order)
	return ""
}

func (m *model) leave(order, line, place int, q int64) string {
	k, h := m.hold(order, line)
	m.orders[order].left[line] += q
	if place == k.place {
		if q > h.covered {
			return "not_covered"
		}
		h.quantity -= q
		h.covered -= q
		m.add(k, -q, -q, 0)
		return ""
	}
	m.release(order, line, q)
	if there := (shelf{k.variant, place}); m.free(there) < q {
		return "out_of_stock"
	} else {
		m.add(there, -q, 0, 0)
	}
	return ""
}

func (m *model) comeBack(order, line, place int, q int64) {
	k, h := m.hold(order, line)
	m.orders[order].left[line] -= q
	h.quantity += q
	if place == k.place {
		h.covered += q
		m.add(k, q, q, 0)
		return
	}
	m.add(k, 0, 0, q)
	m.add(shelf{k.variant, place}, q, 0, 0)
	m.cover(shelf{k.variant, place})
	m.cover(k)
}

func (m *model) cancel(order int) string {
	o := &m.orders[order]
	switch {
	case o.status == sales.Cancelled:
		return ""
	case total(o.left) > 0:
		return "already_left"
	}
	for i := range o.parcels {
		o.parcels[i].status = sales.ParcelDropped
	}
	for i, q := range o.ordered {
		m.release(order, i, q)
	}
	o.status, o.allowed = sales.Cancelled, 0 // nothing is owed, so nothing is let off
	return ""
}

// modelEdit is an order as it shall be: its lines, those that are added, and what the whole of it costs.
type modelEdit struct {
	ordered, more []int64
	variants      []int
	offs          []modelOff // of all lines, with those that are added
	anew          []bool     // of the order's lines, whose discount is given anew
	whole         modelOff
	apart         bool        // what is added takes no part in it
	taken         []modelLine // what is added, where it is priced by itself
	passed        []int64     // what of its discounts was passed on of the whole one

	shipping, shippingRate int64
}

// edit makes an order so. What it gives back it may take itself before those who wait.
func (m *model) edit(order int, in modelEdit) string {
	ordered, variants, quantities := in.ordered, in.variants, in.more
	o := &m.orders[order]
	if o.status == sales.Cancelled {
		return "not_editable"
	}
	free := m.unpacked(order)
	seals, passed := o.sealed()
	kept, before := slices.Clone(passed), o.before
	for i, s := range seals {
		if in.whole != o.whole { // what was passed on goes with what it was of
			if before, kept[i] = before+passed[i], 0; !in.anew[i] {
				in.offs[i].n -= passed[i]
			}
		}
		if in.offs[i].splits(s.off) {
			return "discount_returned"
		}
		if in.offs[i].percent {
			kept[i] = 0
		}
		kept[i] = min(kept[i], max(0, in.offs[i].n-s.off))
	}
	before = min(before, sealedShare(seals))
	for i, q := range ordered {
		if q < o.ordered[i]-free[i] {
			return "line_gone"
		}
	}
	if total(ordered)+total(quantities) == 0 {
		return "no_lines"
	}
	now := *o
	now.variants, now.ordered = slices.Concat(o.variants, variants), slices.Concat(ordered, quantities)
	now.offs, now.whole, now.shipping, now.shippingRate = in.offs, in.whole, in.shipping, in.shippingRate
	now.seals = slices.Concat(seals, make([]modelSeal, len(variants)))
	now.before, now.passed = before, slices.Concat(kept, in.passed, make([]int64, len(variants)-len(in.passed)))
	now.apart = slices.Concat(o.apart, slices.Repeat([]bool{in.apart}, len(variants)))
	if in.whole != o.whole {
		now.apart = make([]bool, len(now.ordered))
	}
	if in.whole.splits(sealedShare(seals) - before) {
		return "discount_returned"
	}
	if in.taken != nil {
		now.lines = slices.Concat(o.lines, in.taken)
		now.addUp()
	} else if now.asks(o) {
		now.lines, now.seals = o.lines, o.seals
		now.addUp()
	} else if code := now.price(); code != "" {
		return code
	}
	if now.saysTheSame(o) {
		return "" // whose share a unit is does not make it another order
	}
	for i := range seals {
		if now.ordered[i] == o.ordered[i] && now.lines[i] == o.lines[i] && now.apart[i] == o.apart[i] && now.offs[i].like(o.offs[i]) && kept[i] == passed[i] {
			now.seals[i], now.passed[i] = o.seals[i], o.passed[i]
		}
	}
	var freed []shelf
	for i, q := range ordered {
		if less := o.ordered[i] - q; less > 0 {
			k, h := m.hold(order, i)
			short := min(less, h.quantity-h.covered)
			h.quantity -= less
			h.covered -= less - short
			m.add(k, 0, short-less, -short)
			freed = append(freed, k)
		}
	}
	refused := false
	take := func(k shelf, h *hold, q int64) {
		covered := min(q, m.free(k))
		if covered < q && !waits(k.variant) {
			refused = true
			return
		}
		h.quantity += q
		h.covered += covered
		m.add(k, 0, covered, q-covered)
	}
	for i, q := range ordered {
		if more := q - o.ordered[i]; more > 0 {
			k, h := m.hold(order, i)
			take(k, h, more)
		}
	}
	o.ordered = ordered
	for i, v := range variants {
		k := shelf{v, o.place}
		m.holds[k] = append(m.holds[k], hold{order, len(o.ordered), 0, 0})
		take(k, &m.holds[k][len(m.holds[k])-1], quantities[i])
		o.variants, o.ordered = append(o.variants, v), append(o.ordered, quantities[i])
		o.left, o.back = append(o.left, 0), append(o.back, 0)
		o.came, o.cameTax = append(o.came, 0), append(o.cameTax, 0)
		for p := range o.parcels {
			o.parcels[p].units = append(o.parcels[p].units, 0)
		}
		for r := range o.returns {
			o.returns[r].units = append(o.returns[r].units, 0)
		}
	}
	if refused {
		return "out_of_stock"
	}
	for _, k := range freed {
		m.cover(k)
	}
	o.offs, o.whole, o.shipping, o.shippingRate, o.lines, o.sums, o.seals = now.offs, now.whole, now.shipping, now.shippingRate, now.lines, now.sums, now.seals
	o.apart, o.passed, o.before = now.apart, now.passed, now.before
	o.allowed = min(o.allowed, o.sums.Total-total(o.came))
	m.settle(order)
	return ""
}

// exchange takes goods back and makes the order what it shall be with others in their place. What was taken off them is taken off the
// others, in as far as these are worth as much: first by their own discounts, then by their part of the order's where that is an amount.
func (m *model) exchange(order int, units []int64, fates [][3]int64, in modelEdit, fulfil bool) string {
	o := &m.orders[order]
	had := len(o.ordered)
	was, passedOn := o.sealed()
	if code := m.request(order, units, true); code != "" {
		return code
	}
	allowed := o.allowed
	for _, to := range []sales.ReturnStatus{sales.ReturnReceived, sales.ReturnClosed} {
		m.moveReturn(order, len(o.returns)-1, to, o.place, fates)
	}
	o.allowed = allowed // what is too much of it shows when the others are there
	var back []modelGiven
	seals, rest := o.sealed()
	for i, s := range seals {
		g := modelGiven{variant: o.variants[i], share: passedOn[i] - rest[i], percent: s.share - was[i].share, tax: s.tax - was[i].tax, gross: (s.q - was[i].q) * prices[o.variants[i]]}
		g.own = s.off - was[i].off - g.share
		if !o.whole.percent {
			g.share, g.percent = g.share+g.percent, 0
		}
		back = append(back, g)
	}
	in.apart = !o.whole.percent
	lines, own, passed, code := o.takes(back, in.variants, in.more, in.offs[had:])
	if code != "" {
		return code
	}
	in.taken, in.passed, in.offs = lines, passed, slices.Concat(in.offs[:had], own)
	if code := m.edit(order, in); code != "" || !fulfil {
		return code
	}
	code = m.pack(order, modelParcel{place: o.place, pickup: true, units: slices.Concat(make([]int64, had), in.more)}, sales.Collected)
	if code == "not_covered" {
		return "taken_not_there"
	}
	return code
}

func (m *model) confirm(order int) string {
	switch o := &m.orders[order]; o.status {
	case sales.Confirmed:
		return ""
	case sales.Placed:
		o.status = sales.Confirmed
		m.settle(order)
		return ""
	}
	return "illegal_move"
}

func (m *model) pay(order int, amount int64) string {
	o := &m.orders[order]
	if o.status == sales.Cancelled {
		return "not_payable"
	}
	o.paid += amount
	m.settle(order)
	return ""
}

func (m *model) refund(order int, amount int64, allowance bool) string {
	o := &m.orders[order]
	switch {
	case amount > o.paid-o.refunded:
		return "more_than_paid"
	case allowance && amount > o.owed():
		return "more_than_owed"
	case allowance:
		o.allowed += amount
	}
	o.refunded += amount
	m.settle(order)
	for i := range o.returns {
		if r := &o.returns[i]; r.status == sales.ReturnReceived && o.paid-o.refunded <= o.owed() {
			r.status = sales.ReturnClosed
		}
	}
	return ""
}

func (m *model) request(order int, units []int64, approved bool) string {
	o := &m.orders[order]
	for i, q := range units {
		if q > o.left[i]-o.back[i]-o.wanted(i) {
			return "not_left"
		}
	}
	r := modelReturn{sales.ReturnRequested, units}
	if approved {
		r.status = sales.ReturnApproved
	}
	o.returns = append(o.returns, r)
	return ""
}

func (m *model) moveReturn(order, n int, to sales.ReturnStatus, place int, fates [][3]int64) string {
	o := &m.orders[order]
	r := &o.returns[n]
	from := map[sales.ReturnStatus]sales.ReturnStatus{sales.ReturnApproved: sales.ReturnRequested, sales.ReturnRejected: sales.ReturnRequested,
		sales.ReturnReceived: sales.ReturnApproved, sales.ReturnClosed: sales.ReturnReceived}[to]
	switch {
	case r.status == to:
		return ""
	case r.status != from:
		return "illegal_move"
	}
	r.status = to
	if to == sales.ReturnReceived {
		for i, f := range fates {
			k := shelf{o.variants[i], place}
			if k := f[0] + f[1] + f[2]; k > 0 {
				o.takeBack(i, k)
			}
			m.add(k, f[0]+f[1], 0, 0)
			m.setAside(k, f[1])
			m.cover(k)
		}
		o.allowed = min(o.allowed, o.sums.Total-total(o.came))
		m.settle(order)
	}
	return ""
}

func total(units []int64) (sum int64) {
	for _, q := range units {
		sum += q
	}
	return sum
}

func (m *model) settle(order int) {
	o := &m.orders[order]
	left, all := total(o.left), total(o.ordered)
	if left > 0 && o.status == sales.Placed {
		o.status = sales.Confirmed
	}
	switch done := left == all && o.paid-o.refunded >= o.owed(); {
	case done && o.status == sales.Confirmed:
		o.status = sales.Completed
	case !done && o.status == sales.Completed:
		o.status = sales.Confirmed
	}
}

// seen is an order as its reply shows it.
type seen struct {
	States                                      string
	Paid, Refunded, Allowed, Came, Due, DueBack int64
	Sums                                        modelSums
	Lines                                       []modelLine
	Passed                                      []int64
	Fulfilled, Wait                             []int64
	Returned                                    []int64
	Parcels                                     []sales.ParcelStatus
	Returns                                     []sales.ReturnStatus
}

func (m *model) seen(order int) seen {
	o := m.orders[order]
	owed, net := o.owed(), o.paid-o.refunded
	payment := sales.Pending
	switch {
	case net > owed:
		payment = sales.Overpaid
	case o.refunded > 0 && net == 0:
		payment = sales.Refunded
	case o.refunded > 0:
		payment = sales.PartiallyRefunded
	case net == owed:
		payment = sales.Paid
	case net > 0:
		payment = sales.PartiallyPaid
	}
	fulfilment := sales.PartiallyFulfilled
	switch total(o.left) {
	case 0:
		fulfilment = sales.Unfulfilled
	case total(o.ordered):
		fulfilment = sales.Fulfilled
	}
	want := seen{States: fmt.Sprintf("%s, %s, %s", o.status, payment, fulfilment), Paid: o.paid, Refunded: o.refunded, Allowed: o.allowed,
		Came: total(o.came), Due: max(0, owed-net), DueBack: max(0, net-owed), Sums: o.sums}
	for i, q := range o.ordered {
		if q == 0 {
			continue // it was taken off
		}
		want.Fulfilled, want.Returned = append(want.Fulfilled, o.left[i]), append(want.Returned, o.back[i])
		want.Lines, want.Passed = append(want.Lines, o.lines[i]), append(want.Passed, o.passed[i])
		_, h := m.hold(order, i)
		want.Wait = append(want.Wait, h.quantity-h.covered)
	}
	for _, p := range o.parcels {
		want.Parcels = append(want.Parcels, p.status)
	}
	for _, r := range o.returns {
		want.Returns = append(want.Returns, r.status)
	}
	return want
}
