package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// The actors of the matrix, in the order of its columns.
var actors = []string{"anonymous", "pending", "disabled", "expired", "customer", "revoked token", "token", "PIN", "other store", "employee", "manager", "admin"}

// matrix is who gets where. A dot lets somebody in, whatever is made of the request then; 1 asks for a sign-in (401), 3
// refuses (403), p asks for the password where there was a PIN, t for a person where there was a token, and n finds
// nothing, for the record lies in a store that they do not see. The token may read orders and no more; the PIN is an
// admin's; the other store's employee asks for the main store's records.
var matrix = map[string]string{
	"DELETE /pin":                           "111111tp....",
	"DELETE /session":                       "............",
	"DELETE /sessions/{id}":                 "111111tpnnnn",
	"DELETE /tokens/{id}":                   "1111113p333n",
	"GET /alerts":                           "1111113.....",
	"GET /emails":                           "1111113p33..",
	"GET /emails/{id}":                      "1111113p33..",
	"GET /emails/{id}/html":                 "1111113p33nn",
	"GET /jobs/{name}/runs":                 "1111113p33..",
	"GET /mail-health":                      "111111......",
	"GET /notifications":                    "111111tp....",
	"GET /orders/{id}/emails":               "111111..n...",
	"GET /self-check":                       "1111113p33..",
	"GET /settings/logo":                    "1111113p33nn",
	"PATCH /notifications":                  "111111tp....",
	"DELETE /settings/logo":                 "1111113p333.",
	"POST /alerts/{id}/snooze":              "1111113.33..",
	"POST /alerts/{id}/wake":                "1111113n33nn",
	"POST /emails/dismiss":                  "1111113p33..",
	"POST /emails/{id}/retry":               "1111113p33..",
	"POST /settings/logo":                   "1111113p333.",
	"POST /products/{id}/images":            "1111113.33..",
	"POST /images/{id}/restore":             "1111113n33nn",
	"PATCH /images/{id}":                    "1111113n33nn",
	"DELETE /images/{id}":                   "1111113n33nn",
	"POST /settings/mail/test":              "1111113p333n",
	"POST /unsubscribe/{token}":             "............",
	"POST /unsubscribe/{token}/resume":      "............",
	"GET /audit":                            "1111113p3333",
	"GET /brands":                           "1111113.....",
	"GET /categories/{id}":                  "1111113.....",
	"DELETE /categories/{id}":               "1111113.33..",
	"GET /categories":                       "1111113.....",
	"GET /customers":                        "1111113.....",
	"GET /customers/{id}":                   "1111113.....",
	"GET /customers/{id}/orders":            "111111......",
	"GET /events":                           "1111113.....",
	"GET /exports/audit.csv":                "1111113p33..",
	"GET /exports/audit.xlsx":               "1111113p33..",
	"GET /exports/customers.csv":            "1111113p....",
	"GET /exports/customers.xlsx":           "1111113p....",
	"GET /exports/movements.csv":            "1111113p....",
	"GET /exports/movements.xlsx":           "1111113p....",
	"GET /exports/orders.csv":               "1111113p....",
	"GET /exports/orders.xlsx":              "1111113p....",
	"GET /exports/products.csv":             "1111113p....",
	"GET /exports/products.xlsx":            "1111113p....",
	"GET /exports/stock.csv":                "1111113p....",
	"GET /exports/stock.xlsx":               "1111113p....",
	"GET /imports":                          "1111113p33..",
	"GET /imports/{id}":                     "1111113p33nn",
	"GET /imports/{id}/rejected.csv":        "1111113p33nn",
	"GET /jobs":                             "1111113p33..",
	"GET /live":                             "111111......",
	"GET /locations":                        "1111113.....",
	"GET /purchase-orders":                  "1111113.....",
	"POST /purchase-orders":                 "1111113.33..",
	"GET /replenishment":                    "1111113.....",
	"POST /replenishment/orders":            "1111113.33..",
	"GET /stock/overstock":                  "1111113.....",
	"GET /purchase-orders/{id}":             "1111113.n...",
	"GET /purchase-orders/{id}/order.pdf":   "1111113.33..",
	"PATCH /purchase-orders/{id}":           "1111113.33..",
	"POST /purchase-orders/{id}/send":       "1111113.33..",
	"POST /purchase-orders/{id}/receive":    "1111113.n...",
	"POST /purchase-orders/{id}/cancel":     "1111113.33..",
	"GET /orders":                           "111111......",
	"GET /orders/{id}":                      "111111..n...",
	"GET /orders/tags":                      "111111......",
	"GET /orders/assignees":                 "111111......",
	"GET /orders/{id}/notes":                "111111..n...",
	"POST /orders/{id}/notes":               "1111113.n...",
	"POST /orders/{id}/acknowledge":         "1111113.n...",
	"GET /orders/{id}/timeline":             "111111..n...",
	"GET /permissions":                      "111111......",
	"GET /products":                         "1111113.....",
	"GET /products/{id}":                    "1111113.....",
	"GET /registrations":                    "1111113p333.",
	"GET /reports/dashboard":                "111111......",
	"GET /reports/waste":                    "1111113.....",
	"GET /session":                          "111111t.....",
	"GET /session/people":                   "111111t.....",
	"GET /sessions":                         "111111tp....",
	"GET /settings":                         "1111113p33..",
	"GET /setup":                            "............",
	"GET /shop/track/{token}":               "nnnnnnnnnnnn",
	"GET /stock":                            "1111113.....",
	"GET /stock/explain":                    "1111113.n...",
	"GET /stock/as-of":                      "1111113.n...",
	"GET /stock/value":                      "1111113.33..",
	"GET /stock/sell-first":                 "1111113.....",
	"GET /stock/lots":                       "1111113.....",
	"GET /stock/movements":                  "1111113.....",
	"GET /tasks":                            "1111113p33..",
	"GET /returns":                          "111111......",
	"GET /tills":                            "1111113.....",
	"GET /tills/drawers":                    "1111113.n...",
	"GET /tills/{id}":                       "1111113.n...",
	"GET /tills/{id}/lines":                 "1111113.n...",
	"GET /tills/{id}/report.pdf":            "1111113.n...",
	"POST /tills":                           "1111113.n...",
	"POST /tills/{id}/close":                "1111113.n...",
	"POST /tills/{id}/explain":              "1111113.nn..",
	"POST /tills/{id}/movements":            "1111113.n...",
	"GET /tokens":                           "1111113p333.",
	"GET /unsubscribe/{token}":              "............",
	"GET /users":                            "1111113p33..",
	"GET /users/{id}":                       "1111113p33..",
	"GET /tags":                             "1111113.....",
	"GET /variants/{id}/prices":             "1111113.....",
	"GET /variants":                         "1111113.....",
	"PATCH /brands/{id}":                    "1111113.33..",
	"PATCH /categories/{id}":                "1111113.33..",
	"PATCH /customers/{id}":                 "1111113.....",
	"GET /locations/names":                  "1111113.....",
	"PATCH /locations/{id}":                 "1111113p333.",
	"PATCH /orders/{id}":                    "1111113.n...",
	"PATCH /permissions/{role}":             "1111113p333.",
	"PATCH /products/{id}":                  "1111113.33..",
	"PATCH /settings":                       "1111113p333.",
	"PATCH /users/{id}":                     "1111113p333.",
	"POST /brands":                          "1111113.33..",
	"POST /categories":                      "1111113.33..",
	"POST /customers":                       "1111113.....",
	"POST /demo":                            "1111113p333.",
	"POST /demo/remove":                     "1111113p333.",
	"POST /fulfilments/{id}/cancel":         "1111113.n...",
	"POST /fulfilments/{id}/collect":        "1111113.n...",
	"POST /fulfilments/{id}/deliver":        "1111113.n...",
	"POST /fulfilments/{id}/ready":          "1111113.n...",
	"POST /fulfilments/{id}/ship":           "1111113.n...",
	"POST /imports":                         "1111113p33..",
	"POST /imports/read":                    "1111113p33..",
	"GET /imports/{id}/pictures":            "1111113p33nn",
	"POST /imports/{id}/pictures/done":      "1111113p33..",
	"POST /imports/{id}/commit":             "1111113p33nn",
	"POST /imports/{id}/undo":               "1111113p33nn",
	"POST /jobs/{name}/run":                 "1111113p33..",
	"POST /labels":                          "1111113.....",
	"POST /locations":                       "1111113p333.",
	"POST /orders":                          "1111113.n...",
	"POST /orders/{id}/cancel":              "1111113.n...",
	"POST /orders/{id}/confirm":             "1111113.n...",
	"POST /orders/{id}/fulfilments":         "1111113.n...",
	"POST /orders/{id}/payments":            "1111113.n...",
	"POST /orders/{id}/place":               "1111113.n...",
	"POST /orders/{id}/refunds":             "1111113.n...",
	"POST /orders/{id}/returns":             "1111113.n...",
	"POST /orders/{id}/exchange":            "1111113.n...",
	"POST /orders/{id}/exchange/try":        "1111113.n...",
	"POST /orders/{id}/try":                 "1111113.n...",
	"POST /returns/{id}/approve":            "1111113.n...",
	"POST /returns/{id}/close":              "1111113.n...",
	"POST /returns/{id}/receive":            "1111113.n...",
	"POST /returns/{id}/reject":             "1111113.n...",
	"POST /password":                        "111111tp....",
	"POST /password/forgot":                 "............",
	"POST /password/reset":                  "............",
	"POST /pin":                             "111111tp....",
	"POST /products":                        "1111113.33..",
	"DELETE /products/{id}":                 "1111113.33..",
	"POST /products/{id}/duplicate":         "1111113.33..",
	"POST /products/bulk":                   "1111113.33..",
	"POST /products/{id}/archive":           "1111113.33..",
	"POST /products/{id}/restore":           "1111113.33..",
	"POST /registrations":                   "............",
	"POST /registrations/{id}/approve":      "1111113p333.",
	"POST /registrations/{id}/reject":       "1111113p333.",
	"POST /second-factor":                   "111111tp....",
	"POST /second-factor/confirm":           "111111tp....",
	"POST /second-factor/recovery-codes":    "111111tp....",
	"POST /second-factor/remove":            "111111tp....",
	"POST /session":                         "............",
	"POST /session/lock":                    "111111t.....",
	"POST /session/pin":                     "111111t.....",
	"POST /setup":                           "............",
	"POST /setup/token":                     "............",
	"POST /variants/{id}/barcodes":          "1111113.33..",
	"POST /stock/adjustments":               "1111113.n...",
	"POST /stock/adjustments/{id}/undo":     "1111113.n...",
	"GET /stock/set-aside":                  "1111113.....",
	"POST /stock/set-aside":                 "1111113.n...",
	"POST /stock/release":                   "1111113.n...",
	"GET /stock/transfers":                  "1111113.....",
	"POST /stock/transfers":                 "1111113.n...",
	"GET /stock/transfers/{id}":             "1111113.n...",
	"PATCH /stock/transfers/{id}":           "1111113.n...",
	"POST /stock/transfers/{id}/ship":       "1111113.n...",
	"POST /stock/transfers/{id}/receive":    "1111113.n...",
	"POST /stock/transfers/{id}/cancel":     "1111113.n...",
	"GET /stock/counts":                     "1111113.....",
	"POST /stock/counts":                    "1111113.n...",
	"GET /stock/counts/{id}":                "1111113.n...",
	"GET /stock/counts/{id}/lines":          "1111113.n...",
	"POST /stock/counts/{id}/lines":         "1111113.n...",
	"POST /stock/counts/{id}/zero":          "1111113.n...",
	"POST /stock/counts/{id}/review":        "1111113.n...",
	"POST /stock/counts/{id}/post":          "1111113.n...",
	"POST /stock/counts/{id}/abandon":       "1111113.n...",
	"POST /tasks/{id}/cancel":               "1111113p33nn",
	"POST /tokens":                          "1111113p333.",
	"POST /users/{id}/disable":              "1111113p333.",
	"POST /users/{id}/enable":               "1111113p333.",
	"POST /users/{id}/remove-second-factor": "1111113p333.",
	"POST /users/{id}/sign-out":             "1111113p333.",

	"GET /suppliers":                           "1111113.33..",
	"POST /suppliers":                          "1111113.33..",
	"GET /suppliers/{id}":                      "1111113.33..",
	"PATCH /suppliers/{id}":                    "1111113.33..",
	"GET /suppliers/{id}/items":                "1111113.33..",
	"POST /suppliers/{id}/items":               "1111113.33..",
	"PUT /suppliers/{id}/items/{variantId}":    "1111113.33..",
	"DELETE /suppliers/{id}/items/{variantId}": "1111113n33nn",
	"GET /variants/{id}/suppliers":             "1111113.33..",
	"POST /categories/{id}/image":              "1111113.33..",
	"DELETE /categories/{id}/image":            "1111113.33..",
	"GET /brands/{id}":                         "1111113.....",
	"DELETE /brands/{id}":                      "1111113.33..",
	"POST /brands/{id}/merge":                  "1111113.33..",

	"DELETE /discount-codes/{id}": "1111113n33nn",
	"GET /discount-codes":         "1111113.....",
	"GET /discount-codes/{id}":    "1111113nnnnn",
	"PATCH /discount-codes/{id}":  "1111113n33nn",
	"POST /discount-codes":        "1111113.33..",
	"POST /discount-codes/try":    "1111113.....",

	"GET /documents/pick-list.pdf":                  "111111..n...",
	"GET /documents/packing-slips.pdf":              "111111..n...",
	"POST /orders/bulk":                             "1111113.....",
	"GET /views":                                    "111111t.....",
	"POST /views":                                   "111111t.....",
	"PATCH /views/{id}":                             "111111tnnnnn",
	"DELETE /views/{id}":                            "111111tnnnnn",
	"GET /orders/{id}/documents":                    "111111..n...",
	"GET /orders/{id}/documents/credit-note.pdf":    "111111nnnnnn",
	"GET /orders/{id}/documents/invoice.pdf":        "111111nnnnnn",
	"GET /shop/track/{token}/documents/invoice.pdf": "nnnnnnnnnnnn",
	"POST /orders/{id}/credit-note":                 "1111113.n...",
	"POST /orders/{id}/invoice":                     "1111113.n...",
	"GET /orders/{id}/documents/packing-slip.pdf":   "111111..n...",
	"GET /orders/{id}/documents/pick-list.pdf":      "111111..n...",
	"GET /orders/{id}/documents/receipt.pdf":        "111111..n...",
	"GET /stock/transfers/{id}/packing-list.pdf":    "1111113.n...",
}

