package stock

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
)

// State sums a level up in one word.
type State string

// The states of a level.
const (
	OK       State = "ok"
	Low      State = "low"
	Out      State = "out"
	Expiring State = "expiring"
	Over     State = "over"
)

// Level is what one location has of one variant.
type Level struct {
	VariantID    int64      `json:"variantId"`
	ProductID    int64      `json:"productId"`
	SKU          string     `json:"sku" bun:"sku"`
	Name         string     `json:"name"`
	LocationID   int64      `json:"locationId"`
	LocationName string     `json:"locationName"`
	OnHand       int64      `json:"onHand" doc:"physically there"`
	Committed    int64      `json:"committed" doc:"on hand, but promised to open orders"`
	Unavailable  int64      `json:"unavailable" doc:"on hand, but set aside"`
	Available    int64      `json:"available" doc:"onHand - committed - unavailable: what can be sold"`
	Backordered  int64      `json:"backordered" doc:"promised to open orders, but not there"`
	Incoming     int64      `json:"incoming" doc:"on its way here"`
	ReorderPoint int64      `json:"reorderPoint" doc:"it is low where available + incoming is this or less"`
	ReorderBasis PointBasis `json:"reorderBasis" enum:"sales,rule" doc:"sales: worked out last night from what was sold; rule: the product's own, where there is too little to go by"`
	State        State      `json:"state" enum:"ok,low,out,expiring,over" doc:"expiring where it is neither low nor out, but some of it expires soon or has expired; over where it is none of these, but too much"`
	Class        Class      `json:"class" enum:",A,B,C" doc:"what part of all that the shop sells in a year the variant makes, by what it costs: A the few that make most of it, 80 of a hundred, B the next 15, C the many that make the rest; empty where none was sold. Ranked each night"`
	TracksLots   bool       `json:"tracksLots"`
	Expiring     int64      `json:"expiring" doc:"how many of them expire within the settings' expiryDays"`
	Expired      int64      `json:"expired" doc:"how many have expired and are still there"`
	Version      int64      `json:"version"`
	// Image is there in lists.
	Image *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks; in lists"`

	NameKey string `json:"-"`
}

// LevelFilter says which levels to list.
type LevelFilter struct {
	db.List
	LocationID int64
	VariantID  int64
	ProductID  int64
	States     []State
	Classes    []Class
}

// stateSQL is DESIGN.md 4: out with nothing to sell, low at or below the reorder
// point counting what is on its way.
const stateSQL = `CASE WHEN lv.on_hand - lv.committed - lv.unavailable <= 0 THEN 'out'
	WHEN lv.on_hand - lv.committed - lv.unavailable + lv.incoming <= ` + PointSQL + ` THEN 'low' ELSE 'ok' END`

// expiringSQL is where something expires soon, by the date ?1, or has expired. The shop's few such lots are found first.
const expiringSQL = `(lv.variant_id, lv.location_id) IN (SELECT variant_id, location_id FROM lots WHERE quantity > 0 AND (expires_on <= ?1 OR expired_at IS NOT NULL))`

// stateIs are the conditions of the states. What is low or out may have something that expires, too, or be too much for its pace.
var stateIs = map[State]string{
	OK:       "(" + stateSQL + " = 'ok' AND NOT " + expiringSQL + " AND NOT " + OverSQL + ")",
	Low:      stateSQL + " = 'low'",
	Out:      stateSQL + " = 'out'",
	Expiring: expiringSQL,
	Over:     OverSQL,
}

// levelColumns take what levelArgs are.
const levelColumns = `lv.variant_id, v.product_id, v.sku, v.name, v.name_key, lv.location_id, l.name AS location_name,
	lv.on_hand, lv.committed, lv.unavailable, lv.on_hand - lv.committed - lv.unavailable AS available,
	lv.backordered, lv.incoming, ` + PointSQL + ` AS reorder_point, iif(rp.point IS NULL, 'rule', 'sales') AS reorder_basis, lv.version, v.tracks_lots, ` + ClassSQL + ` AS class,
	iif(v.tracks_lots, (SELECT coalesce(sum(quantity), 0) ` + lotsHere + ` AND expires_on <= ?1 AND expired_at IS NULL), 0) AS expiring,
	iif(v.tracks_lots, (SELECT coalesce(sum(quantity), 0) ` + lotsHere + ` AND expired_at IS NOT NULL), 0) AS expired,
	CASE WHEN ` + stateSQL + ` <> 'ok' THEN ` + stateSQL + `
		WHEN v.tracks_lots AND EXISTS (SELECT 1 ` + lotsHere + ` AND (expires_on <= ?1 OR expired_at IS NOT NULL)) THEN 'expiring'
		WHEN ` + OverSQL + ` THEN 'over' ELSE 'ok' END AS state`

const lotsHere = `FROM lots WHERE variant_id = lv.variant_id AND location_id = lv.location_id AND quantity > 0`

const levelTables = ` FROM variants v CROSS JOIN levels lv ON lv.variant_id = v.id JOIN locations l ON l.id = lv.location_id` + PointTable

