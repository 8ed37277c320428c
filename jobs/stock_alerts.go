package jobs

import (
	"context"
	"fmt"

	"onhand/db/alerts"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/tasks"
)

func digests(s *settings.Settings) (tasks.Daily, string) { return alerts.Digest(s), "digestTime" }

func (j *Jobs) alertsDue(ctx context.Context) (bool, error) {
	if due, err := alerts.Due(ctx, j.db); due || err != nil {
		return due, err
	}
	return sales.CoveredDue(ctx, j.db)
}

// stockAlerts looks at what changed and announces what is due: to customers that what they wait for is there, to staff what is low, over
// or new. By hand, what is new leaves now.
func (j *Jobs) stockAlerts(ctx context.Context, byHand bool) (tasks.Said, error) {
	covered, err := sales.TellCovered(asJob(ctx), j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("tell who waits: %w", err)
	}
	opened, err := alerts.Watch(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("look at the stock: %w", err)
	}
	queued, err := alerts.Announce(ctx, j.db, byHand)
	if err != nil {
		return tasks.Said{}, err
	}
	return said("alerts_told", "opened", opened, "mails", queued, "covered", covered), nil
}
