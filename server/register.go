package server

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// base is where the API begins.
const base = "/api/v1"

// route is one line of routes.go.
type route struct {
	name   string // "POST /orders"
	access access
	stats  *routeStats
}

// body is a request or reply that is nothing but its body.
type body[T any] struct{ Body T }

// ByID is a request for one record.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// change is a request that changes one record.
type change[T any] struct {
	ID   int64 `path:"id" minimum:"1"`
	Body T
}

// command is a change whose body may be left out altogether.
type command[T any] struct {
	ID   int64 `path:"id" minimum:"1"`
	Body *T
}

// input is the body of a command, or its zero value.
func (c *command[T]) input() T {
	if c.Body == nil {
		var zero T
		return zero
	}
	return *c.Body
}

// Search is how lists and their exports are searched.
type Search struct {
	Q string `query:"q" maxLength:"200" doc:"words to search for"`
}

func (s Search) list() db.List { return db.List{Q: s.Q} }

// Paging is how every list is asked for.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"rows on a page"`
	After string `query:"after" maxLength:"1000" doc:"the cursor of the page before"`
	Search
}

func (l Paging) list() db.List { return db.List{Limit: l.Limit, After: l.After, Q: l.Q} }

// optional is a parameter of which it matters whether it was sent.
type optional[T any] struct {
	value T
	sent  bool
}

// Receiver is where huma puts the value.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(&o.value).Elem() }

// OnParamSet is how huma says whether there was one.
func (o *optional[T]) OnParamSet(sent bool, _ any) { o.sent = sent }

// Schema is that of the value.
func (o *optional[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// pointer is the value, nil when none was sent.
func (o *optional[T]) pointer() *T {
	if !o.sent {
		return nil
	}
	return &o.value
}

// reply passes a room's answer on.
func reply[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

// none is a request without anything in it.
type none struct{}

// handler is what answers a route.
type handler[I, O any] func(context.Context, *I) (*O, error)

func get[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodGet, path, http.StatusOK, a, h)
}

// create answers 201: it makes something.
func create[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPost, path, http.StatusCreated, a, h)
}

// post answers 200 with the changed document.
func post[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPost, path, http.StatusOK, a, h)
}

// accept answers 202: what it leads to happens later, or shows elsewhere.
func accept[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPost, path, http.StatusAccepted, a, h)
}

// done answers 204: there is nothing to say.
func done[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPost, path, http.StatusNoContent, a, h)
}

func patch[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPatch, path, http.StatusOK, a, h)
}

// put answers 200 with the document that was set.
func put[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodPut, path, http.StatusOK, a, h)
}

func remove[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodDelete, path, http.StatusNoContent, a, h)
}

// dispose answers 200: it says what became of the record.
func dispose[I, O any](s *Server, path string, a access, h handler[I, O]) {
	register(s, http.MethodDelete, path, http.StatusOK, a, h)
}

func register[I, O any](s *Server, method, path string, status int, a access, h handler[I, O]) {
	registerAs(s, handlerName(h), method, path, status, a, h)
}

