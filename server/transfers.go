package server

import (
	"context"
	"io"

	"onhand/db"
	"onhand/db/papers"
	"onhand/db/settings"
	"onhand/db/stock"
)

func (s *Server) transfers(ctx context.Context, in *struct {
	Paging
	Open       bool                 `query:"open" doc:"what somebody has to look at: drafts, and what is on its way"`
	Status     stock.TransferStatus `query:"status" enum:"draft,shipped,partially_received,received,cancelled"`
	LocationID int64                `query:"locationId" minimum:"1" doc:"that they leave or reach"`
}) (*body[db.Page[stock.TransferItem]], error) {
	return reply(stock.Transfers(ctx, s.db, stock.TransferFilter{List: in.list(), Open: in.Open, Status: in.Status, LocationID: in.LocationID}))
}

func (s *Server) createTransfer(ctx context.Context, in *body[stock.NewTransfer]) (*body[*stock.Transfer], error) {
	return reply(stock.CreateTransfer(ctx, s.db, in.Body))
}

func (s *Server) transfer(ctx context.Context, in *ByID) (*body[*stock.Transfer], error) {
	return reply(stock.TransferByID(ctx, s.db, in.ID))
}

func (s *Server) packingListPDF(ctx context.Context, in *ByID) (*pdf, error) {
	t, err := stock.TransferByID(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	name := "packing-list"
	if t.Number != "" {
		name += "-" + t.Number
	}
	return document(name, func(w io.Writer) error {
		return papers.PackingList(w, s.paper(shop, name, ""), shop, t)
	})
}

func (s *Server) changeTransfer(ctx context.Context, in *change[stock.TransferChange]) (*body[*stock.Transfer], error) {
	return reply(stock.ChangeTransfer(ctx, s.db, in.ID, in.Body))
}

func (s *Server) shipTransfer(ctx context.Context, in *command[stock.TransferShipment]) (*body[*stock.Transfer], error) {
	return reply(stock.ShipTransfer(ctx, s.db, in.ID, in.input()))
}

func (s *Server) receiveTransfer(ctx context.Context, in *change[stock.TransferReceipt]) (*body[*stock.Transfer], error) {
	return reply(stock.ReceiveTransfer(ctx, s.db, in.ID, in.Body))
}

func (s *Server) cancelTransfer(ctx context.Context, in *command[stock.TransferMove]) (*body[*stock.Transfer], error) {
	return reply(stock.CancelTransfer(ctx, s.db, in.ID, in.input()))
}
