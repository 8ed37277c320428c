package server

import (
	"context"

	"onhand/db/settings"
)

func (s *Server) settings(ctx context.Context, _ *none) (*body[*settings.Settings], error) {
	return reply(settings.Current(ctx, s.db))
}

func (s *Server) saveSettings(ctx context.Context, in *body[settings.Change]) (*body[*settings.Settings], error) {
	return reply(settings.Save(ctx, s.db, in.Body))
}
