package demo

import (
	"math"
	"time"

	"onhand/db"
	"onhand/db/stock"
)

// shortListDays is after how many days the stores take turns at counting the list of the day, and fullCount how many days ago both counted
// everything.
const (
	shortListDays = 6
	fullCount     = 180
)

// linesAtOnce is how many goods somebody writes down before the next step: no write takes long.
const linesAtOnce = 20

// Why something is counted.
var (
	halfYear  = words{"Half a year, all shelves", "Halbjahr, alle Regale"}
	lookAgain = words{"Before the weekend, please have a second look", "Vor dem Wochenende, bitte noch einmal ansehen"}
)

// count is what is counted before the doors open: of much of it a lot was wrong at first, then less, since somebody looks.
func (b *books) count(date db.Date) {
	when := b.midnight(date).Add(6*time.Hour + 40*time.Minute)
	switch {
	case b.left == fullCount:
		for at := range stores {
			b.tally(at, when, stock.NewCount{Note: halfYear.in(b.language)}, b.differ(at, 4-at))
		}
	case b.left < days && b.left%shortListDays == 0 && b.left > 0:
		at := b.left / shortListDays % stores
		wrong := b.rand.IntN(2)
		if b.left > fullCount {
			wrong += b.rand.IntN(3)
		}
		b.tally(at, when, stock.NewCount{Daily: true}, b.differ(at, wrong))
	}
}

// differ is one too few of so many wares at a store, now and then one too many.
func (b *books) differ(at, count int) map[*ware]int64 {
	off := map[*ware]int64{}
	for tries := 10 * count; len(off) < count && tries > 0; tries-- {
		w := b.wares[b.rand.IntN(len(b.wares))]
		q := int64(-1)
		if b.rand.IntN(4) == 0 {
			q = 1
		}
		if off[w] == 0 && w.article.keeps == 0 && w.stock[at] >= 4 {
			off[w] = q
			w.stock[at] += q
		}
	}
	return off
}

// tally counts what a count is of and, where it is of a list, what was seen beside it, and brings both onto the books.
func (b *books) tally(at int, when db.Time, in stock.NewCount, off map[*ware]int64) {
	c := b.start(at, when, manager, in)
	differing := map[int64]int64{}
	for _, w := range b.wares {
		if q := off[w]; q != 0 {
			differing[w.id] = q
		}
	}
	rounds := 1
	if !in.Daily {
		rounds = int(math.Ceil(float64(len(b.wares)) / linesAtOnce))
	}
	for n := range rounds {
		b.then(when.Add(time.Duration(12*(n+1))*time.Minute/time.Duration(rounds)), manager, func(tx *db.Tx) error {
			return countNext(tx, c, func(l stock.CountLine) int64 { return differing[l.VariantID] })
		})
	}
	b.then(when.Add(15*time.Minute), manager, func(tx *db.Tx) error {
		if err := b.mendBeside(tx, at, c, off); err != nil {
			return err
		}
		_, err := stock.PostCountIn(tx, c.ID, stock.CountPost{})
		return err
	})
}

// start is a count that somebody begins, known once they have.
func (b *books) start(at int, when db.Time, by int, in stock.NewCount) *stock.Count {
	c := &stock.Count{}
	in.LocationID = b.stores[at]
	b.then(when, by, func(tx *db.Tx) error {
		started, err := stock.StartCountIn(tx, in)
		if err == nil {
			*c = *started
		}
		return err
	})
	return c
}

// countNext writes down the next goods of a count: as many as the books have, and some that are off.
func countNext(tx *db.Tx, c *stock.Count, off func(stock.CountLine) int64) error {
	page, err := stock.CountLinesIn(tx, c.ID, stock.CountLineFilter{List: db.List{Limit: linesAtOnce}, State: stock.UncountedLines})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	var in stock.CountedGoods
	for _, l := range page.Items {
		there := *l.Expected + off(l)
		in.Lines = append(in.Lines, stock.CountedLine{VariantID: l.VariantID, Counted: &there})
	}
	_, err = stock.CountGoodsIn(tx, c.ID, in)
	return err
}

// mendBeside corrects what is off and on no list: somebody saw it beside what they counted.
func (b *books) mendBeside(tx *db.Tx, at int, c *stock.Count, off map[*ware]int64) error {
	page, err := stock.CountLinesIn(tx, c.ID, stock.CountLineFilter{List: db.List{Limit: 200}})
	if err != nil {
		return err
	}
	listed := map[int64]bool{}
	for _, l := range page.Items {
		listed[l.VariantID] = true
	}
	in := stock.Adjustment{LocationID: b.stores[at], Reason: stock.Correction}
	for _, w := range b.wares {
		if delta := off[w]; delta != 0 && !listed[w.id] {
			in.Lines = append(in.Lines, stock.AdjustLine{VariantID: w.id, Delta: &delta, AllowShort: true})
		}
	}
	if len(in.Lines) == 0 {
		return nil
	}
	_, err = stock.AdjustIn(tx, in, nil)
	return err
}

// leaveCount is what the second store counted today, and somebody has to look at.
func (b *books) leaveCount() {
	const seller = 3
	when := b.until.Add(-95 * time.Minute)
	c := b.start(1, when, seller, stock.NewCount{Daily: true, Note: lookAgain.in(b.language)})
	first := true
	b.then(when.Add(17*time.Minute), seller, func(tx *db.Tx) error {
		return countNext(tx, c, func(l stock.CountLine) int64 {
			if !first || l.TracksLots || *l.Expected < 3 {
				return 0
			}
			first = false
			return -1
		})
	})
	b.then(when.Add(19*time.Minute), seller, func(tx *db.Tx) error {
		_, err := stock.ReviewCountIn(tx, c.ID, stock.CountMove{})
		return err
	})
}
