package server

import (
	"context"
	"io"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"onhand/db/catalog"
)

type imagesForm struct {
	File      []huma.FormFile `form:"file" required:"true" doc:"one picture or several, all of them or none: JPEG, PNG, WebP or GIF with at most 40 million pixels; at most 32 MB together"`
	VariantID int64           `form:"variantId" required:"false" minimum:"1" doc:"the variant that they show; all of them when left out"`
	Alt       string          `form:"alt" required:"false" maxLength:"300" doc:"what is to be seen"`
}

func (s *Server) addImages(ctx context.Context, in *struct {
	ID      int64 `path:"id" minimum:"1"`
	RawBody huma.MultipartFormFiles[imagesForm]
}) (*body[*catalog.Product], error) {
	form := in.RawBody.Data()
	files := make([]io.Reader, len(form.File))
	for i, f := range form.File {
		defer f.Close()
		files[i] = f
	}
	others := *in.RawBody.Form
	others.File = nil // there may be several of these
	if err := checkForm(&others, "variantId", "alt"); err != nil {
		return nil, err
	}
	return reply(catalog.AddImages(ctx, s.db, in.ID, catalog.NewImages{VariantID: form.VariantID, Alt: form.Alt, Files: files}))
}

func (s *Server) changeImage(ctx context.Context, in *change[catalog.ImageChange]) (*body[*catalog.Product], error) {
	return reply(catalog.ChangeImage(ctx, s.db, in.ID, in.Body))
}

func (s *Server) removeImage(ctx context.Context, in *ByID) (*none, error) {
	_, err := catalog.RemoveImage(ctx, s.db, in.ID)
	return nil, err
}

func (s *Server) restoreImage(ctx context.Context, in *ByID) (*body[*catalog.Product], error) {
	return reply(catalog.RestoreImage(ctx, s.db, in.ID))
}

// serveImage hands out the file of a picture to everybody: the storefront shows it, and its name cannot be guessed. The name
// is made of what is in it, so it never changes.
func (s *Server) serveImage(c *fiber.Ctx) error {
	name := c.Params("name")
	data, err := catalog.ImageFile(s.db, name)
	if err != nil {
		return err
	}
	tag := `"` + strings.TrimSuffix(name, path.Ext(name)) + `"`
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentType, types[path.Ext(name)])
	c.Set(fiber.HeaderETag, tag)
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		c.Context().SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	c.Context().Response.SetBodyRaw(data)
	return nil
}
