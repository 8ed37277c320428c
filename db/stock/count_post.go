package stock

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/money"
)

// CountPost is what it takes to bring a count onto the books.
type CountPost struct {
	CountMove
	db.Approvable
}

// PostCount brings what differs onto the books: each line adds its difference to whatever is there now. Truth wins: where less is there
// than orders have reserved, the newest of them wait, and are answered. It goes in slices between which others write; interrupted,
// it is posting and goes on when it is posted again. A posted one stays as it is. It fails with stale, nothing_counted,
// approval_required and illegal_move.
func PostCount(ctx context.Context, d *db.DB, id int64, in CountPost) (*Count, error) {
	c, err := inWrite(ctx, d, func(tx *db.Tx) (*Count, error) { return beginPosting(tx, id, in) })
	for err == nil && c.Status == CountPosting {
		c, err = inWrite(ctx, d, func(tx *db.Tx) (*Count, error) { return postSlice(tx, id) })
	}
	return c, err
}

// PostCountIn is PostCount inside a transaction, for a count of which little differs: all of it holds it up.
func PostCountIn(tx *db.Tx, id int64, in CountPost) (*Count, error) {
	c, err := beginPosting(tx, id, in)
	for err == nil && c.Status == CountPosting {
		c, err = postSlice(tx, id)
	}
	return c, err
}

func inWrite(ctx context.Context, d *db.DB, do func(*db.Tx) (*Count, error)) (c *Count, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		c, err = do(tx)
		return err
	})
	return c, err
}

func beginPosting(tx *db.Tx, id int64, in CountPost) (*Count, error) {
	c, err := countHead(tx, id)
	switch {
	case err != nil:
		return nil, err
	case c.Status == CountPosted:
		return countIn(tx, id)
	case c.Status == CountPosting: // somebody let it begin; whoever comes along may let it go on
		return c, nil
	case !c.running():
		return nil, db.Illegal("count", c.Status, CountPosted)
	}
	if err := in.fresh(tx, c); err != nil {
		return nil, err
	}
	if c.LineCount == 0 {
		return nil, db.Errorf(db.Conflict, "nothing_counted", "Nothing was counted yet, so there is nothing to post.")
	}
	if c.Lost > 0 {
		if err := tx.Allow(db.WriteOffLimit, int64(c.Lost), c.LocationID); err != nil {
			return nil, err
		}
	}
	return c, c.reach(tx, CountPosting, "posting")
}

// postTime is after how long a slice ends early: a line that leaves many orders waiting takes long by itself.
const postTime = 20 * time.Millisecond

// postSlice brings some lines onto the books, or says that all are.
func postSlice(tx *db.Tx, id int64) (*Count, error) {
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	if c.Status != CountPosting { // another one was quicker
		return countIn(tx, id)
	}
	if n, err := c.post(tx); err != nil || n > 0 {
		return c, err
	}
	if err := c.reach(tx, CountPosted, "posted"); err != nil {
		return nil, err
	}
	return countIn(tx, id)
}

// toPost is a line with what is there now.
type toPost struct {
	countLine
	Tracked, TracksLots, Corrected bool
	There                          int64
}

// post brings the next lines onto the books, and answers how many.
func (c *Count) post(tx *db.Tx) (n int, err error) {
	var lines []toPost
	err = tx.Select(&lines, `SELECT x.id, x.variant_id, coalesce(x.lot_id, 0) AS lot_id, x.counted, x.low, x.high, x.variance, x.cost, x.seen, v.tracked, v.tracks_lots,
			`+correctedSQL+` AS corrected, CASE WHEN x.lot_id IS NOT NULL AND v.tracks_lots THEN (SELECT quantity FROM lots WHERE id = x.lot_id)
				ELSE coalesce((SELECT on_hand FROM levels WHERE variant_id = x.variant_id AND location_id = ?2), 0) END AS there
		FROM count_lines x CROSS JOIN variants v ON v.id = x.variant_id WHERE x.count_id = ?1 AND x.posted_at IS NULL ORDER BY x.id LIMIT ?3`, c.ID, c.LocationID, countSlice)
	if err != nil {
		return 0, fmt.Errorf("find what is to be posted: %w", err)
	}
	began := time.Now()
	var sum tally
	ids := make([]int64, 0, len(lines))
	for _, l := range lines {
		if l.Variance != 0 {
			if err := c.apply(tx, l, &sum); err != nil {
				return 0, fmt.Errorf("post what was counted of variant %d: %w", l.VariantID, err)
			}
		}
		if ids = append(ids, l.ID); time.Since(began) > postTime {
			break
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if err := sum.save(tx, c.ID); err != nil {
		return 0, err
	}
	return len(ids), c.done(tx, ids)
}

// apply brings the difference of a line onto the books: as far as it is there to leave, and unless somebody corrected it since.
func (c *Count) apply(tx *db.Tx, l toPost, sum *tally) error {
	delta := max(l.Variance, -l.There)
	if l.Corrected || !l.Tracked {
		delta = 0
	}
	var cost money.Amount
	if delta != 0 {
		line := AdjustLine{VariantID: l.VariantID, Delta: &delta, AllowShort: true, counting: true}
		if l.TracksLots {
			line.LotID = l.LotID
		}
		short, moved, err := adjustLine(tx, Adjustment{LocationID: c.LocationID, Reason: Counted}, line, c.document())
		if err != nil {
			return err
		}
		if err := c.leaveWaiting(tx, l.VariantID, short); err != nil {
			return err
		}
		cost = moved
	}
	if _, err := tx.Exec("UPDATE count_lines SET applied = ?2, cost = ?3, posted_at = ?4 WHERE id = ?1", l.ID, delta, cost, tx.Now); err != nil {
		return fmt.Errorf("note what was posted: %w", err)
	}
	sum.add(l.countLine, -1)
	l.Cost = cost
	sum.add(l.countLine, 1)
	return nil
}

// leaveWaiting keeps which orders wait now.
func (c *Count) leaveWaiting(tx *db.Tx, variantID int64, orders []int64) error {
	if len(orders) == 0 {
		return nil
	}
	ids, err := json.Marshal(orders)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO count_orders (count_id, order_id, order_number) SELECT ?1, order_id, max(order_number) FROM reservations
		WHERE variant_id = ?2 AND location_id = ?3 AND quantity > 0 AND order_id IN (SELECT value FROM json_each(?4)) GROUP BY order_id
		ON CONFLICT DO NOTHING`, c.ID, variantID, c.LocationID, string(ids))
	if err != nil {
		return fmt.Errorf("note which orders wait: %w", err)
	}
	return nil
}

// done marks lines as posted, and their goods as counted.
func (c *Count) done(tx *db.Tx, lines []int64) error {
	ids, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE count_lines SET applied = 0, posted_at = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND posted_at IS NULL", string(ids), tx.Now)
	if err == nil {
		_, err = tx.Exec(`UPDATE levels SET turned = 0, counted_at = max(coalesce(levels.counted_at, 0), x.counted_at) FROM count_lines x
			WHERE x.id IN (SELECT value FROM json_each(?1)) AND levels.variant_id = x.variant_id AND levels.location_id = ?2`, string(ids), c.LocationID)
	}
	if err != nil {
		return fmt.Errorf("note what was posted: %w", err)
	}
	return nil
}
