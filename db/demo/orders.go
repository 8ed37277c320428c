package demo

import (
	"fmt"
	"slices"
	"time"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/sales"
)

// customersCome are the orders of a day.
func (b *books) customersCome(date db.Date, weekday time.Weekday) {
	trend := 0.9 + 0.2*float64(days-b.left)/days
	n := ordersADay * weekdays[weekday] * months[b.month(date)] * trend * (0.8 + 0.4*b.rand.Float64())
	moments := make([]db.Time, int(n+b.rand.Float64()))
	for i := range moments {
		moments[i] = b.at(date, 8+b.rand.IntN(11), b.rand.IntN(60))
	}
	slices.Sort(moments)
	for _, at := range moments {
		if at >= b.until {
			break
		}
		switch kind := b.rand.Float64(); {
		case weekday == time.Sunday || kind < 0.12:
			b.fromAfar(at, date, sales.Web)
		case kind < 0.19:
			b.fromAfar(at, date, sales.Phone)
		default:
			b.overTheCounter(at, date)
		}
	}
}

// basket picks what one customer takes, of what is there. What expires is not sent.
func (b *books) basket(at int, date db.Date, sent bool) (lines []sales.NewLine, picked []*ware) {
	for range 1 + b.rand.IntN(3) + b.rand.IntN(2) {
		w := b.pick(at, date)
		if w == nil || sent && w.article.keeps > 0 || slices.Contains(picked, w) {
			continue
		}
		q := int64(1)
		if b.rand.IntN(4) == 0 {
			q += int64(1 + b.rand.IntN(2))
		}
		if q = w.take(at, q); q > 0 {
			lines, picked = append(lines, sales.NewLine{VariantID: w.id, Quantity: q}), append(picked, w)
		}
	}
	return lines, picked
}

// pick is a ware that a store has, the likelier the more it is wanted.
func (b *books) pick(at int, date db.Date) *ware {
	all, wanted := 0.0, make([]float64, len(b.wares))
	for i, w := range b.wares {
		if w.kept(at) {
			wanted[i] = w.wanted(date, b.left)
			all += wanted[i]
		}
	}
	left := b.rand.Float64() * all
	for i, w := range b.wares {
		if left -= wanted[i]; left < 0 {
			return w
		}
	}
	return nil
}

func (b *books) store() int {
	if b.rand.Float64() < share[0] {
		return 0
	}
	return 1
}

// clerk is somebody who works at a store.
func (b *books) clerk(at int) int {
	if at == 0 {
		return 1 + b.rand.IntN(2)
	}
	return 3
}

// somebody is one of the shop's customers; some come more often.
func (b *books) somebody() *customers.Contact {
	n := b.rand.IntN(140)
	n = n * b.rand.IntN(140) / 140
	given, family := givenNames[n%len(givenNames)], familyNames[(n*7+n/24)%len(familyNames)]
	return &customers.Contact{Name: given + " " + family, Email: fmt.Sprintf("%s.%s.%d%s", lower(given), lower(family), n, domain),
		Phone: fmt.Sprintf("030 23125 %03d", n)} // numbers that nobody has: kept for films
}

func (b *books) overTheCounter(when db.Time, date db.Date) {
	at := b.store()
	lines, picked := b.basket(at, date, false)
	if len(lines) == 0 {
		return
	}
	in := sales.NewOrder{Channel: sales.Counter, LocationID: b.stores[at], Lines: lines, Fulfil: true}
	if b.rand.IntN(6) == 0 {
		in.Customer = b.somebody()
	}
	switch b.rand.IntN(40) {
	case 0:
		rate := money.Rate(5_000 + 5_000*b.rand.Int64N(2))
		in.Discount = &sales.NewDiscount{Percent: &rate, Reason: goodwill.in(b.language)}
	case 1:
		off := b.amount(max(10, picked[0].size.price/20))
		in.Lines[0].Discount = &sales.NewDiscount{Amount: &off, Reason: dented.in(b.language)}
	}
	by, cash, round := b.clerk(at), b.rand.Float64() < 0.42, b.rand.IntN(3)
	o := new(sales.Order)
	b.then(when, by, func(tx *db.Tx) error {
		placed, err := sales.PlaceIn(tx, in)
		if err != nil || placed.Due == 0 {
			return err
		}
		*o = *placed
		p := sales.NewPayment{Method: "card", Amount: o.Due}
		if cash {
			tendered := b.handed(o.Due, round)
			p.Method, p.Tendered = "cash", &tendered
		}
		_, err = sales.PayIn(tx, o.ID, p)
		return err
	})
	if b.rand.IntN(45) == 0 && picked[0].article.keeps == 0 && !picked[0].article.winter && picked[0].fate.is == plenty {
		b.comesBack(b.open(when.Add(b.hours(20, 140))), o, picked[0], at, map[bool]sales.Method{true: "cash", false: "card"}[cash])
	}
}

