package jobs

import (
	"context"

	"onhand/db/sales"
	"onhand/db/tasks"
)

func (j *Jobs) holdsDue(ctx context.Context) (bool, error) { return sales.HoldsDue(ctx, j.db) }

// releaseHolds gives back what unpaid orders hold whose term has run out.
func (j *Jobs) releaseHolds(ctx context.Context, _ bool) (tasks.Said, error) {
	released, err := sales.ReleaseHolds(asJob(ctx), j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	return said("holds_released", "orders", released), nil
}
