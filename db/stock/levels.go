package stock

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// State sums a level up in one word.
type State string

// The states of a level.
const (
	OK  State = "ok"
	Low State = "low"
	Out State = "out"
)

// Level is what one location has of one variant.
type Level struct {
	VariantID    int64  `json:"variantId"`
	ProductID    int64  `json:"productId"`
	SKU          string `json:"sku" bun:"sku"`
	Name         string `json:"name"`
	LocationID   int64  `json:"locationId"`
	LocationName string `json:"locationName"`
	OnHand       int64  `json:"onHand" doc:"physically there"`
	Committed    int64  `json:"committed" doc:"on hand, but promised to open orders"`
	Unavailable  int64  `json:"unavailable" doc:"on hand, but set aside"`
	Available    int64  `json:"available" doc:"onHand - committed - unavailable: what can be sold"`
	Backordered  int64  `json:"backordered" doc:"promised to open orders, but not there"`
	Incoming     int64  `json:"incoming" doc:"on its way here"`
	ReorderPoint int64  `json:"reorderPoint"`
	State        State  `json:"state" enum:"ok,low,out"`
	Version      int64  `json:"version"`
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
}

// stateSQL is DESIGN.md 4: out with nothing to sell, low at or below the reorder
// point counting what is on its way.
const stateSQL = `CASE WHEN lv.on_hand - lv.committed - lv.unavailable <= 0 THEN 'out'
	WHEN lv.on_hand - lv.committed - lv.unavailable + lv.incoming <= v.reorder_point THEN 'low' ELSE 'ok' END`

const levelColumns = `lv.variant_id, v.product_id, v.sku, v.name, v.name_key, lv.location_id, l.name AS location_name,
	lv.on_hand, lv.committed, lv.unavailable, lv.on_hand - lv.committed - lv.unavailable AS available,
	lv.backordered, lv.incoming, v.reorder_point, lv.version, ` + stateSQL + ` AS state`

const levelTables = ` FROM variants v CROSS JOIN levels lv ON lv.variant_id = v.id JOIN locations l ON l.id = lv.location_id `

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
	where, args, err := f.where(tx)
	return "SELECT " + levelColumns + levelTables + "WHERE " + where + " ORDER BY v.name_key, v.id, lv.location_id LIMIT ?", append(args, f.Size()+1), err
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
		var states []any
		for _, s := range f.States {
			states = append(states, s)
		}
		add(stateSQL+" IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
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
	out := make([]Level, 0, len(variantIDs))
	for _, id := range variantIDs {
		l, err := LevelIn(tx, id, locationID)
		if err != nil {
			return nil, err
		}
		out = append(out, *l)
	}
	return out, nil
}

// LevelIn is one level; not_found where there never was any stock.
func LevelIn(tx *db.Tx, variantID, locationID int64) (*Level, error) {
	l := new(Level)
	err := tx.Get(l, "SELECT "+levelColumns+levelTables+"WHERE v.id = ?1 AND lv.location_id = ?2 AND "+
		tx.Actor.Scope().Where("lv.location_id"), variantID, locationID)
	if err != nil {
		return nil, db.Found(err, "stock")
	}
	return l, nil
}

// Movement is one entry of the ledger.
type Movement struct {
	ID         int64     `json:"id"`
	At         db.Time   `json:"at"`
	VariantID  int64     `json:"variantId"`
	SKU        string    `json:"sku" bun:"sku"`
	Name       string    `json:"name"`
	LocationID int64     `json:"locationId"`
	Delta      int64     `json:"delta"`
	Reason     Reason    `json:"reason" enum:"received,damage,theft,waste,found,correction,sale,reversal"`
	Note       string    `json:"note"`
	Document   *Document `json:"document" bun:"-"`
	Actor      string    `json:"actor"`
	// UnitCost is what one unit of the movement cost, rounded; absent without cost.read.
	UnitCost *money.Amount `json:"unitCost,omitempty"`
	Balance  int64         `json:"balance" doc:"on hand at the location after the movement"`

	DocumentType   *string `json:"-"`
	DocumentID     *int64  `json:"-"`
	DocumentNumber *string `json:"-"`
}

// MovementFilter says which movements to list.
type MovementFilter struct {
	db.List
	VariantID  int64
	LocationID int64
}

const movementColumns = `m.id, m.at, m.variant_id, v.sku, v.name, m.location_id, m.delta, m.reason, m.note, m.actor_name AS actor, m.balance,
	m.document_type, m.document_id, m.document_number`

// unitCostSQL is |cost/delta| rounded half away from zero, in whole numbers.
const unitCostSQL = `, (2 * abs(m.cost) + abs(m.delta)) / (2 * abs(m.delta)) AS unit_cost`

// Movements lists the ledger, newest first.
func Movements(ctx context.Context, d *db.DB, f MovementFilter) (db.Page[Movement], error) {
	var rows []Movement
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		rows, err = movements(tx, f, f.Size()+1)
		return err
	})
	if err != nil {
		return db.Page[Movement]{}, fmt.Errorf("list movements: %w", err)
	}
	return db.PageOf(rows, f.Size(), func(m Movement) string { return db.Cursor(m.ID) }), nil
}

func movements(tx *db.Tx, f MovementFilter, limit int) ([]Movement, error) {
	query, args, err := f.query(tx.Actor, limit)
	if err != nil {
		return nil, err
	}
	rows := []Movement{}
	err = tx.Select(&rows, query, args...)
	for i := range rows {
		if m := &rows[i]; m.DocumentType != nil {
			m.Document = &Document{Type: *m.DocumentType, ID: *m.DocumentID, Number: *m.DocumentNumber}
		}
	}
	return rows, err
}

func (f MovementFilter) query(actor db.Actor, limit int) (string, []any, error) {
	scope := "+m.location_id" // several stores only filter: through their index the rows would have to be sorted
	if len(actor.Locations) == 1 {
		scope = "m.location_id"
	}
	parts, args := []string{actor.Scope().Where(scope)}, []any{}
	var before int64
	more, err := db.ReadCursor(f.After, &before)
	if err != nil {
		return "", nil, err
	}
	if more {
		parts, args = append(parts, "m.id < ?"), append(args, before)
	}
	if f.VariantID != 0 {
		parts, args = append(parts, "m.variant_id = ?"), append(args, f.VariantID)
	}
	if f.LocationID != 0 {
		parts, args = append(parts, "m.location_id = ?"), append(args, f.LocationID)
	}
	columns := movementColumns
	if actor.Can("cost.read") {
		columns += unitCostSQL
	}
	return "SELECT " + columns + " FROM movements m CROSS JOIN variants v ON v.id = m.variant_id WHERE " +
		strings.Join(parts, " AND ") + " ORDER BY m.id DESC LIMIT ?", append(args, limit), nil
}