// handed is what somebody puts on the counter for an amount: the sum itself or the next round one.
func (b *books) handed(due money.Amount, round int) money.Amount {
	step := [...]money.Amount{1, b.amount(500), b.amount(1000)}[round]
	return (due + step - 1) / step * step
}

// fromAfar is an order that is sent or picked up later.
func (b *books) fromAfar(when db.Time, date db.Date, channel sales.Channel) {
	at := b.store()
	lines, picked := b.basket(at, date, true)
	if len(lines) == 0 {
		return
	}
	in := sales.NewOrder{Channel: channel, LocationID: b.stores[at], Customer: b.somebody(), Lines: lines}
	pickup := channel == sales.Phone || b.rand.IntN(4) == 0
	if !pickup {
		rate := money.Rate(goods)
		in.Shipping = &sales.NewShipping{Price: b.amount(490), TaxRate: &rate}
		if b.rand.IntN(5) == 0 {
			in.Note = please.in(b.language)
		}
	}
	if channel == sales.Web {
		in.DiscountCode = b.code(date, in.Customer, picked)
	}
	by := b.clerk(at)
	o := new(sales.Order)
	b.then(when, by, func(tx *db.Tx) error {
		placed, err := sales.PlaceIn(tx, in)
		if err == nil {
			*o = *placed
		}
		return err
	})
	if b.rand.IntN(22) == 0 {
		for i, l := range lines {
			b.returns = append(b.returns, comeback{date, picked[i], at, l.Quantity})
		}
		b.then(when.Add(b.hours(1, 2)), by, func(tx *db.Tx) error {
			_, err := sales.CancelIn(tx, o.ID, sales.Cancellation{Reason: changedMind.in(b.language)})
			return err
		})
		return
	}
	packed := b.open(when.Add(b.hours(3, 20)))
	if !pickup {
		b.paid(when.Add(b.hours(0, 2)), by, o, []sales.Method{"card", "transfer"}[b.rand.IntN(2)])
		there := b.sent(packed, by, o)
		if b.rand.IntN(14) == 0 {
			b.comesBack(b.open(packed.Add(b.hours(150, 250))), o, picked[0], at, "transfer")
		} else if there < b.until.Add(-30*time.Hour) {
			b.kept = append(b.kept, o)
		}
		return
	}
	b.fetched(packed, by, o)
}

// hours is some time between.
func (b *books) hours(from, to int) time.Duration {
	return time.Duration(from*60+b.rand.IntN((to-from)*60)+1) * time.Minute
}

// open is a moment, or the next one at which the shop's people work.
func (b *books) open(t db.Time) db.Time {
	local := t.Time().In(b.settings.Zone())
	switch date := t.Date(b.settings.Zone()); {
	case local.Hour() >= 19:
		return b.at(date.AddDays(1), 8, 0)
	case local.Hour() < 8:
		return b.at(date, 8, 0)
	}
	return t
}

func (b *books) paid(when db.Time, by int, o *sales.Order, how sales.Method) {
	b.then(when, by, func(tx *db.Tx) error {
		_, err := sales.PayIn(tx, o.ID, sales.NewPayment{Method: how, Amount: o.Total})
		return err
	})
}

// sent is a parcel on its way. It answers when it is there.
func (b *books) sent(when db.Time, by int, o *sales.Order) (there db.Time) {
	number := fmt.Sprintf("PK%09d", b.rand.IntN(1_000_000_000))
	b.then(when, by, func(tx *db.Tx) error {
		packed, err := sales.FulfilIn(tx, o.ID, sales.NewFulfilment{Carrier: "Postkutsche", TrackingNumber: number})
		if err == nil {
			*o = *packed
		}
		return err
	})
	left := b.open(when.Add(b.hours(1, 5)))
	b.moved(left, by, o, sales.Shipped)
	there = b.open(left.Add(b.hours(20, 70)))
	b.moved(there, by, o, sales.Delivered)
	return there
}

// fetched is what somebody picks up, and pays there.
func (b *books) fetched(when db.Time, by int, o *sales.Order) {
	b.then(when, by, func(tx *db.Tx) error {
		packed, err := sales.FulfilIn(tx, o.ID, sales.NewFulfilment{Pickup: true})
		if err == nil {
			*o = *packed
		}
		return err
	})
	b.moved(when.Add(time.Minute), by, o, sales.Ready)
	there := b.open(when.Add(b.hours(2, 50)))
	b.paid(there, by, o, []sales.Method{"card", "cash"}[b.rand.IntN(2)])
	b.moved(there.Add(time.Second), by, o, sales.Collected)
}

func (b *books) moved(when db.Time, by int, o *sales.Order, to sales.ParcelStatus) {
	b.then(when, by, func(tx *db.Tx) error {
		_, err := sales.MoveParcelIn(tx, o.Fulfilments[0].ID, to, sales.Command{})
		return err
	})
}
