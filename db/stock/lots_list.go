package stock

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
)

// LotState says whether a lot can be sold, and for how long.
type LotState string

// The states of a lot. Expired is set aside: it can be written off, not sold.
const (
	LotGood     LotState = "good"
	LotExpiring LotState = "expiring"
	LotExpired  LotState = "expired"
)

// Lot is what of a variant lies at a location with one name and one day it expires.
type Lot struct {
	ID           int64    `json:"id"`
	VariantID    int64    `json:"variantId"`
	ProductID    int64    `json:"productId"`
	SKU          string   `json:"sku" bun:"sku"`
	Name         string   `json:"name"`
	LocationID   int64    `json:"locationId"`
	LocationName string   `json:"locationName"`
	Lot          string   `json:"lot" doc:"its name; empty where nobody gave one"`
	ExpiresOn    *db.Date `json:"expiresOn" format:"date" doc:"from this day on it is not sold; null for never"`
	Quantity     int64    `json:"quantity"`
	Unavailable  int64    `json:"unavailable" doc:"how many of them are set aside; all of them once it has expired"`
	State        LotState `json:"state" enum:"good,expiring,expired" doc:"expiring within the settings' expiryDays"`
	DaysLeft     *int64   `json:"daysLeft" bun:"-" doc:"days until it expires; 0 on that day, negative after, null for never"`
	// AtRisk is DESIGN.md 4: quantity - (d * days left - what earlier lots cover of it), at least 0.
	AtRisk int64            `json:"atRisk" bun:"-" doc:"how many will be left on that day if it sells as in the last 90 days, those that expire first being sold first"`
	Image  *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks; in lists"`

	Expires db.Date `json:"-"` // with never
}

// LotFilter says which lots to list.
type LotFilter struct {
	db.List
	VariantID  int64
	LocationID int64
	States     []LotState
}

// lotStateSQL takes today, ?1, and the last day that counts as soon, ?2. A lot whose day has come is expired for who looks, also
// in the minute until it is set aside.
const lotStateSQL = `CASE WHEN lt.expired_at IS NOT NULL OR lt.expires_on <= ?1 THEN 'expired' WHEN lt.expires_on <= ?2 THEN 'expiring' ELSE 'good' END`

const lotColumns = `lt.id, lt.variant_id, v.product_id, v.sku, v.name, lt.location_id, l.name AS location_name, lt.lot, lt.expires_on AS expires,
	nullif(lt.expires_on, 'never') AS expires_on, lt.quantity, lt.unavailable, ` + lotStateSQL + ` AS state`

// Lots lists what is there of variants that track lots, what expires first first. Lots that are used up are left out.
func Lots(ctx context.Context, d *db.DB, f LotFilter) (page db.Page[Lot], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		rows, err := lotsOf(tx, f, f.Size()+1)
		if err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(l Lot) string { return db.Cursor(string(l.Expires), l.ID) })
		ids := make([]int64, len(page.Items))
		for i, l := range page.Items {
			ids[i] = l.VariantID
		}
		images, err := catalog.ImagesOf(tx, ids)
		for i := range page.Items {
			page.Items[i].Image = images[page.Items[i].VariantID]
		}
		return err
	})
	if err != nil {
		return page, fmt.Errorf("list lots: %w", err)
	}
	return page, nil
}

// lotsOf reads lots with what is at risk of them.
func lotsOf(tx *db.Tx, f LotFilter, limit int) ([]Lot, error) {
	query, args, err := f.query(tx, limit)
	if err != nil {
		return nil, err
	}
	rows := []Lot{}
	if err := tx.Select(&rows, query, args...); err != nil {
		return nil, err
	}
	places := make([]Place, len(rows))
	for i, l := range rows {
		places[i] = Place{l.VariantID, l.LocationID}
	}
	risks, err := risksAt(tx, places)
	day := args[0].(db.Date)
	for i := range rows {
		rows[i].look(day, risks)
	}
	return rows, err
}