// bodies are what a route needs to look for its record.
var bodies = map[string]string{
	"POST /orders":                       `{"channel":"counter","locationId":1,"lines":[{"variantId":1,"quantity":1}]}`,
	"POST /orders/{id}/payments":         `{"method":"cash","amount":1}`,
	"POST /orders/bulk":                  `{"action":"acknowledge","orderIds":[1]}`,
	"POST /views":                        `{"kind":"orders","name":"Mine","search":"?assignedTo=me"}`,
	"POST /orders/{id}/notes":            `{"text":"Call before noon."}`,
	"POST /orders/{id}/refunds":          `{"method":"cash","amount":1}`,
	"POST /orders/{id}/exchange":         `{"lines":[{"orderLineId":1,"sellable":1}],"take":[{"variantId":1,"quantity":1}]}`,
	"POST /orders/{id}/exchange/try":     `{"lines":[{"orderLineId":1,"sellable":1}],"take":[{"variantId":1,"quantity":1}]}`,
	"POST /orders/{id}/returns":          `{"lines":[{"orderLineId":1,"quantity":1}]}`,
	"POST /returns/{id}/receive":         `{"lines":[{"orderLineId":3,"sellable":1}]}`,
	"POST /stock/adjustments":            `{"locationId":1,"reason":"found","lines":[{"variantId":1,"delta":1}]}`,
	"POST /stock/set-aside":              `{"locationId":1,"reason":"safety","lines":[{"variantId":1,"quantity":1}]}`,
	"POST /stock/release":                `{"locationId":1,"reason":"quarantine","lines":[{"variantId":1,"quantity":1}]}`,
	"POST /stock/transfers":              `{"fromLocationId":1,"toLocationId":3,"lines":[{"variantId":1,"quantity":1}]}`,
	"POST /stock/transfers/{id}/receive": `{"lines":[{"lineId":1,"quantity":1}]}`,
	"POST /purchase-orders":              `{"supplierId":1,"locationId":1,"lines":[{"variantId":1,"quantity":1}]}`,
	"POST /replenishment/orders":         `{"lines":[{"variantId":1,"locationId":1,"supplierId":1,"quantity":1}]}`,
	"POST /purchase-orders/{id}/receive": `{"lines":[{"lineId":1,"quantity":1}]}`,
	"POST /stock/counts":                 `{"locationId":1}`,
	"POST /stock/counts/{id}/lines":      `{"lines":[{"variantId":1,"counted":1}]}`,
	"PATCH /locations/{id}":              `{"name":"Main store"}`,
	"POST /tills":                        `{"locationId":1,"name":"Till 2","float":0}`,
	"POST /tills/{id}/close":             `{"counted":0}`,
	"POST /tills/{id}/explain":           `{"reason":"wrong change"}`,
	"POST /tills/{id}/movements":         `{"kind":"paid_in","amount":1,"reason":"change"}`,
}

