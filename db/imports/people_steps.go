package imports

import (
	"cmp"
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/customers"
)

// The kinds of steps of a file of customers.
const (
	stepPersonMade    = "customer_made"
	stepPersonChanged = "customer_changed"
	stepPersonLinked  = "customer_linked"
)

// carry writes a customer and what they are found by, with the steps back.
func (one *person) carry(tx *db.Tx, m *Import) (err error) {
	now, s := one.known, step{Row: one.row.number, Kind: stepPersonMade}
	switch {
	case one.known == nil:
		now, err = customers.CreateIn(tx, one.in)
	case one.changes():
		k := *one.known
		s.Kind, s.Was.From, s.Was.Person = stepPersonChanged, k.Version, &customers.CustomerChange{Name: &k.Name, Email: &k.Email, Phone: &k.Phone, Note: &k.Note}
		now, err = customers.UpdateIn(tx, k.ID, customers.CustomerChange{Version: &k.Version, Name: &one.in.Name, Email: &one.in.Email, Phone: &one.in.Phone, Note: &one.in.Note})
	}
	if err != nil {
		return err
	}
	if one.known == nil || now.Version != one.known.Version {
		s.EntityID, s.Was.Version = now.ID, now.Version
		if err := s.note(tx, m.ID); err != nil {
			return err
		}
	}
	if !one.linked {
		return nil
	}
	return one.remember(tx, m, now.ID)
}

// remember keeps under which key a customer is found again.
func (one *person) remember(tx *db.Tx, m *Import, id int64) error {
	was, err := personOf(tx, one.source, one.link)
	if err != nil {
		return err
	}
	s := step{Row: one.row.number, Kind: stepPersonLinked, EntityID: id, Was: state{Source: one.source, Key: one.link}}
	if was != 0 {
		s.Was.Last = &was
	}
	if err := keepPerson(tx, one.source, one.link, id); err != nil {
		return err
	}
	return s.note(tx, m.ID)
}

func keepPerson(tx *db.Tx, source, key string, id int64) error {
	_, err := tx.Exec("INSERT INTO import_people (source, key, customer_id) VALUES (?1, ?2, ?3) ON CONFLICT (source, key) DO UPDATE SET customer_id = ?3", source, key, id)
	if err != nil {
		return fmt.Errorf("remember the key %s: %w", key, err)
	}
	return nil
}

// personOf is the customer of a key, 0 for one that is not known.
func personOf(tx *db.Tx, source, key string) (id int64, err error) {
	err = tx.Row("SELECT customer_id FROM import_people WHERE source = ?1 AND key = ?2", []any{source, key}, &id)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look up the key %s: %w", key, err)
	}
	return id, nil
}

// takeBackPerson undoes a step of a file of customers and answers what of it stays.
func (s step) takeBackPerson(tx *db.Tx) (stays *KeptRow, err error) {
	if s.Kind == stepPersonLinked {
		return nil, s.unlinkPerson(tx)
	}
	c, err := customers.In(tx, s.EntityID)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(c.Name, c.Email, c.Phone)
	if c.Version != s.Was.Version {
		return s.left(name, "changed_since", name+" was changed by somebody since"), nil
	}
	if s.Kind == stepPersonChanged {
		s.Was.Person.Version = &s.Was.Version
		now, err := customers.UpdateIn(tx, s.EntityID, *s.Was.Person)
		if err != nil {
			return nil, err
		}
		return nil, s.isAgain(tx, now.Version)
	}
	gone, err := customers.RemoveIn(tx, s.EntityID)
	if err != nil || gone {
		return nil, err
	}
	return s.left(name, "used_since", name+" ordered since"), nil
}

func (s step) unlinkPerson(tx *db.Tx) error {
	now, err := personOf(tx, s.Was.Source, s.Was.Key)
	if err != nil || now != s.EntityID {
		return err
	}
	if s.Was.Last != nil {
		return keepPerson(tx, s.Was.Source, s.Was.Key, *s.Was.Last)
	}
	if _, err := tx.Exec("DELETE FROM import_people WHERE source = ?1 AND key = ?2", s.Was.Source, s.Was.Key); err != nil {
		return fmt.Errorf("forget the key %s: %w", s.Was.Key, err)
	}
	return nil
}

// personSince looks at whether somebody changed a customer since, or one that was made ordered.
func (g *glance) personSince(r madeRow, s step) (*KeptRow, error) {
	c, err := customers.In(g.tx, s.EntityID)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(c.Name, c.Email, c.Phone)
	if c.Version != s.Was.Version {
		return r.kept(name, "changed_since", "Somebody changed it since."), nil
	}
	if s.Kind == stepPersonChanged {
		return nil, nil
	}
	used, err := customers.UsedIn(g.tx, s.EntityID, ownTables...)
	if err != nil || !used {
		return nil, err
	}
	return r.kept(name, "used_since", "It was sold, ordered or moved since."), nil
}
