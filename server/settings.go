package server

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/settings"
	"onhand/db/staff"
)

func (s *Server) settings(ctx context.Context, _ *none) (*body[*settings.Settings], error) {
	return reply(settings.Current(ctx, s.db))
}

func (s *Server) saveSettings(ctx context.Context, in *body[settings.Change]) (*body[*settings.Settings], error) {
	return reply(settings.Save(ctx, s.db, in.Body))
}

type logoForm struct {
	File huma.FormFile `form:"file" required:"true" doc:"PNG, JPEG, GIF or WebP; at most 10 MB"`
}

func (s *Server) saveLogo(ctx context.Context, in *struct {
	RawBody huma.MultipartFormFiles[logoForm]
}) (*body[*settings.Settings], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	return reply(settings.SaveLogo(ctx, s.db, form.File))
}

func (s *Server) removeLogo(ctx context.Context, _ *none) (*none, error) {
	_, err := settings.RemoveLogo(ctx, s.db)
	return nil, err
}

func (s *Server) showLogo(c *fiber.Ctx, ctx context.Context) error {
	png, err := settings.Logo(ctx, s.db)
	if err != nil {
		return err
	}
	if png == nil {
		return db.NotFound("logo")
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return c.Send(png)
}

// ownAddress is where a test goes when nobody says: to who asks for it, or to the sender where a program asks.
func (s *Server) ownAddress(ctx context.Context, m settings.MailSettings) (string, error) {
	actor := db.ActorOf(ctx)
	if actor.Kind != db.UserActor {
		return m.From, nil
	}
	user, err := staff.MemberByID(ctx, s.db, actor.ID)
	if err != nil {
		return "", err
	}
	return user.Email, nil
}
