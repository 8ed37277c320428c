package stock

import (
	"context"

	"onhand/db"
)

// What stock_days and cost_days hold, from the ledger.
const (
	daysOfLedger = `SELECT d.variant_id, d.location_id, d.date,
			CAST(iif(f.balance > f.delta, coalesce(julianday(d.date) - julianday(lag(d.date) OVER (PARTITION BY d.variant_id, d.location_id ORDER BY d.date)) - 1, 0), 0) AS INTEGER) AS carried,
			l.balance AS closing, d.sold
		FROM (SELECT variant_id, location_id, date, min(id) AS first, max(id) AS last,
				sum(iif(reason = 'sale' OR reason = 'reversal' AND document_type = 'order', -delta, 0)) AS sold
			FROM (SELECT *, max(business_date) OVER (PARTITION BY variant_id, location_id ORDER BY id) AS date FROM movements) GROUP BY 1, 2, 3) d
		JOIN movements f ON f.id = d.first JOIN movements l ON l.id = d.last`
	valuesOfLedger = `SELECT variant_id, date, quantity, value FROM (SELECT variant_id, business_date AS date, row_number() OVER (PARTITION BY variant_id, business_date ORDER BY id DESC) AS n,
			sum(delta) OVER (PARTITION BY variant_id ORDER BY id) AS quantity, sum(cost) OVER (PARTITION BY variant_id ORDER BY id) AS value FROM movements) WHERE n = 1`
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
		{Name: "a day's stock is what its movements left", Query: `SELECT DISTINCT 'variant ' || variant_id || ' at location ' || location_id || ' on ' || date, 'It is not what the ledger says.'
			FROM (SELECT * FROM (SELECT variant_id, location_id, date, carried, closing, sold FROM stock_days EXCEPT ` + daysOfLedger + `)
				UNION ALL SELECT * FROM (` + daysOfLedger + ` EXCEPT SELECT variant_id, location_id, date, carried, closing, sold FROM stock_days))`},
		{Name: "a day's value is what its movements left", Query: `SELECT DISTINCT 'variant ' || variant_id || ' on ' || date, 'It is not what the ledger says.'
			FROM (SELECT * FROM (SELECT variant_id, date, quantity, value FROM cost_days EXCEPT ` + valuesOfLedger + `)
				UNION ALL SELECT * FROM (` + valuesOfLedger + ` EXCEPT SELECT variant_id, date, quantity, value FROM cost_days))`},
		{Name: "lots add up to what is on hand", Query: `SELECT ` + row + `, 'On hand are ' || lv.on_hand || ', its lots hold ' || coalesce(l.sum, 0) || '.'
			FROM levels lv JOIN variants v ON v.id = lv.variant_id LEFT JOIN (SELECT variant_id, location_id, sum(quantity) AS sum FROM lots GROUP BY 1, 2) l
			USING (variant_id, location_id) WHERE coalesce(l.sum, 0) <> iif(v.tracks_lots, lv.on_hand, 0)`},
		{Name: "what is set aside of lots adds up", Query: `SELECT ` + row + `, lv.unavailable || ' are set aside, ' || coalesce(l.sum, 0) || ' of its lots.'
			FROM levels lv JOIN variants v ON v.id = lv.variant_id LEFT JOIN (SELECT variant_id, location_id, sum(unavailable) AS sum FROM lots GROUP BY 1, 2) l
			USING (variant_id, location_id) WHERE v.tracks_lots = 1 AND coalesce(l.sum, 0) <> lv.unavailable`},
		{Name: "what is set aside has a reason", Query: `SELECT ` + row + `, lv.unavailable || ' are set aside, ' || coalesce(a.sum, 0) || ' for a reason.'
			FROM levels lv LEFT JOIN (SELECT variant_id, location_id, sum(quantity) AS sum FROM (SELECT variant_id, location_id, quantity FROM asides
				UNION ALL SELECT variant_id, location_id, unavailable FROM lots WHERE expired_at IS NOT NULL) GROUP BY 1, 2) a
			USING (variant_id, location_id) WHERE lv.unavailable <> coalesce(a.sum, 0)`},
		{Name: "what is set aside of a lot has a reason", Query: `SELECT 'lot ' || l.id, l.unavailable || ' are set aside, ' || coalesce(a.sum, 0) || ' for a reason.'
			FROM lots l LEFT JOIN (SELECT lot_id, sum(quantity) AS sum FROM asides GROUP BY 1) a ON a.lot_id = l.id
			WHERE coalesce(a.sum, 0) <> iif(l.expired_at IS NULL, l.unavailable, 0)`},
		{Name: "what is set aside of what tracks lots is of a lot", Query: `SELECT 'variant ' || a.variant_id || ' at location ' || a.location_id, a.quantity || ' are set aside of lot ' || a.lot_id || '.'
			FROM asides a JOIN variants v ON v.id = a.variant_id WHERE a.quantity > 0 AND (a.lot_id > 0) <> v.tracks_lots`},
		{Name: "what is set aside is what was set aside and not given back", Query: `SELECT 'variant ' || variant_id || ' at location ' || location_id, sum(quantity) || ' are set aside (' || reason || '), ' || sum(steps) || ' would follow.'
			FROM (SELECT variant_id, location_id, reason, quantity, 0 AS steps FROM asides UNION ALL SELECT variant_id, location_id, reason, 0, delta FROM aside_steps)
			GROUP BY variant_id, location_id, reason HAVING sum(quantity) <> sum(steps)`},
		{Name: "every lot has a level", Query: `SELECT 'lot ' || id, 'It holds ' || quantity || ' where there is no level.' FROM lots
			WHERE quantity > 0 AND (variant_id, location_id) NOT IN (SELECT variant_id, location_id FROM levels)`},
		{Name: "a lot is what moved into and out of it", Query: `SELECT 'lot ' || l.id, 'It holds ' || l.quantity || ', ' || (l.adopted + coalesce(m.sum, 0)) || ' would follow.'
			FROM lots l LEFT JOIN (SELECT lot_id, sum(delta) AS sum FROM lot_movements GROUP BY 1) m ON m.lot_id = l.id
			WHERE l.quantity <> l.adopted + coalesce(m.sum, 0)`},
		{Name: "incoming is what is on its way", Query: `SELECT 'variant ' || variant_id || ' at location ' || location_id, sum(incoming) || ' are incoming, ' || sum(on_way) || ' on their way.'
			FROM (SELECT variant_id, location_id, incoming, 0 AS on_way FROM levels UNION ALL SELECT variant_id, location_id, 0, quantity FROM incoming)
			GROUP BY variant_id, location_id HAVING sum(incoming) <> sum(on_way)`},
		{Name: "what a transfer brings is on its way", Query: `SELECT 'transfer ' || transfer_id || ', variant ' || variant_id, sum(on_way) || ' of it are on their way, ' || sum(incoming) || ' are expected.'
			FROM (SELECT l.transfer_id, l.variant_id, t.to_location_id AS location_id, l.on_way, 0 AS incoming FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id
				UNION ALL SELECT document_id, variant_id, location_id, 0, quantity FROM incoming WHERE document_type = 'transfer')
			GROUP BY transfer_id, variant_id, location_id HAVING sum(on_way) <> sum(incoming)`},
		{Name: "a transfer is where its lines are", Query: `SELECT 'transfer ' || t.id, 'It is ' || t.status || '; of ' || sum(l.quantity) || ' ' || sum(l.on_way) || ' are on their way.'
			FROM transfers t JOIN transfer_lines l ON l.transfer_id = t.id GROUP BY t.id
			HAVING CASE WHEN t.status IN ('draft', 'cancelled') THEN sum(l.on_way + l.received + l.missing) <> 0
				WHEN t.status = 'shipped' THEN sum(l.on_way) <> sum(l.quantity)
				WHEN t.status = 'received' THEN sum(l.received + l.missing) <> sum(l.quantity)
				ELSE sum(l.on_way) = 0 OR sum(l.on_way + l.received + l.missing) <> sum(l.quantity) END`},
		{Name: "a transfer moved what its lines say", Query: `SELECT 'transfer line ' || l.id, 'Of its ' || l.quantity || ' the ledger says that ' || coalesce(-m.gone, 0) || ' left and ' || coalesce(m.came, 0) || ' came; or it values them otherwise.'
			FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id LEFT JOIN (
				SELECT m.document_id, m.variant_id, sum(iif(m.location_id = t.from_location_id, m.delta, 0)) AS gone, sum(iif(m.location_id = t.from_location_id, m.cost, 0)) AS worth,
					sum(iif(m.location_id = t.to_location_id, m.delta, 0)) AS came, sum(iif(m.location_id = t.to_location_id AND m.delta > 0, m.cost, 0)) AS arrived
				FROM movements m JOIN transfers t ON t.id = m.document_id WHERE m.document_type = 'transfer' GROUP BY 1, 2) m ON m.document_id = t.id AND m.variant_id = l.variant_id
			WHERE (coalesce(-m.gone, 0), coalesce(-m.worth, 0), coalesce(m.came, 0), coalesce(m.arrived, 0)) IS NOT (l.on_way + l.received + l.missing, l.cost, l.received, l.arrived)`},
		{Name: "the lots of a transfer are on their way with it", Query: `SELECT 'transfer line ' || l.id, l.on_way || ' of it are on their way, ' || sum(o.on_way) || ' of its lots.'
			FROM transfer_lots o JOIN transfer_lines l ON l.id = o.line_id GROUP BY l.id HAVING sum(o.on_way) <> l.on_way`},
		{Name: "a count is the sum of its lines", Query: `SELECT 'count ' || c.number, 'It says ' || c.lines || ' lines, ' || c.over || ' over and ' || c.short || ' short; its lines say otherwise.'
			FROM counts c LEFT JOIN (SELECT count_id, count(*) AS lines, sum(variance = 0) AS matching, sum(counted) AS units, sum(max(variance, 0)) AS over, -sum(min(variance, 0)) AS short,
				sum(max(cost, 0)) AS cost_over, -sum(min(cost, 0)) AS cost_short FROM count_lines GROUP BY 1) x ON x.count_id = c.id
			WHERE (c.lines, c.matching, c.units, c.over, c.short, c.cost_over, c.cost_short) IS NOT (coalesce(x.lines, 0), coalesce(x.matching, 0), coalesce(x.units, 0),
				coalesce(x.over, 0), coalesce(x.short, 0), coalesce(x.cost_over, 0), coalesce(x.cost_short, 0))`},
		{Name: "a count moved what its lines say", Query: `SELECT 'count ' || count_id || ', variant ' || variant_id, 'Its lines brought ' || sum(said) || ' onto the books, the ledger says ' || sum(moved) || '; or it values them otherwise.'
			FROM (SELECT count_id, variant_id, applied AS said, cost AS worth, 0 AS moved, 0 AS cost FROM count_lines WHERE posted_at IS NOT NULL
				UNION ALL SELECT document_id, variant_id, 0, 0, delta, cost FROM movements WHERE document_type = 'count')
			GROUP BY count_id, variant_id HAVING sum(said) <> sum(moved) OR sum(worth) <> sum(cost)`},
		{Name: "a count is posted when its lines are", Query: `SELECT 'count ' || c.number, 'It is ' || c.status || ', and ' || sum(x.posted_at IS NULL) || ' of its ' || count(*) || ' lines are not on the books.'
			FROM counts c JOIN count_lines x ON x.count_id = c.id GROUP BY c.id
			HAVING CASE c.status WHEN 'posting' THEN 0 WHEN 'posted' THEN sum(x.posted_at IS NULL) > 0 ELSE sum(x.posted_at IS NOT NULL) > 0 END`},
		{Name: "an adjustment moved something", Query: `SELECT 'adjustment ' || id, 'It moved nothing.' FROM adjustments
			WHERE id NOT IN (SELECT document_id FROM movements WHERE document_type = 'adjustment')`},
		{Name: "an adjustment moved what is at its location", Query: `SELECT 'movement ' || m.id, 'Adjustment ' || m.document_id || ' is of another location, or not there.'
			FROM movements m LEFT JOIN adjustments a ON a.id = m.document_id WHERE m.document_type = 'adjustment' AND a.location_id IS NOT m.location_id`},
		{Name: "an undone adjustment was taken back whole", Query: `SELECT 'adjustment ' || a.id, 'Of variant ' || m.variant_id || ' it moved ' || sum(m.delta) || ' in all, ' || sum(m.reason = 'reversal') || ' of ' || count(*) || ' times back.'
			FROM adjustments a JOIN movements m ON m.document_type = 'adjustment' AND m.document_id = a.id GROUP BY a.id, m.variant_id
			HAVING iif(a.undone_at IS NULL, sum(m.reason = 'reversal') > 0, sum(m.delta) <> 0 OR 2 * sum(m.reason = 'reversal') <> count(*))`},
		{Name: "a movement is what its lots say", Query: `SELECT 'movement ' || m.id, 'It moved ' || m.delta || ', its lots ' || s.sum || '.'
			FROM (SELECT movement_id, sum(delta) AS sum FROM lot_movements GROUP BY 1) s JOIN movements m ON m.id = s.movement_id WHERE s.sum <> m.delta`},
	})
}
