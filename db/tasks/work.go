package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"onhand/db"
)

// WorkStatus is how far long work is.
type WorkStatus string

// The statuses. Work that was cancelled, or failed, has changed nothing in the end.
const (
	WorkRunning   WorkStatus = "running"
	WorkDone      WorkStatus = "done"
	WorkFailed    WorkStatus = "failed"
	WorkCancelled WorkStatus = "cancelled"
)

// Work is something that takes long: it goes on when who asked for it has left, tells how far it is and can be ended.
type Work struct {
	ID          int64      `json:"id"`
	Kind        string     `json:"kind" enum:"import,undo,demo"`
	EntityID    int64      `json:"entityId" doc:"what it works on, such as the import"`
	Title       string     `json:"title"`
	Status      WorkStatus `json:"status" enum:"running,done,failed,cancelled"`
	Progress    int        `json:"progress" doc:"percent"`
	Note        string     `json:"note" doc:"one plain sentence of what became of it"`
	Code        string     `json:"code" doc:"of the note, for other languages; empty where there is none"`
	Params      WorkParams `json:"params,omitempty" doc:"the figures and names of the note"`
	Undoing     bool       `json:"undoing" doc:"it runs backwards: what it did is being taken back"`
	Actor       string     `json:"actor" bun:"actor_name"`
	CancelledBy string     `json:"cancelledBy" doc:"who asked for its end; it is taken back then, which takes a while too"`
	StartedAt   db.Time    `json:"startedAt" format:"date-time"`
	FinishedAt  *db.Time   `json:"finishedAt" format:"date-time"`
	Cancellable bool       `json:"cancellable"`
	Version     int64      `json:"version"`

	LocationID *int64 `json:"-"`
}

// Note is what became of work: a plain sentence, and the same as a code with its params. The zero Note is of work of which there is
// nothing to say.
type Note struct {
	Text   string
	Code   string
	Params WorkParams
}

// WorkParams are figures and names: a JSON object in the file.
type WorkParams map[string]any

// Scan reads them from the file.
func (p *WorkParams) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("params of type %T", v)
	}
	return json.Unmarshal([]byte(s), p)
}

// JSON is how the file keeps them.
func (p WorkParams) JSON() (string, error) {
	if p == nil {
		return "{}", nil
	}
	b, err := json.Marshal(p)
	return string(b), err
}

// The kinds of long work. What undoes an import cannot be cancelled: it would have to be undone itself.
const (
	ImportWork = "import"
	UndoWork   = "undo"
)

// WorkTopic is what events about long work are called.
const WorkTopic = "tasks"

const workColumns = "id, kind, entity_id, title, status, progress, note, code, params, actor_name, cancelled_by, started_at, finished_at, undoing, kind <> 'undo' AND NOT undoing AS cancellable, version, location_id"

// CodeCancelled is the refusal of work that somebody ended.
const CodeCancelled = "cancelled"

// StartWork notes that work on something begins, or begins anew.
func StartWork(tx *db.Tx, kind string, entityID int64, title string, locationID int64) error {
	id, err := tx.Insert(`INSERT INTO works (kind, entity_id, title, location_id, actor_name, started_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (kind, entity_id) WHERE status = 'running' DO UPDATE SET progress = 0`, kind, entityID, title, locationID, tx.Actor.Name, tx.Now)
	if err != nil {
		return fmt.Errorf("begin work: %w", err)
	}
	return tx.Emit(WorkTopic, id, 1, locationID)
}

// AdvanceWork notes how far work is. It fails with cancelled once somebody asked for its end.
func AdvanceWork(tx *db.Tx, kind string, entityID int64, progress int) error {
	var by string
	var id, version, location int64
	err := tx.Row(`UPDATE works SET progress = max(progress, ?3), version = version + 1 WHERE kind = ?1 AND entity_id = ?2 AND status = 'running'
		RETURNING id, version, cancelled_by, coalesce(location_id, 0)`, []any{kind, entityID, progress}, &id, &version, &by, &location)
	if errors.Is(err, db.ErrNoRow) {
		return nil // it began before its work was noted
	}
	if err != nil {
		return fmt.Errorf("note how far work is: %w", err)
	}
	if by != "" {
		return db.Errorf(db.Conflict, CodeCancelled, "%s cancelled it.", by).With("by", by)
	}
	return tx.Emit(WorkTopic, id, version, location)
}

