package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"

	"onhand/db/outbox"
	"onhand/db/papers"
	"onhand/db/purchasing"
	"onhand/jobs/mail"
)

// attachments are the papers that travel with a mail. They are made of its facts and of the moment it was queued, so that each attempt
// carries the same.
func (w *way) attachments(l *outbox.Letter) ([]mail.Attachment, error) {
	if l.Kind != purchasing.PurchaseMail {
		return nil, nil
	}
	var f purchasing.PurchaseFacts
	if err := json.Unmarshal([]byte(l.Facts), &f); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	paper := papers.Paper{Title: f.Shop + " · " + f.Number, At: l.QueuedAt.Time(), Zone: w.shop.Zone}
	if err := papers.PurchaseOrder(&out, paper, &f); err != nil {
		return nil, fmt.Errorf("draw order %s: %w", f.Number, err)
	}
	return []mail.Attachment{{Name: f.Number + ".pdf", Type: "application/pdf", Data: out.Bytes()}}, nil
}
