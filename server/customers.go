package server

import (
	"context"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/imports"
	"onhand/db/sales"
)

// CustomerQuery sorts the customers.
type CustomerQuery struct {
	Sort string `query:"sort" enum:"name,newest"`
}

func (s *Server) customers(ctx context.Context, in *struct {
	Paging
	CustomerQuery
}) (*body[db.Page[customers.Customer]], error) {
	return reply(customers.List(ctx, s.db, customers.CustomerFilter{List: in.list(), Sort: in.Sort}))
}

func (s *Server) exportCustomers(ctx context.Context, in *struct {
	Search
	CustomerQuery
}) (*imports.Export, error) {
	return imports.ExportCustomers(ctx, s.db, customers.CustomerFilter{List: in.list(), Sort: in.Sort})
}

func (s *Server) createCustomer(ctx context.Context, in *body[customers.NewCustomer]) (*body[*customers.Customer], error) {
	return reply(customers.Create(ctx, s.db, in.Body))
}

func (s *Server) customer(ctx context.Context, in *ByID) (*body[*customers.Customer], error) {
	return reply(customers.ByID(ctx, s.db, in.ID))
}

func (s *Server) changeCustomer(ctx context.Context, in *change[customers.CustomerChange]) (*body[*customers.Customer], error) {
	return reply(customers.Update(ctx, s.db, in.ID, in.Body))
}

func (s *Server) customerOrders(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[sales.Order]], error) {
	if _, err := customers.ByID(ctx, s.db, in.ID); err != nil {
		return nil, err
	}
	return reply(sales.Orders(ctx, s.db, sales.OrderFilter{List: in.list(), CustomerID: in.ID}))
}
