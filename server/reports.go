package server

import (
	"context"

	"onhand/db/reports"
)

func (s *Server) dashboard(ctx context.Context, _ *none) (*body[*reports.Dashboard], error) {
	return reply(reports.DashboardOf(ctx, s.db))
}
