package stock

import (
	"encoding/json"
	"fmt"
	"time"

	"onhand/db"
)

// PaceWindow is how far back sales are looked at to say how fast something sells.
const PaceWindow = 90 * 24 * time.Hour

// Pace is how fast a variant sells at a location: units sold within the window, and for how many days of it there were any.
type Pace struct{ Sold, Days int64 }

// PaceOf is the pace of what sold so many in the window and of which the first ones came at a moment; nil for none ever.
func PaceOf(sold int64, firstAt *db.Time, now db.Time) Pace {
	if firstAt == nil {
		return Pace{}
	}
	return Pace{Sold: sold, Days: int64(min(now.Sub(*firstAt), PaceWindow) / (24 * time.Hour))}
}

// Cover is for how many days so many last (DESIGN.md 4: available / d), nil where none was sold.
func (p Pace) Cover(units int64) *int64 {
	if p.Sold <= 0 || p.Days <= 0 {
		return nil
	}
	days := units * p.Days / p.Sold
	return &days
}

// Sells is how many are sold in so many days at this pace.
func (p Pace) Sells(days int64) int64 {
	if p.Sold <= 0 || p.Days <= 0 || days <= 0 {
		return 0
	}
	return p.Sold * days / p.Days
}

// PaceColumns read, for the level lv, what PaceOf needs: sold since a moment (?2) and when the first ones came.
const PaceColumns = `(SELECT at FROM movements m WHERE m.variant_id = lv.variant_id AND m.location_id = lv.location_id ORDER BY m.id LIMIT 1) AS first_at,
	(SELECT coalesce(-sum(delta), 0) FROM movements m WHERE m.variant_id = lv.variant_id AND m.location_id = lv.location_id AND m.at >= ?2 AND (m.reason = 'sale' OR m.reason = 'reversal' AND m.document_type = 'order')) AS sold`

// risksAt is how much of each dated lot at some places will be left on the day it expires.
func risksAt(tx *db.Tx, places []Place) (map[int64]int64, error) {
	if len(places) == 0 {
		return nil, nil
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	paces, err := pacesAt(tx, places)
	if err != nil {
		return nil, err
	}
	at, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	var lots []struct {
		ID, VariantID, LocationID, Free int64
		ExpiresOn                       db.Date
	}
	err = tx.Select(&lots, `SELECT id, variant_id, location_id, quantity - unavailable AS free, expires_on FROM lots
		WHERE (variant_id, location_id) IN (SELECT value ->> 'VariantID', value ->> 'LocationID' FROM json_each(?1))
			AND expired_at IS NULL AND quantity > 0 AND expires_on <> 'never' ORDER BY expires_on, id`, string(at))
	if err != nil {
		return nil, fmt.Errorf("read what expires: %w", err)
	}
	risks, covered := map[int64]int64{}, map[Place]int64{}
	for _, l := range lots {
		p := Place{l.VariantID, l.LocationID}
		sold := min(l.Free, max(0, paces[p].Sells(day.DaysTo(l.ExpiresOn))-covered[p]))
		covered[p] += sold
		risks[l.ID] = l.Free - sold
	}
	return risks, nil
}

// pacesAt is how fast it sells at some places.
func pacesAt(tx *db.Tx, places []Place) (map[Place]Pace, error) {
	at, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		VariantID, LocationID, Sold int64
		FirstAt                     *db.Time
	}
	err = tx.Select(&rows, `SELECT lv.variant_id, lv.location_id, `+PaceColumns+`
		FROM (SELECT DISTINCT value ->> 'VariantID' AS variant_id, value ->> 'LocationID' AS location_id FROM json_each(?1)) lv`, string(at), tx.Now.Add(-PaceWindow))
	if err != nil {
		return nil, fmt.Errorf("read how fast it sells: %w", err)
	}
	paces := make(map[Place]Pace, len(rows))
	for _, r := range rows {
		paces[Place{r.VariantID, r.LocationID}] = PaceOf(r.Sold, r.FirstAt, tx.Now)
	}
	return paces, nil
}
