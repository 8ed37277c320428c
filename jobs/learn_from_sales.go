package jobs

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/purchasing"
	"onhand/db/settings"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// salesDays is once a day, as soon as the day before is over: that is all that the sales of a day can change.
func salesDays(s *settings.Settings) (tasks.Daily, string) {
	return tasks.Daily{Job: "learn-from-sales", Clock: "00:00", Zone: s.Zone(), Since: s.OpenedAt}, ""
}

func (j *Jobs) lessonDue(ctx context.Context) (bool, error) { return j.dailyDue(ctx, salesDays) }

// learnFromSales ranks what the shop sells, and works out anew when to order more of it. What is low by then is told by the alerts,
// which hear of each that moved.
func (j *Jobs) learnFromSales(ctx context.Context, byHand bool) (tasks.Said, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	if err := stock.Classify(asJob(ctx), j.db); err != nil {
		return tasks.Said{}, err
	}
	moved, err := purchasing.WorkOutPoints(asJob(ctx), j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("work reorder points out: %w", err)
	}
	if !byHand {
		daily, _ := salesDays(s)
		if _, err := daily.Latest(ctx, j.db, func(*db.Tx, db.Date) error { return nil }); err != nil {
			return tasks.Said{}, err
		}
	}
	return said("points_worked_out", "points", moved), nil
}
