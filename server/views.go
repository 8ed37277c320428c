package server

import (
	"context"

	"onhand/db"
	"onhand/db/staff"
)

func (s *Server) views(ctx context.Context, in *struct {
	Kind string `query:"kind" enum:"orders" required:"true"`
}) (*body[db.Page[staff.View]], error) {
	return reply(staff.Views(ctx, s.db, in.Kind))
}

func (s *Server) saveView(ctx context.Context, in *body[staff.NewView]) (*body[*staff.View], error) {
	return reply(staff.SaveView(ctx, s.db, in.Body))
}

func (s *Server) changeView(ctx context.Context, in *change[staff.ViewChange]) (*body[*staff.View], error) {
	return reply(staff.ChangeView(ctx, s.db, in.ID, in.Body))
}

func (s *Server) removeView(ctx context.Context, in *ByID) (*none, error) {
	return nil, staff.RemoveView(ctx, s.db, in.ID)
}
