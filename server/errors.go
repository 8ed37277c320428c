package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"onhand/db"
)

// Problem is how every refusal leaves: RFC 9457, with a code that clients word in the person's language.
type Problem struct {
	Type   string `json:"type" doc:"about:blank: the code says more"`
	Title  string `json:"title" doc:"the status in words"`
	Status int    `json:"status"`
	Detail string `json:"detail" doc:"one plain English sentence: what is wrong, what to do"`
	Code   string `json:"code" doc:"stable; word it in the person's language"`
	// Params are the figures and names of the detail.
	Params    map[string]any  `json:"params,omitempty" doc:"the figures and names of the detail"`
	Errors    []ProblemDetail `json:"errors,omitempty"`
	RequestID string          `json:"requestId" doc:"names this request in the log"`

	retryAfter int // seconds
}

// ProblemDetail is what is wrong at one place of the request.
type ProblemDetail struct {
	Location string         `json:"location" doc:"such as body.lines[0].quantity"`
	Message  string         `json:"message"`
	Code     string         `json:"code"`
	Params   map[string]any `json:"params,omitempty"`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the format; huma asks for it.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are sent along; huma asks for them.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
}

var _ huma.StatusError = (*Problem)(nil)

// statuses is the one place that maps kinds of refusal to HTTP.
var statuses = map[db.Kind]int{
	db.Invalid:         http.StatusUnprocessableEntity,
	db.BadRequest:      http.StatusBadRequest,
	db.Unauthenticated: http.StatusUnauthorized,
	db.Forbidden:       http.StatusForbidden,
	db.Missing:         http.StatusNotFound,
	db.Conflict:        http.StatusConflict,
	db.TooLarge:        http.StatusRequestEntityTooLarge,
	db.Throttled:       http.StatusTooManyRequests,
	db.Unavailable:     http.StatusServiceUnavailable,
	db.Full:            http.StatusInsufficientStorage,
}

// refusals are those that come before any room is asked, by status.
var refusals = map[int]struct{ code, detail string }{
	http.StatusBadRequest:                  {"bad_request", "This request cannot be read."},
	http.StatusNotFound:                    {"not_found", "There is nothing at this address."},
	http.StatusMethodNotAllowed:            {"method_not_allowed", "This address does not answer this method."},
	http.StatusRequestTimeout:              {"request_timeout", "The request took too long to arrive. Send it again."},
	http.StatusLengthRequired:              {"length_required", "Send the length of the upload (Content-Length)."},
	http.StatusRequestEntityTooLarge:       {"too_large", "This is more than one request may carry."},
	http.StatusUnsupportedMediaType:        {"unsupported_media_type", "Send JSON (Content-Type: application/json), not encoded."},
	http.StatusUnprocessableEntity:         {"invalid", "Some of this cannot be accepted. See the errors."},
	http.StatusUpgradeRequired:             {"upgrade_required", "This address speaks websocket only."},
	http.StatusRequestHeaderFieldsTooLarge: {"headers_too_large", "The headers of this request are too large. Clear the cookies of this site."},
	http.StatusInternalServerError:         {"internal", "Something went wrong on our side. It is in the log under the request's id."},
}

func refusal(status int) *Problem {
	r, ok := refusals[status]
	switch {
	case ok:
	case status >= 400 && status < 500, status == http.StatusBadGateway: // Fiber's word for a client that went away
		status = http.StatusBadRequest
	default:
		status = http.StatusInternalServerError
	}
	if !ok {
		r = refusals[status]
	}
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: r.code, Detail: r.detail}
}

// problem turns an error into what leaves. What is no refusal of ours is a bug: it is logged here, once, and
// nothing of it leaves.
func (s *Server) problem(r *request, err error) *Problem {
	p := problemOf(err)
	p.RequestID = r.id
	if p.Status == http.StatusInternalServerError {
		s.log.Error("request failed", "request", r.id, "route", r.name(), "error", err)
	}
	return p
}

func problemOf(err error) *Problem {
	var p *Problem
	var refused *db.Error
	var f *fiber.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refused):
		return refusedBy(refused)
	case errors.As(err, &f):
		return refusal(f.Code)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return refusedBy(db.Errorf(db.Unavailable, "too_slow", "That took too long. Try again in a moment."))
	}
	return refusal(http.StatusInternalServerError)
}

func refusedBy(e *db.Error) *Problem {
	p := &Problem{Type: "about:blank", Detail: e.Message, Code: e.Code, Params: e.Params}
	p.Status = statuses[e.Kind]
	if p.Status == 0 {
		return refusal(http.StatusInternalServerError)
	}
	p.Title = http.StatusText(p.Status)
	for _, one := range append([]*db.Error{e}, e.Also...) {
		if one.Field != "" {
			p.Errors = append(p.Errors, ProblemDetail{Location: location(one.Field), Message: one.Message, Code: one.Code, Params: one.Params})
		}
	}
	switch e.Kind {
	case db.Throttled, db.Unavailable, db.Full:
		p.retryAfter = 1
		if seconds, ok := e.Params["retryAfter"].(int); ok {
			p.retryAfter = seconds
		}
	}
	return p
}

