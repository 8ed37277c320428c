package server

import (
	"context"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/sales"
)

// OrderQuery narrows the orders down.
type OrderQuery struct {
	Open             bool                   `query:"open" doc:"what still waits for something"`
	Waiting          bool                   `query:"waiting" doc:"what waits for stock"`
	Status           []sales.Status         `query:"status" enum:"draft,placed,confirmed,completed,cancelled,expired" doc:"one or more, comma-separated"`
	PaymentStatus    sales.PaymentStatus    `query:"paymentStatus" enum:"pending,partially_paid,paid,partially_refunded,refunded,overpaid"`
	FulfilmentStatus sales.FulfilmentStatus `query:"fulfilmentStatus" enum:"unfulfilled,partially_fulfilled,fulfilled"`
	Channel          sales.Channel          `query:"channel" enum:"counter,phone,web,api,import"`
	LocationID       int64                  `query:"locationId" minimum:"1"`
	CustomerID       int64                  `query:"customerId" minimum:"1"`
	From             string                 `query:"from" format:"date" doc:"first business date"`
	To               string                 `query:"to" format:"date" doc:"last business date"`
	Sort             string                 `query:"sort" enum:"newest,oldest"`
}

func (q *OrderQuery) filter(l db.List) sales.OrderFilter {
	return sales.OrderFilter{
		List: l, Open: q.Open, Waiting: q.Waiting, Statuses: q.Status, PaymentStatus: q.PaymentStatus, FulfilmentStatus: q.FulfilmentStatus,
		Channel: q.Channel, LocationID: q.LocationID, CustomerID: q.CustomerID, From: db.Date(q.From), To: db.Date(q.To),
		OldestFirst: q.Sort == "oldest",
	}
}

func (s *Server) orders(ctx context.Context, in *struct {
	Paging
	OrderQuery
}) (*body[db.Page[sales.Order]], error) {
	return reply(sales.Orders(ctx, s.db, in.filter(in.list())))
}

func (s *Server) exportOrders(ctx context.Context, in *struct {
	Search
	OrderQuery
}) (*imports.Export, error) {
	return imports.ExportOrders(ctx, s.db, in.filter(in.list()))
}

func (s *Server) placeOrder(ctx context.Context, in *body[sales.NewOrder]) (*body[*sales.Order], error) {
	return reply(sales.Place(ctx, s.db, in.Body))
}

func (s *Server) order(ctx context.Context, in *ByID) (*body[*sales.Order], error) {
	return reply(sales.OrderByID(ctx, s.db, in.ID))
}

func (s *Server) editOrder(ctx context.Context, in *change[sales.OrderChange]) (*body[*sales.Order], error) {
	return reply(sales.Edit(ctx, s.db, in.ID, in.Body))
}

func (s *Server) placeDraft(ctx context.Context, in *command[sales.Command]) (*body[*sales.Order], error) {
	return reply(sales.PlaceDraft(ctx, s.db, in.ID, in.input()))
}

func (s *Server) confirmOrder(ctx context.Context, in *command[sales.Command]) (*body[*sales.Order], error) {
	return reply(sales.Confirm(ctx, s.db, in.ID, in.input()))
}

func (s *Server) cancelOrder(ctx context.Context, in *command[sales.Cancellation]) (*body[*sales.Order], error) {
	return reply(sales.Cancel(ctx, s.db, in.ID, in.input()))
}

func (s *Server) takePayment(ctx context.Context, in *change[sales.NewPayment]) (*body[*sales.Order], error) {
	return reply(sales.Pay(ctx, s.db, in.ID, in.Body))
}

func (s *Server) orderTimeline(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[sales.TimelineItem]], error) {
	return reply(sales.Timeline(ctx, s.db, in.ID, in.list()))
}
