package jobs

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/imports"
	"onhand/db/outbox"
	"onhand/db/staff"
)

// cleanup removes what is past keeping: events, stored replies, expired sessions, imported files.
func (j *Jobs) cleanup(ctx context.Context, _ bool) (string, error) {
	removed, err := db.Cleanup(ctx, j.db)
	if err != nil {
		return "", err
	}
	expired, err := staff.RemoveExpired(ctx, j.db)
	if err != nil {
		return "", err
	}
	if err := imports.TakeUp(ctx, j.db); err != nil { // what failed at the start is tried again
		return "", fmt.Errorf("take back an interrupted import: %w", err)
	}
	files, err := imports.Cleanup(ctx, j.db)
	if err != nil {
		return "", fmt.Errorf("remove imported files: %w", err)
	}
	mails, err := outbox.Cleanup(ctx, j.db)
	if err != nil {
		return "", fmt.Errorf("remove old mails: %w", err)
	}
	if err := alerts.Cleanup(ctx, j.db); err != nil {
		return "", fmt.Errorf("forget old alerts: %w", err)
	}
	return fmt.Sprintf("%d events and stored replies, %d sessions, %d imported files and %d mails removed.", removed, expired, files, mails), nil
}
