package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
)

// mails are the kinds of mail that wait for an address, in their order.
func (s *staffed) mails(to string) string {
	s.t.Helper()
	var b strings.Builder
	for id := int64(0); ; {
		id = s.number("SELECT coalesce(min(id), 0) FROM outbox WHERE recipient = ?1 AND id > ?2", to, id)
		if id == 0 {
			return strings.TrimSpace(b.String())
		}
		b.WriteString(s.text("SELECT kind FROM outbox WHERE id = ?1", id) + " ")
	}
}

func TestWhoAsksWaitsUntilAnAdminDecides(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	id := s.asks("paul")
	if got := s.mails("paul@example.com"); got != "registration-received" {
		t.Errorf("paul got %q", got)
	}
	if got := s.mails("anna@example.com"); !strings.HasSuffix(got, "registration-pending") {
		t.Errorf("the admin got %q", got)
	}
	s.guest().post("/api/v1/session", credentials("paul", "")).refuses(http.StatusUnauthorized, "bad_credentials")
	for _, extra := range []string{`,"role":"admin"`, `,"status":"active"`, `,"locationIds":[1]`, `,"id":1`} {
		body := fmt.Sprintf(`{"name":"Eve","email":"eve@example.com","password":%q%s}`, goodPassword, extra)
		s.guest().post("/api/v1/registrations", body).refuses(http.StatusUnprocessableEntity, "invalid")
	}
	if n := s.number("SELECT count(*) FROM users WHERE email_normal = 'eve@example.com'"); n != 0 {
		t.Error("eve chose for herself")
	}
	var list struct{ Items []struct{ ID, Version int64 } }
	s.admin.get("/api/v1/registrations?status=pending").is(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID != id {
		t.Fatalf("waiting: %+v", list)
	}
	path := fmt.Sprintf("/api/v1/registrations/%d", id)
	s.admin.post(path+"/approve", `{"role":"owner"}`).is(http.StatusUnprocessableEntity)
	s.admin.post(path+"/approve", `{"role":"employee","locationIds":[77]}`).refuses(http.StatusNotFound, "not_found")
	s.admin.post(path+"/approve", `{"role":"employee","version":9}`).refuses(http.StatusConflict, "stale")
	if s.text("SELECT status FROM users WHERE id = ?1", id) != "pending" {
		t.Error("a refused approval left something")
	}
	s.admin.post(path+"/approve", `{"role":"manager","locationIds":[2]}`).is(http.StatusOK)
	s.admin.post(path+"/approve", `{"role":"admin"}`).is(http.StatusOK) // again: nothing moves
	s.admin.post(path+"/reject", "").refuses(http.StatusConflict, "illegal_move")
	if got := s.mails("paul@example.com"); got != "registration-received registration-approved" {
		t.Errorf("paul got %q", got)
	}
	var session struct {
		User      struct{ Role string }
		Locations []struct{ ID int64 }
	}
	s.as("paul").get("/api/v1/session").is(http.StatusOK).into(&session)
	if session.User.Role != "manager" || len(session.Locations) != 1 || session.Locations[0].ID != 2 {
		t.Errorf("paul is %+v", session)
	}
}

func TestWhoWasTurnedDownMayAskAgain(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	id := s.asks("paul")
	path := fmt.Sprintf("/api/v1/registrations/%d", id)
	s.admin.post(path+"/reject", `{"reason":"No vacancy"}`).is(http.StatusOK)
	s.admin.post(path+"/approve", `{"role":"employee"}`).refuses(http.StatusConflict, "illegal_move")
	s.guest().post("/api/v1/session", credentials("paul", "")).refuses(http.StatusUnauthorized, "bad_credentials")
	if again := s.asks("paul"); again != id {
		t.Errorf("paul is %d and %d", id, again)
	}
	s.admin.post(path+"/approve", `{"role":"employee"}`).is(http.StatusOK)
	s.as("paul")
	if got := s.mails("paul@example.com"); got != "registration-received registration-rejected registration-received registration-approved" {
		t.Errorf("paul got %q", got)
	}
}

func TestARegistrationDoesNotTellWhoWorksHere(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	known := s.guest().post("/api/v1/registrations", fmt.Sprintf(`{"name":"Mallory","email":"Anna@Example.com","password":%q}`, goodPassword)).is(http.StatusAccepted)
	fresh := s.guest().post("/api/v1/registrations", fmt.Sprintf(`{"name":"Mallory","email":"new@example.com","password":%q}`, goodPassword)).is(http.StatusAccepted)
	if known.body != fresh.body {
		t.Errorf("%s and %s", known.body, fresh.body)
	}
	if name := s.text("SELECT name FROM users WHERE id = 1"); name != "Anna" {
		t.Errorf("the owner is called %s now", name)
	}
	s.as("anna")
}

func TestWhoIsDisabledIsOutAtOnce(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	socket := emil.listen("")
	socket.hear()
	path := fmt.Sprintf("/api/v1/users/%d", s.ids["emil"])
	s.admin.post(path+"/disable", "").is(http.StatusOK)
	socket.endsWith(t, 4401, soon)
	emil.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
	s.guest().post("/api/v1/session", credentials("emil", "")).refuses(http.StatusUnauthorized, "bad_credentials")
	s.admin.post(path+"/enable", "").is(http.StatusOK)
	emil.get("/api/v1/orders").refuses(http.StatusUnauthorized, "unauthenticated")
	s.as("emil").get("/api/v1/orders").is(http.StatusOK)
}

// endsWith waits for the close of a socket, which must come soon and give its reason.
func (b *tablet) endsWith(t *testing.T, code int, within time.Duration) {
	t.Helper()
	start := time.Now()
	for {
		_, err := b.next()
		if err == nil && time.Since(start) < patience {
			continue
		}
		if !websocket.IsCloseError(err, code) {
			t.Errorf("the socket ended with %v, want %d", err, code)
		}
		if took := time.Since(start); took > within {
			t.Errorf("it took %v", took)
		}
		return
	}
}

func TestAShopKeepsAnAdmin(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.do("PATCH", "/api/v1/users/1", `{"role":"employee"}`).refuses(http.StatusForbidden, "own_role")
	s.admin.post("/api/v1/users/1/disable", "").refuses(http.StatusForbidden, "own_account")
	s.admin.do("PATCH", "/api/v1/users/1", `{"allLocations":true}`).refuses(http.StatusForbidden, "own_role")
	bob := s.hire("bob", "admin")
	other := s.as("bob")
	other.do("PATCH", "/api/v1/users/1", `{"role":"manager"}`).is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", bob), `{"role":"employee"}`).refuses(http.StatusForbidden, "forbidden") // the role went at once
	if n := s.number("SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'"); n != 1 {
		t.Errorf("%d admins", n)
	}
}

func TestALimitedPersonSeesTheirStoresOnly(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	hanna := s.as("hanna")
	for path, want := range map[string]string{
		"/api/v1/orders": `"locationId":2`, "/api/v1/stock": `"locationId":2`, "/api/v1/locations": `"Harbour"`,
		"/api/v1/stock/movements?variantId=1": `"locationId":2`, "/api/v1/customers/1/orders": `"locationId":2`, "/api/v1/session": `"Harbour"`,
	} {
		body := hanna.get(path).is(http.StatusOK).body
		if !strings.Contains(body, want) || strings.Contains(body, `"locationId":1`) || strings.Contains(body, "Main store") {
			t.Errorf("%s shows %s", path, body)
		}
	}
	var seen struct {
		Items []struct {
			Topic    string
			EntityID int64
		}
	}
	hanna.get("/api/v1/events").is(http.StatusOK).into(&seen)
	for _, e := range seen.Items {
		if e.Topic == "orders" && e.EntityID == 1 {
			t.Errorf("she hears of the main store: %+v", seen)
		}
	}
	hanna.post("/api/v1/orders", s.order(1, ""), s.key()).refuses(http.StatusNotFound, "not_found")
	hanna.post("/api/v1/orders", s.order(2, ""), s.key()).is(http.StatusCreated)
	hanna.get("/api/v1/orders?locationId=1").is(http.StatusOK).lacks(t, `"id"`)
	hanna.get("/api/v1/orders?q=1001").is(http.StatusOK).lacks(t, `"id"`)
	hanna.get("/api/v1/stock?locationId=1").is(http.StatusOK).lacks(t, `"variantId"`)
	var before, after struct{ Today struct{ Orders int64 } }
	hanna.get("/api/v1/reports/dashboard").is(http.StatusOK).into(&before)
	s.admin.post("/api/v1/orders", s.order(1, ""), s.key()).is(http.StatusCreated)
	hanna.get("/api/v1/reports/dashboard").is(http.StatusOK).into(&after)
	if before != after {
		t.Errorf("her dashboard counts the main store: %+v, %+v", before, after)
	}
}

func TestTheAuditIsForWhoSeesEveryStore(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("mia").get("/api/v1/audit").is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["mia"]), `{"locationIds":[2]}`).is(http.StatusOK)
	s.as("mia").get("/api/v1/audit").refuses(http.StatusForbidden, "forbidden")
}

