package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"onhand/db/auth"
	"onhand/server"
)

func TestATabletIsTakenOverByPIN(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("mia").post("/api/v1/pin", `{"pin":"4711"}`).is(http.StatusNoContent)
	s.as("emil").post("/api/v1/pin", `{"pin":"0815"}`).is(http.StatusNoContent)
	tablet := s.as("anna")
	before := tablet.cookie
	take := func(name, pin string) *reply {
		return tablet.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":%q}`, s.ids[name], pin))
	}
	if people := tablet.get("/api/v1/session/people").is(http.StatusOK); strings.Count(people.body, `"name"`) != 2 || strings.Contains(people.body, "@") {
		t.Errorf("on the pad: %s", people.body)
	}
	tablet.cookie = take("mia", "4711").is(http.StatusCreated).cookie()
	(&client{s: s.shop, cookie: before}).get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated") // its token is dead
	var session struct {
		User        struct{ Name string }
		ByPIN       bool
		Permissions []string
	}
	tablet.get("/api/v1/session").is(http.StatusOK).into(&session)
	if session.User.Name != "Mia" || !session.ByPIN || strings.Contains(fmt.Sprint(session.Permissions), "users") {
		t.Errorf("the tablet is %+v", session)
	}
	tablet.get("/api/v1/settings").refuses(http.StatusForbidden, "password_needed")
	tablet.post("/api/v1/pin", `{"pin":"1111"}`).refuses(http.StatusForbidden, "password_needed")
	tablet.get("/api/v1/products").is(http.StatusOK)
	mias := tablet.cookie
	tablet.cookie = take("emil", "0815").is(http.StatusCreated).cookie()
	(&client{s: s.shop, cookie: mias}).get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
	r := tablet.post("/api/v1/orders", s.order(1, ""), s.key()).is(http.StatusCreated)
	if !strings.Contains(r.body, `"actor":"Emil"`) {
		t.Errorf("who sold it: %s", r.body)
	}
	s.guest().post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":"0815"}`, s.ids["emil"])).refuses(http.StatusUnauthorized, "unauthenticated")
	s.admin = s.as("anna")
	s.admin.do("DELETE", fmt.Sprintf("/api/v1/sessions/%d", s.number("SELECT device_id FROM sessions WHERE device_id IS NOT NULL")), "").is(http.StatusNoContent)
	tablet.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated") // the device is signed out, whoever stands before it
}

func TestALockedTabletShowsNothing(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	emil.post("/api/v1/pin", `{"pin":"0815"}`).is(http.StatusNoContent)
	socket := emil.listen("")
	socket.hear()
	emil.post("/api/v1/session/lock", "").is(http.StatusNoContent)
	socket.endsWith(t, 4423, soon)
	for _, path := range []string{"/orders", "/products", "/permissions", "/sessions", "/live"} {
		emil.get("/api/v1"+path).refuses(http.StatusForbidden, "locked")
	}
	if _, r, err := emil.dial("", nil); err == nil || r.StatusCode != http.StatusForbidden {
		t.Errorf("a socket opens: %v", err)
	}
	if r := emil.get("/api/v1/session").is(http.StatusOK); !strings.Contains(r.body, `"locked":true`) || strings.Contains(r.body, "@") {
		t.Errorf("the session tells %s", r.body)
	}
	emil.post("/api/v1/session/lock", "").is(http.StatusNoContent)
	emil.cookie = emil.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":"0815"}`, s.ids["emil"])).is(http.StatusCreated).cookie()
	emil.get("/api/v1/orders").is(http.StatusOK)
	s.clock.pass(16 * time.Minute) // nobody touched it
	emil.get("/api/v1/orders").refuses(http.StatusForbidden, "locked")
	emil.cookie = emil.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":"0815"}`, s.ids["emil"])).is(http.StatusCreated).cookie()
	emil.get("/api/v1/orders").is(http.StatusOK)
}

