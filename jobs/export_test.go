package jobs

import (
	"context"

	"onhand/db/tasks"
)

// Add puts another job into the timetable's list, without a tick.
func (j *Jobs) Add(name, schedule string, run func(context.Context) (string, error)) {
	byHand := func(ctx context.Context, _ bool) (tasks.Said, error) {
		text, err := run(ctx)
		return tasks.Said{Text: text}, err
	}
	j.jobs = append(j.jobs, job{name: name, schedule: schedule, run: byHand, busy: make(chan struct{}, 1)})
}

// Tick runs a job as the timetable would.
func (j *Jobs) Tick(name string) {
	for _, line := range j.jobs {
		if line.name == name {
			j.runs.Add(1)
			defer j.runs.Done()
			j.tick(line)
		}
	}
}