// queries are what a route needs in its address.
var queries = map[string]string{
	"GET /documents/pick-list.pdf":     "?orderIds=1",
	"GET /documents/packing-slips.pdf": "?orderIds=1",
	"GET /views":                       "?kind=orders",

	"GET /stock/movements": "?variantId=1&locationId=1",
	"GET /stock/explain":   "?variantId=1&locationId=1",
	"GET /stock/as-of":     "?variantId=1&locationId=1&at=2026-11-20T12:00:00Z",
	"GET /tills/drawers":   "?locationId=1",
	"GET /reports/waste":   "?from=2026-11-01&to=2026-11-30",
}

// once are routes that end the session they are called with.
var once = []string{"DELETE /session", "POST /session/lock"}

func TestEveryRouteLetsInWhomItShould(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.askBack()
	s.admin.post("/api/v1/locations", `{"name":"Attic"}`).is(http.StatusCreated)
	s.admin.post("/api/v1/stock/transfers", bodies["POST /stock/transfers"], s.key()).is(http.StatusCreated)
	s.admin.post("/api/v1/stock/counts", bodies["POST /stock/counts"], s.key()).is(http.StatusCreated)
	s.admin.post("/api/v1/suppliers", `{"name":"Acme"}`).is(http.StatusCreated)
	s.admin.post("/api/v1/purchase-orders", bodies["POST /purchase-orders"], s.key()).is(http.StatusCreated)
	s.admin.post("/api/v1/tills", `{"locationId":1,"float":0}`).is(http.StatusCreated)
	fresh := s.actors()
	who := map[string]requester{}
	for name, one := range fresh {
		who[name] = one()
	}
	got := map[string]string{}
	for _, route := range slices.Sorted(maps.Keys(s.server.Routes())) {
		var cells strings.Builder
		for _, name := range actors {
			c := who[name]
			if slices.Contains(once, route) {
				c = fresh[name]()
			}
			cells.WriteByte(s.cell(c, route))
		}
		got[route] = cells.String()
	}
	for _, route := range slices.Sorted(maps.Keys(got)) {
		if want := matrix[route]; got[route] != want {
			t.Errorf("%q: %q, want %q", route, got[route], want)
		}
	}
	for route := range matrix {
		if _, ok := got[route]; !ok {
			t.Errorf("there is no route %s any more", route)
		}
	}
}

