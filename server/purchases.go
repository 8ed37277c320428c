package server

import (
	"context"
	"io"

	"onhand/db"
	"onhand/db/papers"
	"onhand/db/purchasing"
	"onhand/db/settings"
)

func (s *Server) purchases(ctx context.Context, in *struct {
	Paging
	Open       bool                      `query:"open" doc:"what somebody has to look at: drafts, and what is still to come"`
	Late       bool                      `query:"late" doc:"what should have come before today"`
	Status     purchasing.PurchaseStatus `query:"status" enum:"draft,sent,partially_received,received,cancelled"`
	SupplierID int64                     `query:"supplierId" minimum:"1"`
	LocationID int64                     `query:"locationId" minimum:"1" doc:"that they are delivered to"`
}) (*body[db.Page[purchasing.PurchaseItem]], error) {
	return reply(purchasing.Orders(ctx, s.db, purchasing.PurchaseFilter{List: in.list(), Open: in.Open, Late: in.Late, Status: in.Status, SupplierID: in.SupplierID, LocationID: in.LocationID}))
}

func (s *Server) createPurchase(ctx context.Context, in *body[purchasing.NewPurchase]) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.Create(ctx, s.db, in.Body))
}

func (s *Server) purchase(ctx context.Context, in *ByID) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.OrderByID(ctx, s.db, in.ID))
}

func (s *Server) purchasePDF(ctx context.Context, in *ByID) (*pdf, error) {
	facts, err := purchasing.Facts(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	name := "order"
	if facts.Number != "" {
		name += "-" + facts.Number
	}
	return document(name, func(w io.Writer) error {
		return papers.PurchaseOrder(w, s.paper(shop, name, facts.Language), facts)
	})
}

func (s *Server) changePurchase(ctx context.Context, in *change[purchasing.PurchaseChange]) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.Change(ctx, s.db, in.ID, in.Body))
}

func (s *Server) sendPurchase(ctx context.Context, in *command[purchasing.PurchaseSending]) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.Send(ctx, s.db, in.ID, in.input()))
}

func (s *Server) receivePurchase(ctx context.Context, in *change[purchasing.PurchaseReceipt]) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.Receive(ctx, s.db, in.ID, in.Body))
}

func (s *Server) cancelPurchase(ctx context.Context, in *command[purchasing.PurchaseMove]) (*body[*purchasing.PurchaseOrder], error) {
	return reply(purchasing.Cancel(ctx, s.db, in.ID, in.input()))
}

func (s *Server) replenishment(ctx context.Context, in *struct {
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After      string `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	LocationID int64  `query:"locationId" minimum:"1"`
	SupplierID int64  `query:"supplierId" minimum:"1"`
}) (*body[db.Page[purchasing.Advice]], error) {
	return reply(purchasing.Replenishment(ctx, s.db, purchasing.AdviceFilter{List: db.List{Limit: in.Limit, After: in.After}, LocationID: in.LocationID, SupplierID: in.SupplierID}))
}

func (s *Server) draftPurchases(ctx context.Context, in *body[purchasing.Wanted]) (*body[*purchasing.Drafted], error) {
	return reply(purchasing.Draft(ctx, s.db, in.Body))
}
