package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onhand/db"
)

// Email is a mail as a list shows it.
type Email struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind"`
	To        string     `json:"to" bun:"recipient"`
	Subject   string     `json:"subject" doc:"empty until it is first sent"`
	Status    MailStatus `json:"status" enum:"queued,sending,sent,dead"`
	Attempts  int        `json:"attempts"`
	LastError string     `json:"lastError" doc:"the server's own words"`
	Hint      string     `json:"hint" doc:"a code of what would help"`
	QueuedAt  db.Time    `json:"queuedAt" format:"date-time"`
	DueAt     *db.Time   `json:"dueAt" format:"date-time" doc:"when it is tried next; null once it is sent or given up"`
	SentAt    *db.Time   `json:"sentAt" format:"date-time"`
	OrderID   *int64     `json:"orderId" doc:"the order it is about"`
	Version   int64      `json:"version"`
}

// EmailDetails are a mail with its words and what became of each attempt.
type EmailDetails struct {
	Email     `bun:",extend"`
	Text      string         `json:"text" bun:"body_text"`
	HTML      string         `json:"html" bun:"body_html"`
	MessageID string         `json:"messageId"`
	Log       []EmailAttempt `json:"log" bun:"-" doc:"the attempts, the latest first; the last 50"`
}

// EmailAttempt is how one attempt to send went.
type EmailAttempt struct {
	At    db.Time `json:"at" format:"date-time"`
	Step  string  `json:"step" doc:"where it ended; empty when the server took it"`
	Code  int     `json:"code" doc:"the server's, 0 without one"`
	Reply string  `json:"reply" doc:"the server's own words"`
}

// MailTest is what a mail server said to a test.
type MailTest struct {
	OK    bool   `json:"ok"`
	To    string `json:"to"`
	Step  string `json:"step" doc:"where it ended; empty when the server took it"`
	Code  int    `json:"code" doc:"the server's, 0 without one"`
	Reply string `json:"reply" doc:"the server's own words"`
	Hint  string `json:"hint" doc:"a code of what would help"`
}

// EmailFilter says which mails to list.
type EmailFilter struct {
	db.List
	Statuses []MailStatus
	Kind     string
}

const emailColumns = `id, kind, recipient, subject, status, attempts, last_error, hint, queued_at,
	CASE WHEN status IN ('queued', 'sending') THEN due_at END AS due_at, sent_at, order_id, version`

// visible keeps to the mails that an actor may read: of their stores, and costs only for who may see them.
func visible(a db.Actor) string {
	where := "coalesce(" + a.Scope().Where("location_id") + ", 0)"
	if a.Scope().All() {
		where = "1"
	}
	if !a.Can("cost.read") {
		where += " AND costs = 0"
	}
	return where
}

// Emails are the mails of the shop, the newest first.
func Emails(ctx context.Context, d *db.DB, f EmailFilter) (db.Page[Email], error) {
	where, args := []string{visible(db.ActorOf(ctx))}, []any{}
	var before int64
	more, err := db.ReadCursor(f.After, &before)
	if err != nil {
		return db.Page[Email]{}, err
	}
	if more {
		where, args = append(where, "id < ?"), append(args, before)
	}
	if len(f.Statuses) > 0 {
		marks := make([]string, len(f.Statuses))
		for i, s := range f.Statuses {
			marks[i], args = "?", append(args, string(s))
		}
		where = append(where, "status IN ("+strings.Join(marks, ", ")+")")
	}
	if f.Kind != "" {
		where, args = append(where, "kind = ?"), append(args, f.Kind)
	}
	if q := strings.ToLower(strings.TrimSpace(f.Q)); q != "" {
		where, args = append(where, "lower(recipient) >= ? AND lower(recipient) < ?"), append(args, q, db.PrefixEnd(q))
	}
	var rows []Email
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+emailColumns+" FROM outbox WHERE "+strings.Join(where, " AND ")+" ORDER BY id DESC LIMIT ?", append(args, f.Size()+1)...)
	})
	if err != nil {
		return db.Page[Email]{}, fmt.Errorf("list mails: %w", err)
	}
	return db.PageOf(rows, f.Size(), func(e Email) string { return db.Cursor(e.ID) }), nil
}

// OfOrder are the mails about an order, the newest first; that the actor may see the order is for the caller to say.
func OfOrder(ctx context.Context, d *db.DB, orderID int64) (db.Page[Email], error) {
	rows := []Email{}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+emailColumns+" FROM outbox WHERE order_id = ?1 AND "+visible(tx.Actor)+" ORDER BY id DESC LIMIT 200", orderID)
	})
	if err != nil {
		return db.Page[Email]{}, fmt.Errorf("list the mails of an order: %w", err)
	}
	return db.Page[Email]{Items: rows}, nil
}

