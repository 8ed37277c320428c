package server

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"onhand/db"
	"onhand/db/staff"
)

// access is who may use a route and what it takes. Its zero value lets nobody in: the server does not start with it.
type access struct {
	kind       accessKind
	permission string
	also       string // another permission that it takes
	keyed      bool
	upload     bool
	posted     bool
	time       time.Duration
	media      string
}

type accessKind int

const (
	undecided accessKind = iota
	forGuests
	forDevice
	forSignedIn
	forPerson
	forPermission
)

// can opens a route to who holds a permission.
func can(permission string) access { return access{kind: forPermission, permission: permission} }

// and asks for another permission, too.
func (a access) and(permission string) access { a.also = permission; return a }

// permissions are those that a route asks for.
func (a access) permissions() []string {
	if a.also != "" {
		return []string{a.permission, a.also}
	}
	return []string{a.permission}
}

// signedIn opens a route to all staff.
func signedIn() access { return access{kind: forSignedIn} }

// person opens a route to staff who signed in themselves: with their password, neither a PIN nor a token.
func person() access { return access{kind: forPerson} }

// device opens a route to a signed-in tablet, even while it is locked.
func device() access { return access{kind: forDevice} }

// guest opens a route to everybody.
func guest() access { return access{kind: forGuests} }

// key makes the route refuse a request without an Idempotency-Key: it must not happen twice.
func (a access) key() access { a.keyed = true; return a }

// file lets the route take multipart instead of JSON, and more of it.
func (a access) file() access { a.upload = true; return a }

// form lets the route take what a plain form or a mail program posts.
func (a access) form() access { a.posted = true; return a }

// gives says what the route answers where that is no JSON.
func (a access) gives(media string) access { a.media = media; return a }

// within gives the route's handler more time.
func (a access) within(d time.Duration) access { a.time = d; return a }

// check panics unless the access is one that somebody can have.
func (a access) check(route string) {
	if a.kind == undecided || a.kind == forPermission && slices.ContainsFunc(a.permissions(), func(p string) bool { return !staff.Known(p) }) {
		panic(fmt.Sprintf("server: route %s has no permission", route))
	}
}

// gate is what every operation of the API passes before its body is read.
func (s *Server) gate(rt *route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		c := humafiber.Unwrap(hc)
		ctx, cancel, err := s.admit(c, rt, hc.Context())
		if err != nil {
			s.fail(c.Context(), err)
			return
		}
		defer cancel()
		if err := checkQuery(c.Context(), hc.Operation()); err != nil {
			s.fail(c.Context(), err)
			return
		}
		next(huma.WithContext(hc, ctx))
	}
}

// admit decides whether a request may go on, and gives its context actor, key and deadline.
func (s *Server) admit(c *fiber.Ctx, rt *route, parent context.Context) (context.Context, context.CancelFunc, error) {
	fc := c.Context()
	r := requestIn(fc)
	r.route = rt
	if err := s.checkOrigin(fc, sessionToken(fc) != ""); err != nil {
		return nil, nil, err
	}
	actor, err := s.actor(parent, fc)
	if err != nil && rt.access.kind != forGuests {
		return nil, nil, err
	}
	r.actor = actor.ID
	if err := rt.access.admits(actor); err != nil {
		s.sessions.NoteDenial(db.WithActor(parent, actor), rt.name, err)
		return nil, nil, err
	}
	if err := checkBody(fc, rt.access); err != nil {
		return nil, nil, err
	}
	ctx := db.WithActor(parent, actor)
	if ctx, err = withKey(ctx, c, rt); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, max(rt.access.time, s.workTime))
	return ctx, cancel, nil
}

const sessionCookie = "onhand_session"

func sessionToken(c *fasthttp.RequestCtx) string {
	t := c.Request.Header.Cookie(sessionCookie)
	if len(t) > 64 {
		return ""
	}
	return string(t)
}

// bearer is the API token of a request, "" without one.
func bearer(c *fasthttp.RequestCtx) string {
	scheme, token, _ := strings.Cut(string(c.Request.Header.Peek(fiber.HeaderAuthorization)), " ")
	if !strings.EqualFold(scheme, "Bearer") || len(token) > 100 {
		return ""
	}
	return strings.TrimSpace(token)
}

// actor is who asks; a guest, with the reason, when nobody is signed in. A request that carries a token is the token's,
// whatever cookie comes along.
func (s *Server) actor(ctx context.Context, c *fasthttp.RequestCtx) (db.Actor, error) {
	nobody := db.Actor{Kind: db.GuestActor, Locations: []int64{}, IP: s.ip(c)}
	actor, err := nobody, error(nil)
	switch token, session := bearer(c), sessionToken(c); {
	case len(c.Request.Header.Peek(fiber.HeaderAuthorization)) > 0:
		actor, err = s.sessions.TokenActor(ctx, token, nobody.IP)
	case session != "":
		actor, err = s.sessions.Actor(ctx, session, nobody.IP)
	default:
		err = db.Errorf(db.Unauthenticated, "unauthenticated", "You are not signed in. Sign in and try again.")
	}
	if err != nil {
		return nobody, err
	}
	return actor, nil
}

