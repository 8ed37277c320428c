package server

import (
	"context"

	"onhand/db"
	"onhand/db/sales"
)

func (s *Server) tills(ctx context.Context, in *struct {
	Paging
	Status     sales.TillStatus `query:"status" enum:"open,closed"`
	LocationID int64            `query:"locationId" minimum:"1"`
	From       string           `query:"from" format:"date" doc:"first business date on which it was opened"`
	To         string           `query:"to" format:"date" doc:"last business date on which it was opened"`
}) (*body[db.Page[sales.Till]], error) {
	return reply(sales.Tills(ctx, s.db, sales.TillFilter{List: in.list(), Status: in.Status, LocationID: in.LocationID, From: db.Date(in.From), To: db.Date(in.To)}))
}

func (s *Server) openTill(ctx context.Context, in *body[sales.NewTill]) (*body[*sales.Till], error) {
	return reply(sales.OpenTill(ctx, s.db, in.Body))
}

func (s *Server) tillDrawers(ctx context.Context, in *struct {
	LocationID int64 `query:"locationId" minimum:"1" doc:"the default location when left out"`
}) (*body[db.Page[sales.TillDrawer]], error) {
	return reply(sales.TillDrawers(ctx, s.db, in.LocationID))
}

func (s *Server) till(ctx context.Context, in *ByID) (*body[*sales.TillReport], error) {
	return reply(sales.TillByID(ctx, s.db, in.ID))
}

func (s *Server) tillLines(ctx context.Context, in *struct {
	ByID
	Paging
	Kind   string       `query:"kind" enum:"payment,refund,paid_in,paid_out"`
	Method sales.Method `query:"method" enum:"cash,card,transfer,other"`
	Person string       `query:"person" maxLength:"40" doc:"the key of who did it, as the report has it"`
}) (*body[db.Page[sales.TillLine]], error) {
	return reply(sales.TillLines(ctx, s.db, in.ID, sales.TillLineFilter{List: in.list(), Kind: in.Kind, Method: in.Method, Person: in.Person}))
}

func (s *Server) moveCash(ctx context.Context, in *change[sales.NewTillMovement]) (*body[*sales.Till], error) {
	return reply(sales.MoveCash(ctx, s.db, in.ID, in.Body))
}

func (s *Server) closeTill(ctx context.Context, in *change[sales.TillClose]) (*body[*sales.Till], error) {
	return reply(sales.CloseTill(ctx, s.db, in.ID, in.Body))
}

func (s *Server) explainTill(ctx context.Context, in *change[sales.TillReason]) (*body[*sales.Till], error) {
	return reply(sales.ExplainTill(ctx, s.db, in.ID, in.Body))
}
