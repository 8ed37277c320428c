package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// What an entry of the audit says was done, where the room has no word of its own.
const (
	Created = "created"
	Changed = "changed"
	Removed = "removed"
)

// Audit records who changed what, when and from where, with the state before and
// after (nil for none), in this transaction.
func (tx *Tx) Audit(entity string, id int64, before, after any) error {
	return tx.AuditAs("", entity, id, before, after)
}

// AuditAs is Audit with a word for what was done, in the past tense, where that
// is more than a change: "signed_in".
func (tx *Tx) AuditAs(action, entity string, id int64, before, after any) error {
	tx.mustWrite("Audit")
	b, err := document(before)
	if err != nil {
		return fmt.Errorf("audit %s: %w", entity, err)
	}
	a, err := document(after)
	if err != nil {
		return fmt.Errorf("audit %s: %w", entity, err)
	}
	switch {
	case action != "":
	case b == nil:
		action = Created
	case a == nil:
		action = Removed
	default:
		action = Changed
	}
	var approverID *int64
	var approver *string
	if by := tx.ApprovedBy(); by != nil {
		approverID, approver = &by.ID, &by.Name
	}
	_, err = tx.Exec(`INSERT INTO audit (at, actor_kind, actor_id, actor_name, ip, action, entity, entity_id, before, after, approver_id, approver_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
		tx.Now, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, tx.Actor.IP, action, entity, id, b, a, approverID, approver)
	if err != nil {
		return fmt.Errorf("audit %s: %w", entity, err)
	}
	return nil
}

func document(v any) (*string, error) {
	b, err := json.Marshal(v)
	if err != nil || string(b) == "null" {
		return nil, err
	}
	s := string(b)
	return &s, nil
}

// AuditEntry is one thing that was done.
type AuditEntry struct {
	ID       int64           `json:"id"`
	At       Time            `json:"at" format:"date-time"`
	Actor    AuditActor      `json:"actor"`
	Approver *AuditActor     `json:"approver,omitempty" doc:"who vouched for it, where it was above a limit"`
	IP       string          `json:"ip"`
	Action   string          `json:"action" doc:"created, changed, removed, signed_in, denied and more"`
	Entity   string          `json:"entity"`
	EntityID int64           `json:"entityId"`
	Before   json.RawMessage `json:"before,omitempty"`
	After    json.RawMessage `json:"after,omitempty"`
}

// AuditActor is somebody as the audit names them.
type AuditActor struct {
	Kind ActorKind `json:"kind" enum:"user,customer,guest,job,token"`
	ID   int64     `json:"id"`
	Name string    `json:"name"`
}

// AuditFilter narrows the audit down; what is empty narrows nothing.
type AuditFilter struct {
	List
	Entity   string
	EntityID int64
	Action   string
	UserID   int64
	// From and To bound the moments, To without itself.
	From, To Time
}

// auditRow is an entry as it lies in the table.
type auditRow struct {
	ID             int64
	At             Time
	ActorKind      ActorKind
	ActorID        int64
	ActorName, IP  string
	Action, Entity string
	EntityID       int64
	Before, After  *string
	ApproverID     *int64
	ApproverName   *string
}

// AuditLog is what was done, the newest first. Costs are left out for those who
// may not see them.
func AuditLog(ctx context.Context, d *DB, f AuditFilter) (Page[AuditEntry], error) {
	var rows []auditRow
	err := Read(ctx, d, func(tx *Tx) error {
		query, args, err := f.query()
		if err != nil {
			return err
		}
		return tx.Select(&rows, query, args...)
	})
	if err != nil {
		return Page[AuditEntry]{}, err
	}
	costs := ActorOf(ctx).Can("cost.read")
	items := make([]AuditEntry, len(rows))
	for i, r := range rows {
		items[i] = r.entry(costs)
	}
	return PageOf(items, f.Size(), func(e AuditEntry) string { return Cursor(e.ID) }), nil
}

func (f AuditFilter) query() (string, []any, error) {
	where, args := []string{}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	var after int64
	if more, err := ReadCursor(f.After, &after); err != nil {
		return "", nil, err
	} else if more {
		and("id < ?", after)
	}
	if f.Entity != "" {
		and("entity = ?", f.Entity)
	}
	if f.EntityID != 0 {
		and("entity_id = ?", f.EntityID)
	}
	if f.Action != "" {
		and("action = ?", f.Action)
	}
	if f.UserID != 0 {
		and("actor_kind = 'user' AND actor_id = ?", f.UserID)
	}
	if f.From != 0 {
		and("at >= ?", f.From)
	}
	if f.To != 0 {
		and("at < ?", f.To)
	}
	if q := strings.TrimSpace(f.Q); q != "" {
		and(`(actor_name LIKE ? ESCAPE '\' OR actor_name LIKE ? ESCAPE '\')`, Prefix(q), "% "+Prefix(q))
	}
	if len(where) == 0 {
		where = []string{"1"}
	}
	return `SELECT id, at, actor_kind, actor_id, actor_name, ip, entity, entity_id, before, after, approver_id, approver_name,
			coalesce(action, iif(before IS NULL, 'created', iif(after IS NULL, 'removed', 'changed'))) AS action
		FROM audit WHERE ` + strings.Join(where, " AND ") + " ORDER BY id DESC LIMIT ?", append(args, f.Size()+1), nil
}

func (r auditRow) entry(costs bool) AuditEntry {
	e := AuditEntry{ID: r.ID, At: r.At, Actor: AuditActor{r.ActorKind, r.ActorID, r.ActorName}, IP: r.IP,
		Action: r.Action, Entity: r.Entity, EntityID: r.EntityID, Before: seen(r.Before, costs), After: seen(r.After, costs)}
	if r.ApproverID != nil {
		e.Approver = &AuditActor{UserActor, *r.ApproverID, *r.ApproverName}
	}
	return e
}

// seen is a state as somebody may see it.
func seen(document *string, costs bool) json.RawMessage {
	if document == nil {
		return nil
	}
	if costs {
		return json.RawMessage(*document)
	}
	var v any
	if err := json.Unmarshal([]byte(*document), &v); err != nil {
		return nil // the table holds only what document wrote
	}
	b, err := json.Marshal(WithoutCosts(v))
	if err != nil {
		return nil
	}
	return b
}

// WithoutCosts takes every field about costs out of a JSON value.
func WithoutCosts(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if lower := strings.ToLower(name); strings.Contains(lower, "cost") || strings.Contains(lower, "margin") {
				delete(v, name)
				continue
			}
			v[name] = WithoutCosts(inner)
		}
	case []any:
		for i := range v {
			v[i] = WithoutCosts(v[i])
		}
	}
	return v
}
