package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onhand/db"
)

// lease is how long a mail is one delivery's alone: longer than the slowest server may take.
const lease = 15 * time.Minute

// Letter is a mail that is being sent.
type Letter struct {
	ID       int64
	Kind     string
	To       string `bun:"recipient"`
	Language string
	Facts    string
	Attempts int
	QueuedAt db.Time
	Wording  `bun:",extend"`
}

// Wording is a mail in words: made once, before it is first sent.
type Wording struct {
	Subject     string
	Text        string `bun:"body_text"`
	HTML        string `bun:"body_html"`
	Unsubscribe string // an address that ends such mails
	MessageID   string `bun:"message_id"`
}

const letterColumns = "id, kind, recipient, language, facts, attempts, queued_at, subject, body_text, body_html, unsubscribe, message_id"

// Take leases the mail that is due longest. It answers nil when none is, and while the server is given a rest.
func Take(ctx context.Context, d *db.DB) (*Letter, error) {
	var l *Letter
	err := db.Write(ctx, d, func(tx *db.Tx) error {
		var id, version int64
		// A lease that has run out belongs to a delivery that hung or died.
		err := tx.Row(`UPDATE outbox SET status = 'sending', leased_to = ?2, version = version + 1 WHERE id = coalesce(
				(SELECT id FROM outbox WHERE status = 'sending' AND leased_to <= ?1 ORDER BY leased_to LIMIT 1),
				(SELECT id FROM outbox WHERE status = 'queued' AND due_at <= ?1 ORDER BY due_at, id LIMIT 1))
			AND NOT EXISTS (SELECT 1 FROM outages WHERE until IS NULL AND retry_at > ?1) RETURNING id, version`,
			[]any{tx.Now, tx.Now.Add(lease)}, &id, &version)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		l = new(Letter)
		if err := tx.Get(l, "SELECT "+letterColumns+" FROM outbox WHERE id = ?1", id); err != nil {
			return err
		}
		return tell(tx, id, version)
	})
	if err != nil {
		return nil, fmt.Errorf("take a mail: %w", err)
	}
	return l, nil
}

// Due says whether a mail could be tried now, or is to be given up; with another way to send, whether any waits at all.
func Due(ctx context.Context, d *db.DB, otherWay bool) (due bool, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row(`SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 'queued' AND (until <= ?1 OR since <= ?2))
			OR NOT EXISTS (SELECT 1 FROM outages WHERE until IS NULL AND retry_at > ?1) AND (EXISTS (SELECT 1 FROM outbox WHERE status = 'queued' AND due_at <= ?1)
				OR EXISTS (SELECT 1 FROM outbox WHERE status = 'sending' AND leased_to <= ?1))
			OR ?3 AND EXISTS (SELECT 1 FROM outbox WHERE status = 'queued')`, []any{tx.Now, tx.Now.Add(-giveUp), otherWay}, &due)
	})
	return due, err
}

// Overdue says whether a mail is to be given up.
func Overdue(ctx context.Context, d *db.DB) (overdue bool, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 'queued' AND (until <= ?1 OR since <= ?2))", []any{tx.Now, tx.Now.Add(-giveUp)}, &overdue)
	})
	return overdue, err
}

// Return gives a mail back untried.
func Return(ctx context.Context, d *db.DB, id int64) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE outbox SET status = 'queued', leased_to = NULL WHERE id = ?1 AND status = 'sending'", id)
		return err
	})
}

// Release gives back what a stopped process was sending. It may have left already: then it leaves twice, with the same
// Message-ID.
func Release(ctx context.Context, d *db.DB) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE outbox SET status = 'queued', leased_to = NULL WHERE status = 'sending'")
		return err
	})
}

// Word keeps how a mail is worded, before it leaves for the first time.
func Word(ctx context.Context, d *db.DB, id int64, w Wording) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE outbox SET subject = ?2, body_text = ?3, body_html = ?4, unsubscribe = ?5, message_id = ?6 WHERE id = ?1 AND message_id = ''",
			id, w.Subject, w.Text, w.HTML, w.Unsubscribe, w.MessageID)
		return err
	})
}

