package server

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
)

// ProductQuery narrows the products down.
type ProductQuery struct {
	Category   string         `query:"category" maxLength:"900" doc:"by its path, Home > Kitchen, or its name; with what is below"`
	Brand      string         `query:"brand" maxLength:"100"`
	Tag        string         `query:"tag" maxLength:"40"`
	CategoryID int64          `query:"categoryId" minimum:"1" doc:"with what is below"`
	BrandID    int64          `query:"brandId" minimum:"1"`
	Published  optional[bool] `query:"published"`
	Archived   bool           `query:"archived" doc:"the archived ones instead of the others"`
	IDs        []int64        `query:"ids" maxItems:"200" doc:"of these alone, archived or not"`
	Sort       string         `query:"sort" enum:"name,-name,newest,oldest"`
}

func (q *ProductQuery) filter(l db.List) catalog.ProductFilter {
	return catalog.ProductFilter{
		List: l, CategoryID: q.CategoryID, BrandID: q.BrandID, Category: q.Category, Brand: q.Brand, Tag: q.Tag,
		Published: q.Published.pointer(), Archived: q.Archived, IDs: q.IDs, Sort: q.Sort,
	}
}

func (s *Server) products(ctx context.Context, in *struct {
	Paging
	ProductQuery
}) (*body[db.Page[catalog.Product]], error) {
	return reply(catalog.Products(ctx, s.db, in.filter(in.list())))
}

func (s *Server) exportProducts(ctx context.Context, in *struct {
	Search
	ProductQuery
}) (*imports.Export, error) {
	return imports.ExportProducts(ctx, s.db, in.filter(in.list()))
}

func (s *Server) tags(ctx context.Context, in *Paging) (*body[db.Page[catalog.Tag]], error) {
	return reply(catalog.Tags(ctx, s.db, in.list()))
}

func (s *Server) priceHistory(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[catalog.PriceChange]], error) {
	return reply(catalog.PriceHistory(ctx, s.db, in.ID, in.list()))
}

func (s *Server) createProduct(ctx context.Context, in *body[catalog.NewProduct]) (*body[*catalog.Product], error) {
	return reply(catalog.Create(ctx, s.db, in.Body))
}

func (s *Server) product(ctx context.Context, in *ByID) (*body[*catalog.Product], error) {
	return reply(catalog.ProductByID(ctx, s.db, in.ID))
}

func (s *Server) changeProduct(ctx context.Context, in *change[catalog.ProductChange]) (*body[*catalog.Product], error) {
	return reply(catalog.Update(ctx, s.db, in.ID, in.Body))
}

func (s *Server) changeProducts(ctx context.Context, in *body[catalog.BulkChange]) (*body[catalog.BulkResult], error) {
	return reply(catalog.Bulk(ctx, s.db, in.Body))
}

func (s *Server) removeProduct(ctx context.Context, in *ByID) (*body[catalog.Removal], error) {
	return reply(catalog.Remove(ctx, s.db, in.ID))
}

func (s *Server) duplicateProduct(ctx context.Context, in *command[catalog.NewCopy]) (*body[*catalog.Product], error) {
	return reply(catalog.Duplicate(ctx, s.db, in.ID, in.input()))
}

func (s *Server) addBarcode(ctx context.Context, in *change[catalog.NewBarcode]) (*body[*catalog.Product], error) {
	return reply(catalog.AddBarcode(ctx, s.db, in.ID, in.Body))
}

func (s *Server) archiveProduct(ctx context.Context, in *ByID) (*body[*catalog.Product], error) {
	return reply(catalog.Archive(ctx, s.db, in.ID))
}

func (s *Server) restoreProduct(ctx context.Context, in *ByID) (*body[*catalog.Product], error) {
	return reply(catalog.Restore(ctx, s.db, in.ID))
}

func (s *Server) variants(ctx context.Context, in *struct {
	Paging
	Barcode string `query:"barcode" maxLength:"64" doc:"a scanned code"`
}) (*body[db.Page[catalog.VariantItem]], error) {
	return reply(catalog.Variants(ctx, s.db, catalog.VariantFilter{List: in.list(), Barcode: in.Barcode}))
}
