package server

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

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

type categoryImageForm struct {
	File huma.FormFile `form:"file" required:"true" doc:"JPEG, PNG, WebP or GIF with at most 40 million pixels; at most 32 MB"`
}

func (s *Server) pictureCategory(ctx context.Context, in *struct {
	ID      int64 `path:"id" minimum:"1"`
	RawBody huma.MultipartFormFiles[categoryImageForm]
}) (*body[*catalog.Category], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	if err := checkForm(in.RawBody.Form, "file"); err != nil {
		return nil, err
	}
	return reply(catalog.PictureCategory(ctx, s.db, in.ID, form.File))
}

func (s *Server) unpictureCategory(ctx context.Context, in *ByID) (*none, error) {
	_, err := catalog.UnpictureCategory(ctx, s.db, in.ID)
	return nil, err
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

func (s *Server) mergeBrand(ctx context.Context, in *change[catalog.BrandMerge]) (*body[*catalog.Brand], error) {
	return reply(catalog.MergeBrand(ctx, s.db, in.ID, in.Body))
}

func (s *Server) removeBrand(ctx context.Context, in *struct {
	ByID
	ProductsTo optional[int64] `query:"productsTo" minimum:"0" doc:"the brand that its products get, 0 for none; without it, one that has products is refused"`
}) (*none, error) {
	return nil, catalog.RemoveBrand(ctx, s.db, in.ID, in.ProductsTo.pointer())
}

func (s *Server) brand(ctx context.Context, in *ByID) (*body[*catalog.Brand], error) {
	return reply(catalog.BrandByID(ctx, s.db, in.ID))
}

func (s *Server) changeBrand(ctx context.Context, in *change[catalog.BrandChange]) (*body[*catalog.Brand], error) {
	return reply(catalog.UpdateBrand(ctx, s.db, in.ID, in.Body))
}
