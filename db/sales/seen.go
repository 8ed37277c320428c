package sales

import (
	"context"
	"fmt"

	"onhand/db"
)

// OrderNote is what the staff write down about an order for each other. No customer reads it.
type OrderNote struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

// WriteNote puts a note on an order's timeline. The sale stays as it is, and so does the order's version.
func WriteNote(ctx context.Context, d *db.DB, id int64, in OrderNote) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) {
		o, err := OrderIn(tx, id)
		if err != nil {
			return nil, err
		}
		text, err := db.Note("text", in.Text, 2000)
		if err != nil {
			return nil, err
		}
		if text == "" {
			return nil, db.Refuse("required", "text", "This is needed.")
		}
		if err := note(tx, o.ID, "noted", map[string]any{"text": text}); err != nil {
			return nil, err
		}
		return o, tx.Emit("orders", o.ID, o.Version, o.LocationID)
	})
}

// Acknowledge says that somebody has seen a new web order: it rings no more, on any device. One that does not ring answers as
// it is. What others are about to do with the order goes on, so its version stays.
func Acknowledge(ctx context.Context, d *db.DB, id int64) (*Order, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Order, error) {
		o, err := OrderIn(tx, id)
		if err != nil || !o.Unacknowledged {
			return o, err
		}
		o.acknowledge(tx)
		_, err = tx.Exec("UPDATE orders SET unacknowledged = 0, acknowledged_at = ?2, acknowledged_by = ?3 WHERE id = ?1", o.ID, o.AcknowledgedAt, o.AcknowledgedBy)
		if err != nil {
			return nil, fmt.Errorf("acknowledge: %w", err)
		}
		if err := note(tx, o.ID, "acknowledged", nil); err != nil {
			return nil, err
		}
		return o, tx.Emit("orders", o.ID, o.Version, o.LocationID)
	})
}

// ring makes a web order that was just placed call for somebody.
func (o *Order) ring(tx *db.Tx) {
	o.Unacknowledged = o.Channel == Web && o.Status == Placed && !tx.InPast
}

// acknowledge ends the ringing. It is somebody's doing unless the customer or the clock did it.
func (o *Order) acknowledge(tx *db.Tx) {
	if !o.Unacknowledged {
		return
	}
	o.Unacknowledged = false
	if tx.Actor.Kind == db.UserActor || tx.Actor.Kind == db.TokenActor {
		o.AcknowledgedAt, o.AcknowledgedBy = &tx.Now, tx.Actor.Name
	}
}
