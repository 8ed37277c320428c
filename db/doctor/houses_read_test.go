package doctor_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"onhand/db"
)

// said is a transfer in words: its status, and of each line what is on its way, came and was given up.
func (t houseTransfer) said() string {
	status, lines := string(t.stage), ""
	came := int64(0)
	for _, l := range t.lines {
		came += l.came
		onWay := l.quantity - l.came
		if t.stage == drafted || t.stage == calledOff {
			onWay = 0
		}
		lines += fmt.Sprintf(" %d+%d-%d", onWay, l.received, l.given)
	}
	if t.stage == underWay {
		status = "shipped"
		if came > 0 {
			status = "partially_received"
		}
	}
	return status + lines
}

// said is a purchase in words, as a transfer.
func (p housePurchase) said() string {
	status, lines := string(p.stage), ""
	came := int64(0)
	for _, l := range p.lines {
		came += l.received
		lines += fmt.Sprintf(" %d+%d", l.onWay, l.received)
	}
	if p.stage == underWay {
		status = "sent"
		if came > 0 {
			status = "partially_received"
		}
	}
	return status + lines
}

// read are the books of the shop, as far as they are of the goods of this model.
func (w *houses) read(rt *rapid.T) books {
	b := books{map[spot]shelf{}, map[string]kept{}, map[int]worth{}, map[int]worth{}, map[int64]claim{}, map[string]string{}, map[string][2]int64{}}
	first, last := w.goods[0], w.goods[variants-1]
	at := func(variant, location int64) spot {
		return spot{int(variant - first), slices.Index(w.stores, location)}
	}
	err := db.Read(w.s.Ctx, w.s.DB, func(tx *db.Tx) error {
		var levels []struct {
			VariantID, LocationID int64
			shelf                 `bun:",extend"`
		}
		if err := tx.Select(&levels, `SELECT variant_id, location_id, on_hand, committed, unavailable, backordered, incoming,
				(SELECT count(*) FROM movements m WHERE m.variant_id = l.variant_id AND m.location_id = l.location_id) AS moves,
				(SELECT coalesce(sum(delta), 0) FROM movements m WHERE m.variant_id = l.variant_id AND m.location_id = l.location_id) AS moved,
				(SELECT coalesce(sum(quantity), 0) FROM incoming i WHERE i.variant_id = l.variant_id AND i.location_id = l.location_id) AS coming
			FROM levels l WHERE variant_id BETWEEN ?1 AND ?2`, first, last); err != nil {
			return err
		}
		for _, l := range levels {
			if l.shelf != (shelf{}) {
				b.Shelves[at(l.VariantID, l.LocationID)] = l.shelf
			}
		}
		if err := w.readLots(tx, b.Lots, at); err != nil {
			return err
		}
		return w.readRest(tx, b, at)
	})
	if err != nil {
		rt.Fatal(err)
	}
	return b
}

func (w *houses) readLots(tx *db.Tx, into map[string]kept, at func(variant, location int64) spot) error {
	var lots []struct {
		VariantID, LocationID int64
		Lot, ExpiresOn        string
		kept                  `bun:",extend"`
	}
	const reason = "coalesce((SELECT sum(quantity) FROM asides a WHERE a.variant_id = l.variant_id AND a.location_id = l.location_id AND a.lot_id = l.id AND reason = "
	err := tx.Select(&lots, `SELECT variant_id, location_id, lot, iif(expires_on = 'never', '', expires_on) AS expires_on, quantity, unavailable,
			`+reason+`'damaged'), 0) AS broken, `+reason+`'quarantine'), 0) AS held
		FROM (SELECT id, variant_id, location_id, lot, expires_on, quantity, unavailable FROM lots WHERE quantity > 0
			UNION ALL SELECT 0, variant_id, location_id, '', 'never', 0, 0 FROM asides WHERE lot_id = 0 AND quantity > 0 GROUP BY 1, 2, 3) l
		WHERE variant_id BETWEEN ?1 AND ?2`, w.goods[0], w.goods[variants-1])
	for _, l := range lots {
		into[lotKey(at(l.VariantID, l.LocationID), houseLot{name: l.Lot, expires: l.ExpiresOn})] = l.kept
	}
	return err
}

// readRest reads what it is worth, who waits for it, and the documents that move it.
func (w *houses) readRest(tx *db.Tx, b books, at func(variant, location int64) spot) error {
	first, last := w.goods[0], w.goods[variants-1]
	var costs []struct{ VariantID, Quantity, Value, Moved, Cost int64 }
	if err := tx.Select(&costs, `SELECT variant_id, quantity, value, (SELECT sum(delta) FROM movements m WHERE m.variant_id = c.variant_id) AS moved,
			(SELECT sum(cost) FROM movements m WHERE m.variant_id = c.variant_id) AS cost
		FROM costs c WHERE variant_id BETWEEN ?1 AND ?2`, first, last); err != nil {
		return err
	}
	for _, c := range costs {
		v := at(c.VariantID, 0).variant
		b.Worth[v], b.Moved[v] = worth{c.Quantity, c.Value}, worth{c.Moved, c.Cost}
	}
	var claims []struct{ OrderID, Quantity, Covered int64 }
	if err := tx.Select(&claims, "SELECT order_id, quantity, covered FROM reservations WHERE variant_id BETWEEN ?1 AND ?2", first, last); err != nil {
		return err
	}
	for _, c := range claims {
		b.Claims[c.OrderID] = claim{quantity: c.Quantity, covered: c.Covered}
	}
	var papers []struct {
		Name, Status, Lines string
	}
	if err := tx.Select(&papers, `SELECT 'transfer ' || t.id AS name, t.status, group_concat(l.on_way || '+' || l.received || '-' || l.missing, ' ' ORDER BY l.id) AS lines
			FROM transfers t JOIN transfer_lines l ON l.transfer_id = t.id WHERE l.variant_id BETWEEN ?1 AND ?2 GROUP BY t.id
		UNION ALL SELECT 'purchase ' || p.id, p.status, group_concat(l.on_way || '+' || l.received, ' ' ORDER BY l.id)
			FROM purchase_orders p JOIN purchase_lines l ON l.purchase_id = p.id WHERE l.variant_id BETWEEN ?1 AND ?2 GROUP BY p.id`, first, last); err != nil {
		return err
	}
	for _, p := range papers {
		b.Papers[p.Name] = strings.TrimSpace(p.Status + " " + p.Lines)
	}
	var lines []struct {
		CountID, VariantID, LocationID, Counted, Variance int64
		Lot, ExpiresOn                                    *string
	}
	if err := tx.Select(&lines, `SELECT x.count_id, x.variant_id, c.location_id, x.counted, x.variance, o.lot, iif(o.expires_on = 'never', '', o.expires_on) AS expires_on
		FROM count_lines x JOIN counts c ON c.id = x.count_id LEFT JOIN lots o ON o.id = x.lot_id
		WHERE c.status = 'open' AND x.variant_id BETWEEN ?1 AND ?2`, first, last); err != nil {
		return err
	}
	for _, l := range lines {
		k, lot := at(l.VariantID, l.LocationID), "all"
		if l.Lot != nil {
			lot = lotKey(k, houseLot{name: *l.Lot, expires: *l.ExpiresOn})
		}
		b.Recounts[fmt.Sprint(l.CountID, "/", k.variant, "/", lot)] = [2]int64{l.Counted, l.Variance}
	}
	return nil
}