// registerAs registers what is called otherwise than its handler.
func registerAs[I, O any](s *Server, id, method, path string, status int, a access, h handler[I, O]) {
	rt := s.route(method, path, a)
	op := huma.Operation{
		OperationID:   id,
		Method:        method,
		Path:          base + path,
		Summary:       words(id),
		Tags:          []string{strings.Split(path, "/")[1]},
		DefaultStatus: status,
		MaxBodyBytes:  jsonLimit + 1, // huma refuses what reaches the limit; ours may
		Security:      security(a),
		Parameters:    parameters(a),
		Middlewares:   huma.Middlewares{s.gate(rt)},
	}
	if a.media != "" {
		op.Responses = map[string]*huma.Response{strconv.Itoa(status): {Content: map[string]*huma.MediaType{
			a.media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
	op.BodyReadTimeout = readTimeout
	if a.upload {
		op.BodyReadTimeout = uploadTime
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, err := s.vouched(ctx, in)
		if err != nil {
			return nil, s.problem(requestOf(ctx), err)
		}
		out, err := h(ctx, in)
		if err != nil {
			return nil, s.problem(requestOf(ctx), err)
		}
		return out, nil
	})
}

// asking is a body that may carry the approval of somebody else.
type asking interface{ Asks() *db.Approval }

func (b *body[T]) asks() any    { return b.Body }
func (c *change[T]) asks() any  { return c.Body }
func (c *command[T]) asks() any { return c.input() }

// vouched checks the approval that a command carries, and puts who gave it into its context.
func (s *Server) vouched(ctx context.Context, in any) (context.Context, error) {
	carrier, ok := in.(interface{ asks() any })
	if !ok {
		return ctx, nil
	}
	command, ok := carrier.asks().(asking)
	if !ok || command.Asks() == nil {
		return ctx, nil
	}
	return s.sessions.Approve(ctx, *command.Asks())
}

// raw registers a route that huma does not know: the live socket, and what is no JSON. Browsers open sockets to other
// sites, so even a GET is asked where it comes from.
func (s *Server) raw(method, path string, a access, h func(*fiber.Ctx, context.Context) error) {
	rt := s.route(method, path, a)
	s.app.Add(method, base+strings.NewReplacer("{", ":", "}", "").Replace(path), func(c *fiber.Ctx) error {
		if origin := c.Get(fiber.HeaderOrigin); origin != "" && !s.ours(origin, c.Context()) {
			return crossSite()
		}
		ctx, cancel, err := s.admit(c, rt, c.UserContext())
		if err != nil {
			return err
		}
		defer cancel()
		return h(c, ctx)
	})
}

func (s *Server) route(method, path string, a access) *route {
	name := method + " " + path
	a.check(name)
	rt := &route{name: name, access: a, stats: s.metrics.forRoute(method, path)}
	s.routes = append(s.routes, rt)
	return rt
}

// handlerName is the name of a handler method: placeOrder.
func handlerName(h any) string {
	name := runtime.FuncForPC(reflect.ValueOf(h).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndex(name, ".")+1:], "-fm")
	return name
}

// words makes "Place order" of "placeOrder".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			b.WriteRune(unicode.ToUpper(r))
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func security(a access) []map[string][]string {
	switch a.kind {
	case forGuests:
		return nil
	case forPermission:
		return []map[string][]string{{"session": a.permissions()}}
	}
	return []map[string][]string{{"session": {}}}
}

func parameters(a access) []*huma.Param {
	if !a.keyed {
		return nil
	}
	most := longestKey
	return []*huma.Param{{Name: "Idempotency-Key", In: "header", Required: true,
		Description: "new for each thing to do, the same when it is sent again",
		Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &most}}}
}

func config(version string) huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schemas.RegisterTypeAlias(reflect.TypeFor[money.Optional](), reflect.TypeFor[*money.Amount]()) // an integer or null
	schemas.RegisterTypeAlias(reflect.TypeFor[money.OptionalRate](), reflect.TypeFor[*money.Rate]())
	schemas.RegisterTypeAlias(reflect.TypeFor[catalog.OptionalID](), reflect.TypeFor[*int64]())
	schemas.RegisterTypeAlias(reflect.TypeFor[db.OptionalTime](), reflect.TypeFor[*time.Time]())
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Onhand", Version: version,
				Description: "Order and stock management that a small shop hosts itself. Amounts are integers in the currency's minor unit, quantities integers, tax rates thousandths of a percent, times RFC 3339 in UTC. A query parameter that a route does not know is left alone; one that it knows is sent once, several values with commas between them."},
			Components: &huma.Components{
				Schemas: schemas,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "POST /session sets it. The scope is the permission that the route asks for."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
}

func (s *Server) marshalDocument() ([]byte, error) { return json.Marshal(s.api.OpenAPI()) }

// Document is the OpenAPI document of the API.
func (s *Server) Document() ([]byte, error) { return s.document() }