func TestFiveWrongPINsNeedThePassword(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("emil").post("/api/v1/pin", `{"pin":"0815"}`).is(http.StatusNoContent)
	for _, bad := range []string{"123", "1234567", "abcd", "١٢٣٤", ""} {
		s.as("emil").post("/api/v1/pin", fmt.Sprintf(`{"pin":%q}`, bad)).refuses(http.StatusUnprocessableEntity, "bad_pin_form")
	}
	tablet := s.as("anna")
	try := func(pin string) *reply {
		return tablet.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":%q}`, s.ids["emil"], pin))
	}
	try("9999").refuses(http.StatusForbidden, "bad_pin")
	tablet.cookie = try("0815").is(http.StatusCreated).cookie() // forgives
	var codes [2]int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			code := codeOf(try(fmt.Sprintf("%04d", 2000+i)))
			mu.Lock()
			defer mu.Unlock()
			if code == "bad_pin" {
				codes[0]++
			} else if code == "pin_blocked" {
				codes[1]++
			}
		})
	}
	all.Wait()
	if codes[0] > 4 || codes[0]+codes[1] != 40 {
		t.Errorf("%d were told to try on, %d that it is over", codes[0], codes[1])
	}
	try("0815").refuses(http.StatusForbidden, "pin_blocked")
	s.as("emil")
	try("0815").is(http.StatusCreated)
	tablet.post("/api/v1/session/pin", `{"userId":99,"pin":"0815"}`).refuses(http.StatusUnauthorized, "unauthenticated") // the tablet is Emil's now
}

func TestSomebodyWithoutAPINIsNotToldApart(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for _, id := range []int64{s.ids["mia"], 99} {
		n := auth.Hashes()
		s.admin.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":"0815"}`, id)).refuses(http.StatusForbidden, "bad_pin")
		if auth.Hashes() == n {
			t.Error("no hash was computed")
		}
	}
}

func TestAManagerApprovesOnTheSpot(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("mia").post("/api/v1/pin", `{"pin":"4711"}`).is(http.StatusNoContent)
	s.as("emil").post("/api/v1/pin", `{"pin":"0815"}`).is(http.StatusNoContent)
	emil := s.as("emil")
	off := func(percent int, approval string) string {
		return s.order(1, fmt.Sprintf(`,"discount":{"percent":%d}%s`, percent, approval))
	}
	by := func(name, pin string) string {
		return fmt.Sprintf(`,"approval":{"userId":%d,"pin":%q}`, s.ids[name], pin)
	}
	if r := emil.get("/api/v1/session/people?above=discount").is(http.StatusOK); !strings.Contains(r.body, "Mia") || strings.Contains(r.body, "Emil") {
		t.Errorf("who may approve: %s", r.body)
	}
	if r := s.as("mia").get("/api/v1/session/people?above=discount").is(http.StatusOK); strings.Contains(r.body, "name") {
		t.Errorf("nobody has to approve what has no limit: %s", r.body)
	}
	orders := s.number("SELECT count(*) FROM orders")
	emil.post("/api/v1/orders", off(10_000, ""), s.key()).is(http.StatusCreated)
	r := emil.post("/api/v1/orders", off(10_050, ""), s.key()).refuses(http.StatusForbidden, "approval_required")
	if !strings.Contains(r.body, `"limit":10000`) || !strings.Contains(r.body, `"what":"discount"`) {
		t.Errorf("the limit is not told: %s", r.body)
	}
	emil.post("/api/v1/orders", s.order(1, `,"discount":{"amount":201}`), s.key()).refuses(http.StatusForbidden, "approval_required")
	split := `{"channel":"counter","locationId":1,"lines":[{"variantId":1,"quantity":1,"discount":{"percent":8000}}],"discount":{"percent":8000}}`
	emil.post("/api/v1/orders", split, s.key()).refuses(http.StatusForbidden, "approval_required")
	emil.post("/api/v1/orders", off(50_000, by("emil", "0815")), s.key()).refuses(http.StatusForbidden, "approval_required") // nobody vouches for themselves
	emil.post("/api/v1/orders", off(50_000, by("mia", "1234")), s.key()).refuses(http.StatusForbidden, "bad_pin")
	if n := s.number("SELECT count(*) FROM orders"); n != orders+1 {
		t.Errorf("a refused order is there: %d", n-orders)
	}
	key := s.key()
	first := emil.post("/api/v1/orders", off(50_000, by("mia", "4711")), key).is(http.StatusCreated)
	if again := emil.post("/api/v1/orders", off(50_000, by("mia", "4711")), key).is(http.StatusCreated); again.body != first.body {
		t.Error("sent again it is another order")
	}
	var o struct{ ID int64 }
	first.into(&o)
	line := emil.get(fmt.Sprintf("/api/v1/orders/%d/timeline", o.ID)).is(http.StatusOK)
	if !strings.Contains(line.body, `"actor":"Emil","approver":"Mia"`) {
		t.Errorf("the timeline: %s", line.body)
	}
	for _, table := range []string{"SELECT group_concat(reply) FROM replies", "SELECT group_concat(coalesce(after, '')) FROM audit", "SELECT group_concat(params) FROM order_timeline"} {
		if strings.Contains(s.text(table), "4711") {
			t.Errorf("a PIN is in the file: %s", table)
		}
	}
	lose := func(delta int, approval string) *reply {
		return emil.post("/api/v1/stock/adjustments", fmt.Sprintf(`{"locationId":1,"reason":"damage","lines":[{"variantId":1,"delta":%d}]%s}`, delta, approval), s.key())
	}
	lose(-8, "").is(http.StatusCreated) // 48.00 of 50.00
	lose(-9, "").refuses(http.StatusForbidden, "approval_required").lacks(t, "5400")
	lose(-9, by("mia", "4711")).is(http.StatusCreated)
	if r := s.admin.get("/api/v1/audit?action=written_off").is(http.StatusOK); !strings.Contains(r.body, `"approver":{"kind":"user"`) {
		t.Errorf("who vouched is not written down: %s", r.body)
	}
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["mia"]), `{"locationIds":[2]}`).is(http.StatusOK)
	emil.post("/api/v1/orders", off(50_000, by("mia", "4711")), s.key()).refuses(http.StatusForbidden, "approval_required") // not her store
	s.admin.do("PATCH", "/api/v1/permissions/employee", `{"discount":null,"refund":null,"writeOff":null,"secondFactor":false}`).is(http.StatusOK)
	emil.post("/api/v1/orders", off(100_000, ""), s.key()).is(http.StatusCreated) // the owner's word counts at once
	token, _ := s.token("orders.create")
	token.do("POST", "/api/v1/orders", off(50_000, by("mia", "4711")), s.key()).refuses(http.StatusForbidden, "no_approval_here")
}