// askBack sells a mug over the counter of the main store, and asks for it back: return 1.
func (s *staffed) askBack() {
	s.t.Helper()
	s.admin.post("/api/v1/orders", s.order(1, `,"fulfil":true`), s.key()).is(http.StatusCreated)
	s.admin.post("/api/v1/orders/3/returns", `{"lines":[{"orderLineId":3,"quantity":1}]}`).is(http.StatusCreated)
}

// actors makes one client of each kind, each time it is asked for one: some routes end the session.
func (s *staffed) actors() map[string]func() requester {
	s.asks("paul")
	s.hire("dora", "employee")
	gone := s.as("dora")
	s.admin.post(fmt.Sprintf("/api/v1/users/%d/disable", s.ids["dora"]), "").is(http.StatusOK)
	pending := s.guest()
	pending.post("/api/v1/session", credentials("paul", "")).refuses(http.StatusUnauthorized, "bad_credentials")
	expired := s.as("emil")
	s.exec("UPDATE sessions SET expires_at = 1 WHERE id = (SELECT max(id) FROM sessions)")
	s.clock.pass(91 * 24 * time.Hour) // past every age, in memory too
	customer := &client{s: s.shop, cookie: ""}
	s.admin = s.as("anna")
	revoked, id := s.token("orders.read")
	s.admin.do("DELETE", fmt.Sprintf("/api/v1/tokens/%d", id), "").is(http.StatusNoContent)
	token, _ := s.token("orders.read")
	fixed := func(c requester) func() requester { return func() requester { return c } }
	fresh := func(name string) func() requester { return func() requester { return s.as(name) } }
	return map[string]func() requester{
		"anonymous": fixed(s.guest()), "pending": fixed(pending), "disabled": fixed(gone), "expired": fixed(expired),
		"customer": fixed(withCookie{customer, "onhand_shop_session=made-up"}), "revoked token": fixed(revoked), "token": fixed(token),
		"PIN": func() requester { return s.byPIN("anna") }, "other store": fresh("hanna"), "employee": fresh("emil"), "manager": fresh("mia"), "admin": fresh("anna"),
	}
}

