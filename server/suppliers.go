package server

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
)

func (s *Server) suppliers(ctx context.Context, in *struct {
	Paging
	Archived bool `query:"archived" doc:"the archived ones instead of the others"`
}) (*body[db.Page[catalog.Supplier]], error) {
	return reply(catalog.Suppliers(ctx, s.db, catalog.SupplierFilter{List: in.list(), Archived: in.Archived}))
}

func (s *Server) createSupplier(ctx context.Context, in *body[catalog.NewSupplier]) (*body[*catalog.Supplier], error) {
	return reply(catalog.CreateSupplier(ctx, s.db, in.Body))
}

func (s *Server) supplier(ctx context.Context, in *ByID) (*body[*catalog.Supplier], error) {
	return reply(catalog.SupplierByID(ctx, s.db, in.ID))
}

func (s *Server) changeSupplier(ctx context.Context, in *change[catalog.SupplierChange]) (*body[*catalog.Supplier], error) {
	return reply(catalog.UpdateSupplier(ctx, s.db, in.ID, in.Body))
}

func (s *Server) supplierItems(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[catalog.SupplierItem]], error) {
	return reply(catalog.SupplierItems(ctx, s.db, in.ID, in.list()))
}

func (s *Server) addSupplierItem(ctx context.Context, in *change[catalog.NewSupplierItem]) (*body[*catalog.SupplierItem], error) {
	return reply(catalog.AddSupplierItem(ctx, s.db, in.ID, in.Body))
}

func (s *Server) setSupplierItem(ctx context.Context, in *struct {
	ByID
	VariantID int64 `path:"variantId" minimum:"1"`
	Body      catalog.SupplierItemChange
}) (*body[*catalog.SupplierItem], error) {
	return reply(catalog.SetSupplierItem(ctx, s.db, in.ID, in.VariantID, in.Body))
}

func (s *Server) removeSupplierItem(ctx context.Context, in *struct {
	ByID
	VariantID int64 `path:"variantId" minimum:"1"`
}) (*none, error) {
	return nil, catalog.RemoveSupplierItem(ctx, s.db, in.ID, in.VariantID)
}

func (s *Server) suppliersOf(ctx context.Context, in *ByID) (*body[db.Page[catalog.SupplierItem]], error) {
	return reply(catalog.SuppliersOf(ctx, s.db, in.ID))
}
