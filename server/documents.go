package server

import (
	"bytes"
	"context"
	"io"
	"strings"

	"onhand/db/papers"
	"onhand/db/sales"
	"onhand/db/settings"
)

// pdf is a document to be looked at or printed, and kept by nobody on the way.
type pdf struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// document writes a paper. Its name tells what it is when it is saved.
func document(name string, write func(io.Writer) error) (*pdf, error) {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return nil, err
	}
	return &pdf{"application/pdf", `inline; filename="` + fileName(name) + `.pdf"`, "no-store", out.Bytes()}, nil
}

// fileName is a name that a header and every system take: numbers of imported orders have what they have.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '_'
	}, name)
}

// paper is what all papers of the shop have in common, in a language or, without one, in the shop's.
func (s *Server) paper(shop *settings.Settings, title, language string) papers.Paper {
	if language == "" {
		language = shop.Language
	}
	return papers.Paper{Title: shop.Name + " · " + title, Language: language, At: s.db.Now(), Zone: shop.Zone()}
}

// printed is an order that has papers, and the shop.
func (s *Server) printed(ctx context.Context, id int64) (*sales.Order, *settings.Settings, error) {
	o, err := sales.OrderByID(ctx, s.db, id)
	if err == nil {
		err = o.Printable()
	}
	if err != nil {
		return nil, nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	return o, shop, err
}

func (s *Server) receiptPDF(ctx context.Context, in *ByID) (*pdf, error) {
	o, shop, err := s.printed(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return document("receipt-"+o.Number, func(w io.Writer) error {
		return papers.Receipt(w, s.paper(shop, o.Number, o.Language), shop, o)
	})
}

func (s *Server) packingSlipPDF(ctx context.Context, in *struct {
	ByID
	FulfilmentID int64 `query:"fulfilmentId" minimum:"1" doc:"what this parcel holds; without it, what is in none yet, or all of the order when there is no such thing"`
}) (*pdf, error) {
	o, shop, err := s.printed(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var parcel *sales.Fulfilment
	if in.FulfilmentID != 0 {
		if parcel, err = o.Parcel(in.FulfilmentID); err != nil {
			return nil, err
		}
	}
	return document("packing-slip-"+o.Number, func(w io.Writer) error {
		return papers.PackingSlip(w, s.paper(shop, o.Number, o.Language), shop, o, parcel)
	})
}

func (s *Server) pickListPDF(ctx context.Context, in *ByID) (*pdf, error) {
	return s.pickList(ctx, []int64{in.ID})
}

// SomeOrders is a request for a document about several orders.
type SomeOrders struct {
	OrderIDs []int64 `query:"orderIds" required:"true" minItems:"1" maxItems:"200" doc:"comma-separated"`
}

func (s *Server) pickListsPDF(ctx context.Context, in *SomeOrders) (*pdf, error) {
	return s.pickList(ctx, in.OrderIDs)
}

func (s *Server) packingSlipsPDF(ctx context.Context, in *SomeOrders) (*pdf, error) {
	orders, err := sales.Printed(ctx, s.db, in.OrderIDs)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return document("packing-slips", func(w io.Writer) error {
		return papers.PackingSlips(w, s.paper(shop, "packing-slips", ""), shop, orders)
	})
}

func (s *Server) pickList(ctx context.Context, ids []int64) (*pdf, error) {
	list, err := sales.PickListOf(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	name := "pick-list"
	if len(list.Orders) == 1 {
		name += "-" + list.Orders[0].Number
	}
	return document(name, func(w io.Writer) error {
		return papers.PickList(w, s.paper(shop, name, ""), shop, list)
	})
}

// IssuedDocument is a request for one of an order's issued documents.
type IssuedDocument struct {
	ByID
	DocumentID int64 `query:"documentId" minimum:"1" doc:"the last of its kind when left out"`
}

func (s *Server) orderInvoices(ctx context.Context, in *ByID) (*body[*sales.OrderInvoices], error) {
	return reply(sales.Invoices(ctx, s.db, in.ID))
}

func (s *Server) issueInvoice(ctx context.Context, in *command[sales.Command]) (*body[*sales.Invoice], error) {
	return reply(sales.Issue(ctx, s.db, in.ID, sales.PlainInvoice, in.input()))
}

func (s *Server) issueCreditNote(ctx context.Context, in *command[sales.Command]) (*body[*sales.Invoice], error) {
	return reply(sales.Issue(ctx, s.db, in.ID, sales.CreditNote, in.input()))
}

func (s *Server) invoicePDF(ctx context.Context, in *IssuedDocument) (*pdf, error) {
	return s.issued(ctx)(sales.IssuedInvoice(ctx, s.db, in.ID, sales.PlainInvoice, in.DocumentID))
}

func (s *Server) creditNotePDF(ctx context.Context, in *IssuedDocument) (*pdf, error) {
	return s.issued(ctx)(sales.IssuedInvoice(ctx, s.db, in.ID, sales.CreditNote, in.DocumentID))
}

// trackedInvoicePDF is the invoice for whoever holds the link of its order.
func (s *Server) trackedInvoicePDF(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"100"`
}) (*pdf, error) {
	return s.issued(ctx)(sales.TrackedInvoice(ctx, s.db, in.Token))
}

// issued prints a document as it was issued.
func (s *Server) issued(ctx context.Context) func(*sales.Invoice, error) (*pdf, error) {
	return func(inv *sales.Invoice, err error) (*pdf, error) {
		if err != nil {
			return nil, err
		}
		shop, err := settings.Current(ctx, s.db)
		if err != nil {
			return nil, err
		}
		kind := map[sales.InvoiceKind]string{sales.PlainInvoice: "invoice", sales.CreditNote: "credit-note"}[inv.Kind]
		d := s.paper(shop, inv.Number, inv.Facts.Language)
		d.Title, d.At = inv.Facts.Shop+" · "+inv.Number, inv.IssuedAt.Time() // reprinted, it is the same to the byte
		return document(kind+"-"+inv.Number, func(w io.Writer) error { return papers.Invoice(w, d, shop.PaperSize, inv) })
	}
}
