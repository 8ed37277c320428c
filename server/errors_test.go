package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"onhand/server"
)

func TestEveryRefusalHasOneShape(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner, guest := s.owner(), s.guest()
	key := header{"Idempotency-Key": "k1"}
	for name, r := range map[string]*reply{
		"unknown_route":       guest.get("/api/v1/nothing"),
		"unknown_api":         guest.get("/api/nothing"),
		"unknown_method":      guest.do("DELETE", "/api/v1/products", ""),
		"strange_method":      guest.do("BREW", "/api/v1/products", ""),
		"not_signed_in":       guest.get("/api/v1/orders"),
		"no_such_record":      owner.get("/api/v1/products/99"),
		"bad_json":            owner.post("/api/v1/locations", `{"name":`),
		"no_body":             owner.post("/api/v1/locations", ""),
		"wrong_fields":        owner.post("/api/v1/locations", `{"Name":"x","more":1}`),
		"too_long":            owner.post("/api/v1/locations", `{"name":"`+strings.Repeat("x", 101)+`"}`),
		"wrong_types":         owner.post("/api/v1/orders", `{"channel":"boat","lines":[{"variantId":"one","quantity":0}]}`, key),
		"wrong_query":         owner.get("/api/v1/products?limit=0&after=%21"),
		"bad_cursor":          owner.get("/api/v1/products?after=bad"),
		"key_required":        owner.post("/api/v1/orders", `{"channel":"counter","lines":[{"variantId":1,"quantity":1}]}`),
		"bad_key":             owner.post("/api/v1/orders", `{}`, header{"Idempotency-Key": strings.Repeat("k", 201)}),
		"bad_credentials":     guest.post("/api/v1/session", `{"email":"anna@example.com","password":"wrong horse"}`),
		"already_set_up":      guest.post("/api/v1/setup", setupBody),
		"plain_text":          owner.post("/api/v1/locations", `name=x`, header{"Content-Type": "text/plain"}),
		"encoded":             owner.post("/api/v1/locations", `{"name":"x"}`, header{"Content-Encoding": "gzip"}),
		"cross_site":          owner.post("/api/v1/locations", `{"name":"x"}`, header{"Sec-Fetch-Site": "cross-site"}),
		"missing_asset":       guest.get("/_app/immutable/gone.js"),
		"no_websocket":        owner.get("/api/v1/live"),
		"too_large":           owner.post("/api/v1/locations", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`),
		"unknown_job":         owner.post("/api/v1/jobs/nothing/run", ""),
		"repeated_query":      owner.get("/api/v1/orders?status=placed&status=draft&x=1&x=2"),
		"name_taken":          owner.post("/api/v1/locations", `{"name":"MAIN store"}`),
		"unfit_number":        owner.post("/api/v1/orders", `{"channel":"counter","lines":[{"variantId":1,"quantity":1},{"variantId":9223372036854775808,"quantity":1}]}`, key),
		"field_of_setup_room": guest.post("/api/v1/session", `{"email":"a","password":1}`),
	} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			r.refuses(r.StatusCode, codeOf(r))
			r.golden("problem_" + name)
		})
	}
}

func codeOf(r *reply) string {
	_, after, _ := strings.Cut(r.body, `"code":"`)
	code, _, _ := strings.Cut(after, `"`)
	return code
}

func TestNothingOfAnUnexpectedErrorLeaves(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(context.Context) error{
		"error": func(context.Context) error { return errors.New("secret table is broken") },
		"panic": func(context.Context) error { panic("secret pointer is nil") },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, func(s *server.Server) { s.AddRoute("/fails", fail) })
			r := s.guest().get("/api/v1/fails").refuses(http.StatusInternalServerError, "internal")
			if strings.Contains(r.body, "secret") {
				t.Errorf("it tells too much: %s", r.body)
			}
			r.has("X-Content-Type-Options", "nosniff")
			if n := strings.Count(s.log.String(), "secret"); n != 1 {
				t.Errorf("the log has the reason %d times, want once:\n%s", n, s.log)
			}
		})
	}
}

func TestAPasswordIsNeverRepeated(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, body := range []string{
		`{"email":3,"password":"hunter2hunter2"}`, `{"email":"a","password":["hunter2hunter2"]}`,
		`{"email":"a","password":"hunter2hunter2","x":1}`, `{"email":"a","password":"hunter2hunter2"`,
	} {
		if r := s.guest().post("/api/v1/session", body); strings.Contains(r.body, "hunter2") {
			t.Errorf("%s is answered with %s", body, r.body)
		}
	}
	if strings.Contains(s.log.String(), "hunter2") {
		t.Error("the log has the password")
	}
}

