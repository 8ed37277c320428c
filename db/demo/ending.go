package demo

import (
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
)

// fates are the wares that a shop owner should see something of; all others are well stocked.
var fates = map[string]fate{
	"House espresso, whole bean250 g": {low, 0},
	"Forest honey250 g":               {low, 0},
	"Tomatoes, peeled":                {low, 1},
	"Milk chocolate with hazelnut":    {out, 0},
	"Mineral water, still":            {out, 1},
	"Decaf Abendrot250 g":             {over, 0},
	"Coffee filter of porcelain":      {over, 0},
	"Stoneware mugMoss":               {owed, 1},
}

// end is how the shop stands today: somebody waits, somebody thinks about it, and what runs out is known to.
func (b *books) end() {
	for _, w := range b.wares {
		switch w.fate.is {
		case owed:
			in := sales.NewOrder{Channel: sales.Web, LocationID: b.stores[w.fate.at], Customer: b.somebody(), Lines: []sales.NewLine{{VariantID: w.id, Quantity: w.stock[w.fate.at] + 2}}}
			b.then(b.until.Add(-30*time.Hour), 3, func(tx *db.Tx) error {
				_, err := sales.PlaceIn(tx, in)
				return err
			})
		case low:
			point := w.stock[w.fate.at]
			b.then(b.until.Add(-time.Hour), manager, func(tx *db.Tx) error { return b.orderEarlier(tx, w, point) })
		}
	}
	b.reduce()
	b.wait()
	b.askOver()
	b.thinkOfOrder()
	b.leaveCount()
	for i, w := range []*ware{b.wares[0], b.wares[30]} {
		in := sales.NewOrder{Channel: sales.Phone, LocationID: b.stores[0], Customer: b.somebody(), Draft: true, Lines: []sales.NewLine{{VariantID: w.id, Quantity: int64(2 + i)}}}
		b.then(b.until.Add(-time.Duration(50-20*i)*time.Minute), 1, func(tx *db.Tx) error {
			_, err := sales.PlaceIn(tx, in)
			return err
		})
	}
}

// orderEarlier raises a reorder point above what is left.
func (b *books) orderEarlier(tx *db.Tx, w *ware, point int64) error {
	if point <= w.reorder {
		return nil
	}
	return b.change(tx, w, catalog.VariantChange{ReorderPoint: &point})
}

// reduced is what costs less for two weeks, and how many days ago that began; one with fewer than none is yet to come.
var reduced = []struct {
	article string
	ago     int
	price   int64
}{
	{"Hazelnut spread", 5, 490},
	{"Linen tea towel", -6, 990},
}

// reduce sets the sale prices in the evening before they begin, or an hour ago. They begin and end at midnight.
func (b *books) reduce() {
	today := b.settings.Today(b.until)
	for _, r := range reduced {
		starts, ends := b.midnight(today.AddDays(-r.ago)), b.midnight(today.AddDays(14-r.ago))
		price, said := b.amount(r.price), min(starts.Add(-6*time.Hour), b.until.Add(-time.Hour))
		for _, w := range b.wares {
			if w.article.name.en != r.article {
				continue
			}
			b.then(said, manager, func(tx *db.Tx) error {
				return b.change(tx, w, catalog.VariantChange{SalePrice: money.Some(&price), SaleStarts: db.SomeTime(&starts), SaleEnds: db.SomeTime(&ends)})
			})
		}
	}
}

func (b *books) midnight(date db.Date) db.Time {
	t, err := date.Start(b.settings.Zone())
	if err != nil {
		return b.until // a date is always one
	}
	return t
}

// change changes a variant.
func (b *books) change(tx *db.Tx, w *ware, c catalog.VariantChange) error {
	c.ID = w.id
	_, err := catalog.UpdateIn(tx, b.productOf(w), catalog.ProductChange{KeepVariants: true, Variants: []catalog.VariantChange{c}})
	return err
}

func (b *books) productOf(w *ware) int64 {
	for i := range articles {
		if &articles[i] == w.article {
			return b.products[i]
		}
	}
	return 0
}