func TestAChangeOfStoresCountsAtOnce(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	hanna := s.as("hanna")
	socket := hanna.listen("")
	socket.hear()
	hanna.get("/api/v1/orders/1").refuses(http.StatusNotFound, "not_found")
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["hanna"]), `{"locationIds":[1]}`).is(http.StatusOK)
	socket.endsWith(t, 4409, soon)
	hanna.get("/api/v1/orders/1").is(http.StatusOK)
	hanna.get("/api/v1/orders/2").refuses(http.StatusNotFound, "not_found")
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["hanna"]), `{"allLocations":true}`).is(http.StatusOK)
	hanna.get("/api/v1/orders/2").is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["hanna"]), `{"locationIds":[]}`).is(http.StatusOK)
	hanna.get("/api/v1/orders").is(http.StatusOK).lacks(t, `"number"`)
}

// lacks asserts that a reply does not say something.
func (r *reply) lacks(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(r.body, text) {
		t.Errorf("%s says %s: %s", r.what, text, r.body)
	}
}

func (r *reply) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		r.t.Fatalf("%s: %v: %s", r.what, err, r.body)
	}
}

func TestNoCostLeavesForWhoMayNotSeeIt(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.do("PATCH", "/api/v1/products/1", `{"variants":[{"id":1,"cost":700}]}`).is(http.StatusOK) // into the audit
	emil := s.as("emil")
	auditor, _ := s.token("audit.read", "products.read", "orders.read", "stock.read", "products.write", "orders.create", "stock.adjust")
	n := 0
	for route := range s.server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != "GET" || strings.HasSuffix(path, "/live") {
			continue
		}
		path = "/api/v1" + strings.NewReplacer("{id}", "1").Replace(path) + queries[route]
		for _, who := range []requester{emil, auditor} {
			r := who.do("GET", path, "")
			costless(t, r)
			n += r.StatusCode / 200 % 2
		}
		costless(t, emil.do("GET", path+"?limit=1", ""))
	}
	if n < 20 {
		t.Errorf("only %d replies were looked at", n)
	}
	costless(t, emil.post("/api/v1/orders", s.order(1, ""), s.key()).is(http.StatusCreated))
	costless(t, emil.post("/api/v1/stock/adjustments", `{"locationId":1,"reason":"found","lines":[{"variantId":1,"delta":1}]}`, s.key()).is(http.StatusCreated))
	costless(t, auditor.do("PATCH", "/api/v1/products/1", `{"name":"Red mug"}`).is(http.StatusOK))
	if body := s.admin.get("/api/v1/audit?entity=variant").is(http.StatusOK).body; !strings.Contains(body, `"cost":700`) {
		t.Error("the admin's audit has no cost either, so this shows nothing")
	}
}