func (f LotFilter) query(tx *db.Tx, limit int) (string, []any, error) {
	day, err := today(tx)
	if err != nil {
		return "", nil, err
	}
	until, err := soon(tx)
	if err != nil {
		return "", nil, err
	}
	parts, args := []string{"lt.quantity > 0", tx.Actor.Scope().Where("lt.location_id")}, []any{day, until}
	add := func(part string, values ...any) { parts, args = append(parts, part), append(args, values...) }
	var expires string
	var id int64
	more, err := db.ReadCursor(f.After, &expires, &id)
	if err != nil {
		return "", nil, err
	}
	if more {
		add("(lt.expires_on, lt.id) > (?, ?)", expires, id)
	}
	if f.VariantID != 0 {
		add("lt.variant_id = ?", f.VariantID)
	}
	if f.LocationID != 0 {
		add("lt.location_id = ?", f.LocationID)
	}
	if len(f.States) > 0 {
		var states []any
		for _, s := range f.States {
			states = append(states, string(s))
		}
		add(lotStateSQL+" IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	return "SELECT " + lotColumns + " FROM lots lt CROSS JOIN variants v ON v.id = lt.variant_id JOIN locations l ON l.id = lt.location_id WHERE " +
		strings.Join(parts, " AND ") + " ORDER BY lt.expires_on, lt.id LIMIT ?", append(args, limit), nil
}

// look fills in what depends on the day.
func (l *Lot) look(day db.Date, risks map[int64]int64) {
	if l.ExpiresOn == nil {
		return
	}
	days := day.DaysTo(*l.ExpiresOn)
	l.DaysLeft = &days
	l.AtRisk = risks[l.ID]
	if l.State == LotExpired {
		l.AtRisk = l.Quantity
	}
}

// Place is a variant at a location.
type Place struct{ VariantID, LocationID int64 }

// LotsAt are the lots at some places that expire soon or have expired, what expires first first.
func LotsAt(tx *db.Tx, places []Place) ([]Lot, error) {
	if len(places) == 0 {
		return nil, nil
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	until, err := soon(tx)
	if err != nil {
		return nil, err
	}
	at, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	var rows []Lot
	err = tx.Select(&rows, "SELECT "+lotColumns+` FROM json_each(?3) p CROSS JOIN lots lt ON lt.variant_id = p.value ->> 'VariantID' AND lt.location_id = p.value ->> 'LocationID'
		JOIN variants v ON v.id = lt.variant_id JOIN locations l ON l.id = lt.location_id
		WHERE lt.quantity > 0 AND (lt.expires_on <= ?2 OR lt.expired_at IS NOT NULL) ORDER BY lt.expires_on, lt.id`, day, until, string(at))
	if err != nil {
		return nil, fmt.Errorf("read lots: %w", err)
	}
	places = places[:0:0]
	for _, l := range rows {
		places = append(places, Place{l.VariantID, l.LocationID})
	}
	risks, err := risksAt(tx, places)
	for i := range rows {
		rows[i].look(day, risks)
	}
	return rows, err
}

// soon is the last day whose lots count as expiring.
func soon(tx *db.Tx) (db.Date, error) {
	s, err := settings.In(tx)
	if err != nil {
		return "", err
	}
	return s.Today(tx.Now).AddDays(s.ExpiryDays), nil
}

// MovedLot is what of a movement came into a lot or, negative, left it.
type MovedLot struct {
	LotID     int64    `json:"lotId"`
	Lot       string   `json:"lot"`
	ExpiresOn *db.Date `json:"expiresOn" format:"date"`
	Delta     int64    `json:"delta"`

	MovementID int64 `json:"-"`
}

// withLots adds the lots of some movements.
func withLots(tx *db.Tx, rows []Movement) error {
	ids := make([]int64, len(rows))
	at := make(map[int64]*Movement, len(rows))
	for i := range rows {
		ids[i], at[rows[i].ID] = rows[i].ID, &rows[i]
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var lots []MovedLot
	err = tx.Select(&lots, `SELECT s.movement_id, s.lot_id, lt.lot, nullif(lt.expires_on, 'never') AS expires_on, s.delta
		FROM json_each(?1) i CROSS JOIN lot_movements s ON s.movement_id = i.value JOIN lots lt ON lt.id = s.lot_id ORDER BY s.movement_id, lt.expires_on, lt.id`, string(list))
	if err != nil {
		return fmt.Errorf("read the lots of movements: %w", err)
	}
	for _, l := range lots {
		m := at[l.MovementID]
		m.Lots = append(m.Lots, l)
	}
	return nil
}
