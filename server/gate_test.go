package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"onhand/server"
)

func TestARouteWithoutAPermissionDoesNotStart(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(*server.Server){
		"none": (*server.Server).AddUndecided, "one that nobody can hold": (*server.Server).AddUnknown,
	} {
		t.Run(name, func(t *testing.T) {
			s := server.New(nil, server.Options{})
			defer func() {
				if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "has no permission") {
					t.Errorf("it starts: %v", p)
				}
			}()
			add(s)
		})
	}
}

func TestNobodyGetsInWithoutASession(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.owner()
	for route, permission := range s.server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if permission == "" {
			continue
		}
		path = strings.NewReplacer("{id}", "1", "{name}", "cleanup").Replace(path)
		s.guest().do(method, "/api/v1"+path, "").refuses(http.StatusUnauthorized, "unauthenticated")
		(&client{s: s, cookie: "made-up"}).do(method, "/api/v1"+path, "").refuses(http.StatusUnauthorized, "unauthenticated")
	}
}

func TestWritesOfAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	s := openWith(t, server.Options{PublicURL: address(t, "https://shop.example.com")})
	owner := s.owner()
	cookie := header{"Cookie": "onhand_session=" + owner.cookie, "Content-Type": "application/json"}
	n := 0
	try := func(with header) *reply {
		h := header{}
		for _, m := range []header{cookie, with} {
			for k, v := range m {
				h[k] = v
			}
		}
		n++
		return owner.send("POST", "/api/v1/locations", strings.NewReader(fmt.Sprintf(`{"name":"L%d"}`, n)), h)
	}
	for _, with := range []header{
		{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "file://" + s.host},
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
		{"Sec-Fetch-Site": "cross-site", "Origin": s.url}, {"Origin": "https://shop.example.com.evil.example"},
	} {
		try(with).refuses(http.StatusForbidden, "cross_site")
	}
	for _, with := range []header{{"Origin": s.url}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://shop.example.com"}} {
		try(with).is(http.StatusCreated)
	}
	guest := s.guest()
	guest.post("/api/v1/session", `{"email":"a","password":"b"}`, header{"Origin": "https://evil.example"}).refuses(http.StatusForbidden, "cross_site")
	guest.post("/api/v1/session", `{"email":"a","password":"b"}`).refuses(http.StatusUnauthorized, "bad_credentials")
}

func TestTheSameKeyDoesTheSameThingOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	key := header{"Idempotency-Key": "once"}
	first := owner.post("/api/v1/locations", `{"name":"Cellar"}`, key).is(http.StatusCreated)
	if again := owner.post("/api/v1/locations", `{"name":"Cellar"}`, key).is(http.StatusCreated); again.body != first.body {
		t.Errorf("the second answer is %s, the first was %s", again.body, first.body)
	}
	for _, path := range []string{"/api/v1/locations", "/api/v1/locations/", "/API/v1/Locations"} {
		owner.post(path, `{"name":"Attic"}`, key).refuses(http.StatusUnprocessableEntity, "key_reused")
	}
	owner.do("PATCH", "/api/v1/locations/1", `{"name":"Shop"}`, key).is(http.StatusOK) // a key is one route's and one record's
	owner.do("PATCH", "/api/v1/locations/2", `{"name":"Attic"}`, key).is(http.StatusOK)
	owner.do("PATCH", "/api/v1/locations/002", `{"name":"Loft"}`, key).refuses(http.StatusUnprocessableEntity, "key_reused")
}

