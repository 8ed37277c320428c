package server

import (
	"embed"
	"path"

	"github.com/gofiber/fiber/v2"
)

//go:embed docs
var docs embed.FS

const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// serveDocument answers the OpenAPI document.
func (s *Server) serveDocument(c *fiber.Ctx) error {
	b, err := s.document()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json")
	return c.Send(b)
}

// serveDocs answers the page that renders it. The page is ours and whole: it needs no other site.
func (s *Server) serveDocs(c *fiber.Ctx) error {
	name := c.Params("file", indexPage)
	b, err := docs.ReadFile(path.Join("docs", path.Base(name)))
	if err != nil {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, types[path.Ext(name)])
	c.Set(fiber.HeaderContentSecurityPolicy, docsPolicy)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(b)
}