// LeadBackWork notes that what work did is being taken back, and how far that is. It cannot be cancelled any more.
func LeadBackWork(tx *db.Tx, kind string, entityID int64, progress int) error {
	var id, version, location int64
	err := tx.Row(`UPDATE works SET undoing = 1, progress = ?3, version = version + 1 WHERE kind = ?1 AND entity_id = ?2 AND status = 'running'
		RETURNING id, version, coalesce(location_id, 0)`, []any{kind, entityID, progress}, &id, &version, &location)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note how far work is taken back: %w", err)
	}
	return tx.Emit(WorkTopic, id, version, location)
}

// EndWork notes what became of work. What was cancelled and has failed since counts as cancelled.
func EndWork(tx *db.Tx, kind string, entityID int64, status WorkStatus, note Note) error {
	params, err := note.Params.JSON()
	if err != nil {
		return fmt.Errorf("end work: %w", err)
	}
	var id, version, location int64
	err = tx.Row(`UPDATE works SET status = CASE WHEN ?3 = 'failed' AND cancelled_by <> '' THEN 'cancelled' ELSE ?3 END, note = ?4, finished_at = ?5, code = ?6, params = ?7,
			undoing = 0, progress = 100, version = version + 1
		WHERE kind = ?1 AND entity_id = ?2 AND status = 'running' RETURNING id, version, coalesce(location_id, 0)`,
		[]any{kind, entityID, string(status), note.Text, tx.Now, note.Code, params}, &id, &version, &location)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end work: %w", err)
	}
	return tx.Emit(WorkTopic, id, version, location)
}

// Works are those that run, and those that ended lately, the newest first, of the stores the actor sees.
func Works(ctx context.Context, d *db.DB, l db.List) (db.Page[Work], error) {
	before := int64(1<<63 - 1)
	if _, err := db.ReadCursor(l.After, &before); err != nil {
		return db.Page[Work]{}, err
	}
	var rows []Work
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+workColumns+" FROM works WHERE id < ?1 AND "+tx.Actor.Scope().Where("location_id")+" ORDER BY id DESC LIMIT ?2", before, l.Size()+1)
	})
	if err != nil {
		return db.Page[Work]{}, fmt.Errorf("list long work: %w", err)
	}
	return db.PageOf(rows, l.Size(), func(w Work) string { return db.Cursor(w.ID) }), nil
}

// CancelWork asks for the end of work. What has ended is left as it is. It fails with not_cancellable, not_found.
func CancelWork(ctx context.Context, d *db.DB, id int64) (*Work, error) {
	return db.Do(ctx, d, struct{}{}, func(tx *db.Tx) (*Work, error) {
		w := new(Work)
		err := tx.Get(w, "SELECT "+workColumns+" FROM works WHERE id = ?1 AND "+tx.Actor.Scope().Where("location_id"), id)
		if err != nil {
			return nil, db.Found(err, "task")
		}
		if w.Status != WorkRunning || w.CancelledBy != "" {
			return w, nil
		}
		if !w.Cancellable {
			return nil, db.Errorf(db.Conflict, "not_cancellable", "This cannot be cancelled. It will soon be through.")
		}
		w.CancelledBy, w.Version = tx.Actor.Name, w.Version+1
		if _, err := tx.Exec("UPDATE works SET cancelled_by = ?2, version = ?3 WHERE id = ?1", id, w.CancelledBy, w.Version); err != nil {
			return nil, fmt.Errorf("cancel work: %w", err)
		}
		if err := tx.AuditAs("cancelled", "task", id, nil, map[string]any{"name": w.Title}); err != nil {
			return nil, err
		}
		if w.LocationID != nil {
			return w, tx.Emit(WorkTopic, id, w.Version, *w.LocationID)
		}
		return w, tx.Emit(WorkTopic, id, w.Version)
	})
}
