package demo

import (
	"cmp"
	"math"
	"slices"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

// days is how far back the books begin.
const days = 365

// ordersADay is how many orders come on a usual day, both stores together.
const ordersADay = 12.5

// Both stores; the first one sells more.
const stores = 2

var share = [stores]float64{0.66, 0.34}

// ware is a variant as the year is thought out: how much of it is where.
type ware struct {
	id      int64
	article *article
	size    size
	fate    fate
	pace    float64 // its part in everything sold
	reorder int64
	stock   [stores]int64
	sold    [stores]float64 // lately: what is two months old counts a third
	lots    [stores][]lot   // what is there of a ware that expires, the oldest first
}

// key is what tables call a ware: its name and its size.
func (w *ware) key() string { return w.article.name.en + w.size.name.en }

// lot is a delivery of what expires.
type lot struct {
	name     string
	on       db.Date
	quantity int64
}

// fate is how a ware stands at a store when the year is over; elsewhere there is enough of it.
type fate struct {
	is standing
	at int
}

type standing int

const (
	plenty standing = iota
	low             // nobody ordered it in time
	out             // nor for longer
	over            // somebody ordered far too much
	owed            // customers wait for it
)

// comeback is what will be on its shelf again from a day on.
type comeback struct {
	after    db.Date
	ware     *ware
	at       int
	quantity int64
}

// step is something that somebody did.
type step struct {
	at db.Time
	by int // in the crew
	do func(tx *db.Tx) error
}

func (b *books) then(at db.Time, by int, do func(tx *db.Tx) error) {
	if at < b.until {
		b.steps = append(b.steps, step{at, by, do})
	}
}

// think makes up the year, day after day, and puts what happened into its order.
func (b *books) think() {
	b.giveCodes()
	last := b.settings.Today(b.until)
	for n := range days + 1 {
		b.left = days - n
		b.day(last.AddDays(n - days))
	}
	b.end()
	b.keepTills()
	slices.SortStableFunc(b.steps, func(x, y step) int { return cmp.Compare(x.at, y.at) })
}

// day is one of them: deliveries, what is thrown away, and the customers. Sundays the doors stay shut and the web sells on.
func (b *books) day(date db.Date) {
	morning := b.at(date, 7, 30)
	weekday := morning.Time().In(b.settings.Zone()).Weekday()
	b.count(date)
	switch date[5:] {
	case christmasFrom:
		b.clearShelf(morning, false)
	case christmasOver:
		b.clearShelf(morning, true)
		for at := range stores {
			b.giveAway(at, morning)
		}
	}
	for _, w := range b.wares {
		for at := range stores {
			w.sold[at] *= 1 - 1.0/60
		}
	}
	b.returns = slices.DeleteFunc(b.returns, func(c comeback) bool {
		if c.after >= date {
			return false
		}
		c.ware.stock[c.at] += c.quantity
		c.ware.sold[c.at] -= float64(c.quantity)
		return true
	})
	for at := range stores {
		b.throwAway(at, date, morning.Add(20*time.Minute))
		if b.left == days || b.left <= 1 || weekday == time.Tuesday || weekday == time.Friday {
			b.deliver(at, date, morning)
		}
	}
	b.unpack(date)
	b.purchase(date)
	if b.rand.IntN(25) == 0 {
		b.drop(morning.Add(4 * time.Hour))
	}
	b.customersCome(date, weekday)
	b.sendOver(date)
}

// at is a time of a day in the shop's zone.
func (b *books) at(date db.Date, hour, minute int) db.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(date), b.settings.Zone())
	if err != nil {
		return b.until // a date is always one
	}
	return db.TimeOf(time.Date(t.Year(), t.Month(), t.Day(), hour, minute, b.rand.IntN(60), 0, b.settings.Zone()))
}

var (
	weekdays = [7]float64{0.12, 0.85, 0.85, 0.95, 1.0, 1.3, 1.6} // from Sunday on
	months   = [12]float64{0.8, 0.82, 0.9, 1.0, 1.0, 0.95, 0.85, 0.85, 0.95, 1.0, 1.15, 1.75}
)

// The winter shelf stands from one day to the other; then it is cleared.
const (
	christmasFrom = "11-10"
	christmasOver = "12-25"
)

// inSeason says whether a ware is on its shelf at a date.
func (w *ware) inSeason(date db.Date) bool {
	return !w.article.winter || date[5:] >= christmasFrom && date[5:] < christmasOver
}

// wanted is how much of everything sold a ware is at a date: drinks in summer, the winter shelf before Christmas.
func (w *ware) wanted(date db.Date, left int) float64 {
	month := date[5:7]
	p := w.pace
	switch {
	case !w.inSeason(date):
		return 0
	case w.article.winter && month == "12":
		p *= 3
	case w.article.winter:
		p *= 1.2
	case w.article.aisle.hall == drinks && month >= "05" && month <= "08":
		p *= 1.8
	}
	if (w.fate.is == low || w.fate.is == out) && left < 30 {
		p *= 2.5
	}
	return p
}

// clearShelf takes the winter shelf out of sale, or puts it up again.
func (b *books) clearShelf(when db.Time, away bool) {
	for i := range articles {
		if articles[i].winter {
			id := b.products[i]
			b.then(when, manager, func(tx *db.Tx) error {
				_, err := catalog.ArchiveIn(tx, id, away)
				return err
			})
		}
	}
}

