package stock

import (
	"context"

	"onhand/db"
)

// Check looks for levels, costs and reservations that their rows do not explain.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	const row = `'variant ' || lv.variant_id || ' at location ' || lv.location_id`
	return db.Look(ctx, d, []db.Rule{
		{Name: "on hand is the sum of the ledger", Query: `SELECT ` + row + `, 'On hand is ' || lv.on_hand || ', the ledger says ' || coalesce(m.sum, 0) || '.'
			FROM levels lv LEFT JOIN (SELECT variant_id, location_id, sum(delta) AS sum FROM movements GROUP BY 1, 2) m
			USING (variant_id, location_id) WHERE lv.on_hand <> coalesce(m.sum, 0)`},
		{Name: "every movement has a level", Query: `SELECT DISTINCT 'variant ' || variant_id || ' at location ' || location_id, 'It has movements but no level.'
			FROM movements WHERE (variant_id, location_id) NOT IN (SELECT variant_id, location_id FROM levels)`},
		{Name: "each movement's balance follows from the one before", Query: `SELECT 'movement ' || id, 'Its balance is ' || balance || ', ' || (before + delta) || ' would follow.'
			FROM (SELECT id, delta, balance, coalesce(lag(balance) OVER (PARTITION BY variant_id, location_id ORDER BY id), 0) AS before FROM movements)
			WHERE balance <> before + delta`},
		{Name: "committed is what open reservations cover", Query: `SELECT ` + row + `, 'Committed is ' || lv.committed || ', reservations cover ' || coalesce(r.sum, 0) || '.'
			FROM levels lv LEFT JOIN (SELECT variant_id, location_id, sum(covered) AS sum FROM reservations GROUP BY 1, 2) r
			USING (variant_id, location_id) WHERE lv.committed <> coalesce(r.sum, 0)`},
		{Name: "backordered is what open reservations lack", Query: `SELECT ` + row + `, 'Backordered is ' || lv.backordered || ', reservations lack ' || coalesce(r.sum, 0) || '.'
			FROM levels lv LEFT JOIN (SELECT variant_id, location_id, sum(quantity - covered) AS sum FROM reservations GROUP BY 1, 2) r
			USING (variant_id, location_id) WHERE lv.backordered <> coalesce(r.sum, 0)`},
		{Name: "every reservation has a level", Query: `SELECT 'reservation ' || id, 'There is no level it could hold.' FROM reservations
			WHERE quantity > 0 AND (variant_id, location_id) NOT IN (SELECT variant_id, location_id FROM levels)`},
		{Name: "nobody waits for what is there", Query: `SELECT ` + row + `, lv.backordered || ' wait although ' || (lv.on_hand - lv.committed - lv.unavailable) || ' are available.'
			FROM levels lv WHERE lv.backordered > 0 AND lv.on_hand - lv.committed - lv.unavailable > 0`},
		{Name: "available is never negative", Query: `SELECT ` + row + `, 'On hand ' || lv.on_hand || ' is less than committed and set aside.'
			FROM levels lv WHERE lv.on_hand - lv.committed - lv.unavailable < 0 OR lv.on_hand < 0`},
		// Sums of a union, since SQLite has no index for a full join and would compare each row with each.
		{Name: "the quantity valued is the quantity on hand", Query: `SELECT 'variant ' || variant_id, sum(valued) || ' are valued, ' || sum(on_hand) || ' are on hand.'
			FROM (SELECT variant_id, quantity AS valued, 0 AS on_hand FROM costs UNION ALL SELECT variant_id, 0, on_hand FROM levels)
			GROUP BY variant_id HAVING sum(valued) <> sum(on_hand)`},
		{Name: "the value is the sum of the costs moved", Query: `SELECT 'variant ' || variant_id, 'Its value is ' || sum(value) || ', its movements cost ' || sum(moved) || '.'
			FROM (SELECT variant_id, value, 0 AS moved FROM costs UNION ALL SELECT variant_id, 0, cost FROM movements)
			GROUP BY variant_id HAVING sum(value) <> sum(moved)`},
		{Name: "lots add up to what is on hand", Query: `SELECT ` + row + `, 'On hand are ' || lv.on_hand || ', its lots hold ' || coalesce(l.sum, 0) || '.'
			FROM levels lv JOIN variants v ON v.id = lv.variant_id LEFT JOIN (SELECT variant_id, location_id, sum(quantity) AS sum FROM lots GROUP BY 1, 2) l
			USING (variant_id, location_id) WHERE coalesce(l.sum, 0) <> iif(v.tracks_lots, lv.on_hand, 0)`},
		{Name: "what is set aside of lots adds up", Query: `SELECT ` + row + `, lv.unavailable || ' are set aside, ' || coalesce(l.sum, 0) || ' of its lots.'
			FROM levels lv JOIN variants v ON v.id = lv.variant_id LEFT JOIN (SELECT variant_id, location_id, sum(unavailable) AS sum FROM lots GROUP BY 1, 2) l
			USING (variant_id, location_id) WHERE v.tracks_lots = 1 AND coalesce(l.sum, 0) <> lv.unavailable`},
		{Name: "every lot has a level", Query: `SELECT 'lot ' || id, 'It holds ' || quantity || ' where there is no level.' FROM lots
			WHERE quantity > 0 AND (variant_id, location_id) NOT IN (SELECT variant_id, location_id FROM levels)`},
		{Name: "a lot is what moved into and out of it", Query: `SELECT 'lot ' || l.id, 'It holds ' || l.quantity || ', ' || (l.adopted + coalesce(m.sum, 0)) || ' would follow.'
			FROM lots l LEFT JOIN (SELECT lot_id, sum(delta) AS sum FROM lot_movements GROUP BY 1) m ON m.lot_id = l.id
			WHERE l.quantity <> l.adopted + coalesce(m.sum, 0)`},
		{Name: "a movement is what its lots say", Query: `SELECT 'movement ' || m.id, 'It moved ' || m.delta || ', its lots ' || s.sum || '.'
			FROM (SELECT movement_id, sum(delta) AS sum FROM lot_movements GROUP BY 1) s JOIN movements m ON m.id = s.movement_id WHERE s.sum <> m.delta`},
	})
}
