package server

import (
	"context"

	"onhand/db"
	"onhand/db/stock"
)

func (s *Server) locations(ctx context.Context, _ *none) (*body[db.Page[stock.Location]], error) {
	return reply(stock.Locations(ctx, s.db))
}

func (s *Server) locationNames(ctx context.Context, _ *none) (*body[db.Page[stock.LocationName]], error) {
	return reply(stock.LocationNames(ctx, s.db))
}

func (s *Server) openLocation(ctx context.Context, in *body[stock.NewLocation]) (*body[*stock.Location], error) {
	return reply(stock.OpenLocation(ctx, s.db, in.Body))
}

func (s *Server) changeLocation(ctx context.Context, in *change[stock.LocationChange]) (*body[*stock.Location], error) {
	return reply(stock.ChangeLocation(ctx, s.db, in.ID, in.Body))
}
