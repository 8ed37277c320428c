package sales

import (
	"context"

	"onhand/db"
)

// Check looks for orders whose sums, statuses or entries their rows do not say.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	const row = `'order ' || coalesce(o.number, 'draft ' || o.id)`
	found, err := db.Look(ctx, d, []db.Rule{
		{Name: "an order is the sum of its lines", Query: `SELECT ` + row + `, 'Its amounts are not the sums of its lines and shipping.'
			FROM orders o LEFT JOIN (SELECT order_id, sum(unit_price * quantity) AS gross, sum(discount + order_discount) AS discount, sum(tax) AS tax, sum(total) AS total
				FROM order_lines GROUP BY 1) l ON l.order_id = o.id
			WHERE (o.subtotal, o.discount, o.tax) IS NOT (l.gross, l.discount, l.tax + o.shipping_tax)
			OR o.total IS NOT l.total + o.shipping + iif(o.prices_include_tax, 0, o.shipping_tax)`},
		{Name: "a line is its price less discounts, with tax", Query: `SELECT 'order line ' || l.id, 'Its total is ' || l.total || '; that does not follow from its price, discounts and tax.'
			FROM order_lines l JOIN orders o ON o.id = l.order_id
			WHERE l.total <> l.unit_price * l.quantity - l.discount - l.order_discount + iif(o.prices_include_tax, 0, l.tax)`},
		{Name: "a discount code is used by the orders that hold it", Query: `SELECT 'discount code ' || c.code, 'It says ' || c.uses || ' uses, orders hold it ' || coalesce(o.held, 0) || ' times.'
			FROM discount_codes c LEFT JOIN (SELECT discount_code_id, count(*) AS held FROM orders
				WHERE discount_code_id IS NOT NULL AND status NOT IN ('draft', 'cancelled', 'expired') GROUP BY 1) o ON o.discount_code_id = c.id
			WHERE c.uses <> coalesce(o.held, 0)`},
		{Name: "paid and refunded are the sums of payments", Query: `SELECT ` + row + `, 'Its paid and refunded amounts are not those of its payments.'
			FROM orders o LEFT JOIN (SELECT order_id, sum(iif(kind = 'payment', amount, 0)) AS paid, sum(iif(kind = 'refund', amount, 0)) AS refunded
				FROM payments GROUP BY 1) p ON p.order_id = o.id
			WHERE (o.paid, o.refunded) IS NOT (coalesce(p.paid, 0), coalesce(p.refunded, 0))`},
		{Name: "due and payment status follow from the sums", Query: `SELECT ` + row + `, 'It is ' || payment_status || ' with ' || due || ' due; that does not follow from what was paid.'
			FROM (SELECT *, iif(status IN ('cancelled', 'expired'), 0, total - returned_total - allowances) AS owed, paid - refunded AS net FROM orders) o
			WHERE due <> max(0, owed - net) OR payment_status <> CASE WHEN net > owed THEN 'overpaid' WHEN refunded > 0 AND net = 0 THEN 'refunded'
				WHEN refunded > 0 THEN 'partially_refunded' WHEN owed <= net THEN 'paid' WHEN net > 0 THEN 'partially_paid' ELSE 'pending' END`},
		{Name: "fulfilment follows from the lines", Query: `SELECT ` + row + `, 'It is ' || o.fulfilment_status || '; that does not follow from its lines.'
			FROM orders o JOIN (SELECT order_id, sum(quantity) AS quantity, sum(fulfilled) AS fulfilled FROM order_lines GROUP BY 1) l ON l.order_id = o.id
			WHERE o.fulfilment_status <> CASE l.fulfilled WHEN 0 THEN 'unfulfilled' WHEN l.quantity THEN 'fulfilled' ELSE 'partially_fulfilled' END`},
		{Name: "only what waits for its first payment is held for a term", Query: `SELECT ` + row + `, 'It is ' || status || ' and ' || payment_status || ', and ' || iif(hold_until IS NULL, 'has no end of its hold.', 'still held for a term.')
			FROM orders o WHERE status = 'expired' AND (hold_until IS NULL OR hold_until > updated_at) OR status <> 'expired' AND hold_until IS NOT NULL AND (status <> 'placed' OR payment_status <> 'pending'
				OR EXISTS (SELECT 1 FROM fulfilments f WHERE f.order_id = o.id AND f.status IN ('packed', 'ready')))`},
		{Name: "completed means paid and fulfilled", Query: `SELECT ` + row + `, 'It is ' || o.status || ' with ' || o.due || ' due and is ' || o.fulfilment_status || '.'
			FROM orders o WHERE o.status IN ('confirmed', 'completed') AND (o.status = 'completed') <> (o.due = 0 AND o.fulfilment_status = 'fulfilled')`},
		{Name: "what has left is confirmed", Query: `SELECT ` + row + `, 'It is ' || o.status || ' and ' || o.fulfilment_status || '.'
			FROM orders o WHERE o.status IN ('draft', 'placed', 'cancelled', 'expired') AND o.fulfilment_status <> 'unfulfilled'`},
		{Name: "what left is what parcels carried", Query: `SELECT 'order line ' || l.id, 'It says ' || l.fulfilled || ' left, its parcels carried ' || coalesce(p.sum, 0) || '.'
			FROM order_lines l LEFT JOIN (SELECT fl.line_id, sum(fl.quantity) AS sum FROM fulfilment_lines fl JOIN fulfilments f ON f.id = fl.fulfilment_id
				WHERE f.status IN ('shipped', 'delivered', 'collected') GROUP BY 1) p ON p.line_id = l.id
			WHERE l.fulfilled <> coalesce(p.sum, 0)`},
		{Name: "nothing is packed twice", Query: `SELECT 'order line ' || l.id, 'Of ' || l.quantity || ', ' || l.fulfilled || ' left and ' || p.sum || ' are packed.'
			FROM order_lines l JOIN (SELECT fl.line_id, sum(fl.quantity) AS sum FROM fulfilment_lines fl JOIN fulfilments f ON f.id = fl.fulfilment_id
				WHERE f.status IN ('packed', 'ready') GROUP BY 1) p ON p.line_id = l.id
			WHERE l.fulfilled + p.sum > l.quantity`},
		{Name: "a reservation is of its line", Query: `SELECT 'reservation ' || r.id, 'It is not of the variant, order and store of its line.'
			FROM reservations r LEFT JOIN order_lines l ON l.id = r.line_id LEFT JOIN orders o ON o.id = l.order_id
			WHERE (r.order_id, r.order_number, r.variant_id, r.location_id) IS NOT (o.id, o.number, l.variant_id, o.location_id)`},
		{Name: "an open line reserves what has not left", Query: `SELECT 'order line ' || l.id, 'It reserves ' || coalesce(r.quantity, 0) || '.'
			FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN reservations r ON r.line_id = l.id
			WHERE coalesce(r.quantity, 0) <> iif(l.tracked AND o.status IN ('placed', 'confirmed', 'completed'), l.quantity - l.fulfilled, 0)`},
		{Name: "entries over time are the order's total", Query: `SELECT ` + row + `, 'Its sale entries sum to ' || coalesce(e.total, 0) || '.'
			FROM (SELECT *, status NOT IN ('draft', 'cancelled', 'expired') AS counts FROM orders) o
			JOIN (SELECT order_id, sum(quantity) AS quantity FROM order_lines GROUP BY 1) l ON l.order_id = o.id
			LEFT JOIN (SELECT order_id, sum(total) AS total, sum(tax) AS tax, sum(quantity) AS quantity FROM sale_entries WHERE kind IN ('sale', 'edit', 'cancel') GROUP BY 1) e ON e.order_id = o.id
			WHERE (coalesce(e.total, 0), coalesce(e.tax, 0), coalesce(e.quantity, 0)) IS NOT (o.counts * o.total, o.counts * o.tax, o.counts * l.quantity)`},
		{Name: "no more comes back than left", Query: `SELECT 'order line ' || l.id, 'Of ' || l.fulfilled || ' that left, ' || l.returned || ' came back and ' || r.open || ' are to.'
			FROM order_lines l JOIN (SELECT rl.line_id, sum(rl.quantity) AS open FROM return_lines rl JOIN returns r ON r.id = rl.return_id
				WHERE r.status IN ('requested', 'approved') GROUP BY 1) r ON r.line_id = l.id
			WHERE l.returned + r.open > l.fulfilled`},
		{Name: "what came back is what returns received", Query: `SELECT 'order line ' || line_id, sum(says) || ' came back, returns received ' || sum(came) || '.'
			FROM (SELECT id AS line_id, returned AS says, 0 AS came FROM order_lines WHERE returned > 0
				UNION ALL SELECT line_id, 0, sellable + quarantine + waste FROM return_lines) GROUP BY line_id HAVING sum(says) <> sum(came)`},
		{Name: "what came back of a line is a part of it, and all of it in the end", Query: `SELECT 'order line ' || l.id, 'What came back of ' || l.returned || ' of ' || l.quantity || ' is worth ' || b.total || ', the line ' || l.total || '.'
			FROM order_lines l JOIN (SELECT line_id, sum(total) AS total, sum(tax) AS tax FROM return_lines GROUP BY 1) b ON b.line_id = l.id
			WHERE l.returned > 0 AND (b.total > l.total OR b.tax > l.tax OR l.sealed_total > b.total OR l.sealed_tax > b.tax OR l.returned = l.quantity AND (b.total, b.tax) IS NOT (l.total, l.tax))`},
		{Name: "entries of a return are what it received", Query: `SELECT 'return ' || return_id, 'Its sale entries are not what it received.'
			FROM (SELECT return_id, line_id, sellable + quarantine + waste AS quantity, total, tax FROM return_lines
				UNION ALL SELECT return_id, line_id, quantity, total, tax FROM sale_entries WHERE kind = 'return')
			GROUP BY return_id, line_id HAVING (sum(quantity), sum(total), sum(tax)) IS NOT (0, 0, 0)`},
		{Name: "a return is the sum of its lines", Query: `SELECT 'return ' || r.id, 'It is worth ' || r.total || ', its lines ' || sum(l.total) || '.'
			FROM returns r JOIN return_lines l ON l.return_id = r.id GROUP BY r.id HAVING r.total <> sum(l.total)`},
		{Name: "what is not owed any more was returned or allowed", Query: `SELECT ` + row + `, 'Its returns or allowances are not those of its sale entries.'
			FROM orders o LEFT JOIN (SELECT order_id, -sum(iif(kind = 'return', total, 0)) AS returned, -sum(iif(kind = 'allowance', total, 0)) AS allowed
				FROM sale_entries WHERE kind IN ('return', 'allowance') GROUP BY 1) e ON e.order_id = o.id
			WHERE (o.returned_total, o.allowances) IS NOT (coalesce(e.returned, 0), coalesce(e.allowed, 0))`},
		{Name: "no line brings in less than nothing", Query: `SELECT 'order line ' || e.line_id, 'Its sale entries sum to ' || sum(e.total) || ' with ' || sum(e.tax) || ' of tax.'
			FROM sale_entries e WHERE e.line_id IS NOT NULL GROUP BY e.line_id HAVING sum(e.total) < 0 OR sum(e.tax) < 0`},
		{Name: "what should be in a till is what went through it", Query: `SELECT 'till ' || t.id, 'It says ' || t.expected || ', what went through it leaves ' || (t.float + coalesce(m.sum, 0)) || '.'
			FROM tills t LEFT JOIN (SELECT till_id, sum(amount) AS sum FROM (SELECT till_id, iif(kind = 'payment', amount, -amount) AS amount FROM payments WHERE till_id IS NOT NULL AND method = 'cash'
				UNION ALL SELECT till_id, iif(kind = 'paid_in', amount, -amount) FROM till_movements) GROUP BY 1) m ON m.till_id = t.id
			WHERE t.expected <> t.float + coalesce(m.sum, 0)`},
		{Name: "nothing goes through a closed till", Query: `SELECT 'till ' || t.id, 'It was closed, and ' || m.what || ' ' || m.id || ' went through it later.'
			FROM (SELECT till_id, 'payment' AS what, id, at FROM payments WHERE till_id IS NOT NULL UNION ALL SELECT till_id, 'movement', id, at FROM till_movements) m
			JOIN tills t ON t.id = m.till_id WHERE m.at > t.closed_at`},
		{Name: "invoices less credit notes are what the books said", Query: `SELECT kind || ' ' || number, 'With it ' || billed || ' is invoiced; the sale entries it counts in say ' || worth || '.'
			FROM (SELECT i.kind, i.number, sum(i.total) OVER of AS billed, sum(i.tax) OVER of AS billed_tax,
					(SELECT sum(total) FROM sale_entries e WHERE e.order_id = i.order_id AND e.id <= i.last_entry) AS worth,
					(SELECT sum(tax) FROM sale_entries e WHERE e.order_id = i.order_id AND e.id <= i.last_entry) AS worth_tax
				FROM invoices i WINDOW of AS (PARTITION BY i.order_id ORDER BY i.id))
			WHERE (billed, billed_tax) IS NOT (worth, worth_tax)`},
		{Name: "an issued document is the sum of its lines", Query: `SELECT i.kind || ' ' || i.number, 'It is over ' || i.total || '; that is not what it prints.'
			FROM invoices i JOIN (SELECT i.id, sum(l.value ->> 'total') AS total, sum(l.value ->> 'tax') AS tax FROM invoices i, json_each(i.facts, '$.lines') l GROUP BY 1) l ON l.id = i.id
			WHERE (i.total, i.tax, i.total, i.tax) IS NOT (l.total, l.tax, i.facts ->> 'total', i.facts ->> 'tax')`},
		{Name: "the numbers of a series have no gap", Query: `SELECT 'series ' || i.series, 'It has ' || count(*) || ' documents up to number ' || max(i.sequence) || '; the next one would be ' || coalesce(c.next, 1) || '.'
			FROM invoices i LEFT JOIN counters c ON c.name = 'invoices ' || i.series
			GROUP BY i.series HAVING (min(i.sequence), count(*), c.next) IS NOT (1, max(i.sequence), max(i.sequence) + 1)`},
	})
	if err != nil {
		return found, err
	}
	search, err := db.LookAtSearch(ctx, d, "orders_search", "orders")
	return append(found, search...), err
}