// Recent is how many mails of a kind were queued to somebody since a moment.
func Recent(tx *db.Tx, kind, to string, since db.Time) (n int, err error) {
	err = tx.Row("SELECT count(*) FROM outbox WHERE lower(recipient) = lower(?2) AND kind = ?1 AND queued_at >= ?3", []any{kind, to, since}, &n)
	return n, err
}

// EmailByID is one mail, or not_found.
func EmailByID(ctx context.Context, d *db.DB, id int64) (e *EmailDetails, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) { e, err = emailIn(tx, id); return err })
	return e, err
}

func emailIn(tx *db.Tx, id int64) (*EmailDetails, error) {
	e := &EmailDetails{Log: []EmailAttempt{}}
	err := tx.Get(e, "SELECT "+emailColumns+", body_text, body_html, message_id FROM outbox WHERE id = ?1 AND "+visible(tx.Actor), id)
	if err != nil {
		return nil, db.Found(err, "email")
	}
	if err := tx.Select(&e.Log, "SELECT at, step, code, reply FROM outbox_attempts WHERE mail_id = ?1 ORDER BY id DESC LIMIT 50", id); err != nil {
		return nil, fmt.Errorf("read the attempts of a mail: %w", err)
	}
	return e, nil
}

// LetterOf is a mail as it would be sent, for a preview; not_found for those who may not read it.
func LetterOf(ctx context.Context, d *db.DB, id int64) (*Letter, error) {
	l := new(Letter)
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return db.Found(tx.Get(l, "SELECT "+letterColumns+" FROM outbox WHERE id = ?1 AND "+visible(tx.Actor), id), "email")
	})
	return l, err
}

// Again is how a mail is sent again.
type Again struct {
	To string `json:"to,omitempty" maxLength:"254" doc:"another address, for a mail about an order; the same when left out"`
}

// Retry makes a mail due now, to another address where one is given. One that is being sent, or was, is left alone. It
// fails with not_about_order: other mails tell their reader what is nobody else's to know.
func Retry(ctx context.Context, d *db.DB, id int64, in Again) (*EmailDetails, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*EmailDetails, error) {
		e, err := emailIn(tx, id)
		if err != nil || e.Status == Sending || e.Status == Sent {
			return e, err
		}
		if in.To != "" && in.To != e.To {
			if e.OrderID == nil {
				return nil, db.Refuse("not_about_order", "to", "Only mails about orders can go to another address.")
			}
			if _, err := tx.Exec("UPDATE outbox SET recipient = ?2 WHERE id = ?1", id, in.To); err != nil {
				return nil, fmt.Errorf("send a mail elsewhere: %w", err)
			}
			if err := tx.AuditAs("redirected", "email", id, map[string]any{"kind": e.Kind, "email": e.To}, map[string]any{"kind": e.Kind, "email": in.To}); err != nil {
				return nil, err
			}
		}
		if _, err := tx.Exec("UPDATE outbox SET status = 'queued', seen = 0, due_at = ?2, since = ?2, version = version + 1 WHERE id = ?1", id, tx.Now); err != nil {
			return nil, fmt.Errorf("retry a mail: %w", err)
		}
		if err := TryNow(tx); err != nil {
			return nil, err
		}
		if e.Status == Dead {
			if err := tx.AuditAs("retried", "email", id, nil, map[string]any{"kind": e.Kind, "to": e.To}); err != nil {
				return nil, err
			}
		}
		if e, err = emailIn(tx, id); err != nil {
			return nil, err
		}
		return e, tell(tx, id, e.Version)
	})
}

// keepSent is how long a mail can be looked up after it left, or was given up.
const keepSent = 180 * 24 * time.Hour

// Cleanup forgets mails of half a year ago. It answers how many went.
func Cleanup(ctx context.Context, d *db.DB) (removed int64, err error) {
	for {
		var n int64
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(`DELETE FROM outbox WHERE id IN (SELECT id FROM (SELECT id, queued_at, status FROM outbox ORDER BY id LIMIT 200)
				WHERE queued_at < ?1 AND status IN ('sent', 'dead'))`, tx.Now.Add(-keepSent))
			return err
		})
		if err != nil || n == 0 {
			return removed, err
		}
		removed += n
	}
}
