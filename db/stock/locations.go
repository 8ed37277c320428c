// Package stock is what lies where: locations, levels, the ledger behind them
// and the reservations of open orders.
package stock

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/settings"
)

// Location is a place that holds stock and sells it.
type Location struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	IsDefault bool    `json:"isDefault" doc:"where is sold when no location is named"`
	Version   int64   `json:"version"`
	CreatedAt db.Time `json:"createdAt"`
}

// NewLocation is what it takes to open a location.
type NewLocation struct {
	Name string `json:"name" minLength:"1" maxLength:"100"`
}

// LocationChange renames a location.
type LocationChange struct {
	Version *int64  `json:"version,omitempty"`
	Name    *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
}

const locationColumns = `l.id, l.name, l.version, l.created_at,
	l.id = coalesce((SELECT default_location_id FROM settings), 0) AS is_default`

// Locations are the places the actor may see, by name. A shop has few, so the
// page is whole.
func Locations(ctx context.Context, d *db.DB) (db.Page[Location], error) {
	rows := []Location{}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+locationColumns+" FROM locations l WHERE "+tx.Actor.Scope().Where("l.id")+" ORDER BY l.name LIMIT 1000")
	})
	if err != nil {
		return db.Page[Location]{}, fmt.Errorf("list locations: %w", err)
	}
	return db.Page[Location]{Items: rows}, nil
}

// LocationName is what a location is called, and no more of it.
type LocationName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// LocationNames are all locations, by name, also those the actor does not see: goods come from there and go there, and what a
// store is called is no secret among those who work at another one.
func LocationNames(ctx context.Context, d *db.DB) (db.Page[LocationName], error) {
	rows := []LocationName{}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT id, name FROM locations ORDER BY name LIMIT 1000")
	})
	if err != nil {
		return db.Page[LocationName]{}, fmt.Errorf("list the names of locations: %w", err)
	}
	return db.Page[LocationName]{Items: rows}, nil
}

// OpenLocation adds a location; name_taken when there is one of that name, not_your_stores for who would not see it.
func OpenLocation(ctx context.Context, d *db.DB, in NewLocation) (*Location, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Location, error) {
		if !tx.Actor.Scope().All() {
			return nil, db.Errorf(db.Forbidden, "not_your_stores", "This is for somebody who sees all stores. You see only some.")
		}
		return CreateLocation(tx, in.Name)
	})
}

// CreateLocation is OpenLocation inside a transaction. The first one becomes the
// default.
func CreateLocation(tx *db.Tx, name string) (*Location, error) {
	name, err := db.Required("name", name, 100)
	if err != nil {
		return nil, err
	}
	id, err := tx.Insert("INSERT INTO locations (name, created_at) VALUES (?1, ?2)", name, tx.Now)
	if db.IsUnique(err) {
		return nil, nameTaken(name)
	}
	if err != nil {
		return nil, fmt.Errorf("open a location: %w", err)
	}
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if s.DefaultLocationID == 0 {
		if _, err := settings.SaveIn(tx, settings.Change{DefaultLocationID: &id}); err != nil {
			return nil, err
		}
	}
	l, err := LocationIn(tx, id)
	if err != nil {
		return nil, err
	}
	if err := tx.Audit("location", id, nil, l); err != nil {
		return nil, err
	}
	return l, tx.Emit("locations", id, l.Version, id)
}

// ChangeLocation renames a location.
func ChangeLocation(ctx context.Context, d *db.DB, id int64, in LocationChange) (*Location, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Location, error) {
		before, err := LocationIn(tx, id)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != before.Version {
			return nil, db.Stale(before)
		}
		if in.Name == nil || *in.Name == before.Name {
			return before, nil
		}
		name, err := db.Required("name", *in.Name, 100)
		if err != nil {
			return nil, err
		}
		_, err = tx.Exec("UPDATE locations SET name = ?1, version = version + 1 WHERE id = ?2", name, id)
		if db.IsUnique(err) {
			return nil, nameTaken(name)
		}
		if err != nil {
			return nil, fmt.Errorf("rename a location: %w", err)
		}
		l, err := LocationIn(tx, id)
		if err != nil {
			return nil, err
		}
		if err := tx.Audit("location", id, before, l); err != nil {
			return nil, err
		}
		return l, tx.Emit("locations", id, l.Version, id)
	})
}

// LocationIn is one location the actor may see; not_found otherwise.
func LocationIn(tx *db.Tx, id int64) (*Location, error) {
	l := new(Location)
	err := tx.Row("SELECT "+locationColumns+" FROM locations l WHERE l.id = ?1 AND "+tx.Actor.Scope().Where("l.id"), []any{id},
		&l.ID, &l.Name, &l.Version, &l.CreatedAt, &l.IsDefault)
	if err != nil {
		return nil, db.Found(err, "location")
	}
	return l, nil
}

func nameTaken(name string) error {
	e := db.Errorf(db.Conflict, "name_taken", "There is a location called %s already. Choose another name.", name).With("name", name)
	e.Field = "name"
	return e
}