func TestBrokenJSONIsRefusedWhole(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	for name, body := range map[string]string{
		"deep": strings.Repeat("[", 100_000), "not a number": `{"name":NaN}`, "too great": `{"name":1e400}`, "half a pair": `{"name":"\ud800"}`,
		"wrong half": `{"name":"\udc00\ud800"}`, "no UTF-8": "{\"name\":\"\xff\"}", "nothing": ` `, "two": `{"name":"a"} {"name":"b"}`, "NUL": "{\"name\":\"\x00\"}",
	} {
		t.Run(name, func(t *testing.T) {
			r := owner.post("/api/v1/locations", body)
			r.t = t
			r.refuses(http.StatusBadRequest, "bad_json")
		})
	}
	owner.post("/api/v1/locations", `{"name":"a\u0000b"}`).refuses(http.StatusUnprocessableEntity, "bad_text")
	owner.post("/api/v1/locations", `{"name":"\ud83d\ude00 \\ud800"}`).is(http.StatusCreated)
}

func TestHeadersThatAreTooLargeAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.guest().get("/api/v1/setup", header{"X-Large": strings.Repeat("x", 64<<10)})
	r.refuses(http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
	r.has("X-Content-Type-Options", "nosniff")
}

func TestABodyThatSaysNothingOfItsLengthIsLimitedToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	body := struct{ *strings.Reader }{strings.NewReader(`{"name":"` + strings.Repeat("x", 1<<20) + `"}`)} // its type hides the length
	owner.send("POST", "/api/v1/locations", body, header{"Content-Type": "application/json", "Cookie": "onhand_session=" + owner.cookie, "Origin": s.url}).
		refuses(http.StatusRequestEntityTooLarge, "too_large")
}

func TestARefusalDoesNotWaitForTheBody(t *testing.T) {
	t.Parallel()
	s := open(t)
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/products HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{", s.host)
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusUnauthorized || !r.Close {
		t.Errorf("answers %d, closes %v; want 401 on a connection that closes", r.StatusCode, r.Close)
	}
}

func TestAnUnreadBodyIsNotTakenForTheNextRequest(t *testing.T) {
	t.Parallel()
	s := open(t)
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hidden := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	fmt.Fprintf(conn, "POST /api/v1/products HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", s.host, len(hidden), hidden)
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(conn)
	r, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if second, err := http.ReadResponse(in, nil); err == nil {
		t.Errorf("the body was answered as a request: %s", second.Status)
	}
}

func TestANumberThatDoesNotFitIsNamed(t *testing.T) {
	t.Parallel()
	owner := open(t).owner()
	for body, place := range map[string]string{
		`{"channel":"counter","lines":[{"variantId":1,"quantity":1.0}]}`:                                         "body.lines[0].quantity",
		`{"channel":"counter","note":"a","lines":[{"variantId":1,"quantity":1},{"variantId":1,"quantity":1e2}]}`: "body.lines[1].quantity",
		`{"lines":[{"variantId":1,"quantity":1}],"channel":"counter","customerId":9223372036854775808}`:          "body.customerId",
		`{"lines":[{"variantId":1,"quantity":1}],"channel":"counter","customerId":1.0,"note":""}`:                "body.customerId",
	} {
		r := owner.post("/api/v1/orders", body, header{"Idempotency-Key": "k"})
		if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.body, `"location":"`+place+`"`) {
			t.Errorf("%s answers %d %s", body, r.StatusCode, r.body)
		}
	}
}

func TestAnUploadThatIsTooLargeIsToldSo(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const size = 40 << 20
	fmt.Fprintf(conn, "POST /api/v1/imports HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: onhand_session=%s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", s.host, s.url, owner.cookie, size)
	if _, err := io.WriteString(conn, strings.Repeat("x", size)); err != nil { // a browser sends all before it listens
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("answers %s", r.Status)
	}
}

func TestJSONIsKnownInAnySpelling(t *testing.T) {
	t.Parallel()
	owner := open(t).owner()
	owner.post("/api/v1/locations", `{"name":"Cellar"}`, header{"Content-Type": "Application/JSON; Charset=UTF-8"}).is(http.StatusCreated)
}

func TestWhatAnswersGETAnswersHEAD(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	for path, status := range map[string]int{"/api/v1/setup": 200, "/api/v1/locations": 200, "/api/v1/products/9": 404, "/api/v1/nothing": 404, "/api/openapi.json": 200, "/api/v1/live": 426} {
		got, head := owner.get(path), owner.do("HEAD", path, "")
		if head.is(status).body != "" || head.ContentLength != int64(len(got.body)) || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") {
			t.Errorf("HEAD %s answers %q, %d bytes of %s", path, head.body, head.ContentLength, head.Header.Get("Content-Type"))
		}
	}
	s.guest().do("HEAD", "/api/v1/locations", "").is(http.StatusUnauthorized)
}
