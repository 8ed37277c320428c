package purchasing

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/settings"
	"onhand/db/stock"
)

// WorkOutPoints works out of every level when to order more, as Replenishment does, and writes it down for whoever has to know at
// once, as the list of the stock and the alerts: a pace is of whole days, so once a day is enough. It answers how many points moved.
func WorkOutPoints(ctx context.Context, d *db.DB) (moved int, err error) {
	var at Advice
	for {
		var rows []Advice
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			s, err := settings.In(tx)
			if err != nil {
				return err
			}
			if rows, err = (AdviceFilter{}).slice(tx, at); err != nil {
				return err
			}
			return workOut(tx, s, rows)
		})
		if err != nil {
			return moved, fmt.Errorf("work reorder points out: %w", err)
		}
		points := make([]stock.WorkedOut, len(rows))
		for i := range rows {
			a := &rows[i]
			points[i].Place = stock.Place{VariantID: a.VariantID, LocationID: a.LocationID}
			if a.Basis == stock.BySales {
				points[i].Point = &a.ReorderPoint
			}
		}
		n := 0
		err = db.Write(ctx, d, func(tx *db.Tx) (err error) { n, err = stock.SetPoints(tx, points); return err })
		if err != nil {
			return moved, err
		}
		if moved += n; len(rows) < adviceSlice {
			return moved, nil
		}
		at = rows[len(rows)-1]
	}
}