type requester interface {
	do(method, path, body string, headers ...header) *reply
}

// withCookie is a browser with a cookie of another kind.
type withCookie struct {
	*client
	cookie string
}

func (c withCookie) do(method, path, body string, headers ...header) *reply {
	return c.client.do(method, path, body, append(headers, header{"Cookie": c.cookie, "Sec-Fetch-Site": "same-origin"})...)
}

func (s *staffed) cell(who requester, route string) byte {
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{id}", s.idFor(path), "{variantId}", "1", "{name}", "cleanup", "{role}", "employee", "{token}", "none").Replace(path) + queries[route]
	body := bodies[route]
	if body == "" && method != "GET" && method != "DELETE" {
		body = "{}"
	}
	r := who.do(method, "/api/v1"+path, body, s.key())
	switch code := codeOf(r); {
	case r.StatusCode == http.StatusUnauthorized && code == "unauthenticated":
		return '1'
	case code == "forbidden":
		return '3'
	case code == "password_needed":
		return 'p'
	case code == "person_needed":
		return 't'
	case r.StatusCode == http.StatusForbidden && code != "bad_setup_token":
		return '?'
	case r.StatusCode == http.StatusNotFound:
		return 'n'
	case r.StatusCode >= 500:
		return '5'
	}
	return '.'
}

