package staff

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
)

// maxViews is how many views of a kind somebody has at most.
const maxViews = 50

// View is a list as somebody likes to see it. It is theirs alone.
type View struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind" enum:"orders"`
	Name     string `json:"name"`
	Search   string `json:"search" doc:"what follows the ? in the address of the list"`
	Position int    `json:"position" doc:"its place among those of its kind, from 0"`
	Version  int64  `json:"version"`
}

// NewView is a view to keep.
type NewView struct {
	Kind   string `json:"kind" enum:"orders"`
	Name   string `json:"name" maxLength:"60"`
	Search string `json:"search" maxLength:"2000"`
}

// ViewChange changes what it carries.
type ViewChange struct {
	Version  *int64  `json:"version,omitempty"`
	Name     *string `json:"name,omitempty" maxLength:"60"`
	Search   *string `json:"search,omitempty" maxLength:"2000"`
	Position *int    `json:"position,omitempty" minimum:"0" maximum:"49" doc:"its new place; the others move up"`
}

// Views are the actor's views of a kind, in their order.
func Views(ctx context.Context, d *db.DB, kind string) (db.Page[View], error) {
	page := db.Page[View]{Items: []View{}}
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		page.Items, err = viewsIn(tx, kind)
		return err
	})
	return page, err
}

func viewsIn(tx *db.Tx, kind string) ([]View, error) {
	if tx.Actor.Kind != db.UserActor {
		return nil, db.Errorf(db.Forbidden, "person_needed", "Views belong to people. Sign in.")
	}
	views := []View{}
	err := tx.Select(&views, "SELECT id, kind, name, search, position, version FROM views WHERE user_id = ?1 AND kind = ?2 ORDER BY position, id", tx.Actor.ID, kind)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	for i := range views {
		views[i].Position = i
	}
	return views, nil
}

// SaveView keeps a view as the actor's last. It fails with view_taken and too_many_views.
func SaveView(ctx context.Context, d *db.DB, in NewView) (*View, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*View, error) {
		views, err := viewsIn(tx, in.Kind)
		if err != nil {
			return nil, err
		}
		if len(views) >= maxViews {
			return nil, db.Errorf(db.Conflict, "too_many_views", "You have %d views; that is the most. Delete one first.", maxViews).With("max", maxViews)
		}
		v := View{Kind: in.Kind, Position: len(views), Version: 1}
		if err := v.name(views, in.Name); err != nil {
			return nil, err
		}
		if v.Search, err = db.Text("search", in.Search, 2000); err != nil {
			return nil, err
		}
		last := 0
		if len(views) > 0 {
			if err := tx.Row("SELECT max(position) + 1 FROM views WHERE user_id = ?1 AND kind = ?2", []any{tx.Actor.ID, v.Kind}, &last); err != nil {
				return nil, fmt.Errorf("find the place of a view: %w", err)
			}
		}
		v.ID, err = tx.Insert("INSERT INTO views (user_id, kind, name, name_key, search, position, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			tx.Actor.ID, v.Kind, v.Name, db.Fold(v.Name), v.Search, last, tx.Now)
		if err != nil {
			return nil, fmt.Errorf("save a view: %w", err)
		}
		return &v, v.tell(tx)
	})
}

// ChangeView changes one of the actor's views. It fails with stale and as SaveView does.
func ChangeView(ctx context.Context, d *db.DB, id int64, in ViewChange) (*View, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*View, error) {
		v, all, err := viewIn(tx, id)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != v.Version {
			return nil, db.Stale(v)
		}
		was := *v
		if in.Name != nil {
			if err := v.name(all, *in.Name); err != nil {
				return nil, err
			}
		}
		if in.Search != nil {
			if v.Search, err = db.Text("search", *in.Search, 2000); err != nil {
				return nil, err
			}
		}
		if in.Position != nil {
			v.Position = min(*in.Position, len(all)-1)
		}
		if *v == was {
			return v, nil
		}
		v.Version++
		if _, err := tx.Exec("UPDATE views SET name = ?2, name_key = ?3, search = ?4, version = ?5 WHERE id = ?1", id, v.Name, db.Fold(v.Name), v.Search, v.Version); err != nil {
			return nil, fmt.Errorf("change a view: %w", err)
		}
		if v.Position != was.Position {
			all = slices.Insert(slices.Delete(all, was.Position, was.Position+1), v.Position, *v)
			for i, other := range all {
				if _, err := tx.Exec("UPDATE views SET position = ?2 WHERE id = ?1 AND position <> ?2", other.ID, i); err != nil {
					return nil, fmt.Errorf("move a view: %w", err)
				}
			}
		}
		return v, v.tell(tx)
	})
}

// RemoveView forgets one of the actor's views.
func RemoveView(ctx context.Context, d *db.DB, id int64) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		v, _, err := viewIn(tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM views WHERE id = ?1", id); err != nil {
			return fmt.Errorf("forget a view: %w", err)
		}
		v.Version++
		return v.tell(tx)
	})
}

// viewIn is one of the actor's views, and all of its kind.
func viewIn(tx *db.Tx, id int64) (*View, []View, error) {
	var kind string
	if err := tx.Row("SELECT kind FROM views WHERE id = ?1", []any{id}, &kind); err != nil && tx.Actor.Kind == db.UserActor {
		return nil, nil, db.Found(err, "view")
	}
	all, err := viewsIn(tx, kind)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(v View) bool { return v.ID == id })
	if i < 0 { // somebody else's
		return nil, nil, db.NotFound("view")
	}
	v := all[i]
	return &v, all, nil
}

// name gives a view a name that none of the others has.
func (v *View) name(all []View, name string) (err error) {
	if v.Name, err = db.Required("name", name, 60); err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(o View) bool { return o.ID != v.ID && db.Fold(o.Name) == db.Fold(v.Name) }); i >= 0 {
		return db.Blame(db.Errorf(db.Conflict, "view_taken", "You have a view %s already. Choose another name.", all[i].Name).With("name", all[i].Name), "name")
	}
	return nil
}

// tell says to the other devices of whose view it is that it changed.
func (v *View) tell(tx *db.Tx) error { return tx.EmitTo(tx.Actor.Key(), "views", v.ID, v.Version) }
