package server

import (
	"context"

	"onhand/db"
	"onhand/db/imports"
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

func (s *Server) exportAudit(ctx context.Context, in *AuditQuery) (*imports.Export, error) {
	f, err := in.filter(ctx, s)
	if err != nil {
		return nil, err
	}
	return imports.ExportAudit(ctx, s.db, f)
}