// costless looks for costs in every name of a reply, whatever their values.
func costless(t *testing.T, r *reply) {
	t.Helper()
	for _, word := range []string{`cost"`, `Cost"`, `margin"`, `Margin"`, `costs"`, `""cost""`} {
		if r.StatusCode == http.StatusOK && strings.Contains(r.body, word) {
			t.Errorf("%s shows %s: %.300s", r.what, word, r.body)
		}
	}
}

func TestATokenDoesWhatItWasGivenAndNoMore(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	token, id := s.token("orders.read", "orders.create")
	token.do("GET", "/api/v1/orders", "").is(http.StatusOK)
	r := token.do("POST", "/api/v1/orders", s.order(1, ""), s.key()).is(http.StatusCreated)
	if !strings.Contains(r.body, `"actor":"Till"`) {
		t.Errorf("who took it: %s", r.body)
	}
	token.do("GET", "/api/v1/products", "").refuses(http.StatusForbidden, "forbidden")
	token.do("POST", "/api/v1/tokens", `{"name":"More","permissions":["orders.read"]}`).refuses(http.StatusForbidden, "forbidden")
	list := s.admin.get("/api/v1/tokens").is(http.StatusOK)
	list.lacks(t, token.token)
	if !strings.Contains(list.body, `"usedAt":"2026`) {
		t.Errorf("the last use is not shown: %s", list.body)
	}
	if n := s.number("SELECT count(*) FROM api_tokens WHERE CAST(token_hash AS TEXT) LIKE '%oh_%' OR name LIKE '%oh_%'"); n != 0 {
		t.Error("the secret is in the file")
	}
	s.admin.post("/api/v1/tokens", `{"name":"Odd","permissions":["orders.raed"]}`).refuses(http.StatusUnprocessableEntity, "not_for_tokens")
	s.admin.post("/api/v1/tokens", `{"name":"Old","permissions":["orders.read"],"expiresAt":"2026-01-01T00:00:00Z"}`).refuses(http.StatusUnprocessableEntity, "in_the_past")
	var dated struct{ Token string }
	s.admin.post("/api/v1/tokens", `{"name":"Brief","permissions":["orders.read"],"expiresAt":"2026-11-21T00:00:00Z","locationIds":[2]}`).is(http.StatusCreated).into(&dated)
	brief := &bearer{s.guest(), dated.Token}
	brief.do("GET", "/api/v1/orders/1", "").refuses(http.StatusNotFound, "not_found")
	brief.do("GET", "/api/v1/orders/2", "").is(http.StatusOK)
	s.clock.pass(13 * time.Hour)
	brief.do("GET", "/api/v1/orders/2", "").refuses(http.StatusUnauthorized, "unauthenticated")
	socket, _, err := s.guest().dial("", header{"Authorization": "Bearer " + token.token})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	ears := &tablet{t, socket}
	ears.hear()
	s.admin.do("DELETE", fmt.Sprintf("/api/v1/tokens/%d", id), "").is(http.StatusNoContent)
	ears.endsWith(t, 4401, soon)
	token.do("GET", "/api/v1/orders", "").refuses(http.StatusUnauthorized, "unauthenticated")
	for _, wrong := range []string{"Bearer", "Bearer ", "Bearer oh_", "Basic eDp5", "Bearer " + strings.Repeat("x", 4000)} {
		s.admin.get("/api/v1/orders", header{"Authorization": wrong}).refuses(http.StatusUnauthorized, "unauthenticated") // not the cookie's rights
	}
}

