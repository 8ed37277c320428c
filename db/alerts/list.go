package alerts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onhand/db"
)

// Alert is something about stock that is so now.
type Alert struct {
	ID       int64     `json:"id"`
	Kind     AlertKind `json:"kind" enum:"out,low,over"`
	Since    db.Time   `json:"since" format:"date-time"`
	Item     StockItem `json:"item"`
	Snoozed  bool      `json:"snoozed"`
	Until    *db.Time  `json:"until" format:"date-time" doc:"when a snoozed one wakes; null where it waits for stock"`
	SnoozeBy string    `json:"snoozedBy"`
}

// AlertFilter says which alerts to list.
type AlertFilter struct {
	db.List
	Kinds   []AlertKind
	Snoozed *bool
}

const alertColumns = "id, kind, variant_id, location_id, opened_at, snoozed_until, snoozed_stock IS NOT NULL AS waits, snoozed_by"

type alertLine struct {
	ID                    int64
	Kind                  AlertKind
	VariantID, LocationID int64
	OpenedAt              db.Time
	SnoozedUntil          *db.Time
	Waits                 bool
	SnoozedBy             string
}

// Open are the alerts about stock that are so now, the newest first.
func Open(ctx context.Context, d *db.DB, f AlertFilter) (page db.Page[Alert], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		where, args := []string{"closed_at IS NULL", "variant_id IS NOT NULL", tx.Actor.Scope().Where("location_id")}, []any{}
		var before int64
		more, err := db.ReadCursor(f.After, &before)
		if err != nil {
			return err
		}
		if more {
			where, args = append(where, "id < ?"), append(args, before)
		}
		if len(f.Kinds) > 0 {
			marks := make([]string, len(f.Kinds))
			for i, k := range f.Kinds {
				marks[i], args = "?", append(args, string(k))
			}
			where = append(where, "kind IN ("+strings.Join(marks, ", ")+")")
		}
		if f.Snoozed != nil {
			where, args = append(where, "(snoozed_until IS NOT NULL OR snoozed_stock IS NOT NULL) = ?"), append(args, *f.Snoozed)
		}
		var rows []alertLine
		if err := tx.Select(&rows, "SELECT "+alertColumns+" FROM alerts WHERE "+strings.Join(where, " AND ")+" ORDER BY id DESC LIMIT ?", append(args, f.Size()+1)...); err != nil {
			return fmt.Errorf("list alerts: %w", err)
		}
		lines := db.PageOf(rows, f.Size(), func(l alertLine) string { return db.Cursor(l.ID) })
		page.Next = lines.Next
		page.Items, err = alertsOf(tx, lines.Items)
		return err
	})
	return page, err
}

func alertsOf(tx *db.Tx, lines []alertLine) ([]Alert, error) {
	pairs := make([]pair, len(lines))
	for i, l := range lines {
		pairs[i] = pair{l.VariantID, l.LocationID}
	}
	levels, err := levelsOf(tx, pairs)
	if err != nil {
		return nil, err
	}
	at := make(map[pair]*level, len(levels))
	for i := range levels {
		at[pair{levels[i].VariantID, levels[i].LocationID}] = &levels[i]
	}
	out := make([]Alert, 0, len(lines))
	for i, l := range lines {
		if stands := at[pairs[i]]; stands != nil {
			out = append(out, Alert{ID: l.ID, Kind: l.Kind, Since: l.OpenedAt, Item: stands.StockItem,
				Snoozed: l.SnoozedUntil != nil || l.Waits, Until: l.SnoozedUntil, SnoozeBy: l.SnoozedBy})
		}
	}
	return out, nil
}

// Snooze puts an alert to rest: nobody is told of it meanwhile.
type Snooze struct {
	// Until is the date it wakes on, at its first moment in the shop's zone.
	Until *db.Time `json:"until,omitempty" format:"date-time" doc:"when it wakes; either this or untilStock"`
	// UntilStock lets it rest until more of it is there than now.
	UntilStock bool `json:"untilStock,omitempty" doc:"it wakes when stock arrives"`
}

// Rest puts an open alert to rest. It fails with not_found, in_the_past and until_needed.
func Rest(ctx context.Context, d *db.DB, id int64, in Snooze) (*Alert, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Alert, error) {
		switch {
		case (in.Until == nil) == !in.UntilStock:
			return nil, db.Refuse("until_needed", "until", "Say either until when, or until stock arrives.")
		case in.Until != nil && *in.Until <= tx.Now:
			return nil, db.Refuse("in_the_past", "until", "This is in the past. Choose a later day.")
		}
		now, err := openIn(tx, id)
		if err != nil {
			return nil, err
		}
		var stock *int64
		if in.UntilStock {
			stock = &now.Item.Available
		}
		return changed(tx, id, "snoozed", in.Until, stock, tx.Actor.Name)
	})
}

// Wake ends the rest of an alert: it is new again.
func Wake(ctx context.Context, d *db.DB, id int64) (*Alert, error) {
	return db.Do(ctx, d, struct{}{}, func(tx *db.Tx) (*Alert, error) {
		now, err := openIn(tx, id)
		if err != nil || !now.Snoozed {
			return now, err
		}
		if err := renew(tx, id); err != nil {
			return nil, err
		}
		return changed(tx, id, "woken", nil, nil, "")
	})
}

func openIn(tx *db.Tx, id int64) (*Alert, error) {
	var l alertLine
	err := tx.Get(&l, "SELECT "+alertColumns+" FROM alerts WHERE id = ?1 AND closed_at IS NULL AND variant_id IS NOT NULL AND "+tx.Actor.Scope().Where("location_id"), id)
	if err != nil {
		return nil, db.Found(err, "alert")
	}
	out, err := alertsOf(tx, []alertLine{l})
	if err != nil || len(out) == 0 {
		return nil, errors.Join(err, db.NotFound("alert"))
	}
	return &out[0], nil
}

func changed(tx *db.Tx, id int64, action string, until *db.Time, stock *int64, by string) (*Alert, error) {
	if _, err := tx.Exec("UPDATE alerts SET snoozed_until = ?2, snoozed_stock = ?3, snoozed_by = ?4 WHERE id = ?1", id, until, stock, by); err != nil {
		return nil, fmt.Errorf("change an alert: %w", err)
	}
	a, err := openIn(tx, id)
	if err != nil {
		return nil, err
	}
	if err := tx.AuditAs(action, "alert", id, nil, map[string]any{"name": a.Item.Name, "kind": a.Kind, "until": until}); err != nil {
		return nil, err
	}
	return a, tx.Emit("alerts", id, 0, a.Item.LocationID)
}
