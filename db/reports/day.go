package reports

import (
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/money"
)

const (
	fortnight = 14
	// topSellers and laggards are how many of each are named.
	topSellers, laggards = 5, 3
	// slow is how long something that is there is not sold until it is named.
	slow = 30
	// late is how long an order waits until it is late.
	late = 48 * time.Hour
	// mostCounted is where counting what is open ends.
	mostCounted = 10_000
)

// Day sums a business date up for somebody who reads it: what they see of the shop, as the sale entries, payments and
// levels say (DESIGN.md 4).
func Day(tx *db.Tx, date db.Date, reader db.Actor) (*DaySummary, error) {
	d := &DaySummary{Date: date}
	scope := reader.Scope()
	if err := tx.Row("SELECT currency FROM settings", nil, &d.Currency); err != nil {
		return nil, fmt.Errorf("read the currency: %w", err)
	}
	if !scope.All() {
		if err := tx.Select(&d.Stores, "SELECT name FROM locations WHERE "+scope.Where("id")+" ORDER BY name"); err != nil {
			return nil, fmt.Errorf("read the stores: %w", err)
		}
	}
	for _, part := range []func(*db.Tx, db.Scope) error{d.figures, d.payments, d.sellers, d.laggards, d.stock, d.waiting} {
		if err := part(tx, scope); err != nil {
			return nil, err
		}
	}
	if err := d.waste(tx, reader); err != nil {
		return nil, err
	}
	if reader.Can("cost.read") {
		var margin money.Amount
		err := tx.Row("SELECT coalesce(sum(total - tax - cost), 0) FROM sale_entries WHERE business_date = ?1 AND "+scope.Where("location_id"), []any{date}, &margin)
		if err != nil {
			return nil, fmt.Errorf("sum the margin: %w", err)
		}
		d.Margin = &margin
	}
	return d, nil
}

// figures sums the fortnight, and the day and its weekday before within it.
func (d *DaySummary) figures(tx *db.Tx, scope db.Scope) error {
	first := d.Date.AddDays(1 - fortnight)
	var rows []DayFigures
	err := tx.Select(&rows, `SELECT business_date AS date, sum(total) AS revenue, sum(units) AS units, sum(placed AND NOT dropped) AS orders
		FROM (SELECT business_date, max(kind = 'sale') AS placed, max(kind = 'cancel') AS dropped, sum(quantity) AS units, sum(total) AS total
			FROM sale_entries WHERE business_date BETWEEN ?1 AND ?2 AND `+scope.Where("location_id")+` GROUP BY business_date, order_id)
		GROUP BY business_date`, first, d.Date)
	if err != nil {
		return fmt.Errorf("sum the sales: %w", err)
	}
	at := map[db.Date]DayFigures{}
	for _, r := range rows {
		at[r.Date] = r
	}
	var refunds []struct {
		Date     db.Date
		Refunds  int64
		Refunded money.Amount
	}
	err = tx.Select(&refunds, `SELECT p.business_date AS date, count(*) AS refunds, sum(p.amount) AS refunded FROM payments p JOIN orders o ON o.id = p.order_id
		WHERE p.kind = 'refund' AND p.business_date IN (?1, ?2) AND `+scope.Where("o.location_id")+" GROUP BY p.business_date", d.Date, d.Date.AddDays(-7))
	if err != nil {
		return fmt.Errorf("sum the refunds: %w", err)
	}
	for _, r := range refunds {
		f := at[r.Date]
		f.Refunds, f.Refunded = r.Refunds, r.Refunded
		at[r.Date] = f
	}
	of := func(date db.Date) DayFigures {
		f := at[date]
		f.Date = date
		return f
	}
	d.Today, d.Before, d.Days = of(d.Date), of(d.Date.AddDays(-7)), make([]DayFigures, fortnight)
	for i := range d.Days {
		day := of(first.AddDays(i))
		day.Refunds, day.Refunded = 0, 0 // the chart shows what was sold
		d.Days[i] = day
	}
	return nil
}

func (d *DaySummary) payments(tx *db.Tx, scope db.Scope) error {
	err := tx.Select(&d.Payments, `SELECT p.method, sum(CASE p.kind WHEN 'refund' THEN -p.amount ELSE p.amount END) AS amount
		FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.business_date = ?1 AND `+scope.Where("o.location_id")+" GROUP BY p.method ORDER BY amount DESC", d.Date)
	if err != nil {
		return fmt.Errorf("sum the payments: %w", err)
	}
	return nil
}

