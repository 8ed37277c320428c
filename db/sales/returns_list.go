package sales

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// ReturnItem is a return in the list of all.
type ReturnItem struct {
	ID           int64        `json:"id"`
	OrderID      int64        `json:"orderId"`
	Number       string       `json:"number" doc:"of the order"`
	Customer     string       `json:"customer" doc:"name, or email, or phone; empty for none"`
	LocationID   int64        `json:"locationId" doc:"of the order"`
	LocationName string       `json:"locationName"`
	Status       ReturnStatus `json:"status" enum:"requested,approved,rejected,received,closed"`
	What         string       `json:"what" doc:"the first product that comes back"`
	Options      string       `json:"options" doc:"of that product, as sold"`
	Reason       string       `json:"reason" doc:"of that product"`
	Quantity     int64        `json:"quantity" doc:"of that product"`
	Units        int64        `json:"units" doc:"asked for, of all products"`
	Total        money.Amount `json:"total" doc:"what was received is worth, with tax"`
	DueBack      money.Amount `json:"dueBack" doc:"what the order owes its customer"`
	Currency     string       `json:"currency"`
	CreatedAt    db.Time      `json:"createdAt" format:"date-time"`
	UpdatedAt    db.Time      `json:"updatedAt" format:"date-time"`
}

// ReturnFilter says which returns to list; its zero value is all that the actor may see.
type ReturnFilter struct {
	db.List
	// Open keeps to what somebody has to look at: neither rejected nor closed.
	Open       bool
	Status     ReturnStatus
	LocationID int64
}

// openReturnsSQL is the condition of a partial index, word for word.
const openReturnsSQL = "r.status IN ('requested', 'approved', 'received')"

const returnColumns = `SELECT r.id, r.order_id, o.number, coalesce(nullif(o.customer_name, ''), nullif(o.customer_email, ''), o.customer_phone) AS customer, o.location_id,
		s.name AS location_name, r.status, (SELECT sum(l.quantity) FROM return_lines l WHERE l.return_id = r.id) AS units, r.total, o.currency, r.created_at, r.updated_at,
		ol.name AS what, ol.options, f.reason, f.quantity, max(0, o.paid - o.refunded - iif(o.status IN ('cancelled', 'expired'), 0, o.total - o.returned_total - o.allowances)) AS due_back
	FROM returns r CROSS JOIN orders o ON o.id = r.order_id CROSS JOIN locations s ON s.id = o.location_id
		CROSS JOIN return_lines f ON f.id = (SELECT min(id) FROM return_lines WHERE return_id = r.id) CROSS JOIN order_lines ol ON ol.id = f.line_id `

// Returns lists returns, the newest first.
func Returns(ctx context.Context, d *db.DB, f ReturnFilter) (db.Page[ReturnItem], error) {
	var page db.Page[ReturnItem]
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		query, args, err := f.query(tx.Actor)
		if err != nil {
			return err
		}
		rows := []ReturnItem{}
		if err := tx.Select(&rows, query, args...); err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(r ReturnItem) string { return db.Cursor(r.ID) })
		return nil
	})
	if err != nil {
		return page, fmt.Errorf("list returns: %w", err)
	}
	return page, nil
}

func (f ReturnFilter) query(actor db.Actor) (string, []any, error) {
	where, args := []string{actor.Scope().Where("+o.location_id")}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	open := f.Status == ReturnRequested || f.Status == ReturnApproved || f.Status == ReturnReceived
	if f.Open || open {
		and(openReturnsSQL)
	}
	if f.Status != "" {
		and("+r.status = ?", f.Status)
	}
	if f.LocationID != 0 {
		and("+o.location_id = ?", f.LocationID)
	}
	if q := strings.TrimPrefix(strings.TrimSpace(f.Q), "#"); q != "" {
		and("o.number = ?", q)
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		and("r.id < ?", last)
	}
	return returnColumns + "WHERE " + strings.Join(where, " AND ") + " ORDER BY r.id DESC LIMIT ?", append(args, f.Size()+1), err
}
