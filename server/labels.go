package server

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
)

func (s *Server) categories(ctx context.Context, in *Paging) (*body[db.Page[catalog.Category]], error) {
	return reply(catalog.Categories(ctx, s.db, in.list()))
}

func (s *Server) createCategory(ctx context.Context, in *body[catalog.NewCategory]) (*body[*catalog.Category], error) {
	return reply(catalog.CreateCategory(ctx, s.db, in.Body))
}

func (s *Server) changeCategory(ctx context.Context, in *change[catalog.CategoryChange]) (*body[*catalog.Category], error) {
	return reply(catalog.UpdateCategory(ctx, s.db, in.ID, in.Body))
}

func (s *Server) removeCategory(ctx context.Context, in *struct {
	ByID
	ProductsTo optional[int64] `query:"productsTo" minimum:"0" doc:"the category that its products go to, 0 for none; without it, one that has products is refused"`
}) (*none, error) {
	return nil, catalog.RemoveCategory(ctx, s.db, in.ID, in.ProductsTo.pointer())
}

func (s *Server) category(ctx context.Context, in *ByID) (*body[*catalog.Category], error) {
	return reply(catalog.CategoryByID(ctx, s.db, in.ID))
}

func (s *Server) brands(ctx context.Context, in *Paging) (*body[db.Page[catalog.Brand]], error) {
	return reply(catalog.Brands(ctx, s.db, in.list()))
}

func (s *Server) createBrand(ctx context.Context, in *body[catalog.NewBrand]) (*body[*catalog.Brand], error) {
	return reply(catalog.CreateBrand(ctx, s.db, in.Body))
}

func (s *Server) changeBrand(ctx context.Context, in *change[catalog.BrandChange]) (*body[*catalog.Brand], error) {
	return reply(catalog.UpdateBrand(ctx, s.db, in.ID, in.Body))
}
