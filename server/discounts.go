package server

import (
	"context"

	"onhand/db"
	"onhand/db/sales"
)

func (s *Server) discountCodes(ctx context.Context, in *struct {
	Paging
	State sales.CodeState `query:"state" enum:"inactive,ended,used_up,scheduled,active"`
}) (*body[db.Page[sales.DiscountCode]], error) {
	return reply(sales.DiscountCodes(ctx, s.db, sales.CodeFilter{List: in.list(), State: in.State}))
}

func (s *Server) createDiscountCode(ctx context.Context, in *body[sales.NewDiscountCode]) (*body[*sales.DiscountCode], error) {
	return reply(sales.CreateDiscountCode(ctx, s.db, in.Body))
}

func (s *Server) tryDiscountCode(ctx context.Context, in *body[sales.CodeTrial]) (*body[*sales.CodeOffer], error) {
	return reply(sales.TryCode(ctx, s.db, in.Body))
}

func (s *Server) discountCode(ctx context.Context, in *ByID) (*body[*sales.DiscountCode], error) {
	return reply(sales.DiscountCodeByID(ctx, s.db, in.ID))
}

func (s *Server) changeDiscountCode(ctx context.Context, in *change[sales.DiscountCodeChange]) (*body[*sales.DiscountCode], error) {
	return reply(sales.ChangeDiscountCode(ctx, s.db, in.ID, in.Body))
}

func (s *Server) removeDiscountCode(ctx context.Context, in *ByID) (*none, error) {
	return nil, sales.RemoveDiscountCode(ctx, s.db, in.ID)
}
