package sales

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
	"onhand/db/staff"
)

const orderColumns = `o.id, coalesce(o.number, '') AS number, o.token, o.status, o.payment_status, o.fulfilment_status, o.channel,
	o.location_id, l.name AS location_name, o.currency, o.prices_include_tax, o.customer_id, o.customer_name, o.customer_email, o.customer_phone,
	o.note, o.address, o.subtotal, o.discount, o.discount_amount, o.discount_percent, o.discount_reason, o.discount_code, o.discount_code_id, o.sealed_before, o.shipping, o.shipping_tax_rate, o.shipping_tax,
	o.tax, o.total, o.paid, o.refunded, o.returned_total, o.allowances, o.due, o.cancel_reason, o.business_date, o.placed_at, o.created_at, o.updated_at, o.actor_name, o.version, o.language, o.payment_method, o.hold_until,
	o.assigned_id, o.assigned_name, o.unacknowledged, o.acknowledged_at, o.acknowledged_by, o.promised_on`

const orderTables = " FROM orders o CROSS JOIN locations l ON l.id = o.location_id "

// Orders lists orders, newest first.
func Orders(ctx context.Context, d *db.DB, f OrderFilter) (db.Page[Order], error) {
	var page db.Page[Order]
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		query, args, err := f.query(tx)
		if err != nil {
			return err
		}
		rows := []Order{}
		if err := tx.Select(&rows, query, args...); err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(o Order) string { return db.Cursor(o.ID) })
		return fill(tx, page.Items)
	})
	if err != nil {
		return page, fmt.Errorf("list orders: %w", err)
	}
	return page, nil
}

// OrderByID is one order the actor may see.
func OrderByID(ctx context.Context, d *db.DB, id int64) (*Order, error) {
	var o *Order
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		o, err = OrderIn(tx, id)
		return err
	})
	return o, err
}

// OrderIn is OrderByID inside a transaction.
func OrderIn(tx *db.Tx, id int64) (*Order, error) {
	rows := make([]Order, 1)
	err := tx.Get(&rows[0], "SELECT "+orderColumns+orderTables+"WHERE o.id = ?1 AND "+tx.Actor.Scope().Where("o.location_id"), id)
	if err != nil {
		return nil, db.Found(err, "order")
	}
	if err := fill(tx, rows); err != nil {
		return nil, fmt.Errorf("read the order: %w", err)
	}
	return &rows[0], nil
}

// fill reads what belongs to some orders: one query a table, however many they are.
func fill(tx *db.Tx, orders []Order) error {
	if len(orders) == 0 {
		return nil
	}
	at := make(map[int64]*Order, len(orders))
	ids := make([]string, len(orders))
	for i := range orders {
		o := &orders[i]
		at[o.ID], ids[i] = o, strconv.FormatInt(o.ID, 10)
		o.Lines, o.Fulfilments, o.Payments, o.Returns, o.Tags = []OrderLine{}, []Fulfilment{}, []Payment{}, []Return{}, []string{}
		o.DueBack = max(0, o.Paid-o.Refunded-o.owed())
		if o.CustomerName+o.CustomerEmail+o.CustomerPhone != "" || o.CustomerID != nil {
			o.Customer = &OrderCustomer{ID: o.CustomerID, Name: o.CustomerName, Email: o.CustomerEmail, Phone: o.CustomerPhone}
		}
		if o.AssignedID != nil {
			o.AssignedTo = &staff.Assignee{ID: *o.AssignedID, Name: o.AssignedName}
		}
	}
	in := "[" + strings.Join(ids, ",") + "]"
	shop, err := settings.In(tx)
	if err != nil {
		return err
	}
	for _, read := range []func(*db.Tx, string, map[int64]*Order) error{fillLines, fillParcels, fillPayments, fillReturns, fillTags} {
		if err := read(tx, in, at); err != nil {
			return err
		}
	}
	for i := range orders {
		orders[i].sumTaxes(shop)
	}
	return fillTaxesLeft(tx, orders, at, shop)
}

func fillLines(tx *db.Tx, in string, at map[int64]*Order) error {
	var lines []OrderLine
	err := tx.Select(&lines, `SELECT l.id, l.order_id, l.variant_id, l.sku, l.name, l.options, l.quantity, l.unit_price, l.tax_rate, l.discount, l.discount_percent, l.from_order,
			l.order_discount, l.in_discount, l.tax, l.total, l.fulfilled, l.returned, l.sealed_quantity, l.sealed_discount, l.sealed_order_discount, l.sealed_tax, l.sealed_total, l.tracked, l.backorder, coalesce(r.quantity - r.covered, 0) AS backordered, l.unit_cost
		FROM order_lines l LEFT JOIN reservations r ON r.line_id = l.id
		WHERE l.order_id IN (SELECT value FROM json_each(?1)) AND l.quantity > 0 ORDER BY l.order_id, l.id`, in)
	if err != nil {
		return err
	}
	variants := make([]int64, len(lines))
	for i, l := range lines {
		variants[i] = l.VariantID
	}
	images, err := catalog.ImagesOf(tx, variants)
	for _, l := range lines {
		of := at[l.OrderID]
		l.show(tx.Actor)
		l.Image, l.At = images[l.VariantID], fmt.Sprintf("lines[%d]", len(of.Lines))
		of.Lines = append(of.Lines, l)
	}
	return err
}