// Levels lists what is where, by name. It has a row wherever there is or was
// stock, a commitment or something incoming.
func Levels(ctx context.Context, d *db.DB, f LevelFilter) (db.Page[Level], error) {
	var rows []Level
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		query, args, err := f.query(tx)
		if err != nil {
			return err
		}
		if err := tx.Select(&rows, query, args...); err != nil {
			return err
		}
		return withImages(tx, rows)
	})
	if err != nil {
		return db.Page[Level]{}, fmt.Errorf("list stock: %w", err)
	}
	return db.PageOf(rows, f.Size(), func(l Level) string { return db.Cursor(l.NameKey, l.VariantID, l.LocationID) }), nil
}

func withImages(tx *db.Tx, rows []Level) error {
	ids := make([]int64, len(rows))
	for i, l := range rows {
		ids[i] = l.VariantID
	}
	images, err := catalog.ImagesOf(tx, ids)
	for i := range rows {
		rows[i].Image = images[rows[i].VariantID]
	}
	return err
}

func (f LevelFilter) query(tx *db.Tx) (string, []any, error) {
	args, err := levelArgs(tx)
	if err != nil {
		return "", nil, err
	}
	where, more, err := f.where(tx)
	args = append(args, more...) // the plain ones follow those with a number
	return "SELECT " + levelColumns + levelTables + "WHERE " + where + " ORDER BY v.name_key, v.id, lv.location_id LIMIT ?", append(args, f.Size()+1), err
}

// levelArgs are the last date that counts as soon, ?1, and what OverSQL takes, to ?4.
func levelArgs(tx *db.Tx) ([]any, error) {
	day, err := soon(tx)
	if err != nil {
		return nil, err
	}
	over, err := OverArgs(tx)
	return append([]any{day}, over...), err
}

func (f LevelFilter) where(tx *db.Tx) (string, []any, error) {
	parts, args := []string{tx.Actor.Scope().Where("lv.location_id"), "v.tracked = 1", "(v.archived_at IS NULL OR lv.on_hand > 0 OR lv.committed > 0)"}, []any{}
	add := func(part string, values ...any) {
		parts, args = append(parts, part), append(args, values...)
	}
	var name string
	var variant, location int64
	more, err := db.ReadCursor(f.After, &name, &variant, &location)
	if err != nil {
		return "", nil, err
	}
	if more {
		add("(v.name_key, v.id, lv.location_id) > (?, ?, ?)", name, variant, location)
	}
	if f.LocationID != 0 {
		add("lv.location_id = ?", f.LocationID)
	}
	if f.VariantID != 0 {
		add("v.id = ?", f.VariantID)
	}
	if f.ProductID != 0 {
		add("v.product_id = ?", f.ProductID)
	}
	if len(f.States) > 0 {
		var any []string
		for _, s := range f.States {
			any = append(any, stateIs[s])
		}
		add("(" + strings.Join(any, " OR ") + ")")
	}
	if len(f.Classes) > 0 {
		classes, err := json.Marshal(f.Classes)
		if err != nil {
			return "", nil, err
		}
		add("v.id IN (SELECT variant_id FROM classes WHERE class IN (SELECT value FROM json_each(?)))", string(classes))
	}
	switch match := db.Match(f.Q); {
	case match != "":
		add("v.id IN (SELECT rowid FROM variants_search WHERE variants_search MATCH ?)", match)
	case strings.TrimSpace(f.Q) != "":
		sku, name := catalog.Begins(f.Q)
		add("(v.sku_key >= ? AND v.sku_key < ? OR v.name_key >= ? AND v.name_key < ?)", sku[0], sku[1], name[0], name[1])
	}
	return strings.Join(parts, " AND "), args, nil
}

// levelsOf reads the levels of some variants at one location, in their order.
func levelsOf(tx *db.Tx, locationID int64, variantIDs []int64) ([]Level, error) {
	args, err := levelArgs(tx)
	if err != nil {
		return nil, err
	}
	ids, err := json.Marshal(variantIDs)
	if err != nil {
		return nil, fmt.Errorf("read stock: %w", err)
	}
	var rows []Level
	err = tx.Select(&rows, "SELECT "+levelColumns+levelTables+"WHERE v.id IN (SELECT value FROM json_each(?5)) AND lv.location_id = ?6 AND "+
		tx.Actor.Scope().Where("lv.location_id"), append(args, string(ids), locationID)...)
	if err != nil {
		return nil, fmt.Errorf("read stock: %w", err)
	}
	by := make(map[int64]Level, len(rows))
	for _, l := range rows {
		by[l.VariantID] = l
	}
	out := make([]Level, len(variantIDs))
	for i, id := range variantIDs {
		l, there := by[id]
		if !there {
			return nil, db.NotFound("stock")
		}
		out[i] = l
	}
	return out, nil
}

// LevelIn is one level; not_found where there never was any stock.
func LevelIn(tx *db.Tx, variantID, locationID int64) (*Level, error) {
	found, err := levelsOf(tx, locationID, []int64{variantID})
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}
