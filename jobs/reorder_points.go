package jobs

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/purchasing"
	"onhand/db/settings"
	"onhand/db/tasks"
)

// pointDays is once a day, as soon as the day before is over: that is all that the sales of a day can change.
func pointDays(s *settings.Settings) (tasks.Daily, string) {
	return tasks.Daily{Job: "reorder-points", Clock: "00:00", Zone: s.Zone(), Since: s.OpenedAt}, ""
}

func (j *Jobs) pointsDue(ctx context.Context) (bool, error) { return j.dailyDue(ctx, pointDays) }

// reorderPoints works out anew when to order more of everything. What is low by then is told by the alerts, which hear of each that moved.
func (j *Jobs) reorderPoints(ctx context.Context, byHand bool) (tasks.Said, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	moved, err := purchasing.WorkOutPoints(asJob(ctx), j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("work reorder points out: %w", err)
	}
	if !byHand {
		daily, _ := pointDays(s)
		if _, err := daily.Latest(ctx, j.db, func(*db.Tx, db.Date) error { return nil }); err != nil {
			return tasks.Said{}, err
		}
	}
	return said("points_worked_out", "points", moved), nil
}
