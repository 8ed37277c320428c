package outbox

import (
	"context"

	"onhand/db"
)

// Check looks for mails whose story does not hold together.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.Look(ctx, d, []db.Rule{
		{Name: "a sent mail was worded and sent at some time", Query: `SELECT 'mail ' || id, 'It is sent, without its Message-ID or its moment.'
			FROM outbox WHERE status = 'sent' AND (sent_at IS NULL OR message_id = '')`},
		{Name: "every attempt is written down", Query: `SELECT 'mail ' || o.id, 'It was tried ' || o.attempts || ' times, and ' || count(a.id) || ' are written down.'
			FROM outbox o LEFT JOIN outbox_attempts a ON a.mail_id = o.id GROUP BY o.id HAVING o.attempts <> count(a.id)`},
		{Name: "a mail is leased while it is sent", Query: `SELECT 'mail ' || id, 'It is ' || status || CASE WHEN leased_to IS NULL THEN ', and leased to nobody.' ELSE ', and leased.' END
			FROM outbox WHERE (status = 'sending') <> (leased_to IS NOT NULL)`},
	})
}