// idFor is a record of the main store; of people, one that nobody stands for here.
func (s *staffed) idFor(path string) string {
	switch strings.Split(path, "/")[1] {
	case "users", "registrations":
		return fmt.Sprint(s.ids["dora"])
	case "sessions", "tokens", "imports":
		return "404"
	}
	return "1"
}

// Every write is tried with a field that nobody may send: it is refused, whatever else is right about it.
func TestNoRouteTakesAFieldItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	tried := 0
	for _, route := range slices.Sorted(maps.Keys(s.server.Routes())) {
		method, path, _ := strings.Cut(route, " ")
		if method != "POST" && method != "PATCH" || path == "/imports" || path == "/imports/read" || path == "/settings/logo" || path == "/products/{id}/images" || path == "/categories/{id}/image" {
			continue // a file is no JSON
		}
		if slices.Contains(bodiless, route) {
			continue
		}
		path = strings.NewReplacer("{id}", s.idFor(path), "{variantId}", "1", "{name}", "cleanup", "{role}", "employee", "{token}", "none").Replace(path)
		for _, field := range []string{`"role":"admin","isAdmin":true`, `"permissions":["settings.write"],"userId_":1`, `"__proto__":{"role":"admin"}`} {
			r := s.admin.do(method, "/api/v1"+path, "{"+field+"}", s.key())
			if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.body, `"code":"unknown_field"`) {
				t.Errorf("%s with {%s} answers %d: %.300s", route, field, r.StatusCode, r.body)
			}
			tried++
		}
	}
	if tried < 100 {
		t.Errorf("only %d were tried", tried)
	}
}

