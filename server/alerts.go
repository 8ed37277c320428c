package server

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/alerts"
)

func (s *Server) alerts(ctx context.Context, in *struct {
	Paging
	Kind    []string       `query:"kind" enum:"out,low,over" doc:"several with commas between them"`
	Snoozed optional[bool] `query:"snoozed"`
}) (*body[db.Page[alerts.Alert]], error) {
	f := alerts.AlertFilter{List: in.list(), Snoozed: in.Snoozed.pointer()}
	for _, k := range in.Kind {
		f.Kinds = append(f.Kinds, alerts.AlertKind(k))
	}
	return reply(alerts.Open(ctx, s.db, f))
}

func (s *Server) snoozeAlert(ctx context.Context, in *change[alerts.Snooze]) (*body[*alerts.Alert], error) {
	return reply(alerts.Rest(ctx, s.db, in.ID, in.Body))
}

func (s *Server) wakeAlert(ctx context.Context, in *ByID) (*body[*alerts.Alert], error) {
	return reply(alerts.Wake(ctx, s.db, in.ID))
}

func (s *Server) notifications(ctx context.Context, _ *none) (*body[*alerts.WishList], error) {
	return reply(alerts.Wishes(ctx, s.db))
}

func (s *Server) chooseNotifications(ctx context.Context, in *body[alerts.WishChange]) (*body[*alerts.WishList], error) {
	return reply(alerts.Choose(ctx, s.db, in.Body))
}

type stopRequest struct {
	Token string `path:"token" maxLength:"100"`
}

// stopMails is what a mail program posts when somebody ends these mails with one click (RFC 8058).
func (s *Server) stopMails(ctx context.Context, in *stopRequest) (*none, error) {
	return nil, alerts.Stop(ctx, s.db, in.Token, true)
}

// askToStop leads whoever opens the link of such a mail to the page that asks: to look at a link changes nothing.
func (s *Server) askToStop(c *fiber.Ctx, _ context.Context) error {
	return c.Redirect("/staff/unsubscribe?token="+url.QueryEscape(c.Params("token")), http.StatusSeeOther)
}

func (s *Server) resumeMails(ctx context.Context, in *stopRequest) (*none, error) {
	return nil, alerts.Stop(ctx, s.db, in.Token, false)
}

func (s *Server) selfCheck(ctx context.Context, _ *none) (*body[alerts.SelfCheckFacts], error) {
	return reply(alerts.Findings(ctx, s.db))
}
