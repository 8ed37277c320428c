package server

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"onhand/db"
	"onhand/db/settings"
)

// AuditQuery narrows the audit down.
type AuditQuery struct {
	Q        string  `query:"q" maxLength:"200" doc:"the beginning of somebody's name"`
	Entity   string  `query:"entity" maxLength:"50"`
	EntityID int64   `query:"entityId" minimum:"1"`
	Action   string  `query:"action" maxLength:"50"`
	UserID   int64   `query:"userId" minimum:"1"`
	From     db.Date `query:"from" doc:"the first day, in the shop's time zone"`
	To       db.Date `query:"to" doc:"the last day"`
}

type auditList struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After string `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	AuditQuery
}

// filter turns days into moments.
func (q AuditQuery) filter(ctx context.Context, s *Server) (db.AuditFilter, error) {
	f := db.AuditFilter{List: db.List{Q: q.Q}, Entity: q.Entity, EntityID: q.EntityID, Action: q.Action, UserID: q.UserID}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return f, err
	}
	if q.From != "" {
		if f.From, err = q.From.Start(shop.Zone()); err != nil {
			return f, badDate("query.from")
		}
	}
	if q.To != "" {
		if f.To, err = q.To.AddDays(1).Start(shop.Zone()); err != nil {
			return f, badDate("query.to")
		}
	}
	return f, nil
}

func badDate(field string) error {
	return db.Refuse("bad_date", field, "This is no day. Write it like 2026-11-20.")
}

func (s *Server) audit(ctx context.Context, in *auditList) (*body[db.Page[db.AuditEntry]], error) {
	f, err := in.filter(ctx, s)
	if err != nil {
		return nil, err
	}
	f.Limit, f.After = in.Limit, in.After
	return reply(db.AuditLog(ctx, s.db, f))
}

// exportAudit writes what a filter finds as CSV, page by page, so that its size does not matter. That it was taken out
// of the house is written down first.
func (s *Server) exportAudit(ctx context.Context, in *AuditQuery) (*huma.StreamResponse, error) {
	f, err := in.filter(ctx, s)
	if err != nil {
		return nil, err
	}
	err = db.Write(ctx, s.db, func(tx *db.Tx) error {
		return tx.AuditAs("exported", "audit", 0, nil, in)
	})
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // it is written after the handler has returned
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc).Context()
		c.SetStatusCode(http.StatusOK)
		c.SetContentType("text/csv; charset=utf-8")
		c.Response.Header.Set("Content-Disposition", `attachment; filename="audit.csv"`)
		c.SetBodyStreamWriter(func(w *bufio.Writer) {
			if err := s.writeAudit(ctx, w, f); err != nil {
				s.log.Warn("an export was cut off", "error", err)
			}
		})
	}}, nil
}

func (s *Server) writeAudit(ctx context.Context, w *bufio.Writer, f db.AuditFilter) error {
	if _, err := w.WriteString("\ufeff"); err != nil { // spreadsheets take it for UTF-8 then
		return err
	}
	out := csv.NewWriter(w)
	err := out.Write([]string{"at", "who", "who_id", "approved_by", "from", "action", "entity", "entity_id", "before", "after"})
	f.Limit = db.MaxPageSize
	for {
		page, pageErr := db.AuditLog(ctx, s.db, f)
		err = errors.Join(err, pageErr)
		for _, e := range page.Items {
			approver := ""
			if e.Approver != nil {
				approver = e.Approver.Name
			}
			err = errors.Join(err, out.Write(cells(e.At.String(), e.Actor.Name, fmt.Sprintf("%s:%d", e.Actor.Kind, e.Actor.ID), approver, e.IP, e.Action, e.Entity,
				strconv.FormatInt(e.EntityID, 10), string(e.Before), string(e.After))))
		}
		out.Flush()
		if err := errors.Join(err, out.Error()); err != nil || page.Next == "" {
			return err
		}
		f.After = page.Next
	}
}

// cells keeps a spreadsheet from taking what people typed for a formula.
func cells(texts ...string) []string {
	for i, t := range texts {
		if t != "" && strings.ContainsRune("=+-@\t\r", rune(t[0])) {
			texts[i] = "'" + t
		}
	}
	return texts
}
