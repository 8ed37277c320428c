package jobs

import (
	"context"

	"onhand/db/tasks"
)

// releaseHolds gives back what is held for orders whose term has run out. No order has a term yet.
func (j *Jobs) releaseHolds(context.Context, bool) (tasks.Said, error) {
	return said("holds_none"), nil
}
