// Package outbox is the mail that waits to leave. The change that a mail tells of and the mail are saved together, so
// neither exists without the other.
package outbox

import (
	"encoding/json"
	"fmt"

	"onhand/db"
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
}

// Queue lets a mail leave once this transaction is saved. One that was queued before under the same key is left alone.
func Queue(tx *db.Tx, m Mail) error {
	facts, err := json.Marshal(m.Facts)
	if err != nil {
		return fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	_, err = tx.Exec(`INSERT INTO outbox (kind, recipient, key, facts, queued_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO NOTHING`,
		m.Kind, m.To, m.Key, string(facts), tx.Now)
	if err != nil {
		return fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	return nil
}
