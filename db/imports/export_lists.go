package imports

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/stock"
)

var levelColumns = []column[stock.Level]{
	{"SKU", 18, false, func(l stock.Level) any { return l.SKU }},
	{"Name", 32, false, func(l stock.Level) any { return l.Name }},
	{"Location", 18, false, func(l stock.Level) any { return l.LocationName }},
	{"On hand", 0, false, func(l stock.Level) any { return l.OnHand }},
	{"Committed", 0, false, func(l stock.Level) any { return l.Committed }},
	{"Unavailable", 0, false, func(l stock.Level) any { return l.Unavailable }},
	{"Available", 0, false, func(l stock.Level) any { return l.Available }},
	{"Backordered", 0, false, func(l stock.Level) any { return l.Backordered }},
	{"Incoming", 0, false, func(l stock.Level) any { return l.Incoming }},
	{"Reorder point", 0, false, func(l stock.Level) any { return l.ReorderPoint }},
	{"State", 10, false, func(l stock.Level) any { return string(l.State) }},
	{"Expiring", 0, false, func(l stock.Level) any { return l.Expiring }},
	{"Expired", 0, false, func(l stock.Level) any { return l.Expired }},
}

// ExportStock prepares a list of levels.
func ExportStock(ctx context.Context, d *db.DB, f stock.LevelFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, "stock", levelColumns, func(ctx context.Context, l db.List) (db.Page[stock.Level], error) {
		f.List, f.Q = l, q
		return stock.Levels(ctx, d, f)
	}, itself)
}

var customerColumns = []column[customers.Customer]{
	{"Name", 28, false, func(c customers.Customer) any { return c.Name }},
	{"Email", 28, false, func(c customers.Customer) any { return c.Email }},
	{"Phone", 20, false, func(c customers.Customer) any { return c.Phone }},
	{"Note", 40, false, func(c customers.Customer) any { return c.Note }},
	{"Customer since", 17, false, func(c customers.Customer) any { return c.CreatedAt }},
}

// ExportCustomers prepares a list of customers.
func ExportCustomers(ctx context.Context, d *db.DB, f customers.CustomerFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, "customers", customerColumns, func(ctx context.Context, l db.List) (db.Page[customers.Customer], error) {
		f.List, f.Q = l, q
		return customers.List(ctx, d, f)
	}, itself)
}

var movementColumns = []column[stock.Movement]{
	{"At", 17, false, func(m stock.Movement) any { return m.At }},
	{"SKU", 18, false, func(m stock.Movement) any { return m.SKU }},
	{"Name", 32, false, func(m stock.Movement) any { return m.Name }},
	{"Location", 18, false, func(m stock.Movement) any { return m.LocationName }},
	{"Change", 0, false, func(m stock.Movement) any { return m.Delta }},
	{"On hand after", 0, false, func(m stock.Movement) any { return m.Balance }},
	{"Reason", 12, false, func(m stock.Movement) any { return string(m.Reason) }},
	{"Note", 28, false, func(m stock.Movement) any { return m.Note }},
	{"Document", 12, false, func(m stock.Movement) any { return documentOf(m).Type }},
	{"Document number", 0, false, func(m stock.Movement) any { return documentOf(m).Number }},
	{"Lots", 24, false, func(m stock.Movement) any { return lotsOf(m) }},
	{"By", 16, false, func(m stock.Movement) any { return m.Actor }},
	{"Unit cost", 12, true, func(m stock.Movement) any { return m.UnitCost }},
}

// documentOf is what a movement came from, empty where that is nothing but a hand.
func documentOf(m stock.Movement) stock.Document {
	if m.Document == nil {
		return stock.Document{}
	}
	return *m.Document
}

// lotsOf names the lots of a movement: "A7 (2026-12-24): -2".
func lotsOf(m stock.Movement) string {
	texts := make([]string, len(m.Lots))
	for i, l := range m.Lots {
		name := l.Lot
		if l.ExpiresOn != nil {
			name = strings.TrimSpace(fmt.Sprintf("%s (%s)", l.Lot, *l.ExpiresOn))
		}
		texts[i] = strings.TrimSpace(fmt.Sprintf("%s: %+d", name, l.Delta))
	}
	return strings.Join(texts, ", ")
}

// ExportMovements prepares a part of the ledger.
func ExportMovements(ctx context.Context, d *db.DB, f stock.MovementFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, "movements", movementColumns, func(ctx context.Context, l db.List) (db.Page[stock.Movement], error) {
		f.List, f.Q = l, q
		return stock.Movements(ctx, d, f)
	}, itself)
}

var auditColumns = []column[db.AuditEntry]{
	{"at", 17, false, func(e db.AuditEntry) any { return e.At }},
	{"who", 18, false, func(e db.AuditEntry) any { return e.Actor.Name }},
	{"who_id", 10, false, func(e db.AuditEntry) any { return fmt.Sprintf("%s:%d", e.Actor.Kind, e.Actor.ID) }},
	{"approved_by", 18, false, func(e db.AuditEntry) any {
		if e.Approver == nil {
			return nil
		}
		return e.Approver.Name
	}},
	{"from", 16, false, func(e db.AuditEntry) any { return e.IP }},
	{"action", 14, false, func(e db.AuditEntry) any { return e.Action }},
	{"entity", 14, false, func(e db.AuditEntry) any { return e.Entity }},
	{"entity_id", 0, false, func(e db.AuditEntry) any { return e.EntityID }},
	{"before", 40, false, func(e db.AuditEntry) any { return string(e.Before) }},
	{"after", 40, false, func(e db.AuditEntry) any { return string(e.After) }},
}

// ExportAudit prepares a part of the audit.
func ExportAudit(ctx context.Context, d *db.DB, f db.AuditFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, "audit", auditColumns, func(ctx context.Context, l db.List) (db.Page[db.AuditEntry], error) {
		f.List, f.Q = l, q
		return db.AuditLog(ctx, d, f)
	}, itself)
}
