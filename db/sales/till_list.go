package sales

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// TillFilter says which tills to list; its zero value is all that the actor may see.
type TillFilter struct {
	db.List
	Status     TillStatus
	LocationID int64
	// From and To bound the business dates on which they were opened.
	From, To db.Date
}

const tillColumns = `SELECT t.id, t.location_id, l.name AS location_name, t.name, t.status, t.business_date, t.float, t.expected, t.opened_at, t.opened_name,
	t.opened_kind || ':' || t.opened_id AS opened_key, t.counted, t.counts, t.reason, t.note, t.closed_at, coalesce(t.closed_name, '') AS closed_name,
	coalesce(t.closed_kind || ':' || t.closed_id, '') AS closed_key, t.version FROM tills t CROSS JOIN locations l ON l.id = t.location_id `

// Tills lists the sessions of tills, the newest first: all of them for those with tills.read, else those that are open and those
// that the actor opened or closed.
func Tills(ctx context.Context, d *db.DB, f TillFilter) (db.Page[Till], error) {
	var page db.Page[Till]
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		query, args, err := f.query(tx.Actor)
		if err != nil {
			return err
		}
		rows := []Till{}
		if err := tx.Select(&rows, query, args...); err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(t Till) string { return db.Cursor(t.ID) })
		for i := range page.Items {
			page.Items[i].shownTo(tx.Actor, s)
		}
		return nil
	})
	if err != nil {
		return page, fmt.Errorf("list tills: %w", err)
	}
	return page, nil
}

func (f TillFilter) query(actor db.Actor) (string, []any, error) {
	where, args := []string{actor.Scope().Where("+t.location_id")}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if !actor.Can("tills.read") {
		and("(t.status = 'open' OR ? IN (t.opened_kind || ':' || t.opened_id, t.closed_kind || ':' || t.closed_id))", actor.Key())
	}
	switch f.Status {
	case TillOpen:
		and("t.id IN (SELECT id FROM tills WHERE status = 'open')") // by their own index: there are few, whatever came before
	case TillClosed:
		and("+t.status = 'closed'")
	}
	if f.From != "" || f.To != "" {
		to := f.To
		if to == "" {
			to = "9999-12-31"
		}
		and("t.id IN (SELECT id FROM tills WHERE business_date BETWEEN ? AND ?)", f.From, to)
		if f.LocationID != 0 {
			and("+t.location_id = ?", f.LocationID)
		}
	} else if f.LocationID != 0 {
		and("t.location_id = ?", f.LocationID)
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		and("t.id < ?", last)
	}
	return tillColumns + "WHERE " + strings.Join(where, " AND ") + " ORDER BY t.id DESC LIMIT ?", append(args, f.Size()+1), err
}

// TillIn is a till of the actor's stores, whoever opened and closed it.
func TillIn(tx *db.Tx, id int64) (*Till, error) {
	t := new(Till)
	err := tx.Get(t, tillColumns+"WHERE t.id = ?1 AND "+tx.Actor.Scope().Where("t.location_id"), id)
	if err != nil {
		return nil, db.Found(err, "till")
	}
	return t, nil
}

// seenTillIn is a till that the actor may look at, with what is hidden from them still in it.
func seenTillIn(tx *db.Tx, id int64) (*Till, *settings.Settings, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, nil, err
	}
	t, err := TillIn(tx, id)
	if err == nil && !t.seenBy(tx) {
		err = db.NotFound("till")
	}
	return t, s, err
}

// seenBy says whether the actor may look at a till of their stores; the list says the same in SQL.
func (t *Till) seenBy(tx *db.Tx) bool {
	key := tx.Actor.Key()
	return t.Status == TillOpen || tx.Actor.Can("tills.read") || t.OpenedKey == key || t.ClosedKey == key
}

// hiddenFrom says whether what should be in a till is hidden from somebody.
func (t *Till) hiddenFrom(actor db.Actor, s *settings.Settings) bool {
	return t.Status == TillOpen && s.TillBlind && !actor.Can("tills.read")
}

// shownTo leaves out what somebody may not see, and says by how much a closed till differs.
func (t *Till) shownTo(actor db.Actor, s *settings.Settings) *Till {
	if t.Counted != nil {
		difference := *t.Counted - *t.Expected
		t.Difference = &difference
	}
	if t.hiddenFrom(actor, s) {
		t.Expected = nil
	}
	return t
}

// TillDrawer is a till by its name: its open session, and what was in it when it was closed last.
type TillDrawer struct {
	Name        string        `json:"name"`
	Open        *Till         `json:"open" doc:"its open session, null without one"`
	LastCounted *money.Amount `json:"lastCounted" doc:"what was in it when it was closed last, null before that"`
}

// mostDrawers bounds how many names of tills of a store are offered.
const mostDrawers = 50

// TillDrawers are the tills that a store has or had, by name; of the default location for 0.
func TillDrawers(ctx context.Context, d *db.DB, locationID int64) (db.Page[TillDrawer], error) {
	page := db.Page[TillDrawer]{Items: []TillDrawer{}}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		if locationID == 0 {
			locationID = s.DefaultLocationID
		}
		if _, err := stock.LocationIn(tx, locationID); err != nil {
			return err
		}
		var rows []Till
		// From name to name by the index: a store has few, however often they were opened.
		err = tx.Select(&rows, `WITH RECURSIVE names (name) AS (SELECT min(name) FROM tills WHERE location_id = ?1
				UNION ALL SELECT (SELECT min(name) FROM tills WHERE location_id = ?1 AND name > n.name) FROM names n WHERE n.name IS NOT NULL LIMIT ?2)
			`+tillColumns+`WHERE t.id IN (SELECT (SELECT max(id) FROM tills WHERE location_id = ?1 AND name = n.name AND status = 'closed') FROM names n)
				OR t.id IN (SELECT id FROM tills WHERE location_id = ?1 AND status = 'open' LIMIT ?2)
			ORDER BY t.name, t.id`, locationID, mostDrawers)
		if err != nil {
			return fmt.Errorf("list the tills of a store: %w", err)
		}
		for i := range rows {
			t := &rows[i]
			if n := len(page.Items); n == 0 || page.Items[n-1].Name != t.Name {
				page.Items = append(page.Items, TillDrawer{Name: t.Name})
			}
			drawer := &page.Items[len(page.Items)-1]
			if t.Status == TillOpen {
				drawer.Open = t.shownTo(tx.Actor, s)
			} else {
				drawer.LastCounted = t.Counted
			}
		}
		return nil
	})
	return page, err
}
