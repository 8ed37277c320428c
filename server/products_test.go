package server_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAProductOnAnOrderIsArchivedNeverDeleted(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	for _, name := range []string{"Blue mug", "Mistake"} {
		c.post("/api/v1/products", `{"name":"`+name+`","variants":[{"price":1250,"tracked":false}]}`).is(http.StatusCreated)
	}
	c.do("POST", "/api/v1/orders", `{"channel":"counter","locationId":1,"draft":true,"lines":[{"variantId":1,"quantity":1}]}`, s.key()).is(http.StatusCreated)
	r := c.do("DELETE", "/api/v1/products/1", "").is(http.StatusOK)
	if !strings.Contains(r.body, `"deleted":false`) || !strings.Contains(r.body, `"archived":true`) {
		t.Error(r.body)
	}
	if r := c.do("DELETE", "/api/v1/products/2", "").is(http.StatusOK); !strings.Contains(r.body, `"deleted":true,"product":null`) {
		t.Error(r.body)
	}
	c.get("/api/v1/products/1").is(http.StatusOK)
	c.get("/api/v1/products/2").is(http.StatusNotFound)
	c.do("DELETE", "/api/v1/products/2", "").is(http.StatusNotFound)
}

func TestAProductIsDuplicatedOnceForAKey(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	c.post("/api/v1/products", `{"name":"Blue mug","variants":[{"sku":"MUG","price":1250,"cost":600,"barcodes":["4006381333931"]}]}`).is(http.StatusCreated)
	key := s.key()
	first := c.do("POST", "/api/v1/products/1/duplicate", `{"name":"Red mug"}`, key).is(http.StatusCreated)
	if again := c.do("POST", "/api/v1/products/1/duplicate", `{"name":"Red mug"}`, key).is(http.StatusCreated); again.body != first.body {
		t.Errorf("another one: %s", again.body)
	}
	for _, want := range []string{`"name":"Red mug"`, `"published":false`, `"sku":"RED-MUG"`, `"cost":600`, `"barcodes":[]`} {
		if !strings.Contains(first.body, want) {
			t.Errorf("no %s in %s", want, first.body)
		}
	}
	c.do("POST", "/api/v1/products/1/duplicate", "").is(http.StatusCreated)
	if n := s.number("SELECT count(*) FROM products"); n != 3 {
		t.Errorf("%d products", n)
	}
}

func TestManyProductsAreChangedInOneRequest(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	for _, name := range []string{"Blue mug", "Red mug"} {
		c.post("/api/v1/products", `{"name":"`+name+`","variants":[{"price":1250,"cost":600}]}`).is(http.StatusCreated)
	}
	body := `{"products":[{"id":1,"version":1,"category":"Kitchen","variants":[{"id":1,"price":1300,"cost":null}]},{"id":2,"version":7,"variants":[{"id":2,"price":1300}]}]}`
	r := c.post("/api/v1/products/bulk", body).is(http.StatusOK)
	for _, want := range []string{`"done":1,"failed":1`, `"price":1300`, `"refused":[]`, `"code":"stale"`, `"price":1250`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("no %s in %s", want, r.body)
		}
	}
	c.post("/api/v1/products/bulk", `{"products":[{"id":1,"variants":[{"price":1}]}]}`).is(http.StatusUnprocessableEntity)
	c.post("/api/v1/products/bulk", `{"products":[{"id":1,"variants":[{"id":1,"price":-1}]}]}`).is(http.StatusUnprocessableEntity)
	if r := c.get("/api/v1/products?ids=2,1").is(http.StatusOK); strings.Count(r.body, `"slug"`) != 2 {
		t.Error(r.body)
	}
}
