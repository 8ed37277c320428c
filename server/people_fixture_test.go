package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/server"
)

// goodPassword is one that the rules of passwords let pass.
const goodPassword = "violet anchor teapot"

// staffed is a shop with two stores, one product in both, an order at each, and people of every role.
type staffed struct {
	*shop
	admin *client
	ids   map[string]int64 // users by the part of their address before the @
}

// exec changes the file past the rooms, for states that take long to reach.
func (s *shop) exec(query string, args ...any) {
	s.t.Helper()
	err := db.Write(context.Background(), s.db, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err })
	if err != nil {
		s.t.Fatal(query, err)
	}
}

// number reads one number from the file.
func (s *shop) number(query string, args ...any) (n int64) {
	s.t.Helper()
	if err := db.Read(context.Background(), s.db, func(tx *db.Tx) error { return tx.Row(query, args, &n) }); err != nil {
		s.t.Fatal(query, err)
	}
	return n
}

func openStaffed(t *testing.T, before ...func(*server.Server)) *staffed {
	t.Helper()
	s := &staffed{shop: open(t, before...), ids: map[string]int64{"anna": 1}}
	s.admin = s.owner()
	s.admin.post("/api/v1/locations", `{"name":"Harbour"}`).is(http.StatusCreated)
	s.admin.post("/api/v1/products", `{"name":"Blue mug","brand":"Acme","category":"Kitchen","variants":[{"sku":"MUG","price":1000,"cost":600}]}`).is(http.StatusCreated)
	for i := 1; i <= 2; i++ {
		s.admin.post("/api/v1/stock/adjustments", fmt.Sprintf(`{"locationId":%d,"reason":"received","lines":[{"variantId":1,"delta":100}]}`, i), s.key()).is(http.StatusCreated)
		s.admin.post("/api/v1/orders", s.order(i, `,"customer":{"name":"Grace","email":"grace@example.com"}`), s.key()).is(http.StatusCreated)
		s.admin.post(fmt.Sprintf("/api/v1/orders/%d/fulfilments", i), `{}`, s.key()).is(http.StatusCreated)
	}
	s.hire("mia", "manager")
	s.hire("emil", "employee")
	s.hire("hanna", "employee", 2) // sees the harbour only
	return s
}

// order is a body that places an order at a store.
func (s *staffed) order(location int, more string) string {
	return fmt.Sprintf(`{"channel":"counter","locationId":%d,"lines":[{"variantId":1,"quantity":2}]%s}`, location, more)
}

var keys = make(chan int, 1)

func init() { keys <- 0 }

// key is an Idempotency-Key that nobody used yet.
func (*shop) key() header {
	n := <-keys
	keys <- n + 1
	return header{"Idempotency-Key": fmt.Sprintf("key-%d", n)}
}

// asks registers somebody, who then waits.
func (s *staffed) asks(name string) int64 {
	s.t.Helper()
	s.guest().post("/api/v1/registrations", fmt.Sprintf(`{"name":%q,"email":"%s@example.com","password":%q,"note":"I start on Monday"}`, strings.ToUpper(name[:1])+name[1:], name, goodPassword)).is(http.StatusAccepted)
	s.ids[name] = s.number("SELECT id FROM users WHERE email_normal = ?1", name+"@example.com")
	return s.ids[name]
}

// hire lets somebody in with a role, limited to stores where some are named.
func (s *staffed) hire(name, role string, stores ...int64) int64 {
	s.t.Helper()
	id := s.asks(name)
	body := map[string]any{"role": role}
	if len(stores) > 0 {
		body["locationIds"] = stores
	}
	b, _ := json.Marshal(body)
	s.admin.post(fmt.Sprintf("/api/v1/registrations/%d/approve", id), string(b)).is(http.StatusOK)
	return id
}

// as signs somebody in.
func (s *staffed) as(name string) *client {
	s.t.Helper()
	c := s.guest()
	c.cookie = c.post("/api/v1/session", credentials(name, "")).is(http.StatusCreated).cookie()
	return c
}

func credentials(name, code string) string {
	password := goodPassword
	if name == "anna" {
		password = "correct horse"
	}
	return fmt.Sprintf(`{"email":"%s@example.com","password":%q,"code":%q}`, name, password, code)
}

// byPIN signs the owner in at a tablet that somebody with a PIN then takes over.
func (s *staffed) byPIN(name string) *client {
	s.t.Helper()
	s.as(name).post("/api/v1/pin", `{"pin":"4711"}`).is(http.StatusNoContent)
	tablet := s.as("anna")
	tablet.cookie = tablet.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":"4711"}`, s.ids[name])).is(http.StatusCreated).cookie()
	return tablet
}

// token makes an API token and answers who carries it.
func (s *staffed) token(permissions ...string) (*bearer, int64) {
	s.t.Helper()
	b, _ := json.Marshal(map[string]any{"name": "Till", "permissions": permissions})
	var made struct {
		ID    int64
		Token string
	}
	r := s.admin.post("/api/v1/tokens", string(b)).is(http.StatusCreated)
	if err := json.Unmarshal([]byte(r.body), &made); err != nil || !strings.HasPrefix(made.Token, "oh_") {
		s.t.Fatal(r.body, err)
	}
	return &bearer{s.guest(), made.Token}, made.ID
}

// bearer is a program with an API token.
type bearer struct {
	*client
	token string
}

func (b *bearer) do(method, path, body string, headers ...header) *reply {
	b.s.t.Helper()
	return b.client.do(method, path, body, append(headers, header{"Authorization": "Bearer " + b.token})...)
}

// text reads one text from the file.
func (s *shop) text(query string, args ...any) (text string) {
	s.t.Helper()
	if err := db.Read(context.Background(), s.db, func(tx *db.Tx) error { return tx.Row(query, args, &text) }); err != nil {
		s.t.Fatal(query, err)
	}
	return text
}

// soon is how long a socket that is told to close may take here. It takes milliseconds; a loaded machine is given more.
const soon = 5 * time.Second
