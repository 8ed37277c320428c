package jobs

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/stock"
	"onhand/db/tasks"
)

func digests(s *settings.Settings) (tasks.Daily, string) { return alerts.Digest(s), "digestTime" }

func (j *Jobs) alertsDue(ctx context.Context) (bool, error) {
	for _, due := range []func(context.Context, *db.DB) (bool, error){stock.ExpiryDue, alerts.Due} {
		if is, err := due(ctx, j.db); is || err != nil {
			return is, err
		}
	}
	return sales.CoveredDue(ctx, j.db)
}

// stockAlerts takes what has expired out of sale, looks at what changed and announces what is due: to customers that what they wait for
// is there, to staff what is low, over or new. By hand, what is new leaves now. What fails for customers keeps nothing from staff.
func (j *Jobs) stockAlerts(ctx context.Context, byHand bool) (tasks.Said, error) {
	if _, err := stock.Expire(asJob(ctx), j.db); err != nil {
		return tasks.Said{}, fmt.Errorf("let lots expire: %w", err)
	}
	covered, untold := sales.TellCovered(asJob(ctx), j.db)
	if untold != nil {
		untold = fmt.Errorf("tell who waits: %w", untold)
	}
	opened, err := alerts.Watch(ctx, j.db)
	if err != nil {
		return tasks.Said{}, errors.Join(untold, fmt.Errorf("look at the stock: %w", err))
	}
	queued, err := alerts.Announce(ctx, j.db, byHand)
	return said("alerts_told", "opened", opened, "mails", queued, "covered", covered), errors.Join(untold, err)
}
