package stock

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// CountStatus is where a count is.
type CountStatus string

// The statuses: open -> review -> posted or abandoned, and open -> posted or abandoned. Who counts again in review opens it again.
// Posting is on the way to posted: a count of many lines is posted in slices.
const (
	CountOpen      CountStatus = "open"
	CountReview    CountStatus = "review"
	CountPosting   CountStatus = "posting"
	CountPosted    CountStatus = "posted"
	CountAbandoned CountStatus = "abandoned"
)

// CountKind is what a count is of.
type CountKind string

// The kinds: everything at a location, a category with those below it, variants that somebody chose, or a day's by rule.
const (
	CountFull     CountKind = "full"
	CountCategory CountKind = "category"
	CountChosen   CountKind = "chosen"
	CountDaily    CountKind = "daily"
)

// CountItem is a count in the list of all. How it compares with the books is absent while it is open and blind.
type CountItem struct {
	ID           int64       `json:"id"`
	Number       string      `json:"number"`
	Status       CountStatus `json:"status" enum:"open,review,posting,posted,abandoned" doc:"posting until all of it is on the books; interrupted, post it again"`
	Kind         CountKind   `json:"kind" enum:"full,category,chosen,daily"`
	LocationID   int64       `json:"locationId"`
	LocationName string      `json:"locationName"`
	CategoryID   *int64      `json:"categoryId" doc:"null where it is of no category, or of one that is gone"`
	Category     string      `json:"category" doc:"as it was called when the count was started"`
	Blind        bool        `json:"blind" doc:"what the books say is not told before review"`
	Note         string      `json:"note"`
	Goods        int64       `json:"goods" doc:"how many products it was of when it was started"`
	LineCount    int64       `json:"lineCount" doc:"how many were counted"`
	Units        int64       `json:"units" doc:"how many units were counted"`
	Matching     *int64      `json:"matching,omitempty" doc:"lines that agree with the books"`
	Over         *int64      `json:"over,omitempty" doc:"units that are there and not on the books"`
	Short        *int64      `json:"short,omitempty" doc:"units that are on the books and not there"`
	// CostOver and CostShort are what these are worth, in minor units; absent without cost.read.
	CostOver  *money.Amount `json:"costOver,omitempty" doc:"what over is worth"`
	CostShort *money.Amount `json:"costShort,omitempty" doc:"what short is worth"`
	Version   int64         `json:"version"`
	StartedAt db.Time       `json:"startedAt" format:"date-time"`
	PostedAt  *db.Time      `json:"postedAt" format:"date-time"`
	UpdatedAt db.Time       `json:"updatedAt" format:"date-time"`

	Lost money.Amount `json:"-"` // costShort, whoever asks
}

// Count compares what is on the shelf with the books, while selling goes on.
type Count struct {
	CountItem
	Lines       []CountLine  `json:"lines" bun:"-" doc:"the newest of them, at most 200; of what was just counted, only that"`
	ShortOrders []ShortOrder `json:"shortOrders" bun:"-" doc:"orders that wait because less is there than they had reserved"`
	Timeline    []CountStep  `json:"timeline" bun:"-" doc:"who did what, the oldest first"`
}

// ShortOrder is an order that waits for stock.
type ShortOrder struct {
	ID     int64  `json:"id"`
	Number string `json:"number"`
}

// CountStep is one thing that was done with a count.
type CountStep struct {
	At       db.Time `json:"at" format:"date-time"`
	Kind     string  `json:"kind" enum:"started,reviewed,reopened,zeroed,posting,posted,abandoned"`
	Actor    string  `json:"actor"`
	Approver string  `json:"approver,omitempty" doc:"who vouched for what is missing"`
}

// CountFilter says which counts to list; its zero value is all at the locations the actor sees.
type CountFilter struct {
	db.List
	Open       bool // what somebody has to end: not posted, not abandoned
	Status     CountStatus
	LocationID int64
}

// openCountsSQL is the condition of a partial index, word for word.
const openCountsSQL = "c.status IN ('open', 'review', 'posting')"

// hiddenSQL is while nobody is told what the books say.
const hiddenSQL = "c.blind = 1 AND c.status = 'open'"

const countTables = " FROM counts c CROSS JOIN locations l ON l.id = c.location_id "

const countColumns = `c.id, c.number, c.status, c.kind, c.location_id, l.name AS location_name, c.category_id, c.category, c.blind, c.note, c.goods,
	c.lines AS line_count, c.units, c.version, c.started_at, c.posted_at, c.updated_at, c.cost_short AS lost,
	iif(` + hiddenSQL + `, NULL, c.matching) AS matching, iif(` + hiddenSQL + `, NULL, c.over) AS over, iif(` + hiddenSQL + `, NULL, c.short) AS short`

const countCosts = `, iif(` + hiddenSQL + `, NULL, c.cost_over) AS cost_over, iif(` + hiddenSQL + `, NULL, c.cost_short) AS cost_short`

func countSQL(tx *db.Tx) string {
	columns := countColumns
	if tx.Actor.Can("cost.read") {
		columns += countCosts
	}
	return "SELECT " + columns + countTables + "WHERE " + tx.Actor.Scope().Where("c.location_id") + " AND "
}

