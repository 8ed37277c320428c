package staff

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
)

// Device is a browser that somebody signed in with a password.
type Device struct {
	ID        int64   `json:"id"`
	UserID    int64   `json:"userId"`
	UserAgent string  `json:"userAgent"`
	IP        string  `json:"ip" bun:"ip"`
	CreatedAt db.Time `json:"createdAt" format:"date-time"`
	UsedAt    db.Time `json:"usedAt" format:"date-time"`
	// Current is the one that asks.
	Current bool `json:"current" bun:"-"`
	// With is who took it over by PIN.
	With string `json:"with" doc:"who took it over with a PIN; empty when nobody did"`
}

// Devices are those of a user, the last used first: the actor's own, or another's for those who may change people.
func Devices(ctx context.Context, d *db.DB, userID int64) (db.Page[Device], error) {
	actor := db.ActorOf(ctx)
	if userID == 0 {
		userID = actor.ID
	}
	if userID != actor.ID && !actor.Can("users.write") {
		return db.Page[Device]{}, db.Denied("users.write")
	}
	rows := []Device{}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, `SELECT s.id, s.user_id, s.user_agent, s.ip, s.created_at, s.used_at,
				coalesce((SELECT u.name FROM sessions under JOIN users u ON u.id = under.user_id WHERE under.device_id = s.id), '') AS "with"
			FROM sessions s WHERE s.user_id = ?1 AND s.device_id IS NULL AND s.expires_at > ?2 ORDER BY s.used_at DESC, s.id DESC LIMIT 200`, userID, tx.Now)
	})
	for i := range rows {
		rows[i].Current = rows[i].ID == actor.SessionID
	}
	return db.Page[Device]{Items: rows}, err
}

// EndDevice signs a device out: the actor's own, or another's for those who may change people. One that is gone is
// not_found.
func (s *Sessions) EndDevice(ctx context.Context, id int64) error {
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		var userID int64
		err := tx.Row("SELECT user_id FROM sessions WHERE id = ?1 AND device_id IS NULL", []any{id}, &userID)
		if errors.Is(err, db.ErrNoRow) || err == nil && userID != tx.Actor.ID && !tx.Actor.Can("users.write") {
			return db.NotFound("session")
		}
		if err != nil {
			return fmt.Errorf("find a device: %w", err)
		}
		if err := s.end(tx, "id = ?1", id); err != nil {
			return err
		}
		return tx.AuditAs("signed_out", "session", id, map[string]any{"userId": userID}, nil)
	})
}
