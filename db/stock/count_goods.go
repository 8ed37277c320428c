package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// CountedGoods is what was counted.
type CountedGoods struct {
	Lines []CountedLine `json:"lines" minItems:"1" maxItems:"100"`
}

// CountedLine is how many of a variant are there, or how many more were found. Of one that tracks lots it is of the lot that is
// named, or else of all that is there.
type CountedLine struct {
	VariantID int64   `json:"variantId" minimum:"1"`
	Counted   *int64  `json:"counted,omitempty" minimum:"0" maximum:"1000000000" doc:"how many are there; either this or add"`
	Add       *int64  `json:"add,omitempty" minimum:"-1000000" maximum:"1000000" doc:"how many more were found, below zero to take back; takes an Idempotency-Key. At 0 it is as if nobody had counted"`
	Lot       string  `json:"lot,omitempty" maxLength:"64"`
	ExpiresOn db.Date `json:"expiresOn,omitempty" doc:"the day it expires, as 2026-12-31"`
	LotID     int64   `json:"lotId,omitempty" minimum:"1" doc:"the lot by its id instead"`
}

// countLine is a line as it is kept. What agrees with the books is one figure where the goods stood still while they were counted. Where
// some were sold or came between the first and the last scan, nobody knows on which side of the hand that was: anything from low to
// high agrees then, only what lies outside is a difference for certain, and the line asks to be counted again.
type countLine struct {
	ID, VariantID, LotID         int64
	Counted, Low, High, Variance int64
	Cost                         money.Amount
	Seen                         int64
}

// tally is what lines come to.
type tally struct {
	lines, matching, units, over, short int64
	costOver, costShort                 money.Amount
}

// add counts a line in, or, with -1, out.
func (t *tally) add(l countLine, sign int64) {
	t.lines += sign
	t.units += sign * l.Counted
	switch {
	case l.Variance > 0:
		t.over += sign * l.Variance
	case l.Variance < 0:
		t.short -= sign * l.Variance
	default:
		t.matching += sign
	}
	t.costOver += money.Amount(sign) * max(0, l.Cost) // each is checked, and a write has few lines: no sum of 200 overflows
	t.costShort -= money.Amount(sign) * min(0, l.Cost)
}

// save adds to what a count came to before.
func (t *tally) save(tx *db.Tx, countID int64) error {
	_, err := tx.Exec(`UPDATE counts SET lines = lines + ?2, matching = matching + ?3, units = units + ?4, over = over + ?5, short = short + ?6,
		cost_over = cost_over + ?7, cost_short = cost_short + ?8 WHERE id = ?1`, countID, t.lines, t.matching, t.units, t.over, t.short, t.costOver, t.costShort)
	if db.IsCheck(err) {
		return worthTooMuch()
	}
	if err != nil {
		return fmt.Errorf("sum up a count: %w", err)
	}
	return nil
}

// CountGoods writes down what was counted, each line with what the books say at that moment, and answers the count with these lines
// alone. What was counted is set as often as one likes; adding takes a key. In review it opens the count again. It fails with
// not_found, not_tracked, lots_not_tracked, counted_or_add, counted_below_zero, counted_otherwise (all together or by lot), not_on_list,
// in_another_count, ambiguous_lot and, once it is posted or abandoned, illegal_move.
func CountGoods(ctx context.Context, d *db.DB, id int64, in CountedGoods) (*Count, error) {
	if !db.Keyed(ctx) && slices.ContainsFunc(in.Lines, func(l CountedLine) bool { return l.Add != nil }) {
		return nil, db.KeyRequired()
	}
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Count, error) { return CountGoodsIn(tx, id, in) })
}

// CountGoodsIn is CountGoods inside a transaction.
func CountGoodsIn(tx *db.Tx, id int64, in CountedGoods) (*Count, error) {
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	if !c.running() {
		return nil, db.Illegal("count", c.Status, CountOpen)
	}
	if c.Status == CountReview {
		err = c.reach(tx, CountOpen, "reopened")
	} else {
		err = c.changed(tx)
	}
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(in.Lines))
	var sum tally
	for i, line := range in.Lines {
		if ids[i], err = c.count(tx, line, &sum); err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
	}
	if err := sum.save(tx, id); err != nil {
		return nil, err
	}
	if c, err = countHead(tx, id); err != nil {
		return nil, err
	}
	return c, c.read(tx, CountLineFilter{List: db.List{Limit: newestLines}, ids: ids})
}