// code is what an authenticator app shows.
func (s *shop) code(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCodeCustom(secret, s.clock.Now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// factor sets a second factor up for somebody who is signed in.
func (s *staffed) factor(c *client, password string) (secret string, recovery []string) {
	s.t.Helper()
	var started struct{ Secret, URL, QR string }
	c.post("/api/v1/second-factor", fmt.Sprintf(`{"password":%q}`, password)).is(http.StatusCreated).into(&started)
	if !strings.HasPrefix(started.URL, "otpauth://totp/") || started.QR == "" {
		s.t.Errorf("it starts with %+v", started)
	}
	var codes struct{ Codes []string }
	c.post("/api/v1/second-factor/confirm", fmt.Sprintf(`{"code":%q}`, s.code(started.Secret))).is(http.StatusOK).into(&codes)
	return started.Secret, codes.Codes
}

func TestASecondFactorFollowsThePassword(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, other := s.as("emil"), s.as("emil")
	emil.post("/api/v1/second-factor", `{"password":"wrong"}`).refuses(http.StatusUnprocessableEntity, "wrong_password")
	emil.post("/api/v1/second-factor/confirm", `{"code":"000000"}`).refuses(http.StatusConflict, "no_factor_started")
	secret, recovery := s.factor(emil, goodPassword)
	if len(recovery) != 10 {
		t.Errorf("%d recovery codes", len(recovery))
	}
	other.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
	emil.get("/api/v1/orders").is(http.StatusOK)
	sign := func(code string) *reply { return s.guest().post("/api/v1/session", credentials("emil", code)) }
	sign("").refuses(http.StatusUnauthorized, "code_required")
	sign(s.code(secret)).refuses(http.StatusUnauthorized, "bad_code") // it confirmed the set-up
	s.clock.pass(time.Minute)
	code := s.code(secret)
	sign("000000").refuses(http.StatusUnauthorized, "bad_code")
	sign(code).is(http.StatusCreated)
	sign(code).refuses(http.StatusUnauthorized, "bad_code")
	sign(strings.ToLower(recovery[3])).is(http.StatusCreated)
	sign(recovery[3]).refuses(http.StatusUnauthorized, "bad_code")
	s.guest().post("/api/v1/session", strings.Replace(credentials("emil", code), goodPassword, "wrong", 1)).refuses(http.StatusUnauthorized, "bad_credentials")
	for _, stored := range []string{"SELECT totp_secret FROM users WHERE totp_secret <> ''", "SELECT group_concat(hex(hash)) FROM recovery_codes"} {
		if got := s.text(stored); strings.Contains(got, secret) || strings.Contains(got, recovery[0]) {
			t.Errorf("in the clear: %s", stored)
		}
	}
	if info, err := os.Stat(filepath.Join(s.db.Dir(), "secret.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
	s.clock.pass(10 * time.Minute)
	throttled := false
	for i := range 8 {
		throttled = codeOf(sign(fmt.Sprintf("%06d", i))) == "throttled"
	}
	if !throttled {
		t.Error("codes can be guessed without end")
	}
	s.clock.pass(10 * time.Minute)
	fresh := s.guest()
	fresh.cookie = sign(s.code(secret)).is(http.StatusCreated).cookie()
	fresh.post("/api/v1/second-factor/recovery-codes", fmt.Sprintf(`{"password":%q}`, goodPassword)).is(http.StatusOK)
	sign(recovery[5]).refuses(http.StatusUnauthorized, "bad_code")
	s.admin.post("/api/v1/users/1/remove-second-factor", "").refuses(http.StatusForbidden, "own_account")
	s.admin.post(fmt.Sprintf("/api/v1/users/%d/remove-second-factor", s.ids["emil"]), "").is(http.StatusOK)
	fresh.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
	sign("").is(http.StatusCreated)
}

func TestARoleMayNeedASecondFactor(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.do("PATCH", "/api/v1/permissions/manager", `{"discount":null,"refund":null,"writeOff":null,"secondFactor":true}`).is(http.StatusOK)
	mia := s.as("mia")
	mia.get("/api/v1/orders").refuses(http.StatusForbidden, "second_factor_needed")
	if r := mia.get("/api/v1/session").is(http.StatusOK); !strings.Contains(r.body, `"needs":"second_factor_needed"`) || !strings.Contains(r.body, `"permissions":[]`) {
		t.Errorf("the session: %s", r.body)
	}
	s.factor(mia, goodPassword)
	mia.get("/api/v1/orders").is(http.StatusOK)
	mia.post("/api/v1/second-factor/remove", fmt.Sprintf(`{"password":%q}`, goodPassword)).refuses(http.StatusConflict, "second_factor_needed")
}

// link is the token in the last mail with a link, opened with the key of the shop as the job does that sends it.
func (s *staffed) link(to string) string {
	s.t.Helper()
	var facts struct{ Token, Email string }
	raw := s.text("SELECT facts FROM outbox WHERE kind = 'password-reset' AND recipient = ?1 ORDER BY id DESC LIMIT 1", to)
	if err := json.Unmarshal([]byte(raw), &facts); err != nil {
		s.t.Fatal(err)
	}
	token, err := auth.NewSecret(s.db.Dir()).Open(facts.Token, "password-reset "+facts.Email)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func TestAForgottenPasswordIsChosenAnew(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	known := s.guest().post("/api/v1/password/forgot", `{"email":" Emil@example.com"}`).is(http.StatusAccepted)
	unknown := s.guest().post("/api/v1/password/forgot", `{"email":"nobody@example.com"}`).is(http.StatusAccepted)
	if known.body != unknown.body {
		t.Errorf("%s and %s", known.body, unknown.body)
	}
	token := s.link("emil@example.com")
	reset := func(token, password string) *reply {
		return s.guest().post("/api/v1/password/reset", fmt.Sprintf(`{"token":%q,"password":%q}`, token, password))
	}
	reset("made up", "purple anchor teapot").refuses(http.StatusUnprocessableEntity, "bad_link")
	reset(token, "short").refuses(http.StatusUnprocessableEntity, "password_too_short")
	emil.get("/api/v1/orders").is(http.StatusOK)
	reset(token, "purple anchor teapot").is(http.StatusNoContent)
	emil.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
	reset(token, "green anchor teapot").refuses(http.StatusUnprocessableEntity, "bad_link")
	s.guest().post("/api/v1/session", credentials("emil", "")).refuses(http.StatusUnauthorized, "bad_credentials")
	s.guest().post("/api/v1/session", strings.Replace(credentials("emil", ""), goodPassword, "purple anchor teapot", 1)).is(http.StatusCreated)
	s.clock.pass(time.Hour)
	s.guest().post("/api/v1/password/forgot", `{"email":"emil@example.com"}`).is(http.StatusAccepted)
	s.clock.pass(30 * time.Minute)
	reset(s.link("emil@example.com"), "green anchor teapot").refuses(http.StatusUnprocessableEntity, "bad_link")
	n := s.number("SELECT count(*) FROM outbox WHERE kind = 'password-reset'")
	for range 10 {
		s.guest().post("/api/v1/password/forgot", `{"email":"emil@example.com"}`)
	}
	if sent := s.number("SELECT count(*) FROM outbox WHERE kind = 'password-reset'") - n; sent > 3 {
		t.Errorf("a stranger can flood a mailbox: %d mails", sent)
	}
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, other := s.as("emil"), s.as("emil")
	change := func(current, password string) *reply {
		return emil.post("/api/v1/password", fmt.Sprintf(`{"current":%q,"password":%q}`, current, password))
	}
	change("wrong", "purple anchor teapot").refuses(http.StatusUnprocessableEntity, "wrong_password")
	for password, code := range map[string]string{
		"1234567": "password_too_short", "password1": "password_common", "Qwertyuiop": "password_common", "Onhand2026!": "password_obvious",
		"emil2026": "password_obvious", "emil@example.com": "password_obvious", strings.Repeat("x", 201): "too_long",
	} {
		change(goodPassword, password).refuses(http.StatusUnprocessableEntity, code)
	}
	other.get("/api/v1/orders").is(http.StatusOK)
	long := strings.Repeat("é ß 漢 ", 12) // anything goes, as long as it is long
	change(goodPassword, long+"!").is(http.StatusNoContent)
	emil.get("/api/v1/orders").is(http.StatusOK)
	other.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
}

func TestDevicesAreSeenAndSignedOut(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, phone := s.as("emil"), s.as("emil")
	var list struct {
		Items []struct {
			ID      int64
			Current bool
		}
	}
	emil.get("/api/v1/sessions").is(http.StatusOK).into(&list)
	if len(list.Items) != 2 {
		t.Fatalf("devices: %+v", list)
	}
	emil.get("/api/v1/sessions?userId=1").refuses(http.StatusForbidden, "forbidden")
	emil.do("DELETE", "/api/v1/sessions/1", "").refuses(http.StatusNotFound, "not_found")
	s.admin.get("/api/v1/session").is(http.StatusOK)
	for _, d := range list.Items {
		if !d.Current {
			emil.do("DELETE", fmt.Sprintf("/api/v1/sessions/%d", d.ID), "").is(http.StatusNoContent)
		}
	}
	phone.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
	s.admin.post(fmt.Sprintf("/api/v1/users/%d/sign-out", s.ids["emil"]), "").is(http.StatusOK)
	emil.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
}

func TestASessionEndsInTheEnd(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	for range 4 {
		s.clock.pass(22 * 24 * time.Hour)
		emil.get("/api/v1/orders").is(http.StatusOK)
	}
	s.clock.pass(3 * 24 * time.Hour) // used all the time, but ninety days are over
	emil.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
}

// No t.Parallel: it counts hashes, which all tests share.
func TestKnownAndUnknownAccountsTakeTheSameWork(t *testing.T) {
	s := openStaffed(t)
	s.asks("paul")
	work := func(fn func()) int64 {
		before := auth.Hashes()
		fn()
		return auth.Hashes() - before
	}
	sign := func(email string) func() {
		return func() {
			s.guest().post("/api/v1/session", fmt.Sprintf(`{"email":%q,"password":"wrong password"}`, email)).refuses(http.StatusUnauthorized, "bad_credentials")
		}
	}
	for _, email := range []string{"anna@example.com", "paul@example.com", "nobody@example.com", "no address at all"} {
		if n := work(sign(email)); n != 1 {
			t.Errorf("%s: %d hashes", email, n)
		}
	}
	for _, email := range []string{"anna@example.com", "new@example.com"} {
		n := work(func() {
			s.guest().post("/api/v1/registrations", fmt.Sprintf(`{"name":"Eve","email":%q,"password":%q}`, email, goodPassword)).is(http.StatusAccepted)
		})
		if n != 1 {
			t.Errorf("registering %s: %d hashes", email, n)
		}
	}
}

func TestASessionIsNotChosenByAStranger(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	planted := &client{s: s.shop, cookie: "a-token-that-somebody-planted-in-the-browser-1"}
	fresh := planted.post("/api/v1/session", credentials("emil", "")).is(http.StatusCreated).cookie()
	if fresh == planted.cookie {
		t.Error("the planted token was taken")
	}
	planted.get("/api/v1/session").refuses(http.StatusUnauthorized, "unauthenticated")
	(&client{s: s.shop, cookie: fresh}).get("/api/v1/session").is(http.StatusOK)
}

func TestNobodyHearsAnythingAtATabletThatWasLeft(t *testing.T) {
	t.Parallel()
	s := openStaffed(t, func(s *server.Server) { s.HurrySockets(200 * time.Millisecond) })
	socket := s.byPIN("emil").listen("")
	socket.hear()
	s.clock.pass(16 * time.Minute)
	socket.endsWith(t, 4423, soon)
}
