package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/tasks"
	"onhand/server"
)

var update = flag.Bool("update", false, "write the golden files anew")

const setupBody = `{"token":"open sesame","shop":{"name":"Corner Shop","currency":"EUR","timeZone":"Europe/Berlin"},
	"owner":{"name":"Anna","email":"anna@example.com","password":"correct horse"},"location":{"name":"Main store"}}`

// shop is a server on a real file and a real port.
type shop struct {
	t      *testing.T
	db     *db.DB
	server *server.Server
	url    string
	host   string
	clock  *clock
	log    *locked
	served chan error
	signed *client // the owner, after setUp
	last   int64   // the last event of the set-up
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// locked lets a test read a log while the server writes it.
type locked struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

var site = fstest.MapFS{
	"index.html":                  {Data: []byte("<!doctype html><script src=\"/theme.js\"></script><script>boot()</script>")},
	"index.html.br":               {Data: []byte("brotli index")},
	"index.html.gz":               {Data: []byte("gzip index")},
	".gitkeep":                    {},
	"icon.svg":                    {Data: []byte("<svg/>")},
	"_app/immutable/start.abc.js": {Data: []byte("start()")},
	"_app/version.json":           {Data: []byte("{}")},
}

// open starts an empty shop; before runs on the server before it serves.
func open(t *testing.T, before ...func(*server.Server)) *shop {
	t.Helper()
	return openWith(t, server.Options{}, before...)
}

func openWith(t *testing.T, o server.Options, before ...func(*server.Server)) *shop {
	t.Helper()
	s := &shop{t: t, clock: &clock{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}, log: new(locked), served: make(chan error, 1)}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	var err error
	if s.db, err = db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: s.clock.Now, Log: log}); err != nil {
		t.Fatal(err)
	}
	o.Version, o.SetupToken, o.Site, o.Log, o.Jobs = "test", "open sesame", site, log, timetable{}
	s.server = server.New(s.db, o)
	for _, f := range before {
		f(s.server)
	}
	ln, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host = ln.Addr().String()
	s.url = "http://" + s.host
	go func() { s.served <- s.server.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.server.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := s.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// timetable stands for the jobs, which the server knows by an interface only.
type timetable struct{}

func (timetable) Timetable(context.Context) ([]tasks.Planned, error) {
	return []tasks.Planned{{Name: "cleanup", Schedule: "17 * * * *", Next: []db.Time{1, 2, 3, 4, 5}}}, nil
}

func (timetable) Run(_ context.Context, name string) (*tasks.Run, error) {
	if name != "cleanup" {
		return nil, db.NotFound("job")
	}
	return &tasks.Run{ID: 1, Job: name, Outcome: "done"}, nil
}

// client is one browser; its cookie is sent by hand, so that a test sees it.
type client struct {
	s      *shop
	cookie string
}

func (s *shop) guest() *client { return &client{s: s} }

// owner sets the shop up and is signed in.
func (s *shop) owner() *client {
	s.t.Helper()
	c := s.guest()
	r := c.post("/api/v1/setup", setupBody)
	r.is(http.StatusCreated)
	c.cookie = r.cookie()
	return c
}

// setUp is owner for tests of the socket, which need to know the last event, too.
func (s *shop) setUp() *shop {
	s.t.Helper()
	s.signed = s.owner()
	_, last, err := db.EventRange(context.Background(), s.db)
	if err != nil {
		s.t.Fatal(err)
	}
	s.last = last
	return s
}

type header = map[string]string

func (c *client) do(method, path, body string, headers ...header) *reply {
	c.s.t.Helper()
	all := header{"X-Request-Id": "test"}
	if c.cookie != "" {
		all["Cookie"] = "onhand_session=" + c.cookie
		all["Sec-Fetch-Site"] = "same-origin"
	}
	if body != "" {
		all["Content-Type"] = "application/json"
	}
	for _, h := range headers {
		maps.Copy(all, h)
	}
	return c.send(method, path, strings.NewReader(body), all)
}

func (c *client) send(method, path string, body io.Reader, headers header) *reply {
	c.s.t.Helper()
	req, err := http.NewRequest(method, c.s.url+path, body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	if v := req.Header.Get("Host"); v != "" {
		req.Host = v
	}
	res, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		c.s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	return &reply{t: c.s.t, what: method + " " + path, Response: res, body: string(b)}
}

func (c *client) get(path string, headers ...header) *reply { return c.do("GET", path, "", headers...) }

func (c *client) post(path, body string, headers ...header) *reply {
	return c.do("POST", path, body, headers...)
}

type reply struct {
	t    *testing.T
	what string
	*http.Response
	body string
}

func (r *reply) is(status int) *reply {
	r.t.Helper()
	if r.StatusCode != status {
		r.t.Fatalf("%s answers %d, want %d: %.1000s", r.what, r.StatusCode, status, r.body)
	}
	return r
}

// refuses asserts a refusal in the one shape that refusals have.
func (r *reply) refuses(status int, code string) *reply {
	r.t.Helper()
	r.is(status)
	var p server.Problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		r.t.Fatalf("%s answers no problem: %s", r.what, r.body)
	}
	if p.Code != code || p.Status != status || p.Type != "about:blank" || p.Title == "" || p.Detail == "" || p.RequestID == "" {
		r.t.Errorf("%s answers %s, want code %s", r.what, r.body, code)
	}
	if ct := r.Header.Get("Content-Type"); ct != "application/problem+json" {
		r.t.Errorf("%s answers a problem as %q", r.what, ct)
	}
	return r
}

func (r *reply) cookie() string {
	r.t.Helper()
	for _, c := range r.Cookies() {
		if c.Name == "onhand_session" {
			return c.Value
		}
	}
	r.t.Fatalf("%s sets no cookie", r.what)
	return ""
}

func (r *reply) has(name, value string) {
	r.t.Helper()
	if got := r.Header.Get(name); got != value {
		r.t.Errorf("%s: %s is %q, want %q", r.what, name, got, value)
	}
}

// golden compares a body with testdata/name.json.
func (r *reply) golden(name string) {
	r.t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(r.body), "", "  "); err != nil {
		r.t.Fatalf("%s: %v: %s", r.what, err, r.body)
	}
	got := strings.TrimSpace(pretty.String()) + "\n"
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		r.t.Errorf("%s (-want +got):\n%s", r.what, d)
	}
}

func address(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
