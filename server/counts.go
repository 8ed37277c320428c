package server

import (
	"context"

	"onhand/db"
	"onhand/db/stock"
)

func (s *Server) counts(ctx context.Context, in *struct {
	Paging
	Open       bool              `query:"open" doc:"what somebody has to end: neither posted nor abandoned"`
	Status     stock.CountStatus `query:"status" enum:"open,review,posting,posted,abandoned"`
	LocationID int64             `query:"locationId" minimum:"1"`
}) (*body[db.Page[stock.CountItem]], error) {
	return reply(stock.Counts(ctx, s.db, stock.CountFilter{List: in.list(), Open: in.Open, Status: in.Status, LocationID: in.LocationID}))
}

func (s *Server) startCount(ctx context.Context, in *body[stock.NewCount]) (*body[*stock.Count], error) {
	return reply(stock.StartCount(ctx, s.db, in.Body))
}

func (s *Server) count(ctx context.Context, in *ByID) (*body[*stock.Count], error) {
	return reply(stock.CountByID(ctx, s.db, in.ID))
}

func (s *Server) countLines(ctx context.Context, in *struct {
	ByID
	Limit int                  `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After string               `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	State stock.CountLineState `query:"state" enum:"all,differing,moved,uncounted" default:"all" doc:"all that were counted, the newest first; those that differ, the worst first; those to count again; what nobody counted yet, by name"`
}) (*body[db.Page[stock.CountLine]], error) {
	return reply(stock.CountLines(ctx, s.db, in.ID, stock.CountLineFilter{List: db.List{Limit: in.Limit, After: in.After}, State: in.State}))
}

func (s *Server) countGoods(ctx context.Context, in *change[stock.CountedGoods]) (*body[*stock.Count], error) {
	return reply(stock.CountGoods(ctx, s.db, in.ID, in.Body))
}

func (s *Server) zeroUncounted(ctx context.Context, in *ByID) (*body[*stock.Count], error) {
	return reply(stock.ZeroUncounted(ctx, s.db, in.ID))
}

func (s *Server) reviewCount(ctx context.Context, in *command[stock.CountMove]) (*body[*stock.Count], error) {
	return reply(stock.ReviewCount(ctx, s.db, in.ID, in.input()))
}

func (s *Server) postCount(ctx context.Context, in *command[stock.CountPost]) (*body[*stock.Count], error) {
	return reply(stock.PostCount(ctx, s.db, in.ID, in.input()))
}

func (s *Server) abandonCount(ctx context.Context, in *command[stock.CountMove]) (*body[*stock.Count], error) {
	return reply(stock.AbandonCount(ctx, s.db, in.ID, in.input()))
}
