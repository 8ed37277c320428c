package server

import (
	"context"

	"onhand/db"
	"onhand/db/reports"
)

func (s *Server) dashboard(ctx context.Context, _ *none) (*body[*reports.Dashboard], error) {
	return reply(reports.DashboardOf(ctx, s.db))
}

func (s *Server) waste(ctx context.Context, in *struct {
	From db.Date `query:"from" format:"date" required:"true" doc:"the first business date"`
	To   db.Date `query:"to" format:"date" required:"true" doc:"the last business date"`
	By   string  `query:"by" enum:"month,category,reason,product,location" default:"month"`
}) (*body[*reports.WasteReport], error) {
	return reply(reports.Waste(ctx, s.db, reports.WasteQuery{From: in.From, To: in.To, By: in.By}))
}
