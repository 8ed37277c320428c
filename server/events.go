package server

import (
	"context"
	"strconv"

	"onhand/db"
)

const eventPages = 10 // read at most for one page of what the actor may see

type eventsRequest struct {
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After int64 `query:"after" minimum:"0" doc:"the id of the last event that is known"`
}

// events is what happened, oldest first, for those who cannot hold a socket open. next is empty at the end.
func (s *Server) events(ctx context.Context, in *eventsRequest) (*body[db.Page[db.Event]], error) {
	page := db.Page[db.Event]{Items: []db.Event{}}
	actor, after := db.ActorOf(ctx), in.After
	for range eventPages {
		events, err := db.Events(ctx, s.db, after, db.MaxPageSize)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if after = e.ID; !maySee(actor, e) {
				continue
			}
			if page.Items = append(page.Items, e); len(page.Items) == in.Limit {
				page.Next = strconv.FormatInt(after, 10)
				return reply(page, nil)
			}
		}
		if len(events) < db.MaxPageSize {
			return reply(page, nil)
		}
	}
	page.Next = strconv.FormatInt(after, 10)
	return reply(page, nil)
}

func (s *Server) lastEvent(ctx context.Context) (int64, error) {
	_, last, err := db.EventRange(ctx, s.db)
	return last, err
}
