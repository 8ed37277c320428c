package server

import (
	"bytes"
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/papers"
	"onhand/db/sales"
	"onhand/db/settings"
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

type tillPDF struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// tillReport prints a till in the shop's language, on a roll of 80 mm.
func (s *Server) tillReport(ctx context.Context, in *ByID) (*tillPDF, error) {
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	r, err := sales.TillByID(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	paper := papers.Paper{Title: r.Name + ", " + string(r.BusinessDate), Language: shop.Language, At: s.db.Now()}
	if err := papers.TillReport(&out, paper, papers.TillShop{Name: shop.Name, Currency: shop.Currency, Zone: shop.Zone()}, r); err != nil {
		return nil, err
	}
	return &tillPDF{"application/pdf", fmt.Sprintf(`inline; filename="till-%d.pdf"`, r.ID), "no-store", out.Bytes()}, nil
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
