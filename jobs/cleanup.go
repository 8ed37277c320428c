package jobs

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/outbox"
	"onhand/db/staff"
	"onhand/db/tasks"
)

// cleanup removes what is past keeping: events, stored replies, expired sessions, imported files, pictures of nothing.
func (j *Jobs) cleanup(ctx context.Context, _ bool) (tasks.Said, error) {
	removed, err := db.Cleanup(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	expired, err := staff.RemoveExpired(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	if err := imports.TakeUp(ctx, j.db); err != nil { // what failed at the start is tried again
		return tasks.Said{}, fmt.Errorf("take back an interrupted import: %w", err)
	}
	files, err := imports.Cleanup(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("remove imported files: %w", err)
	}
	mails, err := outbox.Cleanup(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("remove old mails: %w", err)
	}
	if err := alerts.Cleanup(ctx, j.db); err != nil {
		return tasks.Said{}, fmt.Errorf("forget old alerts: %w", err)
	}
	pictures, err := catalog.Cleanup(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("remove pictures of nothing: %w", err)
	}
	return said("cleaned", "events", removed, "sessions", expired, "files", files, "mails", mails, "pictures", pictures), nil
}
