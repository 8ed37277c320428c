package server

import (
	"context"
	"strconv"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/sales"
	"onhand/db/staff"
)

// OrderQuery narrows the orders down.
type OrderQuery struct {
	Open             bool                     `query:"open" doc:"what still waits for something, or has more paid than is owed"`
	Waiting          bool                     `query:"waiting" doc:"what waits for stock"`
	OrderIDs         []int64                  `query:"orderIds" maxItems:"200" doc:"exactly these, comma-separated"`
	Status           []sales.Status           `query:"status" enum:"draft,placed,confirmed,completed,cancelled,expired" doc:"one or more, comma-separated"`
	PaymentStatus    []sales.PaymentStatus    `query:"paymentStatus" enum:"pending,partially_paid,paid,partially_refunded,refunded,overpaid" doc:"one or more, comma-separated"`
	FulfilmentStatus []sales.FulfilmentStatus `query:"fulfilmentStatus" enum:"unfulfilled,partially_fulfilled,fulfilled" doc:"one or more, comma-separated"`
	ParcelStatus     sales.ParcelStatus       `query:"parcelStatus" enum:"packed,ready" doc:"something of it is packed, or ready for pickup"`
	Channel          sales.Channel            `query:"channel" enum:"counter,phone,web,api,import"`
	LocationID       int64                    `query:"locationId" minimum:"1"`
	CustomerID       int64                    `query:"customerId" minimum:"1"`
	Tag              string                   `query:"tag" maxLength:"40"`
	AssignedTo       string                   `query:"assignedTo" pattern:"^(me|none|[1-9][0-9]{0,15})$" doc:"who looks after it: me, none, or the number of a user"`
	Held             bool                     `query:"held" doc:"it expires unless it is paid"`
	Unacknowledged   bool                     `query:"unacknowledged" doc:"new web orders that nobody has seen"`
	From             string                   `query:"from" format:"date" doc:"first business date"`
	To               string                   `query:"to" format:"date" doc:"last business date"`
	Sort             string                   `query:"sort" enum:"newest,oldest"`
}

func (q *OrderQuery) filter(ctx context.Context, l db.List) sales.OrderFilter {
	f := sales.OrderFilter{
		List: l, Open: q.Open, Waiting: q.Waiting, IDs: q.OrderIDs, Statuses: q.Status, PaymentStatuses: q.PaymentStatus, FulfilmentStatuses: q.FulfilmentStatus,
		ParcelStatus: q.ParcelStatus, Channel: q.Channel, LocationID: q.LocationID, CustomerID: q.CustomerID, Tag: q.Tag,
		Unassigned: q.AssignedTo == "none", Held: q.Held, Unacknowledged: q.Unacknowledged,
		From: db.Date(q.From), To: db.Date(q.To), OldestFirst: q.Sort == "oldest",
	}
	switch me := db.ActorOf(ctx); {
	case q.AssignedTo == "me" && me.Kind == db.UserActor:
		f.AssignedTo = me.ID
	case q.AssignedTo == "me": // a program looks after nothing
		f.AssignedTo = -1
	default:
		f.AssignedTo, _ = strconv.ParseInt(q.AssignedTo, 10, 64) // none is 0
	}
	return f
}

func (s *Server) orders(ctx context.Context, in *struct {
	Paging
	OrderQuery
}) (*body[db.Page[sales.Order]], error) {
	return reply(sales.Orders(ctx, s.db, in.filter(ctx, in.list())))
}

func (s *Server) exportOrders(ctx context.Context, in *struct {
	Search
	OrderQuery
}) (*imports.Export, error) {
	return imports.ExportOrders(ctx, s.db, in.filter(ctx, in.list()))
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

func (s *Server) tryOrder(ctx context.Context, in *change[sales.OrderChange]) (*body[*sales.Order], error) {
	return reply(sales.TryEdit(ctx, s.db, in.ID, in.Body))
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

func (s *Server) orderNotes(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[sales.TimelineItem]], error) {
	return reply(sales.OrderNotes(ctx, s.db, in.ID, in.list()))
}

func (s *Server) writeOrderNote(ctx context.Context, in *change[sales.OrderNote]) (*body[*sales.Order], error) {
	return reply(sales.WriteNote(ctx, s.db, in.ID, in.Body))
}

func (s *Server) acknowledgeOrder(ctx context.Context, in *ByID) (*body[*sales.Order], error) {
	return reply(sales.Acknowledge(ctx, s.db, in.ID))
}

func (s *Server) moveOrders(ctx context.Context, in *body[sales.ManyOrders]) (*body[*sales.ManyMoved], error) {
	return reply(sales.MoveMany(ctx, s.db, in.Body))
}

func (s *Server) orderTags(ctx context.Context, in *Paging) (*body[db.Page[sales.OrderTag]], error) {
	return reply(sales.OrderTags(ctx, s.db, in.list()))
}

func (s *Server) orderAssignees(ctx context.Context, in *struct {
	Paging
	LocationID int64 `query:"locationId" minimum:"1" doc:"who sees this store; without it, one of those that you see"`
}) (*body[db.Page[staff.Assignee]], error) {
	return reply(staff.Assignees(ctx, s.db, in.LocationID, in.list()))
}
