package server

import (
	"context"

	"onhand/db"
	"onhand/db/sales"
)

type returnMove = command[sales.ReturnMove]

func (s *Server) refundOrder(ctx context.Context, in *change[sales.NewRefund]) (*body[*sales.Order], error) {
	return reply(sales.Refund(ctx, s.db, in.ID, in.Body))
}

func (s *Server) returns(ctx context.Context, in *struct {
	Paging
	Open       bool               `query:"open" doc:"what somebody has to look at: neither rejected nor closed"`
	Status     sales.ReturnStatus `query:"status" enum:"requested,approved,rejected,received,closed"`
	LocationID int64              `query:"locationId" minimum:"1" doc:"of the order"`
}) (*body[db.Page[sales.ReturnItem]], error) {
	return reply(sales.Returns(ctx, s.db, sales.ReturnFilter{List: in.list(), Open: in.Open, Status: in.Status, LocationID: in.LocationID}))
}

func (s *Server) requestReturn(ctx context.Context, in *change[sales.NewReturn]) (*body[*sales.Return], error) {
	return reply(sales.RequestReturn(ctx, s.db, in.ID, in.Body))
}

func (s *Server) approveReturn(ctx context.Context, in *returnMove) (*body[*sales.Return], error) {
	return reply(sales.MoveReturn(ctx, s.db, in.ID, sales.ReturnApproved, in.input()))
}

func (s *Server) rejectReturn(ctx context.Context, in *command[sales.ReturnRejection]) (*body[*sales.Return], error) {
	return reply(sales.RejectReturn(ctx, s.db, in.ID, in.input()))
}

func (s *Server) receiveReturn(ctx context.Context, in *change[sales.ReturnReceipt]) (*body[*sales.Return], error) {
	return reply(sales.ReceiveReturn(ctx, s.db, in.ID, in.Body))
}

func (s *Server) closeReturn(ctx context.Context, in *returnMove) (*body[*sales.Return], error) {
	return reply(sales.MoveReturn(ctx, s.db, in.ID, sales.ReturnClosed, in.input()))
}

func (s *Server) exchange(ctx context.Context, in *change[sales.NewExchange]) (*body[*sales.Order], error) {
	return reply(sales.Exchange(ctx, s.db, in.ID, in.Body))
}

func (s *Server) tryExchange(ctx context.Context, in *change[sales.ExchangeTrial]) (*body[*sales.Order], error) {
	return reply(sales.TryExchange(ctx, s.db, in.ID, in.Body))
}