// count writes one line down, and answers its id.
func (c *Count) count(tx *db.Tx, in CountedLine, sum *tally) (id int64, err error) {
	if (in.Counted == nil) == (in.Add == nil) {
		return 0, db.Refuse("counted_or_add", "counted", "Say either how many are there or how many more were found.")
	}
	goods := AdjustLine{VariantID: in.VariantID, Lot: in.Lot, ExpiresOn: in.ExpiresOn, LotID: in.LotID}
	if err := goods.tidy(); err != nil {
		return 0, err
	}
	if _, err := goods.tracks(tx); err != nil {
		return 0, err
	}
	if err := c.lists(tx, in.VariantID); err != nil {
		return 0, err
	}
	if err := c.alone(tx, in.VariantID); err != nil {
		return 0, err
	}
	lotID, err := goods.choice().counted(tx, in.VariantID, c.LocationID)
	if err != nil {
		return 0, err
	}
	before, err := c.lineOf(tx, in.VariantID, lotID)
	if err != nil {
		return 0, err
	}
	now, err := c.compare(tx, in, before)
	if err != nil {
		return 0, err
	}
	if before.ID != 0 {
		sum.add(before, -1)
	}
	if in.Add != nil && now.Counted == 0 { // nothing is left of what was scanned: that is not to have found none
		_, err := tx.Exec("DELETE FROM count_lines WHERE id = ?1", before.ID)
		if err != nil {
			return 0, fmt.Errorf("take back what was counted: %w", err)
		}
		return 0, nil
	}
	sum.add(now, 1)
	return c.write(tx, now)
}

// lists refuses what the count is not of: it would stand for something on the list that nobody counted. What it counted before can still
// be mended, wherever its product was filed since. Of a category that is gone nobody knows any more what was in it.
func (c *Count) lists(tx *db.Tx, variantID int64) error {
	var on string
	args := []any{c.ID, variantID}
	switch {
	case c.Kind == CountChosen || c.Kind == CountDaily:
		on = "EXISTS (SELECT 1 FROM count_goods g WHERE g.count_id = ?1 AND g.variant_id = ?2)"
	case c.Kind == CountCategory && c.CategoryID != nil:
		on = `EXISTS (SELECT 1 FROM products p CROSS JOIN categories b ON b.id = p.category_id CROSS JOIN categories a ON a.id = ?3
			WHERE p.id = v.product_id AND b.place >= a.place AND b.place < a.place || ':')`
		args = append(args, *c.CategoryID)
	default:
		return nil
	}
	var name string
	err := tx.Row("SELECT v.name FROM variants v WHERE v.id = ?2 AND NOT ("+on+`)
		AND NOT EXISTS (SELECT 1 FROM count_lines x WHERE x.count_id = ?1 AND x.variant_id = ?2)`, args, &name)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("see what a count is of: %w", err)
	}
	e := db.Errorf(db.Conflict, "not_on_list", "%s is not on the list of %s, so it was not counted.", name, c.Number).With("name", name).With("number", c.Number)
	e.Field = "variantId"
	return e
}

// alone refuses what another count that is not over has counted: both would correct the same difference.
func (c *Count) alone(tx *db.Tx, variantID int64) error {
	var number string
	err := tx.Row(`SELECT c.number FROM count_lines x CROSS JOIN counts c ON c.id = x.count_id
		WHERE x.variant_id = ?1 AND x.count_id <> ?2 AND c.location_id = ?3 AND `+openCountsSQL+" LIMIT 1", []any{variantID, c.ID, c.LocationID}, &number)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for other counts: %w", err)
	}
	e := db.Errorf(db.Conflict, "in_another_count", "%s has counted this already. End it first, or count it there.", number).With("number", number)
	e.Field = "variantId"
	return e
}

// counted is the lot that a choice names at a location, made when new; 0 without a choice. A name alone is enough where one lot has it.
func (c lotChoice) counted(tx *db.Tx, variantID, locationID int64) (id int64, err error) {
	switch {
	case !c.named():
		return 0, nil
	case c.ID != 0:
		id, err = c.one(tx, variantID, locationID)
		return id, db.Blame(err, "lotId")
	}
	var known []heldLot
	err = tx.Select(&known, `SELECT id, quantity FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND (?3 = '' OR lot = ?3) AND (?4 = '' OR expires_on = ?4)
		ORDER BY quantity = 0, id LIMIT 2`, variantID, locationID, c.Lot, string(c.ExpiresOn))
	switch {
	case err != nil:
		return 0, fmt.Errorf("find the lot: %w", err)
	case len(known) == 0:
		return c.one(tx, variantID, locationID)
	case len(known) > 1 && (known[0].Quantity == 0 || known[1].Quantity > 0):
		return 0, db.Refuse("ambiguous_lot", "lot", "Several lots are called that. Say the day it expires, too.")
	}
	return known[0].ID, nil
}

// lineOf is the line of a variant, or of its lot; without an id where nobody counted it yet.
func (c *Count) lineOf(tx *db.Tx, variantID, lotID int64) (l countLine, err error) {
	var lines []countLine
	err = tx.Select(&lines, `SELECT id, variant_id, coalesce(lot_id, 0) AS lot_id, counted, low, high, variance, cost, seen FROM count_lines
		WHERE count_id = ?1 AND variant_id = ?2 ORDER BY coalesce(lot_id, 0) <> ?3 LIMIT 1`, c.ID, variantID, lotID)
	if err != nil {
		return l, fmt.Errorf("read what was counted: %w", err)
	}
	l = countLine{VariantID: variantID, LotID: lotID}
	if len(lines) == 0 || lines[0].LotID == lotID {
		return append(lines, l)[0], nil
	}
	if lotID != 0 && lines[0].LotID != 0 {
		return l, nil // another of its lots
	}
	e := db.Errorf(db.Conflict, "counted_otherwise", "This was counted by its lots before. Name the lot, or take those lines back.").With("byLot", true)
	if lotID != 0 {
		e = db.Errorf(db.Conflict, "counted_otherwise", "All of this was counted together before. Count it without naming a lot, or take that line back.").With("byLot", false)
	}
	e.Field = "variantId"
	return l, e
}

