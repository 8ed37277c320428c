package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// site is the compiled pages.
type site struct {
	files  fs.FS
	names  map[string]bool
	policy string
	etags  sync.Map // name -> string
}

const indexPage = "index.html"

// notBuilt is shown by a binary that was compiled without the pages.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Onhand</title>
<h1>The pages are not built into this program</h1>
<p>Run <code>make run</code> in the source folder: it builds the pages and starts the shop.</p>
<p>The <a href="/api/docs">API</a> works without them.</p></html>
`

// types are the files a site is made of. The system's own table differs from machine to machine.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json", ".map": "application/json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif", ".gif": "image/gif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".woff": "font/woff", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8", ".xml": "application/xml",
	".mp3": "audio/mpeg", ".wav": "audio/wav", ".pdf": "application/pdf",
}

func newSite(files fs.FS) *site {
	s := &site{files: files, names: map[string]bool{}}
	if files == nil {
		return s
	}
	// A folder that cannot be walked is one without pages.
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			s.names[name] = true
		}
		return err
	})
	if page, err := fs.ReadFile(files, indexPage); err == nil {
		s.policy = pagePolicy(page)
	}
	return s
}

var inlineScript = regexp.MustCompile(`(?s)<script(?:\s[^>]*)?>(.*?)</script>`)

// pagePolicy allows our own files and, by its hash, the inline script that boots the page. Nothing else runs.
func pagePolicy(page []byte) string {
	scripts := "'self'"
	for _, m := range inlineScript.FindAllSubmatch(page, -1) {
		if len(m[1]) > 0 {
			sum := sha256.Sum256(m[1])
			scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		}
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src " + scripts,
		"style-src 'self'",
		"style-src-attr 'unsafe-inline'", // positions of menus; an attribute cannot load or run anything
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"media-src 'self'",
		"connect-src 'self'",
		"manifest-src 'self'",
		"worker-src 'self'",
		"base-uri 'self'",
		"form-action 'self'",
		"frame-src 'self'", // the preview of a mail, which brings its own policy
		"frame-ancestors 'none'",
	}, "; ")
}

// serve answers everything that is neither API nor probe: a file, or the page that draws the rest.
func (s *site) serve(c *fiber.Ctx) error {
	p := c.Path()
	if strings.HasPrefix(p, "/api/") || p == "/api" {
		return c.Next() // no route: 404, or 405 with the methods there are
	}
	if m := c.Method(); m != fiber.MethodGet && m != fiber.MethodHead {
		c.Set(fiber.HeaderAllow, "GET, HEAD")
		return fiber.ErrMethodNotAllowed
	}
	name := strings.TrimPrefix(path.Clean(p), "/")
	if s.names[name] && hidden(name) {
		return fiber.ErrNotFound
	}
	if !s.names[name] {
		if s.isAsset(name, c.Get(fiber.HeaderAccept)) {
			return fiber.ErrNotFound
		}
		name = indexPage
	}
	if !s.names[name] {
		c.Set(fiber.HeaderContentType, types[".html"])
		return c.SendString(notBuilt)
	}
	return s.send(c, name)
}

// hidden says whether a file is no file of the site: the packed form of another, or one that only keeps its folder.
func hidden(name string) bool {
	ext := path.Ext(name)
	return ext == ".br" || ext == ".gz" || strings.HasPrefix(path.Base(name), ".")
}

// isAsset says whether a missing file was meant, not a page. A page's address may have a dot (/sku/AB.12), so an
// extension alone does not tell: a browser that goes to a page says that it wants HTML.
func (s *site) isAsset(name, accept string) bool {
	if folder, _, _ := strings.Cut(name, "/"); folder == "_app" || folder == "images" {
		return true
	}
	_, known := types[path.Ext(name)]
	return known && path.Ext(name) != ".html" && !strings.Contains(accept, "text/html")
}

func (s *site) send(c *fiber.Ctx, name string) error {
	h := &c.Context().Response.Header
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if strings.HasPrefix(name, "_app/immutable/") {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	kind, ok := types[path.Ext(name)]
	if !ok {
		kind = "application/octet-stream"
	}
	c.Set(fiber.HeaderContentType, kind)
	if name == indexPage {
		c.Set(fiber.HeaderContentSecurityPolicy, s.policy)
	}
	file := name
	for _, packed := range []struct{ encoding, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if s.names[name+packed.ext] {
			h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
			if file == name && accepts(c.Get(fiber.HeaderAcceptEncoding), packed.encoding) {
				file = name + packed.ext
				c.Set(fiber.HeaderContentEncoding, packed.encoding)
			}
		}
	}
	b, err := fs.ReadFile(s.files, file)
	if err != nil {
		return err
	}
	tag := s.etag(file, b)
	c.Set(fiber.HeaderETag, tag)
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		h.Del(fiber.HeaderContentEncoding)
		c.Context().SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	c.Context().Response.SetBodyRaw(b)
	return nil
}

func (s *site) etag(file string, b []byte) string {
	if tag, ok := s.etags.Load(file); ok {
		return tag.(string)
	}
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:10]) + `"`
	s.etags.Store(file, tag)
	return tag
}

// accepts says whether an Accept-Encoding header takes an encoding; q=0 refuses it.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && strings.Trim(strings.TrimPrefix(q, "q=0."), "0") != "" || q == ""
		}
	}
	return false
}

func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}
