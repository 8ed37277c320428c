package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onhand/db/sales"
)

func TestCodesOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia, emil := s.as("mia"), s.as("emil")
	const new = `{"code":"Spring-10","percent":10000,"maxUses":1,"minimum":100}`
	key := s.key()
	var first, again sales.DiscountCode
	mia.post("/api/v1/discount-codes", new, key).is(http.StatusCreated).into(&first)
	mia.post("/api/v1/discount-codes", new, key).is(http.StatusCreated).into(&again)
	if first.ID != again.ID || s.number("SELECT count(*) FROM discount_codes") != 1 || s.number("SELECT count(*) FROM audit WHERE entity = 'discount_code'") != 1 {
		t.Errorf("one code was made twice: %d and %d", first.ID, again.ID)
	}
	mia.post("/api/v1/discount-codes", `{"code":"spring-10","amount":500}`, s.key()).refuses(http.StatusConflict, "code_taken")
	emil.post("/api/v1/discount-codes", `{"code":"MINE","amount":500}`, s.key()).refuses(http.StatusForbidden, "forbidden")
	for body, code := range map[string]string{
		`{"code":"A","amount":500}`:                       "bad_discount_code",
		`{"code":"ABC","amount":0}`:                       "",
		`{"code":"ABC","percent":100001}`:                 "",
		`{"code":"ABC"}`:                                  "amount_or_percent",
		`{"code":"ABC","amount":1,"uses":4}`:              "unknown_field",
		`{"code":"ABC","amount":1,"startsOn":"tomorrow"}`: "bad_date",
		`{"code":"ABC","amount":1,"categoryIds":[-1]}`:    "",
	} {
		if r := mia.post("/api/v1/discount-codes", body, s.key()); r.StatusCode < 400 || r.StatusCode >= 500 || !strings.Contains(r.body, code) {
			t.Errorf("%s answers %d: %s", body, r.StatusCode, r.body)
		}
	}

	one := fmt.Sprintf("/api/v1/discount-codes/%d", first.ID)
	mia.do("PATCH", one, `{"note":"flyer","version":1}`).is(http.StatusOK)
	mia.do("PATCH", one, `{"note":"","version":1}`).refuses(http.StatusConflict, "stale")
	emil.do("PATCH", one, `{"percent":100000}`).refuses(http.StatusForbidden, "forbidden")
	emil.do("DELETE", one, "").refuses(http.StatusForbidden, "forbidden")

	trial := `{"code":"SPRING-10","lines":[{"variantId":1,"quantity":2}]}`
	if r := emil.post("/api/v1/discount-codes/try", trial, s.key()).is(http.StatusOK); !strings.Contains(r.body, `"code":"Spring-10"`) || !strings.Contains(r.body, `"lines":[true]`) {
		t.Errorf("tried: %s", r.body)
	}
	if r := emil.post("/api/v1/orders", s.order(1, `,"discountCode":"spring-10"`), s.key()).is(http.StatusCreated); !strings.Contains(r.body, `"discountCode":"Spring-10"`) {
		t.Errorf("ordered: %s", r.body)
	}
	if r := emil.post("/api/v1/orders", s.order(1, `,"discountCode":"spring-10"`), s.key()).refuses(http.StatusConflict, "code_used_up"); !strings.Contains(r.body, `"body.discountCode"`) {
		t.Errorf("refused: %s", r.body)
	}
	if r := emil.get("/api/v1/discount-codes?state=used_up&q=spring").is(http.StatusOK); !strings.Contains(r.body, `"uses":1`) {
		t.Errorf("listed: %s", r.body)
	}
	mia.do("DELETE", one, "").refuses(http.StatusConflict, "code_in_use")
	mia.post("/api/v1/discount-codes", `{"code":"NEVER","amount":500}`, s.key()).is(http.StatusCreated).into(&again)
	mia.do("DELETE", fmt.Sprintf("/api/v1/discount-codes/%d", again.ID), "").is(http.StatusNoContent)
	s.guest().get("/api/v1/discount-codes").refuses(http.StatusUnauthorized, "unauthenticated")
}
