package stock

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// CountLine is what was counted of a variant or of one of its lots, or that nobody counted it yet. What the books say is absent while
// the count is open and blind.
type CountLine struct {
	ID        int64    `json:"id" doc:"0 where nobody counted it"`
	VariantID int64    `json:"variantId"`
	ProductID int64    `json:"productId"`
	SKU       string   `json:"sku" bun:"sku"`
	Name      string   `json:"name"`
	LotID     *int64   `json:"lotId" doc:"null for all that is there, of whatever lot"`
	Lot       string   `json:"lot"`
	ExpiresOn *db.Date `json:"expiresOn" format:"date" doc:"of the lot; null for never"`
	Counted   *int64   `json:"counted" doc:"null where nobody counted it"`
	CountedAt *db.Time `json:"countedAt" format:"date-time"`
	CountedBy string   `json:"countedBy"`
	Expected  *int64   `json:"expected,omitempty" doc:"what the books said when it was counted; of what nobody counted, what they say now"`
	Variance  *int64   `json:"variance,omitempty" doc:"counted - expected"`
	// CostDifference is what the variance is worth, in minor units; absent without cost.read.
	CostDifference *money.Amount    `json:"costDifference,omitempty" doc:"what the variance is worth"`
	Moved          bool             `json:"moved" doc:"it came or left while it was counted bit by bit: only what is certain is a difference. Count it again"`
	Corrected      bool             `json:"corrected" doc:"somebody corrected its stock since, so that the difference no longer holds: posting leaves it out. Count it again"`
	Applied        *int64           `json:"applied,omitempty" doc:"what of the variance came onto the books, once it is posted"`
	TracksLots     bool             `json:"tracksLots"`
	Image          *catalog.Picture `json:"image,omitempty" bun:"-"`

	NameKey string `json:"-"`
	Sorted  int64  `json:"-"`
}

// CountLineState narrows the lines of a count down.
type CountLineState string

// The states: all that were counted, the newest first; those that differ, the worst first; those to count again; and what of the
// count nobody counted yet, by name.
const (
	AllLines       CountLineState = "all"
	DifferingLines CountLineState = "differing"
	MovedLines     CountLineState = "moved"
	UncountedLines CountLineState = "uncounted"
)

// CountLineFilter says which lines of a count to list; its zero value is all that were counted.
type CountLineFilter struct {
	db.List
	State CountLineState

	ids []int64 // these alone
}

// CountLines lists lines of a count. While it is open and blind nothing differs.
func CountLines(ctx context.Context, d *db.DB, id int64, f CountLineFilter) (page db.Page[CountLine], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		page, err = CountLinesIn(tx, id, f)
		return err
	})
	return page, err
}

// CountLinesIn is CountLines inside a transaction.
func CountLinesIn(tx *db.Tx, id int64, f CountLineFilter) (page db.Page[CountLine], err error) {
	c, err := countHead(tx, id)
	if err != nil {
		return page, err
	}
	rows, err := c.lines(tx, f, f.Size()+1)
	if err != nil {
		return page, err
	}
	return db.PageOf(rows, f.Size(), func(l CountLine) string {
		if f.State == UncountedLines {
			return db.Cursor(l.NameKey, l.VariantID)
		}
		return db.Cursor(l.Sorted, l.ID)
	}), nil
}

