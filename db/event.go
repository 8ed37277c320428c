package db

import (
	"context"
	"fmt"
)

// How long events are kept, and how many.
const (
	keepEvents     = 7 * 24 * hour
	maxEvents      = 200_000
	cleanupSlice   = 500
	cleanupMaximum = 10_000
)

// Event says that an entity has a new version; who may see the entity reads it
// again. It carries no names or figures.
type Event struct {
	ID       int64  `json:"id"`
	At       Time   `json:"at"`
	Topic    string `json:"topic"`
	EntityID int64  `json:"entityId"`
	Version  int64  `json:"version"`
	// LocationID limits the event to those who see that store.
	LocationID *int64 `json:"-"`
	// Audience is the only actor the event is for, by Actor.Key.
	Audience *string `json:"-"`
}

// For says whether an actor is among those an event is for, as far as its store
// and its audience go.
func (e Event) For(a Actor) bool {
	return (e.LocationID == nil || a.Scope().Has(*e.LocationID)) && (e.Audience == nil || *e.Audience == a.Key())
}

// Emit records that an entity changed, in this transaction; sockets hear of it
// after the commit. With a location, only those who see that store do. It fails
// only once the transaction is gone.
func (tx *Tx) Emit(topic string, entityID, version int64, locationID ...int64) error {
	e := Event{Topic: topic, EntityID: entityID, Version: version}
	if len(locationID) > 0 {
		e.LocationID = &locationID[0]
	}
	return tx.emit(e)
}

// EmitTo is Emit for one actor alone, by Actor.Key: nobody else hears of it.
func (tx *Tx) EmitTo(audience, topic string, entityID, version int64) error {
	return tx.emit(Event{Topic: topic, EntityID: entityID, Version: version, Audience: &audience})
}

func (tx *Tx) emit(e Event) error {
	tx.mustWrite("Emit")
	if err := tx.usable(); err != nil {
		return fmt.Errorf("emit %s: %w", e.Topic, err)
	}
	if tx.InPast {
		return nil
	}
	e.At = tx.Now
	tx.call.events = append(tx.call.events, e)
	return nil
}

// saveEvents writes what one write emitted, after its function and in its
// savepoint: one statement for all of them instead of one each, since an order
// of three lines has four.
func (tx *Tx) saveEvents() error {
	events := tx.call.events
	if len(events) == 0 {
		return nil
	}
	args := make([]any, 0, 6*len(events))
	for _, e := range events {
		args = append(args, e.At, e.Topic, e.EntityID, e.Version, e.LocationID, e.Audience)
	}
	last, err := tx.InsertRows("INSERT INTO events (at, topic, entity_id, version, location_id, audience)", 6, args)
	if err != nil {
		return fmt.Errorf("save events: %w", err)
	}
	for i := range events { // AUTOINCREMENT counts by one within a transaction
		events[i].ID = last - int64(len(events)-1-i)
	}
	return nil
}

// Events are those after an id, oldest first. Whether the actor may see one's
// topic is for the caller to say: permissions live above the kernel.
func Events(ctx context.Context, d *DB, after int64, limit int) ([]Event, error) {
	var rows []Event
	err := Read(ctx, d, func(tx *Tx) error {
		return tx.Select(&rows, `SELECT id, at, topic, entity_id, version, location_id, audience FROM events
			WHERE id > ?1 AND (location_id IS NULL OR `+tx.Actor.Scope().Where("location_id")+`) AND (audience IS NULL OR audience = ?3)
			ORDER BY id LIMIT ?2`, after, limit, tx.Actor.Key())
	})
	return rows, err
}

// EventRange is the ids of the oldest event kept and of the last one given, both
// 0 in a new shop. A reader whose last event is older than oldest-1 missed some.
func EventRange(ctx context.Context, d *DB) (oldest, last int64, err error) {
	err = Read(ctx, d, func(tx *Tx) error {
		return tx.Row(`SELECT coalesce((SELECT min(id) FROM events), 0),
			coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)`, nil, &oldest, &last)
	})
	return oldest, last, err
}

// Next takes the next number of a counter, starting at first.
func (tx *Tx) Next(counter string, first int64) (int64, error) {
	var n int64
	err := tx.Row(`INSERT INTO counters (name, next) VALUES (?1, ?2 + 1)
		ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next - 1`, []any{counter, first}, &n)
	if err != nil {
		return 0, fmt.Errorf("next %s: %w", counter, err)
	}
	return n, nil
}

// Cleanup removes events and replies that are past keeping, in short writes so
// that nobody waits, at most some thousands a run. It answers how many went.
func Cleanup(ctx context.Context, d *DB) (removed int64, err error) {
	now := TimeOf(d.Now())
	for _, sweep := range []struct {
		query string
		limit any
	}{
		{"DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT ?2) WHERE at < ?1)", now.Add(-keepEvents)},
		{"DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= (SELECT max(id) FROM events) - ?1 ORDER BY id LIMIT ?2)", maxEvents},
		{"DELETE FROM replies WHERE rowid IN (SELECT rowid FROM (SELECT rowid, at FROM replies ORDER BY rowid LIMIT ?2) WHERE at < ?1)", now.Add(-keepReplies)},
	} {
		for range cleanupMaximum / cleanupSlice {
			var n int64
			err := Write(ctx, d, func(tx *Tx) (err error) {
				n, err = tx.Exec(sweep.query, sweep.limit, cleanupSlice)
				return err
			})
			if err != nil {
				return removed, fmt.Errorf("clean up: %w", err)
			}
			removed += n
			if n < cleanupSlice {
				break
			}
		}
	}
	return removed, nil
}