// show puts the cost into the reply for those who may see it.
func (l *OrderLine) show(to db.Actor) {
	if to.Can("cost.read") {
		l.UnitCost = l.Cost
	}
}

func fillParcels(tx *db.Tx, in string, at map[int64]*Order) error {
	var parcels []Fulfilment
	err := tx.Select(&parcels, `SELECT id, order_id, location_id, status, pickup, carrier, tracking_number, created_at, updated_at, version
		FROM fulfilments WHERE order_id IN (SELECT value FROM json_each(?1)) ORDER BY order_id, id`, in)
	if err != nil || len(parcels) == 0 {
		return err
	}
	var lines []FulfilmentLine
	err = tx.Select(&lines, `SELECT l.id, l.fulfilment_id, l.line_id, l.quantity, l.cost FROM fulfilments f JOIN fulfilment_lines l ON l.fulfilment_id = f.id
		WHERE f.order_id IN (SELECT value FROM json_each(?1)) ORDER BY l.id`, in)
	of := make(map[int64][]FulfilmentLine, len(parcels))
	for _, l := range lines {
		of[l.FulfilmentID] = append(of[l.FulfilmentID], l)
	}
	for _, p := range parcels {
		p.Lines = of[p.ID]
		at[p.OrderID].Fulfilments = append(at[p.OrderID].Fulfilments, p)
	}
	return err
}

func fillPayments(tx *db.Tx, in string, at map[int64]*Order) error {
	var payments []struct {
		Payment
		OrderID int64
	}
	err := tx.Select(&payments, `SELECT id, order_id, kind, method, amount, tendered, reference, at, business_date, till_id, actor_name
		FROM payments WHERE order_id IN (SELECT value FROM json_each(?1)) ORDER BY order_id, id`, in)
	for _, p := range payments {
		at[p.OrderID].Payments = append(at[p.OrderID].Payments, p.Payment)
	}
	return err
}

// TimelineItem is one thing that happened to an order.
type TimelineItem struct {
	ID       int64          `json:"id"`
	At       db.Time        `json:"at" format:"date-time"`
	Kind     string         `json:"kind" doc:"drafted, placed, acknowledged, noted, edited, confirmed, packed, ready, shipped, delivered, collected, parcel_cancelled, paid, completed, cancelled, replaced, expired, return_requested, return_approved, return_rejected, return_received, return_closed, refunded, invoiced or credited"`
	Actor    string         `json:"actor" bun:"actor_name"`
	Approver string         `json:"approver" doc:"who vouched for what was above the actor's limit; empty when nobody had to"`
	Params   map[string]any `json:"params" bun:"-" doc:"figures of the event, by its kind"`

	Raw string `json:"-" bun:"params"`
}

// Timeline is what happened to an order, newest first.
func Timeline(ctx context.Context, d *db.DB, orderID int64, l db.List) (db.Page[TimelineItem], error) {
	return timeline(ctx, d, orderID, l, "1")
}

// OrderNotes are what the staff wrote on an order's timeline, newest first.
func OrderNotes(ctx context.Context, d *db.DB, orderID int64, l db.List) (db.Page[TimelineItem], error) {
	return timeline(ctx, d, orderID, l, "kind = 'noted'")
}

func timeline(ctx context.Context, d *db.DB, orderID int64, l db.List, of string) (db.Page[TimelineItem], error) {
	var page db.Page[TimelineItem]
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		if _, err := OrderIn(tx, orderID); err != nil {
			return err
		}
		last := int64(1<<63 - 1)
		if _, err := db.ReadCursor(l.After, &last); err != nil {
			return err
		}
		rows := []TimelineItem{}
		err := tx.Select(&rows, "SELECT id, at, kind, actor_name, coalesce(approver_name, '') AS approver, params FROM order_timeline WHERE "+of+" AND order_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
			orderID, last, l.Size()+1)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := json.Unmarshal([]byte(rows[i].Raw), &rows[i].Params); err != nil {
				return fmt.Errorf("read the timeline: %w", err)
			}
		}
		page = db.PageOf(rows, l.Size(), func(t TimelineItem) string { return db.Cursor(t.ID) })
		return nil
	})
	return page, err
}
