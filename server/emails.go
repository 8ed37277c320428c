package server

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/outbox"
	"onhand/db/sales"
	"onhand/db/settings"
)

// Mail is what the server asks of those who word mails and send them.
type Mail interface {
	// Preview is a mail in words, and the shop's picture in its head.
	Preview(ctx context.Context, id int64) (*outbox.Wording, []byte, error)
	// Test sends a mail with settings that need not be saved, and answers what the server said.
	Test(ctx context.Context, m settings.MailSettings, password, to string) (*outbox.MailTest, error)
}

func (s *Server) emails(ctx context.Context, in *struct {
	Paging
	Status []string `query:"status" enum:"queued,sending,sent,dead" doc:"several with commas between them"`
	Kind   string   `query:"kind" maxLength:"50"`
}) (*body[db.Page[outbox.Email]], error) {
	f := outbox.EmailFilter{List: in.list(), Kind: in.Kind}
	for _, status := range in.Status {
		f.Statuses = append(f.Statuses, outbox.MailStatus(status))
	}
	return reply(outbox.Emails(ctx, s.db, f))
}

func (s *Server) email(ctx context.Context, in *ByID) (*body[*outbox.EmailDetails], error) {
	e, err := outbox.EmailByID(ctx, s.db, in.ID)
	if err != nil || e.MessageID != "" || s.options.Mail == nil {
		return reply(e, err)
	}
	w, _, err := s.options.Mail.Preview(ctx, in.ID) // it was not worded yet
	if db.CodeOf(err) == "no_preview" {
		return reply(e, nil)
	}
	if err != nil {
		return nil, err
	}
	e.Subject, e.Text, e.HTML = w.Subject, w.Text, w.HTML
	return reply(e, nil)
}

func (s *Server) retryEmail(ctx context.Context, in *command[outbox.Again]) (*body[*outbox.EmailDetails], error) {
	again := in.input()
	if again.To = strings.TrimSpace(again.To); again.To != "" {
		if err := settings.CheckAddress("to", again.To); err != nil {
			return nil, err
		}
	}
	return reply(outbox.Retry(ctx, s.db, in.ID, again))
}

// dismissEmails lets those that were given up count as seen.
func (s *Server) dismissEmails(ctx context.Context, _ *none) (*body[outbox.MailHealth], error) {
	if err := outbox.Dismiss(ctx, s.db); err != nil {
		return nil, err
	}
	return reply(outbox.Health(ctx, s.db))
}

func (s *Server) orderEmails(ctx context.Context, in *ByID) (*body[db.Page[outbox.Email]], error) {
	if _, err := sales.OrderByID(ctx, s.db, in.ID); err != nil {
		return nil, err
	}
	return reply(outbox.OfOrder(ctx, s.db, in.ID))
}

// showEmail is a mail as its reader sees it, for a frame of its own: nothing in it runs or is fetched from elsewhere.
func (s *Server) showEmail(c *fiber.Ctx, ctx context.Context) error {
	id, err := c.ParamsInt("id")
	if err != nil || id < 1 || s.options.Mail == nil {
		return db.NotFound("email")
	}
	w, logo, err := s.options.Mail.Preview(ctx, int64(id))
	if err != nil {
		return err
	}
	html := strings.ReplaceAll(w.HTML, "cid:logo", "data:image/png;base64,"+base64.StdEncoding.EncodeToString(logo))
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox")
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	return c.Status(http.StatusOK).SendString(html)
}

func (s *Server) mailHealth(ctx context.Context, _ *none) (*body[outbox.MailHealth], error) {
	h, err := outbox.Health(ctx, s.db)
	if actor := db.ActorOf(ctx); err == nil && !actor.Can("emails.read") {
		h.Reply, h.Dead = "", 0
	}
	return reply(h, err)
}

// MailTrial is a test of mail settings, those saved where nothing else is said.
type MailTrial struct {
	To   string               `json:"to,omitempty" maxLength:"254" doc:"your own address when left out"`
	Mail *settings.MailChange `json:"mail,omitempty" doc:"what differs from what is saved"`
}

func (s *Server) testMail(ctx context.Context, in *struct{ Body *MailTrial }) (*body[*outbox.MailTest], error) {
	if s.options.Mail == nil {
		return nil, db.NotFound("mail")
	}
	trial := MailTrial{}
	if in.Body != nil {
		trial = *in.Body
	}
	m, password, err := settings.TryMail(ctx, s.db, trial.Mail)
	if err != nil {
		return nil, err
	}
	to := strings.TrimSpace(trial.To)
	if to == "" {
		if to, err = s.ownAddress(ctx, m); err != nil {
			return nil, err
		}
	}
	if err := settings.CheckAddress("to", to); err != nil {
		return nil, err
	}
	if err := s.sessions.TestThrottle(ctx); err != nil {
		return nil, err
	}
	return reply(s.options.Mail.Test(ctx, m, password, to))
}