// admits says whether an actor may use a route, and if not why.
func (a access) admits(actor db.Actor) error {
	if a.also != "" {
		if err := can(a.also).admits(actor); err != nil {
			return err
		}
	}
	switch {
	case a.kind == forGuests:
		return nil
	case a.kind == forDevice && actor.Kind == db.UserActor:
		return nil
	case actor.Locked:
		return db.Errorf(db.Forbidden, "locked", "This tablet is locked. Type your PIN.")
	case a.kind == forSignedIn, a.kind == forPermission && actor.Can(a.permission), a.kind == forPerson && actor.Kind == db.UserActor && !actor.ByPIN:
		return nil
	case a.kind == forPerson && actor.ByPIN, actor.Needs == "password_needed" && withheld(actor, a.permission):
		return db.Errorf(db.Forbidden, "password_needed", "A PIN is not enough for this. Sign in with your password.").With("permission", a.permission)
	case actor.Needs == "second_factor_needed" && withheld(actor, a.permission):
		return db.Errorf(db.Forbidden, "second_factor_needed", "Your role needs a second factor. Set it up first.")
	case a.kind == forPermission:
		return db.Denied(a.permission)
	}
	return db.Errorf(db.Forbidden, "person_needed", "Only somebody who signed in with their password may do this, not a token.")
}

func withheld(actor db.Actor, permission string) bool {
	_, ok := actor.Withheld[permission]
	return ok
}

// checkOrigin refuses writes that another site made a browser send. With a cookie the browser must show that the
// request is ours; without one there is nothing to borrow, and scripts send no origin.
func (s *Server) checkOrigin(c *fasthttp.RequestCtx, cookie bool) error {
	if c.IsGet() || c.IsHead() || c.IsOptions() {
		return nil
	}
	if site := c.Request.Header.Peek("Sec-Fetch-Site"); len(site) > 0 {
		if string(site) == "same-origin" || string(site) == "none" && !cookie {
			return nil
		}
		return crossSite()
	}
	if origin := c.Request.Header.Peek("Origin"); len(origin) > 0 {
		if s.ours(string(origin), c) {
			return nil
		}
		return crossSite()
	}
	if cookie {
		return crossSite()
	}
	return nil
}

// ours says whether an Origin is this shop: the host the request was sent to, or the public address.
func (s *Server) ours(origin string, c *fasthttp.RequestCtx) bool {
	o, err := url.Parse(origin)
	if err != nil || o.Host == "" {
		return false
	}
	if p := s.options.PublicURL; p != nil && strings.EqualFold(o.Scheme, p.Scheme) && strings.EqualFold(o.Host, p.Host) {
		return true
	}
	return (o.Scheme == "http" || o.Scheme == "https") && strings.EqualFold(o.Host, string(c.Request.Header.Host()))
}

func crossSite() error {
	return db.Errorf(db.Forbidden, "cross_site", "This request came from another site. Open the shop itself and try again.")
}

// unsupported says what a route takes instead.
func unsupported(a access) error {
	p := refusal(fiber.StatusUnsupportedMediaType)
	if a.upload {
		p.Detail = "Send a form (Content-Type: multipart/form-data), not encoded."
	}
	return p
}

// checkBody looks at what the headers say of the body, before any of it is read.
func checkBody(c *fasthttp.RequestCtx, a access) error {
	h := &c.Request.Header
	if e := h.Peek("Content-Encoding"); len(e) > 0 && !bytes.EqualFold(e, []byte("identity")) {
		return unsupported(a)
	}
	length := h.ContentLength()
	if length == 0 || length == -2 { // none
		return nil
	}
	kind, more, _ := bytes.Cut(h.ContentType(), []byte(";"))
	switch kind = bytes.TrimSpace(kind); {
	case a.upload && bytes.EqualFold(kind, []byte("multipart/form-data")):
		if length < 0 { // a form is read as a whole: it must say how much comes
			return refusal(fiber.StatusLengthRequired)
		}
		if length > uploadLimit {
			return tooLarge(uploadLimit)
		}
		h.SetContentType("multipart/form-data;" + string(more)) // what reads it knows this spelling only
		return nil
	case a.posted && 0 < length && length <= longestForm && (bytes.EqualFold(kind, []byte("application/x-www-form-urlencoded")) || bytes.EqualFold(kind, []byte("multipart/form-data"))):
		return nil
	case a.upload || !bytes.EqualFold(kind, []byte("application/json")):
		return unsupported(a)
	case length > jsonLimit:
		return tooLarge(jsonLimit)
	}
	h.SetContentType("application/json")
	return nil
}

// longestForm is what a mail program posts at most: "List-Unsubscribe=One-Click".
const longestForm = 1000

func tooLarge(limit int) error {
	return db.Errorf(db.TooLarge, "too_large", "This is more than one request may carry: at most %d bytes.", limit).With("max", limit)
}

const longestKey = 200

// withKey puts the Idempotency-Key into the context. Its scope is the route and the record, however the path was typed.
func withKey(ctx context.Context, c *fiber.Ctx, rt *route) (context.Context, error) {
	key := string(c.Context().Request.Header.Peek("Idempotency-Key"))
	switch {
	case key == "" && rt.access.keyed:
		return nil, db.KeyRequired()
	case key == "":
		return ctx, nil
	case len(key) > longestKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }):
		return nil, db.Errorf(db.BadRequest, "bad_key", "An Idempotency-Key has at most %d plain characters.", longestKey)
	}
	scope := rt.name
	for _, name := range c.Route().Params {
		value := c.Params(name)
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			value = strconv.FormatInt(id, 10) // 007 is 7
		}
		scope += " " + value
	}
	return db.WithKey(ctx, scope, key), nil
}

// checkQuery refuses a parameter that is sent twice: only one of them would be heard.
func checkQuery(c *fasthttp.RequestCtx, op *huma.Operation) error {
	for _, p := range op.Parameters {
		if p.In == "query" && len(c.QueryArgs().PeekMulti(p.Name)) > 1 {
			return db.Refuse("repeated", "query."+p.Name, "Send this parameter once; where several values may be given, put commas between them.")
		}
	}
	return nil
}
