package server_test

import (
	"net/http"
	"strings"
	"testing"

	"onhand/db/catalog"
	"onhand/db/dbtest"
)

func TestASupplierIsKeptByWhoMayAndNobodyOverwritesAColleague(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia, emil := s.as("mia"), s.as("emil")
	key := s.key()
	const new = `{"name":"Grain & Co","contact":"Ms Hill","email":"hill@example.com","leadTimeDays":5}`
	var first, again catalog.Supplier
	mia.post("/api/v1/suppliers", new, key).is(http.StatusCreated).into(&first)
	mia.post("/api/v1/suppliers", new, key).is(http.StatusCreated).into(&again)
	if first != again || s.number("SELECT count(*) FROM suppliers") != 1 {
		t.Errorf("sent twice: %+v, %+v", first, again)
	}
	mia.post("/api/v1/suppliers", `{"name":"Another"}`, key).refuses(http.StatusUnprocessableEntity, "key_reused")
	mia.post("/api/v1/suppliers", `{"name":"grain & co"}`, s.key()).refuses(http.StatusConflict, "name_taken")
	for body, code := range map[string]string{
		`{"name":" "}`:                                "required",
		`{"name":"A","email":"nobody"}`:               "bad_email",
		`{"name":"A","leadTimeDays":366}`:             "",
		`{"name":"` + strings.Repeat("x", 201) + `"}`: "",
		`{"name":"A","website":"example.com"}`:        "",
	} {
		if r := mia.post("/api/v1/suppliers", body, s.key()); r.StatusCode != http.StatusUnprocessableEntity || code != "" && !strings.Contains(r.body, code) {
			t.Errorf("%.60s: %d %s", body, r.StatusCode, r.body)
		}
	}
	mia.post("/api/v1/suppliers", `{"name":"A","notes":"`+strings.Repeat("x", 9<<20)+`"}`, s.key()).refuses(http.StatusRequestEntityTooLarge, "too_large")
	if r := mia.post("/api/v1/suppliers", new[:20], s.key()); r.StatusCode < 400 || r.StatusCode >= 500 {
		t.Errorf("cut off on the way: %d %s", r.StatusCode, r.body)
	}

	mia.do("PATCH", "/api/v1/suppliers/1", `{"phone":"030 23125","version":1}`).is(http.StatusOK)
	if r := s.admin.do("PATCH", "/api/v1/suppliers/1", `{"phone":"","version":1}`).refuses(http.StatusConflict, "stale"); !strings.Contains(r.body, "030 23125") {
		t.Errorf("the other one's phone is not told: %s", r.body)
	}
	emil.do("PATCH", "/api/v1/suppliers/1", `{"phone":""}`).refuses(http.StatusForbidden, "forbidden")
	emil.post("/api/v1/suppliers", `{"name":"Mine"}`, s.key()).refuses(http.StatusForbidden, "forbidden")
	s.guest().get("/api/v1/suppliers").refuses(http.StatusUnauthorized, "unauthenticated")
	for range 2 {
		mia.do("PATCH", "/api/v1/suppliers/1", `{"archived":true}`).is(http.StatusOK)
	}
	if n := s.number("SELECT count(*) FROM audit WHERE entity = 'supplier'"); n != 3 {
		t.Errorf("%d entries in the audit", n)
	}
	if r := mia.get("/api/v1/suppliers").is(http.StatusOK); strings.Contains(r.body, "Grain") {
		t.Errorf("an archived one is listed: %s", r.body)
	}
	if r := mia.get("/api/v1/suppliers?archived=true").is(http.StatusOK); !strings.Contains(r.body, "Grain") {
		t.Errorf("the archived ones are %s", r.body)
	}
}

func TestWhatASupplierSellsIsNotedOnceAndItsCostShownToWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia, emil := s.as("mia"), s.as("emil")
	mia.post("/api/v1/suppliers", `{"name":"Grain & Co"}`, s.key()).is(http.StatusCreated)
	const items, item = "/api/v1/suppliers/1/items", "/api/v1/suppliers/1/items/1"
	body, key := `{"variantId":1,"code":"G-1","cost":410,"moq":12,"packSize":6}`, s.key()
	got := dbtest.Together(4, func() error {
		mia.post(items, body, key).is(http.StatusCreated)
		return nil
	})
	if n := s.number("SELECT count(*) FROM supplier_items"); n != 1 || got.Succeeded() != 4 {
		t.Errorf("%d items", n)
	}
	mia.post(items, body, s.key()).refuses(http.StatusConflict, "item_exists")
	mia.post(items, `{"variantId":99}`, s.key()).refuses(http.StatusNotFound, "not_found")
	mia.do("PUT", item, `{"moq":0}`).is(http.StatusUnprocessableEntity)
	mia.do("PUT", item, `{"code":"G-2","version":1}`).is(http.StatusOK)
	mia.do("PUT", item, `{"code":"G-3","version":1}`).refuses(http.StatusConflict, "stale")
	emil.do("PUT", item, `{"code":"G-3"}`).refuses(http.StatusForbidden, "forbidden")
	emil.do("DELETE", item, "").refuses(http.StatusForbidden, "forbidden")
	for _, path := range []string{items, items + "?q=g-2", "/api/v1/variants/1/suppliers"} {
		if r := mia.get(path).is(http.StatusOK); !strings.Contains(r.body, `"cost":410`) || !strings.Contains(r.body, "G-2") {
			t.Errorf("%s says %s", path, r.body)
		}
	}
	program, _ := s.token("suppliers.read")
	if r := program.do("GET", items, "").is(http.StatusOK); strings.Contains(r.body, "cost") || !strings.Contains(r.body, "G-2") {
		t.Errorf("who may not see costs reads %s", r.body)
	}
	s.admin.do("DELETE", item, "").is(http.StatusNoContent)
	s.admin.do("DELETE", item, "").refuses(http.StatusNotFound, "not_found")
}
