package stock

import (
	"context"
	"fmt"

	"onhand/db"
)

// explained is how many of the newest movements an explanation shows; the older
// ones are summed up as its opening.
const explained = 100

// explainedLots is how many lots it shows at most.
const explainedLots = 1000

// Explanation answers "why is it 3?": opening plus the movements is onHand, the
// covered parts of the reservations are committed, the rest of them backordered;
// what is set aside is unavailable, the incoming lines are incoming.
type Explanation struct {
	VariantID    int64         `json:"variantId"`
	SKU          string        `json:"sku" bun:"sku"`
	Name         string        `json:"name"`
	LocationID   int64         `json:"locationId"`
	LocationName string        `json:"locationName"`
	OnHand       int64         `json:"onHand"`
	Committed    int64         `json:"committed"`
	Unavailable  int64         `json:"unavailable"`
	Available    int64         `json:"available"`
	Backordered  int64         `json:"backordered"`
	Incoming     int64         `json:"incoming"`
	Opening      int64         `json:"opening" bun:"-" doc:"the sum of all older movements"`
	Movements    []Movement    `json:"movements" bun:"-" doc:"newest first"`
	Reservations []Reservation `json:"reservations" bun:"-" doc:"oldest first; the first to be covered"`
	Lots         []Lot         `json:"lots" bun:"-" doc:"what of onHand is in which lot, where the variant tracks lots"`
	SetAside     []Aside       `json:"setAside" bun:"-" doc:"what of onHand is not for sale, and why: the rows add up to unavailable"`
	IncomingLine []Incoming    `json:"incomingLines" bun:"-"`
}

// Reservation is what an open order holds of a variant.
type Reservation struct {
	OrderID     int64   `json:"orderId"`
	OrderNumber string  `json:"orderNumber"`
	At          db.Time `json:"at"`
	Quantity    int64   `json:"quantity"`
	Covered     int64   `json:"covered" doc:"the part that is there"`
	Short       int64   `json:"short" doc:"the part that waits for stock"`
}

// Explain takes one level apart; not_found where the variant or the location is.
func Explain(ctx context.Context, d *db.DB, variantID, locationID int64) (*Explanation, error) {
	var e *Explanation
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		e, err = explain(tx, variantID, locationID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("explain the stock: %w", err)
	}
	return e, nil
}

func explain(tx *db.Tx, variantID, locationID int64) (*Explanation, error) {
	if _, err := LocationIn(tx, locationID); err != nil {
		return nil, err
	}
	e := &Explanation{Lots: []Lot{}, Reservations: []Reservation{}}
	err := tx.Get(e, `SELECT v.id AS variant_id, v.sku, v.name, l.id AS location_id, l.name AS location_name,
			coalesce(lv.on_hand, 0) AS on_hand, coalesce(lv.committed, 0) AS committed, coalesce(lv.unavailable, 0) AS unavailable,
			coalesce(lv.on_hand - lv.committed - lv.unavailable, 0) AS available, coalesce(lv.backordered, 0) AS backordered, coalesce(lv.incoming, 0) AS incoming
		FROM variants v JOIN locations l ON l.id = ?2 LEFT JOIN levels lv ON lv.variant_id = v.id AND lv.location_id = l.id
		WHERE v.id = ?1`, variantID, locationID)
	if err != nil {
		return nil, db.Found(err, "variant")
	}
	e.Movements, e.Opening, err = ledgerOf(tx, MovementFilter{VariantID: variantID, LocationID: locationID})
	if err != nil {
		return nil, err
	}
	err = tx.Select(&e.Reservations, `SELECT order_id, order_number, at, quantity, covered, quantity - covered AS short FROM reservations
		WHERE variant_id = ?1 AND location_id = ?2 AND quantity > 0 ORDER BY id LIMIT 1000`, variantID, locationID)
	if err != nil {
		return nil, fmt.Errorf("read the reservations: %w", err)
	}
	if e.IncomingLine, err = incomingLines(tx, variantID, locationID); err != nil {
		return nil, err
	}
	if e.SetAside, err = asidesAt(tx, Place{variantID, locationID}); err != nil {
		return nil, err
	}
	e.Lots, err = lotsOf(tx, LotFilter{VariantID: variantID, LocationID: locationID}, explainedLots)
	return e, err
}

// ledgerOf is the newest movements of a level, and what there was before them.
func ledgerOf(tx *db.Tx, f MovementFilter) (newest []Movement, opening int64, err error) {
	newest, err = movements(tx, f, explained)
	if n := len(newest); n > 0 {
		opening = newest[n-1].Balance - newest[n-1].Delta
	}
	return newest, opening, err
}
