package sales

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/staff"
)

// The most tags of an order, and the longest, in characters.
const (
	maxTags = 20
	maxTag  = 40
)

// OrderTag is a word that the shop sorts its orders by, as it was first spelled.
type OrderTag struct {
	Name string `json:"name"`
	Key  string `json:"-"`
}

// OrderTags lists the tags that orders have, by name; q finds those that begin with it. It fails with bad_cursor.
func OrderTags(ctx context.Context, d *db.DB, l db.List) (page db.Page[OrderTag], err error) {
	prefix, last := db.Fold(strings.TrimSpace(l.Q)), ""
	if _, err := db.ReadCursor(l.After, &last); err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var rows []OrderTag
		// From one tag to the next through the index, however many orders have each.
		err := tx.Select(&rows, `WITH RECURSIVE known(key) AS (
				SELECT (SELECT tag_key FROM order_tags WHERE tag_key >= ?1 AND tag_key > ?2 AND tag_key < ?3 ORDER BY tag_key LIMIT 1)
				UNION ALL
				SELECT (SELECT tag_key FROM order_tags WHERE tag_key > known.key AND tag_key < ?3 ORDER BY tag_key LIMIT 1) FROM known WHERE known.key IS NOT NULL
				LIMIT ?4
			) SELECT key, (SELECT tag FROM order_tags WHERE tag_key = key ORDER BY order_id LIMIT 1) AS name FROM known WHERE key IS NOT NULL`,
			prefix, last, db.PrefixEnd(prefix), l.Size()+1)
		if err != nil {
			return fmt.Errorf("list tags: %w", err)
		}
		page = db.PageOf(rows, l.Size(), func(t OrderTag) string { return db.Cursor(t.Key) })
		return nil
	})
	return page, err
}

// sorts says whether a change is only about what is no part of the sale.
func (in OrderChange) sorts() bool {
	asked := in.Tags != nil || in.AssignedTo != nil
	in.Approvable, in.Command, in.Tags, in.AssignedTo = db.Approvable{}, Command{}, nil, nil
	return asked && reflect.DeepEqual(in, OrderChange{})
}

// sort gives the order its tags, and somebody who looks after it.
func (e *edit) sort(tx *db.Tx, in OrderChange) (err error) {
	if in.Tags != nil {
		if e.Tags, err = checkTags(*in.Tags); err != nil {
			return err
		}
		if err := e.spellTags(tx); err != nil {
			return err
		}
	}
	if in.AssignedTo == nil {
		return nil
	}
	if *in.AssignedTo == 0 {
		e.AssignedID, e.AssignedName = nil, ""
		return nil
	}
	if same(e.AssignedID, in.AssignedTo) { // who left meanwhile stays
		return nil
	}
	to, err := staff.AssigneeIn(tx, *in.AssignedTo, e.LocationID)
	if err != nil {
		return db.Blame(err, "assignedToId")
	}
	e.AssignedID, e.AssignedName = &to.ID, to.Name
	return nil
}

// checkTags are tags as they are kept: in order, and one that is there twice, in whatever case, once.
func checkTags(asked []string) ([]string, error) {
	if len(asked) > maxTags {
		return nil, db.Refuse("too_many", "tags", "An order has at most %d tags.", maxTags).With("max", maxTags)
	}
	tags := []string{}
	for i, tag := range asked {
		field := fmt.Sprintf("tags[%d]", i)
		tag, err := db.Required(field, tag, maxTag)
		if err != nil {
			return nil, err
		}
		if strings.Contains(tag, ",") {
			return nil, db.Refuse("bad_tag", field, "A tag has no comma. Write two tags instead.")
		}
		if !slices.ContainsFunc(tags, func(t string) bool { return db.Fold(t) == db.Fold(tag) }) {
			tags = append(tags, tag)
		}
	}
	slices.SortFunc(tags, func(a, b string) int { return strings.Compare(db.Fold(a), db.Fold(b)) })
	return tags, nil
}

// spellTags spells the order's tags as others have them already.
func (e *edit) spellTags(tx *db.Tx) error {
	keys := make([]string, len(e.Tags))
	for i, tag := range e.Tags {
		keys[i] = db.Fold(tag)
	}
	in, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	var known []OrderTag
	err = tx.Select(&known, `SELECT k.value AS key, (SELECT tag FROM order_tags WHERE tag_key = k.value AND order_id <> ?2 ORDER BY order_id LIMIT 1) AS name
		FROM json_each(?1) k WHERE EXISTS (SELECT 1 FROM order_tags WHERE tag_key = k.value AND order_id <> ?2)`, string(in), e.ID)
	if err != nil {
		return fmt.Errorf("look up tags: %w", err)
	}
	for _, t := range known {
		e.Tags[slices.Index(keys, t.Key)] = t.Name
	}
	return nil
}

func (e *edit) saveTags(tx *db.Tx) error {
	if slices.Equal(e.was.Tags, e.Tags) {
		return nil
	}
	if _, err := tx.Exec("DELETE FROM order_tags WHERE order_id = ?1", e.ID); err != nil {
		return fmt.Errorf("take tags off: %w", err)
	}
	values := make([]any, 0, 3*len(e.Tags))
	for _, tag := range e.Tags {
		values = append(values, e.ID, db.Fold(tag), tag)
	}
	if _, err := tx.InsertRows("INSERT INTO order_tags (order_id, tag_key, tag)", 3, values); err != nil {
		return fmt.Errorf("tag the order: %w", err)
	}
	return nil
}

func fillTags(tx *db.Tx, in string, at map[int64]*Order) error {
	var rows []struct {
		OrderID int64
		Tag     string
	}
	err := tx.Select(&rows, "SELECT order_id, tag FROM order_tags WHERE order_id IN (SELECT value FROM json_each(?1)) ORDER BY order_id, tag_key", in)
	for _, r := range rows {
		o := at[r.OrderID]
		o.Tags = append(o.Tags, r.Tag)
	}
	return err
}
