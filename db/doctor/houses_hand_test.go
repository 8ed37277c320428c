package doctor_test

import (
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/stock"
)

// lotID is the id of a lot in the shop, 0 for -1.
func (w *houses) lotID(rt *rapid.T, k spot, lot int) (id int64) {
	if lot < 0 {
		return 0
	}
	l := w.bay(k).lots[lot]
	expires := l.expires
	if expires == "" {
		expires = "never"
	}
	err := db.Read(w.s.Ctx, w.s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT id FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND lot = ?3 AND expires_on = ?4", []any{w.goods[k.variant], w.stores[k.store], l.name, expires}, &id)
	})
	if err != nil {
		rt.Fatal(err)
	}
	return id
}

// drawShelfLot draws a lot of what is there, or -1 for none in particular.
func (w *houses) drawShelfLot(rt *rapid.T, k spot) int {
	if n := len(w.bay(k).lots); tracksLots(k.variant) && n > 0 {
		return rapid.IntRange(-1, n-1).Draw(rt, "lot")
	}
	return -1
}

func (w *houses) adjustOne(rt *rapid.T) {
	in := adjustment{spot: w.drawSpot(rt), delta: rapid.Int64Range(-6, 8).Filter(func(d int64) bool { return d != 0 }).Draw(rt, "delta"), lot: -1, from: -1,
		correction: rapid.IntRange(0, 3).Draw(rt, "corrects") == 0, short: rapid.Bool().Draw(rt, "allow short")}
	if in.delta < 0 {
		if in.lot = w.drawShelfLot(rt, in.spot); rapid.IntRange(0, 2).Draw(rt, "of what is set aside") == 0 {
			in.from = rapid.IntRange(0, asides-1).Draw(rt, "reason")
		}
	} else {
		if tracksLots(in.variant) {
			in.name, in.expires = w.drawLot(rt)
		}
		if rapid.Bool().Draw(rt, "costs") {
			in.unit = ptr(rapid.Int64Range(0, 200).Draw(rt, "cost"))
		}
	}
	w.adjustTo(rt, in)
}

func (w *houses) adjustTo(rt *rapid.T, in adjustment) {
	l := stock.AdjustLine{VariantID: w.goods[in.variant], Delta: &in.delta, AllowShort: in.short, Lot: in.name, ExpiresOn: db.Date(in.expires), LotID: w.lotID(rt, in.spot, in.lot)}
	if in.unit != nil {
		l.UnitCost = ptr(money.Amount(*in.unit))
	}
	if in.from >= 0 {
		l.SetAside = asideReasons[in.from]
	}
	reason := stock.Received
	switch {
	case in.correction:
		reason = stock.Correction
	case in.delta < 0:
		reason = stock.Damage
	}
	var done *stock.Adjusted
	if w.both(rt, func(h *house) string { return h.adjust(in) }, func() (err error) {
		done, err = stock.Adjust(w.ctx(), w.s.DB, stock.Adjustment{LocationID: w.stores[in.store], Reason: reason, Lines: []stock.AdjustLine{l}})
		return err
	}) {
		w.adjusted[len(w.adjusted)-1].id = done.ID
	}
}

var asideReasons = [asides]stock.AsideReason{broken: stock.Damaged, held: stock.Quarantine}

func (w *houses) undoOne(rt *rapid.T) {
	n, short := drawOf(rt, len(w.adjusted), "adjustment"), rapid.Bool().Draw(rt, "allow short")
	w.both(rt, func(h *house) string { return h.undo(n, short) }, func() error {
		_, err := stock.UndoAdjustment(w.ctx(), w.s.DB, w.adjusted[n].id, stock.Undoing{AllowShort: short})
		return err
	})
}

func (w *houses) setOneAside(rt *rapid.T) {
	k, q, why := w.drawSpot(rt), rapid.Int64Range(1, 3).Draw(rt, "quantity"), rapid.IntRange(0, asides-1).Draw(rt, "reason")
	lot, short := w.drawShelfLot(rt, k), rapid.Bool().Draw(rt, "allow short")
	line := stock.AsideLine{VariantID: w.goods[k.variant], Quantity: q, LotID: w.lotID(rt, k, lot), AllowShort: short}
	in := stock.AsideChange{LocationID: w.stores[k.store], Reason: asideReasons[why], Lines: []stock.AsideLine{line}}
	if rapid.Bool().Draw(rt, "release") {
		w.both(rt, func(h *house) string { return h.release(k, q, lot, why) }, func() error {
			_, err := stock.ReleaseAside(w.ctx(), w.s.DB, in)
			return err
		})
		return
	}
	w.both(rt, func(h *house) string { return h.setAside(k, q, lot, why, short) }, func() error {
		_, err := stock.SetAside(w.ctx(), w.s.DB, in)
		return err
	})
}

func (w *houses) startCount(rt *rapid.T) {
	seldom(rt)
	store := rapid.IntRange(0, len(w.stores)-1).Draw(rt, "store")
	c := houseCount{store: store}
	w.both(rt, func(h *house) string {
		h.counts = append(h.counts, c)
		return ""
	}, func() error {
		made, err := stock.StartCount(w.ctx(), w.s.DB, stock.NewCount{LocationID: w.stores[store], VariantIDs: w.goods[:]})
		if err == nil {
			c.id = made.ID
		}
		return err
	})
	w.counts[len(w.counts)-1].id = c.id
}

func (w *houses) countOne(rt *rapid.T) {
	n, v := drawOf(rt, len(w.counts), "count"), rapid.IntRange(0, variants-1).Draw(rt, "variant")
	k := spot{v, w.counts[n].store}
	lot, typed := w.drawShelfLot(rt, k), rapid.Bool().Draw(rt, "typed")
	line := stock.CountedLine{VariantID: w.goods[v], LotID: w.lotID(rt, k, lot)}
	found := rapid.Int64Range(-2, 4).Draw(rt, "more")
	if line.Add = &found; typed {
		if found = rapid.Int64Range(0, 10).Draw(rt, "counted"); rapid.Bool().Draw(rt, "as the books say") {
			found = w.there(k, lot)
		}
		line.Add, line.Counted = nil, &found
	}
	w.both(rt, func(h *house) string { return h.count(n, v, lot, found, typed) }, func() error {
		_, err := stock.CountGoods(w.ctx(), w.s.DB, w.counts[n].id, stock.CountedGoods{Lines: []stock.CountedLine{line}})
		return err
	})
}

func (w *houses) endCount(rt *rapid.T) {
	n := drawOf(rt, len(w.counts), "count")
	if w.counts[n].over {
		rt.Skip("it is over")
	}
	if rapid.IntRange(0, 4).Draw(rt, "give up") == 0 {
		w.both(rt, func(h *house) string { return h.abandon(n) }, func() error {
			_, err := stock.AbandonCount(w.ctx(), w.s.DB, w.counts[n].id, stock.CountMove{})
			return err
		})
		return
	}
	w.both(rt, func(h *house) string { return h.post(n) }, func() error {
		_, err := stock.PostCount(w.ctx(), w.s.DB, w.counts[n].id, stock.CountPost{})
		return err
	})
}
