package server

import (
	"context"

	"onhand/db"
	"onhand/db/tasks"
)

// Job is one line of the timetable, when it runs next and how it went last.
type Job struct {
	Name     string     `json:"name"`
	Schedule string     `json:"schedule" doc:"when it looks whether anything is due: minute, hour, day, month, weekday"`
	Clock    string     `json:"clock" doc:"for what happens once a day: when, in the shop's zone, as 07:00; else empty"`
	Setting  string     `json:"setting" doc:"the setting that says so"`
	Next     []db.Time  `json:"next" format:"date-time" doc:"the next five times"`
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
	lines, err := s.options.Jobs.Timetable(ctx)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		job := Job{Name: line.Name, Schedule: line.Schedule, Clock: line.Clock, Setting: line.Setting, Next: line.Next}
		if run, ok := last[line.Name]; ok {
			job.Last = &run
		}
		page.Items = append(page.Items, job)
	}
	return reply(page, nil)
}

func (s *Server) tasks(ctx context.Context, in *Paging) (*body[db.Page[tasks.Work]], error) {
	return reply(tasks.Works(ctx, s.db, in.list()))
}

func (s *Server) cancelTask(ctx context.Context, in *ByID) (*body[*tasks.Work], error) {
	return reply(tasks.CancelWork(ctx, s.db, in.ID))
}

// JobByName is the job of an address. It is exported because the API reads no embedded struct that is not.
type JobByName struct {
	Name string `path:"name" maxLength:"50"`
}

func (s *Server) jobRuns(ctx context.Context, in *struct {
	JobByName
	Paging
}) (*body[db.Page[tasks.Run]], error) {
	return reply(tasks.Runs(ctx, s.db, in.Name, in.list()))
}

func (s *Server) runJob(ctx context.Context, in *JobByName) (*body[*tasks.Run], error) {
	if s.options.Jobs == nil {
		return nil, db.NotFound("job")
	}
	return reply(s.options.Jobs.Run(ctx, in.Name))
}
