package stock

import (
	"context"
	"fmt"

	"onhand/db"
)

// CountMove is a move of a count without further input.
type CountMove struct {
	Version *int64 `json:"version,omitempty" doc:"of the count as it was seen; refused as stale when it changed"`
}

func (m CountMove) fresh(tx *db.Tx, c *Count) error {
	if m.Version == nil || *m.Version == c.Version {
		return nil
	}
	if err := c.read(tx, CountLineFilter{List: db.List{Limit: newestLines}}); err != nil {
		return err
	}
	return db.Stale(c)
}

// ReviewCount ends the counting and tells what differs; in review it stays so. It fails with stale and illegal_move.
func ReviewCount(ctx context.Context, d *db.DB, id int64, in CountMove) (*Count, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Count, error) { return ReviewCountIn(tx, id, in) })
}

// ReviewCountIn is ReviewCount inside a transaction.
func ReviewCountIn(tx *db.Tx, id int64, in CountMove) (*Count, error) {
	return moveCount(tx, id, in, CountReview, "reviewed", CountOpen)
}

// AbandonCount gives a count up: nothing of it comes onto the books. Abandoned it stays so. It fails with stale and, once it is being
// posted, illegal_move.
func AbandonCount(ctx context.Context, d *db.DB, id int64, in CountMove) (*Count, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Count, error) {
		return moveCount(tx, id, in, CountAbandoned, "abandoned", CountOpen, CountReview)
	})
}

func moveCount(tx *db.Tx, id int64, in CountMove, to CountStatus, step string, from ...CountStatus) (*Count, error) {
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	if c.Status == to {
		return countIn(tx, id)
	}
	if err := in.fresh(tx, c); err != nil {
		return nil, err
	}
	for _, s := range from {
		if c.Status == s {
			if err := c.reach(tx, to, step); err != nil {
				return nil, err
			}
			return countIn(tx, id) // what was hidden may be told now
		}
	}
	return nil, db.Illegal("count", c.Status, to)
}

// countSlice is how many lines a write posts, or counts as none.
const countSlice = 100

// ZeroUncounted counts as none whatever the books have of a count and nobody counted, in slices between which others write; what
// another count has counted is left to that. Repeated it goes on where it was. It fails with illegal_move.
func ZeroUncounted(ctx context.Context, d *db.DB, id int64) (*Count, error) {
	var f CountLineFilter
	for did := false; ; {
		rows, err := uncounted(ctx, d, id, f)
		if err != nil {
			return nil, err
		}
		var c *Count
		err = db.Write(ctx, d, func(tx *db.Tx) (err error) {
			c, err = zeroSlice(tx, id, rows)
			if err == nil && len(rows) > 0 && !did {
				err = c.step(tx, "zeroed")
			}
			if err == nil && len(rows) < countSlice {
				c, err = countIn(tx, id)
			}
			return err
		})
		if err != nil || len(rows) < countSlice {
			return c, err
		}
		last := rows[len(rows)-1]
		did, f.After = true, db.Cursor(last.NameKey, last.VariantID)
	}
}

func uncounted(ctx context.Context, d *db.DB, id int64, f CountLineFilter) (rows []CountLine, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err := countHead(tx, id)
		if err != nil {
			return err
		}
		query, args, err := c.uncountedQuery(f, countSlice, false)
		if err != nil {
			return err
		}
		return tx.Select(&rows, query, args...)
	})
	return rows, err
}

// zeroSlice counts some goods as none, unless somebody counted them meanwhile.
func zeroSlice(tx *db.Tx, id int64, rows []CountLine) (*Count, error) {
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	if !c.running() {
		return nil, db.Illegal("count", c.Status, CountOpen)
	}
	var sum tally
	for _, r := range rows {
		err := c.zero(tx, r, &sum)
		if code := db.CodeOf(err); err != nil && code != "in_another_count" && code != "not_on_list" { // it may have left the category just now
			return nil, fmt.Errorf("count variant %d as none: %w", r.VariantID, err)
		}
	}
	if sum.lines == 0 {
		return c, nil
	}
	if err := sum.save(tx, id); err != nil {
		return nil, err
	}
	return c, c.changed(tx)
}

// zero counts a variant as none or, where some of its lots were counted, the others.
func (c *Count) zero(tx *db.Tx, r CountLine, sum *tally) error {
	var lines []int64
	err := tx.Select(&lines, "SELECT coalesce(lot_id, 0) FROM count_lines WHERE count_id = ?1 AND variant_id = ?2", c.ID, r.VariantID)
	if err != nil {
		return err
	}
	none := int64(0)
	if len(lines) == 0 {
		_, err := c.count(tx, CountedLine{VariantID: r.VariantID, Counted: &none}, sum)
		return err
	}
	if !r.TracksLots || lines[0] == 0 {
		return nil
	}
	var left []int64
	err = tx.Select(&left, `SELECT id FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND quantity > 0
		AND id NOT IN (SELECT lot_id FROM count_lines WHERE count_id = ?3 AND variant_id = ?1)`, r.VariantID, c.LocationID, c.ID)
	if err != nil {
		return err
	}
	for _, lot := range left {
		if _, err := c.count(tx, CountedLine{VariantID: r.VariantID, Counted: &none, LotID: lot}, sum); err != nil {
			return err
		}
	}
	return nil
}
