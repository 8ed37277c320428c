package catalog

import (
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Charged is the price at a moment: the sale's while it runs, from its start and until its end, each open where it is nil.
func Charged(price money.Amount, sale *money.Amount, starts, ends *db.Time, now db.Time) money.Amount {
	if sale == nil || starts != nil && now < *starts || ends != nil && now >= *ends {
		return price
	}
	return *sale
}

// struck is the price that stands crossed out beside what is charged, nil where there is none: the one that the owner named, or
// during a sale the regular one.
func struck(compareAt *money.Amount, price, charged money.Amount) *money.Amount {
	switch {
	case compareAt != nil && *compareAt > charged:
		return compareAt
	case compareAt == nil && price > charged:
		return &price
	}
	return nil
}

// sell lays a change of the sale over a variant. A sale that goes takes its times along.
func (v *Variant) sell(field string, c VariantChange, wrong *refusals) {
	if c.SalePrice.Sent {
		v.SalePrice = c.SalePrice.Amount
		wrong.price(field+".salePrice", v.SalePrice)
		if v.SalePrice == nil {
			v.SaleStarts, v.SaleEnds = nil, nil
		}
	}
	if c.SaleStarts.Sent {
		v.SaleStarts = c.SaleStarts.Time
	}
	if c.SaleEnds.Sent {
		v.SaleEnds = c.SaleEnds.Time
	}
	switch {
	case v.SalePrice == nil && (v.SaleStarts != nil || v.SaleEnds != nil):
		wrong.add(db.Refuse("required", field+".salePrice", "A sale needs a price."))
	case v.SalePrice != nil && *v.SalePrice > v.Price:
		wrong.add(db.Refuse("sale_above_price", field+".salePrice", "The sale price is above the regular price. Choose a lower one.").With("max", v.Price))
	case v.SaleStarts != nil && v.SaleEnds != nil && *v.SaleEnds <= *v.SaleStarts:
		wrong.add(db.Refuse("ends_first", field+".saleEnds", "The sale ends before it starts. Choose a later end."))
	}
}

// SalePrices are a variant's price and its sale, running or not.
type SalePrices struct {
	Price                money.Amount
	SalePrice            *money.Amount
	SaleStarts, SaleEnds *db.Time
}

// PricesIn are the prices of some variants.
func PricesIn(tx *db.Tx, variantIDs []int64) (map[int64]SalePrices, error) {
	ids, err := json.Marshal(variantIDs)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID         int64
		SalePrices `bun:",extend"`
	}
	err = tx.Select(&rows, "SELECT id, price, sale_price, sale_starts, sale_ends FROM variants WHERE id IN (SELECT value FROM json_each(?1))", string(ids))
	if err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	prices := make(map[int64]SalePrices, len(rows))
	for _, r := range rows {
		prices[r.ID] = r.SalePrices
	}
	return prices, nil
}
