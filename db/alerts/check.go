package alerts

import (
	"context"

	"onhand/db"
)

// Check looks for alerts about what is not there.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.Look(ctx, d, []db.Rule{
		{Name: "an open alert is about a level", Query: `SELECT 'alert ' || a.id, 'It is open for variant ' || a.variant_id || ' at location ' || a.location_id || ', which has no level.'
			FROM alerts a WHERE a.closed_at IS NULL AND a.variant_id IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM levels WHERE variant_id = a.variant_id AND location_id = a.location_id)`},
		{Name: "low and out exclude each other", Query: `SELECT 'alert ' || a.id, 'Variant ' || a.variant_id || ' is low and out at location ' || a.location_id || '.'
			FROM alerts a JOIN alerts b ON b.variant_id = a.variant_id AND b.location_id = a.location_id AND b.closed_at IS NULL AND b.kind = 'out'
			WHERE a.closed_at IS NULL AND a.kind = 'low'`},
		{Name: "nobody was told of what has not happened", Query: `SELECT 'reader ' || address, 'They know of alert ' || told || ' of ' || kind || ', and there is none of that number yet.'
			FROM alert_readers WHERE told > (SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0))`},
	})
}