// Try is how an attempt to send went.
type Try struct {
	Step  string // where it ended
	Code  int    // the server's, 0 without one
	Reply string // the server's own words
	Hint  string // a code of what would help
	// Permanent says that this mail will never be taken; Server that no mail is taken now.
	Permanent, Server bool
}

// Left notes that the server took a mail. A time without mail ends with it: what waited for the server leaves now.
func Left(ctx context.Context, d *db.DB, id int64, reply string) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		var version int64
		err := tx.Row(`UPDATE outbox SET status = 'sent', sent_at = ?2, leased_to = NULL, waits = 0, attempts = attempts + 1, last_error = '', hint = '',
			version = version + 1 WHERE id = ?1 RETURNING version`, []any{id, tx.Now}, &version)
		if err != nil {
			return fmt.Errorf("note a sent mail: %w", err)
		}
		if err := note(tx, id, Try{Reply: reply}); err != nil {
			return err
		}
		if err := endOutage(tx); err != nil {
			return err
		}
		return tell(tx, id, version)
	})
}

// Failed notes that a mail did not leave: it is tried again later, or given up.
func Failed(ctx context.Context, d *db.DB, id int64, t Try) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		var attempts int
		var since db.Time
		if err := tx.Row("SELECT attempts, since FROM outbox WHERE id = ?1", []any{id}, &attempts, &since); err != nil {
			return fmt.Errorf("note a failed mail: %w", err)
		}
		if t.Server {
			if err := outage(tx, t); err != nil {
				return err
			}
		}
		status, due := Queued, tx.Now.Add(backoff(attempts))
		if t.Permanent || due.Sub(since) >= giveUp {
			status = Dead
		}
		var version int64
		err := tx.Row(`UPDATE outbox SET status = ?2, due_at = ?3, leased_to = NULL, waits = ?4, attempts = attempts + 1, last_error = ?5, hint = ?6,
			version = version + 1 WHERE id = ?1 RETURNING version`, []any{id, string(status), due, t.Server, t.Reply, t.Hint}, &version)
		if err != nil {
			return fmt.Errorf("note a failed mail: %w", err)
		}
		if err := note(tx, id, t); err != nil {
			return err
		}
		return tell(tx, id, version)
	})
}

func note(tx *db.Tx, id int64, t Try) error {
	_, err := tx.Exec("INSERT INTO outbox_attempts (mail_id, at, step, code, reply) VALUES (?1, ?2, ?3, ?4, ?5)", id, tx.Now, t.Step, t.Code, t.Reply)
	if err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	return nil
}

// backoff is the wait after so many attempts before.
func backoff(attempts int) time.Duration {
	waits := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}
	return waits[min(attempts, len(waits)-1)]
}

// Expire gives up what nobody took in time, and what is of no use any more. It answers how many. Quietly nobody is told:
// in a shop without a mail server that is as it should be.
func Expire(ctx context.Context, d *db.DB, quietly bool) (given int64, err error) {
	const slice = 200
	for {
		var ids []int64
		err := db.Write(ctx, d, func(tx *db.Tx) error {
			err := tx.Select(&ids, `UPDATE outbox SET status = 'dead', version = version + 1, seen = ?4,
					hint = CASE WHEN until <= ?1 THEN 'too_late' WHEN last_error = '' THEN 'given_up' ELSE hint END,
					last_error = CASE WHEN until <= ?1 THEN 'It was of no use any more when it could have left.'
						WHEN last_error = '' THEN 'No mail server took it within 72 hours.' ELSE last_error END
				WHERE id IN (SELECT id FROM outbox WHERE status = 'queued' AND (until <= ?1 OR since <= ?2) LIMIT ?3) RETURNING id`,
				tx.Now, tx.Now.Add(-giveUp), slice, quietly)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := tell(tx, id, 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return given, fmt.Errorf("give mails up: %w", err)
		}
		if given += int64(len(ids)); len(ids) < slice {
			return given, nil
		}
	}
}