func (c *Count) lines(tx *db.Tx, f CountLineFilter, limit int) ([]CountLine, error) {
	rows := []CountLine{}
	if c.hidden() && (f.State == DifferingLines || f.State == MovedLines) {
		return rows, nil
	}
	query, args, err := c.linesQuery(tx, f, limit)
	if err != nil {
		return nil, err
	}
	if err := tx.Select(&rows, query, args...); err != nil {
		return nil, fmt.Errorf("read the lines of a count: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, l := range rows {
		ids[i] = l.VariantID
	}
	images, err := catalog.ImagesOf(tx, ids)
	for i := range rows {
		rows[i].Image = images[rows[i].VariantID]
	}
	return rows, err
}

func (c *Count) linesQuery(tx *db.Tx, f CountLineFilter, limit int) (string, []any, error) {
	if f.State == UncountedLines {
		return c.uncountedQuery(f, limit, c.hidden())
	}
	where, sorted, args := "", "x.counted_at", []any{c.ID}
	if !c.hidden() {
		args = append(args, c.LocationID)
	}
	switch {
	case f.State == DifferingLines && tx.Actor.Can("cost.read"):
		where, sorted = " AND x.variance <> 0", "abs(x.cost)"
	case f.State == DifferingLines:
		where, sorted = " AND x.variance <> 0", "abs(x.variance)"
	case f.State == MovedLines:
		where, sorted = " AND x.low <> x.high", "x.id"
	}
	if f.ids != nil {
		ids, err := json.Marshal(f.ids)
		if err != nil {
			return "", nil, err
		}
		where, args = " AND x.id IN (SELECT value FROM json_each(?))", append(args, string(ids))
	}
	var value, last int64
	more, err := db.ReadCursor(f.After, &value, &last)
	if more {
		where, args = where+" AND ("+sorted+", x.id) < (?, ?)", append(args, value, last)
	}
	columns := `x.id, x.variant_id, v.product_id, v.sku, v.name, x.lot_id, coalesce(o.lot, '') AS lot, nullif(o.expires_on, 'never') AS expires_on,
		x.counted, x.counted_at, x.actor_name AS counted_by, v.tracks_lots, ` + sorted + " AS sorted"
	if !c.hidden() {
		columns += `, x.counted - x.variance AS expected, x.variance, x.low <> x.high AS moved, x.applied, ` + correctedSQL + " AS corrected"
		if tx.Actor.Can("cost.read") {
			columns += ", x.cost AS cost_difference"
		}
	}
	return "SELECT " + columns + " FROM count_lines x CROSS JOIN variants v ON v.id = x.variant_id LEFT JOIN lots o ON o.id = x.lot_id WHERE x.count_id = ?1" + where +
		" ORDER BY " + sorted + " DESC, x.id DESC LIMIT ?", append(args, limit), err
}

// correctedSQL is whether somebody corrected the stock of the line x, or undid an adjustment of it, at the location ?2, since it was counted: with what is right
// now, which the difference of before would spoil.
const correctedSQL = `(x.variance <> 0 AND x.posted_at IS NULL AND EXISTS (SELECT 1 FROM movements m
	WHERE m.variant_id = x.variant_id AND m.location_id = ?2 AND m.id > x.seen AND (m.reason = 'correction' OR m.reason = 'reversal' AND m.document_type = 'adjustment')))`

// restSQL is what is there of the variant v at the location ?2, without the lots that the count ?1 counted.
const restSQL = `(coalesce(lv.on_hand, 0) - coalesce((SELECT sum(o.quantity) FROM count_lines y JOIN lots o ON o.id = y.lot_id WHERE y.count_id = ?1 AND y.variant_id = v.id), 0))`

// uncountedQuery finds what of a count nobody counted yet: goods that the books have, and of a list all of it. While the books are
// hidden it is whatever may be there, so that being on the list tells nothing.
func (c *Count) uncountedQuery(f CountLineFilter, limit int, hidden bool) (string, []any, error) {
	from := "variants v CROSS JOIN levels lv ON lv.variant_id = v.id AND lv.location_id = ?2"
	where, counted, columns := "lv.on_hand > 0", " AND (coalesce(x.lot_id, 0) = 0 OR v.tracks_lots = 0 OR "+restSQL+" <= 0)", ", "+restSQL+" AS expected"
	if hidden {
		where, counted, columns = "(v.archived_at IS NULL OR lv.on_hand > 0)", "", ""
	}
	args := []any{c.ID, c.LocationID}
	switch c.Kind {
	case CountChosen, CountDaily:
		from, where = "count_goods g CROSS JOIN variants v ON v.id = g.variant_id LEFT JOIN levels lv ON lv.variant_id = v.id AND lv.location_id = ?2", "g.count_id = ?1"
	case CountCategory:
		where, args = where+" AND v."+ofCategory("?3"), append(args, c.CategoryID)
	}
	var name string
	var last int64
	more, err := db.ReadCursor(f.After, &name, &last)
	if more {
		where, args = where+" AND (v.name_key, v.id) > (?, ?)", append(args, name, last)
	}
	return `SELECT v.id AS variant_id, v.product_id, v.sku, v.name, v.name_key, v.tracks_lots` + columns + " FROM " + from + " WHERE " + where + ` AND v.tracked = 1
		AND NOT EXISTS (SELECT 1 FROM count_lines x WHERE x.count_id = ?1 AND x.variant_id = v.id` + counted + `) ORDER BY v.name_key, v.id LIMIT ?`, append(args, limit), err
}
