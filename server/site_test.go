package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"onhand/server"
)

func TestPagesAreServedAsABrowserWantsThem(t *testing.T) {
	t.Parallel()
	c := open(t).guest()
	const immutable, revalidate = "public, max-age=31536000, immutable", "no-cache"
	page := header{"Accept": "text/html,*/*"}
	for _, tc := range []struct {
		path, body, cache, kind string
		headers                 header
	}{
		{"/", "", revalidate, "text/html; charset=utf-8", page},
		{"/staff/orders", "", revalidate, "text/html; charset=utf-8", page},
		{"/staff/sku/AB.12", "", revalidate, "text/html; charset=utf-8", nil},
		{"/staff/sku/photo.png", "", revalidate, "text/html; charset=utf-8", page},
		{"/track/abc", "", revalidate, "text/html; charset=utf-8", nil},
		{"/icon.svg", "<svg/>", revalidate, "image/svg+xml", nil},
		{"/_app/immutable/start.abc.js", "start()", immutable, "text/javascript; charset=utf-8", nil},
		{"/_app/version.json", "{}", revalidate, "application/json", nil},
	} {
		r := c.get(tc.path, tc.headers).is(http.StatusOK)
		r.has("Cache-Control", tc.cache)
		r.has("Content-Type", tc.kind)
		r.has("X-Content-Type-Options", "nosniff")
		if tc.body != "" && r.body != tc.body || tc.body == "" && !strings.Contains(r.body, "boot()") {
			t.Errorf("%s is %s", tc.path, r.body)
		}
	}
	for _, path := range []string{"/_app/immutable/gone.js", "/_app/", "/_app", "/images/gone.png", "/gone.js", "/favicon.ico", "/.gitkeep", "/index.html.br", "/index.html.gz"} {
		r := c.get(path)
		r.refuses(http.StatusNotFound, "not_found").has("Cache-Control", "no-store")
	}
	c.do("POST", "/staff", "{}").refuses(http.StatusMethodNotAllowed, "method_not_allowed").has("Allow", "GET, HEAD")
	if r := c.do("HEAD", "/", "").is(http.StatusOK); r.body != "" || r.ContentLength <= 0 {
		t.Errorf("HEAD / answers %q, length %d", r.body, r.ContentLength)
	}
}

func TestPagesTravelPackedAndOnlyWhenTheyChanged(t *testing.T) {
	t.Parallel()
	c := open(t).guest()
	for accept, want := range map[string]string{
		"gzip, deflate, br": "br", "gzip": "gzip", "br;q=0, gzip;q=0.5": "gzip", "br;q=0.0": "", "identity": "", "": "",
	} {
		r := c.get("/", header{"Accept-Encoding": accept}).is(http.StatusOK)
		r.has("Content-Encoding", want)
		r.has("Vary", "Accept-Encoding")
		tag := r.Header.Get("ETag")
		again := c.get("/", header{"Accept-Encoding": accept, "If-None-Match": tag}).is(http.StatusNotModified)
		if again.body != "" || tag == "" {
			t.Errorf("%s: a page that did not change is sent again", accept)
		}
		c.get("/", header{"Accept-Encoding": accept, "If-None-Match": `"other"`}).is(http.StatusOK)
	}
}

func TestOnlyThePagesOwnScriptsRun(t *testing.T) {
	t.Parallel()
	c := open(t).guest()
	policy := c.get("/").Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self' 'sha256-MeZS89WlF0u+o0hCvHTBt4q1WHU+U+sJKgbdRUc36mY='", "frame-ancestors 'none'", "connect-src 'self'", "frame-src 'self'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "script-src 'self' 'unsafe-inline'") {
		t.Errorf("the policy lets anything run: %s", policy)
	}
	c.get("/api/v1/setup").has("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	c.get("/api/v1/setup").has("Cache-Control", "no-store")
}

func TestWithoutPagesTheServerSaysHowToGetThem(t *testing.T) {
	t.Parallel()
	s := server.New(nil, server.Options{})
	req, err := http.NewRequest("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b := make([]byte, 1000)
	n, _ := res.Body.Read(b)
	if !strings.Contains(string(b[:n]), "make run") {
		t.Errorf("it says %s", b[:n])
	}
}

func TestTheDocsNeedNoOtherSite(t *testing.T) {
	t.Parallel()
	c := open(t).guest()
	page := c.get("/api/docs").is(http.StatusOK)
	page.has("Content-Type", "text/html; charset=utf-8")
	for _, file := range regexp.MustCompile(`/api/docs/[a-z.]+`).FindAllString(page.body, -1) {
		c.get(file).is(http.StatusOK)
	}
	c.get("/api/docs/gone.js").refuses(http.StatusNotFound, "not_found")
	files, err := filepath.Glob("docs/*")
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(https?:)?//[a-z]`).Match(b) && !regexp.MustCompile(`^//`).Match(b) {
			t.Errorf("%s names another site", file)
		}
	}
}

func TestTheDocumentNamesEveryRouteOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	var document struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Summary     string                `json:"summary"`
			Security    []map[string][]string `json:"security"`
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(s.guest().get("/api/openapi.json").is(http.StatusOK).body), &document); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Errorf("the document is OpenAPI %s", document.OpenAPI)
	}
	routes := s.server.Routes()
	for _, raw := range []string{"GET /live", "GET /emails/{id}/html", "GET /settings/logo", "GET /unsubscribe/{token}"} { // no operations: a socket, a page, a picture
		delete(routes, raw)
	}
	for path, methods := range document.Paths {
		for method, op := range methods {
			route := strings.ToUpper(method) + " " + strings.TrimPrefix(path, "/api/v1")
			permission, ok := routes[route]
			delete(routes, route)
			if !ok || op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s: %+v", route, op)
			}
			if permission != "" && (len(op.Security) != 1 || op.Security[0]["session"][0] != permission) {
				t.Errorf("%s asks for %s, the document says %v", route, permission, op.Security)
			}
		}
	}
	if len(routes) > 0 {
		t.Errorf("the document lacks %v", routes)
	}
}

func TestProbesAndMetricsAnswer(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.owner()
	c.get("/healthz").is(http.StatusOK)
	c.get("/readyz").is(http.StatusOK)
	r := c.get("/metrics").is(http.StatusOK)
	for _, name := range []string{`onhand_http_requests_total{method="POST",route="/setup",status="2xx"} 1`, "onhand_commits_total", "onhand_live_sockets 0"} {
		if !strings.Contains(r.body, name) {
			t.Errorf("the metrics lack %s", name)
		}
	}
	c.get("/metrics", header{"X-Forwarded-For": "203.0.113.9"}).refuses(http.StatusNotFound, "not_found")
}
