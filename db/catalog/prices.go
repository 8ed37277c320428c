package catalog

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Prices are what a variant is sold and bought for, in minor units.
type Prices struct {
	Price          money.Amount  `json:"price"`
	CompareAtPrice *money.Amount `json:"compareAtPrice"`
	Cost           *money.Amount `json:"cost,omitempty"`
	SalePrice      *money.Amount `json:"salePrice"`
	SaleStarts     *db.Time      `json:"saleStarts" format:"date-time"`
	SaleEnds       *db.Time      `json:"saleEnds" format:"date-time"`
}

// PriceChange is one entry of a variant's price history.
type PriceChange struct {
	ID   int64   `json:"id"`
	At   db.Time `json:"at"`
	By   string  `json:"by" doc:"who changed it"`
	From *Prices `json:"from" doc:"null where the variant was made"`
	To   Prices  `json:"to"`
}

// PriceHistory lists the changes of a variant's prices, the newest first; those of its cost for who may see it. It fails with
// not_found, bad_cursor.
func PriceHistory(ctx context.Context, d *db.DB, variantID int64, l db.List) (page db.Page[PriceChange], err error) {
	var before int64
	more, err := db.ReadCursor(l.After, &before)
	if err != nil {
		return page, err
	}
	if !more {
		before = 1<<63 - 1
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var there bool
		if err := tx.Row("SELECT EXISTS (SELECT 1 FROM variants WHERE id = ?1)", []any{variantID}, &there); err != nil {
			return fmt.Errorf("look up variant %d: %w", variantID, err)
		}
		if !there {
			return db.NotFound("variant")
		}
		rows, err := pricesOf(tx, variantID, before, l.Size()+1)
		page = db.PageOf(rows, l.Size(), func(c PriceChange) string { return db.Cursor(c.ID) })
		return err
	})
	return page, err
}

// pricesOf reads the entries before one. Without the right to see costs, theirs are not read, nor entries of nothing else.
func pricesOf(tx *db.Tx, variantID, before int64, most int) ([]PriceChange, error) {
	cost, only := "cost_before, cost", ""
	if !tx.Actor.Can("cost.read") {
		cost = "NULL AS cost_before, NULL AS cost"
		only = ` AND (price_before, compare_at_price_before, sale_price_before, sale_starts_before, sale_ends_before)
			IS NOT (price, compare_at_price, sale_price, sale_starts, sale_ends)`
	}
	var rows []struct {
		ID                   int64
		At                   db.Time
		ActorName            string
		PriceBefore          *money.Amount
		CompareAtPriceBefore *money.Amount
		CostBefore           *money.Amount
		SalePriceBefore      *money.Amount
		SaleStartsBefore     *db.Time
		SaleEndsBefore       *db.Time
		Price                money.Amount
		CompareAtPrice       *money.Amount
		Cost                 *money.Amount
		SalePrice            *money.Amount
		SaleStarts           *db.Time
		SaleEnds             *db.Time
	}
	err := tx.Select(&rows, `SELECT id, at, actor_name, price_before, compare_at_price_before, sale_price_before, sale_starts_before, sale_ends_before,
		price, compare_at_price, sale_price, sale_starts, sale_ends, `+cost+`
		FROM variant_prices WHERE variant_id = ?1 AND id < ?2`+only+` ORDER BY id DESC LIMIT ?3`, variantID, before, most)
	if err != nil {
		return nil, fmt.Errorf("read the prices of variant %d: %w", variantID, err)
	}
	changes := make([]PriceChange, len(rows))
	for i, r := range rows {
		changes[i] = PriceChange{ID: r.ID, At: r.At, By: r.ActorName,
			To: Prices{r.Price, r.CompareAtPrice, r.Cost, r.SalePrice, r.SaleStarts, r.SaleEnds}}
		if r.PriceBefore != nil {
			changes[i].From = &Prices{*r.PriceBefore, r.CompareAtPriceBefore, r.CostBefore, r.SalePriceBefore, r.SaleStartsBefore, r.SaleEndsBefore}
		}
	}
	return changes, nil
}

// recordPrices writes down what a variant's prices were and are, where they differ.
func recordPrices(tx *db.Tx, was *Variant, v *Variant) error {
	args := []any{v.ID, tx.Now, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name}
	if was == nil {
		args = append(args, nil, nil, nil, nil, nil, nil)
	} else {
		if samePrices(was, v) {
			return nil
		}
		args = append(args, was.Price, was.CompareAtPrice, was.Cost, was.SalePrice, was.SaleStarts, was.SaleEnds)
	}
	args = append(args, v.Price, v.CompareAtPrice, v.Cost, v.SalePrice, v.SaleStarts, v.SaleEnds)
	_, err := tx.Exec(`INSERT INTO variant_prices (variant_id, at, actor_kind, actor_id, actor_name,
		price_before, compare_at_price_before, cost_before, sale_price_before, sale_starts_before, sale_ends_before,
		price, compare_at_price, cost, sale_price, sale_starts, sale_ends)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)`, args...)
	if err != nil {
		return fmt.Errorf("record the prices of variant %d: %w", v.ID, err)
	}
	return nil
}

func samePrices(a, b *Variant) bool {
	return a.Price == b.Price && same(a.CompareAtPrice, b.CompareAtPrice) && same(a.Cost, b.Cost) &&
		same(a.SalePrice, b.SalePrice) && same(a.SaleStarts, b.SaleStarts) && same(a.SaleEnds, b.SaleEnds)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
