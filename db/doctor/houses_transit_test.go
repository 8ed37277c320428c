package doctor_test

import (
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/stock"
)

// drawGoods draws one or two variants.
func drawGoods(rt *rapid.T) []int {
	return rapid.SliceOfNDistinct(rapid.IntRange(0, variants-1), 1, 2, rapid.ID).Draw(rt, "goods")
}

func (w *houses) draftTransfer(rt *rapid.T) {
	t := houseTransfer{stage: drafted, from: rapid.IntRange(0, len(w.stores)-1).Draw(rt, "from")}
	if rapid.Bool().Draw(rt, "from where there is some") {
		t.from = 0
	}
	t.to = (t.from + rapid.IntRange(1, len(w.stores)-1).Draw(rt, "to")) % len(w.stores)
	in := stock.NewTransfer{FromLocationID: w.stores[t.from], ToLocationID: w.stores[t.to]}
	for _, v := range drawGoods(rt) {
		q := rapid.Int64Range(1, 9).Draw(rt, "quantity")
		t.lines = append(t.lines, transferLine{variant: v, quantity: q})
		in.Lines = append(in.Lines, stock.NewTransferLine{VariantID: w.goods[v], Quantity: q})
	}
	w.both(rt, func(h *house) string {
		h.transfers = append(h.transfers, t)
		return ""
	}, func() error {
		made, err := stock.CreateTransfer(w.ctx(), w.s.DB, in)
		if err == nil {
			t.id = made.ID
			for i, l := range made.Lines {
				t.lines[i].id = l.ID
			}
		}
		return err
	})
	w.transfers[len(w.transfers)-1] = t
}

func (w *houses) moveTransfer(rt *rapid.T) {
	n := drawOf(rt, len(w.transfers), "transfer")
	t := w.transfers[n]
	switch to := rapid.IntRange(0, 5).Draw(rt, "to"); {
	case to == 0:
		w.both(rt, func(h *house) string { return h.dropTransfer(n) }, func() error {
			_, err := stock.CancelTransfer(w.ctx(), w.s.DB, t.id, stock.TransferMove{})
			return err
		})
	case to == 1 || t.stage == drafted:
		w.both(rt, func(h *house) string { return h.sendTransfer(n) }, func() error {
			_, err := stock.ShipTransfer(w.ctx(), w.s.DB, t.id, stock.TransferShipment{})
			return err
		})
	default:
		came, lost := make([]int64, len(t.lines)), make([]int64, len(t.lines))
		var in stock.TransferReceipt
		for i, l := range t.lines {
			came[i] = rapid.Int64Range(0, l.quantity-l.came).Draw(rt, "came")
			lost[i] = rapid.Int64Range(0, l.quantity-l.came-came[i]).Draw(rt, "lost")
			if rapid.IntRange(0, 19).Draw(rt, "too many") == 0 {
				came[i]++
			}
			in.Lines = append(in.Lines, stock.ArrivingLine{LineID: l.id, Quantity: came[i], Missing: lost[i], Reason: stock.Lost})
		}
		w.both(rt, func(h *house) string { return h.receiveTransfer(n, came, lost) }, func() error {
			_, err := stock.ReceiveTransfer(w.ctx(), w.s.DB, t.id, in)
			return err
		})
	}
}

func (w *houses) draftPurchase(rt *rapid.T) {
	p := housePurchase{stage: drafted, store: rapid.IntRange(0, len(w.stores)-1).Draw(rt, "store")}
	in := purchasing.NewPurchase{SupplierID: w.supplier, LocationID: w.stores[p.store]}
	for _, v := range drawGoods(rt) {
		l := purchaseLine{variant: v, quantity: rapid.Int64Range(1, 8).Draw(rt, "quantity"), unit: rapid.Int64Range(0, 200).Draw(rt, "cost")}
		p.lines = append(p.lines, l)
		in.Lines = append(in.Lines, purchasing.NewPurchaseLine{VariantID: w.goods[v], Quantity: l.quantity, UnitCost: ptr(money.Amount(l.unit))})
	}
	w.both(rt, func(h *house) string {
		h.purchases = append(h.purchases, p)
		return ""
	}, func() error {
		made, err := purchasing.Create(w.ctx(), w.s.DB, in)
		if err == nil {
			p.id = made.ID
			for i, l := range made.Lines {
				p.lines[i].id = l.ID
			}
		}
		return err
	})
	w.purchases[len(w.purchases)-1] = p
}

func (w *houses) movePurchase(rt *rapid.T) {
	n := drawOf(rt, len(w.purchases), "purchase")
	p := w.purchases[n]
	switch to := rapid.IntRange(0, 7).Draw(rt, "to"); {
	case to == 0:
		w.both(rt, func(h *house) string { return h.dropPurchase(n) }, func() error {
			_, err := purchasing.Cancel(w.ctx(), w.s.DB, p.id, purchasing.PurchaseMove{})
			return err
		})
	case to == 1 || p.stage == drafted:
		w.both(rt, func(h *house) string { return h.sendPurchase(n) }, func() error {
			_, err := purchasing.Send(w.ctx(), w.s.DB, p.id, purchasing.PurchaseSending{Mail: ptr(false)})
			return err
		})
	default:
		w.receiveSome(rt, n)
	}
}

// receiveSome draws what came of a purchase: the same line may be of two lots, and more may come than was ordered.
func (w *houses) receiveSome(rt *rapid.T, n int) {
	p := w.purchases[n]
	in := purchasing.PurchaseReceipt{Freight: money.Amount(rapid.Int64Range(0, 100).Draw(rt, "freight")), AllowOver: rapid.Bool().Draw(rt, "allow over")}
	var came []delivery
	for range rapid.IntRange(1, 3).Draw(rt, "rows") {
		d := delivery{line: int64(rapid.IntRange(0, len(p.lines)-1).Draw(rt, "line")), quantity: rapid.Int64Range(1, 6).Draw(rt, "quantity")}
		l := p.lines[d.line]
		if tracksLots(l.variant) {
			d.name, d.expires = w.drawLot(rt)
		}
		came = append(came, d)
		in.Lines = append(in.Lines, purchasing.PurchaseArrival{LineID: l.id, Quantity: d.quantity, Lot: d.name, ExpiresOn: db.Date(d.expires)})
	}
	w.both(rt, func(h *house) string { return h.receivePurchase(n, came, int64(in.Freight), in.AllowOver) }, func() error {
		_, err := purchasing.Receive(w.ctx(), w.s.DB, p.id, in)
		return err
	})
}

// drawLot draws the name of a lot and the day on which it expires; either may be missing, and the day may be over.
func (w *houses) drawLot(rt *rapid.T) (name, expires string) {
	name = rapid.SampledFrom([]string{"", "A", "B"}).Draw(rt, "lot")
	if in := rapid.IntRange(-1, 4).Draw(rt, "days"); in < 4 {
		expires = string(db.Date(w.today).AddDays(in))
	}
	return name, expires
}
