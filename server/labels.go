package server

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
)

func (s *Server) categories(ctx context.Context, in *Paging) (*body[db.Page[catalog.Category]], error) {
	return reply(catalog.Categories(ctx, s.db, in.list()))
}

func (s *Server) createCategory(ctx context.Context, in *body[catalog.NewLabel]) (*body[*catalog.Category], error) {
	return reply(catalog.CreateCategory(ctx, s.db, in.Body))
}

func (s *Server) changeCategory(ctx context.Context, in *change[catalog.LabelChange]) (*body[*catalog.Category], error) {
	return reply(catalog.UpdateCategory(ctx, s.db, in.ID, in.Body))
}

func (s *Server) brands(ctx context.Context, in *Paging) (*body[db.Page[catalog.Brand]], error) {
	return reply(catalog.Brands(ctx, s.db, in.list()))
}

func (s *Server) createBrand(ctx context.Context, in *body[catalog.NewLabel]) (*body[*catalog.Brand], error) {
	return reply(catalog.CreateBrand(ctx, s.db, in.Body))
}

func (s *Server) changeBrand(ctx context.Context, in *change[catalog.LabelChange]) (*body[*catalog.Brand], error) {
	return reply(catalog.UpdateBrand(ctx, s.db, in.ID, in.Body))
}
