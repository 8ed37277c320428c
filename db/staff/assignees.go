package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onhand/db"
)

// Assignee is somebody whom work is given to.
type Assignee struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Assignees are those who work here and see a store, or with 0 one of the actor's, by name; q finds those of whose names one
// begins with it.
func Assignees(ctx context.Context, d *db.DB, locationID int64, l db.List) (page db.Page[Assignee], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		where, args := "u.status = 'active' AND "+sees(tx.Actor.Scope()), []any{locationID}
		if q := strings.TrimSpace(l.Q); q != "" {
			where += ` AND (u.sort_key LIKE ? ESCAPE '\' OR u.sort_key LIKE ? ESCAPE '\')`
			args = append(args, db.Prefix(db.SortKey(q)), "% "+db.Prefix(db.SortKey(q)))
		}
		var name string
		var id int64
		if more, err := db.ReadCursor(l.After, &name, &id); err != nil {
			return err
		} else if more {
			where, args = where+" AND (u.sort_key, u.id) > (?, ?)", append(args, name, id)
		}
		var rows []struct {
			Assignee
			SortKey string
		}
		err := tx.Select(&rows, "SELECT u.id, u.name, u.sort_key FROM users u WHERE "+where+" ORDER BY u.sort_key, u.id LIMIT ?", append(args, l.Size()+1)...)
		if err != nil {
			return fmt.Errorf("list who may be given work: %w", err)
		}
		page.Items = make([]Assignee, 0, len(rows))
		for i, r := range rows {
			if i == l.Size() {
				page.Next = db.Cursor(rows[i-1].SortKey, rows[i-1].ID)
				break
			}
			page.Items = append(page.Items, r.Assignee)
		}
		return nil
	})
	return page, err
}

// AssigneeIn is one of those who work here and see a store; it fails with not_assignable.
func AssigneeIn(tx *db.Tx, userID, locationID int64) (*Assignee, error) {
	var a Assignee
	err := tx.Row("SELECT u.id, u.name FROM users u WHERE u.status = 'active' AND "+sees(tx.Actor.Scope())+" AND u.id = ?2", []any{locationID, userID}, &a.ID, &a.Name)
	if errors.Is(err, db.ErrNoRow) {
		return nil, db.Errorf(db.Invalid, "not_assignable", "Nobody who works here and sees this store has that number. Choose somebody else.")
	}
	return &a, err
}

// sees is the condition that a user sees the store ?1, or with 0 one of a scope.
func sees(scope db.Scope) string {
	return `(u.all_locations = 1 OR EXISTS (SELECT 1 FROM user_locations s WHERE s.user_id = u.id AND (s.location_id = ?1 OR ?1 = 0 AND ` + scope.Where("s.location_id") + `)))`
}
