package server

import (
	"context"

	"onhand/db/sales"
)

type parcelMove = command[sales.Command]

func (s *Server) fulfilOrder(ctx context.Context, in *command[sales.NewFulfilment]) (*body[*sales.Order], error) {
	return reply(sales.Fulfil(ctx, s.db, in.ID, in.input()))
}

func (s *Server) shipParcel(ctx context.Context, in *parcelMove) (*body[*sales.Order], error) {
	return reply(sales.MoveParcel(ctx, s.db, in.ID, sales.Shipped, in.input()))
}

func (s *Server) deliverParcel(ctx context.Context, in *parcelMove) (*body[*sales.Order], error) {
	return reply(sales.MoveParcel(ctx, s.db, in.ID, sales.Delivered, in.input()))
}

func (s *Server) readyPickup(ctx context.Context, in *parcelMove) (*body[*sales.Order], error) {
	return reply(sales.MoveParcel(ctx, s.db, in.ID, sales.Ready, in.input()))
}

func (s *Server) collectPickup(ctx context.Context, in *parcelMove) (*body[*sales.Order], error) {
	return reply(sales.MoveParcel(ctx, s.db, in.ID, sales.Collected, in.input()))
}

func (s *Server) cancelParcel(ctx context.Context, in *parcelMove) (*body[*sales.Order], error) {
	return reply(sales.MoveParcel(ctx, s.db, in.ID, sales.ParcelDropped, in.input()))
}
