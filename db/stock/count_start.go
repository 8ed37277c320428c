package stock

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"onhand/db"
)

// countDocument is what counts are called among the documents of the ledger.
const countDocument = "count"

// firstCount is the first number: C-1001.
const firstCount = 1001

// dailyGoods is how many variants a day's count has: some minutes' work between two customers.
const dailyGoods = 20

// NewCount says what shall be counted: variants, a category, a day's list, or without any of them everything at the location.
type NewCount struct {
	LocationID int64   `json:"locationId" minimum:"1"`
	VariantIDs []int64 `json:"variantIds,omitempty" maxItems:"500"`
	CategoryID int64   `json:"categoryId,omitempty" minimum:"1" doc:"with all below it"`
	Daily      bool    `json:"daily,omitempty" doc:"a short list: what was sold for most since it was counted last; then what was counted longest ago"`
	Blind      bool    `json:"blind,omitempty" doc:"do not tell anybody what the books say before review"`
	Note       string  `json:"note,omitempty" maxLength:"500"`
}

// kind says what it is a count of; it fails with one_scope where that is said twice.
func (in NewCount) kind() (CountKind, error) {
	kind, said := CountFull, 0
	for k, yes := range map[CountKind]bool{CountChosen: len(in.VariantIDs) > 0, CountCategory: in.CategoryID != 0, CountDaily: in.Daily} {
		if yes {
			kind, said = k, said+1
		}
	}
	if said > 1 {
		return "", db.Refuse("one_scope", "categoryId", "Count either some products, a category or the list of the day.")
	}
	return kind, nil
}

// StartCount starts a count; others of the same location may run beside it, of other goods. It fails with not_found, not_tracked,
// one_scope and nothing_to_count.
func StartCount(ctx context.Context, d *db.DB, in NewCount) (*Count, error) {
	kind, err := in.kind()
	if err != nil {
		return nil, err
	}
	goods := int64(0)
	if kind == CountFull || kind == CountCategory { // how many there are is a figure to show, and not worth holding up the till for
		if goods, err = goodsOf(ctx, d, in); err != nil {
			return nil, err
		}
	}
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Count, error) { return in.start(tx, kind, goods) })
}

// StartCountIn is StartCount inside a transaction, for a shop of few goods: to see how many there are holds it up.
func StartCountIn(tx *db.Tx, in NewCount) (*Count, error) {
	kind, err := in.kind()
	if err != nil {
		return nil, err
	}
	goods, err := in.goods(tx)
	if err != nil {
		return nil, err
	}
	return in.start(tx, kind, goods)
}

// start writes down that a count of a kind begins, of so many goods unless it is of a list.
func (in NewCount) start(tx *db.Tx, kind CountKind, goods int64) (*Count, error) {
	if _, err := LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	note, err := db.Note("note", in.Note, 500)
	if err != nil {
		return nil, err
	}
	category, err := in.categoryName(tx)
	if err != nil {
		return nil, err
	}
	list, err := in.list(tx, kind)
	if err != nil {
		return nil, err
	}
	if list != nil {
		goods = int64(len(list))
	}
	n, err := tx.Next("counts", firstCount)
	if err != nil {
		return nil, err
	}
	id, err := tx.Insert(`INSERT INTO counts (number, status, kind, location_id, category_id, category, blind, note, goods, started_at, updated_at)
		VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7, ?8, ?9, ?10, ?10)`,
		fmt.Sprintf("C-%d", n), CountOpen, kind, in.LocationID, in.CategoryID, category, in.Blind, note, goods, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("start a count: %w", err)
	}
	rows := make([]any, 0, 2*len(list))
	for _, v := range list {
		rows = append(rows, id, v)
	}
	if _, err := tx.InsertRows("INSERT INTO count_goods (count_id, variant_id)", 2, rows); err != nil {
		return nil, fmt.Errorf("start a count: %w", err)
	}
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.step(tx, "started"); err != nil {
		return nil, err
	}
	if err := tx.Emit("counts", c.ID, c.Version, c.LocationID); err != nil {
		return nil, err
	}
	return c, c.read(tx, CountLineFilter{})
}

