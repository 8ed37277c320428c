package demo

import (
	"time"

	"onhand/db"
	"onhand/db/stock"
)

// crate is what the first store sends to the second: the transfer once it was made, and which wares are in it.
type crate struct {
	transfer *stock.Transfer
	wares    []*ware
	each     int64
}

// Why goods go from one store to the other.
var (
	forWindow  = words{"For the window. Please unpack before Saturday.", "Für das Schaufenster. Bitte vor Samstag auspacken."}
	forWeekend = words{"Restock before the weekend.", "Auffüllen vor dem Wochenende."}
)

// sendOver is what leaves for the second store after closing time: a box that will be unpacked whole, one of which something is missing,
// and one that is still on its way.
func (b *books) sendOver(date db.Date) {
	switch b.left {
	case 9:
		b.whole = b.pack(date, 0, 3, 4, forWeekend)
	case 4:
		b.broken = b.pack(date, 2, 3, 3, words{})
	case 1:
		b.pack(date, 1, 4, 3, forWindow)
	}
}

// unpack is what came in the box of the evening before. One piece of it is broken, and two of another are said to come later.
func (b *books) unpack(date db.Date) {
	when := b.midnight(date).Add(7*time.Hour + 45*time.Minute)
	switch b.left {
	case 8:
		b.arrive(b.whole, when, func(int) stock.ArrivingLine { return stock.ArrivingLine{Quantity: b.whole.each} })
	case 3:
		b.arrive(b.broken, when, func(i int) stock.ArrivingLine {
			switch i {
			case 0:
				return stock.ArrivingLine{Quantity: b.broken.each - 1, Missing: 1, Reason: stock.Damage}
			case 1:
				return stock.ArrivingLine{Quantity: b.broken.each - 2}
			}
			return stock.ArrivingLine{Quantity: b.broken.each}
		})
	}
}

// pack sends as many wares as there are of which the first store has plenty, after those that earlier boxes took.
func (b *books) pack(date db.Date, skip, count int, each int64, note words) *crate {
	x := &crate{each: each}
	for _, w := range b.wares {
		if w.fate.is != plenty || w.article.keeps > 0 || w.stock[0] < 3*each || !w.kept(1) || !w.inSeason(date) {
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		w.stock[0] -= each
		if x.wares = append(x.wares, w); len(x.wares) == count {
			break
		}
	}
	if len(x.wares) == 0 {
		return x
	}
	evening := b.midnight(date).Add(19*time.Hour + 20*time.Minute)
	b.then(evening, manager, func(tx *db.Tx) (err error) {
		x.transfer, err = stock.CreateTransferIn(tx, b.over(x.wares, each, note))
		return err
	})
	b.then(evening.Add(25*time.Minute), manager, func(tx *db.Tx) (err error) {
		x.transfer, err = stock.ShipTransferIn(tx, x.transfer.ID, stock.TransferShipment{})
		return err
	})
	return x
}

// over is a draft from the first store to the second.
func (b *books) over(wares []*ware, each int64, note words) stock.NewTransfer {
	in := stock.NewTransfer{FromLocationID: b.stores[0], ToLocationID: b.stores[1], Note: note.in(b.language)}
	for _, w := range wares {
		in.Lines = append(in.Lines, stock.NewTransferLine{VariantID: w.id, Quantity: each})
	}
	return in
}

// arrive puts what came of a box onto the shelf.
func (b *books) arrive(x *crate, when db.Time, came func(line int) stock.ArrivingLine) {
	if len(x.wares) == 0 {
		return
	}
	lines := make([]stock.ArrivingLine, len(x.wares))
	for i, w := range x.wares {
		lines[i] = came(i)
		w.stock[1] += lines[i].Quantity
	}
	b.then(when, manager, func(tx *db.Tx) error {
		for i, l := range x.transfer.Lines {
			lines[i].LineID = l.ID
		}
		_, err := stock.ReceiveTransferIn(tx, x.transfer.ID, stock.TransferReceipt{Lines: lines})
		return err
	})
}

// askOver is what the second store would like to have from the first.
func (b *books) askOver() {
	var wares []*ware
	for _, w := range b.wares {
		if w.kept(1) && w.article.keeps == 0 && w.stock[0] > w.stock[1]+6 {
			if wares = append(wares, w); len(wares) == 3 {
				break
			}
		}
	}
	if len(wares) == 0 {
		return
	}
	b.then(b.until.Add(-75*time.Minute), manager, func(tx *db.Tx) error {
		_, err := stock.CreateTransferIn(tx, b.over(wares, 4, words{}))
		return err
	})
}
