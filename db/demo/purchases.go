package demo

import (
	"slices"
	"time"

	"onhand/db"
	"onhand/db/purchasing"
)

// purchase is an order at a supplier: when it was sent and when it came, in days ago, and how much of how many wares. What has no day on
// which it came is still to come, and late.
type purchase struct {
	supplier   int
	sent, came int
	count      int
	packs      int64
	freight    int64 // in hundredths
	part       bool  // half of each came
}

// purchases are those that the owner should see something of; everything else that came was never ordered in writing.
var purchases = []purchase{
	{supplier: 0, sent: 82, came: 75, count: 4, packs: 1, freight: 1490},
	{supplier: 0, sent: 47, came: 38, count: 3, packs: 1, freight: 1490},
	{supplier: 0, sent: 13, came: 5, count: 4, packs: 1, freight: 1690},
	{supplier: 1, sent: 4, came: 2, count: 4, packs: 2, part: true},
	{supplier: 3, sent: 6, count: 3, packs: 2},
}

// Why the shop orders, for the supplier to read.
var (
	backDoor = words{"Please ring at the back door.", "Bitte an der Hintertür läuten."}
	holidays = words{"For the holidays: please deliver all of it at once.", "Für die Feiertage: bitte alles auf einmal liefern."}
)

// bought is a purchase that was made, and which wares are in it.
type bought struct {
	order *purchasing.PurchaseOrder
	wares []*ware
	each  []int64
}

// purchase sends what is ordered on a day, and puts on the shelf what comes.
func (b *books) purchase(date db.Date) {
	for i, p := range purchases {
		switch b.left {
		case p.sent:
			x := b.choose(date, p)
			b.bought[i] = x
			b.then(b.at(date, 16, 40), manager, func(tx *db.Tx) (err error) {
				x.order, err = purchasing.CreateIn(tx, b.wanted(p.supplier, x, backDoor))
				return err
			})
			b.then(b.at(date, 16, 55), manager, func(tx *db.Tx) (err error) {
				x.order, err = purchasing.SendIn(tx, x.order.ID, purchasing.PurchaseSending{})
				return err
			})
		case p.came:
			if p.came > 0 {
				b.take(date, p, b.bought[i])
			}
		}
	}
}

// choose picks wares of a supplier of which the first store has plenty: what runs out is for the owner to order. What expires would come
// in lots, and is left to the deliveries.
func (b *books) choose(date db.Date, p purchase) *bought {
	x, s := &bought{}, suppliers[p.supplier]
	for _, w := range b.wares {
		if len(x.wares) == p.count {
			break
		}
		if w.fate.is != plenty || p.came > 0 && w.article.keeps > 0 || !w.inSeason(date) || !slices.Contains(s.brands, w.article.brand) {
			continue
		}
		pack := s.pack
		if box, ok := boxes[w.key()]; ok {
			pack = box
		}
		x.wares, x.each = append(x.wares, w), append(x.each, p.packs*pack)
	}
	return x
}

// wanted is a draft for the first store.
func (b *books) wanted(supplier int, x *bought, note words) purchasing.NewPurchase {
	in := purchasing.NewPurchase{SupplierID: b.partners[supplier], LocationID: b.stores[0], Note: note.in(b.language)}
	for i, w := range x.wares {
		in.Lines = append(in.Lines, purchasing.NewPurchaseLine{VariantID: w.id, Quantity: x.each[i]})
	}
	return in
}

// take puts what came on the shelf of the first store.
func (b *books) take(date db.Date, p purchase, x *bought) {
	in := purchasing.PurchaseReceipt{Freight: b.amount(p.freight)}
	for i, w := range x.wares {
		q := x.each[i]
		if p.part {
			q /= 2
		}
		w.stock[0] += q
		in.Lines = append(in.Lines, purchasing.PurchaseArrival{Quantity: q})
	}
	b.then(b.at(date, 8, 20), manager, func(tx *db.Tx) error {
		for i := range in.Lines {
			in.Lines[i].LineID = x.order.Lines[i].ID
		}
		_, err := purchasing.ReceiveIn(tx, x.order.ID, in)
		return err
	})
}

// thinkOfOrder is what somebody will order at a supplier, and is not done with.
func (b *books) thinkOfOrder() {
	const supplier = 2
	x := b.choose(b.settings.Today(b.until), purchase{supplier: supplier, count: 3, packs: 2})
	b.then(b.until.Add(-100*time.Minute), manager, func(tx *db.Tx) error {
		_, err := purchasing.CreateIn(tx, b.wanted(supplier, x, holidays))
		return err
	})
}