func TestAFileSentTwiceUnderItsKeyIsOneImport(t *testing.T) {
	t.Parallel()
	owner := open(t).owner()
	upload := func(key string, fields ...string) *reply {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i := 0; i < len(fields); i += 2 {
			if err := w.WriteField(fields[i], fields[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		f, err := w.CreateFormFile("file", "products.csv")
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte("Type,Name,SKU,Regular price\nsimple,Tea,T1,2.50\n"))
		w.Close()
		return owner.post("/api/v1/imports", b.String(), header{
			"Content-Type": strings.Replace(w.FormDataContentType(), "multipart/form-data", "Multipart/Form-Data", 1), "Idempotency-Key": key})
	}
	first := upload("once", "kind", "products").is(http.StatusCreated)
	if again := upload("once", "kind", "products").is(http.StatusCreated); again.body != first.body {
		t.Errorf("the second answer is %s, the first was %s", again.body, first.body)
	}
	upload("once", "kind", "products", "mapping", `{"SKU":"SKU"}`).refuses(http.StatusUnprocessableEntity, "key_reused")
	if r := upload("other", "kind", "products").is(http.StatusCreated); r.body == first.body {
		t.Error("another key answers the same import")
	}
	if r := upload("third", "kind", "products", "more", "1"); !strings.Contains(r.body, `"location":"body.more"`) {
		t.Errorf("an unknown field: %s", r.body)
	}
	if r := upload("third", "kind", "products", "mapping", "{}", "mapping", "{}"); !strings.Contains(r.body, `"location":"body.mapping"`) {
		t.Errorf("a field sent twice: %s", r.body)
	}
}

func TestTheSetUpHappensOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest := s.guest()
	if r := guest.get("/api/v1/setup").is(http.StatusOK); !strings.Contains(r.body, `{"done":false}`) {
		t.Error(r.body)
	}
	guest.post("/api/v1/setup", strings.Replace(setupBody, "open sesame", "open barley", 1)).refuses(http.StatusForbidden, "bad_setup_token")
	guest.post("/api/v1/setup", strings.Replace(setupBody, "correct horse", "short", 1)).refuses(http.StatusUnprocessableEntity, "password_too_short").golden("setup_short_password")
	guest.post("/api/v1/setup", strings.Replace(setupBody, "EUR", "XXQ", 1)).refuses(http.StatusUnprocessableEntity, "unknown_currency")

	var together sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		together.Go(func() { statuses[i] = guest.post("/api/v1/setup", setupBody).StatusCode })
	}
	together.Wait()
	made := 0
	for _, status := range statuses {
		switch status {
		case http.StatusCreated:
			made++
		case http.StatusConflict, http.StatusForbidden: // after the one, or while its token was being spent
		default:
			t.Errorf("a racing set-up answers %d", status)
		}
	}
	if made != 1 {
		t.Errorf("%d of them made the shop", made)
	}
	if r := guest.get("/api/v1/setup"); !strings.Contains(r.body, `{"done":true}`) {
		t.Error(r.body)
	}
	guest.post("/api/v1/setup", strings.Replace(setupBody, "open sesame", "whatever", 1)).refuses(http.StatusConflict, "already_set_up")
}

func TestASessionBeginsAndEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	owner.get("/api/v1/session").is(http.StatusOK).golden("session")
	signedIn := s.guest().post("/api/v1/session", `{"email":" ANNA@example.com ","password":"correct horse"}`).is(http.StatusCreated)
	signedIn.golden("session")
	if c := signedIn.Header.Get("Set-Cookie"); !strings.HasSuffix(c, "; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax") {
		t.Errorf("cookie %s", c)
	}
	second := &client{s: s, cookie: signedIn.cookie()}
	out := second.do("DELETE", "/api/v1/session", "").is(http.StatusNoContent)
	if c := out.Header.Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
		t.Errorf("signing out leaves the cookie: %s", c)
	}
	second.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
	owner.get("/api/v1/session").is(http.StatusOK)

	s.clock.pass(29 * 24 * time.Hour)
	owner.get("/api/v1/session").is(http.StatusOK)
	s.clock.pass(29 * 24 * time.Hour) // used in between, it goes on
	owner.get("/api/v1/session").is(http.StatusOK)
	s.clock.pass(31 * 24 * time.Hour)
	owner.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
}

func TestSigningInAgainEndsTheOldSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	again := owner.post("/api/v1/session", `{"email":"anna@example.com","password":"correct horse"}`).is(http.StatusCreated)
	owner.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
	(&client{s: s, cookie: again.cookie()}).get("/api/v1/session").is(http.StatusOK)
}

func TestOverHTTPSTheCookieStaysThere(t *testing.T) {
	t.Parallel()
	s := openWith(t, server.Options{PublicURL: address(t, "https://shop.example.com")})
	r := s.guest().post("/api/v1/setup", setupBody).is(http.StatusCreated)
	if c := r.Header.Get("Set-Cookie"); !strings.Contains(c, "; Secure") {
		t.Errorf("cookie %s", c)
	}
	r.has("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
}

func TestGuessingPasswordsIsSlowedDownAndForgiven(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.owner()
	try := func(password string) *reply {
		return s.guest().post("/api/v1/session", `{"email":"anna@example.com","password":"`+password+`"}`)
	}
	for range 10 {
		try("wrong").refuses(http.StatusUnauthorized, "bad_credentials")
	}
	try("correct horse").refuses(http.StatusTooManyRequests, "throttled").has("Retry-After", "30")
	s.guest().post("/api/v1/session", `{"email":"ben@example.com","password":"x"}`).refuses(http.StatusUnauthorized, "bad_credentials")
	s.clock.pass(30 * time.Second)
	for range 3 { // a right password is no guess and costs nothing
		try("correct horse").is(http.StatusCreated)
	}
}
