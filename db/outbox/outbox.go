// Package outbox is the mail that waits to leave. The change that a mail tells of and the mail are saved together, so
// neither exists without the other. A mail leaves at least once: doubles come only from the moment between the server's
// word and ours, and carry the same Message-ID.
package outbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onhand/db"
)

// giveUp is how long a mail is tried.
const giveUp = 72 * time.Hour

// MailStatus is where a mail is: queued -> sending -> sent, or dead when it is given up.
type MailStatus string

// The statuses.
const (
	Queued  MailStatus = "queued"
	Sending MailStatus = "sending"
	Sent    MailStatus = "sent"
	Dead    MailStatus = "dead"
)

// Mail is one letter to one address.
type Mail struct {
	// Kind says what it tells, and so how it is worded.
	Kind string
	To   string
	// Key makes the same news to the same address one mail, however often it is queued.
	Key string
	// Facts are what it tells, as they are now.
	Facts any
	// Language it is worded in, the shop's when empty.
	Language string
	// OrderID and LocationID are of the order it is about, and of the store whose people may read it; 0 for neither.
	OrderID, LocationID int64
	// Costs says that it tells costs.
	Costs bool
	// Until is when it is of no use any more, 0 for never.
	Until db.Time
}

// Queue lets a mail leave once this transaction is saved. One that was queued before under the same key is left alone, and
// what is told of a past leaves never.
func Queue(tx *db.Tx, m Mail) error {
	if tx.InPast {
		return nil
	}
	facts, err := json.Marshal(m.Facts)
	if err != nil {
		return fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	var id int64
	err = tx.Row(`INSERT INTO outbox (kind, recipient, key, language, facts, order_id, location_id, costs, queued_at, since, due_at, until)
		VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), nullif(?7, 0), ?8, ?9, ?9, ?9, nullif(?10, 0)) ON CONFLICT (key) DO NOTHING RETURNING id`,
		[]any{m.Kind, m.To, m.Key, m.Language, string(facts), m.OrderID, m.LocationID, m.Costs, tx.Now, m.Until}, &id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	return tell(tx, id, 1)
}

// Topic is what events about mails are called.
const Topic = "emails"

func tell(tx *db.Tx, id, version int64) error { return tx.Emit(Topic, id, version) }
