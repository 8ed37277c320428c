package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"onhand/db"
)

func TestTheDemoMovesInOnceAndIsTakenBackWhenSomebodyEndsIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	admin := s.owner()
	codes := map[int]int{}
	answers := make(chan int, 3)
	for range 3 {
		go func() { answers <- admin.post("/api/v1/demo", `{}`).StatusCode }()
	}
	for range 3 {
		codes[<-answers]++
	}
	if codes[http.StatusAccepted] != 1 || codes[http.StatusConflict] != 2 {
		t.Fatalf("three at once were answered %v", codes)
	}
	admin.post("/api/v1/demo/remove", `{}`).refuses(http.StatusConflict, "import_running")
	demo := func() string {
		var session struct{ Shop struct{ Demo string } }
		if err := json.Unmarshal([]byte(admin.get("/api/v1/session").body), &session); err != nil {
			t.Fatal(err)
		}
		return session.Shop.Demo
	}
	if got := demo(); got != "filling" {
		t.Errorf("the session says %q", got)
	}
	out := make(chan struct{}, 8)
	defer s.db.Listen(func(e db.Event) {
		if e.Topic == "settings" {
			out <- struct{}{}
		}
	})()
	admin.post(fmt.Sprintf("/api/v1/tasks/%d/cancel", s.number("SELECT id FROM works WHERE kind = 'demo'")), `{}`).is(http.StatusOK)
	select {
	case <-out:
	case <-time.After(time.Minute):
		t.Fatal("it goes on")
	}
	if got, n := demo(), s.number("SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM locations) - 1 + (SELECT count(*) FROM users) - 1"); got != "" || n != 0 {
		t.Errorf("the session says %q, and %d things are left", got, n)
	}
	if s.number("SELECT count(*) FROM works WHERE kind = 'demo' AND status = 'cancelled'") != 1 {
		t.Error("nobody is told that it was cancelled")
	}
	admin.get("/api/v1/settings").is(http.StatusOK) // the owner is still signed in
	admin.post("/api/v1/demo/remove", `{}`).is(http.StatusOK)
	admin.post("/api/v1/products", `{"name":"Mug","variants":[{"price":100}]}`).is(http.StatusCreated)
	admin.post("/api/v1/demo", `{}`).refuses(http.StatusConflict, "not_empty")
	admin.post("/api/v1/demo/remove", `{}`).is(http.StatusOK)
	if n := s.number("SELECT count(*) FROM products"); n != 1 {
		t.Errorf("%d products are left of a shop without a demo", n)
	}
}
