package server

import (
	"context"

	"onhand/db/demo"
	"onhand/db/settings"
)

// fillDemo answers when the demo has begun to move in; how far it is stands among the tasks.
func (s *Server) fillDemo(ctx context.Context, _ *none) (*body[*settings.Settings], error) {
	if _, err := demo.Start(ctx, s.db); err != nil {
		return nil, err
	}
	return reply(settings.Current(ctx, s.db))
}

func (s *Server) removeDemo(ctx context.Context, _ *none) (*body[*settings.Settings], error) {
	return reply(demo.Remove(ctx, s.db, s.sessions))
}
