package jobs

import (
	"context"
	"fmt"

	"onhand/db/alerts"
	"onhand/db/settings"
	"onhand/db/tasks"
)

func digests(s *settings.Settings) (tasks.Daily, string) { return alerts.Digest(s), "digestTime" }

func (j *Jobs) alertsDue(ctx context.Context) (bool, error) { return alerts.Due(ctx, j.db) }

// stockAlerts looks at what changed and announces what is due. By hand, what is new leaves now.
func (j *Jobs) stockAlerts(ctx context.Context, byHand bool) (tasks.Said, error) {
	opened, err := alerts.Watch(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("look at the stock: %w", err)
	}
	queued, err := alerts.Announce(ctx, j.db, byHand)
	if err != nil {
		return tasks.Said{}, err
	}
	return said("alerts_told", "opened", opened, "mails", queued), nil
}