func TestATokenLosesWhatItsMakerLoses(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	bob := s.hire("bob", "admin")
	token, _ := (&staffed{shop: s.shop, admin: s.as("bob"), ids: s.ids}).token("orders.read", "users.read", "settings.write")
	token.do("GET", "/api/v1/users", "").is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", bob), `{"role":"employee","locationIds":[2]}`).is(http.StatusOK)
	token.do("GET", "/api/v1/users", "").refuses(http.StatusForbidden, "forbidden")
	token.do("GET", "/api/v1/orders/1", "").refuses(http.StatusNotFound, "not_found")
	s.admin.post(fmt.Sprintf("/api/v1/users/%d/disable", bob), "").is(http.StatusOK)
	token.do("GET", "/api/v1/orders", "").refuses(http.StatusUnauthorized, "unauthenticated")
}

func TestTheAuditTellsWhoDidWhat(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.do("PATCH", "/api/v1/products/1", `{"variants":[{"id":1,"price":1500,"policy":"backorder"}]}`).is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["emil"]), `{"role":"manager"}`).is(http.StatusOK)
	s.admin.do("PATCH", "/api/v1/settings", `{"name":"=HYPERLINK(1)"}`).is(http.StatusOK)
	s.as("hanna").get("/api/v1/users").refuses(http.StatusForbidden, "forbidden")
	s.guest().post("/api/v1/session", `{"email":"mia@example.com","password":"wrong"}`).refuses(http.StatusUnauthorized, "bad_credentials")
	all := s.admin.get("/api/v1/audit").is(http.StatusOK)
	for query, want := range map[string]string{
		"entity=variant": `"price":1500`, "entity=user&action=changed": `"role":"manager"`, "entity=settings&action=changed": "HYPERLINK",
		"action=denied": `GET /users`, "action=sign_in_refused": "mia@example.com", "action=signed_in": `"by":"password"`,
		fmt.Sprintf("userId=%d", s.ids["hanna"]): `"Hanna"`, "q=Hann": `"Hanna"`, "from=2026-11-20&to=2026-11-20": `"admin"`,
	} {
		r := s.admin.get("/api/v1/audit?" + query).is(http.StatusOK)
		if !strings.Contains(r.body, want) || !strings.Contains(r.body, `"ip":"127.0.0.1"`) {
			t.Errorf("%s: %.500s", query, r.body)
		}
		if !strings.HasPrefix(query, "from") && len(r.body) > len(all.body)/2 {
			t.Errorf("%s leaves nothing out", query)
		}
	}
	if r := s.admin.get("/api/v1/audit?from=2026-11-21").is(http.StatusOK); r.body != `{"items":[],"next":""}`+"\n" && r.body != `{"items":[],"next":""}` {
		t.Errorf("tomorrow: %.500s", r.body)
	}
	s.admin.get("/api/v1/audit?from=soon").refuses(http.StatusUnprocessableEntity, "bad_date")
	var page struct {
		Items []struct{ ID int64 }
		Next  string
	}
	var ids []int64
	for after := ""; ; after = page.Next {
		s.admin.get("/api/v1/audit?limit=7&after=" + after).is(http.StatusOK).into(&page)
		for _, e := range page.Items {
			ids = append(ids, e.ID)
		}
		if page.Next == "" {
			break
		}
	}
	if n := s.number("SELECT count(*) FROM audit"); int64(len(ids)) != n || !slices.IsSortedFunc(ids, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("%d of %d entries: %v", len(ids), n, ids)
	}
	csv := s.admin.get("/api/v1/exports/audit.csv").is(http.StatusOK)
	csv.has("Content-Type", "text/csv; charset=utf-8")
	if lines := strings.Count(csv.body, "\n"); int64(lines) != int64(len(ids))+1 { // with a head
		t.Errorf("%d lines for %d entries", lines, len(ids))
	}
	if r := s.admin.get("/api/v1/audit?action=exported").is(http.StatusOK); !strings.Contains(r.body, `"entity":"audit"`) {
		t.Errorf("the export is not written down: %s", r.body)
	}
}

