package purchasing

import (
	"context"

	"onhand/db"
)

// Check looks for orders that their lines, the stock or the ledger do not explain.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.Look(ctx, d, []db.Rule{
		{Name: "an order is where its lines are", Query: `SELECT 'purchase order ' || p.id, 'It is ' || p.status || '; of ' || sum(l.quantity) || ' ' || sum(l.on_way) || ' are on their way.'
			FROM purchase_orders p JOIN purchase_lines l ON l.purchase_id = p.id GROUP BY p.id
			HAVING CASE p.status WHEN 'draft' THEN sum(l.on_way + l.received + l.cancelled) <> 0
				WHEN 'sent' THEN sum(l.on_way) <> sum(l.quantity) OR sum(l.received) > 0
				WHEN 'partially_received' THEN sum(l.on_way) = 0 OR sum(l.received) = 0 OR sum(l.cancelled) > 0
				WHEN 'received' THEN sum(l.on_way + l.cancelled) > 0
				ELSE sum(l.on_way) > 0 OR (p.number IS NULL AND sum(l.received + l.cancelled) > 0) END`},
		{Name: "every order has lines", Query: `SELECT 'purchase order ' || id, 'It orders nothing.' FROM purchase_orders WHERE id NOT IN (SELECT purchase_id FROM purchase_lines)`},
		{Name: "what an order brings is on its way", Query: `SELECT 'purchase order ' || purchase_id || ', variant ' || variant_id, sum(on_way) || ' of it are on their way, ' || sum(incoming) || ' are expected.'
			FROM (SELECT l.purchase_id, l.variant_id, p.location_id, l.on_way, 0 AS incoming FROM purchase_lines l JOIN purchase_orders p ON p.id = l.purchase_id
				UNION ALL SELECT document_id, variant_id, location_id, 0, quantity FROM incoming WHERE document_type = 'purchase')
			GROUP BY purchase_id, variant_id, location_id HAVING sum(on_way) <> sum(incoming)`},
		{Name: "what an order brings is expected when it is", Query: `SELECT 'purchase order ' || p.id, 'It is expected on ' || coalesce(p.expected_on, 'no day') || ', its goods on ' || coalesce(i.expected_on, 'no day') || '.'
			FROM incoming i JOIN purchase_orders p ON p.id = i.document_id WHERE i.document_type = 'purchase' AND i.expected_on IS NOT p.expected_on`},
		{Name: "an order brought what its lines say", Query: `SELECT 'purchase order ' || purchase_id || ', variant ' || variant_id, 'Its line received ' || sum(said) || ', the ledger says ' || sum(moved) || '; or it values them otherwise.'
			FROM (SELECT purchase_id, variant_id, received AS said, goods_cost + extra_cost AS worth, 0 AS moved, 0 AS cost FROM purchase_lines
				UNION ALL SELECT document_id, variant_id, 0, 0, delta, cost FROM movements WHERE document_type = 'purchase')
			GROUP BY purchase_id, variant_id HAVING sum(said) <> sum(moved) OR sum(worth) <> sum(cost)`},
		{Name: "freight and duty are on the lines", Query: `SELECT 'purchase order ' || p.id, 'Freight and duty came to ' || (p.freight + p.duty) || ', its lines bear ' || sum(l.extra_cost) || '.'
			FROM purchase_orders p JOIN purchase_lines l ON l.purchase_id = p.id GROUP BY p.id HAVING p.freight + p.duty <> sum(l.extra_cost)`},
		{Name: "a lead time is what its receipts took", Query: `SELECT 'purchase order ' || p.id, 'It says ' || coalesce(p.lead_days, 'nothing') || ' days; its receipts say otherwise.'
			FROM purchase_orders p JOIN purchase_lines l ON l.purchase_id = p.id GROUP BY p.id
			HAVING p.lead_days IS NOT iif(p.closed_at IS NULL OR sum(l.received) = 0, NULL, (2 * sum(l.waited) + sum(l.received)) / (2 * sum(l.received)))
				OR sum(l.lead_days IS NOT iif(l.on_way > 0 OR l.received = 0, NULL, (2 * l.waited + l.received) / (2 * l.received))) > 0`},
	})
}
