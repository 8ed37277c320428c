package server

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/purchasing"
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

// SupplierDetail is a supplier with what was learned from its orders.
type SupplierDetail struct {
	*catalog.Supplier
	LeadTime *purchasing.LeadTime `json:"leadTime,omitempty" doc:"from an order to its delivery, as learned from the newest ten; absent where none tells yet"`
}

// learned adds to a supplier what its orders tell.
func (s *Server) learned(ctx context.Context, supplier *catalog.Supplier, err error) (*body[SupplierDetail], error) {
	if err != nil {
		return nil, err
	}
	t, err := purchasing.LeadTimeOf(ctx, s.db, supplier.ID)
	return reply(SupplierDetail{supplier, t}, err)
}

func (s *Server) supplier(ctx context.Context, in *ByID) (*body[SupplierDetail], error) {
	supplier, err := catalog.SupplierByID(ctx, s.db, in.ID)
	return s.learned(ctx, supplier, err)
}

func (s *Server) changeSupplier(ctx context.Context, in *change[catalog.SupplierChange]) (*body[SupplierDetail], error) {
	supplier, err := catalog.UpdateSupplier(ctx, s.db, in.ID, in.Body)
	return s.learned(ctx, supplier, err)
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
