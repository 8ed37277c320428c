package server

import (
	"context"
	"time"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/stock"
)

// LevelQuery narrows the stock down.
type LevelQuery struct {
	LocationID int64         `query:"locationId" minimum:"1"`
	VariantID  int64         `query:"variantId" minimum:"1"`
	ProductID  int64         `query:"productId" minimum:"1"`
	State      []stock.State `query:"state" enum:"ok,low,out,expiring,over" doc:"one or more, comma-separated"`
	Class      []stock.Class `query:"class" enum:"A,B,C" doc:"one or more, comma-separated"`
}

func (q *LevelQuery) filter(l db.List) stock.LevelFilter {
	return stock.LevelFilter{List: l, LocationID: q.LocationID, VariantID: q.VariantID, ProductID: q.ProductID, States: q.State, Classes: q.Class}
}

func (s *Server) stock(ctx context.Context, in *struct {
	Paging
	LevelQuery
}) (*body[db.Page[stock.Level]], error) {
	return reply(stock.Levels(ctx, s.db, in.filter(in.list())))
}

func (s *Server) exportStock(ctx context.Context, in *struct {
	Search
	LevelQuery
}) (*imports.Export, error) {
	return imports.ExportStock(ctx, s.db, in.filter(in.list()))
}

func (s *Server) adjustStock(ctx context.Context, in *body[stock.Adjustment]) (*body[*stock.Adjusted], error) {
	return reply(stock.Adjust(ctx, s.db, in.Body))
}

func (s *Server) undoAdjustment(ctx context.Context, in *command[stock.Undoing]) (*body[*stock.Adjusted], error) {
	return reply(stock.UndoAdjustment(ctx, s.db, in.ID, in.input()))
}

func (s *Server) asides(ctx context.Context, in *struct {
	Limit      int               `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After      string            `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	LocationID int64             `query:"locationId" minimum:"1"`
	VariantID  int64             `query:"variantId" minimum:"1"`
	Reason     stock.AsideReason `query:"reason" enum:"quarantine,damaged,safety"`
	Days       int64             `query:"days" minimum:"1" maximum:"3650" doc:"only what was set aside that many days ago or more"`
}) (*body[db.Page[stock.Aside]], error) {
	return reply(stock.Asides(ctx, s.db, stock.AsideFilter{
		List: db.List{Limit: in.Limit, After: in.After}, LocationID: in.LocationID, VariantID: in.VariantID, Reason: in.Reason, Days: in.Days,
	}))
}

func (s *Server) setAside(ctx context.Context, in *body[stock.AsideChange]) (*body[*stock.Adjusted], error) {
	return reply(stock.SetAside(ctx, s.db, in.Body))
}

func (s *Server) releaseAside(ctx context.Context, in *body[stock.AsideChange]) (*body[*stock.Adjusted], error) {
	return reply(stock.ReleaseAside(ctx, s.db, in.Body))
}

// MovementQuery narrows the ledger down.
type MovementQuery struct {
	LocationID int64          `query:"locationId" minimum:"1"`
	VariantID  int64          `query:"variantId" minimum:"1"`
	ProductID  int64          `query:"productId" minimum:"1"`
	CategoryID int64          `query:"categoryId" minimum:"1"`
	Reason     []stock.Reason `query:"reason" enum:"received,damage,theft,waste,donated,found,correction,sale,reversal,return,transfer,lost,miscounted,count" doc:"one or more, comma-separated; with what undid adjustments of them"`
	From       db.Date        `query:"from" format:"date" doc:"the first business date"`
	To         db.Date        `query:"to" format:"date" doc:"the last business date"`
}

func (q *MovementQuery) filter(l db.List) stock.MovementFilter {
	return stock.MovementFilter{List: l, LocationID: q.LocationID, VariantID: q.VariantID, ProductID: q.ProductID, CategoryID: q.CategoryID, Reasons: q.Reason, From: q.From, To: q.To}
}

func (s *Server) movements(ctx context.Context, in *struct {
	Paging
	MovementQuery
}) (*body[db.Page[stock.Movement]], error) {
	return reply(stock.Movements(ctx, s.db, in.filter(in.list())))
}

func (s *Server) exportMovements(ctx context.Context, in *MovementQuery) (*imports.Export, error) {
	return imports.ExportMovements(ctx, s.db, in.filter(db.List{}))
}

func (s *Server) lots(ctx context.Context, in *struct {
	Limit      int              `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After      string           `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	LocationID int64            `query:"locationId" minimum:"1"`
	VariantID  int64            `query:"variantId" minimum:"1"`
	State      []stock.LotState `query:"state" enum:"good,expiring,expired" doc:"one or more, comma-separated"`
}) (*body[db.Page[stock.Lot]], error) {
	return reply(stock.Lots(ctx, s.db, stock.LotFilter{
		List: db.List{Limit: in.Limit, After: in.After}, LocationID: in.LocationID, VariantID: in.VariantID, States: in.State,
	}))
}

func (s *Server) sellFirst(ctx context.Context, in *struct {
	LocationID int64 `query:"locationId" minimum:"1"`
}) (*body[*stock.SellFirst], error) {
	return reply(stock.SellFirstAt(ctx, s.db, in.LocationID))
}

func (s *Server) explainStock(ctx context.Context, in *struct {
	VariantID  int64 `query:"variantId" minimum:"1" required:"true"`
	LocationID int64 `query:"locationId" minimum:"1" required:"true"`
}) (*body[*stock.Explanation], error) {
	return reply(stock.Explain(ctx, s.db, in.VariantID, in.LocationID))
}

func (s *Server) stockAsOf(ctx context.Context, in *struct {
	VariantID  int64     `query:"variantId" minimum:"1" required:"true"`
	LocationID int64     `query:"locationId" minimum:"1" required:"true"`
	At         time.Time `query:"at" required:"true" doc:"a moment, of today at the latest; one that is still to come counts as now"`
}) (*body[*stock.PastLevel], error) {
	return reply(stock.AsOf(ctx, s.db, in.VariantID, in.LocationID, db.TimeOf(in.At)))
}

func (s *Server) stockValue(ctx context.Context, in *struct {
	Date db.Date `query:"date" format:"date" doc:"the end of this day in the shop's zone, today at the latest; today without it"`
}) (*body[*stock.Worth], error) {
	return reply(stock.WorthOn(ctx, s.db, in.Date))
}

func (s *Server) overstock(ctx context.Context, in *struct {
	LocationID int64 `query:"locationId" minimum:"1"`
}) (*body[*stock.Overstock], error) {
	return reply(stock.TooMuch(ctx, s.db, in.LocationID))
}
