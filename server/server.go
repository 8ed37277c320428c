// Package server is the shop's door: HTTP, the API and its permissions, live messages, and the pages.
package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/staff"
	"onhand/db/tasks"
)

// How long a client may take, so that a slow one holds nobody up.
const (
	readTimeout  = 15 * time.Second // of a whole request
	writeTimeout = 30 * time.Second // of a whole reply
	idleTimeout  = 60 * time.Second // between two requests
	workTimeout  = 15 * time.Second // of a handler
	uploadTime   = 2 * time.Minute  // of a handler that takes or works through a file
	exportTime   = 2 * time.Minute  // of a handler that makes a workbook
	jobTime      = 5 * time.Minute  // of a job run by hand
	bulkTime     = 25 * time.Second // of a handler that moves many records, one by one
	testTime     = 40 * time.Second // of a mail that tries the settings
	lastWords    = 2 * time.Second  // of a client that is still sending when the server stops
	answerTime   = 10 * time.Second // of a handler at work when the server stops
	headerLimit  = 8 << 10          // bytes
)

// The largest body of a request, in bytes.
const (
	jsonLimit   = 1 << 20
	uploadLimit = 32 << 20
)

// Jobs is what the server asks of the timetable.
type Jobs interface {
	// Timetable is the jobs in their order, with when they run next.
	Timetable(ctx context.Context) ([]tasks.Planned, error)
	// Run runs one now and answers when it is done.
	Run(ctx context.Context, name string) (*tasks.Run, error)
}

// Options are what main decides for the server.
type Options struct {
	Version string
	// PublicURL is where people reach the shop, when that is not the address it listens on: a proxy stands in front.
	PublicURL *url.URL
	// SetupToken opens the set-up; empty closes it.
	SetupToken string
	// Site holds the compiled pages.
	Site fs.FS
	Log  *slog.Logger
	Jobs Jobs
	Mail Mail
}

// Server answers requests for one open shop.
type Server struct {
	db       *db.DB
	options  Options
	log      *slog.Logger
	sessions *staff.Sessions
	setup    *setupToken
	hub      *hub
	metrics  *metrics
	site     *site
	secure   bool // cookies travel over HTTPS only
	times    socketTimes
	workTime time.Duration // of a handler

	app    *fiber.App
	api    huma.API
	routes []*route
	conns  atomic.Pointer[conns] // of the listener

	document     func() ([]byte, error)
	stopHearing  func()
	closing      sync.Once
	closingError error
}

// New makes the server of an open shop. It panics when a route has no permission. A nil d makes one that can only
// print its document.
func New(d *db.DB, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{db: d, options: o, log: o.Log, hub: newHub(), times: usualTimes, workTime: workTimeout, secure: o.PublicURL != nil && o.PublicURL.Scheme == "https"}
	s.metrics = newMetrics(s)
	s.site = newSite(o.Site)
	s.setup = newSetupToken(o.SetupToken)
	s.app = fiber.New(fiber.Config{
		AppName:                      "Onhand",
		DisableStartupMessage:        true,
		Immutable:                    true, // Fiber reuses a request's memory; what we keep must be ours
		StreamRequestBody:            true, // so that a route decides before a body is read, and how much of it
		DisablePreParseMultipartForm: true,
		BodyLimit:                    1, // with streaming: what is read before the route is asked
		ReadBufferSize:               headerLimit,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		ErrorHandler:                 s.refuse,
	})
	s.app.Server().Handler = s.entry(s.app.Server().Handler)
	s.api = humafiber.New(s.app, config(o.Version))
	s.document = sync.OnceValues(s.marshalDocument)
	if d != nil {
		s.sessions = staff.NewSessions(d, s.hub.endSession)
		s.stopHearing = d.Listen(s.hub.publish)
	}
	s.routeAll()
	return s
}

// Listen opens an address such as 127.0.0.1:8080. It says plainly when the address is taken.
func Listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with --addr", addr, reason(err))
	}
	return listener{ln, &conns{open: map[*lingering]struct{}{}}}, nil
}

// reason is what the operating system says, without Go's wrapping.
func reason(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// Serve answers until Close. It returns nil after a Close.
func (s *Server) Serve(ln net.Listener) error {
	if l, ok := ln.(listener); ok {
		s.conns.Store(l.conns)
	}
	return s.app.Listener(ln)
}

// Close stops in order: no new connections, no new sockets and the open ones closed, then the requests under way are
// finished. Who is still sending has lastWords, who is being answered answerTime or as long as ctx lasts; whatever is
// open then is cut. The shop stays open.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- s.app.ShutdownWithContext(ctx) }()
		if s.stopHearing != nil {
			s.stopHearing()
		}
		open := s.conns.Load()
		if open != nil {
			open.stopReading(time.Now().Add(lastWords))
		}
		sockets := s.hub.close(ctx)
		stopped := <-done
		if open != nil && errors.Is(stopped, context.DeadlineExceeded) {
			s.log.Warn("connections were cut to stop in time", "connections", open.cut())
			stopped = nil
		}
		s.closingError = errors.Join(sockets, stopped)
	})
	return s.closingError
}

// setupToken is the secret that opens the set-up, kept only as its hash, and only until the shop is set up.
type setupToken struct {
	mu   sync.Mutex
	hash *auth.Hash
}

func newSetupToken(token string) *setupToken {
	t := new(setupToken)
	if token != "" {
		h := auth.HashToken(token)
		t.hash = &h
	}
	return t
}

func (t *setupToken) is(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hash != nil && t.hash.Is(token)
}

func (t *setupToken) spend() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hash = nil
}