// compare is a line as it is with what was counted now.
func (c *Count) compare(tx *db.Tx, in CountedLine, before countLine) (now countLine, err error) {
	book, newest, err := c.book(tx, before.VariantID, before.LotID)
	if err != nil {
		return now, err
	}
	now = before
	now.Seen = newest
	switch {
	case in.Counted != nil:
		now.Counted, now.Low, now.High = *in.Counted, book, book
	case before.ID == 0:
		now.Counted, now.Low, now.High = *in.Add, book, book
	default:
		came, left, err := c.since(tx, before)
		if err != nil {
			return now, err
		}
		now.Counted, now.Low, now.High = before.Counted+*in.Add, before.Low-left, before.High+came
	}
	switch {
	case now.Counted < 0:
		return now, db.Refuse("counted_below_zero", "add", "Only %d were counted, so %d cannot be taken back.", before.Counted, -*in.Add).With("counted", before.Counted)
	case now.Counted > 1_000_000_000:
		return now, db.Refuse("out_of_range", "add", "That is more than one line can hold.").With("min", 0).With("max", 1_000_000_000)
	}
	now.Variance = now.Counted - max(now.Low, min(now.High, now.Counted))
	now.Cost, err = worth(tx, now.VariantID, now.Variance)
	return now, err
}

// book is what the books say is there of a variant, or of a lot of it, and the newest movement.
func (c *Count) book(tx *db.Tx, variantID, lotID int64) (there, newest int64, err error) {
	err = tx.Row(`SELECT CASE ?3 WHEN 0 THEN coalesce((SELECT on_hand FROM levels WHERE variant_id = ?1 AND location_id = ?2), 0)
		ELSE (SELECT quantity FROM lots WHERE id = ?3) END, coalesce((SELECT max(id) FROM movements), 0)`, []any{variantID, c.LocationID, lotID}, &there, &newest)
	if err != nil {
		return 0, 0, fmt.Errorf("read what should be there: %w", err)
	}
	return there, newest, nil
}

// since is how many of a line came and how many left since it was counted last.
func (c *Count) since(tx *db.Tx, l countLine) (came, left int64, err error) {
	query, args := "FROM movements WHERE variant_id = ?1 AND location_id = ?2 AND id > ?3", []any{l.VariantID, c.LocationID, l.Seen}
	if l.LotID != 0 {
		query, args = "FROM lot_movements WHERE lot_id = ?1 AND movement_id > ?2", []any{l.LotID, l.Seen}
	}
	err = tx.Row("SELECT coalesce(sum(max(delta, 0)), 0), coalesce(-sum(min(delta, 0)), 0) "+query, args, &came, &left)
	if err != nil {
		return 0, 0, fmt.Errorf("see what moved meanwhile: %w", err)
	}
	return came, left, nil
}

// worth is what a difference is worth by the average cost or, while there is none, the variant's own.
func worth(tx *db.Tx, variantID, variance int64) (money.Amount, error) {
	if variance == 0 {
		return 0, nil
	}
	var quantity int64
	var value, own money.Amount
	err := tx.Row("SELECT coalesce(k.quantity, 0), coalesce(k.value, 0), coalesce(v.cost, 0) FROM variants v LEFT JOIN costs k ON k.variant_id = v.id WHERE v.id = ?1",
		[]any{variantID}, &quantity, &value, &own)
	if err != nil {
		return 0, fmt.Errorf("read the cost: %w", err)
	}
	if quantity == 0 {
		quantity, value = 1, own
	}
	cost, err := value.Part(variance, quantity)
	if err != nil {
		return 0, worthTooMuch()
	}
	return cost, nil
}

func (c *Count) write(tx *db.Tx, l countLine) (id int64, err error) {
	args := []any{c.ID, l.VariantID, l.LotID, l.Counted, l.Low, l.High, l.Variance, l.Cost, l.Seen, tx.Now, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name}
	err = tx.Row(`INSERT INTO count_lines (count_id, variant_id, lot_id, counted, low, high, variance, cost, seen, counted_at, actor_kind, actor_id, actor_name)
		VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
		ON CONFLICT (count_id, variant_id, coalesce(lot_id, 0)) DO UPDATE SET counted = ?4, low = ?5, high = ?6, variance = ?7, cost = ?8, seen = ?9, counted_at = ?10,
			actor_kind = ?11, actor_id = ?12, actor_name = ?13 RETURNING id`, args, &id)
	if err != nil {
		return 0, fmt.Errorf("write down what was counted: %w", err)
	}
	return id, nil
}
