package stock

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// overstocked is how many levels a report of too much names at most.
const overstocked = 200

// Overstock is what there is too much of, and what never sells, with the money that lies in it: the first 200 by that, or by units
// for those who do not see costs.
type Overstock struct {
	Items []OverLevel `json:"items"`
	Count int64       `json:"count" doc:"how many there are in all"`
	Units int64       `json:"units" doc:"more than is needed, of all of them"`
	// Value is absent without cost.read.
	Value *money.Amount `json:"value,omitempty" doc:"what these units are worth, in minor units"`
}

// OverLevel is a level with more than is needed.
type OverLevel struct {
	VariantID    int64            `json:"variantId"`
	ProductID    int64            `json:"productId"`
	SKU          string           `json:"sku" bun:"sku"`
	Name         string           `json:"name"`
	Image        *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks"`
	LocationID   int64            `json:"locationId"`
	LocationName string           `json:"locationName"`
	Available    int64            `json:"available"`
	MaxStock     *int64           `json:"maxStock" doc:"the most there should be; null for no limit"`
	Sold         int64            `json:"sold" doc:"units sold in the last 90 days"`
	DaysOfCover  *int64           `json:"daysOfCover" doc:"for how many days what is available lasts; null where none was sold"`
	Excess       int64            `json:"excess" doc:"more than the most there should be, or than is sold in the settings' overstock days, whichever is less: all of it where none was sold"`
	Value        *money.Amount    `json:"value,omitempty" doc:"what the excess is worth, in minor units; absent without cost.read"`
}

// TooMuch reports what is over (see OverSQL) at a location, or at all that the person sees for 0.
func TooMuch(ctx context.Context, d *db.DB, locationID int64) (*Overstock, error) {
	o := &Overstock{Items: []OverLevel{}}
	err := db.Read(ctx, d, func(tx *db.Tx) error { return o.read(tx, locationID) })
	if err != nil {
		return nil, fmt.Errorf("look for overstock: %w", err)
	}
	return o, nil
}

func (o *Overstock) read(tx *db.Tx, locationID int64) error {
	over, err := OverArgs(tx)
	if err != nil {
		return err
	}
	costs := tx.Actor.Can("cost.read")
	var rows []struct {
		OverLevel `bun:",extend"`
		Count     int64
		Units     int64
		Worth     money.Amount
	}
	err = tx.Select(&rows, `SELECT *, count(*) OVER () AS count, sum(excess) OVER () AS units, sum(value) OVER () AS worth FROM (
			SELECT *, CAST(round(excess * coalesce((SELECT 1.0 * c.value / c.quantity FROM costs c WHERE c.variant_id = o.variant_id AND c.quantity > 0), 0)) AS INTEGER) AS value FROM (
				SELECT v.id AS variant_id, v.product_id, v.sku, v.name, lv.location_id, l.name AS location_name, `+availableSQL+` AS available, nullif(v.max_stock, 0) AS max_stock,
					pace ->> 0 AS sold, iif(pace ->> 0 > 0, `+availableSQL+` * (pace ->> 1) / (pace ->> 0), NULL) AS days_of_cover,
					`+availableSQL+` - min(iif(v.max_stock > 0, v.max_stock, `+availableSQL+`),
						iif(age < 30, `+availableSQL+`, iif(pace ->> 1 > 0, max(pace ->> 0, 0) * ?4 / (pace ->> 1), 0))) AS excess
				FROM (SELECT lv.*, (SELECT json_array(sold, days) FROM (`+paceSQL+`)) AS pace, `+ageSQL+` AS age FROM levels lv JOIN variants v ON v.id = lv.variant_id
					WHERE (?5 = 0 OR lv.location_id = ?5) AND `+tx.Actor.Scope().Where("lv.location_id")+` AND v.tracked = 1 AND `+OverSQL+`) lv
				JOIN variants v ON v.id = lv.variant_id JOIN locations l ON l.id = lv.location_id) o)
		ORDER BY iif(?1, value, 0) DESC, excess DESC, name, variant_id, location_id LIMIT ?6`, append([]any{costs}, append(over, locationID, overstocked)...)...)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.VariantID
	}
	images, err := catalog.ImagesOf(tx, ids)
	if err != nil {
		return err
	}
	o.Count, o.Units = rows[0].Count, rows[0].Units
	if costs {
		o.Value = &rows[0].Worth
	}
	for _, r := range rows {
		r.Image = images[r.VariantID]
		if !costs {
			r.OverLevel.Value = nil
		}
		o.Items = append(o.Items, r.OverLevel)
	}
	return nil
}
