package stock

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// Aside is what of a variant is set aside at a location for one reason, of one lot where it tracks lots.
type Aside struct {
	VariantID    int64       `json:"variantId"`
	ProductID    int64       `json:"productId"`
	SKU          string      `json:"sku" bun:"sku"`
	Name         string      `json:"name"`
	LocationID   int64       `json:"locationId"`
	LocationName string      `json:"locationName"`
	LotID        int64       `json:"lotId,omitempty"`
	Lot          string      `json:"lot" doc:"its name; empty where it has none, or the variant tracks no lots"`
	ExpiresOn    *db.Date    `json:"expiresOn" format:"date" doc:"the day the lot expires; null for never"`
	Reason       AsideReason `json:"reason" enum:"quarantine,damaged,safety,expired"`
	Quantity     int64       `json:"quantity"`
	// Who set it aside last, and why; of what has expired, when it did.
	At       db.Time          `json:"at" format:"date-time"`
	Note     string           `json:"note"`
	Actor    string           `json:"actor"`
	Document *Document        `json:"document" bun:"-" doc:"the order it came back from, where it did"`
	Image    *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks; in lists"`
	// Cost is what all of it is worth by the average, in minor units; absent without cost.read.
	Cost *money.Amount `json:"cost,omitempty" bun:"-" doc:"what all of it is worth, in lists; absent without cost.read"`

	Valued         int64        `json:"-"`
	Value          money.Amount `json:"-"`
	StepID         int64        `json:"-"`
	DocumentType   *string      `json:"-"`
	DocumentID     *int64       `json:"-"`
	DocumentNumber *string      `json:"-"`
}

// AsideFilter says which of what is set aside to list.
type AsideFilter struct {
	db.List
	LocationID int64
	VariantID  int64
	Reason     AsideReason
	// Days is for how many at least it has been set aside.
	Days int64
}

const asideColumns = `a.variant_id, v.product_id, v.sku, v.name, a.location_id, l.name AS location_name, a.lot_id, coalesce(lt.lot, '') AS lot, nullif(lt.expires_on, 'never') AS expires_on,
	a.reason, a.quantity, a.step_id, s.at, s.note, s.actor_name AS actor, s.document_type, s.document_id, s.document_number,
	coalesce(c.quantity, 0) AS valued, coalesce(c.value, 0) AS value`

const asideTables = ` FROM asides a CROSS JOIN aside_steps s ON s.id = a.step_id CROSS JOIN variants v ON v.id = a.variant_id CROSS JOIN locations l ON l.id = a.location_id
	LEFT JOIN lots lt ON lt.id = a.lot_id LEFT JOIN costs c ON c.variant_id = a.variant_id `

// Asides lists what people have set aside, what waits longest first. What has expired is among the lots.
func Asides(ctx context.Context, d *db.DB, f AsideFilter) (page db.Page[Aside], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		where, args := []string{"a.quantity > 0", tx.Actor.Scope().Where("a.location_id")}, []any{}
		var last int64
		more, err := db.ReadCursor(f.After, &last)
		if err != nil {
			return err
		}
		if more {
			where, args = append(where, "a.step_id > ?"), append(args, last)
		}
		if f.LocationID != 0 {
			where, args = append(where, "a.location_id = ?"), append(args, f.LocationID)
		}
		if f.VariantID != 0 {
			where, args = append(where, "a.variant_id = ?"), append(args, f.VariantID)
		}
		if f.Days != 0 {
			where, args = append(where, "s.at <= ?"), append(args, tx.Now.Add(-time.Duration(f.Days)*24*time.Hour))
		}
		if f.Reason != "" {
			where, args = append(where, "a.reason = ?"), append(args, string(f.Reason))
		}
		rows, err := asides(tx, "WHERE "+strings.Join(where, " AND ")+" ORDER BY a.step_id LIMIT ?", append(args, f.Size()+1)...)
		if err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(a Aside) string { return db.Cursor(a.StepID) })
		ids := make([]int64, len(page.Items))
		for i, a := range page.Items {
			ids[i] = a.VariantID
		}
		images, err := catalog.ImagesOf(tx, ids)
		for i := range page.Items {
			page.Items[i].Image = images[page.Items[i].VariantID]
			page.Items[i].value(tx.Actor)
		}
		return err
	})
	if err != nil {
		return page, fmt.Errorf("list what is set aside: %w", err)
	}
	return page, nil
}

// value says what it is worth, to who may know.
func (a *Aside) value(actor db.Actor) {
	if !actor.Can("cost.read") || a.Valued <= 0 {
		return
	}
	if cost, err := a.Value.Part(a.Quantity, a.Valued); err == nil {
		a.Cost = &cost
	}
}

func asides(tx *db.Tx, rest string, args ...any) ([]Aside, error) {
	rows := []Aside{}
	err := tx.Select(&rows, "SELECT "+asideColumns+asideTables+rest, args...)
	for i := range rows {
		if a := &rows[i]; a.DocumentType != nil {
			a.Document = &Document{Type: *a.DocumentType, ID: *a.DocumentID, Number: *a.DocumentNumber}
		}
	}
	return rows, err
}

// asidesAt is all that is set aside of a level, what has expired with it: the rows add up to unavailable.
func asidesAt(tx *db.Tx, at Place) ([]Aside, error) {
	rows, err := asides(tx, "WHERE a.variant_id = ?1 AND a.location_id = ?2 AND a.quantity > 0 ORDER BY a.step_id DESC LIMIT ?3", at.VariantID, at.LocationID, explainedLots)
	if err != nil {
		return nil, fmt.Errorf("read what is set aside: %w", err)
	}
	var expired []Aside
	err = tx.Select(&expired, `SELECT lt.variant_id, v.product_id, v.sku, v.name, lt.location_id, l.name AS location_name, lt.id AS lot_id, lt.lot, lt.expires_on, 'expired' AS reason,
			lt.quantity, lt.expired_at AS at, '' AS note, '' AS actor
		FROM lots lt CROSS JOIN variants v ON v.id = lt.variant_id CROSS JOIN locations l ON l.id = lt.location_id
		WHERE lt.variant_id = ?1 AND lt.location_id = ?2 AND lt.expired_at IS NOT NULL AND lt.quantity > 0 ORDER BY lt.expires_on, lt.id LIMIT ?3`, at.VariantID, at.LocationID, explainedLots)
	if err != nil {
		return nil, fmt.Errorf("read what has expired: %w", err)
	}
	return append(rows, expired...), nil
}