// giveAway is what nobody bought before Christmas.
func (b *books) giveAway(at int, when db.Time) {
	var lines []stock.AdjustLine
	for _, w := range b.wares {
		if q := -w.stock[at]; w.article.winter && q < 0 {
			w.stock[at] = 0
			lines = append(lines, stock.AdjustLine{VariantID: w.id, Delta: &q})
		}
	}
	b.adjust(at, when, stock.Waste, christmas, lines)
}

// slow is below which pace a ware is kept by the first store alone: on the second one's shelf it would stand for months.
const slow = 6

// kept says whether a store has a ware.
func (w *ware) kept(at int) bool {
	return at == 0 || w.pace >= slow || w.fate.is != plenty && w.fate.at == at
}

// daily is how many of a ware a store sells on a usual day.
func (b *books) daily(w *ware, at int, date db.Date) float64 {
	const unitsAnOrder = 3.1
	return ordersADay * unitsAnOrder * share[at] * w.wanted(date, b.left) * months[b.month(date)] / b.paces[at]
}

func (b *books) month(date db.Date) int { return int(date[5]-'0')*10 + int(date[6]-'0') - 1 }

// deliver fills up what runs out, for two weeks or for as long as it keeps.
func (b *books) deliver(at int, date db.Date, when db.Time) {
	var lines []stock.AdjustLine
	for _, w := range b.wares {
		q := b.lacks(w, at, date)
		if q <= 0 {
			continue
		}
		w.stock[at] += q
		cost := b.amount(w.size.cost)
		line := stock.AdjustLine{VariantID: w.id, Delta: &q, UnitCost: &cost}
		if w.article.keeps > 0 {
			l := lot{"L" + string(date[2:4]+date[5:7]+date[8:]), date.AddDays(w.article.keeps), q}
			w.lots[at] = append(w.lots[at], l)
			line.Lot, line.ExpiresOn = l.name, l.on
		}
		lines = append(lines, line)
	}
	b.adjust(at, when, stock.Received, delivered, lines)
}

// lacks is how many of a ware are ordered.
func (b *books) lacks(w *ware, at int, date db.Date) int64 {
	there, fated := w.stock[at], standing(plenty)
	if w.fate.at == at {
		fated = w.fate.is
	}
	switch {
	case !w.kept(at) || !w.inSeason(date):
		return 0
	case fated == over && b.left <= 120 && b.left > 90 && there < 60:
		return 90
	case fated == low && b.left < 12:
		if there == 0 {
			return 2 // too few, but not none
		}
		return 0
	case (fated == out || fated == owed) && b.left < 60:
		return 0
	}
	usual, cover := b.daily(w, at, date), 14.0
	if there > w.reorder+int64(math.Ceil(usual*5)) {
		return 0
	}
	if k := w.article.keeps; k > 0 {
		cover = min(cover, float64(k)*0.55)
	}
	upTo := w.reorder + 1 + int64(math.Ceil(usual*cover))
	if b.left < days { // when the shop opened nobody knew what would sell
		upTo = min(upTo, int64(w.sold[at]))
	}
	return max(0, upTo-there, w.reorder+1-there)
}

// throwAway takes what reached its date off the shelf. The last of it still lies there.
func (b *books) throwAway(at int, date db.Date, when db.Time) {
	var lines []stock.AdjustLine
	for _, w := range b.wares {
		for len(w.lots[at]) > 0 && w.lots[at][0].on <= date {
			l := w.lots[at][0]
			w.lots[at] = w.lots[at][1:]
			w.stock[at] -= l.quantity
			if q := -l.quantity; q < 0 && b.left > 0 {
				lines = append(lines, stock.AdjustLine{VariantID: w.id, Delta: &q, Lot: l.name, ExpiresOn: l.on})
			}
		}
	}
	b.adjust(at, when, stock.Waste, tooOld, lines)
}

// drop breaks something.
func (b *books) drop(when db.Time) {
	w, at := b.wares[b.rand.IntN(len(b.wares))], b.rand.IntN(stores)
	if w.article.keeps > 0 || w.stock[at] < 4 {
		return
	}
	q := int64(-1)
	w.stock[at] += q
	b.adjust(at, when, stock.Damage, broken, []stock.AdjustLine{{VariantID: w.id, Delta: &q}})
}

// adjust is what the manager writes down about a store's shelves.
func (b *books) adjust(at int, when db.Time, why stock.Reason, note words, lines []stock.AdjustLine) {
	for len(lines) > 0 {
		some := lines[:min(len(lines), 20)] // no write takes long
		lines = lines[len(some):]
		b.then(when, manager, func(tx *db.Tx) error {
			_, err := stock.AdjustIn(tx, stock.Adjustment{LocationID: b.stores[at], Reason: why, Note: note.in(b.language), Lines: some}, nil)
			return err
		})
	}
}

// amount is a price of two decimals in the shop's currency; in one without decimals the figures stay.
func (b *books) amount(cents int64) money.Amount {
	for n := 2; n < b.settings.CurrencyDigits; n++ {
		cents *= 10
	}
	return money.Amount(cents)
}

// take is what a sale leaves in the plan: first what expires first. It answers how many there were.
func (w *ware) take(at int, q int64) int64 {
	q = min(q, w.stock[at])
	w.stock[at] -= q
	w.sold[at] += float64(q)
	for left := q; left > 0 && len(w.lots[at]) > 0; {
		l := &w.lots[at][0]
		n := min(left, l.quantity)
		l.quantity -= n
		left -= n
		if l.quantity == 0 {
			w.lots[at] = w.lots[at][1:]
		}
	}
	return q
}
