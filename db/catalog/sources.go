package catalog

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Source is where the shop can buy a variant, for whoever works out an order. Its lead time is the item's, else the supplier's; 0 where
// nobody says. Whether the cost may be shown is the caller's to ask.
type Source struct {
	SupplierID   int64
	Supplier     string
	VariantID    int64
	Code         string
	Cost         *money.Amount
	MOQ          int64
	PackSize     int64
	LeadTimeDays int64
	Preferred    bool
}

// SourcesOf is who supplies some variants, in one query however many: for each the preferred supplier first, then the cheapest.
// Archived suppliers are left out.
func SourcesOf(tx *db.Tx, variantIDs []int64) (map[int64][]Source, error) {
	var rows []Source
	err := tx.Select(&rows, `SELECT i.supplier_id, s.name AS supplier, i.variant_id, i.code, i.cost, i.moq, i.pack_size, iif(i.lead_days > 0, i.lead_days, s.lead_days) AS lead_time_days, i.preferred
		FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id
		WHERE i.variant_id IN (SELECT value FROM json_each(?1)) AND s.archived_at IS NULL
		ORDER BY i.variant_id, i.preferred DESC, i.cost IS NULL, i.cost, s.sort_key, i.id`, list(variantIDs))
	if err != nil {
		return nil, fmt.Errorf("look for suppliers: %w", err)
	}
	of := make(map[int64][]Source, len(rows))
	for _, r := range rows {
		of[r.VariantID] = append(of[r.VariantID], r)
	}
	return of, nil
}

// Orderable is the least quantity of at least n that a source sells: its MOQ or more, in whole packs.
func (s Source) Orderable(n int64) int64 {
	if n <= 0 {
		return 0
	}
	n = max(n, s.MOQ)
	return (n + s.PackSize - 1) / s.PackSize * s.PackSize
}
