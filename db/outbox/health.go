package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onhand/db"
)

// HealthTopic is what events are called that tell all staff whether mail leaves.
const HealthTopic = "mail"

// brokenAfter is how long no mail leaves until everybody is told.
const brokenAfter = 15 * time.Minute

// MailHealth says whether mail leaves.
type MailHealth struct {
	// Since is when mail stopped leaving; nil while it leaves, and for the first 15 minutes.
	Since *db.Time `json:"since" format:"date-time" doc:"since when no mail leaves, once that is 15 minutes; null while it does"`
	Reply string   `json:"reply" doc:"the server's own last words"`
	Hint  string   `json:"hint" doc:"a code of what would help"`
	// Dead is how many mails that the actor may read were given up and not dismissed.
	Dead int64 `json:"dead" doc:"mails that were given up and not dismissed, of those that you may read; the count stops at 100"`
}

// Health says whether mail leaves now.
func Health(ctx context.Context, d *db.DB) (h MailHealth, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var since db.Time
		err := tx.Row("SELECT since, reply, hint FROM outages WHERE until IS NULL", nil, &since, &h.Reply, &h.Hint)
		switch {
		case errors.Is(err, db.ErrNoRow):
			if err := h.allWait(tx); err != nil {
				return err
			}
		case err != nil:
			return err
		case tx.Now.Sub(since) < brokenAfter:
			h.Reply, h.Hint = "", ""
		default:
			h.Since = &since
		}
		return tx.Row("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE status = 'dead' AND seen = 0 AND "+visible(tx.Actor)+" LIMIT 100)", nil, &h.Dead)
	})
	if err != nil {
		return h, fmt.Errorf("read how mail is: %w", err)
	}
	return h, nil
}

// allWait says so where the server takes none of the mails it is offered, each for a reason of its own: a quota that is
// used up looks like that.
func (h *MailHealth) allWait(tx *db.Tx) error {
	var since, left db.Time
	err := tx.Row(`SELECT queued_at, last_error, hint, coalesce((SELECT sent_at FROM outbox WHERE status = 'sent' ORDER BY id DESC LIMIT 1), 0)
		FROM outbox WHERE status = 'queued' AND attempts > 0 ORDER BY queued_at LIMIT 1`, nil, &since, &h.Reply, &h.Hint, &left)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if err != nil || left >= since || tx.Now.Sub(since) < brokenAfter {
		h.Reply, h.Hint = "", ""
		return nil
	}
	h.Since = &since
	return nil
}

// Dismiss lets the mails that were given up, and that the actor may read, count as seen.
func Dismiss(ctx context.Context, d *db.DB) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		if _, err := tx.Exec("UPDATE outbox SET seen = 1 WHERE status = 'dead' AND seen = 0 AND " + visible(tx.Actor)); err != nil {
			return fmt.Errorf("dismiss mails: %w", err)
		}
		return tx.Emit(HealthTopic, 1, 0)
	})
}

// Outage is a time in which no mail left.
type Outage struct {
	ID      int64
	Since   db.Time
	Until   db.Time
	Reply   string
	Waiting int64 // mails that were late when it ended
	Dead    int64 // mails that were given up meanwhile
}

// Outages are those longer than 15 minutes that ended after one, the oldest first.
func Outages(tx *db.Tx, after int64) (rows []Outage, err error) {
	err = tx.Select(&rows, "SELECT id, since, until, reply, waiting, dead FROM outages WHERE id > ?1 AND until - since >= ?2 ORDER BY id LIMIT 100",
		after, brokenAfter.Milliseconds())
	return rows, err
}

// outage begins a time without mail, or goes on with it: the server is left alone for longer and longer, to a quarter of
// an hour.
func outage(tx *db.Tx, t Try) error {
	var id int64
	var failures int
	err := tx.Row("SELECT id, failures FROM outages WHERE until IS NULL", nil, &id, &failures)
	rest := tx.Now.Add(min(backoff(failures), brokenAfter))
	switch {
	case errors.Is(err, db.ErrNoRow):
		_, err = tx.Exec("INSERT INTO outages (since, failures, retry_at, reply, hint) VALUES (?1, 1, ?2, ?3, ?4)", tx.Now, tx.Now.Add(backoff(0)), t.Reply, t.Hint)
	case err == nil:
		_, err = tx.Exec("UPDATE outages SET failures = failures + 1, retry_at = ?2, reply = ?3, hint = ?4 WHERE id = ?1", id, rest, t.Reply, t.Hint)
	}
	if err != nil {
		return fmt.Errorf("note that no mail leaves: %w", err)
	}
	return tx.Emit(HealthTopic, 1, 0)
}

func endOutage(tx *db.Tx) error {
	var id int64
	err := tx.Row(`UPDATE outages SET until = ?1, waiting = (SELECT count(*) FROM outbox WHERE status = 'queued'),
		dead = (SELECT count(*) FROM outbox WHERE status = 'dead' AND since >= outages.since - ?2 AND waits = 1) WHERE until IS NULL RETURNING id`,
		[]any{tx.Now, giveUp.Milliseconds()}, &id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note that mail leaves again: %w", err)
	}
	if _, err := tx.Exec("UPDATE outbox SET due_at = ?1, waits = 0 WHERE status = 'queued' AND waits = 1", tx.Now); err != nil {
		return fmt.Errorf("let what waited leave: %w", err)
	}
	return tx.Emit(HealthTopic, 1, 0)
}

// TryNow ends the rest that the server is given, for settings that changed and mails that somebody retries.
func TryNow(tx *db.Tx) error {
	if _, err := tx.Exec("UPDATE outages SET retry_at = ?1, failures = 0 WHERE until IS NULL", tx.Now); err != nil {
		return fmt.Errorf("try at once: %w", err)
	}
	if _, err := tx.Exec("UPDATE outbox SET due_at = ?1 WHERE status = 'queued' AND waits = 1 AND due_at > ?1", tx.Now); err != nil {
		return fmt.Errorf("try at once: %w", err)
	}
	return nil
}
