package server

import (
	"context"

	"onhand/db"
	"onhand/db/tasks"
)

// Job is one line of the timetable and its latest run.
type Job struct {
	Name     string     `json:"name"`
	Schedule string     `json:"schedule" doc:"minute, hour, day, month, weekday"`
	Last     *tasks.Run `json:"last,omitempty"`
}

func (s *Server) jobs(ctx context.Context, _ *none) (*body[db.Page[Job]], error) {
	page := db.Page[Job]{Items: []Job{}}
	if s.options.Jobs == nil {
		return reply(page, nil)
	}
	last, err := tasks.Last(ctx, s.db)
	if err != nil {
		return nil, err
	}
	names, schedules := s.options.Jobs.Names()
	for i, name := range names {
		job := Job{Name: name, Schedule: schedules[i]}
		if run, ok := last[name]; ok {
			job.Last = &run
		}
		page.Items = append(page.Items, job)
	}
	return reply(page, nil)
}

func (s *Server) runJob(ctx context.Context, in *struct {
	Name string `path:"name" maxLength:"50"`
}) (*body[*tasks.Run], error) {
	if s.options.Jobs == nil {
		return nil, db.NotFound("job")
	}
	return reply(s.options.Jobs.Run(ctx, in.Name))
}