func (d *DaySummary) sellers(tx *db.Tx, scope db.Scope) error {
	err := tx.Select(&d.Top, `SELECT v.product_id, p.name, sum(e.quantity) AS units, sum(e.total) AS revenue
		FROM sale_entries e JOIN variants v ON v.id = e.variant_id JOIN products p ON p.id = v.product_id
		WHERE e.business_date = ?1 AND `+scope.Where("e.location_id")+` GROUP BY v.product_id HAVING sum(e.quantity) > 0 ORDER BY revenue DESC, v.product_id LIMIT ?2`, d.Date, topSellers)
	if err != nil {
		return fmt.Errorf("find what sold: %w", err)
	}
	return nil
}

// laggards are there since before the time in which nothing of them was sold.
func (d *DaySummary) laggards(tx *db.Tx, scope db.Scope) error {
	since := tx.Now.Add(-slow * 24 * time.Hour)
	err := tx.Select(&d.Flop, `WITH sold AS (SELECT DISTINCT v.product_id FROM sale_entries e JOIN variants v ON v.id = e.variant_id WHERE e.business_date > ?1 AND e.quantity > 0),
		there AS (SELECT v.product_id, sum(lv.on_hand) AS on_hand FROM levels lv JOIN variants v ON v.id = lv.variant_id
			WHERE lv.on_hand > 0 AND v.archived_at IS NULL AND v.product_id NOT IN (SELECT product_id FROM sold) AND `+scope.Where("lv.location_id")+`
				AND (SELECT at FROM movements m WHERE m.variant_id = v.id ORDER BY m.id LIMIT 1) < ?2
			GROUP BY v.product_id ORDER BY on_hand DESC, v.product_id LIMIT ?3)
		SELECT t.product_id, p.name, t.on_hand, (SELECT (?4 - max(m.at)) / 86400000 FROM movements m JOIN variants v ON v.id = m.variant_id
			WHERE v.product_id = t.product_id AND m.reason = 'sale') AS days
		FROM there t JOIN products p ON p.id = t.product_id ORDER BY t.on_hand DESC, t.product_id`, d.Date.AddDays(-slow), since, laggards, tx.Now)
	if err != nil {
		return fmt.Errorf("find what does not sell: %w", err)
	}
	return nil
}

func (d *DaySummary) stock(tx *db.Tx, scope db.Scope) error {
	err := tx.Row(`SELECT coalesce(sum(kind = 'out'), 0), coalesce(sum(kind = 'low'), 0), coalesce(sum(kind = 'over'), 0)
		FROM alerts WHERE closed_at IS NULL AND variant_id IS NOT NULL AND `+scope.Where("location_id"), nil, &d.Stock.Out, &d.Stock.Low, &d.Stock.Over)
	if err != nil {
		return fmt.Errorf("count what is low: %w", err)
	}
	return nil
}

func (d *DaySummary) waste(tx *db.Tx, reader db.Actor) error {
	_, w, err := waste(tx, WasteQuery{d.Date, d.Date, "reason"}, reader)
	if err != nil {
		return fmt.Errorf("sum the waste: %w", err)
	}
	if w.Units <= 0 && w.Shrinkage <= 0 && w.Donated <= 0 {
		return nil
	}
	_, lately, err := waste(tx, WasteQuery{d.Date.AddDays(1 - slow), d.Date, "reason"}, reader)
	if err != nil {
		return fmt.Errorf("sum the waste: %w", err)
	}
	d.Waste = &DayWaste{Units: w.Units, Cost: w.Cost, Shrinkage: w.Shrinkage, Donated: w.Donated, Rate: lately.Rate}
	return nil
}

func (d *DaySummary) waiting(tx *db.Tx, scope db.Scope) error {
	var oldest struct {
		ID       int64
		Number   string
		PlacedAt db.Time
		Orders   int64
		Late     int64
	}
	err := tx.Get(&oldest, `SELECT coalesce(min(id), 0) AS id, count(*) AS orders, coalesce(sum(placed_at < ?1), 0) AS late, coalesce(min(placed_at), 0) AS placed_at, '' AS number
		FROM (SELECT id, placed_at FROM orders WHERE status IN ('placed', 'confirmed') AND `+scope.Where("location_id")+" ORDER BY id LIMIT ?2)",
		tx.Now.Add(-late), mostCounted)
	if err != nil {
		return fmt.Errorf("count what waits: %w", err)
	}
	if oldest.Orders == 0 {
		return nil
	}
	if err := tx.Row("SELECT number, placed_at FROM orders WHERE id = ?1", []any{oldest.ID}, &oldest.Number, &oldest.PlacedAt); err != nil {
		return fmt.Errorf("find what waits longest: %w", err)
	}
	d.Waiting = DayWaiting{Orders: oldest.Orders, Late: oldest.Late, Oldest: oldest.Number, OldestID: oldest.ID, Since: &oldest.PlacedAt}
	return nil
}