func TestAFloodOfDenialsIsCutShort(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	for range 50 {
		emil.get("/api/v1/users").refuses(http.StatusForbidden, "forbidden")
	}
	if n := s.number("SELECT count(*) FROM audit WHERE action = 'denied'"); n == 0 || n > 20 {
		t.Errorf("%d denials were written down", n)
	}
}

func TestACodeThatTurnsUpIsKeptWithItsProduct(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/products", `{"name":"Red mug","variants":[{"price":900,"barcodes":["4006381333931"]}]}`).is(http.StatusCreated)
	s.admin.post("/api/v1/variants/1/barcodes", `{"barcode":"4006381333931"}`).refuses(http.StatusConflict, "barcode_taken")
	s.admin.post("/api/v1/variants/1/barcodes", `{"barcode":"4006381333932"}`).is(http.StatusUnprocessableEntity)
	s.admin.post("/api/v1/variants/99/barcodes", `{"barcode":"012345678905"}`).refuses(http.StatusNotFound, "not_found")
	for range 2 { // the second time it is there already
		r := s.admin.post("/api/v1/variants/1/barcodes", `{"barcode":"012345678905"}`, s.key()).is(http.StatusOK)
		if !strings.Contains(r.body, "12345678905") || strings.Contains(r.body, "4006381333931") {
			t.Errorf("its codes: %s", r.body)
		}
	}
	if r := s.admin.get("/api/v1/variants?barcode=012345678905").is(http.StatusOK); !strings.Contains(r.body, "Blue mug") {
		t.Errorf("found: %s", r.body)
	}
}

func TestTwoAdminsCannotShutEachOtherOut(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	bob := s.hire("bob", "admin")
	both := []*client{s.admin, s.as("bob")}
	paths := []string{fmt.Sprintf("/api/v1/users/%d/disable", bob), "/api/v1/users/1/disable"}
	var all sync.WaitGroup
	codes := make([]int, len(both))
	for i, c := range both {
		all.Go(func() { codes[i] = c.post(paths[i], "").StatusCode })
	}
	all.Wait()
	if n := s.number("SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'"); n != 1 {
		t.Errorf("%d admins are left, they were answered %v", n, codes)
	}
}

func TestOneRequestIsDecidedOnce(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	path := fmt.Sprintf("/api/v1/registrations/%d", s.asks("paul"))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if i%2 == 0 {
				s.admin.post(path+"/approve", `{"role":"employee"}`)
			} else {
				s.admin.post(path+"/reject", "")
			}
		})
	}
	all.Wait()
	if got := s.mails("paul@example.com"); got != "registration-received registration-approved" && got != "registration-received registration-rejected" {
		t.Errorf("paul got %q", got)
	}
}