// Counts lists counts, the newest first.
func Counts(ctx context.Context, d *db.DB, f CountFilter) (page db.Page[CountItem], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		query, args, err := f.query(tx)
		if err != nil {
			return err
		}
		var rows []CountItem
		err = tx.Select(&rows, query, args...)
		page = db.PageOf(rows, f.Size(), func(c CountItem) string { return db.Cursor(c.ID) })
		return err
	})
	if err != nil {
		return page, fmt.Errorf("list counts: %w", err)
	}
	return page, nil
}

func (f CountFilter) query(tx *db.Tx) (string, []any, error) {
	where, args := []string{}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Open || slices.Contains([]CountStatus{CountOpen, CountReview, CountPosting}, f.Status) {
		and(openCountsSQL)
	}
	if f.Status != "" {
		and("+c.status = ?", f.Status)
	}
	if f.LocationID != 0 {
		and("c.location_id = ?", f.LocationID)
	}
	if q := strings.TrimPrefix(strings.TrimSpace(f.Q), "#"); q != "" {
		and("c.number = ?", strings.ToUpper(q))
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		and("c.id < ?", last)
	}
	return countSQL(tx) + strings.Join(append(where, "1"), " AND ") + " ORDER BY c.id DESC LIMIT ?", append(args, f.Size()+1), err
}

// newestLines is how many lines a count carries.
const newestLines = 200

// CountByID returns a count with its newest lines and its timeline; not_found where the actor does not see its location.
func CountByID(ctx context.Context, d *db.DB, id int64) (c *Count, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err = countIn(tx, id)
		return err
	})
	return c, err
}

func countIn(tx *db.Tx, id int64) (*Count, error) {
	c, err := countHead(tx, id)
	if err != nil {
		return nil, err
	}
	return c, c.read(tx, CountLineFilter{List: db.List{Limit: newestLines}})
}

// countHead is a count without what belongs to it.
func countHead(tx *db.Tx, id int64) (*Count, error) {
	c := &Count{Lines: []CountLine{}, ShortOrders: []ShortOrder{}, Timeline: []CountStep{}}
	if err := tx.Get(&c.CountItem, countSQL(tx)+"c.id = ?1", id); err != nil {
		return nil, db.Found(err, "count")
	}
	return c, nil
}

// read reads what belongs to a count, with the lines that a filter finds.
func (c *Count) read(tx *db.Tx, f CountLineFilter) (err error) {
	if c.Lines, err = c.lines(tx, f, f.Size()); err != nil {
		return err
	}
	c.ShortOrders, c.Timeline = []ShortOrder{}, []CountStep{}
	if err := tx.Select(&c.ShortOrders, "SELECT order_id AS id, order_number AS number FROM count_orders WHERE count_id = ?1 ORDER BY order_id LIMIT 200", c.ID); err != nil {
		return fmt.Errorf("read which orders a count left waiting: %w", err)
	}
	err = tx.Select(&c.Timeline, "SELECT at, kind, actor_name AS actor, coalesce(approver_name, '') AS approver FROM count_steps WHERE count_id = ?1 ORDER BY id LIMIT ?2", c.ID, maxSteps)
	if err != nil {
		return fmt.Errorf("read the timeline of a count: %w", err)
	}
	return nil
}

// hidden says whether nobody is told what the books say.
func (c *Count) hidden() bool { return c.Blind && c.Status == CountOpen }

// running says whether it can still be counted.
func (c *Count) running() bool { return c.Status == CountOpen || c.Status == CountReview }

// document is what the movements of a count belong to.
func (c *Count) document() *Document {
	return &Document{Type: countDocument, ID: c.ID, Number: c.Number}
}

// reach writes that a count is somewhere else now, and who brought it there.
func (c *Count) reach(tx *db.Tx, status CountStatus, step string) error {
	c.Status = status
	if status == CountPosted {
		c.PostedAt = &tx.Now
	}
	if _, err := tx.Exec("UPDATE counts SET status = ?2, posted_at = ?3 WHERE id = ?1", c.ID, c.Status, c.PostedAt); err != nil {
		return fmt.Errorf("move a count: %w", err)
	}
	if err := c.step(tx, step); err != nil {
		return err
	}
	return c.changed(tx)
}

// step notes on the timeline what was done.
func (c *Count) step(tx *db.Tx, kind string) error {
	var approverID *int64
	var approver *string
	if by := tx.ApprovedBy(); by != nil {
		approverID, approver = &by.ID, &by.Name
	}
	_, err := tx.Exec(`INSERT INTO count_steps (count_id, at, kind, actor_kind, actor_id, actor_name, approver_id, approver_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`, c.ID, tx.Now, kind, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, approverID, approver)
	if err != nil {
		return fmt.Errorf("note what was done with a count: %w", err)
	}
	return nil
}

// changed gives a count its next version, and tells those who see its location.
func (c *Count) changed(tx *db.Tx) error {
	c.Version++
	c.UpdatedAt = tx.Now
	if _, err := tx.Exec("UPDATE counts SET version = ?2, updated_at = ?3 WHERE id = ?1", c.ID, c.Version, c.UpdatedAt); err != nil {
		return fmt.Errorf("change a count: %w", err)
	}
	return tx.Emit("counts", c.ID, c.Version, c.LocationID)
}