// bodiless are commands that read no body at all.
var bodiless = []string{"POST /session/lock", "POST /stock/counts/{id}/zero", "POST /orders/{id}/acknowledge", "POST /demo", "POST /demo/remove", "POST /products/{id}/archive", "POST /products/{id}/restore", "POST /images/{id}/restore", "POST /users/{id}/sign-out", "POST /jobs/{name}/run", "POST /alerts/{id}/wake", "POST /tasks/{id}/cancel", "POST /emails/dismiss", "POST /unsubscribe/{token}", "POST /unsubscribe/{token}/resume"}

// A browser that another site made send something changes nothing, on any route.
func TestNoWriteOfAnotherSiteHasAnEffect(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	before := s.number("SELECT count(*) FROM audit") + s.number("SELECT count(*) FROM events")
	for _, route := range slices.Sorted(maps.Keys(s.server.Routes())) {
		method, path, _ := strings.Cut(route, " ")
		if method == "GET" {
			continue
		}
		path = strings.NewReplacer("{id}", s.idFor(path), "{variantId}", "1", "{name}", "cleanup", "{role}", "employee", "{token}", "none").Replace(path)
		body := bodies[route]
		if body == "" {
			body = "{}"
		}
		for _, from := range []header{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": ""}} {
			h := header{"Cookie": "onhand_session=" + s.admin.cookie, "Content-Type": "application/json"}
			maps.Copy(h, s.key())
			maps.Copy(h, from)
			if h["Sec-Fetch-Site"] == "" {
				delete(h, "Sec-Fetch-Site")
			}
			s.admin.send(method, "/api/v1"+path, strings.NewReader(body), h).is(http.StatusForbidden)
		}
	}
	if after := s.number("SELECT count(*) FROM audit") + s.number("SELECT count(*) FROM events"); after != before {
		t.Errorf("%d traces of what was refused", after-before)
	}
	s.admin.get("/api/v1/session").is(http.StatusOK)
}
