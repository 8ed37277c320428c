package customers

import (
	"context"

	"onhand/db"
)

// Check compares the search table with its rows.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.LookAtSearch(ctx, d, "customers_search", "customers")
}