// goodsOf is what goods says, beside the writer.
func goodsOf(ctx context.Context, d *db.DB, in NewCount) (n int64, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		n, err = in.goods(tx)
		return err
	})
	return n, err
}

// goods is how many variants at a location, or of a category there, the books have.
func (in NewCount) goods(tx *db.Tx) (n int64, err error) {
	where := "1"
	if in.CategoryID != 0 {
		where = "v." + ofCategory("?1")
	}
	err = tx.Row("SELECT count(*) FROM levels lv CROSS JOIN variants v ON v.id = lv.variant_id WHERE lv.location_id = ?2 AND lv.on_hand > 0 AND v.tracked = 1 AND "+where,
		[]any{in.CategoryID, in.LocationID}, &n)
	if err != nil {
		return 0, fmt.Errorf("see how much there is to count: %w", err)
	}
	return n, nil
}

// ofCategory is the condition that a product is of the category of a parameter, "?1", or of one below it.
func ofCategory(parameter string) string {
	return `product_id IN (SELECT p.id FROM categories a JOIN categories b ON b.place >= a.place AND b.place < a.place || ':'
		JOIN products p ON p.category_id = b.id WHERE a.id = ` + parameter + ")"
}

func (in NewCount) categoryName(tx *db.Tx) (path string, err error) {
	if in.CategoryID == 0 {
		return "", nil
	}
	err = tx.Row("SELECT path FROM categories WHERE id = ?1", []any{in.CategoryID}, &path)
	if err != nil {
		return "", db.Blame(db.Found(err, "category"), "categoryId")
	}
	return path, nil
}

// list is what a count of a list is of.
func (in NewCount) list(tx *db.Tx, kind CountKind) (list []int64, err error) {
	switch kind {
	case CountChosen:
		if err := knownAndTracked(tx, in.VariantIDs, "variantIds[%d]"); err != nil {
			return nil, err
		}
		list = slices.Clone(in.VariantIDs)
		slices.Sort(list)
		return slices.Compact(list), nil
	case CountDaily:
		if list, err = worthCounting(tx, in.LocationID); err == nil && len(list) == 0 {
			err = db.Errorf(db.Conflict, "nothing_to_count", "Nothing is on the books here, so there is no list to count. Count everything instead.")
		}
		return list, err
	}
	return nil, nil
}

// worthCounting is what of a location was sold for most since it was counted last; then what was counted longest ago.
func worthCounting(tx *db.Tx, locationID int64) (list []int64, err error) {
	err = tx.Select(&list, `SELECT lv.variant_id FROM levels lv CROSS JOIN variants v ON v.id = lv.variant_id
		WHERE lv.location_id = ?1 AND lv.on_hand > 0 AND v.tracked = 1 ORDER BY lv.turned DESC, lv.counted_at LIMIT ?2`, locationID, dailyGoods)
	if err != nil {
		return nil, fmt.Errorf("find what is worth counting: %w", err)
	}
	return list, nil
}

// knownAndTracked refuses variants that do not exist or whose stock is not tracked, the first of them where it stands.
func knownAndTracked(tx *db.Tx, ids []int64, at string) error {
	asked, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var found []struct {
		ID      int64
		Tracked bool
	}
	if err := tx.Select(&found, "SELECT id, tracked FROM variants WHERE dropped = 0 AND id IN (SELECT value FROM json_each(?1))", string(asked)); err != nil {
		return fmt.Errorf("look for variants: %w", err)
	}
	tracked := make(map[int64]bool, len(found))
	for _, v := range found {
		tracked[v.ID] = v.Tracked
	}
	for i, id := range ids {
		switch yes, there := tracked[id]; {
		case !there:
			return db.Blame(db.NotFound("variant"), at, i)
		case !yes:
			return db.Refuse("not_tracked", fmt.Sprintf(at, i), "The stock of this product is not tracked. Switch tracking on first.")
		}
	}
	return nil
}
