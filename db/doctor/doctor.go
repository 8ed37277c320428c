// Package doctor asks every room whether its books are right.
package doctor

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/imports"
	"onhand/db/outbox"
	"onhand/db/purchasing"
	"onhand/db/sales"
	"onhand/db/staff"
	"onhand/db/stock"
)

// checks are what every room looks at in its own rows.
var checks = []struct {
	room  string
	check func(context.Context, *db.DB) ([]db.Finding, error)
}{
	{"file", db.Check},
	{"outbox", outbox.Check},
	{"staff", staff.Check},
	{"catalog", catalog.Check},
	{"customers", customers.Check},
	{"stock", stock.Check},
	{"purchasing", purchasing.Check},
	{"sales", sales.Check},
	{"alerts", alerts.Check},
	{"imports", imports.Check},
}

// Report is one room's finding.
type Report struct {
	Room string `json:"room"`
	db.Finding
}

// Run looks at everything and repairs nothing. No findings means that every
// invariant holds.
func Run(ctx context.Context, d *db.DB) ([]Report, error) {
	reports := []Report{}
	for _, c := range checks {
		found, err := c.check(ctx, d)
		for _, f := range found {
			reports = append(reports, Report{c.room, f})
		}
		if err != nil {
			return reports, fmt.Errorf("check %s: %w", c.room, err)
		}
	}
	return reports, nil
}
