package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// request is what we know of one request.
type request struct {
	id    string
	start time.Time
	route *route // nil before one is found
	query string // what follows the ? of the address
	actor int64  // the user who asks, 0 for a guest
}

type requestKey struct{}

func (r *request) name() string {
	if r.route == nil {
		return "none"
	}
	return r.route.name
}

// requestIn is the request of a connection's context.
func requestIn(c *fasthttp.RequestCtx) *request {
	r, _ := c.UserValue(requestKey{}).(*request)
	return r
}

// requestOf is the request of a handler's context.
func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// entry stands around everything: it names the request, sets the headers of every reply, catches panics, counts and logs.
func (s *Server) entry(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		r := s.begin(c)
		s.answer(c, r, next)
		compress(c)
		endUnread(c)
		s.metrics.count(r.route, c.Response.StatusCode(), time.Since(r.start))
		s.logRequest(c, r)
	}
}

// compressFrom is the size in bytes from which a reply is worth compressing: less fits into one packet.
const compressFrom = 1400

// compress packs what a page reads from the API: a list is a tenth of its size then. Replies of commands are short and
// go out as they are.
func compress(c *fasthttp.RequestCtx) {
	if !c.IsGet() || !bytes.HasPrefix(c.Path(), []byte("/api/")) || c.Response.IsBodyStream() || len(c.Response.Body()) < compressFrom ||
		len(c.Response.Header.ContentEncoding()) > 0 {
		return
	}
	c.Response.Header.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.Request.Header.HasAcceptEncoding("gzip") {
		c.Response.Header.SetContentEncoding("gzip")
		c.Response.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, c.Response.Body(), fasthttp.CompressBestSpeed))
	}
}

func (s *Server) answer(c *fasthttp.RequestCtx, r *request, next fasthttp.RequestHandler) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic", "request", r.id, "route", r.name(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			c.Response.Reset()
			s.setHeaders(c, r)
			s.fail(c, refusal(fiber.StatusInternalServerError))
		}
	}()
	if !knownMethods[string(c.Method())] { // Fiber would answer this one in plain text
		s.fail(c, fiber.ErrMethodNotAllowed)
		return
	}
	if c.IsHead() && bytes.HasPrefix(c.Path(), []byte(base+"/")) && len(c.Request.Header.Peek("Upgrade")) == 0 {
		// What answers GET answers HEAD, without the body.
		c.Request.Header.SetMethod(fasthttp.MethodGet)
		defer c.Request.Header.SetMethod(fasthttp.MethodHead)
	}
	next(c)
}

var knownMethods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true, "CONNECT": true, "TRACE": true}

// begin names a request, once.
func (s *Server) begin(c *fasthttp.RequestCtx) *request {
	if r := requestIn(c); r != nil {
		return r
	}
	r := &request{id: requestID(c.Request.Header.Peek("X-Request-Id")), start: time.Now(), query: string(c.URI().QueryString())}
	c.SetUserValue(requestKey{}, r)
	s.setHeaders(c, r)
	return r
}

// policies are sent with every reply; pages set their own Content-Security-Policy over this one.
var policies = [][2]string{
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"Cache-Control", "no-store"},
}

func (s *Server) setHeaders(c *fasthttp.RequestCtx, r *request) {
	h := &c.Response.Header
	for _, p := range policies {
		h.Set(p[0], p[1])
	}
	h.Set("X-Request-Id", r.id)
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

var (
	processName = func() string { b := make([]byte, 4); rand.Read(b); return hex.EncodeToString(b) }()
	requests    atomic.Uint64
)

// requestID keeps the id a proxy gave, if it is harmless to log, or makes one.
func requestID(given []byte) string {
	if len(given) > 0 && len(given) <= 64 && len(bytes.Trim(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.")) == 0 {
		return string(given)
	}
	return processName + "-" + strconv.FormatUint(requests.Add(1), 36)
}

// endUnread closes the connection after the reply if the handler left some of the body unread: it would be taken for
// the next request.
func endUnread(c *fasthttp.RequestCtx) {
	stream := c.RequestBodyStream()
	length := c.Request.Header.ContentLength()
	if stream == nil || length == 0 || c.Hijacked() {
		return
	}
	if length > 0 { // reading nothing never waits, and answers EOF once the body was read
		if _, err := stream.Read(nil); err == io.EOF {
			return
		}
	}
	// Of a chunked body one cannot ask whether its end was read without waiting for more.
	c.SetConnectionClose()
	if conn, ok := c.Conn().(*lingering); ok {
		conn.unread.Store(true)
	}
}

func (s *Server) logRequest(c *fasthttp.RequestCtx, r *request) {
	ctx := context.Background()
	if !s.log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	// The path only: a query may hold what somebody searched for, and tokens.
	s.log.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.String("request", r.id),
		slog.String("method", string(c.Method())),
		slog.String("path", loggedPath(c.Path())),
		slog.Int("status", c.Response.StatusCode()),
		slog.Duration("took", time.Since(r.start)),
		slog.String("ip", s.ip(c)),
		slog.Int64("user", r.actor),
	)
}

// loggedPath leaves out what opens something: /track/{token}.
func loggedPath(path []byte) string {
	if i := bytes.Index(path, []byte("track/")); i >= 0 {
		path = append(bytes.Clone(path[:i]), "track/..."...)
	}
	return string(path[:min(len(path), 200)])
}

// ip is where a request comes from. Behind our own proxy it is what the proxy says; nobody else is believed.
func (s *Server) ip(c *fasthttp.RequestCtx) string {
	remote := c.RemoteIP()
	if s.options.PublicURL != nil && remote.IsLoopback() {
		if all := c.Request.Header.PeekAll("X-Forwarded-For"); len(all) > 0 { // a proxy may add a line of its own: the last is its
			f := all[len(all)-1]
			last := bytes.TrimSpace(f[bytes.LastIndexByte(f, ',')+1:])
			if ip, err := fasthttp.ParseIPv4(nil, last); err == nil {
				return ip.String()
			}
			if len(last) <= 45 && len(bytes.Trim(last, "0123456789abcdefABCDEF:.")) == 0 {
				return string(last)
			}
		}
	}
	return remote.String()
}