// location is where a field of an input stands in the request. Rooms know only their input, which is the body.
func location(field string) string {
	for _, part := range []string{"query.", "path.", "header.", "body."} {
		if strings.HasPrefix(field, part) {
			return field
		}
	}
	return "body." + field
}

// fail writes a refusal from below huma.
func (s *Server) fail(c *fasthttp.RequestCtx, err error) {
	p := s.problem(requestIn(c), err)
	b, jsonErr := json.Marshal(p)
	if jsonErr != nil {
		b = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal"}`)
	}
	c.Response.ResetBody()
	c.SetStatusCode(p.Status)
	c.SetContentType("application/problem+json")
	for name, values := range p.GetHeaders() {
		c.Response.Header.Set(name, values[0])
	}
	c.SetBody(b)
}

// refuse is Fiber's error handler: no route, no method, headers too large, a request that cannot be read.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	s.begin(c.Context()) // these come past the entry
	s.fail(c.Context(), err)
	return nil
}

func init() {
	// huma would send unknown errors and rejected values, passwords among them, to the client.
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := invalid(status, msg, errs)
		if r := requestOf(ctx.Context()); r != nil {
			p.RequestID = r.id
		}
		return p
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { return invalid(status, msg, errs) }
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
}

// invalid words huma's validation. Only places and rules leave, never values.
func invalid(status int, msg string, errs []error) *Problem {
	if status == http.StatusInternalServerError && msg == "cannot read request body" {
		status = http.StatusBadRequest // the client went away or sent less than it said
	}
	p := refusal(status)
	for _, err := range errs {
		var refused *db.Error
		var d *huma.ErrorDetail
		switch {
		case errors.As(err, &refused):
			p.Errors = append(p.Errors, ProblemDetail{Location: location(refused.Field), Message: refused.Message, Code: refused.Code})
		case errors.As(err, &d):
			p.Errors = append(p.Errors, detail(d))
		}
	}
	// huma walks unknown fields in no order.
	slices.SortStableFunc(p.Errors, func(a, b ProblemDetail) int { return strings.Compare(a.Location, b.Location) })
	if status == http.StatusBadRequest {
		switch {
		case strings.Contains(msg, "body is required"):
			p.Code, p.Detail = "body_required", "This request needs a body of JSON."
		case len(p.Errors) > 0:
			p.Code, p.Detail, p.Errors = "bad_json", "The body is not JSON that can be read.", nil
		}
	}
	if p.Code == "invalid" && len(p.Errors) == 1 {
		p.Detail = fmt.Sprintf("%s (%s)", p.Errors[0].Message, p.Errors[0].Location)
	}
	return p
}

// place is where huma found a fault, in our words: the fields of a form are its body.
func place(location string) string {
	switch head, rest, _ := strings.Cut(location, "."); head {
	case "body", "query", "path", "header", "cookie":
		return location
	case "form":
		return "body." + rest
	}
	return "body." + location
}

func detail(d *huma.ErrorDetail) ProblemDetail {
	d.Location = place(d.Location)
	var name string
	if n, _ := fmt.Sscanf(d.Message, "expected required property %s to be present", &name); n == 1 {
		return ProblemDetail{Location: d.Location + "." + name, Message: "This is needed.", Code: "required"}
	}
	var most int
	if n, _ := fmt.Sscanf(d.Message, "expected length <= %d", &most); n == 1 {
		return ProblemDetail{Location: d.Location, Message: fmt.Sprintf("This is too long: at most %d characters fit.", most), Code: "too_long", Params: map[string]any{"max": most}}
	}
	if at, ok := strings.CutPrefix(d.Message, unfitAt); ok {
		return ProblemDetail{Location: "body." + at, Message: "This does not fit here. Send a whole number without a point or exponent, and not beyond 64 bits.", Code: "invalid"}
	}
	switch {
	case strings.HasPrefix(d.Message, "cannot read multipart form"):
		return ProblemDetail{Location: d.Location, Message: "The upload broke off. Send the file again.", Code: "broken_upload"}
	case d.Message == "unexpected property":
		return ProblemDetail{Location: d.Location, Message: "There is no such field.", Code: "unknown_field"}
	case strings.HasPrefix(d.Message, "required "), d.Message == "File required", d.Message == "At least one file is required":
		return ProblemDetail{Location: d.Location, Message: "This is needed.", Code: "required"}
	case strings.HasPrefix(d.Message, "expected "), strings.HasPrefix(d.Message, "invalid integer"), strings.HasPrefix(d.Message, "invalid boolean"):
		rule, _, _ := strings.Cut(d.Message, ": ") // what follows repeats the value
		rule = exponent.ReplaceAllStringFunc(rule, written)
		return ProblemDetail{Location: d.Location, Message: strings.ToUpper(rule[:1]) + rule[1:] + ".", Code: "invalid"}
	}
	return ProblemDetail{Location: d.Location, Message: "This cannot be read.", Code: "invalid"}
}

// exponent finds the numbers that huma writes as 1e+09.
var exponent = regexp.MustCompile(`[0-9.]+e\+[0-9]+`)

// written is such a number in figures.
func written(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
