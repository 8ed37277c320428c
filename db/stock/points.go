package stock

import (
	"encoding/json"
	"fmt"

	"onhand/db"
)

// PointBasis says what a reorder point goes by.
type PointBasis string

// The bases of reorder points: what was sold and how long deliveries took, or the variant's own number where that says too little.
const (
	BySales PointBasis = "sales"
	ByRule  PointBasis = "rule"
)

// PointSQL is the reorder point of a level: of variants, as v, and PointTable.
const PointSQL = "coalesce(rp.point, v.reorder_point)"

// PointTable joins what was worked out, as rp, to levels, as lv.
const PointTable = " LEFT JOIN reorder_points rp ON rp.variant_id = lv.variant_id AND rp.location_id = lv.location_id "

// WorkedOut is the reorder point of a variant at a location by its sales, in units; nil where they say too little.
type WorkedOut struct {
	Place
	Point *int64
}

// SetPoints writes reorder points down. It answers how many are others than before.
func SetPoints(tx *db.Tx, points []WorkedOut) (int, error) {
	b, err := json.Marshal(points)
	if err != nil {
		return 0, fmt.Errorf("set reorder points: %w", err)
	}
	var others []struct {
		WorkedOut `bun:",extend"`
		Version   int64
	}
	err = tx.Select(&others, `SELECT lv.variant_id, lv.location_id, p.value ->> 'Point' AS point, lv.version
		FROM json_each(?1) p CROSS JOIN levels lv ON lv.variant_id = p.value ->> 'VariantID' AND lv.location_id = p.value ->> 'LocationID'`+PointTable+`
		WHERE rp.point IS NOT p.value ->> 'Point'`, string(b))
	if err != nil {
		return 0, fmt.Errorf("find other reorder points: %w", err)
	}
	for _, p := range others {
		if p.Point == nil {
			_, err = tx.Exec("DELETE FROM reorder_points WHERE variant_id = ?1 AND location_id = ?2", p.VariantID, p.LocationID)
		} else {
			_, err = tx.Exec("INSERT INTO reorder_points (variant_id, location_id, point) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET point = excluded.point",
				p.VariantID, p.LocationID, *p.Point)
		}
		if err != nil {
			return 0, fmt.Errorf("set a reorder point: %w", err)
		}
		if err := changed(tx, p.VariantID, p.LocationID, p.Version); err != nil {
			return 0, err
		}
	}
	return len(others), nil
}
